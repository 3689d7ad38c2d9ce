"""What is recorded from a real WebUI: requests by name, plain and regional."""

from __future__ import annotations

from typing import Any

from tests.contract.client import encoded, plan_of, request_of

SAMPLERS = ("Euler", "Euler a", "Heun", "DPM++ 2M", "DDIM")
MORE_SAMPLERS = (
    "DPM2",
    "DPM2 a",
    "LMS",
    "DPM++ 2S a",
    "DPM++ SDE",
    "DPM++ 2M SDE",
    "DPM++ 3M SDE",
    "LCM",
    "PLMS",
    "UniPC",
    "DDIM CFG++",
)
"""Of each of these, a plain and a regional picture alone."""
SMALL = {"width": 64, "height": 64}
SQUARE = {"width": 128, "height": 128}
WIDE = {"width": 160, "height": 96}
LOW = {"width": 128, "height": 64}
STEPS = {"steps": 8, "cfg_scale": 5.0}

ROW = plan_of("a red circle, navy background", "a blue square, navy background")
FOUR = plan_of(
    "a yellow triangle",
    {"prompt": "a green square", "base_ratio": 0.5},
    {"prompt": "a white ring, (brown background:1.2)", "negative_prompt": "a square", "weight": 0.8},
    base_prompt="a yellow triangle, a green square and a white ring, brown background",
    negative_prompt="gray background",
    split_ratio="1,1,2;1.5,1",
)
IN_TIME = plan_of("a [red:blue:0.5] circle, navy background", "a [square:ring:0.3], navy background")
"""Prompts that change at a share of the sampler's model calls."""
LONG = ", ".join(["a ring", "a triangle", "brown background", "teal background"] * 8)


def right_half(width: int, height: int) -> str:
    """A mask of the right half of a picture, as a portable bitmap: it has the same bytes whoever writes it."""
    row = b"\xff" * (width // 16) + b"\x00" * (width // 16)  # a bit that is set is black
    return encoded(b"P4 %d %d\n" % (width, height) + row * height)


def _parts() -> dict[str, dict[str, Any]]:
    """A picture drawn in tiles; the right half drawn anew, in the whole picture and as the only part of another."""
    square = {"init_of": "euler-plain", "denoising_strength": 0.8, "mask": right_half(**SQUARE)}
    whole = {**square, **STEPS, **SQUARE, "inpaint_full_res": False}
    low = {"init_of": "low-plain", "denoising_strength": 0.8, "mask": right_half(**LOW)}
    crop = {**low, **STEPS, **SQUARE, "inpaint_full_res": True, "inpainting_fill": 1}
    return {
        "low-plain": request_of(None, **STEPS, **LOW),
        "sd-upscale": request_of(
            None,
            **STEPS,
            **LOW,
            init_of="low-plain",
            denoising_strength=0.5,
            batch_size=2,
            script_name="SD upscale",
            script_args=[None, 16, "Lanczos", 2.0],
        ),
        "inpaint-blurred": request_of(None, **whole, mask_blur=6, inpainting_fill=1),
        "inpaint-fill": request_of(None, **whole, sampler_name="DPM++ 2M", inpainting_fill=0, inpainting_mask_invert=1),
        "inpaint-noise": request_of(None, **whole, sampler_name="Euler a", inpainting_fill=2, batch_size=2),
        "inpaint-nothing": request_of(None, **whole, sampler_name="DDIM", inpainting_fill=3, mask_round=False),
        "inpaint-only-masked": request_of(None, **crop, mask_blur=0),
        "inpaint-only-masked-padded": request_of(
            None, **crop, mask_blur_x=4, mask_blur_y=2, inpaint_full_res_padding=16
        ),
    }


def _file_name(sampler: str) -> str:
    return sampler.lower().replace(" ", "-").replace("+", "p")


def _more_samplers() -> dict[str, dict[str, Any]]:
    """Small pictures in batches, and img2img's part of the levels of two kinds of sampler."""
    requests = {}
    for sampler in MORE_SAMPLERS:
        same = {**STEPS, **SMALL, "sampler_name": sampler, "batch_size": 2}
        requests[f"{_file_name(sampler)}-plain"] = request_of(None, **same)
        requests[f"{_file_name(sampler)}-regional"] = request_of({"plan": IN_TIME}, **same)
    for sampler in ("DPM++ 2M SDE", "UniPC"):
        same = {**STEPS, **SQUARE, "sampler_name": sampler, "init_of": "euler-plain", "denoising_strength": 0.7}
        requests[f"{_file_name(sampler)}-img2img"] = request_of(None, **same)
    return requests


def cases() -> dict[str, dict[str, Any]]:
    """Requests by name. ``init_of`` names the recording whose first picture an img2img request starts from."""
    requests = {}
    for sampler in SAMPLERS:
        name = _file_name(sampler)
        same = {**STEPS, "sampler_name": sampler}
        requests[f"{name}-plain"] = request_of(None, **same, **SQUARE)
        requests[f"{name}-regional"] = request_of({"plan": ROW}, **same, **WIDE)
        requests[f"{name}-plain-batch"] = request_of(None, **same, **WIDE, batch_size=3, seed=21)
        requests[f"{name}-regional-batch"] = request_of({"plan": ROW}, **same, **SQUARE, batch_size=3, seed=21)
    wide = {**STEPS, **WIDE}
    square = {**STEPS, **SQUARE}
    requests |= {
        "four-cells": request_of({"plan": FOUR}, **square),
        "four-cells-split": request_of({"plan": FOUR}, **square, override_settings={"batch_cond_uncond": False}),
        "offline-planner": request_of({"planner": "offline"}, **wide, sampler_name="DPM++ 2M"),
        "text": request_of(
            {
                "regional_prompt": "navy background ADDBASE a red [circle:ring:0.5] BREAK a blue square",
                "split_ratio": "1;1",
            },
            **square,
            negative_prompt="a triangle",
        ),
        "plain-long-negative": request_of(None, **wide, negative_prompt=LONG),
        "long-negative": request_of({"plan": ROW}, **wide, negative_prompt=LONG),
        "long-negative-padded": request_of(
            {"plan": ROW}, **wide, negative_prompt=LONG, override_settings={"pad_cond_uncond": True}
        ),
        "long-negative-padded-v0": request_of(
            {"plan": ROW}, **wide, negative_prompt=LONG, override_settings={"pad_cond_uncond_v0": True}
        ),
        "ngms": request_of({"plan": ROW}, **wide, s_min_uncond=4.0),
        "skip-early-cfg": request_of({"plan": ROW}, **wide, override_settings={"skip_early_cond": 0.4}),
        "cfg-1": request_of({"plan": ROW}, **{**wide, "cfg_scale": 1.0}),
        "hires": request_of(
            {"plan": ROW},
            **wide,
            enable_hr=True,
            hr_scale=1.5,
            hr_upscaler="Latent",
            hr_second_pass_steps=4,
            denoising_strength=0.6,
        ),
        "batch-count": request_of({"plan": ROW}, **wide, n_iter=2),
        "plain-and": request_of(None, **wide, prompt="a red circle AND a blue square :0.6"),
        "img2img-plain": {"init_of": "euler-plain", "denoising_strength": 0.7, **request_of(None, **square)},
        "img2img": {"init_of": "euler-plain", "denoising_strength": 0.7, **request_of({"plan": ROW}, **square)},
        **_parts(),
        **_more_samplers(),
    }
    return requests


def is_plain(request: dict[str, Any]) -> bool:
    """Whether the request leaves the extension alone."""
    return "RPG" not in request.get("alwayson_scripts", {})
