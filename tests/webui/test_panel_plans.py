"""Plans on the canvas that are not whole yet: unfinished documents, growing answers, one region planned anew."""

from __future__ import annotations

import json

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg import planner
from lib_rpg.plan import Plan, Region
from lib_rpg.planner import PlannerConfig, PlanRequest
from lib_rpg.webui.options import Defaults
from lib_rpg.webui.panel.growing import growing_plan
from lib_rpg.webui.panel.planning import KEEP, Planning
from lib_rpg.webui.panel.unfinished import unfinished_plan

GRID = Plan(split_ratio="1,2", regions=(Region("a cat", weight=2.0), Region("a dog")))
BOXES = Plan(layout="boxes", regions=(Region("a cat", box=(0, 0, 0.5, 1)), Region("a dog", box=(0.5, 0.5, 0.5, 0.5))))


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"split_ratio": "1,1"}, ["", ""]),
        ({"split_ratio": "1,1", "regional_prompt": "a cat"}, ["a cat", ""]),
        ({"split_ratio": "1,1", "regional_prompt": "a cat BREAK a dog ADDCOL a bird"}, ["a cat", "a dog"]),
        ({"split_ratio": "1;1,1", "regional_prompt": "a room ADDBASE a cat BREAK a dog"}, ["a cat", "a dog"]),
        ({"plan": GRID.to_dict(), "base_ratio": 7}, ["a cat", "a dog"]),
        ({"plan": GRID.to_dict(), "split_ratio": "1,1,1"}, ["a cat", "a dog", ""]),
        ({"plan": BOXES.to_dict(), "regional_prompt": "a lion"}, ["a lion", ""]),
    ],
)
def test_an_unfinished_document_has_its_cells_and_as_many_words_as_there_are(document: dict, words: list[str]) -> None:
    plan = unfinished_plan(json.dumps(document))
    assert plan is not None and [region["prompt"] for region in plan["regions"]] == words
    assert all(len(region["box"]) == 4 for region in plan["regions"])


def test_what_is_before_addbase_is_the_base_prompt_of_an_unfinished_plan() -> None:
    plan = unfinished_plan(json.dumps({"split_ratio": "1,1", "regional_prompt": "a room ADDBASE a cat"}))
    assert plan is not None and plan["base_prompt"] == "a room"


def test_an_unfinished_plan_keeps_what_regions_have_where_the_cells_are_as_many() -> None:
    plan = unfinished_plan(json.dumps({"plan": GRID.to_dict(), "regional_prompt": "a BREAK b BREAK c"}))
    assert plan is not None and plan["regions"][0]["weight"] == 2.0


@pytest.mark.parametrize(
    "state", ["", "{", "[]", '{"plan": 3}', '{"split_ratio": "1,,"}', '{"plan": {"layout": "boxes"}}']
)
def test_without_cells_there_is_nothing_to_draw(state: str) -> None:
    assert unfinished_plan(state) is None


def test_an_answer_grows_region_by_region() -> None:
    answer = (
        '{"rows": [{"height": 1, "cells": [{"width": 1, "prompt": "a red cup"}, {"width": 1, "prompt": "a dog"}]}]}'
    )
    request = PlanRequest("a red cup and a dog")
    counts = [len(plan["regions"]) for end in range(len(answer)) if (plan := growing_plan(answer[:end], request))]
    assert counts == sorted(counts) and {1, 2} <= set(counts)
    assert (
        growing_plan("", request)
        is growing_plan("Let me think", request)
        is growing_plan("x" * 300_000, request)
        is None
    )


def anew(document: dict, index: int, monkeypatch: pytest.MonkeyPatch, plan: Plan = GRID) -> tuple[dict | None, dict]:
    monkeypatch.setattr(planner, "plan", lambda *_, **__: plan)
    planning = Planning(Defaults, lambda: PlannerConfig(cache=None))
    context = json.dumps({"prompt": "a cat and a dog", "width": 512, "height": 512})
    *_, last = planning.plan(json.dumps(document), context, anew=index)
    return last.document and json.loads(last.document), json.loads(last.view)


def test_one_region_is_taken_from_the_new_plan_and_what_was_set_for_it_stays(monkeypatch) -> None:
    old = Plan(split_ratio="1,2", regions=(Region("a lion", start=0.2, negative_prompt="x"), Region("a wolf")))
    made, view = anew({"plan": old.to_dict(), "base_ratio": 0.7, "method": "lmd"}, 0, monkeypatch)
    assert made is not None
    plan = Plan.from_dict(made["plan"])
    assert [region.prompt for region in plan.regions] == ["a cat", "a wolf"]
    assert (plan.regions[0].start, plan.regions[0].negative_prompt, plan.base_ratio) == (0.2, "x", 0.7)
    assert made["method"] == "lmd" and "base_ratio" not in made and view["level"] in ("ok", "stale")


def test_the_region_in_the_same_place_is_taken_where_the_new_plan_has_more(monkeypatch) -> None:
    three = Plan(split_ratio="1,1,2", regions=(Region("a"), Region("b"), Region("c")))
    made, _ = anew({"plan": GRID.to_dict()}, 1, monkeypatch, three)
    assert made is not None and [region["prompt"] for region in made["plan"]["regions"]] == ["a cat", "c"]


def test_the_same_words_are_said(monkeypatch) -> None:
    document, view = anew({"plan": GRID.to_dict()}, 1, monkeypatch)
    assert document is not None and "gives region 2 the same words: 'a dog'" in view["message"]


@pytest.mark.parametrize(
    ("document", "index", "words"), [({}, 0, "no plan yet"), ({"plan": GRID.to_dict()}, -1, "No region")]
)
def test_without_a_plan_or_a_region_nothing_changes(document: dict, index: int, words: str, monkeypatch) -> None:
    made, view = anew(document, index, monkeypatch)
    assert made is KEEP and view["level"] == "error" and words in view["message"]
