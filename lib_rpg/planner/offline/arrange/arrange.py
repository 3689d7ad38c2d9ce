"""From what stands left of and above what to a grid of cells.

Blocks (a thing, or several of a kind) get an order on each axis from the relations and positions that the prompt
states. The set of blocks is cut again and again, across or down, wherever the orders allow it; of the few cut trees
that this gives, the one that keeps most of what was stated and is simplest wins. Its rectangles, in exact fractions
of the canvas, are then read off as rows of cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise, product

from lib_rpg.layout.ratio import MAX_CELLS, Grid, Row

X, Y = 0, 1
MAX_COLUMNS = 4  # unordered cells side by side before they wrap to the next row
TALL = 0.75  # below this aspect unordered cells go one under the other
MIN_CELL_ASPECT = 0.25
MAX_TREES = 4  # cut trees kept for each set of blocks
WRAP = 1.5  # cost of parting things of one kind between two rows


@dataclass(eq=False)
class Block:
    """A thing to place: how many cells it takes, and how much room it wants on each axis against others.

    ``array`` lines its cells up on that axis; None leaves it to the room that there is. ``share`` is a stated
    fraction of the canvas on each axis.
    """

    name: str
    cells: int = 1
    size: tuple[float, float] = (1.0, 1.0)
    array: int | None = None
    share: list[Fraction | None] = field(default_factory=lambda: [None, None])


@dataclass(frozen=True)
class Before:
    """On ``axis``, block ``first`` comes before block ``second``: left of it (X) or above it (Y)."""

    axis: int
    first: Block
    second: Block


@dataclass(frozen=True)
class At:
    """On ``axis``, the block stands at the start (-1), the middle (0) or the end (1) of the canvas."""

    axis: int
    block: Block
    place: int


@dataclass(frozen=True)
class Beside:
    """The two blocks stand side by side, in any order."""

    first: Block
    second: Block


Constraint = Before | At | Beside


@dataclass(frozen=True)
class Cell:
    """A cell of the grid: the block and which of its things, or no block; ``more``: it goes on from above."""

    block: Block | None
    index: int = 0
    more: bool = False


@dataclass(frozen=True)
class _Rect:
    x0: Fraction
    y0: Fraction
    x1: Fraction
    y1: Fraction

    def side(self, axis: int) -> tuple[Fraction, Fraction]:
        return (self.x0, self.x1) if axis == X else (self.y0, self.y1)

    def cut(self, axis: int, shares: Sequence[Fraction]) -> list[_Rect]:
        low, high = self.side(axis)
        total, done, edges = sum(shares), Fraction(0), [low]
        for share in shares:
            done += share
            edges.append(low + (high - low) * done / total)
        if axis == X:
            return [_Rect(a, self.y0, b, self.y1) for a, b in pairwise(edges)]
        return [_Rect(self.x0, a, self.x1, b) for a, b in pairwise(edges)]

    def aspect(self, canvas: float) -> float:
        return float((self.x1 - self.x0) / (self.y1 - self.y0)) * canvas


@dataclass(frozen=True)
class _Leaf:
    block: Block


@dataclass(frozen=True)
class _Cut:
    axis: int
    parts: tuple[_Tree, ...]


@dataclass(frozen=True)
class _Flow:
    """Parts in no stated order, set like words in lines."""

    parts: tuple[_Tree, ...]


@dataclass(frozen=True)
class _Gap:
    """Room that stays empty."""


_Tree = _Leaf | _Cut | _Flow | _Gap
_Placed = tuple[Block | None, int, _Rect]


class _Orders:
    """What is known of the order of n blocks on one axis, as bit masks of the transitive closure.

    Two fixed marks part the canvas in start, middle and end, so that places and relations are one graph.
    """

    def __init__(self, n: int) -> None:
        self.n = n
        self.after = [0] * (n + 2)
        self.place: list[int | None] = [None] * n
        self._add([(n, n + 1)])

    def _add(self, edges: Sequence[tuple[int, int]]) -> bool:
        saved = list(self.after)
        for a, b in edges:
            if a == b or self.after[b] >> a & 1:
                self.after = saved
                return False
            gained = self.after[b] | 1 << b
            for i in range(self.n + 2):
                if i == a or self.after[i] >> a & 1:
                    self.after[i] |= gained
        return True

    def before(self, a: int, b: int) -> bool:
        return bool(self.after[a] >> b & 1)

    def add(self, a: int, b: int) -> bool:
        """Say that a comes before b; False, and nothing said, if that contradicts what was said."""
        return self._add([(a, b)])

    def put(self, a: int, place: int) -> bool:
        """Say where on the canvas a stands; False if that contradicts what was said."""
        start, end = self.n, self.n + 1
        edges = {-1: [(a, start)], 0: [(start, a), (a, end)], 1: [(end, a)]}[place]
        if self.place[a] not in (None, place) or not self._add(edges):
            return False
        self.place[a] = place
        return True


class _Arranger:
    def __init__(self, blocks: Sequence[Block], constraints: Iterable[Constraint], aspect: float) -> None:
        self.blocks = list(blocks)
        self.index = {id(block): i for i, block in enumerate(self.blocks)}
        self.aspect = aspect
        n = len(self.blocks)
        self.orders = (_Orders(n), _Orders(n))
        self.kept: list[Constraint] = []
        self.dropped: list[Constraint] = []
        beside: list[Beside] = []
        for constraint in constraints:
            if isinstance(constraint, Beside):
                beside.append(constraint)
            elif self._say(constraint):
                self.kept.append(constraint)
            else:
                self.dropped.append(constraint)
        for pair in beside:
            self._say_beside(pair)
        # hard[axis][a][b]: stated; weak: follows from a place that only one of them has, or from a neighbour.
        self.weak = ([0] * n, [0] * n)
        for axis in (X, Y):
            self._weaken(axis)
        self.memo: dict[tuple[int, ...], list[_Tree]] = {}

    def _say(self, constraint: Before | At) -> bool:
        order = self.orders[constraint.axis]
        if isinstance(constraint, At):
            return order.put(self.index[id(constraint.block)], constraint.place)
        return order.add(self.index[id(constraint.first)], self.index[id(constraint.second)])

    def _say_beside(self, pair: Beside) -> None:
        a, b = sorted((self.index[id(pair.first)], self.index[id(pair.second)]))
        x, y = self.orders
        if x.before(a, b) or x.before(b, a) or y.before(a, b) or y.before(b, a):
            return
        places = x.place[a], x.place[b]
        if places[1] == -1 or places[0] == 1:
            a, b = b, a
        x.add(a, b)
        self.kept.append(Before(X, self.blocks[a], self.blocks[b]))

    def _weaken(self, axis: int) -> None:
        order, weak = self.orders[axis], self.weak[axis]
        everyone = range(len(self.blocks))

        def settled(a: int, b: int) -> bool:
            return bool(order.before(a, b) or order.before(b, a) or weak[a] >> b & 1 or weak[b] >> a & 1)

        for a, b in product(everyone, everyone):
            places = order.place[a], order.place[b]
            if a != b and places in ((-1, None), (None, 1)) and not settled(a, b):
                weak[a] |= 1 << b
        for constraint in self.kept * 2:  # twice, so that it carries over from neighbour to neighbour
            if not isinstance(constraint, Before) or constraint.axis == axis:
                continue
            # Side by side is level with, so what is above the one is above the other; likewise for columns.
            one, two = self.index[id(constraint.first)], self.index[id(constraint.second)]
            for a, b in ((one, two), (two, one)):
                for c in everyone:
                    if c != a and self._ordered(axis, b, c) and not settled(a, c):
                        weak[a] |= 1 << c
                    elif c != a and self._ordered(axis, c, b) and not settled(a, c):
                        weak[c] |= 1 << a

    def _ordered(self, axis: int, a: int, b: int) -> bool:
        return self.orders[axis].before(a, b) or bool(self.weak[axis][a] >> b & 1)

    def _hard(self, axis: int, a: int, b: int) -> bool:
        return self.orders[axis].before(a, b) or self.orders[axis].before(b, a)

    def _related(self, axis: int, a: int, b: int) -> bool:
        return self._ordered(axis, a, b) or self._ordered(axis, b, a)

    def trees(self, members: tuple[int, ...], main: int) -> list[_Tree]:
        """A few ways to cut these blocks, best guess first. `main` is the axis for what has no order."""
        if len(members) == 1:
            return [_Leaf(self.blocks[members[0]])]
        if members not in self.memo:
            found = self._steps(members)
            for axis in (Y, X):
                groups = self._groups(members, axis, main)
                if len(groups) > 1:
                    found += self._cuts(groups, axis, main)
            self.memo[members] = found[: MAX_TREES * 2] or [self._layers(members)]
        return self.memo[members]

    def _steps(self, members: tuple[int, ...]) -> list[_Tree]:
        """Two blocks with an order on both axes, corner to corner."""
        for a, b in (members, members[::-1]) if len(members) == 2 else ():
            rows, columns = self.orders[Y], self.orders[X]
            if rows.before(a, b) and (columns.before(a, b) or columns.before(b, a)):
                one, two = (_Leaf(self.blocks[a]), _Gap()), (_Gap(), _Leaf(self.blocks[b]))
                step = 1 if columns.before(a, b) else -1
                return [_Cut(Y, (_Cut(X, one[::step]), _Cut(X, two[::step])))]
        return []

    def _groups(self, members: tuple[int, ...], axis: int, main: int) -> list[tuple[int, ...]]:
        """The finest parts that a cut along `axis` can make, in their order."""
        owner = {m: m for m in members}

        def find(m: int) -> int:
            while owner[m] != m:
                m = owner[m]
            return m

        other = 1 - axis
        for i, a in enumerate(members):
            for b in members[i + 1 :]:
                # What has no order on this axis stays together, but for the main axis, where order is free
                # unless the other axis has one.
                if self._related(axis, a, b):
                    together = self._hard(other, a, b) and not self._hard(axis, a, b)
                else:
                    together = axis != main or self._related(other, a, b)
                if together:
                    owner[find(b)] = find(a)
        while True:
            groups: dict[int, list[int]] = {}
            for m in members:
                groups.setdefault(find(m), []).append(m)
            order = self._sorted(list(groups.values()), axis)
            if isinstance(order, list):
                return [tuple(group) for group in order]
            owner[find(order[1])] = find(order[0])

    def _sorted(self, groups: list[list[int]], axis: int) -> list[list[int]] | tuple[int, int]:
        """The groups in order, first mentioned first where it is free; or two members to keep together."""
        left = list(groups)
        result = []
        while left:
            for group in left:
                rest = [m for other in left if other is not group for m in other]
                if not any(self._ordered(axis, m, g) for m in rest for g in group):
                    break
            else:
                return left[0][0], left[1][0]
            left.remove(group)
            result.append(group)
        return result

    def _cuts(self, groups: list[tuple[int, ...]], axis: int, main: int) -> list[_Tree]:
        parts = [self.trees(group, main) for group in groups]
        choices = [next(iter(p)) for p in parts]
        variants = [choices]
        for i, options in enumerate(parts):
            variants += [[*choices[:i], option, *choices[i + 1 :]] for option in options[1:]]
        return [self._join(groups, variant, axis, main) for variant in variants[:MAX_TREES]]

    def _join(self, groups: list[tuple[int, ...]], parts: list[_Tree], axis: int, main: int) -> _Tree:
        """One cut of the parts; those with no order among them become a flow, with the ordered ones kept whole."""
        if axis != main:
            return _Cut(axis, tuple(parts))
        owner = list(range(len(groups)))
        for i, j in product(range(len(groups)), repeat=2):
            if i < j and any(self._related(axis, a, b) for a in groups[i] for b in groups[j]):
                old, new = owner[j], owner[i]
                owner = [new if o == old else o for o in owner]
        if len(set(owner)) == 1:
            return _Cut(axis, self._banded(groups, parts, axis))
        chains: dict[int, list[int]] = {}
        for i, o in enumerate(owner):
            chains.setdefault(o, []).append(i)
        flow: list[_Tree] = []
        for chain in chains.values():
            inside = tuple(parts[i] for i in chain)
            flow.append(inside[0] if len(inside) == 1 else _Cut(axis, inside))
        return _Flow(tuple(flow))

    def _banded(self, groups: list[tuple[int, ...]], parts: list[_Tree], axis: int) -> tuple[_Tree, ...]:
        """Neighbouring parts of one place, without an order of their own, as one part that flows."""
        result: list[list[int]] = []
        for i, group in enumerate(groups):
            last = result[-1] if result else None
            same = last and self._place(groups[last[0]], axis) == self._place(group, axis)
            if last and same and not any(self._related(axis, a, b) for j in last for a in groups[j] for b in group):
                last.append(i)
            else:
                result.append([i])
        return tuple(parts[b[0]] if len(b) == 1 else _Flow(tuple(parts[i] for i in b)) for b in result)

    def _place(self, group: tuple[int, ...], axis: int) -> int | None:
        places = {self.orders[axis].place[m] for m in group}
        return places.pop() if len(places) == 1 else None

    def _layers(self, members: tuple[int, ...]) -> _Tree:
        """Rows by height, each from left to right: the way out for orders that no straight cut keeps."""
        level = dict.fromkeys(members, 0)
        for _ in members:
            for a, b in product(members, members):
                if self.orders[Y].before(a, b):
                    level[b] = max(level[b], level[a] + 1)
        rows: list[_Tree] = []
        for height in sorted(set(level.values())):
            row = [m for m in members if level[m] == height]
            row.sort(key=lambda m: sum(self.orders[X].before(o, m) for o in members))
            leaves = tuple(_Leaf(self.blocks[m]) for m in row)
            rows.append(leaves[0] if len(leaves) == 1 else _Cut(X, leaves))
        return rows[0] if len(rows) == 1 else _Cut(Y, tuple(rows))

    def leaves(self, tree: _Tree) -> list[int]:
        if isinstance(tree, _Leaf):
            return [self.index[id(tree.block)]]
        if isinstance(tree, _Gap):
            return []
        return [i for part in tree.parts for i in self.leaves(part)]

    def room(self, tree: _Tree, axis: int) -> float:
        """How many cells' worth of room the tree wants on an axis."""
        if isinstance(tree, _Leaf):
            block = tree.block
            line = X if block.array is None else block.array
            along = min(block.cells, MAX_COLUMNS - 1) if block.array is None else block.cells
            return block.size[axis] * (along if axis == line else 1)
        if isinstance(tree, _Gap):
            return 1.0
        rooms = [self.room(part, axis) for part in tree.parts]
        if isinstance(tree, _Flow):
            return min(sum(rooms), MAX_COLUMNS) if axis == X else max(rooms)
        return sum(rooms) if tree.axis == axis else max(rooms)

    def place(self, tree: _Tree, rect: _Rect) -> list[_Placed]:
        """Every cell of the tree with its rectangle; None for a cell that stays empty."""
        if isinstance(tree, _Leaf):
            return self._place_leaf(tree.block, rect)
        if isinstance(tree, _Flow):
            return self._place_flow(tree, rect)
        if isinstance(tree, _Gap):
            return [(None, 0, rect)]
        shares, parts = self._shares(tree)
        placed: list[_Placed] = []
        for part, piece in zip(parts, rect.cut(tree.axis, shares), strict=True):
            placed += self.place(part, piece)
        return placed

    def _shares(self, cut: _Cut) -> tuple[list[Fraction], list[_Tree]]:
        parts: list[_Tree] = list(cut.parts)
        places = [self._place(tuple(self.leaves(part)), cut.axis) for part in cut.parts]
        weights = [Fraction(self.room(part, cut.axis)).limit_denominator(20) for part in cut.parts]
        # In the middle is between a start and an end: what is missing of the two stays empty.
        if 0 in places and len(parts) > 1 and {-1, 1} & set(places):
            if 1 not in places and places[-1] == 0:
                parts, places, weights = [*parts, _Gap()], [*places, 1], [*weights, Fraction(1)]
            if -1 not in places and places[0] == 0:
                parts, places, weights = [_Gap(), *parts], [-1, *places], [Fraction(1), *weights]
        bands: list[list[int]] = []
        for i, place in enumerate(places):
            if bands and places[bands[-1][0]] == place:
                bands[-1].append(i)
            else:
                bands.append([i])
        if any(places) and len(bands) > 1:
            # Start, middle and end get room by the size that they ask for, not by how much stands in them.
            for band in bands:
                total = sum(weights[i] for i in band)
                wish = max(weights[i] / self._units(parts[i], cut.axis) for i in band)
                for i in band:
                    weights[i] *= wish / total
        stated = [self._stated(part, cut.axis) for part in parts]
        known = sum((s for s in stated if s), Fraction(0))
        free = sum((w for w, s in zip(weights, stated, strict=True) if not s), Fraction(0))
        if known and ((known < 1 and free) or (known == 1 and not free)):
            weights = [s or w / free * (1 - known) for w, s in zip(weights, stated, strict=True)]
        return weights, parts

    def _units(self, part: _Tree, axis: int) -> Fraction:
        """The room of a part over the size that it asks for: its cells on that axis."""
        size = max((self.blocks[i].size[axis] for i in self.leaves(part)), default=1.0)
        return Fraction(self.room(part, axis) / size).limit_denominator(20)

    def _stated(self, part: _Tree, axis: int) -> Fraction | None:
        shares = {self.blocks[i].share[axis] for i in self.leaves(part)}
        return shares.pop() if len(shares) == 1 else None

    def _place_leaf(self, block: Block, rect: _Rect) -> list[_Placed]:
        placed: list[_Placed] = []
        alone = len(self.blocks) == 1
        for axis in (X, Y):
            place = self.orders[axis].place[self.index[id(block)]]
            low, high = rect.side(axis)
            half = Fraction(1, 2)
            if place in (-1, 1) and (low + high) / 2 * place <= half * place:
                share = block.share[axis] or half
                parts = [share, 1 - share] if place < 0 else [1 - share, share]
                pieces = rect.cut(axis, parts) if 0 < share < 1 else [rect, rect]
                rect, rest = pieces if place < 0 else pieces[::-1]
                placed += [(None, 0, rest)] if 0 < share < 1 else []
            elif place == 0 and alone:
                before, rect, after = rect.cut(axis, [Fraction(1), Fraction(2), Fraction(1)])
                placed += [(None, 0, before), (None, 0, after)]
        cells = [(block, i) for i in range(block.cells)]
        if block.array is not None:
            pieces = rect.cut(block.array, [Fraction(1)] * block.cells)
            return placed + [(b, i, piece) for (b, i), piece in zip(cells, pieces, strict=True)]
        for row, line in zip(*self._lines([1] * len(cells), [0] * len(cells), rect), strict=True):
            pieces = row.cut(X, [Fraction(1)] * len(line))
            placed += [(*cells[i], piece) for i, piece in zip(line, pieces, strict=True)]
        return placed

    def _place_flow(self, flow: _Flow, rect: _Rect) -> list[_Placed]:
        items: list[tuple[_Tree, int | None]] = []
        for part in flow.parts:
            simple = isinstance(part, _Leaf) and part.block.array is None
            simple = simple and all(o.place[self.leaves(part)[0]] is None for o in self.orders)
            count = part.block.cells if simple and isinstance(part, _Leaf) else 0
            items += [(part, i) for i in range(count)] if count else [(part, None)]
        rooms = [1 if i is not None else max(1, round(self.room(part, X))) for part, i in items]
        owners = [id(part) for part, _ in items]
        placed: list[_Placed] = []
        rows, lines = self._lines(rooms, owners, rect)
        for row, line in zip(rows, lines, strict=True):
            weights = []
            for k in line:
                part, i = items[k]
                size = part.block.size[X] if isinstance(part, _Leaf) else 1.0
                room = size if i is not None else self.room(part, X)
                weights.append(Fraction(room).limit_denominator(20))
            for k, piece in zip(line, row.cut(X, weights), strict=True):
                part, i = items[k]
                if i is not None and isinstance(part, _Leaf):
                    placed.append((part.block, i, piece))
                else:
                    placed += self.place(part, piece)
        return placed

    def _lines(self, rooms: list[int], owners: list[int], rect: _Rect) -> tuple[list[_Rect], list[list[int]]]:
        """Break items into rows of the rectangle, evenly, and rather between kinds than within one."""
        total = sum(rooms)
        aspect = rect.aspect(self.aspect)
        whole = rect.x1 - rect.x0 == 1
        if whole and aspect < TALL:
            count = total if total <= MAX_COLUMNS else -(-total // 2)
        else:
            columns = max(1, min(MAX_COLUMNS, int(aspect / MIN_CELL_ASPECT + 1e-9)))
            count = -(-total // columns)
        count = min(count, len(rooms))
        lines = _break_evenly(rooms, owners, count)
        return rect.cut(Y, [Fraction(1)] * len(lines)), lines

    def cost(self, placed: list[_Placed]) -> float:
        """Stated things that the cells do not keep count most, then cells that go on and empty ones."""
        grid, cells = _read_off(placed)
        broken = 100.0 * len(self.broken(placed))
        narrow = sum(2.0 for box in grid.boxes() if box[2] < Fraction(1, 9) or box[3] < Fraction(1, 9))
        return broken + narrow + sum(0.4 if c.more else 0.5 if c.block is None else 0.0 for c in cells)

    def broken(self, placed: list[_Placed]) -> list[Constraint]:
        """Which of the constraints the centres of these rectangles do not keep."""
        span: dict[int, _Rect] = {}
        for block, _, r in placed:
            if block is not None:
                s = span.get(id(block), r)
                span[id(block)] = _Rect(min(s.x0, r.x0), min(s.y0, r.y0), max(s.x1, r.x1), max(s.y1, r.y1))

        def centre(block: Block, axis: int) -> Fraction:
            return sum(span[id(block)].side(axis), Fraction(0)) / 2

        half, near = Fraction(1, 2), Fraction(1, 6)
        result: list[Constraint] = []
        for c in self.kept:
            if isinstance(c, Before):
                kept = centre(c.first, c.axis) < centre(c.second, c.axis)
            elif isinstance(c, At):
                off = centre(c.block, c.axis) - half
                kept = abs(off) <= near if c.place == 0 else off * c.place > 0
            else:
                kept = True
            if not kept:
                result.append(c)
        return result


def arrange(
    blocks: Sequence[Block], constraints: Iterable[Constraint], aspect: float
) -> tuple[Grid, list[Cell], list[Constraint]]:
    """Place the blocks (at least one) on a canvas of that aspect (width over height).

    Returns the grid, its cells in row-major order, and the constraints that could not be kept: those that
    contradict earlier ones, and those that no grid of the cut trees keeps.
    """
    arranger = _Arranger(blocks, constraints, aspect)
    main = Y if aspect < TALL else X
    canvas = _Rect(Fraction(0), Fraction(0), Fraction(1), Fraction(1))
    found = [arranger.place(tree, canvas) for tree in arranger.trees(tuple(range(len(blocks))), main)]
    best = min(found, key=arranger.cost)
    grid, cells = _read_off(best)
    if len(cells) > MAX_CELLS and arranger.kept:
        # Cells that go on through many rows are too many for a plan: fall back on the order of mention.
        for block in blocks:
            block.array = None
        grid, cells, _ = arrange(blocks, (), aspect)
        return grid, cells, [*arranger.dropped, *arranger.kept]
    return grid, cells, arranger.dropped + arranger.broken(best)


def _break_evenly(rooms: list[int], owners: list[int], count: int) -> list[list[int]]:
    """Break a sequence into `count` lines of nearly equal room, by dynamic programming."""
    n, ideal = len(rooms), sum(rooms) / count
    best: list[list[float]] = [[float("inf")] * (n + 1) for _ in range(count + 1)]
    start = [[0] * (n + 1) for _ in range(count + 1)]
    best[0][0] = 0.0
    for line in range(1, count + 1):
        for end in range(line, n + 1):
            room = 0
            for begin in range(end - 1, line - 2, -1):
                room += rooms[begin]
                apart = WRAP if begin and owners[begin] == owners[begin - 1] else 0.0
                # A little more for late long lines: the first rows take the odd cell.
                cost = best[line - 1][begin] + (room - ideal) ** 2 * (1 + line / 100) + apart
                if cost < best[line][end]:
                    best[line][end], start[line][end] = cost, begin
    lines: list[list[int]] = []
    end = n
    for line in range(count, 0, -1):
        lines.insert(0, list(range(start[line][end], end)))
        end = start[line][end]
    return lines


def _read_off(placed: list[_Placed]) -> tuple[Grid, list[Cell]]:
    """Rectangles that tile the canvas, as rows of cells: a cell that spans rows is told again in each."""
    edges = sorted({edge for _, _, rect in placed for edge in (rect.y0, rect.y1)})
    lines: list[tuple[Fraction, list[tuple[Cell, Fraction]]]] = []
    for top, bottom in pairwise(edges):
        inside = sorted(
            ((b, i, r) for b, i, r in placed if r.y0 <= top and r.y1 >= bottom), key=lambda item: item[2].x0
        )
        line: list[tuple[Cell, Fraction]] = []
        for block, i, rect in inside:
            cell, width = Cell(block, i, more=block is not None and rect.y0 < top), rect.x1 - rect.x0
            if line and block is None and line[-1][0].block is None:
                line[-1] = (line[-1][0], line[-1][1] + width)
            else:
                line.append((cell, width))
        if lines and len(line) == 1 and line[0][0].block is None and len(lines[-1][1]) == 1:
            last_height, last = lines[-1]
            if last[0][0].block is None:
                lines[-1] = (last_height + bottom - top, last)
                continue
        lines.append((bottom - top, line))
    grid = Grid(tuple(Row(height, tuple(width for _, width in line)) for height, line in lines))
    return grid, [cell for _, line in lines for cell, _ in line]
