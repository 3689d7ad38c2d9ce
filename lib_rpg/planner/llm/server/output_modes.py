"""Which output mode worked with which server and model, kept from one call, and one run, to the next."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lib_rpg.checks import read_json
from lib_rpg.errors import RpgError
from lib_rpg.files import read_text, remove_stale, write_private
from lib_rpg.planner.llm.chat import OUTPUT_MODES

KEPT_SECONDS = 7 * 24 * 3600.0
"""A server may learn a stricter mode with its next version, so that older entries are ignored."""
_MAX_ENTRIES = 500
_MAX_FILE = 1_000_000
_MAX_TIME = 1e12
_STALE_SECONDS = 3600.0


class OutputModeMemory:
    """Remembers output modes, in ``file`` if there is one, which other processes may share: it is replaced as a whole.

    A file that cannot be read or written is no error: it only costs a request. ``clock`` gives seconds since 1970.
    """

    def __init__(self, file: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._clock = clock
        self._entries: dict[str, list[Any]] = {}

    def get(self, server: str, model: str) -> str | None:
        """The output mode that worked last, or None. ``server`` is an address without secrets."""
        entry = self._current().get(f"{server} {model}")
        return entry[0] if entry else None

    def put(self, server: str, model: str, mode: str) -> None:
        """Remember an output mode that worked."""
        entries = self._current()
        name = f"{server} {model}"
        if name in entries and entries[name][0] == mode:
            return
        entries.pop(name, None)
        entries[name] = [mode, self._clock()]
        self._entries = dict(list(entries.items())[-_MAX_ENTRIES:])
        if self._file:
            remove_stale(self._file.parent, f"{self._file.name}.", _STALE_SECONDS)
            with contextlib.suppress(RpgError):
                write_private(self._file, json.dumps({"output_modes": self._entries}), "the memory of output modes")

    def _current(self) -> dict[str, list[Any]]:
        entries = {**self._entries, **_load(self._file)} if self._file else dict(self._entries)
        now = self._clock()
        return {name: entry for name, entry in entries.items() if abs(now - entry[1]) < KEPT_SECONDS}


def _load(file: Path) -> dict[str, list[Any]]:
    """The sound entries of a file; none if it is missing or broken."""
    try:
        found = read_json(read_text(file, _MAX_FILE, "the memory of output modes"))["output_modes"].items()
    except (RpgError, KeyError, TypeError, AttributeError):
        return {}
    return {name: entry for name, entry in found if _is_sound(entry)}


def _is_sound(entry: object) -> bool:
    if not isinstance(entry, list) or len(entry) != 2:
        return False
    mode, when = entry
    return (
        mode in OUTPUT_MODES and isinstance(when, int | float) and not isinstance(when, bool) and abs(when) < _MAX_TIME
    )
