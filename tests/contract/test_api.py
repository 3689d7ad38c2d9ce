"""The extension's face in the API: its script, its routes, the forms of its one argument."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.plan import Plan
from lib_rpg.webui.document import text_fields
from tests.contract.client import BASE, Client, Drawn, alike, difference, encoded, plan_of, png_of, request_of


def test_script_info_lists_rpg_in_both_tabs(host: Client) -> None:
    entries = [e for e in host.json("GET", "/sdapi/v1/script-info") if e["name"].lower() == "rpg"]
    assert sorted(e["is_img2img"] for e in entries) == [False, True]
    assert all(e["is_alwayson"] for e in entries)
    assert [len(e["args"]) for e in entries] == [2, 2]
    assert all(e["args"][0]["value"] is False for e in entries), "RPG must be off by default"


def test_status_gives_version_and_what_was_applied_last(host: Client, plan: dict) -> None:
    host.regional({"plan": plan})
    status = host.json("GET", "/rpg/status")
    assert status["version"]
    assert "offline" in status["planners"]
    assert "2 regions" in status["last"], status["last"]


def test_plan_route_plans_offline(host: Client) -> None:
    body = {"prompt": BASE["prompt"], "width": 192, "height": 128, "planner": "offline"}
    plan = host.json("POST", "/rpg/plan", body)
    assert plan["version"] == 1
    assert plan["prompt"] == BASE["prompt"]
    assert plan["source"]["planner"] == "offline"
    assert len(plan["regions"]) == 2
    assert "red circle" in plan["regions"][0]["prompt"]
    assert "blue square" in plan["regions"][1]["prompt"]
    assert host.json("POST", "/rpg/plan", body) == plan


def test_planned_answer_can_be_drawn(host: Client) -> None:
    plan = host.json("POST", "/rpg/plan", {"prompt": BASE["prompt"], "width": 64, "height": 64})
    assert host.regional({"plan": plan}).pixels.shape == (1, 64, 64, 3)


def test_layout_route_gives_cells_in_pixels_and_tokens(host: Client) -> None:
    answer = host.json("POST", "/rpg/layout", {"split_ratio": "1,2;1,1", "width": 192, "height": 128})
    assert [cell["pixels"] for cell in answer["cells"]] == [[0, 0, 192, 64], [0, 64, 192, 128]]
    assert answer["cells"][0]["grid"]["8"] == [0, 0, 24, 8]
    row = host.json("POST", "/rpg/layout", {"split_ratio": "1,2", "width": 192, "height": 128})
    assert [cell["pixels"] for cell in row["cells"]] == [[0, 0, 64, 128], [64, 0, 192, 128]]


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        ("/rpg/plan", {}, "prompt"),
        ("/rpg/plan", {"prompt": "a cat", "colour": "red"}, "colour"),
        ("/rpg/plan", {"prompt": "a cat", "planner": "oracle"}, "oracle"),
        ("/rpg/plan", {"prompt": "a cat", "width": "wide"}, "width"),
        ("/rpg/layout", {"split_ratio": "1,,2", "width": 64, "height": 64}, "1,,2"),
        ("/rpg/layout", {"split_ratio": "1,2", "width": 100, "height": 64}, "100"),
        ("/rpg/layout", {"split_ratio": "1,2", "width": 0, "height": 64}, "width"),
        ("/rpg/layout", {"ratio": "1,2"}, "ratio"),
    ],
)
def test_routes_refuse_bad_bodies_in_words(host: Client, path: str, body: dict, word: str) -> None:
    response = host.post(path, body)
    assert 400 <= response.status_code < 500, response.text
    assert word in response.json()["detail"]


FORMS: dict[str, dict[str, Any]] = {
    "plan": {"plan": plan_of("a red circle", "a green square")},
    "offline planner": {"planner": "offline"},
    "text with base": {
        "regional_prompt": "navy background ADDBASE a red circle BREAK a green square",
        "split_ratio": "1,1",
    },
    "text and base prompt": {
        "regional_prompt": "a red circle BREAK a green square",
        "split_ratio": "1,1",
        "base_prompt": "navy background",
        "base_ratio": 0.4,
        "negative_prompt": "a ring",
    },
    "rows": {"plan": plan_of("a red circle", "a green square", "a blue ring", split_ratio="1,1;2,1,1")},
    "boxes": {
        "plan": plan_of(
            {"prompt": "a red circle", "box": [0, 0, 0.6, 0.6]},
            {"prompt": "a green square", "box": [0.4, 0.4, 0.6, 0.6], "weight": 0.5},
            layout="boxes",
            split_ratio="",
        )
    },
    "region negatives and ratios": {
        "plan": plan_of(
            {"prompt": "a red circle", "negative_prompt": "a ring", "base_ratio": 0.0},
            {"prompt": "a green square", "weight": 0.7},
        )
    },
}


@pytest.mark.parametrize("tab", ["txt2img", "img2img"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_argument_draws_regions(host: Client, fresh: dict[str, Drawn], tab: str, form: str) -> None:
    extra: dict[str, Any] = {}
    if tab == "img2img":
        extra = {
            "init_images": [encoded(fresh["Euler"].pngs[0])],
            "denoising_strength": 0.8,
        }
    plain = host.reference(tab=tab, **extra)
    drawn = host.regional(FORMS[form], tab=tab, **extra)
    assert drawn.pixels.shape == plain.pixels.shape == (1, 64, 64, 3)
    assert difference(drawn.pixels, plain.pixels) > 0.5, "the regions changed nothing"
    assert "RPG plan" in drawn.infotexts[0]


def test_text_and_plan_that_say_the_same_draw_the_same(host: Client) -> None:
    plan = plan_of("a red circle", "a green square", base_prompt="navy background", base_ratio=0.3)
    text = {"regional_prompt": "navy background ADDBASE a red circle BREAK a green square", "split_ratio": "1,1"}
    assert (host.regional({"plan": plan}).pixels == host.regional({**text, "base_ratio": 0.3}).pixels).all()


SAME: dict[str, dict[str, Any]] = {
    "grid": plan_of("a red circle", {"prompt": "a green square", "negative_prompt": "a ring", "base_ratio": 0.6}),
    "rows, feather and times": plan_of(
        {"prompt": "a red circle", "start": 0.25},
        "a green square",
        {"prompt": "a blue ring", "end": 0.75, "entities": [{"phrase": "ring", "count": 2}]},
        split_ratio="1,1;2,1,1",
        feather=0.1,
        negative_prompt="a triangle",
    ),
    "boxes and a mask": plan_of(
        {"prompt": "a red circle", "box": [0, 0, 0.5, 1], "mask": png_of(np.eye(8) * 255)},
        {"prompt": "a green square", "box": [0.25, 0.25, 0.75, 0.75], "weight": 0.5},
        layout="boxes",
        split_ratio="",
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_a_plan_draws_the_same_picture_by_api_by_panel_and_by_infotext(host: Client, name: str) -> None:
    plan = SAME[name]
    drawn = host.regional({"plan": plan})
    assert difference(drawn.pixels, host.reference().pixels) > 0.5, "the regions changed nothing"
    # What the panel keeps once it has shown a plan: the plan, and its text form in the fields.
    state = {"plan": plan, **text_fields(Plan.from_dict(plan))}
    for args in ([True, json.dumps({"plan": plan})], [True, json.dumps(state)], [{"enabled": True, **state}]):
        again = host.generate("txt2img", {**BASE, "alwayson_scripts": {"RPG": {"args": args}}})
        assert (again.pixels == drawn.pixels).all()
    pasted = host.generate("txt2img", {"infotext": drawn.infotexts[0]})
    assert (pasted.pixels == drawn.pixels).all()
    assert pasted.infotexts == drawn.infotexts


def test_the_schema_is_that_of_the_host_and_takes_what_is_drawn(host: Client) -> None:
    schema = host.json("GET", "/rpg/schema")
    validator = Draft202012Validator(schema)
    for form in (*FORMS.values(), *({"plan": plan} for plan in SAME.values())):
        validator.validate({"enabled": True, **form})
    assert not validator.is_valid({"strength": 1})
    body = Draft202012Validator(schema["routes"]["POST /rpg/plan"])
    body.validate({"prompt": BASE["prompt"], "width": 192, "height": 128, "planner": "offline"})
    assert not body.is_valid({"planner": "offline"})


@pytest.mark.parametrize(("text", "read"), [("1，1；2，1", "1,1;2,1"), ("0,5,0,5", "0.5, 0.5"), ("１、２", "1,2")])
def test_the_layout_route_mends_a_ratio_as_the_panel_does_and_says_so(host: Client, text: str, read: str) -> None:
    size = {"width": 64, "height": 64}
    answer = host.json("POST", "/rpg/layout", {"split_ratio": text, **size})
    plain = host.json("POST", "/rpg/layout", {"split_ratio": read, **size})
    assert answer["split_ratio"] == read and answer["cells"] == plain["cells"]
    assert repr(text) in answer["notes"][0] and repr(read) in answer["notes"][0]
    assert set(plain) == {"split_ratio", "cells"}


def test_switched_off_is_plain(host: Client, fresh: dict[str, Drawn], plan: dict) -> None:
    request = request_of({"enabled": False, "plan": plan})
    drawn = host.generate("txt2img", request)
    assert (drawn.pixels == fresh["Euler"].pixels).all()
    assert drawn.infotexts == fresh["Euler"].infotexts


def test_the_panels_own_form_is_taken_too(host: Client, plan: dict) -> None:
    request = {**BASE, "alwayson_scripts": {"RPG": {"args": [True, json.dumps({"plan": plan})]}}}
    assert (host.generate("txt2img", request).pixels == host.regional({"plan": plan}).pixels).all()


def test_regions_equal_to_the_base_prompt_draw_the_plain_picture(host: Client) -> None:
    same = plan_of(BASE["prompt"], BASE["prompt"], base_prompt=BASE["prompt"], base_ratio=0.3)
    for size in ({}, {"width": 96, "height": 64}):
        assert alike(host.regional({"plan": same}, **size).pixels, host.reference(**size).pixels)


def test_regions_stand_where_the_plan_says(host: Client) -> None:
    """With the base off, a row of two cells draws its left half in the left prompt's colours and so the right."""
    left, right = "a red circle, gray background", "a blue circle, gray background"
    shares = []
    for regions in ((left, right), (right, left)):
        drawn = host.regional(
            {"plan": plan_of(*regions, base_prompt="two circles, gray background", base_ratio=0.1)},
            width=256,
            height=128,
            steps=12,
            cfg_scale=5,
            batch_size=2,
        )
        red = drawn.pixels[..., 0].astype(float) - drawn.pixels[..., 2]  # red less blue
        half = red.shape[-1] // 2
        shares.append(red[..., :half].mean() - red[..., half:].mean())
    assert shares[0] > 0 > shares[1], shares
