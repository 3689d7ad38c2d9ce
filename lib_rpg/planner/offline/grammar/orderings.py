"""Orders of a list: "from left to right", "in a row"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lib_rpg.planner.offline.grammar.cursor import Words, by_first_word

X, Y = 0, 1


@dataclass(frozen=True)
class Ordering:
    """The order of a list: along an axis, `backwards` from right to left or bottom to top.

    `strict` orders follow the list ("from left to right"); the others only say that things are side by side.
    """

    end: int
    axis: int
    backwards: bool = False
    strict: bool = True
    ring: bool = False  # "in a circle": no row
    grid: bool = False  # "in a grid": rows and columns


_FROM_TO: dict[tuple[str, ...], tuple[int, bool]] = {
    ("left", "to", "right"): (X, False),
    ("right", "to", "left"): (X, True),
    ("top", "to", "bottom"): (Y, False),
    ("bottom", "to", "top"): (Y, True),
}
_ARRANGED: dict[tuple[str, ...], int] = {
    ("side", "by", "side"): X,
    ("back", "to", "back"): X,
    ("face", "to", "face"): X,
    ("facing", "each", "other"): X,
    ("facing", "one", "another"): X,
    ("in", "a", "row"): X,
    ("in", "a", "line"): X,
    ("arranged", "horizontally"): X,
    ("in", "a", "column"): Y,
    ("in", "a", "stack"): Y,
    ("arranged", "vertically"): Y,
    ("stacked", "vertically"): Y,
    ("one", "above", "the", "other"): Y,
    ("one", "below", "the", "other"): Y,
    ("on", "top", "of", "each", "other"): Y,
    ("next", "to", "each", "other"): X,
    ("next", "to", "one", "another"): X,
    ("beside", "each", "other"): X,
    ("beside", "one", "another"): X,
    ("in", "a", "horizontal", "row"): X,
    ("in", "a", "vertical", "row"): Y,
    ("in", "a", "vertical", "line"): Y,
    ("one", "on", "top", "of", "the", "other"): Y,
    ("on", "top", "of", "one", "another"): Y,
}
_SHAPED = ((), ("arranged",), ("placed",), ("laid", "out"), ("sitting",), ("standing",))
_RINGS = [(*lead, "in", "a", shape) for lead in _SHAPED for shape in ("circle", "ring", "semicircle", "heap", "bunch")]
_GRIDS = [(*lead, "in", "a", *shape) for lead in _SHAPED for shape in (("grid",), ("neat", "grid"))]
_ORDERINGS = {
    **{phrase: Ordering(0, axis, strict=False) for phrase, axis in _ARRANGED.items()},
    **{phrase: Ordering(0, X, strict=False, ring=True) for phrase in _RINGS},
    **{phrase: Ordering(0, X, strict=False, grid=True) for phrase in _GRIDS},
}
_DIRECTED, _UNDIRECTED = by_first_word(_FROM_TO), by_first_word(_ORDERINGS)


def ordering(words: Words, i: int) -> Ordering | None:
    """ "from left to right", "in a row", "side by side", "from top to bottom" …"""
    start = i + (words.low(i) == "from")
    if phrase := words.phrase(start, _DIRECTED):
        return Ordering(start + len(phrase), *_FROM_TO[phrase])
    if words.starts(i, "side", "by", "side", "with"):
        return None  # "side by side with a dog" is a relation
    phrase = words.phrase(i, _UNDIRECTED)
    return replace(_ORDERINGS[phrase], end=i + len(phrase)) if phrase else None
