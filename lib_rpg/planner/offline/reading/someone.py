"""Whom a prompt is about: whether it counts, names or dresses people, of whom pieces can be."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.offline.grammar.kinds import (
    PERSON,
    class_of,
    is_animate,
)
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.reading.nobody import may_be_clad
from lib_rpg.planner.offline.reading.state import State

_BARE = lex.word_set("object shape thing item fruit vehicle flower vegetable drink")


def names_someone(state: State) -> bool:
    """Whether any piece of the prompt begins with a person or an animal."""
    words = state.words
    named = (noun(words, k) for k in range(len(words)) if k == 0 or words.is_end(k - 1))
    return any(one is not None and is_animate(one.noun) for one in named)


def someone_comes(state: State, i: int) -> bool:
    """Whether another one of the people is named at the start of a piece behind i."""
    words = state.words
    starts = (k + 1 for k in range(i, len(words)) if words.is_end(k))
    return any((one := noun(words, k)) is not None and class_of(one.noun) == PERSON for k in starts)


def is_about_people(state: State) -> bool:
    """Whether the prompt counts people, or named someone before."""
    people = state.people
    if people.counted or people.groups or (people.are_dressed and may_be_clad(state)):
        return True
    return any(class_of(thing.noun) == PERSON for thing in state.reading.things)


def is_about_animals(state: State) -> bool:
    """Whether the prompt is about animals and nobody else."""
    groups = state.people.groups
    return bool(groups) and not any(class_of(thing.noun) == PERSON for thing in state.reading.things)


def may_have_parts(state: State) -> bool:
    return state.people.counted or has_someone(state)


def has_someone(state: State) -> bool:
    return state.someone is not None


def counts_bare_things(state: State) -> bool:
    """Whether the prompt begins with a number of what holds and wears nothing, and names nobody: "3shapes, ring"."""
    things = state.reading.things
    counts = bool(things) and things[0].count > 1 and things[0].noun in _BARE
    return counts and not state.people.groups and not any(is_animate(thing.noun) for thing in things)
