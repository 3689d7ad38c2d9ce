"""Masks of regions: PNG files in base64, read to numbers. Needs Pillow, which the WebUI has."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from typing import TYPE_CHECKING

from lib_rpg.checks import at, refuse

if TYPE_CHECKING:
    import torch

    from lib_rpg.plan import Plan

MAX_SIDE = 2048


def check_masks(plan: Plan) -> None:
    """Refuse (RpgError, with its place) a mask of the plan that is no picture or is all black."""
    for index, region in enumerate(plan.regions):
        if region.mask:
            with at(f"regions[{index}].mask"):
                read_mask(region.mask)


@lru_cache(maxsize=64)
def read_mask(text: str) -> torch.Tensor:
    """A mask's brightness times its opacity: float64 (height, width), 0…1. Not to be changed: it is kept.

    Raises RpgError for what is no picture, is larger than `MAX_SIDE`, or shows nothing.
    """
    import torch
    from PIL import Image

    try:
        with Image.open(io.BytesIO(base64.b64decode(text)), formats=["PNG"]) as picture:
            width, height = picture.size
            if max(width, height) > MAX_SIDE:
                refuse("its size", f"{width}x{height} is too large", f"scale it to at most {MAX_SIDE} a side")
            brightness, opacity = picture.convert("LA").split()
    except (OSError, ValueError, SyntaxError):
        refuse("the PNG file", "cannot be read", "save it anew")
    levels = [
        torch.frombuffer(bytearray(band.tobytes()), dtype=torch.uint8).double().view(height, width) / 255
        for band in (brightness, opacity)
    ]
    mask = levels[0] * levels[1]
    if not mask.any():
        refuse("the picture", "is all black", "paint white where the region is")
    return mask
