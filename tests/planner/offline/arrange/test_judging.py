"""Reading off the grid, judging it, and the fallback for grids that are too large."""

from __future__ import annotations

from itertools import pairwise

from lib_rpg.layout.ratio import MAX_CELLS
from lib_rpg.planner.offline.arrange import arrange
from lib_rpg.planner.offline.arrange.blocks import At, Before, Block
from lib_rpg.planner.offline.arrange.grid import read_off
from lib_rpg.planner.offline.arrange.judging import broken, cost
from lib_rpg.planner.offline.arrange.rects import CANVAS, Piece
from lib_rpg.planner.offline.grammar.orderings import X, Y

A, B, C = (Block(name, index=index) for index, name in enumerate("abc"))
LEFT, RIGHT = CANVAS.cut_evenly(X, 2)
UPPER, LOWER = RIGHT.cut_evenly(Y, 2)


def test_a_cell_that_spans_rows_goes_on_and_empty_neighbours_are_one() -> None:
    grid, cells = read_off([Piece(UPPER, B), Piece(LOWER, C), Piece(LEFT, A)])
    assert grid.to_text() == "1,1,1;1,1,1"
    assert [(cell.block, cell.more) for cell in cells] == [(A, False), (B, False), (A, True), (C, False)]
    grid, cells = read_off([Piece(UPPER), Piece(LOWER, C), *(Piece(part) for part in LEFT.cut_evenly(Y, 2))])
    assert grid.to_text() == "1;1,1,1"
    assert [cell.block for cell in cells] == [None, None, C]


def test_centres_show_what_is_broken() -> None:
    pieces = [Piece(LEFT, A), Piece(UPPER, B), Piece(LOWER, B, 1)]
    right = Before(X, A, B)
    assert broken(pieces, [right, At(X, A, -1), At(X, B, 1), At(Y, B, 0)]) == []
    wrong = [Before(X, B, A), Before(Y, A, B), At(X, A, 1), At(X, B, 0)]
    assert broken(pieces, [right, *wrong]) == wrong


def test_what_is_broken_costs_more_than_what_is_untidy() -> None:
    tidy, untidy = [Piece(LEFT, A), Piece(RIGHT, B)], [Piece(LEFT, A), Piece(UPPER, B), Piece(LOWER)]
    assert cost(tidy, []) == 0
    assert 0 < cost(untidy, []) < cost(tidy, [Before(X, B, A)])
    narrow = [Piece(rect, A, index) for index, rect in enumerate(CANVAS.cut_evenly(X, 10))]
    assert cost(narrow, []) == 20


def test_too_many_cells_fall_back_on_the_order_of_mention() -> None:
    columns = [Block(str(cells), cells, array=Y) for cells in (6, 5, 4, 2, 2, 2)]
    relations = [Before(X, one, two) for one, two in pairwise(columns)]
    grid, cells, left_out = arrange(columns, relations, 1.0)
    assert left_out == relations
    assert len(grid) == len(cells) <= MAX_CELLS
    assert [(cell.block, cell.index) for cell in cells] == [(b, i) for b in columns for i in range(b.cells)]
    assert all(block.array == Y for block in columns)
