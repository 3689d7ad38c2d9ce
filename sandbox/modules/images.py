"""Pictures: resizing, flattening, grids, tiles."""

import math
from typing import NamedTuple

import numpy as np
import torch
from modules import script_callbacks
from PIL import Image, ImageFont


def from_tensor(x: torch.Tensor) -> Image.Image:
    """A picture of x (3, H, W) from 0 to 1, cut down to whole numbers as the WebUI does, not rounded."""
    return Image.fromarray((255.0 * np.moveaxis(x.cpu().numpy(), 0, 2)).astype(np.uint8))


def to_tensor(image: Image.Image) -> torch.Tensor:
    """(3, H, W) from 0 to 1 of an RGB picture."""
    return torch.from_numpy(np.moveaxis(np.array(image).astype(np.float32) / 255.0, 2, 0))


def get_font(fontsize: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A font for labels of that height in pixels."""
    return ImageFont.load_default(fontsize)


def flatten(img: Image.Image, bgcolor: str) -> Image.Image:
    """The picture without transparency, over a background colour."""
    if img.mode == "RGBA":
        background = Image.new("RGBA", img.size, bgcolor)
        background.paste(img, mask=img)
        img = background
    return img.convert("RGB")


def resize_image(resize_mode: int, im: Image.Image, width: int, height: int) -> Image.Image:
    """Resize by mode: 0 stretches, 1 crops what is too much, any other fills what is missing from the edges."""
    if resize_mode == 0:
        return im.resize((width, height), resample=Image.LANCZOS)
    wider = width / height > im.width / im.height
    if wider == (resize_mode == 1):
        size = (width, im.height * width // im.width)
    else:
        size = (im.width * height // im.height, height)
    resized = im.resize(size, resample=Image.LANCZOS)
    left, top = width // 2 - size[0] // 2, height // 2 - size[1] // 2
    result = Image.new("RGB", (width, height))
    result.paste(resized, box=(left, top))
    if resize_mode != 1 and top > 0:
        result.paste(resized.resize((width, top), box=(0, 0, width, 0)), box=(0, 0))
        edge = resized.resize((width, top), box=(0, resized.height, width, resized.height))
        result.paste(edge, box=(0, top + size[1]))
    if resize_mode != 1 and left > 0:
        result.paste(resized.resize((left, height), box=(0, 0, 0, height)), box=(0, 0))
        edge = resized.resize((left, height), box=(resized.width, 0, resized.width, height))
        result.paste(edge, box=(left + size[0], 0))
    return result


def image_grid(imgs: list[Image.Image], batch_size: int = 1) -> Image.Image:
    """The pictures side by side, in about as many rows as columns."""
    rows = min(round(math.sqrt(len(imgs))), len(imgs))
    params = script_callbacks.ImageGridLoopParams(imgs, math.ceil(len(imgs) / rows), rows)
    script_callbacks.image_grid_callback(params)
    width, height = max(x.width for x in params.imgs), max(x.height for x in params.imgs)
    grid = Image.new("RGB", (params.cols * width, params.rows * height), "#ffffff")
    for i, img in enumerate(params.imgs):
        column, row = i % params.cols, i // params.cols
        grid.paste(img, (column * width + (width - img.width) // 2, row * height + (height - img.height) // 2))
    return grid


class Grid(NamedTuple):
    """Tiles of one size that cover a picture: [[y, height, [[x, width, picture], ...]], ...]."""

    tiles: list
    tile_w: int
    tile_h: int
    image_w: int
    image_h: int
    overlap: int

    @property
    def tile_count(self) -> int:
        return sum(len(row) for _, _, row in self.tiles)


def _tile_starts(length: int, tile: int, overlap: int) -> list[int]:
    """Where the tiles of one direction begin: as few as reach, evenly spread, the last one flush with the end.

    The one tile of a shorter picture begins before it.
    """
    if overlap >= min(tile, length):
        raise ValueError(
            f"tiles of {tile} pixels cannot overlap by {overlap} in a picture of {length}: take a smaller overlap"
        )
    count = math.ceil((length - overlap) / (tile - overlap))
    step = (length - tile) / (count - 1) if count > 1 else 0
    return [min(int(i * step), length - tile) for i in range(count)]


def split_grid(image: Image.Image, tile_w: int = 512, tile_h: int = 512, overlap: int = 64) -> Grid:
    """Cut the picture into tiles that overlap by at least `overlap` pixels; ValueError where that is too much."""
    grid = Grid([], tile_w, tile_h, image.width, image.height, overlap)
    columns = _tile_starts(image.width, tile_w, overlap)
    for y in _tile_starts(image.height, tile_h, overlap):
        row = [[x, tile_w, image.crop((x, y, x + tile_w, y + tile_h))] for x in columns]
        grid.tiles.append([y, tile_h, row])
    return grid


def _fade_in(width: int, height: int, overlap: int) -> Image.Image:
    """A mask that rises from black over the first `overlap` columns and is white behind them."""
    levels = np.full((height, width), 255, np.uint8)
    levels[:, :overlap] = np.arange(overlap, dtype=np.float32) * 255 / overlap
    return Image.fromarray(levels, "L")


def combine_grid(grid: Grid) -> Image.Image:
    """The picture of the tiles; each fades in over the one to its left, and each row over the one above."""
    combined = Image.new("RGB", (grid.image_w, grid.image_h))
    from_left = _fade_in(grid.tile_w, grid.tile_h, grid.overlap)
    from_above = _fade_in(grid.tile_h, grid.image_w, grid.overlap).transpose(Image.TRANSPOSE)
    for y, height, tiles in grid.tiles:
        row = Image.new("RGB", (grid.image_w, height))
        for x, width, tile in tiles:
            row.paste(tile.crop((0, 0, width, height)), (x, 0), mask=from_left if x else None)
        combined.paste(row, (0, y), mask=from_above if y else None)
    return combined


def read_info_from_image(image: Image.Image) -> tuple[str | None, dict]:
    """A PNG file's infotext, None where it has none, and its other text fields."""
    items = dict(image.info or {})
    return items.pop("parameters", None), items
