"""What a ratio means on a canvas: each cell in fractions, in pixels and in tokens of every UNet level."""

from __future__ import annotations

from typing import Any

from lib_rpg.layout.canvas import check_size
from lib_rpg.layout.cells import grid_cells
from lib_rpg.layout.ratio import parse_ratio

# Pixels per token at the levels of a latent UNet.
LEVELS = (8, 16, 32, 64)


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
