"""How often a picture holds every thing of its prompt, in its colour, shape and place: plain against regional.

Prompts of two to four coloured shapes with stated places are drawn by a running WebUI, or the sandbox, with the shapes
model: once plain, once with the offline planner's plan, same seed and settings. The shapes model's detector reads the
pictures back. The same pictures can be asked for in tags instead of sentences. Regions are always told in sentences,
as a user of a checkpoint that knows only sentences would choose.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from PIL import Image

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan
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
from sandbox.shapes.data import BACKGROUNDS, COLOURS, SHAPES, article

METHODS = ("plain", "regional")
DIALECTS = (SENTENCES, TAGS)
# Layouts: the canvas in pixels, how the sentence places the things, and the part (x0, y0, x1, y1) that each belongs in.
LEFT, RIGHT, TOP, BOTTOM = (0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0), (0.0, 0.0, 1.0, 0.5), (0.0, 0.5, 1.0, 1.0)
CORNERS = ((0.0, 0.0, 0.5, 0.5), (0.5, 0.0, 1.0, 0.5), (0.0, 0.5, 0.5, 1.0), (0.5, 0.5, 1.0, 1.0))
COLUMNS = tuple((i / 3, 0.0, (i + 1) / 3, 1.0) for i in range(3))
CORNER_WORDS = "{} at the top left, {} at the top right, {} at the bottom left and {} at the bottom right"
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
)
# The place of a part of the canvas as tags have it, behind the thing: "red circle on left".
TAG_PLACES: dict[Box, str] = {
    **dict(zip((LEFT, RIGHT, TOP, BOTTOM), ("on left", "on right", "at top", "at bottom"), strict=True)),
    **dict(zip(COLUMNS, ("on left", "in center", "on right"), strict=True)),
    **dict(zip(CORNERS, ("at top left", "at top right", "at bottom left", "at bottom right"), strict=True)),
}


def tasks(count: int, seed: int = 0, dialect: str = SENTENCES) -> list[Task]:
    """The first `count` prompts of a fixed list; the things of a prompt differ in colour, and mostly in shape.

    The lists of two dialects ask for the same pictures, one by one.
    """
    rng = random.Random(seed)
    made = []
    for index in range(count):
        width, height, words, areas = LAYOUTS[index % len(LAYOUTS)]
        colours = rng.sample(list(COLOURS), len(areas))
        shapes = rng.sample(SHAPES, len(areas))
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


def planned_for(task: Task) -> Plan:
    """The plan of a task in the dialect of the shapes model, whatever its prompt's dialect: "a red circle"."""
    return plan(PlanRequest(task.prompt, task.width, task.height, dialect=SENTENCES))


def measure(url: str, wanted: Sequence[Task], options: argparse.Namespace) -> Iterator[tuple[Outcome, Image.Image]]:
    """Draw and judge every prompt, plain and regional, on the WebUI at `url`; RpgError if it does not draw."""
    for index, task in enumerate(wanted):
        for method in METHODS:
            planned = planned_for(task) if method == "regional" else None
            if planned is not None and options.base_ratio is not None:
                planned = dataclasses.replace(planned, base_ratio=options.base_ratio)
            image = draw(url, task, task.prompt, planned, index, options)
            yield judge(task, method, image), image


def rows(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """For each dialect, method and number of things: pictures, how many are right, their share, how many exact."""
    table = []
    for dialect, method, count in product(DIALECTS, METHODS, (2, 3, 4, None)):
        of_method = [o for o in outcomes if (o.task.dialect, o.method) == (dialect, method)]
        mine = [o for o in of_method if count in (None, len(o.task.wanted))]
        if not mine:
            continue
        right, exact = sum(o.right for o in mine), sum(o.exact for o in mine)
        row = {"method": method, "things": "all" if count is None else count, "pictures": len(mine)}
        table.append(row | {"right": right, "share": right / len(mine), "exact": exact, "dialect": dialect})
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """The command `python -m lib_rpg bench accuracy`; returns the exit code 0, raises RpgError."""
    options = _options(arguments)
    dialects = DIALECTS if options.dialect == "both" else (options.dialect,)
    outcomes: list[Outcome] = []
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)

    def run(url: str) -> None:
        for dialect in dialects:
            wanted = tasks(options.limit, options.seed, dialect)
            told = "" if dialect == SENTENCES else f"{dialect}-"
            for index, (outcome, image) in enumerate(measure(url, wanted, options)):
                outcomes.append(outcome)
                if options.out:
                    image.save(options.out / f"{index // len(METHODS):03d}-{told}{outcome.method}.png")
                if not options.json:
                    print_outcome(outcome)

    with host_of(options) as url:
        run(url)
    table = rows(outcomes)
    if options.json:
        print_json(table, options)
        return 0
    print(f"\n{'method':10}{'things':>8}{'pictures':>10}{'right':>8}{'share':>8}{'exact':>8}  dialect")
    for row in table:
        numbers = f"{row['pictures']:>10}{row['right']:>8}{row['share']:>8.2f}{row['exact']:>8}"
        print(f"{row['method']:10}{row['things']:>8}{numbers}  {row['dialect']}")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m lib_rpg bench accuracy", description=re.split(r"\n\n", __doc__ or "")[0]
    )
    parser.add_argument("--limit", type=int, default=108, help="prompts of a dialect (default %(default)s)")
    parser.add_argument(
        "--dialect",
        choices=(*DIALECTS, "both"),
        default=SENTENCES,
        help="the same pictures asked for in sentences, in tags or both (default %(default)s)",
    )
    parser.add_argument("--base-ratio", type=float, help="instead of the plan's own")
    add_drawing(parser)
    options = parser.parse_args(arguments)
    if options.limit < 1:
        raise RpgError(f"--limit: {options.limit} prompts are too few; give at least 1")
    return options
