"""Prompts that change while sampling: `[before:after:when]`, `[after:when]`, `[before::when]`, `[a|b|c]`.

A prompt is read into nested tuples of pieces: a str, Scheduled or Alternate. Brackets that are
neither are kept as the text they are (they are emphasis, read later). A prompt with a stray `|`, or
a `\\` that escapes nothing, has no schedule at all and is taken as it is.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\\.|[\[\]():|]|[^\\\[\]():|]+")
_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*")


class _NotAPromptError(Exception):
    """The text cannot be read as a prompt with schedules."""


@dataclass(frozen=True)
class Scheduled:
    """`before` up to and with step `when`, `after` from then on; `when` is the number as written."""

    before: tuple
    after: tuple
    when: str


@dataclass(frozen=True)
class Alternate:
    """Options taken in turn, one a step."""

    options: tuple[tuple, ...]


def _tokens(text: str) -> list[str]:
    found = _TOKEN.findall(text)
    if "".join(found) != text:
        raise _NotAPromptError
    return found


def _closing(tokens: list[str], start: int) -> int | None:
    """Index of the bracket that closes the one at `start`; None where it stays open or is crossed."""
    pairs = {"[": "]", "(": ")"}
    open_brackets = []
    for i in range(start, len(tokens)):
        if tokens[i] in pairs:
            open_brackets.append(pairs[tokens[i]])
        elif tokens[i] in ("]", ")"):
            if tokens[i] != open_brackets.pop():
                return None
            if not open_brackets:
                return i
    return None


def _split(tokens: list[str], separator: str) -> list[list[str]]:
    """Split at separators outside of inner brackets; the brackets in `tokens` are balanced."""
    parts: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token in "[(") - (token in "])")
        if token == separator and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _inner(tokens: list[str]) -> tuple:
    """Pieces of a part of a schedule, where no `:` or `|` may be free."""
    if ":" in _outer_level(tokens) or "|" in _outer_level(tokens):
        raise _NotAPromptError
    return _pieces(tokens)


def _outer_level(tokens: list[str]) -> list[str]:
    depth, found = 0, []
    for token in tokens:
        depth += (token in "[(") - (token in "])")
        if depth == 0:
            found.append(token)
    return found


def _bracketed(tokens: list[str]):
    """Scheduled or Alternate for what is between `[` and `]`; None if it is neither."""
    options = _split(tokens, "|")
    if len(options) > 1:
        return Alternate(tuple(_inner(option) for option in options))
    parts = _split(tokens, ":")
    number = _NUMBER.fullmatch("".join(parts[-1]))
    if len(parts) not in (2, 3) or number is None:
        return None
    before = _inner(parts[0]) if len(parts) == 3 else ()
    return Scheduled(before, _inner(parts[-2]), number.group(1))


def _pieces(tokens: list[str]) -> tuple:
    found: list = []
    i = 0
    while i < len(tokens):
        if tokens[i] == "[":
            end = _closing(tokens, i)
            piece = _bracketed(tokens[i + 1 : end]) if end is not None else None
            if piece is not None:
                found.append(piece)
                i = end + 1
                continue
        elif tokens[i] == "|":
            raise _NotAPromptError
        found.append(tokens[i])
        i += 1
    return tuple(found)


def _scheduled_pieces(pieces: tuple):
    for piece in pieces:
        if isinstance(piece, Scheduled):
            yield piece
            yield from _scheduled_pieces(piece.before)
            yield from _scheduled_pieces(piece.after)
        elif isinstance(piece, Alternate):
            yield piece
            for option in piece.options:
                yield from _scheduled_pieces(option)


def _text_at(pieces: tuple, step: int, when) -> str:
    text = ""
    for piece in pieces:
        if isinstance(piece, Scheduled):
            text += _text_at(piece.before if step <= when(piece) else piece.after, step, when)
        elif isinstance(piece, Alternate):
            text += _text_at(piece.options[(step - 1) % len(piece.options)], step, when)
        else:
            text += piece
    return text


def prompt_schedule(prompt: str, base_steps: int, hires_steps: int | None = None, use_old_scheduling=False):
    """[[last step, text], …] of one prompt.

    A number with a decimal point is a fraction of the steps (of the first pass from 0 to 1, of the
    hires pass from 1 to 2), any other a step. With `use_old_scheduling`, a number below 1 is a
    fraction and any other a step, in each pass alike.
    """
    first_pass = hires_steps is None or use_old_scheduling
    steps = base_steps if first_pass else hires_steps
    try:
        pieces = _pieces(_tokens(prompt))
    except _NotAPromptError:
        return [[steps, prompt]]

    def when(piece: Scheduled) -> int:
        number = float(piece.when)
        if use_old_scheduling:
            number = number * steps if number < 1 else number
        elif "." in piece.when:
            number = (number - (0.0 if first_pass else 1.0)) * steps
        else:
            number = number - (0 if first_pass else base_steps)
        return min(steps, int(number))

    ends = {steps}
    for piece in _scheduled_pieces(pieces):
        if isinstance(piece, Alternate):
            ends.update(range(1, steps + 1))
        elif when(piece) >= 1:
            ends.add(when(piece))
    return [[end, _text_at(pieces, end, when)] for end in sorted(ends)]
