"""What is known of each kind of server and its models: `presets.json`, and the user's own file of the same form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from lib_rpg.checks import at, check_finite, check_items, check_keys, check_text, read_json, refuse, show
from lib_rpg.errors import RpgError
from lib_rpg.files import expand, read_text, show_path
from lib_rpg.planner.llm.chat import OUTPUT_MODES as RUNGS
from lib_rpg.planner.llm.server.address import check_base_url

_BUILT_IN = Path(__file__).with_name("presets.json")
_MAX_FILE = 1_000_000
_TOKEN_NAMES = ("max_tokens", "max_completion_tokens")
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*\Z")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_HEADER = re.compile(r"[A-Za-z0-9-]+\Z")


@dataclass(frozen=True)
class Traits:
    """What a model takes.

    rungs: of `RUNGS`, the strictest first. temperature: 0…2, None to send none. max_tokens_name: the field that bounds
    the answer. reasoning_effort: empty to send none. stream: whether it may be asked to stream. pictures: whether it
    sees. text_limits: whether a schema may bound the length of texts, which keeps small models from rambling.
    """

    rungs: tuple[str, ...] = RUNGS
    temperature: float | None = None
    max_tokens_name: str = "max_tokens"
    reasoning_effort: str = ""
    stream: bool = True
    pictures: bool = False
    text_limits: bool = False


@dataclass(frozen=True)
class Preset:
    """A kind of server.

    base_url: empty where only the user knows it; base_url_variables, key_variables: of the environment, the first that
    is set counts. path: follows the address, with ``{model}`` in it filled in. query: goes with every request.
    key_header: ``Authorization`` takes a bearer token, another header the bare key. model: empty where there is no
    usual one, and model_hint says where to find it. models: patterns of names and the traits that differ for them, the
    first that matches counts.
    """

    name: str
    title: str
    base_url: str = ""
    base_url_variables: tuple[str, ...] = ()
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    key_variables: tuple[str, ...] = ()
    key_header: str = "Authorization"
    needs_key: bool = True
    model: str = ""
    model_hint: str = ""
    traits: Traits = field(default_factory=Traits)
    models: tuple[tuple[tuple[str, ...], Traits], ...] = ()

    def traits_of(self, model: str) -> Traits:
        """The traits of a model of that name; patterns match the whole name, in lower case."""
        for patterns, traits in self.models:
            if any(fnmatchcase(model.lower(), pattern) for pattern in patterns):
                return traits
        return self.traits


def load_presets(own: Path | None = None) -> dict[str, Preset]:
    """The presets by name; those of the user's ``own`` file come after the built-in ones, and replace their namesakes.

    Raises RpgError, which names the file and the place in it, if that file is missing or malformed.
    """
    presets = _read(_BUILT_IN)
    return {**presets, **_read(own)} if own else presets


def find_preset(name: str, presets: Mapping[str, Preset]) -> Preset:
    """The preset of that name. Raises RpgError with the nearest name."""
    if name not in presets:
        close = get_close_matches(name, presets, 1)
        advice = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(presets)}"
        raise RpgError(f"provider: {show(name)} is unknown; {advice}")
    return presets[name]


def _read(path: Path) -> dict[str, Preset]:
    place = f"providers file {show_path(path)}"
    text = read_text(expand(path, f"{place}:"), _MAX_FILE, f"{place}:")
    with at(place):
        document = check_keys(read_json(text, "file"), "", ("providers",))
        entries = check_items(document.get("providers"), "providers", dict, 1000)
        presets: dict[str, Preset] = {}
        for index, entry in enumerate(entries):
            preset = _preset(entry, f"providers[{index}]")
            if preset.name in presets:
                refuse(f"providers[{index}].name", f"{show(preset.name)} is there twice", "give each its own name")
            presets[preset.name] = preset
    return presets


_TRAITS = ("rungs", "temperature", "max_tokens_name", "reasoning_effort", "stream", "pictures", "text_limits")
_ADDRESS = ("base_url", "base_url_variables", "path", "query", "key_variables", "key_header", "needs_key")
_PRESET = ("name", "title", "model", "model_hint", "models", *_ADDRESS, *_TRAITS)


def _preset(entry: object, place: str) -> Preset:
    given = check_keys(entry, place, _PRESET)
    name = check_text(given.get("name", ""), f"{place}.name", 60, needed=True)
    _check_form(name, _NAME, f"{place}.name", "use a-z, 0-9, '.', '_' and '-'")
    base_url = check_text(given.get("base_url", ""), f"{place}.base_url", 2000)
    header = check_text(given.get("key_header", "Authorization"), f"{place}.key_header", 100)
    _check_form(header, _HEADER, f"{place}.key_header", "use letters, digits and '-'")
    traits = _traits(given, place, Traits())
    models = check_items(given.get("models", []), f"{place}.models", dict, 200)
    return Preset(
        name=name,
        title=_line(given, "title", place, 100) or name,
        base_url=check_base_url(base_url, f"{place}.base_url") if base_url else "",
        base_url_variables=_variables(given, "base_url_variables", place),
        path=_path(given, place),
        query=_query(given.get("query", {}), f"{place}.query"),
        key_variables=_variables(given, "key_variables", place),
        key_header=header,
        needs_key=_flag(given, "needs_key", place, True),
        model=_line(given, "model", place, 200),
        model_hint=_line(given, "model_hint", place, 200),
        traits=traits,
        models=tuple(_of_models(item, f"{place}.models[{index}]", traits) for index, item in enumerate(models)),
    )


def _of_models(entry: object, place: str, usual: Traits) -> tuple[tuple[str, ...], Traits]:
    given = check_keys(entry, place, ("match", *_TRAITS))
    patterns = check_items(given.get("match"), f"{place}.match", str, 100)
    if not patterns:
        refuse(f"{place}.match", "is empty", "give a pattern of model names such as 'gpt-5*'")
    return tuple(pattern.lower() for pattern in patterns), _traits(given, place, usual)


def _traits(given: Mapping[str, Any], place: str, usual: Traits) -> Traits:
    temperature = given.get("temperature", usual.temperature)
    if temperature is not None:
        temperature = check_finite(temperature, f"{place}.temperature")
        if not 0 <= temperature <= 2:
            refuse(f"{place}.temperature", f"{temperature:g} is not from 0 to 2", "change it, or give null for none")
    tokens_name = given.get("max_tokens_name", usual.max_tokens_name)
    if tokens_name not in _TOKEN_NAMES:
        refuse(f"{place}.max_tokens_name", f"{show(tokens_name)} is unknown", f"use {' or '.join(_TOKEN_NAMES)}")
    effort = given.get("reasoning_effort", usual.reasoning_effort)
    return Traits(
        rungs=_rungs(given.get("rungs", list(usual.rungs)), f"{place}.rungs"),
        temperature=temperature,
        max_tokens_name=tokens_name,
        reasoning_effort=check_text(effort, f"{place}.reasoning_effort", 20),
        stream=_flag(given, "stream", place, usual.stream),
        pictures=_flag(given, "pictures", place, usual.pictures),
        text_limits=_flag(given, "text_limits", place, usual.text_limits),
    )


def _rungs(value: object, place: str) -> tuple[str, ...]:
    rungs = check_items(value, place, str, len(RUNGS))
    for index, rung in enumerate(rungs):
        if rung not in RUNGS:
            refuse(f"{place}[{index}]", f"{show(rung)} is unknown", f"use {', '.join(RUNGS)}")
    if not rungs or list(rungs) != sorted(set(rungs), key=RUNGS.index):
        refuse(place, "is not a falling order", f"give some of {', '.join(RUNGS)}, in this order")
    return rungs


def _variables(given: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    names = check_items(given.get(key, []), f"{place}.{key}", str, 20)
    for index, name in enumerate(names):
        _check_form(name, _VARIABLE, f"{place}.{key}[{index}]", "give the name of an environment variable")
    return names


def _path(given: Mapping[str, Any], place: str) -> str:
    path = check_text(given.get("path", ""), f"{place}.path", 200).rstrip("/")
    if path and (not re.fullmatch(r"/[\w./-]*", path.replace("{model}", "")) or ".." in path):
        refuse(f"{place}.path", f"{show(path)} is not a path", "write it as /openai/deployments/{model}")
    return path


def _query(value: object, place: str) -> dict[str, str]:
    if not isinstance(value, dict):
        refuse(place, f"{show(value)} is not an object", "give names and texts")
    for key in value:
        if not key.isprintable() or not 0 < len(key) <= 100:
            refuse(place, f"{show(key)} is not a sound name", "use letters, digits and '-'")
    return {key: check_text(item, f"{place}.{key[:40]}", 200) for key, item in value.items()}


def _line(given: Mapping[str, Any], key: str, place: str, limit: int) -> str:
    """A text that stands in messages, where a terminal would obey its control characters."""
    text = check_text(given.get(key, ""), f"{place}.{key}", limit)
    if not text.isprintable():
        refuse(f"{place}.{key}", f"{show(text)} holds a character that cannot be shown", "remove it")
    return text


def _flag(given: Mapping[str, Any], key: str, place: str, usual: bool) -> bool:
    value = given.get(key, usual)
    if not isinstance(value, bool):
        refuse(f"{place}.{key}", f"{show(value)} is not true or false", "give one of them")
    return value


def _check_form(value: str, form: re.Pattern[str], place: str, advice: str) -> None:
    if not form.match(value):
        refuse(place, f"{show(value)} is not a sound name", advice)
