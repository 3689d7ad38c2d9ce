"""Where requests go and which key goes with them: from the settings, the preset and the environment."""

from __future__ import annotations

import os
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field

from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.providers.address import check_base_url, shown_address
from lib_rpg.planner.providers.presets import Preset


@dataclass(frozen=True)
class Endpoint:
    """A server to send chats to.

    base_url: what ``/chat/completions`` follows. shown: the address for messages. key: empty for none; it goes to the
    origin of base_url and nowhere else. key_place: where the key is, or would be, set, in words.
    """

    title: str
    base_url: str
    shown: str
    key: str = field(default="", repr=False)
    key_header: str = "Authorization"
    key_place: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


def find_endpoint(
    config: PlannerConfig, preset: Preset, model: str, environment: Mapping[str, str] = os.environ
) -> Endpoint:
    """The endpoint of a preset's model. Raises RpgError if there is no address, a bad one, or no key where one is
    needed.

    The key is the settings' own, else that of the preset's variables. The latter goes to the preset's own address, or
    to one that the user gave for this preset: nobody else can set ``config.base_url``.
    """
    base_url = base_url_of(config, preset, environment)
    if not base_url:
        raise RpgError(f"{preset.title} has no address yet; set the server's base URL{_or(preset.base_url_variables)}")
    base_url = check_base_url(base_url, f"the base URL of {preset.title}")
    shown = shown_address(base_url)
    query: Mapping[str, str] = {}
    # An address with a path of its own is complete, such as Azure's newer …/openai/v1.
    if preset.path and urllib.parse.urlsplit(base_url).path in ("", "/"):
        base_url += preset.path.replace("{model}", urllib.parse.quote(model, safe=""))
        query = preset.query
    variable, key = _first(environment, preset.key_variables)
    key_place = f"the environment variable {variable}" if key else f"the key setting{_or(preset.key_variables)}"
    if config.key:
        key, key_place = config.key, "the key setting"
    if preset.needs_key and not key.strip():
        raise RpgError(f"{preset.title} needs a key; set it in the key setting{_or(preset.key_variables)}")
    return Endpoint(preset.title, base_url, shown, _sound_key(key, key_place), preset.key_header, key_place, query)


def base_url_of(config: PlannerConfig, preset: Preset, environment: Mapping[str, str] = os.environ) -> str:
    """The address in the settings, in the preset's variables, or in the preset; empty for none. It is not checked."""
    return config.base_url or _first(environment, preset.base_url_variables)[1] or preset.base_url


def _first(environment: Mapping[str, str], names: tuple[str, ...]) -> tuple[str, str]:
    """The first variable that is set and its value, or two empty texts."""
    return next(((name, environment[name]) for name in names if environment.get(name, "").strip()), ("", ""))


def _or(names: tuple[str, ...]) -> str:
    return f" or the environment variable {' or '.join(names)}" if names else ""


def _sound_key(key: str, place: str) -> str:
    """The key without white space around it; a header can hold nothing but visible ASCII characters."""
    key = key.strip()
    if not all("!" <= character <= "~" for character in key):
        raise RpgError(f"{place} holds a character that no key has; copy the key again")
    return key
