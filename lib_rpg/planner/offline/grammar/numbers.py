"""Numbers, in digits and in words, and words for some."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.dialect import counted_noun
from lib_rpg.planner.language.inflection import IRREGULAR, is_plural
from lib_rpg.planner.language.prompt_tokens import COMMA, NUMBER, STOP, WORD, Token
from lib_rpg.planner.offline.grammar.cursor import Words, by_first_word
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of, is_adjective

_YEAR = 4  # digits
_NAME = 5  # words of a name that a look back for its number goes
_TIMES = re.compile(r"(\d{1,2})x|x(\d{1,2})")
_DOZENS = {("dozen",): 12, ("half", "a", "dozen"): 6, ("half", "dozen"): 6}
_DOZENS_AT = by_first_word(_DOZENS)
# "not more than five cherries" are five, "fewer than three" are two.
_BOUNDS = {
    ("not", "more", "than"): 0, ("no", "more", "than"): 0, ("at", "most"): 0, ("at", "least"): 0,
    ("up", "to"): 0, ("no", "less", "than"): 0, ("not", "less", "than"): 0, ("no", "fewer", "than"): 0,
    ("more", "than"): 1, ("fewer", "than"): -1, ("less", "than"): -1,
}  # fmt: skip
_BOUNDS_AT = by_first_word(_BOUNDS)
_SOME = {("lots", "of"), ("plenty", "of")}
_COUNT_TAG = re.compile(r"(\d{1,2})\+?([a-z]+)")
_TONES = lex.word_set("tone toned color colour colored coloured")  # "two tone sky"
_MONTHS = lex.word_set("january february april june july august september october november december am pm")
_NUMBERED = lex.word_set(
    "number no no. nr nr. model type mk mark room route bus tram gate platform channel size page level unit hangar bay "
    "pier ward lane exit sector lot cell"
)
SIGNS = lex.word_set("number no no. nr nr.")  # "player number 10" names a player
_MEASURES = (
    "m cm mm km ft foot inch meter metre liter litre kg g lb ton mile percent degree watt gallon ounce gram kilo pound"
)
MEASURES = lex.word_set(_MEASURES) | lex.word_set("feet inches oz carat") | {f"{unit}s" for unit in _MEASURES.split()}
_UNITS = lex.word_set(_MEASURES) - {"g", "pound"} | lex.word_set("year yr month week story storey oz carat")
_SAME_PLURAL = frozenset(many for many, one in IRREGULAR.items() if many == one)
_PARTS_IN_NAME = lex.word_set(
    "piece tone tier story storey seat seater door wheel man string button headed layer poster legged eyed armed winged"
)
COUNTED = lex.word_set("girl girls boy boys")
"""Whom a number apart counts as a count tag does."""
Number = tuple[int, int | None, str]


def count_tag(low: str) -> tuple[int, str] | None:
    """ "1girl", "2+boys", "3shapes": the number and the noun, or None."""
    match = _COUNT_TAG.fullmatch(low)
    return (max(int(match[1]), 1), match[2]) if match and counted_noun(low) else None


def count_tags(words: Words) -> dict[int, tuple[int, str]]:
    """All count tags, each with its number and noun, by where they are."""
    return words.once(_count_tags, 0)


def _count_tags(words: Words, i: int) -> dict[int, tuple[int, str]]:
    found = ((k, count_tag(words.low(k))) for k in range(i, len(words)))
    return {k: tag for k, tag in found if tag is not None}


def counts_people(tokens: Sequence[Token]) -> bool:
    """Whether a piece counts people with a number apart: "1 girl, 1 boy"."""
    triples = zip(tokens, tokens[1:], [*tokens[2:], None], strict=False)
    return any(
        one.kind == NUMBER and two.low in COUNTED and (end is None or end.kind in (COMMA, STOP))
        for one, two, end in triples
    )


def number(words: Words, i: int) -> Number | None:
    """A number, or a word for some: its end, the number or None, and the vague word."""
    start, more = bound(words, i)
    found = _in_digits(words, start) or _in_words(words, start) or _vague(words, start)
    if start == i or found is None:
        return found
    return (found[0], max(found[1] + more, 1), "") if found[1] is not None else None


def bound(words: Words, i: int) -> tuple[int, int]:
    """Past "not more than", "at least" and the like at i, and how many more than the number behind them are meant."""
    phrase = words.phrase(i, _BOUNDS_AT)
    return i + len(phrase), _BOUNDS.get(phrase, 0)


def _in_digits(words: Words, i: int) -> Number | None:
    """ "12 eggs", "3x cats", "x3 cats"."""
    low = words.low(i)
    times = _TIMES.fullmatch(low)
    if words.low(i + 1) in _MONTHS:
        return None  # "31 december"
    if "/" in (words.low(i - 1), words.low(i + 1)):
        return None  # "1 / 48 scale"
    if words.kind(i) == NUMBER and (NUMBER in (words.kind(i - 1), words.kind(i + 1)) or _is_written(words, i)):
        return None  # "3 5 mm film"
    if words.kind(i) == NUMBER and len(low) <= 2:
        count = int(low)
    elif times:
        count = int(times.group(1) or times.group(2))
    else:
        return None
    return (i + 1, count, "") if count > 0 else None


def _is_written(words: Words, i: int) -> bool:
    """ "a sign that says OPEN 24 HOURS": whether capitals stand around the number."""
    around = [words.tokens[k].text for k in (i - 1, i + 1) if 0 <= k < len(words)]
    return len(around) > 1 and all(text.isupper() and len(text) > 1 for text in around)


def _in_words(words: Words, i: int) -> Number | None:
    """ "two cats", "two dozen eggs", "half a dozen eggs"."""
    count = lex.NUMBERS.get(words.low(i), 0)
    if count and words.low(i + 1) == "dozen":
        return i + 2, count * 12, ""
    if count:
        return i + 1, count, ""
    phrase = words.phrase(i, _DOZENS_AT)
    return (i + len(phrase), _DOZENS[phrase], "") if phrase else None


def _vague(words: Words, i: int) -> Number | None:
    """ "several cats", "lots of cats"."""
    if words.low(i) in lex.VAGUE_NUMBERS:
        return i + 1, None, words.low(i)
    if (words.low(i), words.low(i + 1)) in _SOME:
        return i + 2, None, f"{words.low(i)} of"
    return None


def is_in_name(words: Words, i: int) -> bool:
    """Whether the number at i is a part of a thing's name: "a 1972 sedan", "a number 7 car", "a two story house"."""
    digits = words.kind(i) == NUMBER
    counts = words.low(i) in lex.NUMBERS or digits
    if counts and words.low(i + 1) in _PARTS_IN_NAME and words.is_open(i + 2):
        return True  # "three piece suit"
    if not (digits or words.low(i) in lex.NUMBERS) or not words.is_open(i + 1):
        return False
    if words.low(i + 1) in _TONES and words.is_open(i + 2):
        return True  # "two tone sky"
    before = words.low(i - 1)
    if before == "formula":
        return True  # "formula 1 car"
    if words.low(i + 1) in _UNITS and words.is_open(i + 2):
        return True  # "the 60 year old man", "his 2 m tall brother"
    if before in ("a", "an"):
        return words.low(i + 1) != "dozen" and not is_plural(words.low(i + 1))
    if not digits:
        return False
    counted = before in lex.NUMBERS or words.kind(i - 1) == NUMBER  # "three 50 cent coins"
    if before in lex.COLORS and words.low(i - 2) in lex.ARTICLES and class_of(words.low(i + 1)) == "vehicle":
        return True  # "a red 911 coupe"
    named = before in _NUMBERED or len(words.low(i)) == _YEAR or _numbers_one(words, i)
    return counted or named or _numbers_several(words, i)


def _numbers_several(words: Words, i: int) -> bool:
    """ "two white Cessna 172 planes": whether a make of vehicles that were counted before it is in front of it."""
    k = i - 1
    while words.is_open(k) and words.low(k) not in lex.NUMBERS and k > i - _NAME:
        k -= 1
    make = class_of(words.low(i - 1)) == "vehicle" or words.tokens[i - 1].text[:1].isupper()
    return words.low(k) in lex.NUMBERS and k < i - 1 and make and class_of(words.low(i + 1)) == "vehicle"


def _numbers_one(words: Words, i: int) -> bool:
    """ "an exit 24 sign", "a blue highway 61 shirt"; but "a boy 3 sheep"."""
    before, after = words.low(i - 1), words.low(i + 1)
    if words.kind(i - 1) != WORD or not words.is_open(i - 1) or words.low(i) == "1" or after in _UNITS:
        return False
    if is_plural(after) or after in _SAME_PLURAL or is_plural(before) or is_adjective(before):
        return False
    return not before.endswith(("ing", "ed"))


def model_length(words: Sequence[Token]) -> int:
    """How many words behind the name of a thing are its number: of "android RX-09" 1, of "player number 10" 2."""
    if len(words) > 1 and len(words[-1].text) == 1 and words[-1].text.isupper():
        return int(class_of(words[-2].low) == PERSON)  # "boy B"
    if len(words) < 2 or not any(char.isdigit() for char in words[-1].low) or count_tag(words[-1].low):
        return 0
    before = words[-2].low
    if before in SIGNS and len(words) > 2 and not is_adjective(words[-3].low):
        return 2
    return int(bool(class_of(before)) and not is_adjective(before))
