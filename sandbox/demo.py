"""``python -m sandbox.demo [PROMPT]``: plan a prompt, draw it plain and with regions, see what came of it.

Writes ``plain.png``, ``regional.png`` and ``plan.png`` (the regional picture with the regions drawn over it) to
``demo/out``; prints the plan and what a detector finds in each cell of each picture. The exit code is 0, or 2 with one
sentence on stderr for a prompt that cannot be planned.
"""

from __future__ import annotations

import contextlib
import io
import sys
import time
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from lib_rpg import planner
from lib_rpg.__main__ import main as lib_rpg_command
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan
from sandbox import REPO_DIR

PROMPT = "a red circle to the left of a blue square, teal background"
OUTPUT = REPO_DIR / "demo" / "out"
PLANNED_SIDE = 256
# Sizes that the shapes model was trained at, (width, height) in pixels.
SIZES = ((128, 128), (192, 128), (128, 192), (192, 192), (256, 128), (128, 256), (256, 256))
# Pixels that a thing wants for itself: a third of the widest canvas.
ROOM = 85
SETTINGS = {"steps": 20, "cfg_scale": 4.0, "seed": 1, "sampler_name": "Euler a"}
PLAN_PICTURE_SIDE = 768
LINE = 3
INK, PAPER = "white", (0, 0, 0, 170)


def main(arguments: Sequence[str]) -> int:
    """Run the demo for the prompt in ``arguments``, or for `PROMPT`; returns the exit code."""
    prompt = " ".join(arguments) if arguments else PROMPT
    try:
        plan = planner.plan(planner.PlanRequest(prompt, width=PLANNED_SIDE, height=PLANNED_SIDE))
    except RpgError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"prompt           {prompt}")
    lib_rpg_command(["plan", f"--width={PLANNED_SIDE}", f"--height={PLANNED_SIDE}", "--", prompt])

    print("\nloading the model…", flush=True)
    _boot()
    OUTPUT.mkdir(parents=True, exist_ok=True)
    size = canvas(plan)
    folder = OUTPUT.relative_to(REPO_DIR)
    pictures = {}
    for name, args in (("plain", {"enabled": False}), ("regional", {"enabled": True, "plan": plan.to_dict()})):
        start = time.perf_counter()
        pictures[name], comments = draw(prompt, size, args)
        _save(pictures[name], name)
        print(f"{folder}/{name}.png drawn in {time.perf_counter() - start:.1f} s")
        for comment in comments:
            print(f"note: {comment}")
    _save(with_regions(pictures["regional"], plan), "plan")
    print(f"{folder}/plan.png shows the regions\n")
    print_table(["region", "wanted", *pictures], findings(plan, list(pictures.values())))
    return 0


def _boot() -> None:
    from sandbox import launch

    with contextlib.redirect_stdout(io.StringIO()):  # the model's parts announce themselves
        launch.boot()
        from modules import initialize

        initialize.headless_ui()


def canvas(plan: Plan) -> tuple[int, int]:
    """Of `SIZES` the smallest that gives every cell `ROOM`, or else the one whose smallest cell is the largest."""

    def narrowest(size: tuple[int, int]) -> float:
        return min(min(region.box[2] * size[0], region.box[3] * size[1]) for region in plan.regions)

    return max(SIZES, key=lambda size: (min(narrowest(size), ROOM), -size[0] * size[1]))


def draw(prompt: str, size: tuple[int, int], args: dict[str, Any]) -> tuple[Image.Image, list[str]]:
    """One picture as the host draws it with ``args`` as the RPG script's argument, and the comments on it."""
    from modules import initialize, processing, scripts, shared

    runner = scripts.scripts_txt2img
    script = runner.script("RPG")
    script_args = initialize.default_script_args(runner)
    script_args[script.args_from] = args
    width, height = size
    p = processing.StableDiffusionProcessingTxt2Img(prompt=prompt, width=width, height=height, **SETTINGS)
    p.is_api = True
    p.scripts = runner
    p.script_args = tuple(script_args)
    shared.state.begin(job="demo")
    try:
        processed = processing.process_images(p)
    finally:
        shared.state.end()
        p.close()
    return processed.images[0], processed.comments.splitlines()


def with_regions(picture: Image.Image, plan: Plan) -> Image.Image:
    """The picture, enlarged, with every region's outline and its prompt over it."""
    scale = PLAN_PICTURE_SIDE / max(picture.size)
    canvas = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(canvas, "RGBA")
    font = ImageFont.load_default(size=20)
    for i, region in enumerate(plan.regions):
        x, y, width, height = region.box
        left, top = round(x * canvas.width), round(y * canvas.height)
        right, bottom = round((x + width) * canvas.width) - 1, round((y + height) * canvas.height) - 1
        draw.rectangle((left, top, right, bottom), outline=INK, width=LINE)
        label = _wrapped(f"{i}: {region.prompt}", right - left - 4 * LINE, font)
        box = draw.multiline_textbbox((left + 2 * LINE, top + 2 * LINE), label, font=font)
        draw.rectangle((box[0] - LINE, box[1] - LINE, box[2] + LINE, box[3] + LINE), fill=PAPER)
        draw.multiline_text((left + 2 * LINE, top + 2 * LINE), label, fill=INK, font=font)
    return canvas


def _wrapped(text: str, width: int, font: Any) -> str:
    """``text`` in lines of at most ``width`` pixels, as far as its words allow."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def findings(plan: Plan, pictures: Sequence[Image.Image]) -> list[list[str]]:
    """For every region its number, its prompt, and what the detector finds there in each picture."""
    from sandbox.shapes.detector import detect

    found = [detect(picture) for picture in pictures]
    rows = []
    for i, region in enumerate(plan.regions):
        x, y, width, height = region.box
        there = [
            [f"{t.colour} {t.shape}" for t in things if x <= t.centre[0] < x + width and y <= t.centre[1] < y + height]
            for things in found
        ]
        rows.append([str(i), region.prompt, *(", ".join(names) or "nothing" for names in there)])
    return rows


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns under a header."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in (header, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _save(picture: Image.Image, name: str) -> None:
    infotext = PngImagePlugin.PngInfo()
    if "parameters" in picture.info:
        infotext.add_text("parameters", picture.info["parameters"])
    picture.save(OUTPUT / f"{name}.png", pnginfo=infotext)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
