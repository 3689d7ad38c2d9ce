"""How much room the parts of a cut get."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from lib_rpg.planner.offline.arrange.lines import MAX_COLUMNS
from lib_rpg.planner.offline.arrange.orders import Orders
from lib_rpg.planner.offline.arrange.trees import Cut, Flow, Gap, Leaf, Tree, blocks_of, indices_of
from lib_rpg.planner.offline.grammar.orderings import X


def room(tree: Tree, axis: int) -> float:
    """How many usual cells' worth of room the tree wants on an axis."""
    if isinstance(tree, Leaf):
        block = tree.block
        if block.array is None:
            return block.size[axis] * (min(block.cells, MAX_COLUMNS - 1) if axis == X else 1)
        return block.size[axis] * (block.cells if axis == block.array else 1)
    if isinstance(tree, Gap):
        return 1.0
    rooms = [room(part, axis) for part in tree.parts]
    if isinstance(tree, Flow):
        return min(sum(rooms), MAX_COLUMNS) if axis == X else max(rooms)
    return sum(rooms) if tree.axis == axis else max(rooms)


def weight(size: float) -> Fraction:
    """A size as a small fraction, so that ratios stay readable."""
    return Fraction(size).limit_denominator(20)


def weighed_parts(cut: Cut, orders: Orders) -> list[tuple[Tree, Fraction]]:
    """The parts of a cut, each with its share of the room against the others; parts that stay empty are added."""
    placed = _with_gaps(cut, orders)
    parts = [part for part, _ in placed]
    places = [place for _, place in placed]
    weights = _keep_middle(_even_out(places, parts, cut.axis), places)
    return list(zip(parts, _as_stated(weights, parts, cut.axis), strict=True))


def _with_gaps(cut: Cut, orders: Orders) -> list[tuple[Tree, int | None]]:
    """The parts with their places. In the middle is between a start and an end: what is missing of the two stays empty.

    "in the bottom right corner a signature, in the center a rose": the top third is empty. But beside a row of several
    the middle takes the rest.
    """
    placed: list[tuple[Tree, int | None]]
    placed = [(part, orders.place(cut.axis, indices_of(part))) for part in cut.parts]
    places = {place for _, place in placed}
    if len(placed) == 1 or 0 not in places or not places & {-1, 1}:
        return placed
    first, last = placed[0][1], placed[-1][1]
    if any(place and len(blocks_of(part)) > 1 for part, place in placed):
        return placed
    if 1 not in places and last == 0:
        placed = [*placed, (Gap(), 1)]
    if -1 not in places and first == 0:
        placed = [(Gap(), -1), *placed]
    return placed


def _even_out(places: Sequence[int | None], parts: Sequence[Tree], axis: int) -> list[Fraction]:
    """The room that each part wants; start, middle and end get it by size, not by how much they hold.

    "two cats on the left, a dog on the right": the dog has one half.
    """
    weights = [weight(room(part, axis)) for part in parts]
    bands = [[i for i, _ in band] for _, band in groupby(enumerate(places), key=lambda item: item[1])]
    if any(places) and len(bands) > 1:
        for band in bands:
            total = sum(weights[i] for i in band)
            wish = max(weights[i] / _units(parts[i], axis) for i in band)
            for i in band:
                weights[i] *= wish / total
    return weights


def _keep_middle(weights: list[Fraction], places: Sequence[int | None]) -> list[Fraction]:
    """Make what is in the middle so large that its centre is there, where only one end has something.

    "a sun in the top left corner, a rainbow in the top right corner, a cloud in the middle"
    """
    if set(places) not in ({-1, 0}, {0, 1}):
        return weights
    edge = sum(w for w, place in zip(weights, places, strict=True) if place)
    middle = sum(w for w, place in zip(weights, places, strict=True) if not place)
    return [w if place else w * 3 * edge / middle for w, place in zip(weights, places, strict=True)]


def _units(part: Tree, axis: int) -> Fraction:
    """The room of a part over the size that it asks for: its cells on that axis."""
    return weight(room(part, axis) / max((block.size[axis] for block in blocks_of(part)), default=1.0))


def _as_stated(weights: list[Fraction], parts: Sequence[Tree], axis: int) -> list[Fraction]:
    """The weights with stated shares of the canvas, where these leave room for the rest, and none to nobody.

    "a panda in the left third, a koala": one third and two. "left half: a robot, right half: a human": nothing is left.
    """
    stated = [stated_share(part, axis) for part in parts]
    known = sum((share for share in stated if share), Fraction(0))
    free = sum((w for w, share in zip(weights, stated, strict=True) if not share), Fraction(0))
    if known and ((known < 1 and free) or (known == 1 and not free)):
        return [share or w / free * (1 - known) for w, share in zip(weights, stated, strict=True)]
    return weights


def stated_share(part: Tree, axis: int) -> Fraction | None:
    """The share of the canvas that the prompt states for all of the tree's blocks."""
    shares = {block.share[axis] for block in blocks_of(part)}
    return shares.pop() if len(shares) == 1 else None
