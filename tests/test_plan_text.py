"""Regional Prompter's form: its keywords give the structure, rows first, and negatives by region."""

from __future__ import annotations

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region
from lib_rpg.plan_text import negative_for_all, negative_to_text, plan_from_text, split_negative

HALF = 0.5


@pytest.mark.parametrize(
    ("text", "ratio", "rows_first", "read", "boxes"),
    [
        # Numbers without ";" go along the one direction there is.
        ("a ADDROW b", "1,3", False, "1;3", [(0, 0, 1, 0.25), (0, 0.25, 1, 0.75)]),
        ("a ADDCOL b", "1,3", False, "1,3", [(0, 0, 0.25, 1), (0.25, 0, 0.75, 1)]),
        ("a ADDCOL b", "1,3", True, "1;3", [(0, 0, 0.25, 1), (0.25, 0, 0.75, 1)]),
        ("a ADDROW b", "1,3", True, "1,3", [(0, 0, 1, 0.25), (0, 0.25, 1, 0.75)]),
        # No ratio: equal cells.
        ("a ADDROW b", "", False, "1;1", [(0, 0, 1, 0.5), (0, 0.5, 1, 0.5)]),
        ("a ADDCOL b ADDROW c", " ", False, "1,1,1;1", [(0, 0, 0.5, 0.5), (0.5, 0, 0.5, 0.5), (0, 0.5, 1, 0.5)]),
        # What is missing is as the last before it.
        ("a ADDCOL b ADDROW c", "1,1;1", False, "1,1,1;1", [(0, 0, 0.5, 0.5), (0.5, 0, 0.5, 0.5), (0, 0.5, 1, 0.5)]),
        ("a ADDROW b ADDROW c", "2;1", False, "2;1;1", [(0, 0, 1, 0.5), (0, 0.5, 1, 0.25), (0, 0.75, 1, 0.25)]),
        # A ratio that fits stays as it is typed.
        ("a ADDCOL b", "50%, 50%", False, "50%, 50%", [(0, 0, 0.5, 1), (0.5, 0, 0.5, 1)]),
        ("a ADDROW b ADDCOL c", "1,1,1;1", True, "1,1,1;1", [(0, 0, 0.5, 0.5), (0, 0.5, 0.5, 0.5), (0.5, 0, 0.5, 1)]),
    ],
)
def test_keywords_give_the_structure(text: str, ratio: str, rows_first: bool, read: str, boxes: list) -> None:
    plan = plan_from_text(text, ratio, rows_first=rows_first)
    assert plan.split_ratio == read
    assert [region.box for region in plan.regions] == boxes
    assert bool(plan.source.notes) == (read != ratio)


def test_rows_first_reads_the_ratio_column_by_column() -> None:
    plan = plan_from_text("a BREAK b BREAK c", "1,1,1;1", rows_first=True)
    assert [region.box for region in plan.regions] == [(0, 0, HALF, HALF), (0, HALF, HALF, HALF), (HALF, 0, HALF, 1)]
    assert plan.to_dict()["rows_first"] is True
    assert Plan.from_dict(plan.to_dict()) == plan


def test_what_plans_had_before_is_written_as_before() -> None:
    document = plan_from_text("a BREAK b", "1,1").to_dict()
    assert not {"rows_first", "feather", "lora"} & set(document)
    assert not {"start", "end", "mask"} & set(document["regions"][0])


@pytest.mark.parametrize(
    ("text", "ratio", "says"),
    [
        ("a BREAK b BREAK c", "1,1", "write ADDBASE after the first prompt"),
        ("x ADDCOMM y ADDBASE a BREAK b BREAK c", "1,1", "make them equal"),
        ("a ADDCOL b", "1,1;1", "which are in different rows"),
        ("a ADDROW b", "1,x", "is not a number"),
        ("a ADDROW b", "1,,", "empty"),
    ],
)
def test_contradictions_are_refused_in_words(text: str, ratio: str, says: str) -> None:
    with pytest.raises(RpgError, match=says.replace("(", r"\(")):
        plan_from_text(text, ratio)


@pytest.mark.parametrize(
    ("text", "whole", "own"),
    [
        ("", "", ("", "")),
        ("blurry", "blurry", ("", "")),
        ("blurry BREAK ugly", "", ("blurry", "ugly")),
        ("blurry ADDCOMM BREAK ugly", "blurry", ("", "ugly")),
        ("blurry ADDCOMM dark ADDROW ugly", "blurry", ("dark", "ugly")),
    ],
)
def test_negatives_by_region(text: str, whole: str, own: tuple) -> None:
    assert split_negative(text, 2) == (whole, own)
    plan = plan_from_text("a BREAK b", "1,1", negative_prompt=text)
    assert (plan.negative_prompt, tuple(region.negative_prompt for region in plan.regions)) == (whole, own)
    assert split_negative(negative_to_text(plan), 2) == (whole, own)
    assert negative_for_all(text) == whole


@pytest.mark.parametrize("text", ["a BREAK b BREAK c", "x ADDCOMM a", "a ADDCOMM b ADDCOMM c BREAK d", "a ADDBASE b"])
def test_negatives_that_do_not_fit_are_refused(text: str) -> None:
    with pytest.raises(RpgError, match="negative prompt"):
        split_negative(text, 2)


def test_the_negatives_text_has_no_keyword_where_no_region_has_its_own() -> None:
    plan = Plan(split_ratio="1", negative_prompt="blurry", regions=(Region("a"),))
    assert negative_to_text(plan) == "blurry"
