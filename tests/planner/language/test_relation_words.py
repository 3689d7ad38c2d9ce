"""The one table of relation words, and that whatever follows from it agrees."""

from __future__ import annotations

import re

import pytest

from lib_rpg.bench import lmd_prompts
from lib_rpg.planner.language.counted import counted, last_word
from lib_rpg.planner.language.prompt_tokens import tokenise
from lib_rpg.planner.language.relation_words import (
    FREE_PREPOSITIONS,
    PREPOSITIONS,
    RELATION_WORDS,
    RELATIONS,
    SCENE_PREPOSITIONS,
    links_at,
    links_pattern,
)
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.places import relation

RELATING = [phrase for phrase, word in RELATION_WORDS.items() if word.kind]
LINKING = [phrase for phrase, word in RELATION_WORDS.items() if word.links]


def test_every_word_that_relates_links() -> None:
    assert len(RELATING) > 60
    assert set(RELATING) <= set(LINKING)


@pytest.mark.parametrize("phrase", LINKING)
def test_what_follows_a_relation_does_not_name_the_thing(phrase: str) -> None:
    assert counted(f"two barns {phrase} a house") == (f"barn {phrase} a house", 2)
    assert counted(f"Two Red Barns {phrase.upper()} a house") == (f"Red Barn {phrase.upper()} a house", 2)
    assert last_word(f"two barns {phrase} a house") == "barn"


@pytest.mark.parametrize("phrase", RELATING)
def test_the_grammar_recognises_each_relation(phrase: str) -> None:
    words = Words(tokenise(f"a barn {phrase} a house"))
    found = relation(words, 2)
    assert found is not None
    assert (found.kind, found.end) == (RELATION_WORDS[phrase].kind, 2 + len(phrase.split()))


@pytest.mark.parametrize("phrase", LINKING)
def test_a_colour_before_a_relation_is_not_that_of_what_follows(phrase: str) -> None:
    assert lmd_prompts._names(f"a red cat {phrase} dog", "cat", "red")
    assert not lmd_prompts._names(f"red {phrase} dog", "dog", "red")


def test_a_word_that_describes_does_not_link() -> None:
    assert counted("two very close friends") == ("very close friend", 2)
    assert counted("two see through dresses") == ("see through dress", 2)
    assert not links_at(["close", "friends"], 0)
    assert links_at(["close", "to", "friends"], 0)
    assert not links_at([], 0)


def test_sets_follow_from_the_table() -> None:
    assert SCENE_PREPOSITIONS | FREE_PREPOSITIONS <= PREPOSITIONS
    assert {"next", "close", "surrounded", "of", "alongside"} <= PREPOSITIONS
    assert "next to" not in PREPOSITIONS
    assert {phrase[0] for phrases in RELATIONS.values() for phrase, _ in phrases} == RELATIONS.keys()
    assert sum(map(len, RELATIONS.values())) == len(RELATING)
    for phrases in RELATIONS.values():
        lengths = [len(phrase) for phrase, _ in phrases]
        assert lengths == sorted(lengths, reverse=True)
    assert re.fullmatch(links_pattern(), "in  front of")
