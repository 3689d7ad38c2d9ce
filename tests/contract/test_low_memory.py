"""Where a WebUI of the Forge family has little memory, its loader leaves weights where they are and layers fetch them.

`--always-low-vram` and its kin are refused beside `--always-cpu`, so the test extension puts the host's loader into
their states. What one's own memory splits into rows, and that nothing stays, is in `test_off_is_off` as well.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.client import BASE, HIRES, Client, Drawn, HostError, alike, difference, plan_of
from tests.contract.lora_model import EVERYWHERE, OTHER
from tests.contract.test_off_is_off import interrupted_run

STATES = ("LOW_VRAM", "NO_VRAM")
CIRCLE, SQUARE = "a red circle, navy background", "a green square, navy background"
THING = {"phrase": "red circle", "box": [0.1, 0.2, 0.35, 0.6]}
BOUND = ({"prompt": CIRCLE, "entities": [{**THING, "prompt": CIRCLE}]}, SQUARE)
GUIDED = ({"prompt": CIRCLE, "entities": [THING]}, SQUARE)

JOBS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "one": (plan_of(CIRCLE, SQUARE), {}),
    "batch": (plan_of(CIRCLE, {"prompt": SQUARE, "negative_prompt": "a ring"}), {"batch_size": 2}),
    "second order": (plan_of(CIRCLE, SQUARE), {"sampler_name": "Heun", "negative_prompt": "a ring"}),
    "hires": (plan_of(CIRCLE, SQUARE), HIRES),
    "times": (plan_of({"prompt": CIRCLE, "end": 0.5}, {"prompt": SQUARE, "start": 0.5}), {}),
    "binding": (plan_of(*BOUND, binding="exact"), {"width": 128}),
    "bias": (plan_of(*GUIDED, guidance="bias"), {}),
    "multidiffusion": (plan_of(CIRCLE, SQUARE, compose="multidiffusion"), {}),
    "two-phase": (plan_of(*GUIDED, compose="two-phase"), {}),
}


@pytest.fixture(params=STATES)
def short(request: pytest.FixtureRequest, host: Client) -> dict[str, Any]:
    """The argument that makes a request one with little memory."""
    if host.name != "forge":
        pytest.skip("only the Forge family's loader leaves weights where they are")
    return {"loader": request.param}


def fetched(host: Client) -> int:
    """How many layers fetched their weights in the last generation."""
    return host.get("/rpg-test/model").json()["fetched"]


def test_the_loader_left_weights_where_they_were(host: Client, short: dict[str, Any]) -> None:
    """All in one state; in the other no more, and none where they are so few that the host (reForge) loads them."""
    host.regional({"plan": JOBS["one"][0]}, faults=short)
    count = fetched(host)
    host.regional({"plan": JOBS["one"][0]}, faults={"loader": "NO_VRAM"})
    assert fetched(host) >= max(200, count)
    assert short["loader"] == "LOW_VRAM" or count == fetched(host)


@pytest.mark.parametrize("job", JOBS)
def test_the_picture_is_the_same(host: Client, fresh: dict[str, Drawn], short: dict[str, Any], job: str) -> None:
    plan, changes = JOBS[job]
    expected = host.regional({"plan": plan}, **changes)
    assert alike(host.regional({"plan": plan}, faults=short, **changes).pixels, expected.pixels)
    assert (host.plain().pixels == fresh["Euler"].pixels).all()
    assert (host.regional({"plan": plan}, **changes).pixels == expected.pixels).all()


@pytest.mark.parametrize("mode", ["text", "unet", "shared"])
def test_loras_of_regions_and_of_the_picture_act_there(host: Client, short: dict[str, Any], mode: str) -> None:
    prompt = f"{BASE['prompt']} <lora:{OTHER}:1>"
    plan = plan_of(f"{CIRCLE} <lora:{EVERYWHERE}:1>", SQUARE, lora=mode, base_prompt=prompt)
    expected = host.regional({"plan": plan}, prompt=prompt)
    without = host.regional({"plan": plan_of(CIRCLE, SQUARE)})
    assert alike(host.regional({"plan": plan}, prompt=prompt, faults=short).pixels, expected.pixels)
    assert alike(host.regional({"plan": plan_of(CIRCLE, SQUARE)}, faults=short).pixels, without.pixels)
    assert difference(expected.pixels, without.pixels) > 0.5
    assert alike(host.regional({"plan": plan}, prompt=prompt).pixels, expected.pixels)


@pytest.mark.parametrize("tag", ["", f" <lora:{EVERYWHERE}:1>"])
def test_an_end_before_the_last_step_leaves_nothing(
    host: Client, fresh: dict[str, Drawn], short: dict[str, Any], tag: str
) -> None:
    """An interrupt, an error of the UNet, and a plan that is refused."""
    plan = plan_of(f"{CIRCLE}{tag}", SQUARE, lora="unet")
    expected = host.regional({"plan": plan})
    interrupted_run(host, plan, faults=short)
    assert (host.plain().pixels == fresh["Euler"].pixels).all()
    for changes in ({"plan": plan}, {"plan": {**plan, "split_ratio": "1,,1"}}):
        with pytest.raises(HostError):
            host.regional(changes, faults={**short, "raise_at_call": 3})
        assert (host.plain().pixels == fresh["Euler"].pixels).all()
    after = host.regional({"plan": plan})
    # reForge and Neo add a LoRA there by another rounding, and words stay cached as they were encoded, plain ones too.
    assert alike(after.pixels, expected.pixels) if tag else (after.pixels == expected.pixels).all()
