"""Rectangles of latents: where an object's box lies on a picture's, and with which weight it is put there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor


class Rect(NamedTuple):
    """A part of the latents, in cells."""

    top: int
    left: int
    height: int
    width: int

    def of(self, tensor: Tensor) -> Tensor:
        """The part of a tensor (..., H, W), as a view."""
        return tensor[..., self.top : self.top + self.height, self.left : self.left + self.width]


def rect_of(box: Sequence[float], height: int, width: int, step: int) -> Rect | None:
    """The rectangle of a box (x, y, width, height in fractions) on latents of height x width.

    Its sides are multiples of ``step``, which the UNet can halve as often as it does, next to the box's own; its middle
    is the box's as far as the edges allow. None where a side of the latents is shorter than a step.
    """
    top, high = _span(box[1], box[3], height, step)
    left, wide = _span(box[0], box[2], width, step)
    return Rect(top, left, high, wide) if high and wide else None


def _span(start: float, share: float, cells: int, step: int) -> tuple[int, int]:
    """Start and length on one axis."""
    length = min(max(math.floor(share * cells / step + 0.5), 1), cells // step) * step
    middle = (start + share / 2) * cells
    return min(max(math.floor(middle - length / 2 + 0.5), 0), cells - length), length


def ramp(rect: Rect, height: int, width: int, feather: float) -> Tensor:
    """How much of each cell of a rectangle its object has: float32 (rect.height, rect.width), above 0 to 1.

    It falls in a straight line over ``feather`` cells towards every edge that is not the border of the latents, which
    are of height x width. At most half of a side is such a band.
    """
    rows = _ramp(rect.top, rect.height, height, feather)
    return torch.outer(rows, _ramp(rect.left, rect.width, width, feather))


def _ramp(start: int, length: int, cells: int, feather: float) -> Tensor:
    feather = min(feather, length / 2)
    middle = torch.arange(length, dtype=torch.float32) + 0.5
    weight = torch.ones(length)
    if feather > 0 and start > 0:
        weight = torch.minimum(weight, middle / feather)
    if feather > 0 and start + length < cells:
        weight = torch.minimum(weight, (length - middle) / feather)
    return weight


def canvas_of(rect: Rect, side: int, step: int, most: float) -> tuple[int, int]:
    """Height and width in cells of the canvas that a rectangle's object is drawn on by itself.

    It has the rectangle's proportions as near as multiples of ``step`` allow, and the area of a square of ``side``
    cells, but no more than ``most`` cells, and is nowhere smaller than the rectangle.
    """
    area = max(min(side * side, most), rect.height * rect.width)
    scale = math.sqrt(area / (rect.height * rect.width))
    return (
        max(round(rect.height * scale / step), rect.height // step, 1) * step,
        max(round(rect.width * scale / step), rect.width // step, 1) * step,
    )
