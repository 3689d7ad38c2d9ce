"""Answers of models on disk, so that the same question is paid for once.

One small file for each answer, named by a hash of everything that shaped the request, and readable by its owner alone.
Written whole and renamed into place, so that two processes never read half a file; the least recently used go when the
folder is full. A file that cannot be read counts as missing; `put` returns why a folder cannot be written, which is
never an error of the planning.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lib_rpg.checks import read_json
from lib_rpg.errors import RpgError
from lib_rpg.files import PART, FileError, read_text, tighten, write_private

MAX_BYTES = 20_000_000
MAX_FILE = 1_000_000
MAX_REPAIRS = 100
FORMAT = 1
STALE_SECONDS = 3600.0
"""A file that is being written is another process's; after this long that process is dead."""


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
        return hashlib.sha256(plain.encode(errors="surrogatepass")).hexdigest()

    def get(self, key: str) -> CachedAnswer | None:
        """The answer of that key, or None."""
        path = self._path(key)
        try:
            document = read_json(read_text(path, MAX_FILE, "the cached answer", private=True))
            answer = CachedAnswer(**document)
            os.utime(path)
        except (OSError, RpgError, TypeError):
            return None
        return answer if _is_sound(answer) else None

    def put(self, key: str, answer: CachedAnswer) -> str:
        """Keep an answer. Returns an empty text, or in words why it was not kept."""
        text = json.dumps(asdict(answer), ensure_ascii=False)
        if len(text.encode(errors="surrogatepass")) > MAX_FILE:
            return "the answer is too long for the cache"
        try:
            write_private(self._path(key), text, "the answer")
        except FileError as error:
            return f"the answer was not cached ({error.reason})"
        tighten(self.folder)
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
        """Every file of this cache: its path, bytes and time of last use. Another process may remove one meanwhile."""
        stale = time.time() - STALE_SECONDS
        for pattern in ("*.json", f"*{PART}"):
            for path in self.folder.glob(pattern):
                with contextlib.suppress(OSError):
                    about = path.lstat()
                    if path.suffix != PART or about.st_mtime < stale:
                        yield path, about.st_size, about.st_mtime


def _is_sound(answer: CachedAnswer) -> bool:
    if not isinstance(answer.text, str) or not isinstance(answer.model, str):
        return False
    surrogates = any("\ud800" <= character <= "\udfff" for character in answer.text + answer.model)
    return not surrogates and type(answer.repairs) is int and 0 <= answer.repairs <= MAX_REPAIRS


def _digest(value: Any) -> str:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"a cache key cannot hold {type(value).__name__}")
