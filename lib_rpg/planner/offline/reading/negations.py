"""Reads what someone does not do, which excludes nothing: "the driver does not notice"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import gerund
from lib_rpg.planner.language.prompt_tokens import WORD
from lib_rpg.planner.offline.reading.attributes import take_attribute
from lib_rpg.planner.offline.reading.referents import add_words, predicate_subjects
from lib_rpg.planner.offline.reading.state import State

_AUXILIARIES = lex.word_set("do does did will can could would")


def take_negated_verb(state: State, i: int) -> int:
    """ "does not notice", "can not see the fox": the end of the verb with its objects, or 0."""
    words = state.words
    if words.low(i) not in _AUXILIARIES or words.low(i + 1) != "not" or words.kind(i + 2) != WORD:
        return 0
    if state.last is None:
        return 0
    words.reword(i + 2, gerund(words.low(i + 2)))
    add_words(predicate_subjects(state), (words.tokens[i + 1],))
    return take_attribute(state, i + 2, words.low(i + 2))
