"""Cost of hard binding: a bound step beside a plain one, and a whole picture with the defaults beside a plain one.

*step*: one step of an original ldm UNet of `lib_rpg.bench.ldm_networks` with guidance, its two rows, and the same with
objects bound, timed in this process, each bound step next to a plain one. The objects' boxes have a stated part of the
picture together, each of the same size, and its own text. In the exact mode a step is to cost no more than 1 + 1.15 x
that part. Memory is the most that a step takes beyond the weights.

*picture*: pictures of the shapes model over the sandbox's or a WebUI's API with the defaults, plain, with regions, and
with binding and regions, in turn, and then the first region of the last one repainted by its trace: the time from the
request to the picture. A picture is to cost no more than 1.2, and a repainting 1.1.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

import torch
from PIL import Image
from torch import Tensor, nn

from lib_rpg.bench.ldm_networks import MODELS, build_unet, host_attention
from lib_rpg.bench.measuring import timed, with_peak
from lib_rpg.errors import RpgError
from lib_rpg.regional.binding import HardBinding, PlacedObject
from lib_rpg.regional.latent_rects import Rect, canvas_of, ramp
from lib_rpg.regional.spaces import SigmaSpace
from lib_rpg.webui_client import repaint
from sandbox.bench import accuracy
from sandbox.bench.drawing import add_drawing, draw, host_of
from sandbox.bench.parts import encoded

AREAS = (0.25, 0.5, 1.0)
MODES = ("exact", "native")
PICTURE_METHODS = ("plain", "attention", "binding+refine")
REPAINT = "repaint"
STEP_AIM = 1.15
PICTURE_AIMS = {"binding+refine": 1.2, REPAINT: 1.1}
SIGMA, SCALE = 7.0, 7.0
CONTEXT_TOKENS = 77


@dataclass
class Row:
    """One measured way.

    area: the objects' boxes together, as a part of the picture. ms: the median time. ratio: the median of each time
    over that of the plain one next to it; aim: what that should not exceed, None for no aim. peak_mib: the most memory
    that a step takes beyond the weights, peak_ratio: that with the weights over plain's; None where not measured.
    """

    job: str
    method: str
    model: str
    size: str
    objects: int
    area: float
    ms: float
    ratio: float
    aim: float | None
    peak_mib: float | None = None
    peak_ratio: float | None = None


@dataclass
class _Way:
    """A way of doing a job, with its times in seconds and plain's next to each."""

    method: str
    objects: int
    area: float
    step: Callable[[], Tensor]
    peak_mib: float = 0.0
    times: list[float] = field(default_factory=list)
    plain_times: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The median of this over plain."""
        return statistics.median(a / b for a, b in zip(self.times, self.plain_times, strict=True))


class _Model:
    """A UNet as a sampler's denoiser with guidance: latents (1, 4, h, w) to the denoised estimate."""

    def __init__(self, unet: nn.Module, context_width: int) -> None:
        self._unet = unet
        self._empty = torch.randn(1, CONTEXT_TOKENS, context_width)
        self._base = torch.randn(1, CONTEXT_TOKENS, context_width)
        self._objects = torch.randn(64, CONTEXT_TOKENS, context_width)

    def picture(self, x: Tensor) -> Tensor:
        """The plain step."""
        return self._guided(x, self._base)

    def objects(self, numbers: Sequence[int], x: Tensor, _level: Tensor) -> Tensor:
        """As `lib_rpg.regional.binding.Evaluate`: all in one call, as the WebUI's part does where that is no larger
        than the picture's."""
        return self._guided(x, self._objects[list(numbers)])[None]

    def _guided(self, x: Tensor, texts: Tensor) -> Tensor:
        rows = torch.cat([x, x]) / math.sqrt(SIGMA * SIGMA + 1)
        context = torch.cat([texts, self._empty.expand(len(texts), -1, -1)])
        cond, uncond = self._unet(rows, torch.full((len(rows),), 900.0), context=context).chunk(2)
        return x - SIGMA * (uncond + SCALE * (cond - uncond))


def boxes(count: int, area: float, height: int, width: int) -> list[Rect]:
    """So many rectangles of one size, that part of height x width cells together: halves of halves.

    ``count`` and 1 / ``area`` are powers of two.
    """
    halvings = round(math.log2(count / area))
    columns, rows = 2 ** (halvings - halvings // 2), 2 ** (halvings // 2)
    high, wide = height // rows, width // columns
    places = itertools.product(range(rows), range(columns))
    return [Rect(row * high, column * wide, high, wide) for row, column in itertools.islice(places, count)]


def bound_step(model: _Model, x: Tensor, rects: Sequence[Rect], mode: str, step: int) -> Callable[[], Tensor]:
    """The step with objects bound in the rectangles; on canvases of their own, no larger than the picture together, in
    the mode native."""
    height, width = x.shape[-2:]
    most = height * width / len(rects)
    objects = [
        PlacedObject(
            picture=0,
            rect=rect,
            weight=ramp(rect, height, width, 0.0),
            canvas=canvas_of(rect, max(height, width), step, most) if mode == "native" else None,
            steps=1.0,
            sigma=0.0,
            seed=number,
        )
        for number, rect in enumerate(rects)
    ]
    level = torch.full((1,), SIGMA)
    binding, bound = HardBinding(objects, SigmaSpace()), dict(enumerate(objects))

    def run() -> Tensor:
        # As in the WebUI: a picture that is bound everywhere has no pass of its own.
        output = torch.zeros_like(x) if binding.covered(bound, x).all() else model.picture(x)
        return binding.bind(bound, x, level, output[None], None, model.objects)[0]

    return run


def measure_steps(name: str, size: int, counts: Sequence[int], modes: Sequence[str], repeats: int) -> list[Row]:
    """Time bound steps at `size` x `size` pixels, each next to a plain one, the two in alternating order."""
    torch.manual_seed(0)
    shape = MODELS[name]
    unet = build_unet(shape, "cpu", torch.float32)
    weights = sum(parameter.nbytes for parameter in unet.parameters()) / 2**20
    x = torch.randn(1, 4, size // 8, size // 8) * SIGMA
    model, step = _Model(unet, shape.context_width), 2 ** (len(shape.multipliers) - 1)
    with torch.inference_mode(), host_attention("sdp"):
        plain = _Way("plain", 0, 0.0, lambda: model.picture(x))
        ways = [
            _Way(mode, count, area, bound_step(model, x, boxes(count, area, *x.shape[-2:]), mode, step))
            for mode in modes
            for area in AREAS
            for count in counts
        ]
        for way in (plain, *ways):
            way.step()
            _, way.peak_mib = with_peak(way.step, "cpu")
        for number, way in itertools.product(range(repeats), ways):
            pair = [(way.times, way.step), (way.plain_times, plain.step)]
            for times, run in pair[:: 1 if number % 2 else -1]:
                times.append(timed(run, "cpu", "wall"))
    plain.times = plain.plain_times = [seconds for way in ways for seconds in way.plain_times]
    return [
        Row(
            job="step",
            method=way.method,
            model=name,
            size=f"{size}x{size}",
            objects=way.objects,
            area=way.area,
            ms=round(1000 * statistics.median(way.times), 1),
            ratio=round(way.ratio, 4),
            aim=1 + STEP_AIM * way.area if way.method == "exact" else None,
            peak_mib=way.peak_mib,
            peak_ratio=round((weights + way.peak_mib) / (weights + plain.peak_mib), 4),
        )
        for way in (plain, *ways)
    ]


def measure_pictures(url: str, options: argparse.Namespace) -> list[Row]:
    """Time whole pictures of the list of `accuracy`, each by every method in turn, in alternating order."""
    times: dict[str, list[float]] = {method: [] for method in (*PICTURE_METHODS, REPAINT)}
    drawing = accuracy.defaults()
    wanted = accuracy.tasks(options.pictures, options.seed, things=(2, accuracy.MOST_THINGS))
    for index, task in enumerate([wanted[0], *wanted]):  # the first time the host gets warm
        taken, pictures = dict[str, float](), dict[str, Image.Image]()
        for method in PICTURE_METHODS[:: 1 if index % 2 else -1]:
            planned = accuracy.drawn_with(method, task, drawing)
            start = time.perf_counter()
            pictures[method] = draw(url, task, task.prompt, planned, index, options)
            taken[method] = time.perf_counter() - start
        bound = pictures[PICTURE_METHODS[-1]]
        asked = {"picture": encoded(bound), "region": 0, "mode": "replay"}
        start = time.perf_counter()
        repaint(url, bound.info["parameters"], asked)
        taken[REPAINT] = time.perf_counter() - start
        for method, seconds in taken.items() if index else ():
            times[method].append(seconds)
    plain = times["plain"]
    return [
        Row(
            job="picture",
            method=method,
            model="shapes",
            size="mixed",
            objects=0,
            area=0.0,
            ms=round(1000 * statistics.median(taken), 1),
            ratio=round(statistics.median(a / b for a, b in zip(taken, plain, strict=True)), 4),
            aim=PICTURE_AIMS.get(method),
        )
        for method, taken in times.items()
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command `python -m lib_rpg bench binding`; returns the exit code 0, raises RpgError."""
    options = _options(arguments)
    table: list[Row] = []
    if options.repeats:
        table += measure_steps(options.model, options.size, options.objects, options.modes, options.repeats)
    if options.pictures:
        with host_of(options) as url:
            table += measure_pictures(url, options)
    if options.json:
        print(json.dumps({"rows": [asdict(row) for row in table]}))
        return 0
    print(f"{'job':9}{'method':16}{'model':8}{'objects':>8}{'area':>6}{'ms':>10}{'over plain':>11}{'aim':>7}{'MiB':>9}")
    for row in table:
        aim = "" if row.aim is None else f"{row.aim:.2f}"
        peak = "" if row.peak_mib is None else f"{row.peak_mib:.1f}"
        name = f"{row.job:9}{row.method:16}{row.model:8}{row.objects:>8}{row.area:>6}"
        print(f"{name}{row.ms:>10.1f}{row.ratio:>11.3f}{aim:>7}{peak:>9}")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m lib_rpg bench binding", description=re.split(r"\n\n", __doc__ or "")[0]
    )
    parser.add_argument("--model", choices=MODELS, default="half", help="of the steps (default %(default)s)")
    parser.add_argument("--size", type=int, default=512, help="pixels of a side of the steps (default %(default)s)")
    parser.add_argument(
        "--objects", type=lambda text: [int(part) for part in text.split(",")], default=[1, 2, 4, 8], help="1,2,4,8"
    )
    parser.add_argument(
        "--modes", type=lambda text: text.split(","), default=list(MODES), help=f"default {','.join(MODES)}"
    )
    parser.add_argument("--repeats", type=int, default=5, help="rounds of steps; 0 for none (default %(default)s)")
    parser.add_argument("--pictures", type=int, default=14, help="0 for none (default %(default)s)")
    add_drawing(parser)
    options = parser.parse_args(arguments)
    if options.size < 512 or options.size % 512:
        raise RpgError(f"--size {options.size}: eight boxes of a quarter of the picture need a multiple of 512 pixels")
    if wrong := [count for count in options.objects if count not in (1, 2, 4, 8)]:
        raise RpgError(
            f"--objects: {wrong[0]} is none of 1, 2, 4 and 8, of which boxes of one size are made; use these"
        )
    if unknown := [mode for mode in options.modes if mode not in MODES]:
        raise RpgError(f"--modes: there is no {unknown[0]!r}; use {', '.join(MODES)}")
    if options.repeats < 0 or options.pictures < 0 or not options.repeats + options.pictures:
        raise RpgError("--repeats, --pictures: nothing is measured; give at least 1 of one of them")
    return options
