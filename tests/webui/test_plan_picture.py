"""The picture of a plan: outlines where the regions are, tints where their masks are."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.plan import Plan, Region
from lib_rpg.webui import plan_picture

GREY = Image.new("RGB", (200, 100), (90, 90, 90))


def changed(plan: Plan) -> np.ndarray:
    return (np.asarray(plan_picture.draw(GREY, plan)) != 90).any(axis=2)


def mask_of(levels: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(levels.astype(np.uint8)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def test_a_region_is_outlined_where_it_is_and_its_inside_stays():
    there = changed(Plan(layout="boxes", regions=(Region("x", box=(0.25, 0.2, 0.5, 0.6)),)))
    assert there[20, 50:150].all()
    assert there[79, 50:150].all()
    assert there[20:80, 50].all()
    assert there[20:80, 149].all()
    there[20:80, 50:150] = False
    assert not there.any()
    assert not changed(Plan(layout="boxes", regions=(Region("x", box=(0.25, 0.2, 0.5, 0.6)),)))[50:78, 90:148].any()


def test_a_mask_tints_the_white_part_of_its_box_only():
    levels = np.zeros((4, 4))
    levels[:, 2:] = 255
    there = changed(Plan(layout="boxes", regions=(Region("x", box=(0.0, 0.0, 1.0, 1.0), mask=mask_of(levels)),)))
    assert there[:, 150:].all()
    assert not there[50:98, 5:50].any()


@pytest.mark.parametrize("box", [(0.0, 0.0, 0.001, 0.001), (0.999, 0.999, 0.001, 0.001), (0.3, 0.0, 0.01, 1.0)])
def test_the_smallest_regions_are_drawn_without_an_error(box):
    assert changed(Plan(layout="boxes", regions=(Region("many words that do not fit", box=box),))).any()


def test_blank_and_muted_regions_and_pictures_of_any_mode_are_drawn():
    plan = Plan(split_ratio="1,1", regions=(Region(""), Region("a box", muted=True)))
    for mode in ("RGB", "RGBA", "L", "P"):
        assert plan_picture.draw(GREY.convert(mode), plan).mode == "RGB"
