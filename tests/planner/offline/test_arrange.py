"""Blocks and orders to a grid."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from lib_rpg.layout.ratio import MAX_CELLS, parse_ratio
from lib_rpg.planner.offline.arrange import At, Before, Beside, Block, Cell, Constraint, arrange
from lib_rpg.planner.offline.grammar.orderings import X, Y
from tests.examples import examples

A, B, C, D = (Block(name) for name in "abcd")


def as_text(blocks: Sequence[Block], constraints: Sequence[Constraint] = (), aspect: float = 1.0) -> str:
    grid, cells, broken = arrange(blocks, constraints, aspect)
    names = ["_" if cell.block is None else ("~" if cell.more else "") + cell.block.name for cell in cells]
    assert not broken
    return f"{grid.to_text()} {' '.join(names)}"


def test_no_order() -> None:
    assert as_text([A, B]) == "1,1 a b"
    assert as_text([A, B], aspect=0.5) == "1;1 a b"
    assert as_text([A, B, C, D, Block("e")]) == "1,1,1,1;1,1,1 a b c d e"
    assert as_text([Block("k", 3), Block("m", 2)]) == "1,1,1,1;1,1,1 k k k m m"


def test_four_that_do_not_stand_upright_are_two_above_two() -> None:
    flat = [Block(name, upright=False) for name in "abcd"]
    assert as_text(flat) == "1,1,1;1,1,1 a b c d"
    assert as_text(flat[:3]) == "1,1,1 a b c"
    assert as_text([Block("k", 4, upright=False)]) == "1,1,1;1,1,1 k k k k"
    assert as_text([*flat[:3], D]) == "1,1,1,1 a b c d", "one of them may stand upright"
    assert as_text(flat, aspect=1.5) == "1,1,1,1 a b c d"
    two = Block("k", 2, upright=False)
    assert as_text([A, two], [At(X, A, -1), At(X, two, 1)]) == "2,1,1 a k k", "in a half they stand on the same ground"


def test_orders() -> None:
    assert as_text([A, B], [Before(X, B, A)]) == "1,1 b a"
    assert as_text([A, B, C], [Before(X, A, B), Before(Y, C, A), Before(Y, C, B)]) == "1;1,1,1 c a b"
    assert as_text([A, B, C, D], [Before(X, A, B), Before(Y, B, C), Before(X, D, C)]) == "1,1,1;1,1,1 a b d c"
    assert as_text([A, B], [Before(X, A, B), Before(Y, A, B)]) == "1,1,1;1,1,1 a _ _ b"
    assert as_text([A, B], [Beside(A, B)], aspect=0.5) == "1,1 a b"


def test_places() -> None:
    corners = [
        At(X, A, -1),
        At(Y, A, -1),
        At(X, B, 1),
        At(Y, B, -1),
        At(X, C, -1),
        At(Y, C, 1),
        At(X, D, 1),
        At(Y, D, 1),
    ]
    assert as_text([A, B, C, D], corners) == "1,1,1;1,1,1 a b c d"
    assert as_text([A], [At(X, A, -1)]) == "1,1 a _"
    assert as_text([A], [At(X, A, 0), At(Y, A, 0)]) == "1;2,1,2,1;1 _ _ a _ _"
    assert as_text([A, B], [At(X, A, -1), At(X, B, 0)]) == "1,1,1 a b _"
    assert as_text([A, B, C], [At(X, A, -1), At(X, B, 1), At(Y, C, 1)]) == "1,1,1;1 a b c"
    assert as_text([A, B, C], [At(X, A, -1), Before(Y, B, C), At(X, B, 1), At(X, C, 1)]) == "1,1,1;1,1,1 a b ~a c"


def test_a_contradiction_drops_the_later_one() -> None:
    last = Before(X, C, A)
    grid, cells, broken = arrange([A, B, C], [Before(X, A, B), Before(X, B, C), last], 1.0)
    assert (grid.to_text(), [cell.block for cell in cells], broken) == ("1,1,1", [A, B, C], [last])
    twice = At(X, A, 1)
    assert arrange([A, B], [At(X, A, -1), twice], 1.0)[2] == [twice]


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[Block], list[Constraint], float]:
    blocks = [
        Block(str(i), draw(st.integers(1, 4)), array=draw(st.sampled_from([None, None, X, Y])))
        for i in range(draw(st.integers(1, 7)))
    ]
    one = st.sampled_from(blocks)
    axis = st.sampled_from([X, Y])
    pair = st.tuples(one, one).filter(lambda two: two[0] is not two[1]) if len(blocks) > 1 else st.nothing()
    constraint: st.SearchStrategy[Constraint] = st.one_of(
        st.builds(At, axis, one, st.sampled_from([-1, 0, 1])),
        st.builds(lambda a, two: Before(a, *two), axis, pair),
        st.builds(lambda two: Beside(*two), pair),
    )
    return blocks, draw(st.lists(constraint, max_size=8)), draw(st.sampled_from([0.5, 1.0, 2.0]))


@settings(max_examples=examples(300))
@given(problem=problems())
def test_every_cell_is_used_once_and_what_is_not_reported_as_broken_is_kept(
    problem: tuple[list[Block], list[Constraint], float],
) -> None:
    blocks, constraints, aspect = problem
    grid, cells, broken = arrange(blocks, constraints, aspect)
    assert len(grid) == len(cells) <= MAX_CELLS
    assert parse_ratio(grid.to_text()) == grid
    first = [(cell.block.name, cell.index) for cell in cells if cell.block is not None and not cell.more]
    assert sorted(first) == [(block.name, i) for block in blocks for i in range(block.cells)]
    boxes = grid.boxes()

    def centre(block: Block, axis: int) -> float:
        mine = [box for cell, box in zip(cells, boxes, strict=True) if owns(cell, block)]
        return float(min(box[axis] for box in mine) + max(box[axis] + box[axis + 2] for box in mine)) / 2

    for c in constraints:
        if any(c is b for b in broken):
            continue
        if isinstance(c, Before):
            assert centre(c.first, c.axis) < centre(c.second, c.axis)
        elif isinstance(c, At) and c.place:
            assert (centre(c.block, c.axis) - 0.5) * c.place > 0
        elif isinstance(c, At):
            assert abs(centre(c.block, c.axis) - 0.5) < 0.17


def owns(cell: Cell, block: Block) -> bool:
    return cell.block is block
