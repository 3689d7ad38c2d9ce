"""The kinds of tags, from `tag_kinds.txt`: "best quality" is quality, "blue hair" is hair, "from above" is camera.

The form of the file is described at its top; a user's own file has the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lib_rpg.errors import RpgError
from lib_rpg.files import FileError, expand, read_text

PERSONAL = ("hair", "eyes", "expression", "body", "pose", "garment", "accessory", "held")
"""The kinds of tags that belong to someone; the others are of the whole picture."""

OWN_FILE = "tags.txt"
"""In the user's folder of templates."""

_MAX_FILE = 1_000_000
_FILE = Path(__file__).with_name("tag_kinds.txt")
_DOTS = "..."
_SPACES = re.compile(r"[\s_-]+")


Phrases = dict[str, list[tuple[tuple[str, ...], str]]]
"""Phrases with their kinds, by their first or last word."""


_SHARED = ("quality", "style", "color", "mood", "camera")


@dataclass
class TagKinds:
    """Pieces by kind. `order`: the kinds in the order of the file, the most telling first."""

    order: list[str] = field(default_factory=list)
    whole: dict[str, str] = field(default_factory=dict)
    ends: Phrases = field(default_factory=dict)
    starts: Phrases = field(default_factory=dict)
    patterns: list[tuple[re.Pattern[str], str]] = field(default_factory=list)

    def of_whole(self, text: str) -> str:
        """The kind of a piece in lower case that is in the list as a whole, or ""."""
        found = self.whole.get(spaced_out(text), "")
        return found or next((kind for pattern, kind in self.patterns if pattern.fullmatch(text)), "")

    def of_part(self, text: str, ends: bool = True) -> str:
        """The kind of a piece in lower case by its first words, or where `ends` by its last ones, or ""."""
        words = tuple(spaced_out(text).split())
        if not words:
            return ""
        found = _longest(self.starts.get(words[0], ()), words, 0)
        return found or (_longest(self.ends.get(words[-1], ()), words, 1) if ends else "")

    def rank(self, kind: str) -> int:
        """How telling a kind is: 0 for the most telling."""
        return self.order.index(kind) if kind in self.order else len(self.order)


def spaced_out(text: str) -> str:
    """A piece with single spaces for "_", "-" and white space."""
    return _SPACES.sub(" ", text).strip()


def _longest(found: Iterable[tuple[tuple[str, ...], str]], words: tuple[str, ...], at_end: int) -> str:
    """The kind of the longest of these phrases that the words start or end with, with other words beside it."""
    best, kind_of_best = 0, ""
    for phrase, kind in found:
        n = len(phrase)
        if best < n < len(words) and (words[-n:] if at_end else words[:n]) == phrase:
            best, kind_of_best = n, kind
    return kind_of_best


@cache
def built_in() -> TagKinds:
    """The kinds that come with the extension."""
    return read_kinds(_FILE.read_text(encoding="utf-8"), str(_FILE.name))


def kinds_for(folder: Path | None) -> TagKinds:
    """The built-in kinds, with those of a file ``tags.txt`` in the user's folder, which count first.

    Raises RpgError where that file cannot be read.
    """
    if folder is None:
        return built_in()
    what = f"your list of tags, {OWN_FILE}"
    try:
        text = read_text(expand(folder, what) / OWN_FILE, _MAX_FILE, what)
    except FileError as error:
        if error.missing:
            return built_in()
        raise
    own, theirs = read_kinds(text, what), built_in()
    return TagKinds(
        list(dict.fromkeys([*theirs.order, *own.order])),
        {**theirs.whole, **own.whole},
        _merged(own.ends, theirs.ends),
        _merged(own.starts, theirs.starts),
        [*own.patterns, *theirs.patterns],
    )


def _merged(own: Phrases, theirs: Phrases) -> Phrases:
    return {word: [*own.get(word, ()), *theirs.get(word, ())] for word in {**theirs, **own}}


def read_kinds(text: str, place: str) -> TagKinds:
    """Read kinds from text in the form of the file. Raises RpgError with the line of what is malformed."""
    kinds, kind = TagKinds(), ""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            kind = line[1:-1].strip()
            kinds.order += [kind] if kind not in kinds.order else []
        elif not kind:
            raise RpgError(f"{place}, line {number}: {line[:60]!r} is before the first [kind]; put it behind one")
        elif line.startswith("/"):
            kinds.patterns.append((_pattern(line, f"{place}, line {number}"), kind))
        else:
            for piece in line.split(","):
                _add(kinds, piece.strip().lower(), kind)
    return kinds


def _pattern(line: str, place: str) -> re.Pattern[str]:
    try:
        return re.compile(line.strip("/"), re.IGNORECASE)
    except re.error as error:
        raise RpgError(f"{place}: {line!r} is no regular expression ({error}); correct it") from error


def _add(kinds: TagKinds, piece: str, kind: str) -> None:
    phrase = tuple(spaced_out(piece.replace(_DOTS, " ")).split())
    if not phrase:
        return
    if piece.startswith(_DOTS):
        kinds.ends.setdefault(phrase[-1], []).append((phrase, kind))
    elif piece.endswith(_DOTS):
        kinds.starts.setdefault(phrase[0], []).append((phrase, kind))
    else:
        kinds.whole.setdefault(" ".join(phrase), kind)
        if len(phrase) > 1 and kind in _SHARED:  # "flat lay" of "breakfast flat lay"
            kinds.ends.setdefault(phrase[-1], []).append((phrase, kind))
