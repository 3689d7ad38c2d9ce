"""Reads a side of the picture with a season or an hour of its own: "to the left of the road it is spring with tulips".

What is named there has that place, and that season, until the next side or the sentence's end.
"""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, COMMA_TOKEN
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import is_adjective
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.pending import Half, PendingRelation
from lib_rpg.planner.offline.reading.referents import known_thing
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing

_IT_IS = lex.word_set("it is it's its shows we see there")
_HOLDS = lex.word_set("with where while and")
_LINKS = lex.word_set("in at during")


def take_half(state: State, i: int) -> int:
    """A side of the picture, or of a thing in it, with its season or hour: the end, or 0."""
    words = state.words
    spot = place(words, i) if words.starts_clause(i) else None
    if spot is None:
        return 0
    whole = _whole(words, spot)
    of_it = isinstance(spot, Relation) and words.low(spot.end) == "it"
    start = _past_it_is(words, whole.end if whole is not None else spot.end + of_it)
    end = _climate_end(words, start)
    if end == start:
        return 0
    if isinstance(spot, Relation) and whole is None and state.side_of is None and state.last is None:
        return 0  # "to its left" of nothing
    state.end_relation()
    state.begin_clause()
    where = _where(state, spot, whole)
    said = words.tokens[start:end]
    if said[0].low not in _LINKS:
        said = [COMMA_TOKEN, *said]
    if words.low(end) in _HOLDS and noun(words, end + 1):
        state.begin_half(Half(where, tuple(said)))
        return end + 1
    name = [token for token in said if token.kind != COMMA and token.low not in _LINKS | {"the"}]
    state.begin_half(Half(where, ()))
    state.add_thing(Thing(name, len(name) - 1, 1), end)  # "to its left it is winter, to its right it is summer"
    return end


def _whole(words: Words, spot: Place | Relation) -> Noun | None:
    """What it is a side of: "the road"."""
    if isinstance(spot, Place):
        return noun(words, spot.end + 1) if spot.canvas_of else None
    return None if spot.referent else noun(words, spot.end)


def _past_it_is(words: Words, i: int) -> int:
    while words.low(i) in _IT_IS or words.kind(i) in (COLON, COMMA):
        i += 1
    return i


def _climate_end(words: Words, i: int) -> int:
    """The end of the seasons, hours and weathers at i: "in the evening and in the winter"; i where none is."""
    end = i
    while True:
        j = end + (end > i and words.low(end) == "and")
        j += words.low(j) in _LINKS
        j += words.low(j) == "the"
        while is_adjective(words.low(j)) and words.low(j) not in lex.WEATHERS:
            j += 1
        if words.low(j) not in lex.SEASONS | lex.HOURS | lex.WEATHERS or words.is_open(j + 1):
            return end
        end = j + 1


def _where(state: State, spot: Place | Relation, whole: Noun | None) -> Place | PendingRelation:
    """The place, or the relation to what the prompt names; that is a thing of its own unless it is wide scenery."""
    words = state.words
    if isinstance(spot, Place):
        if whole is not None:
            state.share(whole.start - (words.low(whole.start - 1) == "the"), whole.end)  # "to the left of the road"
        return spot
    owner = known_thing(state, whole) if whole is not None else state.side_of or state.last
    if owner is None and whole is not None:
        owner = make_thing(words, whole)
        state.add_thing(owner, whole.end)
    return PendingRelation(spot.kind, [], "beside", [owner] if owner is not None else [])
