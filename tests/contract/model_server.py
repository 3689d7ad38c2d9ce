"""A server that speaks the chat API: it counts who asks, and answers as a test has it."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable
from typing import Any

Reply = tuple[int, dict[str, str], bytes]
"""HTTP status, headers and body."""


def completion(text: str, **fields: Any) -> Reply:
    """A chat completion with that text."""
    document = {"choices": [{"message": {"content": text}, "finish_reason": "stop"}], **fields}
    return 200, {"Content-Type": "application/json"}, json.dumps(document).encode()


def _no_plan() -> Reply:
    return completion("no plan")


class ModelServer:
    """``asked`` has the bodies of all requests, ``keys`` their Authorization headers; ``reply`` makes the answers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.reply: Callable[[], Reply] = _no_plan
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.asked.append(json.loads(body))
                outer.keys.append(self.headers.get("Authorization", ""))
                status, headers, data = outer.reply()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(data))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def forget(self) -> None:
        """Forget who asked, and what to answer."""
        self.reply = _no_plan
        self.asked.clear()
        self.keys.clear()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
