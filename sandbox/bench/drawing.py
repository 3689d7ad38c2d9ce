"""Drawing by a running WebUI or a sandbox, and reading the pictures back: what the benchmarks of pictures share."""

from __future__ import annotations

import argparse
import io
import json
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
from lib_rpg.plan import Box, Plan
from lib_rpg.webui_client import Txt2Img, txt2img
from sandbox.shapes.detector import detect

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180.0


@dataclass(frozen=True)
class Wanted:
    """One thing that a prompt asks for, and the part (x0, y0, x1, y1, in fractions) of the canvas it belongs in."""

    colour: str
    shape: str
    area: Box


@dataclass(frozen=True)
class Task:
    """One prompt, its canvas in pixels, all that its picture must hold, and the dialect that the prompt is told in."""

    prompt: str
    width: int
    height: int
    wanted: tuple[Wanted, ...]
    dialect: str = "sentences"


@dataclass(frozen=True)
class Outcome:
    """What one picture got: `right` if every thing has colour, shape and place, `exact` if there is nothing else."""

    task: Task
    method: str
    found: tuple[str, ...]
    right: bool
    exact: bool


def judge(task: Task, method: str, image: Image.Image) -> Outcome:
    """Read one picture back."""
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
    print(f"{verdict:5} {outcome.method:14} {outcome.task.prompt}: {'; '.join(outcome.found)}", flush=True)


def print_json(table: Sequence[dict[str, Any]], options: argparse.Namespace) -> None:
    """The rows, and the settings that they were drawn with, as one JSON document."""
    settings = {k: v for k, v in vars(options).items() if k not in ("json", "out")}
    print(json.dumps({"rows": table, "settings": settings}))


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
            raise RpgError(f"the sandbox did not start ({said[-1] if said else 'no output'}); run python -m sandbox")
        try:
            with urllib.request.urlopen(f"{url}/rpg/status", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise RpgError(f"the sandbox gave no answer within {START_SECONDS:g} seconds; run python -m sandbox")
