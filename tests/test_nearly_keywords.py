"""What is nearly a keyword, and what stays words of a prompt."""

from __future__ import annotations

import pytest

from lib_rpg.nearly_keywords import alike, guessed, sure, with_keywords
from tests.growth import assert_linear

SURE = [
    ("a_BREAK_b", "a BREAK b"),
    ("a _BREAK b", "a  BREAK  b"),
    ("a BREAK_ b", "a  BREAK  b"),
    ("红圈BREAK蓝方", "红圈 BREAK 蓝方"),
    ("赤い円BREAK", "赤い円 BREAK "),
    ("кругBREAK", "круг BREAK "),
    ("a ＢＲＥＡＫ b", "a  BREAK  b"),
    ("circleＢＲＥＡＫsquare", "circle BREAK square"),
    ("底ＡＤＤＢＡＳＥ红", "底 ADDBASE 红"),
    ("a ADD COL b", "a  ADDCOL  b"),
    ("a ADD ROW b", "a  ADDROW  b"),
    ("a ADD BASE b", "a  ADDBASE  b"),
    ("a ADD COMM b", "a  ADDCOMM  b"),
    ("a ADD_COL b", "a  ADDCOL  b"),
    ("a ADD-ROW b", "a  ADDROW  b"),
    ("a ADDCOLUMN b", "a  ADDCOL  b"),
    ("a ADD COLUMN b", "a  ADDCOL  b"),
    ("a ADDCOMMON b", "a  ADDCOMM  b"),
    ("a ADD　ROW b", "a  ADDROW  b"),
]
GUESSED = [
    ("a, break, b", "a, BREAK , b"),
    ("a,Break,b", "a, BREAK ,b"),
    ("a\nbreak\nb", "a\n BREAK \nb"),
    ("a,\n break ,\nb", "a,\n BREAK ,\nb"),
    ("break\na", " BREAK \na"),
    ("红，break，蓝", "红， BREAK ，蓝"),
    ("a addcol b", "a  ADDCOL  b"),
    ("a AddRow b", "a  ADDROW  b"),
    ("a, add base, b", "a, ADDBASE , b"),
]
WORDS = [
    "BREAKFAST",
    "breaks",
    "tea break, Break dance",
    "BREAK2",
    "2BREAK",
    "xBREAK",
    "caféBREAK",
    "PRISON_BREAK",
    "BREAK_DANCE",
    "ＢＲＥＡＫＦＡＳＴ",
    "ADD COLOR",
    "ADDBASEMENT",
    "add base colours",
    "<lora:a_BREAK_b:1>",
    "<lora:break:1>",
    "breakfast, daybreak, coffee break",
]
EXACT = ["a BREAK b", "a,BREAK,b", "a-BREAK-b", "(BREAK)", "a ADDBASE b ADDCOMM c ADDROW d ADDCOL e", "BREAK"]


@pytest.mark.parametrize(("text", "read"), SURE)
def test_what_can_only_be_meant_as_a_keyword(text: str, read: str) -> None:
    assert with_keywords(text, sure(text)) == read
    assert not sure(read)


@pytest.mark.parametrize(("text", "read"), GUESSED)
def test_what_may_be_meant_as_a_keyword(text: str, read: str) -> None:
    assert not sure(text)
    assert with_keywords(text, guessed(text)) == read


@pytest.mark.parametrize("text", [*WORDS, *EXACT])
def test_words_of_a_prompt_and_keywords_themselves_are_nearly_none(text: str) -> None:
    assert not sure(text) and not guessed(text)


@pytest.mark.parametrize(
    ("text", "parts", "written"),
    [
        ("a Break b", 3, ["Break"]),
        ("a Add Row b", 3, ["Add Row"]),
        ("a tea break, break", 3, ["break"]),
        ("a break b", 2, ["break"]),
        ("a break b", 3, []),
        ("a BREAK b", 2, []),
        ("a BREAKFAST breaks", 2, []),
    ],
)
def test_a_refusal_names_what_is_like_a_keyword(text: str, parts: int, written: list[str]) -> None:
    assert [near.written for near in alike(text, parts)] == written


def test_a_keyword_against_other_letters_is_shown_with_them() -> None:
    assert sure("红圈BREAK蓝方")[0].as_read == "'圈BREAK蓝' is read as BREAK"
    assert sure("a_BREAK_b")[0].as_left == "'_BREAK_' is left as words of the prompt: a keyword is written BREAK"


@pytest.mark.parametrize("part", ["_", "\n", ", ", " ", "_BREAK", "add ", "\n break", "<a:", "ＡＤＤ", "<a:b>BREAK_"])
def test_words_are_looked_for_in_time_in_proportion_to_the_text(part: str) -> None:
    def read(length: int) -> None:
        text = part * (length // len(part))
        sure(text)
        guessed(text)
        alike(text, 2)

    assert_linear(read, 100_000)
