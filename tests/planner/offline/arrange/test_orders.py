"""The order graph."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.offline.arrange.blocks import At, Before, Beside, Block, Constraint
from lib_rpg.planner.offline.arrange.orders import AxisOrder, Orders
from lib_rpg.planner.offline.grammar.orderings import X, Y


def blocks(count: int) -> list[Block]:
    return [Block(str(index), index=index) for index in range(count)]


def orders(count: int, constraints: Sequence[Constraint]) -> Orders:
    return Orders(blocks(count), constraints)


def test_an_order_is_transitive_and_refuses_a_circle() -> None:
    order = AxisOrder(3)
    assert order.add(0, 1) and order.add(1, 2)
    assert order.before(0, 2) and not order.before(2, 0)
    assert not order.add(2, 0) and not order.before(2, 0)
    assert not order.add(1, 1)


def test_places_are_ordered_among_each_other() -> None:
    order = AxisOrder(3)
    assert order.put(0, 1) and order.put(1, -1) and order.put(2, 0)
    assert order.before(1, 2) and order.before(2, 0) and order.before(1, 0)
    assert not order.put(0, -1) and order.place == [1, -1, 0]
    assert not order.add(0, 1)


def test_what_is_refused_leaves_no_trace() -> None:
    order = AxisOrder(2)
    order.put(0, 1)
    order.add(0, 1)
    assert not order.put(1, 0)  # after what is at the end, it cannot be in the middle
    assert order.place[1] is None
    assert order.put(1, 1)


def test_the_later_of_two_that_contradict_is_dropped() -> None:
    a, b = pair = blocks(2)
    first, second = Before(X, a, b), Before(X, b, a)
    known = Orders(pair, [first, second, At(Y, a, -1)])
    assert known.kept == [first, At(Y, a, -1)] and known.dropped == [second]


def test_beside_takes_the_order_of_mention_unless_there_is_another() -> None:
    a, b = pair = blocks(2)
    assert Orders(pair, [Beside(b, a)]).kept == [Before(X, a, b)]
    assert Orders(pair, [Beside(a, b), At(X, b, -1)]).kept == [At(X, b, -1), Before(X, b, a)]
    assert Orders(pair, [Beside(a, b), Before(Y, b, a)]).kept == [Before(Y, b, a)]


def test_what_has_no_place_is_guessed_to_be_beyond_what_has_one() -> None:
    a, b, c = three = blocks(3)
    known = Orders(three, [At(X, a, 1), At(X, b, -1)])
    assert known.ordered(X, c.index, a.index) and known.ordered(X, b.index, c.index)
    assert not known.stated(X, c.index, a.index) and known.stated(X, a.index, b.index)
    assert not known.related(Y, a.index, c.index)


def test_neighbours_share_their_orders_on_the_other_axis() -> None:
    cat, dog, bird, fish = four = blocks(4)
    known = Orders(four, [Before(X, cat, dog), Before(X, dog, fish), Before(Y, bird, fish)])
    for other in (cat, dog):
        assert known.ordered(Y, bird.index, other.index) and not known.stated(Y, bird.index, other.index)


def test_several_have_a_place_where_it_is_the_same() -> None:
    a, b, c = three = blocks(3)
    known = Orders(three, [At(X, a, -1), At(X, b, -1)])
    assert known.place(X, [0, 1]) == -1
    assert known.place(X, [0, 2]) is None and known.place(X, [c.index]) is None and known.place(X, []) is None
