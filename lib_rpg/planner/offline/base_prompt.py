"""The base prompt: the user's own words less what they exclude."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from lib_rpg.keywords import ADDING, AND, BREAK, KEYWORDS, lower_keywords
from lib_rpg.planner.language.prompt_tokens import COMMA_TOKEN, STOP, Token, render, skip_tags
from lib_rpg.planner.offline.exclusions import tidy

_WEIGHT = re.compile(r"[-+]?(\d+\.?|\d*\.\d+)")
_WEIGHT_TOKENS = 5  # that a weight has at most: ":", "-", "1", ".", "5"


def base_prompt(
    prompt: str,
    kept: Sequence[Token],
    excluded: Sequence[str],
    moved: Collection[int],
    notes: list[str],
    common: Sequence[Token] | None = None,
) -> str:
    """The base prompt of a prompt: as it was typed, where nothing had to be taken out of it.

    kept: the words that stay, which are to be written again where something was taken out. moved: the indexes of tags
    that are regions' own. common: those of the words that are for all by the prompt's structure, by default all.
    """
    common = kept if common is None else common
    words = [token for token in common if token.index not in moved]
    if any(token.text == AND for token in kept):
        left = {token.index for token in without_weights(kept)}
        words = [token for token in words if token.index in left or token.index < 0]
        notes.append("AND and its weights are left out: regions take the place of composed prompts")
    if any(token.text in KEYWORDS for token in kept):
        notes.append("keywords such as BREAK are left out: they separate regions")
    parted = len(common) < len(kept) or any(token.text in (*KEYWORDS, AND) for token in words)
    words = [COMMA_TOKEN if token.text in (*KEYWORDS, AND) else token for token in words]
    words = tidy(words) if moved or parted else words
    base = render(words) if excluded or parted or len(words) < len(kept) else prompt.strip()
    # "ADDBASE:" or "(ADDCOL)" is no word of its own, and yet would be read as a keyword.
    return lower_keywords(base, ADDING) or "background"


def words_to_read(kept: Sequence[Token]) -> list[Token]:
    """The words without extra networks and the weights of AND; a keyword ends a sentence, AND a part like BREAK."""
    words = without_weights(skip_tags(kept))
    return [
        Token(BREAK if token.text in (BREAK, AND) else ".", ".", STOP) if token.text in (*KEYWORDS, AND) else token
        for token in words
    ]


def without_weights(kept: Sequence[Token]) -> list[Token]:
    """The words without the weights of AND, of which there are none where there is no AND."""
    words: list[Token] = []
    part = 0  # where the words of the part behind the last AND start
    for token in kept:
        if token.text == AND:
            words[part:] = _without_weight(words[part:])
            part = len(words) + 1
        words.append(token)
    return words[:part] + _without_weight(words[part:]) if part else words


def _without_weight(part: list[Token]) -> list[Token]:
    """A part of a composition without its weight: "navy background :0.5" is "navy background"."""
    if part and part[-1].kind == STOP and "\n" in part[-1].text:
        return _without_weight(part[:-1])  # a comment was behind it
    for start in range(len(part) - 1, max(len(part) - 1 - _WEIGHT_TOKENS, -1), -1):
        if part[start].text == ":":
            weight = "".join(token.text for token in part[start + 1 :])
            return part[:start] if _WEIGHT.fullmatch(weight) else part
    return part
