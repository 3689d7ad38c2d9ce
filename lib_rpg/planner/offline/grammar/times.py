"""Years and hours of the clock."""

from __future__ import annotations

import re

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import NUMBER
from lib_rpg.planner.offline.grammar.cursor import Words

_YEAR = re.compile(r"(1\d|20)\d\ds?")
CLOCK = lex.word_set("am pm o'clock")


def is_year(words: Words, i: int) -> bool:
    """ "1900", "1920s", "the 1920s"."""
    return _YEAR.fullmatch(words.low(i + (words.low(i) in ("the", "in")))) is not None


def clock_end(words: Words, i: int) -> int:
    """The "pm" of "10 pm"; i where no hour of the clock is."""
    return i + 1 if words.kind(i) == NUMBER and words.low(i + 1) in CLOCK else i
