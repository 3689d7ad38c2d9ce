"""A safe, tolerant reader of JSON-like and Python-like values: objects, lists, tuples, texts, numbers, fractions.

It reads valid JSON as JSON's own rules say. Beyond them it takes what language models write in its place: single and
curly quotes, trailing and missing commas, comments, keys without quotes, quotes inside of a text, percentages,
fractions, a value that ends too soon. Every kind of repair is reported once. Nothing is ever evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from lib_rpg.errors import RpgError

MAX_DEPTH = 32

_CLOSERS = {'"': '"', "'": "'", "\u201c": '\u201d\u201c"', "\u201d": '\u201d"', "\u2018": "\u2019\u2018'"}
# A quote ends a text only where the text can end; any other one belongs to it, such as an apostrophe.
_AFTER_TEXT = r"""(?=
    \s*(?:[}\])]|\Z|//|/\*|,\s*(?:["'\u201c\u2018\[({}\])\d.+\-\#/]|\Z|(?i:true|false|null|none|nan)\b|\w{1,40}\s*:))
    |[ \t]*\n)"""


def _stops(after: str) -> dict[str, re.Pattern[str]]:
    """For every opening quote: an escape, or a quote (its group) that closes it where ``after`` matches."""
    flags = re.VERBOSE | re.DOTALL
    return {quote: re.compile(rf"\\.|(?P<quote>[{closers}]){after}", flags) for quote, closers in _CLOSERS.items()}


_QUOTES = _stops("")
_ENDS_OF_TEXT = _stops(_AFTER_TEXT)
_SPACE = re.compile(r"\s*")
_NUMBER = re.compile(
    r"[-+]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,2})?(?![0-9.])"
    r"(?:\s{0,9}(?P<percent>%)|\s{0,9}/\s{0,9}(?P<under>[0-9]{1,40})(?![0-9.]))?"
)
# A number that the end of the text may have cut.
_OPEN_NUMBER = re.compile(
    r"[-+]?[0-9]{0,40}(?:\.[0-9]{0,40})?(?:[eE][-+]?[0-9]{0,2}|\s{0,9}/\s{0,9}[0-9]{0,40})?(?!.)", re.DOTALL
)
_WORD = re.compile(r"-?[^\W\d]\w*")
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None, "none": None}
_NOT_FINITE = {"nan", "infinity", "-infinity", "inf", "-inf"}
# In LMD's pairs a name may come without quotes; what follows it is always a list.
_BARE_NAME = re.compile(r"[^\W\d_][^\[\](){}\n]{0,200}?(?=\s{0,9},\s{0,9}[\[(])")
_ESCAPE = re.compile(
    r"\\(?:u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})|u(?P<code>[0-9a-fA-F]{4})|(?P<one>.))",
    re.DOTALL,
)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "/": "/", "\\": "\\", '"': '"', "'": "'"}
_COMMENTS = (("//", "\n"), ("/*", "*/"), ("#", "\n"))
_NOTHING = object()


class LiteralError(RpgError):
    """No value can be read; ``position`` is where, from 0."""

    def __init__(self, problem: str, position: int) -> None:
        super().__init__(problem)
        self.position = position


@dataclass(frozen=True)
class Literal:
    """What was read.

    value: dicts, lists (tuples too), texts, numbers, true, false and None. end: the position after it. repairs: what
    was repaired, each kind once. cut: the text ended first; the last incomplete item is then left out. twice: a key
    that an object has twice, empty for none.
    """

    value: Any
    end: int
    repairs: tuple[str, ...] = ()
    cut: bool = False
    twice: str = ""


def read_literal(text: str, start: int = 0) -> Literal:
    """Read the object, list or tuple that begins at ``start``, in linear time. Raises LiteralError."""
    reader = _Reader(text, start)
    value = reader.value()
    if value is _NOTHING:
        reader.fail("the text ends")
    return Literal(value, reader.position, tuple(reader.repairs), reader.cut, reader.twice)


def read_number(value: object) -> object:
    """A number from a number or a text such as ``"0.5"``, ``"50%"`` or ``"1/3"``; anything else comes back as it is."""
    if not isinstance(value, str) or not (match := _NUMBER.fullmatch(value.strip())):
        return value
    number = _number(match)
    return value if number is None else number


def _number(match: re.Match[str]) -> float | int | None:
    """The number that was matched; None for a division by zero."""
    digits = match[0][: match.start("percent") - match.start()] if match["percent"] else match[0]
    top = digits.split("/")[0].strip()
    number = int(top) if re.fullmatch(r"[-+]?[0-9]+", top) else float(top)
    if match["percent"]:
        return number / 100
    if match["under"]:
        return number / int(match["under"]) if int(match["under"]) else None
    return number


class _Reader:
    """One reading of one value: the position, and what was found so far."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.position = start
        self.open: list[str] = []
        self.repairs: dict[str, None] = {}
        self.cut = False
        self.twice = ""

    def fail(self, problem: str) -> NoReturn:
        raise LiteralError(problem, self.position)

    def note_repair(self, what: str) -> None:
        self.repairs[what] = None

    def end_of_text(self) -> object:
        self.position = len(self.text)
        self.cut = True
        return _NOTHING

    def peek(self) -> str:
        """The next character that is neither space nor comment; empty, and ``cut``, at the end."""
        while True:
            self.position = _SPACE.match(self.text, self.position).end()  # type: ignore[union-attr]
            character = self.text[self.position : self.position + 1]
            if character not in ("/", "#"):
                break
            comment = next((end for mark, end in _COMMENTS if self.text.startswith(mark, self.position)), None)
            if comment is None:
                break
            self.note_repair("left out comments")
            end = self.text.find(comment, self.position + 1)
            self.position = len(self.text) if end < 0 else end + len(comment)
        self.cut = self.cut or not character
        return character

    def value(self) -> Any:
        character = self.peek()
        if not character:
            return _NOTHING
        if character in "{[(":
            return self.container(character)
        if character in _CLOSERS:
            return self.quoted(_ENDS_OF_TEXT)
        if _OPEN_NUMBER.match(self.text, self.position):
            return self.end_of_text()
        if match := _NUMBER.match(self.text, self.position):
            return self.number(match)
        if self.open[-1:] == [")"] and (match := _BARE_NAME.match(self.text, self.position)):
            self.position = match.end()
            self.note_repair("put a name in quotes")
            return match[0].strip()
        return self.constant()

    def container(self, opener: str) -> Any:
        if len(self.open) >= MAX_DEPTH:
            self.fail("it is nested too deeply")
        self.position += 1
        self.open.append({"{": "}", "[": "]", "(": ")"}[opener])
        result = self.members() if opener == "{" else self.items()
        self.open.pop()
        return result

    def members(self) -> dict[str, Any]:
        result: dict[str, Any] = {}
        first = True
        while self.more(first):
            first = False
            key = self.key()
            if key is _NOTHING:
                break
            value = self.value()
            # What a cut left of a container is kept; half a text or number is not.
            if value is _NOTHING or (self.cut and not isinstance(value, dict | list)):
                break
            if key in result:
                self.twice = self.twice or key
            result[key] = value
        return result

    def items(self) -> list[Any]:
        result: list[Any] = []
        first = True
        while self.more(first):
            first = False
            value = self.value()
            if value is _NOTHING or self.cut:
                break
            result.append(value)
        return result

    def more(self, first: bool) -> bool:
        """Go to the container's next item; False, and move behind its end, if there is none."""
        commas = 0
        while (character := self.peek()) == ",":
            commas += 1
            self.position += 1
        if not character:
            return False
        if commas > 1 or (commas and (first or character in "}])")):
            self.note_repair("removed a stray comma")
        if character == self.open[-1]:
            self.position += 1
            return False
        if character in "}])":
            if character not in self.open[-2:-1]:
                self.fail(f"{self.open[-1]!r} is expected")
            self.note_repair(f"added a missing {self.open[-1]!r}")
            return False
        if not commas and not first:
            if character not in _CLOSERS and character not in "{[(":
                self.fail(f"',' or {self.open[-1]!r} is expected")
            self.note_repair("added a missing comma")
        return True

    def key(self) -> Any:
        character = self.peek()
        if character in _CLOSERS:
            key = self.quoted(_QUOTES)
        elif match := _WORD.match(self.text, self.position):
            self.note_repair("put a key in quotes")
            key, self.position = match[0], match.end()
        else:
            self.fail("a key in double quotes is expected")
        if key is _NOTHING:
            return _NOTHING
        colon = self.peek()
        if colon not in (":", "\uff1a", ""):
            self.fail("':' is expected")
        self.position += len(colon)
        return key if colon else _NOTHING

    def quoted(self, ends: Mapping[str, re.Pattern[str]]) -> Any:
        quote = self.text[self.position]
        start = self.position + 1
        end = next((stop for stop in ends[quote].finditer(self.text, start) if stop["quote"]), None)
        if not end:
            return self.end_of_text()
        self.position = end.end()
        return self.unescaped(quote, self.text[start : end.start()])

    def unescaped(self, quote: str, body: str) -> str:
        if quote != '"':
            self.note_repair(
                "read single quotes as double ones" if quote == "'" else "read curly quotes as double ones"
            )
        if any(stop["quote"] for stop in _QUOTES[quote].finditer(body)):
            self.note_repair("kept quotes inside a text")
        if "\n" in body:
            self.note_repair("kept a line end inside a text")
        return _ESCAPE.sub(self.unescape, body) if "\\" in body else body

    def unescape(self, match: re.Match[str]) -> str:
        if match["high"]:
            return chr(0x10000 + ((int(match["high"], 16) - 0xD800) << 10) + int(match["low"], 16) - 0xDC00)
        if match["code"]:
            return chr(int(match["code"], 16))
        if match["one"] not in _ESCAPED:
            # The WebUI's own escapes, such as \( for a bracket that is no emphasis, are often not doubled.
            self.note_repair("kept a single backslash")
        return _ESCAPED.get(match["one"], match[0])

    def number(self, match: re.Match[str]) -> Any:
        number = _number(match)
        if number is None:
            self.fail("a fraction divides by zero")
        self.position = match.end()
        if match["percent"] or match["under"]:
            self.note_repair("computed a percentage" if match["percent"] else "computed a fraction")
        return number

    def constant(self) -> Any:
        match = _WORD.match(self.text, self.position)
        if not match:
            self.fail("a value is expected")
        word = match[0].lower()
        if match.end() >= len(self.text):
            return self.end_of_text()
        if word in _NOT_FINITE:
            self.note_repair(f"read {match[0]} as null")
            value = None
        elif word in _CONSTANTS:
            value = _CONSTANTS[word]
            if match[0] not in _CONSTANTS or word == "none":
                self.note_repair("read Python's words as JSON's")
        else:
            self.fail("a text needs double quotes")
        self.position = match.end()
        return value
