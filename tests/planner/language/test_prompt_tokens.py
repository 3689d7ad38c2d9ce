"""Prompts to words and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib_rpg.planner.language.prompt_tokens import render, skip_tags, tokenise


@pytest.mark.parametrize(
    "prompt",
    [
        "a (red hat:1.2) and ((big)) (blue (silk:1.1) scarf:0.9)!",
        "a [red:blue:0.5] ball, a [cat|dog] and a [blurry] <lora:x:1> toy",
        r"saber \(fate\), a cat's tail, 3.5 and 1/2 of a left-handed cup",
        'a sign "left, right" - on top: x',
    ],
)
def test_words_and_brackets_come_back(prompt: str) -> None:
    assert render(tokenise(prompt)) == prompt


def test_a_run_of_words_keeps_its_brackets() -> None:
    tokens = tokenise("(a red (hat on:1.1) the left:1.2) and more")
    assert render(tokens[1:3]) == "(red (hat:1.1):1.2)"
    assert [t.text for t in tokenise('[a:b:0.5] <lora:x:1> "c d"')] == ["[a:b:0.5]", "<lora:x:1>", '"c d"']


@given(st.text(alphabet='ab ,.:()[]{}<>\\"12|\n', max_size=60))
def test_brackets_are_always_balanced(text: str) -> None:
    out = "".join(t.text for t in tokenise(text) if t.kind in ("word", "number"))
    assert not set(out) & set("()[]{}")
    plain = render([t for t in tokenise(text) if t.kind not in ("atom", "tag")])
    for one, other in ("()", "[]", "{}"):
        assert plain.count(one) == plain.count(other)


def test_extra_networks_are_left_out() -> None:
    assert render(skip_tags(tokenise("a <lora:x:1> (red cat <lora:y:0.5>:1.2)"))) == "a (red cat:1.2)"
