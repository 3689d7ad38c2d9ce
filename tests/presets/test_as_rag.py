"""A plan as RAG's parameters: what is read back binds the same objects, and what is not in it is named."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.layout.objects import bound_objects
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.plan import Entity, ObjectBinding, Plan, Region
from lib_rpg.planner import PlanRequest, plan
from lib_rpg.planner.llm.answers import parse_answer
from lib_rpg.presets import to_rag
from tests.tables import for_each

CAT = Region("a sleeping cat", entities=(Entity("cat", 1, (0.1, 0.2, 0.3, 0.6), "a cat"),))
DOG = Region("a barking dog", entities=(Entity("dog", 2, (0.6, 0.2, 0.3, 0.6), "two dogs"),))
BOUND = Plan(base_prompt="a room", base_ratio=0.2, split_ratio="1,1", regions=(CAT, DOG), binding="auto")


def shape(plan: Plan) -> list[Any]:
    """All that RAG can say of a plan, but for the boxes."""
    objects = [(one.region, one.prompt) for one in bound_objects(plan)]
    steps = round(plan.bound_steps, 6) if objects else 0
    prompts = [region.prompt for region in plan.regions]
    return [plan.base_prompt, round(plan.base_ratio, 6), plan.binding, steps, prompts, objects]


def boxes(plan: Plan) -> list[float]:
    """The sides of all cells and objects."""
    return [side for one in (*plan.regions, *bound_objects(plan)) for side in one.box]


def check_same(back: Plan, plan: Plan) -> None:
    assert shape(back) == shape(plan)
    assert boxes(back) == pytest.approx(boxes(plan), abs=1e-6)


def test_a_plan_is_an_entry_of_rags_gallery() -> None:
    made = to_rag(BOUND)
    assert json.loads(made.text) == {
        "prompt": "a room",
        "SR_hw_split_ratio": "1,1",
        "SR_prompt": "a sleeping cat BREAK a barking dog",
        "SR_delta": 0.8,
        "HB_prompt_list": ["a cat", "two dogs"],
        "HB_m_offset_list": [0.1, 0.6],
        "HB_n_offset_list": [0.2, 0.2],
        "HB_m_scale_list": [0.3, 0.3],
        "HB_n_scale_list": [0.6, 0.6],
        "HB_replace": 3,
    }
    assert made.notes == ()
    assert parse_answer(made.text).source.notes == ()
    assert parse_answer(made.text) == replace(BOUND, prompt="a room", source=parse_answer(made.text).source)


WORDS = st.sampled_from(
    ["a cat", "two dogs", "a red “café”, night", 'a sign that says "hi"', "one\\two", "(a fox:1.2)"]
)
RATIO = st.lists(st.lists(st.integers(1, 5).map(str), min_size=1, max_size=3).map(",".join), min_size=1, max_size=3)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Grids with objects in some cells."""
    ratio = draw(RATIO.map(";".join))
    regions = []
    for x, y, width, height in parse_ratio(ratio).boxes():
        sides = (x + width / 8, y + height / 8, width * 3 / 4, height * 3 / 4)
        box = tuple(round(float(side), 5) for side in sides)
        entities = (Entity("thing", 1, box, draw(WORDS)),) if draw(st.booleans()) else ()
        regions.append(Region(draw(WORDS), entities=entities))
    return Plan(
        base_prompt=draw(WORDS),
        base_ratio=draw(st.sampled_from([0.0, 0.25, 0.3, 1.0])),
        split_ratio=ratio,
        regions=tuple(regions),
        binding=draw(st.sampled_from(["off", "auto"])),
        bound_steps=draw(st.integers(1, 20)) / 20,
    )


@given(plans())
def test_what_is_read_back_is_the_plan(plan: Plan) -> None:
    text = to_rag(plan).text
    back = parse_answer(text)
    check_same(back, plan)
    assert to_rag(back).text == text


@for_each(
    [
        "a girl hugging a dog on the left and two red apples on the right, oil painting",
        "2girls, holding hands, red hair, blue hair, park",
        "a castle above three boats",
    ]
)
def test_what_method_rag_plans_is_read_back(prompt: str) -> None:
    made = plan(PlanRequest(prompt, 1024, 1024, method="rag"))
    check_same(parse_answer(to_rag(made).text), made)


def test_objects_that_are_not_bound_keep_their_boxes() -> None:
    made = to_rag(replace(BOUND, binding="off"))
    assert json.loads(made.text)["HB_replace"] == -1
    back = parse_answer(made.text)
    assert back.binding == "off"
    assert [entity.box for region in back.regions for entity in region.entities] == [
        entity.box for region in BOUND.regions for entity in region.entities
    ]


def other(**changes: Any) -> Plan:
    return replace(BOUND, **changes)


def with_cat(**changes: Any) -> Plan:
    return replace(BOUND, regions=(replace(CAT, **changes), DOG))


NOTED = [
    (other(negative_prompt="rain"), "no negative prompts"),
    (other(feather=0.1), "no feather: left out"),
    (other(bound_steps=0.33), "the share 0.33 of the steps is 7 of 20"),
    (other(bound_sigma=5.0), "no end of binding by sigma"),
    (other(bound_strength=0.5), "no strength of binding"),
    (other(bound_feather=0.1), "no feather of objects"),
    (other(binding="native"), "no native canvas"),
    (other(bound_background="a forest"), "no words around objects"),
    (with_cat(seed=3), "no seed of a region or object"),
    (with_cat(cfg_scale=3.0), "no CFG scale of a region"),
    (with_cat(base_ratio=0.7), "one SR_delta"),
    (with_cat(binding=ObjectBinding(steps=0.5)), "one HB_replace"),
    (with_cat(prompt="a cat <lora:x:1>"), "no tags of LoRAs"),
    (with_cat(muted=True), "region 1 does not act"),
    (other(split_ratio="1", regions=(CAT,)), "no single region"),
    (other(base_prompt="a room BREAK by night"), "is a comma here"),
]


@for_each(NOTED, name=lambda row: row[1])
def test_what_rag_cannot_say_is_named(row: tuple[Plan, str]) -> None:
    plan, part = row
    made = to_rag(plan)
    assert any(part in note for note in made.notes), made.notes
    parse_answer(made.text)
    assert not made.notes or "\n" not in " ".join(made.notes)


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (Plan(layout="boxes", regions=(CAT,)), "free boxes are no cells"),
        (replace(BOUND, split_ratio="1,1,1;1", rows_first=True, regions=(CAT, DOG, CAT)), "no columns"),
    ],
)
def test_what_is_no_ratio_of_rag_is_refused(plan: Plan, sentence: str) -> None:
    with pytest.raises(RpgError, match=sentence):
        to_rag(plan)
