"""What a chat model is asked and what it answers: the one interface that every provider speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from lib_rpg.errors import RpgError

OUTPUT_MODES = ("json_schema", "json_object", "text")
"""How an answer's form is asked for, the strictest first."""


class CancelledPlanError(RpgError):
    """The user stopped the planning."""


@dataclass(frozen=True)
class Message:
    """One turn: ``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    text: str


@dataclass(frozen=True)
class ChatRequest:
    """A chat, the JSON schema that the answer should keep to, and a picture.

    ``picture`` is the bytes of a PNG, JPEG or WebP file; it goes with the user turn ``messages[picture_turn]``, or with
    the first one.
    """

    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None = None
    picture: bytes | None = field(default=None, repr=False)
    picture_turn: int | None = None


@dataclass(frozen=True)
class ChatAnswer:
    """What came back.

    ``output_mode`` is the one of `OUTPUT_MODES` that the answer was asked for in; ``cut`` says that a token limit ended
    it; tokens are None where the provider does not count; ``requests`` counts retries and fallbacks too.
    """

    text: str
    model: str = ""
    output_mode: str = "text"
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    requests: int = 1
    cut: bool = False


@dataclass(frozen=True)
class Hooks:
    """Callbacks of a long call: progress, and how the caller stops it.

    ``on_text`` gets the answer's text so far (whole, not the newest piece), as it grows; ``on_status`` gets a short
    sentence about what the call waits for; ``cancelled`` is called often, and True ends the call with
    `CancelledPlanError` within a second.
    """

    on_text: Callable[[str], None] = lambda _: None
    on_status: Callable[[str], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False

    def check(self) -> None:
        """Raise CancelledPlanError if the caller wants to stop."""
        if self.cancelled():
            raise CancelledPlanError("planning was cancelled; the plan is as it was before")


class Chat(Protocol):
    """A chat model. ``name`` and ``model`` say which one, for `Source` and messages."""

    name: str
    model: str

    def ask(self, request: ChatRequest, hooks: Hooks) -> ChatAnswer:
        """Answer a chat. Raises RpgError in one sentence: what is wrong, where, what to do. Never shows a key."""

    def check_plan(self, plan: str) -> None:
        """Raises RpgError if the JSON of a plan made of the answers holds a secret that went with the questions."""

    def close(self) -> None:
        """Give back connections and memory; may be called twice."""
