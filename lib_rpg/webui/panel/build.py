"""The panel in txt2img and img2img: one hidden JSON textbox, and views of it.

The hidden textbox `Panel.state` is the truth and what Generate is sent. Its document is an API argument without
``enabled``: ``plan``, and each field that differs from it, as typed; blank text says nothing yet. The script in
javascript/ writes it, `lib_rpg.webui.args` is the one reading of it.

- A field that is typed in: the page's script writes the document at once, with no way over the server, so that
  Generate never sees an older text than the eye does. A malformed text is kept there as typed.
- Plan, a stored plan, a paste of an infotext: gradio writes the document, the script fills the fields from it. Undo
  steps back.
- What the document means (cells, notes, the sentence of an error) is asked of Python, 250 ms after the last edit, by
  the hidden button "check". Answers are gradio events, so they work behind logins, share links and sub-paths.

No component here is saved to ui-config.json but the accordion's checkbox, and none ever holds a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr
from modules import shared
from modules.ui_components import InputAccordion

from lib_rpg.files import read_file
from lib_rpg.gallery import gallery
from lib_rpg.plan import MAX_FEATHER, Plan
from lib_rpg.planner import MAX_PICTURE, PLANNERS, PlannerConfig
from lib_rpg.planner.llm.prompt import example_sets
from lib_rpg.webui.options import Defaults
from lib_rpg.webui.panel.planning import KEEP, Planning
from lib_rpg.webui.panel.view import check_document
from lib_rpg.webui.same_site import check_same_site

_SETTINGS = "as in Settings"
_METHODS = {"grid": "rpg", "grid and boxes": "rag", "boxes": "lmd"}
_RECAPTION = {"richer than mine": "true", "my own": "false"}
_ROWS_FIRST = {"rows of cells": "false", "columns of cells": "true"}
_HIRES = {"both passes": "both", "first only": "first", "hires only": "second"}
_LORA = {"its words": "text", "its place": "unet", "whole picture": "shared"}
_PREVIEW = """
<div class="rpg_canvas" role="group" aria-label="Regions of the picture"></div>
<p class="rpg_message" role="status" aria-live="polite" data-level="note"></p>
<pre class="rpg_growing" aria-hidden="true"></pre>
"""


@dataclass(frozen=True)
class Panel:
    """The two components that the script's ``ui()`` returns, in this order: the switch and the document."""

    enabled: gr.Checkbox
    state: gr.Textbox


def build(
    is_img2img: bool,
    elem_id: Callable[[str], str],
    defaults: Callable[[], Defaults] = Defaults,
    config: Callable[[], PlannerConfig] = PlannerConfig,
    default_open: bool = False,
) -> Panel:
    """Build the panel in the current gradio context.

    `elem_id` turns a short name into the id of an element; `defaults` and `config` tell, when asked, what Settings say.
    """
    tab = "img2img" if is_img2img else "txt2img"
    planning = Planning(defaults, config)

    def textbox(name: str, label: str, **options: Any) -> gr.Textbox:
        classes = [f"rpg_{name}", *options.pop("elem_classes", ())]
        return gr.Textbox(label=label, elem_id=elem_id(name), elem_classes=classes, interactive=True, **options)

    def button(name: str, text: str, **options: Any) -> gr.Button:
        return gr.Button(text, elem_id=elem_id(name), elem_classes=[f"rpg_{name}"], size="sm", **options)

    def radio(name: str, label: str, choices: dict[str, str], value: str = "", **options: Any) -> gr.Radio:
        every = list(choices.items() if value else {_SETTINGS: "", **choices}.items())
        options |= {"elem_id": elem_id(name), "elem_classes": [f"rpg_{name}"]}
        return gr.Radio(every, value=value, label=label, interactive=True, **options)

    def slider(name: str, label: str, high: float, value: float, info: str) -> gr.Slider:
        return gr.Slider(
            0,
            high,
            value=value,
            step=0.05,
            interactive=True,
            label=label,
            info=info,
            elem_id=elem_id(name),
            elem_classes=[f"rpg_{name}"],
        )

    with (
        InputAccordion(default_open, label="RPG regions", elem_id=elem_id("enabled")) as enabled,
        gr.Column(elem_id=elem_id("panel"), elem_classes=["rpg_panel", f"rpg_{tab}"]),
    ):
        with enabled.extra():
            gr.HTML(f'<p class="rpg_notice rpg_notice_{tab}" role="status"></p>')
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
                cancel = button("cancel", "Cancel")
                with gr.Row(elem_classes=["rpg_history"]):
                    small = [button(name, name.title()) for name in ("undo", "redo", "clear")]
        more = gr.Accordion("Planner, method, stored plans", open=False, elem_id=elem_id("planning"))
        with more:
            with gr.Row(elem_classes=["rpg_row"]):
                planner = radio("planner", "Planner", {name: name for name in PLANNERS})
                method = radio("method", "Method", _METHODS)
            with gr.Row(elem_classes=["rpg_row"]):
                examples = radio("examples", "Worked examples", {name: name for name in example_sets()})
                recaption = radio("recaption", "Words of the regions", _RECAPTION)
                language = textbox("language", "Language", max_lines=1, placeholder="as in Settings", min_width=120)
            with gr.Row(elem_classes=["rpg_row"]):
                stored = gr.Dropdown(
                    [example.title for example in gallery()],
                    label="Stored plans",
                    info="Plans of our own, which need no planner. The canvas' size comes with them.",
                    elem_id=elem_id("stored"),
                    elem_classes=["rpg_stored"],
                )
                picture = gr.File(
                    label="Picture to recaption from, for models that see",
                    file_types=["image"],
                    elem_id=elem_id("picture"),
                    elem_classes=["rpg_picture"],
                )
                again = button("again", "Plan again, not from the cache")
        with gr.Row(elem_classes=["rpg_row", "rpg_pasting"], visible=False) as pasting:
            request = gr.Textbox(
                label="Request to copy",
                lines=4,
                max_lines=8,
                show_copy_button=True,
                interactive=False,
                elem_id=elem_id("request"),
                elem_classes=["rpg_request"],
            )
            with gr.Column(min_width=240):
                answer = textbox("answer", "Answer", lines=4, max_lines=12, placeholder="Paste the answer here.")
                use = button("use", "Use answer")
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
                info="Added to the negative prompt of this tab; with BREAK between them, one for each region.",
                elem_classes=["prompt"],
                min_width=200,
            )
        base_ratio = slider(
            "base_ratio",
            "Base ratio",
            1,
            Plan.base_ratio,
            "How much of the base prompt is in every region: 0 is none, 1 is nothing else.",
        )
        details = gr.Accordion("Ratios by region, edges, LoRAs", open=False, elem_id=elem_id("details"))
        with details:
            with gr.Row(elem_classes=["rpg_row"]):
                base_ratios = textbox(
                    "base_ratios",
                    "Base ratio of each region",
                    max_lines=1,
                    placeholder="one for all",
                    info="Such as 0.2, 0.4, or auto: more where things are of one kind.",
                    min_width=200,
                )
                feather = slider(
                    "feather",
                    "Feather",
                    MAX_FEATHER,
                    Plan.feather,
                    "How wide regions fade into each other, as a share of the shorter side.",
                )
            with gr.Row(elem_classes=["rpg_row"]):
                rows_first = radio("rows_first", "The ratio tells", _ROWS_FIRST, "false")
                hires = radio("hires", "With hires fix, regions act in", _HIRES, Plan.hires)
                lora = radio(
                    "lora",
                    "A LoRA inside a region acts on",
                    _LORA,
                    Plan.lora,
                    info="Its words cost nothing and carry what a word means; its place carries a look, too.",
                )
        with gr.Column(elem_classes=["rpg_hidden"]):
            state = textbox("state", "RPG state")
            view = textbox("view", "RPG view")
            progress = textbox("progress", "RPG progress")
            size = textbox("size", "RPG size")
            context = textbox("context", "RPG context")  # always empty: the script puts its value in on the way
            check = button("check", "Check")

    fields = [prompt, planner, method, examples, recaption, language, split_ratio, regional_prompt, base_prompt]
    hidden = [state, view, progress, size, context, check]
    buttons = [plan, cancel, again, use, *small]
    detailed = [base_ratio, details, base_ratios, feather, rows_first, hires, lora]
    for component in (*fields, negative_prompt, *detailed, more, stored, picture, request, answer, *buttons, *hidden):
        component.do_not_save_to_config = True

    script = f"sdWebuiRpg.panels.{tab}"
    show = f"(view) => {{ {script}?.show(view); }}"
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_name": False}
    state.change(None, [state], None, _js=f"(state) => {{ {script}?.accept(state); }}")
    progress.change(None, [progress], None, _js=f"(progress) => {{ {script}?.showProgress(progress); }}")
    check.click(
        lambda state, context: check_document(state, context, defaults()),
        [state, context],
        [view],
        _js=f"() => {script}.request()",
        queue=False,
        **quiet,
    ).then(None, [view], None, _js=show)

    def run(again: bool) -> Callable[..., Iterator[tuple]]:
        def steps(state: str, context: str, picture: Any, request: gr.Request) -> Iterator[tuple]:
            for step in planning.plan(
                state, context, partial(_bytes_of, picture), again, partial(_check_sender, request)
            ):
                shown = gr.update() if step.request is KEEP else gr.update(visible=True)
                texts = (step.document, step.view, step.progress, step.request, step.answer)
                yield (*(gr.update() if text is KEEP else text for text in texts), shown)

        return steps

    for pressed, fresh in ((plan, False), (again, True)):
        pressed.click(
            run(fresh),
            [state, context, picture],
            [state, view, progress, request, answer, pasting],
            _js=f"(state, context, picture) => {script}.plan(picture)",
            **quiet,
        ).then(None, [view], None, _js=show)
    cancel.click(planning.cancel, [context], None, _js=f"() => {script}.run", queue=False, **quiet)
    use.click(
        lambda *texts: _kept(planning.use_answer(*texts)),
        [state, context, answer],
        [state, view],
        _js=f"(state, context, answer) => [...{script}.request(), answer]",
        **quiet,
    ).then(None, [view], None, _js=show)
    stored.input(
        lambda *texts: _kept(planning.load(*texts)),
        [state, context, stored],
        [state, view, size],
        _js=f"(state, context, title) => [...{script}.request(), title]",
        **quiet,
    ).then(None, [size, view], None, _js=f"(size, view) => {{ {script}?.resize(size); {script}?.show(view); }}")
    return Panel(enabled, state)


def _check_sender(request: gr.Request) -> None:
    """Raise OtherSiteError where the page of another origin made the browser press Plan."""
    headers = getattr(request, "headers", None) or {}
    check_same_site({str(name).lower(): str(value) for name, value in headers.items()}, shared.cmd_opts)


def _kept(texts: tuple) -> tuple:
    return tuple(gr.update() if text is KEEP else text for text in texts)


def _bytes_of(upload: Any) -> bytes | None:
    """The bytes of an uploaded file, None for no upload. Raises RpgError for what is no file of a sane size."""
    return None if upload is None else read_file(upload.name, MAX_PICTURE, "the picture")
