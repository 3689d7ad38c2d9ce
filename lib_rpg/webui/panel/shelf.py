"""The panel's stored layouts: the user's presets, and the examples and LMD's settings that come along.

Each handler answers a call of the page's script (`lib_rpg.webui.panel.calls`) with plain values, among them
``sentence`` and ``level`` ("ok" or "note"), which say what was done. Raises RpgError where nothing was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lib_rpg.checks import quantity, show
from lib_rpg.errors import RpgError
from lib_rpg.gallery import find_example, gallery
from lib_rpg.plan import Plan
from lib_rpg.planner import PlanRequest
from lib_rpg.presets import (
    LMD_PRESETS,
    Preset,
    PresetStore,
    find_settings,
    read_presets,
    to_forge_couple,
    to_rag,
    to_regional_prompter,
)
from lib_rpg.presets.preset import MAX_FILE
from lib_rpg.presets.store import file_name
from lib_rpg.webui.args import read_args
from lib_rpg.webui.document import parse_state
from lib_rpg.webui.option_kinds import Part
from lib_rpg.webui.options import Defaults, names_of
from lib_rpg.webui.panel.layouts import laid_out
from lib_rpg.webui.panel.view import Tab
from lib_rpg.webui.tab_prompt import base_of, following

REGIONAL_PROMPTER, FORGE_COUPLE, RAG = "Regional Prompter", "Forge Couple", "RAG"
EXAMPLE, PRESET, SETTINGS = "example", "preset", "settings"
_NOTHING = "There are no regions yet: press Plan regions, or draw them"
_MAX_SAID = 3
"""Notes and refusals that a sentence shows."""


class Shelf:
    """The stored layouts of one page. ``store`` gives the folder of presets, ``defaults`` the options from Settings."""

    def __init__(self, defaults: Callable[[], Defaults], store: Callable[[], PresetStore] = PresetStore) -> None:
        self._defaults = defaults
        self._store = store

    def answers(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """The handlers by the names that the page's script calls."""
        handlers = (self.list, self.take, self.save, self.rename, self.delete, self.export, self.add, self.text)
        return {f"shelf.{handler.__name__}": handler for handler in handlers}

    def list(self) -> dict[str, Any]:
        """All layouts as the page draws them, the presets first; the sentence is on files that cannot be read."""
        listing = self._store().listing()
        stored = [_item(PRESET, each.name, each.boxes, each.width, each.height) for each in listing.presets]
        stored += [_item(SETTINGS, each.name, (), None, None) for each in LMD_PRESETS]
        for each in gallery():
            boxes = [region.box for region in each.plan.regions]
            stored.append(_item(EXAMPLE, each.title, boxes, each.width, each.height))
        said = [file.reason for file in listing.unreadable]
        return {"stored": stored, **_said(_listed("Not read:", said), "note" if said else "ok")}

    def take(self, kind: str, name: str, words: bool, state: str, context: str) -> dict[str, Any]:
        """The document with a stored layout as JSON text, and the canvas in pixels that it is meant for, or None.

        Without ``words``, or where the layout has none, the document keeps its words. A base prompt that the tab's
        prompt gives by itself follows the tab. Settings change what they name, whatever regions there are.
        """
        if kind == SETTINGS:
            return _set(name, parse_state(state))
        stored: Any = find_example(name) if kind == EXAMPLE else self._store().load(name)
        document = parse_state(state)
        made, remark = self._whole(document, stored.plan, context), ""
        if not (words and getattr(stored, "words", True)):
            comments = self._defaults().asked.get("comments", PlanRequest.comments)
            made, remark = laid_out(document, stored.plan, comments)
        sentence = f"{show(name)}: {quantity(len(stored.plan.regions), 'region')}. {remark}".strip()
        size = {"width": stored.width, "height": stored.height}
        text = json.dumps(made, ensure_ascii=False)
        return {"document": text, **size, **_said(sentence, "note" if remark else "ok")}

    def save(self, name: str, words: bool, replace: bool, state: str, context: str) -> dict[str, Any]:
        """Store the document's plan, or its layout alone, and the tab's size; ``exists``: the name is another's."""
        plan, tab = self._shown(state, context)
        preset, store = Preset(name, plan, tab.width, tab.height, words), self._store()
        if not replace and preset.name in store.names():
            return {"exists": True, **_said(f"There is a preset {show(preset.name)} already.", "note")}
        store.save(preset, replace)
        what = "with its words" if words else "as a layout"
        return {"exists": False, **_said(f"{show(preset.name)} is saved {what}.")}

    def rename(self, name: str, new_name: str) -> dict[str, Any]:
        """Give a preset another name, which must be free."""
        self._store().rename(name, new_name)
        return _said(f"{show(name)} is now {show(new_name)}.")

    def delete(self, name: str) -> dict[str, Any]:
        """Delete a preset."""
        self._store().delete(name)
        return _said(f"{show(name)} is deleted.")

    def export(self, name: str) -> dict[str, Any]:
        """The preset's JSON text, and a safe name for its file."""
        preset = self._store().load(name)
        made = {"text": preset.to_json(), "file": file_name(preset.name)}
        return {**made, **_said(f"{show(preset.name)} is exported.")}

    def add(self, text: str) -> dict[str, Any]:
        """Store the presets in the text of a file: ours, Regional Prompter's or Forge Couple's."""
        if len(text) > MAX_FILE:
            raise RpgError(f"the file has more than {MAX_FILE} characters; give a smaller one")
        found = read_presets(text)
        added = self._store().add(found.presets, False)
        failed = [*found.refused.values(), *added.refused.values()]
        counted = f"{quantity(len(added.names), 'preset')} stored."
        said = " ".join(filter(None, (counted, _listed("Left out:", failed), _listed("Notes:", found.notes))))
        if not added.names:
            raise RpgError(said.rstrip("."))
        return _said(said, "note" if failed or found.notes else "ok")

    def text(self, tool: str, state: str, context: str) -> dict[str, Any]:
        """The document's plan as text of that tool; the sentence says what to set there, and what is left out."""
        plan, _ = self._shown(state, context)
        if tool not in _WRITERS:
            raise RpgError(f"there is no form for {show(tool)}; use one of {', '.join(_WRITERS)}")
        text, settings, notes = _WRITERS[tool](plan)
        said = " ".join(filter(None, ("Copied.", settings, _listed("Notes:", notes))))
        return {"text": text, **_said(said, "note" if notes else "ok")}

    def _shown(self, state: str, context: str) -> tuple[Plan, Tab]:
        """The plan that the panel shows, with its base prompt, and the tab. Raises RpgError where there is none."""
        tab = Tab.from_json(context)
        args = read_args((True, state), self._defaults())
        if args.plan is None and (not args.text_to_plan(tab.prompt).strip() or args.asks(tab.prompt)):
            raise RpgError(_NOTHING)
        plan = args.plan_for(tab.prompt, tab.width, tab.height)
        return replace(plan, base_prompt=base_of(plan, args.without_comments(tab.prompt))), tab

    def _whole(self, document: Mapping[str, Any], plan: Plan, context: str) -> dict[str, Any]:
        """The document of a plan; how to plan stays."""
        if context:
            args = read_args((True, {}), self._defaults())
            plan = following(plan, args.without_comments(Tab.from_json(context).prompt))
        stays = {key: document[key] for key in ("planner", *names_of(Part.REQUEST)) if key in document}
        return {"plan": plan.to_dict(), **stays}


def _set(name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """What `Shelf.take` gives for settings of that name."""
    settings = find_settings(name)
    if settings is None:
        raise RpgError(f"there are no settings {show(name)}; take one of the list")
    text = json.dumps({**document, **settings.fields}, ensure_ascii=False)
    return {"document": text, "width": None, "height": None, **_said(f"{settings.name}: {settings.about}")}


def _for_regional_prompter(plan: Plan) -> tuple[str, str, tuple[str, ...]]:
    made = to_regional_prompter(plan)
    base = f"Use base prompt on, Base Ratio {made.base_ratio}" if made.uses_base else "Use base prompt off"
    negative = f" Negative prompt: {made.negative_prompt}" if made.negative_prompt else ""
    settings = f"In {REGIONAL_PROMPTER}: {made.mode}, Divide Ratio {made.ratio}, {base}.{negative}"
    return made.prompt, settings, made.notes


def _for_forge_couple(plan: Plan) -> tuple[str, str, tuple[str, ...]]:
    made = to_forge_couple(plan)
    return made.prompt, f"In {FORGE_COUPLE}: Advanced, mapping {made.mapping}", made.notes


def _for_rag(plan: Plan) -> tuple[str, str, tuple[str, ...]]:
    made = to_rag(plan)
    return made.text, f"In {RAG}: an entry of its gallery; add height, width and seed.", made.notes


_WRITERS = {REGIONAL_PROMPTER: _for_regional_prompter, FORGE_COUPLE: _for_forge_couple, RAG: _for_rag}


def _listed(head: str, sentences: Sequence[str]) -> str:
    """Sentences behind a word, the first few of them; empty for none."""
    shown = [*sentences[:_MAX_SAID], *([f"and {len(sentences) - _MAX_SAID} more"] * (len(sentences) > _MAX_SAID))]
    return f"{head} {'; '.join(text.rstrip('.') for text in shown)}." if shown else ""


def _item(
    kind: str, name: str, boxes: Sequence[Sequence[float]], width: int | None, height: int | None
) -> dict[str, Any]:
    """A stored layout as the page's script draws it; one without a size is drawn as a square."""
    shape = {"width": width or 1, "height": height or 1, "boxes": [[*box] for box in boxes]}
    return {"kind": kind, "name": name, **shape}


def _said(sentence: str, level: str = "ok") -> dict[str, Any]:
    return {"sentence": sentence, "level": level}
