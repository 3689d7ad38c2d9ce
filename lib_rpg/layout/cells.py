"""Cells of a ratio on a grid of tokens or pixels: which of them belong to which cell, in plain integers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from lib_rpg.layout.ratio import Grid


def boundaries(parts: Sequence[Fraction], tokens: int) -> list[int]:
    """Where ``tokens`` tokens are cut into ``len(parts)`` stretches: ``len(parts) + 1`` integers from 0 to
    tokens.

    ``parts`` are positive and sum to 1. A boundary is the exact cumulative sum times ``tokens``, rounded
    once, halves up. If there are as many tokens as parts, boundaries then move by the least possible total so
    that every stretch has a token; with fewer tokens they stay, and some stretches are empty.
    """
    count = len(parts)
    edges = [0]
    total = Fraction(0)
    for part in parts:
        total += part
        edges.append((2 * total.numerator * tokens + total.denominator) // (2 * total.denominator))
    if tokens < count or all(a < b for a, b in itertools.pairwise(edges)):
        return edges
    # Edges increase strictly where edges[i] - i does not decrease: take the nearest such sequence.
    offsets = _nearest_monotone([edge - i for i, edge in enumerate(edges)])
    return [i + min(max(offset, 0), tokens - count) for i, offset in enumerate(offsets)]


def _nearest_monotone(values: Sequence[int]) -> list[int]:
    """The non-decreasing sequence nearest to ``values`` in the sum of distances (pooled lower medians)."""
    blocks: list[list[int]] = []
    for value in values:
        block = [value]
        while blocks and _lower_median(blocks[-1]) > _lower_median(block):
            block = sorted(blocks.pop() + block)
        blocks.append(block)
    return [_lower_median(block) for block in blocks for _ in block]


def _lower_median(block: Sequence[int]) -> int:
    return block[(len(block) - 1) // 2]


def grid_cells(grid: Grid, h: int, w: int) -> list[tuple[int, int, int, int]]:
    """Every cell of ``grid`` on a grid of ``h`` × ``w`` tokens (or pixels) as ``(y0, y1, x0, x1)``, ends
    exclusive.

    In the order of `Grid.boxes`. The cells tile the tokens exactly. Each has at least one token if ``h`` is
    at least the number of rows and ``w`` the largest number of cells in a row (the other way round for a
    rows-first grid); otherwise some are empty. See `boundaries` for the rounding.
    """
    outer, inner = (w, h) if grid.rows_first else (h, w)
    ys = boundaries([row.height for row in grid.rows], outer)
    cells = []
    for row, y0, y1 in zip(grid.rows, ys, ys[1:], strict=False):
        xs = boundaries(row.widths, inner)
        for x0, x1 in itertools.pairwise(xs):
            cells.append((x0, x1, y0, y1) if grid.rows_first else (y0, y1, x0, x1))
    return cells
