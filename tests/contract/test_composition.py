"""Composition over the API: regions in passes of their own, in every kind of job, and nothing is left behind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.contract.client import Client, HostError, difference, plan_of
from tests.contract.test_jobs import JOBS
from tests.contract.test_repaint import FEW, SAMPLERS

PROMPT = "a red circle and a blue square, navy background"
WIDE = {"width": 128, "steps": 8, "prompt": PROMPT}
REGIONS = ("a red circle, navy background", "a blue square, navy background")


def composed(**fields: Any) -> dict[str, Any]:
    return plan_of(*REGIONS, **{"compose": "multidiffusion", "base_ratio": 0.2, "bootstrap": 0.0, **fields})


@pytest.mark.parametrize("sampler", SAMPLERS[::2])
def test_one_region_over_the_whole_picture_is_its_prompt_alone(host: Client, sampler: str) -> None:
    """With a base ratio of 0 nothing of the picture's own pass is left, so that it is a plain picture of the region."""
    if sampler not in {each["name"] for each in host.json("GET", "/sdapi/v1/samplers")}:
        pytest.skip(f"this host has no {sampler}")
    few = {**WIDE, "steps": FEW, "sampler_name": sampler, "negative_prompt": "a ring"}
    plain = host.plain(**{**few, "prompt": REGIONS[0]})
    plan = plan_of(REGIONS[0], compose="multidiffusion", base_ratio=0.0, bootstrap=0.0)
    assert difference(host.regional({"plan": plan}, **few).pixels, plain.pixels) <= 1


@pytest.mark.parametrize("sampler", ["Euler a", "DPM++ 2M", "DDIM CFG++"])
@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_one_region_with_a_cfg_scale_is_a_plain_picture_of_that_scale(host: Client, sampler: str, scale: float) -> None:
    if sampler not in {each["name"] for each in host.json("GET", "/sdapi/v1/samplers")}:
        pytest.skip(f"this host has no {sampler}")
    if host.name == "forge" and (sampler, scale) == ("DDIM CFG++", 1.0):
        pytest.skip("Forge's CFG++ takes zeros for the noise of a negative prompt that it leaves out, plain too")
    few = {**WIDE, "steps": FEW, "sampler_name": sampler, "negative_prompt": "a ring"}
    plain = host.plain(**{**few, "prompt": REGIONS[0], "cfg_scale": scale})
    region = {"prompt": REGIONS[0], "cfg_scale": scale}
    plan = plan_of(region, compose="multidiffusion", base_ratio=0.0, bootstrap=0.0)
    drawn = host.regional({"plan": plan}, **few)
    assert difference(drawn.pixels, plain.pixels) <= 1
    other = host.regional({"plan": {**plan, "regions": [{"prompt": REGIONS[0]}]}}, **few)
    assert difference(other.pixels, plain.pixels) > 1
    assert f'cfg_scale\\": {scale}' in drawn.infotexts[0]


def test_a_region_with_a_cfg_scale_leaves_the_other_as_it_is(host: Client) -> None:
    """Both are in one batch: what the one's scale changes is in its own place."""
    one = {**WIDE, "steps": 1}
    if host.name == "forge" and np.array_equal(*(host.plain(**{**one, "cfg_scale": each}).pixels for each in (1, 9))):
        pytest.skip("this host has no negative prompt in the first step")
    scaled = plan_of({"prompt": REGIONS[0], "cfg_scale": 1.0}, REGIONS[1], compose="multidiffusion", bootstrap=0.0)
    before, after = host.regional({"plan": composed()}, **one), host.regional({"plan": scaled}, **one)
    moved = np.abs(after.pixels[0].astype(int) - before.pixels[0]).max(-1)
    assert moved[:, :56].max() > 8
    assert moved[:, 80:].max() <= 2


def test_an_object_is_bound_with_the_scale_of_its_region(host: Client) -> None:
    thing = {"phrase": "circle", "prompt": REGIONS[0], "box": [0, 0, 1, 1]}
    plain = host.plain(**{**WIDE, "prompt": REGIONS[0], "cfg_scale": 2.0})
    warned = host.log_tail(100_000).count("CFG scale of")
    region = {"prompt": REGIONS[0], "entities": [thing], "cfg_scale": 2.0}
    drawn = host.regional({"plan": plan_of(region, binding="exact", bound_steps=1.0)}, **WIDE)
    assert difference(drawn.pixels, plain.pixels) <= 1
    assert host.log_tail(100_000).count("CFG scale of") == warned


@pytest.mark.parametrize("hires", ["both", "first"])
def test_a_scale_without_a_pass_of_its_own_changes_nothing_and_is_said(host: Client, hires: str) -> None:
    plan = plan_of({"prompt": REGIONS[0], "cfg_scale": 2.0}, REGIONS[1], hires=hires)
    drawn = host.regional({"plan": plan}, **WIDE)
    without = host.regional({"plan": plan_of(*REGIONS, hires=hires)}, **WIDE)
    assert np.array_equal(drawn.pixels, without.pixels)
    assert "the CFG scale of region 1 has no effect" in drawn.infotexts[0] + host.log_tail(200)


def test_regions_act_in_their_places_alone(host: Client) -> None:
    """Of one step, what the words of the left region change is on the left: the edge of a latent cell is blurred."""
    one = {**WIDE, "steps": 1}
    other = plan_of("a green ring, navy background", REGIONS[1], compose="multidiffusion", bootstrap=0.0)
    before, after = host.regional({"plan": composed()}, **one), host.regional({"plan": other}, **one)
    moved = np.abs(after.pixels[0].astype(int) - before.pixels[0]).max(-1)
    assert moved[:, :56].max() > 8
    assert moved[:, 80:].max() <= 2


def test_a_bootstrapped_region_does_not_see_the_rest(host: Client) -> None:
    without, all_steps = (host.regional({"plan": composed(bootstrap=share)}, **WIDE) for share in (0.0, 1.0))
    assert difference(without.pixels, all_steps.pixels) > 0.5
    again = host.regional({"plan": composed(bootstrap=1.0)}, **WIDE)
    assert np.array_equal(all_steps.pixels, again.pixels)


@pytest.mark.parametrize(
    "job",
    ["batch of 2, twice", "hires, to an odd size", "img2img", "inpaint, whole picture", "CFG 1", "72 x 104"],
)
def test_it_works_in_every_kind_of_job(host: Client, job: str) -> None:
    changes = {"faults": {"seed": True}, "width": 128, **JOBS[job]}
    off = host.regional({"plan": composed(compose="attention")}, **changes)
    on = host.regional({"plan": composed()}, **changes)
    assert on.pixels.shape == off.pixels.shape
    for one, other in zip(on.pixels, off.pixels, strict=True):
        assert difference(one, other) > 0.2


def test_it_goes_with_bound_objects_and_lora(host: Client) -> None:
    box = [0.0625, 0.125, 0.375, 0.75]
    first = {"prompt": REGIONS[0], "entities": [{"phrase": "circle", "prompt": REGIONS[0], "box": box}]}
    plan = plan_of(first, REGIONS[1], compose="multidiffusion", binding="exact", bound_steps=0.4)
    on = host.regional({"plan": plan}, **WIDE)
    assert difference(on.pixels, host.regional({"plan": {**plan, "binding": "off"}}, **WIDE).pixels) > 0.2


@pytest.mark.parametrize("call", [1, 4])
def test_an_error_in_a_pass_leaves_nothing_behind(host: Client, call: int) -> None:
    before = host.plain(**WIDE)
    with pytest.raises(HostError):
        host.regional({"plan": composed()}, faults={"raise_at_call": call}, **WIDE)
    assert np.array_equal(host.plain(**WIDE).pixels, before.pixels)


def test_a_unit_of_a_composed_region_is_refused(host: Client) -> None:
    first = {"prompt": REGIONS[0], "control": [0]}
    with pytest.raises(HostError, match=r"regions\[0\].control: ControlNet units act in the picture's own pass"):
        host.regional({"plan": plan_of(first, REGIONS[1], compose="multidiffusion")}, **WIDE)
