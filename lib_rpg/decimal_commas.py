"""Lists of numbers whose decimals have a comma: "0,2, 0,4"."""

from __future__ import annotations

import re
from itertools import pairwise

_WHOLE = re.compile(r"[0-9]+")
_END = re.compile(r"[0-9]+\s*%?")


def with_points(numbers: str) -> str | None:
    """A list with commas between its numbers, read with decimal commas and written with points.

    Where some commas have a space beside them, those are between numbers and the others inside: "0,2, 0,4", "1,5, 2".
    Where none has, they are in turn the one and the other: "0,2,0,4", and not "1,0,5". None where the list cannot be
    read so.
    """
    pieces = numbers.split(",")
    inside = [not (left[-1:].isspace() or right[:1].isspace()) for left, right in pairwise(pieces)]
    if all(inside):
        if len(pieces) % 2:
            return None
        inside = [index % 2 == 0 for index in range(len(inside))]
    made: list[str] = []
    for index, piece in enumerate(pieces):
        bare = piece.strip()
        if index and inside[index - 1]:
            if not _WHOLE.fullmatch(made[-1]) or not _END.fullmatch(bare):
                return None
            made[-1] += f".{bare}"
        else:
            made.append(bare)
    return ", ".join(made) if any(inside) and all(map(_is_read, made)) else None


def is_spaced(numbers: str) -> bool:
    """Whether spaces tell the commas between numbers from those inside."""
    return bool(re.search(r"\s,|,\s", numbers))


def _is_read(number: str) -> bool:
    return bool(re.fullmatch(r"[0-9]+(?:\.[0-9]+)?\s*%?", number))
