"""Regional Prompter's form: its keywords give the structure, rows first, and negatives by region."""

from __future__ import annotations

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region
from lib_rpg.plan_text import negative_for_all, negative_to_text, plan_from_text, plan_to_text, split_negative

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
        ("a BREAK b BREAK c", "1,1", "if the first part is for the whole picture, end it with ADDBASE"),
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


@pytest.mark.parametrize(
    ("text", "ratio", "rows_first", "advice"),
    [
        (
            "a BREAK b BREAK c",
            "1;1,1",
            False,
            "in each row the first number is its height; for one above two write 1;1,1,1",
        ),
        (
            "a BREAK b BREAK c",
            "1;1,1",
            True,
            "in each column the first number is its width; for one beside two write 1;1,1,1",
        ),
        ("x ADDBASE a BREAK b BREAK c", "1,1", False, "take one part away, or write 1,1,1"),
        ("a BREAK b BREAK c BREAK d", "1,2", False, "take two parts away, or write 1,2,2,2"),
        ("a BREAK b", "1,1,1", False, "add one part, or write 1,1"),
        ("a", "1;1", False, "add one part, or write 1"),
        (
            "a BREAK b BREAK c",
            "1,1",
            False,
            "take one part away, or write 1,1,1; if the first part is for the whole picture, end it with ADDBASE",
        ),
    ],
)
def test_a_ratio_that_does_not_fit_says_what_to_write(text: str, ratio: str, rows_first: bool, advice: str) -> None:
    with pytest.raises(RpgError) as error:
        plan_from_text(text, ratio, rows_first=rows_first)
    assert str(error.value).endswith(f"; {advice}")


def words(plan: Plan) -> list[str]:
    return [region.prompt for region in plan.regions]


@pytest.mark.parametrize(
    ("text", "ratio", "read"),
    [
        ("a BREAK BREAK b", "1,1,1", ["a", "", "b"]),
        ("a BREAK b BREAK", "1,1,1", ["a", "b", ""]),
        ("a BREAK", "1,1", ["a", ""]),
        ("BREAK a", "1,1", ["", "a"]),
        ("a, , BREAK, ,", "1,1", ["a", ""]),
        ("BREAK BREAK", "1,1,1", ["", "", ""]),
        ("room ADDBASE", "1", [""]),
        ("room ADDBASE BREAK a", "1,1", ["", "a"]),
        ("ink ADDCOMM a BREAK BREAK b", "1,1,1", ["ink, a", "", "ink, b"]),
        ("a ADDROW ADDCOL b", "1;1,1,1", ["a", "", "b"]),
        ("ADDROW b", "1;1", ["", "b"]),
        ("a BREAK _BREAK_ b", "1,1,1", ["a", "", "b"]),
        ("(a BREAK BREAK b:1.2)", "1,1,1", ["(a:1.2)", "", "(b:1.2)"]),
        # Where the ratio has no cell for it, it is a slip as ever.
        ("a BREAK b BREAK", "1,1", ["a", "b"]),
        ("a BREAK BREAK b", "1,1", ["a", "b"]),
        ("a ADDCOL b ADDCOL", "", ["a", "b"]),
    ],
)
def test_an_empty_part_with_a_cell_of_its_own_is_a_region_without_words(text: str, ratio: str, read: list[str]) -> None:
    plan = plan_from_text(text, ratio, blank_regions=True)
    assert words(plan) == read
    again = plan_from_text(plan_to_text(plan), plan.split_ratio, blank_regions=True)
    assert (words(again), again.base_prompt) == (words(plan), plan.base_prompt)


@pytest.mark.parametrize(
    ("text", "ratio"), [("a BREAK BREAK b", "1,1,1,1"), ("BREAK", "1"), ("a ADDROW ADDCOL b", "1;1"), ("BREAK", "")]
)
def test_an_empty_part_without_a_cell_says_how_to_leave_it_to_the_base_prompt(text: str, ratio: str) -> None:
    with pytest.raises(RpgError, match="is empty; write it, remove a separator, or leave it to the base prompt with a"):
        plan_from_text(text, ratio, blank_regions=True)


@pytest.mark.parametrize(("text", "ratio"), [("a BREAK BREAK b", "1,1,1"), ("a BREAK", "1,1"), ("BREAK a", "1,1")])
def test_an_empty_part_of_a_models_answer_is_refused(text: str, ratio: str) -> None:
    with pytest.raises(RpgError, match="is empty; write it, or remove a separator"):
        plan_from_text(text, ratio)
