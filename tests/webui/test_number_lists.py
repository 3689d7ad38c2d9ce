"""A number for each region as people paste them, read by the options' table."""

from __future__ import annotations

import json

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.plan import GUESS, Region
from lib_rpg.plan_text import plan_from_text
from lib_rpg.planner.offline.base_ratio import automatic_base_ratio
from lib_rpg.webui.options import BY_NAME

BASE_RATIOS = BY_NAME["base_ratios"]
AUTO = automatic_base_ratio([Region("a0"), Region("a1")])


def read(given: object, regions: int) -> tuple[list[float | None], list[str]]:
    numbers, notes = BASE_RATIOS.numbers_for(BASE_RATIOS.read(given), [Region(f"a{i}") for i in range(regions)])
    return list(numbers), notes


@pytest.mark.parametrize(
    ("given", "numbers"),
    [
        ("0.2, 0.4", [0.2, 0.4]),
        ("0.2,0.4", [0.2, 0.4]),
        ([0.2, 0.4], [0.2, 0.4]),
        ("0,1,0,1", [0, 1, 0, 1]),
        ("0,1, 0", [0, 1, 0]),
        ("", [None, None]),
        ("1", [1]),
        ("0.3,", [0.3]),
        ("0.3,", [0.3, None]),
        ("0.3, , 0.2", [0.3, None, 0.2]),
        (",", [None, None]),
        ([0.3, None], [0.3, None]),
        ("30%, 0", [0.3, 0]),
        ("30 %", [0.3]),
        ("7%,12.5%", [0.07, 0.125]),
        (["30%", 0], [0.3, 0]),
        ("0.3, auto", [0.3, AUTO]),
        (["AUTO", "", 1], [AUTO, None, 1]),
    ],
)
def test_what_is_legal_is_read_as_ever(given: object, numbers: list[float | None]) -> None:
    assert read(given, len(numbers)) == (numbers, [])


@pytest.mark.parametrize(
    ("given", "numbers", "note"),
    [
        ("０．２，０．４", [0.2, 0.4], "base_ratios: '０．２，０．４' is read as '0.2, 0.4'"),
        ("0.2、\u30000.4", [0.2, 0.4], "base_ratios: "),
        ("0.2; 0.4", [0.2, 0.4], "base_ratios: '0.2; 0.4' is read as '0.2, 0.4'"),
        ("0,2; 0,4", [0.2, 0.4], "base_ratios: '0,2; 0,4' is read as '0.2, 0.4'"),
        ("３０ ％，０", [0.3, 0], "base_ratios: '３０ ％，０' is read as '0.3, 0'"),
        ("0.3;", [0.3, None], "base_ratios: '0.3;' is read as '0.3, '"),
        ("ａｕｔｏ；1", [AUTO, 1], "base_ratios: 'ａｕｔｏ；1' is read as 'auto, 1'"),
        ("0,2, 0,4,", [0.2, 0.4], f"{GUESS}base_ratios: '0,2, 0,4,' is read as '0.2, 0.4'"),
        ("0,5%, 2%", [0.005, 0.02], f"{GUESS}base_ratios: '0,5%, 2%' is read as '0.5%, 2%'"),
        ("０，２；０，４", [0.2, 0.4], "base_ratios: "),
        ("0,2, 0,4", [0.2, 0.4], f"{GUESS}base_ratios: '0,2, 0,4' is read as '0.2, 0.4'"),
        ("0,2,0,4", [0.2, 0.4], f"{GUESS}base_ratios: '0,2,0,4' is read as '0.2, 0.4'"),
        ("0,1,0,1", [0.1, 0.1], f"{GUESS}base_ratios: '0,1,0,1' is read as '0.1, 0.1'"),
    ],
)
def test_numbers_are_mended_with_a_note(given: str, numbers: list[float], note: str) -> None:
    made, notes = read(given, 2)
    assert made == numbers
    assert len(notes) == 1 and notes[0].startswith(note)


@pytest.mark.parametrize("given", ["ａｕｔｏ", "auto", " AUTO "])
def test_a_word_is_read_in_any_width(given: str) -> None:
    assert BASE_RATIOS.read(given) == "auto"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("0.1", "1 numbers for 2 regions: give one for each"),
        ("1,0,1,1", "4 numbers for 2 regions: give one for each; a decimal has a point, such as '1.0, 1.1'"),
        ("0,2,1", "3 numbers for 2 regions: give one for each"),
        ("0,2; much", "base_ratios must be 'auto' or one number for each region such as '0.2, 0.4', not '0,2; much'"),
        ("0.2;; 0.4", "3 numbers for 2 regions: give one for each"),
        ("0.2, auto, 1", "3 numbers for 2 regions: give one for each"),
        ("1_0, 1", "base_ratios must be 'auto'"),
        ("%, 1", "base_ratios must be 'auto'"),
        ("inf, 1", "base_ratios must be 'auto'"),
    ],
)
def test_what_cannot_be_mended_is_refused(given: str, says: str) -> None:
    with pytest.raises(RpgError) as error:
        read(given, 2)
    assert says in str(error.value)


@pytest.mark.parametrize("given", [["x", 0.3], [None, "x"], [[1], 2], {"a": 1}, [True, 0], ("x",), [{"a": None}], 0.3])
def test_a_refused_list_is_shown_as_it_was_sent_and_not_in_python(given: object) -> None:
    with pytest.raises(RpgError, match="base_ratios must be 'auto'") as error:
        read(given, 2)
    shown = str(error.value).partition(", not ")[2]
    assert shown == f"'{json.dumps(given)}'"


@pytest.mark.parametrize(
    ("text", "read_as"), [("30 %，70 %", "30 %,70 %"), ("３０％、７０％", "30%,70%"), ("50%;50%", "50%;50%")]
)
def test_a_split_ratio_has_percents_of_any_width_too(text: str, read_as: str) -> None:
    assert plan_from_text("a BREAK b", text).split_ratio == read_as
