"""The input of the arrangement: blocks, and the constraints on their positions."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(eq=False)
class Block:
    """A thing to place: how many cells it takes, and how much room it wants on each axis against others.

    ``array`` lines its cells up on that axis; None leaves it to the room that there is. ``share`` is a stated
    fraction of the canvas on each axis. ``upright``: whether a narrow cell suits it, as it does people and trees.
    ``index`` is its number among the blocks that are arranged together; ``arrange`` sets it.
    """

    name: str
    cells: int = 1
    size: tuple[float, float] = (1.0, 1.0)
    array: int | None = None
    share: list[Fraction | None] = field(default_factory=lambda: [None, None])
    upright: bool = True
    index: int = -1


@dataclass(frozen=True)
class Before:
    """On ``axis``, block ``first`` comes before block ``second``: left of it (X) or above it (Y)."""

    axis: int
    first: Block
    second: Block


@dataclass(frozen=True)
class At:
    """On ``axis``, the block is at the start (-1), in the middle (0) or at the end (1) of the canvas."""

    axis: int
    block: Block
    place: int


@dataclass(frozen=True)
class Beside:
    """The two blocks are side by side, in any order."""

    first: Block
    second: Block


Constraint = Before | At | Beside


def blocks_in(constraint: Before | At) -> tuple[Block, ...]:
    """The blocks that the constraint is about."""
    return (constraint.block,) if isinstance(constraint, At) else (constraint.first, constraint.second)
