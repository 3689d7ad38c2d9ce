"""Attention guidance over the API: things are led into their boxes in every kind of job, and nothing is left behind."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
import pytest

from tests.contract.client import HIRES, WITH_GRADIENTS, Client, HostError, difference, plan_of, request_of
from tests.contract.test_jobs import JOBS

PROMPT = "a red circle and a blue square, navy background"
WIDE = {"width": 128, "steps": 8, "prompt": PROMPT, "negative_prompt": "a ring"}
THINGS = (
    {"prompt": "a red circle, navy background", "entities": [{"phrase": "red circle"}]},
    {"prompt": "a blue square, navy background", "entities": [{"phrase": "blue square"}]},
)
FEW = {**WIDE, "steps": 3}
"""Which cells have the most attention hangs on rounding, and every step of guidance makes more of it."""
WAYS = ("lmd", "backward", "boxdiff", "bias")


def guided(way: str, **fields: Any) -> dict[str, Any]:
    return plan_of(*THINGS, guidance=way, **fields)


OFF = guided("off")


SAMPLERS = ("DPM2", "DPM++ 2M", "DPM++ SDE", "DDIM", "UniPC")


@pytest.mark.parametrize(
    ("way", "sampler"), [*((way, "Euler a") for way in WAYS), *(("lmd", sampler) for sampler in SAMPLERS)]
)
def test_it_changes_the_picture_the_same_each_time(host: Client, way: str, sampler: str) -> None:
    few = {**FEW, "sampler_name": sampler}
    off, on = host.regional({"plan": OFF}, **few), host.regional({"plan": guided(way)}, **few)
    assert difference(on.pixels, off.pixels) > 0.2
    assert difference(on.pixels, host.regional({"plan": guided(way)}, **few).pixels) <= 1


@pytest.mark.parametrize("way", WITH_GRADIENTS)
def test_without_gradients_it_is_refused(host: Client, way: str) -> None:
    """Before sampling, by the way that is left; and nothing stays."""
    if host.name != "forge":
        pytest.skip("this host has gradients")
    plain = host.plain(**FEW)
    with pytest.raises(HostError, match="there are no gradients; use the guidance 'bias', or 'off'") as refusal:
        host.generate("txt2img", request_of({"plan": guided(way)}, faults={"raise_at_call": 1}, **FEW))
    assert refusal.value.status == 422
    assert np.array_equal(host.plain(**FEW).pixels, plain.pixels)


@pytest.mark.parametrize("way", WAYS)
def test_without_strength_it_is_off(host: Client, way: str) -> None:
    off = host.regional({"plan": OFF}, **WIDE)
    assert np.array_equal(host.regional({"plan": guided(way, guidance_scale=0.0)}, **WIDE).pixels, off.pixels)


@pytest.mark.parametrize("way", ["lmd", "bias"])
@pytest.mark.parametrize(
    "job",
    ["batch of 2, twice", "hires, to an odd size", "img2img", "inpaint, whole picture", "CFG 1", "72 x 104"],
)
def test_it_works_in_every_kind_of_job(host: Client, job: str, way: str) -> None:
    changes = {"faults": {"seed": True}, "width": 128, "prompt": PROMPT, **JOBS[job]}
    off = host.regional({"plan": OFF}, **changes)
    on = host.regional({"plan": guided(way, guidance_scale=3.0)}, **changes)
    assert on.pixels.shape == off.pixels.shape
    for one, other in zip(on.pixels, off.pixels, strict=True):
        assert difference(one, other) > 0.1


@pytest.mark.parametrize("way", ["lmd", "bias"])
def test_each_picture_of_a_batch_is_as_by_itself(host: Client, way: str) -> None:
    many = host.regional({"plan": guided(way)}, batch_size=2, seed=5, **FEW)
    for offset, picture in enumerate(many.pixels):
        alone = host.regional({"plan": guided(way)}, seed=5 + offset, **FEW)
        assert difference(picture, alone.pixels[0]) <= 1


def test_it_acts_in_the_first_pass(host: Client) -> None:
    host.regional({"plan": guided("lmd")}, **{**WIDE, **HIRES, "hr_resize_x": 192, "hr_resize_y": 96})
    said = [each for each in host.log_tail(200).splitlines() if "RPG: 2 regions" in each]
    assert "2 things guided (lmd)" in said[-2]
    assert "guided" not in said[-1]


def test_what_the_prompt_does_not_name_is_said(host: Client) -> None:
    first = {**THINGS[0], "entities": [{"phrase": "purple bicycle"}]}
    host.regional({"plan": plan_of(first, THINGS[1], guidance="lmd")}, **WIDE)
    said = host.log_tail(200)
    assert "regions[0]: the base prompt does not name 'purple bicycle', so that it is not guided" in said
    assert "1 thing guided (lmd)" in said


@pytest.mark.parametrize("way", ["lmd", "bias"])
@pytest.mark.parametrize("call", [1, 5])
def test_an_error_in_a_pass_leaves_nothing_behind(host: Client, way: str, call: int) -> None:
    before = host.plain(**WIDE)
    with pytest.raises(HostError):
        host.regional({"plan": guided(way)}, faults={"raise_at_call": call}, **WIDE)
    assert np.array_equal(host.plain(**WIDE).pixels, before.pixels)


@pytest.mark.parametrize("way", ["lmd", "bias"])
def test_an_interrupt_leaves_nothing_behind(host: Client, way: str) -> None:
    before = host.plain(**WIDE)
    timer = threading.Thread(target=lambda: (time.sleep(1.0), host.json("POST", "/sdapi/v1/interrupt")))
    timer.start()
    host.regional({"plan": guided(way)}, faults={"sleep": 0.2}, **WIDE)
    timer.join()
    assert np.array_equal(host.plain(**WIDE).pixels, before.pixels)
