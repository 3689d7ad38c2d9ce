"""Where the looks of one of several end: "half full", "dark and overgrown", behind "one" or "the left one"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import is_adjective

_DEGREES = lex.word_set("half very quite too rather still just almost nearly so")
_MEMBERS = lex.ORDINALS | lex.COMPARED | lex.word_set("other left right")


def begins_member(words: Words, i: int) -> bool:
    return words.low(i) in ("one", "both") or (words.low(i) == "the" and words.low(i + 1) in _MEMBERS)


def adjectives_end(words: Words, i: int) -> int:
    while is_adjective(words.low(i)):
        i += 1
    return i


def looks_end(words: Words, i: int) -> int:
    """ "half full", "dark and overgrown", behind "one" or "the other": the end of several words of its look, or 0."""
    end = _look_end(words, i)
    joined = words.low(end) == "and" and not begins_member(words, end + 1)
    further = _look_end(words, end + 1) if joined and end > i else end + 1
    end = further if joined and further > end + 1 else end
    return end if end > i + 1 and (words.is_end(end) or words.low(end) == "and") else 0


def _look_end(words: Words, i: int) -> int:
    """The end of adjectives and participles with their degrees, or i."""
    k = i + (words.low(i) in _DEGREES or words.low(i).endswith("ly"))
    low = words.low(k)
    looks = is_adjective(low) or (low.endswith("ed") and len(low) > 4) or low in lex.PARTICIPLES
    return _look_end(words, k + 1) if looks else i
