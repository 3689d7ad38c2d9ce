"""A picture that a generation begins with brings its own plan along."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.plan import Plan, Region
from tests.webui.test_script import HIRES, clean, pixels, plan_in, webui  # noqa: F401 - fixtures

PROMPT = "two shapes, navy background"
PLAN = Plan(split_ratio="1,1", regions=(Region("a red circle"), Region("a blue square")), base_ratio=0.2)


@pytest.fixture
def finished(webui):  # noqa: F811
    """A picture drawn with the plan, as it is read from its file."""

    def draw(plan=PLAN, **fields):
        return webui.draw({"plan": plan.to_dict()}, prompt=PROMPT, **fields).images[0]

    return draw


def upscale(webui, picture, *values, prompt="", **fields):  # noqa: F811
    """Press ✨ below the picture; ``values`` are the panel's."""
    p = webui.job(api=False, argument=list(values), prompt=prompt, **HIRES, **fields)
    p.txt2img_upscale, p.firstpass_image = True, picture
    return webui.run(p)


def differ(a, b):
    return np.abs(pixels(a) - pixels(b)).max()


@pytest.mark.parametrize("state", ["", json.dumps({"plan": Plan(split_ratio="1", regions=(Region("x"),)).to_dict()})])
def test_the_hires_button_draws_with_the_pictures_own_plan(webui, finished, state):  # noqa: F811
    picture = finished()
    drawn = upscale(webui, picture, True, state)
    given = upscale(webui, picture, True, json.dumps({"plan": PLAN.to_dict()}), prompt=PROMPT)
    assert differ(drawn.images[0], given.images[0]) <= 2
    assert plan_in(drawn)["regions"] == plan_in(given)["regions"]
    assert differ(drawn.images[0], upscale(webui, picture, False, "", prompt=PROMPT).images[0]) > 20
    assert "another prompt" not in drawn.comments


def test_regions_of_the_first_pass_alone_are_not_said_to_be_lost(webui, finished):  # noqa: F811
    plan = Plan(split_ratio="1,1", regions=PLAN.regions, hires="first")
    drawn = upscale(webui, finished(plan), True, "")
    assert drawn.images and "for the first pass only" in drawn.comments
    assert "another extension" not in drawn.comments


def test_a_refusal_does_not_take_the_picture_off_the_gallery(webui, finished):  # noqa: F811
    picture = finished()
    picture.info["parameters"] = f"{PROMPT}\nSteps: 3"
    drawn = upscale(webui, picture, True, json.dumps({"split_ratio": "1,,1", "regional_prompt": "a BREAK b"}))
    assert len(drawn.images) == 1 and "drawn without regions" in drawn.comments


def batch(webui, picture, prompt, *values, api=False):  # noqa: F811
    """A picture of img2img's batch; with *Append png info* the WebUI puts its prompt behind the tab's."""
    argument = list(values)
    p = webui.job(
        api=api, argument=argument, img2img=True, prompt=prompt, init_images=[picture], denoising_strength=0.6
    )
    return webui.run(p)


def test_a_batch_draws_each_picture_with_its_own_plan(webui, finished):  # noqa: F811
    picture = finished()
    other = json.dumps({"plan": Plan(prompt="a cat", split_ratio="1", regions=(Region("a cat"),)).to_dict()})
    for state in ("", other):
        drawn = batch(webui, picture, f"ink {PROMPT}", True, state)
        assert [region["prompt"] for region in plan_in(drawn)["regions"]] == ["a red circle", "a blue square"]
        assert "another prompt" not in drawn.comments


def test_a_panels_plan_for_the_prompt_wins_over_the_pictures(webui, finished):  # noqa: F811
    mine = Plan(split_ratio="1,1", regions=(Region("a ring"), Region("a triangle")))
    drawn = batch(webui, finished(), PROMPT, True, json.dumps({"plan": mine.to_dict()}))
    assert plan_in(drawn)["regions"][0]["prompt"] == "a ring"


def test_a_picture_whose_prompt_was_not_appended_keeps_its_plan_to_itself(webui, finished):  # noqa: F811
    drawn = batch(webui, finished(), "a ring on the left, a triangle on the right", True, "")
    assert "ring" in plan_in(drawn)["regions"][0]["prompt"]


def test_over_the_api_the_requests_own_regions_count(webui, finished):  # noqa: F811
    drawn = batch(webui, finished(), PROMPT, {"planner": "offline"}, api=True)
    assert plan_in(drawn)["source"]["planner"] == "offline"


def test_a_plan_that_cannot_be_read_is_refused_before_anything_is_drawn(webui):  # noqa: F811
    picture = Image.new("RGB", (64, 64))
    picture.info["parameters"] = f'{PROMPT}\nSteps: 3, Sampler: Euler, CFG scale: 7, RPG plan: "{{"'
    drawn = batch(webui, picture, PROMPT, True, "")
    assert drawn.images == [] and "JSON" in drawn.comments
