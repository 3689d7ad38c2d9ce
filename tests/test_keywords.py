"""The words that part a regional prompt."""

from __future__ import annotations

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.keywords import (
    ADDING,
    KEYWORDS,
    NETWORK_TAG,
    find_keyword,
    lower_keywords,
    split_at_keywords,
    without_comments,
)


@pytest.mark.parametrize("text", ["", "BREAKFAST", "break", "xBREAK", "BREAK2", "_BREAK", "ADDBASEMENT", "AND"])
def test_only_whole_upper_case_words_are_keywords(text: str) -> None:
    assert find_keyword(text) == ""
    assert split_at_keywords(text, KEYWORDS) == ([text], [])
    assert lower_keywords(text) == text


@pytest.mark.parametrize("word", KEYWORDS)
def test_a_keyword_is_found_and_made_a_word_of_the_prompt(word: str) -> None:
    assert find_keyword(f"a,{word},b") == find_keyword(f"a\n{word}") == word
    assert lower_keywords(f"a {word}.") == f"a {word.lower()}."
    assert split_at_keywords(f" a {word}b {word} c ", (word,)) == (["a BREAKb".replace("BREAK", word), "c"], [word])


def test_the_first_one_is_found_and_other_words_are_left_alone() -> None:
    assert find_keyword("a ADDROW b BREAK c") == "ADDROW"
    assert find_keyword("a BREAK b ADDCOMM c", ADDING) == "ADDCOMM"
    assert lower_keywords("a BREAK b ADDROW", ADDING) == "a BREAK b addrow"


def test_regions_are_parted_by_their_separators() -> None:
    assert split_at_keywords("a BREAK ADDCOL c ADDROW") == (["a", "", "c", ""], ["BREAK", "ADDCOL", "ADDROW"])
    assert split_at_keywords("a ADDBASE b") == (["a ADDBASE b"], [])


def test_a_tag_of_an_extra_network() -> None:
    assert NETWORK_TAG.sub("", "a <lora:mug:0.8> b <x> <:y>") == "a  b <x> <:y>"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a cat, ink # and a dog", "a cat, ink "),
        ("# version 3\na cat", "a cat"),
        ("a cat # red?\na dog # blue?\n# no\n# no\nink", "a cat \na dog \nink"),
        ("a cat\n\n  # indented\na dog", "a cat\n\na dog"),
        ("a cat\n# last", "a cat\n"),
        ("a cat # first\r\na dog", "a cat \na dog"),
        ("# a\n#b", ""),
        # As in the WebUI, a number, a colour and a quotation are none the better for it.
        ('the #1 cat\nin #ff8800, a sign "no #2"', "the \nin "),
        ("no comment,\n here\n", "no comment,\n here\n"),
    ],
)
def test_comments_go_to_the_end_of_the_line(text: str, left: str) -> None:
    from modules.comments import without_comments as by_the_webui

    assert without_comments(text) == left
    assert without_comments(left) == left
    assert by_the_webui(text).split() == left.split()
