"""Expects what a relation in front of it leads to: "below the bridge there is a boat", "on the table stands a vase"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.offline.grammar.kinds import class_of
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.reading.facts import place_at
from lib_rpg.planner.offline.reading.fronting import (
    depth_of,
    is_relation_in_front,
    kind_in_front,
    past_verbs,
)
from lib_rpg.planner.offline.reading.general_names import called_so
from lib_rpg.planner.offline.reading.known_things import known_thing
from lib_rpg.planner.offline.reading.lookahead import names_part, past_introduction
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing

BOUNDS = lex.word_set("wall ceiling floor ground side rim edge brim")  # what is on them is in the room
_RESTS = lex.word_set("sleeps rests naps lies sits kneels")  # "on the sofa sleeps a cat"


def expect_near_side(state: State, found: Relation, sides: list[Noun], link: str) -> int:
    """ "below the bridge there is a boat": the things of the far side are named, that of the near side comes."""
    state.end_relation()
    state.clear_list()
    objects: list[Thing] = []
    for side in sides:
        known = known_thing(state, side) or called_so(state, side)
        objects.append(known or make_thing(state.words, side))
        if known is None:
            state.add_thing(objects[-1], side.end)
    state.return_to(objects[-1])
    kind = kind_in_front(state.words, found)
    if _stand_apart(state, sides[-1], objects):
        kind = depth_of(state.words, found)
    state.expect_related(kind, objects, link)
    end, spot = sides[-1].end, place(state.words, sides[-1].end)
    if isinstance(spot, Place) and len(sides) == 1:
        end = spot.end  # "on the nightstand to the right there is a cup"
        place_at(state.reading, objects[0], spot)
        state.pending_positions.append(spot)
    state.begin_item("")
    return past_introduction(state.words, past_verbs(state.words, end))[0]


def _stand_apart(state: State, far: Noun, objects: Sequence[Thing]) -> bool:
    """ "Behind the white car a freight train crosses": whether both are large, and each has words of its own."""
    near = noun(state.words, past_verbs(state.words, far.end))
    large = ("vehicle", "building")
    if near is None or len(objects) != 1 or class_of(objects[0].noun) not in large or class_of(near.noun) not in large:
        return False
    return len(near.words) > 1 and (len(objects[0].words) > 1 or bool(objects[0].trailing))


def opens_with(state: State, phrase: Noun) -> bool:
    """Whether a sentence begins with where its thing is: "On the table stands a vase", "In the box there is a cat"."""
    return not phrase.bare and not names_part(phrase) and is_relation_in_front(state, phrase)


def expect_inside(state: State, found: Relation, i: int, phrase: Noun, link: str) -> int:
    """ "on the table stands", "in the box is", "on the far wall there is": the end. A wall is no thing of its own."""
    words = state.words
    if phrase.noun in BOUNDS:
        state.end_relation()
        state.begin_clause()
        state.expect_said(words.tokens[i : phrase.end])
        return past_introduction(words, past_verbs(words, phrase.end))[0]
    resting = found.kind == "on" and words.low(phrase.end) not in _RESTS and phrase.noun not in lex.MOUNTS
    return expect_near_side(state, Relation(found.end, "above" if resting else "within"), [phrase], link)
