"""Masks of regions: PNG files in base64, read to numbers. Needs Pillow, which the WebUI has."""

from __future__ import annotations

import base64
import binascii
import functools
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from lib_rpg.checks import at, refuse
from lib_rpg.layout import png

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image as Picture

    from lib_rpg.plan import Plan

LONGEST_SIDE = 2048
MAX_PIXELS = 2**24
"""Pixels of all masks of a plan together: 4 of 2048 x 2048, 64 of 512 x 512."""

_HEADER_CHARACTERS = 4 * png.HEADER_BYTES // 3

Masks = Mapping[str, "torch.Tensor"]
"""Masks by the text that they were read from: uint8 (height, width), 0 to 255."""


def check_masks(plan: Plan) -> None:
    """Refuse (RpgError, with its place) a mask of the plan that is no picture, shows nothing, or is too large.

    Sizes are read from the headers of all masks before any of them is decoded.
    """
    _check_sizes(plan)
    for text, index in _places(plan).items():
        with at(f"regions[{index}].mask"):
            read_grey(text)


def read_masks(plans: Iterable[Plan]) -> dict[str, torch.Tensor]:
    """The masks of plans, each once, also where plans share them. Raises RpgError as `check_masks` does."""
    masks: dict[str, torch.Tensor] = {}
    for plan in plans:
        _check_sizes(plan)
        for text, index in _places(plan).items():
            if text not in masks:
                with at(f"regions[{index}].mask"):
                    masks[text] = read_mask(text)
    return masks


def read_mask(text: str) -> torch.Tensor:
    """A mask's brightness times its opacity: uint8 (height, width), 0 to 255.

    Raises RpgError for what is no picture, is larger than `LONGEST_SIDE`, or shows nothing.
    """
    import torch

    picture = read_grey(text)
    return torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8).view(picture.height, picture.width)


def compact(text: str, columns: float, rows: float) -> str:
    """The mask with at most so many columns and rows, as 8-bit grey; as it was where that is not shorter.

    Each pixel is the mean of those that it takes the place of. A mask that would be all black on the grid stays.
    """
    from PIL import Image

    picture = read_grey(text)
    size = min(picture.width, math.ceil(columns)), min(picture.height, math.ceil(rows))
    small = picture.resize(size, Image.Resampling.BOX)
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True)
    made = base64.b64encode(file.getvalue()).decode()
    return made if small.getextrema()[1] and len(made) < len(text) else text


def _places(plan: Plan) -> dict[str, int]:
    """Every mask's text, with the number of the first region that has it."""
    places: dict[str, int] = {}
    for index, region in enumerate(plan.regions):
        if region.mask:
            places.setdefault(region.mask, index)
    return places


def _check_sizes(plan: Plan) -> None:
    """Refuse (RpgError) masks whose headers give too large a size, for one or for all of the plan's together."""
    pixels = 0
    for index, region in enumerate(plan.regions):
        if region.mask:
            with at(f"regions[{index}].mask"):
                header = _read_header(_decoded(region.mask[:_HEADER_CHARACTERS]))
                pixels += header.width * header.height
                if pixels > MAX_PIXELS:
                    problem = f"with this mask, the plan's masks have {pixels} pixels, which are too many"
                    refuse("its size", problem, f"scale the masks to at most {MAX_PIXELS} together")


def _read_header(content: bytes) -> png.Header:
    header = png.read_header(content)
    if max(header.width, header.height) > LONGEST_SIDE:
        refuse("its size", f"{header.width}x{header.height} is too large", f"scale it to at most {LONGEST_SIDE} a side")
    return header


def read_grey(text: str) -> Picture:
    """A mask's brightness times its opacity as a picture of mode L. Raises RpgError as `read_mask`.

    Colours count by their luma (ITU-R 601), samples of 16 bits by their upper 8.
    """
    from PIL import Image

    content = _decoded(text)
    _read_header(content)
    brightness, opacity = _levels(png.read_png(content))
    advice = "paint white where the region is"
    if not brightness.getextrema()[1]:
        refuse("the picture", "is all black", advice)
    if opacity is None:
        return brightness
    if not opacity.getextrema()[1]:
        refuse("the picture", "is all transparent", advice)
    shown = Image.composite(brightness, Image.new("L", brightness.size), opacity)  # rounds, where multiply cuts off
    if not shown.getextrema()[1]:
        refuse("the picture", "is black wherever it is not transparent", advice)
    return shown


def _levels(mask: png.Png) -> tuple[Picture, Picture | None]:
    """Brightness and, where there is any, opacity: pictures of mode L."""
    picture, color = _decode(mask.file), mask.header.color
    if color == png.PALETTE:
        return _from_palette(picture, mask.palette, mask.transparent)
    if color == png.GREY_ALPHA:  # of mode RGBA where it has 16 bits
        return picture.getchannel(0), picture.getchannel("A")
    if color == png.RGBA:
        return picture.convert("RGB").convert("L"), picture.getchannel("A")
    key = [int.from_bytes(mask.transparent[i : i + 2], "big") for i in range(0, len(mask.transparent), 2)]
    if color == png.RGB:
        return picture.convert("L"), _unlike(picture.split(), key) if key else None
    return _from_grey(picture, mask.header.depth, key)


def _decode(file: bytes) -> Picture:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(file), formats=["PNG"]) as picture:
            picture.load()
            return picture.copy()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        png.broken("Pillow refuses it")


def _from_palette(picture: Picture, palette: bytes, opacities: bytes) -> tuple[Picture, Picture]:
    from PIL import Image

    count = len(palette) // 3
    indices = Image.frombytes("L", picture.size, picture.tobytes())
    if indices.point([255 * (index >= count) for index in range(256)]).getbbox():
        png.broken("it uses colours that its palette does not have")
    lumas = Image.frombytes("RGB", (count, 1), palette).convert("L").tobytes()
    return indices.point(lumas.ljust(256, b"\0")), indices.point(opacities.ljust(256, b"\xff"))


def _from_grey(picture: Picture, depth: int, key: Sequence[int]) -> tuple[Picture, Picture | None]:
    """``key`` is empty, or has the one sample that is transparent."""
    from PIL import Image

    if depth < 16:
        brightness = picture.convert("L")
        return brightness, _unlike([brightness], [key[0] * 255 // (2**depth - 1)]) if key else None
    samples = picture.tobytes("raw", "I;16B")  # Pillow 9 has 16 bits in mode I, 10 in I;16: both are written so
    upper, lower = (Image.frombytes("L", picture.size, samples[byte::2]) for byte in (0, 1))
    return upper, _unlike([upper, lower], [key[0] >> 8, key[0] & 255]) if key else None


def _unlike(bands: Sequence[Picture], color: Sequence[int]) -> Picture:
    """255 where a pixel is not of that colour, 0 where it is."""
    from PIL import ImageChops

    differ = [
        band.point([255 * (level != own) for level in range(256)]) for band, own in zip(bands, color, strict=True)
    ]
    return functools.reduce(ImageChops.lighter, differ)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        refuse("the text", "is not base64", "give a PNG file in base64")
