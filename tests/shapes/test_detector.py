"""The detector on drawn scenes, after the autoencoder's averaging and smoothing, and on pictures that are no scenes."""

import random
from collections import Counter

import numpy as np
import pytest
import torch
from PIL import Image

from sandbox.shapes.data import BACKGROUNDS, COLOURS, SHAPES, Scene, Thing, render, sample
from sandbox.shapes.detector import connected, detect, grow
from sandbox.shapes.vae import ShapesVae
from tests.shapes.arithmetic import average, smooth

SIZES = [(128, 128), (192, 128), (128, 192), (192, 192), (256, 128), (256, 256)]


def through(image, there_and_back=lambda pixels: smooth(average(pixels))):
    """A picture as the autoencoder gives it back, by the arithmetic that it stands for."""
    pixels = torch.from_numpy(np.array(image)).float().permute(2, 0, 1)[None] / 127.5 - 1
    with torch.no_grad():
        decoded = there_and_back(pixels)[0].clamp(-1, 1)
    return Image.fromarray(((decoded + 1) * 127.5).round().byte().permute(1, 2, 0).numpy())


def is_read_right(scene, image):
    found = detect(image)
    if Counter((f.colour, f.shape) for f in found) != Counter((t.colour, t.shape) for t in scene.things):
        return False
    places = [(t.x / scene.width, t.y / scene.height) for t in scene.things]
    return all(min(abs(x - f.centre[0]) + abs(y - f.centre[1]) for f in found) < 0.06 for x, y in places)


def test_the_autoencoder_gives_the_same_pictures():
    vae, rng = ShapesVae(), random.Random(11)
    for size in SIZES:
        _, scene = sample(rng, *size)
        image = through(render(scene), lambda pixels: vae.decode(vae.encode(pixels)))
        by_arithmetic = np.array(through(render(scene)), int)
        assert abs(np.array(image, int) - by_arithmetic).max() <= 1
        assert is_read_right(scene, image)


def test_random_scenes():
    rng = random.Random(11)
    right = 0
    for index in range(200):
        _, scene = sample(rng, *SIZES[index % len(SIZES)])
        right += is_read_right(scene, through(render(scene)))
    assert right >= 198


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_on_every_background(background, colour):
    things = tuple(Thing(colour, shape, 44 + 85 * i, 65, 50) for i, shape in enumerate(SHAPES))
    scene = Scene(344, 128, background, things)
    assert is_read_right(scene, through(render(scene)))


def test_boxes_and_order():
    scene = Scene(256, 256, "gray", (Thing("red", "triangle", 180, 60, 90), Thing("blue", "ring", 60, 190, 80)))
    first, second = detect(through(render(scene)))
    assert (first.colour, second.colour) == ("red", "blue")
    assert first.box == pytest.approx((135 / 256, 15 / 256, 90 / 256, 90 / 256), abs=0.02)
    assert second.box == pytest.approx((20 / 256, 150 / 256, 80 / 256, 80 / 256), abs=0.02)


def test_noise_is_no_reason_for_more():
    scene = Scene(192, 192, "beige", (Thing("green", "square", 70, 120, 70),))
    pixels = np.array(through(render(scene)), np.float32)
    noisy = pixels + np.random.default_rng(0).normal(0, 6, pixels.shape)
    assert is_read_right(scene, Image.fromarray(noisy.clip(0, 255).astype(np.uint8)))


def test_a_mixed_thing_is_not_taken_for_a_whole_one():
    image = render(Scene(128, 128, "gray", (Thing("red", "square", 64, 64, 80),)))
    image.paste(COLOURS["blue"], (64, 24, 104, 104))
    shapes = {(thing.colour, thing.shape) for thing in detect(through(image))}
    assert {colour for colour, _ in shapes} == {"red", "blue"}
    assert ("red", "square") not in shapes or ("blue", "square") not in shapes


def test_a_bar_is_a_blob():
    image = render(Scene(192, 128, "gray", ()))
    image.paste(COLOURS["red"], (10, 20, 40, 110))
    image.paste(COLOURS["red"], (10, 80, 160, 110))
    (thing,) = detect(through(image))
    assert (thing.colour, thing.shape) == ("red", "blob")


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_nothing(background):
    assert detect(render(Scene(128, 128, background, ()))) == []


def test_parts_that_hang_together():
    mask = np.array([[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 1]], bool)
    assert sorted(part.sum() for part in connected(mask)) == [2, 3]
    assert grow(mask, 1).sum() == 10
