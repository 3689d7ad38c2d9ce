"""Presets of each kind of server and its models: `presets.json`, and the user's own file of the same form."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from lib_rpg.checks import at, check_items, check_keys, check_text, did_you_mean, read_json, refuse, show
from lib_rpg.fields import Choice, Flag, Items, Number, OrNone, Text, check_fields, checked, declared
from lib_rpg.files import expand, read_text, show_path
from lib_rpg.planner.llm.chat import OUTPUT_MODES
from lib_rpg.planner.llm.server.address import check_base_url

_BUILT_IN = Path(__file__).with_name("presets.json")
_MAX_FILE = 1_000_000
_TOKEN_NAMES = ("max_tokens", "max_completion_tokens")
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*\Z")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_HEADER = re.compile(r"[A-Za-z0-9-]+\Z")


@dataclass(frozen=True)
class _Formed(Text):
    """A text of one form."""

    form: re.Pattern[str] = _NAME
    advice: str = ""

    def __call__(self, value: object, place: str) -> str:
        text = super().__call__(value, place)
        if not self.form.match(text):
            refuse(place, f"{show(text)} is not a valid name", self.advice)
        return text


class _Line(Text):
    """A text that is shown in messages, where a terminal would obey its control characters."""

    def __call__(self, value: object, place: str) -> str:
        text = super().__call__(value, place)
        if not text.isprintable():
            refuse(place, f"{show(text)} contains a character that cannot be shown", "remove it")
        return text


def _variable(name: str, place: str) -> str:
    if not _VARIABLE.match(name):
        refuse(place, f"{show(name)} is not a valid name", "give the name of an environment variable")
    return name


def _base_url(value: object, place: str) -> str:
    url = check_text(value, place, 2000)
    return check_base_url(url, place) if url else ""


def _path(value: object, place: str) -> str:
    path = check_text(value, place, 200).rstrip("/")
    if path and (not re.fullmatch(r"/[\w./-]*", path.replace("{model}", "")) or ".." in path):
        refuse(place, f"{show(path)} is not a path", "write it as /openai/deployments/{model}")
    return path


def _query(value: object, place: str) -> dict[str, str]:
    if not isinstance(value, dict):
        refuse(place, f"{show(value)} is not an object", "give names and texts")
    for key in value:
        if not key.isprintable() or not 0 < len(key) <= 100:
            refuse(place, f"{show(key)} is not a valid name", "use letters, digits and '-'")
    return {key: check_text(item, f"{place}.{key[:40]}", 200) for key, item in value.items()}


def _output_modes(value: object, place: str) -> tuple[str, ...]:
    modes = check_items(value, place, str, len(OUTPUT_MODES))
    for index, mode in enumerate(modes):
        if mode not in OUTPUT_MODES:
            refuse(f"{place}[{index}]", f"{show(mode)} is unknown", f"use {', '.join(OUTPUT_MODES)}")
    if not modes or list(modes) != sorted(set(modes), key=OUTPUT_MODES.index):
        refuse(place, "is not in descending order", f"give some of {', '.join(OUTPUT_MODES)}, in this order")
    return modes


_LINE = _Line(200)
_VARIABLES = Items(str, 20, each=_variable)
_TEMPERATURE = Number(0.0, 2.0, advice="change it, or give null for none")
_TOKENS_NAME = Choice(_TOKEN_NAMES, "is unknown", f"use {' or '.join(_TOKEN_NAMES)}")


@dataclass(frozen=True)
class Traits:
    """What a model takes; a new trait is one more field here.

    rungs: the output modes that it supports, of `OUTPUT_MODES`, the strictest first. temperature: 0…2, None to send
    none. max_tokens_name: the field that bounds the answer. reasoning_effort: empty to send none. stream: whether it
    may be asked to stream. pictures: whether it sees. text_limits: whether a schema may bound the length of texts,
    which keeps small models from rambling.
    """

    rungs: tuple[str, ...] = field(default=OUTPUT_MODES, metadata=checked(_output_modes))
    temperature: float | None = field(default=None, metadata=checked(OrNone(_TEMPERATURE)))
    max_tokens_name: str = field(default="max_tokens", metadata=checked(_TOKENS_NAME))
    reasoning_effort: str = field(default="", metadata=checked(Text(20)))
    stream: bool = field(default=True, metadata=checked(Flag()))
    pictures: bool = field(default=False, metadata=checked(Flag()))
    text_limits: bool = field(default=False, metadata=checked(Flag()))

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True)
class Preset:
    """A kind of server.

    title: the name where it is empty. model: empty where there is no usual one, and model_hint says where to find it.
    models: patterns of names and the traits that differ for them, the first that matches counts. base_url: empty where
    only the user knows it; base_url_variables, key_variables: of the environment, the first that is set counts. path:
    follows the address, with ``{model}`` in it filled in. query: goes with every request. key_header: ``Authorization``
    takes a bearer token, another header the bare key.
    """

    name: str = field(metadata=checked(_Formed(60, True, _NAME, "use a-z, 0-9, '.', '_' and '-'")))
    title: str = field(default="", metadata=checked(_Line(100)))
    model: str = field(default="", metadata=checked(_LINE))
    model_hint: str = field(default="", metadata=checked(_LINE))
    models: tuple[tuple[tuple[str, ...], Traits], ...] = ()
    base_url: str = field(default="", metadata=checked(_base_url))
    base_url_variables: tuple[str, ...] = field(default=(), metadata=checked(_VARIABLES))
    path: str = field(default="", metadata=checked(_path))
    query: Mapping[str, str] = field(default_factory=dict, metadata=checked(_query))
    key_variables: tuple[str, ...] = field(default=(), metadata=checked(_VARIABLES))
    key_header: str = field(
        default="Authorization", metadata=checked(_Formed(100, False, _HEADER, "use letters, digits and '-'"))
    )
    needs_key: bool = field(default=True, metadata=checked(Flag()))
    traits: Traits = field(default_factory=Traits)

    def __post_init__(self) -> None:
        check_fields(self)
        object.__setattr__(self, "title", self.title or self.name)

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
        refuse("provider", f"{show(name)} is unknown", did_you_mean(name, presets))
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
                refuse(
                    f"providers[{index}].name",
                    f"{show(preset.name)} appears twice",
                    "give each preset a different name",
                )
            presets[preset.name] = preset
    return presets


_TRAITS = tuple(declared(Traits))
_PRESET = (*(one.name for one in dataclasses.fields(Preset) if one.name != "traits"), *_TRAITS)


def _preset(entry: object, place: str) -> Preset:
    """A preset from its entry, where the default traits are among the preset's own keys."""
    given = {"name": "", **check_keys(entry, place, _PRESET)}
    usual = _traits(given, place, Traits())
    entries = check_items(given.pop("models", []), f"{place}.models", dict, 200)
    models = tuple(_of_models(item, f"{place}.models[{index}]", usual) for index, item in enumerate(entries))
    with at(place, "."):
        return Preset(**given, traits=usual, models=models)


def _of_models(entry: object, place: str, usual: Traits) -> tuple[tuple[str, ...], Traits]:
    given = check_keys(entry, place, ("match", *_TRAITS))
    patterns = check_items(given.get("match"), f"{place}.match", str, 100)
    if not patterns:
        refuse(f"{place}.match", "is empty", "give a pattern of model names such as 'gpt-5*'")
    return tuple(pattern.lower() for pattern in patterns), _traits(given, place, usual)


def _traits(given: dict[str, Any], place: str, usual: Traits) -> Traits:
    """The traits that an entry gives, taken out of it, and the default ones for those that are missing."""
    own = {name: given.pop(name) for name in _TRAITS if name in given}
    with at(place, "."):
        return dataclasses.replace(usual, **own)
