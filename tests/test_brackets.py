"""Brackets of the WebUI's prompt language, as the WebUI reads them."""

from __future__ import annotations

import pytest

from lib_rpg.brackets import brackets_of, closed, is_schedule, tag_notes
from tests.growth import assert_linear


def shown(text: str) -> list[str]:
    return [text[bracket.start : bracket.stop] for bracket in brackets_of(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a (b:1.4) [c]", ["(b:1.4)", "[c]"]),
        ("((a) b)", ["((a) b)", "(a)"]),
        ("(a [b) c]", ["(a [b)", "[b) c]"]),
        ("a) b] (c", ["(c"]),
        (r"\(a\) \[b\] \\(c)", ["(c)"]),
        ("<lora:a(b):1> (c)", ["(c)"]),
        ("(a <lora:b):1> c)", ["(a <lora:b):1> c)"]),
        ("(a : 1.4 )", ["(a : 1.4 )"]),
    ],
)
def test_brackets_are_matched_as_the_webui_matches_them(text: str, found: list[str]) -> None:
    assert shown(text) == found


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("[a:b:0.5]", True),
        ("[a:.5]", True),
        ("[a: 12 ]", True),
        ("[a:-1e1]", True),
        ("[:a:0]", True),
        ("[a|b]", True),
        ("[(a:1.2):0.5]", True),
        ("[a]", False),
        ("[a:b]", False),
        ("[(a:1.2)]", False),
        ("[(a|b)]", False),
        ("[[a:0.5] b]", False),
        (r"[a\|b]", False),
        ("[a|b", False),
        ("(a|b)", False),
        ("(a:b:0.5)", False),
    ],
)
def test_a_schedule_says_in_which_steps_its_words_are_drawn(text: str, is_one: bool) -> None:
    brackets = brackets_of(text)
    assert is_schedule(text, brackets[0], brackets) is is_one


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a (b)", "a (b)"),
        ("(a", "(a)"),
        ("[(a", "[(a)]"),
        ("a) b]", "a) b]"),
        # Its closing bracket must make neither a weight nor a schedule of what is text, nor be text itself.
        ("(a:1.3", "(a:1.3())"),
        ("[a:0.5", "[a:0.5()]"),
        ("(a\\", "(a\\ )"),
    ],
)
def test_open_brackets_are_closed_where_the_text_ends(text: str, made: str) -> None:
    assert closed(text) == made
    assert closed(made) == made


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("[<lora:x:0.8>:0.5] a", ["'<lora:x:0.8>' is inside of brackets"]),
        ("(a <lora:x:0.8>:1.3)", ["'<lora:x:0.8>' is inside of brackets"]),
        ("(a <lora:x:1> <lora:x:1>) [<hypernet:y:1>|b]", ["'<lora:x:1>' is", "'<hypernet:y:1>' is"]),
        ("(a) <lora:x:1> (b) \\(<lora:y:1>\\)", []),
        ("a <lora:x:1", ["'<lora:x:1' has no '>' and is read as words"]),
        ("a < b, >_<, <3", []),
    ],
)
def test_a_tag_that_does_not_act_as_it_is_written_is_named(text: str, notes: list[str]) -> None:
    found = tag_notes(text)
    assert len(found) == len(notes)
    assert all(map(str.startswith, found, notes))


@pytest.mark.parametrize("part", ["(", "[", "(a:1.2) ", "[a:b:0.5] ", "<a:b> ", "<a ", "\\", ":1 ", "(<lora:x:1>) "])
def test_brackets_take_time_in_proportion_to_the_text(part: str) -> None:
    def read(length: int) -> None:
        text = part * (length // len(part))
        closed(text)
        tag_notes(text)

    assert_linear(read, 200_000)
