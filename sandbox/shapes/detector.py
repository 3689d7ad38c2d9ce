"""Read a picture of coloured shapes back: which things it shows, in which colours, and where. Numpy and PIL only.

Every pixel between the background b and a thing of colour c is b + a (c - b) with a coverage a from 0 to 1, so that its
colour is the palette colour whose line from b it lies next to, also on blurred edges. Pixels of one colour that hang
together are a thing. Its shape is the one that, drawn with the thing's own centre and spread, and averaged and smoothed
as the shapes model's autoencoder does, looks most like it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from .data import COLOURS, RING, SHAPES, draw_shape

# The picture is read at a quarter of its size: two samples for each latent cell.
STEP = 4
# Coverage from which a pixel is taken for a thing's.
COVERED = 0.5
# Least part of the picture's pixels, and least number of samples, that a thing must cover.
LEAST_AREA, LEAST_SAMPLES = 0.004, 18
# A pixel whose colour is less than this (of 255, over all channels) from the background's is background.
LEAST_CONTRAST = 28.0
# What is further than this (1 - cosine similarity) from every drawn shape is a "blob".
WORST_FIT = 0.14
# So is what is this many times as wide as high, or as high as wide.
MOST_UNEVEN = 1.5
# Variance, in square pixels, that averaging over 8 pixels, smoothing and sampling add to a shape's own.
BLUR = 64 / 12 + 64 / 6 + STEP * STEP / 12
# Variance along x and y of a shape of size 1.
SPREAD = {
    "square": (1 / 12, 1 / 12),
    "circle": (1 / 16, 1 / 16),
    "ring": ((1 + (1 - 2 * RING) ** 2) / 16, (1 + (1 - 2 * RING) ** 2) / 16),
    "triangle": (1 / 24, 1 / 18),
}


@dataclass(frozen=True)
class Found:
    """One thing: its colour (a key of COLOURS), shape (one of SHAPES, or "blob"), and box (x, y, width, height) in
    fractions of the picture."""

    colour: str
    shape: str
    box: tuple[float, float, float, float]

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box, in fractions of the picture."""
        x, y, width, height = self.box
        return x + width / 2, y + height / 2


def detect(image: Image.Image) -> list[Found]:
    """The things in a picture, from top to bottom and left to right; sides at least 64 pixels."""
    label, coverage = _labelled(samples(image))
    found = []
    least = max(LEAST_SAMPLES, LEAST_AREA * label.size)
    for index, colour in enumerate(COLOURS):
        mine = (label == index) & (coverage[..., index] > COVERED)
        for part in connected(mine):
            if part.sum() < least:
                continue
            near = grow(part, 3) & ((label == index) | (label == -1))
            amount = np.where(near, coverage[..., index].clip(0, 1.2), 0)
            found.append(Found(colour, *_shape(amount, image.width, image.height)))
    return sorted(found, key=lambda thing: (round(thing.centre[1] * 4), thing.centre[0]))


def samples(image: Image.Image) -> np.ndarray:
    """The picture as the detector reads it: RGB (h, w, 3) of 0 to 255, float32, a sample for `STEP` x `STEP` pixels."""
    return np.asarray(image.convert("RGB").reduce(STEP), np.float32)


def covered(pixels: np.ndarray) -> np.ndarray:
    """Which samples (h, w, 3) are a thing's rather than the background's: boolean (h, w)."""
    label, coverage = _labelled(pixels)
    return (label >= 0) & (np.take_along_axis(coverage, label.clip(0)[..., None], 2)[..., 0] > COVERED)


def _labelled(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The colour of each sample (h, w, 3), its number in COLOURS or -1 for the background's: (h, w); and how much of
    the sample each colour would cover: (h, w, colours)."""
    difference = pixels - background(pixels)
    vectors = np.array(list(COLOURS.values()), np.float32) - background(pixels)
    coverage = difference @ vectors.T / np.maximum((vectors * vectors).sum(1), 1.0)
    beside = np.linalg.norm(difference[:, :, None] - coverage[..., None] * vectors, axis=3)
    # A colour that would have to be mixed very thin, or be stronger than it is, is a worse guess.
    cost = beside + 0.25 * np.abs(1 - coverage) * np.linalg.norm(vectors, axis=1)
    cost[coverage < 0.2] = np.inf
    label = np.where(np.linalg.norm(difference, axis=2) < LEAST_CONTRAST, -1, cost.argmin(2))
    return label, coverage


def background(pixels: np.ndarray) -> np.ndarray:
    """The background's RGB (3,): the median of the outermost samples of (h, w, 3)."""
    edges = (pixels[:2], pixels[-2:], pixels[:, :2], pixels[:, -2:])
    return np.median(np.concatenate([edge.reshape(-1, 3) for edge in edges]), axis=0)


def connected(mask: np.ndarray) -> Iterator[np.ndarray]:
    """The parts of a boolean (h, w) mask that hang together by their sides, each as a mask."""
    left = mask.copy()
    while left.any():
        part = np.zeros_like(mask)
        part[tuple(np.argwhere(left)[0])] = True
        size = 0
        while size != (size := int(part.sum())):
            part = grow(part, 1) & mask
        left &= ~part
        yield part


def grow(mask: np.ndarray, steps: int) -> np.ndarray:
    """A boolean (h, w) mask grown by a number of samples in four directions."""
    for _ in range(steps):
        grown = mask.copy()
        grown[1:] |= mask[:-1]
        grown[:-1] |= mask[1:]
        grown[:, 1:] |= mask[:, :-1]
        grown[:, :-1] |= mask[:, 1:]
        mask = grown
    return mask


def _shape(amount: np.ndarray, width: int, height: int) -> tuple[str, tuple[float, float, float, float]]:
    """Name and box of the shape that looks most like a coverage map (h, w) of one thing."""
    total = amount.sum()
    ys, xs = np.indices(amount.shape)
    x, y = (amount * xs).sum() / total, (amount * ys).sum() / total
    spread_x = (amount * (xs - x) ** 2).sum() / total * STEP**2 - BLUR
    spread_y = (amount * (ys - y) ** 2).sum() / total * STEP**2 - BLUR
    x, y = (x + 0.5) * STEP, (y + 0.5) * STEP
    sides = (max(spread_x, 1) * 12) ** 0.5, (max(spread_y, 1) * 12) ** 0.5
    whole = ((x - sides[0] / 2) / width, (y - sides[1] / 2) / height, sides[0] / width, sides[1] / height)
    best = (WORST_FIT, "blob", whole)
    for shape in SHAPES:
        unit_x, unit_y = SPREAD[shape]
        w, h = (max(spread_x, 1) / unit_x) ** 0.5, (max(spread_y, 1) / unit_y) ** 0.5
        if max(w / h, h / w) > MOST_UNEVEN:
            continue
        # A triangle's centre of mass lies a third of its height above its base.
        top = y - h * (2 / 3 if shape == "triangle" else 1 / 2)
        box = (x - w / 2, top, x + w / 2, top + h)
        drawn = Image.new("L", (width, height))
        draw_shape(drawn, shape, box, 255)
        smooth = drawn.reduce(8).resize((amount.shape[1], amount.shape[0]), Image.Resampling.BILINEAR)
        template = np.asarray(smooth, np.float32)
        likeness = (template * amount).sum() ** 2 / max((template**2).sum() * (amount**2).sum(), 1e-9)
        best = min(best, (float(1 - likeness), shape, (box[0] / width, box[1] / height, w / width, h / height)))
    return best[1], best[2]
