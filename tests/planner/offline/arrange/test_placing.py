"""Lines, sizes and rectangles."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lib_rpg.planner.offline.arrange.blocks import At, Block, Constraint
from lib_rpg.planner.offline.arrange.lines import break_evenly, break_lines
from lib_rpg.planner.offline.arrange.orders import Orders
from lib_rpg.planner.offline.arrange.placing import Placing
from lib_rpg.planner.offline.arrange.rects import CANVAS, Rect
from lib_rpg.planner.offline.arrange.sizes import room, weighed_parts
from lib_rpg.planner.offline.arrange.trees import Cut, Flow, Gap, Leaf, Tree
from lib_rpg.planner.offline.grammar.orderings import X, Y

THIRD = Fraction(1, 3)


def block(index: int = 0, cells: int = 1, **settings) -> Block:
    return Block("abcd"[index], cells, index=index, **settings)


@pytest.mark.parametrize(
    ("rooms", "owners", "count", "lines"),
    [
        ([1, 1, 1, 1, 1], [0, 1, 2, 3, 4], 2, [[0, 1, 2], [3, 4]]),  # the first rows take the odd cell
        ([1, 1, 1, 1, 1], [0, 0, 1, 1, 1], 2, [[0, 1], [2, 3, 4]]),  # rather between kinds than within one
        ([3, 1, 1, 1], [0, 1, 2, 3], 2, [[0], [1, 2, 3]]),
    ],
)
def test_lines_are_even(rooms: list[int], owners: list[int], count: int, lines: list[list[int]]) -> None:
    assert break_evenly(rooms, owners, count) == lines


@pytest.mark.parametrize(
    ("items", "aspect", "whole", "lengths"),
    [
        (4, 1.0, True, [4]),
        (5, 1.0, True, [3, 2]),
        (3, 0.5, True, [1, 1, 1]),
        (6, 0.5, True, [2, 2, 2]),
        (4, 0.5, False, [2, 2]),
    ],
)
def test_how_many_stand_side_by_side_depends_on_the_shape(
    items: int, aspect: float, whole: bool, lengths: list[int]
) -> None:
    lines = break_lines([1] * items, list(range(items)), aspect, whole)
    assert [len(line) for line in lines] == lengths


def test_cuts_are_exact() -> None:
    left, right = CANVAS.cut(X, [Fraction(1), Fraction(2)])
    assert left == Rect(Fraction(0), Fraction(0), THIRD, Fraction(1)) and left.x1 == right.x0
    assert left.around(right) == CANVAS
    assert left.aspect(1.5) == 0.5
    assert [rect.side(Y) for rect in CANVAS.cut_evenly(Y, 2)] == [(0, Fraction(1, 2)), (Fraction(1, 2), 1)]


def test_the_room_that_a_tree_wants() -> None:
    one, three, row = Leaf(block()), Leaf(block(1, 3)), Leaf(block(2, 6, array=Y))
    assert (room(one, X), room(three, X), room(three, Y)) == (1, 3, 1)
    assert (room(Leaf(block(0, 6)), X), room(row, X), room(row, Y)) == (3, 1, 6)  # six wrap, a column does not
    assert room(Leaf(block(size=(2.0, 0.5))), Y) == 0.5
    assert (room(Cut(X, (one, three)), X), room(Cut(X, (one, row)), Y), room(Gap(), X)) == (4, 6, 1)
    assert (room(Flow((three, three)), X), room(Flow((three, three)), Y)) == (4, 1)


def shares(cut: Cut, constraints: list[Constraint], blocks: list[Block]) -> list[tuple[str, Fraction]]:
    weighed = weighed_parts(cut, Orders(blocks, constraints))
    total = sum(share for _, share in weighed)
    return [(part.block.name if isinstance(part, Leaf) else "_", share / total) for part, share in weighed]


def test_shares_go_by_size_and_as_stated() -> None:
    a, b = pair = [block(0), block(1, 2)]
    cut = Cut(X, (Leaf(a), Leaf(b)))
    assert shares(cut, [], pair) == [("a", THIRD), ("b", 2 * THIRD)]
    # Left and right are halves, however many things are in them.
    assert shares(cut, [At(X, a, -1), At(X, b, 1)], pair) == [("a", Fraction(1, 2)), ("b", Fraction(1, 2))]
    a.share[X] = Fraction(1, 4)
    assert shares(cut, [], pair) == [("a", Fraction(1, 4)), ("b", Fraction(3, 4))]
    b.share[X] = Fraction(1, 4)  # together less than the canvas, and nobody else: no share can hold
    assert shares(cut, [], pair) == [("a", THIRD), ("b", 2 * THIRD)]


def test_the_middle_has_something_on_both_sides() -> None:
    a, b = pair = [block(0), block(1)]
    cut = Cut(X, (Leaf(a), Leaf(b)))
    assert [name for name, _ in shares(cut, [At(X, a, -1), At(X, b, 0)], pair)] == ["a", "b", "_"]
    assert [name for name, _ in shares(cut, [At(X, a, 0), At(X, b, 1)], pair)] == ["_", "a", "b"]


def places(tree: Tree, blocks: list[Block], constraints: list[Constraint], rect: Rect = CANVAS) -> list[str]:
    pieces = Placing(Orders(blocks, constraints), 1.0).place(tree, rect)
    area = sum((p.rect.x1 - p.rect.x0) * (p.rect.y1 - p.rect.y0) for p in pieces)
    assert area == (rect.x1 - rect.x0) * (rect.y1 - rect.y0)
    return [
        f"{p.block.name}{p.index} {p.rect.x0}-{p.rect.x1} {p.rect.y0}-{p.rect.y1}"
        for p in pieces
        if p.block is not None
    ]


def test_a_block_with_a_place_goes_there_unless_it_is_there() -> None:
    a = block()
    assert places(Leaf(a), [a], [At(X, a, 1), At(Y, a, -1)]) == ["a0 1/2-1 0-1/2"]
    assert places(Leaf(a), [a], [At(X, a, 0)]) == ["a0 1/4-3/4 0-1"]
    right = CANVAS.cut_evenly(X, 2)[1]
    assert places(Leaf(a), [a], [At(X, a, 1)], right) == ["a0 1/2-1 0-1"]
    a.share[X] = THIRD
    assert places(Leaf(a), [a], [At(X, a, -1)]) == ["a0 0-1/3 0-1"]


def test_cells_flow_across_blocks_but_arrays_stay_whole() -> None:
    a, b = pair = [block(0, 2), block(1, 3)]
    flow = Flow((Leaf(a), Leaf(b)))
    assert [text.split()[0] for text in places(flow, pair, [])] == ["a0", "a1", "b0", "b1", "b2"]
    b.array = Y
    assert places(flow, pair, [])[2:] == ["b0 2/3-1 0-1/3", "b1 2/3-1 1/3-2/3", "b2 2/3-1 2/3-1"]
