"""Turns the facts about positions in a prompt into constraints, and arranges its things in a grid by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lib_rpg.layout.ratio import Grid, parse_ratio
from lib_rpg.planner.offline.arrange import At, Before, Beside, Block, Cell, Constraint, arrange
from lib_rpg.planner.offline.cell_contents import Placed
from lib_rpg.planner.offline.grammar.orderings import X, Y
from lib_rpg.planner.offline.guesses import guess
from lib_rpg.planner.offline.reading.model import Fact, Reading, Thing

_RING_ROWS = 6  # things around another from which on some of them are beside it


@dataclass(frozen=True)
class Arrangement:
    """Things in a grid: the grid, its cells in row-major order, what is placed in them, and the canvas' aspect."""

    grid: Grid
    cells: list[Cell]
    placed: list[Placed]
    aspect: float


def arrange_things(reading: Reading, placed: list[Placed], aspect: float, notes: list[str]) -> Arrangement:
    """Arrange what has a place as the reading's facts say; what could not be kept of these goes to the notes."""
    if not placed:
        return Arrangement(parse_ratio("1"), [Cell(None)], [], aspect)
    block_of = {p.thing: p.block for p in placed}
    _set_shares(reading, block_of)
    grid, cells, broken = arrange([p.block for p in placed], constraints(reading, block_of), aspect)
    for sentence in complaints(broken):
        guess(notes, sentence)
    return Arrangement(grid, cells, placed, aspect)


def constraints(reading: Reading, block_of: Mapping[Thing, Block]) -> list[Constraint]:
    """What the arranger has to keep of the reading's facts, for the things that have a block."""
    result: list[Constraint] = []
    for fact in reading.facts:
        sides = [_blocks(thing, block_of) for thing in fact.things]
        if all(sides):
            result += _constraints_of(fact, sides, reading)
    result += _flank(result, block_of)
    # "a horse in front of a barn, the horse to the left of the barn": they share a cell, so that this says nothing.
    return [c for c in result if isinstance(c, At) or c.first is not c.second]


def _flank(stated: Sequence[Constraint], block_of: Mapping[Thing, Block]) -> list[Constraint]:
    """Put half of the others on each side of what is in the middle, where they have no place: "a king, two guards"."""
    centres = [c for c in stated if isinstance(c, At) and c.place == 0]
    if len(stated) != 1 or len(centres) != 1:
        return []
    middle, axis = centres[0].block, centres[0].axis
    others = [block for block in dict.fromkeys(block_of.values()) if block is not middle]
    if len(others) < 2:
        return []
    half = len(others) // 2
    sides = [Before(axis, block, middle) for block in others[:half]]
    return [*sides, *(Before(axis, middle, block) for block in others[half:])]


def _blocks(thing: Thing, block_of: Mapping[Thing, Block]) -> list[Block]:
    """The block that a thing is in, or those of its members where the prompt distinguishes them."""
    found = (block_of.get(one.root()) for one in thing.root().each())
    return [block for block in found if block is not None]


def _set_shares(reading: Reading, block_of: Mapping[Thing, Block]) -> None:
    """Give blocks the shares of the canvas that the prompt states: "a panda in the left third"."""
    for fact in reading.facts:
        if fact.kind == "share":
            blocks = _blocks(fact.things[0], block_of)
            if len(blocks) == 1:
                blocks[0].share[fact.axis] = fact.share


def _constraints_of(fact: Fact, sides: list[list[Block]], reading: Reading) -> Sequence[Constraint]:
    """The constraints of one fact; `sides`: the blocks of each of its things, at least one."""
    if fact.kind == "before":  # "a cat left of a dog"
        return [Before(fact.axis, a, b) for a in sides[0] for b in sides[1]]
    if fact.kind == "at":  # "a cat on the left"
        return [At(fact.axis, block, fact.place) for block in sides[0]]
    if fact.kind == "centre":  # "a cat in the middle"
        return [At(axis, block, 0) for block in sides[0] for axis in _centre_axes(reading, fact)]
    if fact.kind == "beside":  # "a cat next to a dog"
        return [Beside(sides[0][-1], sides[1][0])]
    if fact.kind == "between":  # "a cat between a dog and a bird"
        return _between(reading, fact, sides)
    if fact.kind == "around":  # "four dogs surrounding a cat"
        return _around(sides)
    return []


def _centre_axes(reading: Reading, centre: Fact) -> tuple[int, ...]:
    """On which axes "in the middle" is meant: on those where others have a place."""
    others = [f for f in reading.facts if f.kind == "at" and f.things != centre.things and f.place]
    axes = {f.axis for f in others}
    # "a signature in the bottom right corner, a rose in the center"
    corners = any(a.things == b.things and a.axis != b.axis for a in others for b in others)
    # "a lamp on the left, a rug at the bottom, a chair in the middle"; "a red circle in the middle"
    if corners or len(axes) == 2 or sum(len(thing.each()) for thing in reading.things) == 1:
        return X, Y
    # "a teapot in the center with a cup on each side": columns only. "a cat in the middle, a dog and a bird": the same.
    return tuple(axes) or (X,)


def _between(reading: Reading, fact: Fact, sides: list[list[Block]]) -> list[Constraint]:
    """The two that something is between, in a row or a column, in the order that the prompt gives them elsewhere."""
    _, first, last = fact.things
    placing = [f for f in reading.facts if f.kind in ("before", "at") and set(f.things) <= {first, last}]
    # "a bird above a fish, a boat between the bird and the fish"
    axis = Y if any(f.axis == Y for f in placing) else X
    pairs = [(a, m) for a in sides[1] for m in sides[0]] + [(m, b) for m in sides[0] for b in sides[2]]
    # "a cat on the right, a dog on the left, a bird between the cat and the dog"
    backwards = any(f.axis == axis and _is_backwards(f, first, last) for f in placing)
    return [Before(axis, b, a) if backwards else Before(axis, a, b) for a, b in pairs]


def _is_backwards(fact: Fact, first: Thing, last: Thing) -> bool:
    """Whether a fact ("before" or "at") puts the last in front of the first."""
    if fact.kind == "before":
        return fact.things == (last, first)
    return (fact.things, fact.place) in (((first,), 1), ((last,), -1))


def _around(sides: list[list[Block]]) -> list[Constraint]:
    """A ring around the middle, which is the first side."""
    middle = sides[0]
    upper, beside, lower = _ring([block for side in sides[1:] for block in side])
    level = [*middle, *beside]
    result: list[Constraint] = [Before(Y, a, m) for a in upper for m in level]
    result += [Before(Y, m, b) for m in level for b in lower]
    result += [Before(X, left, m) for left in beside[:1] for m in middle]
    result += [Before(X, m, right) for m in middle for right in beside[1:]]
    return result


def _ring(ring: list[Block]) -> tuple[list[Block], list[Block], list[Block]]:
    """Which of a ring are above the middle, which left and right of it (two at most), and which below it."""
    if len(ring) <= 2:  # "a monk flanked by two tigers"
        return [], ring, []
    if len(ring) < _RING_ROWS:  # "four dogs surrounding a cat"
        half = (len(ring) + 1) // 2
        return ring[:half], [], ring[half:]
    half = (len(ring) - 1) // 2  # "a rock surrounded by six flowers"
    return ring[:half], ring[half : half + 2], ring[half + 2 :]


def complaints(broken: Sequence[Before | At]) -> list[str]:
    """What was left out, a sentence each."""
    result = []
    for c in broken:
        if isinstance(c, Before):
            word = "left of" if c.axis == X else "above"
            result.append(f"left out, because it contradicts the rest: '{c.first.name}' {word} '{c.second.name}'")
        else:
            word = (("left", "centre", "right"), ("top", "middle", "bottom"))[c.axis][c.place + 1]
            result.append(f"left out, because it contradicts the rest: '{c.block.name}' at the {word}")
    return result
