"""Reads a timeline: one thing in several eras, "timeline from left to right of a phone, 1920s, 1960s and 1990s".

Stages that are things themselves stay a list: "evolution of a butterfly: egg, caterpillar, butterfly".
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, COMMA_TOKEN, STOP
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of, is_adjective
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.orderings import Ordering, ordering
from lib_rpg.planner.offline.grammar.times import is_year
from lib_rpg.planner.offline.reading.facts import line_up_in
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.series import name_again, past_parts
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing
from lib_rpg.planner.offline.tags.tag_kinds import built_in

_STAGES = lex.word_set(
    "timeline evolution progression transformation metamorphosis cycle lifecycle stages phases growth"
)
_COURSES = _STAGES | lex.word_set("life history journey development")  # with "of" behind them
_THINGS = frozenset({"person", "animal", "plant", "food", "object", "artifact", "vehicle", "building"})
_MAX_ITEM = 7  # words of one era
_MAX_SHOWN = 12


class _Topic(NamedTuple):
    """What is shown over time, up to `end`, and in which order where that is said."""

    shown: Noun
    end: int
    order: Ordering | None


def take_timeline(state: State, i: int) -> int:
    """One thing in several eras: the end, or 0."""
    words = state.words
    topic = None if state.is_waiting or not words.is_end(i - 1) else _topic(words, i)
    if topic is None:
        return 0
    start, _ = past_parts(words, topic.end)
    order = topic.order or ordering(words, start + (words.kind(start) == COMMA))
    start = max(start, order.end if order is not None else 0)
    eras = _eras(words, start)
    if len(eras) < 2:
        return 0
    end = eras[-1][1]
    order = order or ordering(words, end + (words.kind(end) == COMMA))
    if not (order is not None or words.kind(start) == COLON or all(is_year(words, era[0]) for era in eras)):
        return 0
    return _take_eras(state, topic.shown, eras, order)


def take_year(state: State, i: int) -> int:
    """ "two versions of a street, one in 1900 and one in 2000": the end of the year of one of several, or 0."""
    words, last = state.words, state.last
    if words.low(i) != "in" or last is None or not last.one_of or not is_year(words, i + 1):
        return 0
    end = i + 2 + (words.low(i + 1) == "the")
    add_words([last], tuple(words.tokens[i:end]))
    state.continue_clause()
    return end


def _topic(words: Words, i: int) -> _Topic | None:
    """ "evolution of the wheel", "butterfly life cycle", "timeline from left to right of a phone"."""
    phrase = noun(words, i)
    lows = [token.low for token in phrase.words] if phrase is not None else []
    first = next((k for k, low in enumerate(lows) if low in _COURSES), -1)
    if phrase is None or first < 0:
        return None
    last = first
    while lows[last + 1 : last + 2] and lows[last + 1] in _COURSES:
        last += 1
    behind = phrase.end - len(lows) + last + 1
    order = ordering(words, behind)
    of = order.end if order is not None else behind
    if words.low(of) == "of":
        inner = _topic(words, of + 1)  # "timeline of human evolution"
        shown = inner.shown if inner is not None else noun(words, of + 1)
        return _Topic(shown, shown.end, order) if shown is not None else None
    if not first or last + 1 < len(lows) or lows[last] not in _STAGES:
        return None  # "history museum", "still life"
    return _Topic(replace(phrase, words=phrase.words[:first], head=first - 1, given=()), behind, None)


def _take_eras(state: State, shown: Noun, eras: list[tuple[int, int]], order: Ordering | None) -> int:
    words = state.words
    kinds = [_kind_of_thing(words, *era) for era in eras]
    named = 2 * sum(kind in _THINGS for kind in kinds) > len(kinds)
    things = [_shown_in(words, shown, *era, named) for era in eras]
    for thing in things:
        state.begin_item(",")
        state.add_thing(thing, eras[-1][1])
    line_up_in(state.reading, things, order)
    return eras[-1][1]


def _kind_of_thing(words: Words, start: int, end: int) -> str | None:
    """The class of the thing that an era names; None where it only says how the thing is then."""
    phrase = noun(words, start)
    if phrase is None or phrase.end != end or is_adjective(phrase.noun) or phrase.noun in lex.HOURS | lex.SEASONS:
        return None
    return class_of(phrase.noun)


def _shown_in(words: Words, shown: Noun, start: int, end: int, named: bool) -> Thing:
    """What an era shows: the thing as it is then, or another one, "a puddle of wax"; `named`: all are others."""
    phrase = noun(words, start)
    if phrase is None or (phrase.bare and not named):
        return name_again(shown, [(COMMA_TOKEN, *words.tokens[start:end])])
    said = words.tokens[phrase.end : end]
    return replace(make_thing(words, phrase), trailing=[tuple(said)] if said else [])


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
        dated = is_year(words, start)
        too_long = end - start > _MAX_ITEM
        if start == i or end == start or too_long or (not dated and _is_of_whole(words, start, end)):
            break
        if eras and is_year(words, eras[0][0]) and not dated:
            break  # "1920s, 1960s, museum display"
        eras.append((start, end))
        i = end
    return eras


def _is_of_whole(words: Words, start: int, end: int) -> bool:
    """Whether the item is an order or of the whole picture: "left to right", "vintage engraving", "soft light"."""
    text = " ".join(words.low(k) for k in range(start, end))
    return bool(ordering(words, start)) or words.low(end - 1) in lex.MEDIA or bool(built_in().of_whole(text))
