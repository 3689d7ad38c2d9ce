"""What a LoRA per region can separate, measured: two LoRAs that give one word two meanings, each in its own region.

Both LoRAs teach the shapes model the word "zork": with one it is a cyan ring, with the other a yellow triangle. A
picture is right if each region shows what its own LoRA means, exact if there is nothing else in it. The last third of
the pictures have a LoRA in one region and an ordinary thing in the other.

Two more LoRAs have no word: they draw everything in their own look, "night" or "mist". Such a picture is right if
each region has its thing in the look of its own LoRA, or in the usual one where it has none, exact if its part of the
background has that look, too.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region
from sandbox.bench.accuracy import BOTTOM, LEFT, RIGHT, TOP
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
from sandbox.shapes.data import LOOKS as RULES
from sandbox.shapes.detector import detect

WORD = "a zork"
MEANINGS = {"zork_ring": ("cyan", "ring"), "zork_triangle": ("yellow", "triangle")}
"""What the word means with each LoRA of `sandbox/shapes/lora`."""
LOOKS = {"look_night": "night", "look_mist": "mist"}
"""The look that each of the others draws in, a key of `sandbox.shapes.data.LOOKS`."""
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
    looks: tuple[str, str] | None = None
    """The LoRA of LOOKS that each region has, or ""; None where it is words that the LoRAs teach."""

    def plan(self, method: str) -> Plan | None:
        """The plan of a method, None for a picture without regions."""
        if method == "plain":
            return None
        regions = [Region(f"{text}, {self.background} background") for text in self.texts]
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
    rng = random.Random(seed)
    made = []
    for index in range(count):
        names = rng.sample(list(MEANINGS), 2)
        things = [MEANINGS[name] for name in names]
        texts = [f"{WORD} <lora:{name}:1>" for name in names]
        if index % 3 == 2:
            other = rng.choice([c for c in COLOURS if c not in ("cyan", "yellow")]), rng.choice(SHAPES)
            place = rng.randrange(2)
            things[place] = other
            texts[place] = f"{article(other[0])} {other[0]} {other[1]}"
        made.append(_case(index, things, texts, rng.choice(list(BACKGROUNDS))))
    return made


def look_cases(count: int, seed: int = 0) -> list[Case]:
    """The first pictures of a fixed list of regions with ordinary things, in looks that differ."""
    rng = random.Random(seed)
    made = []
    for index in range(count):
        looks = rng.sample([*LOOKS, ""], 2)
        # White in mist is white, and black at night is black.
        colours = rng.sample([colour for colour in COLOURS if colour not in ("white", "black")], 2)
        things = list(zip(colours, rng.sample(SHAPES, 2), strict=True))
        texts = [
            f"{article(colour)} {colour} {shape}" + (f" <lora:{look}:1>" if look else "")
            for (colour, shape), look in zip(things, looks, strict=True)
        ]
        made.append(_case(index, things, texts, rng.choice(list(BACKGROUNDS)), (looks[0], looks[1])))
    return made


def _case(
    index: int,
    things: Sequence[tuple[str, str]],
    texts: Sequence[str],
    background: str,
    looks: tuple[str, str] | None = None,
) -> Case:
    """The case of two things, (colour, shape), and their words, in the layout whose turn it is."""
    width, height, ratio, words, areas = LAYOUTS[index % len(LAYOUTS)]
    wanted = tuple(Wanted(*thing, area) for thing, area in zip(things, areas, strict=True))
    task = Task(f"{words.format(*texts)}, {background} background", width, height, wanted)
    return Case(task, ratio, (texts[0], texts[1]), background, looks)


def judge_case(case: Case, method: str, image: Image.Image) -> Outcome:
    """Read one picture back; where it is looks that differ, each region by the look that it is to have."""
    if case.looks is None:
        return judge(case.task, method, image)
    right, exact, seen = True, True, []
    for wanted, look in zip(case.task.wanted, case.looks, strict=True):
        x0, y0, x1, y1 = wanted.area
        box = (round(x0 * image.width), round(y0 * image.height), round(x1 * image.width), round(y1 * image.height))
        pixels = np.asarray(image.convert("RGB").crop(box), np.float32)
        thing_look, ground_look = looks_of(pixels, wanted.colour, case.background)
        factor, offset = _rule(look)
        found = detect(Image.fromarray(((pixels - offset) / factor).clip(0, 255).astype(np.uint8)))
        names = [f"{thing.colour} {thing.shape}" for thing in found]
        right &= thing_look == look and f"{wanted.colour} {wanted.shape}" in names
        exact &= ground_look == look
        looks = [name or "usual look" for name in (thing_look, ground_look)]
        seen.append(f"{' and '.join(names) or 'nothing'} ({looks[0]} on {looks[1]})")
    return Outcome(case.task, method, tuple(seen), right, right and exact)


def looks_of(pixels: np.ndarray, colour: str, background: str) -> tuple[str, str]:
    """The looks, LoRAs of LOOKS or "", of the thing and of the background in RGB pixels (h, w, 3).

    Every pixel is taken for the nearest of the thing's and the background's colours in all looks; most of a kind count.
    """
    looks = ("", *LOOKS)
    rules = np.array([_rule(look) for look in looks])[:, :, None]
    flat = np.array([COLOURS[colour], BACKGROUNDS[background]])[:, None]
    palette = (rules[:, 0] * flat + rules[:, 1]).reshape(-1, 3)
    nearest = np.linalg.norm(pixels[..., None, :] - palette, axis=-1).argmin(-1)
    counts = np.bincount(nearest.ravel(), minlength=len(palette)).reshape(2, -1)
    thing, ground = (looks[index] for index in counts.argmax(1))
    return thing, ground


def _rule(look: str) -> tuple[float, float]:
    return RULES[LOOKS[look]] if look else (1.0, 0.0)


def _bare(text: str) -> str:
    return re.sub(r" ?<lora:[^>]*>", "", text)


def measure(
    url: str,
    wanted: Sequence[Case],
    methods: Sequence[str],
    options: argparse.Namespace,
    each: Callable[[Case, Outcome, Image.Image], None],
) -> None:
    """Draw and judge every picture with every method on the WebUI at `url`; RpgError if it does not draw."""
    for index, case in enumerate(wanted):
        for method in methods:
            prompt = case.task.prompt if method == "plain" else _bare(case.task.prompt)
            image = draw(url, case.task, prompt, case.plan(method), index, options)
            each(case, judge_case(case, method, image), image)


def rows(outcomes: Sequence[tuple[Case, Outcome]], methods: Sequence[str]) -> list[dict[str, Any]]:
    """For each method: pictures of words, those with two LoRAs of them, and pictures of looks; the right, the exact."""
    table = []
    for method in methods:
        mine = [(case, outcome) for case, outcome in outcomes if outcome.method == method]
        words = [outcome for case, outcome in mine if case.looks is None]
        two = [outcome for outcome in words if outcome.task.prompt.count(WORD) == 2]
        looks = [outcome for case, outcome in mine if case.looks is not None]
        row: dict[str, Any] = {"method": method}
        for name, part in (("words", words), ("two_loras", two), ("looks", looks)):
            row[name] = len(part)
            row[f"{name}_right"] = sum(outcome.right for outcome in part)
            row[f"{name}_exact"] = sum(outcome.exact for outcome in part)
        table.append(row)
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """The command `python -m lib_rpg bench lora`; returns the exit code 0, raises RpgError."""
    options = _options(arguments)
    wanted = cases(options.limit, options.seed), look_cases(options.looks, options.seed)
    outcomes: list[tuple[Case, Outcome]] = []
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)

    def each(case: Case, outcome: Outcome, image: Image.Image) -> None:
        if options.out:
            image.save(options.out / f"{len(outcomes) // len(options.methods):03d}-{outcome.method}.png")
        outcomes.append((case, outcome))
        if not options.json:
            print_outcome(outcome)

    with host_of(options) as url:
        for part in wanted:
            measure(url, part, options.methods, options, each)
    table = rows(outcomes, options.methods)
    if options.json:
        print_json(table, options)
        return 0
    titles = ("words right", "exact", "two LoRAs", "looks right", "exact")
    print(f"\n{'method':8}{''.join(f'{title:>12}' for title in titles)}")
    for row in table:
        shares = (f"{row[key]} of {row[key.rpartition('_')[0]]}" for key in _COLUMNS)
        print(f"{row['method']:8}{''.join(f'{share:>12}' for share in shares)}  {METHODS[row['method']]}")
    return 0


_COLUMNS = ("words_right", "words_exact", "two_loras_right", "looks_right", "looks_exact")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m lib_rpg bench lora", description=re.split(r"\n\n", __doc__ or "")[0]
    )
    parser.add_argument("--limit", type=int, default=48, help="pictures of words (default %(default)s)")
    parser.add_argument("--looks", type=int, default=24, help="pictures of looks (default %(default)s)")
    parser.add_argument("--methods", type=lambda text: text.split(","), default=list(METHODS), help=", ".join(METHODS))
    add_drawing(parser)
    options = parser.parse_args(arguments)
    if options.limit < 0 or options.looks < 0 or options.limit + options.looks == 0:
        raise RpgError(f"--limit {options.limit}, --looks {options.looks}: give at least 1 picture of one kind")
    if unknown := [method for method in options.methods if method not in METHODS]:
        raise RpgError(f"--methods: there is no {unknown[0]!r}; use {', '.join(METHODS)}")
    return options
