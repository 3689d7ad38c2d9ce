"""Hard binding over the API: objects act where they are bound, in every kind of job, and leave nothing behind."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.contract import control
from tests.contract.client import HIRES, Client, Drawn, HostError, difference, plan_of
from tests.contract.test_controlnet import UNITS
from tests.contract.test_jobs import INPAINT, JOBS
from tests.contract.test_repaint import FEW, SAMPLERS

WIDE = {"width": 128, "steps": 8, "prompt": "a red circle and a blue square, navy background"}
BOX = [0.0625, 0.125, 0.375, 0.75]  # of latents of 8 x 16: 6 x 6 cells
OBJECT = {"phrase": "red circle", "prompt": "a red circle, navy background", "box": BOX}


def bound(mode: str = "exact", **fields: Any) -> dict[str, Any]:
    """A plan of two regions, the first of which has an object with a box, and the second none."""
    first = {"prompt": "a red circle, navy background", "entities": [OBJECT]}
    return plan_of(first, "a blue square, navy background", binding=mode, **fields)


UNBOUND = bound("off")


def denoised(host: Client, folder: Path, plan: dict[str, Any], **changes: Any) -> dict[str, np.ndarray]:
    """What the denoiser gave at each evaluation before guidance, (rows, 4, h, w)."""
    path = folder / "record.npz"
    path.unlink(missing_ok=True)
    host.regional({"plan": plan}, faults={"record": str(path)}, **{**WIDE, **changes})
    with np.load(path) as recorded:
        return {name: value for name, value in recorded.items() if name.startswith("denoised")}


@pytest.mark.parametrize("mode", ["exact", "native"])
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_bound_object_changes_the_picture_with_every_sampler(host: Client, sampler: str, mode: str) -> None:
    if sampler not in {each["name"] for each in host.json("GET", "/sdapi/v1/samplers")}:
        pytest.skip(f"this host has no {sampler}")
    plan = bound(mode, bound_steps=0.4)
    few = {**WIDE, "steps": FEW, "sampler_name": sampler}
    off, on = host.regional({"plan": UNBOUND}, **few), host.regional({"plan": plan}, **few)
    assert difference(on.pixels, off.pixels) > 0.5
    again = host.regional({"plan": plan}, **few)
    assert np.array_equal(on.pixels, again.pixels)


def test_the_first_step_is_the_pictures_own_and_the_second_has_the_object(host: Client, tmp_path: Path) -> None:
    """The callback sees a step before what is bound, so that the first is equal and the next one is not."""
    off, on = denoised(host, tmp_path, UNBOUND), denoised(host, tmp_path, bound())
    assert len(off) == len(on) == WIDE["steps"]
    assert np.array_equal(off["denoised_0"], on["denoised_0"])
    assert not np.array_equal(off["denoised_1"], on["denoised_1"])


def test_an_object_acts_in_its_box_first(host: Client) -> None:
    """Of one step, all that an object does is what it puts into its box: the edge of a latent cell is blurred."""
    one = {**WIDE, "steps": 1}
    off, on = host.regional({"plan": UNBOUND}, **one), host.regional({"plan": bound()}, **one)
    moved = np.abs(on.pixels[0].astype(int) - off.pixels[0]).max(-1)
    assert moved[:, :64].max() > 8
    assert moved[:, 80:].max() <= 2


def test_strength_steps_and_sigma_say_how_much(host: Client) -> None:
    off = host.regional({"plan": UNBOUND}, **WIDE)

    def drawn(**fields: Any) -> np.ndarray:
        return host.regional({"plan": bound(**fields)}, **WIDE).pixels

    assert np.array_equal(drawn(bound_strength=0.0), off.pixels)
    assert np.array_equal(drawn(bound_steps=0.0), off.pixels)
    assert np.array_equal(drawn(bound_sigma=1000.0), off.pixels)
    assert not np.array_equal(drawn(bound_steps=0.5), drawn(bound_steps=0.15))
    assert not np.array_equal(drawn(bound_strength=0.5), drawn())
    assert not np.array_equal(drawn(bound_feather=0.2), drawn())
    assert np.array_equal(drawn(bound_steps=0.01), drawn(bound_steps=0.125))  # at least one of eight


@pytest.mark.parametrize(
    "job",
    ["batch of 2, twice", "hires, to an odd size", "img2img", "inpaint, whole picture", "CFG 1", "72 x 104"],
)
def test_it_works_in_every_kind_of_job(host: Client, job: str) -> None:
    changes = {"faults": {"seed": True}, "width": 128, **JOBS[job]}
    off = host.regional({"plan": UNBOUND}, **changes)
    on = host.regional({"plan": bound("auto", bound_steps=0.4)}, **changes)
    assert on.pixels.shape == off.pixels.shape
    for one, other in zip(on.pixels, off.pixels, strict=True):
        assert difference(one, other) > 0.2


def test_sub_prompts_and_negatives_are_with_it(host: Client) -> None:
    changes = {**WIDE, "prompt": "a red circle AND a blue square", "negative_prompt": "a ring"}
    plan = {**bound(), "base_prompt": ""}
    off = host.regional({"plan": {**plan, "binding": "off"}}, **changes)
    assert difference(host.regional({"plan": plan}, **changes).pixels, off.pixels) > 0.5


def test_the_second_pass_refines_what_the_first_has_bound(host: Client) -> None:
    changes = {**WIDE, **HIRES, "hr_resize_x": 192, "hr_resize_y": 96}
    host.regional({"plan": bound()}, **changes)
    said = [each for each in host.log_tail(200).splitlines() if "RPG: 2 regions" in each]
    assert "2 regions, fast on 10 layers, 1 object bound" in said[-2]
    assert "bound" not in said[-1]


def test_what_an_inpainting_mask_keeps_stays(host: Client) -> None:
    """The mask is white in the middle of the picture: the left edge is kept, though the object's box is there."""
    changes = {**INPAINT, "inpaint_full_res": False, "mask_blur": 0, "faults": {"seed": True}}
    plain = host.plain(**changes)
    on = host.regional({"plan": bound()}, **changes)
    assert np.array_equal(on.pixels[:, :, :6], plain.pixels[:, :, :6])


def test_each_picture_of_a_batch_is_as_by_itself(host: Client) -> None:
    many = host.regional({"plan": bound("native")}, batch_size=2, seed=5, **WIDE)
    for offset, picture in enumerate(many.pixels):
        alone = host.regional({"plan": bound("native")}, seed=5 + offset, **WIDE)
        assert difference(picture, alone.pixels[0]) <= 1


def test_an_object_has_words_settings_and_a_seed_of_its_own(host: Client) -> None:
    def drawn(**fields: Any) -> np.ndarray:
        first = {"prompt": "a red circle, navy background", "entities": [{**OBJECT, **fields}]}
        plan = plan_of(first, "a blue square, navy background", binding="native", bound_steps=0.4)
        return host.regional({"plan": plan}, **WIDE).pixels

    pictures = [
        drawn(),
        drawn(prompt="a yellow ring, navy background"),
        drawn(seed=77),
        drawn(binding={"strength": 0.5}),
        drawn(binding={"steps": 0.2}),
        drawn(binding={"mode": "exact"}),
    ]
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)
    # The second region is an object no more: other regions have things in boxes, and it has none.
    assert np.array_equal(drawn(binding={"mode": "off"}), host.regional({"plan": UNBOUND}, **WIDE).pixels)


def test_what_is_around_bound_objects_has_words_of_its_own(host: Client) -> None:
    """The background changes with its words, and without bound objects there is none."""
    small = {**OBJECT, "box": [0.125, 0.25, 0.125, 0.25]}
    regions = {"prompt": OBJECT["prompt"], "entities": [small]}, "a blue square, navy background"

    def drawn(binding: str, words: str) -> np.ndarray:
        plan = plan_of(*regions, binding=binding, bound_background=words)
        return host.regional({"plan": plan}, **WIDE).pixels[0].astype(int)

    around = np.ones((64, 128), bool)
    around[:, 56:] = around[8:40, 8:40] = False
    pictures = [drawn("native", words) for words in ("", "beige background", "teal background")]
    for one, other in ((0, 1), (1, 2)):
        assert np.abs(pictures[one] - pictures[other])[around].mean() > 1
    assert np.array_equal(drawn("off", ""), drawn("off", "beige background"))


@pytest.mark.parametrize("lora", ["text", "unet", "shared"])
def test_an_objects_loras_are_its_regions(host: Client, lora: str) -> None:
    if "lora" not in host.json("GET", "/sdapi/v1/scripts") and not host.get("/sdapi/v1/loras").is_success:
        pytest.skip("this host has no LoRAs")
    name = next(iter(each["name"] for each in host.json("GET", "/sdapi/v1/loras")))
    first = {"prompt": f"a red circle, navy background <lora:{name}:1>", "entities": [OBJECT]}
    plan = plan_of(first, "a blue square, navy background", binding="exact", lora=lora)
    on = host.regional({"plan": plan}, **WIDE)
    assert not np.array_equal(on.pixels, host.regional({"plan": {**plan, "binding": "off"}}, **WIDE).pixels)
    assert not np.array_equal(on.pixels, host.regional({"plan": bound()}, **WIDE).pixels)


@pytest.mark.parametrize("units", ["controlnet", "ip-adapter", "reference", "lllite"])
def test_controlnet_sees_the_whole_picture_alone(host: Client, fresh: dict[str, Drawn], units: str) -> None:
    control.require(host)
    given = {"control": UNITS[units](host, fresh["Euler"].pngs[0])}
    for mode in ("exact", "native"):
        off = host.regional({"plan": UNBOUND}, **WIDE, **given)
        on = host.regional({"plan": bound(mode)}, **WIDE, **given)
        assert difference(on.pixels, off.pixels) > 0.5
    assert np.array_equal(host.plain().pixels, fresh["Euler"].pixels)


@pytest.mark.parametrize("mode", ["exact", "native"])
@pytest.mark.parametrize("call", [1, 2, 3, 4])
def test_an_error_in_any_call_of_a_bound_step_leaves_nothing(
    host: Client, fresh: dict[str, Drawn], mode: str, call: int
) -> None:
    with pytest.raises(HostError):
        host.regional({"plan": bound(mode, bound_steps=1.0)}, faults={"raise_at_call": call}, **WIDE)
    assert np.array_equal(host.plain().pixels, fresh["Euler"].pixels)


@pytest.mark.parametrize("after", [0.0, 0.2, 0.5])
def test_an_interrupt_in_a_bound_step_leaves_nothing(host: Client, fresh: dict[str, Drawn], after: float) -> None:
    def stop() -> None:
        time.sleep(after)
        host.post("/sdapi/v1/interrupt")

    stopper = threading.Thread(target=stop)
    stopper.start()
    host.regional({"plan": bound(bound_steps=1.0)}, faults={"sleep": 0.1}, **WIDE)
    stopper.join()
    assert np.array_equal(host.plain().pixels, fresh["Euler"].pixels)


@pytest.mark.parametrize(
    ("entity", "sentence"),
    [
        (
            {"box": [0.5, 0.1, 0.6, 0.5]},
            "regions[0].entities[0].box: x 0.5 + width 0.6 is more than 1; keep the box on",
        ),
        (
            {"box": [0.1, 0.1, 0.0, 0.5]},
            "regions[0].entities[0].box: width 0 is not > 0; give a fraction of the canvas",
        ),
        ({"box": [0.1, 0.1, 0.01, 0.5]}, "regions[0].entities[0].box: a side of 1 pixels is too small for the binding"),
        ({"binding": {"mode": "hard"}}, "regions[0].entities[0].binding.mode: 'hard' is not a way of binding"),
        ({"binding": {"steps": 2}}, "regions[0].entities[0].binding.steps: 2 is"),
        ({"box": None, "binding": {"mode": "exact"}}, "regions[0].entities[0].binding: an object without a box"),
        ({"seed": -1}, "regions[0].entities[0].seed: -1 is"),
    ],
)
def test_bad_objects_are_one_sentence(
    host: Client, fresh: dict[str, Drawn], entity: dict[str, Any], sentence: str
) -> None:
    first = {"prompt": "a red circle", "entities": [{**OBJECT, **entity}]}
    with pytest.raises(HostError) as caught:
        host.regional({"plan": plan_of(first, "a blue square", binding="exact")}, **WIDE)
    assert caught.value.status == 422
    assert sentence in caught.value.sentence
    assert np.array_equal(host.plain().pixels, fresh["Euler"].pixels)
