"""The order graph: what comes before what on each axis, from constraints and from what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from lib_rpg.planner.offline.arrange.blocks import At, Before, Beside, Block, Constraint
from lib_rpg.planner.offline.grammar.orderings import X, Y


class AxisOrder:
    """The order of n blocks on one axis, as bit masks of the transitive closure.

    Two fixed marks divide the canvas into start, middle and end, so that places and relations are one graph.
    """

    def __init__(self, n: int) -> None:
        self.place: list[int | None] = [None] * n
        self._marks = (n, n + 1)
        self.after = [0] * (n + 2)  # bit b of item a: a comes before b
        self._add([self._marks])

    def before(self, a: int, b: int) -> bool:
        """Whether a comes before b."""
        return bool(self.after[a] >> b & 1)

    def add(self, a: int, b: int) -> bool:
        """State that a comes before b; False, and nothing is added, if that contradicts what was stated."""
        return self._add([(a, b)])

    def put(self, a: int, place: int) -> bool:
        """State the position of `a` on the canvas; False, and nothing is added, if that contradicts what was stated."""
        start, end = self._marks
        edges = {-1: [(a, start)], 0: [(start, a), (a, end)], 1: [(end, a)]}[place]
        if self.place[a] not in (None, place) or not self._add(edges):
            return False
        self.place[a] = place
        return True

    def _add(self, edges: Sequence[tuple[int, int]]) -> bool:
        saved = list(self.after)
        for a, b in edges:
            if a == b or self.before(b, a):
                self.after = saved
                return False
            gained = self.after[b] | 1 << b
            for i in range(len(self.after)):
                if i == a or self.before(i, a):
                    self.after[i] |= gained
        return True


class Orders:
    """The order of blocks on both axes.

    A stated order is in the constraints or follows from them. A weak one is a guess: it holds between two blocks of
    which only one has a place, and carries over from neighbours. ``kept`` are the constraints that hold together,
    ``dropped`` those that contradict earlier ones.
    """

    def __init__(self, blocks: Sequence[Block], constraints: Iterable[Constraint]) -> None:
        n = len(blocks)
        self.blocks = list(blocks)
        self.kept: list[Before | At] = []
        self.dropped: list[Before | At] = []
        self._stated = (AxisOrder(n), AxisOrder(n))
        self._weak = ([0] * n, [0] * n)  # bit b of item a: a comes before b
        pairs: list[Beside] = []
        for constraint in constraints:
            if isinstance(constraint, Beside):
                pairs.append(constraint)
            else:
                (self.kept if self._state(constraint) else self.dropped).append(constraint)
        for pair in pairs:  # last, as any other order of the two is the better one
            self._put_beside(pair)
        for axis in (X, Y):
            self._weaken_by_places(axis)
            self._weaken_by_neighbours(axis)

    def before(self, axis: int, a: int, b: int) -> bool:
        """Whether it is stated that a comes before b."""
        return self._stated[axis].before(a, b)

    def stated(self, axis: int, a: int, b: int) -> bool:
        """Whether a stated order holds between the two."""
        return self.before(axis, a, b) or self.before(axis, b, a)

    def ordered(self, axis: int, a: int, b: int) -> bool:
        """Whether a comes before b, as stated or as guessed."""
        return bool((self._stated[axis].after[a] | self._weak[axis][a]) >> b & 1)

    def related(self, axis: int, a: int, b: int) -> bool:
        """Whether any order holds between the two."""
        return self.ordered(axis, a, b) or self.ordered(axis, b, a)

    def place(self, axis: int, members: Iterable[int]) -> int | None:
        """The place (-1, 0 or 1) that all members have; None where they have none or several."""
        places = {self._stated[axis].place[m] for m in members}
        return places.pop() if len(places) == 1 else None

    def _state(self, constraint: Before | At) -> bool:
        order = self._stated[constraint.axis]
        if isinstance(constraint, At):
            return order.put(constraint.block.index, constraint.place)
        return order.add(constraint.first.index, constraint.second.index)

    def _put_beside(self, pair: Beside) -> None:
        a, b = sorted((pair.first.index, pair.second.index))
        # "a desk by the window. On the desk, a laptop": what is ordered already needs no order of mention.
        if self.stated(X, a, b) or self.stated(Y, a, b):
            return
        # "a cat next to a dog on the left": the place beats the order of mention.
        if self.place(X, [b]) == -1 or self.place(X, [a]) == 1:
            a, b = b, a
        self._stated[X].add(a, b)
        self.kept.append(Before(X, self.blocks[a], self.blocks[b]))

    def _weaken_by_places(self, axis: int) -> None:
        """Put what has no place after what is at the start, and before what is at the end.

        "a panda in the left third, a koala": the koala comes after the panda.
        """
        places = self._stated[axis].place
        for (a, one), (b, two) in product(enumerate(places), enumerate(places)):
            if a != b and (one, two) in ((-1, None), (None, 1)):
                self._add_weak(axis, a, b)

    def _weaken_by_neighbours(self, axis: int) -> None:
        """Give neighbours on the one axis each other's orders on the other axis.

        "a cat left of a dog, a bird above the dog": side by side is level with, so the bird is above the cat, too.
        """
        for constraint in self.kept * 2:  # twice, so that it carries over from neighbour to neighbour
            if not isinstance(constraint, Before) or constraint.axis == axis:
                continue
            one, two = constraint.first.index, constraint.second.index
            for a, b in ((one, two), (two, one)):
                for c in range(len(self.blocks)):
                    if c != a and self.ordered(axis, b, c):
                        self._add_weak(axis, a, c)
                    elif c != a and self.ordered(axis, c, b):
                        self._add_weak(axis, c, a)

    def _add_weak(self, axis: int, a: int, b: int) -> None:
        if not self.related(axis, a, b):
            self._weak[axis][a] |= 1 << b
