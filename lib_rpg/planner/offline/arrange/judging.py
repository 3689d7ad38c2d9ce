"""Judging rectangles: what they do not keep of what was stated, and how simple their grid is."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lib_rpg.planner.offline.arrange.blocks import At, Before, Block
from lib_rpg.planner.offline.arrange.grid import read_off
from lib_rpg.planner.offline.arrange.rects import Piece, Rect

NARROW = Fraction(1, 9)  # of the canvas: a side below it is hard to draw in
MIDDLE = Fraction(1, 6)  # how far from the canvas' middle a centre may be to count as in the middle


def cost(pieces: Sequence[Piece], constraints: Sequence[Before | At]) -> float:
    """What of the constraints is not kept counts most, then narrow cells, empty ones and those that go on."""
    grid, cells = read_off(pieces)
    missed = 100.0 * len(broken(pieces, constraints))
    narrow = sum(2.0 for box in grid.boxes() if box[2] < NARROW or box[3] < NARROW)
    return missed + narrow + sum(0.4 if cell.more else 0.5 if cell.block is None else 0.0 for cell in cells)


def broken(pieces: Sequence[Piece], constraints: Sequence[Before | At]) -> list[Before | At]:
    """Which of the constraints the centres of the blocks do not keep."""
    spans: dict[int, Rect] = {}
    for piece in pieces:
        if piece.block is not None:
            index = piece.block.index
            spans[index] = piece.rect.around(spans.get(index, piece.rect))

    def centre(block: Block, axis: int) -> Fraction:
        return sum(spans[block.index].side(axis), Fraction(0)) / 2

    def keeps(constraint: Before | At) -> bool:
        axis = constraint.axis
        if isinstance(constraint, Before):
            return centre(constraint.first, axis) < centre(constraint.second, axis)
        off = centre(constraint.block, axis) - Fraction(1, 2)
        return abs(off) <= MIDDLE if constraint.place == 0 else off * constraint.place > 0

    return [constraint for constraint in constraints if not keeps(constraint)]
