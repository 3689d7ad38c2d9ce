"""The JSON schema of the API's dict: what the extension takes, it takes, and what it refuses, the extension refuses."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lib_rpg.errors import RpgError
from lib_rpg.fields import declared, schema_of
from lib_rpg.plan import MAX_REGIONS, Entity, Plan, Region, Source
from lib_rpg.planner import PLANNERS, PlanRequest, plan
from lib_rpg.webui.args import read_args
from lib_rpg.webui.options import KEYS
from lib_rpg.webui.schema import BODIES, api_schema
from tests.contract.client import png_of
from tests.examples import examples

SCHEMA = api_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
MASK = png_of(np.eye(8) * 255)
REGIONS = [{"prompt": "a cat"}, {"prompt": "a dog"}]
PLAN = {"split_ratio": "1,1", "regions": REGIONS}
BOXES = {"layout": "boxes", "regions": [{**region, "box": [0, 0, 0.5, 0.5], "mask": ""} for region in REGIONS]}


def refusal(document: Any) -> str:
    """The sentence with which a generation by that dict is refused before it is drawn, empty where it is not."""
    try:
        args = read_args((document,))
        if args.enabled:
            args.plan_for("a cat left of a dog", 512, 512, lambda request, _: plan(request, "offline"))
    except RpgError as error:
        return str(error)
    return ""


def in_plan(**fields: Any) -> dict[str, Any]:
    return {"plan": {**PLAN, **fields}}


def in_region(**fields: Any) -> dict[str, Any]:
    return in_plan(regions=[{**REGIONS[0], **fields}, REGIONS[1]])


def test_it_is_a_schema_and_values_of_json() -> None:
    assert json.loads(json.dumps(SCHEMA, allow_nan=False)) == SCHEMA
    Draft202012Validator.check_schema(SCHEMA)
    for body in SCHEMA["routes"].values():
        Draft202012Validator.check_schema(body)


def test_it_has_every_option_and_every_field_of_a_plan() -> None:
    kinds = SCHEMA["$defs"]
    assert set(kinds["On"]["properties"]) == set(kinds["Off"]["properties"]) == set(KEYS)
    for kind in (Plan, Region, Entity, Source):
        assert list(kinds[kind.__name__]["properties"]) == list(declared(kind))
        assert all(schema_of(one.check) for one in declared(kind).values()), "a check without a schema"


def test_it_gives_ranges_choices_defaults_and_descriptions() -> None:
    kinds = SCHEMA["$defs"]
    assert kinds["On"]["properties"]["feather"]["anyOf"][0] == {"type": "number", "minimum": 0.0, "maximum": 0.5}
    assert kinds["On"]["properties"]["planner"]["anyOf"][0]["enum"] == [*PLANNERS, ""]
    assert "How much of the base prompt" in kinds["On"]["properties"]["base_ratio"]["description"]
    assert kinds["Plan"]["properties"]["lora"] == {"enum": ["text", "unet", "shared"], "default": "text"}
    assert kinds["Plan"]["properties"]["base_ratio"]["default"] == Plan.base_ratio
    assert kinds["Region"]["properties"]["weight"]["exclusiveMinimum"] == 0
    assert kinds["Entity"]["required"] == ["phrase"]
    assert kinds["Plan"]["description"].startswith("A picture as regions")


RIGHT: list[dict[str, Any]] = [
    {},
    {"enabled": None, "plan": None, "planner": None, "base_ratio": None},
    {"enabled": False, "plan": 5, "planner": "oracle", "base_ratio": "much"},
    {"planner": "", "method": "", "examples": "", "language": "", "dialect": ""},
    {"planner": "offline", "method": "lmd", "dialect": "tags", "recaption": True, "prompt": "a cat and a dog"},
    {"regional_prompt": "a cat BREAK a dog", "split_ratio": "1,1", "base_ratios": "auto", "lora": "unet"},
    {"regional_prompt": "a cat BREAK a dog", "split_ratio": "1，1", "base_ratios": ["0.2", 0.4], "hires": "first"},
    {"regional_prompt": "a cat BREAK a dog", "split_ratio": "1,1", "negative_prompt": "x BREAK y", "rows_first": True},
    {"regional_prompt": "a cat BREAK a dog", "split_ratio": "1,1", "base_prompt": "pets # ADDROW is a comment here"},
    {"plan": PLAN, "base_ratio": 1, "feather": 0.5, "base_ratios": [0, 1]},
    {"plan": BOXES},
    {"plan": {**BOXES, "split_ratio": " ", "rows_first": False}},
    {"plan": {**BOXES, "regions": [{"prompt": "a cat", "mask": MASK}]}},
    {"plan": {**BOXES, "regions": [{"prompt": "a cat", "mask": f" data:image/png;base64,{MASK[:40]}\n{MASK[40:]}"}]}},
    in_region(mask="data:image/png;base64,", weight=1e-9, start=0, end=1, control=[0, 9], box=[0, 0, 1, 1]),
    in_region(base_ratio=None, entities=[{"phrase": "cat", "count": 999, "box": None}]),
    in_region(prompt="a cat on BREAKFAST, Break, AND2 # a dog"),
    in_plan(base_prompt="a BREAK b", version=1, source={"model": None, "notes": ["x"]}),
]
WRONG: list[tuple[str, Any]] = [
    ("a list", []),
    ("a text", "plan"),
    ("unknown key", {"strength": 1}),
    ("unknown key where it is off", {"enabled": False, "strength": 1}),
    ("flag of text", {"enabled": "yes"}),
    ("flag of a number", {"enabled": 0}),
    ("flag where it is off", {"enabled": False, "rows_first": 1}),
    ("planner", {"planner": "oracle"}),
    ("planner of another kind", {"planner": ["offline"]}),
    ("method", {"method": "grid"}),
    ("dialect", {"dialect": "prose"}),
    ("recaption of text", {"recaption": "yes"}),
    ("text of a number", {"regional_prompt": 5}),
    ("text of a list", {"base_prompt": ["a"]}),
    ("base ratio above one", {"base_ratio": 1.01}),
    ("base ratio of text", {"base_ratio": "0.3"}),
    ("base ratio that is true", {"base_ratio": True}),
    ("feather above a half", {"feather": 0.51}),
    ("LoRA mode", {"lora": "its place"}),
    ("blank passes", {"hires": ""}),
    ("ratios of a number", {"base_ratios": 0.3}),
    ("too many ratios", {"plan": PLAN, "base_ratios": [0.1] * (MAX_REGIONS + 1)}),
    ("a ratio above one", {"plan": PLAN, "base_ratios": [0.1, 2]}),
    ("ratios of an object", {"plan": PLAN, "base_ratios": {"0.1": 0, "0.2": 0}}),
    ("ratios that are true", {"plan": PLAN, "base_ratios": [True, False]}),
    ("long language", {"planner": "offline", "language": "x" * 101}),
    ("plan of text", {"plan": "1,1"}),
    ("plan of a list", {"plan": [PLAN]}),
    ("empty plan", {"plan": {}}),
    ("plan without regions", {"plan": {"split_ratio": "1", "regions": []}}),
    ("plan without a ratio", {"plan": {"regions": REGIONS}}),
    ("blank ratio", in_plan(split_ratio=" ")),
    ("boxes with a ratio", {"plan": {**BOXES, "split_ratio": "1,1"}}),
    ("boxes with rows", {"plan": {**BOXES, "rows_first": True}}),
    ("mask in a grid", in_region(mask=MASK)),
    ("newer version", in_plan(version=2)),
    ("version of text", in_plan(version="1")),
    ("layout", in_plan(layout="circles")),
    ("null for a text", in_plan(prompt=None)),
    ("key of a plan", in_plan(colour="red")),
    ("ADDBASE in the base prompt", in_plan(base_prompt="a ADDBASE b")),
    ("NUL", in_plan(prompt="a\0b")),
    ("long prompt", in_plan(prompt="x" * 20_001)),
    ("feather of a plan", in_plan(feather=-0.1)),
    ("too many regions", {"plan": {"split_ratio": "1", "regions": [REGIONS[0]] * (MAX_REGIONS + 1)}}),
    ("regions of an object", in_plan(regions={"0": REGIONS[0]})),
    ("region of text", in_plan(regions=["a cat", "a dog"])),
    ("prompt of a list", in_region(prompt=["a cat"])),
    ("BREAK in a region", in_region(prompt="a BREAK b")),
    ("AND in a region", in_region(prompt="a AND b")),
    ("key of a region", in_region(colour="red")),
    ("weight 0", in_region(weight=0)),
    ("weight above", in_region(weight=100.5)),
    ("start", in_region(start=-0.5)),
    ("unit twice", in_region(control=[1, 1])),
    ("unit 10", in_region(control=[10])),
    ("unit of a fraction", in_region(control=[0.5])),
    ("box of three", in_region(box=[0, 0, 1])),
    ("box of texts", in_region(box=["0", "0", "1", "1"])),
    ("empty box", in_region(box=[0, 0, 0, 1])),
    ("box to the left", in_region(box=[-0.1, 0, 1, 1])),
    ("no base64", {"plan": {**BOXES, "regions": [{"prompt": "a cat", "mask": "%%%"}]}}),
    ("mask of a number", in_region(mask=5)),
    ("long mask", in_region(mask=MASK * 6000)),
    ("entity without phrase", in_region(entities=[{"count": 1}])),
    ("count 0", in_region(entities=[{"phrase": "cat", "count": 0}])),
    ("entities of text", in_region(entities="cat")),
    ("cached of text", in_plan(source={"cached": "no"})),
    ("planner of a source", in_plan(source={"planner": ""})),
    ("note of a number", in_plan(source={"notes": [5]})),
    ("source of text", in_plan(source="offline")),
]


@pytest.mark.parametrize("document", RIGHT, ids=range(len(RIGHT)))
def test_what_is_drawn_is_valid(document: dict[str, Any]) -> None:
    assert refusal(document) == ""
    VALIDATOR.validate(document)


@pytest.mark.parametrize(("name", "document"), WRONG, ids=[name for name, _ in WRONG])
def test_what_is_wrong_is_refused_by_both(name: str, document: Any) -> None:
    assert not VALIDATOR.is_valid(document)
    assert refusal(document)


TEXTS = st.text(st.sampled_from("ab ,;1:<>()BREAK#\n\0"), max_size=12)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 12),
    st.floats(allow_nan=False),
    TEXTS,
    st.sampled_from(
        ["", "auto", "boxes", "grid", "text", "unet", "second", "offline", "1,1", "1;1", "AND", "a BREAK b"]
    ),
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=3))
SHARES = st.floats(0, 1)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "enabled": st.sampled_from([True, None]),
        "planner": st.sampled_from([*PLANNERS, ""]),
        "method": st.sampled_from(["rpg", "rag", "lmd", ""]),
        "recaption": st.booleans(),
        "base_prompt": st.just("two pets"),
        "negative_prompt": st.sampled_from(["", "x", "x ADDCOMM y BREAK z"]),
        "base_ratio": SHARES,
        "base_ratios": st.one_of(st.lists(SHARES, min_size=2, max_size=2), st.sampled_from(["", "auto", "0.2, 0.4"])),
        "feather": st.floats(0, 0.5),
        "lora": st.sampled_from(["text", "unet", "shared"]),
        "hires": st.sampled_from(["both", "first", "second"]),
    },
)
REGION = st.fixed_dictionaries(
    {"prompt": st.sampled_from(["a cat", "a dog <lora:x:1>", " a (bird:1.2)\n"])},
    optional={
        "name": st.just("left"),
        "negative_prompt": st.just("a ring"),
        "box": st.sampled_from([[0, 0, 1, 1], [0.25, 0.5, 0.5, 0.25]]),
        "base_ratio": st.none() | SHARES,
        "weight": st.floats(0.01, 100),
        "start": st.floats(0, 0.4),
        "end": st.floats(0.5, 1),
        "control": st.lists(st.integers(0, 9), unique=True, max_size=3),
        "entities": st.lists(
            st.fixed_dictionaries({"phrase": st.just("cat")}, optional={"count": st.integers(1, 999)})
        ),
    },
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A dict that is drawn: a plan of two regions, or a text of two."""
    regions = [draw(REGION), draw(REGION)]
    form = draw(st.sampled_from(["grid", "boxes", "text"]))
    if form == "text":
        return {
            **draw(OPTIONS),
            "regional_prompt": "a cat BREAK a dog",
            "split_ratio": draw(st.sampled_from(["1,1", "1;2"])),
        }
    if form == "boxes":
        regions[0]["mask"] = draw(st.sampled_from([MASK, ""]))
        return {**draw(OPTIONS), "plan": {"layout": "boxes", "regions": regions}}
    return {**draw(OPTIONS), "plan": {"split_ratio": "1,1", "regions": regions, "base_ratio": draw(SHARES)}}


def places(document: Any) -> list[tuple[Any, Any]]:
    """Every list or object in a document with each of its keys."""
    keys = list(document) if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else ()
    return [pair for key in keys for pair in ((document, key), *places(document[key]))]


# What the extension sees and a schema cannot.
BEYOND = (
    "give one for each",
    "keep the box on the canvas",
    "is not after start",
    "is not a whole number",  # 1.0
    "one number for each region",
    # What is wrong inside a text.
    "regional prompt: ",
    "negative prompt: ",
    "is not base64",
    "is not a PNG file",
    "split_ratio: ",
    "a character that is not text",
    "separates prompts",
)


@settings(max_examples=examples(300), deadline=None)
@given(documents())
def test_documents_that_are_drawn_are_valid(document: dict[str, Any]) -> None:
    assert refusal(document) == ""
    VALIDATOR.validate(document)


@settings(max_examples=examples(300), deadline=None)
@given(documents(), st.data())
def test_a_document_with_a_slip_is_refused_by_both_or_by_what_a_schema_cannot_see(
    document: dict[str, Any], data: st.DataObject
) -> None:
    document = copy.deepcopy(document)
    holder, key = data.draw(st.sampled_from(places(document)))
    if isinstance(holder, dict) and data.draw(st.integers(0, 4)) == 0:
        key = data.draw(st.sampled_from(["colour", "mask", "split_ratio", "regions", "layout", "version", "source"]))
    holder[key] = data.draw(VALUES)
    said = refusal(document)
    if VALIDATOR.is_valid(document):
        assert not said or any(words in said for words in BEYOND), said
    else:
        assert said, [error.message for error in VALIDATOR.iter_errors(document)]


def test_bodies_of_routes_say_what_has_to_be_given() -> None:
    routes = SCHEMA["routes"]
    assert list(routes) == [f"POST {path}" for path in BODIES]
    assert routes["POST /rpg/plan"]["required"] == routes["POST /rpg/request"]["required"] == ["prompt"]
    assert routes["POST /rpg/layout"]["required"] == ["split_ratio"]
    width = routes["POST /rpg/plan"]["properties"]["width"]
    assert (width["minimum"], width["maximum"]) == (1, 16384)
    assert routes["POST /rpg/plan"]["properties"]["method"]["enum"] == list(
        declared(PlanRequest)["method"].check.choices  # type: ignore[attr-defined]
    )
