"""Where the WebUI or a script samples a part of a picture, the part has the regions that lie there."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.contract import host as hosts
from tests.contract.client import BASE, Client, alike, difference, plan_of, png_of
from tests.contract.test_axes import script_of

CIRCLE, SQUARE = "a red circle, navy background", "a green square, navy background"
BASE_PROMPT = "two shapes, navy background"
NOTHING = plan_of(CIRCLE, layout="boxes", split_ratio="", base_prompt=BASE_PROMPT, base_ratio=0.2)


def _picture(width: int, height: int) -> str:
    grey = np.random.default_rng(3).integers(0, 255, (height // 8, width // 8, 3))
    return png_of(grey.repeat(8, 0).repeat(8, 1))


def _half(width: int, height: int, right: bool) -> str:
    mask = np.zeros((height, width))
    mask[:, width // 2 :] = 255 * right
    mask[:, : width // 2] = 255 * (not right)
    return png_of(mask)


IMAGE = {"tab": "img2img", "init_images": [_picture(128, 64)], "denoising_strength": 0.9, "width": 128, "height": 64}
OUTPAINT = {**IMAGE, "init_images": [_picture(128, 128)], "height": 128}
SCRIPTS: dict[str, dict[str, Any]] = {
    "SD upscale": {**IMAGE, "height": 128, "script_args": [None, 0, "Lanczos", 2.0]},
    "SD upscale, batches of tiles": {**IMAGE, "height": 128, "batch_size": 2, "script_args": [None, 0, "Lanczos", 2.0]},
    "SD upscale, none of the upscalers": {
        **IMAGE,
        "init_images": [_picture(256, 128)],
        "height": 128,
        "script_args": [None, 0, "None", 2.0],
    },
    "SD upscale, more tiles": {**IMAGE, "width": 64, "batch_size": 3, "script_args": [None, 0, "Lanczos", 2.0]},
    "Poor man's outpainting": {**OUTPAINT, "script_args": [64, 0, 1, ["left", "right"]]},
    "Outpainting mk2, left": {**OUTPAINT, "script_args": [None, 128, 0, ["left"], 1.0, 0.05]},
    "Outpainting mk2, right": {**OUTPAINT, "script_args": [None, 128, 0, ["right"], 1.0, 0.05]},
    "Ultimate SD upscale": {
        **IMAGE,
        # info, tile width and height, mask blur, padding, seams' width, strength and padding, upscaler, saving, mode,
        # saving, seams' blur and type, size by (2: scale), width, height, scale
        "script_args": [None, 128, 128, 0, 0, 64, 0.35, 16, 1, True, 0, False, 8, 0, 2, 0, 0, 2.0],
    },
}


def _draw(host: Client, request: dict[str, Any], *regions: str) -> np.ndarray:
    plan = plan_of(*regions, base_prompt=BASE_PROMPT, base_ratio=0.0)
    return host.regional({"plan": plan}, faults={"seed": True}, **request).pixels[0]


def _script_request(host: Client, name: str) -> dict[str, Any]:
    title = name.partition(",")[0]
    known = [each.lower() for each in host.json("GET", "/sdapi/v1/scripts")["img2img"]]
    if title.lower() not in known:
        pytest.skip(f"this host has no script {title}")
    return {**SCRIPTS[name], "script_name": title}


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_part_of_a_scripts_picture_has_its_own_regions(host: Client, name: str) -> None:
    request = _script_request(host, name)
    both, circle, square = (_draw(host, request, *texts) for texts in ((CIRCLE, SQUARE), (CIRCLE,), (SQUARE,)))
    half = both.shape[1] // 2
    assert alike(both[:, :half], circle[:, :half])
    assert alike(both[:, half:], square[:, half:])
    assert difference(circle, square) > 3


@pytest.mark.parametrize("right", [False, True])
@pytest.mark.parametrize("settings", [{}, {"batch_size": 2}, {"inpaint_full_res_padding": 0, "width": 64}])
def test_only_masked_inpainting_draws_the_regions_of_its_place(
    host: Client, right: bool, settings: dict[str, Any]
) -> None:
    request = {
        **IMAGE,
        "mask": _half(128, 64, right),
        "mask_blur": 0,
        "inpaint_full_res": True,
        "width": 64,
        **settings,
    }
    both = _draw(host, request, CIRCLE, SQUARE)
    assert alike(both, _draw(host, request, SQUARE if right else CIRCLE))
    assert not alike(both, _draw(host, request, CIRCLE if right else SQUARE))


def test_where_no_region_lies_a_part_is_plain_with_the_base_prompt(host: Client) -> None:
    plan = {**NOTHING, "regions": [{"prompt": CIRCLE, "box": [0.0, 0.0, 0.4, 1.0]}]}
    request = {**IMAGE, "mask": _half(128, 64, True), "mask_blur": 0, "inpaint_full_res": True, "width": 64}
    drawn = host.regional({"plan": plan}, faults={"seed": True}, **request)
    assert alike(drawn.pixels, host.reference(faults={"seed": True}, **{**request, "prompt": BASE_PROMPT}).pixels)
    assert "another extension" not in drawn.info.get("comments", "")


@pytest.mark.parametrize("size", [(100, 68), (83, 61)])
def test_any_size_that_the_webui_draws_has_regions(host: Client, size: tuple[int, int]) -> None:
    width, height = size
    for request in ({}, {**IMAGE, "init_images": [_picture(96, 64)]}):
        request = {**request, "width": width, "height": height}
        drawn = host.regional({"plan": plan_of(CIRCLE, SQUARE)}, faults={"seed": True}, **request)
        plain = host.reference(faults={"seed": True}, **request)
        assert drawn.pixels.shape == plain.pixels.shape
        assert difference(drawn.pixels, plain.pixels) > 0.3


@pytest.mark.parametrize("format_", ["png", "jpg", "webp", "avif"])
def test_a_plan_with_large_soft_masks_is_drawn_in_every_format(host: Client, format_: str) -> None:
    if host.name == "sandbox":
        pytest.skip("the sandbox writes PNG files only")
    y, x = np.mgrid[:512, :512] / 512 - 0.5
    noise = np.random.default_rng(1).integers(0, 40, (512, 512))
    soft = png_of(np.clip(255 - 700 * (x**2 + y**2) - noise, 0, 255))
    boxes = [{"prompt": text, "mask": soft, "box": [i / 2, 0.0, 0.5, 1.0]} for i, text in enumerate((CIRCLE, SQUARE))]
    plan = plan_of(*boxes, layout="boxes", split_ratio="", base_prompt=BASE_PROMPT)
    settings = {"samples_format": format_, "samples_save": True, "export_for_4chan": True, "target_side_length": 32}
    request = {**BASE, "width": 128, "override_settings": settings, "save_images": True}
    request["alwayson_scripts"] = {"RPG": {"args": [{"enabled": True, "plan": plan}]}}
    answer = host.json("POST", "/sdapi/v1/txt2img", request)
    if format_ != "avif":  # Pillow reads it with a plugin only
        assert Image.open(io.BytesIO(base64.b64decode(answer["images"][0]))).size == (128, 64)
    assert "RPG plan" in json.loads(answer["info"])["infotexts"][0]


def test_prompt_search_and_replace_finds_words_of_regions(host: Client) -> None:
    script = script_of(host, {"Prompt S/R": "red, green"})
    plan = plan_of(CIRCLE, SQUARE, base_ratio=0.0)
    drawn = host.regional({"plan": plan}, **script, prompt=BASE_PROMPT)
    green = plan_of(CIRCLE.replace("red", "green"), SQUARE, base_ratio=0.0)
    first, second = (host.regional({"plan": each}, prompt=BASE_PROMPT).pixels[0] for each in (plan, green))
    found = [pixels for pixels in drawn.pixels if pixels.shape == first.shape]
    assert any(alike(pixels, first) for pixels in found) and any(alike(pixels, second) for pixels in found)


def test_adetailer_draws_a_detail_with_the_words_of_its_region(host: Client, offered: set[str]) -> None:
    """Three details, by the test extension's detector: in the first region, in the second, and in none."""
    if "adetailer" not in offered:
        pytest.skip("this host has no ADetailer (RPG_TEST_EXTENSIONS)")
    regions = [
        {"prompt": CIRCLE, "box": [0.0, 0.0, 1 / 3, 1.0]},
        {"prompt": SQUARE, "box": [1 / 3, 0.0, 1 / 3, 1.0]},
    ]
    plan = plan_of(*regions, layout="boxes", split_ratio="", base_prompt=BASE_PROMPT)
    size = {"width": 192, "height": 64}

    def draw(prompt: str = "", **changes: Any) -> np.ndarray:
        tab = {"ad_model": hosts.THIRDS, "ad_prompt": prompt, "ad_denoising_strength": 0.9, "ad_mask_blur": 0}
        changes |= {"scripts": {"ADetailer": [True, False, tab]}, "faults": {"seed": True}, **size}
        return host.regional({"plan": plan}, **changes).pixels[0]

    by_region, told = draw(), draw(" [SEP] ".join((CIRCLE, SQUARE, BASE_PROMPT)))
    assert alike(by_region, told)
    assert difference(by_region, draw(BASE_PROMPT)) > 1
    assert not alike(draw(override_settings={"rpg_details": False}), told)
