"""Repairs the mistakes that language models make in a split ratio, where only one meaning is possible."""

from __future__ import annotations

import re

from lib_rpg.errors import RpgError
from lib_rpg.layout.ratio import MAX_CHARACTERS

_MAX_SHOWN = 40
_OUTER = re.compile(r"[()\[\]{}<>\"'`*_“”‘’«»]")
_REPAIRS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile("[\uff0c\u3001]"), ",", "wrote ',' for a wide comma"),
    (re.compile("\uff1b"), ";", "wrote ';' for a wide semicolon"),
    (_OUTER, " ", "removed brackets, quotes or bold marks"),
    (re.compile(r"(?<=[0-9%])[^\S\n]*\n\s*(?=[0-9.])"), ";", "read a line end between numbers as ';'"),
    (re.compile(r"\s*;[\s,;]*;[\s,]*|\s*,+\s*;[\s,]*|;\s*,[\s,]*"), ";", "removed a stray separator"),
    (re.compile(r",(?:\s*,)+"), ",", "removed a stray separator"),
    (re.compile(r"^[\s,;]*[,;]+\s*|\s*[,;][\s,;]*[.]?\s*$"), "", "removed a stray separator"),
    (re.compile(r"(?<=[0-9%])\s*\.\s*$"), "", "removed the full stop at the end"),
)


def repair_ratio(text: str) -> tuple[str, tuple[str, ...]]:
    """Repair stray separators, brackets, quotes, bold marks, wide punctuation, line ends for ``;`` and a final full
    stop.

    Returns the repaired text, which may still be malformed (`lib_rpg.layout.ratio.parse_ratio` decides), and one note
    for each kind of repair. Raises RpgError only for a value that is not text, or is longer than `MAX_CHARACTERS`.
    """
    if not isinstance(text, str) or len(text) > MAX_CHARACTERS:
        raise RpgError(f"the split ratio is not a text of at most {MAX_CHARACTERS} characters")
    repaired, notes = text.strip(), []
    for pattern, replacement, note in _REPAIRS:
        changed = pattern.sub(replacement, repaired).strip()
        if changed != repaired:
            repaired = changed
            if note not in notes:
                notes.append(note)
    if notes:
        repaired = re.sub(r"\s*([,;])\s*", r"\1", repaired)
    return repaired, tuple(f"split ratio {_quoted(text.strip())}: {note}" for note in notes)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 3]}...")
