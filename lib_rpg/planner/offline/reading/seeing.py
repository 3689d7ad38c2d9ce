"""Reads "you can see" as "there is": "Beyond the tracks you can see fir trees"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language.prompt_tokens import WORD, Token
from lib_rpg.planner.language.word_set import word_set
from lib_rpg.planner.language.words import RELATIVES

_SEERS = word_set("you we one i")
_MODALS = word_set("can could may might just also even barely almost will would only")
_SEES = word_set("see spot glimpse notice observe discern find admire")


def see_as_there_is(tokens: Sequence[Token]) -> list[Token]:
    """The words with "there is" in the place of each "you can see", "one can make out"."""
    result: list[Token] = []
    i = 0
    while i < len(tokens):
        end = _end(tokens, i)
        if end:
            result += [tokens[i].with_text("there"), tokens[end - 1].with_text("is")]
        else:
            result.append(tokens[i])
        i = end or i + 1
    return result


def _end(tokens: Sequence[Token], i: int) -> int:
    """The end of "you can see" at i, or 0; "one sees" is no such phrase, as "one" can be one of several."""
    if tokens[i].low not in _SEERS or tokens[i].kind != WORD or (i and tokens[i - 1].low in RELATIVES):
        return 0  # "a window through which one can see a harbor"
    k = i + 1
    while k < len(tokens) and tokens[k].low in _MODALS:
        k += 1
    if k == i + 1 and tokens[i].low in ("one", "i"):
        return 0
    lows = [token.low for token in tokens[k : k + 2]]
    if lows == ["make", "out"]:
        return k + 2
    return k + 1 if lows[:1] and lows[0] in _SEES else 0
