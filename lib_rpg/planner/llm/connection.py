"""Tries the server that the settings name: whether it answers, with which model, in which output mode, how fast.

It sends one tiny chat, with the planners' own fallbacks, and asks for the list of models. Nothing that the server
sends is part of the report, other than through the planners' own sentences, which never show a key.
"""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm.chat import ChatAnswer, ChatRequest, Hooks, Message
from lib_rpg.planner.llm.chats import OutputModeMemory, server_of, with_stored_key
from lib_rpg.planner.llm.server.chat import ServerChat
from lib_rpg.planner.llm.server.endpoint import Endpoint, environment_key, find_endpoint
from lib_rpg.planner.llm.server.key_file import KeyFile
from lib_rpg.planner.llm.server.package import check_package
from lib_rpg.planner.llm.server.presets import find_preset, load_presets
from lib_rpg.planner.llm.server.transport import open_client
from lib_rpg.planner.llm.watched import Progress, run_watched

MOST_SECONDS = 20.0
"""For the chat. The list of models has `_LIST_SECONDS` more."""
_LIST_SECONDS = 5.0
_TOKENS = 1024  # a model that thinks needs some before it answers
_SCHEMA = {
    "type": "object",
    "properties": {"ok": {"type": "boolean"}},
    "required": ["ok"],
    "additionalProperties": False,
}
_OUTPUT = {
    "json_schema": "structured output by a JSON schema",
    "json_object": "JSON objects, but no JSON schema",
    "text": "text only, no structured output",
}
_QUESTION = ChatRequest((Message("user", 'Answer with this JSON object: {"ok": true}'),), _SCHEMA)


@dataclass(frozen=True)
class ConnectionReport:
    """What a server can do.

    problem: why there is no answer, in one sentence; empty where there is one. model: the one that would be used.
    listed: whether the server lists it, None where it gives no list. output_mode: the strictest that it took, of
    `lib_rpg.planner.llm.chat.OUTPUT_MODES`. pictures: whether the preset says that the model sees. seconds: of the
    chat, the fallbacks included.
    """

    problem: str = ""
    model: str = ""
    listed: bool | None = None
    output_mode: str = ""
    pictures: bool = False
    seconds: float = 0.0

    @property
    def reached(self) -> bool:
        """Whether the model answered."""
        return not self.problem

    def in_words(self) -> str:
        """The report in two sentences, or one."""
        if self.problem:
            return f"Not usable: {self.problem}."
        listed = {True: "the server lists it", False: "the server does not list it", None: "the server has no list"}
        sees = "it sees pictures" if self.pictures else "it sees no pictures"
        return (
            f"Connected: the model {self.model!r} ({listed[self.listed]}) answered in {self.seconds:.2g} seconds, with "
            f"{_OUTPUT[self.output_mode]}. By the server's preset, {sees}."
        )


def check_connection(config: PlannerConfig) -> ConnectionReport:
    """Try the server of ``config``, for at most about 25 seconds. Raises nothing but what a bug would."""
    try:
        preset = find_preset(config.provider, load_presets(config.providers))
        bounded = _bounded(with_stored_key(config, preset))
        # A memory of its own: what is tried is the strictest mode, not the one that worked last.
        chat = ServerChat(bounded, preset, OutputModeMemory())
        check_package()  # its first import takes seconds, which are not the server's
        start = time.monotonic()
        answer = chat.ask(_QUESTION, Hooks())
        seconds = time.monotonic() - start
        listed = _is_listed(find_endpoint(bounded, preset, chat.model), chat.model, bounded.connect_timeout)
    except RpgError as error:
        return ConnectionReport(str(error))
    pictures = preset.traits_of(chat.model).pictures
    return ConnectionReport("", chat.model, listed, answer.output_mode, pictures, seconds)


def key_state(config: PlannerConfig, environment: Mapping[str, str] = os.environ) -> str:
    """Whether there is a key for the server of ``config``, and where; never the key.

    Raises RpgError for an unknown provider or a malformed address.
    """
    preset = find_preset(config.provider, load_presets(config.providers))
    server = server_of(config) or "an address that is not set yet"
    found = environment_key(config, preset, environment)
    if config.key:
        return f"one is given for {preset.name} at {server}"
    if found.key and not found.withheld:
        return f"the environment variable {found.variable} is set, for {server}"
    if KeyFile().get(preset.name, server):
        return f"one is stored for {preset.name} at {server}"
    missing = f"none is stored for {preset.name} at {server}"
    if found.withheld:
        return f"{missing}; {found.withheld}"
    if not preset.needs_key:
        missing += ", which may need none"
    verb = "is" if len(preset.key_variables) == 1 else "are"
    return f"{missing}; {' and '.join(preset.key_variables)} {verb} not set" if preset.key_variables else missing


def _bounded(config: PlannerConfig) -> PlannerConfig:
    seconds = min(config.timeout, MOST_SECONDS)
    connect = min(config.connect_timeout, seconds)
    return dataclasses.replace(
        config, timeout=seconds, connect_timeout=connect, max_tokens=min(config.max_tokens, _TOKENS)
    )


def _is_listed(endpoint: Endpoint, model: str, connect_timeout: float) -> bool | None:
    """Whether the server's list has the model; None where there is no list, whatever the reason."""

    async def read(_: Progress) -> ChatAnswer:
        client = open_client(endpoint, connect_timeout, _LIST_SECONDS)
        try:
            names = _names(await client.get("/models", cast_to=object))
        finally:
            await client.close()
        return ChatAnswer(text="\n".join(names), model=model, output_mode="text")

    try:
        answer = run_watched(read, Hooks(), _LIST_SECONDS, lambda: "the list of models is late; try again")
    except Exception:  # the chat has answered, so a list that fails in any way is only not known
        return None
    return model in answer.text.split("\n") if answer.text else None


def _names(document: Any) -> list[str]:
    """Every name that a list gives its models: "models/gemini-3" is also "gemini-3", "llama3:latest" also "llama3"."""
    data = document.get("data") if isinstance(document, dict) else None
    ids = [entry.get("id") for entry in data if isinstance(entry, dict)] if isinstance(data, list) else []
    names = [name for name in ids if isinstance(name, str)]
    return [form for name in names for form in (name, name.removeprefix("models/"), name.removesuffix(":latest"))]
