"""Reading an answer: from the JSON documents of a server, whole or in a stream's pieces, to its text."""

from __future__ import annotations

import re
from typing import Any

from lib_rpg.errors import RpgError

MAX_TEXT = 2_000_000
"""Characters; no plan needs so many, and a server that sends more is not to fill the memory."""

_OPENING = "<think>"
_CLOSING = "</think>"
_THINKING = re.compile(rf"\A\s*(?:{_OPENING}.*?(?:{_CLOSING}\s*|\Z))+", re.DOTALL | re.IGNORECASE)


def without_thinking(text: str) -> str:
    """The text after the model's thinking, which leads it in ``<think>`` tags; the opening one may be missing."""
    if _OPENING.startswith(text.strip().lower()):
        return ""
    text = _THINKING.sub("", text)
    before, tag, after = text.partition(_CLOSING)
    return after.lstrip() if tag and not before.lstrip().startswith(("{", "`")) else text


class Answer:
    """An answer as it arrives. ``pieces`` are the parts of its text; one thread adds, others may read."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.refusal = ""
        self.finish = ""
        self.model = ""
        self.prompt_tokens: int | None = None
        self.completion_tokens: int | None = None
        self._length = 0
        self._reasoning = False

    @property
    def text(self) -> str:
        """The text so far, without thinking."""
        return without_thinking("".join(self.pieces))

    @property
    def is_thinking(self) -> bool:
        """Whether the newest piece is thinking, and no text has come yet."""
        return self._reasoning or (bool(self.pieces) and not self.text)

    def add(self, document: object) -> None:
        """Take in a completion, or a chunk of one. Raises RpgError if it has too much text; what is not of the usual
        form is passed over."""
        if not isinstance(document, dict):
            return
        self.model = _text(document.get("model"))[:200] or self.model
        self._count(document.get("usage"))
        choices = document.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return
        self.finish = _text(choice.get("finish_reason")) or self.finish
        message = choice.get("delta") or choice.get("message")
        if not isinstance(message, dict):
            return
        thought = _text(message.get("reasoning_content")) or _text(message.get("reasoning"))
        text = _content(message.get("content"))
        refusal = _text(message.get("refusal"))
        self._length += len(thought) + len(text) + len(refusal)
        if self._length > MAX_TEXT:
            raise RpgError(f"the answer has more than {MAX_TEXT} characters; lower the answer's token limit")
        self.refusal += refusal
        if text:
            self.pieces.append(text)
        self._reasoning = bool(thought) and not text

    def _count(self, usage: object) -> None:
        if isinstance(usage, dict):
            self.prompt_tokens = _number(usage.get("prompt_tokens"), self.prompt_tokens)
            self.completion_tokens = _number(usage.get("completion_tokens"), self.completion_tokens)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _content(value: Any) -> str:
    """The text of a message's content: a string, or a list of parts."""
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in value if isinstance(part, dict))
    return _text(value)


def _number(value: object, otherwise: int | None) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else otherwise
