"""The things of a plan that attention guidance leads into their boxes, by the words that name them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lib_rpg.plan import Plan, Region
from lib_rpg.plan_checks import Box


@dataclass(frozen=True)
class Thing:
    """A thing and its places.

    region: the number in the plan of the first region that it is in. phrase: the words that name it. boxes: where one
    of it is to be, in fractions of the canvas.
    """

    region: int
    phrase: str
    boxes: tuple[Box, ...]


def things(plan: Plan) -> tuple[Thing, ...]:
    """The plan's things, each phrase once: "a red apple" in two boxes is one thing, as in LMD (rag-and-lmd.md B.1).

    A thing without a box of its own has that of the thing before it in its region, which it touches, or its region's.
    A region in which no things are named is one by its name, or its prompt. Regions that do not act have none.
    """
    found: dict[str, Thing] = {}
    for number, region in enumerate(plan.regions):
        for phrase, box in _named(region) if region.acts else ():
            before = found.get(phrase.lower(), Thing(number, phrase, ()))
            if box not in before.boxes:
                found[phrase.lower()] = Thing(before.region, before.phrase, (*before.boxes, box))
    return tuple(found.values())


def _named(region: Region) -> Iterator[tuple[str, Box]]:
    if not region.entities:
        yield region.name or region.prompt, region.box
    box = region.box
    for entity in region.entities:
        box = entity.box or box
        yield entity.phrase, box
