"""The extension's face in the API: its script, its routes, the forms of its one argument."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.client import BASE, Client, Drawn, alike, difference, encoded, plan_of, request_of


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
