"""The sections of the panel, from top to bottom: one function for each, which makes its components.

An option of the table's section ``details`` is placed by `details` itself; the others are placed here by name, since
each has a fixed place.
"""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from lib_rpg.gallery import gallery
from lib_rpg.webui.options import in_section
from lib_rpg.webui.panel.components import Components, options_for_script
from lib_rpg.webui.settings import SECTION

_ROW = ["rpg_row"]
_PLANNING = "Planner, method, stored plans"
_PREVIEW = f"""
<div class="rpg_canvas" role="group" aria-label="Regions of the picture"></div>
<p class="rpg_message" role="status" aria-live="polite" data-level="note"></p>
<div class="rpg_guesses" role="status" aria-live="polite" hidden>
<p>Guessed:</p>
<ul></ul>
<p class="rpg_hint">A language model may read more: choose one above, in <em>{_PLANNING}</em>, and set it up in
<em>Settings → {SECTION[1]}</em>.</p>
</div>
<pre class="rpg_growing" aria-hidden="true"></pre>
"""


@dataclass(frozen=True)
class PromptSection:
    """The buttons next to the prompt to plan."""

    plan: gr.Button
    cancel: gr.Button


@dataclass(frozen=True)
class PlanningSection:
    """The components for planning that are not options."""

    stored: gr.Dropdown
    picture: gr.File
    again: gr.Button


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
    size: gr.Textbox
    context: gr.Textbox
    """Always empty: the script puts its value in on the way."""
    check: gr.Button


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
    """How to plan, and stored plans."""
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
            titles = [example.title for example in gallery()]
            info = "Example plans, which need no planner. They also set the picture's size."
            stored = make.dropdown("stored", "Stored plans", titles, info)
            picture = make.picture("picture", "Picture to recaption from, for models that see")
            again = make.button("again", "Plan from scratch: no cache, none of my edits")
    return PlanningSection(stored, picture, again)


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
    """The regions as text, and their preview."""
    with gr.Row(elem_classes=_ROW):
        with gr.Column(elem_classes=["rpg_texts"], min_width=260, scale=3):
            make.option("split_ratio", max_lines=1)
            make.option("regional_prompt", lines=5, elem_classes=["prompt"])
        with gr.Column(min_width=220, scale=2):
            preview = _PREVIEW + options_for_script()
            gr.HTML(preview, elem_id=make.elem_id("preview"), elem_classes=["rpg_preview"])


def picture(make: Components) -> None:
    """What goes for the whole picture."""
    with gr.Row(elem_classes=_ROW):
        for name in ("base_prompt", "negative_prompt"):
            make.option(name, lines=2, elem_classes=["prompt"], min_width=200)
    make.option("base_ratio")


def details(make: Components) -> None:
    """The options of the section ``details``: a row of what is typed, and a row of choices."""
    options = in_section("details")
    with make.accordion("details", "Ratios by region, edges, LoRAs"):
        with gr.Row(elem_classes=_ROW):
            for option in options:
                if not option.choices:
                    make.option(option.name)
        with gr.Row(elem_classes=_ROW):
            for option in options:
                if option.choices:
                    make.option(option.name)


def hidden(make: Components) -> HiddenSection:
    """What is never seen."""
    with gr.Column(elem_classes=["rpg_hidden"]):
        return HiddenSection(
            state=make.textbox("state", "RPG state"),
            view=make.textbox("view", "RPG view"),
            progress=make.textbox("progress", "RPG progress"),
            size=make.textbox("size", "RPG size"),
            context=make.textbox("context", "RPG context"),
            check=make.button("check", "Check"),
        )
