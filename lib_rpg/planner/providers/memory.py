"""Which rung of structured output worked with which server and model, kept from one call, and one run, to the next."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lib_rpg.planner.chat import RUNGS

KEPT_SECONDS = 7 * 24 * 3600.0
"""A server may learn a stricter rung with its next version, so that what is older is forgotten."""
_MAX_ENTRIES = 500
_MAX_FILE = 1_000_000


class RungMemory:
    """Remembers rungs, in ``file`` if there is one, which other processes may share: it is replaced as a whole.

    A file that cannot be read or written is no error: it only costs a request. ``clock`` gives seconds since 1970.
    """

    def __init__(self, file: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._clock = clock
        self._entries: dict[str, list[Any]] = {}

    def get(self, server: str, model: str) -> str | None:
        """The rung that worked last, or None. ``server`` is an address without secrets."""
        entry = self._current().get(f"{server} {model}")
        return entry[0] if entry else None

    def put(self, server: str, model: str, rung: str) -> None:
        """Remember a rung that worked."""
        entries = self._current()
        name = f"{server} {model}"
        if name in entries and entries[name][0] == rung:
            return
        entries.pop(name, None)
        entries[name] = [rung, self._clock()]
        self._entries = dict(list(entries.items())[-_MAX_ENTRIES:])
        if self._file:
            with contextlib.suppress(OSError):
                _replace(self._file, json.dumps({"rungs": self._entries}))

    def _current(self) -> dict[str, list[Any]]:
        entries = {**self._entries, **_load(self._file)} if self._file else dict(self._entries)
        now = self._clock()
        return {name: entry for name, entry in entries.items() if abs(now - entry[1]) < KEPT_SECONDS}


def _load(file: Path) -> dict[str, list[Any]]:
    """The sound entries of a file; none if it is missing or broken."""
    try:
        if file.stat().st_size > _MAX_FILE:
            return {}
        found = json.loads(file.read_text(encoding="utf-8"))["rungs"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    return {name: entry for name, entry in found if _is_sound(entry)}


def _is_sound(entry: object) -> bool:
    if not isinstance(entry, list) or len(entry) != 2:
        return False
    return entry[0] in RUNGS and isinstance(entry[1], int | float) and not isinstance(entry[1], bool)


def _replace(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(name).replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
