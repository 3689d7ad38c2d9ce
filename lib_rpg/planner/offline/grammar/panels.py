"""Headers and labels of panels: "4 panel comic", "2x2 grid", "triptych", "panel 2:", "on the left panel"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COLON, COMMA, NUMBER, STOP, Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import is_adjective
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.orderings import Y, ordering
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.grammar.positions import Place, canvas_end, direction

PANELS = lex.word_set("panel panels paneled panelled")
_FRAMES = PANELS | lex.word_set(
    "frame frames picture pictures photo photos image images scene scenes part parts cell cells"
)
HALVES = PANELS | lex.word_set("half side part left right top bottom middle center centre")
"""The last word of a label where a header says that there are panels: "diptych, on the left half a caterpillar"."""
_PICTURES = _FRAMES | lex.word_set(
    "polaroid polaroids snapshot snapshots portrait portraits drawing drawings sketch sketches sticker stickers poster "
    "posters postcard postcards stamp stamps shot shots view views tile tiles window windows square squares vignette "
    "vignettes card cards"
)
"""What can be a panel where so many are listed: "three polaroids side by side, a dog, a cat and a pig"."""
_SHEETS = lex.word_set("comic comics manga strip collage storyboard grid page layout sheet photostrip")
_ROWS = lex.word_set("strips strip bands rows columns stripes tiers layers sections") | _FRAMES
_SHAPES = lex.word_set("vertical horizontal equal separate square tall wide stacked narrow")  # "four vertical panels"
_NAMED = {"diptych": 2, "triptych": 3, "quadriptych": 4, "polyptych": 0}
_SPLIT = lex.word_set("screen image view panel portrait photo picture composition poster face scene")
_DEPICTS = lex.word_set("depicts portrays represents illustrates")
_OF = lex.word_set("of showing with depicting featuring about")
_DIVIDED = lex.word_set("divided split cut")  # "a picture divided in two"
_ALONG = {"vertically": 2, "diagonally": 2, "horizontally": 1, "down": 2}  # and the columns of the two halves
_CHANGES = (("before", "and", "after"), ("before", "vs", "after"), ("then", "and", "now"), ("then", "vs", "now"))
_ROWED = lex.word_set("horizontal bands tiers layers rows stacked")  # "divided into three horizontal bands"
_SETS = _SHEETS | lex.word_set("set series sequence row collection")  # "a set of six stickers: …"
_WHOLE = lex.word_set("picture image photo photograph canvas scene illustration artwork composition frame portrait")
_GRID = re.compile(r"([1-4])x([1-4])")
_COUNTED = re.compile(r"(\w+)-(panel|panels|panelled|paneled|koma)")
_KOMA = re.compile(r"(\d|yon)-?koma")
_MENTIONS = (
    _FRAMES | _ROWS | _SHEETS | _NAMED.keys() | _DEPICTS | _DIVIDED | {"half", "halves", "side", "before", "then"}
)
_MENTION = re.compile(r"panel|koma|split|before/|\dx\d")
_ORDINALS = {
    word: k
    for k, word in enumerate(["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"], 1)
}
_ORDINALS |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6}
_COMPARING = lex.word_set("before after then now")
_MOMENTS = (
    _COMPARING | lex.SEASONS | lex.HOURS | lex.word_set("past present future today yesterday tomorrow day fall monsoon")
)
_UNITS = lex.word_set("day week month year phase stage step scene frame part act chapter level age shot page")
_MULTIPLE = lex.word_set("seasons times moods stages styles views")
_MAX_HEADER = 10  # words
_MAX_PANELS = 12


@dataclass(frozen=True)
class Header:
    """Words [start, said) that say how many panels there are, in how many columns; the content begins at `end`."""

    start: int
    said: int
    end: int
    panels: int
    columns: int
    topic: Noun | None = None  # what a list behind a colon is about: "triptych of a ballerina: stretching, leaping, …"
    listed: bool = False  # an order and a colon end it: "four strips, top to bottom: egg, …"


@dataclass(frozen=True)
class Label:
    """Words that say which panel follows: its number, or its place."""

    end: int
    number: int = 0
    spot: Place | None = None
    said: tuple[Token, ...] = ()  # of what the panel shows: "spring: tulips"


def mentions_panels(words: Words, i: int) -> bool:
    """Whether a word from i on can be of a header or a label; asked once for all pieces of a prompt."""
    lows = map(words.low, range(i, len(words)))
    return any(low in _MENTIONS or _MENTION.search(low) for low in lows) or _names_moments(words)


def header(words: Words, i: int) -> Header | None:
    """A header at i, where a piece between commas starts."""
    start = i + (words.low(i) in lex.ARTICLES)
    if (found := _in_order(words, start) or _of_so_many(words, start) or _change(words, start)) is not None:
        return found
    end = start
    while end < start + _MAX_HEADER and not words.is_end(end) and words.low(end) not in _OF - {"of", "with"}:
        if words.low(end) in ("of", "with") and not _counts(words, end + 1):
            break
        end += 1
    if grid_size(words, end - 4):
        return None  # "four apples in a 2x2 grid"
    size = _size(words, start, end)
    if size is None and words.kind(end) == COMMA and _SETS.intersection(words.low(k) for k in range(start, end)):
        if (count := _number(words, end + 1)) > 1 and words.low(end + 2) in _FRAMES and words.is_end(end + 3):
            return Header(start, end + 3, end + 3 + words.is_end(end + 3), count, _columns(count, False))
        further = header(words, end + 1)  # "comic strip, 4 panels, …"
        return replace(further, start=start) if further is not None else None
    if size is None or size[0] < 2:
        return None
    if _has_subject(words, start, end):
        if words.kind(end) != COLON:
            return None
        return Header(start, end, end + 1, *size, noun(words, i), listed=True)  # "a cat in three panels: asleep, …"
    topic = noun(words, end + 1) if words.low(end) in _OF else None
    if topic is not None and words.kind(topic.end) == COLON:
        return Header(start, topic.end, topic.end + 1, *size, topic, listed=True)  # "a 2x2 grid of mugs: a red mug, …"
    behind = end + (words.low(end) in _OF or words.kind(end) in (COMMA, COLON, STOP))
    return Header(start, end, behind, *size)


def _has_subject(words: Words, start: int, end: int) -> bool:
    """Whether something is shown "in three panels", which is no comic or picture."""
    at = next((k for k in range(start + 1, end) if words.low(k) in ("in", "as")), 0)
    if words.low(at - 1) in _MULTIPLE:
        return False  # "four seasons in four panels"
    return bool(at) and not any(words.low(k) in _SETS | _WHOLE | _NAMED.keys() for k in range(start, at))


def _in_order(words: Words, i: int) -> Header | None:
    """ "four stacked strips, top to bottom: egg, caterpillar, …"."""
    count, k = _number(words, i), i + 1
    while words.low(k) in _SHAPES:
        k += 1
    if count < 2 or words.low(k) not in _ROWS | _PICTURES:
        return None
    order = ordering(words, k + 1 + (words.kind(k + 1) == COMMA))
    if order is None or order.backwards or not (words.kind(order.end) == COLON or _lists(words, order.end, count)):
        return None
    return Header(i, order.end, order.end + 1, count, 1 if order.axis == Y else count, listed=True)


def _lists(words: Words, i: int, count: int) -> bool:
    """Whether so many pieces with a name of their own are behind the comma at i."""
    named = 0
    while words.kind(i) == COMMA:
        phrase = noun(words, i + 1)
        named += phrase is not None and not phrase.bare
        i = words.piece_end(i + 1)
    return named >= count


def _of_so_many(words: Words, i: int) -> Header | None:
    """ "collage of six polaroids: a beach, …"."""
    k = i
    while words.is_open(k) and words.low(k) not in _SETS:
        k += 1
    while words.low(k + 1) in _SETS:
        k += 1
    count = _number(words, k + 2) if words.low(k) in _SETS and words.low(k + 1) == "of" else 0
    named = noun(words, k + 3) if count > 1 else None
    if named is None or words.kind(named.end) != COLON:
        return None
    single = words.low(k) in ("series", "sequence", "row", "strip")
    return Header(i, named.end, named.end + 1, count, _columns(count, single), listed=True)


def _change(words: Words, i: int) -> Header | None:
    """ "before and after: a messy desk, a clean desk", "then vs now, …"."""
    end = i + 1 if words.low(i) == "before/after" else i + 3
    if end > i + 1 and not any(words.starts(i, *change) for change in _CHANGES):
        return None
    topic = noun(words, end + 2) if words.low(end) in _SPLIT and words.low(end + 1) == "of" else None
    if topic is not None and label(words, topic.end + 1, HALVES) is not None:
        return Header(i, end + 1, topic.start, 2, 2)  # "before and after picture of a house, left side is broken, …"
    last = words.piece_end(end)  # "before and after renovation, left an old bathroom, right …"
    if words.kind(end) == COLON or _lists(words, end, 2) or label(words, last + 1, HALVES) is not None:
        return Header(i, last, last + 1, 2, 2, listed=words.kind(end) == COLON)
    return None


def names_grid(words: Words, found: Header) -> bool:
    """Whether the header says how many rows there are: "2x2 grid"."""
    return any(_GRID.fullmatch(words.low(k)) for k in range(found.start, found.said))


def grid_size(words: Words, i: int) -> tuple[int, int] | None:
    """ "in a 2x2 grid": its columns and rows."""
    found = _GRID.fullmatch(words.low(i + 2)) if words.low(i) in ("in", "as") and words.low(i + 1) == "a" else None
    return (int(found[1]), int(found[2])) if found is not None and words.low(i + 3) in _SHEETS else None


def _counts(words: Words, i: int) -> bool:
    """ "(a comic of) three panels"."""
    return bool(_number(words, i)) and words.low(i + 1) in _FRAMES


def _number(words: Words, i: int) -> int:
    low = words.low(i)
    found = int(low) if words.kind(i) == NUMBER else lex.NUMBERS.get(low, 0)
    return found if found <= _MAX_PANELS else 0


def _size(words: Words, start: int, end: int) -> tuple[int, int] | None:
    """How many panels the words of a header name, and in how many columns."""
    lows = [words.low(k) for k in range(start, end)]
    sheet = bool(_SHEETS & set(lows))
    for k, low in enumerate(lows):
        behind = [other for other in lows[k + 1 : k + 3] if other not in _SHAPES]
        following = behind[0] if behind else ""
        if low in _NAMED:
            return _NAMED[low], _NAMED[low]
        if low == "split-screen" or (low == "split" and following in _SPLIT):
            return 2, 2
        if (found := _KOMA.fullmatch(low)) is not None:
            return (4 if found.group(1) == "yon" else int(found.group(1))), 1
        if (found := _GRID.fullmatch(low)) is not None and (sheet or following in _FRAMES):
            return int(found.group(1)) * int(found.group(2)), int(found.group(1))
        if low in _DIVIDED and following in _ALONG and lows[0] in _WHOLE:
            return 2, _ALONG[following]
        if low in _DIVIDED and following in ("in", "into") and lows[0] in _WHOLE:
            parts = lows[k + 2 : k + 3]
            count = 2 if parts == ["half"] else _number(words, start + k + 2)
            return count, 1 if _ROWED.intersection(lows) else count
        count = _number(words, start + k) if following in PANELS or (sheet and following in _FRAMES) else 0
        if (found := _COUNTED.fullmatch(low)) is not None:
            count = lex.NUMBERS.get(found.group(1)) or (int(found.group(1)) if found.group(1).isdigit() else 0)
        if 1 < count <= _MAX_PANELS:
            return count, 1 if "stacked" in lows else _columns(count, "strip" in lows or "vertical" in lows)
    return None


def _columns(count: int, strip: bool) -> int:
    """A strip is one row; four panels are two rows of two, six two rows of three."""
    if strip or count < 4:
        return count
    return 3 if count % 3 == 0 else 4 if count == 8 else 2


_OTHER_SIDE = {"left": "right", "right": "left", "top": "bottom", "bottom": "top", "upper": "lower", "lower": "upper"}


def label(words: Words, i: int, ends: frozenset[str] = PANELS) -> Label | None:
    """A label at i: "panel 2:", "in the second panel", "on the left panel"; `ends` are the words for a part."""
    if not words.is_end(i - 1) and words.low(i - 1) not in lex.CONJUNCTIONS:
        return None
    if half := _half_end(words, i):
        return Label(_past_mark(words, half), number=1 + (words.low(i) == "the"))
    if side := _side_before_name(words, i, ends):
        return side
    spot = place(words, i)
    named = isinstance(spot, Place) and any(words.low(k) in ends for k in range(i, spot.end))
    if isinstance(spot, Place) and named and (spot.x, spot.y) != (None, None):
        return Label(_past_mark(words, spot.end), spot=spot)
    if moment := _moment_end(words, i):
        said = words.tokens[i:moment] if words.low(i) not in _COMPARING else ()
        return Label(moment + 1, spot=None, said=tuple(said))
    j = i + (words.low(i) in ("in", "on"))
    j += words.low(j) == "the"
    if words.low(j) in _ORDINALS and words.low(j + 1) in _FRAMES:
        return Label(_past_mark(words, j + 2), _ORDINALS[words.low(j)])
    told = words.low(j) in _ORDINALS and j == i + 2 and words.low(i) == "in" and not words.is_open(j + 1)
    told = told or (words.low(j) in _ORDINALS and j == i + 2 and words.low(j + 1) in lex.PRONOUNS | lex.ARTICLES)
    if told and any(words.low(k) in _ORDINALS and words.low(k + 1) in _FRAMES for k in range(i)):
        return Label(_past_mark(words, j + 1), _ORDINALS[words.low(j)])  # "in the first panel …, in the second it …"
    if words.low(j) in PANELS and (count := _number(words, j + 1)):
        return Label(_past_mark(words, j + 2), count)
    return None


def _side_before_name(words: Words, i: int, ends: frozenset[str]) -> Label | None:
    """ "left half coral reef with a ray, right half pine forest with a lynx": a side whose other side is told, too."""
    low, half = words.low(i), words.low(i + 1)
    if (
        low not in _OTHER_SIDE
        or half not in ends - {low}
        or not words.is_open(i + 2)
        or not words.says(_OTHER_SIDE[low], half)
    ):
        return None
    found = direction(words, i)
    return Label(i + 2, spot=Place(i + 2, *found[1])) if found is not None else None


def _half_end(words: Words, i: int) -> int:
    """ "one half of the canvas shows", "the other half": the end before the verb, or 0."""
    if words.starts(i, "the", "other") and words.low(i + 2) in ("half", "side"):
        told = any(words.low(k) == "one" and _half_end(words, k) for k in range(i))
        return i + 3 if told else 0
    if words.low(i) != "one" or words.low(i + 1) not in ("half", "side"):
        return 0
    if words.low(i + 2) != "of":  # "a split image of a flat, one half clean, the other half dirty"
        return i + 2 if words.says("the", "other", "half") and is_adjective(words.low(i + 2)) else 0
    return canvas_end(words, i + 3) or 0


def _moment_end(words: Words, i: int) -> int:
    """ "before:", "spring:", "day 7:": the end before the colon, or 0."""
    numbered = words.low(i) in _UNITS and words.kind(i + 1) == NUMBER
    if not (numbered or words.low(i) in _MOMENTS):
        return 0
    end = i + 1 + numbered
    return end if words.kind(end) == COLON else 0


def _names_moments(words: Words) -> bool:
    ends = (k for k in range(len(words)) if words.is_end(k - 1))
    return sum(bool(_moment_end(words, k)) for k in ends) > 1


def depicts(words: Words, i: int) -> bool:
    """Whether a part of the picture is at i, with what it depicts: "the left half depicts a city"."""
    found = label(words, i, HALVES)
    return found is not None and words.low(found.end - 1) in _DEPICTS


def _past_mark(words: Words, i: int) -> int:
    """Past ":" and "," and "shows" behind a label."""
    while words.kind(i) in (COLON, COMMA) or words.low(i) in _DEPICTS | {"shows", "is", "has", "there"}:
        i += 1
    return i
