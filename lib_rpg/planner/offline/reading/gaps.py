"""Reads a clause that leaves out its verb: "the man wears a black suit and the woman a red dress"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import add_words, known_thing, next_member
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing

_LINKS = lex.word_set("with in")


def take_gap(state: State, i: int) -> int:
    """Someone, with what the verb before would lead to right behind them: the end, or 0."""
    words, actor = state.words, state.last
    if words.low(i) != "the" or not state.at_start or actor is None or not actor.trailing or state.is_waiting:
        return 0
    verb = actor.trailing[-1][0]
    if not (is_ing_verb(verb.low) or verb.low in _LINKS) or not is_animate(actor.noun):
        return 0
    subject = noun(words, i)
    thing = _object(words, subject) if subject is not None and is_animate(subject.noun) else None
    if subject is None or thing is None:
        return 0
    other = _next_of_several(state, subject) or known_thing(state, subject)
    if other is None:
        other = make_thing(words, subject)
        state.add_thing(other, subject.end)
    else:
        state.mention(other, subject.end)
    add_words([other], (verb, *words.tokens[thing.start : thing.end]))
    state.continue_clause()
    return thing.end


def _next_of_several(state: State, subject: Noun) -> Thing | None:
    """ "two knights …, the first knight carries a lance, the second knight a banner"."""
    group = next((group for group in state.reading.things if state.last in group.members), None)
    if group is None or group.noun != subject.noun or group.members_named >= group.count:
        return None
    return next_member(group)


def _object(words: Words, subject: Noun) -> Noun | None:
    """What follows the subject with an article of its own."""
    if words.low(subject.end) not in ("a", "an") or subject.count not in (None, 1):
        return None
    found = noun(words, subject.end)
    placed = found is not None and (place(words, found.end) or relation(words, found.end))
    return None if placed else found
