"""What can be measured of one picture of coloured shapes: its things, their places, and steps of its background."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PIL import Image

from lib_rpg.plan import Box, Plan
from lib_rpg.regional.latent_rects import rect_of
from sandbox.bench.drawing import Task, Wanted
from sandbox.shapes.detector import STEP, Found, covered, detect, grow, samples

TOLERANCE = 4
"""Pixels by which a thing may lie over the border of its place: the detector reads one sample for so many."""
CELL = 8
"""Pixels of a side of a latent cell."""


@dataclass(frozen=True)
class Measures:
    """present: how many of the wanted things are there, in their colour and shape, anywhere. placed: how many of those
    lie wholly in their part of the canvas, to `TOLERANCE` pixels. is_counted: whether there are as many things as
    wanted, of whatever kind. seams, box_seams: `colour_steps` over the borders of the plan's cells and over the edges
    of its objects' boxes."""

    present: int
    placed: int
    is_counted: bool
    seams: float | None
    box_seams: float | None


class Line(NamedTuple):
    """A part of a line across the picture, in pixels: ``at`` on one axis, from ``start`` to ``end`` on the other."""

    vertical: bool
    at: float
    start: float
    end: float


def measured(task: Task, image: Image.Image, planned: Plan) -> Measures:
    """Measure one picture of a task; ``planned`` is its plan of method rag, whatever the picture was drawn with."""
    things = detect(image)
    alike = [[thing for thing in things if _is_a(thing, wanted)] for wanted in task.wanted]
    return Measures(
        present=sum(map(bool, alike)),
        placed=sum(
            any(_lies_in(thing, wanted.area, image) for thing in same)
            for same, wanted in zip(alike, task.wanted, strict=True)
        ),
        is_counted=len(things) == len(task.wanted),
        seams=colour_steps(image, cell_borders(planned, image)),
        box_seams=colour_steps(image, box_edges(planned, image)),
    )


def cell_borders(planned: Plan, image: Image.Image) -> list[Line]:
    """The borders between the plan's regions."""
    boxes = (region.box for region in planned.regions)
    sides = [(x * image.width, y * image.height, w * image.width, h * image.height) for x, y, w, h in boxes]
    return _inner_edges(sides, image)


def box_edges(planned: Plan, image: Image.Image) -> list[Line]:
    """The edges of the rectangles in which the shapes model binds the plan's objects."""
    sides = []
    for box in (entity.box for region in planned.regions for entity in region.entities):
        if box:
            rect = rect_of(box, image.height // CELL, image.width // CELL)
            sides.append((rect.left * CELL, rect.top * CELL, rect.width * CELL, rect.height * CELL))
    return _inner_edges(sides, image)


def colour_steps(image: Image.Image, lines: Iterable[Line]) -> float | None:
    """How much the background's colour differs on the two sides of lines, of 255; None where things are all along them.

    The mean, over the samples along the lines, of the absolute difference of the mean colours of the stretches 4 to 12
    pixels before and behind, over the channels. Between these the decoder smooths. Samples near a thing, whose blurred
    edges are 12 pixels wide, do not count. A flat background has about 0; how much a picture has that knows no lines
    is seen where one is measured at the same lines.
    """
    pixels = samples(image)
    clear = ~grow(covered(pixels), 3)
    steps: list[np.ndarray] = []
    for line in lines:
        # Along the first axis; a horizontal line is one of the transposed picture.
        along, is_clear = (pixels, clear) if line.vertical else (pixels.swapaxes(0, 1), clear.T)
        at, part = round(line.at / STEP), slice(round(line.start / STEP), round(line.end / STEP))
        before, behind = slice(at - 3, at - 1), slice(at + 1, at + 3)
        if at < 3 or at + 3 > along.shape[1]:
            continue
        free = is_clear[part, before].all(1) & is_clear[part, behind].all(1)
        difference = along[part, before].mean(1) - along[part, behind].mean(1)
        steps.append(np.abs(difference[free]).mean(1))
    values = np.concatenate(steps) if steps else np.zeros(0)
    return float(values.mean()) if len(values) else None


def _is_a(thing: Found, wanted: Wanted) -> bool:
    return (thing.colour, thing.shape) == (wanted.colour, wanted.shape)


def _lies_in(thing: Found, area: Box, image: Image.Image) -> bool:
    x, y, width, height = thing.box
    aside, down = TOLERANCE / image.width, TOLERANCE / image.height
    return (
        area[0] - aside <= x and area[1] - down <= y and x + width <= area[2] + aside and y + height <= area[3] + down
    )


def _inner_edges(sides: Sequence[Box], image: Image.Image) -> list[Line]:
    """The edges of boxes in pixels that are not the picture's own, each of them once."""
    lines = set()
    for x, y, width, height in sides:
        lines |= {Line(True, round(at), round(y), round(y + height)) for at in (x, x + width)}
        lines |= {Line(False, round(at), round(x), round(x + width)) for at in (y, y + height)}
    return sorted(line for line in lines if 0 < line.at < (image.width if line.vertical else image.height))
