"""The offline planner: from a prompt to a plan by rules alone, without a model, in milliseconds.

What the prompt excludes goes to the negative prompt; the rest is the base prompt. Every thing gets a cell and its own
words; up to six of one kind get a cell each, more share cells by count; things that touch (in a box, riding a horse)
share one. The scene and the style, which are nobody's own, are put behind every region's prompt as long as they are
short: a region outweighs the base prompt where it stands, and would lose them otherwise. A region's prompt has no
words about its place. What is guessed or left out is told in the plan's notes.

Method "rpg" is that grid; "rag" gives each thing in it a tight box; "lmd" makes each tight box a region of its own.
"""

from __future__ import annotations

from lib_rpg.keywords import ADDING, KEYWORDS, lower_keywords
from lib_rpg.layout.ratio import Grid
from lib_rpg.plan import Plan, Region, Source
from lib_rpg.planner.base_ratio import ratio_of_kinds
from lib_rpg.planner.language.prompt_tokens import STOP, Token, render, skip_tags, tokenise
from lib_rpg.planner.offline.arrange.arrange import Block, Cell, arrange
from lib_rpg.planner.offline.boxed import boxed_entities, free_regions
from lib_rpg.planner.offline.cell_contents import Placed, label, place_things, region_prompt, safe
from lib_rpg.planner.offline.constraints import complaints, constraints
from lib_rpg.planner.offline.exclusions import exclusions
from lib_rpg.planner.offline.reading.model import Reading
from lib_rpg.planner.offline.reading.reader import read
from lib_rpg.planner.offline.tight_boxes import Box
from lib_rpg.planner.request import PlanRequest

MAX_SHARED_WORDS = 16  # of scene and style behind every region's prompt


def plan_offline(request: PlanRequest) -> Plan:
    """Plan a prompt by rules. Raises RpgError only for what a Plan can't hold, such as NUL characters."""
    notes: list[str] = []
    tokens = tokenise(request.prompt)
    kept, excluded = exclusions(tokens)
    base_tokens = [t.with_text(t.text) for t in kept if t.text not in KEYWORDS]
    keywords = len(base_tokens) < len(kept)
    if keywords:
        notes.append("keywords such as BREAK are left out: they part regions")
    base = render(base_tokens) if excluded or keywords else request.prompt.strip()
    base = lower_keywords(base, ADDING) or "background"
    words = [Token(".", ".", STOP) if t.text in KEYWORDS else t for t in skip_tags(kept)]
    reading = read(words)
    notes += reading.notes
    shared = _shared(reading, notes)
    placed = place_things(reading, notes)
    aspect = request.width / request.height
    if placed:
        grid, cells, broken = arrange([p.block for p in placed], constraints(reading, placed), aspect)
        notes += complaints(broken)
    else:
        notes.append("no single thing was recognised; the whole prompt is one region")
        grid, _, _ = arrange([Block("picture")], [], aspect)
        cells = [Cell(None)]
    if request.picture is not None:
        notes.append("the picture was not looked at: the offline planner reads words only")
    boxes = _cell_boxes(grid, cells)
    if request.method == "lmd":
        regions = _free(cells, boxes, placed, shared, base, aspect)
    else:
        empty = (shared or "background") if placed else base
        tight = request.method == "rag"
        regions = tuple(
            _region(cell, box, placed, shared, empty, aspect if tight else None)
            for cell, box in zip(cells, boxes, strict=True)
        )
    kinds = [thing.noun for p in placed for thing in p.thing.each() for _ in range(thing.count)]
    return Plan(
        prompt=request.prompt,
        base_prompt=base,
        base_ratio=ratio_of_kinds(kinds),
        negative_prompt=", ".join(dict.fromkeys(excluded)),
        layout="boxes" if request.method == "lmd" else "grid",
        split_ratio="" if request.method == "lmd" else grid.to_text(),
        regions=regions,
        source=Source(planner="offline", notes=tuple(dict.fromkeys(notes))[:20]),
    )


def _shared(reading: Reading, notes: list[str]) -> str:
    kept: list[str] = []
    length = 0
    for text in dict.fromkeys(safe(text) for text in reading.shared):
        length += len(text.split())
        if length > MAX_SHARED_WORDS:
            notes.append(f"scene and style are long: regions take their first {MAX_SHARED_WORDS} words at most")
            break
        if text:
            kept.append(text)
    return ", ".join(kept)


def _cell_boxes(grid: Grid, cells: list[Cell]) -> list[Box]:
    """The place of each cell; that of a thing that goes on over rows takes all of its cells."""
    whole: dict[tuple[int, int], list[Box]] = {}
    boxes = [(float(x), float(y), float(width), float(height)) for x, y, width, height in grid.boxes()]
    for cell, box in zip(cells, boxes, strict=True):
        whole.setdefault((id(cell.block), cell.index), []).append(box)
    return [
        _around(whole[id(cell.block), cell.index]) if cell.block is not None else box
        for cell, box in zip(cells, boxes, strict=True)
    ]


def _around(boxes: list[Box]) -> Box:
    x, y = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return x, y, right - x, bottom - y


def _region(cell: Cell, box: Box, placed: list[Placed], shared: str, empty: str, aspect: float | None) -> Region:
    """A cell's region; its entities have boxes where the canvas' aspect is given."""
    if cell.block is None:
        return Region(prompt=safe(empty) or "background", name="background")
    owner = next(p for p in placed if p.block is cell.block)
    text, name, entities = owner.cells[cell.index]
    prompt = region_prompt(text, shared)
    if cell.more:
        return Region(prompt=prompt, name=label(f"{name}, continued"))
    if aspect is not None:
        entities = boxed_entities(owner, cell.index, box, aspect)
    return Region(prompt=prompt, name=name, entities=entities)


def _free(
    cells: list[Cell], boxes: list[Box], placed: list[Placed], shared: str, base: str, aspect: float
) -> tuple[Region, ...]:
    things = [
        (next(p for p in placed if p.block is cell.block), cell.index, box)
        for cell, box in zip(cells, boxes, strict=True)
        if cell.block is not None and not cell.more
    ]
    if not things:
        return (Region(prompt=safe(base) or "background", name="background"),)
    return free_regions(things, shared, aspect)
