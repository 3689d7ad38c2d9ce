"""Rectangles of latents: where an object's box lies on a picture's, and with which weight it is put there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

LARGE = 1.25
"""A model repeats an object on a canvas with so many times the area that it was trained for."""


class Rect(NamedTuple):
    """A part of the latents, in cells."""

    top: int
    left: int
    height: int
    width: int

    def of(self, tensor: Tensor) -> Tensor:
        """The part of a tensor (..., H, W), as a view."""
        return tensor[..., self.top : self.top + self.height, self.left : self.left + self.width]


def rect_of(box: Sequence[float], height: int, width: int) -> Rect:
    """The rectangle of whole cells that is next to a box (x, y, width, height in fractions) on height x width cells.

    Its middle is the box's to half a cell. It has at least one cell.
    """
    top, high = _span(box[1], box[3], height)
    left, wide = _span(box[0], box[2], width)
    return Rect(top, left, high, wide)


def cells_in(boxes: Sequence[Sequence[float]], height: int, width: int) -> Tensor:
    """Which cells the rectangles that `rect_of` gives for boxes cover together: bool (height, width)."""
    cells = torch.zeros(height, width, dtype=torch.bool)
    for box in boxes:
        rect_of(box, height, width).of(cells).fill_(True)
    return cells


def _span(start: float, share: float, cells: int) -> tuple[int, int]:
    """Start and length on one axis."""
    length = min(max(math.floor(share * cells + 0.5), 1), cells)
    middle = (start + share / 2) * cells
    return min(max(math.floor(middle - length / 2 + 0.5), 0), cells - length), length


def grown(rect: Rect, height: int, width: int, step: int) -> Rect:
    """The smallest rectangle around another one whose sides a UNet can halve: multiples of ``step``, or a whole side.

    The other one is in its middle as far as the edges of the height x width cells allow.
    """
    top, high = _grown(rect.top, rect.height, height, step)
    left, wide = _grown(rect.left, rect.width, width, step)
    return Rect(top, left, high, wide)


def _grown(start: int, length: int, cells: int, step: int) -> tuple[int, int]:
    full = min(math.ceil(length / step) * step, cells)
    return min(max(start - (full - length) // 2, 0), cells - full), full


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


def within(weight: Tensor, rect: Rect, around: Rect) -> Tensor:
    """The weight of a rectangle's cells as that of one around it: 0 where the first one is not."""
    whole = weight.new_zeros(around.height, around.width)
    Rect(rect.top - around.top, rect.left - around.left, rect.height, rect.width).of(whole).copy_(weight)
    return whole


def canvas_of(rect: Rect, side: int, step: int, most: float) -> tuple[int, int]:
    """Height and width in cells of the canvas that a rectangle's object is drawn on by itself.

    It has the rectangle's proportions as near as multiples of ``step`` allow, and the area of a square of ``side``
    cells. It has no more than ``most`` cells, but is smaller than the rectangle only where that is `LARGE` times the
    square.
    """
    area, native = rect.height * rect.width, side * side
    is_large = area > LARGE * native
    scale = math.sqrt((native if is_large else max(min(native, most), area)) / area)
    least = (1, 1) if is_large else (math.ceil(rect.height / step), math.ceil(rect.width / step))
    return (
        max(round(rect.height * scale / step), least[0]) * step,
        max(round(rect.width * scale / step), least[1]) * step,
    )
