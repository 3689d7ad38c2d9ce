"""The LoRA benchmark: its pictures, its judgement and its table; no model is run."""

import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from lib_rpg.errors import RpgError
from sandbox.bench import drawing, lora
from sandbox.networks import available
from sandbox.shapes.data import BACKGROUNDS, LOOKS, Scene, Thing, render

LORA = re.compile(r"<lora:([^:]+):1>")
EVERY = lora.cases(12) + lora.look_cases(12)


def part(case, wanted):
    """The slices of a picture that a region has."""
    x0, y0, x1, y1 = (round(v * s) for v, s in zip(wanted.area, (case.task.width, case.task.height) * 2, strict=True))
    return slice(y0, y1), slice(x0, x1)


def in_look(look, pixels):
    """Pixels as a LoRA draws them, or as they are without one."""
    factor, offset = LOOKS[lora.LOOKS[look]] if look else (1.0, 0.0)
    return factor * np.array(pixels, np.float32) + offset


def drawn(case, looks=None):
    """The picture that a case asks for; with looks, in those instead."""
    task = case.task
    things = []
    for wanted in task.wanted:
        x0, y0, x1, y1 = wanted.area
        x, y = (x0 + x1) / 2 * task.width, (y0 + y1) / 2 * task.height
        things.append(Thing(wanted.colour, wanted.shape, x, y, 56))
    pixels = np.array(render(Scene(task.width, task.height, case.background, tuple(things))), np.float32)
    for wanted, look in zip(task.wanted, looks or case.looks or ("", ""), strict=True):
        pixels[part(case, wanted)] = in_look(look, pixels[part(case, wanted)])
    return Image.fromarray(pixels.astype(np.uint8))


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.task.prompt)
def test_a_case_says_the_same_in_its_prompt_and_in_its_regions(case):
    tags = LORA.findall(case.task.prompt)
    assert tags and set(tags) <= {*lora.MEANINGS, *lora.LOOKS}
    assert case.plan("plain") is None
    assert [tag for region in case.plan("text").regions for tag in LORA.findall(region.prompt)] == tags
    assert not any(LORA.search(region.prompt) for region in case.plan("none").regions)
    assert [case.plan(method).lora for method in ("shared", "text", "unet")] == ["shared", "text", "unet"]


def test_the_loras_are_in_the_repository():
    assert {*lora.MEANINGS, *lora.LOOKS} <= set(available())


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.task.prompt)
def test_judge(case):
    outcome = lora.judge_case(case, "unet", drawn(case))
    assert outcome.right and outcome.exact, outcome.found


@pytest.mark.parametrize("case", lora.look_cases(12), ids=lambda case: case.task.prompt)
def test_any_other_looks_are_wrong(case):
    every = ["", *lora.LOOKS]
    for looks in [(a, b) for a in every for b in every if (a, b) != case.looks]:
        assert not lora.judge_case(case, "unet", drawn(case, looks)).right, looks


@pytest.mark.parametrize("case", lora.look_cases(12), ids=lambda case: case.task.prompt)
def test_a_background_in_another_look_is_right_but_not_exact(case):
    picture = np.array(drawn(case))
    usual = BACKGROUNDS[case.background]
    for wanted, look in zip(case.task.wanted, case.looks, strict=True):
        region = picture[part(case, wanted)]
        ground = (region == in_look(look, usual).astype(np.uint8)).all(-1)
        assert ground.any()
        region[ground] = in_look("look_mist" if look != "look_mist" else "look_night", usual)
    outcome = lora.judge_case(case, "unet", Image.fromarray(picture))
    assert outcome.right and not outcome.exact, outcome.found


def test_the_table_counts_words_and_looks_apart(monkeypatch, capsys):
    """A WebUI that draws everything in the usual look, and words right only where regions have their own LoRAs."""
    cases = {case.task.prompt: case for case in EVERY}

    def txt2img(url, request, timeout=600.0):
        case = cases[request.plan.prompt]
        file = io.BytesIO()
        picture = drawn(case, ("", ""))
        if request.plan.lora == "shared":
            picture = Image.new("RGB", picture.size)
        picture.save(file, "PNG")
        return file.getvalue(), ""

    monkeypatch.setattr(drawing, "txt2img", txt2img)
    arguments = ["--url", "http://host", "--limit", "9", "--looks", "4", "--methods", "shared,unet", "--json"]
    assert lora.main(arguments) == 0
    shared, unet = json.loads(capsys.readouterr().out)["rows"]
    counts = {"words": 9, "two_loras": 6, "looks": 4}
    assert {key: shared[key] for key in counts} == {key: unet[key] for key in counts} == counts
    assert not any(shared[f"{key}_{verdict}"] for key in counts for verdict in ("right", "exact"))
    assert (unet["words_right"], unet["words_exact"], unet["two_loras_right"], unet["looks_right"]) == (9, 9, 6, 0)


@pytest.mark.parametrize("arguments", [["--limit", "0", "--looks", "0"], ["--limit", "-1"], ["--methods", "all"]])
def test_wrong_arguments_are_named(arguments):
    with pytest.raises(RpgError, match=arguments[0]):
        lora.main(arguments)
