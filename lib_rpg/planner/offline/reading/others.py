"""Reads "the other" behind one of two: "one boxer lands a punch, the other falls back"."""

from __future__ import annotations

from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.state import State


def take_other(state: State, i: int) -> int:
    """The end of "the other" with its verb behind it, where "one boxer" was named; or 0."""
    words, verb = state.words, i + 2
    if not words.starts(i, "the", "other") or not state.at_start or not is_verb_form(words, verb, False):
        return 0
    one = next((thing for thing in reversed(state.reading.things) if _is_one_of_two(state, thing)), None)
    if one is None:
        return 0
    state.end_relation()
    the, other = words.tokens[i:verb]
    state.add_thing(Thing([other, one.words[one.head]], 1, 1, (the,)), verb)
    return verb


def _is_one_of_two(state: State, thing: Thing) -> bool:
    """Whether "one" is in front of its name."""
    before = (k for k, token in enumerate(state.words.tokens) if token is thing.words[0])
    return thing.count == 1 and not thing.members and any(state.words.low(k - 1) == "one" for k in before)
