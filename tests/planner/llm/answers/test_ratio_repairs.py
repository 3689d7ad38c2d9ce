"""Repairs of split ratios: mistakes of models that have only one possible meaning."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.planner.llm.answers.ratio_repairs import repair_ratio
from tests.examples import examples
from tests.layout.test_ratio import noise, ratios

REPAIRED = [
    ("1,1,1;", "1,1,1", "stray separator"),
    ("0.5,", "0.5", "stray separator"),
    (";1,1", "1,1", "stray separator"),
    ("1,,2;;3,", "1,2;3", "stray separator"),
    ("1,1;,1,1", "1,1;1,1", "stray separator"),
    ("1,1 , ; 1,1", "1,1;1,1", "stray separator"),
    ("1,(1,1);1,(1,1)", "1,1,1;1,1,1", "brackets"),
    ("[1, 1]", "1,1", "brackets"),
    ("**1,1**", "1,1", "bold"),
    ("`1;1`", "1;1", "quotes"),
    ('"1,1"', "1,1", "quotes"),
    ("1,1,1\n1,1,1", "1,1,1;1,1,1", "line end"),
    ("0.5,0.5.", "0.5,0.5", "full stop"),
    ("“1，1；1、2”", "1,1;1,2", "wide comma"),
]


@pytest.mark.parametrize(("text", "repaired", "note"), REPAIRED)
def test_repaired_and_noted(text: str, repaired: str, note: str) -> None:
    result, notes = repair_ratio(text)
    assert result == repaired
    assert any(note in line for line in notes)
    assert repair_ratio(result) == (result, ())
    parse_ratio(result)


@pytest.mark.parametrize("text", ["1,1", "1;1,1,2", " 1/3 , 2/3 ", "50%,50%", "1,1;\n1,1"])
def test_sound_ratios_are_not_repaired(text: str) -> None:
    assert repair_ratio(text) == (text.strip(), ())


@pytest.mark.parametrize("text", ["1:1", "-1,1", "12[3]4,1", "1e3", "", "one,two"])
def test_what_has_no_plain_meaning_stays_refused(text: str) -> None:
    with pytest.raises(RpgError):
        parse_ratio(repair_ratio(text)[0])


@settings(max_examples=examples(1000))
@given(st.one_of(noise, st.text(max_size=30), ratios, st.tuples(ratios, noise).map("".join)))
def test_a_repair_is_noted_and_a_sound_text_is_not(text: str) -> None:
    repaired, notes = repair_ratio(text)
    assert bool(notes) == (repaired != text.strip())
