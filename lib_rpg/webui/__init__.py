"""Panel, script and hooks: the only package that imports `modules` or gradio."""
