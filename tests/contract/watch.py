"""Sees what a host opens and whom it calls: an audit hook in the host's own interpreter writes it to a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

MARK = "rpg-sentinel"
"""What is watched for: in the names of files, in addresses, in the words of a command."""
_HOOK = f"""
import os, sys

log = os.open(os.environ["RPG_TEST_WATCH"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
events = (
    "open", "os.listdir", "os.scandir", "os.mkdir", "os.rename", "os.remove", "os.symlink", "os.link", "import",
    "socket.connect", "socket.getaddrinfo", "socket.sendto", "http.client.connect", "urllib.Request",
    "subprocess.Popen", "os.system",
)

def watch(event, arguments):
    if event in events:
        words = repr(arguments)
        if {MARK!r} in words.lower():
            os.write(log, f"{{event}} {{words}}\\n".encode(errors="backslashreplace"))

sys.addaudithook(watch)
"""


class Watch:
    """``environment`` has a host watched; ``seen`` is what it did with `MARK`, a line each."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(_HOOK, encoding="utf-8")
        self._log = folder / "seen.txt"
        self.environment: Mapping[str, str] = {"PYTHONPATH": str(folder), "RPG_TEST_WATCH": str(self._log)}

    @property
    def seen(self) -> list[str]:
        return self._log.read_text(encoding="utf-8").splitlines()
