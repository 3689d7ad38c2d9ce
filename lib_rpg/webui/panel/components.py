"""The panel's components: one for each option, from its row in the table, and the other buttons and texts."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from typing import Any

import gradio as gr

from lib_rpg.webui.option_kinds import Kind, Option
from lib_rpg.webui.options import BY_NAME, for_page

_SETTINGS = "as in Settings"
_SLIDER_STEP = 0.05


class Components:
    """Makes the components of one panel; none of them is saved to ui-config.json.

    Each has the element id ``elem_id(name)`` and the class ``rpg_name``, by which the page's script finds it.
    """

    def __init__(self, elem_id: Callable[[str], str]) -> None:
        self.elem_id = elem_id

    def option(self, name: str, **layout: Any) -> Any:
        """The component of an option: a choice, a slider or a text, with ``layout`` for gradio."""
        option = BY_NAME[name]
        if option.choices:
            return self._radio(option, **layout)
        if option.kind is Kind.NUMBER:
            return self._slider(option, **layout)
        if option.kind is Kind.NUMBERS:
            layout = {"max_lines": 1, "min_width": 200, **layout}
        texts = {"info": option.help or None, "placeholder": option.placeholder or None}
        return self.textbox(name, option.label, **texts, **layout)

    def textbox(self, name: str, label: str, **arguments: Any) -> gr.Textbox:
        """A text, which can be edited where ``arguments`` do not say otherwise.

        It begins empty: where gradio 4 has None in it, the WebUI's paste of an infotext has no type to make.
        """
        return self._made(gr.Textbox, name, label=label, **{"interactive": True, "value": "", **arguments})

    def button(self, name: str, text: str, **arguments: Any) -> gr.Button:
        """A small button."""
        return self._made(gr.Button, name, value=text, size="sm", **arguments)

    def accordion(self, name: str, label: str) -> gr.Accordion:
        """A closed accordion."""
        made = gr.Accordion(label, open=False, elem_id=self.elem_id(name))
        made.do_not_save_to_config = True
        return made

    def picture(self, name: str, label: str) -> gr.File:
        """An upload of an image file."""
        return self._made(gr.File, name, label=label, file_types=["image"])

    def _radio(self, option: Option, **layout: Any) -> gr.Radio:
        choices = {label: as_text(value) for label, value in option.values().items()}
        if option.default == "":
            choices = {_SETTINGS: "", **choices}
        return self._made(
            gr.Radio,
            option.name,
            choices=list(choices.items()),
            value=as_text(option.default),
            label=option.label,
            info=option.help or None,
            interactive=True,
            **layout,
        )

    def _slider(self, option: Option, **layout: Any) -> gr.Slider:
        low, high = option.bounds
        return self._made(
            gr.Slider,
            option.name,
            minimum=low,
            maximum=high if option.slider_end is None else option.slider_end,
            value=option.default,
            step=_SLIDER_STEP,
            label=option.label,
            info=option.help or None,
            interactive=True,
            **layout,
        )

    def _made(self, kind: Callable[..., Any], name: str, elem_classes: tuple[str, ...] = (), **arguments: Any) -> Any:
        made = kind(elem_id=self.elem_id(name), elem_classes=[f"rpg_{name}", *elem_classes], **arguments)
        made.do_not_save_to_config = True
        return made


def as_text(value: Any) -> str:
    """A choice's value as the page has it: true and false as in JSON."""
    return json.dumps(value) if isinstance(value, bool) else str(value)


def options_for_script() -> str:
    """What the page's script knows of the options, as an element that is not seen."""
    return f'<div class="rpg_options" hidden data-options="{html.escape(json.dumps(for_page()))}"></div>'
