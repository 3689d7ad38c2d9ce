"""Reads "both", "each" and "all", alone or with a name: "both black", "both brothers stand"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA_TOKEN, WORD
from lib_rpg.planner.offline.grammar.finite_verbs import has_object
from lib_rpg.planner.offline.grammar.kinds import is_animate
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.others import each_differs
from lib_rpg.planner.offline.reading.predicates import (
    take_all_are,
)
from lib_rpg.planner.offline.reading.referents import add_words, recall_several
from lib_rpg.planner.offline.reading.state import State


def take_quantifier(state: State, i: int) -> int:
    words, low = state.words, state.words.low(i)
    if low not in ("both", "each", "all"):
        return 0
    if low == "each" and (end := each_differs(state, i + 1)):
        return end
    if low != "each" and (end := take_all_are(state, i + 1)):
        return end  # "two cats, both black"
    if low == "all" and words.low(i + 1) == "in" and words.kind(i - 1) == WORD:
        return i + 1  # "the ninja all in black"
    i += words.low(i + 1) in lex.NUMBERS and words.low(i + 2) in lex.PLAIN_VERBS  # "all three wear gloves"
    finite = words.low(i + 1) in lex.PLAIN_VERBS or is_verb_form(words, i + 1, False)
    if low == "each" and (end := _each_of_own(state, i)):
        return end
    if low == "both" and (end := _both_of_kind(state, i + 1)):
        return end
    if (words.is_open(i + 1) and not finite) or words.low(i + 1) == "the":
        return 0  # "each cat", "both the cats"
    recall_several(state, low)
    two = [thing for thing in state.sentence if is_animate(thing.noun) and thing.count == 1]
    if low == "both" and len(two) == 2:
        state.end_relation()
        state.speak_of(two)  # "a man and a woman sit on a bench, both looking at their phones"
    state.speak_of_all()
    if finite:
        state.continue_clause()  # "both drinking tea"
    return i + 1


def _each_of_own(state: State, i: int) -> int:
    """ "a butler with four arms, each one carries a teapot": the end of "each one" of one alone, or 0."""
    words, last = state.words, state.last
    end = i + 1 + (words.low(i + 1) == "one")
    acts = words.low(end) in lex.VERBS and has_object(words, end + 1)
    if last is None or last.count != 1 or not last.trailing or not acts or len(state.current_list) > 1:
        return 0
    add_words([last], (COMMA_TOKEN, words.tokens[i]))
    state.continue_clause()
    return end


def _both_of_kind(state: State, i: int) -> int:
    """ "one twin wears a suit and the other a robe, both brothers stand": the end of the name of the two, or 0."""
    phrase = noun(state.words, i)
    named = state.sentence[-2:]
    if phrase is None or not is_animate(phrase.noun) or len(named) < 2 or len(phrase.words) > 1:
        return 0
    known = any(thing.noun == phrase.noun and thing.count > 1 for thing in state.reading.things)
    if known or not all(thing.count == 1 and is_animate(thing.noun) for thing in named):
        return 0
    state.end_relation()
    state.speak_of(named)
    state.speak_of_all()
    state.continue_clause()
    return phrase.end
