"""Finite verbs that no list names: "a heron outstares three frogs", "four otters guarded two eggs"."""

from __future__ import annotations

import re
from functools import lru_cache

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import gerund, is_plural
from lib_rpg.planner.language.lexicon import is_common_verb
from lib_rpg.planner.language.prompt_tokens import NUMBER, WORD
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import class_of, is_adjective, is_animate

_MANY = 10_000  # words that are remembered
_KNOWN = lex.SCENE_WORDS | lex.QUALITY_WORDS | lex.MEDIA
_STARTS_OBJECT = (
    lex.ARTICLES | lex.POSSESSIVES | lex.DEMONSTRATIVES | lex.NUMBERS.keys() | {"another", "each", "several"}
)
_STREAMS = lex.word_set("streams pours floods beams comes spills filters")  # "light streams through a window"
_SHOWING = frozenset(low for low in lex.SHOW if low.endswith("s"))
_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("es", "e"), ("es", ""), ("s", ""), ("ed", "e"), ("ed", ""),
)  # fmt: skip
_PAST = {
    "ate": "eat", "bit": "bite", "blew": "blow", "broke": "break", "brought": "bring", "built": "build",
    "bought": "buy", "caught": "catch", "felt": "feel", "drank": "drink", "drew": "draw", "drove": "drive",
    "fed": "feed", "fought": "fight", "found": "find", "gave": "give", "held": "hold", "hid": "hide", "kept": "keep",
    "led": "lead", "made": "make", "met": "meet", "rode": "ride", "saw": "see", "sold": "sell", "stole": "steal",
    "swept": "sweep", "threw": "throw", "took": "take", "won": "win", "wore": "wear", "wrote": "write",
}  # fmt: skip
_DOUBLED = re.compile(r"(.*([bdgklmnprt]))\2ed")  # "hugged"

_DROPPED_E = re.compile(r"[^aeiou][aeiou][^aeiouwxy]ed$")  # "snaked" would be "snakked" without one


@lru_cache(_MANY)
def plain_form(low: str) -> str:
    """The plain form of a common verb: "guarded" -> "guard", "smuggles" -> "smuggle"; "" for any other word."""
    if low in _PAST:
        return _PAST[low]
    doubled = _DOUBLED.fullmatch(low)
    candidates = [low, *([doubled[1]] if doubled else [])]
    candidates += [low.removesuffix(end) + new for end, new in _ENDINGS if low.endswith(end)]
    return next((word for word in candidates if word in lex.PLAIN_VERBS or is_common_verb(word)), "")


def gerund_of(low: str) -> str:
    """The -ing form of a finite verb: "outstares" -> "outstaring", "guarded" -> "guarding"; irregular ones stay."""
    plain = plain_form(low)
    if not plain and is_plural(low):
        plain = low[:-1]
    if not plain and low.endswith("ed"):
        doubled = _DOUBLED.fullmatch(low)
        plain = doubled[1] if doubled else low[: -1 if _DROPPED_E.search(low) else -2]
    return gerund(plain) if plain else low


def has_object(words: Words, i: int) -> bool:
    """Whether the object of a verb before i starts there: an article, a number with its noun, "each other"."""
    number = words.kind(i) == NUMBER
    return (number and words.is_open(i + 1)) or words.low(i) in _STARTS_OBJECT


def is_finite(words: Words, i: int) -> bool:
    """Whether the word at i, behind a noun, is a verb that no list names."""
    if words.kind(i) != WORD or not words.is_open(i):
        return False
    low, object_follows = words.low(i), has_object(words, i + 1)
    if words.low(i - 1) == "and":  # "a mouse outwits a cat and steals its cheese"
        return object_follows and low not in lex.VERBS and low.endswith(("s", "ed")) and bool(plain_form(low))
    if words.low(i - 1) in lex.AIRY and low in _STREAMS:
        return words.low(i + 1) in PREPOSITIONS
    if not _is_subject(words, i - 1):
        return False
    if low in _SHOWING:
        return object_follows or words.is_open(i + 1)  # "the clock shows 10:25"
    if low in _KNOWN or low in lex.VERBS or low.endswith("ing"):
        return False
    if object_follows:
        return _may_be_verb(low) or _acts(words.low(i - 1), low)
    # "a boy repairs bicycles"
    acts = is_animate(words.low(i - 1)) and not is_plural(words.low(i - 1))
    return acts and low.endswith("s") and not class_of(low) and bool(plain_form(low))


def _acts(subject: str, low: str) -> bool:
    """ "two astronauts plant a flag", "an astronaut plants a flag": whether a noun as well is a verb here."""
    return is_animate(subject) and is_plural(subject) != is_plural(low)


def _may_be_verb(low: str) -> bool:
    """Whether the word can be a verb in front of an object: it is one, or no word that is known."""
    if plain_form(low):
        return low.endswith(("s", "ed")) or not is_adjective(low)
    return not class_of(low) and not is_adjective(low)


def _is_subject(words: Words, i: int) -> bool:
    """Whether the word at i can be the last one of a subject."""
    if words.kind(i) != WORD:
        return False
    return words.low(i) in lex.RELATIVES | lex.PRONOUNS or (words.is_open(i) and not is_adjective(words.low(i)))
