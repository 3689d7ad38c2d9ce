"""Pictures: resizing, flattening, grids."""

import math

import numpy as np
import torch
from modules import script_callbacks
from PIL import Image


def from_tensor(x: torch.Tensor) -> Image.Image:
    """A picture of x (3, H, W) from 0 to 1, cut down to whole numbers as the WebUI does, not rounded."""
    return Image.fromarray((255.0 * np.moveaxis(x.cpu().numpy(), 0, 2)).astype(np.uint8))


def to_tensor(image: Image.Image) -> torch.Tensor:
    """(3, H, W) from 0 to 1 of an RGB picture."""
    return torch.from_numpy(np.moveaxis(np.array(image).astype(np.float32) / 255.0, 2, 0))


def flatten(img: Image.Image, bgcolor: str) -> Image.Image:
    """The picture without transparency, over a background colour."""
    if img.mode == "RGBA":
        background = Image.new("RGBA", img.size, bgcolor)
        background.paste(img, mask=img)
        img = background
    return img.convert("RGB")


def resize_image(resize_mode: int, im: Image.Image, width: int, height: int) -> Image.Image:
    """Resize by mode: 0 stretches, 1 crops what is too much, 2 fills what is missing from the edges."""
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
    if resize_mode == 2 and top > 0:
        result.paste(resized.resize((width, top), box=(0, 0, width, 0)), box=(0, 0))
        edge = resized.resize((width, top), box=(0, resized.height, width, resized.height))
        result.paste(edge, box=(0, top + size[1]))
    if resize_mode == 2 and left > 0:
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
