"""The tolerant reader of values: JSON as JSON, loose writing with its repair, and nothing evaluated."""

from __future__ import annotations

import contextlib
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib_rpg.planner.llm.answers.loose_json import MAX_DEPTH, LiteralError, read_literal, read_number
from tests.examples import examples
from tests.growth import assert_linear

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(-1e30, 1e30, allow_nan=False).filter(lambda number: number == 0 or abs(number) > 1e-30)
    | st.text()
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=20
)


@settings(max_examples=examples(300))
@given(
    st.lists(VALUES, max_size=4) | st.dictionaries(st.text(), VALUES, max_size=4),
    st.sampled_from([None, 2]),
    st.booleans(),
)
def test_valid_json_is_read_as_json(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    literal = read_literal(text)
    assert json.dumps(literal.value) == json.dumps(json.loads(text))
    assert (literal.end, literal.repairs, literal.cut, literal.twice) == (len(text), (), False, "")


@settings(max_examples=examples(300))
@given(st.lists(VALUES, max_size=3), st.data())
def test_a_value_that_is_cut_gives_a_part_of_it_or_an_error(value: list[Any], data: st.DataObject) -> None:
    text = json.dumps(value)
    end = data.draw(st.integers(1, max(1, len(text) - 1)))
    literal = read_literal(text[:end])
    assert literal.cut
    assert literal.value == json.loads(text)[: len(literal.value)]


@pytest.mark.parametrize(
    ("text", "value", "repair"),
    [
        ("[1, 2,]", [1, 2], "removed a stray comma"),
        ("['a', \"b\"]", ["a", "b"], "read single quotes as double ones"),
        ("('a', (1, 2))", ["a", [1, 2]], "read single quotes as double ones"),
        ("['the dog's bowl']", ["the dog's bowl"], "kept quotes inside a text"),
        ("['rock 'n' roll', 1]", ["rock 'n' roll", 1], "kept quotes inside a text"),
        ("[True, False, None]", [True, False, None], "read Python's words as JSON's"),
        ("[NaN, -Infinity]", [None, None], "read NaN as null"),
        ("[1/4, 3 / 8]", [0.25, 0.375], "computed a fraction"),
        ("[25%, 12.5 %]", [0.25, 0.125], "computed a percentage"),
        ("{a: 1}", {"a": 1}, "put a key in quotes"),
        ("[(a cat, [1, 2])]", [["a cat", [1, 2]]], "put a name in quotes"),
        ("[1 /* one */, 2] // two", [1, 2], "left out comments"),
        ('{"a": [1}', {"a": [1]}, "added a missing ']'"),
    ],
)
def test_loose_values_are_repaired(text: str, value: Any, repair: str) -> None:
    literal = read_literal(text)
    assert literal.value == value
    assert repair in literal.repairs


@pytest.mark.parametrize(
    ("text", "problem", "position"),
    [
        ("[1 2]", "',' or ']' is expected", 3),
        ("[a]", "a text needs double quotes", 1),
        ("[1+1]", "',' or ']' is expected", 2),
        ("[__import__('os')]", "a text needs double quotes", 1),
        ("[1/0]", "a fraction divides by zero", 1),
        ('{"a" 1}', "':' is expected", 5),
        ('{1: "a"}', "a key in double quotes is expected", 1),
        ("[1)", "']' is expected", 2),
        ("[" * (MAX_DEPTH + 1), "it is nested too deeply", MAX_DEPTH),
        ("[" + "9" * 50 + "]", "a value is expected", 1),
    ],
)
def test_what_has_no_plain_meaning_is_refused_with_its_place(text: str, problem: str, position: int) -> None:
    with pytest.raises(LiteralError) as error:
        read_literal(text)
    assert (str(error.value), error.value.position) == (problem, position)


@pytest.mark.parametrize(
    ("given_value", "number"),
    [("0.5", 0.5), (" 50% ", 0.5), ("1/3", 1 / 3), ("3", 3), (".5", 0.5), ("1e-1", 0.1), (7, 7), ("1/0", "1/0")]
    + [(word, word) for word in ("", "half", "1+1", "0x10", "1 2", "--1")],
)
def test_numbers_in_texts(given_value: object, number: object) -> None:
    result = read_number(given_value)
    assert result == number if isinstance(number, str) else math.isclose(float(str(result)), float(str(number)))


@pytest.mark.parametrize(
    "unit", ["[1,", '["', "['a'", "{'a':", '"a" ', "\\", "/*", "#\n", "[[1],", '{"a":"', "  ", "a,[", "' "]
)
def test_time_grows_with_the_length_and_no_more(unit: str) -> None:
    def read(length: int) -> None:
        for first in ("[", "{", '["', '{"a": "'):
            with contextlib.suppress(LiteralError):
                read_literal(first + unit * (length // len(unit)))

    assert_linear(read, 200_000)
