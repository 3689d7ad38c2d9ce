"""Beside the ControlNet, the reference and the IP-Adapter that the Forge family has built in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.contract import control, control_model
from tests.contract.client import HIRES, Client, Drawn, HostError, alike, difference, encoded
from tests.contract.test_controlnet import BASE_PROMPT, PLAN, SAME, Units
from tests.contract.test_region_control import check_refusals, crop_of_the_right_region, plan_with


def adapter(host: Client, png: bytes, seed: int, **fields: Any) -> dict[str, Any]:
    """An IP-Adapter's unit with the image embedding of that seed."""
    return control.steering(
        host, png, control_model.IP_ADAPTER, module="rpg_test_embedding", threshold_a=seed, **fields
    )


def steering(host: Client, png: bytes, **fields: Any) -> dict[str, Any]:
    """The ControlNet's unit; this host knows no module "none"."""
    return control.steering(host, png, module="None", **fields)


UNITS: dict[str, Units] = {
    "controlnet": lambda host, png: [steering(host, png)],
    "prompt first": lambda host, png: [steering(host, png, weight=2.0, control_mode="My prompt is more important")],
    "control first": lambda host, png: [steering(host, png, control_mode="ControlNet is more important")],
    "reference": lambda host, png: [{**control.reference(png), "model": "None", "weight": 1.2}],  # in narrow layers too
    "ip-adapter": lambda host, png: [adapter(host, png, 3)],
    "two ip-adapters": lambda host, png: [adapter(host, png, 3), adapter(host, png, 4, weight=0.7)],
    "both": lambda host, png: [steering(host, png), adapter(host, png, 3)],
}
SETTINGS: dict[str, dict[str, Any]] = {
    "one": {},
    "batch": {"batch_size": 2},
    "second order": {"sampler_name": "Heun"},
    "cfg 1": {"cfg_scale": 1.0},
    "hires": HIRES,
    "short memory": {"faults": {"short_memory": True}},
}
PAIRS = [(units, settings) for units in UNITS for settings in SETTINGS if settings == "one" or units == "both"]


@pytest.fixture
def png(host: Client, fresh: dict[str, Drawn]) -> bytes:
    """The plain picture's file."""
    if host.name != "forge":
        pytest.skip("only the Forge family has ControlNet built in")
    return fresh["Euler"].pngs[0]


@pytest.mark.parametrize(("units", "settings"), PAIRS)
def test_regions_beside_it(host: Client, png: bytes, units: str, settings: str) -> None:
    """Both take effect, regions whose texts are all the base prompt change nothing, and nothing stays."""
    asked = {"control": UNITS[units](host, png), **SETTINGS[settings]}
    plain = host.plain(prompt=BASE_PROMPT, **asked)
    both = host.regional({"plan": PLAN}, **asked)
    assert difference(both.pixels, plain.pixels) > 0.5
    assert difference(both.pixels, host.regional({"plan": PLAN}, **SETTINGS[settings]).pixels) > 0.5
    assert alike(host.regional({"plan": SAME}, **asked).pixels, plain.pixels)
    assert (host.plain(prompt=BASE_PROMPT, **asked).pixels == plain.pixels).all()


def test_a_region_keeps_its_words_beside_it(host: Client, png: bytes) -> None:
    """What the words of the right region change is on the right, also where the units act on the whole picture."""
    asked = {"control": UNITS["both"](host, png), "width": 256, "height": 256}
    plans = (PLAN, {**PLAN, "regions": [PLAN["regions"][0], {"prompt": "a yellow ring, navy background"}]})
    drawn = [host.regional({"plan": plan}, **asked).pixels for plan in plans]
    third = drawn[0].shape[2] // 3
    left = difference(*(pixels[:, :, :third] for pixels in drawn))
    right = difference(*(pixels[:, :, -third:] for pixels in drawn))
    assert right > 2 * left


PLACES: dict[str, dict[str, Any]] = {
    "txt2img": {},
    "batches": {"batch_size": 2, "n_iter": 2},
    "split": {"faults": {"short_memory": True}},
    "hires": HIRES,
    "img2img": {"tab": "img2img", "denoising_strength": 0.8},
}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, png: bytes) -> dict[str, Any]:
    """The changes of a request, one after the other."""
    images = {"init_images": [encoded(png)]} if request.param == "img2img" else {}
    return {**PLACES[request.param], **images}


@pytest.fixture(scope="module")
def reads_masks(booted: tuple) -> bool:
    """Whether a ControlNet can be restricted on this host; reForge's cannot."""
    host: Client = booted[0]
    if host.name != "forge":
        return False
    try:
        picture = host.plain().pngs[0]
        host.regional({"plan": plan_with([0], [])}, control=[steering(host, picture)])
    except HostError as error:
        assert "regions[0].control: ControlNet Unit 0: this WebUI's ControlNet reads no masks" in str(error)
        return False
    return True


@pytest.mark.parametrize("unit", ["controlnet", "ip-adapter"])
def test_a_unit_of_all_regions_is_one_of_the_whole_picture(
    host: Client, png: bytes, place: dict[str, Any], unit: str, reads_masks: bool
) -> None:
    """And one of a muted region alone is none."""
    if unit == "controlnet" and not reads_masks:
        pytest.skip("this host's ControlNet reads no masks")
    units = {"control": UNITS[unit](host, png), **place}
    free = host.regional({"plan": plan_with([], [])}, **units).pixels
    without = host.regional({"plan": plan_with([], [])}, **place).pixels
    assert alike(host.regional({"plan": plan_with([0], [0])}, **units).pixels, free)
    assert difference(free, without) > 0.5
    muted = plan_with([0], [])
    muted["regions"][0]["muted"] = True
    unnamed = {**muted, "regions": [{**muted["regions"][0], "control": []}, muted["regions"][1]]}
    assert alike(host.regional({"plan": muted}, **units).pixels, host.regional({"plan": unnamed}, **place).pixels)


def first_step(host: Client, folder: Path, plan: dict[str, Any], **changes: Any) -> tuple[np.ndarray, np.ndarray]:
    """(rows, height, width, channels) behind the first cross-attention, and (4, height, width) denoised."""
    path = folder / "record.npz"
    path.unlink(missing_ok=True)
    host.regional({"plan": plan}, faults={"record": str(path)}, **changes)
    with np.load(path) as recorded:
        denoised = recorded["denoised_0"][0]
        tokens = recorded["attn2"]
    return tokens.reshape(len(tokens), *denoised.shape[1:], -1), denoised


def test_an_ip_adapter_acts_in_its_region_only(host: Client, png: bytes, tmp_path: Path) -> None:
    units = {"control": [adapter(host, png, 3)]}
    without, _ = first_step(host, tmp_path, plan_with([], []))
    everywhere, _ = first_step(host, tmp_path, plan_with([], []), **units)
    right, _ = first_step(host, tmp_path, plan_with([], [0]), **units)
    middle = right.shape[2] // 2
    assert np.abs(right[:, :, :middle] - without[:, :, :middle]).max() <= 1e-5
    assert np.abs(right[:, :, middle:] - everywhere[:, :, middle:]).max() <= 1e-5
    assert np.abs(everywhere - without)[:, :, :middle].max() > 0.1
    assert np.abs(everywhere - without)[:, :, middle:].max() > 0.1


def test_each_region_has_an_ip_adapter_of_its_own(host: Client, png: bytes, tmp_path: Path) -> None:
    first, second = adapter(host, png, 3), adapter(host, png, 4)
    both, _ = first_step(host, tmp_path, plan_with([1], [0]), control=[first, second])
    left, _ = first_step(host, tmp_path, plan_with([], []), control=[second])
    right, _ = first_step(host, tmp_path, plan_with([], []), control=[first])
    middle = both.shape[2] // 2
    assert np.abs(both[:, :, :middle] - left[:, :, :middle]).max() <= 1e-5
    assert np.abs(both[:, :, middle:] - right[:, :, middle:]).max() <= 1e-5


@pytest.mark.parametrize("named", [0, 1])
def test_a_controlnet_acts_in_its_region(
    host: Client, png: bytes, tmp_path: Path, named: int, reads_masks: bool
) -> None:
    """The UNet's convolutions and self-attention carry on what it adds there."""
    if not reads_masks:
        pytest.skip("this host's ControlNet reads no masks")
    wide = {"width": 256}
    units = {"control": [steering(host, png)], **wide}
    _, without = first_step(host, tmp_path, plan_with([], []), **wide)
    _, drawn = first_step(host, tmp_path, plan_with([0], []) if named == 0 else plan_with([], [0]), **units)
    moved = np.abs(drawn - without).mean(0)
    halves = np.split(moved, 2, axis=1)
    assert halves[named].mean() > 2 * halves[1 - named].mean()


@pytest.mark.parametrize("units", [([0], []), ([], [0])])
def test_a_unit_acts_in_its_regions_place_in_a_crop(host: Client, png: bytes, units: tuple[list[int], ...]) -> None:
    crop = crop_of_the_right_region()
    control = [adapter(host, png, 3)]
    drawn = host.regional({"plan": plan_with(*units)}, control=control, **crop)
    expected = host.regional({"plan": plan_with([], [])}, control=control if units[1] else [], **crop)
    assert alike(drawn.pixels, expected.pixels)


def test_what_takes_no_mask_is_refused_by_name(host: Client, png: bytes, fresh: dict[str, Drawn]) -> None:
    masked = steering(host, png, mask_image=encoded(png))
    units = [{**control.reference(png), "model": "None"}, masked, steering(host, png, enabled=False)]
    said = {
        0: r"ControlNet Unit 0 \(reference_only\) acts on the whole picture only",
        1: "ControlNet Unit 1 has its own mask",
        2: "ControlNet Unit 2 is not enabled",
        7: "there is no ControlNet Unit 7",
    }
    check_refusals(host, fresh, units, said)


def test_an_own_unit_leaves_nothing(host: Client, png: bytes, fresh: dict[str, Drawn]) -> None:
    units = [adapter(host, png, 3), steering(host, png)]
    controlled = host.plain(control=units)
    for faults in ({}, {"raise_at_call": 2}):
        try:
            host.regional({"plan": plan_with([], [0])}, control=units, faults=faults)
        except HostError:
            assert faults
        assert (host.plain().pixels == fresh["Euler"].pixels).all()
        assert (host.plain(control=units).pixels == controlled.pixels).all()
