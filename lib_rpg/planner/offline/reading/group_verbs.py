"""Reads verbs of several things together: "two girls, one in red, one in orange, drink tea"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA, WORD
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import (
    has_object,
    plain_form,
)
from lib_rpg.planner.offline.grammar.kinds import class_of, is_animate
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.proper_names import is_proper
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import (
    acts_by_itself,
    all_animate,
    have_own_facts,
    is_listed,
    named_members,
    sums_up_list,
)
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.verbs import take_verb


def take_group_verb(state: State, i: int) -> int:
    """A verb of all the things before: "…, one in red and one in orange, drink tea": the end, or 0.

    What a plural verb, or a verb behind the list, is about becomes the current list: the members named, or the items.
    """
    if not takes_group_verb(state, i):
        return 0
    return take_verb(state, i)


def takes_group_verb(state: State, i: int) -> bool:
    """Whether the word at i is a verb of all the things before, which become the current list."""
    low = state.words.low(i)
    if state.last is None or state.pending_positions or not _can_be_of_all(state.words, i):
        return False
    several = named_members(state, all_named=low not in lex.PLAIN_VERBS)
    if len(several or state.current_list) < 2 and state.last.count < 2:
        return False
    plural = _is_plural_verb(state, i, several)
    shared = is_shared_participle(state, i, several)
    _speak_of_group(state, low, several, plural, shared)
    if (plural and (several or state.current_list)) or shared or (several and low in ("are", "were")):
        state.continue_clause("and" if state.conjunction == "and" else "")
    return plural or shared


def _can_be_of_all(words: Words, i: int) -> bool:
    """Whether it is a word, and not that of "the others", which is theirs alone."""
    return words.kind(i) == WORD and words.low(i - 1) not in ("others", "ones")


def _is_plural_verb(state: State, i: int, several: Sequence[Thing]) -> bool:
    """Whether the verb "drink" or "play" is at i, and not the noun: "two students, one with glasses, read books"."""
    words, low = state.words, state.words.low(i)
    common = plain_form(low) == low and len(state.current_list) > 1 and is_animate(words.low(i - 1))
    if not (low in lex.PLAIN_VERBS or common) or words.low(i + 1) in lex.SCENE_WORDS:
        return False
    actors = several or state.current_list or [state.last] if state.last is not None else []
    named = all(not one.determiners and is_proper(one.words[-1]) for one in actors)  # "Emma and Zoe dance"
    if low not in lex.STATES and not (named or all_animate(actors)):
        return False
    if state.at_start:
        # In a list of tags ("two girls, smile") a word such as this one is a noun.
        return bool(several) or state.collective or sums_up_list(state) or _is_behind_aside(state, i)
    return is_verb_form(words, i, False)


def _are_only_named(state: State, i: int) -> bool:
    """ "a violinist, a cellist and a pianist performing": whether nothing else is said of any of them."""
    words, things = state.words, state.current_list
    named = len(things) > 1 and state.last_conjunction in ("and", ", and") and words.is_open(i - 1)
    bare = all(thing.count == 1 and not (thing.trailing or thing.cellmates) for thing in things)
    alone = words.is_end(i + 1) or words.low(i + 1) in PREPOSITIONS  # but "a hen and a rooster pecking corn"
    if not (named and bare and alone) or _is_in_room_for_one(words, i + 1):
        return False
    return state.pending_relation is None and all_animate(things)


def _is_in_room_for_one(words: Words, i: int) -> bool:
    """ "a nurse, a doctor and a patient lying in a bed": only the last is in the bed."""
    where = noun(words, i + 1) if words.low(i) in ("in", "inside") else None
    return where is not None and (where.noun in lex.CONTAINERS or class_of(where.noun) in ("furniture", "container"))


def _is_behind_aside(state: State, i: int) -> bool:
    """ "A boy and his friend, a red panda, walk through a forest"."""
    words, said = state.words, state.last.trailing[:1] if state.last is not None else []
    aside = bool(said) and said[0][0].kind == COMMA and len(state.current_list) > 1 and not state.tag_style
    return aside and (words.low(i + 1) in PREPOSITIONS or has_object(words, i + 1))


def is_shared_participle(state: State, i: int, several: Sequence[Thing]) -> bool:
    """Whether an -ing form behind a list is that of all: "…, one in red, one in orange, drinking tea"."""
    words, low = state.words, state.words.low(i)
    if not low.endswith("ing") or not is_verb_form(words, i, False):
        return False
    if not is_listed(state):
        return _are_only_named(state, i)
    if words.low(i - 1) in ("one", "is", "was") or words.low(i + 1) in lex.AFTER_ING:
        return False  # "…, one wearing a hat", "a cat and a dog, flying saucer"
    return bool(several) or (all_animate(state.current_list) and state.last_conjunction in ("and", ", and"))


def _speak_of_group(state: State, low: str, several: Sequence[Thing], plural: bool, shared: bool) -> None:
    """Make those the verb is about the current list, where there is one."""
    if several and (plural or low in ("are", "were") or _is_of_all(state, low, several, shared)):
        state.end_relation()
        state.speak_of(list(several))
    elif state.last is not None and (acts_by_itself(state, state.last) or (plural and _did_others(state, low))):
        state.speak_of([state.last], together=False)  # "a man leads the race and two riders chase him"
    elif (plural or (shared and not several)) and len(several or state.current_list) > 1:
        state.speak_of_all()  # "the cat and the dog sleep on a rug"


def _did_others(state: State, low: str) -> bool:
    """ "the girl wears red and the boys wear blue": whether the same verb was said of one before the last."""
    doing = lex.VERBS.get(low, low)
    return any(segment[0].low == doing for one in state.current_list[:-1] for segment in one.trailing)


def _is_of_all(state: State, low: str, several: Sequence[Thing], shared: bool) -> bool:
    """Whether what comes is about each member and not about the last one alone: "…, both with hats"."""
    every = is_listed(state) and low in ("both", "all", "each")
    return (shared or every) and not have_own_facts(state, several)
