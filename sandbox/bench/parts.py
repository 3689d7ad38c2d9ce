"""Whether parts of a picture keep to the layout of the whole: SD upscale's tiles, and repainting one region's place.

Pictures of two and four coloured shapes are drawn with a plan, and those that hold every thing once are taken on.

*SD upscale* makes them, at half their size, twice as large again, with the same plan, in tiles of about a thing each:
right is a picture that has every thing in its place, exact one that has nothing else.

*Only masked* inpainting of the place of one region, whose words name another thing then: right is a picture with the
new thing in that place, exact one with the others as they were and nothing else; pixels outside of the mask must be the
same.
"""

from __future__ import annotations

import argparse
import base64
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, PngImagePlugin

from lib_rpg.errors import RpgError
from lib_rpg.plan import Box, Plan, Region
from lib_rpg.webui_client import img2img
from sandbox.bench import accuracy
from sandbox.bench.drawing import (
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
from sandbox.shapes.data import COLOURS, SHAPES, article

JOBS = ("upscale", "repaint")
METHODS = ("plain", "regional")
CONTROLLED = (2, 4)
"""Numbers of things in the pictures."""
LEAST_SIDE = 128
"""Pixels of the shorter side of what is sampled: the shapes model was trained at 112 and more."""


@dataclass(frozen=True)
class Start:
    """A picture to begin with: what it was drawn from, and its number in the list of tasks."""

    task: Task
    plan: Plan
    image: Image.Image
    index: int


def starts(url: str, count: int, options: argparse.Namespace) -> Iterator[Start]:
    """The first so many pictures, of the list of `accuracy`, that hold every one of their things once."""
    found = 0
    for index, task in enumerate(accuracy.tasks(20 * count, options.seed)):
        if len(task.wanted) not in CONTROLLED:
            continue
        planned = accuracy.planned_for(task)
        image = draw(url, task, task.prompt, planned, index, options)
        if judge(task, "start", image).exact:
            yield Start(task, planned, image, index)
            found += 1
        if found == count:
            return
    raise RpgError(f"only {found} of the pictures to begin with hold every thing once; ask for fewer with --limit")


def upscaled(url: str, start: Start, planned: Plan | None, options: argparse.Namespace) -> Outcome:
    """The picture, at half its size, enlarged to its size in tiles of a cell and half of the overlap; read back."""
    task, image = start.task, start.image
    small = replace(start, image=image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS))
    tile = tuple(_tile(task, axis, side, options.overlap) for axis, side in enumerate(image.size))
    script = {"script_name": "SD upscale", "script_args": ["", options.overlap, "Lanczos", 2.0]}
    body = _body(small, task.prompt, planned, options) | script
    sides = {"width": tile[0], "height": tile[1], "denoising_strength": options.denoising}
    return judge(task, _name(planned), _drawn(url, body | sides))


def _tile(task: Task, axis: int, side: int, overlap: int) -> int:
    """A side of the tiles in pixels; the whole side where the things are in one row or column."""
    cells = round(1 / min(wanted.area[axis + 2] - wanted.area[axis] for wanted in task.wanted))
    return (side // cells + overlap // 2 if cells > 1 else side) // 8 * 8


def repainted(url: str, start: Start, regional: bool, options: argparse.Namespace) -> tuple[Outcome, bool]:
    """One thing of the picture replaced by another in the place of its region, read back; whether the rest stayed."""
    number = start.index % len(start.task.wanted)
    before = start.task.wanted[number]
    after = another(before, start.task, start.index)
    told = f"{article(after.colour)} {after.colour} {after.shape}"
    task = replace(
        start.task,
        prompt=start.task.prompt.replace(f"{article(before.colour)} {before.colour} {before.shape}", told),
        wanted=tuple(after if i == number else wanted for i, wanted in enumerate(start.task.wanted)),
    )
    planned = _renamed(start.plan, before, after)
    mask = _mask(start.image.size, before.area)
    body = _body(start, task.prompt, planned if regional else None, options)
    width, height = _sampled(mask)
    inpainting = {
        "mask": encoded(mask),
        "mask_blur": 0,
        "inpainting_fill": 2,  # latent noise: nothing of the old thing is left to begin with
        "inpaint_full_res": True,
        "inpaint_full_res_padding": 0,
        "denoising_strength": 1.0,
        "width": width,
        "height": height,
    }
    image = _drawn(url, body | inpainting)
    outcome = judge(replace(task, wanted=(after,)), _name(planned if regional else None), image)
    whole = judge(task, outcome.method, image)
    outside = np.asarray(mask) == 0
    stayed = bool((np.asarray(image)[outside] == np.asarray(start.image.convert("RGB"))[outside]).all())
    return replace(outcome, task=task, exact=whole.exact), stayed


def main(arguments: Sequence[str] | None = None) -> int:
    """The command `python -m lib_rpg bench parts`; returns the exit code 0, raises RpgError."""
    options = _options(arguments)
    table: list[dict[str, Any]] = []
    with host_of(options) as url:
        found = list(starts(url, options.limit, options))
        for job in JOBS:
            for method in METHODS:
                table.append(_row(url, job, method, found, options))
    if options.json:
        print_json(table, options)
        return 0
    print(f"\n{'job':10}{'method':10}{'pictures':>10}{'right':>8}{'exact':>8}{'rest same':>11}")
    for row in table:
        print(
            f"{row['job']:10}{row['method']:10}{row['pictures']:>10}{row['right']:>8}{row['exact']:>8}{row['same']:>11}"
        )
    return 0


def _row(url: str, job: str, method: str, found: Sequence[Start], options: argparse.Namespace) -> dict[str, Any]:
    outcomes, same = [], 0
    for start in found:
        if job == "upscale":
            outcomes.append(upscaled(url, start, start.plan if method == "regional" else None, options))
        else:
            outcome, stayed = repainted(url, start, method == "regional", options)
            outcomes.append(outcome)
            same += stayed
        if not options.json:
            print_outcome(outcomes[-1])
    counts = {"right": sum(o.right for o in outcomes), "exact": sum(o.exact for o in outcomes)}
    return {"job": job, "method": method, "pictures": len(outcomes), **counts, "same": same if job == "repaint" else ""}


def _name(planned: Plan | None) -> str:
    return METHODS[planned is not None]


def another(thing: Wanted, task: Task, index: int) -> Wanted:
    """A thing in the same place, of a colour that the picture does not have and of another shape."""
    taken = {wanted.colour for wanted in task.wanted}
    colours = [colour for colour in COLOURS if colour not in taken]
    shapes = [shape for shape in SHAPES if shape != thing.shape]
    return Wanted(colours[index % len(colours)], shapes[index % len(shapes)], thing.area)


def _renamed(planned: Plan, before: Wanted, after: Wanted) -> Plan:
    """The plan with one region's thing replaced, and the prompt as well."""
    old, new = (f"{article(thing.colour)} {thing.colour} {thing.shape}" for thing in (before, after))

    def renamed(region: Region) -> Region:
        return replace(region, prompt=region.prompt.replace(old, new), name="", entities=())

    base = planned.base_prompt.replace(old, new)
    prompt = planned.prompt.replace(old, new)
    return replace(planned, prompt=prompt, base_prompt=base, regions=tuple(map(renamed, planned.regions)))


def _mask(size: tuple[int, int], area: Box) -> Image.Image:
    """White where the area is; without its last pixels, so that it ends with it."""
    mask = Image.new("L", size)
    x0, y0, x1, y1 = (round(share * side) for share, side in zip(area, (*size, *size), strict=True))
    ImageDraw.Draw(mask).rectangle((x0, y0, x1 - 1, y1 - 1), fill=255)
    return mask


def _sampled(mask: Image.Image) -> tuple[int, int]:
    """The masked place's size in pixels, enlarged so that the shapes model knows it, in its own proportions."""
    left, top, right, bottom = mask.getbbox() or (0, 0, *mask.size)
    factor = max(1.0, LEAST_SIDE / min(right - left, bottom - top))
    return int((right - left) * factor) // 8 * 8, int((bottom - top) * factor) // 8 * 8


def _body(start: Start, prompt: str, planned: Plan | None, options: argparse.Namespace) -> dict[str, Any]:
    body: dict[str, Any] = {
        "prompt": prompt,
        "init_images": [encoded(start.image)],
        "seed": options.seed * 100_000 + 50_000 + start.index,
        "steps": options.steps,
        "cfg_scale": options.cfg_scale,
        "sampler_name": options.sampler,
    }
    if planned is not None:
        body["alwayson_scripts"] = {"RPG": {"args": [{"enabled": True, "plan": planned.to_dict()}]}}
    return body


def _drawn(url: str, body: dict[str, Any]) -> Image.Image:
    return Image.open(io.BytesIO(img2img(url, body)[0])).convert("RGB")


def encoded(image: Image.Image) -> str:
    """The picture as a PNG file in base64, with its infotext where it has one."""
    file, info = io.BytesIO(), PngImagePlugin.PngInfo()
    if text := image.info.get("parameters"):
        info.add_text("parameters", text)
    image.save(file, "PNG", pnginfo=info)
    return base64.b64encode(file.getvalue()).decode()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m lib_rpg bench parts", description=re.split(r"\n\n", __doc__ or "")[0]
    )
    parser.add_argument("--limit", type=int, default=24, help="pictures to begin with (default %(default)s)")
    parser.add_argument("--overlap", type=int, default=64, help="of the tiles, in pixels (default %(default)s)")
    parser.add_argument("--denoising", type=float, default=0.5, help="of the tiles (default %(default)s)")
    add_drawing(parser)
    options = parser.parse_args(arguments)
    if options.limit < 1:
        raise RpgError(f"--limit: {options.limit} pictures are too few; give at least 1")
    return options
