"""What is measured of a picture, on drawn ones; no model is run."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sandbox.bench import accuracy, measures
from sandbox.shapes.data import Scene, Thing, render
from tests.shapes.test_detector import through

TASK = next(task for task in accuracy.tasks(9) if len(task.wanted) == 4)
PLAN = accuracy.planned_for(TASK, "rag")


def picture(moved=(0, 0), things=TASK.wanted):
    """The task's picture as the autoencoder gives it back, its first thing moved by pixels."""
    drawn = []
    for number, thing in enumerate(things):
        x0, y0, x1, y1 = thing.area
        x, y = (x0 + x1) / 2 * TASK.width, (y0 + y1) / 2 * TASK.height
        drawn.append(Thing(thing.colour, thing.shape, x + moved[0] * (not number), y + moved[1] * (not number), 48))
    return through(render(Scene(TASK.width, TASK.height, "gray", tuple(drawn))))


def test_a_picture_as_wanted():
    found = measures.measured(TASK, picture(), PLAN)
    assert (found.present, found.placed, found.is_counted) == (4, 4, True)
    assert found.seams < 0.5 and found.box_seams < 0.5


@pytest.mark.parametrize(("moved", "placed"), [((16, 0), 4), ((36, 0), 3), ((0, 36), 3)])
def test_a_thing_over_the_border_is_not_placed(moved, placed):
    """56 pixels wide in a part of 96, it may move by 20."""
    found = measures.measured(TASK, picture(moved, TASK.wanted[:1]), PLAN)
    assert (found.present, found.placed, found.is_counted) == (1, placed - 3, False)


def test_a_thing_in_anothers_place_is_there_but_not_placed():
    first, second, *rest = TASK.wanted
    swapped = [replace(first, area=second.area), replace(second, area=first.area), *rest]
    found = measures.measured(TASK, picture(things=swapped), PLAN)
    assert (found.present, found.placed, found.is_counted) == (4, 2, True)


@given(step=st.integers(1, 24), vertical=st.booleans())
def test_a_step_of_the_background_is_measured(step, vertical):
    """Half of the picture is lighter: the step is found at that border, as far as bytes go, and none elsewhere."""
    pixels = np.full((192, 192, 3), 150, np.uint8)
    half = pixels[:, 96:] if vertical else pixels[96:]
    half += np.uint8(step)
    smooth = through(Image.fromarray(pixels))
    assert measures.colour_steps(smooth, [measures.Line(vertical, 96, 0, 192)]) == pytest.approx(step, abs=1.1)
    assert measures.colour_steps(smooth, [measures.Line(not vertical, 96, 0, 192)]) == pytest.approx(0, abs=1.1)


def test_things_are_no_steps_of_the_background():
    image = picture((40, 0))
    line = measures.Line(True, 96, 0, 96)
    assert measures.colour_steps(image, [line]) < 0.5
    through_a_thing = measures.Line(True, 72, 40, 56)
    assert measures.colour_steps(picture(), [through_a_thing]) is None
    assert measures.colour_steps(image, []) is None


def test_the_lines_of_a_plan():
    image = Image.new("RGB", (TASK.width, TASK.height))
    borders = measures.cell_borders(PLAN, image)
    assert {(line.vertical, line.at) for line in borders} == {(True, 96), (False, 96)}
    edges = measures.box_edges(PLAN, image)
    assert len(edges) == 16 and all(line.at % 8 == 0 for line in edges)
