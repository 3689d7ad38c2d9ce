"""The panel in txt2img and img2img: one hidden JSON textbox, and views of it.

The hidden textbox `Panel.state` is the truth and what Generate is sent. Its document is an API argument without
``enabled``: ``plan``, and each field that differs from it, as typed; blank text says nothing yet. The script in
javascript/ writes it, `lib_rpg.webui.args` is the one reading of it.

- A field that is typed in: the page's script writes the document at once, with no way over the server, so that
  Generate never sees an older text than the eye does. A malformed text is kept there as typed.
- Plan, a paste of an infotext: gradio writes the document, the script fills the fields from it. Undo steps back.
- What the document means (cells, notes, the sentence of an error) is asked of Python, 250 ms after the last edit, by
  the hidden button "check". Answers are gradio events, so they work behind logins, share links and sub-paths.

No component here is saved to ui-config.json but the accordion's checkbox.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from modules.ui_components import InputAccordion

from lib_rpg.errors import RpgError
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.layout.report import check_size
from lib_rpg.plan import Plan
from lib_rpg.webui.args import RunArgs, read_args, read_document

log = logging.getLogger(__name__)

_PREVIEW = """
<div class="rpg_canvas" role="group" aria-label="Regions of the picture"></div>
<p class="rpg_message" role="status" aria-live="polite" data-level="note"></p>
"""


@dataclass(frozen=True)
class Panel:
    """The two components that the script's ``ui()`` returns, in this order: the switch and the document."""

    enabled: gr.Checkbox
    state: gr.Textbox


def build(
    is_img2img: bool,
    elem_id: Callable[[str], str],
    default_open: bool = False,
    default_planner: Callable[[], str] = lambda: "offline",
) -> Panel:
    """Build the panel in the current gradio context.

    `elem_id` turns a short name into the id of an element; `default_planner` names the planner to use, when asked.
    """
    tab = "img2img" if is_img2img else "txt2img"

    def textbox(name: str, label: str, **options: Any) -> gr.Textbox:
        classes = [f"rpg_{name}", *options.pop("elem_classes", ())]
        return gr.Textbox(label=label, elem_id=elem_id(name), elem_classes=classes, interactive=True, **options)

    def button(name: str, text: str, **options: Any) -> gr.Button:
        return gr.Button(text, elem_id=elem_id(name), elem_classes=[f"rpg_{name}"], size="sm", **options)

    with (
        InputAccordion(default_open, label="RPG regions", elem_id=elem_id("enabled")) as enabled,
        gr.Column(elem_id=elem_id("panel"), elem_classes=["rpg_panel", f"rpg_{tab}"]),
    ):
        with gr.Row(elem_classes=["rpg_row"]):
            prompt = textbox(
                "prompt",
                "Prompt to plan",
                lines=2,
                placeholder="Leave empty to plan the prompt of this tab.",
                elem_classes=["prompt"],
                scale=4,
                min_width=240,
            )
            with gr.Column(elem_classes=["rpg_buttons"], min_width=160, scale=1):
                plan = button("plan", "Plan regions", variant="primary")
                with gr.Row(elem_classes=["rpg_history"]):
                    small = [button(name, name.title()) for name in ("undo", "redo", "clear")]
        with gr.Row(elem_classes=["rpg_row"]):
            with gr.Column(elem_classes=["rpg_texts"], min_width=260, scale=3):
                split_ratio = textbox(
                    "split_ratio",
                    "Split ratio",
                    max_lines=1,
                    placeholder="1,1",
                    info="1,1 is two columns; 1,1,1;2,1 is two cells above a taller one: height first in each row.",
                )
                regional_prompt = textbox(
                    "regional_prompt",
                    "Regional prompt",
                    lines=5,
                    placeholder="what is left BREAK\nwhat is right",
                    info="One part for each cell, row by row, with BREAK between them.",
                    elem_classes=["prompt"],
                )
            with gr.Column(min_width=220, scale=2):
                gr.HTML(_PREVIEW, elem_id=elem_id("preview"), elem_classes=["rpg_preview"])
        with gr.Row(elem_classes=["rpg_row"]):
            base_prompt = textbox(
                "base_prompt",
                "Base prompt",
                lines=2,
                placeholder="Leave empty to use the prompt of this tab.",
                info="The whole picture in one sentence; every region is mixed with it.",
                elem_classes=["prompt"],
                min_width=200,
            )
            negative_prompt = textbox(
                "negative_prompt",
                "Negative additions",
                lines=2,
                placeholder="Nothing to add.",
                info="Added to the negative prompt of this tab, for the whole picture.",
                elem_classes=["prompt"],
                min_width=200,
            )
        base_ratio = gr.Slider(
            0,
            1,
            value=Plan.base_ratio,
            step=0.05,
            interactive=True,
            label="Base ratio",
            info="How much of the base prompt is in every region: 0 is none, 1 is nothing else.",
            elem_id=elem_id("base_ratio"),
            elem_classes=["rpg_base_ratio"],
        )
        with gr.Column(elem_classes=["rpg_hidden"]):
            state = textbox("state", "RPG state")
            view = textbox("view", "RPG view")
            context = textbox("context", "RPG context")  # always empty: the script puts its value in on the way
            check = button("check", "Check")

    unsaved = [prompt, split_ratio, regional_prompt, base_prompt, negative_prompt, base_ratio, state, view, context]
    for component in (*unsaved, plan, *small, check):
        component.do_not_save_to_config = True

    script = f"sdWebuiRpg.panels.{tab}"
    show = f"(view) => {{ {script}?.show(view); }}"
    state.change(None, [state], None, _js=f"(state) => {{ {script}?.accept(state); }}")
    check.click(
        lambda state, context: check_document(state, context, default_planner()),
        [state, context],
        [view],
        _js=f"() => {script}.request()",
        queue=False,
        show_progress="hidden",
        api_name=False,
    ).then(None, [view], None, _js=show)
    plan.click(
        lambda state, context: plan_document(state, context, default_planner()),
        [state, context],
        [state, view],
        _js=f"() => {script}.plan()",
        show_progress="hidden",
        api_name=False,
    ).then(None, [view], None, _js=show)
    return Panel(enabled, state)


def plan_document(state: str, context: str, default_planner: str) -> tuple[Any, str]:
    """The Plan button: a document with the new plan, and its view; on failure the document as it is, and why.

    Beside the new plan stays what the user has set: the base ratio, if it was not the old plan's own, likewise each of
    the negative additions, and the prompt to plan.
    """
    try:
        document = read_document(state)
        tab = _Tab.from_json(context)
        request = RunArgs(True, planner=default_planner, prompt=str(document.get("prompt") or ""))
        plan = request.plan_for(tab.prompt, tab.width, tab.height)
        made = json.dumps(_replanned(document, plan), ensure_ascii=False)
    except Exception as error:
        return gr.update(), _dump(state, context, "error", _sentence(error))
    return made, check_document(made, context, default_planner)


def _replanned(document: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    before = document.get("plan") or {}
    old, new = _items(before.get("negative_prompt", "")), _items(plan.negative_prompt)
    own = [item for item in _items(document.get("negative_prompt", "")) if item not in old and item not in new]
    made: dict[str, Any] = {"plan": plan.to_dict()}
    if own:
        made["negative_prompt"] = ", ".join([*new, *own])
    return {**made, **{key: document[key] for key in ("prompt", "base_ratio") if key in document}}


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


@dataclass(frozen=True)
class _Tab:
    """What the script sends along: the tab's prompt, and its size in pixels."""

    prompt: str
    width: int
    height: int

    @classmethod
    def from_json(cls, text: str) -> _Tab:
        document = json.loads(text)
        return cls(str(document["prompt"]), int(document["width"]), int(document["height"]))


def check_document(state: str, context: str, default_planner: str) -> str:
    """What the page shows about a document: JSON of an RpgView, see javascript/rpg_panel.js."""
    cells: list[dict[str, Any]] = []
    try:
        args = read_args((True, state), default_planner)
        tab = _Tab.from_json(context)
        if args.plan is None and not _wanted(args, tab):
            hint = "Type a prompt and press Plan regions, or write ratio and regional prompt yourself."
            return _dump(state, context, "note", hint)
        if args.plan is None and args.planner != "offline":
            return _dump(state, context, "note", f"Nothing is set: Generate will ask {args.planner} for regions.")
        plan = args.plan_for(tab.prompt, tab.width, tab.height)
        cells = [
            {"box": region.box, "label": region.name or region.prompt, "prompt": region.prompt}
            for region in plan.regions
        ]
        check_size(tab.width, tab.height)
    except Exception as error:
        return _dump(state, context, "error", _sentence(error), cells or _bare_cells(state))
    return _dump(state, context, *_about(args, tab, plan), cells)


def _about(args: RunArgs, tab: _Tab, plan: Plan) -> tuple[str, str]:
    """How to show a valid plan, and what to say about it."""
    if args.plan is None:
        told = f"Nothing is set: Generate will plan {_count(plan)} as shown, with base ratio {plan.base_ratio:g}."
        return "note", f"{told} {_notes(plan)}".strip()
    wanted = _wanted(args, tab)
    if plan.source.planner != "manual" and wanted and plan.prompt.split() != wanted:
        return "note", f"{_count(plan)}, planned from another prompt; press Plan regions to plan anew."
    return "ok", f"{_count(plan)}. {_notes(plan)}".strip()


def _wanted(args: RunArgs, tab: _Tab) -> list[str]:
    """The words that Plan would plan."""
    return args.prompt.split() or tab.prompt.split()


def _count(plan: Plan) -> str:
    return f"{len(plan.regions)} region{'s' if len(plan.regions) > 1 else ''}"


def _notes(plan: Plan) -> str:
    return " ".join(f"{note.rstrip('.')}." for note in plan.source.notes)


def _bare_cells(state: str) -> list[dict[str, Any]]:
    """The cells of the ratio if that can be read, to be seen while the rest is not right yet."""
    try:
        document = read_document(state)
        ratio = document.get("split_ratio") or dict(document.get("plan") or {}).get("split_ratio")
        boxes = parse_ratio(str(ratio or "")).boxes()
    except (RpgError, TypeError, ValueError):  # whatever is wrong is told already
        return []
    return [{"box": [float(side) for side in box], "label": "", "prompt": ""} for box in boxes]


def _dump(state: str, context: str, level: str, message: str, cells: Sequence[Mapping[str, Any]] = ()) -> str:
    view = {"state": state, "context": context, "level": level, "message": message, "cells": list(cells)}
    return json.dumps(view, ensure_ascii=False)


def _sentence(error: Exception) -> str:
    if isinstance(error, RpgError):
        return str(error)
    log.exception("RPG's panel failed")
    told = " ".join(str(error).split())
    return f"RPG's panel failed ({type(error).__name__}: {told}); the console has the details."
