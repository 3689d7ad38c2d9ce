"""Text from outside holds nothing that steers a console or a page unseen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib_rpg.planner import PlanRequest
from lib_rpg.planner.llm.answers import parse_answer
from lib_rpg.printable import printable

HIDDEN = ("Cc", "Cf", "Cs", "Co")


@given(st.text(st.characters(), max_size=60))
def test_nothing_hidden_stays_and_nothing_else_goes(text: str) -> None:
    cleaned = printable(text, kept="")
    assert not any(unicodedata.category(one) in (*HIDDEN, "Zl", "Zp") for one in cleaned.replace("\n", ""))
    shown = [one for one in text if one.isalnum() and "\x1b" not in text]
    assert not shown or [one for one in cleaned if one.isalnum()] == shown


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\x1b[31mred\x1b[0m \x1b]0;title\x07", "red ]0;title"),
        ("safe\u202etxt.exe", "safetxt.exe"),
        ("a\u200bb\u2066c\ufeffd\ue000e\U000e0041f", "abcdef"),
        ("\ud83d\ude00 \ud83d!", "\U0001f600 !"),
        ("line\n\ttab\u2028next\0", "line\n\ttab\nnext"),
    ],
)
def test_what_goes(text: str, cleaned: str) -> None:
    assert printable(text) == cleaned


def test_a_plans_texts_hold_nothing_hidden_but_what_the_user_wrote() -> None:
    answer = '{"split_ratio": "1", "regions": [{"prompt": "a \\u202ecat\\u001b[31m, <lo\\u200bra:x:1>, \\u200d dog"}]}'
    plan = parse_answer(answer, PlanRequest("a cat and a \u200d dog"))
    assert plan.regions[0].prompt == "a cat, \u200d dog"
    assert any("left out invisible characters" in note for note in plan.source.notes)
