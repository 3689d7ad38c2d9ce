"""A server whose answers a test writes: one reply for each request, the last one again for those that follow."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[["Handler"], None]


@dataclass
class Seen:
    """A request that came: its path with the query, headers by lower-case name, and JSON body."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Scripted:
    """The server: ``url`` is a base URL; ``seen`` the requests so far; ``gone`` is set when a client hung up."""

    url: str
    replies: list[Reply]
    seen: list[Seen] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Scripted

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.script.seen.append(Seen(self.path, {key.lower(): value for key, value in self.headers.items()}, body))
        reply = self.script.replies[min(len(self.script.seen), len(self.script.replies)) - 1]
        self.close_connection = True
        try:
            reply(self)
        except (BrokenPipeError, ConnectionResetError):
            self.script.gone.set()

    def do_GET(self) -> None:
        self.script.seen.append(Seen(self.path, {key.lower(): value for key, value in self.headers.items()}, {}))
        self.send_error(404)

    def start(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()

    def wait(self, seconds: float) -> bool:
        """Do nothing for a while; whether the client is still there, and the server too, is noted and returned."""
        end = time.monotonic() + seconds
        self.connection.settimeout(0.02)
        while time.monotonic() < end and not self.script.closing.is_set():
            try:
                here = bool(self.connection.recv(1))
            except TimeoutError:
                here = True
            except OSError:
                here = False
            if not here:
                self.script.gone.set()
                return False
        return not self.script.closing.is_set()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def scripted(*replies: Reply) -> Iterator[Scripted]:
    """A running server on a free port."""
    script = Scripted("", list(replies))
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"script": script}))
    server.daemon_threads = True
    script.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield script
    finally:
        script.closing.set()
        server.shutdown()
        server.server_close()


def raw(status: int, content_type: str, body: bytes, headers: Mapping[str, str] | None = None) -> Reply:
    def reply(handler: Handler) -> None:
        handler.start(status, {"Content-Type": content_type, "Content-Length": str(len(body)), **(headers or {})})
        handler.wfile.write(body)

    return reply


def document(status: int, content: object, headers: Mapping[str, str] | None = None) -> Reply:
    return raw(status, "application/json", json.dumps(content).encode(), headers)


def refusal(status: int, message: str, headers: Mapping[str, str] | None = None, **more: str) -> Reply:
    """An error as OpenAI's servers word it."""
    return document(status, {"error": {"message": message, "type": "invalid_request_error", **more}}, headers)


def completion(text: str | None, finish: str | None = "stop", **message: object) -> Reply:
    """A whole answer, not streamed."""
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}
    usage = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}
    return document(200, {"id": "1", "model": "scripted-1", "choices": [choice], "usage": usage})


def chunk(delta: Mapping[str, object], finish: str | None = None) -> bytes:
    body = {"id": "1", "model": "scripted-1", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


USAGE = b'data: {"id": "1", "choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 5}}\n\n'
DONE = b"data: [DONE]\n\n"


def events(parts: Iterable[bytes], pause: float = 0.0) -> Reply:
    """A stream of server-sent events, with a pause in seconds after each."""

    def reply(handler: Handler) -> None:
        handler.start(200, {"Content-Type": "text/event-stream; charset=utf-8"})
        for part in parts:
            handler.wfile.write(part)
            handler.wfile.flush()
            if pause and not handler.wait(pause):
                return

    return reply


def stream(*texts: str, finish: str = "stop", pause: float = 0.0) -> Reply:
    """A sound stream of these pieces of text."""
    return events([*(chunk({"content": text}) for text in texts), chunk({}, finish), USAGE, DONE], pause)


def stall(seconds: float) -> Reply:
    """Take the request, and say nothing."""

    def reply(handler: Handler) -> None:
        handler.wait(seconds)

    return reply
