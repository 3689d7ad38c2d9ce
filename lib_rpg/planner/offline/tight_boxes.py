"""Tight boxes for things within a cell: beside each other, above each other, with gaps, none over another.

Boxes are (x, y, width, height) in fractions of the canvas, origin top-left.
"""

from __future__ import annotations

from lib_rpg.planner.offline.reading.model import Thing

Box = tuple[float, float, float, float]

FILL = 0.8  # share of its room that a thing's box takes on each axis
MAX_FILL = 0.94
MIN_FILL = 0.4
MAX_SIDES = 2.0  # the longer side of a box to the shorter one, in pixels, for things that are not told to be long
DIGITS = 5


def rooms(thing: Thing, cell: Box) -> list[tuple[Thing, Box]]:
    """The room in the cell of a thing and of all that shares it, in the order of `Thing.parts`, depth first.

    What is linked by "and" stands beside, anything else below the thing that it is said of; behind it, above.
    """
    levels: list[list[Thing]] = [[thing]]
    current = levels[0]
    for link, part in thing.parts:
        if link == "and":
            current.append(part)
            continue
        current = [part]
        # What something stands in front of shows above it, being further away.
        levels.insert(0 if "front" in link.lower() else len(levels), current)
    placed: dict[int, list[tuple[Thing, Box]]] = {}
    x, y, width, height = cell
    for row, level in enumerate(levels):
        total = sum(_weight(one, thing) for one in level)
        left = x
        for one in level:
            share = width * _weight(one, thing) / total
            room = (left, y + height * row / len(levels), share, height / len(levels))
            placed[id(one)] = [(thing, room)] if one is thing else rooms(one, room)
            left += share
    return [pair for one in (thing, *(part for _, part in thing.parts)) for pair in placed[id(one)]]


def _weight(one: Thing, host: Thing) -> int:
    return one.count if one is host else sum(member.count for member in _all(one))


def _all(thing: Thing) -> list[Thing]:
    return [thing, *(member for _, part in thing.parts for member in _all(part))]


def tight_boxes(room: Box, count: int, size: tuple[float, float], aspect: float) -> list[Box]:
    """`count` boxes side by side in the room, or in lines where they would become slivers.

    size: how wide and tall such a thing is against the usual, 1 where the prompt says nothing. aspect: of the canvas,
    width to height.
    """
    x, y, width, height = room
    columns = _columns(count, width * aspect / height)
    lines = -(-count // columns)
    found = []
    for k in range(count):
        line = k // columns
        here = min(columns, count - line * columns)  # a last line that is short is spread over the width
        slot = (x + width * (k % columns) / here, y + height * line / lines, width / here, height / lines)
        found.append(_fit(slot, size, aspect))
    return found


def _columns(count: int, shape: float) -> int:
    """How many stand side by side: as many as leave each a slot that is not much taller than wide."""

    def worst(columns: int) -> float:
        slot = shape / columns * -(-count // columns)
        return max(slot, 1 / slot / 1.5)  # rather side by side than above each other

    return min(range(count, 0, -1), key=worst)


def _fit(slot: Box, size: tuple[float, float], aspect: float) -> Box:
    x, y, room_width, room_height = slot
    fills = [min(max(FILL * scale**0.5, MIN_FILL), MAX_FILL) for scale in size]
    width, height = room_width * fills[0], room_height * fills[1]
    most_wide = MAX_SIDES * max(size[0] / size[1], 1.0)
    most_tall = MAX_SIDES * max(size[1] / size[0], 1.0)
    width = min(width, most_wide * height / aspect)
    height = min(height, most_tall * width * aspect)
    left, top = x + (room_width - width) / 2, y + (room_height - height) / 2
    return round(left, DIGITS), round(top, DIGITS), round(width, DIGITS), round(height, DIGITS)
