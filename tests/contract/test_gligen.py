"""GLIGEN over the API: things in their boxes in the checkpoint itself, by random weights; nothing is left behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from omegaconf import OmegaConf

from tests.contract import gligen_file
from tests.contract.checkpoints import name_of
from tests.contract.client import HIRES, Client, HostError, difference, plan_of
from tests.contract.host import CHECKPOINT
from tests.contract.test_jobs import JOBS
from tests.contract.test_refusals import refusal

PROMPT = "a red circle and a blue square, navy background"
WIDE = {"width": 128, "steps": 5, "prompt": PROMPT, "negative_prompt": "a ring"}
FEW = {**WIDE, "steps": 3}
THINGS = (
    {"prompt": "a red circle, navy background", "entities": [{"phrase": "red circle", "box": [0.05, 0.2, 0.4, 0.7]}]},
    {"prompt": "a blue square, navy background", "entities": [{"phrase": "blue square"}]},
)


def grounded(share: float = 0.4, **fields: Any) -> dict[str, Any]:
    return plan_of(*THINGS, **{"base_ratio": 1.0, "gligen": share, **fields})


OFF = grounded(0.0)


@pytest.fixture
def folder(host: Client) -> Path:
    """Where the host looks for GLIGEN's weights."""
    assert host.data is not None
    return host.data / "models" / "gligen"


@pytest.fixture
def checkpoint(host: Client) -> Path:
    """The shapes model, in the layout that it has on the host."""
    assert host.data is not None
    there = host.data / "models" / "Stable-diffusion" / CHECKPOINT.name
    return there if there.exists() else CHECKPOINT


@pytest.fixture(autouse=True)
def weights(folder: Path, checkpoint: Path) -> Iterator[Path]:
    """The only file in it, gone after the test: without it, a host is as one whose user has none."""
    yield gligen_file.write(folder, checkpoint)
    for path in folder.iterdir():
        path.unlink()


@pytest.mark.parametrize("sampler", ["Euler a", "Heun", "DDIM"])
def test_it_changes_the_picture_the_same_each_time(host: Client, sampler: str) -> None:
    off = host.regional({"plan": OFF}, sampler_name=sampler, **WIDE)
    on = host.regional({"plan": grounded()}, sampler_name=sampler, **WIDE)
    assert difference(on.pixels, off.pixels) > 0.2
    assert np.array_equal(on.pixels, host.regional({"plan": grounded()}, sampler_name=sampler, **WIDE).pixels)


def test_off_is_off(host: Client, weights: Path) -> None:
    """Whether there are weights or not, and in as many steps as the share has none of."""
    off = host.regional({"plan": OFF}, **WIDE)
    assert np.array_equal(host.regional({"plan": grounded(0.19)}, **WIDE).pixels, off.pixels)  # 0.95 of 5 steps
    weights.unlink()
    assert np.array_equal(host.regional({"plan": OFF}, **WIDE).pixels, off.pixels)
    without = {key: value for key, value in OFF.items() if key != "gligen"}
    assert np.array_equal(host.regional({"plan": without}, **WIDE).pixels, off.pixels)


def test_closed_gates_change_nothing(host: Client, folder: Path, checkpoint: Path) -> None:
    off = host.regional({"plan": OFF}, **WIDE)
    gligen_file.write(folder, checkpoint, gates=0.0)
    assert np.array_equal(host.regional({"plan": grounded(1.0)}, **WIDE).pixels, off.pixels)


@pytest.mark.parametrize("sampler", ["Euler", "Heun"])
def test_it_acts_in_the_first_share_of_the_steps(host: Client, sampler: str) -> None:
    """Each step more changes the picture; both evaluations of a step are one, and shares are rounded down to steps."""
    few = {**WIDE, "sampler_name": sampler}
    one, also_one, two, all_steps = (
        host.regional({"plan": grounded(share)}, **few).pixels for share in (0.2, 0.39, 0.4, 1.0)
    )
    assert np.array_equal(one, also_one)
    assert not np.array_equal(one, two)
    assert not np.array_equal(two, all_steps)
    said = [line for line in host.log_tail(60).splitlines() if "by GLIGEN" in line]
    assert "2 boxes by GLIGEN (gligen_test)" in said[-1]


def test_boxes_and_phrases_tell(host: Client) -> None:
    on = host.regional({"plan": grounded(1.0)}, **WIDE)
    other_box = {**THINGS[0], "entities": [{"phrase": "red circle", "box": [0.05, 0.2, 0.2, 0.3]}]}
    other_phrase = {**THINGS[0], "entities": [{"phrase": "green ring", "box": [0.05, 0.2, 0.4, 0.7]}]}
    for other in (other_box, other_phrase):
        plan = plan_of(other, THINGS[1], base_ratio=1.0, gligen=1.0)
        assert not np.array_equal(on.pixels, host.regional({"plan": plan}, **WIDE).pixels)


@pytest.mark.parametrize(
    "job", ["batch of 2, twice", "inpaint, whole picture", "inpaint, only masked", "CFG 1", "72 x 104"]
)
def test_it_works_in_every_kind_of_job(host: Client, job: str) -> None:
    changes = {"faults": {"seed": True}, "width": 128, "prompt": PROMPT, **JOBS[job]}
    off = host.regional({"plan": OFF}, **changes)
    on = host.regional({"plan": grounded(1.0)}, **changes)
    assert on.pixels.shape == off.pixels.shape
    for one, other in zip(on.pixels, off.pixels, strict=True):
        assert difference(one, other) > 0.1


@pytest.mark.parametrize(
    "fields",
    [
        {"base_ratio": 0.2},
        {"guidance": "lmd"},
        {"guidance": "bias"},
        {"compose": "multidiffusion", "base_ratio": 0.2},
        {"binding": "native", "bound_steps": 0.4},
    ],
    ids=lambda fields: ", ".join(map(str, fields.values())),
)
def test_it_goes_with_what_else_a_plan_has(host: Client, fields: dict[str, Any]) -> None:
    off = host.regional({"plan": grounded(0.0, **fields)}, **FEW)
    on = host.regional({"plan": grounded(1.0, **fields)}, **FEW)
    assert difference(on.pixels, off.pixels) > 0.1


def test_each_picture_of_a_batch_is_as_by_itself(host: Client) -> None:
    many = host.regional({"plan": grounded()}, batch_size=2, seed=5, **WIDE)
    for offset, picture in enumerate(many.pixels):
        alone = host.regional({"plan": grounded()}, seed=5 + offset, **WIDE)
        assert difference(picture, alone.pixels[0]) <= 1


def test_rows_may_come_apart_and_prompts_may_be_joined(host: Client) -> None:
    together = host.regional({"plan": grounded()}, **WIDE)
    apart = host.regional({"plan": grounded()}, override_settings={"batch_cond_uncond": False}, **WIDE)
    assert difference(together.pixels, apart.pixels) <= 1
    joined = plan_of(*THINGS, base_ratio=1.0, gligen=0.4, base_prompt="a red circle AND a blue square :0.6")
    off = host.regional({"plan": {**joined, "gligen": 0.0}}, **WIDE)
    assert difference(host.regional({"plan": joined}, **WIDE).pixels, off.pixels) > 0.1


def test_it_acts_in_the_first_pass(host: Client) -> None:
    host.regional({"plan": grounded()}, **{**WIDE, **HIRES, "hr_resize_x": 192, "hr_resize_y": 96})
    said = [each for each in host.log_tail(200).splitlines() if "RPG: 2 regions" in each]
    assert "2 boxes by GLIGEN" in said[-2]
    assert "GLIGEN" not in said[-1]


def test_the_infotext_has_the_share_and_the_name_of_the_weights(host: Client) -> None:
    drawn = host.regional({"plan": grounded()}, **WIDE)
    assert "RPG GLIGEN: gligen_test" in drawn.infotexts[0]
    again = host.generate("txt2img", {"infotext": drawn.infotexts[0]})
    assert np.array_equal(again.pixels, drawn.pixels)
    assert again.infotexts == drawn.infotexts
    assert "GLIGEN" not in host.regional({"plan": OFF}, **WIDE).infotexts[0]


# Refusals


def test_without_weights_it_is_refused(host: Client, weights: Path) -> None:
    weights.unlink()
    sentence = refusal(host, {"plan": grounded()}, **WIDE)
    assert "there is no weights file; put GLIGEN's weights for boxes with texts there, or name the file" in sentence
    weights.parent.rmdir()
    assert "there is no such file or folder; put GLIGEN's weights" in refusal(host, {"plan": grounded()}, **WIDE)
    weights.parent.mkdir()


def test_of_two_files_one_has_to_be_named(host: Client, weights: Path) -> None:
    (weights.parent / "other.pth").touch()
    assert "there are 2 weights files; name one of them" in refusal(host, {"plan": grounded()}, **WIDE)


def test_files_that_cannot_be_read_are_refused(host: Client, folder: Path, weights: Path, checkpoint: Path) -> None:
    weights.write_bytes(weights.read_bytes()[:5000])
    assert "is damaged or cut off; download it again" in refusal(host, {"plan": grounded()}, **WIDE)
    weights.unlink()
    original = {"model": gligen_file.random_for(checkpoint), "config_dict": OmegaConf.create({"a": 1})}
    torch.save(original, folder / "diffusion_pytorch_model.pth")
    assert "holds more than weights (omegaconf." in refusal(host, {"plan": grounded()}, **WIDE)
    pickled = gligen_file.write(folder, checkpoint, name="pruned.pth")
    assert "RPG GLIGEN: pruned" in host.regional({"plan": grounded()}, **WIDE).infotexts[0]
    pickled.unlink()


def test_more_boxes_than_it_takes_are_refused(host: Client) -> None:
    many = [{"phrase": f"thing {i}"} for i in range(31)]
    plan = plan_of({**THINGS[0], "entities": many}, base_ratio=1.0, gligen=0.4)
    sentence = refusal(host, {"plan": plan}, **WIDE)
    assert sentence.startswith("gligen: the plan has 31 things in boxes, and GLIGEN takes 30; name fewer of them")


def test_the_share_is_checked(host: Client) -> None:
    assert "gligen" in refusal(host, {"plan": grounded(1.5)}, **WIDE)


@pytest.mark.parametrize("family", ["sd2", "sdxl"])
def test_another_kind_of_checkpoint_is_refused(host: Client, family: str) -> None:
    if name_of(family) not in host.checkpoints:
        pytest.skip(f"this host has no {family}")
    settings = {"sd_model_checkpoint": name_of(family)}
    sentence = refusal(host, {"plan": grounded()}, override_settings=settings, **WIDE)
    # Forks have a text encoder of that kind for SD 2 as well: there the weights tell.
    told = "no text encoder of SD 1.x" in sentence
    assert told or (host.name == "forge" and "the loaded checkpoint is SD 2.x" in sentence)


# Nothing is left behind


@pytest.mark.parametrize("call", [1, 4])
def test_an_error_in_a_pass_leaves_nothing_behind(host: Client, call: int) -> None:
    before = host.plain(**WIDE)
    with pytest.raises(HostError):
        host.regional({"plan": grounded(0.6)}, faults={"raise_at_call": call}, **WIDE)
    assert np.array_equal(host.plain(**WIDE).pixels, before.pixels)


def test_an_interrupt_leaves_nothing_behind(host: Client) -> None:
    before = host.plain(**WIDE)
    timer = threading.Thread(target=lambda: (time.sleep(0.5), host.json("POST", "/sdapi/v1/interrupt")))
    timer.start()
    host.regional({"plan": grounded(1.0)}, faults={"sleep": 0.2}, **WIDE)
    timer.join()
    assert np.array_equal(host.plain(**WIDE).pixels, before.pixels)
