"""What a ratio means on a canvas: each cell in fractions, in pixels and in tokens of every UNet level."""

from __future__ import annotations

from typing import Any

from lib_rpg.checks import check_whole, refuse
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.layout.weights import grid_cells

MAX_SIDE = 16384
# Pixels per token at the levels of a latent UNet.
LEVELS = (8, 16, 32, 64)


def check_size(width: int, height: int) -> None:
    """Refuse (RpgError) a canvas whose sides in pixels are not multiples of 8 from 8 to `MAX_SIDE`."""
    for name, side in (("width", width), ("height", height)):
        check_whole(side, name, 8, MAX_SIDE)
        if side % 8:
            lower = side - side % 8
            refuse(name, f"{side} is not a multiple of 8", f"take {lower} or {lower + 8}")


def layout_report(split_ratio: str, width: int, height: int, rows_first: bool = False) -> dict[str, Any]:
    """The cells of a ratio on a canvas of ``width`` × ``height`` pixels, as a document ready for JSON.

    ``cells`` has for each region, in order: ``box`` ``[x, y, w, h]`` in fractions, ``pixels`` ``[x0, y0, x1, y1]``,
    ends exclusive, and ``grid``, the same in tokens for 8, 16, 32 and 64 pixels per token, where a level's size is
    the canvas over that, rounded up. Raises RpgError for a bad ratio or size.
    """
    check_size(width, height)
    grid = parse_ratio(split_ratio, rows_first)

    def corners(per_token: int) -> list[list[int]]:
        cells = grid_cells(grid, -(-height // per_token), -(-width // per_token))
        return [[x0, y0, x1, y1] for y0, y1, x0, x1 in cells]

    pixels = corners(1)
    levels = {str(level): corners(level) for level in LEVELS}
    return {
        "split_ratio": split_ratio,
        "cells": [
            {
                "box": [float(side) for side in box],
                "pixels": pixels[index],
                "grid": {level: cells[index] for level, cells in levels.items()},
            }
            for index, box in enumerate(grid.boxes())
        ],
    }
