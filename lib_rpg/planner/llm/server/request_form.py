"""Builds the body of a chat request, and the next fallback when the server refuses its form.

A new trait of a server (a field of `lib_rpg.planner.llm.server.presets.Traits`) acts in `request_body`. If servers may
refuse it, it has a line in `_FALLBACKS` too.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.layout.png import SIGNATURE
from lib_rpg.planner.llm.chat import ChatRequest, Message
from lib_rpg.planner.llm.server.presets import Traits
from lib_rpg.planner.request import MAX_PICTURE

_REFUSING = (400, 404, 405, 406, 415, 422)
_ABOUT_FORMAT = re.compile(r"response.?format|json.?schema|json.?object|json.?mode|structured|grammar|schema")
_ABOUT_STREAM = re.compile(r"\bstream(ing|ed)?\b")
_OTHER_TOKENS_NAME = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


@dataclass(frozen=True)
class Form:
    """What is asked for, apart from the words.

    output_mode: one of `lib_rpg.planner.llm.chat.OUTPUT_MODES`. usage: token counts at a stream's end. traits: what is
    still believed of the model; a fallback takes back what the server refused.
    """

    output_mode: str
    usage: bool
    traits: Traits


def first_form(traits: Traits, remembered: str | None) -> Form:
    """The best form that a model takes, in the output mode that worked last time (None if none is known)."""
    mode = remembered if remembered and remembered in traits.rungs else traits.rungs[0]
    return Form(mode, traits.stream, traits)


def next_fallback(form: Form, status: int, words: str) -> Form | None:
    """The form to try after a refusal with this HTTP status and these words; None if the form is not its cause."""
    if status not in _REFUSING:
        return None
    words = words.lower()
    for fallback in _FALLBACKS:
        if lower := fallback(form, words):
            return lower
    # Some servers refuse a format without a word about it.
    return _with_next_mode(form) if status in (400, 422) else None


def _with_next_mode(form: Form) -> Form | None:
    modes = form.traits.rungs
    below = modes[modes.index(form.output_mode) + 1 :]
    return dataclasses.replace(form, output_mode=below[0]) if below else None


def _changed(form: Form, **traits: Any) -> Form:
    return dataclasses.replace(form, traits=dataclasses.replace(form.traits, **traits))


def _without_usage(form: Form, words: str) -> Form | None:
    return dataclasses.replace(form, usage=False) if form.usage and "stream_options" in words else None


def _of_next_mode(form: Form, words: str) -> Form | None:
    return _with_next_mode(form) if _ABOUT_FORMAT.search(words) else None


def _without_stream(form: Form, words: str) -> Form | None:
    if not form.traits.stream or not _ABOUT_STREAM.search(words):
        return None
    return dataclasses.replace(_changed(form, stream=False), usage=False)


def _with_other_tokens_name(form: Form, words: str) -> Form | None:
    other = _OTHER_TOKENS_NAME.get(form.traits.max_tokens_name)
    return _changed(form, max_tokens_name=other) if other and "max_completion_tokens" in words else None


def _without_temperature(form: Form, words: str) -> Form | None:
    is_refused = form.traits.temperature is not None and "temperature" in words
    return _changed(form, temperature=None) if is_refused else None


def _without_reasoning_effort(form: Form, words: str) -> Form | None:
    return _changed(form, reasoning_effort="") if form.traits.reasoning_effort and "reasoning" in words else None


_FALLBACKS: tuple[Callable[[Form, str], Form | None], ...] = (
    _without_usage,
    _of_next_mode,
    _without_stream,
    _with_other_tokens_name,
    _without_temperature,
    _without_reasoning_effort,
)
"""Each gives the form without what the server's words, in lower case, refuse; None if they do not. The first counts."""


def request_body(request: ChatRequest, form: Form, model: str, max_tokens: int) -> dict[str, Any]:
    """The JSON body of a chat completion."""
    traits = form.traits
    messages = with_schema_in_words(request, form.output_mode)
    body: dict[str, Any] = {
        "model": model,
        "messages": _with_picture(messages, request.picture, request.picture_turn),
        traits.max_tokens_name: max_tokens,
    }
    if form.output_mode == "json_schema" and request.schema is not None:
        schema = request.schema if traits.text_limits else without_text_limits(request.schema)
        named = {"name": "plan", "strict": _is_strict(schema), "schema": schema}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    elif form.output_mode == "json_object":
        body["response_format"] = {"type": "json_object"}
    if traits.stream:
        body["stream"] = True
    if form.usage:
        body["stream_options"] = {"include_usage": True}
    if traits.temperature is not None:
        body["temperature"] = traits.temperature
    if traits.reasoning_effort:
        body["reasoning_effort"] = traits.reasoning_effort
    return body


def with_schema_in_words(request: ChatRequest, output_mode: str) -> tuple[Message, ...]:
    """The messages; unless the mode is ``json_schema``, the last user turn holds the schema, as nothing else does."""
    if request.schema is None or output_mode == "json_schema":
        return request.messages
    schema = json.dumps(without_text_limits(request.schema), ensure_ascii=False, separators=(",", ":"))
    words = f"\n\nAnswer with one JSON object and nothing else. It keeps to this JSON schema: {schema}"
    users = [index for index, message in enumerate(request.messages) if message.role == "user"]
    if not users:
        return (*request.messages, Message("user", words.strip()))
    last = users[-1]
    message = dataclasses.replace(request.messages[last], text=request.messages[last].text + words)
    return (*request.messages[:last], message, *request.messages[last + 1 :])


def without_text_limits(schema: Any) -> Any:
    """A schema without ``maxLength``, which hosted servers refuse in a strict one."""
    if isinstance(schema, Mapping):
        return {key: without_text_limits(part) for key, part in schema.items() if key != "maxLength"}
    return [without_text_limits(part) for part in schema] if isinstance(schema, list | tuple) else schema


def _with_picture(messages: Sequence[Message], picture: bytes | None, turn: int | None = None) -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = [{"role": message.role, "content": message.text} for message in messages]
    if picture is None:
        return turns
    address = f"data:{picture_type(picture)};base64,{base64.b64encode(picture).decode('ascii')}"
    shown = turns[turn] if turn is not None else next((one for one in turns if one["role"] == "user"), None)
    if shown is None:
        raise RpgError("the picture needs a user message; add one")
    shown["content"] = [
        {"type": "text", "text": shown["content"]},
        {"type": "image_url", "image_url": {"url": address}},
    ]
    return turns


def picture_type(picture: bytes) -> str:
    """The media type of a PNG, JPEG or WebP file. Raises RpgError if it is none of them or too large."""
    if len(picture) > MAX_PICTURE:
        raise RpgError(f"the picture has {len(picture)} bytes; give one of at most {MAX_PICTURE}")
    if picture.startswith(SIGNATURE):
        return "image/png"
    if picture.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return "image/webp"
    raise RpgError("the picture is not a PNG, JPEG or WebP file; save it as one of them")


def _is_strict(schema: object) -> bool:
    """Whether a schema keeps OpenAI's rules for a strict one: every object closed, and every key of it required."""
    if isinstance(schema, Mapping):
        if "properties" in schema:
            closed = schema.get("additionalProperties") is False
            if not closed or set(schema.get("required", ())) != set(schema["properties"]):
                return False
        elif schema.get("type") == "object":
            return False
        return all(_is_strict(part) for part in schema.values())
    return all(_is_strict(part) for part in schema) if isinstance(schema, list | tuple) else True
