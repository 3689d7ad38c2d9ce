"""Noun phrases, numbers, and verbs that end them: one example for every branch of their grammar."""

from __future__ import annotations

import pytest

from lib_rpg.planner.language.prompt_tokens import render, tokenise
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.nouns import Noun, is_aside, noun
from lib_rpg.planner.offline.grammar.numbers import number
from lib_rpg.planner.offline.grammar.orderings import X, Y
from lib_rpg.planner.offline.grammar.verbs import is_verb_form


def phrase(text: str) -> Noun:
    found = noun(Words(tokenise(text)), 0)
    assert found is not None
    return found


def name(text: str) -> str:
    return render(phrase(text).words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two cats", (1, 2, "")),
        ("12 eggs", (1, 12, "")),
        ("3x cats", (1, 3, "")),
        ("x3 cats", (1, 3, "")),
        ("two dozen eggs", (2, 24, "")),
        ("dozen eggs", (1, 12, "")),
        ("half a dozen oysters", (3, 6, "")),
        ("half dozen oysters", (2, 6, "")),
        ("several boats", (1, None, "several")),
        ("lots of boats", (2, None, "lots of")),
        ("plenty of boats", (2, None, "plenty of")),
        ("0 cats", None),
        ("123 cats", None),
        ("0x cats", None),
        ("zero cats", None),
        ("lots cats", None),
        ("", None),
    ],
)
def test_numbers(text: str, expected: tuple[int, int | None, str] | None) -> None:
    assert number(Words(tokenise(text)), 0) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a small red apple on a table", "small red apple"),
        ("a black and white cat", "black and white cat"),
        ("a small, fluffy, white dog", "small, fluffy, white dog"),
        ("red and blue cats", "red and blue cats"),
        ("red, blue", "red"),
        ("a red and a blue car", "red"),
        ("the top hat", "top hat"),
        ("a trash can by the door", "trash can"),
        ("a can of paint", "can of paint"),
        ("a cat can jump", "cat"),
        ("a Boeing 747 in the sky", "Boeing 747"),
        ("rock*star", "rock star"),
        ("a smiling dog", "smiling dog"),
        ("a washing machine", "washing machine"),
        ("a dog chasing a cat", "dog"),
        ("a cup of tea", "cup of tea"),
        ("a slice of cake of cream of milk", "slice of cake of cream of milk"),
        ("a family of four", "family of four"),
        ("a family of four cats", "family of four cats"),
        ("a pair of shoes", "pair of shoes"),
        ("red mug left, blue mug right", "red mug"),
        ("two apples left of a mug", "apples"),
        ("a star high above a hill", "star"),
        ("cats side by side", "cats"),
        ("a zebra right in the background", "zebra"),
        ("a fluffy [cat|dog] on a mat", "fluffy [cat|dog]"),
        ("a dog bigger than a cat", "dog"),
        ("a left-handed guitar", "left-handed guitar"),
        ("a girl (red dress, blue eyes) and a boy", "girl"),
        ("a girl (red dress:1.2) and a boy", "girl (red dress:1.2)"),
    ],
)
def test_where_a_name_ends(text: str, expected: str) -> None:
    assert name(text) == expected


@pytest.mark.parametrize(
    ("text", "count", "vague", "array"),
    [
        ("the cats", None, "", None),
        ("a cat", 1, "", None),
        ("two of the cats", 2, "", None),
        ("several cats", None, "several", None),
        ("each cat", 1, "", None),
        ("2girls", 2, "", None),
        ("0girls", 1, "", None),
        ("a pair of cats", 2, "", None),
        ("two pairs of cats", 2, "", None),
        ("two couple of cats", 4, "", None),
        ("a pair of three cats", 3, "", None),
        ("a row of three candles", 3, "", X),
        ("a stack of three pancakes", 3, "", Y),
        ("a row of candles", None, "a row of", None),
        ("a group of one cat", None, "a group of", None),
        ("a group of two cats", 2, "", None),
    ],
)
def test_how_many(text: str, count: int | None, vague: str, array: int | None) -> None:
    found = phrase(text)
    assert (found.count, found.vague, found.array) == (count, vague, array)


def test_parts_of_a_phrase() -> None:
    found = phrase("all the left two girls in a park")
    assert [t.low for t in found.given] == ["all", "the"]
    assert (found.direction, found.count, found.noun, found.determiner, found.bare) == (
        (-1, None), 2, "girl", "the", False,
    )  # fmt: skip
    assert found.end == 5
    assert phrase("cats").bare
    assert [t.text for t in phrase("2girls").words] == ["girls"]
    plane = phrase("a Boeing 747")
    assert plane.words[plane.head].text == "Boeing"


def test_phrases_within_phrases_have_an_end() -> None:
    assert name("a cup " + "of a cup " * 30).count("cup") <= 7
    assert phrase("a row of " * 5 + "cats").noun == "cat"
    assert phrase("a row of " * 30 + "cats").noun == "row"
    assert noun(Words(tokenise("and")), 0) is None
    assert noun(Words([]), 0) is None


@pytest.mark.parametrize(
    "text",
    [
        "a dragon ^breathing fire",
        "a man ^painting a fence",
        "three penguins ^dance on the ice",
        "they ^dance under a lamp",
        "girls who ^drink tea",
        "a cat and the dog ^sleep on a rug",
        "a girl in red and a girl in blue ^drink tea",
        "a man ^plays guitar",
        "a girl ^watches",
        "a girl who ^watches",
        "a man in a red coat ^watches",
        "a snake ^wrapped around a tree",
        "a cat, ^asleep",
        "a table ^covered entirely",
        "a girl ^quietly",
        "two wizards ^conjure a storm",
        "two elves ^galumph",
        "3 elves ^galumph in a wood",
    ],
)
def test_verbs(text: str) -> None:
    words, i = _at(text)
    assert is_verb_form(words, i, False)
    assert not is_verb_form(words, i, True)


@pytest.mark.parametrize(
    "text",
    [
        "a ^painting",
        "a wedding ^ring",
        "a flower ^shop",
        "kids ^play area",
        "a sports ^drink",
        "a dog ^sleep",
        "two cats. A dog ^sleep",
        "a queen between two ^guards",
        "a seat in hats ^watches",
        "an old ^covered wagon",
        "a ^butterfly",
        "elves ^galumph",
        "two elves ^castle-like towers",
        "two elf ^frolic",
        "two elves ^red",
        "",
    ],
)
def test_what_is_no_verb(text: str) -> None:
    words, i = _at(text)
    assert not is_verb_form(words, i, False)


def test_brackets_behind_someone_are_an_aside() -> None:
    for text, expected in (
        ("a girl (red dress) and", True),
        ("a girl ((red dress)) and", True),
        ("a cup (red dress) and", False),
        ("a girl (red) and", False),
        ("a girl (red dress:1.2) and", False),
        ("a girl red dress", False),
    ):
        assert is_aside(Words(tokenise(text)), 2) is expected
    assert not is_aside(Words(tokenise("girl")), 0)


def _at(text: str) -> tuple[Words, int]:
    before, _, after = text.rpartition("^")
    return Words(tokenise(f"{before} {after}")), len(tokenise(before))
