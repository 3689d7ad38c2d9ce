"""The panel without a browser: what its handlers answer, and what of it the WebUI gets to see."""

from __future__ import annotations

import json

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg import planner
from lib_rpg.errors import RpgError
from lib_rpg.plan import Entity, Plan, Region
from lib_rpg.webui import panel
from lib_rpg.webui.args import read_args

PROMPT = "a red circle on the left and a blue square on the right, navy background"
PLAN = Plan(
    prompt="cat and dog",
    base_prompt="a cat and a dog",
    base_ratio=0.5,
    negative_prompt="cars",
    split_ratio="1,2",
    regions=(Region("a cat", name="cat", entities=(Entity("cat"),)), Region("a dog")),
)


def context(prompt: str = "", width: int = 512, height: int = 512) -> str:
    return json.dumps({"prompt": prompt, "width": width, "height": height})


def check(document: object, tab: str | None = None) -> dict:
    state = document if isinstance(document, str) else json.dumps(document)
    view = json.loads(panel.check_document(state, tab or context(), "offline"))
    assert view["state"] == state
    assert view["context"] == (tab or context())
    return view


def press_plan(document: object, tab: str) -> tuple[dict, dict]:
    """The document and the view after Plan; an empty document if it is left as it was."""
    made, view = panel.plan_document(json.dumps(document), tab, "offline")
    return (json.loads(made) if isinstance(made, str) else {}), json.loads(view)


def test_a_plan_is_shown_with_its_names():
    view = check({"plan": PLAN.to_dict()})
    assert (view["level"], view["message"]) == ("ok", "2 regions.")
    assert [cell["label"] for cell in view["cells"]] == ["cat", "a dog"]
    assert view["cells"][1]["box"] == pytest.approx([1 / 3, 0, 2 / 3, 1])


def test_typed_regions_are_shown():
    view = check({"split_ratio": "1;1", "regional_prompt": "sky BREAK sea"}, context("a shore"))
    assert view["level"] == "ok"
    assert [cell["prompt"] for cell in view["cells"]] == ["sky", "sea"]


def test_an_empty_document_shows_what_generate_will_plan():
    view = check("", context(PROMPT))
    assert view["level"] == "note"
    assert view["message"].startswith("Nothing is set: Generate will plan 2 regions")
    plan = read_args((True, "")).plan_for(PROMPT, 512, 512)
    assert [cell["prompt"] for cell in view["cells"]] == [region.prompt for region in plan.regions]


def test_nothing_at_all_is_no_error():
    view = check("")
    assert view["level"] == "note"
    assert view["cells"] == []


def test_a_planner_that_costs_something_is_not_asked_for_a_preview(monkeypatch):
    def expensive(request):
        raise AssertionError("asked")

    monkeypatch.setitem(planner.PLANNERS, "expensive", expensive)
    view = json.loads(panel.check_document("", context(PROMPT), "expensive"))
    assert view["level"] == "note"
    assert "expensive" in view["message"]


def test_notes_of_the_planner_are_told():
    document = {**PLAN.to_dict(), "source": {"planner": "offline", "notes": ["'mist' was left out.", "one more"]}}
    assert check({"plan": document}, context("cat and dog"))["message"] == "2 regions. 'mist' was left out. one more."


def test_a_plan_of_another_prompt_is_told():
    document = {"plan": {**PLAN.to_dict(), "source": {"planner": "offline"}}}
    assert check(document, context(" cat  and dog"))["level"] == "ok"
    assert "another prompt" in check(document, context("a horse"))["message"]
    assert "another prompt" in check({**document, "prompt": "a horse"}, context("cat and dog"))["message"]


@pytest.mark.parametrize(
    ("document", "tab", "words", "cells"),
    [
        ("{", context(), "not JSON", 0),
        ("[]", context(), "object", 0),
        ({"colour": 1}, context(), "colour", 0),
        ({"split_ratio": ["1"]}, context(), "split_ratio", 0),
        ({"split_ratio": "1;;2", "regional_prompt": "a BREAK b"}, context(), "'1;;2'", 0),
        ({"split_ratio": "1,1", "regional_prompt": "a"}, context(), "2 cells for 1 prompt", 2),
        ({"split_ratio": "1,1", "regional_prompt": "a BREAK "}, context(), "region 2 of 2 is empty", 2),
        ({"plan": {**PLAN.to_dict(), "version": 9}}, context(), "version", 2),
        ({"plan": [1]}, context(), "plan", 0),
        ({"plan": PLAN.to_dict(), "base_ratio": 7}, context(), "base_ratio", 2),
        ({"plan": PLAN.to_dict()}, context(width=514), "514 is not a multiple of 8", 2),
    ],
)
def test_a_fault_is_one_sentence_and_the_cells_stay(document, tab: str, words: str, cells: int):
    view = check(document, tab)
    assert view["level"] == "error"
    assert words in view["message"]
    assert "\n" not in view["message"]
    assert len(view["cells"]) == cells


@given(st.text(), st.text(), st.text())
def test_whatever_is_typed_is_answered_without_a_failure(ratio: str, regional: str, base: str):
    typed = {"split_ratio": ratio, "regional_prompt": regional, "base_prompt": base}
    view = check(typed, context("a cat"))
    assert "failed" not in view["message"] or "failed" in ratio + regional + base
    try:
        plan = read_args((True, json.dumps(typed))).plan_for("a cat", 512, 512)
    except RpgError as error:
        assert (view["level"], view["message"]) == ("error", str(error))
    else:
        assert len(view["cells"]) == len(plan.regions)


def test_plan_replaces_the_regions_and_keeps_what_was_set():
    before = {
        "plan": PLAN.to_dict(),
        "split_ratio": "1,1,",
        "base_ratio": 0.7,
        "negative_prompt": "cars, blurry",
        "prompt": PROMPT,
    }
    made, view = press_plan(before, context("not this"))
    plan = Plan.from_dict(made["plan"])
    assert plan.prompt == PROMPT
    assert "split_ratio" not in made
    assert (made["prompt"], made["base_ratio"]) == (PROMPT, 0.7)
    # "cars" was the old plan's own, "blurry" was typed.
    assert "blurry" in made["negative_prompt"]
    assert "cars" not in made["negative_prompt"]
    assert view["level"] == "ok"
    drawn = read_args((True, json.dumps(made))).plan_for("", 512, 512)
    assert (drawn.base_ratio, drawn.negative_prompt) == (0.7, made["negative_prompt"])


def test_plan_takes_the_planners_base_ratio_and_negatives_where_none_were_set():
    made, _ = press_plan(
        {"plan": PLAN.to_dict()}, context("a street on the left and a park on the right, without cars")
    )
    assert list(made) == ["plan"]
    assert made["plan"]["base_ratio"] != PLAN.base_ratio


def test_plan_takes_the_tabs_prompt_and_size(monkeypatch):
    asked = []

    def remember(request):
        asked.append(request)
        return PLAN

    monkeypatch.setitem(planner.PLANNERS, "offline", remember)
    press_plan({"prompt": "  "}, context("two dogs", 768, 1024))
    assert asked == [planner.PlanRequest("two dogs", width=768, height=1024)]


def test_plan_of_nothing_leaves_the_document(monkeypatch):
    made, view = press_plan({"split_ratio": "1,"}, context(" "))
    assert made == {}
    assert view["level"] == "error"
    assert "nothing to plan" in view["message"]
    assert json.loads(view["state"]) == {"split_ratio": "1,"}


def test_a_failing_planner_ends_as_one_sentence(monkeypatch, caplog):
    def fail(request):
        raise KeyError("gone")

    monkeypatch.setitem(planner.PLANNERS, "offline", fail)
    made, view = press_plan({}, context(PROMPT))
    assert made == {}
    assert (view["level"], view["message"]) == (
        "error",
        "RPG's panel failed (KeyError: 'gone'); the console has the details.",
    )
    assert "Traceback" in caplog.text
    assert check("", context(PROMPT))["level"] == "error"


@pytest.fixture
def built():
    """The panels of both tabs and every component of the page that holds them."""
    with gr.Blocks() as blocks:
        panels = [panel.build(is_img2img, f"script_{is_img2img}_rpg_{{}}".format) for is_img2img in (False, True)]
    return panels, list(blocks.blocks.values())


def test_ui_returns_switch_and_state(built):
    (txt2img, img2img), _ = built
    assert txt2img.enabled.value is False
    assert (txt2img.enabled.label, txt2img.state.label) == ("RPG regions", "RPG state")
    assert txt2img.state.value in ("", None)
    assert txt2img.state.elem_id != img2img.state.elem_id


def test_only_the_switch_is_saved_to_ui_config(built):
    """The WebUI saves every labelled component or button that does not ask it not to."""
    panels, components = built
    switches = [part for made in panels for part in (made.enabled, made.enabled.accordion)]
    savable = [
        component
        for component in components
        if isinstance(component, (gr.Button, gr.Accordion, gr.components.FormComponent))
        and not getattr(component, "do_not_save_to_config", False)
    ]
    assert {id(component) for component in savable} == {id(component) for component in switches}


def test_ids_are_unique(built):
    _, components = built
    ids = [component.elem_id for component in components if component.elem_id]
    assert len(ids) == len(set(ids))


def test_prompts_ask_for_tag_completion(built):
    _, components = built
    completed = {
        component.label for component in components if "prompt" in (getattr(component, "elem_classes", []) or [])
    }
    assert completed == {"Prompt to plan", "Regional prompt", "Base prompt", "Negative additions"}
