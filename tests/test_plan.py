"""The plan: validation with places, JSON both ways, text both ways."""

from __future__ import annotations

import base64
import copy
import dataclasses
import json
import math
import time
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.keywords import KEYWORDS
from lib_rpg.pasted_text import as_written
from lib_rpg.plan import (
    MAX_DOCUMENT,
    MAX_MASK,
    MAX_MASKS,
    MAX_PROMPT,
    MAX_TEXTS,
    Entity,
    Plan,
    Region,
    Source,
    region_names,
)
from lib_rpg.plan_text import plan_from_text, plan_to_text
from tests.examples import examples

# A whole document, with its box filled from the ratio.
DOCUMENT: dict[str, Any] = {
    "version": 1,
    "prompt": "what the user typed",
    "base_prompt": "two girls are chatting in a cafe",
    "base_ratio": 0.3,
    "negative_prompt": "blur",
    "layout": "grid",
    "split_ratio": "1;1,1,2",
    "regions": [
        {
            "name": "cafe ceiling",
            "prompt": "a wooden ceiling with a lamp",
            "negative_prompt": "",
            "box": [0.0, 0.0, 1.0, 0.5],
            "base_ratio": None,
            "weight": 1.0,
            "entities": [{"phrase": "lamp", "count": 1}],
        },
        {
            "name": "left",
            "prompt": "a girl in red",
            "negative_prompt": "hat",
            "box": [0.0, 0.5, 1 / 3, 0.5],
            "base_ratio": 0.5,
            "weight": 2.0,
            "entities": [],
        },
        {
            "name": "right",
            "prompt": "a girl in blue",
            "negative_prompt": "",
            "box": [1 / 3, 0.5, 2 / 3, 0.5],
            "base_ratio": 0.0,
            "weight": 1.0,
            "entities": [{"phrase": "girl", "count": 1}, {"phrase": "cup", "count": 12}],
        },
    ],
    "source": {"planner": "offline", "model": None, "cached": False, "notes": ["what was repaired, in words"]},
}
MINIMAL: dict[str, Any] = {"split_ratio": "1", "regions": [{"prompt": "a"}]}


def document(path: str = "", value: object = None) -> dict[str, Any]:
    """The document with one value replaced, such as ``regions.2.box``."""
    result = copy.deepcopy(DOCUMENT)
    target: Any = result
    *parents, last = path.split(".")
    for key in parents:
        target = target[int(key) if key.isdigit() else key]
    target[int(last) if last.isdigit() else last] = value
    return result


def refusal(document: object) -> str:
    with pytest.raises(RpgError) as error:
        Plan.from_dict(document)  # type: ignore[arg-type]
    assert "\n" not in str(error.value)
    return str(error.value)


def test_the_design_document_round_trips() -> None:
    plan = Plan.from_dict(DOCUMENT)
    assert plan.to_dict() == DOCUMENT
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_json(plan.to_json(indent=2)) == plan
    assert Plan.from_json(json.dumps(DOCUMENT)) == plan
    assert plan.regions[2].entities == (Entity("girl"), Entity("cup", 12))
    assert hash(plan) == hash(Plan.from_dict(DOCUMENT))


def test_missing_keys_have_their_defaults() -> None:
    plan = Plan.from_dict(MINIMAL)
    assert plan == Plan(split_ratio="1", regions=(Region("a"),))
    assert plan.version == 1
    assert plan.base_ratio == 0.3
    assert plan.layout == "grid"
    assert plan.source == Source("manual", None, False, ())
    assert plan.regions[0].box == (0, 0, 1, 1)
    assert plan.regions[0].weight == 1
    assert plan.regions[0].base_ratio is None


def test_a_grid_fills_its_boxes_whatever_they_were() -> None:
    regions = (Region("a", box=(0.1, 0.1, 0.1, 0.1), name="keep"), Region("b"))
    plan = Plan(split_ratio="1,3", regions=regions)
    assert [region.box for region in plan.regions] == [(0, 0, 0.25, 1), (0.25, 0, 0.75, 1)]
    assert plan.regions[0].name == "keep"
    assert dataclasses.replace(plan, split_ratio="1;1").regions[1].box == (0, 0.5, 1, 0.5)
    assert plan.grid().rows[0].widths == (Fraction(1, 4), Fraction(3, 4))


def test_free_boxes_stay_and_may_overlap() -> None:
    plan = Plan(layout="boxes", regions=(Region("a", box=(0, 0, 0.5, 0.5)), Region("b", box=(0.25, 0.25, 0.75, 0.75))))
    assert [region.box for region in plan.regions] == [(0, 0, 0.5, 0.5), (0.25, 0.25, 0.75, 0.75)]
    assert Plan.from_dict(plan.to_dict()) == plan
    with pytest.raises(RpgError, match="no grid"):
        plan.grid()


def test_texts_lose_their_outer_white_space_only() -> None:
    plan = Plan(base_prompt=" a\n cafe ", split_ratio=" 1 ", regions=[Region("\n a,\n b ")])  # type: ignore[arg-type]
    assert (plan.base_prompt, plan.split_ratio, plan.regions[0].prompt) == ("a\n cafe", "1", "a,\n b")
    assert isinstance(plan.regions, tuple)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("version", 2, "version: the plan has version 2, and the newest supported version is 1"),
        ("version", 10**60, "version: the plan has version a huge number"),
        ("version", 0, "version: there is no version 0"),
        ("version", True, "version: True is not a whole number"),
        ("version", "1", "version: '1' is not a whole number"),
        ("version", None, "version: None is not a whole number"),
        ("prompt", 5, "prompt: 5 is not a text"),
        ("prompt", "x" * (MAX_PROMPT + 1), f"prompt: {MAX_PROMPT + 1} characters are too many"),
        ("prompt", "a\0b", "prompt: contains a character that is not text"),
        ("prompt", "a\ud800b", "prompt: contains a character that is not text"),
        ("base_prompt", "a ADDBASE b", "base_prompt: ADDBASE separates prompts"),
        ("base_ratio", -0.1, "base_ratio: -0.1 is not from 0 to 1"),
        ("base_ratio", 1.1, "base_ratio: 1.1 is not from 0 to 1"),
        ("base_ratio", math.nan, "base_ratio: nan is not a finite number"),
        ("base_ratio", True, "base_ratio: True is not a number"),
        ("base_ratio", "0.3", "base_ratio: '0.3' is not a number"),
        ("base_ratio", None, "base_ratio: None is not a number"),
        ("negative_prompt", None, "negative_prompt: None is not a text"),
        ("layout", "rows", "layout: 'rows' is not a layout; give 'grid' or 'boxes'"),
        ("layout", ["grid"], "layout: a list is not a layout"),
        ("layout", "boxes", "split_ratio: a plan of free boxes has no ratio"),
        ("split_ratio", "", "split_ratio: the split ratio is empty"),
        ("split_ratio", "1;1,1", "split_ratio: '1;1,1' has 2 cells but the plan has 3 regions; in each row the first"),
        ("split_ratio", "1,1,1,1", "split_ratio: '1,1,1,1' has 4 cells but the plan has 3 regions; add one region, or"),
        ("split_ratio", "1,1", "split_ratio: '1,1' has 2 cells but the plan has 3 regions; take one region away, or w"),
        ("split_ratio", "1,-1,1", "split_ratio: the split ratio '1,-1,1' cannot be read: '-1' at position 3"),
        ("regions", [], "regions: the plan has no region"),
        ("regions", {}, "regions: an object is not a list"),
        ("regions", [MINIMAL["regions"][0]] * 65, "regions: 65 items are too many; give at most 64"),
        ("regions.1", "a girl", "regions[1]: 'a girl' is not an object"),
        ("regions.1", {"name": "x"}, "regions[1].prompt: is missing"),
        ("regions.1.muted", 1, "regions[1].muted: 1 is not true or false"),
        ("regions.1.cfg_scale", 0.5, "regions[1].cfg_scale: 0.5 is not"),
        ("regions.1.cfg_scale", 30.5, "regions[1].cfg_scale: 30.5 is not"),
        ("regions.1.prompt", None, "regions[1].prompt: None is not a text"),
        ("regions.1.prompt", "a BREAK b", "regions[1].prompt: BREAK separates prompts and cannot be inside a region"),
        ("regions.1.prompt", "ADDCOL", "regions[1].prompt: ADDCOL separates prompts"),
        ("regions.1.prompt", "a AND b", "regions[1].prompt: AND is not supported inside a region"),
        ("regions.2.name", 1, "regions[2].name: 1 is not a text"),
        ("regions.2.box", [0, 0, 0, 1], "regions[2].box: width 0 is not > 0"),
        ("regions.2.box", [0, 0, 1, -1], "regions[2].box: height -1 is not > 0"),
        ("regions.2.box", [-0.1, 0, 1, 1], "regions[2].box: x -0.1 is not >= 0"),
        ("regions.2.box", [0, 0.5, 1, 0.6], "regions[2].box: y 0.5 + height 0.6 is more than 1"),
        ("regions.2.box", [0, 0, 1], "regions[2].box: a list is not [x, y, width, height]"),
        ("regions.2.box", None, "regions[2].box: None is not [x, y, width, height]"),
        ("regions.2.box", [0, 0, math.inf, 1], "regions[2].box: width inf is not a finite number"),
        ("regions.2.box", [0, 0, 10**400, 1], "regions[2].box: width a huge number is not a finite number"),
        ("regions.2.box", [False, 0, 1, 1], "regions[2].box: x False is not a number"),
        ("regions.2.base_ratio", 2, "regions[2].base_ratio: 2 is not from 0 to 1"),
        ("regions.2.weight", 0, "regions[2].weight: 0 is not > 0"),
        ("regions.2.weight", -1, "regions[2].weight: -1 is not > 0"),
        ("regions.2.weight", 1e6, "regions[2].weight: 1e+06 is not > 0 and at most 100"),
        ("regions.2.weight", None, "regions[2].weight: None is not a number"),
        ("regions.2.entities", "cup", "regions[2].entities: 'cup' is not a list"),
        ("regions.2.entities", [{"phrase": "a"}] * 65, "regions[2].entities: 65 items are too many"),
        ("regions.2.entities.1", 3, "regions[2].entities[1]: 3 is not an object"),
        ("regions.2.entities.1.count", 0, "regions[2].entities[1].count: 0 is out of range"),
        ("regions.2.entities.1.count", 1.0, "regions[2].entities[1].count: 1.0 is not a whole number"),
        ("regions.2.entities.1.count", True, "regions[2].entities[1].count: True is not a whole number"),
        ("regions.2.entities.1.phrase", "", "regions[2].entities[1].phrase: is empty"),
        ("regions.2.control", 0, "regions[2].control: 0 is not a list"),
        ("regions.2.control", [0, -1], "regions[2].control[1]: -1 is out of range; give a whole number from 0 to 9"),
        ("regions.2.control", [10], "regions[2].control[0]: 10 is out of range"),
        ("regions.2.control", ["0"], "regions[2].control[0]: '0' is not a whole number"),
        ("regions.2.control", [True], "regions[2].control[0]: True is not a whole number"),
        ("regions.2.control", [1, 0, 1], "regions[2].control[2]: 1 appears twice; name each"),
        ("regions.2.control", [*range(10), 0], "regions[2].control: 11 items are too many"),
        ("source", None, "source: None is not an object"),
        ("source.planner", "", "source.planner: is empty"),
        ("source.model", 1, "source.model: 1 is not a text"),
        ("source.cached", 0, "source.cached: 0 is not true or false"),
        ("source.notes", "x", "source.notes: 'x' is not a list"),
        ("source.notes", [1], "source.notes[0]: 1 is not a text"),
        ("source.notes", ["x"] * 101, "source.notes: 101 items are too many"),
        # unknown keys
        ("promt", "x", "the key 'promt' is unknown; did you mean 'prompt'?"),
        ("zzz", "x", "the key 'zzz' is unknown; use one of prompt, base_prompt,"),
        ("regions.0.boxes", [], "regions[0]: the key 'boxes' is unknown; did you mean 'box'?"),
        (
            "regions.2.entities.0.number",
            1,
            "regions[2].entities[0]: the key 'number' is unknown; use one of phrase, count",
        ),
        ("source.note", [], "source: the key 'note' is unknown; did you mean 'notes'?"),
    ],
)
def test_every_violation_names_its_place(path: str, value: object, message: str) -> None:
    assert refusal(document(path, value)).startswith(message)


def test_guesses_are_notes_that_any_version_reads() -> None:
    source = {"planner": "offline", "notes": ["'mist' was left out", "guess: 'birds' gives no number"]}
    plan = Plan.from_dict({**MINIMAL, "source": source})
    assert plan.source.guesses == ("'birds' gives no number",)
    assert plan.source.remarks == ("'mist' was left out",)
    assert plan.to_dict()["source"]["notes"] == source["notes"]
    assert not Source(notes=("it is a guess: a good one",)).guesses


def test_a_newer_version_is_refused_before_its_unknown_keys() -> None:
    assert "version 7" in refusal({"version": 7, "layers": []})


@pytest.mark.parametrize("value", [None, [], "plan", 5, {1: 2}, {"x" * 500: 1}, {}])
def test_no_document_no_plan(value: object) -> None:
    assert len(refusal(value)) < 400


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not valid JSON at line 1, column 1"),
        ('{"regions": [}', "not valid JSON at line 1, column 14"),
        ('{"base_ratio": NaN}', "contains NaN"),
        ('{"base_ratio": -Infinity}', "contains -Infinity"),
        ('{"prompt": "a", "prompt": "b"}', "the key 'prompt' twice"),
        ("[" * 100_000, "nested too deeply"),
        ('{"regions":' * 50_000, "nested too deeply"),
        ('{"base_ratio": ' + "9" * 5000 + "}", ""),
        ('{"base_ratio": 1e999}', "base_ratio: inf is not a finite number"),
        ("[]", "a list is not an object"),
        ("null", "None is not an object"),
    ],
)
def test_bad_json_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(RpgError) as error:
        Plan.from_json(text)
    assert message in str(error.value)


@pytest.mark.parametrize("value", [None, b"{}", 5])
def test_json_must_be_text(value: object) -> None:
    with pytest.raises(RpgError, match="give JSON text"):
        Plan.from_json(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Plan(),
        lambda: Plan(split_ratio="1", regions=(MINIMAL["regions"][0],)),
        lambda: Plan(split_ratio="1", regions="a"),
        lambda: Plan(split_ratio="1", regions=(Region("a"),), source="me"),
        lambda: Region("a", muted=1),
        lambda: Region("a", entities=("cup",)),
        lambda: Region("a", box="full"),
        lambda: Region("a", weight=math.nan),
        lambda: Region("a", weight=Fraction(-1, 2)),
        lambda: Entity("cup", 0),
        lambda: Source(notes=(None,)),
    ],
)
def test_constructors_validate_too(make: Any) -> None:
    with pytest.raises(RpgError):
        make()


# Text both ways


def test_text_of_a_plan() -> None:
    plan = Plan.from_dict(DOCUMENT)
    assert plan_to_text(plan) == (
        "two girls are chatting in a cafe ADDBASE a wooden ceiling with a lamp BREAK a girl in red BREAK a girl in blue"
    )
    assert plan_to_text(Plan.from_dict(MINIMAL)) == "a"


def test_keywords_count_only_as_whole_upper_case_words() -> None:
    text = "Breakfast at BREAKFASTS, ADDBASEMENT BREAK break, Break, xBREAK, BREAK2, _BREAK,addrow"
    plan = plan_from_text(text, "1,1")
    assert [r.prompt for r in plan.regions] == [
        "Breakfast at BREAKFASTS, ADDBASEMENT",
        "break, Break, xBREAK, BREAK2, _BREAK,addrow",
    ]
    regions = plan_from_text("a,BREAK,b\nBREAK\nc.BREAK(d)", "1,1,1,1").regions
    assert [r.prompt for r in regions] == ["a", "b", "c.", "(d)"]


def test_the_common_prompt_goes_before_every_region_and_not_into_the_base() -> None:
    plan = plan_from_text("oil painting, ADDCOMM a room ADDBASE cat BREAK dog", "1,1")
    assert plan.base_prompt == "a room"
    assert [r.prompt for r in plan.regions] == ["oil painting, cat", "oil painting, dog"]
    assert [r.prompt for r in plan_from_text("ink ADDCOMM cat BREAK dog", "1,1").regions] == ["ink, cat", "ink, dog"]


def test_the_base_prompt_keeps_its_own_chunk_breaks() -> None:
    plan = plan_from_text(
        "a room BREAK at night ADDBASE cat BREAK dog", "1,1", base_ratio=0.2, negative_prompt="n", prompt="p"
    )
    assert (plan.base_prompt, plan.base_ratio, plan.negative_prompt, plan.prompt) == (
        "a room BREAK at night",
        0.2,
        "n",
        "p",
    )
    assert plan_from_text(plan_to_text(plan), "1,1", base_ratio=0.2, negative_prompt="n", prompt="p") == plan


def test_addcol_and_addrow_where_the_ratio_has_them() -> None:
    text = "a ADDCOL b ADDROW c BREAK d ADDROW e"
    assert [r.prompt for r in plan_from_text(text, "1,1,1;1,2,2;1").regions] == list("abcde")


def test_one_region_needs_no_separator() -> None:
    assert [r.prompt for r in plan_from_text("a cat", "1").regions] == ["a cat"]
    assert plan_from_text("room ADDBASE a cat", "5").base_prompt == "room"


def test_the_prompt_language_passes_through() -> None:
    prompts = ["(red:1.3) [apple:pear:0.5]", "<lora:mug:0.8> green \\(mug\\)", "__wild__ {a|b}", "A and B, and:1.2"]
    plan = plan_from_text(" BREAK ".join(prompts), "1,1,1;1,1,1")
    assert [r.prompt for r in plan.regions] == prompts


@pytest.mark.parametrize(
    ("text", "ratio", "message"),
    [
        ("", "1", "regional prompt: is empty"),
        ("a BREAK b BREAK c", "1,1", "split_ratio: '1,1' has 2 cells for 3 prompts"),
        ("a", "1,1", "split_ratio: '1,1' has 2 cells for 1 prompt"),
        ("a BREAK b BREAK c BREAK d", "0.5,0.5;0.5,0.5", "has 2 cells for 4 prompts"),
        ("a BREAK b", "1,1;", "split_ratio: the split ratio '1,1;' cannot be read: row 2 is empty (at position 5)"),
        ("a BREAK  BREAK b", "1,1,1", "regional prompt: region 2 of 3 is empty"),
        ("a BREAK b BREAK", "1,1,1", "regional prompt: region 3 of 3 is empty"),
        ("BREAK a", "1,1", "regional prompt: region 1 of 2 is empty"),
        ("room ADDBASE", "1", "regional prompt: region 1 of 1 is empty"),
        (" ADDBASE a", "1", "regional prompt: the base prompt before ADDBASE is empty"),
        ("ADDCOMM a", "1", "regional prompt: the common prompt before ADDCOMM is empty"),
        ("x ADDBASE y ADDBASE a", "1", "regional prompt: ADDBASE is misplaced"),
        ("x ADDCOMM y ADDCOMM a", "1", "regional prompt: ADDCOMM is misplaced"),
        ("x ADDBASE y ADDCOMM a", "1", "regional prompt: ADDBASE is before ADDCOMM"),
        ("x BREAK y ADDCOMM a", "1", "regional prompt: BREAK is before ADDCOMM"),
        ("x ADDROW y ADDBASE a", "1", "regional prompt: ADDROW is before ADDBASE; the order is common"),
        ("a ADDROW b BREAK c", "1,1,1", "regional prompt: ADDROW is between regions 1 and 2, which are in one row"),
        ("a ADDCOL b", "1;1", "regional prompt: ADDCOL is between regions 1 and 2, which are in different rows"),
        ("a BREAK b AND c", "1,1", "regions[1].prompt: AND is not supported inside a region"),
    ],
)
def test_bad_text_is_refused_in_words(text: str, ratio: str, message: str) -> None:
    with pytest.raises(RpgError) as error:
        plan_from_text(text, ratio)
    assert message in str(error.value)


def test_a_regional_prompt_must_be_text() -> None:
    for value in (None, 5, ["a"]):
        with pytest.raises(RpgError, match="regional prompt"):
            plan_from_text(value, "1")  # type: ignore[arg-type]


# Regions that are left to the base prompt


def left(*regions: Region) -> tuple[str, ...]:
    return Plan(split_ratio=",".join("1" * len(regions)), regions=regions).left_to_base


def test_a_region_without_words_or_switched_off_does_not_act_and_has_the_base_prompt_alone() -> None:
    regions = (Region("a", base_ratio=0.1), Region(" \n"), Region("b"), Region("c", muted=True, base_ratio=0.2))
    plan = Plan(split_ratio="1,1,1,1", base_ratio=0.4, regions=regions)
    assert [region.acts for region in plan.regions] == [True, False, True, False]
    assert plan.base_ratios == (0.1, 1.0, 0.4, 1.0)
    assert Plan.from_json(plan.to_json()) == plan


def test_muted_is_written_only_where_it_is_set() -> None:
    on, off = Region("a").to_dict(), Region("a", muted=True).to_dict()
    assert "muted" not in on
    assert off == {**on, "muted": True}


def test_a_cfg_scale_is_written_only_where_a_region_has_one() -> None:
    plan = Plan(split_ratio="1,1", regions=(Region("a", cfg_scale=4.5), Region("b")))
    first, second = plan.to_dict()["regions"]
    assert first["cfg_scale"] == 4.5 and "cfg_scale" not in second
    assert Plan.from_json(plan.to_json()) == plan


@pytest.mark.parametrize(
    ("regions", "said"),
    [
        ((Region("a"), Region("b")), ()),
        ((Region("a"), Region("")), ("region 2 has no words: the base prompt has its place",)),
        ((Region(""), Region("a"), Region("")), ("regions 1 and 3 have no words: the base prompt has their places",)),
        ((Region("a", muted=True), Region("b")), ("region 1 is switched off: the base prompt has its place",)),
        (
            (Region("", muted=True), Region("b", muted=True), Region("c")),
            ("regions 1 and 2 are switched off: the base prompt has their places",),
        ),
        (
            (Region("a"), Region("", negative_prompt="dark")),
            (
                "region 2 has no words: the base prompt has its place",
                "the negative prompt of region 2 does not act, as there are no words",
            ),
        ),
        (
            (Region(""), Region("b", muted=True)),
            (
                "region 1 has no words: the base prompt has its place",
                "region 2 is switched off: the base prompt has its place",
                "no region acts: the whole picture is the base prompt's",
            ),
        ),
    ],
)
def test_what_is_left_to_the_base_prompt_is_said(regions: tuple[Region, ...], said: tuple[str, ...]) -> None:
    assert left(*regions) == said


@pytest.mark.parametrize(
    ("indices", "named"),
    [
        ([0], "region 1"),
        ([1, 2], "regions 2 and 3"),
        ([0, 1, 3, 4], "regions 1, 2, 4 and 5"),
        (range(41), "regions 1, 2, 3 … 41"),
    ],
)
def test_regions_are_named_as_people_count_them(indices: list[int], named: str) -> None:
    assert region_names(indices) == named


# Random input

words = st.one_of(
    st.text(min_size=1, max_size=12), st.sampled_from([*KEYWORDS, "AND", "BREAKFAST", "break", "(a:1.2)", "[a:b:0.5]"])
)
prompts = st.lists(words, min_size=1, max_size=4).map(" ".join)


def valid_text(text: str) -> bool:
    try:
        return as_written(Region(text).prompt) != "" and not any(keyword in text for keyword in KEYWORDS)
    except RpgError:
        return False


def plans() -> st.SearchStrategy[Plan]:
    share = st.floats(0, 1)
    good = st.one_of(st.sampled_from(["a cat", "(red:1.2) apple", "BREAKFAST", "café 杯"]), words.filter(valid_text))
    entities = st.lists(st.builds(Entity, good, st.integers(1, 9)), max_size=2).map(tuple)
    box = st.tuples(st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0.001, 0.5), st.floats(0.001, 0.5))
    regions = st.lists(
        st.builds(
            Region,
            good,
            name=good,
            negative_prompt=good,
            box=box,
            base_ratio=st.none() | share,
            weight=st.floats(0.01, 100),
            entities=entities,
            control=st.lists(st.integers(0, 9), max_size=3, unique=True).map(tuple),
        ),
        min_size=1,
        max_size=5,
    ).map(tuple)

    def build(regions: tuple[Region, ...], grid: bool, base: str, ratio: float) -> Plan:
        text = ",".join(str(index + 1) for index in range(len(regions))) if grid else ""
        layout = "grid" if grid else "boxes"
        return Plan("p", base, ratio, "n", layout, text, regions, Source("offline", "m", True, ("n",)))

    return st.builds(build, regions, st.booleans(), good | st.just(""), share)


@settings(max_examples=examples(150))
@given(plans())
def test_random_plans_round_trip(plan: Plan) -> None:
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan
    if plan.layout == "grid":
        text = plan_to_text(plan)
        back = plan_from_text(text, plan.split_ratio, base_ratio=plan.base_ratio, negative_prompt="n", prompt="p")
        assert [as_written(r.prompt) for r in back.regions] == [as_written(r.prompt) for r in plan.regions]
        assert [r.box for r in back.regions] == [r.box for r in plan.regions]
        assert (back.base_prompt, back.base_ratio) == (as_written(plan.base_prompt), plan.base_ratio)


SCALARS = [
    None,
    True,
    0,
    1,
    -1,
    2,
    0.5,
    -0.5,
    10**400,
    math.nan,
    math.inf,
    "",
    "1,1",
    "grid",
    "boxes",
    "a cat",
    "\ud800",
]
json_values = st.recursive(
    st.sampled_from(SCALARS) | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
keys = st.sampled_from(
    [
        "version",
        "prompt",
        "base_prompt",
        "base_ratio",
        "layout",
        "split_ratio",
        "regions",
        "source",
        "box",
        "weight",
        "entities",
        "control",
    ]
)


@settings(max_examples=examples(1000))
@given(
    st.one_of(
        json_values,
        st.dictionaries(keys, json_values, max_size=6),
        st.tuples(
            st.sampled_from(
                [
                    "version",
                    "base_ratio",
                    "layout",
                    "split_ratio",
                    "regions",
                    "source",
                    "regions.0",
                    "regions.1.box",
                    "regions.2.weight",
                    "regions.1.prompt",
                    "regions.2.entities",
                    "regions.2.entities.1.count",
                    "source.notes",
                ]
            ),
            json_values,
        ).map(lambda pair: document(*pair)),
    )
)
def test_random_documents_raise_only_the_own_error(value: object) -> None:
    try:
        plan = Plan.from_dict(value)  # type: ignore[arg-type]
    except RpgError as error:
        assert "\n" not in str(error)
    else:
        assert Plan.from_dict(plan.to_dict()) == plan


@settings(max_examples=examples(1000))
@given(
    prompts | st.text(max_size=40),
    st.sampled_from(["1", "1,1", "1;1", "1;1,1,1", "2,1,1;1", "x", ""]),
    st.text(max_size=30),
)
def test_random_texts_raise_only_the_own_error(text: str, ratio: str, source: str) -> None:
    for attempt in (lambda: plan_from_text(text, ratio), lambda: Plan.from_json(text), lambda: Plan.from_json(source)):
        try:
            plan = attempt()
        except RpgError as error:
            assert "\n" not in str(error)
        else:
            assert plan_from_text(plan_to_text(plan), plan.split_ratio).regions == plan.regions


def test_an_entity_keeps_its_own_box_only_where_it_has_one() -> None:
    entities = (Entity("cat", box=(0.25, 0.5, 0.5, 0.5)), Entity("hat"))
    plan = Plan(split_ratio="1", regions=(Region("a cat", entities=entities),))
    cat, hat = plan.to_dict()["regions"][0]["entities"]
    assert cat == {"phrase": "cat", "count": 1, "box": [0.25, 0.5, 0.5, 0.5]}
    assert hat == {"phrase": "hat", "count": 1}
    assert Plan.from_json(plan.to_json()) == plan
    region = {"prompt": "x", "entities": [{"phrase": "x", "box": [0, 0, 0, 1]}]}
    with pytest.raises(RpgError, match=r"regions\[0\]\.entities\[0\]\.box: width 0 is not > 0"):
        Plan.from_dict({"split_ratio": "1", "regions": [region]})


def test_the_units_of_a_region_are_written_only_where_there_are_any() -> None:
    plan = Plan(split_ratio="1,1", regions=(Region("a", control=(2, 0)), Region("b")))
    first, second = plan.to_dict()["regions"]
    assert first["control"] == [2, 0]
    assert "control" not in second
    assert Plan.from_json(plan.to_json()) == plan


def _many(count: int, **fields: Any) -> dict[str, Any]:
    return {"layout": "boxes", "regions": [{"prompt": "a", **fields}] * count}


@pytest.mark.parametrize(
    "changes",
    [
        _many(64, prompt="a" * 4000),
        _many(64, negative_prompt="a" * 4000),
        _many(64, name="a" * 1000, entities=[{"phrase": "a" * 1000}] * 3),
        _many(1) | {"source": {"notes": ["a" * 20_000] * 13}},
        _many(15, prompt="a" * 16_000)
        | {"prompt": "a" * 5000, "base_prompt": "a" * 4000, "negative_prompt": "a" * 2000},
    ],
    ids=["prompts", "negatives", "things", "notes", "all"],
)
def test_texts_that_are_too_long_together_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(RpgError, match=rf"plan: 2\d{{5}} characters .* {MAX_TEXTS} together"):
        Plan.from_dict(changes)


def test_a_plan_has_room_for_a_long_prompt_in_each_of_its_regions() -> None:
    region = {"name": "a" * 50, "prompt": "a" * 1500, "negative_prompt": "a" * 1500, "entities": [{"phrase": "a"}] * 64}
    document = _many(64, **region) | {"base_prompt": "a" * 5000, "source": {"notes": ["a" * 200] * 100}}
    assert Plan.from_dict(document).to_dict()["regions"][63]["prompt"] == "a" * 1500


def _mask(characters: int) -> str:
    return base64.b64encode(b"\x89PNG\r\n\x1a\n".ljust(characters // 4 * 3, b"\0")).decode()


def test_masks_that_are_too_long_together_are_refused() -> None:
    largest = MAX_MASKS // MAX_MASK
    assert len(Plan.from_dict(_many(largest, mask=_mask(MAX_MASK))).regions) == largest
    with pytest.raises(RpgError, match=rf"regions: {(largest + 1) * MAX_MASK} characters .* {MAX_MASKS} together"):
        Plan.from_dict(_many(largest + 1, mask=_mask(MAX_MASK)))


def test_the_largest_plan_is_read_back_from_its_json_in_good_time() -> None:
    """Also with every letter an escape; anything longer is refused before it is read."""
    things = [{"phrase": "ä", "count": 999, "box": [1 / 3, 1 / 7, 1 / 9, 1 / 11]}] * 64
    document = _many(64, prompt="ä" * 3800, box=[1 / 3, 1 / 7, 1 / 9, 1 / 11], mask=_mask(62_000), entities=things)
    plan = Plan.from_dict(document)
    start = time.process_time()
    assert Plan.from_json(json.dumps(plan.to_dict())) == plan
    for longer in ("[" * (MAX_DOCUMENT + 1), '{"x": [' + "[]," * 15_000_000):
        with pytest.raises(RpgError, match=f"plan: .* give at most {MAX_DOCUMENT}"):
            Plan.from_json(longer)
    assert time.process_time() - start < 2
