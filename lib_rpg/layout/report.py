"""What a ratio means on a canvas: each cell in fractions, in pixels and in tokens of every UNet level."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from lib_rpg.checks import check_text
from lib_rpg.errors import RpgError
from lib_rpg.layout.canvas import check_size
from lib_rpg.layout.cells import grid_cells
from lib_rpg.layout.pasted_ratio import Ratio, ratios
from lib_rpg.layout.ratio import MAX_CHARACTERS, parse_ratio

# Pixels per token at the levels of a latent UNet.
LEVELS = (8, 16, 32, 64)


def read_ratio(split_ratio: str, rows_first: bool = False) -> Ratio:
    """A ratio as it is read where no regions say which reading fits, and notes on what was mended.

    The grammar goes first, as `lib_rpg.layout.pasted_ratio` says: "1，5" is "1,5", and "0,5,0,5", which it cannot read,
    is "0.5, 0.5". Raises RpgError as the grammar does.
    """
    check_text(split_ratio, "split_ratio", MAX_CHARACTERS)
    first, *others = ratios(split_ratio)
    for ratio in (first, *others):
        with suppress(RpgError):
            parse_ratio(ratio.text, rows_first)
            return ratio
    parse_ratio(first.text, rows_first)
    return first


def layout_report(split_ratio: str, width: int, height: int, rows_first: bool = False) -> dict[str, Any]:
    """The cells of a ratio on a canvas of ``width`` × ``height`` pixels, as a document ready for JSON.

    ``split_ratio`` is the ratio as `read_ratio` reads it. ``cells`` has for each region, in order: ``box``
    ``[x, y, w, h]`` in fractions, ``pixels`` ``[x0, y0, x1, y1]``, ends exclusive, and ``grid``, the same in tokens for
    8, 16, 32 and 64 pixels per token, where a level's size is the canvas over that, rounded up. Raises RpgError for a
    bad ratio or size.
    """
    check_size(width, height)
    read = read_ratio(split_ratio, rows_first).text
    grid = parse_ratio(read, rows_first)

    def corners(per_token: int) -> list[list[int]]:
        cells = grid_cells(grid, -(-height // per_token), -(-width // per_token))
        return [[x0, y0, x1, y1] for y0, y1, x0, x1 in cells]

    pixels = corners(1)
    levels = {str(level): corners(level) for level in LEVELS}
    return {
        "split_ratio": read,
        "cells": [
            {
                "box": [float(side) for side in box],
                "pixels": pixels[index],
                "grid": {level: cells[index] for level, cells in levels.items()},
            }
            for index, box in enumerate(grid.boxes())
        ],
    }
