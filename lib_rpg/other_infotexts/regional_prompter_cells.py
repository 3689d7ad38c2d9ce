"""How Regional Prompter makes cells of a ratio and of the keywords in a prompt, both texts of lines of cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lib_rpg.checks import refuse, show
from lib_rpg.keywords import ADDCOL, ADDROW, BREAK

Lines = list[list[str]]


@dataclass(frozen=True)
class Direction:
    """Which of two separators parts the lines, and which the cells of one line."""

    outer: str
    inner: str

    def lines(self, text: str) -> Lines:
        """The numbers of a ratio, line by line."""
        return [[number.strip() for number in line.split(self.inner)] for line in text.split(self.outer)]


NUMBERS = {False: Direction(";", ","), True: Direction(",", ";")}
"""By whether the mode is Rows, which has columns of cells."""
KEYWORDS = {False: Direction(ADDROW, ADDCOL), True: Direction(ADDCOL, ADDROW)}


@dataclass(frozen=True)
class Cells:
    """Cells line by line: ``sizes`` of the lines, ``ratios`` of the cells in them, and their ``breaks``.

    A cell's breaks are parts of the prompt behind the cell's own which are not drawn.
    """

    sizes: list[str]
    ratios: Lines
    breaks: list[list[int]]

    @property
    def counts(self) -> list[int]:
        """How many cells each line has."""
        return [len(line) for line in self.breaks]

    def to_ratio(self) -> str:
        """The split ratio of these cells. Raises RpgError for a number that is not above 0."""
        sizes = [_positive(size) for size in self.sizes]
        ratios = [[_positive(number) for number in line] for line in self.ratios]
        if len(ratios) == 1:
            return ",".join(ratios[0])
        return ";".join(
            size if len(line) == 1 else ",".join([size, *line]) for size, line in zip(sizes, ratios, strict=True)
        )


def flipped(ratio: str) -> str:
    """The ratio with "," and ";" in each other's place."""
    return ratio.translate(str.maketrans(",;", ";,"))


def template(ratio: str, by_column: bool) -> list[str]:
    """The keywords that BREAK becomes, in order: those between the cells of the ratio as it is written."""
    numbers, keys = NUMBERS[by_column], KEYWORDS[by_column]
    if ";" not in ratio:
        return [keys.inner] * ratio.count(",")
    made: list[str] = []
    for line in numbers.lines(ratio):
        made += [keys.inner] * max(len(line) - 2, 0) + [keys.outer]
    return made[:-1]


def cells(separators: Sequence[str], ratio: str, by_column: bool) -> Cells:
    """The cells of a prompt whose regions these keywords separate. Without ADDROW and ADDCOL those of the ratio."""
    keys, numbers = KEYWORDS[by_column], NUMBERS[by_column]
    used = {keys.outer, keys.inner} & set(separators)
    if not used:
        lines = numbers.lines(ratio)
        ratios = [line[1:] or line for line in lines]
        return Cells([line[0] for line in lines], ratios, [[0] * len(line) for line in ratios])
    breaks = [[0]]
    for separator in separators:
        if separator == keys.outer:
            breaks.append([0])
        elif separator == keys.inner:
            breaks[-1].append(0)
        elif separator == BREAK:
            breaks[-1][-1] += 1
    if ";" not in ratio and len(used) == 1:
        # Along the one direction that there is: "1,2" are two cells of a line, or two lines.
        one_line = used == {keys.inner}
        numbers, ratio = (NUMBERS[False], f"1,{ratio}") if one_line else (NUMBERS[True], ratio)
    sizes, ratios = _spread(numbers.lines(ratio), [len(line) for line in breaks], sized=True)
    return Cells(sizes, ratios, breaks)


def base_ratios(text: str, counts: Sequence[int], by_column: bool) -> list[float]:
    """The base ratio of every cell, line by line; what is not a number is 0."""
    _, lines = _spread(NUMBERS[by_column].lines(text), counts, sized=False)
    return [number if math.isfinite(number) else 0.0 for line in lines for number in map(_float, line)]


def _spread(lines: Lines, counts: Sequence[int], *, sized: bool) -> tuple[list[str], Lines]:
    """The lines' sizes, and values for so many cells in each line.

    A short line repeats its last value. A long one goes on in the next line; at the end it is cut off. The last
    value of all is for the lines that are missing. ``sized``: a line begins with its size, which is also its cell's
    value where it stands alone.
    """
    sizes: list[str] = []
    made: Lines = []
    for line in lines:
        rest = line
        while rest and len(made) < len(counts):
            count = counts[len(made)]
            if sized:
                sizes.append(rest[0])
                rest = rest[1:] or rest
            made.append(rest[:count] + rest[-1:] * (count - len(rest)))
            rest = rest[count:]
    missing = len(counts) - len(made)
    return sizes + sizes[-1:] * missing, made + [lines[-1][-1:] * count for count in counts[len(made) :]]


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _positive(text: str) -> str:
    """A number as the split ratio writes it; what is not a number is 1, as in Regional Prompter."""
    number = _float(text)
    if math.isnan(number):
        return "1"
    if not 0 < number < math.inf:
        refuse("RP Ratios", f"{show(text)} is not above 0", "correct it")
    return format(Decimal(text), "f")
