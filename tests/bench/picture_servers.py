"""Servers in the place of a WebUI for the tests of `bench pictures`: they draw what is asked for, fail, and die."""

from __future__ import annotations

import base64
import io
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

from sandbox.bench.picture_tasks import Beside, PictureTask, shapes_tasks
from sandbox.shapes.data import SHAPES, Scene, Thing, render

PEAK = 3 << 20
_BY_PROMPT = {task.prompt: task for task in shapes_tasks()}


def wanted(task: PictureTask) -> Image.Image:
    """A picture that meets the rules of one of the shapes' tasks."""
    things: list[tuple[str, float, float]] = []
    for rule in task.rules:
        if isinstance(rule, Beside):
            x, y = {"left": (0.25, 0.5), "right": (0.75, 0.5), "top": (0.5, 0.25), "bottom": (0.5, 0.75)}[rule.side]
            things += [(rule.first, x, y), (rule.second, 1 - x, 1 - y)]
        elif not rule.least:
            shape = next(shape for shape in SHAPES if not rule.name.endswith(shape))
            things.append((f"red {shape}", 0.5, 0.5))
        else:
            for _ in range(rule.least):
                column, row = len(things) % 3, len(things) // 3
                things.append((rule.name, (column + 0.5) / 3, (row + 0.5) / 2))
    made = (Thing(*name.split(), x * task.width, y * task.height, 48) for name, x, y in things)  # type: ignore[misc]
    background = next(
        word for word in ("gray", "beige", "navy", "brown", "teal") if f"{word} background" in task.prompt
    )
    return render(Scene(task.width, task.height, background, tuple(made)))


def blank(task: PictureTask) -> Image.Image:
    """A picture of nothing."""
    return Image.new("RGB", (task.width, task.height), (150, 150, 150))


@dataclass
class Server:
    """A running server. ``bodies``: what it was asked for. ``answered``: what it drew: the prompt, whether by a plan.

    ``die`` has it take no more connections, at once.
    """

    url: str
    bodies: list[dict[str, Any]] = field(default_factory=list)
    answered: list[tuple[str, bool]] = field(default_factory=list)
    die: Callable[[], None] = lambda: None


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@contextmanager
def server(before: Callable[[Server, dict[str, Any]], int] = lambda server, body: 200) -> Iterator[Server]:
    """A server that draws regional pictures right and plain ones blank.

    ``before`` is called with each request: what it gives is the answer's status, 0 for none, as of one that crashed.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            running.bodies.append(body)
            status = before(running, body)
            if status == 0:
                self.close_connection = True
                return
            if status != 200:
                self.answer(status, {"detail": "it cannot be drawn"})
                return
            regional = "alwayson_scripts" in body
            task = _BY_PROMPT[body["prompt"]]
            picture = base64.b64encode(png((wanted if regional else blank)(task))).decode()
            running.answered.append((task.prompt, regional))
            self.answer(200, {"images": [picture], "info": json.dumps({"infotexts": ["an infotext"]})})

        def do_GET(self) -> None:
            self.answer(200, {"ram": {}, "cuda": {"allocated": {"current": 1, "peak": PEAK}}})

        def answer(self, status: int, document: dict[str, Any]) -> None:
            data = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    http = Quiet(("127.0.0.1", 0), Handler)
    running = Server(f"http://127.0.0.1:{http.server_address[1]}")

    def die() -> None:
        http.socket.shutdown(socket.SHUT_RDWR)
        http.socket.close()

    running.die = die
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        http.shutdown()
        http.server_close()
