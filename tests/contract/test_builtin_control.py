"""Beside the ControlNet, the reference and the IP-Adapter that the Forge family has built in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract import control, control_model
from tests.contract.client import HIRES, Client, Drawn, alike, difference
from tests.contract.test_controlnet import BASE_PROMPT, PLAN, SAME, Units


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
