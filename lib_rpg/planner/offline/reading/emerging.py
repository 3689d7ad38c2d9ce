"""Reads who comes out of something, in that order: "There is a well, and out of it climbs a frog"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import render
from lib_rpg.planner.offline.grammar.finite_verbs import gerund_of, has_object, plain_form
from lib_rpg.planner.offline.grammar.kinds import is_animate
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.reading.facts import relate
from lib_rpg.planner.offline.reading.known_things import known_thing
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing


def take_emerging(state: State, i: int) -> int:
    """ "out of it climbs a diver", "from the cave comes a bear": the end of who comes, or 0."""
    words = state.words
    start = i + (2 if words.starts(i, "out", "of") else words.low(i) == "from")
    if start == i or not words.starts_clause(i):
        return 0
    phrase = None if words.low(start) == "it" else noun(words, start)
    verb = phrase.end if phrase is not None else start + 1
    low = words.low(verb)
    who = noun(words, verb + 1) if low.endswith("s") and has_object(words, verb + 1) else None
    source = _source(state, phrase) if who is not None and (low in lex.VERBS or plain_form(low)) else None
    if source is None or who is None:
        return 0
    state.end_relation()
    state.begin_clause()
    thing = make_thing(words, who)
    state.add_thing(thing, who.end)
    link = f"{lex.VERBS.get(low) or gerund_of(low)} {render(words.tokens[i:start])}".lower()
    relate(state.reading, "within", [thing], [source], link)
    return who.end


def _source(state: State, phrase: Noun | None) -> Thing | None:
    """What they come out of: the thing with that name, which may be named first here, or the last that cannot act."""
    if phrase is not None and (known := known_thing(state, phrase)) is not None:
        return known
    if phrase is not None and phrase.bare:
        return None
    if phrase is not None:  # "From the well climbs a frog"
        state.begin_clause()
        state.add_thing(make_thing(state.words, phrase), phrase.end)
        return state.last
    return next((thing for thing in reversed(state.reading.things) if not is_animate(thing.noun)), None)
