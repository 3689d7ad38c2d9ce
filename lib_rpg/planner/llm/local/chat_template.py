"""From messages to the one text that a model in this process continues: by its chat template, or as labelled lines."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.files import FileError, read_file
from lib_rpg.planner.llm.chat import Message

_MAX_FILE = 20_000_000
_GENERATION_TAG = re.compile(r"\{%-?\s{0,9}(?:end)?generation\s{0,9}-?%\}")


def prompt_text(tokenizer: Any, messages: Sequence[Message], folder: Path) -> tuple[str, bool]:
    """The text up to where the answer begins, and whether it has the special tokens of its beginning in it.

    The template is the tokenizer's own where the release of ``transformers`` has templates, else the one in
    ``folder``; without any, the roles are written out.
    """
    template = getattr(tokenizer, "chat_template", None) or _template_in(folder)
    if isinstance(template, list):
        template = {str(part.get("name")): part.get("template") for part in template if isinstance(part, dict)}
    if isinstance(template, dict):
        template = template.get("default") or next(iter(template.values()), None)
    if isinstance(template, str):
        # Some templates know no system role, and say so by an error.
        for turns in (_as_dicts(messages), _as_dicts(_system_in_user(messages))):
            text = _render(tokenizer, template, turns)
            if text is not None:
                return text, True
    lines = [f"{message.role.capitalize()}: {message.text}" for message in messages]
    return "\n\n".join([*lines, "Assistant:"]), False


def _render(tokenizer: Any, template: str, turns: list[dict[str, str]]) -> str | None:
    """The template filled in; None if it cannot be, or takes too long or too much room."""
    try:
        from lib_rpg.planner.llm.local.template_sandbox import render_template
    except ImportError:
        return None
    tokens = {name: str(value) for name, value in tokenizer.special_tokens_map.items() if isinstance(value, str)}
    try:
        # The tags only mark the model's own words for training.
        values = {**tokens, "messages": turns, "add_generation_prompt": True}
        return render_template(_GENERATION_TAG.sub("", template), values)
    except Exception:
        # The fallback for any error of a template: the roles are written out.
        return None


def _template_in(folder: Path) -> Any:
    """What the files of a model folder have as a template, or None."""
    try:
        with contextlib.suppress(FileError):
            return read_file(folder / "chat_template.jinja", _MAX_FILE, "the chat template").decode()
        document = json.loads(read_file(folder / "tokenizer_config.json", _MAX_FILE, "its settings").decode())
    except (RpgError, ValueError, RecursionError):
        return None
    return document.get("chat_template") if isinstance(document, dict) else None


def _as_dicts(messages: Sequence[Message]) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.text} for message in messages]


def _system_in_user(messages: Sequence[Message]) -> list[Message]:
    """The messages with the system's words before those of the first user turn."""
    system = "\n\n".join(message.text for message in messages if message.role == "system")
    rest = [message for message in messages if message.role != "system"]
    if system and rest and rest[0].role == "user":
        rest[0] = Message("user", f"{system}\n\n{rest[0].text}")
    return rest
