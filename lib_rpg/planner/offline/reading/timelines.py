"""Reads a timeline: one thing in several eras, "timeline from left to right of a phone, 1920s, 1960s and 1990s".

Stages that are things themselves stay a list: "evolution of a butterfly: egg, caterpillar, butterfly".
"""

from __future__ import annotations

from dataclasses import replace

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, COMMA_TOKEN, STOP
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.orderings import Ordering, ordering
from lib_rpg.planner.offline.reading.facts import line_up_in
from lib_rpg.planner.offline.reading.series import is_year, name_again
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.tags.tag_kinds import built_in

_TIMELINES = lex.word_set("timeline evolution progression history transformation metamorphosis")
_THINGS = frozenset({"person", "animal", "plant", "food", "object", "artifact", "vehicle", "building"})
_MAX_ITEM = 5  # words of one era
_MAX_SHOWN = 12


def take_timeline(state: State, i: int) -> int:
    """One thing in several eras: the end, or 0."""
    words = state.words
    head = i + (words.low(i) in lex.ARTICLES)
    if words.low(head) not in _TIMELINES or state.is_waiting:
        return 0
    order = ordering(words, head + 1)
    of = order.end if order is not None else head + 1
    shown = noun(words, of + 1) if words.low(of) == "of" else None
    if shown is None:
        return 0
    order = order or ordering(words, shown.end + (words.kind(shown.end) == COMMA))
    start = max(shown.end, order.end if order is not None else 0)
    eras = _eras(words, start)
    if len(eras) < 2 or not (order is not None or all(is_year(words, era[0]) for era in eras)):
        return 0
    return _take_eras(state, shown, eras, order)


def _take_eras(state: State, shown: Noun, eras: list[tuple[int, int]], order: Ordering | None) -> int:
    words = state.words
    if all(_is_thing(words, *era) for era in eras):
        if order is not None:
            state.order_sentence(replace(order, strict=True))
        state.begin_item("")
        return eras[0][0]  # "progression of a tree, left to right, seed, sprout, sapling"
    things = [name_again(shown, [(COMMA_TOKEN, *words.tokens[start:end])]) for start, end in eras]
    for thing in things:
        state.begin_item(",")
        state.add_thing(thing, eras[-1][1])
    line_up_in(state.reading, things, order)
    return eras[-1][1]


def _is_thing(words: Words, start: int, end: int) -> bool:
    phrase = noun(words, start)
    return phrase is not None and phrase.end == end and class_of(phrase.noun) in _THINGS


def _eras(words: Words, i: int) -> list[tuple[int, int]]:
    """The items of the list behind a comma or a colon, up to one that is of the whole picture."""
    eras: list[tuple[int, int]] = []
    closed = False
    while len(eras) < _MAX_SHOWN and not closed:
        start = i + (words.kind(i) in (COMMA, COLON))
        closed = words.low(start) == "and"
        start += closed
        end = start
        while words.kind(end) not in (STOP, COMMA, COLON) and words.low(end) != "and":
            end += 1
        text = " ".join(words.low(k) for k in range(start, end))
        dated = is_year(words, start)
        if start == i or end == start or end - start > _MAX_ITEM or (built_in().of_whole(text) and not dated):
            break
        if eras and is_year(words, eras[0][0]) and not dated:
            break  # "1920s, 1960s, museum display"
        eras.append((start, end))
        i = end
    return eras
