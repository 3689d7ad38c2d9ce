"""Every family of models that the WebUI runs, as tiny checkpoints with random weights, and SD1 as the shapes model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lib_rpg.webui.options import KEYS
from tests.contract.checkpoints import name_of
from tests.contract.client import BASE, HIRES, Client, alike, encoded, plan_of, png_of, request_of
from tests.contract.host import REPO
from tests.contract.test_repaint import outside

PROMPT = "a red circle, navy background"
TEXTS = ("a green square, beige background", "a blue ring, teal background")


_MASK = np.zeros((64, 64))
_MASK[16:56, 8:56] = 255
IMAGE = {"init_images": [png_of(np.random.default_rng(0).integers(0, 255, (64, 64, 3)))], "denoising_strength": 0.9}
INPAINT = {**IMAGE, "mask": png_of(_MASK), "mask_blur": 2, "inpainting_fill": 1}


@dataclass(frozen=True)
class Model:
    """A checkpoint, and what of it is run: the tab and changes of `BASE`.

    ``passes``: in which passes regions that equal the base prompt act.
    """

    checkpoint: str
    request: dict[str, Any] = field(default_factory=dict)
    tab: str = "txt2img"
    passes: str = "both"


REFINER = {"refiner_checkpoint": name_of("sdxl_refiner"), "refiner_switch_at": 0.5, "steps": 8}
OTHER_SD1 = {"refiner_checkpoint": name_of("sd1"), "refiner_switch_at": 0.5, "steps": 8}
UPSCALED = {"enable_hr": True, "hr_scale": 2, "hr_upscaler": "Lanczos", "denoising_strength": 0.3}
REFINED = {**UPSCALED, "hr_checkpoint_name": name_of("sdxl_refiner")}
FLUX = {"scheduler": "Simple", "cfg_scale": 1.0}
MODELS = {
    "SD1": Model("shapes"),
    "SD1, random weights": Model(name_of("sd1"), {"batch_size": 2}),
    "SD1, img2img": Model("shapes", IMAGE, "img2img"),
    "SD1, inpaint": Model("shapes", INPAINT, "img2img"),
    "SD1, inpaint only masked": Model("shapes", {**INPAINT, "inpaint_full_res": True}, "img2img"),
    "SD1, another checkpoint in mid-run": Model("shapes", OTHER_SD1),
    "SD1 inpainting": Model(name_of("sd1_inpaint"), INPAINT, "img2img"),
    "SD1 inpainting, txt2img": Model(name_of("sd1_inpaint")),
    "InstructPix2Pix": Model(name_of("sd1_edit"), {**IMAGE, "image_cfg_scale": 1.7}, "img2img"),
    "InstructPix2Pix, split": Model(
        name_of("sd1_edit"),
        {**IMAGE, "image_cfg_scale": 1.7, "batch_size": 2, "override_settings": {"batch_cond_uncond": False}},
        "img2img",
    ),
    "InstructPix2Pix, image CFG 1": Model(name_of("sd1_edit"), {**IMAGE, "image_cfg_scale": 1.0}, "img2img"),
    "SD2": Model(name_of("sd2")),
    "SD2, upcast": Model(name_of("sd2"), {"override_settings": {"upcast_attn": True}}),
    "SD2 768-v": Model(name_of("sd2_v"), {"batch_size": 2}),
    "SD2 inpainting": Model(name_of("sd2_inpaint"), INPAINT, "img2img"),
    "SDXL": Model(name_of("sdxl")),
    "SDXL, batch, split": Model(
        name_of("sdxl"), {"batch_size": 2, "override_settings": {"batch_cond_uncond": False}, "width": 96}
    ),
    "SDXL, distilled: CFG 1, 2 steps": Model(name_of("sdxl"), {"cfg_scale": 1.0, "steps": 2}),
    "SDXL, img2img": Model(name_of("sdxl"), IMAGE, "img2img"),
    "SDXL, hires": Model(name_of("sdxl"), HIRES),
    "SDXL, refiner in mid-run": Model(name_of("sdxl"), REFINER),
    "SDXL refiner alone": Model(name_of("sdxl_refiner")),
    # The picture between the passes has 8 bits: what rounding changes in the first pass is more behind it.
    "SD1, hires by the SDXL refiner": Model("shapes", REFINED, passes="second"),
    "SD2, hires by the SDXL refiner": Model(name_of("sd2"), REFINED, passes="second"),
    "SDXL, hires by SD1": Model(name_of("sdxl"), {**UPSCALED, "hr_checkpoint_name": "shapes"}, passes="second"),
    "SDXL inpainting": Model(name_of("sdxl_inpaint"), INPAINT, "img2img"),
    "Flux": Model(name_of("flux"), FLUX),
    "Flux, negative prompt, batch": Model(name_of("flux"), {**FLUX, "cfg_scale": 3.0, "batch_size": 2, "width": 128}),
    "Flux, img2img": Model(name_of("flux"), {**FLUX, **IMAGE}, "img2img"),
    "Flux, inpaint only masked": Model(name_of("flux"), {**FLUX, **INPAINT, "inpaint_full_res": True}, "img2img"),
    "Flux, hires": Model(name_of("flux"), {**FLUX, **HIRES}),
}


@pytest.fixture(scope="module")
def titles(booted: tuple) -> Iterator[dict[str, str]]:
    """The checkpoints' titles by name; the shapes model is loaded again at the end."""
    host: Client = booted[0]
    yield host.checkpoints
    host.json("POST", "/sdapi/v1/options", {"sd_model_checkpoint": host.checkpoints["shapes"]})


@pytest.fixture(scope="module")
def has_refiner(booted: tuple, titles: dict[str, str]) -> bool:
    """Whether the host draws with an SDXL refiner, asked before there are regions: Neo gives it SDXL's vectors."""
    host: Client = booted[0]
    if host.name != "forge" or not {name_of("sdxl"), name_of("sdxl_refiner")} <= set(titles):
        return True
    host.json("POST", "/sdapi/v1/options", {"sd_model_checkpoint": titles[name_of("sdxl")]})
    return host.post("/sdapi/v1/txt2img", request_of(None, **REFINER)).status_code == 200


@pytest.fixture
def model(request: pytest.FixtureRequest, host: Client, titles: dict[str, str], has_refiner: bool) -> Model:
    """One of `MODELS`, loaded."""
    model: Model = MODELS[request.param]
    others = ("refiner_checkpoint", "hr_checkpoint_name")
    needed = [model.checkpoint, *(model.request.get(name, model.checkpoint) for name in others)]
    if missing := [name for name in needed if name not in titles]:
        pytest.skip(f"this host has no checkpoint {missing[0]}")
    if model.request.get("refiner_checkpoint") == name_of("sdxl_refiner") and not has_refiner:
        pytest.skip("this host fails with an SDXL refiner in mid-run, without regions too")
    if host.name == "sandbox" and "mask" in model.request:
        pytest.skip("the sandbox has no inpainting, and refuses it in words")
    host.json("POST", "/sdapi/v1/options", {"sd_model_checkpoint": titles[model.checkpoint]})
    return model


def _draw(host: Client, model: Model, plan: dict | None, folder: Path, **changes: Any) -> tuple[np.ndarray, Any]:
    """The picture, and what the test extension recorded of it."""
    path = folder / "record.npz"
    path.unlink(missing_ok=True)
    request = {"prompt": PROMPT, **model.request, **changes, "tab": model.tab, "faults": {"record": str(path)}}
    drawn = host.plain(**request) if plan is None else host.regional({"plan": plan}, **request)
    with np.load(path) as recorded:
        return drawn.pixels, dict(recorded)


def _denoised(recorded: dict[str, np.ndarray], calls: int | None = None) -> np.ndarray:
    """What the last step's denoiser gave, or the last of the first ``calls``."""
    return recorded[f"denoised_{(calls or sum(name.startswith('denoised') for name in recorded)) - 1}"]


@pytest.mark.parametrize("model", MODELS, indirect=True)
def test_regions_equal_to_the_base_prompt_change_nothing(host: Client, model: Model, tmp_path: Path) -> None:
    """To 1e-4 in the latents, after all steps."""
    pixels, recorded = _draw(host, model, None, tmp_path)
    plan = plan_of(PROMPT, PROMPT, base_prompt=PROMPT, base_ratio=0.3, hires=model.passes)
    same, again = _draw(host, model, plan, tmp_path)
    assert np.abs(_denoised(again) - _denoised(recorded)).max() <= 1e-4 * max(1, np.abs(_denoised(recorded)).max())
    assert alike(same, pixels)


@pytest.mark.parametrize("model", MODELS, indirect=True)
def test_a_region_moves_its_own_cell_and_no_other(host: Client, model: Model, tmp_path: Path) -> None:
    """At the first cross-attention of the first step exactly. Behind the whole UNet, whose self-attention and
    convolutions carry on what it moved, mostly: on the trained model, for a random one attends anywhere."""
    height, width = BASE["height"] // 8, {**BASE, **model.request}["width"] // 8
    records = []
    for texts in (TEXTS, (TEXTS[0], PROMPT), (PROMPT, TEXTS[1])):
        plan = plan_of(*texts, base_prompt=PROMPT, base_ratio=0.2)
        records.append(_draw(host, model, plan, tmp_path)[1])
    tokens = records[0]["attn2"].shape[1]
    scale = (height * width / tokens) ** 0.5
    h, w = round(height / scale), round(width / scale)
    for changed, record in ((1, records[1]), (0, records[2])):
        # Of all rows, as the Forge family has the negative prompt's first.
        moved = np.abs(record["attn2"] - records[0]["attn2"]).max((0, -1)).reshape(h, w)
        cells = moved[:, : w // 2], moved[:, w // 2 :]
        assert cells[changed].min() > 0
        assert cells[1 - changed].max() == 0
        if model.checkpoint != "shapes":
            continue
        latents = np.abs(record["denoised_0"][0] - records[0]["denoised_0"][0]).mean(0)
        halves = latents[:, : width // 2].mean(), latents[:, width // 2 :].mean()
        assert halves[changed] > halves[1 - changed]


@pytest.mark.parametrize("model", MODELS, indirect=True)
def test_regions_take_effect_and_off_is_off_again(host: Client, model: Model, tmp_path: Path) -> None:
    plan = plan_of(*TEXTS, base_prompt=PROMPT, base_ratio=0.2)
    plain, recorded = _draw(host, model, None, tmp_path)
    _, regional = _draw(host, model, plan, tmp_path)
    after, again = _draw(host, model, None, tmp_path)
    assert np.array_equal(after, plain)
    assert np.array_equal(_denoised(again), _denoised(recorded))
    assert np.abs(_denoised(regional) - _denoised(recorded)).max() > 1e-3


BOUND = (
    *("SD1", "SD1, random weights", "SD2", "SD2 768-v", "SDXL", "SDXL, distilled: CFG 1, 2 steps"),
    *("SDXL, refiner in mid-run", "Flux"),
)


@pytest.mark.parametrize("model", MODELS, indirect=True)
def test_an_object_that_is_the_whole_picture_changes_nothing(host: Client, model: Model, tmp_path: Path) -> None:
    """Drawn by itself, with the picture's own words, latents and guidance, it is what the picture is.

    The last step is not bound: while the object is, the picture itself has no pass whose output could be read. Objects
    are bound in the first pass alone: where another checkpoint of random weights draws the second, which magnifies what
    rounding changes, the first pass is what is compared so closely, and the second in the picture.
    """
    calls = BASE["steps"] if model.passes == "second" else None
    thing = {"phrase": "thing", "prompt": PROMPT, "box": [0, 0, 1, 1]}
    regions = {"prompt": PROMPT, "entities": [thing]}, PROMPT
    pixels, recorded = _draw(host, model, None, tmp_path)
    plan = plan_of(*regions, base_prompt=PROMPT, binding="exact", bound_steps=0.5)
    same, again = _draw(host, model, plan, tmp_path)
    expected = _denoised(recorded, calls)
    assert np.abs(_denoised(again, calls) - expected).max() <= 1e-4 * max(1, np.abs(expected).max())
    assert alike(same, pixels)


@pytest.mark.parametrize("model", BOUND, indirect=True)
def test_a_picture_with_bound_objects_is_repainted_in_part(host: Client, model: Model) -> None:
    changes = {"prompt": PROMPT, **model.request, "batch_size": 1, "width": 128}
    plan = plan_of(*TEXTS, base_prompt=PROMPT, base_ratio=0.2)
    plain = host.plain(**changes)
    regional = host.regional({"plan": plan}, **changes)
    drawn = host.regional({"plan": {**plan, "binding": "exact"}}, **changes)
    assert not np.array_equal(drawn.pixels, regional.pixels)
    alone = outside((128, 64), 1)
    for asked in ({"prompt": "a green triangle, navy background"}, {"seed": 4}):
        part = {"picture": encoded(drawn.pngs[0]), "region": 1, "mode": "replay", **asked}
        made = host.regional({"repaint": part}, **changes)
        same = (drawn.pixels[0] == made.pixels[0]).all(-1)
        assert same[alone].all()
        assert not same[~alone].all()
    assert np.array_equal(host.plain(**changes).pixels, plain.pixels)


ROW = re.compile(r"^\|.*\| `(\"\w+\": .+)` \|$", re.MULTILINE)


def documented() -> tuple[dict[str, Any], dict[str, Any]]:
    """What README's section on upscaling and refining sets: the keys of the request, and those of RPG's argument."""
    text = (REPO / "README.md").read_text(encoding="utf-8")
    section = text.partition("## Upscale and refine")[2].partition("\n## ")[0]
    found = json.loads("{" + ", ".join(ROW.findall(section)) + "}")
    rpg = {key: found.pop(key) for key in KEYS if key in found}
    return found, rpg


def test_the_documented_upscaling_by_a_refiner_is_the_one_that_is_drawn_here() -> None:
    request, rpg = documented()
    assert {**request, "hr_checkpoint_name": name_of("sdxl_refiner")} == {**REFINED, "hr_prompt": ""}
    assert rpg == {"hires": "first"}


@pytest.mark.parametrize("hires", ["first", "both"])
def test_a_picture_is_upscaled_and_refined(host: Client, titles: dict[str, str], hires: str) -> None:
    """The regions act in the first pass, or are encoded anew for the refiner; off is off again."""
    if name_of("sdxl_refiner") not in titles or host.name == "sandbox":
        pytest.skip("this host has no hires checkpoints")
    host.json("POST", "/sdapi/v1/options", {"sd_model_checkpoint": titles["shapes"]})
    request = {**documented()[0], "hr_checkpoint_name": name_of("sdxl_refiner"), "prompt": PROMPT}
    before = host.plain(**request)
    plan = plan_of(*TEXTS, base_prompt=PROMPT, hires=hires)
    drawn = host.regional({"plan": plan}, **request)
    assert drawn.pixels.shape == (1, 2 * BASE["height"], 2 * BASE["width"], 3)
    said = [line for line in host.log_tail(200).splitlines() if "RPG: 2 regions" in line]
    assert len(said) >= (2 if hires == "both" else 1)
    assert not np.array_equal(drawn.pixels, before.pixels)
    other = host.regional({"plan": {**plan, "hires": "both" if hires == "first" else "first"}}, **request)
    assert not np.array_equal(drawn.pixels, other.pixels)
    assert np.array_equal(host.plain(**request).pixels, before.pixels)
