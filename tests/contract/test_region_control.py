"""A region's own ControlNet units on a host that has ControlNet's extension; refused by name on one that has not."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pytest

from lib_rpg.plan import Plan
from tests.contract import control, control_model
from tests.contract.client import BASE, HIRES, Client, Drawn, HostError, encoded, plan_of, png_of
from tests.contract.test_infotext import KEY, parameters_of

BASE_PROMPT = "a red circle and a blue square, navy background"


def plan_with(left: list[int], right: list[int], **fields: Any) -> dict[str, Any]:
    """Two cells side by side that name their own units."""
    regions = [
        {"prompt": "a red circle, navy background", "control": left},
        {"prompt": "a green square, navy background", "control": right},
    ]
    return plan_of(*regions, base_prompt=BASE_PROMPT, **fields)


def first_streams(host: Client, plan: dict[str, Any], **changes: Any) -> np.ndarray:
    """(rows, height, width, channels) behind the first cross-attention of the first step: nothing spread yet."""
    host.regional({"plan": plan}, record={}, **changes)
    tokens = control.recorded(host)["streams"][0]
    return tokens.reshape(len(tokens), BASE["height"] // 8, changes.get("width", BASE["width"]) // 8, -1)


PLACES: dict[str, dict[str, Any]] = {
    "txt2img": {},
    "wide": {"width": 128},
    "batches": {"batch_size": 2, "n_iter": 2},
    "split": {"batch_size": 2, "override_settings": {"batch_cond_uncond": False}},
    "refiner set": {"refiner_checkpoint": "shapes.safetensors", "refiner_switch_at": 0.5},
    "img2img": {"tab": "img2img", "denoising_strength": 0.8},
}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, png: bytes) -> dict[str, Any]:
    """The changes of a request, one after the other."""
    images = {"init_images": [encoded(png)]} if request.param == "img2img" else {}
    return {**PLACES[request.param], **images}


@pytest.fixture
def png(host: Client, fresh: dict[str, Drawn]) -> bytes:
    """The plain picture's file."""
    control.require(host)
    return fresh["Euler"].pngs[0]


def test_an_ip_adapter_acts_in_its_region_only(host: Client, place: dict[str, Any]) -> None:
    units = {"control": [control.ip_adapter(host)]}
    without = first_streams(host, plan_with([], []), **place)
    everywhere = first_streams(host, plan_with([], []), **units, **place)
    right = first_streams(host, plan_with([], [0]), **units, **place)
    middle = right.shape[2] // 2
    assert np.abs(right[:, :, :middle] - without[:, :, :middle]).max() <= 1e-5
    assert np.abs(right[:, :, middle:] - everywhere[:, :, middle:]).max() <= 1e-5
    assert np.abs(everywhere - without)[:, :, :middle].max() > 0.1
    assert np.abs(everywhere - without)[:, :, middle:].max() > 0.1


def test_the_pages_units_are_objects(host: Client, png: bytes) -> None:
    units = [control.ip_adapter(host), control.steering(host, png), {"enabled": False}]
    for right in ([], [1, 0]):
        as_dicts = host.regional({"plan": plan_with([], right)}, control=units)
        as_objects = host.regional({"plan": plan_with([], right)}, control=units, record={"objects": True})
        assert (as_dicts.pixels == as_objects.pixels).all()


def test_each_region_has_an_ip_adapter_of_its_own(host: Client, png: bytes) -> None:
    first, second = control.ip_adapter(host), control.ip_adapter(host, seed=4)
    both = first_streams(host, plan_with([1], [0]), control=[first, second])
    left = first_streams(host, plan_with([], []), control=[second])
    right = first_streams(host, plan_with([], []), control=[first])
    assert np.abs(both[:, :, :4] - left[:, :, :4]).max() <= 1e-5
    assert np.abs(both[:, :, 4:] - right[:, :, 4:]).max() <= 1e-5
    assert np.abs(left - right).max() > 0.1


@pytest.mark.parametrize("model", [control_model.CONTROLNET, control_model.T2I_ADAPTER])
def test_a_controlnet_acts_in_its_region_only(host: Client, png: bytes, place: dict[str, Any], model: str) -> None:
    units = {"control": [control.steering(host, png, model)]}
    host.regional({"plan": plan_with([], [])}, record={}, **units, **place)
    everywhere = control.recorded(host)["residuals"]
    host.regional({"plan": plan_with([], [0])}, record={}, **units, **place)
    right = control.recorded(host)["residuals"]
    check_residuals(right)
    for whole, masked in zip(everywhere, right, strict=True):
        middle = whole.shape[-1] // 2
        assert np.abs(masked[..., middle:] - whole[..., middle:]).max() <= 1e-5
        assert np.abs(whole[..., :middle]).max(initial=1) > 0


def test_a_controlnet_acts_in_its_region_only_in_the_hires_pass(host: Client, png: bytes) -> None:
    units = [control.steering(host, png)]
    host.regional({"plan": plan_with([], [0])}, record={"hires": True}, control=units, **HIRES)
    residuals = control.recorded(host)["residuals"]
    assert residuals[-1].shape[-1] == 12
    check_residuals(residuals)


def crop_of_the_right_region() -> dict[str, Any]:
    """Only masked inpainting of the right half: the crop is the right region's alone."""
    mask = np.zeros((64, 128))
    mask[:, 64:] = 255
    picture = {"tab": "img2img", "init_images": [png_of(np.full((64, 128, 3), 99))], "mask": png_of(mask)}
    return {**picture, "inpaint_full_res": True, "mask_blur": 0, "inpaint_full_res_padding": 0, "width": 64}


@pytest.mark.parametrize("units", [([0], []), ([], [0])])
def test_a_unit_acts_in_its_regions_place_in_a_crop(host: Client, png: bytes, units: tuple[list[int], ...]) -> None:
    crop = crop_of_the_right_region()
    adapter, controlnet = control.ip_adapter(host), control.steering(host, png)
    plan = plan_with(*units)
    host.regional({"plan": plan}, record={}, control=[controlnet], **crop)
    residuals = control.recorded(host)["residuals"]
    assert residuals
    assert all(residual.any() == bool(units[1]) for residual in residuals)
    drawn = first_streams(host, plan, control=[adapter], **crop)
    expected = first_streams(host, plan_with([], []), control=[adapter] if units[1] else [], **crop)
    assert np.abs(drawn - expected).max() <= 1e-5


def check_residuals(residuals: list[np.ndarray]) -> None:
    """They are in the right half of the picture only."""
    assert residuals
    for residual in residuals:
        middle = residual.shape[-1] // 2
        assert (residual[..., :middle] == 0).all()
        assert np.abs(residual[..., middle:]).max() > 0


def test_an_own_unit_leaves_nothing(host: Client, png: bytes, fresh: dict[str, Drawn]) -> None:
    units = [control.ip_adapter(host), control.steering(host, png)]
    controlled, regional = host.plain(control=units), host.regional({"plan": plan_with([], [])}, control=units)
    for faults in ({}, {"raise_at_call": 2}):
        with contextlib.suppress(HostError):
            host.regional({"plan": plan_with([1], [0])}, control=units, faults=faults)
        assert (host.plain().pixels == fresh["Euler"].pixels).all()
        assert (host.plain(control=units).pixels == controlled.pixels).all()
        assert (host.regional({"plan": plan_with([], [])}, control=units).pixels == regional.pixels).all()


def test_the_infotext_keeps_the_units(host: Client, png: bytes) -> None:
    drawn = host.regional({"plan": plan_with([0], [])}, control=[control.ip_adapter(host)])
    plan = Plan.from_json(parameters_of(host, drawn)[KEY])
    assert [region.control for region in plan.regions] == [(0,), ()]
    again = host.regional({"plan": plan.to_dict()}, control=[control.ip_adapter(host)])
    assert (again.pixels == drawn.pixels).all()


def check_refusals(host: Client, fresh: dict[str, Drawn], units: list[dict[str, Any]], said: dict[int, str]) -> None:
    """The right region may not name these units, by their numbers; a refusal leaves nothing behind."""
    for number, sentence in said.items():
        with pytest.raises(HostError, match=rf"regions\[1\]\.control: {sentence}") as refusal:
            host.regional({"plan": plan_with([], [number])}, control=units)
        assert refusal.value.status == 422
        assert (host.plain().pixels == fresh["Euler"].pixels).all()


def test_what_takes_no_mask_is_refused_by_name(host: Client, png: bytes, fresh: dict[str, Drawn]) -> None:
    units = [control.reference(png), control.steering(host, png, control_model.LLLITE)]
    off = control.ip_adapter(host, enabled=False)
    said = {
        0: r"ControlNet Unit 0 \(reference_only\) acts on the whole picture only",
        1: "ControlNet cannot restrict its Unit 1 to regions",
        2: "ControlNet Unit 2 is not enabled",
        7: "there is no ControlNet Unit 7; ControlNet has Unit 0 to Unit 2",
    }
    check_refusals(host, fresh, [*units, off], said)


def test_without_controlnet_it_is_refused(host: Client) -> None:
    if host.get("/controlnet/model_list").status_code == 200:
        pytest.skip("this host has ControlNet")
    with pytest.raises(HostError, match="ControlNet Unit 0 does not exist: ControlNet's extension is not installed"):
        host.regional({"plan": plan_with([], [0])})
