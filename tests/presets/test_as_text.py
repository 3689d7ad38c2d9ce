"""A plan as text of other tools: what is read back is the plan, and what is not in it is named."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.other_infotexts import plan_of
from lib_rpg.plan import Plan, Region
from lib_rpg.presets import to_forge_couple, to_regional_prompter
from tests.tables import for_each

CAT, DOG, BIRD = Region("a cat"), Region("a dog"), Region("a bird")
GRID = Plan(base_prompt="a room", base_ratio=0.2, split_ratio="1,1", regions=(CAT, DOG))


def read_regional_prompter(plan: Plan) -> Plan:
    made = to_regional_prompter(plan)
    params = {
        "RP Active": "True",
        "RP Divide mode": "Matrix",
        "RP Matrix submode": made.mode,
        "RP Ratios": made.ratio,
        "RP Base Ratios": made.base_ratio,
        "RP Use Base": str(made.uses_base),
        "Prompt": made.prompt,
        "Negative prompt": made.negative_prompt,
    }
    pasted = plan_of(params)
    assert pasted is not None
    return pasted.plan


def read_forge_couple(plan: Plan) -> Plan:
    made = to_forge_couple(plan)
    params = {
        "forge_couple": "True",
        "forge_couple_mode": "Advanced",
        "forge_couple_common_parser": "{ }",
        "forge_couple_mapping": made.mapping,
        "Prompt": made.prompt,
    }
    pasted = plan_of(params)
    assert pasted is not None
    return pasted.plan


def shape(plan: Plan, digits: int = 6) -> list[tuple[Any, ...]]:
    """Of every region, in the order of their places: words, box and base ratio."""
    shares = [plan.base_ratio if r.base_ratio is None else r.base_ratio for r in plan.regions]
    rows = [
        (*(round(side, digits) for side in region.box), region.prompt, round(share, 2))
        for region, share in zip(plan.regions, shares, strict=True)
    ]
    return sorted(rows)


def test_a_plan_is_its_prompt_and_its_ratio() -> None:
    made = to_regional_prompter(replace(GRID, split_ratio="1;2"))
    assert made.prompt == "a room ADDBASE a cat BREAK a dog"
    assert (made.mode, made.ratio, made.base_ratio, made.uses_base) == ("Columns", "1;2", "0.2", True)
    assert made.notes == ()


@for_each(
    [("1,1", True), ("1;1", True), ("1;1,1", True), ("50%;1/2,1", False), ("1,2;1", True), ("0.5,1.5", False)], name=str
)
def test_rows_and_columns_say_the_same_cells(row: tuple[str, bool]) -> None:
    cells = len(parse_ratio(*row))
    plan = Plan(base_prompt="a room", split_ratio=row[0], rows_first=row[1], regions=(CAT, DOG, BIRD)[:cells])
    assert shape(read_regional_prompter(plan)) == shape(plan)


NUMBER = st.integers(1, 5).map(str)
RATIO = st.lists(st.lists(NUMBER, min_size=1, max_size=4).map(",".join), min_size=1, max_size=4).map(";".join)
SHARE = st.none() | st.sampled_from([0.0, 0.1, 0.5, 1.0])
NEGATIVE = st.sampled_from(["", "green", "red, blue"])


@st.composite
def grids(draw: st.DrawFn) -> Plan:
    """Grids of more than one cell, each with words, a base ratio and a negative prompt."""
    ratio, rows_first = draw(RATIO.filter(lambda text: len(parse_ratio(text)) > 1)), draw(st.booleans())
    cells = len(parse_ratio(ratio, rows_first))
    regions = [Region(f"thing {i}", base_ratio=draw(SHARE), negative_prompt=draw(NEGATIVE)) for i in range(cells)]
    return Plan(
        base_prompt="a room",
        base_ratio=draw(st.sampled_from([0.2, 0.3])),
        negative_prompt=draw(NEGATIVE),
        split_ratio=ratio,
        rows_first=rows_first,
        regions=tuple(regions),
    )


@given(grids())
def test_regional_prompter_reads_every_grid_back(plan: Plan) -> None:
    back = read_regional_prompter(plan)
    assert shape(back) == shape(plan) and back.base_prompt == "a room"
    assert [r.negative_prompt for r in back.regions] == [r.negative_prompt for r in plan.regions]


def test_without_a_base_prompt_regions_act_alone_in_regional_prompter() -> None:
    made = to_regional_prompter(replace(GRID, base_prompt=""))
    assert made.prompt == "a cat BREAK a dog" and not made.uses_base
    assert made.notes == ("there is no base prompt, so every region acts alone",)


def test_free_boxes_are_no_text_of_regional_prompter() -> None:
    with pytest.raises(RpgError, match="copy it as Forge Couple text"):
        to_regional_prompter(Plan(layout="boxes", regions=(CAT,)))


@st.composite
def apart(draw: st.DrawFn) -> Plan:
    """Free boxes side by side with gaps, each with a base ratio."""
    count = draw(st.integers(1, 4))
    regions = [
        Region(
            f"thing {i}", box=(i / count, 0.1, 0.8 / count, 0.5), base_ratio=draw(st.sampled_from([0.1, 0.2, 0.5, 0.8]))
        )
        for i in range(count)
    ]
    return Plan(base_prompt="a room", layout="boxes", regions=tuple(regions))


@given(apart())
def test_forge_couple_reads_boxes_and_base_ratios_back(plan: Plan) -> None:
    back = read_forge_couple(plan)
    assert shape(back, 2) == shape(plan, 2) and back.base_prompt == "a room"


def test_forge_couple_has_a_line_for_the_whole_canvas_where_there_is_a_base() -> None:
    made = to_forge_couple(GRID)
    assert made.prompt == "a room\na cat\na dog"
    assert json.loads(made.mapping) == [[0, 1, 0, 1, 0.25], [0, 0.5, 0, 1, 1], [0.5, 1, 0, 1, 1]]
    bare = to_forge_couple(replace(GRID, base_ratio=0.0))
    assert bare.prompt == "a cat\na dog" and json.loads(bare.mapping)[0] == [0, 0.5, 0, 1, 1]
    assert made.notes == bare.notes == ()


def test_only_free_boxes_leave_a_place_without_a_region() -> None:
    assert to_forge_couple(replace(GRID, base_prompt="")).notes == (
        "there is no base prompt, so every region acts alone",
    )


def test_boxes_that_overlap_keep_their_weights_in_forge_couple() -> None:
    regions = (replace(CAT, box=(0, 0, 0.6, 1), weight=3.0), replace(DOG, box=(0.4, 0, 0.6, 1)))
    made = to_forge_couple(Plan(layout="boxes", regions=regions))
    assert [row[4] for row in json.loads(made.mapping)] == [1, 0.3333]


def test_a_region_that_is_all_base_has_no_weight_in_forge_couple() -> None:
    rows = json.loads(to_forge_couple(replace(GRID, base_ratio=1.0)).mapping)
    assert [row[4] for row in rows] == [1, 0, 0]


def test_a_region_without_any_base_has_a_hundredth_of_it_in_forge_couple() -> None:
    plan = replace(GRID, regions=(replace(CAT, base_ratio=0.0), replace(DOG, base_ratio=0.5)))
    back = read_forge_couple(plan)
    shares = [back.base_ratio if region.base_ratio is None else region.base_ratio for region in back.regions]
    assert shares == pytest.approx([0.01, 0.5], abs=1e-3)


def test_lines_of_a_prompt_are_one_line_in_forge_couple() -> None:
    made = to_forge_couple(replace(GRID, base_prompt="a\nroom", regions=(Region("a cat,\n\n tabby"), DOG)))
    assert made.prompt.split("\n") == ["a room", "a cat, tabby", "a dog"]


BOXES = Plan(base_prompt="a room", layout="boxes", regions=(CAT, DOG))
NOTED = [
    (replace(GRID, feather=0.1), "feather", "feather"),
    (replace(GRID, regions=(replace(CAT, start=0.2), DOG)), "start and end", "start and end"),
    (replace(GRID, regions=(replace(CAT, control=(0,)), DOG)), "ControlNet units", "ControlNet units"),
    (replace(GRID, regions=(Region("a cat <lora:x:1>"), DOG)), "LoRA of a region", "LoRA of a region"),
    (replace(GRID, hires="second"), "Enabled only in Hires Fix", "hires pass only"),
    (replace(GRID, hires="first"), "Disabled in Hires Fix", "Compatibility"),
    (
        replace(GRID, regions=(replace(CAT, negative_prompt="dog"), DOG)),
        "",
        "negative prompts of regions: those of 1 region ",
    ),
    (replace(GRID, regions=(Region("BREAKFAST"), DOG)), "inside of words", ""),
    (replace(GRID, base_prompt="a room BREAK by night"), "is a comma here", ""),
    (replace(GRID, regions=(Region("a {cat}"), DOG)), "", "braces"),
    (replace(GRID, regions=(replace(CAT, base_ratio=0.0), DOG)), "", "at least 0.01"),
    (replace(GRID, base_prompt=""), "every region acts alone", "every region acts alone"),
    (BOXES, None, "where boxes overlap"),
    (replace(BOXES, base_prompt=""), None, "nothing where none is"),
]


@for_each(NOTED, name=lambda row: f"{row[1]} {row[2]}")
def test_what_a_tool_cannot_say_is_named(row: tuple[Plan, Any, str]) -> None:
    plan, in_regional_prompter, in_forge_couple = row
    if in_regional_prompter is not None:
        notes = " ".join(to_regional_prompter(plan).notes)
        assert in_regional_prompter in notes and (in_regional_prompter or not notes)
    notes = " ".join(to_forge_couple(plan).notes)
    assert in_forge_couple in notes and (in_forge_couple or not notes)


def test_masks_are_named_as_left_out() -> None:
    mask = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGP4z8DwHwQBEPgD/U6VwW8AAAAASUVORK5CYII="
    plan = replace(BOXES, regions=(replace(CAT, mask=mask), DOG))
    assert any("the masks are left out" in note for note in to_forge_couple(plan).notes)
