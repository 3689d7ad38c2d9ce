"""Reads how a story or a sentence opens in front of its first thing: "Once upon a time", "Wearing a hat, a man …"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA, STOP
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.kinds import is_animate
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.reading.state import State

_CLOTHED = lex.CLOTHED | {"clad"}
_FIRST = lex.word_set("once one long")
_WHEREABOUTS = lex.word_set(
    "outside inside nearby overhead elsewhere outdoors indoors upstairs downstairs somewhere meanwhile"
)
_IT = lex.word_set("it this that")
_PRESENTS = lex.word_set(
    "should must will would can could has have to need needs please be is was shows show depicts depict"
)
_SHOWS = lex.word_set("be is was shows show depicts depict")
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


_SHOWN_ON = lex.word_set("diorama poster mural tapestry fresco postcard comic panel print card stamp")


def take_presentation(state: State, i: int) -> int:
    """ "It should be a picture of …", "This is a …": the end of the words that present the picture, or 0."""
    words = state.words
    end = i + 1 + (words.low(i) in lex.DETERMINERS | _IT and words.low(i + 1) in lex.CANVAS | _SHOWN_ON)
    if state.reading.things or not words.is_end(i - 1) or not (words.low(i) in _IT or end > i + 1):
        return 0
    while words.low(end) in _PRESENTS:
        end += 1
    shown = noun(words, end)
    if words.low(end - 1) not in _SHOWS or shown is None or shown.bare or shown.noun in lex.TIMES:
        return 0
    state.begin_item("")
    return end


_EVENTS = lex.word_set(
    "battle duel fight clash race showdown standoff confrontation meeting conversation match war chase reunion "
    "encounter argument handshake contrast collision rivalry tug-of-war"
)
_MAX_EVENT = 4  # words in front of "between"


def take_event(state: State, i: int) -> int:
    """ "Epic battle between a paladin and a demon", where nothing is between them: the end of "between", or 0."""
    words = state.words
    at = next((k for k in range(i + 1, i + 1 + _MAX_EVENT) if words.low(k) == "between"), 0)
    if not at or not words.starts_clause(i) or words.low(at - 1) not in _EVENTS or noun(words, at + 1) is None:
        return 0
    start = i + (words.low(i) in lex.ARTICLES)
    if not all(words.is_open(k) for k in range(start, at)):
        return 0
    state.share(start, at)
    state.begin_item("")
    return at + 1


def take_interior(state: State, i: int) -> int:
    """ "the inside of a submarine" at the start, which is the place of all: the end, or 0."""
    words = state.words
    start = i + (words.low(i) in lex.ARTICLES)
    if state.reading.things or words.low(start) not in ("inside", "interior") or words.low(start + 1) != "of":
        return 0
    room = noun(words, start + 2)
    if room is None or not words.is_end(room.end) or words.piece_end(room.end) >= len(words) - 1:
        return 0
    state.share(i, room.end)
    return room.end


def take_whereabouts(state: State, i: int) -> int:
    """ "Outside, a fox sits in the snow", "Nearby a dog sleeps": the end of the adverb that begins a sentence, or 0."""
    words, end = state.words, i + 1 + (state.words.kind(i + 1) == COMMA)
    if words.low(i) not in _WHEREABOUTS or words.kind(i - 1) != STOP or state.tag_style or state.is_waiting:
        return 0
    named = noun(words, end)
    if named is None or named.bare or (end == i + 1 and words.low(i) in PREPOSITIONS):
        return 0  # "Inside a hut …"
    state.begin_clause()
    return end


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
