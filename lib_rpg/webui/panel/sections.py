"""The sections of the panel, from top to bottom: one function for each, which makes its components.

An option of the table's section ``details`` is placed by `details` itself; the others are placed here by name, since
each has a fixed place.
"""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from lib_rpg.webui.option_kinds import Kind
from lib_rpg.webui.options import in_section
from lib_rpg.webui.panel.components import Components, options_for_script
from lib_rpg.webui.settings import SECTION

_ROW = ["rpg_row"]
_PLANNING = "Planner and method"
_CANVAS = f"""
<div class="rpg_tools" role="toolbar" aria-label="Regions"></div>
<div class="rpg_mask_tools" role="toolbar" aria-label="Mask" hidden></div>
<div class="rpg_stage"><div class="rpg_canvas" role="group" aria-label="Regions of the picture"></div></div>
<div class="rpg_guesses" role="status" aria-live="polite" hidden>
<p>Guessed:</p>
<ul></ul>
<p class="rpg_hint">A language model may read more: choose one above, in <em>{_PLANNING}</em>, and set it up in
<em>Settings → {SECTION[1]}</em>.</p>
</div>
<p class="rpg_offer" role="status"></p>
<pre class="rpg_growing" aria-hidden="true"></pre>
"""
_EDITOR = """
<div class="rpg_editor" role="group" aria-label="Regions one by one" hidden>
<div class="rpg_lines" role="grid" aria-label="All regions"></div>
<p class="rpg_editor_hint"></p>
<div class="rpg_form" role="group" hidden>
<div class="prompt rpg_long" data-field="prompt"><label><span>Words of the region</span>
<textarea rows="3"></textarea></label></div>
<div class="prompt rpg_long" data-field="negative_prompt"><label><span>Negative prompt of the region</span>
<textarea rows="1"></textarea></label></div>
</div>
</div>
"""


@dataclass(frozen=True)
class PromptSection:
    """The buttons next to the prompt to plan."""

    plan: gr.Button
    cancel: gr.Button


@dataclass(frozen=True)
class PlanningSection:
    """The components for planning that are not options. ``again``: all regions; ``anew``: the selected one."""

    picture: gr.File
    again: gr.Button
    anew: gr.Button


@dataclass(frozen=True)
class PastingSection:
    """Where a request is copied from, and a chat page's answer pasted; ``row`` is seen once there is something."""

    row: gr.Row
    request: gr.Textbox
    answer: gr.Textbox
    use: gr.Button


@dataclass(frozen=True)
class HiddenSection:
    """Texts that the server and the page's script exchange; see the package's `build`."""

    state: gr.Textbox
    view: gr.Textbox
    progress: gr.Textbox
    call: gr.Textbox
    reply: gr.Textbox
    context: gr.Textbox
    """This and ``call`` are always empty: the script puts their values in on the way."""
    check: gr.Button
    ask: gr.Button


def prompt(make: Components) -> PromptSection:
    """The prompt to plan, and the buttons for it."""
    with gr.Row(elem_classes=_ROW):
        make.option("prompt", lines=2, elem_classes=["prompt"], scale=4, min_width=240)
        with gr.Column(elem_classes=["rpg_buttons"], min_width=160, scale=1):
            plan = make.button("plan", "Plan regions", variant="primary")
            cancel = make.button("cancel", "Cancel")
            with gr.Row(elem_classes=["rpg_history"]):
                for name in ("undo", "redo", "clear"):
                    make.button(name, name.title())
    return PromptSection(plan, cancel)


def planning(make: Components) -> PlanningSection:
    """How to plan."""
    with make.accordion("planning", _PLANNING):
        with gr.Row(elem_classes=_ROW):
            make.option("planner")
            make.option("method")
        with gr.Row(elem_classes=_ROW):
            make.option("examples")
            make.option("recaption")
        with gr.Row(elem_classes=_ROW):
            make.option("dialect")
            make.option("language", max_lines=1, min_width=120)
        with gr.Row(elem_classes=_ROW):
            picture = make.picture("picture", "Picture to recaption from, for models that see")
            with gr.Column(elem_classes=["rpg_buttons"], min_width=200):
                again = make.button("again", "Plan from scratch: no cache, none of my edits")
                anew = make.button("anew", "Plan only the selected region anew")
    return PlanningSection(picture, again, anew)


def shelf(make: Components) -> None:
    """Stored layouts, which the page's script draws."""
    with make.accordion("shelf", "Stored layouts"):
        gr.HTML('<div class="rpg_shelf"></div>', elem_id=make.elem_id("stored"))


def results(make: Components) -> None:
    """What was drawn: shown over the picture, taken back into the panel, compared."""
    with make.accordion("results", "The picture that was drawn: show its regions, repaint, compare"):
        gr.HTML('<div class="rpg_results"></div>', elem_id=make.elem_id("drawn"))
        make.option("compare")


def pasting(make: Components) -> PastingSection:
    """The request for a chat page, and its answer."""
    with gr.Row(elem_classes=["rpg_row", "rpg_pasting"], visible=False) as row:
        request = make.textbox(
            "request", "Request to copy", lines=4, max_lines=8, show_copy_button=True, interactive=False
        )
        with gr.Column(min_width=240):
            answer = make.textbox("answer", "Answer", lines=4, max_lines=12, placeholder="Paste the answer here.")
            use = make.button("use", "Use answer")
    return PastingSection(row, request, answer, use)


def regions(make: Components) -> None:
    """The canvas, the regions as text, and the editor of the one that is selected."""
    with gr.Row(elem_classes=_ROW):
        with gr.Column(min_width=300, scale=3):
            canvas = _CANVAS + options_for_script()
            gr.HTML(canvas, elem_id=make.elem_id("preview"), elem_classes=["rpg_preview"])
        with gr.Column(elem_classes=["rpg_texts"], min_width=240, scale=2):
            make.option("split_ratio", max_lines=1)
            make.option("regional_prompt", lines=5, elem_classes=["prompt"])
    gr.HTML(_EDITOR, elem_id=make.elem_id("editor"))


def picture(make: Components) -> None:
    """What goes for the whole picture."""
    with make.accordion("whole", "Whole picture: base prompt, negative prompt, base ratio"):
        with gr.Row(elem_classes=_ROW):
            with gr.Column(min_width=200):
                make.option("base_prompt", lines=2, elem_classes=["prompt"])
                make.button("send_base", "Send to the tab's prompt")
            with gr.Column(min_width=200):
                make.option("negative_prompt", lines=2, elem_classes=["prompt"])
        make.option("base_ratio")


def details(make: Components) -> None:
    """The options of the section ``details``."""
    with make.accordion("details", "Edges, LoRAs, passes, ratios by region"):
        _place(make, "details")


def binding(make: Components) -> None:
    """The options of the section ``binding``."""
    with make.accordion("bound", "Binding: draw each object by itself first"):
        _place(make, "binding", choices_first=True)


def guidance(make: Components) -> None:
    """The options of the section ``guidance``."""
    with make.accordion("guided", "Composition and attention guidance"):
        _place(make, "guidance", choices_first=True)


def _place(make: Components, section: str, choices_first: bool = False) -> None:
    """The options of a section: a row of what is typed, and a row of choices."""
    for are_choices in (choices_first, not choices_first):
        with gr.Row(elem_classes=_ROW):
            for option in in_section(section):
                if bool(option.choices) == are_choices:
                    is_prompt = option.kind is Kind.TEXT and not option.choices
                    make.option(option.name, **({"lines": 2, "elem_classes": ["prompt"]} if is_prompt else {}))


def hidden(make: Components) -> HiddenSection:
    """What is never seen."""
    with gr.Column(elem_classes=["rpg_hidden"]):
        return HiddenSection(
            state=make.textbox("state", "RPG state"),
            view=make.textbox("view", "RPG view"),
            progress=make.textbox("progress", "RPG progress"),
            call=make.textbox("call", "RPG call"),
            reply=make.textbox("reply", "RPG reply"),
            context=make.textbox("context", "RPG context"),
            check=make.button("check", "Check"),
            ask=make.button("ask", "Ask"),
        )
