"""Chat models by the name of their planner: servers (``openai``) and models in this process (``local``)."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from lib_rpg.checks import check_positive, check_whole
from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm.chat import Chat
from lib_rpg.planner.llm.local.chat import LocalChat
from lib_rpg.planner.llm.server.address import check_base_url, origin
from lib_rpg.planner.llm.server.chat import ServerChat
from lib_rpg.planner.llm.server.endpoint import base_url_of, environment_key
from lib_rpg.planner.llm.server.key_file import KeyFile
from lib_rpg.planner.llm.server.output_modes import OutputModeMemory
from lib_rpg.planner.llm.server.presets import Preset, find_preset, load_presets

__all__ = ["CHAT_PLANNERS", "OutputModeMemory", "open_chat", "preset_names", "server_of", "with_stored_key"]

CHAT_PLANNERS = ("openai", "local")
_MOST_SECONDS = 86_400
_MOST_TOKENS = 1_000_000


def open_chat(config: PlannerConfig, planner: str, memory: OutputModeMemory | None = None) -> Chat:
    """A chat with the model that the settings name; ``planner`` is one of `CHAT_PLANNERS`.

    ``memory`` holds the output modes that worked; without one, it is a file in the cache folder, if there is one.
    Nothing is loaded and no connection is made before the first question. Raises RpgError if the settings are not
    enough.
    """
    check_positive(config.timeout, "timeout", _MOST_SECONDS)
    check_positive(config.connect_timeout, "connection timeout", _MOST_SECONDS)
    check_whole(config.max_tokens, "max_tokens", 1, _MOST_TOKENS)
    if planner == "local":
        return LocalChat(config)
    if planner != "openai":
        raise RpgError(f"planner: {planner!r} has no chat model; use one of {', '.join(CHAT_PLANNERS)}")
    preset = find_preset(config.provider, load_presets(config.providers))
    return ServerChat(with_stored_key(config, preset), preset, memory or OutputModeMemory(_memory_file(config)))


def with_stored_key(config: PlannerConfig, preset: Preset) -> PlannerConfig:
    """``config`` with the key that is stored for its server, unless a key is given or the environment has one for it.

    Raises RpgError for a malformed address.
    """
    found = environment_key(config, preset)
    if config.key or (found.key and not found.withheld):
        return config
    return dataclasses.replace(config, key=KeyFile().get(preset.name, server_of(config)))


def _memory_file(config: PlannerConfig) -> Path | None:
    # No suffix: the cleanup of the cached answers, which are *.json, leaves it alone.
    return config.cache / "server-output-modes" if config.cache else None


def server_of(config: PlannerConfig) -> str:
    """Scheme, host and port that the settings lead to, which is what a stored key is for.

    Raises RpgError for an unknown provider or a malformed address.
    """
    preset = find_preset(config.provider, load_presets(config.providers))
    if not (base_url := base_url_of(config, preset)):
        return ""
    scheme, host, port = origin(check_base_url(base_url, f"the base URL of {preset.title}"))
    return f"{scheme}://{host}:{port}"


def preset_names(config: PlannerConfig) -> list[str]:
    """The names of all presets; those of the user's own file only where it can be read."""
    try:
        return list(load_presets(config.providers))
    except RpgError:
        return list(load_presets())
