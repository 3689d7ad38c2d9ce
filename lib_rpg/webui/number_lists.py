"""A number for each region as text, as people paste it: "0.2, 0.4", "30%,", "０．２，０．４", "0,2; 0,4"."""

from __future__ import annotations

import math
from typing import Any

from lib_rpg.checks import show
from lib_rpg.decimal_commas import is_spaced, with_points
from lib_rpg.full_width import narrow


class Numbers(list[Any]):
    """The numbers of the regions as they are read, which may be those of another number of regions.

    ``points`` is the same text with its decimal commas as points, empty where it has none or cannot be read so;
    ``is_likely`` says whether it may be read so where that fits the regions, or is only worth a hint.
    """

    written: str = ""
    notes: tuple[str, ...] = ()
    points: str = ""
    is_likely: bool = False
    ends_blank: bool = False
    """Whether a separator is behind the last number: "0.3," is a number for one region, or one for the first of two."""

    @property
    def as_points(self) -> list[float]:
        """The numbers of ``points``; none where it is empty."""
        return [number_of(number) for number in self.points.split(", ")] if self.points else []

    def fitting(self, count: int) -> list[Any]:
        """The numbers, without the blank behind the last separator where that is one too many."""
        return self[:-1] if self.ends_blank and len(self) == count + 1 else list(self)


def number_of(item: object) -> float:
    """A number, or a text of one: "0.3", "30%", "３０ ％". Raises ValueError, TypeError or OverflowError for others."""
    if isinstance(item, bool) or not isinstance(item, int | float | str):
        raise TypeError(item)
    text = narrow(item).strip() if isinstance(item, str) else item
    # "1_0" is a number to Python alone.
    if isinstance(text, str) and "_" in text:
        raise ValueError(text)
    number = float(text[:-1]) / 100 if isinstance(text, str) and text.endswith("%") else float(text)
    if not math.isfinite(number):
        raise ValueError(number)
    return number


def items_of(text: str) -> list[str]:
    """The numbers of a text in ASCII: between ``;``, where decimals may have commas, or else between commas."""
    pieces = text.split(";")
    return [with_points(piece) or piece for piece in pieces] if len(pieces) > 1 else text.split(",")


def annotated(numbers: list[Any], text: str) -> Numbers:
    """The numbers of a text with what is to be known of it."""
    made = Numbers(numbers)
    made.written = text
    plain = narrow(text)
    made.ends_blank = plain.rstrip().endswith((",", ";"))
    if plain != text or ";" in plain:
        made.notes = (f"{show(text)} is read as {show(', '.join(map(_shown, numbers)))}",)
    elif points := with_points(bare := plain.rstrip().removesuffix(",")):
        made.points = points
        # "0,2,0,4" is 0.2 and 0.4, and "7,5,4,5" may lack two regions.
        made.is_likely = is_spaced(bare) or all(piece.strip() == "0" for piece in bare.split(",")[::2])
    return made


def _shown(item: Any) -> str:
    """An item as it may be typed: blank for none."""
    return "" if item is None else f"{item:g}" if isinstance(item, int | float) else str(item)
