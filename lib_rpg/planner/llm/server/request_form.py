"""How a chat is put to a server: the request's body, and the next humbler form when the server refuses one."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.planner.llm.chat import ChatRequest, Message
from lib_rpg.planner.llm.server.presets import Traits

MAX_PICTURE = 20_000_000
_REFUSING = (400, 404, 405, 406, 415, 422)
_ABOUT_FORMAT = re.compile(r"response.?format|json.?schema|json.?object|json.?mode|structured|grammar|schema")
_ABOUT_STREAM = re.compile(r"\bstream(ing|ed)?\b")


@dataclass(frozen=True)
class Form:
    """What is asked for beside the words: one of `RUNGS`, streaming, token counts at a stream's end, and settings."""

    rung: str
    stream: bool
    usage: bool
    temperature: float | None
    max_tokens_name: str
    reasoning_effort: str
    text_limits: bool = False


def first_form(traits: Traits, rungs: Sequence[str], remembered: str | None) -> Form:
    """The best form that a model takes, from the rung that worked last time on."""
    rung = remembered if remembered in rungs else rungs[0]
    temperature, name, effort = traits.temperature, traits.max_tokens_name, traits.reasoning_effort
    return Form(rung or rungs[0], traits.stream, traits.stream, temperature, name, effort, traits.text_limits)


def humbler_form(form: Form, rungs: Sequence[str], status: int, words: str) -> Form | None:
    """The form to try after a refusal with these words; None if the form is not what the server minds."""
    if status not in _REFUSING:
        return None
    words = words.lower()
    if form.usage and "stream_options" in words:
        return dataclasses.replace(form, usage=False)
    below = rungs[rungs.index(form.rung) + 1 :]
    if below and _ABOUT_FORMAT.search(words):
        return dataclasses.replace(form, rung=below[0])
    if form.stream and _ABOUT_STREAM.search(words):
        return dataclasses.replace(form, stream=False, usage=False)
    if form.max_tokens_name == "max_tokens" and "max_completion_tokens" in words:
        return dataclasses.replace(form, max_tokens_name="max_completion_tokens")
    if form.max_tokens_name == "max_completion_tokens" and "max_completion_tokens" in words:
        return dataclasses.replace(form, max_tokens_name="max_tokens")
    if form.temperature is not None and "temperature" in words:
        return dataclasses.replace(form, temperature=None)
    if form.reasoning_effort and "reasoning" in words:
        return dataclasses.replace(form, reasoning_effort="")
    if below and status in (400, 422):
        # Some servers refuse a format without a word about it.
        return dataclasses.replace(form, rung=below[0])
    return None


def request_body(request: ChatRequest, form: Form, model: str, max_tokens: int) -> dict[str, Any]:
    """The JSON body of a chat completion."""
    body: dict[str, Any] = {
        "model": model,
        "messages": _with_picture(told_messages(request, form.rung), request.picture, request.picture_turn),
        form.max_tokens_name: max_tokens,
    }
    if form.rung == "json_schema" and request.schema is not None:
        schema = request.schema if form.text_limits else without_text_limits(request.schema)
        named = {"name": "plan", "strict": _is_strict(schema), "schema": schema}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    elif form.rung == "json_object":
        body["response_format"] = {"type": "json_object"}
    if form.stream:
        body["stream"] = True
    if form.usage:
        body["stream_options"] = {"include_usage": True}
    if form.temperature is not None:
        body["temperature"] = form.temperature
    if form.reasoning_effort:
        body["reasoning_effort"] = form.reasoning_effort
    return body


def told_messages(request: ChatRequest, rung: str) -> tuple[Message, ...]:
    """The messages; below ``json_schema``, the last user turn tells the schema in words, as nothing else does."""
    if request.schema is None or rung == "json_schema":
        return request.messages
    schema = json.dumps(without_text_limits(request.schema), ensure_ascii=False, separators=(",", ":"))
    told = f"\n\nAnswer with one JSON object and nothing else. It keeps to this JSON schema: {schema}"
    users = [index for index, message in enumerate(request.messages) if message.role == "user"]
    if not users:
        return (*request.messages, Message("user", told.strip()))
    last = users[-1]
    message = dataclasses.replace(request.messages[last], text=request.messages[last].text + told)
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
        raise RpgError("the picture has no user message to go with; add one")
    shown["content"] = [
        {"type": "text", "text": shown["content"]},
        {"type": "image_url", "image_url": {"url": address}},
    ]
    return turns


def picture_type(picture: bytes) -> str:
    """The media type of a PNG, JPEG or WebP file. Raises RpgError if it is none of them or too large."""
    if len(picture) > MAX_PICTURE:
        raise RpgError(f"the picture has {len(picture)} bytes; give one of at most {MAX_PICTURE}")
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if picture.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return "image/webp"
    raise RpgError("the picture is no PNG, JPEG or WebP file; save it as one of them")


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
