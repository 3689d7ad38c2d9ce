"""ADetailer's own generations draw a detail with the words of the region in which it lies."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.plan import Plan, Region
from lib_rpg.webui import details
from tests.webui.test_script import clean, pixels, webui  # noqa: F401 - fixtures

NAMES = "ad_script_names"
PROMPT = "two shapes, navy background"
PLAN = Plan(
    prompt=PROMPT,
    split_ratio="1,1",
    negative_prompt="green",
    regions=(Region("a red circle"), Region("a blue square", negative_prompt="pink")),
)
BOXES = Plan(layout="boxes", base_prompt="a ring", regions=(Region("a red circle", box=(0.0, 0.0, 0.4, 1.0)),))


def differ(a, b):
    """Levels between two pictures at most; 2 are the autoencoder's, which draws its latent from a distribution."""
    return np.abs(pixels(a) - pixels(b)).max()


def mask_of(x0: float, x1: float, size: int = 64) -> Image.Image:
    mask = Image.new("L", (size, size))
    ImageDraw.Draw(mask).rectangle((x0 * size, 16, x1 * size - 1, 47), fill=255)
    return mask


def detailer(*prompts: str, on: bool = True):
    """ADetailer's script and its arguments: a tab for each prompt."""
    tabs = [{"ad_model": "face", "ad_prompt": prompt} for prompt in prompts] + [{"ad_model": "None", "ad_prompt": "x"}]
    return SimpleNamespace(title=lambda: "ADetailer", args_from=0, args_to=2 + len(tabs)), (on, False, *tabs)


@pytest.fixture
def inner(webui):  # noqa: F811
    """Draws a detail as ADetailer does; ``prompts`` are those of its tabs."""

    def draw(argument, mask, prompt=PROMPT, prompts=("",), negative_prompt="", **fields):
        p = webui.job(
            argument=[argument] if argument else None,
            img2img=True,
            prompt=prompt,
            negative_prompt=negative_prompt,
            init_images=[Image.new("RGB", (64, 64), "navy")],
            inpaint_full_res=True,
            denoising_strength=0.8,
            extra_generation_params=fields.pop("params", {}),
            **fields,
        )
        p._ad_inner, p.image_mask, p.mask_blur = True, mask, 0
        script, args = detailer(*prompts)
        at = len(p.script_args)
        script.args_from, script.args_to = at, at + len(args)
        runner = p.scripts
        p.script_args = (*p.script_args, *args)
        p.scripts = _Runner(runner, [*runner.scripts, script])
        return webui.run(p)

    return draw


class _Runner:
    """The tab's runner with one more script in its list, which is not called: ADetailer filters the others so."""

    def __init__(self, runner, scripts):
        self._runner, self.scripts = runner, scripts

    def __getattr__(self, name):
        return getattr(self._runner, name)


@pytest.mark.parametrize(
    ("plan", "mask", "prompt", "negative"),
    [
        (PLAN, mask_of(0.1, 0.4), "a red circle", "green"),
        (PLAN, mask_of(0.6, 0.9), "a blue square", "green, pink"),
        (PLAN, mask_of(0.3, 0.6), "a red circle", "green"),
        (BOXES, mask_of(0.1, 0.4), "a red circle", ""),
        (BOXES, mask_of(0.6, 0.9), "a ring", ""),
    ],
)
def test_a_detail_is_drawn_with_the_words_of_its_region(inner, plan, mask, prompt, negative):
    drawn = inner({"plan": plan.to_dict()}, mask).images[0]
    assert differ(drawn, inner(None, mask, prompt=prompt, negative_prompt=negative).images[0]) <= 2
    assert differ(drawn, inner(None, mask).images[0]) > 20


def test_a_plan_that_was_made_on_the_way_is_the_infotexts(inner):
    mask = mask_of(0.6, 0.9)
    params = {"RPG plan": [BOXES.to_json(), PLAN.to_json()]}
    drawn = inner({"planner": "openai"}, mask, params=params).images[0]
    assert differ(drawn, inner(None, mask, prompt="a blue square", negative_prompt="green, pink").images[0]) <= 2


@pytest.mark.parametrize(
    ("prompts", "prompt"),
    [
        (("a yellow ring",), "a yellow ring"),
        (("", "a yellow ring [SEP] a star"), "a star"),
        (("[PROMPT], sharp",), f"{PROMPT}, sharp"),
    ],
)
def test_what_the_user_has_written_in_adetailers_prompt_stays(inner, prompts, prompt):
    mask = mask_of(0.1, 0.4)
    drawn = inner({"plan": PLAN.to_dict()}, mask, prompt=prompt, prompts=prompts).images[0]
    assert differ(drawn, inner(None, mask, prompt=prompt).images[0]) <= 2


@pytest.mark.parametrize("argument", [{"plan": PLAN.to_dict(), "enabled": False}, {"plan": PLAN.to_dict()}])
def test_off_and_switched_off_a_detail_is_adetailers_alone(inner, argument):
    mask = mask_of(0.1, 0.4)
    settings = {"rpg_details": not argument.get("enabled", True)}
    drawn = inner(argument, mask, override_settings=settings).images[0]
    assert differ(drawn, inner(None, mask).images[0]) <= 2


def test_a_plan_that_cannot_be_read_leaves_the_detail_plain_and_is_noted(inner):
    mask = mask_of(0.1, 0.4)
    processed = inner({"planner": "offline"}, mask, params={"RPG plan": "{"})
    assert differ(processed.images[0], inner(None, mask).images[0]) <= 2
    assert "could not find the region of a detail" in processed.comments


@pytest.mark.parametrize(("mask", "region"), [((0.0, 0.2), 0), ((0.45, 0.9), 1), ((0.0, 1.0), None)])
def test_a_detail_lies_in_the_region_that_has_most_of_it(mask, region):
    plan = Plan(layout="boxes", regions=(Region("a", box=(0, 0, 0.25, 1)), Region("b", box=(0.7, 0, 0.2, 1))))
    found = details.region_at(plan, mask_of(*mask))
    weights = {0: plan.regions[0].box, 1: plan.regions[1].box}
    assert found == (region if region != 1 or mask[0] >= weights[1][0] else None)


def test_an_empty_mask_is_in_no_region():
    assert details.region_at(PLAN, Image.new("L", (64, 64))) is None


@pytest.mark.parametrize(
    ("on", "overrides", "names"),
    [
        (True, {}, "dynamic_prompting,rpg"),
        (True, {NAMES: "wildcards, rpg"}, "wildcards, rpg"),
        (True, {NAMES: "wildcards"}, "wildcards,rpg"),
        (False, {}, None),
        (True, {"rpg_details": False}, None),
    ],
)
def test_adetailer_calls_us_while_the_generation_lasts(webui, on, overrides, names):  # noqa: F811
    webui.opts.data[NAMES] = "dynamic_prompting"
    script, args = detailer("", on=on)
    scripts = SimpleNamespace(scripts=[script])
    p = SimpleNamespace(scripts=scripts, script_args=args, override_settings=dict(overrides))
    details.admit(p)
    assert p.override_settings.get(NAMES) == (names if names is not None else overrides.get(NAMES))


def test_without_adetailer_no_setting_is_overridden(webui):  # noqa: F811
    p = webui.job(argument=[{"plan": PLAN.to_dict()}])
    webui.run(p)
    assert NAMES not in p.override_settings
    assert json.dumps(p.override_settings) == "{}"


@pytest.mark.parametrize("silent", [{"prompt": ""}, {"muted": True}])
def test_a_detail_in_a_region_that_does_not_act_has_the_base_prompt(inner, silent):
    regions = (PLAN.regions[0], replace(PLAN.regions[1], **silent))
    plan = replace(PLAN, base_prompt="a ring", regions=regions)
    mask = mask_of(0.6, 0.9)
    assert details.region_at(plan, mask) is None
    assert details.region_at(plan, mask_of(0.1, 0.4)) == 0
    drawn = inner({"plan": plan.to_dict()}, mask).images[0]
    assert differ(drawn, inner(None, mask, prompt="a ring", negative_prompt="green").images[0]) <= 2
