"""Every kind of job that the WebUI runs: samplers, schedules, sizes, scripts, img2img, embeddings, interrupts."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
import pytest

from tests.contract.client import (
    BASE,
    HIRES,
    Client,
    Drawn,
    HostError,
    alike,
    difference,
    plan_of,
    png_of,
    schedulers,
    skip_where_nothing_is_drawn,
)
from tests.contract.embedding import NAME as EMBEDDING
from tests.contract.test_axes import script_of

SAME = plan_of(BASE["prompt"], BASE["prompt"], base_prompt=BASE["prompt"], base_ratio=0.3)


def _picture(width: int = 64, height: int = 64) -> str:
    return png_of(np.random.default_rng(0).integers(0, 255, (height // 8, width // 8, 3)).repeat(8, 0).repeat(8, 1))


def _mask() -> str:
    mask = np.zeros((64, 64))
    mask[16:56, 8:56] = 255
    return png_of(mask)


IMAGE = {"tab": "img2img", "init_images": [_picture()], "denoising_strength": 0.8}
INPAINT = {**IMAGE, "mask": _mask(), "mask_blur": 2}
SOFT = [True, 1, 0.5, 4, 0, 0.5, 2]
JOBS: dict[str, dict[str, Any]] = {
    "batch of 2, twice": {"batch_size": 2, "n_iter": 2},
    "hires, image upscaler": {**HIRES, "hr_upscaler": "Lanczos"},
    "hires, own prompts": {**HIRES, "hr_prompt": BASE["prompt"], "hr_negative_prompt": "a ring"},
    "hires, own sampler and steps": {**HIRES, "hr_sampler_name": "DDIM", "hr_second_pass_steps": 6},
    "hires, to an odd size": {**HIRES, "hr_resize_x": 104, "hr_resize_y": 72},
    "img2img": IMAGE,
    "img2img, resized": {**IMAGE, "width": 96, "resize_mode": 1},
    "img2img, latent upscale": {**IMAGE, "width": 96, "resize_mode": 3},
    "inpaint, whole picture": {**INPAINT, "inpaint_full_res": False},
    "inpaint, only masked": {**INPAINT, "inpaint_full_res": True, "inpaint_full_res_padding": 8},
    "inpaint, latent noise": {**INPAINT, "inpainting_fill": 2, "inpaint_full_res": False},
    "soft inpainting": {**INPAINT, "inpaint_full_res": False, "scripts": {"Soft Inpainting": SOFT}},
    "72 x 104": {"width": 72, "height": 104},
    "136 x 88": {"width": 136, "height": 88},
    "2 to 1": {"width": 256, "height": 128},
    "upcast attention": {"override_settings": {"upcast_attn": True}},
    "all conds in one call": {"batch_size": 3, "override_settings": {"pad_cond_uncond": True}},
    "CFG 1": {"cfg_scale": 1.0, "batch_size": 2},
    "tiling": {"tiling": True},
    "variation seed": {"subseed": 3, "subseed_strength": 0.4},
    "eta noise seed delta": {"sampler_name": "Euler a", "override_settings": {"eta_noise_seed_delta": 31337}},
    "clip skip": {"override_settings": {"CLIP_stop_at_last_layers": 2}},
    "token merging": {"override_settings": {"token_merging_ratio": 0.5}, "width": 128, "height": 128},
    "emphasis off": {"override_settings": {"emphasis": "No norm"}},
}
SCRIPTS: dict[str, dict[str, Any]] = {
    "SD upscale": {**IMAGE, "script_name": "SD upscale", "script_args": [None, 16, "None", 2.0]},
    "Poor man's outpainting": {
        **IMAGE,
        "init_images": [_picture(128, 128)],
        "width": 128,
        "height": 128,
        "script_name": "Poor man's outpainting",
        "script_args": [64, 4, 1, ["left"]],
    },
    "Outpainting mk2": {
        **IMAGE,
        "init_images": [_picture(128, 128)],
        "width": 128,
        "height": 128,
        "script_name": "Outpainting mk2",
        "script_args": [None, 64, 8, ["right"], 1.0, 0.05],
    },
    "Loopback": {**IMAGE, "script_name": "Loopback", "script_args": [2, 0.5, "Linear", "None"]},
    "Prompts from file or textbox": {
        "prompt": "",
        "script_name": "Prompts from file or textbox",
        "script_args": [False, False, "start", f"{BASE['prompt']}\n{BASE['prompt']}"],
    },
}


def _request(host: Client, changes: dict[str, Any]) -> dict[str, Any]:
    """The job, for a host that has its parts."""
    script = changes.get("script_name")
    if script is not None:
        known = host.json("GET", "/sdapi/v1/scripts")[changes.get("tab", "txt2img")]
        if script.lower() not in [name.lower() for name in known]:
            pytest.skip(f"this host has no script {script}")
    return changes


def _draw(host: Client, plan: dict | None, changes: dict[str, Any]) -> Drawn:
    """One job, plain or with regions. The WebUI draws from its autoencoder unseeded: the test extension seeds it."""
    changes = {"faults": {"seed": True}, **changes}
    return host.reference(**changes) if plan is None else host.regional({"plan": plan}, **changes)


def _skip_what_the_sandbox_lacks(host: Client, name: str, changes: dict[str, Any]) -> None:
    if host.name == "sandbox" and (
        changes.get("hr_upscaler") == "Lanczos" or name in ("tiling", "token merging", "soft inpainting")
    ):
        pytest.skip("the sandbox refuses this in words")


@pytest.mark.parametrize("name", [*JOBS, *SCRIPTS])
def test_regions_equal_to_the_base_prompt_change_nothing(host: Client, name: str) -> None:
    changes = _request(host, {**JOBS, **SCRIPTS}[name])
    _skip_what_the_sandbox_lacks(host, name, changes)
    plain = _draw(host, None, changes)
    assert alike(_draw(host, SAME, changes).pixels, plain.pixels)


@pytest.mark.parametrize("name", [*JOBS, *SCRIPTS])
def test_regions_take_effect_and_leave_nothing(host: Client, fresh: dict[str, Drawn], plan: dict, name: str) -> None:
    changes = _request(host, {**JOBS, **SCRIPTS}[name])
    _skip_what_the_sandbox_lacks(host, name, changes)
    if name == "soft inpainting":
        skip_where_nothing_is_drawn(host, **changes)
    drawn = _draw(host, plan, changes)
    assert difference(drawn.pixels, _draw(host, None, changes).pixels) > 0.3
    assert np.array_equal(host.plain().pixels, fresh["Euler"].pixels)


def test_every_sampler_draws_regions(host: Client, plan: dict) -> None:
    """For each: regions of the base prompt are plain, others are not, and a batch draws each picture as alone."""
    failures = []
    for sampler in [entry["name"] for entry in host.json("GET", "/sdapi/v1/samplers")]:
        request = {"sampler_name": sampler, "steps": 6}
        try:
            plain = host.reference(**request).pixels
            if host.name == "forge" and not plain.any():
                continue  # reForge's "Comfy RF" are for checkpoints of rectified flow, and draw black with others
            if not alike(host.regional({"plan": SAME}, **request).pixels, plain):
                failures.append(f"{sampler}: regions of the base prompt change the picture")
            drawn = host.regional({"plan": plan}, **request).pixels
            if difference(drawn, plain) <= 0.3:
                failures.append(f"{sampler}: regions have no effect")
        except HostError as error:
            failures.append(f"{sampler}: {error}")
    assert failures == []


def test_every_scheduler_draws_regions(host: Client, plan: dict) -> None:
    failures = []
    for scheduler in schedulers(host):
        request = {"sampler_name": "DPM++ 2M", "scheduler": scheduler, "steps": 6}
        try:
            plain = host.reference(**request).pixels
        except HostError:
            assert host.name == "forge", scheduler  # one of Classic's fails by itself
            continue
        if not alike(host.regional({"plan": SAME}, **request).pixels, plain):
            failures.append(f"{scheduler}: regions of the base prompt change the picture")
        if difference(host.regional({"plan": plan}, **request).pixels, plain) <= 0.3:
            failures.append(f"{scheduler}: regions have no effect")
    assert failures == []


@pytest.mark.parametrize(
    "text",
    [
        "a [red|blue] circle, navy background",
        "a [red:blue:3] circle, navy background",
        "a [red:0.5] circle, [navy::0.6] background",
        "(a red circle:1.4), [navy] background",
        ", ".join(["a red circle", "navy background"] * 25),
    ],
    ids=["alternation", "at a step", "from and to", "emphasis", "more than 75 tokens"],
)
def test_a_region_reads_the_webuis_prompt_language(host: Client, text: str) -> None:
    """One region over the whole picture, without base prompt, is the plain picture of its text."""
    region = plan_of(text, base_ratio=0.0, split_ratio="1", base_prompt="a square")
    assert alike(host.regional({"plan": region}, steps=8).pixels, host.reference(prompt=text, steps=8).pixels)


def test_an_embedding_works_inside_a_region(host: Client) -> None:
    if EMBEDDING not in host.json("GET", "/sdapi/v1/embeddings")["loaded"]:
        pytest.skip("this host has no embeddings")
    text = f"a {EMBEDDING} circle, navy background"
    region = plan_of(text, base_ratio=0.0, split_ratio="1", base_prompt="a square")
    drawn = host.regional({"plan": region})
    assert alike(drawn.pixels, host.reference(prompt=text).pixels)
    assert difference(drawn.pixels, host.reference(prompt="a circle, navy background").pixels) > 0.3


def test_each_picture_of_a_batch_is_planned_from_its_own_prompt(host: Client) -> None:
    """Other extensions (wildcards, dynamic prompts) give every picture its own prompt."""
    texts = ["a red circle left of a blue square", "a green ring above a yellow triangle"]
    drawn = host.regional({"planner": "offline"}, batch_size=2, faults={"prompts": texts})
    for i, text in enumerate(texts):
        alone = host.regional({"planner": "offline"}, prompt=text, seed=BASE["seed"] + i)
        assert alike(drawn.pixels[i : i + 1], alone.pixels), text


def test_xyz_plot_searches_and_replaces(host: Client) -> None:
    prompt = "a red circle left of a blue square"
    plot = script_of(host, {"Prompt S/R": "red,green"})
    drawn = host.regional({"planner": "offline"}, prompt=prompt, **plot)
    pixels = drawn.pixels
    for picture, text in zip(pixels[-2:], (prompt, prompt.replace("red", "green")), strict=True):
        assert alike(picture[None], host.regional({"planner": "offline"}, prompt=text).pixels), text


@pytest.mark.parametrize("changes", [{}, HIRES, {"n_iter": 3}], ids=["one", "hires", "batch count"])
@pytest.mark.parametrize("route", ["interrupt", "skip"])
@pytest.mark.parametrize("after", [0.0, 0.35, 0.8])
def test_an_interrupt_at_any_point_leaves_nothing(
    host: Client, fresh: dict[str, Drawn], plan: dict, changes: dict, route: str, after: float
) -> None:
    """The job takes more than a second; what is drawn behind it is as before the extension was ever used."""

    def stop() -> None:
        time.sleep(after)
        host.post(f"/sdapi/v1/{route}")

    stopper = threading.Thread(target=stop)
    stopper.start()
    host.regional({"plan": plan}, faults={"sleep": 0.15}, **{"steps": 6, **changes})
    stopper.join()
    assert np.array_equal(host.plain().pixels, fresh["Euler"].pixels)
    assert host.get("/rpg/status").status_code == 200
