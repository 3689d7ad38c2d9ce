"""Attention guidance and composition on every family of models, beside ControlNet, and stopped in mid-iteration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.contract import control, test_frozen
from tests.contract.checkpoints import name_of
from tests.contract.client import Client, Drawn, difference
from tests.contract.host import CHECKPOINT
from tests.contract.test_composition import composed
from tests.contract.test_controlnet import CONTROLNET_XL
from tests.contract.test_guidance import FEW, OFF, WAYS, guided

FAMILIES = (CHECKPOINT.stem, *map(name_of, ("sd1", "sd2", "sd2_v", "sdxl")))
FROZEN = test_frozen.WAYS
DRAWN = {
    **{way: guided(way) for way in WAYS},
    "multidiffusion": composed(),
    **{way: test_frozen.composed(way) for way in FROZEN},
}
"""The plans, by what they draw with."""
WITHOUT = {
    **dict.fromkeys(WAYS, OFF),
    "multidiffusion": composed(compose="attention"),
    **dict.fromkeys(FROZEN, test_frozen.OFF),
}
"""The same plans without it."""
IN_CALLS = (
    ("bias", 2),
    ("multidiffusion", 1),
    ("multidiffusion", 3),
    *((way, call) for way in FROZEN for call in (2, 4)),
)
"""Calls of the UNet, by their numbers: of a picture, and of a region or an object by itself."""
ITERATIONS = (("lmd", 1), ("lmd", 2), ("backward", 2), ("boxdiff", 1))
"""Updates in three steps, by their numbers; boxdiff has one."""


@pytest.fixture(scope="module", params=FAMILIES)
def family(request: pytest.FixtureRequest, booted: tuple) -> Iterator[str]:
    """The name of a checkpoint, which is loaded; the shapes model is loaded again at the end."""
    host: Client = booted[0]
    titles = host.checkpoints
    if request.param not in titles:
        pytest.skip(f"this host has no checkpoint {request.param}")
    host.json("POST", "/sdapi/v1/options", {"sd_model_checkpoint": titles[request.param]})
    yield request.param
    host.json("POST", "/sdapi/v1/options", {"sd_model_checkpoint": titles[CHECKPOINT.stem]})


@pytest.fixture
def units(host: Client, family: str, fresh: dict[str, Drawn]) -> list[dict[str, Any]]:
    """A unit of ControlNet that takes effect on the checkpoint: a control model, or a reference where there is none."""
    control.require(host)
    png = fresh["Euler"].pngs[0]
    if family == CHECKPOINT.stem:
        return [control.steering(host, png)]
    return [control.steering(host, png, CONTROLNET_XL)] if family == name_of("sdxl") else [control.reference(png)]


def draw(host: Client, plan: dict[str, Any], **changes: Any) -> np.ndarray:
    return host.regional({"plan": plan}, **{**FEW, **changes}).pixels


def left_on(host: Client) -> dict[str, Any]:
    """What is on the model."""
    report = host.json("GET", "/rpg-test/model")
    del report["interrupts"]
    return report


def interrupts(host: Client) -> int:
    """How many have arrived so far."""
    return host.json("GET", "/rpg-test/model")["interrupts"]


@pytest.mark.parametrize("way", DRAWN)
def test_it_takes_effect_and_off_is_off(host: Client, family: str, way: str) -> None:
    plain, before = host.plain(**FEW).pixels, left_on(host)
    off, on = draw(host, WITHOUT[way]), draw(host, DRAWN[way])
    assert difference(on, off) > 0.1
    assert difference(draw(host, DRAWN[way]), on) <= 1
    assert left_on(host) == before
    assert np.array_equal(host.plain(**FEW).pixels, plain)


@pytest.mark.parametrize("way", DRAWN)
def test_it_takes_effect_beside_control(host: Client, family: str, units: list[dict[str, Any]], way: str) -> None:
    plain, controlled = host.plain(**FEW).pixels, host.plain(**FEW, control=units).pixels
    before = left_on(host)
    on, off = draw(host, DRAWN[way], control=units), draw(host, WITHOUT[way], control=units)
    assert difference(on, off) > 0.1
    assert difference(on, draw(host, DRAWN[way])) > 0.1
    assert left_on(host) == before
    assert np.array_equal(host.plain(**FEW, control=units).pixels, controlled)
    assert np.array_equal(host.plain(**FEW).pixels, plain)


@pytest.mark.parametrize("way", ["lmd", "bias"])
def test_the_words_are_found_beside_control(host: Client, family: str, units: list[dict[str, Any]], way: str) -> None:
    """ControlNet puts a token in front of every prompt; beside a unit without weight, pictures are as without it."""
    if units[0]["module"] != "none":
        pytest.skip("a reference has no weight")
    weightless = [{**units[0], "weight": 1e-6}]
    assert difference(draw(host, DRAWN[way], control=weightless), draw(host, DRAWN[way])) <= 1


def stop(host: Client, way: str, faults: dict[str, Any], **changes: Any) -> None:
    """An interrupt that arrives; nothing is left on the model, and plain pictures are as they were."""
    plain, before, arrived = host.plain(**FEW).pixels, left_on(host), interrupts(host)
    draw(host, DRAWN[way], faults=faults, **changes)
    assert interrupts(host) == arrived + 1
    assert left_on(host) == before
    assert np.array_equal(host.plain(**FEW).pixels, plain)


@pytest.mark.parametrize(("way", "number"), ITERATIONS)
def test_an_interrupt_between_a_forward_pass_and_its_update(host: Client, family: str, way: str, number: int) -> None:
    stop(host, way, {"interrupt_in_gradient": number})


@pytest.mark.parametrize(("way", "number"), ITERATIONS[1::2])
def test_an_interrupt_there_beside_control(
    host: Client, family: str, units: list[dict[str, Any]], way: str, number: int
) -> None:
    host.plain(**FEW, control=units)
    stop(host, way, {"interrupt_in_gradient": number}, control=units)


@pytest.mark.parametrize(("way", "call"), IN_CALLS)
def test_an_interrupt_in_a_call_of_the_unet(host: Client, family: str, way: str, call: int) -> None:
    stop(host, way, {"interrupt_at_call": call})


@pytest.fixture
def own_checkpoints(host: Client, family: str) -> Iterator[None]:
    """The UNet's blocks have gradient checkpoints of their own, as configurations of SD2 and SDXL ask for them."""
    host.json("POST", "/rpg-test/checkpoints?on=true")
    yield
    host.json("POST", "/rpg-test/checkpoints?on=false")


def test_blocks_with_checkpoints_of_their_own(host: Client, family: str, request: pytest.FixtureRequest) -> None:
    """Theirs run without gradients in them; the picture is the same, and they are on again behind it."""
    without, off = draw(host, DRAWN["lmd"]), left_on(host)["checkpoints"]
    request.getfixturevalue("own_checkpoints")
    before = left_on(host)
    assert before["checkpoints"] > off == 0
    assert difference(draw(host, DRAWN["lmd"]), without) <= 1
    assert left_on(host) == before
    stop(host, "lmd", {"interrupt_in_gradient": 1})
