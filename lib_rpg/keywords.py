"""The keywords that separate a regional prompt, and the marks of the WebUI's prompt language that plans look for.

They count only as whole upper-case words, like the WebUI's own BREAK: ``BREAKFAST``, ``Break`` and ``BREAK2`` are words
of a prompt.
"""

from __future__ import annotations

import re
from functools import cache

BREAK, ADDBASE, ADDCOMM, ADDROW, ADDCOL = "BREAK", "ADDBASE", "ADDCOMM", "ADDROW", "ADDCOL"
AND = "AND"
"""Composes prompts in the WebUI; no keyword of the text form."""

KEYWORDS = (BREAK, ADDBASE, ADDCOMM, ADDROW, ADDCOL)
SEPARATORS = (BREAK, ADDROW, ADDCOL)
"""What comes between two regions."""
ADDING = (ADDBASE, ADDCOMM, ADDROW, ADDCOL)
"""What a base prompt cannot contain; there BREAK is the WebUI's own chunk break."""

NETWORK_TAG = re.compile(r"<\w+:[^>]+>")
"""The WebUI's form of ``<lora:name:weight>`` and its like."""
LORA_KINDS = ("lora", "lyco")
"""The kinds of extra networks that can be a region's own."""

_COMMENT = re.compile(r"^[ \t]*#.*\n?|#.*", re.MULTILINE)


@cache
def keyword_pattern(*words: str) -> re.Pattern[str]:
    """Finds these words; group 1 is the word."""
    return re.compile(rf"\b({'|'.join(words)})\b")


def find_keyword(text: str, words: tuple[str, ...] = KEYWORDS) -> str:
    """The first of these words in the text, or an empty text."""
    match = keyword_pattern(*words).search(text)
    return match[1] if match else ""


def split_at_keywords(text: str, words: tuple[str, ...] = SEPARATORS) -> tuple[list[str], list[str]]:
    """The parts of the text, without white space around them, and the words between them, one less."""
    pieces = keyword_pattern(*words).split(text)
    return [part.strip() for part in pieces[::2]], pieces[1::2]


def lower_keywords(text: str, words: tuple[str, ...] = KEYWORDS) -> str:
    """The text with these words in lower case, where they are words of a prompt."""
    return keyword_pattern(*words).sub(lambda match: match[1].lower(), text)


def is_lora(tag: str) -> bool:
    """Whether an extra-network tag is a LoRA's, which can be a region's own; others act on the whole picture."""
    return NETWORK_TAG.fullmatch(tag) is not None and tag[1:].partition(":")[0] in LORA_KINDS


def without_comments(text: str) -> str:
    """The text without its comments, which go from a ``#`` to the end of the line; their lines go with them.

    As in the WebUI, every ``#`` starts one: also inside a quotation, in "#1" and in the colour "#ff8800".
    """
    return _COMMENT.sub("", text)
