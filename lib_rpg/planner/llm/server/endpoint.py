"""Where requests go and which key goes with them: from the settings, the preset and the environment."""

from __future__ import annotations

import functools
import os
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig, config_folder
from lib_rpg.planner.llm.server.address import check_base_url, origin, shown_address
from lib_rpg.planner.llm.server.presets import Preset, load_presets
from lib_rpg.planner.llm.server.secret import SecretFilter


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

    @functools.cached_property
    def secret(self) -> SecretFilter:
        """Finds the key in what the server sends."""
        return SecretFilter(self.key, self.shown)


@dataclass(frozen=True)
class EnvironmentKey:
    """A key of the environment and its variable, or empty texts. ``withheld`` says why the address does not get it."""

    variable: str = ""
    key: str = field(default="", repr=False)
    withheld: str = ""


def find_endpoint(
    config: PlannerConfig, preset: Preset, model: str, environment: Mapping[str, str] = os.environ
) -> Endpoint:
    """The endpoint of a preset's model. Raises RpgError if there is no address, a bad one, or no key where one is
    needed.

    The key is the settings' own, else that of the preset's variables, see `environment_key`.
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
    found = environment_key(config, preset, environment)
    key = config.key or ("" if found.withheld else found.key)
    key_place = f"the key setting{_or(preset.key_variables)}"
    if config.key or found.withheld:
        key_place = "the key setting"
    elif found.key:
        key_place = f"the environment variable {found.variable}"
    if preset.needs_key and not key.strip():
        if found.withheld:
            raise RpgError(f"{found.withheld}; type a key for {shown} into the key setting")
        raise RpgError(f"{preset.title} needs a key; set it in the key setting{_or(preset.key_variables)}")
    return Endpoint(preset.title, base_url, shown, _sound_key(key, key_place), preset.key_header, key_place, query)


def base_url_of(config: PlannerConfig, preset: Preset, environment: Mapping[str, str] = os.environ) -> str:
    """The address in the settings, in the preset's variables, or in the preset; empty for none. It is not checked.

    From the page, the variables count only if the preset is the owner's own: the address is shown.
    """
    named = _first(environment, preset.base_url_variables)[1] if _is_owners(config, preset, environment) else ""
    return config.base_url or named or preset.base_url


def environment_key(
    config: PlannerConfig, preset: Preset, environment: Mapping[str, str] = os.environ
) -> EnvironmentKey:
    """The key in the preset's variables.

    Where whoever reaches the page can set the address or the providers file, it is withheld but for the address that
    the preset itself, or a variable of its own, names; and the preset must be built in or of the owner's file.
    """
    if not _is_owners(config, preset, environment):
        # The same whether a variable is set or not: who names a file may not find that out.
        place = "a providers file named in Settings"
        advice = "put the file into the folder of keys.json, or name it in RPG_PROVIDERS"
        withheld = f"{place} gets no key from the environment ({advice})" if preset.key_variables else ""
        return EnvironmentKey(withheld=withheld)
    variable, key = _first(environment, preset.key_variables)
    if not key or not config.from_page:
        return EnvironmentKey(variable, key)
    own = [preset.base_url, *(environment.get(name, "") for name in preset.base_url_variables)]
    origins = [found for url in own if (found := _origin_or_none(url))]
    if _origin_or_none(base_url_of(config, preset, environment)) in origins:
        return EnvironmentKey(variable, key)
    homes = " and ".join(dict.fromkeys(f"{scheme}://{host}:{port}" for scheme, host, port in origins))
    place = f"for {homes} only" if homes else f"for no address typed into Settings{_unless(preset.base_url_variables)}"
    return EnvironmentKey(variable, key, f"the key in the environment variable {variable} is {place}")


def _is_owners(config: PlannerConfig, preset: Preset, environment: Mapping[str, str]) -> bool:
    """Whether nobody but the machine's owner can have written the preset."""
    if not config.from_page or config.providers is None or load_presets().get(preset.name) == preset:
        return True
    try:
        file, folder = config.providers.resolve(), config_folder()
        named = environment.get("RPG_PROVIDERS", "").strip()
        is_in_folder = folder is not None and file.is_relative_to(folder.resolve())
        return is_in_folder or bool(named and file == Path(named).resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def _origin_or_none(url: str) -> tuple[str, str, int] | None:
    try:
        return origin(check_base_url(url, "")) if url.strip() else None
    except ValueError:
        return None


def _first(environment: Mapping[str, str], names: tuple[str, ...]) -> tuple[str, str]:
    """The first variable that is set and its value, or two empty texts."""
    return next(((name, environment[name]) for name in names if environment.get(name, "").strip()), ("", ""))


def _unless(names: tuple[str, ...]) -> str:
    return f" unless {' or '.join(names)} names its origin" if names else ""


def _or(names: tuple[str, ...]) -> str:
    return f" or the environment variable {' or '.join(names)}" if names else ""


def _sound_key(key: str, place: str) -> str:
    """The key without white space around it; a header can hold nothing but visible ASCII characters."""
    key = key.strip()
    if not all("!" <= character <= "~" for character in key):
        raise RpgError(f"{place} contains a character that keys cannot have; copy the key again")
    return key
