"""The WebUI's own axis *Prompt S/R* also finds and replaces words in the regions' texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from lib_rpg.checks import show
from lib_rpg.errors import RpgError
from lib_rpg.webui.document import parse_state
from lib_rpg.webui.host import Processing
from lib_rpg.webui.script_args import own_values, set_own_values
from lib_rpg.webui.xyz.draft import Draft
from lib_rpg.webui.xyz.plot import Order, Step, answering, has_axes, put

AXIS = "Prompt S/R"
_TEXTS = frozenset(
    {"prompt", "base_prompt", "negative_prompt", "regional_prompt", "bound_background", "name", "phrase"}
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
            old = values[0]  # a plot's first value is the words themselves
            is_in_prompts = old in p.prompt or old in p.negative_prompt
            own = own_values(p, self._title) or []
            if has_axes(p) and own:  # an axis of ours may bring the words
                if is_in_prompts:
                    apply(p, value, values)
                with answering(p):
                    put(p, self._title, _step(old, value, is_needed=not is_in_prompts))
                return
            if is_in_prompts or replaced(own, old, "") == own:
                apply(p, value, values)  # raises where the words are nowhere
            set_own_values(p, self._title, replaced(own, old, value))

        return apply_to_all


def _step(old: str, new: str, is_needed: bool) -> Step:
    """``is_needed``: the words are not in the tab's prompts, so that they must be in the document."""

    def change(draft: Draft) -> Draft:
        document = dict(draft.document)
        if is_needed and in_texts(document, old, "") == document:
            raise RpgError(f"{AXIS} did not find {show(old)} in the prompts or in any region; correct its first value")
        return draft.having(**in_texts(document, old, new))

    return Step(new, Order.WORDS, change, is_ours=False)


def replaced(values: Sequence[Any], old: str, new: str) -> list[Any]:
    """The script's arguments with ``old`` replaced by ``new`` in the texts of the document, where RPG is on."""
    values = list(values)
    if values and isinstance(values[0], dict):
        return [in_texts(values[0], old, new), *values[1:]]
    if len(values) < 2 or values[0] is not True:
        return values
    try:
        document = parse_state(values[1])
    except RpgError:
        return values
    made = in_texts(document, old, new)
    if made == document:
        return values
    return [True, made if isinstance(values[1], dict) else json.dumps(made, ensure_ascii=False), *values[2:]]


def in_texts(value: Any, old: str, new: str) -> Any:
    """A document, or a part of it, with ``old`` replaced by ``new`` in all its texts."""
    if isinstance(value, list):
        return [in_texts(item, old, new) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: item.replace(old, new) if key in _TEXTS and isinstance(item, str) else in_texts(item, old, new)
        for key, item in value.items()
    }
