"""Reads what a place has that nobody in it can have: "a cat in a room with tall windows and blue curtains"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.offline.grammar.kinds import class_of, is_animate
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.reading.state import State

_FITTINGS = lex.word_set("curtain shelf blind sign lamp lantern light chandelier tile floor painting banner poster")
_CLASSES = ("building", "furniture", "plant")


def past_fittings(state: State, phrase: Noun) -> int:
    """Where what the place has ends; the end of the place itself where another could have what comes behind it."""
    words, last, end = state.words, state.last, phrase.end
    if words.low(end) != "with" or last is None or state.at_start or not is_animate(last.noun):
        return end
    while (one := noun(words, end + 1)) is not None and one.bare and _is_fitting(one):
        end = one.end
        if words.is_end(end):
            return end
        if words.low(end) != "and":
            break
    return phrase.end


def _is_fitting(phrase: Noun) -> bool:
    """Whether several of what a room or land has are named: "brick walls", "red hills", "tall shelves"."""
    fixed = phrase.noun in lex.PARTS_OF_BUILDINGS | lex.LANDFORMS | lex.PLACES | _FITTINGS
    return (fixed or class_of(phrase.noun) in _CLASSES) and is_plural(phrase.words[phrase.head].low)
