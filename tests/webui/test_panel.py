"""The panel without a browser: what its handlers answer, and what of it the WebUI gets to see."""

from __future__ import annotations

import json
import threading
import time
from types import SimpleNamespace

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg import planner
from lib_rpg.errors import RpgError
from lib_rpg.plan import Entity, Plan, Region
from lib_rpg.planner import CancelledPlanError, PlannerConfig, UnusableAnswerError
from lib_rpg.webui.args import read_args
from lib_rpg.webui.options import Defaults
from lib_rpg.webui.panel.build import build
from lib_rpg.webui.panel.events import picture_bytes
from lib_rpg.webui.panel.planning import KEEP, Planning, Step
from lib_rpg.webui.panel.view import check_document

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
    view = json.loads(check_document(state, tab or context(), Defaults()))
    assert view["state"] == state
    assert view["context"] == (tab or context())
    return view


def drawn(view: dict) -> list[dict]:
    """The regions on the canvas."""
    return view["plan"]["regions"] if view["plan"] else []


def press_plan(document: object, tab: str) -> tuple[dict, dict]:
    """The document and the view after Plan; an empty document if it is left as it was."""
    *_, last = planning().plan(json.dumps(document), tab)
    return json.loads(last.document or "{}"), json.loads(last.view)


def planning(planner: str = "offline") -> Planning:
    return Planning(lambda: Defaults(planner), lambda: PlannerConfig(cache=None))


def test_a_plan_is_shown_with_its_names():
    view = check({"plan": PLAN.to_dict()})
    assert (view["level"], view["message"]) == ("ok", "2 regions.")
    assert [region["name"] or region["prompt"] for region in drawn(view)] == ["cat", "a dog"]
    assert drawn(view)[1]["box"] == pytest.approx([1 / 3, 0, 2 / 3, 1])


def test_typed_regions_are_shown():
    view = check({"split_ratio": "1;1", "regional_prompt": "sky BREAK sea"}, context("a shore"))
    assert view["level"] == "ok"
    assert [region["prompt"] for region in drawn(view)] == ["sky", "sea"]


def test_an_empty_document_shows_what_generate_will_plan():
    view = check("", context(PROMPT))
    assert view["level"] == "note"
    assert view["message"].startswith("Nothing is set: Generate will plan 2 regions")
    plan = read_args((True, "")).plan_for(PROMPT, 512, 512)
    assert [region["prompt"] for region in drawn(view)] == [region.prompt for region in plan.regions]


def test_nothing_at_all_is_no_error():
    view = check("")
    assert view["level"] == "note"
    assert view["plan"] is None


def test_a_planner_that_costs_something_is_not_asked_for_a_preview(monkeypatch):
    def expensive(*_, **__):
        raise AssertionError("asked")

    monkeypatch.setattr(planner, "plan", expensive)
    view = json.loads(check_document("", context(PROMPT), Defaults("openai")))
    assert (view["level"], view["message"]) == ("note", "Nothing is set: Generate will ask openai for regions.")
    view = json.loads(check_document("", context(PROMPT), Defaults("paste")))
    assert "copy into a chat page" in view["message"]


@pytest.mark.parametrize("name", planner.PLANNERS)
def test_a_layout_that_is_typed_needs_no_planner(name):
    typed = "ink ADDCOMM a cat ADDROW a dog"
    view = json.loads(check_document("", context(typed), Defaults(name)))
    assert [region["prompt"] for region in drawn(view)] == ["ink, a cat", "ink, a dog"]
    assert "no planner chose them" in view["message"]
    [step] = planning().plan(json.dumps({"planner": name}), context(typed))
    assert json.loads(step.document)["plan"]["split_ratio"] == "1;1"
    assert not step.request and json.loads(step.view)["level"] == "ok"
    view = json.loads(check_document("", context("a cat ADDROW"), Defaults(name)))
    assert (view["level"], view["message"]) == (
        "error",
        "prompt: region 2 of 2 is empty; write it, or remove a separator",
    )


def test_notes_of_the_planner_are_shown():
    document = {**PLAN.to_dict(), "source": {"planner": "offline", "notes": ["'mist' was left out.", "one more"]}}
    assert check({"plan": document}, context("cat and dog"))["message"] == "2 regions. 'mist' was left out. one more."


def test_guesses_are_shown_apart_and_go_with_the_plan_of_another_prompt():
    notes = ["guess: 'birds' gives no number", "the picture was not used"]
    document = {"plan": {**PLAN.to_dict(), "source": {"planner": "offline", "notes": notes}}}
    view = check(document, context("cat and dog"))
    assert (view["level"], view["message"]) == ("ok", "2 regions. the picture was not used.")
    assert view["guesses"] == ["'birds' gives no number"]
    assert check(document, context("a horse"))["guesses"] == []
    assert check("", context("several birds"))["guesses"] == [
        "'several birds' gives no number; kept together in one cell"
    ]
    assert check("", context(PROMPT))["guesses"] == check("{", context(PROMPT))["guesses"] == []


def test_a_plan_of_another_prompt_is_noted():
    document = {"plan": {**PLAN.to_dict(), "source": {"planner": "offline"}}}
    assert check(document, context(" cat  and dog"))["level"] == "ok"
    assert "another prompt" in check(document, context("a horse"))["message"]
    assert "another prompt" in check({**document, "prompt": "a horse"}, context("cat and dog"))["message"]
    assert check(document, context("# pets\ncat and dog # mice"))["level"] == "ok"
    assert check({**document, "prompt": "# later"}, context("cat and dog"))["level"] == "ok"


def test_a_preview_has_no_comments():
    cells = drawn(check("", context(PROMPT)))
    assert cells and drawn(check("", context(f"{PROMPT} # and a dog"))) == cells
    assert "Type a prompt" in check("", context("# and a dog"))["message"]


@pytest.mark.parametrize(
    ("document", "tab", "words", "cells"),
    [
        ("{", context(), "not JSON", 0),
        ("[]", context(), "object", 0),
        ({"colour": 1}, context(), "colour", 0),
        ({"split_ratio": ["1"]}, context(), "split_ratio", 0),
        ({"split_ratio": "1;;2", "regional_prompt": "a BREAK b"}, context(), "'1;;2'", 0),
        ({"split_ratio": "1,1", "regional_prompt": "a"}, context(), "2 cells for 1 prompt", 2),
        ({"split_ratio": "1", "regional_prompt": "BREAK"}, context(), "region 1 of 2 is empty", 1),
        ({"plan": {**PLAN.to_dict(), "version": 9}}, context(), "version", 2),
        ({"plan": [1]}, context(), "plan", 0),
        ({"plan": PLAN.to_dict(), "base_ratio": 7}, context(), "base_ratio", 2),
    ],
)
def test_a_fault_is_one_sentence_and_the_cells_stay(document, tab: str, words: str, cells: int):
    view = check(document, tab)
    assert view["level"] == "error"
    assert words in view["message"]
    assert "\n" not in view["message"]
    assert len(drawn(view)) == cells


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
        assert len(drawn(view)) == len(plan.regions)


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
    plan = read_args((True, json.dumps(made))).plan_for("", 512, 512)
    assert (plan.base_ratio, plan.negative_prompt) == (0.7, made["negative_prompt"])


def test_plan_takes_the_planners_base_ratio_and_negatives_where_none_were_set():
    made, _ = press_plan(
        {"plan": PLAN.to_dict()}, context("a street on the left and a park on the right, without cars")
    )
    assert list(made) == ["plan"]
    assert made["plan"]["base_ratio"] != PLAN.base_ratio


def test_plan_takes_the_tabs_prompt_and_size(monkeypatch):
    asked = []

    def remember(request, name):
        asked.append(request)
        return PLAN

    monkeypatch.setattr(planner, "plan", remember)
    press_plan({"prompt": "  "}, context("two dogs", 768, 1024))
    assert asked == [planner.PlanRequest("two dogs", width=768, height=1024)]


def test_plan_of_nothing_leaves_the_document(monkeypatch):
    made, view = press_plan({"split_ratio": "1,"}, context(" "))
    assert made == {}
    assert view["level"] == "error"
    assert "nothing to plan" in view["message"]
    assert json.loads(view["state"]) == {"split_ratio": "1,"}


def test_a_failing_planner_ends_as_one_sentence(monkeypatch, caplog):
    def fail(*_, **__):
        raise KeyError("gone")

    monkeypatch.setattr(planner, "plan", fail)
    made, view = press_plan({}, context(PROMPT))
    assert made == {}
    assert (view["level"], view["message"]) == (
        "error",
        "RPG's panel failed (KeyError: 'gone'); the console has the details.",
    )
    assert "Traceback" in caplog.text


def ask(monkeypatch, answer, document: object = "", **options) -> list[Step]:
    """The steps of a Plan whose model does what ``answer`` does with the request and the hooks."""
    monkeypatch.setattr(planner, "plan", lambda request, name, **given: answer(request, given["hooks"]))
    return list(planning("openai").plan(json.dumps(document) if document else "", context(PROMPT), **options))


def test_a_model_is_heard_while_it_answers(monkeypatch):
    def answer(request, hooks):
        hooks.on_status("The model writes.")
        hooks.on_text('{"rows": [')
        time.sleep(0.4)
        return PLAN

    *growing, last = ask(monkeypatch, answer)
    heard = json.loads(growing[0].progress)
    assert (heard["message"], heard["answer"]) == ("The model writes.", '{"rows": [')
    assert all(step.document is KEEP and step.view is KEEP for step in growing)
    assert json.loads(last.document)["plan"] == PLAN.to_dict()
    assert last.progress == ""


def test_cancel_stops_the_model_and_leaves_the_document(monkeypatch):
    run = planning("openai")

    def answer(request, name, *, hooks, **_):
        while True:
            hooks.check()
            time.sleep(0.01)

    monkeypatch.setattr(planner, "plan", answer)
    steps = run.plan("", json.dumps({**json.loads(context(PROMPT)), "run": "7"}))
    next(steps)
    run.cancel("8")
    next(steps)
    run.cancel("7")
    *_, last = steps
    assert last.document is KEEP
    view = json.loads(last.view)
    assert (view["level"], view["message"]) == ("note", "planning was cancelled; the plan is as it was before")
    run.cancel("7")


def test_a_page_that_goes_away_stops_the_model(monkeypatch):
    stopped = threading.Event()

    def answer(request, name, *, hooks, **_):
        while not hooks.cancelled():
            time.sleep(0.01)
        stopped.set()
        raise CancelledPlanError("gone")

    monkeypatch.setattr(planner, "plan", answer)
    steps = planning("openai").plan("", context(PROMPT))
    next(steps)
    steps.close()
    assert stopped.wait(2)


def test_an_answer_without_a_plan_is_kept_to_be_corrected(monkeypatch):
    def answer(request, hooks):
        raise UnusableAnswerError("no plan.", "almost a plan")

    *_, last = ask(monkeypatch, answer, {"base_ratio": 0.7})
    assert (last.document, last.answer, last.request) == (KEEP, "almost a plan", "")
    assert json.loads(last.view)["message"] == "no plan; its answer is below: correct it by hand"


def test_a_server_that_is_down_is_one_sentence_and_nothing_is_lost(monkeypatch):
    def answer(request, hooks):
        raise RpgError("the server is down; start it")

    [*_, last] = ask(monkeypatch, answer, {"split_ratio": "1,,"})
    assert last.document is KEEP
    assert json.loads(last.view)["message"] == "the server is down; start it"
    assert json.loads(json.loads(last.view)["state"]) == {"split_ratio": "1,,"}


def test_how_to_plan_is_in_the_document_and_stays_there(monkeypatch):
    asked = []

    def answer(request, hooks):
        asked.append(request)
        return PLAN

    document = {"planner": "local", "method": "lmd", "examples": "scene", "recaption": False, "language": "English"}
    document["dialect"] = "tags"
    *_, last = ask(monkeypatch, answer, document, picture=lambda: b"png")
    assert asked == [planner.PlanRequest(PROMPT, 512, 512, "lmd", "scene", False, "English", b"png", "tags")]
    made = json.loads(last.document)
    assert {key: made[key] for key in document} == document


def test_nothing_is_planned_for_a_sender_who_may_not_or_a_picture_that_is_none(monkeypatch, tmp_path):
    def refused():
        raise RpgError("the request comes from a page of http://evil.example, not of this WebUI")

    def unread():
        return picture_bytes(SimpleNamespace(name=str(tmp_path)))

    def endless():
        return picture_bytes(SimpleNamespace(name="/dev/zero"))

    def asked(request, hooks):
        raise AssertionError("nobody is to be asked")

    for trouble, words in (
        ({"check": refused}, "evil.example"),
        ({"picture": unread}, "the picture"),
        ({"picture": endless}, "the picture"),
    ):
        *_, last = ask(monkeypatch, asked, {"planner": "openai"}, **trouble)
        view = json.loads(last.view)
        assert view["level"] == "error" and words in view["message"]
        assert last.document is KEEP


def test_pasting_shows_the_request_and_reads_the_answer():
    run = planning()
    [step] = run.plan(json.dumps({"planner": "paste"}), context(PROMPT))
    assert step.request == planner.request_text(planner.PlanRequest(PROMPT))
    assert step.document is KEEP and "paste its answer" in json.loads(step.view)["message"]
    answer = "Split ratio: 1,1\nRegional Prompt: a red circle BREAK a blue square"
    made, view = run.use_answer(json.dumps({"planner": "paste"}), context(PROMPT), answer)
    assert json.loads(made)["planner"] == "paste"
    assert Plan.from_dict(json.loads(made)["plan"]).prompt == PROMPT
    assert json.loads(view)["level"] == "ok"


@pytest.mark.parametrize(("answer", "words"), [(" ", "no answer yet"), ("Sorry.", "no plan was found")])
def test_an_answer_that_is_none_leaves_the_document(answer: str, words: str):
    made, view = planning().use_answer("", context(PROMPT), answer)
    assert made is KEEP
    assert words in json.loads(view)["message"]


@pytest.fixture
def built():
    """The panels of both tabs and every component of the page that holds them."""
    with gr.Blocks() as blocks:
        panels = [build(is_img2img, f"script_{is_img2img}_rpg_{{}}".format) for is_img2img in (False, True)]
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
    prompts = {"Prompt to plan", "Regional prompt", "Base prompt", "Negative additions", "Around bound objects"}
    assert completed == prompts
