"""Regions reach the right rows of the batch, however the WebUI packs them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.contract.client import BASE, HIRES, Client, alike, difference, plan_of

SAMPLERS = ["Euler", "Euler a", "Heun", "DPM++ 2M", "DDIM"]
SAME = plan_of(BASE["prompt"], BASE["prompt"], base_prompt=BASE["prompt"], base_ratio=0.3)
LONG = ", ".join(["a ring", "a triangle", "brown background", "teal background"] * 8)
"""A negative prompt of more than 75 tokens, so that cond and uncond differ in length."""


SETTINGS: dict[str, dict[str, Any]] = {
    "split": {"override_settings": {"batch_cond_uncond": False}},
    "long negative": {"negative_prompt": LONG},
    "long negative, split": {"negative_prompt": LONG, "override_settings": {"batch_cond_uncond": False}},
    "NGMS": {"s_min_uncond": 6.0, "steps": 8},
    "NGMS on all steps": {"s_min_uncond": 6.0, "override_settings": {"s_min_uncond_all": True}},
    "skip early CFG": {"override_settings": {"skip_early_cond": 0.5}},
    "CFG 1": {"cfg_scale": 1.0},
    "DDIM": {"sampler_name": "DDIM"},
    "DDIM, split": {"sampler_name": "DDIM", "override_settings": {"batch_cond_uncond": False}},
    "second order": {"sampler_name": "Heun"},
    "second order, split, long negative": {
        "sampler_name": "Heun",
        "negative_prompt": LONG,
        "override_settings": {"batch_cond_uncond": False},
    },
    "batch of 3": {"batch_size": 3},
    "batch of 3, split": {"batch_size": 3, "override_settings": {"batch_cond_uncond": False}},
    "batch of 3, NGMS": {"batch_size": 3, "s_min_uncond": 6.0},
    "hires pass": {**HIRES, "batch_size": 2},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_regions_equal_to_the_base_prompt_change_nothing(host: Client, name: str) -> None:
    """A region on a row that is not its own (an uncond, another picture) would change the plain picture."""
    assert alike(host.regional({"plan": SAME}, **SETTINGS[name]).pixels, host.reference(**SETTINGS[name]).pixels)


@pytest.mark.parametrize("name", SETTINGS)
def test_regions_take_effect(host: Client, plan: dict, name: str) -> None:
    drawn = host.regional({"plan": plan}, **SETTINGS[name])
    assert difference(drawn.pixels, host.reference(**SETTINGS[name]).pixels) > 0.5


@pytest.mark.parametrize("negative", ["", "a ring", LONG], ids=["empty", "short", "long"])
@pytest.mark.parametrize("padding", [None, "pad_cond_uncond", "pad_cond_uncond_v0"])
@pytest.mark.parametrize("batch_size", [1, 3])
def test_batched_and_split_draw_the_same(
    host: Client, plan: dict, negative: str, padding: str | None, batch_size: int
) -> None:
    pictures = [
        host.regional(
            {"plan": plan},
            negative_prompt=negative,
            batch_size=batch_size,
            override_settings={"batch_cond_uncond": batched, **({padding: True} if padding else {})},
        ).pixels
        for batched in (True, False)
    ]
    assert alike(*pictures)


@pytest.mark.parametrize("padding", ["pad_cond_uncond", "pad_cond_uncond_v0"])
def test_padding_conds_of_one_length_changes_nothing(host: Client, plan: dict, padding: str) -> None:
    padded = host.regional({"plan": plan}, negative_prompt="a ring", override_settings={padding: True})
    assert alike(padded.pixels, host.regional({"plan": plan}, negative_prompt="a ring").pixels)


@pytest.mark.parametrize("padding", ["pad_cond_uncond", "pad_cond_uncond_v0"])
def test_regions_take_effect_beside_padding(host: Client, plan: dict, padding: str) -> None:
    setting = {"negative_prompt": LONG, "override_settings": {padding: True}}
    assert difference(host.regional({"plan": plan}, **setting).pixels, host.reference(**setting).pixels) > 0.5


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("size", [(64, 64), (96, 64), (64, 128)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_each_picture_of_a_batch_is_its_seeds_own(
    host: Client, plan: dict, sampler: str, size: tuple[int, int]
) -> None:
    request = {"sampler_name": sampler, "width": size[0], "height": size[1]}
    batch = host.regional({"plan": plan}, batch_size=3, **request).pixels
    for i, picture in enumerate(batch):
        alone = host.regional({"plan": plan}, **{**request, "seed": BASE["seed"] + i}).pixels
        assert alike(picture[None], alone), f"picture {i}"


def test_batch_count_and_batch_size_draw_the_same(host: Client, plan: dict) -> None:
    by_size = host.regional({"plan": plan}, batch_size=2).pixels
    by_count = host.regional({"plan": plan}, n_iter=2).pixels
    assert alike(by_size, by_count)


def test_the_same_request_draws_the_same_bytes(host: Client, plan: dict) -> None:
    first, second = (host.regional({"plan": plan}, batch_size=2) for _ in range(2))
    assert first.pngs == second.pngs


def test_seeds_and_plans_matter(host: Client, plan: dict) -> None:
    swapped = {**plan, "regions": plan["regions"][::-1]}
    pictures = [
        host.regional({"plan": plan}).pixels,
        host.regional({"plan": plan}, seed=8).pixels,
        host.regional({"plan": swapped}).pixels,
        host.regional({"plan": {**plan, "base_ratio": 0.9}}).pixels,
    ]
    for i, a in enumerate(pictures):
        for b in pictures[i + 1 :]:
            assert difference(a, b) > 0.5


def test_base_ratio_one_is_the_base_prompt_alone(host: Client, plan: dict) -> None:
    drawn = host.regional({"plan": {**plan, "base_ratio": 1.0}}).pixels
    assert alike(drawn, host.reference(prompt=plan["base_prompt"]).pixels)


def test_one_region_without_base_is_its_prompt_alone(host: Client) -> None:
    """Also through region negatives: with one region everything on both kinds of rows is that region's."""
    region = {"prompt": "a green square, beige background", "negative_prompt": "a ring"}
    drawn = host.regional({"plan": plan_of(region, base_ratio=0.0, split_ratio="1")}, sampler_name="DPM++ 2M")
    alone = host.reference(prompt=region["prompt"], negative_prompt="a ring", sampler_name="DPM++ 2M")
    assert alike(drawn.pixels, alone.pixels)


def test_sub_prompts_joined_by_and_keep_their_rows(host: Client) -> None:
    prompt = "a red circle, navy background AND a blue square, navy background :0.6"
    region = "a red circle, navy background"
    plan = plan_of(region, region, base_prompt=prompt, base_ratio=0.5)
    for settings in ({}, {"batch_cond_uncond": False}):
        drawn = host.regional({"plan": plan}, prompt=prompt, batch_size=2, override_settings=settings).pixels
        singles = [
            host.regional({"plan": plan}, prompt=prompt, seed=BASE["seed"] + i, override_settings=settings).pixels
            for i in range(2)
        ]
        assert alike(drawn, np.concatenate(singles))
        assert difference(drawn, host.reference(prompt=prompt, batch_size=2, override_settings=settings).pixels) > 0.5


def test_prompt_schedules_in_regions_follow_the_steps(host: Client) -> None:
    request = {"steps": 8}
    scheduled = plan_of("a [red:blue:0.5] circle, navy background", base_ratio=0.0, split_ratio="1")
    drawn = host.regional({"plan": scheduled}, **request).pixels
    assert alike(drawn, host.reference(prompt="a [red:blue:0.5] circle, navy background", **request).pixels)


def test_emphasis_and_long_region_prompts_read_as_the_webui_reads_them(host: Client) -> None:
    prompt = f"(a red circle:1.3), {LONG}"
    drawn = host.regional({"plan": plan_of(prompt, base_ratio=0.0, split_ratio="1")}).pixels
    assert alike(drawn, host.reference(prompt=prompt).pixels)
