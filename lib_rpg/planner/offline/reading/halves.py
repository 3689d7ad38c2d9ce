"""Reads a side of the picture with a season or an hour of its own: "to the left of the road it is spring with tulips".

What is named there has that place, and that season, until the next side or the sentence's end.
"""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, COMMA_TOKEN
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of, is_adjective, is_animate
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.reading.known_things import known_thing
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.pending import Half, PendingRelation
from lib_rpg.planner.offline.reading.pieces import person_at
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing
from lib_rpg.planner.offline.tags.owners import add_tag
from lib_rpg.planner.offline.tags.tag import Tag

_IT_IS = lex.word_set("it is it's its shows we see there")
_HOLDS = lex.word_set("with where while and")
_STORMS = lex.word_set("blizzard storm thunderstorm sunshine rain snow fog sandstorm drought snowstorm downpour hail")
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
    end = end if end > start else _land_end(words, start)
    if end == start:
        return 0
    if state.people.counted and isinstance(spot, Place) and words.kind(end) == COMMA:
        return _take_of_person(state, spot, start, end)
    if isinstance(spot, Relation) and whole is None and state.side_of is None and state.last is None:
        return 0  # "to its left" of nothing
    several = state.half is not None or _another_half(words, end + 1)
    state.end_relation()
    state.begin_clause()
    where = _where(state, spot, whole)
    said = words.tokens[start:end]
    if said[0].low not in _LINKS:
        said = [COMMA_TOKEN, *said]
    listed = words.kind(end) == COMMA and several  # "left half summer, a beach, right half winter, a slope"
    if (words.low(end) in _HOLDS or listed) and noun(words, end + 1):
        state.begin_half(Half(where, tuple(said)))
        return end + 1
    name = [token for token in said if token.kind != COMMA and token.low not in _LINKS | {"the"}]
    state.begin_half(Half(where, ()))
    state.add_thing(Thing(name, len(name) - 1, 1), end)  # "to its left it is winter, to its right it is summer"
    return end


def _take_of_person(state: State, spot: Place, start: int, end: int) -> int:
    """ "2girls, left side summer, straw hat, right side winter": the end of what one of them has there."""
    if state.people.total < 2:
        return 0
    person = person_at(state, spot)
    add_tag(person, Tag("placed", tuple(state.words.tokens[start:end])))
    state.people.speak_of([person])
    state.return_to(person)
    state.end_tag(end)
    return end


def _another_half(words: Words, i: int) -> bool:
    """Whether another side with its season or land comes behind i."""
    spots = ((k, place(words, k)) for k in range(i, len(words)) if words.is_end(k - 1))
    return any(spot is not None and _climate_end(words, j := _past_it_is(words, spot.end)) > j for _, spot in spots)


def _land_end(words: Words, i: int) -> int:
    """The end of a land that one of two sides is: "there is desert with cacti", "green farmland with cows"; or i."""
    land = noun(words, i)
    it_is = words.low(i - 1) in lex.BE and words.low(i - 2) == "it"  # "it is a wheat field with a scarecrow"
    given = land is not None and (land.bare or (it_is and land.determiner in ("a", "an")))
    told = land is not None and given and words.low(land.end) == "with" and not is_animate(land.noun)
    of_land = land is not None and (land.noun in lex.PLACES or class_of(land.noun) == "place")
    begins = words.low(i - 1) in _IT_IS
    return land.end if land is not None and told and of_land and begins else i


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
        j += words.low(j) in ("the", "a")
        while is_adjective(words.low(j)) and words.low(j) not in lex.WEATHERS:
            j += 1
        if words.low(j) not in lex.SEASONS | lex.HOURS | lex.WEATHERS | _STORMS or words.is_open(j + 1):
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
