"""Arranges blocks in a grid of cells, from the orders that say which block is left of or above which.

Blocks (a thing, or several of a kind) get an order on each axis from the relations and positions that the prompt
states. The set of blocks is cut again and again, across or down, wherever the orders allow it; of the few cut trees
that this gives, the one that keeps most of what was stated and is simplest wins. Its rectangles, in exact fractions
of the canvas, are then read off as rows of cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lib_rpg.layout.ratio import MAX_CELLS, Grid
from lib_rpg.planner.offline.arrange.blocks import At, Before, Beside, Block, Constraint
from lib_rpg.planner.offline.arrange.grid import Cell, read_off
from lib_rpg.planner.offline.arrange.judging import broken, cost
from lib_rpg.planner.offline.arrange.lines import TALL
from lib_rpg.planner.offline.arrange.orders import Orders
from lib_rpg.planner.offline.arrange.placing import Placing
from lib_rpg.planner.offline.arrange.rects import CANVAS
from lib_rpg.planner.offline.arrange.search import cut_apart, cut_halves, cut_trees
from lib_rpg.planner.offline.grammar.orderings import X, Y

_WORTH_PARTING = (0.7, 1.0)  # the cost of columns that go on beside what has no place; where this has an order on Y

__all__ = ["At", "Before", "Beside", "Block", "Cell", "Constraint", "arrange"]


def arrange(
    blocks: Sequence[Block], constraints: Iterable[Constraint], aspect: float
) -> tuple[Grid, list[Cell], list[Before | At]]:
    """Place the blocks (at least one) on a canvas of that aspect (width over height).

    Returns the grid, its cells in row-major order, and the constraints that could not be kept: those that
    contradict earlier ones, and those that no grid of the cut trees keeps. Sets the blocks' ``index``.
    """
    for index, block in enumerate(blocks):
        block.index = index
    orders = Orders(blocks, constraints)
    placing = Placing(orders, aspect)
    main = Y if aspect < TALL else X
    candidates = [placing.place(tree, CANVAS) for tree in cut_trees(orders, main)]
    best = min(candidates, key=lambda pieces: cost(pieces, orders.kept))
    apart = cut_apart(orders, main)
    worth = _WORTH_PARTING[any(constraint.axis == Y for constraint in orders.kept)]
    if apart is not None and cost(best, orders.kept) > worth:
        best = min(best, placing.place(apart, CANVAS), key=lambda pieces: cost(pieces, orders.kept))
    if (halves := cut_halves(orders, main)) is not None:
        best = min(placing.place(halves, CANVAS), best, key=lambda pieces: len(broken(pieces, orders.kept)))
    grid, cells = read_off(best)
    if len(cells) > MAX_CELLS and orders.kept:
        # "a column of six cats, a column of five dogs, a column of four hens …, from left to right": these have few
        # edges in common, so that each goes on through all rows, with more cells than a plan may have.
        grid, cells = _in_order_of_mention(blocks, aspect)
        return grid, cells, [*orders.dropped, *orders.kept]
    return grid, cells, [*orders.dropped, *broken(best, orders.kept)]


def _in_order_of_mention(blocks: Sequence[Block], aspect: float) -> tuple[Grid, list[Cell]]:
    grid, cells, _ = arrange([replace(block, array=None) for block in blocks], (), aspect)
    return grid, [cell if cell.block is None else replace(cell, block=blocks[cell.block.index]) for cell in cells]
