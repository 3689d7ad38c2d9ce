"""Reads people and what they wear in a row without any commas: "woman red dress man black suit dancing ballroom"."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.prompt_tokens import COMMA_TOKEN, WORD
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import PART, class_of, is_adjective, is_animate, is_held, is_ing_verb
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.state import State

_LINKS = ("in", "with")
_MAX_STRING = 40  # words


class _Someone(NamedTuple):
    """The words [start, name) describe someone, who is named at `name`; those of [worn, end) are what they wear."""

    start: int
    name: int
    worn: int
    end: int


def take_string(state: State, i: int) -> int:
    """People in one row of words, each with what they wear: the end, or 0."""
    words = state.words
    if not (state.at_start and words.is_end(i - 1)) or state.people.counted or state.is_waiting:
        return 0
    end = _string_end(words, i)
    people = _people(words, i, end)
    if not people:
        return 0
    things = [_thing(words, someone) for someone in people]
    for someone, thing in zip(people, things, strict=True):
        state.begin_item(",")
        state.add_thing(thing, someone.end)
    rest = people[-1].end
    while rest < end and is_ing_verb(words.low(rest)):
        add_words(things, (COMMA_TOKEN, words.tokens[rest]))
        rest += 1
    if rest < end:
        state.share(rest, end)
    state.continue_clause()
    return end


def _string_end(words: Words, i: int) -> int:
    """The end of the piece at i where it has no words of sentences, else i."""
    end = i
    while not words.is_end(end) and end < i + _MAX_STRING:
        if words.kind(end) != WORD or not (words.is_open(end) or words.low(end) in _LINKS):
            return i
        end += 1
    return end


def _people(words: Words, i: int, end: int) -> list[_Someone]:
    """Everyone in the row, or none where one of them has nothing on."""
    names = [k for k in range(i, end) if is_animate(words.low(k)) and not is_plural(words.low(k))]
    if not names or any(b - a < 2 for a, b in pairwise(names)):
        return []
    if len(names) == 1 and not _is_dressed_in_one(words, names[0] + 1, end):
        return []
    starts = [_adjectives_start(words, i, k) for k in names]
    if starts[0] > i:
        return []
    limits = [*starts[1:], end]
    found = [
        _Someone(start, name, name + 1, _worn_end(words, name + 1, limit))
        for start, name, limit in zip(starts, names, limits, strict=True)
    ]
    whole = all(one.end == limit for one, limit in zip(found[:-1], limits, strict=False))
    return found if whole and all(one.end > one.worn for one in found) else []


def _is_dressed_in_one(words: Words, i: int, end: int) -> bool:
    """ "(woman) red dress, (man) black suit": whether adjectives and one garment or part are all that there is."""
    described = end - i > 1 and all(is_adjective(words.low(k)) for k in range(i, end - 1))
    return described and class_of(words.low(end - 1)) == PART


def _adjectives_start(words: Words, i: int, name: int) -> int:
    """Where the words that describe someone start: "old man"."""
    start = name
    while start > i and is_adjective(words.low(start - 1)):
        start -= 1
    return start


def _worn_end(words: Words, start: int, limit: int) -> int:
    """Behind the last word for a part, a garment or something held."""
    worn = (k for k in range(limit - 1, start - 1, -1) if class_of(words.low(k)) == PART or is_held(words.low(k)))
    return next(worn, start - 1) + 1


def _thing(words: Words, someone: _Someone) -> Thing:
    name, worn = words.tokens[someone.start : someone.name + 1], words.tokens[someone.worn : someone.end]
    said = worn if worn[0].low in _LINKS else [COMMA_TOKEN, *worn]
    return Thing(name, len(name) - 1, 1, trailing=[tuple(said)])
