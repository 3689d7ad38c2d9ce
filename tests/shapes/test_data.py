"""The captions and pictures that the shapes model is trained on."""

import random
import re

import numpy as np
import pytest

from sandbox.shapes.data import BACKGROUNDS, COLOURS, SHAPES, SMALLEST, Scene, Thing, render, sample

SIZES = [(128, 128), (192, 128), (128, 192), (256, 128), (128, 256), (192, 192), (256, 256)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_things_lie_inside_and_apart(width, height):
    rng = random.Random(width * 1000 + height)
    for _ in range(400):
        _, scene = sample(rng, width, height)
        boxes = [(t.x - t.size / 2, t.y - t.size / 2, t.x + t.size / 2, t.y + t.size / 2) for t in scene.things]
        for i, (x0, y0, x1, y1) in enumerate(boxes):
            assert x0 >= 1 and y0 >= 1 and x1 <= width - 1 and y1 <= height - 1
            assert x1 - x0 >= SMALLEST - 0.1
            for a0, b0, a1, b1 in boxes[:i]:
                assert a1 <= x0 or x1 <= a0 or b1 <= y0 or y1 <= b0


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_canvas_shows_how_many_things_fit_and_where(width, height):
    rng = random.Random(8)
    scenes = [sample(rng, width, height)[1] for _ in range(400)]
    most = {(128, 128): 1, (192, 128): 2, (128, 192): 2, (256, 128): 3, (128, 256): 3}.get((width, height), 4)
    assert max(len(scene.things) for scene in scenes) == most
    for scene in scenes:
        if 1 < len(scene.things) == most < 4:
            along = sorted((t.x / width if width > height else t.y / height) for t in scene.things)
            assert [int(place * most) for place in along] == list(range(most))


def test_captions_name_what_is_drawn():
    rng = random.Random(1)
    complete = several = 0
    for _ in range(1000):
        caption, scene = sample(rng, 192, 128)
        named = set(re.findall(rf"({'|'.join(COLOURS)}) ({'|'.join(SHAPES)})", caption))
        drawn = {(thing.colour, thing.shape) for thing in scene.things}
        assert named <= drawn and bool(named) == bool(drawn)
        several += len(drawn) > 1
        complete += len(drawn) > 1 and named == drawn
        grounds = [name for name in BACKGROUNDS if f"{name} background" in caption]
        assert grounds in ([], [scene.background])
    assert 0.4 < complete / several < 0.8


def test_said_places_are_true():
    rng = random.Random(2)
    seen = 0
    for _ in range(3000):
        caption, scene = sample(rng, 192, 192)
        for thing in scene.things:
            if f"{thing.words} on the left" in caption and caption.count(thing.words) == 1:
                assert thing.x < 96
                seen += 1
            if f"{thing.words} at the bottom right" in caption and caption.count(thing.words) == 1:
                assert thing.x > 96 and thing.y > 96
                seen += 1
    assert seen > 50


def test_same_seed_same_data():
    first, second = (sample(random.Random(5), 128, 128) for _ in range(2))
    assert first == second
    assert sample(random.Random(6), 128, 128) != first


def test_every_word_occurs():
    rng = random.Random(3)
    captions = " ".join(sample(rng, *size)[0] for size in ((192, 128), (128, 192), (256, 128)) for _ in range(1000))
    for word in [*COLOURS, *BACKGROUNDS, *SHAPES, "above", "below", "to the left of", "next to", "from left to right"]:
        assert word in captions


def test_render_paints_shapes_in_their_colour():
    things = tuple(Thing("red", shape, 32 + 64 * i, 32, 48) for i, shape in enumerate(SHAPES))
    picture = np.asarray(render(Scene(256, 64, "navy", things)))
    covered = (picture == COLOURS["red"]).all(-1)
    areas = [covered[:, 64 * i : 64 * i + 64].sum() / 48**2 for i in range(4)]
    assert areas == pytest.approx([0.785, 1.0, 0.5, 0.785 * (1 - 0.52**2)], abs=0.03)
    assert (picture[0, 0] == BACKGROUNDS["navy"]).all()
