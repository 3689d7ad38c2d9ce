"""A number for each region as text, as people paste it: "0.2, 0.4", "０．２，０．４", "0,2; 0,4", "0,2, 0,4"."""

from __future__ import annotations

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


def items_of(text: str) -> list[str]:
    """The numbers of a text in ASCII: between ``;``, where decimals may have commas, or else between commas."""
    pieces = text.split(";")
    return [with_points(piece) or piece for piece in pieces] if len(pieces) > 1 else text.split(",")


def annotated(numbers: list[Any], text: str) -> Numbers:
    """The numbers of a text with what is to be known of it."""
    made = Numbers(numbers)
    made.written = text
    plain = narrow(text)
    if plain != text or ";" in plain:
        made.notes = (f"{show(text)} is read as {show(', '.join(map(str, numbers)))}",)
    elif points := with_points(plain):
        made.points = points
        # "0,2,0,4" is 0.2 and 0.4, and "7,5,4,5" may lack two regions.
        made.is_likely = is_spaced(plain) or all(piece.strip() == "0" for piece in plain.split(",")[::2])
    return made
