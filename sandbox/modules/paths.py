"""Where the sandbox's own files lie."""

from pathlib import Path

script_path = str(Path(__file__).resolve().parent.parent)
data_path = str(Path(script_path) / "data")
extensions_dir = str(Path(script_path).parent)
models_path = str(Path(script_path) / "shapes")
