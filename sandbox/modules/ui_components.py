"""The WebUI's own gradio components, under the same names and with the same behaviour in the page."""

from __future__ import annotations

from typing import Any

import gradio as gr


class FormComponent:
    """Mixin: gradio groups components that ask for a ``Form`` parent into one bordered box."""

    def get_expected_parent(self) -> type[gr.components.Form]:
        return gr.components.Form


gr.Dropdown.get_expected_parent = FormComponent.get_expected_parent


class ToolButton(FormComponent, gr.Button):
    """Small button, usually with a single emoji as text."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, elem_classes=["tool", *(kwargs.pop("elem_classes", None) or [])], **kwargs)

    def get_block_name(self) -> str:
        return "button"


class FormRow(FormComponent, gr.Row):
    """A row that may be in a form."""

    def get_block_name(self) -> str:
        return "row"


class FormColumn(FormComponent, gr.Column):
    """A column that may be in a form."""

    def get_block_name(self) -> str:
        return "column"


class FormGroup(FormComponent, gr.Group):
    """A group that may be in a form."""

    def get_block_name(self) -> str:
        return "group"


class FormHTML(FormComponent, gr.HTML):
    """HTML that may be in a form."""

    def get_block_name(self) -> str:
        return "html"


class ResizeHandleRow(gr.Row):
    """A row whose columns the WebUI lets the user resize; here it is a plain row of the same class name."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.elem_classes.append("resize-handle-row")

    def get_block_name(self) -> str:
        return "row"


class DropdownMulti(FormComponent, gr.Dropdown):
    """A dropdown that takes several values."""

    def __init__(self, **kwargs: Any):
        super().__init__(multiselect=True, **kwargs)

    def get_block_name(self) -> str:
        return "dropdown"


class DropdownEditable(FormComponent, gr.Dropdown):
    """A dropdown that takes values outside its choices."""

    def __init__(self, **kwargs: Any):
        super().__init__(allow_custom_value=True, **kwargs)

    def get_block_name(self) -> str:
        return "dropdown"


class InputAccordion(gr.Checkbox):
    """An accordion with a checkbox in its header, whose value is that checkbox: True or False.

    It is a hidden checkbox, ``<elem_id>-checkbox``, beside an accordion, ``<elem_id>``; the page's script ties the two
    together (`setupInputAccordion` in static/script.js). Components made in its ``with`` block are in the accordion.
    """

    unnamed = 0

    def __init__(self, value: bool, **kwargs: Any):
        self.accordion_id = kwargs.get("elem_id")
        if self.accordion_id is None:
            self.accordion_id = f"input-accordion-{InputAccordion.unnamed}"
            InputAccordion.unnamed += 1

        super().__init__(value, **{**kwargs, "elem_id": f"{self.accordion_id}-checkbox", "visible": False})
        self.change(
            fn=None,
            _js=f"(checked) => {{ inputAccordionChecked('{self.accordion_id}', checked); }}",
            inputs=[self],
        )
        accordion = {
            "label": "Accordion",
            **kwargs,
            "elem_id": self.accordion_id,
            "elem_classes": ["input-accordion"],
            "open": value,
        }
        self.accordion = gr.Accordion(**accordion)

    def extra(self) -> gr.Column:
        """A column for components in the accordion's header; use it as ``with accordion.extra():``."""
        return gr.Column(elem_id=f"{self.accordion_id}-extra", elem_classes="input-accordion-extra", min_width=0)

    def __enter__(self) -> InputAccordion:
        self.accordion.__enter__()
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self.accordion.__exit__(*exc_info)

    def get_block_name(self) -> str:
        return "checkbox"
