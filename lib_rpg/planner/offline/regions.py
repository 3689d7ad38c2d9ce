"""The regions of a plan: a cell's words and things, or a box of its own for each thing."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.plan import Region
from lib_rpg.planner.language import words as lex
from lib_rpg.planner.offline.cell_contents import Placed, label, region_prompt, safe
from lib_rpg.planner.offline.constraints import Arrangement
from lib_rpg.planner.offline.grammar.kinds import class_of
from lib_rpg.planner.offline.reading.model import Reading
from lib_rpg.planner.offline.tight_boxes import Box, boxed_entities, free_regions


def regions_of(method: str, arrangement: Arrangement, shared: str, base: str) -> tuple[Region, ...]:
    """A plan's regions: in the order of the grid's cells, or free boxes for method "lmd".

    shared: scene and style, for every prompt. base: the base prompt.
    """
    if method == "lmd":
        return _free_regions(arrangement, shared, base)
    boxes = _cell_boxes(arrangement)
    empty = (shared or "background") if arrangement.placed else base
    return tuple(_cell_region(arrangement, k, boxes[k], shared, empty, method == "rag") for k in range(len(boxes)))


def binding_of(method: str, regions: Sequence[Region]) -> str:
    """`Plan.binding` of a plan that was made by this method: objects with boxes are bound."""
    boxed = any(entity.box is not None for region in regions for entity in region.entities)
    return "auto" if method == "rag" and boxed else "off"


def background_of(binding: str, reading: Reading, shared: str) -> str:
    """`Plan.bound_background`: scene and style, ``shared``, where no part of the picture has a scene of its own."""
    scenery = any(
        one.noun in lex.SCENE_WORDS or class_of(one.noun) == "place" for thing in reading.things for one in thing.each()
    )
    return "" if binding == "off" or scenery or reading.has_halves else shared


def things_in(arrangement: Arrangement, room: Box = (0.0, 0.0, 1.0, 1.0)) -> list[tuple[Placed, int, Box]]:
    """For each cell with a thing: what its block holds, the index of the cell in the block, and its box in the room."""
    x, y, width, height = room
    return [
        (
            arrangement.placed[cell.block.index],
            cell.index,
            (x + width * box[0], y + height * box[1], width * box[2], height * box[3]),
        )
        for cell, box in zip(arrangement.cells, _cell_boxes(arrangement), strict=True)
        if cell.block is not None and not cell.more
    ]


def _cell_boxes(arrangement: Arrangement) -> list[Box]:
    """The place of each cell; that of a thing that goes on over rows takes all of its cells."""
    cells = arrangement.cells
    boxes = [(float(x), float(y), float(width), float(height)) for x, y, width, height in arrangement.grid.boxes()]
    whole: dict[object, list[Box]] = {}
    for cell, box in zip(cells, boxes, strict=True):
        whole.setdefault((cell.block, cell.index), []).append(box)
    return [
        box if cell.block is None else _around(whole[cell.block, cell.index])
        for cell, box in zip(cells, boxes, strict=True)
    ]


def _around(boxes: list[Box]) -> Box:
    x, y = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return x, y, right - x, bottom - y


def _cell_region(arrangement: Arrangement, k: int, box: Box, shared: str, empty: str, boxed: bool) -> Region:
    """The region of the cell of number k; its entities have boxes of their own where they are to be boxed."""
    cell = arrangement.cells[k]
    if cell.block is None:
        return Region(prompt=safe(empty) or "background", name="background")
    placed = arrangement.placed[cell.block.index]
    text, name, entities = placed.cells[cell.index]
    prompt = region_prompt(text, shared)
    if cell.more:
        return Region(prompt=prompt, name=label(f"{name}, continued"))
    if boxed:
        entities = boxed_entities(placed, cell.index, box, shared, arrangement.aspect)
    return Region(prompt=prompt, name=name, entities=entities)


def _free_regions(arrangement: Arrangement, shared: str, base: str) -> tuple[Region, ...]:
    things = things_in(arrangement)
    if not things:
        return (Region(prompt=safe(base) or "background", name="background"),)
    return free_regions(things, shared, arrangement.aspect)
