"""Beside ControlNet's extension, where the host has it: both take effect, and it sees nothing of the regions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from tests.contract import control, control_model
from tests.contract.checkpoints import name_of
from tests.contract.client import Client, Drawn, HostError, alike, difference, plan_of
from tests.contract.host import CHECKPOINT
from tests.contract.lora_model import EVERYWHERE, TEXT_ONLY
from tests.contract.test_off_is_off import interrupted_run

BASE_PROMPT = "a red circle and a blue square, navy background"
PLAN = plan_of("a red circle, navy background", "a green square, navy background", base_prompt=BASE_PROMPT)
SAME = plan_of(BASE_PROMPT, BASE_PROMPT, base_prompt=BASE_PROMPT)

Units = Callable[[Client, bytes], list[dict[str, Any]]]
UNITS: dict[str, Units] = {
    "controlnet": lambda host, png: [control.steering(host, png)],
    "prompt first": lambda host, png: [control.steering(host, png, control_mode="My prompt is more important")],
    "control first": lambda host, png: [control.steering(host, png, control_mode="ControlNet is more important")],
    "low vram": lambda host, png: [control.steering(host, png, low_vram=True)],
    "two controlnets": lambda host, png: [control.steering(host, png, weight=0.5), control.steering(host, png)],
    "ip-adapter": lambda host, png: [control.ip_adapter(host)],
    "two ip-adapters": lambda host, png: [control.ip_adapter(host), control.ip_adapter(host, seed=4, weight=0.7)],
    "both": lambda host, png: [control.steering(host, png), control.ip_adapter(host)],
    "t2i-adapter": lambda host, png: [control.steering(host, png, control_model.T2I_ADAPTER)],
    "control-lora": lambda host, png: [control.steering(host, png, control_model.CONTROL_LORA)],
    "lllite": lambda host, png: [control.steering(host, png, control_model.LLLITE)],
    "reference": lambda host, png: [control.reference(png)],
    "all three": lambda host, png: [control.reference(png), control.steering(host, png), control.ip_adapter(host)],
}
CONTROLNET_XL, IP_ADAPTER_XL = (
    f"{name}{control_model.XL}" for name in (control_model.CONTROLNET, control_model.IP_ADAPTER)
)
UNITS_XL: dict[str, Units] = {
    "controlnet": lambda host, png: [control.steering(host, png, CONTROLNET_XL)],
    "ip-adapter": lambda host, png: [control.ip_adapter(host, model=IP_ADAPTER_XL)],
    "reference": lambda host, png: [control.reference(png)],
    "all three": lambda host, png: [
        control.reference(png),
        control.steering(host, png, CONTROLNET_XL),
        control.ip_adapter(host, model=IP_ADAPTER_XL),
    ],
}
WITHOUT_RESIDUALS = ("ip-adapter", "two ip-adapters", "lllite")
SETTINGS: dict[str, dict[str, Any]] = {
    "one": {},
    "batch": {"batch_size": 3},
    "batch, split": {"batch_size": 3, "override_settings": {"batch_cond_uncond": False}},
    "second order": {"sampler_name": "Heun"},
    "cfg 1": {"cfg_scale": 1.0},
    "hires": {
        "enable_hr": True,
        "hr_scale": 1.5,
        "hr_upscaler": "Latent",
        "hr_second_pass_steps": 3,
        "denoising_strength": 0.7,
    },
    "refiner set": {"refiner_checkpoint": "shapes.safetensors", "refiner_switch_at": 0.5},
}


@pytest.fixture
def png(host: Client, fresh: dict[str, Drawn]) -> bytes:
    """The plain picture's file."""
    control.require(host)
    return fresh["Euler"].pngs[0]


PAIRS = [
    (units, settings)
    for units in UNITS
    for settings in SETTINGS
    if settings == "one" or units in ("controlnet", "ip-adapter", "all three")
]
"""Every unit by itself, and the main ones in every kind of run: all of them together take a quarter of an hour."""


@pytest.mark.parametrize(("units", "settings"), PAIRS)
def test_regions_beside_control(host: Client, png: bytes, units: str, settings: str, record_property: Any) -> None:
    """Both take effect; what control adds is as without regions; regions equal to the base prompt change nothing."""
    check_beside(host, UNITS[units](host, png), units not in WITHOUT_RESIDUALS, SETTINGS[settings], record_property)


@pytest.fixture
def sdxl(host: Client, png: bytes) -> Iterator[None]:
    """The small SDXL is loaded for one test."""
    host.json("POST", "/sdapi/v1/options", {"sd_model_checkpoint": name_of("sdxl")})
    yield
    host.json("POST", "/sdapi/v1/options", {"sd_model_checkpoint": CHECKPOINT.name})


@pytest.mark.usefixtures("sdxl")
@pytest.mark.parametrize("settings", ["one", "batch, split", "hires"])
@pytest.mark.parametrize("units", UNITS_XL)
def test_regions_beside_control_on_sdxl(
    host: Client, png: bytes, units: str, settings: str, record_property: Any
) -> None:
    check_beside(host, UNITS_XL[units](host, png), units not in WITHOUT_RESIDUALS, SETTINGS[settings], record_property)


def check_beside(
    host: Client, units: list[dict[str, Any]], residuals: bool, settings: dict[str, Any], record_property: Any
) -> None:
    """``residuals``: whether the units add something that is recorded, a control model's or a reference's."""
    controlled = {"control": units, "record": {}, **settings}
    plain = host.plain(prompt=BASE_PROMPT, **controlled)
    without = control.recorded(host)
    both = host.regional({"plan": PLAN}, **controlled)
    within = control.recorded(host)
    assert difference(both.pixels, plain.pixels) > 0.5
    assert difference(both.pixels, host.regional({"plan": PLAN}, **settings).pixels) > 0.5

    assert bool(without["residuals"] or without["references"]) == residuals
    for name in ("contexts", "residuals", "references"):
        furthest = max_difference(without[name], within[name])
        record_property(name, furthest)
        assert furthest <= 1e-5, name
    assert max_difference(without["streams"], within["streams"]) > 1e-3

    same = host.regional({"plan": SAME}, **controlled)
    record_property("same", difference(same.pixels, plain.pixels))
    assert alike(same.pixels, plain.pixels)


def max_difference(a: list[np.ndarray], b: list[np.ndarray]) -> float:
    """The largest difference of two lists of tensors of the same shapes."""
    assert [x.shape for x in a] == [x.shape for x in b]
    return max((float(np.abs(x - y).max()) for x, y in zip(a, b, strict=True)), default=0.0)


@pytest.mark.parametrize("units", ["ip-adapter", "two ip-adapters", "both"])
@pytest.mark.parametrize("settings", ["one", "batch, split"])
def test_an_ip_adapter_that_comes_later_is_the_same(host: Client, png: bytes, units: str, settings: str) -> None:
    """Its forwards are put on before or after the regions' hooks."""
    controlled = {"control": UNITS[units](host, png), **SETTINGS[settings]}
    before = host.regional({"plan": PLAN}, record={}, **controlled)
    after = host.regional({"plan": PLAN}, record={"late": True}, **controlled)
    assert (before.pixels == after.pixels).all()


def test_a_style_joins_the_base_prompt(host: Client, png: bytes) -> None:
    """Its tokens come after the base prompt's, so they act where the base prompt acts, and as much."""
    units = [control.style(host, png)]
    styled, plain = host.plain(prompt=BASE_PROMPT, control=units), host.plain(prompt=BASE_PROMPT)
    assert difference(styled.pixels, plain.pixels) > 0.5
    assert difference(host.regional({"plan": PLAN}, control=units).pixels, host.regional({"plan": PLAN}).pixels) > 0.5
    base_only = {**PLAN, "base_ratio": 1.0}
    assert alike(host.regional({"plan": base_only}, control=units).pixels, styled.pixels)


def fails(host: Client, controlled: dict[str, Any], call: int = 2) -> None:
    with pytest.raises(HostError, match="the UNet fails"):
        host.regional({"plan": PLAN}, faults={"raise_at_call": call}, **controlled)


def fails_at_once(host: Client, controlled: dict[str, Any]) -> None:
    fails(host, controlled, call=1)


def is_refused(host: Client, controlled: dict[str, Any]) -> None:
    """When the sampling is about to begin."""
    plan = plan_of(f"a red circle <lora:{EVERYWHERE}:1>", "a green square", base_prompt=BASE_PROMPT, lora="unet")
    with pytest.raises(HostError, match="Token merging") as caught:
        host.regional({"plan": plan}, override_settings={"token_merging_ratio": 0.5}, **controlled)
    assert caught.value.status == 422


def is_interrupted(host: Client, controlled: dict[str, Any]) -> None:
    interrupted_run(host, PLAN, **controlled)


def runs(host: Client, controlled: dict[str, Any]) -> None:
    host.regional({"plan": PLAN}, **controlled)


@pytest.mark.parametrize("disturb", [runs, fails, fails_at_once, is_refused, is_interrupted], ids=lambda f: f.__name__)
@pytest.mark.parametrize("units", ["controlnet", "ip-adapter", "reference", "all three"])
def test_off_is_off(
    host: Client, fresh: dict[str, Drawn], png: bytes, units: str, disturb: Callable[[Client, dict[str, Any]], None]
) -> None:
    """After both, each alone and neither are as they were before."""
    controlled = {"control": UNITS[units](host, png)}
    with_control, with_regions = host.plain(**controlled), host.regional({"plan": PLAN})
    disturb(host, controlled)
    assert (host.plain().pixels == fresh["Euler"].pixels).all()
    disturb(host, controlled)
    assert (host.plain(**controlled).pixels == with_control.pixels).all()
    disturb(host, controlled)
    assert (host.regional({"plan": PLAN}).pixels == with_regions.pixels).all()


@pytest.mark.parametrize(
    ("mode", "units"),
    [*((mode, units) for mode in ("text", "unet") for units in ("controlnet", "ip-adapter")), ("text", "all three")],
)
def test_a_regions_lora_beside_control(host: Client, png: bytes, units: str, mode: str) -> None:
    """It changes its region's picture, and nothing that the units see or add."""
    left, right = (region["prompt"] for region in PLAN["regions"])
    tag = f"<lora:{TEXT_ONLY if mode == 'text' else EVERYWHERE}:1>"
    controlled = {"control": UNITS[units](host, png), "record": {}}
    without = host.regional({"plan": PLAN}, **controlled)
    before = control.recorded(host)
    plan = plan_of(f"{left} {tag}", right, base_prompt=BASE_PROMPT, lora=mode)
    within = host.regional({"plan": plan}, **controlled)
    after = control.recorded(host)
    assert difference(within.pixels, without.pixels) > 0.3
    for name in ("contexts", "residuals", "references"):
        assert max_difference(before[name], after[name]) <= 1e-5, name
    # The first that is another: those of a reference's own pass come before the picture's.
    streams = zip(before["streams"], after["streams"], strict=True)
    first = next(np.abs(new - old) for old, new in streams if not np.array_equal(new, old))
    moved = first.max(axis=(0, 2)).reshape(8, 8)
    assert moved[:, :4].min() > 0
    assert mode == "unet" or moved[:, 4:].max() <= 1e-5  # in "unet", self-attention carries it on


def test_a_lora_in_every_layer_beside_a_reference_is_refused(host: Client, png: bytes) -> None:
    plan = plan_of(f"a red circle <lora:{EVERYWHERE}:1>", "a green square", lora="unet")
    with pytest.raises(HostError, match="A reference unit of ControlNet adds the tokens") as caught:
        host.regional({"plan": plan}, control=[control.reference(png)])
    assert caught.value.status == 422
