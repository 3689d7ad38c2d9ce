"""Regions on a Flux checkpoint, where the host has such: what is refused, what takes effect, and what stays behind.

That regions of the base prompt change nothing, and where others act: `test_models`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.contract.checkpoints import name_of
from tests.contract.client import HIRES, Client, HostError, alike, difference, plan_of
from tests.contract.lora_model import TEXT_ONLY
from tests.contract.test_low_memory import STATES, fetched
from tests.contract.test_models import FLUX, PROMPT, TEXTS
from tests.contract.test_off_is_off import interrupted_run

WIDE = {**FLUX, "prompt": PROMPT, "width": 128}
PLAN = plan_of(*TEXTS, base_prompt=PROMPT)
SAME = plan_of(PROMPT, PROMPT, base_prompt=PROMPT)
THINGS = plan_of(*({"prompt": text, "entities": [{"phrase": text.partition(",")[0]}]} for text in TEXTS))


@pytest.fixture(scope="module")
def flux(booted: tuple) -> Iterator[Client]:
    """The host with the checkpoint loaded; the shapes model is loaded again at the end."""
    host: Client = booted[0]
    if name_of("flux") not in host.checkpoints:
        pytest.skip("this host has no Flux")
    host.json("POST", "/sdapi/v1/options", {"sd_model_checkpoint": host.checkpoints[name_of("flux")]})
    yield host
    host.json("POST", "/sdapi/v1/options", {"sd_model_checkpoint": host.checkpoints["shapes"]})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"guidance": "bias"}, "guidance: a Flux checkpoint has no cross-attention to guide; set guidance to 'off'"),
        ({"gligen": 0.5}, "gligen: a Flux checkpoint has no cross-attention"),
        ({"compose": "two-phase"}, "compose: .*set compose to 'attention' or 'multidiffusion'"),
        ({"compose": "lock-step"}, "compose: .*set compose to 'attention' or 'multidiffusion'"),
    ],
)
def test_what_acts_on_cross_attention_is_refused_by_name(flux: Client, fields: dict[str, Any], message: str) -> None:
    plain = flux.plain(**WIDE)
    with pytest.raises(HostError, match=message) as refusal:
        flux.regional({"plan": {**THINGS, **fields}}, **WIDE)
    assert refusal.value.status == 422
    assert np.array_equal(flux.plain(**WIDE).pixels, plain.pixels)


def test_a_regions_lora_is_refused_by_name(flux: Client) -> None:
    plan = plan_of(f"{TEXTS[0]} <lora:{TEXT_ONLY}:1>", TEXTS[1], lora="unet")
    with pytest.raises(HostError, match=r"lora: .*on the whole picture on a Flux checkpoint; set lora to 'shared'"):
        flux.regional({"plan": plan}, **WIDE)


@pytest.mark.parametrize(
    "changes",
    [
        {"distilled_cfg_scale": 1.5},
        {"sampler_name": "DPM++ 2M"},
        {"cfg_scale": 2.0, "negative_prompt": ", ".join(["a ring"] * 200)},
        {"width": 136, "height": 72},
        {**HIRES, "hr_cfg": 2.0},
    ],
    ids=["distilled CFG", "DPM++ 2M", "long negative", "72 x 136", "hires with CFG"],
)
def test_regions_of_the_base_prompt_change_nothing(flux: Client, changes: dict[str, Any]) -> None:
    request = {**WIDE, **changes}
    plain = flux.plain(**request).pixels
    assert alike(flux.regional({"plan": SAME}, **request).pixels, plain)
    assert difference(flux.regional({"plan": PLAN}, **request).pixels, plain) > 0.3
    assert np.array_equal(flux.plain(**request).pixels, plain)


@pytest.mark.parametrize(
    "fields",
    [
        {"compose": "multidiffusion", "bootstrap": 0.0},
        {"binding": "exact"},
        {"base_ratio": 0.7},
        {"split_ratio": "1;1"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_plans_settings_take_effect(flux: Client, fields: dict[str, Any]) -> None:
    plan = plan_of(*TEXTS, base_prompt=PROMPT, base_ratio=0.2)
    as_it_is = flux.regional({"plan": plan}, **WIDE).pixels
    assert difference(flux.regional({"plan": {**plan, **fields}}, **WIDE).pixels, as_it_is) > 0.1


def test_each_picture_of_a_batch_is_the_one_that_is_drawn_alone(flux: Client) -> None:
    both = flux.regional({"plan": PLAN}, **WIDE, batch_size=2).pixels
    for number, pixels in enumerate(both):
        assert alike(flux.regional({"plan": PLAN}, **{**WIDE, "seed": 7 + number}).pixels[0], pixels)


@pytest.mark.parametrize("fields", [{}, {"binding": "exact"}, {"compose": "multidiffusion", "bootstrap": 0.0}])
def test_an_error_and_an_interrupt_leave_nothing(flux: Client, fields: dict[str, Any]) -> None:
    plain = flux.plain(**WIDE).pixels
    plan = {**PLAN, **fields}
    with pytest.raises(HostError):
        flux.regional({"plan": plan}, faults={"raise_at_call": 3}, **WIDE)
    assert np.array_equal(flux.plain(**WIDE).pixels, plain)
    interrupted_run(flux, plan, **WIDE)
    assert np.array_equal(flux.plain(**WIDE).pixels, plain)


@pytest.mark.parametrize("state", STATES)
def test_with_weights_left_in_memory_the_picture_is_the_same(flux: Client, state: str) -> None:
    plain, regional = flux.plain(**WIDE).pixels, flux.regional({"plan": PLAN}, **WIDE).pixels
    assert alike(flux.regional({"plan": PLAN}, faults={"loader": state}, **WIDE).pixels, regional)
    assert fetched(flux) > 0
    assert np.array_equal(flux.plain(**WIDE).pixels, plain)
    assert alike(flux.regional({"plan": PLAN}, **WIDE).pixels, regional)
