"""The whole way to a real model: SmolLM2 behind llama.cpp's server."""

from __future__ import annotations

import json
import time
from typing import Any

import jsonschema
import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm.chat import OUTPUT_MODES, CancelledPlanError, ChatRequest, Hooks, Message
from lib_rpg.planner.llm.chats import OutputModeMemory, open_chat
from lib_rpg.planner.llm.server.chat import ServerChat
from tests.conftest import LlamaServer

COLOURS = {
    "type": "object",
    "properties": {
        "colour": {"type": "string", "enum": ["red", "green", "blue"]},
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
    },
    "required": ["colour", "count"],
    "additionalProperties": False,
}
WORDS = (
    Message("system", "You answer in a few words."),
    Message("user", "How many apples are there, in which colour?"),
)


def config(server: LlamaServer, **more: Any) -> PlannerConfig:
    settings = {"provider": "llamacpp", "base_url": server.base_url, "model": server.model, "cache": None, **more}
    return PlannerConfig(**settings)


def test_a_schema_is_kept_to_and_the_answer_streams(llama_server: LlamaServer) -> None:
    texts: list[str] = []
    chat = open_chat(config(llama_server, max_tokens=60), "openai")
    answer = chat.ask(ChatRequest(WORDS, COLOURS), Hooks(on_text=texts.append))
    jsonschema.validate(json.loads(answer.text), COLOURS)
    assert (answer.output_mode, answer.requests, answer.cut) == ("json_schema", 1, False)
    assert answer.model == llama_server.model
    assert answer.prompt_tokens and answer.completion_tokens and answer.completion_tokens <= 60
    assert texts[-1].strip() == answer.text.strip()


@pytest.mark.parametrize("mode", OUTPUT_MODES[1:])
def test_every_lower_output_mode_answers(llama_server: LlamaServer, mode: str) -> None:
    settings = config(llama_server, max_tokens=40)
    memory = OutputModeMemory()
    memory.put(settings.base_url, settings.model, mode)
    answer = open_chat(settings, "openai", memory).ask(ChatRequest(WORDS, COLOURS), Hooks())
    assert (answer.output_mode, answer.requests) == (mode, 1)
    assert answer.text.strip()
    if mode == "json_object" and not answer.cut:
        assert isinstance(json.loads(answer.text), dict)


def test_a_schema_that_the_server_cannot_follow_goes_down_the_ladder(llama_server: LlamaServer) -> None:
    impossible = {"type": "object", "properties": {"a": {"$ref": "#/$defs/nowhere"}}, "required": ["a"]}
    answer = open_chat(config(llama_server, max_tokens=20), "openai").ask(ChatRequest(WORDS, impossible), Hooks())
    assert answer.output_mode == "json_object" and answer.requests == 2


def test_a_token_limit_cuts(llama_server: LlamaServer) -> None:
    request = ChatRequest((Message("user", "Write a long story about a mouse."),))
    answer = open_chat(config(llama_server, max_tokens=8), "openai").ask(request, Hooks())
    assert answer.cut and answer.completion_tokens == 8 and answer.output_mode == "text"


def test_cancelling_in_the_middle_of_an_answer(llama_server: LlamaServer) -> None:
    texts: list[str] = []
    since: list[float] = []

    def cancelled() -> bool:
        if texts:
            since.append(time.monotonic())
        return bool(since)

    # A form that no short answer fits.
    many = {"type": "array", "items": {"type": "integer"}, "minItems": 100}
    schema = {"type": "object", "properties": {"n": many}, "required": ["n"], "additionalProperties": False}
    request = ChatRequest((Message("user", "Count from one to five hundred."),), schema)
    chat = open_chat(config(llama_server, max_tokens=2000), "openai")
    with pytest.raises(CancelledPlanError):
        chat.ask(request, Hooks(on_text=texts.append, cancelled=cancelled))
    assert time.monotonic() - since[0] < 5
    # The only slot is free again: the server saw that nobody listens any more.
    short = ChatRequest((Message("user", "Say hello."),))
    assert open_chat(config(llama_server, max_tokens=4, timeout=200), "openai").ask(short, Hooks()).text


def test_a_chat_that_is_too_long(llama_server: LlamaServer) -> None:
    request = ChatRequest((Message("user", "mouse " * 6000),))
    with pytest.raises(RpgError, match="too long for 'smollm2-135m' at http"):
        open_chat(config(llama_server), "openai").ask(request, Hooks())


def test_a_model_that_sees_nothing_refuses_the_picture(llama_server: LlamaServer) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(50)
    chat = open_chat(config(llama_server), "openai")
    assert isinstance(chat, ServerChat)
    with pytest.raises(RpgError, match="does not accept the picture"):
        chat.ask(ChatRequest(WORDS, None, picture), Hooks())


def test_the_wrong_path_is_reported(llama_server: LlamaServer) -> None:
    settings = config(llama_server, base_url=llama_server.base_url + "/elsewhere")
    with pytest.raises(RpgError, match=r"/v1/elsewhere .*\(HTTP 404\)"):
        open_chat(settings, "openai").ask(ChatRequest(WORDS), Hooks())
