"""A page with nothing but what the panel needs of the WebUI's: both tabs' prompts, sizes, Generate and paste.

Generate echoes what the script would be sent, "Paste" sets the two components as pasting an infotext does.
Run as ``python tests/ui/page.py PORT [WEBUI ARGUMENT…]``: with the sandbox's components, scripts and styles, or with
those of the WebUI in that folder, started with these arguments by the Python of its environment.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORT = int(sys.argv[1])
WEBUI = Path(sys.argv[2]) if len(sys.argv) > 2 else None
HOST = WEBUI or ROOT / "sandbox"
# As `import sandbox` does it, which here has to come first.
sys.path[:0] = [str(HOST), str(ROOT)]


def load_webui(root: Path, arguments: list[str]) -> None:
    """Import what the WebUI in ``root`` imports before it builds its page, in the order of its webui.py.

    It reads its arguments from `sys.argv`, which are set to these. What it writes goes to a temporary folder.
    """
    data = tempfile.mkdtemp(prefix="rpg-page-")
    sys.argv[1:] = [*arguments, "--data-dir", data, "--skip-prepare-environment", "--skip-version-check"]
    here = Path.cwd()
    os.chdir(root)
    if (root / "modules_forge").is_dir():
        from modules_forge import initialization

        initialization.initialize_forge()
    from modules import initialize

    initialize.imports()
    os.chdir(here)


if WEBUI:
    load_webui(WEBUI, sys.argv[3:])

import gradio as gr  # noqa: E402
import uvicorn  # noqa: E402
from fastapi import FastAPI  # noqa: E402
from fastapi.staticfiles import StaticFiles  # noqa: E402
from PIL import Image  # noqa: E402

from lib_rpg.planner import PlannerConfig  # noqa: E402
from lib_rpg.webui.panel import build as panel  # noqa: E402


def config() -> PlannerConfig:
    """What Settings would say: the model's server that the tests name."""
    url = os.environ.get("RPG_TEST_BASE_URL", "")
    return PlannerConfig(provider="llamacpp", base_url=url, max_tokens=700, timeout=900, cache=None)


def tab(name: str) -> None:
    with gr.TabItem(name, id=name, elem_id=f"tab_{name}"):
        with gr.Row(elem_id=f"{name}_toprow"):
            gr.Textbox(label="Prompt", elem_id=f"{name}_prompt", elem_classes=["prompt"], lines=3)
            with gr.Row(elem_id=f"{name}_generate_box"):
                generate = gr.Button("Generate", elem_id=f"{name}_generate", variant="primary")
        with gr.Row():
            with gr.Column():
                gr.Slider(64, 2048, 512, step=8, interactive=True, label="Width", elem_id=f"{name}_width")
                gr.Slider(64, 2048, 512, step=8, interactive=True, label="Height", elem_id=f"{name}_height")
                made = panel.build(name == "img2img", lambda item: f"script_{name}_rpg_{item}", config=config)
            with gr.Column():
                sent = gr.Textbox(label="Sent", elem_id=f"{name}_sent")
                pasted = gr.Textbox(label="To paste", elem_id=f"{name}_pasted")
                paste = gr.Button("Paste", elem_id=f"{name}_paste")
                drawn(name)
    inputs = [made.enabled, made.state]
    generate.click(lambda *values: json.dumps(values), inputs, [sent])
    paste.click(lambda state: (bool(state), state), [pasted], inputs)


def drawn(name: str) -> None:
    """The gallery and, in a hidden box, what the WebUI says of its pictures; "Draw" fills both as Generate does.

    What to draw is typed: JSON of ``sizes`` of pictures, their ``infotexts`` and ``index_of_first_image``.
    """
    gallery = gr.Gallery(label="Output", elem_id=f"{name}_gallery", columns=4, preview=True, height=400)
    info = gr.Textbox(visible=True, elem_id=f"generation_info_{name}", elem_classes=["hidden"])
    wanted = gr.Textbox(label="To draw", elem_id=f"{name}_wanted")

    def draw(text: str) -> tuple[list[Image.Image], str]:
        return [Image.new("RGB", tuple(size), "teal") for size in json.loads(text)["sizes"]], text

    gr.Button(visible=False, elem_id=f"{name}_generation_info_button")  # a WebUI's script presses it
    gr.Button("Draw", elem_id=f"{name}_draw").click(draw, [wanted], [gallery, info])


def page() -> gr.Blocks:
    theme = gr.themes.Default(font=["sans-serif"], font_mono=["monospace"])
    with gr.Blocks(theme=theme) as blocks, gr.Tabs(elem_id="tabs"):
        tab("txt2img")
        tab("img2img")
    return blocks.queue()


def with_scripts(render):
    """gradio's page with the scripts and styles of the host and the extension, as the WebUI adds them."""
    static = HOST if WEBUI else HOST / "static"
    scripts = [static / "script.js", *(sorted((HOST / "javascript").glob("*.js")) if WEBUI else ())]
    scripts += sorted((ROOT / "javascript").iterdir())
    head = "".join(f'<script src="{_url(path)}"></script>' for path in scripts)
    if WEBUI:
        from modules import shared

        settings = shared.opts.dumpjson()
        head = f"<script>var localization = {{}};</script>{head}<script>opts = {settings};</script>"
    styles = [static / "style.css", ROOT / "style.css"]
    foot = "".join(f'<link rel="stylesheet" href="{_url(path)}">' for path in styles)

    def rendered(*args, **kwargs):
        response = render(*args, **kwargs)
        body = response.body.replace(b"</head>", head.encode() + b"</head>")
        response.body = body.replace(b"</body>", foot.encode() + b"</body>")
        response.init_headers()
        return response

    return rendered


def _url(path: Path) -> str:
    return f"/host/{path.relative_to(HOST)}" if path.is_relative_to(HOST) else f"/files/{path.relative_to(ROOT)}"


def serve(port: int) -> None:
    gr.routes.templates.TemplateResponse = with_scripts(gr.routes.templates.TemplateResponse)
    app = FastAPI()
    app.mount("/host", StaticFiles(directory=HOST))
    app.mount("/files", StaticFiles(directory=ROOT))
    app = gr.mount_gradio_app(app, page(), path="/")
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    serve(PORT)
