"""The layout report: boxes, pixels and tokens of every level."""

from __future__ import annotations

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.layout.ratio import MAX_CHARACTERS
from lib_rpg.layout.report import layout_report, read_ratio
from tests.layout.test_ratio import READ


def test_the_format() -> None:
    assert layout_report("1;1,1,2", 1024, 768) == {
        "split_ratio": "1;1,1,2",
        "cells": [
            {
                "box": [0.0, 0.0, 1.0, 0.5],
                "pixels": [0, 0, 1024, 384],
                "grid": {"8": [0, 0, 128, 48], "16": [0, 0, 64, 24], "32": [0, 0, 32, 12], "64": [0, 0, 16, 6]},
            },
            {
                "box": [0.0, 0.5, 1 / 3, 0.5],
                "pixels": [0, 384, 341, 768],
                "grid": {"8": [0, 48, 43, 96], "16": [0, 24, 21, 48], "32": [0, 12, 11, 24], "64": [0, 6, 5, 12]},
            },
            {
                "box": [1 / 3, 0.5, 2 / 3, 0.5],
                "pixels": [341, 384, 1024, 768],
                "grid": {
                    "8": [43, 48, 128, 96],
                    "16": [21, 24, 64, 48],
                    "32": [11, 12, 32, 24],
                    "64": [5, 6, 16, 12],
                },
            },
        ],
    }


def test_a_level_is_the_canvas_rounded_up() -> None:
    last = layout_report("1,1", 72, 104)["cells"][-1]
    assert last["pixels"] == [36, 0, 72, 104]
    assert last["grid"] == {"8": [5, 0, 9, 13], "16": [3, 0, 5, 7], "32": [2, 0, 3, 4], "64": [1, 0, 2, 2]}


def test_rows_first_reads_column_by_column() -> None:
    cells = layout_report("1;1,1,1", 64, 64, rows_first=True)["cells"]
    assert [cell["pixels"] for cell in cells] == [[0, 0, 32, 64], [32, 0, 64, 32], [32, 32, 64, 64]]


@pytest.mark.parametrize(
    ("width", "height", "words"),
    [
        (1020, 768, "width: 1020 is not a multiple of 8; use 1016 or 1024"),
        (1024, 767, "height: 767 is not a multiple of 8; use 760 or 768"),
        (0, 8, "width: 0 is out of range"),
        (8, -8, "height: -8 is out of range"),
        (16392, 8, "width: 16392 is out of range"),
        (8.0, 8, "width: 8.0 is not a whole number"),
        (True, 8, "width: True is not a whole number"),
    ],
)
def test_bad_sizes_are_refused_in_words(width: int, height: int, words: str) -> None:
    with pytest.raises(RpgError) as error:
        layout_report("1,1", width, height)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1，1", "1,1"),
        ("１；１，２", "1;1,2"),
        ("1、2", "1,2"),
        ("５０％，５０％", "50%,50%"),
        ("0,5,0,5", "0.5, 0.5"),
        ("0,5;0,5", "0.5;0.5"),
        ("０，５，０，５", "0.5, 0.5"),
    ],
)
def test_a_pasted_ratio_is_mended_with_a_note(text: str, read: str) -> None:
    report = layout_report(text, 64, 64)
    assert report == layout_report(read, 64, 64)
    assert report["split_ratio"] == read
    assert any(f"is read as {read!r}" in note for note in read_ratio(text).notes)


@pytest.mark.parametrize("text", [row[0] for row in READ])
def test_what_the_grammar_reads_stays_as_it_is_without_a_note(text: str) -> None:
    assert read_ratio(text) == (text, (), True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1，，2", "'1,,2'"),
        ("0,0", "0"),
        ("", "empty"),
        ("一,1", "一"),
        ("1" * (MAX_CHARACTERS + 1), f"give at most {MAX_CHARACTERS}"),
        ("1,1\0", "not text"),
    ],
)
def test_what_cannot_be_mended_is_refused_as_the_grammar_does(text: str, words: str) -> None:
    with pytest.raises(RpgError) as error:
        layout_report(text, 64, 64)
    assert words in str(error.value)
