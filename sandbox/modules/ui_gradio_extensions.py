"""The page's head: scripts and styles of the sandbox and of its extensions, and nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import FileResponse
from modules import extensions, paths

_TEMPLATE_RESPONSE = gr.routes.templates.TemplateResponse
_REMOTE = re.compile(rb'<(?:script|link)\b[^>]*\b(?:src|href)="https?://[^>]*>(?:\s*</script>)?', re.DOTALL)


def page_files() -> list[Path]:
    """Scripts and styles in the order in which they are loaded: the sandbox's, then each extension's by name."""
    static = Path(paths.script_path) / "static"
    files = [static / "style.css", static / "script.js"]
    for extension in extensions.active():
        root = Path(extension.path)
        files += [style for style in [root / "style.css"] if style.is_file()]
        for suffix in ("js", "mjs"):
            files += sorted((root / "javascript").glob(f"*.{suffix}"))
    return files


def _tags(files: list[Path]) -> tuple[str, str]:
    """HTML that loads the scripts and HTML that loads the styles."""
    scripts = ['<meta name="referrer" content="no-referrer">']
    styles = []
    for i, file in enumerate(files):
        url = f"webui-file/{i}/{file.name}?{file.stat().st_mtime}"
        if file.suffix == ".css":
            styles.append(f'<link rel="stylesheet" property="stylesheet" href="{url}">')
        else:
            kind = "module" if file.suffix == ".mjs" else "text/javascript"
            scripts.append(f'<script type="{kind}" src="{url}"></script>')
    return "\n".join(scripts), "\n".join(styles)


def add_page_files(app: FastAPI) -> None:
    """Serve `page_files` and name them in the page's head, from which what gradio loads from afar is taken out."""
    files = page_files()

    @app.get("/webui-file/{index}/{name}")
    def page_file(index: int, name: str) -> FileResponse:
        return FileResponse(files[index])

    def template_response(*args: Any, **kwargs: Any) -> Any:
        response = _TEMPLATE_RESPONSE(*args, **kwargs)
        scripts, styles = _tags(files)
        body = _REMOTE.sub(b"", response.body)
        body = body.replace(b"</head>", scripts.encode("utf8") + b"</head>")
        # Last in the page, so that they win over gradio's own styles.
        response.body = body.replace(b"</body>", styles.encode("utf8") + b"</body>")
        response.init_headers()
        return response

    gr.routes.templates.TemplateResponse = template_response
