"""What is nearly a keyword of a regional prompt: "ＢＲＥＡＫ", "a_BREAK_b", "ADD COL", "break" on a line of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lib_rpg.brackets import tags_of
from lib_rpg.checks import show
from lib_rpg.full_width import narrow
from lib_rpg.keywords import ADDBASE, ADDCOL, ADDCOMM, ADDROW, BREAK, KEYWORDS, keyword_pattern

COMMAS = ",，、"
"""The comma, and those of Chinese and Japanese text."""

_NAMES = {"BREAK": BREAK, "ADDBASE": ADDBASE, "ADDCOMM": ADDCOMM, "ADDROW": ADDROW, "ADDCOL": ADDCOL}
_NAMES |= {"ADDCOMMON": ADDCOMM, "ADDCOLUMN": ADDCOL}


def _wide(letters: str) -> str:
    """A pattern for the letters, of normal or full width."""
    return "".join(f"[{letter}{chr(ord(letter) + 0xFEE0)}]" for letter in letters)


_REST = f"{_wide('BASE')}|{_wide('COMM')}(?:{_wide('ON')})?|{_wide('ROW')}|{_wide('COL')}(?:{_wide('UMN')})?"
_ADD = f"{_wide('ADD')}(?:{_REST})"
_WORD = rf"{_wide('BREAK')}|{_wide('ADD')}[ \u3000_-]?(?:{_REST})"
# Letters of other scripts end a word here, so that "红圈BREAK蓝方" has one and "caféBREAK" and "BREAK2" have none.
_WIDE_LETTERS = "０-９Ａ-Ｚａ-ｚ"
_JOINS = rf"0-9A-Za-z_À-ɏ＿{_WIDE_LETTERS}"
_ALONE = rf"(?<![{_JOINS}])[_＿]{{{{0,9}}}}(?:{{}})[_＿]{{{{0,9}}}}(?![{_JOINS}])"
# "a_BREAK_b" and "_BREAK", but neither "PRISON_BREAK" nor "BREAK_DANCE".
_BETWEEN = rf"[_＿]{{1,9}}(?:{_WORD})[_＿]{{1,9}}"
_WIDE = rf"(?<![{_WIDE_LETTERS}])(?:ＢＲＥＡＫ|ＡＤＤ(?:ＢＡＳＥ|ＣＯＭＭ|ＲＯＷ|ＣＯＬ))(?![{_WIDE_LETTERS}])"
_SURE = re.compile(f"{_BETWEEN}|{_WIDE}|{_ALONE.format(_WORD)}")
_ITEM = rf"(?:(?<=[\n{COMMAS}])|\A)[^\S\n]*(?:{_WORD})[^\S\n]*(?=[\n{COMMAS}]|\Z)"
# No English word is "addcol", so that it needs no commas round it.
_GUESS = re.compile(f"{_ITEM}|{_ALONE.format(_ADD)}", re.IGNORECASE)
_LIKE = re.compile(f"{_BETWEEN}|{_ALONE.format(_WORD)}", re.IGNORECASE)


class Near(NamedTuple):
    """A place of a text that is nearly a keyword, what stands there, and the keyword."""

    start: int
    stop: int
    written: str
    keyword: str

    @property
    def as_read(self) -> str:
        return f"{show(self.written)} is read as {self.keyword}"

    @property
    def as_left(self) -> str:
        return f"{show(self.written)} is left as words of the prompt: a keyword is written {self.keyword}"


def sure(text: str) -> list[Near]:
    """What can only be meant as a keyword: of full width, against letters of another script, "_BREAK_", "ADD COL"."""
    return list(_found(_SURE, text))


def guessed(text: str) -> list[Near]:
    """What may be meant as one: of any case, alone between commas or lines; ADDCOL and its like also elsewhere."""
    return list(_found(_GUESS, text))


def alike(text: str, parts: int) -> list[Near]:
    """The words that are keywords but for their case and form, wherever they stand.

    "break" in a phrase, as in "tea break", is one only where it would make so many parts.
    """
    found = list(_found(_LIKE, text))
    others = [near for near in found if near.written != "break"]
    return guessed(text) or others or (found if len(found) == parts - 1 else [])


def with_keywords(text: str, places: list[Near]) -> str:
    """The text with the keywords in the place of what is nearly one."""
    parts, last = [], 0
    for near in places:
        parts += [text[last : near.start], f" {near.keyword} "]
        last = near.stop
    return "".join([*parts, text[last:]])


def _found(pattern: re.Pattern[str], text: str) -> Iterator[Near]:
    tags = [tag.span() for tag in tags_of(text)]
    number = 0
    exact = keyword_pattern(*KEYWORDS)
    for match in pattern.finditer(text):
        while number < len(tags) and tags[number][1] <= match.start():
            number += 1
        in_tag = number < len(tags) and tags[number][0] < match.start()
        written = match[0].strip()
        start = match.start() + match[0].index(written)
        if in_tag or exact.match(text, start):
            continue
        letters = re.sub("[^A-Z]", "", narrow(written).upper())
        if written in KEYWORDS:  # "红圈BREAK蓝方": shown with what it stands against
            written = text[max(start - 1, 0) : start + len(written) + 1].strip()
        yield Near(match.start(), match.end(), written, _NAMES[letters])
