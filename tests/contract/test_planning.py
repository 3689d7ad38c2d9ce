"""Planning over the API: what a caller may choose, what stays the user's, and refusals that cost no picture."""

from __future__ import annotations

import json

import pytest

from tests.contract.client import BASE, Client, HostError

ANSWER = json.dumps(
    {
        "base_prompt": "a red circle and a blue square",
        "negative_prompt": "green",
        "rows": [
            {"height": 1, "cells": [{"width": 1, "prompt": "a red circle"}, {"width": 2, "prompt": "a blue square"}]}
        ],
    }
)
PRIVATE = ("rpg_base_url", "rpg_provider", "rpg_model", "rpg_key", "rpg_local_folder", "rpg_templates", "rpg_providers")


def test_status_lists_the_planners(host: Client) -> None:
    assert host.json("GET", "/rpg/status")["planners"] == ["offline", "openai", "local", "paste"]


def test_the_gallery_can_be_drawn(host: Client) -> None:
    examples = host.json("GET", "/rpg/gallery")["examples"]
    assert len(examples) >= 12
    boxes = next(example["plan"] for example in examples if example["plan"]["layout"] == "boxes")
    grid = next(example["plan"] for example in examples if ";" in example["plan"]["split_ratio"])
    for plan in (boxes, grid):
        assert host.regional({"plan": plan}, prompt="").pixels.shape == (1, 64, 64, 3)


def test_a_chat_pages_answer_is_a_plan(host: Client) -> None:
    request = {"prompt": BASE["prompt"], "width": 192, "height": 128, "method": "rpg"}
    text = host.json("POST", "/rpg/request", request)["text"]
    assert text.endswith(f"Caption (192 × 128): {BASE['prompt']}")
    plan = host.json("POST", "/rpg/plan", {**request, "planner": "paste", "answer": f"Here:\n```json\n{ANSWER}\n```"})
    assert plan["split_ratio"] == "1,2" and plan["negative_prompt"] == "green"
    assert plan["source"]["planner"] == "paste"
    assert host.regional({"plan": plan}).pixels.shape == (1, 64, 64, 3)


@pytest.mark.parametrize("method", ["rpg", "rag", "lmd"])
def test_the_offline_planner_knows_every_method(host: Client, method: str) -> None:
    plan = host.json("POST", "/rpg/plan", {"prompt": BASE["prompt"], "planner": "offline", "method": method})
    assert plan["layout"] == ("boxes" if method == "lmd" else "grid")
    drawn = host.regional({"planner": "offline", "method": method})
    assert '\\"layout\\": \\"boxes\\"' in drawn.infotexts[0] or method != "lmd"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"planner": "openai"}, "needs a key"),
        ({"planner": "local"}, "folder"),
        ({"planner": "paste"}, "'paste' has no model to ask"),
        ({"planner": "paste", "answer": "no"}, "no plan was found in the answer"),
        ({"planner": "offline", "answer": "{}"}, "answer needs the planner paste"),
        ({"method": "grid"}, "method: 'grid' is not known"),
        ({"examples": "none"}, "examples: 'none' is not known"),
        ({"recaption": "yes"}, "recaption must be true or false"),
        ({"picture": "%%%"}, "picture is not an image file in base64"),
        ({"base_url": "http://example.com"}, "Unknown key 'base_url'"),
        ({"model": "gpt-5"}, "Unknown key 'model'"),
        ({"key": "sk-1"}, "Unknown key 'key'"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_a_sentence(host: Client, body: dict, words: str) -> None:
    with pytest.raises(HostError) as caught:
        host.json("POST", "/rpg/plan", {"prompt": BASE["prompt"], **body})
    assert caught.value.status == 422
    assert words in caught.value.sentence


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ({"planner": "openai"}, "needs a key"),
        ({"planner": "local", "method": "lmd"}, "folder"),
        ({"planner": "paste"}, "'paste' has no model to ask"),
        ({"planner": "offline", "method": "grid"}, "method: 'grid' is not known"),
        ({"planner": "openai", "base_url": "http://example.com"}, "base_url"),
    ],
)
def test_a_generation_that_cannot_be_planned_draws_nothing(host: Client, argument: dict, words: str) -> None:
    with pytest.raises(HostError) as caught:
        host.regional(argument)
    assert caught.value.status == 422
    assert words in caught.value.sentence
    assert host.plain().pixels.shape == (1, 64, 64, 3)


def test_a_caller_cannot_say_where_prompts_are_sent(host: Client) -> None:
    before = host.json("GET", "/sdapi/v1/options")
    host.post("/sdapi/v1/options", dict.fromkeys(PRIVATE, "http://evil.example"))
    after = host.json("GET", "/sdapi/v1/options")
    assert {name: after.get(name) for name in PRIVATE} == {name: before.get(name) for name in PRIVATE}
    settings = dict.fromkeys(PRIVATE, "http://evil.example")
    with pytest.raises(HostError) as caught:
        host.regional({"planner": "openai"}, override_settings=settings)
    assert "evil" not in caught.value.sentence and "needs a key" in caught.value.sentence
