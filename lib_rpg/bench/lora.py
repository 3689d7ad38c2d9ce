"""What a LoRA per region can separate, measured: two LoRAs that give one word two meanings, each in its own region.

Both LoRAs teach the shapes model the word "zork": with one it is a cyan ring, with the other a yellow triangle. A
picture is right if each region shows what its own LoRA means, exact if there is nothing else in it. The last third of
the pictures have a LoRA in one region and an ordinary thing in the other.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from lib_rpg.bench.accuracy import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
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
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region

WORD = "a zork"
MEANINGS = {"zork_ring": ("cyan", "ring"), "zork_triangle": ("yellow", "triangle")}
"""What the word means with each LoRA of `sandbox/shapes/lora`."""
LAYOUTS: tuple[tuple[int, int, str, str, tuple[Box, Box]], ...] = (
    (192, 128, "1,1", "{} on the left and {} on the right", (LEFT, RIGHT)),
    (128, 192, "1;1", "{} at the top and {} at the bottom", (TOP, BOTTOM)),
)
METHODS: dict[str, str] = {
    "plain": "one prompt, both LoRAs on the whole picture",
    "none": "regions without LoRAs",
    "shared": "regions, both LoRAs on the whole picture",
    "text": "regions, each LoRA on its region's words",
    "unet": "regions, each LoRA on its region's place",
}


@dataclass(frozen=True)
class Case:
    """One picture: what it must hold, and each region's words with its tag."""

    task: Task
    ratio: str
    texts: tuple[str, str]
    background: str

    def plan(self, method: str) -> Plan | None:
        """The plan of a method, None for a picture without regions."""
        if method == "plain":
            return None
        regions = [Region(f"{text}, {self.background}") for text in self.texts]
        if method == "none":
            regions = [Region(_bare(region.prompt)) for region in regions]
        lora = "shared" if method == "none" else method
        return Plan(
            prompt=self.task.prompt,
            base_prompt=_bare(self.task.prompt),
            base_ratio=0.2,
            split_ratio=self.ratio,
            regions=tuple(regions),
            lora=lora,
        )


def cases(count: int, seed: int = 0) -> list[Case]:
    """The first pictures of a fixed list."""
    from sandbox.shapes.data import BACKGROUNDS, COLOURS, SHAPES, article

    rng = random.Random(seed)
    made = []
    for index in range(count):
        width, height, ratio, words, areas = LAYOUTS[index % len(LAYOUTS)]
        names = rng.sample(list(MEANINGS), 2)
        things = [MEANINGS[name] for name in names]
        texts = [f"{WORD} <lora:{name}:1>" for name in names]
        if index % 3 == 2:
            other = rng.choice([c for c in COLOURS if c not in ("cyan", "yellow")]), rng.choice(SHAPES)
            place = rng.randrange(2)
            things[place] = other
            texts[place] = f"{article(other[0])} {other[0]} {other[1]}"
        background = f"{rng.choice(list(BACKGROUNDS))} background"
        wanted = tuple(Wanted(*thing, area) for thing, area in zip(things, areas, strict=True))
        prompt = f"{words.format(*texts)}, {background}"
        made.append(Case(Task(prompt, width, height, wanted), ratio, (texts[0], texts[1]), background))
    return made


def _bare(text: str) -> str:
    return re.sub(r" ?<lora:[^>]*>", "", text)


def measure(
    url: str,
    wanted: Sequence[Case],
    methods: Sequence[str],
    options: argparse.Namespace,
    each: Callable[[Outcome, Image.Image], None],
) -> None:
    """Draw and judge every picture with every method on the WebUI at `url`; RpgError if it does not draw."""
    for index, case in enumerate(wanted):
        for method in methods:
            prompt = case.task.prompt if method == "plain" else _bare(case.task.prompt)
            image = draw(url, case.task, prompt, case.plan(method), index, options)
            each(judge(case.task, method, image), image)


def rows(outcomes: Sequence[Outcome], methods: Sequence[str]) -> list[dict[str, Any]]:
    """For each method: pictures, how many are right and exact, and those with two LoRAs and with one apart."""
    table = []
    for method in methods:
        mine = [outcome for outcome in outcomes if outcome.method == method]
        two = [outcome for outcome in mine if outcome.task.prompt.count(WORD) == 2]
        right, exact = sum(o.right for o in mine), sum(o.exact for o in mine)
        row = {"method": method, "pictures": len(mine), "right": right, "exact": exact}
        table.append(row | {"two_loras": len(two), "two_loras_right": sum(o.right for o in two)})
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """The command `python -m lib_rpg bench lora`; returns the exit code 0, raises RpgError."""
    options = _options(arguments)
    wanted = cases(options.limit, options.seed)
    outcomes: list[Outcome] = []
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)

    def each(outcome: Outcome, image: Image.Image) -> None:
        if options.out:
            image.save(options.out / f"{len(outcomes) // len(options.methods):03d}-{outcome.method}.png")
        outcomes.append(outcome)
        if not options.json:
            print_outcome(outcome)

    with host_of(options) as url:
        measure(url, wanted, options.methods, options, each)
    table = rows(outcomes, options.methods)
    if options.json:
        print_json(table, options)
        return 0
    print(f"\n{'method':8}{'right':>12}{'exact':>12}{'two LoRAs':>12}")
    for row in table:
        shares = (f"{row[key]} of {row[total]}" for key, total in _COLUMNS)
        print(f"{row['method']:8}{''.join(f'{share:>12}' for share in shares)}  {METHODS[row['method']]}")
    return 0


_COLUMNS = (("right", "pictures"), ("exact", "pictures"), ("two_loras_right", "two_loras"))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m lib_rpg bench lora", description=re.split(r"\n\n", __doc__ or "")[0]
    )
    parser.add_argument("--limit", type=int, default=48, help="pictures (default %(default)s)")
    parser.add_argument("--methods", type=lambda text: text.split(","), default=list(METHODS), help=", ".join(METHODS))
    add_drawing(parser)
    options = parser.parse_args(arguments)
    if options.limit < 1:
        raise RpgError(f"--limit: {options.limit} pictures are too few; give at least 1")
    if unknown := [method for method in options.methods if method not in METHODS]:
        raise RpgError(f"--methods: there is no {unknown[0]!r}; take {', '.join(METHODS)}")
    return options
