"""Answers of models on disk, so that the same question is paid for once.

One small file for each answer, named by a hash of everything that shaped the request. Written whole and renamed into
place, so that two processes never read half a file; the least recently used go when the folder is full. A file that
cannot be read is no answer, and a folder that cannot be written is told by `put`, never an error of the planning.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MAX_BYTES = 20_000_000
MAX_FILE = 1_000_000
FORMAT = 1


@dataclass(frozen=True)
class CachedAnswer:
    """A model's answer that made a valid plan; ``repairs`` is how often it had to be asked again."""

    text: str
    model: str = ""
    repairs: int = 0


class AnswerCache:
    """The answers in ``folder``, at most ``max_bytes`` of them together."""

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self.folder = folder
        self.max_bytes = max_bytes

    @staticmethod
    def key(*parts: Any) -> str:
        """A name for everything that shaped a request: texts, numbers, lists and dicts of them, bytes."""
        plain = json.dumps([FORMAT, *parts], ensure_ascii=False, sort_keys=True, default=_digest)
        return hashlib.sha256(plain.encode()).hexdigest()

    def get(self, key: str) -> CachedAnswer | None:
        """The answer of that key, or None."""
        path = self._path(key)
        try:
            if path.stat().st_size > MAX_FILE:
                return None
            document = json.loads(path.read_text(encoding="utf-8"))
            answer = CachedAnswer(**document)
            os.utime(path)
        except (OSError, ValueError, TypeError):
            return None
        sound = isinstance(answer.text, str) and isinstance(answer.model, str) and isinstance(answer.repairs, int)
        return answer if sound else None

    def put(self, key: str, answer: CachedAnswer) -> str:
        """Keep an answer. Returns an empty text, or in words why it was not kept."""
        text = json.dumps(asdict(answer), ensure_ascii=False)
        if len(text.encode()) > MAX_FILE:
            return "the answer is too long for the cache"
        path = self._path(key)
        part = path.with_name(f"{key}.{os.getpid()}-{secrets.token_hex(4)}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_text(text, encoding="utf-8")
            part.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            return f"the answer was not cached ({error.strerror})"
        self._make_room()
        return ""

    def clear(self) -> None:
        """Forget all answers."""
        for path, _, _ in self._files():
            with contextlib.suppress(OSError):
                path.unlink()

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"

    def _make_room(self) -> None:
        files = sorted(self._files(), key=lambda file: file[2])
        excess = sum(size for _, size, _ in files) - self.max_bytes
        for path, size, _ in files[:-1]:
            if excess <= 0:
                break
            with contextlib.suppress(OSError):
                path.unlink()
            excess -= size

    def _files(self) -> Iterator[tuple[Path, int, float]]:
        """Every file of ours: its path, bytes and time of last use. Another process may remove one meanwhile."""
        for pattern in ("*.json", "*.part"):
            for path in self.folder.glob(pattern):
                with contextlib.suppress(OSError):
                    about = path.stat()
                    yield path, about.st_size, about.st_mtime


def _digest(value: Any) -> str:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"a cache key cannot hold {type(value).__name__}")
