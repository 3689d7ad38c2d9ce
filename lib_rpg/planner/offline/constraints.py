"""From what a prompt says of how its things stand to the constraints of the arrangement, and back into words."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.offline.arrange import At, Before, Beside, Block, Constraint
from lib_rpg.planner.offline.cell_contents import Placed
from lib_rpg.planner.offline.grammar.phrases import X, Y
from lib_rpg.planner.offline.reading.model import Fact, Reading, Thing


def constraints(reading: Reading, placed: list[Placed]) -> list[Constraint]:
    """What the arranger has to keep of the reading's facts, for the things that have a place."""
    block_of = {id(p.thing): p.block for p in placed}

    def blocks(thing: Thing) -> list[Block]:
        found = [block_of.get(id(one.root())) for one in thing.root().each()] if thing.root().members else []
        return [b for b in found or [block_of.get(id(thing.root()))] if b is not None]

    result: list[Constraint] = []
    for fact in reading.facts:
        sides = [blocks(thing) for thing in fact.things]
        if not all(sides):
            continue
        if fact.kind == "before":
            result += [Before(fact.axis, a, b) for a in sides[0] for b in sides[1]]
        elif fact.kind == "at":
            result += [At(fact.axis, block, fact.place) for block in sides[0]]
        elif fact.kind == "centre":
            result += [At(axis, block, 0) for block in sides[0] for axis in _centre_axes(reading, fact)]
        elif fact.kind == "share":
            if len(sides[0]) == 1:
                sides[0][0].share[fact.axis] = fact.share
        elif fact.kind == "beside":
            result.append(Beside(sides[0][-1], sides[1][0]))
        elif fact.kind == "between":
            result += _between(reading, fact, sides)
        elif fact.kind == "around":
            result += _around(sides)
    return [c for c in result if not isinstance(c, Before | Beside) or c.first is not c.second]


def _centre_axes(reading: Reading, centre: Fact) -> tuple[int, ...]:
    """On which axes "in the middle" is meant: on those where others have a place."""
    others = [f for f in reading.facts if f.kind == "at" and f.things != centre.things and f.place]
    axes = {f.axis for f in others}
    corners = any(a.things == b.things and a.axis != b.axis for a in others for b in others)
    if corners or len(axes) == 2 or len(reading.things) == 1:
        return X, Y
    return tuple(axes) or (X,)


def _between(reading: Reading, fact: Fact, sides: list[list[Block]]) -> list[Constraint]:
    _, first, last = fact.things
    axis = X
    for other in reading.facts:
        if other.axis != Y or other.kind not in ("before", "at"):
            continue
        if (set(other.things) <= {first, last} and len(other.things) == 2) or (
            other.kind == "at" and other.things[0] in (first, last)
        ):
            axis = Y
    pairs = [(a, m) for a in sides[1] for m in sides[0]] + [(m, b) for m in sides[0] for b in sides[2]]
    reverse = any(
        (f.kind == "before" and f.axis == axis and f.things == (last, first))
        or (f.kind == "at" and f.axis == axis and (f.things, f.place) in (((first,), 1), ((last,), -1)))
        for f in reading.facts
    )
    result: list[Constraint] = []
    result += [Before(axis, b, a) if reverse else Before(axis, a, b) for a, b in pairs]
    return result


def _around(sides: list[list[Block]]) -> list[Constraint]:
    """A ring about the middle: two stand left and right, more above and below as well."""
    middle = sides[0]
    ring = [block for side in sides[1:] for block in side]
    if len(ring) <= 2:
        left, right = ring[:1], ring[1:]
        return [*(Before(X, a, m) for a in left for m in middle), *(Before(X, m, b) for m in middle for b in right)]
    if len(ring) < 6:
        upper, lower, beside = ring[: (len(ring) + 1) // 2], ring[(len(ring) + 1) // 2 :], []
    else:
        half = (len(ring) - 2 + 1) // 2
        upper, beside, lower = ring[:half], ring[half : half + 2], ring[half + 2 :]
    level = [*middle, *beside]
    result: list[Constraint] = [Before(Y, a, m) for a in upper for m in level]
    result += [Before(Y, m, b) for m in level for b in lower]
    if beside:
        result += [Before(X, beside[0], m) for m in middle] + [Before(X, m, beside[1]) for m in middle]
    return result


def complaints(broken: Sequence[Before | At]) -> list[str]:
    """What was left out, as notes."""
    result = []
    for c in broken:
        if isinstance(c, Before):
            word = "left of" if c.axis == X else "above"
            result.append(f"left out, as it contradicts the rest: '{c.first.name}' {word} '{c.second.name}'")
        else:
            word = (("left", "centre", "right"), ("top", "middle", "bottom"))[c.axis][c.place + 1]
            result.append(f"left out, as it contradicts the rest: '{c.block.name}' at the {word}")
    return result
