"""Tight boxes for the things of a grid plan: as entities of its regions ("rag"), or as regions of their own ("lmd").

Within a cell they are side by side and one above another, with gaps, without overlap. Boxes are (x, y, width,
height) in fractions of the canvas, origin top-left.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lib_rpg.plan import MAX_COUNT, Box, Entity, Region
from lib_rpg.planner.language import words as lex
from lib_rpg.planner.offline.cell_contents import (
    ANY_SIDES,
    MAX_THINGS_PLACED,
    OWN_CELLS,
    Placed,
    Sides,
    entity_phrase,
    joined_words,
    region_prompt,
    short_name,
    sides_of,
    size_of,
    without_network_tags,
)
from lib_rpg.planner.offline.grammar.kinds import is_ing_verb
from lib_rpg.planner.offline.reading.model import Thing, name_of
from lib_rpg.planner.offline.reading.touching import apart, touching

FILL = 0.8  # share of its room that a thing's box takes on each axis
MAX_FILL = 0.94
MIN_FILL = 0.4
DIGITS = 5


@dataclass(frozen=True)
class _Group:
    """Some of one thing, and the room that they share."""

    thing: Thing
    count: int
    room: Box


def boxed_entities(placed: Placed, index: int, cell: Box, shared: str, aspect: float) -> tuple[Entity, ...]:
    """The content of a block's cell of that index, each thing with its own box and the words to draw it by itself.

    Things that touch have one box, which the first of them holds, and their words are of all of them. More than
    `OWN_CELLS` of a kind in one cell stay one entity with one box. shared: scene and style, for every prompt. aspect:
    of the canvas, width over height.
    """
    thing, entities = placed.thing, placed.cells[index].entities
    if thing.panel or thing.shows:
        return (*_boxed(_Group(thing, 1, cell), entities[0], shared, aspect), *entities[1:])
    if not thing.cellmates:
        count = sum(entity.count for entity in entities)
        return _boxed(_Group(thing, count, cell), entities[0], shared, aspect) if entities else ()
    rooms_of = dict(rooms(thing, cell, apart))
    found: list[Entity] = []
    for one, entity in zip(_all(thing), entities, strict=False):
        room = rooms_of.get(one)
        boxed = _boxed(_Group(one, one.known_count, room), entity, shared, aspect) if room is not None else (entity,)
        found += boxed
    return tuple(found)


def _boxed(group: _Group, entity: Entity, shared: str, aspect: float) -> tuple[Entity, ...]:
    """The entity with a box for each of its things, or with one where they are many or touch something."""
    whole = group.thing.together or bool(touching(group.thing))
    each = 1 if whole or group.count > OWN_CELLS else group.count
    count = 1 if each == group.count else entity.count
    several = whole or each < group.count
    sides = ANY_SIDES if several else sides_of(group.thing)
    boxes = tight_boxes(group.room, each, (1.0, 1.0) if whole else size_of(group.thing), aspect, sides)
    words = joined_words(group.thing, touching) if whole else name_of(group.thing, count)
    prompt = region_prompt(without_network_tags(words), shared)
    return tuple(dataclasses.replace(entity, count=count, box=box, prompt=prompt) for box in boxes)


def free_regions(things: Sequence[tuple[Placed, int, Box]], shared: str, aspect: float) -> tuple[Region, ...]:
    """A region with its own box for every thing: at most 24, several of a kind share where there would be more.

    things: what a block holds, index of its cell, and the cell. shared: scene and style, for every prompt. aspect: of
    the canvas, width over height.
    """
    groups = [group for placed, index, cell in things for group in _groups_in(placed, index, cell)]
    groups = groups[:MAX_THINGS_PLACED]
    parts = _parts(groups)
    total: dict[Thing, int] = {}
    for group, regions_of_it in zip(groups, parts, strict=True):
        total[group.thing] = total.get(group.thing, 0) + regions_of_it
    made = dict.fromkeys(total, 0)
    regions: list[Region] = []
    for group, count_of_boxes in zip(groups, parts, strict=True):
        sides = ANY_SIDES if count_of_boxes < group.count else sides_of(group.thing)
        boxes = tight_boxes(group.room, count_of_boxes, size_of(group.thing), aspect, sides)
        for count, box in zip(_even(group.count, count_of_boxes), boxes, strict=True):
            made[group.thing] += 1
            number = made[group.thing] if total[group.thing] > 1 else None
            regions.append(_free_region(group.thing, count, number, box, shared))
    return tuple(regions)


def _free_region(thing: Thing, count: int, number: int | None, box: Box, shared: str) -> Region:
    name = short_name(thing) if number is None else f"{short_name(thing)} {number}"
    prompt = region_prompt(f"{name_of(thing, count)} {_posture(thing)}".strip(), shared)
    return Region(
        prompt=prompt, name=name, box=box, entities=(Entity(entity_phrase(thing), min(count, MAX_COUNT), box),)
    )


def _groups_in(placed: Placed, index: int, cell: Box) -> list[_Group]:
    if placed.thing.cellmates:
        return [_Group(thing, thing.known_count, room) for thing, room in rooms(placed.thing, cell)]
    return [_Group(placed.thing, sum(entity.count for entity in placed.cells[index].entities), cell)]


def _parts(groups: Sequence[_Group]) -> list[int]:
    """How many regions each goes into: one for each thing as far as they suffice; the fullest are divided first."""
    parts = [1] * len(groups)
    for _ in range(MAX_THINGS_PLACED - len(groups)):
        fullest = max(range(len(groups)), key=lambda k: groups[k].count / parts[k])
        if parts[fullest] == groups[fullest].count:
            break
        parts[fullest] += 1
    return parts


def _even(count: int, parts: int) -> list[int]:
    return [count // parts + (k < count % parts) for k in range(parts)]


def _posture(thing: Thing) -> str:
    """What the thing does with what shares its place: "sitting" of "a cat sitting on a sofa"."""
    said = (word for link, _ in thing.cellmates[:1] for word in link.lower().split())
    return " ".join(word for word in said if word in lex.REST or is_ing_verb(word))


_Parts = Callable[[Thing], Sequence[tuple[str, Thing]]]
"""What shares a thing's cell and has a room of its own, with the linking words."""


def _cellmates(thing: Thing) -> Sequence[tuple[str, Thing]]:
    return thing.cellmates


def rooms(thing: Thing, cell: Box, parts: _Parts = _cellmates) -> list[tuple[Thing, Box]]:
    """The room in the cell of a thing and of all that shares it, in the order of its parts, depth first.

    What is linked by "and" goes beside the thing, anything else below it; what is behind it goes above.
    """
    x, y, width, height = cell
    levels = _levels(thing, parts)
    placed: dict[Thing, list[tuple[Thing, Box]]] = {}
    for row, level in enumerate(levels):
        total = sum(_weight(one, thing, parts) for one in level)
        left = x
        for one in level:
            share = width * _weight(one, thing, parts) / total
            room = (left, y + height * row / len(levels), share, height / len(levels))
            placed[one] = [(thing, room)] if one is thing else rooms(one, room, parts)
            left += share
    return [pair for one in (thing, *(part for _, part in parts(thing))) for pair in placed[one]]


def _levels(thing: Thing, parts: _Parts) -> list[list[Thing]]:
    """The thing and its parts in rows, from top to bottom."""
    levels: list[list[Thing]] = [[thing]]
    current = levels[0]
    for link, part in parts(thing):
        # "red roses and white lilies in a vase": roses and lilies side by side, the vase below them.
        if link == "and":
            current.append(part)
            continue
        current = [part]
        # "a horse in front of a barn": the barn shows above the horse, being further away.
        levels.insert(0 if "front" in link.lower() else len(levels), current)
    return levels


def _weight(one: Thing, host: Thing, parts: _Parts) -> int:
    return one.count if one is host else sum(member.count for member in _all(one, parts))


def _all(thing: Thing, parts: _Parts = _cellmates) -> list[Thing]:
    return [thing, *(member for _, part in parts(thing) for member in _all(part, parts))]


def tight_boxes(room: Box, count: int, size: tuple[float, float], aspect: float, sides: Sides = ANY_SIDES) -> list[Box]:
    """`count` boxes side by side in the room, or in lines where they would become slivers.

    size: how wide and tall such a thing is against the usual, 1 where the prompt says nothing. aspect: of the canvas,
    width to height. sides: the most that a box of the usual size is wide and tall.
    """
    x, y, width, height = room
    columns = _columns(count, width * aspect / height)
    lines = -(-count // columns)
    found = []
    for k in range(count):
        line = k // columns
        here = min(columns, count - line * columns)  # a last line that is short is spread over the width
        slot = (x + width * (k % columns) / here, y + height * line / lines, width / here, height / lines)
        found.append(_fit(slot, size, aspect, sides))
    return found


def _columns(count: int, shape: float) -> int:
    """How many go side by side: as many as leave each a slot that is not much taller than wide."""

    def worst(columns: int) -> float:
        slot = shape / columns * -(-count // columns)
        return max(slot, 1 / slot / 1.5)  # rather side by side than above each other

    return min(range(count, 0, -1), key=worst)


def _fit(slot: Box, size: tuple[float, float], aspect: float, sides: Sides) -> Box:
    """The box in the middle of a slot: it fills more of it for a big thing, and is wide or tall as the size says."""
    x, y, room_width, room_height = slot
    fills = [min(max(FILL * scale**0.5, MIN_FILL), MAX_FILL) for scale in size]
    width, height = room_width * fills[0], room_height * fills[1]
    most_wide = sides[0] * max(size[0] / size[1], 1.0)
    most_tall = sides[1] * max(size[1] / size[0], 1.0)
    width = min(width, most_wide * height / aspect)
    height = min(height, most_tall * width * aspect)
    left, top = x + (room_width - width) / 2, y + (room_height - height) / 2
    return round(left, DIGITS), round(top, DIGITS), round(width, DIGITS), round(height, DIGITS)
