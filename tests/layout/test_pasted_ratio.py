"""Split ratios as people paste them: full-width punctuation, decimal commas."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib_rpg.decimal_commas import with_points
from lib_rpg.layout.pasted_ratio import lone_widths, ratios
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.plan import GUESS
from tests.examples import examples
from tests.layout.test_ratio import READ, REFERENCE_READ
from tests.layout.test_ratio import ratios as sound_ratios


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1，1；2", "1,1;2"),
        ("１，１", "1,1"),
        ("1、2", "1,2"),
        ("1\u3000,\u30001", "1 , 1"),
        ("５０％，５０％", "50%,50%"),
        ("１／３，２／３", "1/3,2/3"),
        ("０．５，０．５", "0.5,0.5"),
        ("1：1", "1:1"),
    ],
)
def test_full_width_is_read_as_ascii_with_a_note(text: str, read: str) -> None:
    first = ratios(text)[0]
    assert first.text == read
    assert first.notes == (f"split ratio: {text!r} is read as {read!r}",)


@pytest.mark.parametrize("text", [row[0] for row in (*READ, *REFERENCE_READ)])
def test_the_grammar_goes_first_and_in_silence(text: str) -> None:
    first = ratios(text)[0]
    assert (first.text, first.notes, first.is_likely) == (text, (), True)


@pytest.mark.parametrize(
    ("text", "read", "is_likely"),
    [
        ("0,2, 0,4", "0.2, 0.4", True),
        ("1,5, 1", "1.5, 1", True),
        ("0,2; 0,4", "0.2;0.4", True),
        ("0,5;0,5", "0.5;0.5", True),
        ("0,5,0,5", "0.5, 0.5", True),
        ("0,25, 0,75; 1,5", "0.25, 0.75;1.5", True),
        ("12,5%, 87,5%", "12.5%, 87.5%", True),
        # The grammar reads these, and nothing shows that they are meant otherwise.
        ("1,5,2,5", "1.5, 2.5", False),
        ("1,5;1", "1.5;1", False),
    ],
)
def test_decimal_commas_are_another_reading(text: str, read: str, is_likely: bool) -> None:
    _, second = ratios(text)
    assert (second.text, second.is_likely) == (read, is_likely)
    assert second.notes[-1].startswith(f"{GUESS}split ratio: {text!r} is read as {read!r}")
    parse_ratio(second.text)


@pytest.mark.parametrize("text", ["1,1", "1,1;1,1", "1;1", "1, 1", "1.5,1", "1,5,1", "1,5,2, 3", "1,x", "", "0.5,0.5"])
def test_what_has_no_decimal_commas_has_no_other_reading(text: str) -> None:
    assert len(ratios(text)) == 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("1,5;1", ["'1.5'"]),
        ("2,5; 1 ; 1,25", ["'2.5'", "'1.25'"]),
        ("12,5%;87,5%", ["'12.5%'", "'87.5%'"]),
        ("1,1;2,1,1", []),
        ("1, 5;1", []),
        ("1,5", []),
        ("1.5,2;1", []),
        ("1;1,1,2", []),
    ],
)
def test_a_row_whose_only_width_counts_for_nothing_is_named(text: str, named: list[str]) -> None:
    notes = lone_widths(text)
    assert len(notes) == len(named)
    assert all(name in note for name, note in zip(named, notes, strict=True))


decimals = st.tuples(st.integers(0, 99), st.integers(0, 99)).map("{0[0]},{0[1]}".format)


@settings(max_examples=examples(300))
@given(st.lists(decimals, min_size=1, max_size=5), st.sampled_from([", ", " , ", ",", ",\n"]))
def test_written_decimals_are_read_back(numbers: list[str], between: str) -> None:
    assert with_points(between.join(numbers)) == ", ".join(number.replace(",", ".") for number in numbers)


@settings(max_examples=examples(300))
@given(sound_ratios | st.text("0123456789,;.%/ ，；１\n", max_size=20))
def test_the_first_reading_is_the_grammars_own(text: str) -> None:
    first, *others = ratios(text)
    if text.isascii():
        assert first.text == text and not first.notes
    assert len(others) <= 1
    assert all(other.notes for other in others)
