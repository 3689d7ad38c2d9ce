"""Kinds of pieces joined with "and": "black and white", "fire and ice", "knight and wizard"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.lexicon import is_abstract_noun
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import (
    ANIMAL,
    PART,
    PERSON,
    class_of,
    is_adjective,
    is_animate,
    is_held,
)
from lib_rpg.planner.offline.reading.carried_pieces import CARRIED
from lib_rpg.planner.offline.reading.someone import is_about_people
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.worn_pieces import MATERIALS, is_right_behind_ware
from lib_rpg.planner.offline.tags.tag import LOOK, ROLE, SCENE, UNKNOWN
from lib_rpg.planner.offline.tags.tag_kinds import PERSONAL


def kind_of_joined(state: State, i: int, end: int) -> str:
    """The kind of "knight and wizard", "black and white", "fire and ice"."""
    words = state.words
    known = all(words.low(k) in lex.ADJECTIVES | {"and"} for k in range(i, end))
    if words.low(end - 1) in MATERIALS and is_right_behind_ware(state, i):
        return LOOK  # "ornate teapot, blue and white porcelain"
    made = all(
        class_of(words.low(k)) == "substance" or words.low(k) in lex.MEDIA | lex.COLORS for k in range(i, end, 2)
    )
    if end == i + 3 and made and state.shared_end == i - 1:
        return "style"  # "by Hokusai, ink and gold"
    if _are_colours(words, i, end):
        if state.last is None or state.shared_end == i - 1:
            return "style"  # "a print of a carp, bold outlines, indigo and vermilion"
        several = any(thing.count > 1 and not thing.vague for thing in state.reading.things)
        return "" if several else LOOK  # "a heron, teal and crimson"
    if _are_all_of_someone(state, i, end):
        return "body"
    if _are_all_carried(state, i, end):
        return "held"
    people = state.people
    heads = [words.low(k - 1) for k in range(i + 1, end + 1) if k == end or words.low(k) in ("and", "&")]
    kinds = {class_of(head) for head in heads}
    if people.counted and (people.are_several or not people.groups) and kinds == {PERSON}:
        return ROLE
    named = any(class_of(head) or is_abstract_noun(head) for head in heads)
    if people.counted and named and not known and kinds.isdisjoint({PERSON, ANIMAL, PART}):
        return SCENE  # "fire and ice"
    return "" if known or _joins_things(state, heads, i, end) else UNKNOWN


def _are_all_of_someone(state: State, i: int, end: int) -> bool:
    """ "tall and lanky", "short and round" behind a person: whether one word is of a body, and all others are looks."""
    if not is_about_people(state):
        return False
    lows = [state.words.low(k) for k in range(i, end) if state.words.low(k) not in ("and", "&", "very")]
    of_body = any(state.kinds.of_whole(low) == "body" for low in lows)
    return of_body and all(is_adjective(low) or state.kinds.of_whole(low) in PERSONAL for low in lows)


def _are_all_carried(state: State, i: int, end: int) -> bool:
    """ "shield and mace" behind someone's label or list."""
    words, last = state.words, state.last
    if last is None or not is_animate(last.noun) or (last.count > 1 and not last.one_of):
        return False
    edges = [i - 1, *(k for k in range(i, end) if words.low(k) in ("and", "&")), end]
    parts = [" ".join(words.low(k) for k in range(a + 1, b)) for a, b in pairwise(edges)]
    held = [state.kinds.of_whole(part) in CARRIED or is_held(part.split()[-1]) for part in parts if part]
    return len(held) > 1 and all(held)


def _are_colours(words: Words, i: int, end: int) -> bool:
    lows = [words.low(k) for k in range(i, end) if words.low(k) not in ("and", "&")]
    return bool(lows) and lows[-1] in lex.LOOKS and all(low in lex.LOOKS or is_adjective(low) for low in lows)


def _joins_things(state: State, heads: Sequence[str], i: int, end: int) -> bool:
    """ "gorilla chef and penguin waiter"; "Mirela and Tess" where two people have no name yet."""
    named = all(state.words.tokens[k].text[:1].isupper() for k in (i, end - 1))
    return named or any(class_of(head) for head in heads)
