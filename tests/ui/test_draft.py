"""javascript/rpg_draft.js by itself: what it writes, and that lib_rpg.webui.document reads the same from it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from lib_rpg.plan import Entity, Plan, Region
from lib_rpg.webui.args import read_args
from lib_rpg.webui.document import text_fields
from lib_rpg.webui.option_kinds import Part
from lib_rpg.webui.options import for_page, names_of

SCRIPT = Path(__file__).resolve().parents[2] / "javascript" / "rpg_draft.js"
PLAN = Plan(
    prompt="cat and dog",
    base_prompt="a cat and a dog",
    base_ratio=0.5,
    negative_prompt="cars",
    split_ratio="1;2",
    regions=(Region("sky", name="sky"), Region("a cat", weight=2.0, entities=(Entity("cat"),))),
)


@pytest.fixture(scope="module")
def scripted(browser):
    """An empty page with nothing but the script, and what the panel sends it about the options."""
    page = browser.new_page()
    page.add_script_tag(path=SCRIPT)
    page.evaluate("options => { window.options = options; }", for_page())
    yield page
    page.close()


@pytest.fixture
def write(scripted):
    """(document, edits) -> the document that the script writes after the edits."""

    def written(document: str, edits: dict | None = None) -> str:
        return scripted.evaluate(
            """([text, edits]) => {
                const draft = new sdWebuiRpg.Draft(text, options);
                Object.entries(edits).forEach((edit) => draft.set(...edit));
                return draft.toString();
            }""",
            [document, edits or {}],
        )

    return written


def test_a_document_is_written_as_it_was_read(write):
    for document in [{"split_ratio": "1,,"}, {"plan": PLAN.to_dict()}, {"plan": PLAN.to_dict(), "base_prompt": ""}]:
        assert json.loads(write(json.dumps(document))) == document


def test_what_is_no_document_reads_as_empty(write):
    for text in ("", "no JSON", "null", "7"):
        assert write(text) == ""


def test_an_untouched_ratio_is_the_plans_default(scripted):
    assert scripted.evaluate("new sdWebuiRpg.Draft('', options).fields.base_ratio") == Plan.base_ratio


def test_a_field_that_says_what_the_plan_says_is_not_written(write):
    document = {"plan": PLAN.to_dict()}
    edits = {"split_ratio": "1", "base_ratio": 0.1}
    edited = write(json.dumps(document), edits)
    assert json.loads(edited) == {**document, **edits}
    assert json.loads(write(edited, {"split_ratio": PLAN.split_ratio, "base_ratio": 0.5})) == document


def test_clearing_ratio_and_regions_drops_the_plan(write):
    edited = json.loads(write(json.dumps({"plan": PLAN.to_dict()}), {"split_ratio": " ", "regional_prompt": ""}))
    assert "plan" not in edited
    assert read_args((True, json.dumps(edited))).plan is None


DETAILED = dataclasses.replace(
    PLAN,
    regions=(
        dataclasses.replace(PLAN.regions[0], negative_prompt="clouds", base_ratio=0.35),
        *PLAN.regions[1:],
    ),
    feather=0.15,
    lora="unet",
    rows_first=True,
)


@pytest.mark.parametrize("plan", [PLAN, DETAILED], ids=["plain", "detailed"])
def test_the_fields_show_what_python_shows(scripted, plan: Plan):
    fields = scripted.evaluate(
        "text => new sdWebuiRpg.Draft(text, options).fields", json.dumps({"plan": plan.to_dict()})
    )
    # Beside the plan's texts the panel has how to plan, which no plan holds.
    shown = {**text_fields(plan), **dict.fromkeys(("prompt", "planner", *names_of(Part.REQUEST)), ""), "compare": "off"}
    assert fields.pop("regional_prompt").split() == shown.pop("regional_prompt").split()
    assert fields == shown


def test_retyping_the_shown_texts_keeps_the_plans_details(write, scripted):
    """Only the fields are sent beside the plan; names, weights and entities of untouched regions stay."""
    document = json.dumps({"plan": PLAN.to_dict()})
    shown = scripted.evaluate("text => new sdWebuiRpg.Draft(text, options).fields", document)
    edited = write(document, {"regional_prompt": shown["regional_prompt"].replace("sky", "red sky")})
    plan = read_args((True, edited)).plan
    assert [region.prompt for region in plan.regions] == ["red sky", "a cat"]
    assert plan.regions[1].weight == 2.0
    assert plan.regions[1].entities == (Entity("cat"),)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [""]),
        ("a BREAK b", ["a", "b"]),
        ("  a \nBREAK\n b  ", ["a", "b"]),
        ("a BREAKFAST BREAK break", ["a BREAKFAST", "break"]),
        ("common ADDCOMM base ADDBASE a ADDCOL b ADDROW c", ["a", "b", "c"]),
        ("base BREAK more ADDBASE a BREAK ", ["a", ""]),
    ],
)
def test_parts_of_a_regional_prompt(scripted, text: str, parts: list[str]):
    found = scripted.evaluate("text => sdWebuiRpg.Draft.parts(text).map((part) => text.slice(...part))", text)
    assert found == parts
