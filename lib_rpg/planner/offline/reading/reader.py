"""Reading a prompt from left to right: which things it names, with which words of their own, and how they stand.

Each step takes the phrase at one place, by its kind; what the kinds do is in the modules read_*.
"""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, STOP, WORD, Token
from lib_rpg.planner.offline.grammar.phrases import (
    CONJUNCTIONS,
    PREPOSITIONS,
    RELATIVES,
    Place,
    Relation,
    corners,
    is_verb_form,
    noun,
    ordering,
    place,
    relation,
)
from lib_rpg.planner.offline.reading.attributes import (
    acts,
    take_all_are,
    take_attribute,
    take_brackets,
    take_predicate,
    take_relative,
    take_verb,
    take_with,
)
from lib_rpg.planner.offline.reading.model import Reading, Thing, name_of
from lib_rpg.planner.offline.reading.places import take_corners, take_order, take_place, take_relation
from lib_rpg.planner.offline.reading.referents import recall_actors, recall_several
from lib_rpg.planner.offline.reading.scenery import take_scene, take_style
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things import take_member, take_noun


def read(tokens: Sequence[Token]) -> Reading:
    """Everything that the prompt says."""
    state = State.start(tokens)
    i = 0
    while i < len(state.words):
        i = max(_step(state, i), i + 1)
    state.end_relation()
    state.end_sentence()
    _settle(state)
    return state.reading


def _settle(state: State) -> None:
    """What only the whole prompt tells: what is background, and what names things that are told apart later."""
    reading = state.reading
    behind = [t for t in reading.things if t.behind]
    if len(behind) < len(reading.things):
        _leave_out(state, behind)
        reading.shared += [f"{name_of(t)} in the background" for t in behind]
    for k, thing in enumerate(reading.things):
        # "two children, a boy … and a girl …" are two, not four.
        listed = reading.things[k + 1 :]
        kind = (thing.noun in lex.KINDS or thing.listed) and thing.count > 1
        several = kind and sum(t.count for t in listed) == thing.count
        company = thing.listed and thing.noun in lex.COMPANIES and len(listed) > 1
        whole = not thing.members and not thing.parts and not any(thing in f.things for f in reading.facts)
        if (several or company) and whole:
            _leave_out(state, [thing])
            break


def _leave_out(state: State, things: Sequence[Thing]) -> None:
    reading = state.reading
    reading.things = [t for t in reading.things if t not in things]
    reading.facts = [f for f in reading.facts if not any(t in things for t in f.things)]


def _step(state: State, i: int) -> int:
    words, low, kind = state.words, state.words.low(i), state.words.kind(i)
    state.begin_step()
    if kind == STOP:
        state.end_relation()
        if low.strip(".!?\n ") == "" and "." in low:
            state.end_sentence()
        state.begin_clause()
        return i + 1
    if kind in (COMMA, COLON):
        pending = state.pending_relation
        if pending is not None and pending.objects and not pending.wants_more:
            state.end_relation()
        if kind == COLON and state.last is not None and not state.at_start:
            state.last.listed = True
        state.begin_item(",")
        return i + 1
    if low in CONJUNCTIONS and low not in PREPOSITIONS and low != "with":
        if low in ("while", "whereas", "but", "then", "plus"):
            state.end_relation()
            state.begin_clause()
        listed = state.at_start and state.conjunction == "," and low != "and"
        state.begin_item("," if listed else ", and" if words.kind(i - 1) == COMMA else "and")
        return i + 1
    if end := take_brackets(state, i):
        return end
    order = ordering(words, i)
    if order is not None:
        return take_order(state, order)
    end = take_style(state, i) or take_member(state, i)
    if end:
        return end
    end = take_verb(state, i) if acts(state, i) else take_predicate(state, i)
    if end:
        return end
    if each := corners(words, i):
        return take_corners(state, each)
    spot = place(words, i)
    if isinstance(spot, Place):
        return take_place(state, spot, i)
    if isinstance(spot, Relation):
        return take_relation(state, spot, i)
    end = take_scene(state, i)
    if end:
        return end
    found = relation(words, i)
    if found is not None:
        return take_relation(state, found, i)
    if low == "with" or (low in lex.HAVE and low != "having"):
        return take_with(state, i)
    if low in RELATIVES:
        return take_relative(state, i)
    finite = words.low(i + 1) in lex.PLAIN_VERBS or is_verb_form(words, i + 1, False)
    if low in ("both", "all") and (end := take_all_are(state, i + 1)):
        return end
    if low in ("both", "each", "all") and (finite or not words.is_open(i + 1)) and words.low(i + 1) != "the":
        recall_several(state, low)
        state.speak_of_all()
        if finite:
            state.continue_clause()
        return i + 1
    if low in lex.FILLERS and (state.at_start or low in ("please", "you", "me")) and not _names_thing(state, i):
        return i + 1
    if low in lex.SHOW and (state.pending_positions or state.last is None):
        return i + 1
    if state.last is not None and kind == WORD and is_verb_form(words, i, False) and not _is_bare_tag(state, i):
        return take_verb(state, i)
    if low in PREPOSITIONS and state.last is not None and low not in ("without",):
        return take_attribute(state, i, low)
    if low in lex.PRONOUNS:
        if low == "they":
            recall_actors(state)
        state.leave_start()
        return i + 1
    phrase = noun(words, i)
    if phrase is not None:
        return take_noun(state, phrase)
    return i + 1


def _names_thing(state: State, i: int) -> bool:
    return state.words.low(i) in lex.NUMBERS


def _is_bare_tag(state: State, i: int) -> bool:
    """Whether the word at i starts a part of a list, where it is a name ("flying saucer") before a verb."""
    low = state.words.low(i)
    if low in lex.BEHIND | lex.CLOTHED:
        return False
    tells = low in lex.PARTICIPLES or (low in lex.VERBS and low not in lex.PLAIN_VERBS | lex.NOUN_LIKE)
    if tells and state.words.low(i + 1) in PREPOSITIONS:
        return False  # "the cat, which is orange, sits on …", "a lemon, cut in half"
    listed = state.at_start and state.conjunction == "," and not state.tag_style
    return listed and (state.words.is_open(i + 1) or not state.words.low(i).endswith("ing"))
