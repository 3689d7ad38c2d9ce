"""How often a picture holds every thing of its prompt, in its colour, shape and place: plain against regional.

Prompts of two to four coloured shapes with stated places are drawn by a running WebUI, or the sandbox, with the shapes
model: once plain, once with the offline planner's plan, same seed and settings. The shapes model's detector reads the
pictures back.
"""

from __future__ import annotations

import argparse
import dataclasses
import io
import json
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from PIL import Image

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan
from lib_rpg.planner import PlanRequest, plan
from lib_rpg.webui_client import Txt2Img, txt2img

Box = tuple[float, float, float, float]

ROOT = Path(__file__).resolve().parents[2]
METHODS = ("plain", "regional")
START_SECONDS = 180.0
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


@dataclass(frozen=True)
class Wanted:
    """One thing that a prompt asks for, and the part (x0, y0, x1, y1, in fractions) of the canvas it belongs in."""

    colour: str
    shape: str
    area: Box


@dataclass(frozen=True)
class Task:
    """One prompt, its canvas in pixels, and all that its picture must hold."""

    prompt: str
    width: int
    height: int
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True)
class Outcome:
    """What one picture got: `right` if every thing has colour, shape and place, `exact` if there is nothing else."""

    task: Task
    method: str
    found: tuple[str, ...]
    right: bool
    exact: bool


def tasks(count: int, seed: int = 0) -> list[Task]:
    """The first `count` prompts of a fixed list; the things of a prompt differ in colour, and mostly in shape."""
    from sandbox.shapes.data import BACKGROUNDS, COLOURS, SHAPES, article

    rng = random.Random(seed)
    made = []
    for index in range(count):
        width, height, words, areas = LAYOUTS[index % len(LAYOUTS)]
        colours = rng.sample(list(COLOURS), len(areas))
        shapes = rng.sample(SHAPES, len(areas))
        names = [f"{article(c)} {c} {s}" for c, s in zip(colours, shapes, strict=True)]
        wanted = tuple(Wanted(*thing) for thing in zip(colours, shapes, areas, strict=True))
        prompt = f"{words.format(*names)}, {rng.choice(list(BACKGROUNDS))} background"
        made.append(Task(prompt, width, height, wanted))
    return made


def judge(task: Task, method: str, image: Image.Image) -> Outcome:
    """Read one picture back."""
    from sandbox.shapes.detector import detect

    things = detect(image)
    hits = sum(
        any(
            (thing.colour, thing.shape) == (wanted.colour, wanted.shape) and _inside(thing.centre, wanted.area)
            for thing in things
        )
        for wanted in task.wanted
    )
    right = hits == len(task.wanted)
    named = tuple(f"{t.colour} {t.shape} at {t.centre[0]:.2f}, {t.centre[1]:.2f}" for t in things)
    return Outcome(task, method, named, right, right and len(things) == hits)


def measure(url: str, wanted: Sequence[Task], options: argparse.Namespace) -> Iterator[tuple[Outcome, Image.Image]]:
    """Draw and judge every prompt, plain and regional, on the WebUI at `url`; RpgError if it does not draw."""
    for index, task in enumerate(wanted):
        for method in METHODS:
            planned = plan(PlanRequest(task.prompt, task.width, task.height)) if method == "regional" else None
            if planned is not None and options.base_ratio is not None:
                planned = dataclasses.replace(planned, base_ratio=options.base_ratio)
            image = draw(url, task, task.prompt, planned, index, options)
            yield judge(task, method, image), image


def draw(
    url: str, task: Task, prompt: str, planned: Plan | None, index: int, options: argparse.Namespace
) -> Image.Image:
    """The task's picture of that prompt, on its canvas, by the index in its list and the options of `add_drawing`."""
    request = Txt2Img(
        prompt,
        planned,
        task.width,
        task.height,
        seed=options.seed * 100_000 + index,
        steps=options.steps,
        cfg_scale=options.cfg_scale,
        sampler=options.sampler,
    )
    return Image.open(io.BytesIO(txt2img(url, request)[0]))


def rows(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """For each method and number of things, and for all: pictures, how many are right, how many exact, and shares."""
    table = []
    for method in METHODS:
        for count in (2, 3, 4, None):
            mine = [o for o in outcomes if o.method == method and count in (None, len(o.task.wanted))]
            if not mine:
                continue
            right, exact = sum(o.right for o in mine), sum(o.exact for o in mine)
            row = {"method": method, "things": "all" if count is None else count, "pictures": len(mine)}
            table.append(row | {"right": right, "share": right / len(mine), "exact": exact})
    return table


@contextmanager
def sandbox_host() -> Iterator[str]:
    """A sandbox of its own for as long as the context lasts; gives its address. RpgError if it does not start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "sandbox", "--no-page", "--port", str(port)]
    with tempfile.TemporaryFile("w+") as errors:
        host = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors)
        try:
            url = f"http://127.0.0.1:{port}"
            _await(host, url, errors)
            yield url
        finally:
            host.terminate()
            host.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command `python -m lib_rpg bench accuracy`; returns the exit code 0, raises RpgError."""
    options = _options(arguments)
    wanted = tasks(options.limit, options.seed)
    outcomes: list[Outcome] = []
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)

    def run(url: str) -> None:
        for outcome, image in measure(url, wanted, options):
            outcomes.append(outcome)
            if options.out:
                image.save(options.out / f"{(len(outcomes) - 1) // 2:03d}-{outcome.method}.png")
            if not options.json:
                print_outcome(outcome)

    with host_of(options) as url:
        run(url)
    table = rows(outcomes)
    if options.json:
        print_json(table, options)
        return 0
    print(f"\n{'method':10}{'things':>8}{'pictures':>10}{'right':>8}{'share':>8}{'exact':>8}")
    for row in table:
        numbers = f"{row['pictures']:>10}{row['right']:>8}{row['share']:>8.2f}{row['exact']:>8}"
        print(f"{row['method']:10}{row['things']:>8}{numbers}")
    return 0


def add_drawing(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where and how pictures are drawn, and what becomes of them."""
    parser.add_argument("--url", help="a running WebUI with the shapes model (default: starts the sandbox)")
    parser.add_argument("--sampler", default="Euler a", help="default %(default)s")
    parser.add_argument("--steps", type=int, default=20, help="default %(default)s")
    parser.add_argument("--cfg-scale", type=float, default=4.0, help="default %(default)s")
    parser.add_argument("--seed", type=int, default=0, help="of prompts and pictures (default %(default)s)")
    parser.add_argument("--out", type=Path, help="a folder to save the pictures in")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def host_of(options: argparse.Namespace) -> AbstractContextManager[str]:
    """The address of the WebUI that the options name, or of a sandbox for as long as the context lasts."""
    return nullcontext(options.url) if options.url else sandbox_host()


def print_outcome(outcome: Outcome) -> None:
    """One line for a picture."""
    verdict = "exact" if outcome.exact else "right" if outcome.right else "wrong"
    print(f"{verdict:5} {outcome.method:8} {outcome.task.prompt}: {'; '.join(outcome.found)}", flush=True)


def print_json(table: Sequence[dict[str, Any]], options: argparse.Namespace) -> None:
    """The rows, and the settings that they were drawn with, as one JSON document."""
    settings = {k: v for k, v in vars(options).items() if k not in ("json", "out")}
    print(json.dumps({"rows": table, "settings": settings}))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m lib_rpg bench accuracy", description=re.split(r"\n\n", __doc__ or "")[0]
    )
    parser.add_argument("--limit", type=int, default=108, help="prompts (default %(default)s)")
    parser.add_argument("--base-ratio", type=float, help="instead of the plan's own")
    add_drawing(parser)
    options = parser.parse_args(arguments)
    if options.limit < 1:
        raise RpgError(f"--limit: {options.limit} prompts are too few; give at least 1")
    return options


def _inside(point: tuple[float, float], area: Box) -> bool:
    x, y = point
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _await(host: subprocess.Popen[bytes], url: str, errors: IO[str]) -> None:
    """Return when the host answers; `errors` is the file of what it says when it cannot."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if host.poll() is not None:
            errors.seek(0)
            said = errors.read().strip().splitlines()
            raise RpgError(f"the sandbox did not start ({said[-1] if said else 'no word'}); run python -m sandbox")
        try:
            with urllib.request.urlopen(f"{url}/rpg/status", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise RpgError(f"the sandbox gave no answer within {START_SECONDS:g} seconds; run python -m sandbox")
