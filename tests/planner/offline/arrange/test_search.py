"""The search for cut trees."""

from __future__ import annotations

from random import Random

from lib_rpg.planner.offline.arrange.blocks import At, Before, Block, Constraint
from lib_rpg.planner.offline.arrange.orders import Orders
from lib_rpg.planner.offline.arrange.search import cut_apart, cut_trees
from lib_rpg.planner.offline.arrange.trees import Cut, Gap, Leaf, Tree, blocks_of
from lib_rpg.planner.offline.grammar.orderings import X, Y

A, B, C, D = (Block(name, index=index) for index, name in enumerate("abcd"))


def text(tree: Tree) -> str:
    """A tree as text: | side by side, / above each other, spaces for a flow, _ for a gap."""
    if isinstance(tree, Leaf):
        return tree.block.name
    if isinstance(tree, Gap):
        return "_"
    sign = " |/"[1 + tree.axis] if isinstance(tree, Cut) else " "
    return f"({sign.join(text(part) for part in tree.parts)})"


def found(blocks: list[Block], constraints: list[Constraint], main: int = X) -> list[str]:
    return [text(tree) for tree in cut_trees(Orders(blocks, constraints), main)]


def test_without_an_order_all_flows() -> None:
    assert found([A], []) == ["a"]
    assert found([A, B, C], []) == ["(a b c)"]
    assert found([A, B, C], [], main=Y) == ["(a b c)"]


def test_orders_are_cuts() -> None:
    assert found([A, B], [Before(X, B, A)]) == ["(b|a)"]
    assert found([A, B], [Before(Y, B, A)]) == ["(b/a)"]
    assert found([A, B, C], [Before(X, A, B), Before(Y, C, A), Before(Y, C, B)]) == ["(c/(a|b))"]


def test_an_order_on_both_axes_goes_corner_to_corner_first() -> None:
    assert found([A, B], [Before(X, B, A), Before(Y, A, B)])[0] == "((_|a)/(b|_))"


def test_what_is_ordered_stays_together_in_a_flow() -> None:
    assert found([A, B, C, D], [Before(X, A, B)])[0] == "((a|b) c d)"


def test_things_of_one_band_share_its_rows_on_a_tall_canvas() -> None:
    assert found([A, B, C], [Before(Y, A, C), Before(Y, B, C)], main=Y)[0] == "((a b)/c)"


def test_what_interlocks_is_one_part() -> None:
    constraints: list[Constraint] = [Before(X, A, B), Before(Y, C, A), Before(Y, B, D)]
    assert found([A, B, C, D], constraints)[0] == "((c/a)|(b/d))"


def test_rows_by_height_where_no_cut_keeps_the_orders() -> None:
    # A is at the bottom and B is still below it; C is guessed to be above A, and has no order with B.
    assert found([A, B, C], [At(Y, A, 1), Before(Y, A, B)]) == ["((a|c)/b)"]


def apart(blocks: list[Block], constraints: list[Constraint]) -> str:
    tree = cut_apart(Orders(blocks, constraints), X)
    return text(tree) if tree is not None else ""


def test_what_has_no_place_can_stand_above_columns_that_have_one() -> None:
    sides: list[Constraint] = [At(X, A, -1), At(X, B, 1)]
    assert apart([A, B, C], sides) == "(c/(a|b))"
    assert apart([A, B, C, D], [*sides, Before(Y, D, C)]) == "((d/c)/(a|b))"
    assert apart([A, B, C, D], [*sides, Before(X, A, C), Before(X, C, B)]) == "(d/(a|c|b))"
    # One column alone leaves room beside it; a column with a height has its place on both axes.
    assert apart([A, C], sides[:1]) == apart([A, B, C], [*sides, At(Y, A, -1)]) == apart([A, B], sides) == ""


def test_a_few_trees_only_and_each_holds_every_block_once() -> None:
    draw = Random(1)
    blocks = [Block(str(index), index=index) for index in range(6)]
    counts = set()
    for _ in range(100):
        constraints = [Before(draw.choice((X, Y)), *draw.sample(blocks, 2)) for _ in range(6)]
        trees = cut_trees(Orders(blocks, constraints), X)
        counts.add(len(trees))
        for tree in trees:
            assert sorted(block.index for block in blocks_of(tree)) == list(range(6))
    assert 1 < max(counts) <= 8
