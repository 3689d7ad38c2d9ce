"""X/Y/Z plots: *Prompt S/R* also finds and replaces words in the regions' texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.webui.document import parse_state
from lib_rpg.webui.host import Processing, host

AXIS = "Prompt S/R"
_TEXTS = frozenset(
    {"prompt", "base_prompt", "negative_prompt", "regional_prompt", "name", "phrase"}
)  # of a document, its plan, and the plan's regions and things

Apply = Callable[[Processing, str, Sequence[str]], None]
"""Puts one value of an axis into ``p``; the third argument has all of the axis' values."""


class PromptSearch:
    """The change to the WebUI's axis *Prompt S/R*, from `attach` to `close`.

    ``title`` is that of the script whose arguments hold the document.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._changed: list[tuple[Any, Apply]] = []

    def attach(self, modules: Iterable[Any]) -> None:
        """Change the axis in those of the WebUI's script modules that have it."""
        self.close()
        for module in modules:
            for axis in getattr(module, "axis_options", ()):
                if getattr(axis, "label", "") == AXIS:
                    self._changed.append((axis, axis.apply))
                    axis.apply = self._also_in_regions(axis.apply)

    def close(self) -> None:
        """Put the axis back as it was; may be called any number of times."""
        for axis, apply in self._changed:
            axis.apply = apply
        self._changed = []

    def _also_in_regions(self, apply: Apply) -> Apply:
        def apply_to_all(p: Processing, value: str, values: Sequence[str]) -> None:
            is_in_regions = self._replace(p, values[0], value)
            if not is_in_regions or values[0] in p.prompt or values[0] in p.negative_prompt:
                apply(p, value, values)  # raises where the words are nowhere

        return apply_to_all

    def _replace(self, p: Processing, old: str, new: str) -> bool:
        """Replace the words in the document of ``p``, which is a copy; whether they are there."""
        for script in host.always_on(p):
            if script.title() == self._title:
                args = list(p.script_args)
                own = args[script.args_from : script.args_to]
                args[script.args_from : script.args_to] = replaced(own, old, new)
                p.script_args = tuple(args)
                return replaced(own, old, "") != own  # a plot's first value is the words themselves
        return False


def replaced(values: Sequence[Any], old: str, new: str) -> list[Any]:
    """The script's arguments with ``old`` replaced by ``new`` in the texts of the document, where RPG is on."""
    values = list(values)
    if values and isinstance(values[0], dict):
        return [_in_texts(values[0], old, new), *values[1:]]
    if len(values) < 2 or values[0] is not True:
        return values
    try:
        document = parse_state(values[1])
    except RpgError:
        return values
    made = _in_texts(document, old, new)
    if made == document:
        return values
    return [True, made if isinstance(values[1], dict) else json.dumps(made, ensure_ascii=False), *values[2:]]


def _in_texts(value: Any, old: str, new: str) -> Any:
    if isinstance(value, list):
        return [_in_texts(item, old, new) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: item.replace(old, new) if key in _TEXTS and isinstance(item, str) else _in_texts(item, old, new)
        for key, item in value.items()
    }
