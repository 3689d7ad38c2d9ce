"""How old or tall someone is: "aged 8", "30 years old", "60yo", "180cm", "in her late 50s"."""

from __future__ import annotations

import re

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import NUMBER
from lib_rpg.planner.offline.grammar.cursor import Words

_AGED = lex.word_set("age aged ages")
_YEARS = lex.word_set("year years yr yrs month months week weeks")
_SHORT = re.compile(r"\d{1,3}(yo|y/o|cm|m|kg|ft|lbs?)")
_DECADE = re.compile(r"[1-9]0'?s|teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties")


def age_end(words: Words, i: int) -> int:
    """The end of the age at i, behind someone, or 0."""
    low = words.low(i)
    if low in _AGED:
        return _numbers_end(words, i + 1 + (words.low(i + 1) in ("about", "around")))
    if low == "in" and words.low(i + 1) in lex.POSSESSIVES:
        j = i + 2 + (words.low(i + 2) in ("early", "mid", "late"))
        return j + 1 if _DECADE.fullmatch(words.low(j)) else 0
    if _SHORT.fullmatch(low):
        return i + 1 if not words.is_open(i + 1) else 0
    if not _is_number(words, i) or words.low(i + 1) not in _YEARS:
        return 0
    return i + 3 if words.low(i + 2) == "old" and not words.is_open(i + 3) else 0


def _numbers_end(words: Words, i: int) -> int:
    """ "8", "6 and 8": the end, or 0."""
    if not _is_number(words, i):
        return 0
    return i + 3 if words.low(i + 1) == "and" and _is_number(words, i + 2) and not words.is_open(i + 3) else i + 1


def _is_number(words: Words, i: int) -> bool:
    return words.kind(i) == NUMBER or words.low(i) in lex.NUMBERS
