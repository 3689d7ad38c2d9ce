"""Repainting, measured: a thing of a picture is replaced by another, or drawn with another seed; the rest must stay.

Pictures of two or four coloured shapes are drawn with a plan, and those that hold every thing once are taken on. In
each of them the region of one thing, chosen at random, is repainted with the words of a thing of another colour and
shape. Right is a picture with the new thing in its place; exact one with nothing but that and the other things as they
were; "same" one whose pixels are unchanged outside the region and the band around it. A variation keeps the words and
takes another seed: right is a picture that still has the thing, and "differs" one whose pixels in the region changed.
"""

from __future__ import annotations

import argparse
import io
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image

from lib_rpg.errors import RpgError
from lib_rpg.repainting.pixels import box_mask, fading
from lib_rpg.repainting.request import MODES
from lib_rpg.webui_client import txt2img_of
from sandbox.bench.drawing import Outcome, add_drawing, host_of, judge, print_json, print_outcome
from sandbox.bench.parts import Start, another, encoded, starts
from sandbox.shapes.data import article

JOBS = ("replace", "variation")


def repainted(url: str, start: Start, job: str, number: int, mode: str, options: argparse.Namespace) -> Image.Image:
    """The picture with one of its regions, by its number, repainted."""
    asked: dict[str, Any] = {"picture": encoded(start.image), "region": number, "mode": mode}
    if job == "replace":
        old, new = start.task.wanted[number], _new_thing(start, number)
        told = start.plan.regions[number].prompt
        asked["prompt"] = told.replace(f"{article(old.colour)} {old.colour} {old.shape}", _named(new))
    body = {
        "prompt": start.task.prompt,
        "seed": options.seed * 100_000 + start.index,
        "steps": options.steps,
        "cfg_scale": options.cfg_scale,
        "sampler_name": options.sampler,
        "width": start.task.width,
        "height": start.task.height,
        "alwayson_scripts": {"RPG": {"args": [{"plan": start.plan.to_dict(), "repaint": asked}]}},
    }
    return Image.open(io.BytesIO(txt2img_of(url, body)[0])).convert("RGB")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command `python -m lib_rpg bench repaint`; returns the exit code 0, raises RpgError."""
    options = _options(arguments)
    rng = random.Random(options.seed)
    table: list[dict[str, Any]] = []
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
    with host_of(options) as url:
        found = list(starts(url, options.limit, options))
        chosen = [rng.randrange(len(start.task.wanted)) for start in found]
        for mode in options.modes.split(","):
            for job in JOBS:
                table.append(_row(url, job, mode, list(zip(found, chosen, strict=True)), options))
    if options.json:
        print_json(table, options)
        return 0
    print(f"\n{'mode':10}{'job':12}{'pictures':>10}{'right':>8}{'exact':>8}{'same':>8}{'differs':>9}")
    for row in table:
        numbers = f"{row['pictures']:>10}{row['right']:>8}{row['exact']:>8}{row['same']:>8}{row['differs']:>9}"
        print(f"{row['mode']:10}{row['job']:12}{numbers}")
    return 0


def _row(
    url: str, job: str, mode: str, chosen: Sequence[tuple[Start, int]], options: argparse.Namespace
) -> dict[str, Any]:
    counts = dict.fromkeys(("right", "exact", "same", "differs"), 0)
    for start, number in chosen:
        image = repainted(url, start, job, number, mode, options)
        outcome = _judged(start, number, job, mode, image)
        share = fading(box_mask(start.plan.regions[number].box, start.image.size))
        before, after = np.asarray(start.image.convert("RGB")), np.asarray(image)
        counts["right"] += outcome.right
        counts["exact"] += outcome.exact
        counts["same"] += bool((before == after)[share == 0].all())
        counts["differs"] += bool((before != after)[share > 0].any())
        if options.out:
            start.image.save(options.out / f"{start.index:03d}-{mode}-{job}-before.png")
            image.save(options.out / f"{start.index:03d}-{mode}-{job}-after.png")
        if not options.json:
            print_outcome(outcome)
    return {"mode": mode, "job": job, "pictures": len(chosen), **counts}


def _judged(start: Start, number: int, job: str, mode: str, image: Image.Image) -> Outcome:
    """Right by the thing that is repainted alone, exact by the whole picture."""
    wanted = list(start.task.wanted)
    if job == "replace":
        wanted[number] = _new_thing(start, number)
    whole = judge(replace(start.task, wanted=tuple(wanted)), mode, image)
    alone = judge(replace(start.task, wanted=(wanted[number],)), mode, image)
    return replace(whole, right=alone.right)


def _new_thing(start: Start, number: int) -> Any:
    return another(start.task.wanted[number], start.task, start.index)


def _named(thing: Any) -> str:
    return f"{article(thing.colour)} {thing.colour} {thing.shape}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m lib_rpg bench repaint", description=re.split(r"\n\n", __doc__ or "")[0]
    )
    parser.add_argument("--limit", type=int, default=50, help="pictures to begin with (default %(default)s)")
    parser.add_argument("--modes", default="replay", help=f"of {', '.join(MODES)} (default %(default)s)")
    add_drawing(parser)
    options = parser.parse_args(arguments)
    if options.limit < 1:
        raise RpgError(f"--limit: {options.limit} pictures are too few; give at least 1")
    if unknown := set(options.modes.split(",")) - set(MODES):
        raise RpgError(f"--modes: there is no mode {min(unknown)!r}; use {', '.join(MODES)}")
    return options
