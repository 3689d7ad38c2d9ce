"""The ratio grammar: every accepted form, every refusal with its position, and exact geometry."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.layout.ratio import MAX_CELLS, Grid, Row, fitting_advice, parse_ratio
from tests.examples import examples

# text, canonical text, number of cells
READ = [
    ("1", "1", 1),
    ("7", "1", 1),
    ("1,1", "1,1", 2),
    ("0.5,0.5", "1,1", 2),
    (".5,1.", "1,2", 2),
    ("50 % , 0.5", "1,1", 2),
    ("1/3,2/3", "1,2", 2),
    ("1 / 3 , 2/6", "1,1", 2),
    ("  1 ,\n 2\t", "1,2", 2),
    ("1;1,2", "1;1", 2),
    ("1;1,1,2", "1;1,1,2", 3),
    ("1,1,1;\n2,2,1;\n1,1,1", "1,1,1;2,2,1;1,1,1", 6),
    ("00.10;0.2", "1;2", 2),
    ("1,2,1,1;2,4,6", "1,2,1,1;2,2,3", 5),
    ("1,1,1;2,1,1;4,3,2,3", "1,1,1;2,1,1;4,3,2,3", 7),
    ("1,999999999999999", "1,999999999999999", 2),
]

# Ratios that the reference code crashes on or plans wrongly, and what it did.
REFERENCE_READ = [
    ("1,1,1; 1,1,1", "1,1,1;1,1,1", 4, "cut at the space: three regions for four prompts"),
    ("0.5, 0.5", "1,1", 2, "the second width became 1: thirds for halves"),
    ("50%,50%", "1,1", 2, "read as 50, then a crash"),
    ("4;1;1,3,4", "4;1;1,3,4", 4, "float sums gave cells of unequal height: a crash"),
    ("2;3;1,2,4,4", "2;3;1,1,2,2", 5, "float sums"),
    ("0.5;0.34;0.15,0.35,0.65", "50;34;15,7,13", 4, "float sums"),
    ("0.2,3,0.15;5", "1,20,1;25", 3, "a reshape error at 768x512"),
    ("1,1,8", "1,1,8", 3, "no token for a thin cell at deep layers"),
    ("0.5,0.5;0.5,0.5", "1;1", 2, "read alike (two full-width rows), but prompts 3 and 4 were dropped"),
    ("1,0.5,0.5", "2,1,1", 3, "read alike (three widths), but two prompts got widths 2/3 and 1/3"),
    ("1", "1", 1, "a single region: UnboundLocalError"),
    ("4", "1", 1, "a single number: UnboundLocalError"),
]

# text, the words that the refusal must hold
REFUSED = [
    ("", "empty"),
    (" \n", "empty"),
    ("1,", "number 2 of row 1 is empty (at position 3)"),
    ("1,,1", "number 2 of row 1 is empty (at position 3)"),
    (",1", "number 1 of row 1 is empty (at position 1)"),
    ("1;", "row 2 is empty (at position 3)"),
    (";1", "row 1 is empty (at position 1)"),
    ("1; ;2", "row 2 is empty (at position 3)"),
    ("1;1,2;3,", "number 2 of row 3 is empty (at position 9)"),
    ("0,1", "'0' at position 1 is zero"),
    ("1, 0.0", "'0.0' at position 4 is zero"),
    ("1,0%", "'0%' at position 3 is zero"),
    ("0/3", "'0/3' at position 1 is zero"),
    ("1/0", "'1/0' at position 1 divides by zero"),
    ("1,-1", "'-1' at position 3 has a sign"),
    ("+1", "'+1' at position 1 has a sign"),
    ("−1", "'−1' at position 1 has a sign"),
    ("-", "'-' at position 1 has a sign"),
    ("1,1;2,x", "'x' at position 7 is not a number"),
    ("inf,1", "'inf' at position 1"),
    ("1,Infinity", "'Infinity' at position 3"),
    ("nan", "'nan' at position 1"),
    ("1e3", "'1e3' at position 1"),
    ("1e999999999,1", "'1e999999999' at position 1"),
    ("1,2 3", "'2 3' at position 3"),
    ("1.2.3", "'1.2.3' at position 1"),
    (".", "'.' at position 1"),
    ("%", "'%' at position 1"),
    ("1/2/3", "'1/2/3' at position 1"),
    ("1/-2", "'1/-2' at position 1"),
    ("1/2%", "'1/2%' at position 1"),
    ("0x10", "'0x10' at position 1"),
    ("1_000", "'1_000' at position 1"),
    ("1，1", "'1，1' at position 1"),
    ("１,1", "'１' at position 1"),
    ("١,1", "'١' at position 1"),
    ("²,1", "'²' at position 1"),
    ("½,½", "'½' at position 1"),
    ("1" * 16, "more than 15 digits"),
    ("0." + "1" * 16, "more than 15 digits"),
    ("0.000000000000001,1", "more than 15 digits on a common scale"),
    ("1/999999999999989,1/999999999999947,1", "more than 15 digits on a common scale"),
    (",".join(["1"] * (MAX_CELLS + 1)), "65 cells; at most 64"),
    ("1," * 1500, "3000 characters"),
]

# Also refused in words where the reference crashed or silently cut.
REFERENCE_REFUSED = [
    ("1,1,1;", "row 2 is empty", "the cut of the row above: three regions for four prompts"),
    ("0.5,", "number 2 of row 1 is empty", "an empty number counted as 1"),
    ("1,(1,1);1,(1,1)", "'(1' at position 3", "silently '1,'"),
    ("**1,1**", "'**1' at position 1", "UnboundLocalError, or stars in the ratio"),
    ("`1,1`", "'`1' at position 1", "UnboundLocalError"),
    ('"1,1"', "'\"1' at position 1", "UnboundLocalError"),
    ("1:1", "'1:1' at position 1 contains a ':'", "read as 1, then a crash"),
    ("0,0", "'0' at position 1 is zero", "ZeroDivisionError"),
]


@pytest.mark.parametrize(("text", "canonical", "cells"), [*READ, *(row[:3] for row in REFERENCE_READ)])
def test_read(text: str, canonical: str, cells: int) -> None:
    grid = parse_ratio(text)
    assert str(grid) == canonical
    assert len(grid) == len(grid.boxes()) == cells
    assert parse_ratio(canonical) == grid


@pytest.mark.parametrize(("text", "words"), [*REFUSED, *(row[:2] for row in REFERENCE_REFUSED)])
def test_refused_with_part_and_position(text: str, words: str) -> None:
    for rows_first in (False, True):
        with pytest.raises(RpgError) as error:
            parse_ratio(text, rows_first)
        assert words in str(error.value)
        assert "\n" not in str(error.value)
        assert len(str(error.value)) < 300


@pytest.mark.parametrize("value", [None, 1, 1.5, b"1,1", ["1"], True])
def test_only_text_is_a_ratio(value: object) -> None:
    with pytest.raises(RpgError, match="of type"):
        parse_ratio(value)  # type: ignore[arg-type]


def test_geometry_is_exact() -> None:
    third = Fraction(1, 3)
    assert parse_ratio("1,2,1,1;2,4,6").boxes() == (
        (Fraction(0), Fraction(0), Fraction(1, 2), third),
        (Fraction(1, 2), Fraction(0), Fraction(1, 4), third),
        (Fraction(3, 4), Fraction(0), Fraction(1, 4), third),
        (Fraction(0), third, Fraction(2, 5), Fraction(2, 3)),
        (Fraction(2, 5), third, Fraction(3, 5), Fraction(2, 3)),
    )
    assert parse_ratio("0.1,0.2,0.7").rows == (Row(Fraction(1), (Fraction(1, 10), Fraction(1, 5), Fraction(7, 10))),)


def test_rows_first_is_the_transposed_grid_in_column_order() -> None:
    assert parse_ratio("1;1,1,2", rows_first=True).boxes() == (
        (Fraction(0), Fraction(0), Fraction(1, 2), Fraction(1)),
        (Fraction(1, 2), Fraction(0), Fraction(1, 2), Fraction(1, 3)),
        (Fraction(1, 2), Fraction(1, 3), Fraction(1, 2), Fraction(2, 3)),
    )
    assert parse_ratio("1,3", rows_first=True).boxes() == (
        (Fraction(0), Fraction(0), Fraction(1), Fraction(1, 4)),
        (Fraction(0), Fraction(1, 4), Fraction(1), Fraction(3, 4)),
    )
    assert parse_ratio("1,3", rows_first=True) != parse_ratio("1,3")


def test_rows_of_cells() -> None:
    assert parse_ratio("1;1,1,2;3").row_of_cell() == (0, 1, 1, 2)
    assert parse_ratio("1,1").row_of_cell() == (0, 0)


numbers = st.one_of(
    st.integers(1, 999).map(str),
    st.decimals("0.01", "99", places=2).map(str),
    st.integers(1, 100).map("{}%".format),
    st.tuples(st.integers(1, 99), st.integers(1, 99)).map("{0[0]}/{0[1]}".format),
)
ratios = st.lists(st.lists(numbers, min_size=1, max_size=4).map(",".join), min_size=1, max_size=4).map(";".join)
noise = st.text(alphabet="0123456789.,;%/ -+e()[]*\n:½１x\0", max_size=40)


@settings(max_examples=examples(1000))
@given(st.one_of(noise, st.text(max_size=30), ratios, st.tuples(ratios, noise).map("".join)), st.booleans())
def test_random_ratios_raise_only_the_own_error(text: str, rows_first: bool) -> None:
    try:
        grid = parse_ratio(text, rows_first)
    except RpgError as error:
        assert "\n" not in str(error)
    else:
        assert sum(w * h for _, _, w, h in grid.boxes()) == 1
        assert parse_ratio(grid.to_text(), rows_first) == grid


@settings(max_examples=examples(200))
@given(ratios)
def test_random_sound_ratios_tile_the_canvas(text: str) -> None:
    try:
        grid = parse_ratio(text)
    except RpgError as error:
        assert "common scale" in str(error)
        return
    assert isinstance(grid, Grid)
    assert sum(row.height for row in grid.rows) == 1
    assert all(sum(row.widths) == 1 for row in grid.rows)
    assert sum(w * h for _, _, w, h in grid.boxes()) == 1
    transposed = parse_ratio(text, rows_first=True).boxes()
    assert transposed == tuple((y, x, h, w) for x, y, w, h in grid.boxes())


@pytest.mark.parametrize(
    ("text", "count", "advice"),
    [
        ("1;1,1", 3, "in each row the first number is its height; for one above two write 1;1,1,1"),
        ("2; 1, 1", 3, "in each row the first number is its height; for one above two write 2;2,1,1"),
        ("50%;50%,50%", 3, "in each row the first number is its height; for one above two write 50%;50%,50%,50%"),
        ("1,1;1,1", 4, "in each row the first number is its height; for two above two write 1,1,1;1,1,1"),
        ("1,1;1,1", 3, "take one part away, or write 1;1;1"),
        ("1,1", 3, "take one part away, or write 1,1,1"),
        ("1,1,1", 2, "add one part, or write 1,1"),
        ("1;2", 3, "take one part away, or write 1;2;2"),
        ("1;2;3", 1, "add two parts, or write 1"),
        ("1,2,3;1", 2, "add one part, or write 2,3"),
        ("1,1,1;1", 5, "take two parts away, or write 1,1,1;1,1,1,1"),
        ("1", 41, "take 40 parts away, or give the ratio 41 cells"),
        ("1", MAX_CELLS + 1, "take 64 parts away"),
    ],
)
def test_a_ratio_of_another_number_of_cells_says_which_way_to_go(text: str, count: int, advice: str) -> None:
    assert fitting_advice(text, count, "part") == advice


def test_the_advice_for_columns_of_cells_speaks_of_columns() -> None:
    advice = "in each column the first number is its width; for one beside two write 1;1,1,1"
    assert fitting_advice("1;1,1", 3, "region", rows_first=True) == advice


sizes = st.sampled_from(["1", "2", "0.5", "30%", "1/3"])
written = st.lists(st.lists(sizes, min_size=1, max_size=4).map(",".join), min_size=1, max_size=4).map(";".join)


@settings(max_examples=examples(300))
@given(written, st.integers(1, 12), st.booleans())
def test_a_ratio_that_is_offered_has_the_cells_that_were_asked_for(text: str, count: int, rows_first: bool) -> None:
    if len(parse_ratio(text, rows_first)) == count:
        return
    _, offers, offered = fitting_advice(text, count, "part", rows_first).rpartition("write ")
    if offers:
        assert len(parse_ratio(offered, rows_first)) == count
