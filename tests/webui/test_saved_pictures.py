"""A picture with regions is saved in every format, whatever its plan and prompts hold."""

from __future__ import annotations

import base64
import io
import json
from types import SimpleNamespace

import numpy as np
import piexif
import piexif.helper
import pillow_avif  # noqa: F401 - registers AVIF with Pillow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region
from lib_rpg.webui import batch_texts, infotext, saved_pictures
from lib_rpg.webui import settings as our_settings
from lib_rpg.webui.args import RunArgs
from lib_rpg.webui.job import Job

TEXT = "a prompt\nSteps: 20, Sampler: Euler, {}Version: v1.10.1"
PIXELS = Image.new("RGB", (16, 16), "red")


def mask(side: int, seed: int) -> str:
    levels = np.random.default_rng(seed).integers(1, 256, (side, side), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


MASKS = [mask(side, seed) for seed, side in enumerate((8, 64, 200, 512))]


def save(text: str, extension: str) -> bytes:
    """A picture's file as the WebUI makes it: PNG with a text chunk, the others with EXIF."""
    file = io.BytesIO()
    if extension == "png":
        info = PngImagePlugin.PngInfo()
        info.add_text("parameters", text)
        PIXELS.save(file, "PNG", pnginfo=info)
        return file.getvalue()
    comment = piexif.helper.UserComment.dump(text, encoding="unicode")
    exif = piexif.dump({"Exif": {piexif.ExifIFD.UserComment: comment}})
    if extension == "avif":
        PIXELS.save(file, "AVIF", exif=exif)
        return file.getvalue()
    PIXELS.save(file, extension)
    with_text = io.BytesIO()
    piexif.insert(exif, file.getvalue(), with_text)
    return with_text.getvalue()


def job_of(plans: list[Plan], **fields) -> SimpleNamespace:
    """A generation of a batch with these plans, up to the point where its pictures are saved."""
    said = []
    prompts = ["a prompt"] * len(plans)
    p = SimpleNamespace(
        prompt="a prompt",
        prompts=list(prompts),
        all_prompts=prompts,
        negative_prompts=[""] * len(plans),
        styles=[],
        iteration=0,
        batch_size=len(plans),
        batch_index=0,
        width=1024,
        height=1024,
        extra_generation_params={"Denoising strength": 0.75},
        comment=said.append,
        said=said,
        rpg_job=Job(RunArgs(True, plans[0])),
    )
    vars(p).update(fields)
    p.rpg_job.plans = plans
    p.rpg_job.written = batch_texts.put_infotext(p, plans, "")
    return p


def infotext_of(p: SimpleNamespace, number: int = 0, others: str = "") -> str:
    value = p.extra_generation_params[infotext.KEY]
    value = value[number] if isinstance(value, list) else value
    own = f"{infotext.KEY}: {json.dumps(value, ensure_ascii=False)}, " if value is not None else ""
    return f"{p.prompts[number]}\nSteps: 20, {own}{others}Version: v1.10.1"


def params_of(p: SimpleNamespace, text: str, filename: str = "") -> SimpleNamespace:
    return SimpleNamespace(p=p, pnginfo={"parameters": text}, filename=filename, image=PIXELS)


WORDS = st.text(min_size=1, max_size=40) | st.sampled_from(['"', "\\", "RPG plan: ", "𝄞🎨", "円" * 400, "x" * 9000])
REGION = st.builds(dict, prompt=WORDS, negative_prompt=WORDS, name=WORDS, mask=st.sampled_from(["", *MASKS]))
PROMPTS = st.sampled_from(["", "円" * 3000, "a prompt", "x" * 20_000])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(REGION, min_size=1, max_size=8), min_size=1, max_size=2), PROMPTS, WORDS)
def test_pictures_are_saved_in_every_format_whatever_the_plan_holds(batch, prompt, others):
    try:
        plans = [Plan(layout="boxes", regions=tuple(Region(**region) for region in regions)) for regions in batch]
    except RpgError:
        return  # refused before sampling
    p = job_of(plans, prompt=prompt, all_prompts=[prompt] * len(plans), prompts=[prompt] * len(plans))
    for number in range(len(plans)):
        p.batch_index = number
        others_own = f"{prompt}\nNote: {json.dumps(others)}, "
        text = infotext_of(p, number, f"Note: {json.dumps(others)}, ")
        if prompt == "x" * 20_000:  # the text without the plan is nearly as long as a file takes
            text += "x" * max(0, 31_500 - infotext.units(others_own))
        params = params_of(p, text)
        saved_pictures.fit_infotext(params)
        for extension in ("png", "jpeg", "webp", "avif"):
            assert save(params.pnginfo["parameters"], extension)
    assert not any("could not" in line for line in p.said)


def test_two_soft_masks_are_in_the_infotext_of_a_jpeg_and_come_back():
    plan = Plan(layout="boxes", regions=(Region("a", mask=MASKS[3]), Region("b", mask=MASKS[3][:-4] + MASKS[3][-4:])))
    p = job_of([plan], width=512, height=512)
    text = infotext_of(p)
    assert not p.said and infotext.units(text) < infotext.MAX_UNITS and save(text, "jpeg")
    read = Plan.from_json(p.extra_generation_params[infotext.KEY])
    assert all(region.mask for region in read.regions)


LONG = Plan(layout="boxes", regions=tuple(Region(f"thing {i}", mask=mask(128, i)) for i in range(12)))


@pytest.mark.parametrize("plan", [LONG, Plan(split_ratio="1", regions=(Region("x" * 19_999),), prompt="円" * 19_000)])
def test_a_plan_that_does_not_fit_is_said_before_sampling(plan):
    assert any("too long for the infotext" in line for line in job_of([plan]).said)


def test_what_others_add_to_an_infotext_costs_the_plan_and_not_the_picture():
    plan = Plan(split_ratio="1", regions=(Region('a "red" \\ cup'),))
    p = job_of([plan])
    params = params_of(p, infotext_of(p, others=f"Other: {'x' * 32_000}, "))
    saved_pictures.fit_infotext(params)
    assert "RPG plan" not in params.pnginfo["parameters"] and "Other: xxx" in params.pnginfo["parameters"]
    assert params.pnginfo["parameters"].startswith("a prompt\nSteps: 20, Other")
    assert p.said == ["RPG: the infotext is too long for an image file, so it is without the plan"]
    picture = SimpleNamespace(info={"parameters": infotext_of(p, others=f"Other: {'x' * 32_000}, ")})
    saved_pictures.fit_pictures(p, [picture, object()])
    assert "RPG plan" not in picture.info["parameters"]


def test_an_infotext_that_fits_and_pictures_of_others_stay_as_they_are():
    p = job_of([Plan(split_ratio="1", regions=(Region("a cup"),))])
    for job, text in ((p.rpg_job, infotext_of(p)), (None, "x" * 40_000)):
        p.rpg_job = job
        params = params_of(p, text)
        saved_pictures.fit_infotext(params)
        assert params.pnginfo == {"parameters": text}


@pytest.mark.parametrize(
    "when, plan, written",
    [
        (our_settings.NO_FILE, LONG, False),
        (our_settings.LONG_FILE, LONG, True),
        (our_settings.LONG_FILE, Plan(split_ratio="1", regions=(Region("a cup"),)), False),
        (our_settings.EACH_FILE, Plan(split_ratio="1", regions=(Region("a cup"),)), True),
    ],
)
def test_the_whole_plan_is_beside_the_picture_where_settings_say_so(tmp_path, when, plan, written):
    other = Plan(split_ratio="1", regions=(Region("another"),))
    p = job_of([other, plan], override_settings={"rpg_plan_file": when}, batch_index=1)
    saved_pictures.write_plan(params_of(p, infotext_of(p, 1), str(tmp_path / "00001-5.jpg")))
    file = tmp_path / "00001-5.rpg.json"
    assert file.exists() == written
    if written:
        assert Plan.from_json(file.read_text("utf-8")) == plan


def test_a_plan_that_cannot_be_written_is_a_note(tmp_path):
    p = job_of([LONG], override_settings={"rpg_plan_file": our_settings.EACH_FILE})
    saved_pictures.write_plan(params_of(p, infotext_of(p), str(tmp_path / "missing" / "1.png")))
    assert any("could not write the plan beside the picture (FileNotFoundError)" in line for line in p.said)


@pytest.mark.parametrize(
    ("asked", "size", "fields", "written"),
    [
        (False, (16, 16), {}, False),
        (True, (16, 16), {}, True),
        (True, (32, 16), {}, False),  # a grid or a sheet
        (True, (32, 16), {"init_images": [Image.new("RGB", (32, 16))]}, True),
        (True, (32, 24), {"enable_hr": True, "hr_upscale_to_x": 40, "hr_upscale_to_y": 24}, True),
    ],
)
def test_a_picture_of_the_plan_is_beside_the_picture_where_settings_say_so(tmp_path, asked, size, fields, written):
    plan = Plan(layout="boxes", regions=(Region("a cup"), Region("a box", mask=MASKS[1])))
    p = job_of([plan], override_settings={"rpg_plan_picture": asked}, batch_index=0, width=16, height=16)
    for name, value in {"truncate_x": 1, "truncate_y": 0, **fields}.items():
        setattr(p, name, value)
    params = params_of(p, infotext_of(p), str(tmp_path / "00001-5.jpg"))
    params.image = Image.new("RGB", size, "red")
    saved_pictures.write_plan_picture(params)
    file = tmp_path / "00001-5.rpg.png"
    assert file.exists() == written
    assert not written or Image.open(file).size == size
    assert params.image.getcolors() == [(size[0] * size[1], (255, 0, 0))]


def test_a_picture_of_the_plan_that_cannot_be_written_is_a_note(tmp_path):
    plan = Plan(split_ratio="1", regions=(Region("a cup"),))
    p = job_of([plan], override_settings={"rpg_plan_picture": True}, width=16, height=16)
    params = params_of(p, infotext_of(p), str(tmp_path / "missing" / "1.png"))
    params.image = PIXELS
    saved_pictures.write_plan_picture(params)
    assert any("could not write the picture of the plan (FileNotFoundError)" in line for line in p.said)
