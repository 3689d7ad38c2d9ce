"""The field in Settings that a server's key is typed into: the WebUI itself never gets to see the key.

The WebUI sends every field of Settings with each Apply, prints values when something goes wrong, and shows its options
to the page and the API. So the field hands the WebUI a ticket in place of the key, and the key waits here until the
other options of the same Apply are in force: only then is it known which server the key is for.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

import gradio as gr


@dataclass(frozen=True)
class TypedKey:
    """A key as typed; ``again`` where the same one was taken before and the field has not been empty since."""

    text: str
    again: bool = False


class KeyIntake:
    """The one key that was typed and is not stored yet, by its ticket."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._last = b""
        self._waiting: tuple[str, TypedKey] | None = None

    def receive(self, typed: str | None) -> str:
        """Take what the field holds, and give the ticket for it: empty for an empty field."""
        text = (typed or "").strip()
        mark = hashlib.sha256(self._salt + text.encode("utf-8", "surrogatepass")).digest() if text else b""
        ticket = f"ticket {secrets.token_hex(8)}" if text else ""
        self._waiting = (ticket, TypedKey(text, again=mark == self._last)) if text else None
        self._last = mark
        return ticket

    def take(self, ticket: str) -> TypedKey | None:
        """What was typed, once; None for any other text than its ticket."""
        waiting, self._waiting = self._waiting, None
        return waiting[1] if waiting and waiting[0] == ticket else None

    def forget(self) -> None:
        """Read the same key as a new one: it was not stored."""
        self._last = b""


def key_field(intake: KeyIntake) -> type[gr.Textbox]:
    """A text field that gives the WebUI tickets of the intake, and never shows anything.

    A class of its own, since gradio 4 builds a component again by its class and what it has on the page. The
    constructor is gradio's: gradio 4 sends the page what its signature names.
    """

    class KeyField(gr.Textbox):
        is_template = True  # for the page it is a Textbox
        webui_do_not_create_gradio_pyi_thank_you = True  # else Forge has a .pyi file written here

        def preprocess(self, x: str | None) -> str:
            """What the WebUI gets of a typed text: its ticket."""
            return intake.receive(x)

        def postprocess(self, y: str | None) -> str:
            """What the page gets of the option's value: nothing."""
            return ""

    return KeyField
