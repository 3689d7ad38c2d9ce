"""Objects that are drawn before the picture, or alongside it, over the API: in every kind of job, and nothing stays."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
import pytest

from tests.contract import control
from tests.contract.client import HIRES, Client, Drawn, HostError, difference, plan_of
from tests.contract.test_controlnet import UNITS
from tests.contract.test_jobs import JOBS
from tests.contract.test_repaint import FEW, SAMPLERS

PROMPT = "a red circle and a blue square, navy background"
WIDE = {"width": 128, "steps": FEW, "prompt": PROMPT, "negative_prompt": "a ring"}
OBJECTS = (
    {
        "prompt": "a red circle, navy background",
        "entities": [{"phrase": "red circle", "box": [0.0625, 0.125, 0.375, 0.75]}],
    },
    {
        "prompt": "a blue square, navy background",
        "entities": [{"phrase": "blue square", "box": [0.5625, 0.125, 0.375, 0.75]}],
    },
)
WAYS = ("two-phase", "lock-step")


def composed(way: str, **fields: Any) -> dict[str, Any]:
    return plan_of(*OBJECTS, compose=way, **fields)


OFF = composed("attention")


@pytest.mark.parametrize(
    ("way", "sampler"),
    [*(("two-phase", sampler) for sampler in SAMPLERS[::2]), ("lock-step", "DPM++ 2M"), ("lock-step", "DDIM")],
)
def test_it_changes_the_picture_the_same_each_time(host: Client, way: str, sampler: str) -> None:
    if sampler not in {each["name"] for each in host.json("GET", "/sdapi/v1/samplers")}:
        pytest.skip(f"this host has no {sampler}")
    few = {**WIDE, "sampler_name": sampler}
    off, on = host.regional({"plan": OFF}, **few), host.regional({"plan": composed(way)}, **few)
    assert difference(on.pixels, off.pixels) > 0.2
    assert np.array_equal(on.pixels, host.regional({"plan": composed(way)}, **few).pixels)


@pytest.mark.parametrize("way", WAYS)
def test_without_frozen_steps_it_is_off(host: Client, way: str) -> None:
    off = host.regional({"plan": OFF}, **WIDE)
    assert np.array_equal(host.regional({"plan": composed(way, frozen=0.0)}, **WIDE).pixels, off.pixels)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("job", ["batch of 2, twice", "hires, to an odd size", "CFG 1", "72 x 104"])
def test_it_works_in_every_kind_of_job(host: Client, job: str, way: str) -> None:
    changes = {"faults": {"seed": True}, "width": 128, "prompt": PROMPT, **JOBS[job]}
    off, on = host.regional({"plan": OFF}, **changes), host.regional({"plan": composed(way)}, **changes)
    assert on.pixels.shape == off.pixels.shape
    for one, other in zip(on.pixels, off.pixels, strict=True):
        assert difference(one, other) > 0.1


@pytest.mark.parametrize("job", ["img2img", "inpaint, whole picture"])
def test_img2img_has_objects_alongside_alone(host: Client, job: str) -> None:
    changes = {"faults": {"seed": True}, "width": 128, **JOBS[job]}
    off, on = host.regional({"plan": OFF}, **changes), host.regional({"plan": composed("lock-step")}, **changes)
    assert difference(on.pixels, off.pixels) > 0.1
    with pytest.raises(HostError, match="compose: objects that are drawn before the picture begin with noise alone"):
        host.regional({"plan": composed("two-phase")}, **changes)


def test_dpm_adaptive_is_refused(host: Client) -> None:
    if "DPM adaptive" not in {each["name"] for each in host.json("GET", "/sdapi/v1/samplers")}:
        pytest.skip("this host has no DPM adaptive")
    with pytest.raises(HostError, match="compose: DPM adaptive takes other steps"):
        host.regional({"plan": composed("two-phase")}, **{**WIDE, "sampler_name": "DPM adaptive"})


@pytest.mark.parametrize("sampler", ["Euler a", "DPM++ 2M"])
@pytest.mark.parametrize("way", WAYS)
def test_each_picture_of_a_batch_is_as_by_itself(host: Client, way: str, sampler: str) -> None:
    few = {**WIDE, "sampler_name": sampler}
    many = host.regional({"plan": composed(way)}, batch_size=2, seed=5, **few)
    assert difference(many.pixels[0], many.pixels[1]) > 0.5
    for offset, picture in enumerate(many.pixels):
        alone = host.regional({"plan": composed(way)}, seed=5 + offset, **few)
        assert difference(picture, alone.pixels[0]) <= 1


def test_it_goes_with_guidance_which_compares_with_the_objects_runs(host: Client) -> None:
    plan = composed("two-phase", guidance="lmd", base_ratio=1.0)
    drawn = host.regional({"plan": plan}, **WIDE)
    assert "2 objects drawn first, 2 things guided (lmd)" in host.log_tail(200)
    assert difference(drawn.pixels, host.regional({"plan": {**plan, "guidance": "off"}}, **WIDE).pixels) > 0.2
    other = host.regional({"plan": {**plan, "compose": "attention"}}, **WIDE)
    assert difference(drawn.pixels, other.pixels) > 0.2


def test_it_acts_in_the_first_pass(host: Client) -> None:
    host.regional({"plan": composed("two-phase")}, **{**WIDE, **HIRES, "hr_resize_x": 192, "hr_resize_y": 96})
    said = [each for each in host.log_tail(200).splitlines() if "RPG: 2 regions" in each]
    assert "2 objects drawn first" in said[-2]
    assert "drawn first" not in said[-1]


@pytest.mark.parametrize(
    ("way", "call"), [("two-phase", 1), ("two-phase", 4), ("two-phase", 9), ("lock-step", 2), ("lock-step", 4)]
)
def test_an_error_in_a_pass_leaves_nothing_behind(host: Client, way: str, call: int) -> None:
    before = host.plain(**WIDE)
    with pytest.raises(HostError):
        host.regional({"plan": composed(way)}, faults={"raise_at_call": call}, **WIDE)
    assert np.array_equal(host.plain(**WIDE).pixels, before.pixels)


@pytest.mark.parametrize("units", ["controlnet", "reference"])
def test_controlnet_sees_the_picture_alone(host: Client, fresh: dict[str, Drawn], units: str) -> None:
    control.require(host)
    given = {"control": UNITS[units](host, fresh["Euler"].pngs[0])}
    off = host.regional({"plan": OFF}, **WIDE, **given)
    assert difference(host.regional({"plan": composed("two-phase")}, **WIDE, **given).pixels, off.pixels) > 0.2
    assert np.array_equal(host.plain().pixels, fresh["Euler"].pixels)


def test_an_interrupt_in_an_objects_run_leaves_nothing_behind(host: Client) -> None:
    before = host.plain(**WIDE)
    expected = host.regional({"plan": composed("two-phase")}, **WIDE)
    answers: list[Any] = []
    many = {**WIDE, "steps": 40}

    def draw() -> None:
        answers.append(host.regional({"plan": composed("two-phase")}, faults={"sleep": 0.2}, **many))

    thread = threading.Thread(target=draw)
    thread.start()
    end = time.monotonic() + 60
    told: dict[str, Any] = {}
    while time.monotonic() < end and "drawing object" not in str(told.get("textinfo")):
        time.sleep(0.05)
        told = host.get("/sdapi/v1/progress", skip_current_image=True).json()
    assert "RPG: drawing object 1 of 2 by itself" in str(told.get("textinfo"))
    assert told["state"]["job_count"] == 3
    host.json("POST", "/sdapi/v1/interrupt")
    thread.join(60)
    assert answers and answers[0].pixels.shape == expected.pixels.shape
    assert np.array_equal(host.plain(**WIDE).pixels, before.pixels)
    assert np.array_equal(host.regional({"plan": composed("two-phase")}, **WIDE).pixels, expected.pixels)


@pytest.mark.parametrize("way", WAYS)
def test_the_infotext_gives_the_picture_again(host: Client, way: str) -> None:
    drawn = host.regional({"plan": OFF, "compose": way, "frozen": 0.3}, **WIDE)
    again = host.generate("txt2img", {"infotext": drawn.infotexts[0]})
    assert np.array_equal(again.pixels, drawn.pixels)
    assert again.infotexts == drawn.infotexts
