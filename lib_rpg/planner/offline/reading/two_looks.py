"""Reads one thing whose two sides look different: "an old tree, one side in bloom, the other side bare"."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, COMMA_TOKEN, STOP
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import is_adjective, is_animate
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.reading.facts import place_at
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.series import lay_out
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing

_OTHER = {"left": "right", "right": "left", "top": "bottom", "bottom": "top", "upper": "lower", "lower": "upper"}
_OTHER |= {"one": "other", "first": "second"}
_SPOTS = {"left": (-1, None), "right": (1, None), "top": (None, -1), "upper": (None, -1)}
_SPOTS |= {"bottom": (None, 1), "lower": (None, 1)}
_SIDES = lex.word_set("side half")
_SPLIT = lex.word_set("split divided cut parted down the middle in into half two halves vertically horizontally")
_LEADS = lex.word_set("and while whereas on the its whose with has")
_LOOKS_OF = PREPOSITIONS - {"of"} | {"half", "all", "full"}
_MAX_LEADS = 4  # words before the name of a side


class _Side(NamedTuple):
    """A side's name, where its label starts, and where what it looks like starts."""

    name: str
    start: int
    end: int
    stated: bool  # a verb links them


def take_two_looks(state: State, i: int) -> int:
    """Both halves of the one thing of a prompt, each as a thing with its look: the end, or 0."""
    words = state.words
    if state.reading.things or state.is_waiting or not words.once(_mentions_sides, 0):
        return 0
    whole = noun(words, i)
    if whole is None or whole.bare or (whole.count or 1) > 1 or is_animate(whole.noun):
        return 0
    named = next((k for k in range(i, whole.end) if words.low(k) in _SPLIT - {"the"}), whole.end)
    first = _side(words, _past_split(words, named))
    second = _other_side(words, first) if first is not None else None
    split = named < whole.end or _past_split(words, named) > named + (words.kind(named) == COMMA)
    if first is None or second is None or not all(_is_look(words, side, split) for side in (first, second)):
        return 0
    end = words.piece_end(second.end)
    name = whole.words[: len(whole.words) - (whole.end - named)]
    thing = make_thing(words, replace(whole, end=named, words=name, head=min(whole.head, len(name) - 1)))
    _add_halves(state, thing, (first, second), (second.start, end))
    return end


def _mentions_sides(words: Words, i: int) -> bool:
    """Whether two sides are named; asked once for all words of a prompt."""
    return sum(_side(words, k) is not None for k in range(i, len(words))) > 1


def _past_split(words: Words, i: int) -> int:
    """Past "split down the middle," and no more."""
    while words.low(i) in _SPLIT:
        i += 1
    return i + (words.kind(i) in (COMMA, COLON))


def _side(words: Words, i: int) -> _Side | None:
    """ "the left half is …", "one side …", "whose right half": the side at i."""
    k = i
    while words.low(k) in _LEADS and k < i + _MAX_LEADS:
        k += 1
    name = words.low(k)
    if name not in _SPOTS.keys() | _OTHER.keys() | set(_OTHER.values()):
        return None
    noun_said = words.low(k + 1) in _SIDES
    if not noun_said and name not in ("other", "second"):
        return None
    end = k + 1 + noun_said
    stated = words.low(end) in lex.BE or words.kind(end) == COLON
    return _Side(name, i, end + stated, stated)


def _other_side(words: Words, first: _Side) -> _Side | None:
    """The side opposite to the first one, later in its sentence."""
    for k in range(first.end + 1, len(words)):
        if words.kind(k) == STOP:
            return None
        found = _side(words, k) if words.kind(k - 1) == COMMA or words.low(k) in ("and", "while") else None
        if found is not None:
            return found if found.name == _OTHER.get(first.name) else None
    return None


def _is_look(words: Words, side: _Side, split: bool) -> bool:
    """Whether what is behind the side's name says how it looks, and names nothing that stands there."""
    low = words.low(side.end)
    if is_adjective(low) or low.endswith(("ed", "ing")) or low in lex.PARTICIPLES or low in _LOOKS_OF:
        leads = words.low(side.end + 1) in PREPOSITIONS  # "topped with olives"
        return leads or noun(words, side.end) is None or not _names_thing(words, side.end)
    named = noun(words, side.end)
    return split and named is not None and named.bare and not side.stated and words.is_end(named.end)


def _names_thing(words: Words, i: int) -> bool:
    """ "left side red lamp, …": whether an adjective is in front of a noun, as of a thing that stands there."""
    named = noun(words, i)
    return named is not None and not is_adjective(named.words[-1].low)


def _add_halves(state: State, whole: Thing, sides: tuple[_Side, _Side], ends: tuple[int, int]) -> None:
    words, halves = state.words, []
    state.begin_clause()
    for side, end in zip(sides, ends, strict=True):
        while words.kind(end - 1) == COMMA:
            end -= 1
        said = words.tokens[side.end : end]
        links = said[0].low in PREPOSITIONS
        half = Thing(list(whole.words), whole.head, 1, whole.determiners, panel=True)
        half.trailing = [tuple(said) if links else (COMMA_TOKEN, *said)]
        halves.append(half)
        state.add_thing(half, ends[1])
    state.begin_clause()
    if sides[0].name in _SPOTS:
        for side, half in zip(sides, halves, strict=True):
            place_at(state.reading, half, Place(side.end, *_SPOTS[side.name]))
    else:
        lay_out(state.reading, [halves])
