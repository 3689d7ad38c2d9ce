"""Removes from outside text what acts on a console or a page unseen: control, format and private characters."""

from __future__ import annotations

import re
import unicodedata

_CONTROL_SEQUENCE = re.compile(r"\x1b\[[0-9;:?]{0,40}[ -/]{0,4}[@-~]")
# Control, format (bidirectional marks, zero width, tags), surrogates, private use.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_SEPARATORS = frozenset({"Zl", "Zp"})
_KEPT = "\n\t"


def printable(text: str, kept: str = _KEPT) -> str:
    """The text without hidden characters; two halves of a surrogate pair become their one character.

    Escape sequences of a terminal go as a whole, line and paragraph separators become line ends. ``kept`` characters
    stay; lone surrogates never do. Linear in the text's length.
    """
    if text.isprintable():
        return text
    if "\x1b" in text:
        text = _CONTROL_SEQUENCE.sub("", text)
    if any("\ud800" <= character <= "\udfff" for character in set(text)):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    changes: dict[int, str | None] = {}
    for character in set(text) - set(kept):
        category = unicodedata.category(character)
        if category in _HIDDEN:
            changes[ord(character)] = None
        elif category in _SEPARATORS:
            changes[ord(character)] = "\n"
    return text.translate(changes)


def one_line(text: str, limit: int = 10_000) -> str:
    """The text on one line of at most ``limit`` characters, with no hidden character in it."""
    words = " ".join(text[: 2 * limit].split())
    return " ".join(printable(words, "").split())[:limit]
