"""The pixels of a repainting: the picture's hash, the mask of what is drawn anew, and the picture put together.

Needs Pillow and numpy, which the WebUI has.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import math
from itertools import pairwise
from typing import TYPE_CHECKING

from lib_rpg.checks import refuse
from lib_rpg.plan_checks import Box

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image as Picture

BAND = 10 / 1024
"""The band around what is drawn anew in which old and new fade into each other, as a share of the shorter side."""
MAX_PIXELS = 2**26
"""Pixels of a picture that is repainted: 8192 x 8192."""


def read_picture(text: str) -> Picture:
    """A picture from its file in base64. Raises RpgError for what is none, or is too large."""
    from PIL import Image

    try:
        picture = Image.open(io.BytesIO(base64.b64decode(text, validate=True)))
        if picture.width * picture.height > MAX_PIXELS:
            refuse("picture", f"{picture.width} x {picture.height} pixels are too many", "scale it down")
        picture.load()
    except (OSError, ValueError, SyntaxError, binascii.Error, Image.DecompressionBombError) as error:
        refuse("picture", f"it cannot be read ({type(error).__name__})", "give a PNG, JPEG or WebP file in base64")
    return picture


def hash_of(picture: Picture) -> str:
    """A name for the picture's pixels: 32 hexadecimal digits, the same for each file that holds the same pixels."""
    pixels = picture.convert("RGB")
    head = f"{pixels.width}x{pixels.height}:".encode()
    return hashlib.sha256(head + pixels.tobytes()).hexdigest()[:32]


def box_mask(box: Box, size: tuple[int, int], shape: Picture | None = None) -> Picture:
    """A mask of that width and height in pixels: mode L, 255 in the box, 0 outside.

    With ``shape``, of mode L and scaled to the box, 255 where it is at least half as bright as it is anywhere.
    """
    from PIL import Image

    width, height = size
    left, top = round(box[0] * width), round(box[1] * height)
    right, bottom = round((box[0] + box[2]) * width), round((box[1] + box[3]) * height)
    place = left, top, max(right, left + 1), max(bottom, top + 1)
    mask = Image.new("L", size)
    if shape is None:
        mask.paste(255, place)
    else:
        scaled = shape.resize((place[2] - left, place[3] - top), Image.Resampling.BILINEAR)
        least = max(scaled.getdata()) / 2
        mask.paste(scaled.point(lambda level: 255 if level >= least else 0), place)
    return mask


def fading(mask: Picture) -> np.ndarray:
    """How much of each pixel is new: float32 (height, width), 1 where the mask is white, falling to 0 over `BAND`.

    Raises RpgError for a mask that is all black.
    """
    import numpy as np
    from PIL import ImageFilter

    white = mask.point(lambda level: 255 if level >= 128 else 0)
    if white.getbbox() is None:
        refuse("mask", "nothing of it is white", "paint white what is to be drawn anew")
    reach = max(math.floor(BAND * min(mask.size) / 2 + 0.5), 1)
    # Grown by the reach and then averaged over it: all that is white stays 1, and beyond twice the reach it is 0.
    grown = white.filter(ImageFilter.MaxFilter(2 * reach + 1))
    return np.asarray(grown.filter(ImageFilter.BoxBlur(reach)), np.float32) / 255


def cells_of(share: np.ndarray, height: int, width: int) -> np.ndarray:
    """The latent cells, height x width, in which any pixel is new: bool (height, width)."""
    import numpy as np

    rows = np.linspace(0, share.shape[0], height + 1)
    columns = np.linspace(0, share.shape[1], width + 1)
    new = share > 0
    by_row = np.stack([new[int(a) : math.ceil(b)].any(0) for a, b in pairwise(rows)])
    return np.stack([by_row[:, int(a) : math.ceil(b)].any(1) for a, b in pairwise(columns)], 1)


def extent(new: np.ndarray) -> Box:
    """The smallest box, as fractions, around what is true in a bool array (height, width); something has to be."""
    rows, columns = new.any(1).nonzero()[0], new.any(0).nonzero()[0]
    height, width = new.shape
    left, top = int(columns[0]), int(rows[0])
    return left / width, top / height, (int(columns[-1]) + 1 - left) / width, (int(rows[-1]) + 1 - top) / height


def put_together(old: Picture, new: Picture, share: np.ndarray) -> Picture:
    """The old picture with the new one where ``share``, (height, width), says; exactly the old one where it is 0.

    The picture is RGB and of the old one's size. The new one is scaled to it.
    """
    import numpy as np
    from PIL import Image

    before = np.asarray(old.convert("RGB"))
    after = np.asarray(new.convert("RGB").resize(old.size, Image.Resampling.LANCZOS))
    mixed = before + (after.astype(np.float32) - before) * share[..., None]
    return Image.fromarray(np.where(share[..., None] > 0, np.rint(mixed), before).astype(np.uint8))
