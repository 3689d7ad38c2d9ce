"""How often a picture holds every thing of its prompt, in its colour, shape and place: plain, by regions, by binding.

Prompts of two to six coloured shapes with stated places are drawn by a running WebUI, or the sandbox, with the shapes
model, by each method with the same seed and settings. *plain* has the prompt alone, *attention* the offline planner's
regions. *binding* draws each object by itself in the first steps, with no regions beside it, and *binding+refine* with
the regions. The shapes model's detector reads the pictures back.

*right*: every thing is there, with its middle in its place. *exact*: and nothing else is. *attributes*: the share of
the things that are there in their colour and shape, wherever. *position*: the share of those that lie wholly in their
place. *counts*: the share of pictures with as many things as wanted. *seams*: steps of the background's colour, of 255,
over the borders of cells, and over the edges of the objects' boxes, at the same lines for each method.

The same pictures can be asked for in tags instead of sentences. Regions are always told in sentences, as a user of a
checkpoint that knows only sentences would choose.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from statistics import fmean
from typing import Any, NamedTuple

from PIL import Image

from lib_rpg.errors import RpgError
from lib_rpg.plan import BINDINGS, Plan
from lib_rpg.planner import PlanRequest, plan
from lib_rpg.planner.language.dialect import SENTENCES, TAGS
from sandbox.bench.drawing import (
    Box,
    Outcome,
    Task,
    Wanted,
    add_drawing,
    draw,
    host_of,
    judge,
    print_json,
    print_outcome,
)
from sandbox.bench.measures import Measures, measured
from sandbox.shapes.data import BACKGROUNDS, COLOURS, SHAPES, article

METHODS = ("plain", "attention", "binding", "binding+refine")
MOST_THINGS = 6
FEW = (2, 4)
"""The numbers of things of the first list of prompts: what was measured of it can be measured again."""
DIALECTS = (SENTENCES, TAGS)
BOUND = ("bound_steps", "bound_feather", "bound_strength")
"""The plan's fields that options of the same names replace."""
COLUMNS_SHOWN = (
    "pictures", "right", "share", "exact", "position", "attributes", "counts", "seams", "box_seams"
)  # fmt: skip
# Layouts: the canvas in pixels, how the sentence places the things, and the part (x0, y0, x1, y1) that each belongs in.
LEFT, RIGHT, TOP, BOTTOM = (0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0), (0.0, 0.0, 1.0, 0.5), (0.0, 0.5, 1.0, 1.0)
CORNERS = ((0.0, 0.0, 0.5, 0.5), (0.5, 0.0, 1.0, 0.5), (0.0, 0.5, 0.5, 1.0), (0.5, 0.5, 1.0, 1.0))
COLUMNS = tuple((i / 3, 0.0, (i + 1) / 3, 1.0) for i in range(3))
UPPER, LOWER = (tuple((x0, y, x1, y + 0.5) for x0, _, x1, _ in COLUMNS) for y in (0.0, 0.5))
HALF_ROWS = tuple((x, i / 3, x + 0.5, (i + 1) / 3) for i in range(3) for x in (0.0, 0.5))
MIDDLE_ROW = (0.0, 1 / 3, 1.0, 2 / 3)
UPPER_CORNER_WORDS = "{} at the top left, {} at the top right"
LOWER_CORNER_WORDS = "{} at the bottom left and {} at the bottom right"
UPPER_WORDS = "{} at the top left, {} at the top center, {} at the top right"
LOWER_WORDS = "{} at the bottom left, {} at the bottom center and {} at the bottom right"
CORNER_WORDS = f"{UPPER_CORNER_WORDS}, {LOWER_CORNER_WORDS}"
LAYOUTS: tuple[tuple[int, int, str, tuple[Box, ...]], ...] = (
    (192, 128, "{} on the left and {} on the right", (LEFT, RIGHT)),
    (192, 128, "{} to the left of {}", (LEFT, RIGHT)),
    (128, 192, "{} above {}", (TOP, BOTTOM)),
    (128, 192, "{} at the top and {} at the bottom", (TOP, BOTTOM)),
    (256, 128, "from left to right, {}, {} and {}", COLUMNS),
    (256, 128, "{} on the left, {} in the center and {} on the right", COLUMNS),
    (192, 192, "{} at the top, {} at the bottom left and {} at the bottom right", (TOP, *CORNERS[2:])),
    (192, 192, CORNER_WORDS, CORNERS),
    (256, 256, CORNER_WORDS, CORNERS),
    (288, 192, f"{UPPER_WORDS}, {LOWER_CORNER_WORDS}", (*UPPER, *CORNERS[2:])),
    (288, 192, f"{UPPER_CORNER_WORDS}, {LOWER_WORDS}", (*CORNERS[:2], *LOWER)),
    (
        192,
        288,
        f"{UPPER_CORNER_WORDS}, {{}} in the center, {LOWER_CORNER_WORDS}",
        (*HALF_ROWS[:2], MIDDLE_ROW, *HALF_ROWS[4:]),
    ),
    (288, 192, f"{UPPER_WORDS}, {LOWER_WORDS}", (*UPPER, *LOWER)),
    (
        192,
        288,
        f"{UPPER_CORNER_WORDS}, {{}} at the center left, {{}} at the center right, {LOWER_CORNER_WORDS}",
        HALF_ROWS,
    ),
)
# The place of a part of the canvas as tags have it, behind the thing: "red circle on left".
TAG_PLACES: dict[Box, str] = {
    **dict(zip((LEFT, RIGHT, TOP, BOTTOM), ("on left", "on right", "at top", "at bottom"), strict=True)),
    **dict(zip(COLUMNS, ("on left", "in center", "on right"), strict=True)),
    **dict(zip(CORNERS, ("at top left", "at top right", "at bottom left", "at bottom right"), strict=True)),
    **dict(zip(UPPER, ("at top left", "at top center", "at top right"), strict=True)),
    **dict(zip(LOWER, ("at bottom left", "at bottom center", "at bottom right"), strict=True)),
    **dict(zip(HALF_ROWS[:2], ("at top left", "at top right"), strict=True)),
    **dict(zip(HALF_ROWS[2:4], ("at center left", "at center right"), strict=True)),
    **dict(zip(HALF_ROWS[4:], ("at bottom left", "at bottom right"), strict=True)),
    MIDDLE_ROW: "in center",
}


def tasks(count: int, seed: int = 0, dialect: str = SENTENCES, things: tuple[int, int] = FEW) -> list[Task]:
    """The first `count` prompts of a fixed list; the things of a prompt differ in colour, and mostly in shape.

    ``things``: the least and the largest number of things in a prompt; each pair has a list of its own. The lists of
    two dialects ask for the same pictures, one by one.
    """
    rng = random.Random(seed)
    layouts = [layout for layout in LAYOUTS if things[0] <= len(layout[3]) <= things[1]]
    made = []
    for index in range(count):
        width, height, words, areas = layouts[index % len(layouts)]
        colours = rng.sample(list(COLOURS), len(areas))
        rounds = range(0, len(areas), len(SHAPES))
        shapes = [shape for start in rounds for shape in rng.sample(SHAPES, min(len(SHAPES), len(areas) - start))]
        wanted = tuple(Wanted(*thing) for thing in zip(colours, shapes, areas, strict=True))
        told = words.format(*map(_named, wanted)) if dialect == SENTENCES else _in_tags(wanted)
        prompt = f"{told}, {rng.choice(list(BACKGROUNDS))} background"
        made.append(Task(prompt, width, height, wanted, dialect))
    return made


def _named(thing: Wanted) -> str:
    return f"{article(thing.colour)} {thing.colour} {thing.shape}"


def _in_tags(wanted: Sequence[Wanted]) -> str:
    """How many shapes, each of them, and where each is: "2shapes, red circle, blue ring, red circle on left, …"."""
    things = [f"{thing.colour} {thing.shape}" for thing in wanted]
    places = [f"{name} {TAG_PLACES[thing.area]}" for name, thing in zip(things, wanted, strict=True)]
    return ", ".join([f"{len(wanted)}shapes", *things, *places])


def planned_for(task: Task, method: str = "rpg") -> Plan:
    """The plan of a task in the dialect of the shapes model, whatever its prompt's dialect: "a red circle".

    ``method`` is the planner's.
    """
    return plan(PlanRequest(task.prompt, task.width, task.height, method=method, dialect=SENTENCES))


def drawn_with(method: str, task: Task, options: argparse.Namespace) -> Plan | None:
    """The plan that one of METHODS draws a task with, None for none."""
    if method == "plain":
        return None
    planned = planned_for(task, "rpg" if method == "attention" else "rag")
    if options.base_ratio is not None:
        planned = replace(planned, base_ratio=options.base_ratio)
    if method == "attention":
        return planned
    own = {name: getattr(options, name) for name in BOUND if getattr(options, name) is not None}
    bound = replace(planned, binding=options.binding, **own)
    # With the base prompt alone, regions do nothing.
    return replace(bound, base_ratio=1.0, bound_background="") if method == "binding" else bound


def defaults() -> argparse.Namespace:
    """The options of `drawn_with` that leave all to the plan."""
    return _options([])


class Drawn(NamedTuple):
    """A picture that was drawn, and what was read back of it."""

    outcome: Outcome
    measures: Measures
    image: Image.Image


def measure(url: str, wanted: Sequence[Task], options: argparse.Namespace) -> Iterator[Drawn]:
    """Draw and judge every prompt by every method on the WebUI at `url`; RpgError if it does not draw."""
    for index, task in enumerate(wanted):
        boxes = planned_for(task, "rag")
        for method in options.methods:
            image = draw(url, task, task.prompt, drawn_with(method, task, options), index, options)
            yield Drawn(judge(task, method, image), measured(task, image, boxes), image)


def rows(drawn: Sequence[tuple[Outcome, Measures]], methods: Sequence[str]) -> list[dict[str, Any]]:
    """What was measured for each dialect, method and number of things, and for all numbers together."""
    table = []
    for dialect, method, count in product(DIALECTS, methods, (*range(FEW[0], MOST_THINGS + 1), None)):
        mine = [
            (outcome, measures)
            for outcome, measures in drawn
            if (outcome.task.dialect, outcome.method) == (dialect, method) and count in (None, len(outcome.task.wanted))
        ]
        if mine:
            row = {"method": method, "things": "all" if count is None else count}
            table.append(row | _measured_of(mine) | {"dialect": dialect})
    return table


def _measured_of(mine: Sequence[tuple[Outcome, Measures]]) -> dict[str, Any]:
    outcomes, measures = [outcome for outcome, _ in mine], [each for _, each in mine]
    right, present = sum(o.right for o in outcomes), sum(m.present for m in measures)
    return {
        "pictures": len(mine),
        "right": right,
        "share": right / len(mine),
        "exact": sum(o.exact for o in outcomes),
        "position": sum(m.placed for m in measures) / present if present else None,
        "attributes": present / sum(len(o.task.wanted) for o in outcomes),
        "counts": sum(m.is_counted for m in measures) / len(mine),
        "seams": _mean(m.seams for m in measures),
        "box_seams": _mean(m.box_seams for m in measures),
    }


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(fmean(known), 3) if known else None


def main(arguments: Sequence[str] | None = None) -> int:
    """The command `python -m lib_rpg bench accuracy`; returns the exit code 0, raises RpgError."""
    options = _options(arguments)
    dialects = DIALECTS if options.dialect == "both" else (options.dialect,)
    found: list[tuple[Outcome, Measures]] = []
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)

    def run(url: str) -> None:
        for dialect in dialects:
            wanted = tasks(options.limit, options.seed, dialect, options.things)
            told = "" if dialect == SENTENCES else f"{dialect}-"
            for index, (outcome, measures, image) in enumerate(measure(url, wanted, options)):
                found.append((outcome, measures))
                if options.out:
                    image.save(options.out / f"{index // len(options.methods):03d}-{told}{outcome.method}.png")
                if not options.json:
                    print_outcome(outcome)

    with host_of(options) as url:
        run(url)
    table = rows(found, options.methods)
    if options.json:
        print_json(table, options)
        return 0
    print(f"\n{'method':15}{'things':>7}{''.join(f'{name:>11}' for name in COLUMNS_SHOWN)}  dialect")
    for row in table:
        cells = "".join(f"{_shown(row[name]):>11}" for name in COLUMNS_SHOWN)
        print(f"{row['method']:15}{row['things']:>7}{cells}  {row['dialect']}")
    return 0


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m lib_rpg bench accuracy", description=re.split(r"\n\n", __doc__ or "")[0]
    )
    parser.add_argument("--limit", type=int, default=108, help="prompts of a dialect (default %(default)s)")
    parser.add_argument(
        "--methods", type=lambda text: text.split(","), default=list(METHODS), help=f"default {','.join(METHODS)}"
    )
    parser.add_argument(
        "--things",
        default=f"{FEW[0]}-{MOST_THINGS}",
        help="in a prompt; the first list, of 108 prompts, is 2-4 (default %(default)s)",
    )
    parser.add_argument(
        "--dialect",
        choices=(*DIALECTS, "both"),
        default=SENTENCES,
        help="the same pictures asked for in sentences, in tags or both (default %(default)s)",
    )
    parser.add_argument("--base-ratio", type=float, help="of attention and binding+refine, instead of the plan's own")
    parser.add_argument("--binding", choices=BINDINGS[1:], default="auto", help="default %(default)s")
    for name in BOUND:
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, help="instead of the plan's own")
    add_drawing(parser)
    options = parser.parse_args(arguments)
    options.things = _things(options.things)
    if options.limit < 1:
        raise RpgError(f"--limit: {options.limit} prompts are too few; give at least 1")
    if unknown := [method for method in options.methods if method not in METHODS]:
        raise RpgError(f"--methods: there is no {unknown[0]!r}; use {', '.join(METHODS)}")
    return options


def _things(text: str) -> tuple[int, int]:
    """ "2-4" or "5" as the least and the largest number of things."""
    match = re.fullmatch(r"([0-9])(?:-([0-9]))?", text)
    numbers = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not FEW[0] <= numbers[0] <= numbers[1] <= MOST_THINGS:
        raise RpgError(f"--things: {text!r} is not within {FEW[0]}-{MOST_THINGS}; write it as 2-4")
    return numbers
