"""What stands around an answer: thinking, marks of chat formats, code fences, bold marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

_KINDS = "think|thinking|thought|thoughts|reasoning"
_TAG = re.compile(r"\[(/?THINK)\]|\u25c1(/?think)\u25b7")
_THINKING = re.compile(rf"<({_KINDS})>.*?(</\1>|\Z)", re.DOTALL | re.IGNORECASE)
# Some servers swallow the opening tag.
_THINKING_END = re.compile(rf"\A.*</(?:{_KINDS})>", re.DOTALL | re.IGNORECASE)
# In the harmony format every message names its channel, and the answer is the one of the last channel "final".
_FINAL_CHANNEL = re.compile(r"\A.*<\|channel\|>\s{0,9}final\s{0,9}(?:<\|message\|>)?", re.DOTALL)
_MARKS = re.compile(
    r"<\|[\w ]{1,40}\|>|</?s>|<(?:eos|bos|end_of_turn)>|</?(?:answer|output|final|response|plan|json)>|\[/?INST\]",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^[ \t>]*(?:```|~~~)[^\n{\[]*$", re.MULTILINE)
_OUTPUT = re.compile(r"^[ \t#*]*(?:output|final answer|answer)[ \t*]*:", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Stripped:
    """An answer without its thinking; ``tail`` is what stood behind a thinking tag that was never closed."""

    text: str
    tail: str = ""


def strip_thinking(answer: str) -> Stripped:
    """Take thinking and chat marks out of an answer; line ends become ``\\n``. Linear in its length."""
    text = answer.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").replace("\u00a0", " ")
    text = _TAG.sub(lambda match: f"<{match[1] or match[2]}>", text)
    tail = ""

    def without(match: re.Match[str]) -> str:
        nonlocal tail
        if not match[2]:
            tail = match[0]
        return "\n"

    text = _FINAL_CHANNEL.sub("", text)
    text = _THINKING_END.sub("", _THINKING.sub(without, text))
    return Stripped(_FENCE.sub(_spaces, _MARKS.sub(_spaces, text)), _FENCE.sub(_spaces, tail))


def marked_answer(tail: str) -> str:
    """What stands behind the last line ``Output:`` or ``Answer:`` in an unclosed thinking block; empty for none."""
    marks = list(_OUTPUT.finditer(tail))
    return tail[marks[-1].end() :] if marks else ""


def plain(text: str) -> str:
    """The text without bold marks and back quotes; every position stays."""
    return text.replace("**", "  ").replace("`", " ")


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])
