"""Mends split ratios as people paste them: full-width punctuation, and decimals with a comma.

The grammar of `lib_rpg.layout.ratio` goes first: what it reads, and fits the regions, is not read otherwise.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lib_rpg.checks import show
from lib_rpg.decimal_commas import is_spaced, with_points
from lib_rpg.errors import RpgError
from lib_rpg.full_width import narrow
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.plan import GUESS

_MORE_THAN_ONES = re.compile(r"\.(?!1\b)")
_LONE_WIDTH = re.compile(r"([0-9]+),([0-9]+)\s*%?")


class Ratio(NamedTuple):
    """A ratio as it is read, and notes on what was mended."""

    text: str
    notes: tuple[str, ...] = ()
    is_likely: bool = True
    """Whether it may be read so; else it is only worth a hint."""


def ratios(text: str) -> list[Ratio]:
    """The ways to read a ratio, the first that fits the regions is meant: as the grammar says, and with decimal commas.

    Both are with ASCII punctuation and digits; they may still be malformed. Decimal commas are likely where spaces show
    them, as in "0,2, 0,4", or where the grammar has no other reading, as in "0,5,0,5". With "1,5,2,5" two regions may
    as well be missing, and with "1,1,1,1" they are.
    """
    plain = narrow(text)
    notes = (f"split ratio: {show(text)} is read as {show(plain)}",) if plain != text else ()
    read = [Ratio(plain, notes)]
    rows = plain.split(";")
    points = ";".join(with_points(row) or row for row in rows)
    is_likely = any(map(is_spaced, rows)) or not _is_ratio(plain)
    if points != plain and (is_likely or _MORE_THAN_ONES.search(points)):
        guess = f"{GUESS}split ratio: {show(plain)} is read as {show(points)}, as its commas then fit the regions"
        read.append(Ratio(points, (*notes, guess), is_likely))
    return read


def lone_widths(text: str) -> list[str]:
    """What may be meant otherwise in a ratio that is read as the grammar says: "1,5" in "1,5;1".

    As a row it is of height 1 and has one cell, whose width counts for nothing; and it may be meant as 1.5.
    """
    rows = [row.strip() for row in text.split(";")]
    lone = [match for row in rows if (match := _LONE_WIDTH.fullmatch(row)) and match[2] != "1"] if len(rows) > 1 else []
    return [
        f"split ratio: {show(match[0])} is one cell, with {match[1]} in front of it as the size of its line; "
        f"a decimal has a point: {show(match[0].replace(',', '.'))}"
        for match in lone
    ]


def _is_ratio(text: str) -> bool:
    try:
        parse_ratio(text)
    except RpgError:
        return False
    return True
