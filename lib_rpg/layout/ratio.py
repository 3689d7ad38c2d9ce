"""The split ratio: how a text such as ``1;1,1,2`` cuts the canvas into cells, in exact rational numbers.

Grammar (RPG's and Regional Prompter's "Columns" form)::

    ratio  := row (";" row)*          with a ";": rows from top to bottom
    row    := height ("," width)*     a row of one number is one full-width cell
    ratio  := width ("," width)*      without ";": one full-height row, every number is a width
    number := digits | decimal | number "%" | digits "/" digits        spaces and line ends are free

Numbers are weights: only their proportions count, heights among the rows and widths within a row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NoReturn

from lib_rpg.errors import RpgError

MAX_CELLS = 64
MAX_DIGITS = 15
MAX_CHARACTERS = 2000

_MAX_OFFERED = 40
"""Characters of a ratio that is offered in a sentence."""
_SMALL_NUMBERS = ("one", "two", "three", "four", "five", "six")

Box = tuple[Fraction, Fraction, Fraction, Fraction]

_DECIMAL = re.compile(r"(?P<decimal>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:\s*(?P<percent>%))?")
_FRACTION = re.compile(r"(?P<over>[0-9]+)\s*/\s*(?P<under>[0-9]+)")


@dataclass(frozen=True)
class Row:
    """A row of a grid: its height and its cells' widths, in fractions of the canvas; the widths sum to 1."""

    height: Fraction
    widths: tuple[Fraction, ...]


@dataclass(frozen=True)
class Grid:
    """Cells that tile the canvas. The rows' heights sum to 1, and so do the widths in every row.

    With ``rows_first`` (Regional Prompter's "Rows" form) the grid is transposed: ``rows`` are then its
    columns from left to right, ``height`` is a column's width and ``widths`` are the heights of its cells
    from top to bottom.
    """

    rows: tuple[Row, ...]
    rows_first: bool = False

    def __len__(self) -> int:
        """The number of cells."""
        return sum(len(row.widths) for row in self.rows)

    def boxes(self) -> tuple[Box, ...]:
        """Every cell as exact ``(x, y, width, height)`` in fractions of the canvas, origin top-left.

        Row by row from left to right; with ``rows_first`` column by column from top to bottom.
        """
        boxes: list[Box] = []
        y = Fraction(0)
        for row in self.rows:
            x = Fraction(0)
            for width in row.widths:
                boxes.append((y, x, row.height, width) if self.rows_first else (x, y, width, row.height))
                x += width
            y += row.height
        return tuple(boxes)

    def row_of_cell(self) -> tuple[int, ...]:
        """For every cell, in the order of `boxes`, its row's index (with ``rows_first`` its column's)."""
        return tuple(index for index, row in enumerate(self.rows) for _ in row.widths)

    def to_text(self) -> str:
        """The canonical ratio text, in smallest whole numbers; `parse_ratio` reads it back to this grid."""
        if len(self.rows) == 1:
            return ",".join(map(str, _whole_numbers(self.rows[0].widths)))
        parts = []
        for height, row in zip(_whole_numbers([row.height for row in self.rows]), self.rows, strict=True):
            widths = _whole_numbers(row.widths) if len(row.widths) > 1 else []
            parts.append(",".join(map(str, [height, *widths])))
        return ";".join(parts)

    __str__ = to_text


def parse_ratio(text: str, rows_first: bool = False) -> Grid:
    """Read a split ratio.

    ``rows_first`` reads it column by column: ``;`` parts columns, the first number is a column's width, the
    rest are heights. At most `MAX_CELLS` cells, `MAX_CHARACTERS` characters and `MAX_DIGITS` digits in a
    number.

    Raises RpgError for any malformed text; it quotes the part and its position (in characters, from 1).
    """
    if not isinstance(text, str):
        raise RpgError(f"the split ratio is of type {type(text).__name__}; give it as text such as '1;1,2'")
    if len(text) > MAX_CHARACTERS:
        raise RpgError(f"the split ratio has {len(text)} characters; at most {MAX_CHARACTERS} are allowed")
    return _parse(text, bool(rows_first))


def fitting_advice(text: str, count: int, noun: str, rows_first: bool = False) -> str:
    """What to do about a well-formed ratio that has not ``count`` cells, with the ratio to write where it is short.

    ``noun`` is what there are ``count`` of: "part" or "region". "1;1,1" for three may have each number for a cell: then
    its second row lacks the height.
    """
    rows = [[number.strip() for number in row.split(",")] for row in text.split(";")]
    if len(rows) > 1 and sum(map(len, rows)) == count:
        lone = next((row[0] for row in rows if len(row) == 1), "1")
        meant = ";".join(row[0] if len(row) == 1 else ",".join([lone, *row]) for row in rows)
        line, size, beside = ("column", "width", "beside") if rows_first else ("row", "height", "above")
        cells = f" {beside} ".join(_in_words(len(row)) for row in rows)
        return f"in each {line} the first number is its {size}; for {cells} write {meant}"
    more = count - len(parse_ratio(text, rows_first))
    number = f"{_in_words(abs(more))} {noun}{'s' if abs(more) > 1 else ''}"
    change = f"take {number} away" if more > 0 else f"add {number}"
    if count > MAX_CELLS:
        return change
    made = _with_cells(rows, count)
    return f"{change}, or write {made}" if len(made) <= _MAX_OFFERED else f"{change}, or give the ratio {count} cells"


def _with_cells(rows: Sequence[Sequence[str]], count: int) -> str:
    """The ratio with so many cells: the last ones are left out, or new ones are as the last one."""
    lines = [list(row) for row in rows] if len(rows) > 1 else [["1", *rows[0]]]
    cells = [max(len(line) - 1, 1) for line in lines]
    while sum(cells) > count:
        cells[-1] -= 1
        if not cells[-1]:
            del cells[-1]
    lines = lines[: len(cells)]
    missing = count - sum(cells)
    if len(rows) > 1 and max(cells) == 1:  # "1;2" for three is "1;2;2"
        lines += [lines[-1]] * missing
        cells += [1] * missing
    else:
        cells[-1] += missing
    widths = [(line[1:] or ["1"])[:n] for line, n in zip(lines, cells, strict=True)]
    widths = [some + [some[-1]] * (n - len(some)) for some, n in zip(widths, cells, strict=True)]
    if len(widths) == 1:
        return ",".join(widths[0])
    return ";".join(
        ",".join([line[0], *some]) if len(some) > 1 else line[0] for line, some in zip(lines, widths, strict=True)
    )


def _in_words(number: int) -> str:
    return _SMALL_NUMBERS[number - 1] if number <= len(_SMALL_NUMBERS) else str(number)


@lru_cache(maxsize=256)
def _parse(text: str, rows_first: bool) -> Grid:
    if not text.strip():
        raise RpgError("the split ratio is empty; write one such as '1,1' for two columns or '1;1' for two rows")
    has_rows = ";" in text
    heights: list[Fraction] = []
    rows: list[tuple[Fraction, ...]] = []
    start = 0
    for index, part in enumerate(text.split(";"), 1):
        if not part.strip():
            _refuse(text, "", start, f"row {index} is empty", "write its numbers, or remove the ';'")
        numbers = _read_numbers(text, part, start, index)
        if has_rows:
            heights.append(numbers[0])
            rows.append(_normalised(text, part, start, numbers[1:] or [Fraction(1)]))
        else:
            heights.append(Fraction(1))
            rows.append(_normalised(text, part, start, numbers))
        start += len(part) + 1
    cells = sum(map(len, rows))
    if cells > MAX_CELLS:
        raise RpgError(f"the split ratio has {cells} cells; at most {MAX_CELLS} are allowed")
    heights_normalised = _normalised(text, text, 0, heights)
    return Grid(tuple(map(Row, heights_normalised, rows)), rows_first)


def _read_numbers(text: str, row: str, start: int, row_index: int) -> list[Fraction]:
    numbers = []
    for index, part in enumerate(row.split(","), 1):
        if not part.strip():
            message = f"number {index} of row {row_index} is empty"
            _refuse(text, "", start, message, "write it, or remove the ','")
        numbers.append(_read_number(text, part.strip(), start + len(part) - len(part.lstrip())))
        start += len(part) + 1
    return numbers


def _read_number(text: str, part: str, at: int) -> Fraction:
    advice = "write a number greater than 0 such as 2, 0.5, 50% or 1/3"
    if any(len(digits) > MAX_DIGITS for digits in re.findall(r"[0-9]+", part)):
        _refuse(text, part, at, f"has more than {MAX_DIGITS} digits", "round it")
    if match := _FRACTION.fullmatch(part):
        if int(match["under"]) == 0:
            _refuse(text, part, at, "divides by zero", advice)
        value = Fraction(int(match["over"]), int(match["under"]))
    elif match := _DECIMAL.fullmatch(part):
        value = Fraction(match["decimal"].rstrip(".")) / (100 if match["percent"] else 1)
    elif part[0] in "+-\N{MINUS SIGN}":
        _refuse(text, part, at, "has a sign", advice)
    elif ":" in part:
        _refuse(text, part, at, "contains a ':'", "separate cells with ',' and rows with ';'")
    else:
        _refuse(text, part, at, "is not a number", advice)
    if value <= 0:
        _refuse(text, part, at, "is zero", advice)
    return value


def _normalised(text: str, part: str, start: int, weights: Sequence[Fraction]) -> tuple[Fraction, ...]:
    # A common scale of bounded size keeps the arithmetic fast and the canonical text readable for the parser.
    if max(_whole_numbers(weights)) >= 10**MAX_DIGITS:
        at = start + len(part) - len(part.lstrip())
        _refuse(
            text,
            part.strip(),
            at,
            f"needs more than {MAX_DIGITS} digits on a common scale",
            "round its numbers",
        )
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def _whole_numbers(weights: Sequence[Fraction]) -> list[int]:
    """The smallest whole numbers in the same proportions."""
    scale = math.lcm(*(weight.denominator for weight in weights))
    scaled = [int(weight * scale) for weight in weights]
    divisor = math.gcd(*scaled)
    return [number // divisor for number in scaled]


def _refuse(text: str, part: str, at: int, problem: str, advice: str) -> NoReturn:
    what = f"{_quote(part)} at position {at + 1} {problem}" if part else f"{problem} (at position {at + 1})"
    raise RpgError(f"the split ratio {_quote(text)} cannot be read: {what}; {advice}")


def _quote(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
