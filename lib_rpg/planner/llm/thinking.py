"""A model's thinking, and how it is cut out of its text: as the text grows, and out of a whole answer.

A growing text is cut only where thinking leads it: a plan's words may hold any tag, and what is shown must not jump. A
whole answer is cut everywhere, in all the ways that models mark their thinking.
"""

from __future__ import annotations

import re

_OPENING = "<think>"
_CLOSING = "</think>"
_LEADING = re.compile(rf"\A\s*(?:{_OPENING}.*?(?:{_CLOSING}\s*|\Z))+", re.DOTALL | re.IGNORECASE)

_KINDS = "think|thinking|thought|thoughts|reasoning"
_OTHER_BRACKETS = re.compile(r"\[(/?THINK)\]|\u25c1(/?think)\u25b7")
_ANYWHERE = re.compile(rf"<({_KINDS})>.*?(</\1>|\Z)", re.DOTALL | re.IGNORECASE)
# Some servers swallow the opening tag.
_UNOPENED = re.compile(rf"\A.*</(?:{_KINDS})>", re.DOTALL | re.IGNORECASE)
# In the harmony format every message names its channel, and the answer is the one of the last channel "final".
_FINAL_CHANNEL = re.compile(r"\A.*<\|channel\|>\s{0,9}final\s{0,9}(?:<\|message\|>)?", re.DOTALL)


def without_leading_thinking(text: str) -> str:
    """The text so far after the thinking that leads it in ``<think>`` tags; the opening one may be missing."""
    if _OPENING.startswith(text.strip().lower()):
        return ""
    text = _LEADING.sub("", text)
    before, tag, after = text.partition(_CLOSING)
    return after.lstrip() if tag and not before.lstrip().startswith(("{", "`")) else text


def cut_thinking(text: str) -> tuple[str, str]:
    """A whole answer without its thinking, and the text after a tag that was never closed. Linear in its length."""
    text = _OTHER_BRACKETS.sub(lambda match: f"<{match[1] or match[2]}>", text)
    tail = ""

    def keep_tail(match: re.Match[str]) -> str:
        nonlocal tail
        if not match[2]:
            tail = match[0]
        return "\n"

    text = _FINAL_CHANNEL.sub("", text)
    return _UNOPENED.sub("", _ANYWHERE.sub(keep_tail, text)), tail
