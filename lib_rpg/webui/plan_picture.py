"""A picture of a plan: the picture that was drawn, with the regions' outlines, numbers and names over it."""

from __future__ import annotations

import colorsys

from modules import images
from PIL import Image, ImageDraw

from lib_rpg.layout.mask import read_mask
from lib_rpg.plan import Plan, Region
from lib_rpg.webui.lettering import fitted

_HUE_STEP = 137.508
"""Degrees from one region's hue to the next, as on the page (javascript/rpg_colours.js)."""
_LABEL_SHARE = 28
"""A label is as high as the shorter side over this."""
_TINT = 0.4
"""How much of the region's colour lies over the picture where its mask is white."""


def draw(picture: Image.Image, plan: Plan) -> Image.Image:
    """The picture with the plan's regions over it, in their order; a mask is a tint. The picture stays as it is."""
    drawn = picture.convert("RGB")
    for index, region in enumerate(plan.regions):
        _draw_region(drawn, index, region)
    return drawn


def _draw_region(drawn: Image.Image, index: int, region: Region) -> None:
    bright, dark = _colour(index, 0.6, 0.8), _colour(index, 0.25, 0.6)
    left, top, right, bottom = _edges(region, drawn.size)
    if region.mask:
        grey = Image.fromarray(read_mask(region.mask).numpy())
        tint = grey.resize((right - left, bottom - top)).point(lambda level: round(level * _TINT))
        drawn.paste(bright, (left, top, right, bottom), tint)
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((left, top, right - 1, bottom - 1), outline=bright, width=max(min(drawn.size) // 200, 1))
    font = images.get_font(max(min(drawn.size) // _LABEL_SHARE, 10))
    text = fitted(f"{index + 1} {region.name or region.prompt}".strip(), right - left, pen, font)
    pen.rectangle(pen.textbbox((left, top), text, font=font), fill=dark)
    pen.text((left, top), text, "white", font=font)


def _edges(region: Region, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the region in pixels: at least one pixel wide and high."""
    x, y, width, height = region.box
    left, top = min(round(x * size[0]), size[0] - 1), min(round(y * size[1]), size[1] - 1)
    return left, top, max(round((x + width) * size[0]), left + 1), max(round((y + height) * size[1]), top + 1)


def _colour(index: int, lightness: float, saturation: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb(index * _HUE_STEP % 360 / 360, lightness, saturation)
    return round(red * 255), round(green * 255), round(blue * 255)
