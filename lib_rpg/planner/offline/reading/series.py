"""Reads a series: one thing that is shown several times, each time with a word of its own.

"A village at dawn, noon, dusk and midnight"; "an oak in four seasons: spring, …"; "the same bridge in summer on the top
half and in winter on the bottom half".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product
from typing import NamedTuple

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, COMMA_TOKEN, Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import is_adjective
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.numbers import number
from lib_rpg.planner.offline.grammar.orderings import Ordering, X, Y, ordering
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.positions import Place, direction
from lib_rpg.planner.offline.grammar.times import CLOCK, clock_end, is_year
from lib_rpg.planner.offline.reading.facts import line_up, line_up_in, place_at
from lib_rpg.planner.offline.reading.model import Fact, Reading, Thing, singular_words
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.tags.tag_kinds import built_in

_WEATHERS = lex.word_set("fog sun rain light snow mist haze sunlight sunshine glow storm frost drizzle")
_ERAS = lex.word_set("age ages era future past present century period renaissance antiquity")
_AT = lex.word_set("in at by during on")  # "at dawn"
_INTO = lex.word_set("in at as into across over with through")  # "in four parts"
_PARTS = lex.word_set(
    "parts halves panels columns sections images frames rows pictures strips scenes views stages steps"
)
_KINDS = lex.word_set(
    "seasons times styles moods colors colours versions stages ages phases expressions emotions materials sizes eras "
    "outfits poses weathers variations views angles schemes conditions costumes hairstyles decades moments lights"
)
_OF_WHOLE = ("quality", "camera", "light", "medium")
_SEASONS = ("spring", "summer", "autumn", "winter")
_MAX_ITEM = 7  # words of one time or kind
_MAX_SHOWN = 12
_MAX_BEFORE = 16  # words between the thing and what each is like


class _Shown(NamedTuple):
    """What one of the series is like, and where it says that it is."""

    said: tuple[Token, ...]
    spot: Place | None = None


class _Series(NamedTuple):
    """What each is like, up to `end`; `start`: where that begins."""

    start: int
    end: int
    shown: list[_Shown]
    order: Ordering | None = None  # where it is said before what each is like


def take_series(state: State, i: int) -> int:
    """One thing shown several times: the end, or 0."""
    words = state.words
    found = _series_at(state, i)
    if found is None:
        return 0
    phrase, series = found
    between = tuple(words.tokens[phrase.end : series.start])
    things = [name_again(phrase, [part for part in (between, shown.said) if part]) for shown in series.shown]
    for thing, shown in zip(things, series.shown, strict=True):
        state.begin_item(",")
        state.add_thing(thing, series.end)
        if shown.spot is not None:
            place_at(state.reading, thing, shown.spot)
    end, axis = past_parts(words, series.end)
    if not state.orders and _order_behind(words, end) is None and all(shown.spot is None for shown in series.shown):
        line_up_in(state.reading, things, series.order, axis)
    return end


def take_series_in_panels(state: State, i: int, panels: int, columns: int) -> int:
    """ "2x2 grid, same cottage in four seasons, spring, …": so many of them in so many columns: the end, or 0."""
    found = _series_at(state, i)
    if found is None or len(found[1].shown) != panels or columns in (1, panels):
        return 0
    phrase, series = found
    things = [name_again(phrase, [shown.said]) for shown in series.shown]
    for thing in things:
        state.begin_item(",")
        state.add_thing(thing, series.end)
    lay_out(state.reading, [things[k : k + columns] for k in range(0, len(things), columns)])
    return series.end


def is_series(state: State, i: int) -> bool:
    """Whether one thing that is shown several times is at i."""
    return _series_at(state, i) is not None


def _series_at(state: State, i: int) -> tuple[Noun, _Series] | None:
    """The thing at i that is shown several times, and what each is like."""
    words = state.words
    if words.low(i) not in lex.ARTICLES | lex.NUMBERS.keys() | {"same"} or state.is_waiting:
        return None
    phrase = noun(words, i)
    if phrase is None:
        return None
    if (of := _kinds_of(words, phrase)) is not None:
        return of
    phrase, times = _without_times(phrase)
    if times:
        series = _so_many_times(words, phrase, times)
    else:
        series = (
            _in_order(words, phrase)
            or _in_pairs(words, phrase)
            or _in_kinds(words, phrase)
            or _at_times(state, phrase)
            or _in_roles(state, phrase)
            or _in_looks(words, phrase)
        )
    if series is None or phrase.count not in (None, 1, len(series.shown)):
        return None
    return phrase, series


def name_again(phrase: Noun, trailing: list[tuple[Token, ...]]) -> Thing:
    """One of the things of a series, with what it is like."""
    name, head = tuple(singular_words(phrase.words, phrase.head)), phrase.head
    if name[0].low == "same" and head:
        name, head = name[1:], head - 1
    if len(trailing) == 1 and all(is_adjective(token.low) for token in trailing[0]):
        name, head, trailing = (*trailing[0], *name), head + len(trailing[0]), []  # "the same girl, young on the left"
    given = phrase.given if phrase.given and phrase.given[-1].low in lex.ARTICLES else ()
    return Thing(list(name), head, 1, given, trailing=trailing, one_of=not given)


# Where the pieces are


def _clause_end(words: Words, i: int) -> int:
    """Where the clause at i ends, as far as a series in it may start."""
    end = i
    while not words.is_end(end) and end < i + _MAX_BEFORE:
        end += 1
    return end


def _in_looks(words: Words, phrase: Noun) -> _Series | None:
    """ "a candle burning bright, half melted and burnt out in three parts": as many looks as there are parts."""
    start = phrase.end + (words.kind(phrase.end) == COMMA)
    at = next((k for k in range(start + 1, min(len(words), start + 2 * _MAX_BEFORE)) if past_parts(words, k)[0] > k), 0)
    found = number(words, at + (words.kind(at) == COMMA) + 1) if at else None
    count = found[1] if found is not None else 0
    edges = [k for k in range(start, at) if words.kind(k) == COMMA or words.low(k) == "and"]
    if not count or count < 2 or len(edges) != count - 1 or phrase.count != 1:
        return None
    spans = list(pairwise([start - 1, *edges, at]))
    shown = [_said(words, a + 1, b) for a, b in spans]
    looks = all(b > a + 1 and _begins_look(words, a + 1) for a, b in spans)
    return _Series(phrase.end, at, shown) if looks else None


def _begins_look(words: Words, i: int) -> bool:
    """Whether words say how something is, and name nothing: "burning bright", "half melted"."""
    low = words.low(i)
    return (
        low in ("half", "fully", "partly") or is_adjective(low) or low in lex.PARTICIPLES or low.endswith(("ing", "ed"))
    )


def _past_joint(words: Words, i: int) -> int:
    """Past ",", "and" or ", and"; i where none is."""
    i += words.kind(i) == COMMA
    return i + (words.low(i) == "and")


def past_parts(words: Words, i: int) -> tuple[int, int]:
    """The end of "in four parts", ", divided into two halves", ", four vertical panels", and their axis; else i."""
    j = i + (words.kind(i) == COMMA)
    j += words.low(j) in ("split", "divided", "cut", "shown", "arranged")
    found = number(words, j + (words.low(j) in _INTO)) if j > i or words.low(j) in _INTO else None
    if found is None:
        return i, X
    end = found[0]
    while is_adjective(words.low(end)):
        end += 1
    rows = any(words.low(k) == "horizontal" for k in range(found[0], end))
    return (end + 1, Y if rows else X) if words.low(end) in _PARTS else (i, X)


def _is_parted(state: State, end: int) -> bool:
    """Whether the picture is in parts or in an order, as said behind the series that ends here or in front of it."""
    return past_parts(state.words, end)[0] > end or _order_behind(state.words, end) is not None or bool(state.orders)


def _order_behind(words: Words, i: int) -> Ordering | None:
    return ordering(words, i + (words.kind(i) == COMMA))


# At times: "a village at dawn, noon and dusk"


def _at_times(state: State, phrase: Noun) -> _Series | None:
    words = state.words
    for start in range(phrase.end, _clause_end(words, phrase.end)):
        shown, end = _times(words, start) if words.low(start) in _AT else ([], start)
        if len(shown) > 1:
            parted = _is_parted(state, end)
            counted = phrase.count == len(shown) or phrase.words[0].low == "same"
            return _Series(start, end, shown) if len(shown) > 2 or parted or counted else None
    return None


def _times(words: Words, i: int) -> tuple[list[_Shown], int]:
    """The times of a list whose first preposition is at i, each with it or with its own; and their end."""
    link, shown, end, start = words.tokens[i], list[_Shown](), i, i
    while len(shown) < _MAX_SHOWN:
        own = words.low(start) in _AT
        j = start + own + (words.low(start + own) == "the")
        while is_adjective(words.low(j)) or words.low(j) in ("early", "late", "mid"):
            j += 1
        j = _era_end(words, clock_end(words, j))
        j += words.low(j) in lex.SEASONS | lex.HOURS and words.low(j + 1) in _WEATHERS  # "in morning fog"
        if not (
            words.low(j) in _WEATHERS | lex.SEASONS | lex.HOURS | CLOCK | _ERAS or is_year(words, j)
        ) or words.is_open(j + 1):
            break
        said = words.tokens[start : j + 1]
        shown.append(_Shown(tuple(said if own else [link, *said])))
        end, start = j + 1, _past_joint(words, j + 1)
        if start == end:
            break
    return shown, end


def _era_end(words: Words, i: int) -> int:
    """ "Bronze Age", "far future": where "age" or "future" is behind one word at i; else i."""
    return i + 1 if words.is_open(i) and words.low(i + 1) in _ERAS and words.low(i) not in lex.SEASONS else i


# In roles: "the same girl as a toddler, as a teenager, as an old woman"


def _in_roles(state: State, phrase: Noun) -> _Series | None:
    words, start = state.words, phrase.end
    if words.low(start) != "as":
        return None
    shown, end, at, each = list[_Shown](), start, start, True
    while len(shown) < _MAX_SHOWN:
        own = words.low(at) == "as"
        role = noun(words, at + own)
        if role is None or role.determiner not in ("a", "an"):
            break
        each = each and own
        ends = (k for k in range(role.end, len(words)) if words.low(k) == "and" or past_parts(words, k)[0] > k)
        end = min(next(ends, len(words)), words.piece_end(role.end))
        shown.append(_Shown(tuple(words.tokens[at:end] if own else [words.tokens[start], *words.tokens[at:end]])))
        at = _past_joint(words, end)
        if at == end:
            break
    if len(shown) < 2 or not (each or _is_parted(state, end) or phrase.words[0].low == "same"):
        return None  # "a girl as a witch, a cat and a broom"
    return _Series(start, end, shown)


# In kinds: "a house in three styles: gothic, baroque and modern"


def _in_kinds(words: Words, phrase: Noun) -> _Series | None:
    for start in range(phrase.end, _clause_end(words, phrase.end)):
        found = _kinds_at(words, start) if words.low(start) in _INTO else None
        if found is not None:
            count, j = found
            order = _order_behind(words, j)
            items = order.end if order is not None else j
            said = order is not None and words.is_open(items)  # "in four parts, from left to right spring blossom, …"
            listed = items + (words.kind(items) in (COLON, COMMA))
            shown, end = _listed(words, listed, count) if said or listed > items else ([], j)
            if words.kind(items) == COMMA and not _can_be_kinds(words.low(j - 1), shown):
                shown, end = [], j  # "an oak in four seasons, watercolor, soft light, 4k, masterpiece"
            if not shown and words.low(j - 1) == "seasons":
                shown = _IN_SEASONS
            return _Series(start, end, shown, order) if len(shown) == count else None
    return None


# So many times: "the same lighthouse four times, from left to right: in fog, in sunshine, in a storm, at night"


_IN_SEASONS = [_Shown((Token("in", "in"), Token(season, season))) for season in _SEASONS]


def _kinds_of(words: Words, phrase: Noun) -> tuple[Noun, _Series] | None:
    """ "four seasons of a mountain cabin, spring top left, summer top right, …"."""
    if phrase.words[0].low not in _KINDS or not phrase.count or words.low(phrase.end - len(phrase.words) + 1) != "of":
        return None
    thing = noun(words, phrase.end - len(phrase.words) + 2)
    if thing is None:
        return None
    if words.kind(thing.end) in (COMMA, COLON) and words.low(thing.end + 1) != "one":
        shown, end = _listed(words, thing.end + 1, phrase.count)
        if len(shown) == phrase.count and _can_be_kinds(phrase.words[0].low, shown):
            return thing, _Series(thing.end, end, shown)
    if phrase.words[0].low != "seasons" or phrase.count != len(_SEASONS) or words.says("spring"):
        return None
    return thing, _Series(thing.end, thing.end, _IN_SEASONS)  # "four seasons of the same tree in four panels"


def _without_times(phrase: Noun) -> tuple[Noun, int]:
    """The name without "four times", and how many times that is; 0 where it is not said."""
    lows = [token.low for token in phrase.words]
    times = lex.NUMBERS.get(lows[-2], 0) if len(lows) > 2 and lows[-1] == "times" else 0
    if not 1 < times <= _MAX_SHOWN:
        return phrase, 0
    return replace(phrase, words=phrase.words[:-2], head=len(lows) - 3), times


def _so_many_times(words: Words, phrase: Noun, times: int) -> _Series | None:
    order = _order_behind(words, phrase.end)
    items = order.end if order is not None else phrase.end
    if words.kind(items) not in (COMMA, COLON):
        return None
    shown, end = _listed(words, items + 1, times)
    return _Series(phrase.end, end, shown, order) if len(shown) == times else None


def _in_order(words: Words, phrase: Noun) -> _Series | None:
    """ "four boys from left to right: mohawk, dreadlocks, bowl cut, shaved head"."""
    order = _order_behind(words, phrase.end)
    if order is None or not order.strict or (phrase.count or 1) < 2 or words.kind(order.end) != COLON:
        return None
    shown, end = _listed(words, order.end + 1, phrase.count or 0)
    named = any(one.said[1].low in lex.DETERMINERS | lex.NUMBERS.keys() for one in shown if len(one.said) > 1)
    return _Series(phrase.end, end, shown, order) if len(shown) == phrase.count and not named else None


def _can_be_kinds(kind: str, shown: Sequence[_Shown]) -> bool:
    """Whether items behind a comma say what each is like, and are not of the whole picture or things by themselves."""
    texts = [[token.low for token in one.said if token.kind != COMMA] for one in shown]
    if kind == "seasons":
        return all(lex.SEASONS & set(text) for text in texts)
    named = any(text[0] in lex.DETERMINERS | _PARTS for text in texts)
    return not named and all(built_in().of_whole(" ".join(text)) not in _OF_WHOLE for text in texts)


def _kinds_at(words: Words, i: int) -> tuple[int, int] | None:
    """ "in four seasons", "through the four seasons": their number, and the end."""
    j = i + 1
    while words.low(j) in ("the", "all"):
        j += 1
    found = number(words, j)
    if found is None or not found[1] or not 1 < found[1] <= _MAX_SHOWN:
        return None
    j = found[0]
    kinds = _KINDS | _PARTS
    while words.is_open(j) and words.low(j) not in kinds and j < found[0] + 2:
        j += 1  # "in three different art styles"
    if words.low(j) not in kinds:
        return None
    return found[1], j + 1 + 2 * (words.low(j + 1) == "of" and words.low(j + 2) in ("day", "year"))


def _listed(words: Words, i: int, count: int) -> tuple[list[_Shown], int]:
    """So many short items of a list, each behind a comma of its own, or the last behind an "and"; and their end."""
    shown, end = _items(words, i, count, joined=True)
    if words.low(end) == "and":
        return _items(words, i, count, joined=False)  # "raw planks, half assembled, finished and varnished"
    return shown, end


def _items(words: Words, i: int, count: int, joined: bool) -> tuple[list[_Shown], int]:
    """joined: whether an "and" ends an item."""
    shown, spans, end = list[_Shown](), list[tuple[int, int]](), i
    while len(shown) < count:
        start = end if not shown else _past_joint(words, end)
        if shown and start == end:
            break
        end = start
        while not words.is_end(end) and not (joined and words.low(end) == "and") and end < start + _MAX_ITEM:
            end += 1
        if end == start:
            break
        spans.append((start, end))
        shown.append(_item(words, start, end))
    if any(one.spot is None for one in shown):
        return [_said(words, *span) for span in spans], end
    return shown, end


def _item(words: Words, start: int, end: int) -> _Shown:
    """One of a list, with the place in front of it or behind it: "spring top left", "top left spring"."""
    first = direction(words, start)
    if first is not None and first[0] < end:
        return _said(words, first[0], end, Place(first[0], *first[1]))
    for k in range(start + 1, end):
        last = direction(words, k)
        if last is not None and last[0] == end and last[1] != (0, 0):
            return _said(words, start, k, Place(end, *last[1]))
    return _said(words, start, end)


def _said(words: Words, start: int, end: int, spot: Place | None = None) -> _Shown:
    return _Shown((*([] if words.low(start) in _AT else [COMMA_TOKEN]), *words.tokens[start:end]), spot)


# In pairs: "the same bridge in summer on the top half and in winter on the bottom half"


def _in_pairs(words: Words, phrase: Noun) -> _Series | None:
    shown: list[_Shown] = []
    start = phrase.end + (words.kind(phrase.end) == COMMA)
    end, item = phrase.end, start
    while len(shown) < _MAX_SHOWN:
        found = _pair(words, item)
        if found is None:
            break
        end = found[0]
        shown.append(found[1])
        item = _past_joint(words, end)
        if item == end:
            break
    timed = all(any(t.low in lex.SEASONS | lex.HOURS for t in one.said) for one in shown)
    if len(shown) < 2 or not (timed or phrase.words[0].low == "same"):
        return None
    return _Series(phrase.end, end, shown)


def _pair(words: Words, i: int) -> tuple[int, _Shown] | None:
    """Words and a position, in either order: "in summer on the top half", "on the left in summer"."""
    first = place(words, i)
    if isinstance(first, Place):
        start = first.end + (words.kind(first.end) in (COMMA, COLON))
        end = start
        while not words.is_end(end) and words.low(end) != "and":
            end += 1
        return (end, _Shown(tuple(words.tokens[start:end]), first)) if _is_attribute(words, start, end) else None
    for k in range(i + 1, min(_clause_end(words, i), i + _MAX_ITEM)):
        spot = place(words, k)
        if isinstance(spot, Place):
            return (spot.end, _Shown(tuple(words.tokens[i:k]), spot)) if _is_attribute(words, i, k) else None
    return None


def _is_attribute(words: Words, start: int, end: int) -> bool:
    """Whether the words say something of a thing, and name none of their own."""
    return start < end and words.low(start) not in lex.DETERMINERS | lex.NUMBERS.keys()


def lay_out(reading: Reading, rows: Sequence[Sequence[Thing]]) -> None:
    """Record that the things are in these rows."""
    for row in rows:
        line_up(reading, row, X)
    for above, below in pairwise(rows):
        reading.facts += [Fact("before", pair, Y) for pair in product(above, below)]
