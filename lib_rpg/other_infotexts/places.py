"""A layout from parts of a prompt that have a place and a weight on the canvas, as Forge and Latent Couple have."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from lib_rpg.checks import refuse, show
from lib_rpg.errors import RpgError
from lib_rpg.layout.ratio import Grid, Row, parse_ratio
from lib_rpg.other_infotexts.pasted import Layout, plain, region_words
from lib_rpg.plan import MAX_REGIONS, MAX_WEIGHT, Region

# A thousandth of a side is less than a token; so 0.3333 and 0.333333 are a third.
_FINEST = 1000


@dataclass(frozen=True)
class Place:
    """A part of the prompt, its place from 0 to 1 along each side of the canvas, and its weight, not below 0."""

    words: str
    left: Fraction
    right: Fraction
    top: Fraction
    bottom: Fraction
    weight: float

    @property
    def box(self) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """x, y, width and height."""
        return self.left, self.top, self.right - self.left, self.bottom - self.top

    @property
    def area(self) -> Fraction:
        """The share of the canvas; 0 for a place that is not there."""
        return max(self.right - self.left, Fraction(0)) * max(self.bottom - self.top, Fraction(0))

    def covers(self, x: Fraction, y: Fraction) -> bool:
        """Whether a point of the canvas is in the place."""
        return self.left <= x < self.right and self.top <= y < self.bottom

    def meets(self, other: Place) -> bool:
        """Whether two places overlap."""
        in_x = max(self.left, other.left) < min(self.right, other.right)
        return in_x and max(self.top, other.top) < min(self.bottom, other.bottom)


def on_canvas(value: float | Fraction) -> Fraction:
    """A share of a side, cut off at the canvas' border, as a simple fraction."""
    return min(max(Fraction(value), Fraction(0)), Fraction(1)).limit_denominator(_FINEST)


def lay_out(places: Sequence[Place], tool: str, notes: list[str]) -> Layout:
    """The layout in which every place's words have the share of each point that its weight is of all weights there.

    The first place that is the whole canvas is the base prompt: against a part of weight w its weight b gives the base
    ratio b / (b + w). Where the other parts overlap, this is no constant; then it is a region as well. Raises RpgError
    where no part has a place.
    """
    acting = [place for place in places if place.weight > 0 and place.area]
    if idle := [show(place.words) for place in places if place not in acting]:
        notes.append(f"{tool} drew nothing of {', '.join(idle[:10])}, for want of a place or a weight: left out")
    if not acting:
        refuse("its parts", "none has a place on the canvas", "correct them")
    if len(acting) > MAX_REGIONS + 1:
        refuse("its parts", f"{len(acting)} are too many", f"leave at most {MAX_REGIONS}")
    base = next((place for place in acting if place.area == 1), None) if len(acting) > 1 else None
    parts = [place for place in acting if place is not base]
    if base and not base.words:
        notes.append(f"the part of {tool}'s prompt for the whole picture has no words and is left out")
        base = None
    if any(one.meets(other) for one, other in itertools.combinations(parts, 2)):
        return _overlapping(base, parts, tool, notes)
    covered = sum(place.area for place in parts) == 1
    if not base and not covered:
        notes.append(f"where no part of {tool}'s prompt has a place, the tab's prompt acts here")
    share = base.weight if base else 0.0
    ratios = [share / (share + place.weight) for place in parts]
    grid = _grid_of(parts) if covered else None
    regions = [_region(place, tool, notes, base_ratio=r) for place, r in zip(parts, ratios, strict=True)]
    base_words = plain(base.words, tool, notes) if base else ""
    words = [place.words for place in parts]
    if grid is None:
        return Layout(regions, base_words, words)
    ratio, rows_first, order = grid
    return Layout([regions[i] for i in order], base_words, words, ratio, rows_first)


def _overlapping(base: Place | None, parts: list[Place], tool: str, notes: list[str]) -> Layout:
    """Free boxes that share a point by their weights; the base prompt is one of them."""
    if base:
        notes.append(f"parts of {tool}'s prompt overlap, so the one for the whole picture is a region as well")
    else:
        notes.append(f"where no part of {tool}'s prompt has a place, the tab's prompt acts here")
    shown = [base, *parts] if base else parts
    scale = min(1.0, MAX_WEIGHT / max(place.weight for place in shown))
    regions = [replace(_region(place, tool, notes), weight=place.weight * scale) for place in shown]
    return Layout(regions, plain(base.words, tool, notes) if base else "", [place.words for place in parts])


def _region(place: Place, tool: str, notes: list[str], base_ratio: float = 0.0) -> Region:
    x, y, width, height = map(float, place.box)
    return Region(region_words(place.words, tool, notes), box=(x, y, width, height), base_ratio=base_ratio)


def _grid_of(parts: Sequence[Place]) -> tuple[str, bool, list[int]] | None:
    """The ratio of parts that tile the canvas, whether it is of columns, and the parts in the order of its cells.

    None where they are neither rows of cells nor columns of cells.
    """
    return _lines_of(parts, lambda one: (one.top, one.bottom), lambda one: (one.left, one.right), False) or _lines_of(
        parts, lambda one: (one.left, one.right), lambda one: (one.top, one.bottom), True
    )


_Side = Callable[[Place], tuple[Fraction, Fraction]]


def _lines_of(
    parts: Sequence[Place], outer: _Side, inner: _Side, rows_first: bool
) -> tuple[str, bool, list[int]] | None:
    order = sorted(range(len(parts)), key=lambda i: (outer(parts[i]), inner(parts[i])))
    rows = []
    for (start, end), line in itertools.groupby(order, key=lambda i: outer(parts[i])):
        widths = tuple(inner(parts[i])[1] - inner(parts[i])[0] for i in line)
        if sum(widths) != 1:
            return None
        rows.append(Row(end - start, widths))
    ratio = Grid(tuple(rows)).to_text()
    try:
        parse_ratio(ratio)
    except RpgError:  # fractions without a short common scale
        return None
    return ratio, rows_first, order
