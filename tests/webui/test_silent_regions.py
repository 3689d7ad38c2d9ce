"""Regions without words, and those that are switched off: drawn as the base prompt, by every way in, and said."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.plan import Plan, Region
from lib_rpg.webui import conditioning
from tests.webui.test_script import clean, plan_in, same, webui  # noqa: F401 - fixtures

TEXT = {"regional_prompt": "a red circle BREAK BREAK a blue square", "split_ratio": "1,1,1", "base_ratio": 0.2}
BASE = "two shapes, teal background"
SAID = "region 2 has no words: the base prompt has its place"


def plan(base_prompt: str = BASE, **middle: object) -> Plan:
    given = {"prompt": "a green ring", **middle}
    regions = (Region("a red circle"), Region(**given), Region("a blue square"))
    return Plan(base_prompt=base_prompt, base_ratio=0.2, split_ratio="1,1,1", regions=regions)


SILENT = [{"prompt": ""}, {"muted": True}, {"muted": True, "negative_prompt": "circle", "base_ratio": 0.0}]


@pytest.mark.parametrize("base_prompt", [BASE, ""])
@pytest.mark.parametrize("silent", SILENT)
def test_the_picture_is_the_one_with_the_base_ratio_1_there(webui, silent, base_prompt):  # noqa: F811
    drawn = webui.draw({"plan": plan(base_prompt, **silent).to_dict()})
    as_base = webui.draw({"plan": plan(base_prompt, base_ratio=1.0).to_dict()})
    assert same(drawn.images[0], as_base.images[0])
    assert not same(drawn.images[0], webui.draw({"plan": plan(base_prompt).to_dict()}).images[0])


def test_text_api_panel_and_infotext_draw_the_same_and_say_so(webui):  # noqa: F811
    by_text = webui.draw({**TEXT, "base_prompt": BASE})
    by_plan = webui.draw({"plan": plan(prompt="").to_dict()})
    by_panel = webui.run(webui.job(api=False, argument=[True, json.dumps({**TEXT, "base_prompt": BASE})]))
    by_infotext = webui.draw({"plan": plan_in(by_text)})
    for drawn in (by_text, by_plan, by_panel, by_infotext):
        assert SAID in drawn.comments
        assert same(drawn.images[0], by_text.images[0])


def test_a_muted_region_keeps_its_words_in_the_infotext(webui):  # noqa: F811
    drawn = webui.draw({"plan": plan(muted=True).to_dict()})
    region = plan_in(drawn)["regions"][1]
    assert (region["prompt"], region["muted"]) == ("a green ring", True)
    assert "region 2 is switched off: the base prompt has its place" in drawn.comments


@pytest.mark.parametrize("hires", [{}, {"enable_hr": True, "hr_scale": 1.5, "hr_upscaler": "Latent"}])
def test_where_no_region_acts_the_base_prompt_is_drawn_and_said(webui, hires):  # noqa: F811
    regions = tuple(replace(region, muted=True) for region in plan().regions)
    drawn = webui.draw({"plan": replace(plan(), regions=regions).to_dict()}, **hires)
    assert same(drawn.images[0], webui.draw(prompt=BASE, **hires).images[0])
    assert "no region acts: the whole picture is the base prompt's" in drawn.comments
    assert "were not applied" not in drawn.comments


def test_the_words_of_a_silent_region_are_not_encoded(webui, monkeypatch):  # noqa: F811
    seen: list[str] = []
    encode = conditioning.encode

    def spy(p, keys, *args, **fields):
        keys = list(keys)
        seen.extend(text for _, text in keys)
        return encode(p, keys, *args, **fields)

    monkeypatch.setattr(conditioning, "encode", spy)
    webui.draw({"plan": plan(muted=True, negative_prompt="dark").to_dict()})
    assert "a red circle" in seen
    assert not any("green ring" in text or "dark" in text for text in seen)


@pytest.mark.parametrize("mode", ["text", "unet", "shared"])
def test_the_tags_of_a_muted_region_act_nowhere(monkeypatch, mode):
    monkeypatch.setattr(conditioning, "is_available", lambda: True)
    tagged = "a ring <lora:x:0.5> <hypernet:y:1>"
    heard, muted = (
        replace(plan(prompt=tagged, muted=off), prompt=f"shapes, {tagged}", lora=mode) for off in (False, True)
    )
    assert bool(conditioning.plan_lifted_tags(heard))
    assert conditioning.plan_lifted_tags(muted) == []
    assert {"<lora:x:0.5>", "<hypernet:y:1>"} <= conditioning.given_tags(muted)


def test_a_tag_of_a_muted_region_stays_where_another_region_has_it(monkeypatch):
    monkeypatch.setattr(conditioning, "is_available", lambda: True)
    tagged = replace(plan(prompt="a ring <lora:x:1>", muted=True), lora="shared")
    regions = (replace(tagged.regions[0], prompt="a red circle <lora:x:1>"), *tagged.regions[1:])
    assert conditioning.plan_lifted_tags(replace(tagged, regions=regions)) == ["<lora:x:1>"]


def test_small_regions_are_said_under_the_picture(webui):  # noqa: F811
    drawn = webui.draw({"plan": plan().to_dict()})
    assert "regions 1, 2 and 3 are smaller than 64 px on a side: they may not show" in drawn.comments
    assert "smaller" not in webui.draw({"plan": plan().to_dict()}, width=192).comments
