"""Finding a key in what a server sends back, also where it is disguised.

Text is compared without everything but letters and digits, in lower case, with its escapes decoded, so that capitals,
separators, JSON, URL and HTML escapes make no difference. Forms of the key are itself, base64, hexadecimal, and each
of them backwards; eight characters of a form in a row are enough.
"""

from __future__ import annotations

import base64
import re
import sys
import unicodedata
from collections.abc import Iterable

from lib_rpg.errors import RpgError

STRETCH = 8
_LONG_STRETCH = 16  # of digits alone, which boxes and sizes are full of
_SHORT_KEY = 16
_LEAST_KEY = 4  # a shorter one is a dummy, and part of ordinary words
_HELD = 40  # characters at the end of a piece that may be the beginning of an escape

_OTHERS = re.compile(r"[^a-z0-9]+")
_ESCAPE = re.compile(
    r"(?<!\\)\\+u\{([0-9a-f]{1,6})\}|(?<!\\)\\+u([0-9a-f]{4})|%(?:25){0,8}u([0-9a-f]{4})"
    r"|&(?:amp;){0,4}#x0{0,4}([0-9a-f]{1,6});?"
    r"|(?P<byte>(?<!\\)\\+x[0-9a-f]{2}|%(?:25){0,8}[0-9a-f]{2})|&(?:amp;){0,4}#0{0,4}(?P<decimal>[0-9]{1,7});?",
    re.IGNORECASE,
)
_FIRST_BEYOND_ASCII = 0x80
_WORD = re.compile(rf"[a-z]{{{STRETCH}}}|[A-Z]{{{STRETCH}}}|[A-Z][a-z]{{{STRETCH - 1}}}")
_OPEN_ESCAPE = re.compile(
    r"(?:\\+(?:u\{?[0-9a-f]{0,6}|x[0-9a-f]?)?|%(?:25){0,8}2?(?:u0{0,2})?[0-9a-f]?|&[a-z;]{0,16}#?x?[0-9a-f]{0,7})\Z",
    re.IGNORECASE,
)


class SecretFilter:
    """Finds one key in the texts of the server that it was sent to; ``server`` is its address for messages.

    Keys under 16 characters are compared whole and exact, and those of one word, such as "ollama", not in answers.
    Longer ones of words alone, such as "sk-no-key-required", are compared whole. All others are found by their parts.
    """

    def __init__(self, key: str, server: str = "") -> None:
        self._server = server
        self._is_word = not (re.search(r"[0-9]", key) and re.search(r"[A-Za-z]", key))
        self._exact: re.Pattern[str] | None = None
        self._phrase = ""
        self._stretches: frozenset[str] = frozenset()
        if _LEAST_KEY <= len(key) < _SHORT_KEY:
            self._exact = re.compile(rf"(?<![A-Za-z0-9]){re.escape(key)}(?![A-Za-z0-9])")
        elif len(key) >= _SHORT_KEY and not re.search(r"[0-9]", key) and key in (key.lower(), key.upper()):
            self._phrase = _bare(key)
        elif len(key) >= _SHORT_KEY:
            self._stretches = frozenset(_stretches(key))
        self.held = len(key) if self._exact or self._phrase else STRETCH if self._stretches else 0
        """Characters at the end of a growing answer that may be the beginning of the key, and are not shown yet."""

    def __repr__(self) -> str:
        return "SecretFilter()"

    def is_in(self, text: str) -> bool:
        """Whether a message of the server holds the key."""
        return bool(self._exact and self._exact.search(text)) or self._is_in_bare(_bare(_decoded(text)))

    def watch(self) -> Watch:
        """A watch over one text of an answer, which comes in pieces."""
        return Watch(self)

    def check(self, text: str) -> None:
        """Raise RpgError if a whole text of an answer holds the key."""
        self.watch().add(text)
        if self._is_in_bare(_bare(_decoded(text))):
            raise self.echoed()

    def echoed(self) -> RpgError:
        """The error of an answer that holds the key."""
        return RpgError(
            f"{self._server} sent the key back in its answer, which is not shown; do not use this server, and change "
            "the key"
        )

    def _is_in_bare(self, bare: str) -> bool:
        if self._phrase:
            return self._phrase in bare
        found = self._stretches
        if not found:
            return False
        return any(
            bare[start : start + STRETCH] in found or bare[start : start + _LONG_STRETCH] in found
            for start in range(len(bare) - STRETCH + 1)
        )


class Watch:
    """Looks for a key in a text that comes in pieces, each read once."""

    def __init__(self, secret: SecretFilter) -> None:
        self._secret = secret
        self._keeps = max(_LONG_STRETCH, len(secret._phrase)) - 1
        self._bare = ""
        self._open = ""
        self._last = ""

    def add(self, piece: str) -> None:
        """Read the next piece. Raises RpgError if the text so far holds the key."""
        secret = self._secret
        if secret._exact:
            text = self._last + piece
            if not secret._is_word and secret._exact.search(text):
                raise secret.echoed()
            self._last = text[-secret.held :]
        elif secret.held:
            text = self._open + piece
            escape = _OPEN_ESCAPE.search(text, max(0, len(text) - _HELD))
            end = escape.start() if escape else len(text)
            self._open = text[end:]
            bare = self._bare + _bare(_decoded(text[:end]))
            if secret._is_in_bare(bare):
                raise secret.echoed()
            self._bare = bare[-self._keeps :]


def _bare(text: str) -> str:
    """Letters and digits of ASCII alone, in lower case; wide and decorated ones are theirs."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return _OTHERS.sub("", text.lower())


def _decoded(text: str) -> str:
    """The text with escapes decoded, also where they are escaped once more."""
    for _ in range(2):
        text = _ESCAPE.sub(_character, text)
    return text


def _character(match: re.Match[str]) -> str:
    if match["byte"]:
        byte = int(match["byte"][-2:], 16)
        return chr(byte) if byte < _FIRST_BEYOND_ASCII else ""
    code = int(match["decimal"]) if match["decimal"] else int(match[match.lastindex or 0], 16)
    return chr(code) if code <= sys.maxunicode else ""


def _stretches(key: str) -> Iterable[str]:
    """Every stretch of every form of a key that gives it away."""
    for text in {key, _decoded(key)}:
        for start in range(len(text)):
            stretch = _bare(text[start:])[:STRETCH]
            # An ordinary word within a key, as in "my-password-2", is not part of a secret.
            if len(stretch) == STRETCH and text[start].isalnum() and not _WORD.match(text, start):
                yield from (stretch, stretch[::-1])
        data = text.encode()
        yield from _windows(data.hex())
        for shift in range(3):
            # Characters that depend on what is before or behind the key are left out.
            encoded = base64.b64encode(bytes(shift) + data).decode("ascii")
            yield from _windows(_bare(encoded[-(-shift * 8 // 6) : (shift + len(data)) * 8 // 6]))


def _windows(form: str) -> Iterable[str]:
    """Stretches of a form, forwards and backwards: longer ones where they are of digits alone."""
    for text in (form, form[::-1]):
        for start in range(len(text)):
            stretch = text[start : start + STRETCH]
            if stretch.isdigit():
                stretch = text[start : start + _LONG_STRETCH]
            if len(stretch) in (STRETCH, _LONG_STRETCH):
                yield stretch
