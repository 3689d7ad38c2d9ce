"""Reading a reply: from the JSON documents of a server, whole or in a stream's pieces, to its text."""

from __future__ import annotations

from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.planner.llm.server.secret import SecretFilter
from lib_rpg.planner.llm.thinking import without_leading_thinking
from lib_rpg.printable import printable

MAX_TEXT = 2_000_000
"""Characters; no plan needs so many, and a server that sends more is not to fill the memory."""

_MAX_MODEL = 200
_MAX_TOKENS = 10**9


class Reply:
    """A model's reply as it arrives. ``pieces`` are the parts of its text; one thread adds, others may read.

    ``secret`` finds the key that went with the question; ``held`` characters at the end are not to be shown yet.
    """

    def __init__(self, secret: SecretFilter | None = None) -> None:
        self.pieces: list[str] = []
        self.refusal = ""
        self.finish = ""
        self.model = ""
        self.prompt_tokens: int | None = None
        self.completion_tokens: int | None = None
        self._length = 0
        self._reasoning = False
        self._secret = secret or SecretFilter("")
        self._watches = {part: self._secret.watch() for part in ("thought", "text", "refusal")}
        self.held = self._secret.held

    @property
    def text(self) -> str:
        """The text so far, without thinking and without hidden characters."""
        return printable(without_leading_thinking("".join(self.pieces)))

    @property
    def shown(self) -> str:
        """What of the text so far may be shown."""
        text = self.text
        return text[: len(text) - self.held]

    @property
    def is_thinking(self) -> bool:
        """Whether the newest piece is thinking, and no text has come yet."""
        return self._reasoning or (bool(self.pieces) and not self.text)

    def add(self, document: object) -> None:
        """Take in a completion, or a chunk of one. Raises RpgError if it has too much text, or holds the key; what is
        not of the usual form is passed over."""
        if not isinstance(document, dict):
            return
        self._name(_text(document.get("model")))
        self._count(document.get("usage"))
        choices = document.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return
        self.finish = _text(choice.get("finish_reason")) or self.finish
        message = choice.get("delta") or choice.get("message")
        if isinstance(message, dict):
            self._add_message(message)

    def finish_up(self) -> None:
        """Mark the reply as whole. Raises RpgError if it holds the key."""
        self._secret.check(self.text)
        self.held = 0

    def _add_message(self, message: dict[str, Any]) -> None:
        thought = _text(message.get("reasoning_content")) or _text(message.get("reasoning"))
        text = _content(message.get("content"))
        refusal = _text(message.get("refusal"))
        self._length += len(thought) + len(text) + len(refusal)
        if self._length > MAX_TEXT:
            raise RpgError(f"the answer has more than {MAX_TEXT} characters; lower the answer's token limit")
        for part, added in (("thought", thought), ("text", text), ("refusal", refusal)):
            self._watches[part].add(added)
        self.refusal += refusal
        if text:
            self.pieces.append(text)
        self._reasoning = bool(thought) and not text

    def _name(self, model: str) -> None:
        if not model or model[:_MAX_MODEL] == self.model:
            return
        # Twice as much as is kept, so that no part at the end is missed.
        self._secret.check(model[: 2 * _MAX_MODEL])
        self.model = printable(model[:_MAX_MODEL], kept="").strip() or self.model

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
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_TOKENS
    return value if is_count else otherwise  # type: ignore[return-value]
