"""Inpainting masks: softening them, the part of a picture that they ask for, and putting it back.

A mask is a grey picture: what is white is drawn anew, what is black stays.
"""

import numpy as np
from modules import images
from PIL import Image, ImageFilter, ImageOps

_FILL_BLURS = ((256, 1), (64, 1), (16, 2), (4, 4), (2, 2), (0, 1))
"""(radius in pixels, how often it is laid on), from the coarsest to the finest."""


def create_binary_mask(image: Image.Image, round: bool = True) -> Image.Image:
    """A picture as a mask: its alpha channel, cut to black and white where `round`, if it has one that hides something.

    Any other picture is taken by its brightness.
    """
    if image.mode != "RGBA" or image.getextrema()[-1] == (255, 255):
        return image.convert("L")
    alpha = image.getchannel("A")
    return alpha.point(lambda level: 255 if level > 128 else 0) if round else alpha


def _kernel(sigma: float) -> list[int]:
    """A Gaussian's weights in 256ths, which add up to 256; what rounding takes from one goes to the next inwards."""
    half = int(2.5 * sigma + 0.5)
    exact = np.exp(-((np.arange(-half, half + 1) / sigma) ** 2) / 2)
    exact *= 256 / exact.sum()
    side, left_over = [], 0.0
    for weight in exact[:half]:
        side.append(round(weight + left_over))
        left_over += weight - side[-1]
    return [*side, 256 - 2 * sum(side), *reversed(side)]


def _blurred_rows(levels: np.ndarray, sigma: float) -> np.ndarray:
    kernel = _kernel(sigma)
    half = len(kernel) // 2
    padded = np.pad(levels.astype(np.int64), ((0, 0), (half, half)), mode="reflect")
    width = levels.shape[1]
    total = sum(weight * padded[:, i : i + width] for i, weight in enumerate(kernel))
    return ((total + 128) >> 8).astype(np.uint8)


def blurred(mask: Image.Image, sigma_x: float, sigma_y: float) -> Image.Image:
    """A grey mask blurred along and across by so many pixels, in OpenCV's fixed-point arithmetic for bytes."""
    levels = np.array(mask)
    if sigma_x > 0:
        levels = _blurred_rows(levels, sigma_x)
    if sigma_y > 0:
        levels = _blurred_rows(levels.T, sigma_y).T
    return Image.fromarray(np.ascontiguousarray(levels))


def get_crop_region_v2(mask: Image.Image, pad: int = 0) -> tuple[int, int, int, int] | None:
    """(left, top, right, bottom) of all that is not black and `pad` pixels around it; None for a black mask."""
    box = mask.getbbox()
    if box is None:
        return None
    left, top, right, bottom = box
    return max(left - pad, 0), max(top - pad, 0), min(right + pad, mask.width), min(bottom + pad, mask.height)


def _widened(start: int, end: int, length: float, limit: int) -> tuple[int, int]:
    """The span made `length` long around its middle, moved to lie within 0 and `limit`, and cut at the limit."""
    extra = int(length - (end - start))
    start, end = start - extra // 2, end + extra - extra // 2
    if end >= limit:
        start, end = start - (end - limit), limit
    if start < 0:
        start, end = 0, min(end - start, limit)
    return start, end


def expand_crop_region(
    crop_region: tuple[int, int, int, int],
    processing_width: int,
    processing_height: int,
    image_width: int,
    image_height: int,
) -> tuple[int, int, int, int]:
    """The region, made wider or higher towards the proportions at which it is drawn, as far as the picture goes."""
    left, top, right, bottom = crop_region
    ratio = processing_width / processing_height
    if (right - left) / (bottom - top) > ratio:
        top, bottom = _widened(top, bottom, (right - left) / ratio, image_height)
    else:
        left, right = _widened(left, right, (bottom - top) * ratio, image_width)
    return left, top, right, bottom


def without(image: Image.Image, mask: Image.Image) -> Image.Image:
    """The picture, transparent as far as the mask is white; its colours are multiplied by alpha (mode RGBa)."""
    rest = Image.new("RGBa", image.size)
    rest.paste(image.convert("RGBA").convert("RGBa"), mask=ImageOps.invert(mask.convert("L")))
    return rest


def fill(image: Image.Image, mask: Image.Image) -> Image.Image:
    """The picture with its own surroundings, blurred, in place of what is masked."""
    rest = without(image, mask)
    filled = Image.new("RGBA", image.size)
    for radius, times in _FILL_BLURS:
        layer = rest.filter(ImageFilter.GaussianBlur(radius)).convert("RGBA")
        for _ in range(times):
            filled.alpha_composite(layer)
    return filled.convert("RGB")


def uncrop(image: Image.Image, dest_size: tuple[int, int], paste_loc: tuple[int, int, int, int]) -> Image.Image:
    """An empty picture of `dest_size` with `image` at `paste_loc`: left, top, width and height."""
    left, top, width, height = paste_loc
    canvas = Image.new("RGBA", dest_size)
    canvas.paste(images.resize_image(1, image, width, height), (left, top))
    return canvas


def composite(
    image: Image.Image, paste_to: tuple[int, int, int, int] | None, overlay: Image.Image | None
) -> Image.Image:
    """A drawn picture, put where it was cropped from, with the original laid over it where that is kept."""
    if overlay is None:
        return image
    if paste_to is not None:
        image = uncrop(image, overlay.size, paste_to)
    image = image.convert("RGBA")
    image.alpha_composite(overlay)
    return image.convert("RGB")
