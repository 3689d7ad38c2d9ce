"""What a prompt excludes, and the base prompt that is left of it."""

from __future__ import annotations

import pytest

from lib_rpg.planner import METHODS, PlanRequest, plan
from lib_rpg.planner.language.prompt_tokens import STOP, TAG, tokenise
from lib_rpg.planner.offline.base_prompt import base_prompt, words_to_read
from lib_rpg.planner.offline.exclusions import exclude


def split(prompt: str) -> tuple[str, list[str], list[str]]:
    """Base prompt, exclusions and notes."""
    notes: list[str] = []
    kept, excluded = exclude(tokenise(prompt))
    return base_prompt(prompt, kept, excluded, (), notes), excluded, notes


@pytest.mark.parametrize(
    ("prompt", "base", "excluded"),
    [
        ("a cat, not a dog", "a cat", ["a dog"]),
        ("a cat, not smiling", "a cat", ["smiling"]),
        ("two men, not wearing glasses", "two men", ["wearing glasses"]),
        ("a cat not in a box", "a cat", ["in a box"]),
        ("a street with nobody, a cat", "a street, a cat", ["people"]),
        ("a street with no people around", "a street", ["people"]),
        ("a chef, no people in the background, a cat", "a chef, a cat", ["people in the background"]),
        ("a street without cars and trucks", "a street", ["cars", "trucks"]),
        ("a man without a hat and a coat", "a man", ["a hat", "a coat"]),
        ("a zoo, no cats, dogs, or birds", "a zoo", ["cats", "dogs", "birds"]),
        ("a beach with no people and no umbrellas", "a beach", ["people", "umbrellas"]),
        ("without cats but a dog", "a dog", ["cats"]),
        ("a panda, but no bamboo, riding a scooter", "a panda, riding a scooter", ["bamboo"]),
    ],
)
def test_what_is_excluded(prompt: str, base: str, excluded: list[str]) -> None:
    assert split(prompt) == (base, excluded, [])


@pytest.mark.parametrize(
    ("prompt", "base", "excluded"),
    [
        ("a zoo, no cats, a dog", "a zoo, a dog", ["cats"]),
        ("a street without cars and a tree", "a street and a tree", ["cars"]),
        ("a man without a hat and two dogs", "a man and two dogs", ["a hat"]),
        ("a girl without a hat and a boy", "a girl and a boy", ["a hat"]),
        ("a man without a hat and a dog on the left", "a man and a dog on the left", ["a hat"]),
    ],
)
def test_where_an_exclusion_ends(prompt: str, base: str, excluded: list[str]) -> None:
    assert split(prompt) == (base, excluded, [])


@pytest.mark.parametrize(
    "prompt",
    ["a no parking sign", "room no. 5, a cat", "no 5, a cat", "no more than three cats", "not only a cat",
     "a dog, not on the left"],
)  # fmt: skip
def test_what_excludes_nothing(prompt: str) -> None:
    assert split(prompt) == (prompt, [], [])


def test_and_nothing_else_is_not_read() -> None:
    kept, excluded = exclude(tokenise("three apples and nothing else"))
    assert [token.text for token in kept] == ["three", "apples"] and not excluded


def test_keywords_are_no_words_of_a_base_prompt() -> None:
    base, _, notes = split("a cat BREAK a dog")
    assert base == "a cat, a dog" and "BREAK" in notes[0]
    assert split("BREAK")[0] == "background"


def test_keywords_end_a_sentence_and_extra_networks_are_not_read() -> None:
    words = words_to_read(tokenise("a cat BREAK a dog <lora:fur:0.7>"))
    assert [word.low for word in words] == ["a", "cat", ".", "a", "dog"]
    assert words[2].kind == STOP and TAG not in {word.kind for word in words}


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a cat AND a dog :0.5", "a cat BREAK a dog"),
        ("a cat :1.2 AND a dog :-.5 AND ink:2.", "a cat BREAK a dog BREAK ink"),
        ("(a cat:1.2) AND sky : 0.25 ", "a cat BREAK sky"),
        ("a cat <lora:fur:0.7> :0.3 AND ink", "a cat BREAK ink"),
        ("a cat AND", "a cat BREAK"),
        # Without AND there is nothing to weigh, and not everything behind a colon is a weight.
        ("a clock at 10:25", "a clock at 10:25"),
        ("a cat AND colours: red, 5", "a cat BREAK colours : red , 5"),
        ("a cat AND a sky - 5", "a cat BREAK a sky - 5"),
        ("sand and stone :0.5", "sand and stone : 0.5"),
    ],
)
def test_the_weights_of_a_composition_are_no_words(prompt: str, words: str) -> None:
    assert " ".join(word.text for word in words_to_read(tokenise(prompt))) == words


@pytest.mark.parametrize("method", METHODS)
def test_a_composition_is_read_part_by_part_and_is_none_in_the_base_prompt(method: str) -> None:
    prompt = "a red circle to the left of a blue square AND navy background :0.5"
    made = plan(PlanRequest(prompt, method=method))
    assert [region.prompt for region in made.regions] == [
        "a red circle, navy background",
        "a blue square, navy background",
    ]
    assert made.base_prompt == "a red circle to the left of a blue square, navy background"
    assert any("AND" in note for note in made.source.notes)
