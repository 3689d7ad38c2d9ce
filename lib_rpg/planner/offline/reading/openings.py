"""Reads how a story or a sentence opens in front of its first thing: "Once upon a time", "Wearing a hat, a man …"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA, STOP
from lib_rpg.planner.offline.grammar.kinds import is_animate
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.reading.state import State

_CLOTHED = lex.CLOTHED | {"clad"}
_FIRST = lex.word_set("once one long")
_PHRASES = (
    ("once", "upon", "a", "time"), ("once",), ("one", "day"), ("one", "time"), ("long", "long", "ago"),
    ("long", "ago"), ("long", "time", "ago"),
)  # fmt: skip


def take_opening(state: State, i: int) -> int:
    """The end of the words that open a story in front of someone or something; or 0. A time of the day is scene."""
    words = state.words
    if words.low(i) not in _FIRST or not words.is_end(i - 1) or state.tag_style:
        return 0
    end = max((i + len(phrase) for phrase in _PHRASES if words.starts(i, *phrase)), default=0)
    timed = 0 if end or words.low(i) != "one" else _time_end(state, i)
    end = end or timed
    start = end + (words.kind(end) == COMMA)
    there = words.low(start) == "there"
    if not end or (noun(words, start) is None and not there):
        return 0
    state.begin_clause()
    if timed:
        state.share(i + 1, end)  # "one rainy night"
    return start


def _time_end(state: State, i: int) -> int:
    """Past "one rainy night", also in front of a name that looks like more of it: "one night Pip"; or 0."""
    words, end = state.words, i + 1
    while words.is_open(end) and words.low(end) not in lex.TIMES:
        end += 1
    return end + 1 if words.low(end) in lex.TIMES and end <= i + 3 else 0


def take_clothes_first(state: State, i: int) -> int:
    """ "Wearing a hazmat suit, a man walks": past what the one who is named next has; or 0."""
    words = state.words
    if words.low(i) not in _CLOTHED or words.kind(i - 1) != STOP or state.is_waiting:
        return 0
    end = words.piece_end(i)
    while words.kind(end) == COMMA:
        someone = noun(words, end + 1)
        if someone is not None and is_animate(someone.noun):
            state.expect_said(words.tokens[i:end])
            state.begin_item("")
            return end + 1
        end = words.piece_end(end + 1)
    return 0
