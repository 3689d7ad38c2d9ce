"""The base prompt: the user's own words less what they exclude."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.keywords import ADDING, KEYWORDS, lower_keywords
from lib_rpg.planner.language.prompt_tokens import STOP, Token, render, skip_tags


def base_prompt(prompt: str, kept: Sequence[Token], excluded: Sequence[str], notes: list[str]) -> str:
    """The base prompt of a prompt: as it was typed, where nothing had to be taken out of it.

    kept: the words that stay, which are to be written again where something was excluded.
    """
    words = [token for token in kept if token.text not in KEYWORDS]
    keywords = len(words) < len(kept)
    if keywords:
        notes.append("keywords such as BREAK are left out: they separate regions")
    base = render(words) if excluded or keywords else prompt.strip()
    # "ADDBASE:" or "(ADDCOL)" is no word of its own, and yet would be read as a keyword.
    return lower_keywords(base, ADDING) or "background"


def words_to_read(kept: Sequence[Token]) -> list[Token]:
    """The words without extra networks; a keyword such as BREAK ends a sentence."""
    return [Token(".", ".", STOP) if token.text in KEYWORDS else token for token in skip_tags(kept)]
