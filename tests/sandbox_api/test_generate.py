"""txt2img and img2img: pictures, infotexts, script arguments, errors, turns."""

from __future__ import annotations

import base64
import io
import json
import threading
import time
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.sandbox_api.conftest import SMALL


def post(sandbox: httpx.Client, tab: str = "txt2img", **fields: Any) -> dict:
    response = sandbox.post(f"/sdapi/v1/{tab}", json={**SMALL, **fields})
    assert response.status_code == 200, response.text
    return response.json()


def pictures(answer: dict) -> list[Image.Image]:
    return [Image.open(io.BytesIO(base64.b64decode(text))) for text in answer["images"]]


def in_base64(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def infotext(answer: dict) -> str:
    return json.loads(answer["info"])["infotexts"][0]


def probe(*args: Any) -> dict:
    return {"Probe": {"args": list(args)}}


def test_a_picture_has_its_size_seed_and_infotext(sandbox):
    answer = post(sandbox, width=128, height=64, negative_prompt="a ring")
    (picture,) = pictures(answer)
    assert picture.size == (128, 64)
    info = json.loads(answer["info"])
    assert picture.info["parameters"] == info["infotexts"][0]
    assert info["infotexts"][0].startswith("a red circle\nNegative prompt: a ring\nSteps: 2, Sampler: Euler")
    assert info["all_seeds"] == [7]
    assert answer["parameters"]["width"] == 128


def test_a_seed_gives_the_same_picture_and_another_seed_another(sandbox):
    first, again, other = (pictures(post(sandbox, seed=seed))[0].tobytes() for seed in (7, 7, 8))
    assert first == again != other


def test_batches_have_a_picture_and_a_seed_each_and_no_grid(sandbox):
    answer = post(sandbox, batch_size=2, n_iter=2)
    assert len(answer["images"]) == 4
    assert json.loads(answer["info"])["all_seeds"] == [7, 8, 9, 10]


def test_pictures_can_be_left_out(sandbox):
    answer = post(sandbox, send_images=False)
    assert answer["images"] == []
    assert "Seed: 7" in infotext(answer)


def test_without_arguments_a_script_has_its_components_values(sandbox):
    text = infotext(post(sandbox))
    assert "Probe eta: 1.0" in text
    assert "Probe amount" not in text


def test_arguments_go_to_the_script_by_name_and_missing_ones_keep_their_values(sandbox):
    text = infotext(post(sandbox, alwayson_scripts={"pRoBe": {"args": [True]}}))
    assert "Probe amount: 4, Probe word: one" in text
    text = infotext(post(sandbox, alwayson_scripts=probe(True, 6, "two", "too many")))
    assert "Probe amount: 6, Probe word: two" in text
    assert "Probe amount" not in infotext(post(sandbox, alwayson_scripts={"Probe": {}}))


def test_a_script_sees_components_of_its_tab_being_made(sandbox):
    assert "Probe saw: Sampling steps" in infotext(post(sandbox))


def test_a_failing_script_does_not_stop_the_picture(sandbox):
    assert len(post(sandbox, alwayson_scripts=probe(True, 2, "fail"))["images"]) == 1


def test_a_script_of_the_menu_takes_over(sandbox):
    answer = post(sandbox, script_name="chosen", script_args=["a blue square"])
    assert infotext(answer).startswith("a blue square\n")


def test_settings_can_be_overridden_for_one_picture(sandbox):
    answer = post(sandbox, sampler_name="Euler a", override_settings={"eta_ancestral": 0.5})
    assert "Probe eta: 0.5" in infotext(answer)
    assert "Probe eta: 1.0" in infotext(post(sandbox))


def test_styles_are_laid_over_the_prompts(sandbox):
    text = infotext(post(sandbox, styles=["Probe style", "no such style"], negative_prompt="a ring"))
    assert text.startswith("a picture of a red circle\nNegative prompt: a ring, a blur\n")


def test_an_infotext_fills_what_the_request_leaves_open(sandbox):
    text = (
        "a green ring\nNegative prompt: a circle\n"
        "Steps: 1, Sampler: Euler, CFG scale: 3, Seed: 99, Size: 64x128, Eta: 0.25, Probe amount: 8"
    )
    response = sandbox.post("/sdapi/v1/txt2img", json={"infotext": text, "seed": 5})
    answer = response.json()
    made = infotext(answer)
    assert made.startswith("a green ring\nNegative prompt: a circle\nSteps: 1, Sampler: Euler,")
    for part in ("CFG scale: 3.0", "Seed: 5", "Size: 64x128", "Probe amount: 8", "Probe eta: 0.25"):
        assert part in made
    assert pictures(answer)[0].size == (64, 128)


def test_img2img_starts_from_the_picture(sandbox):
    start = post(sandbox, steps=6, seed=3)["images"]
    answer = post(sandbox, "img2img", init_images=start, denoising_strength=0.01, steps=4)
    assert "Denoising strength: 0.01" in infotext(answer)
    mean = [sum(picture.convert("L").tobytes()) / 4096 for picture in (*pictures({"images": start}), *pictures(answer))]
    assert abs(mean[0] - mean[1]) < 8
    assert answer["parameters"]["init_images"] is None


@pytest.mark.parametrize("only_masked", [False, True])
def test_a_mask_keeps_the_rest_of_the_picture(sandbox, only_masked):
    start = Image.new("RGB", (64, 64), (30, 90, 200))
    mask = Image.new("L", (64, 64))
    mask.paste(255, (32, 0, 64, 64))
    fields = {"init_images": [in_base64(start)], "mask": in_base64(mask), "mask_blur_x": 2, "mask_blur_y": 0}
    area = {"inpaint_full_res": only_masked, "inpaint_full_res_padding": 8, "inpainting_fill": 3}
    answer = post(sandbox, "img2img", **fields, **area, inpainting_mask_invert=1, denoising_strength=1.0)
    (picture,) = pictures(answer)
    # Inverted, the left half is drawn; blurred by 2, it reaches 5 pixels further.
    assert picture.crop((37, 0, 64, 64)).getcolors() == [(27 * 64, (30, 90, 200))]
    assert len(picture.crop((0, 0, 32, 64)).getcolors(4096)) > 100
    text = infotext(answer)
    assert "Mask mode: Inpaint not masked" in text
    assert "Masked content: latent nothing" in text
    assert ("Inpaint area: Only masked, Masked area padding: 8" in text) == only_masked


@pytest.mark.parametrize("upscaler", ["lanczos", 1])
def test_sd_upscale_draws_a_larger_picture_in_tiles(sandbox, upscaler):
    start = in_base64(Image.new("RGB", (64, 32), (30, 90, 200)))
    script = {"script_name": "SD Upscale", "script_args": [None, 16, upscaler, 2.0]}
    answer = post(sandbox, "img2img", init_images=[start], denoising_strength=0.3, **script)
    (picture,) = pictures(answer)
    assert picture.size == (128, 64)
    assert "SD upscale overlap: 16, SD upscale upscaler: Lanczos" in infotext(answer)
    assert "Size: 64x64" in infotext(answer)


def test_sd_upscale_is_refused_where_it_cannot_work(sandbox):
    start = in_base64(Image.new("RGB", (64, 64)))
    for arguments, what in (([None, 16, "ESRGAN", 2.0], "no upscaler 'ESRGAN'"), ([None, 64, 0, 2.0], "overlap by 64")):
        request = {**SMALL, "init_images": [start], "script_name": "SD upscale", "script_args": arguments}
        response = sandbox.post("/sdapi/v1/img2img", json=request)
        assert response.status_code == 500
        assert what in response.json()["errors"]
    assert post(sandbox)["images"]


@pytest.mark.parametrize(
    ("tab", "fields", "status", "error", "detail"),
    [
        ("txt2img", {"alwayson_scripts": {"nobody": {"args": []}}}, 422, "HTTPException", "Script 'nobody' not found"),
        ("txt2img", {"script_name": "nobody"}, 422, "HTTPException", "Script 'nobody' not found"),
        ("txt2img", {"alwayson_scripts": {"Chosen": {"args": []}}}, 422, "HTTPException", "Cannot have a selectable"),
        ("img2img", {}, 404, "HTTPException", "Init image not found"),
        ("img2img", {"init_images": ["no picture"]}, 500, "HTTPException", "Invalid encoded image"),
        ("img2img", {"init_images": [], "mask": "none"}, 500, "HTTPException", "Invalid encoded image"),
        ("img2img", {"init_images": ["http://127.0.0.1/x.png"]}, 500, "HTTPException", "Requests not allowed"),
    ],
)
def test_a_bad_request_is_refused_in_words(sandbox, tab, fields, status, error, detail):
    response = sandbox.post(f"/sdapi/v1/{tab}", json={**SMALL, **fields})
    assert response.status_code == status
    answer = response.json()
    assert set(answer) == {"error", "detail", "body", "errors"}
    assert answer["error"] == error
    assert detail in answer["detail"]


def test_what_goes_wrong_in_a_generation_is_reported_and_the_next_one_works(sandbox):
    response = sandbox.post("/sdapi/v1/txt2img", json={**SMALL, "tiling": True})
    assert response.status_code == 500
    assert response.json()["error"] == "UnsupportedError"
    assert "tiling" in response.json()["errors"]
    assert sandbox.get("/sdapi/v1/progress").json()["state"]["job_count"] == 0
    assert post(sandbox)["images"]


def test_a_field_of_the_wrong_type_is_named(sandbox):
    response = sandbox.post("/sdapi/v1/txt2img", json={**SMALL, "width": "wide"})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "width"]


def test_two_requests_take_turns(sandbox):
    texts = []
    threads = [threading.Thread(target=lambda: texts.append(infotext(post(sandbox, steps=4)))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ["Probe alone: True" in text for text in texts] == [True] * 3


def test_a_generation_can_be_interrupted_and_says_how_far_it_is(sandbox):
    answers = []
    thread = threading.Thread(target=lambda: answers.append(post(sandbox, steps=150, width=128, height=128)))
    start = time.monotonic()
    thread.start()
    steps = []
    preview = None
    while thread.is_alive() and preview is None:
        progress = sandbox.get("/sdapi/v1/progress").json()
        preview = progress["current_image"]
        if progress["state"]["job_count"] > 0:
            steps.append(progress["state"]["sampling_step"])
            assert 0 < progress["progress"] < 1
            assert sandbox.get("/sdapi/v1/progress?skip_current_image=true").json()["current_image"] is None
        assert time.monotonic() - start < 60
        time.sleep(0.05)
    assert sandbox.post("/sdapi/v1/interrupt").json() == {}
    thread.join()
    assert steps == sorted(steps)
    assert 5 < steps[-1] < 149
    assert pictures({"images": [preview]})[0].size == (128, 128)
    assert len(answers[0]["images"]) == 1
    assert sandbox.get("/sdapi/v1/progress").json()["progress"] == 0
