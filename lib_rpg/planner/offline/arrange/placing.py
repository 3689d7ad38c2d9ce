"""Turns a cut tree into rectangles of the canvas."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lib_rpg.planner.offline.arrange.blocks import Block
from lib_rpg.planner.offline.arrange.lines import break_lines
from lib_rpg.planner.offline.arrange.orders import Orders
from lib_rpg.planner.offline.arrange.rects import Piece, Rect
from lib_rpg.planner.offline.arrange.sizes import room, stated_share, weighed_parts, weight
from lib_rpg.planner.offline.arrange.trees import Cut, Flow, Gap, Leaf, Tree, blocks_of, indices_of
from lib_rpg.planner.offline.grammar.orderings import X, Y

_HALF = Fraction(1, 2)


@dataclass(frozen=True)
class _Item:
    """What flows in lines: a cell of a part's block, or a whole part where ``index`` is None."""

    number: int  # of the part
    part: Tree
    index: int | None = None

    @property
    def room(self) -> float:
        """How many usual cells' worth of width it wants."""
        if self.index is not None and isinstance(self.part, Leaf):
            return self.part.block.size[X]
        return room(self.part, X)

    @property
    def columns(self) -> int:
        return 1 if self.index is not None else max(1, round(room(self.part, X)))


@dataclass(frozen=True)
class Placing:
    """Places cut trees on a canvas of that aspect (width over height)."""

    orders: Orders
    aspect: float

    def place(self, tree: Tree, rect: Rect) -> list[Piece]:
        """Every cell of the tree with its piece of the rectangle; the pieces tile it."""
        if isinstance(tree, Gap):
            return [Piece(rect)]
        empty: list[Piece] = []
        for axis in (X, Y):
            rect, rest = self._to_its_place(tree, rect, axis)
            empty += (Piece(part) for part in rest)
        if isinstance(tree, Leaf):
            return [*empty, *self._place_cells(tree.block, rect)]
        return [*empty, *(self._place_flow(tree, rect) if isinstance(tree, Flow) else self._place_cut(tree, rect))]

    def _place_cut(self, cut: Cut, rect: Rect) -> list[Piece]:
        weighed = weighed_parts(cut, self.orders)
        rects = rect.cut(cut.axis, [share for _, share in weighed])
        return [piece for (part, _), own in zip(weighed, rects, strict=True) for piece in self.place(part, own)]

    def _to_its_place(self, tree: Tree, rect: Rect, axis: int) -> tuple[Rect, list[Rect]]:
        """The part of the rectangle that the place of the tree's blocks on the axis leaves to them, and the rest."""
        place = self.orders.place(axis, indices_of(tree))
        low, high = rect.side(axis)
        if place in (-1, 1) and (low + high) / 2 * place <= _HALF * place:
            # "a spider in the top right corner": its room is all of the canvas, and not yet at the right.
            share = stated_share(tree, axis) or _HALF
            if not 0 < share < 1:
                return rect, []
            if place < 0:
                own, rest = rect.cut(axis, [share, 1 - share])
            else:
                rest, own = rect.cut(axis, [1 - share, share])
            return own, [rest]
        if place == 0 and len(self.orders.blocks) == 1:
            # "a red circle in the middle": with nothing around it, it has a border of empty cells.
            before, own, after = rect.cut(axis, [Fraction(1), Fraction(2), Fraction(1)])
            return own, [before, after]
        return rect, []

    def _place_cells(self, block: Block, rect: Rect) -> list[Piece]:
        """The cells of one block: in a line where the prompt says so ("a column of two books"), else flowing."""
        if block.array is not None:
            cells = rect.cut_evenly(block.array, block.cells)
        else:
            lines = self._lines([1] * block.cells, [block.index] * block.cells, rect, block.upright)
            cells = [cell for row, line in lines for cell in row.cut_evenly(X, len(line))]
        return [Piece(cell, block, index) for index, cell in enumerate(cells)]

    def _place_flow(self, flow: Flow, rect: Rect) -> list[Piece]:
        items = [item for number, part in enumerate(flow.parts) for item in self._items(number, part)]
        placed: list[Piece] = []
        columns, owners = [item.columns for item in items], [item.number for item in items]
        upright = any(block.upright for block in blocks_of(flow))
        for row, line in self._lines(columns, owners, rect, upright):
            here = [items[k] for k in line]
            for item, own in zip(here, row.cut(X, [weight(item.room) for item in here]), strict=True):
                if item.index is not None and isinstance(item.part, Leaf):
                    placed.append(Piece(own, item.part.block, item.index))
                else:
                    placed += self.place(item.part, own)
        return placed

    def _items(self, number: int, part: Tree) -> list[_Item]:
        """The cells of a block that go wherever there is room ("two cats and three dogs"); any other part whole."""
        if isinstance(part, Leaf) and part.block.array is None:
            block = part.block
            if all(self.orders.place(axis, [block.index]) is None for axis in (X, Y)):
                return [_Item(number, part, index) for index in range(block.cells)]
        return [_Item(number, part)]

    def _lines(self, columns: list[int], owners: list[int], rect: Rect, upright: bool) -> list[tuple[Rect, list[int]]]:
        """Rows of the rectangle, each with the numbers of the items in it."""
        lines = break_lines(columns, owners, rect.aspect(self.aspect), rect.x1 - rect.x0 == 1, upright)
        return list(zip(rect.cut_evenly(Y, len(lines)), lines, strict=True))
