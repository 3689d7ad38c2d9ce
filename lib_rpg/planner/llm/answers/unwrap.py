"""Strips what surrounds an answer: thinking, marks of chat formats, code fences, bold marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lib_rpg.planner.llm.thinking import cut_thinking

_MARKS = re.compile(
    r"<\|[\w ]{1,40}\|>|</?s>|<(?:eos|bos|end_of_turn)>|</?(?:answer|output|final|response|plan|json)>|\[/?INST\]",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^[ \t>]*(?:```|~~~)[^\n{\[]*$", re.MULTILINE)
_OUTPUT = re.compile(r"^[ \t#*]*(?:output|final answer|answer)[ \t*]*:", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Stripped:
    """An answer without its thinking; ``tail`` is the text after a thinking tag that was never closed."""

    text: str
    tail: str = ""


def strip_thinking(answer: str) -> Stripped:
    """Take thinking and chat marks out of an answer; line ends become ``\\n``. Linear in its length."""
    text = answer.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").replace("\u00a0", " ")
    text, tail = cut_thinking(text)
    return Stripped(_FENCE.sub(_spaces, _MARKS.sub(_spaces, text)), _FENCE.sub(_spaces, tail))


def marked_answer(tail: str) -> str:
    """The text after the last line ``Output:`` or ``Answer:`` in an unclosed thinking block; empty for none."""
    marks = list(_OUTPUT.finditer(tail))
    return tail[marks[-1].end() :] if marks else ""


def without_marks(text: str) -> str:
    """The text without bold marks and back quotes; every position stays."""
    return text.replace("**", "  ").replace("`", " ")


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])
