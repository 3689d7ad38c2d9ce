"""Rectangles that tile the canvas, read off as a grid of rows of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from lib_rpg.layout.ratio import Grid, Row
from lib_rpg.planner.offline.arrange.blocks import Block
from lib_rpg.planner.offline.arrange.rects import Piece


@dataclass(frozen=True)
class Cell:
    """A cell of the grid: the block and which of its things, or no block; ``more``: it goes on from above."""

    block: Block | None
    index: int = 0
    more: bool = False


_Line = list[tuple[Cell, Fraction]]  # cells with their widths


def read_off(pieces: Sequence[Piece]) -> tuple[Grid, list[Cell]]:
    """The grid, and its cells in row-major order; a cell that spans several rows is in each of them."""
    edges = sorted({edge for piece in pieces for edge in (piece.rect.y0, piece.rect.y1)})
    lines = [_line(pieces, top, bottom) for top, bottom in pairwise(edges)]
    rows = (
        Row(bottom - top, tuple(width for _, width in line))
        for (top, bottom), line in zip(pairwise(edges), lines, strict=True)
    )
    return Grid(tuple(rows)), [cell for line in lines for cell, _ in line]


def _line(pieces: Sequence[Piece], top: Fraction, bottom: Fraction) -> _Line:
    """The cells between two heights, from left to right; empty ones side by side are one."""
    inside = [piece for piece in pieces if piece.rect.y0 <= top and piece.rect.y1 >= bottom]
    line: _Line = []
    for piece in sorted(inside, key=lambda piece: piece.rect.x0):
        width = piece.rect.x1 - piece.rect.x0
        if line and piece.block is None and line[-1][0].block is None:
            line[-1] = (line[-1][0], line[-1][1] + width)
        else:
            more = piece.block is not None and piece.rect.y0 < top
            line.append((Cell(piece.block, piece.index, more), width))
    return line
