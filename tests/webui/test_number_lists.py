"""A number for each region as people paste them, read by the options' table."""

from __future__ import annotations

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.plan import GUESS, Region
from lib_rpg.webui.options import BY_NAME

BASE_RATIOS = BY_NAME["base_ratios"]


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
        ("0.2;; 0.4", "base_ratios must be 'auto'"),
        ("inf, 1", "base_ratios must be 'auto'"),
    ],
)
def test_what_cannot_be_mended_is_refused(given: str, says: str) -> None:
    with pytest.raises(RpgError) as error:
        read(given, 2)
    assert says in str(error.value)
