"""Reads a clause that leaves out its verb: "the man wears a black suit and the woman a red dress"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import PART, class_of, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.reading.known_things import known_thing, next_member
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.others import named_one, other_of
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing

_LINKS = lex.word_set("with in")


def take_gap(state: State, i: int) -> int:
    """Someone, with what the verb before would lead to right behind them: the end, or 0."""
    words, actor = state.words, state.last
    if end := _take_worn(state, i) or _take_next_in_order(state, i):
        return end
    if words.low(i) != "the" or not state.at_start or actor is None or not actor.trailing or state.is_waiting:
        return 0
    verb = next((said[0] for said in reversed(actor.trailing) if said[0].low not in lex.RELATIVES), None)
    # but "the other dog a coat" names one
    other = words.low(i + 1) in lex.ORDINALS | {"other"} and words.low(i + 2) in ("a", "an")
    if verb is None or not (is_ing_verb(verb.low) or verb.low in _LINKS):
        return 0
    of_two = other and named_one(state) is actor
    if not (is_animate(actor.noun) or (other and actor.one_of) or of_two):
        return 0  # "two houses, the first has a red roof and the second a thatched roof"
    subject = None if other else noun(words, i)
    if not other and (subject is None or not is_animate(subject.noun) or subject.count not in (None, 1)):
        return 0
    thing = _object(words, i + 2 if subject is None else subject.end)
    someone = _next_of_several(state, subject) if thing is not None else None
    if someone is None and of_two:
        someone = other_of(actor, words.tokens[i : i + 2])  # "one hand holds a rose, the other a dagger"
    if someone is None and thing is not None and subject is not None:
        someone = known_thing(state, subject) or make_thing(words, subject)
    if someone is None or thing is None:
        return 0
    _mention(state, someone, thing.start)
    add_words([someone], (verb, *words.tokens[thing.start : thing.end]))
    state.continue_clause()
    return thing.end


def _take_worn(state: State, i: int) -> int:
    """ "the one on the left wears a yellow dress, the one on the right a black turtleneck": the end, or 0."""
    words, last = state.words, state.last
    worn = noun(words, i) if words.low(i) in ("a", "an") else None
    group = next((one for one in state.reading.things if any(last is member for member in one.members)), None)
    if worn is None or last is None or group is None or class_of(worn.noun) != PART:
        return 0
    placed = any(isinstance(spot, Place) and spot.end == i for k in range(i - 5, i) if (spot := place(words, k)))
    others = (part[0] for one in group.members if one is not last for part in one.trailing)
    verb = next((token for token in others if token.low in lex.CLOTHED | {"with", "in"}), None)
    if not placed or verb is None:
        return 0
    end = worn.end
    add_words([last], (verb, *words.tokens[i:end]))
    state.continue_clause()
    return end


def _take_next_in_order(state: State, i: int) -> int:
    """ "three jars, the first holds marbles, the second seashells": the end, or 0."""
    words, last = state.words, state.last
    ordered = state.at_start and words.low(i) == "the" and words.low(i + 1) in lex.ORDINALS
    group = next((one for one in state.reading.things if any(last is member for member in one.members)), None)
    had = noun(words, i + 2) if ordered else None
    if had is None or group is None or last is None or not last.trailing or group.members_named >= group.count:
        return 0
    verb = last.trailing[-1][0]
    if not (had.bare and is_plural(had.words[-1].low) and words.is_end(had.end)) or had.noun == group.noun:
        return 0
    if not (is_ing_verb(verb.low) or verb.low in _LINKS):
        return 0
    someone = next_member(group)
    _mention(state, someone, had.start)
    add_words([someone], (verb, *words.tokens[had.start : had.end]))
    state.continue_clause()
    return had.end


def _mention(state: State, someone: Thing, after: int) -> None:
    known = any(someone is one for thing in state.reading.things for one in (thing, *thing.members))
    if known:
        state.mention(someone, after)
    else:
        state.add_thing(someone, after)


def _next_of_several(state: State, subject: Noun | None) -> Thing | None:
    """ "two knights …, the first knight carries a lance, the second knight a banner", "…, the other a banner"."""
    group = next((group for group in state.reading.things if state.last in group.members), None)
    if group is None or group.members_named >= group.count:
        return None
    return next_member(group) if subject is None or subject.noun == group.noun else None


def _object(words: Words, i: int) -> Noun | None:
    """What is at i with an article of its own."""
    found = noun(words, i) if words.low(i) in ("a", "an") else None
    placed = found is not None and (place(words, found.end) or relation(words, found.end))
    return None if placed else found
