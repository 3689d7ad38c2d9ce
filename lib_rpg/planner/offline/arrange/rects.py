"""Rectangles of the canvas, in exact fractions of it, and their contents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from lib_rpg.planner.offline.arrange.blocks import Block
from lib_rpg.planner.offline.grammar.orderings import X


@dataclass(frozen=True)
class Rect:
    """Edges as fractions of the canvas, origin top-left."""

    x0: Fraction
    y0: Fraction
    x1: Fraction
    y1: Fraction

    def side(self, axis: int) -> tuple[Fraction, Fraction]:
        """Where the rectangle starts and ends on an axis."""
        return (self.x0, self.x1) if axis == X else (self.y0, self.y1)

    def cut(self, axis: int, shares: Sequence[Fraction]) -> list[Rect]:
        """Cut along an axis into pieces in these proportions."""
        low, high = self.side(axis)
        total, done, edges = sum(shares), Fraction(0), [low]
        for share in shares:
            done += share
            edges.append(low + (high - low) * done / total)
        if axis == X:
            return [Rect(a, self.y0, b, self.y1) for a, b in pairwise(edges)]
        return [Rect(self.x0, a, self.x1, b) for a, b in pairwise(edges)]

    def cut_evenly(self, axis: int, count: int) -> list[Rect]:
        """Cut along an axis into equal pieces."""
        return self.cut(axis, [Fraction(1)] * count)

    def around(self, other: Rect) -> Rect:
        """The smallest rectangle that holds both."""
        return Rect(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def aspect(self, canvas: float) -> float:
        """Width over height, on a canvas of that aspect."""
        return float((self.x1 - self.x0) / (self.y1 - self.y0)) * canvas


CANVAS = Rect(Fraction(0), Fraction(0), Fraction(1), Fraction(1))


@dataclass(frozen=True)
class Piece:
    """A cell's rectangle: the block and which of its cells it is, or no block where the cell stays empty."""

    rect: Rect
    block: Block | None = None
    index: int = 0
