"""The Settings tab: every option, by section, with a button that applies them."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

import gradio as gr
from modules import shared
from modules.options import OptionInfo


def create_setting_component(key: str, info: OptionInfo) -> Any:
    """A component that shows and edits the option ``key``: the option's own, or one that fits its default."""
    args = info.component_args() if callable(info.component_args) else info.component_args or {}
    kind = info.component
    if kind is None:
        kinds = {bool: gr.Checkbox, int: gr.Number, float: gr.Number, str: gr.Textbox, type(None): gr.Textbox}
        kind = kinds.get(type(info.default))
        if kind is None:
            return None
        if type(info.default) is int:
            args = {"precision": 0, **args}
    return kind(label=info.label, value=getattr(shared.opts, key), elem_id=f"setting_{key}", **args)


def settings_json() -> str:
    """All options as JSON: the page's ``opts``."""
    return json.dumps({key: getattr(shared.opts, key) for key in shared.opts.data_labels}, default=str)


def create_settings_tab() -> None:
    """Build the tab inside the current gradio block."""
    components: dict[str, Any] = {}
    with gr.Column(elem_id="settings"):
        with gr.Row():
            apply = gr.Button("Apply settings", variant="primary", elem_id="settings_submit")
        result = gr.HTML(elem_id="settings_result")
        options = shared.opts.data_labels.items()
        for section, entries in groupby(options, key=lambda entry: entry[1].section):
            section_id, title = (section or ("other", "Other"))[:2]
            with gr.Accordion(title or section_id, open=False, elem_id=f"settings_{section_id}"):
                for key, info in entries:
                    component = create_setting_component(key, info)
                    if component is not None:
                        components[key] = component
        text = gr.Textbox(elem_id="settings_json", value=settings_json, visible=False)

    def apply_settings(*values: Any) -> tuple[str, str]:
        changed = [
            key
            for key, value in zip(components, values, strict=True)
            if not (value in ("", None) and getattr(shared.opts, key) in ("", None)) and shared.opts.set(key, value)
        ]
        shared.opts.save(shared.config_filename)
        return settings_json(), f"{len(changed)} settings changed{': ' if changed else ''}{', '.join(changed)}."

    def values() -> list[Any]:
        return [getattr(shared.opts, key) for key in components]

    # What is applied may have changed since the page was built.
    gr.context.Context.root_block.load(fn=values, outputs=list(components.values()), show_progress=False)
    apply.click(fn=apply_settings, inputs=list(components.values()), outputs=[text, result], show_progress=False)
