"""Other languages than English are noticed and named, English with names, dishes, titles and quotations is not."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest

from lib_rpg.bench.lmd_prompts import questions
from lib_rpg.planner.language.foreign_words import ENGLISH, LANGUAGES
from lib_rpg.planner.language.other_languages import language_of, pieces_by_language
from lib_rpg.planner.language.prompt_tokens import render, tokenise
from tests.planner.language.language_prompts import ENGLISH as ENGLISH_PROMPTS
from tests.planner.language.language_prompts import FOREIGN, TAGGED

LISTS = ("freeform", "freeform_heldout", "freeform_heldout_second", "freeform_heldout_third", "typed")


def language(prompt: str) -> str:
    return language_of(tokenise(prompt))


def elsewhere(prompt: str) -> list[tuple[str, str]]:
    """The pieces of a prompt in other languages."""
    return [(render(piece), name) for piece, name in pieces_by_language(tokenise(prompt)) if name]


@pytest.mark.parametrize("name", FOREIGN)
def test_prompts_in_other_languages_are_named(name: str) -> None:
    assert {prompt: language(prompt) for prompt in FOREIGN[name]} == dict.fromkeys(FOREIGN[name], name)


def test_the_list_is_long_enough() -> None:
    assert len(FOREIGN) >= 12 and sum(map(len, FOREIGN.values())) >= 40 and len(ENGLISH_PROMPTS) >= 60
    assert {one.name for one in LANGUAGES} <= FOREIGN.keys()


@pytest.mark.parametrize("prompt", ENGLISH_PROMPTS)
def test_english_with_foreign_names_is_english(prompt: str) -> None:
    assert (language(prompt), elsewhere(prompt)) == ("", [])


def test_no_english_prompt_of_the_lists_is_noticed() -> None:
    folder = Path(__file__).parents[1] / "offline"
    prompts = [question.prompt for question in questions()]
    for name in LISTS:
        prompts += [row["prompt"] for row in json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))]
    assert len(prompts) > 800
    assert [prompt for prompt in prompts if language(prompt) or elsewhere(prompt)] == []


@pytest.mark.parametrize("prompt", TAGGED)
def test_a_piece_in_another_language_is_found_in_an_english_prompt(prompt: str) -> None:
    assert language(prompt) == ""
    assert [f"'{piece.strip(', ')}' ({name})" for piece, name in elsewhere(prompt)] == list(TAGGED[prompt])


def test_all_pieces_together_are_the_prompt() -> None:
    tokens = tokenise("1girl, (hanfu, 汉服:1.2). ein blaues Quadrat rechts unten; smile")
    assert [token for piece, _ in pieces_by_language(tokens) for token in piece] == tokens
    assert list(pieces_by_language([])) == []


def test_words_among_english_ones_are_names() -> None:
    assert elsewhere("一只猫 on the left, a girl named 美咲 on the right, β-carotene") == []
    assert language("T恤 and 汉服") == "Chinese" and language("a red T恤") == ""


def test_a_word_tells_either_its_language_or_english() -> None:
    assert not any(one.own & one.shared or (one.own | one.shared) & ENGLISH for one in LANGUAGES)
    assert all(word == word.lower() for one in LANGUAGES for word in one.own | one.shared)
    for one, other in combinations(LANGUAGES, 2):
        assert len(one.own - other.own) > 20, (one.name, other.name)
