"""Cut trees: a canvas that is cut again and again, across or down, until every block has a part of its own."""

from __future__ import annotations

from dataclasses import dataclass

from lib_rpg.planner.offline.arrange.blocks import Block


@dataclass(frozen=True)
class Leaf:
    """The room of one block, for all of its cells."""

    block: Block


@dataclass(frozen=True)
class Cut:
    """Parts in their order on ``axis``: side by side (X) or above each other (Y)."""

    axis: int
    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Flow:
    """Parts in no stated order, set like words in lines."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Gap:
    """Room that stays empty."""


Tree = Leaf | Cut | Flow | Gap


def blocks_of(tree: Tree) -> list[Block]:
    """The blocks of the tree, in its order."""
    if isinstance(tree, Leaf):
        return [tree.block]
    if isinstance(tree, Gap):
        return []
    return [block for part in tree.parts for block in blocks_of(part)]


def indices_of(tree: Tree) -> list[int]:
    """The indices of the tree's blocks."""
    return [block.index for block in blocks_of(tree)]
