"""What the words of a piece between commas say: who acts, whose a part is, how many there are."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import singular
from lib_rpg.planner.language.prompt_tokens import NUMBER
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PART, PERSON, class_of, is_ing_verb
from lib_rpg.planner.offline.reading.model import Thing

_ON_BODY = lex.word_set("on over in under behind around between at above across from")
_OWNERS = lex.POSSESSIVES | lex.word_set(
    "the one both each opposite other own"
)  # of a part: "on his neck", "over one eye"
_TELLING = lex.word_set("showing displaying reading reads shows displays")
_SIDES = lex.word_set("side top back front")


def acts(words: Words, i: int, end: int) -> bool:
    """ "cat girl sleeping"."""
    return any(class_of(words.low(k)) in (PERSON, ANIMAL) and is_ing_verb(words.low(k + 1)) for k in range(i, end - 1))


def is_numbered_part(words: Words, i: int, end: int) -> bool:
    """ "four arms", "one wing", "one blue eye"."""
    numbered = words.low(i) in lex.NUMBERS or words.kind(i) == NUMBER
    plain = all(words.is_open(k) for k in range(i + 1, end))
    return numbered and i + 1 < end <= i + 4 and plain and class_of(words.low(end - 1)) == PART


def behind_owner(words: Words, i: int, last: int) -> int:
    """Where "on his", "over one", "in" or "circling its" starts before the part that is named last, or 0."""
    k = _before_side(words, last)
    while k > i and words.is_open(k - 1) and words.low(k - 1) not in lex.POSSESSIVES and not _is_link(words, k - 1):
        k -= 1
    owned = words.low(k - 1) in _OWNERS
    k -= owned
    if _is_link(words, k - 1):
        return k - 1
    return k if owned and words.low(k) in lex.POSSESSIVES else 0


def _before_side(words: Words, last: int) -> int:
    """Where "side of his" starts, or else the part itself: "fox mask on side of head"."""
    of = last - 1 - (words.low(last - 1) in _OWNERS)
    return of - 1 if words.low(of) == "of" and words.low(of - 1) in _SIDES else last


def _is_link(words: Words, k: int) -> bool:
    return words.low(k) in _ON_BODY


def names_person(words: Words, i: int, end: int) -> bool:
    """Whether a person is named or has something there: "girl with a flower", "ren has blue hair"."""
    return any(class_of(words.low(k)) == PERSON or words.low(k) in lex.HAVE for k in range(i, end))


def tells_number(words: Words, i: int, end: int) -> bool:
    """ "scoreboard reads 3-1"."""
    told = words.low(end - 1)[:1].isdigit() and words.low(end - 2) in _TELLING and end > i + 2
    return told and class_of(words.low(end - 3)) not in ("", PART, PERSON, ANIMAL)


def names_next(words: Words, things: Sequence[Thing], i: int) -> bool:
    """ "two cats, first cat black"."""
    if words.low(i) not in lex.ORDINALS:
        return False
    return any(thing.count > 1 and thing.noun == singular(words.low(i + 1)) for thing in things)
