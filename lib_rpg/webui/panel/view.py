"""Makes the view of the panel's document: its regions, and a message that says what it means."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib_rpg.checks import quantity
from lib_rpg.errors import RpgError
from lib_rpg.layout.pasted_ratio import ratios
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.plan import Plan
from lib_rpg.webui.args import read_args
from lib_rpg.webui.document import parse_state
from lib_rpg.webui.options import Defaults
from lib_rpg.webui.tab_prompt import is_outdated

log = logging.getLogger(__name__)

OUTDATED = "RPG: the regions are those of another prompt; press Plan regions to plan this one."


@dataclass(frozen=True)
class Tab:
    """What the script sends along: the tab's prompt, and its size in pixels."""

    prompt: str
    width: int
    height: int

    @classmethod
    def from_json(cls, text: str) -> Tab:
        document = json.loads(text)
        return cls(str(document["prompt"]), int(document["width"]), int(document["height"]))


def check_document(state: str, context: str, defaults: Defaults, remark: str = "") -> str:
    """What the page shows about a document, and ``remark`` behind it: JSON of an RpgView, see rpg_panel.js."""
    cells: list[dict[str, Any]] = []
    try:
        args = read_args((True, state), defaults)
        tab = Tab.from_json(context)
        wanted = args.text_to_plan(tab.prompt)
        if args.plan is None and not wanted.strip():
            hint = "Type a prompt and press Plan regions, or write ratio and regional prompt yourself."
            return dump(state, context, "note", hint)
        if args.plan is None and args.asks(tab.prompt):
            return dump(state, context, "note", _without_preview(args.planner))
        plan = args.plan_for(tab.prompt, tab.width, tab.height)
        cells = [
            {"box": region.box, "label": region.name or region.prompt, "prompt": region.prompt}
            for region in plan.regions
        ]
    except Exception as error:
        sentence = sentence_of(error)
        return dump(state, context, "error", sentence, cells or _bare_cells(state), warning=f"RPG: {sentence}")
    if args.plan is not None and is_outdated(plan, wanted):
        summary = f"{_regions(plan)}, planned from another prompt; press Plan regions to plan again."
        return dump(state, context, "note", f"{summary} {remark}".strip(), cells, warning=OUTDATED)
    level, summary = "ok", f"{_regions(plan)}."
    if args.plan is None:
        ratio = f"with base ratio {plan.base_ratio:g}"
        level, summary = "note", f"Nothing is set: Generate will plan {_regions(plan)} as shown, {ratio}."
    return dump(
        state, context, level, " ".join(filter(None, (summary, _remarks(plan), remark))), cells, plan.source.guesses
    )


def _without_preview(planner: str) -> str:
    if planner == "paste":
        return "Press Plan regions: it shows the request to copy into a chat page."
    return f"Nothing is set: Generate will ask {planner} for regions."


def _regions(plan: Plan) -> str:
    return quantity(len(plan.regions), "region")


def _remarks(plan: Plan) -> str:
    return " ".join(f"{note.rstrip('.')}." for note in plan.source.remarks)


def _bare_cells(state: str) -> list[dict[str, Any]]:
    """The cells of the ratio if that can be read, to be seen while the rest is not right yet."""
    try:
        document = parse_state(state)
        given = {**dict(document.get("plan") or {}), **document}
        ratio = ratios(str(given.get("split_ratio") or ""))[0].text
        boxes = parse_ratio(ratio, bool(given.get("rows_first"))).boxes()
    except (RpgError, TypeError, ValueError):  # the error is in the view's message already
        return []
    return [{"box": [float(side) for side in box], "label": "", "prompt": ""} for box in boxes]


def dump(
    state: str,
    context: str,
    level: str,
    message: str,
    cells: Sequence[Mapping[str, Any]] = (),
    guesses: Sequence[str] = (),
    warning: str = "",
) -> str:
    """The JSON of an RpgView; ``warning`` is what is shown beside Generate."""
    view = {"state": state, "context": context, "level": level, "message": message, "warning": warning}
    return json.dumps({**view, "cells": list(cells), "guesses": list(guesses)}, ensure_ascii=False)


def sentence_of(error: Exception) -> str:
    if isinstance(error, RpgError):
        return str(error)
    log.exception("RPG's panel failed")
    cause = " ".join(str(error).split())
    return f"RPG's panel failed ({type(error).__name__}: {cause}); the console has the details."
