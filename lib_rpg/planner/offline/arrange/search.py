"""The search for cut trees that keep the orders of blocks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product

from lib_rpg.planner.offline.arrange.blocks import At, blocks_in
from lib_rpg.planner.offline.arrange.orders import Orders
from lib_rpg.planner.offline.arrange.trees import Cut, Flow, Gap, Leaf, Tree
from lib_rpg.planner.offline.grammar.orderings import X, Y

_HALF = Fraction(1, 2)
MAX_TREES = 4  # cut trees of one cut's parts; twice as many are kept for each set of blocks
ONE_LINE = 4  # parts that stay side by side rather than in rows between what is left and right of them

Members = tuple[int, ...]  # indices of blocks


def cut_trees(orders: Orders, main: int) -> list[Tree]:
    """A few ways to cut the canvas for all blocks, best guess first.

    main: the axis on which blocks follow each other where no order is known.
    """
    return _Search(orders, main).trees(tuple(range(len(orders.blocks))))


def cut_apart(orders: Orders, main: int) -> Tree | None:
    """What has no place in rows above the columns that have one, which keep the places that they have alone.

    "a man on the left, a woman on the right, a dog between them, a steam train": the columns need not go on beside the
    train. None where that parts what belongs together, or there are no such columns.
    """
    columns = _columns(orders)
    rest = tuple(k for k in range(len(orders.blocks)) if k not in columns)
    search = _Search(orders, main)
    return Cut(Y, (search.trees(rest)[0], search.trees(columns)[0])) if rest and len(columns) > 1 else None


def cut_halves(orders: Orders, main: int) -> Tree | None:
    """The two halves of the canvas where the prompt states one for every block: "left half: …, right half: …"."""
    everyone = range(len(orders.blocks))
    for axis in (X, Y):
        placed = [c for c in orders.kept if isinstance(c, At) and c.axis == axis and c.block.share[axis] == _HALF]
        sides = {c.block.index: c.place for c in placed}
        first, second = (tuple(k for k in everyone if sides.get(k) == side) for side in (-1, 1))
        if first and second and len(first) + len(second) == len(everyone):
            search = _Search(orders, main)
            return Cut(axis, (search.trees(first)[0], search.trees(second)[0]))
    return None


def _columns(orders: Orders) -> Members:
    """The blocks with a place on X, and those that have an order with these; none if one of them has a height."""
    columns = {c.block.index for c in orders.kept if isinstance(c, At) and c.axis == X}
    for _ in orders.blocks:
        for c in orders.kept:
            indices = {block.index for block in blocks_in(c)}
            columns |= indices if indices & columns else set()
    high = any(c.axis == Y and columns & {block.index for block in blocks_in(c)} for c in orders.kept)
    return () if high else tuple(sorted(columns))


class _Search:
    def __init__(self, orders: Orders, main: int) -> None:
        self.orders = orders
        self.main = main
        self._found: dict[Members, list[Tree]] = {}

    def trees(self, members: Members) -> list[Tree]:
        """A few ways to cut these blocks, best guess first."""
        if len(members) == 1:
            return [self._leaf(members[0])]
        if members not in self._found:
            found = self._steps(members)
            for axis in (Y, X):
                groups = self._groups(members, axis)
                if len(groups) > 1:
                    found += self._cuts(groups, axis)
            self._found[members] = found[: MAX_TREES * 2] or [self._layers(members)]
        return self._found[members]

    def _leaf(self, member: int) -> Leaf:
        return Leaf(self.orders.blocks[member])

    def _steps(self, members: Members) -> list[Tree]:
        """Two blocks with an order on both axes, corner to corner: "a star above and to the left of a planet"."""
        if len(members) != 2:
            return []
        for upper, lower in (members, members[::-1]):
            if self.orders.before(Y, upper, lower) and self.orders.stated(X, upper, lower):
                step = 1 if self.orders.before(X, upper, lower) else -1
                above, below = (self._leaf(upper), Gap()), (Gap(), self._leaf(lower))
                return [Cut(Y, (Cut(X, above[::step]), Cut(X, below[::step])))]
        return []

    def _groups(self, members: Members, axis: int) -> list[Members]:
        """The finest parts that a cut along `axis` can make, in their order."""
        owner = {m: m for m in members}  # union-find: members of one part lead to one root
        for a, b in combinations(members, 2):
            if self._together(a, b, axis):
                owner[_root(owner, b)] = _root(owner, a)
        while True:
            groups: dict[int, list[int]] = {}
            for m in members:
                groups.setdefault(_root(owner, m), []).append(m)
            order = self._in_order(list(groups.values()), axis)
            if isinstance(order, list):
                return [tuple(group) for group in order]
            # "a cat left of a dog, a bird above the cat, a fish below the dog": bird and fish would be one row, and so
            # would cat and dog, each of them above the other. What interlocks is one part.
            owner[_root(owner, order[1])] = _root(owner, order[0])

    def _together(self, a: int, b: int, axis: int) -> bool:
        """Whether no cut along `axis` may come between the two."""
        other = 1 - axis
        if self.orders.related(axis, a, b):
            # "a cat at the top, a dog right of the cat": that the dog is below is a guess, that it is right is stated.
            return self.orders.stated(other, a, b) and not self.orders.stated(axis, a, b)
        # "a cat and a dog": apart on the main axis only. "a vase on a table": on X not even there, as Y orders them.
        return axis != self.main or self.orders.related(other, a, b)

    def _in_order(self, groups: list[list[int]], axis: int) -> list[list[int]] | tuple[int, int]:
        """The groups in order, first mentioned first where it is free; or two members to keep together."""
        left = list(groups)
        result = []
        while left:
            first = next((group for group in left if self._is_first(group, left, axis)), None)
            if first is None:
                return left[0][0], left[1][0]
            left.remove(first)
            result.append(first)
        return result

    def _is_first(self, group: list[int], groups: list[list[int]], axis: int) -> bool:
        others = [m for other in groups if other is not group for m in other]
        return not any(self.orders.ordered(axis, m, g) for m in others for g in group)

    def _cuts(self, groups: list[Members], axis: int) -> list[Tree]:
        """The cut with the best tree of every group, and those with another tree for one of them."""
        options = [self.trees(group) for group in groups]
        best = [trees[0] for trees in options]
        variants = [best]
        for i, trees in enumerate(options):
            variants += [[*best[:i], tree, *best[i + 1 :]] for tree in trees[1:]]
        return [self._join(groups, variant, axis) for variant in variants[:MAX_TREES]]

    def _join(self, groups: list[Members], parts: list[Tree], axis: int) -> Tree:
        """One cut of the parts; those with no order among them become a flow, with the ordered ones kept whole."""
        if axis != self.main:
            return Cut(axis, tuple(parts))
        chains = self._chains(groups, axis)
        if len(chains) == 1:
            return Cut(axis, self._banded(groups, parts, axis))
        # "a cat left of a dog, a bird, a fish": cat and dog stay side by side when the line wraps.
        return Flow(tuple(_one([parts[i] for i in chain], axis) for chain in chains))

    def _chains(self, groups: list[Members], axis: int) -> list[list[int]]:
        """The groups that orders connect, by their numbers."""
        owner = list(range(len(groups)))
        for i, j in combinations(range(len(groups)), 2):
            if self._related(groups[i], groups[j], axis):
                old, new = owner[j], owner[i]
                owner = [new if o == old else o for o in owner]
        chains: dict[int, list[int]] = {}
        for i, o in enumerate(owner):
            chains.setdefault(o, []).append(i)
        return list(chains.values())

    def _banded(self, groups: list[Members], parts: list[Tree], axis: int) -> tuple[Tree, ...]:
        """Neighbouring parts of one place, without an order of their own, as one part that flows.

        "three cats and two dogs on a sofa", on a tall canvas: cats and dogs share the rows above the sofa.
        """
        places = [place for group in groups if (place := self.orders.place(axis, group)) is not None]
        single = all(isinstance(part, Leaf) and part.block.cells == 1 for part in parts)
        in_line = single and len(set(places)) == len(places)
        if axis == X and len(parts) <= ONE_LINE and in_line:
            return tuple(parts)  # "a cat on the left, a lamp, a rug, a dog on the right": no cell goes on through rows
        bands: list[list[int]] = []
        for i, group in enumerate(groups):
            if bands and self._same_band([groups[j] for j in bands[-1]], group, axis):
                bands[-1].append(i)
            else:
                bands.append([i])
        return tuple(parts[b[0]] if len(b) == 1 else Flow(tuple(parts[i] for i in b)) for b in bands)

    def _same_band(self, band: list[Members], group: Members, axis: int) -> bool:
        same_place = self.orders.place(axis, band[0]) == self.orders.place(axis, group)
        return same_place and not any(self._related(other, group, axis) for other in band)

    def _related(self, one: Members, two: Members, axis: int) -> bool:
        return any(self.orders.related(axis, a, b) for a in one for b in two)

    def _layers(self, members: Members) -> Tree:
        """Rows by height, each from left to right: the fallback for orders that no straight cut keeps.

        "a cat at the bottom, a dog below the cat, a bird": the bird is guessed to be above the cat, as this is at the
        bottom, and nothing distinguishes it from the dog.
        """
        level = dict.fromkeys(members, 0)
        for _ in members:
            for a, b in product(members, members):
                if self.orders.before(Y, a, b):
                    level[b] = max(level[b], level[a] + 1)
        rows: list[Tree] = []
        for height in sorted(set(level.values())):
            row = [m for m in members if level[m] == height]
            row.sort(key=lambda m: sum(self.orders.before(X, other, m) for other in members))
            rows.append(_one([self._leaf(m) for m in row], X))
        return _one(rows, Y)


def _root(owner: dict[int, int], member: int) -> int:
    while owner[member] != member:
        member = owner[member]
    return member


def _one(parts: Sequence[Tree], axis: int) -> Tree:
    """A cut of the parts, or the part where it is the only one."""
    return parts[0] if len(parts) == 1 else Cut(axis, tuple(parts))
