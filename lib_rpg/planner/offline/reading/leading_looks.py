"""Adjectives that a prompt begins with, each between commas: "cute, round, chubby dragon" is one dragon."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.lexicon import is_abstract_noun
from lib_rpg.planner.language.prompt_tokens import COMMA, WORD, Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import PART, class_of, is_adjective
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.tags.tag_kinds import built_in

_OF_PICTURE = ("score", "quality", "source", "medium", "style", "color", "light", "mood", "camera", "rating")
_UNSEEN = ("", PART, "substance", "phenomenon", "shape")


def join_leading_looks(tokens: Sequence[Token]) -> list[Token]:
    """The words without the commas between the adjectives at the start and the thing that they are about."""
    commas: list[int] = []
    i = 0
    while i + 1 < len(tokens) and _is_look(tokens[i]) and tokens[i + 1].kind == COMMA:
        commas.append(i + 1)
        i += 2
    if not commas or not _names_thing(tokens, i):
        return list(tokens)
    return [token for k, token in enumerate(tokens) if k not in commas]


def _is_look(token: Token) -> bool:
    """Whether the word says what a thing looks like, and can be said of no whole picture."""
    if token.kind != WORD or token.groups or not is_adjective(token.low):
        return False
    return not built_in().of_whole(token.low) and token.low not in lex.QUALITY_WORDS


def _names_thing(tokens: Sequence[Token], i: int) -> bool:
    """Whether a piece of its own is at i that begins with a further adjective and names a concrete thing."""
    words = Words(tokens)
    phrase = noun(words, i)
    if phrase is None or not phrase.bare or phrase.tag or phrase.start != i:
        return False
    made = words.low(i).endswith("ly") and words.low(i + 1).endswith("ed")  # "soft, freshly washed towels"
    if not (made or is_adjective(words.low(i))):
        return False
    if phrase.head == 0:
        return False  # "wild, general, a portrait"
    name = " ".join(token.low for token in phrase.words)
    if (built_in().of_whole(name) or built_in().of_part(name)) in _OF_PICTURE:
        return False  # "euphoric, unreal engine 4, a portrait"
    return class_of(phrase.noun) not in _UNSEEN and not is_abstract_noun(phrase.noun)
