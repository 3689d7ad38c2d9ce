"""Start the sandbox: load the model and the extensions, build the page and the API, serve them."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
import uvicorn
from fastapi import FastAPI

from sandbox import REPO_DIR, SANDBOX_DIR

CHECKPOINT = SANDBOX_DIR / "shapes" / "shapes.safetensors"
FIRST_PORT = 7860
PORTS_TRIED = 100


def boot(extra_extensions: Iterable[Path] = (), checkpoint: Path = CHECKPOINT) -> None:
    """Load the extensions, this repository first and ``extra_extensions`` in their order, and then the checkpoint.

    ``checkpoint`` is a ``.safetensors`` file with a ``.yaml`` beside it. Raises FileNotFoundError, naming it, where a
    file or folder is missing.
    """
    folders = [REPO_DIR, *(Path(folder).resolve() for folder in extra_extensions)]
    for folder in folders:
        if not folder.is_dir():
            raise FileNotFoundError(f"there is no extension folder {folder}")
    if not checkpoint.is_file():
        raise FileNotFoundError(f"there is no checkpoint {checkpoint}")
    with contextlib.redirect_stdout(io.StringIO()):  # ldm prints that it found no xformers
        from modules import initialize, shared
    if shared.config_filename:
        shared.opts.load(shared.config_filename)
    initialize.boot(folders, checkpoint)


def build_app(page: bool = True, login: str | None = None) -> FastAPI:
    """The server: the API, the extensions' own routes and, if ``page``, the page. `boot` comes first.

    ``login`` is the ``user:password`` that the page asks for. Without the page its components are built, too,
    since the API's default arguments come from them.
    """
    from modules import progress, script_callbacks, shared, ui, ui_gradio_extensions
    from modules.api.api import Api

    script_callbacks.before_ui_callback()
    script_callbacks.ui_settings_callback()
    demo = ui.create_ui()

    if page:
        demo.queue(64)
        demo.allowed_paths, demo.blocked_paths = [], []
        demo.root_path = ""
        demo.auth = [tuple(login.split(":", 1))] if login else None
        demo.auth_message = None
        demo.config = demo.get_config_file()
        app: FastAPI = gr.routes.App.create_app(demo, app_kwargs={"docs_url": "/docs"})
        app.add_event_handler("startup", demo.startup_events)
        # gradio lets any web page call the server; a WebUI does not, nor does this.
        app.user_middleware = [m for m in app.user_middleware if m.cls.__name__ != "CORSMiddleware"]
        ui_gradio_extensions.add_page_files(app)
        shared.demo = demo
    else:
        app = FastAPI()

    progress.setup_progress_api(app)
    if shared.cmd_opts.api:
        Api(app)
    script_callbacks.app_started_callback(demo if page else None, app)
    return app


def free_port(host: str, port: int | None) -> int:
    """``port``, or where it is None the first free one from 7860 on; OSError if there is none to be had."""
    candidates = [port] if port is not None else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for candidate in candidates:
        with socket.socket() as probe:
            # As uvicorn does: a port whose last connections are still closing down is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return candidate
    raise OSError(
        f"port {port} of {host} is in use, or may not be opened; give another with --port"
        if port is not None
        else f"no port of {host} from {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} is free; give one with --port"
    )


def serve(app: Any, host: str, port: int) -> None:
    """Serve ``app`` until the process is asked to stop; prints the address once the server answers."""
    url = f"http://{host}:{port}/"
    blocks = getattr(app, "blocks", None)
    if blocks is not None:
        blocks._queue.set_url(url)
        # gradio's queue calls its own server; a proxy has no business there.
        for name in ("no_proxy", "NO_PROXY"):
            os.environ[name] = ",".join(filter(None, [os.environ.get(name), host]))

    class Server(uvicorn.Server):
        async def startup(self, sockets: list | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                print(f"The sandbox is at {url}", flush=True)

    # uvicorn raises the signal that stopped it once more; both ways must let the caller clean up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt):
        Server(uvicorn.Config(app, host=host, port=port, log_level="warning")).run()


def main(
    host: str,
    port: int | None,
    page: bool,
    extra_extensions: Iterable[Path],
    checkpoint: Path,
    login: str | None = None,
) -> int:
    """Boot and serve; exit status 2 with one line on stderr if the arguments are invalid."""
    try:
        port = free_port(host, port)
        with tempfile.TemporaryDirectory(prefix="sandbox-") as pictures:
            os.environ["GRADIO_TEMP_DIR"] = pictures
            boot(extra_extensions, checkpoint)
            serve(build_app(page, login), host, port)
    except OSError as e:
        print(f"sandbox: {e}", file=sys.stderr)
        return 2
    return 0
