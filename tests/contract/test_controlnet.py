"""Beside ControlNet's extension, where the host has it: it sees the base prompt and the usual rows, nothing else."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from . import control_model
from .client import BASE, Client, Drawn, HostError, alike, difference, plan_of

SETTINGS: dict[str, dict[str, Any]] = {
    "one": {},
    "batch, split": {"batch_size": 3, "override_settings": {"batch_cond_uncond": False}},
    "second order": {"sampler_name": "Heun"},
}


@pytest.fixture
def control(host: Client, fresh: dict[str, Drawn]) -> dict[str, Any]:
    """A unit that steers with the plain picture."""
    response = host.get("/controlnet/model_list")
    if response.status_code != 200:
        pytest.skip("this host has no ControlNet")
    model = next(name for name in response.json()["model_list"] if name.startswith(control_model.NAME))
    image = base64.b64encode(fresh["Euler"].pngs[0]).decode()
    return {"enabled": True, "module": "none", "model": model, "image": image, "weight": 1.0}


@pytest.mark.parametrize("name", SETTINGS)
def test_control_and_regions_both_take_effect(host: Client, plan: dict, control: dict, name: str) -> None:
    both = host.regional({"plan": plan}, control=control, **SETTINGS[name]).pixels
    assert difference(both, host.regional({"plan": plan}, **SETTINGS[name]).pixels) > 0.5
    assert difference(both, host.plain(control=control, **SETTINGS[name]).pixels) > 0.5


@pytest.mark.parametrize("name", SETTINGS)
def test_regions_equal_to_the_base_prompt_change_nothing(host: Client, control: dict, name: str) -> None:
    same = plan_of(BASE["prompt"], BASE["prompt"], base_prompt=BASE["prompt"])
    drawn = host.regional({"plan": same}, control=control, **SETTINGS[name])
    assert alike(drawn.pixels, host.plain(control=control, **SETTINGS[name]).pixels)


def test_plain_after_control_and_regions(host: Client, fresh: dict[str, Drawn], plan: dict, control: dict) -> None:
    host.regional({"plan": plan}, control=control)
    assert (host.plain().pixels == fresh["Euler"].pixels).all()
    with pytest.raises(HostError, match="the UNet fails"):
        host.regional({"plan": plan}, control=control, faults={"raise_at_call": 2})
    assert (host.plain().pixels == fresh["Euler"].pixels).all()
