"""The canvas: which sizes in pixels a picture can have."""

from __future__ import annotations

from lib_rpg.checks import check_whole, refuse

MAX_SIDE = 16384
"""Pixels."""


def check_size(width: int, height: int) -> None:
    """Refuse (RpgError) a canvas whose sides in pixels are not multiples of 8 from 8 to `MAX_SIDE`."""
    for name, side in (("width", width), ("height", height)):
        check_whole(side, name, 8, MAX_SIDE)
        if side % 8:
            lower = side - side % 8
            refuse(name, f"{side} is not a multiple of 8", f"use {lower} or {lower + 8}")
