"""Brackets of the WebUI's prompt language: emphasis, schedules and alternations, as the WebUI reads them.

Round and square brackets are matched apart from each other, ``\\(`` is text, the tags of extra networks have no
brackets, and what is not closed goes on to the end of the text.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lib_rpg.checks import show

# Unlike the WebUI's own form this one has no "<" inside: "<lora:a:1 BREAK <lora:b:1>" is a tag that was not closed.
_TAG = r"<\w+:[^<>]+>"
_MARK = re.compile(rf"\\[()\[\]\\]|{_TAG}|(?P<open>[(\[])|(?P<close>(?::\s*[+-]?[\d.]+\s*)?\)|\])")
_OPEN_TAG = re.compile(r"<(?:lora|lyco|hypernet):[^>]*\Z")
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_WHEN = re.compile(r":\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*\Z")
_CLOSING = {"(": ")", "[": "]"}


class Bracket(NamedTuple):
    """A bracket of a text: from ``start`` to before ``stop``, its closing characters (":1.4)") from ``end``.

    Where it is not closed, ``end`` and ``stop`` are behind the text.
    """

    start: int
    end: int
    stop: int
    opening: str
    closing: str
    """What closes it; where nothing does, what would."""

    @property
    def is_closed(self) -> bool:
        return self.stop > self.end


def brackets_of(text: str) -> list[Bracket]:
    """The brackets of a text in the order in which they open."""
    waiting: dict[str, list[int]] = {"(": [], "[": []}
    found: list[Bracket] = []
    for mark in _MARK.finditer(text):
        if opening := mark["open"]:
            waiting[opening].append(mark.start())
        elif closing := mark["close"]:
            opening = "(" if closing[-1] == ")" else "["
            if waiting[opening]:
                found.append(Bracket(waiting[opening].pop(), mark.start(), mark.end(), opening, closing))
    for opening, starts in waiting.items():
        found += [Bracket(start, len(text), len(text), opening, _CLOSING[opening]) for start in starts]
    return sorted(found)


def tags_of(text: str) -> Iterator[re.Match[str]]:
    """The tags of extra networks, such as ``<lora:name:1>``; one that is not closed before the next begins is none."""
    return re.finditer(_TAG, text)


def closed(text: str) -> str:
    """The text with its open brackets closed, so that they end where it ends; it draws the same."""
    return closed_by(text, [bracket for bracket in brackets_of(text) if not bracket.is_closed])


def closed_by(text: str, brackets: Sequence[Bracket]) -> str:
    """The text with what closes the brackets behind it, the last one first."""
    closing = "".join(bracket.closing for bracket in reversed(brackets))
    if closing[:1] not in ("", ":"):
        # Or "(a:1.3" would be closed as "(a:1.3)", and behind "a\\" a bracket is a word.
        text += "()" if _WHEN.search(text) else " " if text.endswith("\\") else ""
    return text + closing


def is_schedule(text: str, bracket: Bracket, brackets: Sequence[Bracket]) -> bool:
    """Whether a bracket says in which steps its words are drawn: ``[a:b:0.5]``, ``[a:5]``, ``[a|b]``.

    ``brackets`` are all of the text's, in order.
    """
    if bracket.opening != "[" or not bracket.is_closed:
        return False
    inner = [*text[bracket.start + 1 : bracket.end]]
    for other in brackets[bisect(brackets, bracket) :]:
        if other.start > bracket.end:
            break
        if other.stop <= bracket.end:
            first, last = other.start - bracket.start - 1, other.stop - bracket.start - 1
            inner[first:last] = "_" * (last - first)
    bare = _ESCAPED.sub("__", "".join(inner))
    return "|" in bare or bool(_WHEN.search(bare))


def tag_notes(text: str) -> list[str]:
    """What the user should know of the tags of a region's text: of those in brackets, and of those without an end."""
    notes = [
        f"{show(tag)} is inside of brackets: it acts in all steps and at its own strength, whatever they say"
        for tag in _tags_in_brackets(text)
    ]
    if open_tag := _OPEN_TAG.search(text):
        notes.append(f"{show(open_tag[0])} has no '>' and is read as words")
    return list(dict.fromkeys(notes))


def _tags_in_brackets(text: str) -> Iterator[str]:
    brackets = brackets_of(text) if "<" in text else []
    number, inside = 0, 0
    for tag in tags_of(text):
        while number < len(brackets) and brackets[number].start < tag.start():
            inside = max(inside, brackets[number].end)
            number += 1
        if tag.start() < inside:
            yield tag[0]
