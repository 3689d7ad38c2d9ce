"""The grid plan's things with a tight box each: as entities of its regions (rag), or as regions of their own (lmd)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from lib_rpg.plan import MAX_COUNT, Entity, Region
from lib_rpg.planner.language import words as lex
from lib_rpg.planner.offline.cell_contents import (
    MAX_CELLS,
    OWN_CELLS,
    Placed,
    entity_phrase,
    region_prompt,
    short_name,
    size_of,
)
from lib_rpg.planner.offline.reading.model import Thing, name_of
from lib_rpg.planner.offline.tight_boxes import Box, rooms, tight_boxes

_BUDGET = MAX_CELLS  # regions of a plan of free boxes


@dataclass(frozen=True)
class _Stand:
    """Some of one thing, and the room that they stand in."""

    thing: Thing
    count: int
    room: Box


def boxed_entities(placed: Placed, index: int, cell: Box, aspect: float) -> tuple[Entity, ...]:
    """What stands in a block's cell of that index, each thing with its own box.

    More than `OWN_CELLS` of a kind in one cell stay one entity with one box.
    """
    found: list[Entity] = []
    for stand, entity in zip(_stands(placed, index, cell), placed.cells[index][2], strict=False):
        each = stand.count if stand.count <= OWN_CELLS else 1
        count = 1 if each == stand.count else entity.count
        boxes = tight_boxes(stand.room, each, size_of(stand.thing), aspect)
        found += [dataclasses.replace(entity, count=count, box=box) for box in boxes]
    return tuple(found)


def free_regions(things: Sequence[tuple[Placed, int, Box]], shared: str, aspect: float) -> tuple[Region, ...]:
    """A region with its own box for every thing: at most 24, several of a kind share where there would be more.

    things: block, index of its cell, and the cell. shared: scene and style, for every prompt.
    """
    stands = [stand for placed, index, cell in things for stand in _stands(placed, index, cell)]
    stands = stands[:_BUDGET]
    groups = [(stand, _even(stand.count, parts)) for stand, parts in zip(stands, _parts(stands), strict=True)]
    regions: list[Region] = []
    numbers = {id(stand.thing): 0 for stand in stands}
    total = {key: sum(len(counts) for one, counts in groups if id(one.thing) == key) for key in numbers}
    for stand, counts in groups:
        boxes = tight_boxes(stand.room, len(counts), size_of(stand.thing), aspect)
        for count, box in zip(counts, boxes, strict=True):
            key = id(stand.thing)
            numbers[key] += 1
            name = short_name(stand.thing) + (f" {numbers[key]}" if total[key] > 1 else "")
            prompt = region_prompt(f"{name_of(stand.thing, count)} {_posture(stand.thing)}".strip(), shared)
            entity = Entity(entity_phrase(stand.thing), min(count, MAX_COUNT), box)
            regions.append(Region(prompt=prompt, name=name, box=box, entities=(entity,)))
    return tuple(regions)


def _stands(placed: Placed, index: int, cell: Box) -> list[_Stand]:
    if placed.thing.parts:
        return [_Stand(thing, thing.count, room) for thing, room in rooms(placed.thing, cell)]
    count = sum(entity.count for entity in placed.cells[index][2])
    return [_Stand(placed.thing, count, cell)]


def _parts(stands: Sequence[_Stand]) -> list[int]:
    """Into how many regions each goes: one for each thing, as far as the budget has it, the fullest parted first."""
    parts = [1] * len(stands)
    for _ in range(_BUDGET - len(stands)):
        fullest = max(range(len(stands)), key=lambda k: stands[k].count / parts[k])
        if parts[fullest] == stands[fullest].count:
            break
        parts[fullest] += 1
    return parts


def _even(count: int, parts: int) -> list[int]:
    return [count // parts + (k < count % parts) for k in range(parts)]


def _posture(thing: Thing) -> str:
    """How the thing rests on what shares its place: "sitting" of "a cat sitting on a sofa"."""
    return " ".join(word for link, _ in thing.parts[:1] for word in link.lower().split() if word in lex.REST)
