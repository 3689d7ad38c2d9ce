"""Rows of Settings that are no options: headings, and the try of the connection with the state of the key."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import gradio as gr
from modules import shared

from lib_rpg.errors import RpgError
from lib_rpg.planner import PlannerConfig
from lib_rpg.planner.llm.connection import check_connection, key_state
from lib_rpg.webui.same_site import check_same_site


def text_row(component: Callable[..., Any], section: tuple[str, str], text: str = "") -> Any:
    """A row that holds no value: it is neither stored nor changed by an Apply."""
    row = shared.OptionInfo(text, "", component, section=section, restrict_api=True)
    row.do_not_save = True
    return row


def heading(title: str, section: tuple[str, str]) -> Any:
    """A row with a title above the options of a group."""
    return text_row(gr.HTML, section, f'<h3 style="margin: 1em 0 0">{escape(title)}</h3>')


def key_state_row(config: Callable[[], PlannerConfig]) -> type[gr.HTML]:
    """A line that says whether there is a key, read anew as the page is loaded and after an Apply; never the key.

    A class of its own, since gradio 4 builds a component again by its class and what it has on the page.
    """

    class KeyState(gr.HTML):
        is_template = True  # for the page it is an HTML
        webui_do_not_create_gradio_pyi_thank_you = True  # else Forge has a .pyi file written here

        def postprocess(self, y: str | None) -> str:
            """What the page gets, whatever the row's value."""
            try:
                return escape(f"Key: {key_state(config())}.")
            except RpgError as error:
                return escape(f"Key: not known, because of {error}.")

    return KeyState


class TypedFields:
    """The fields of some options on the page, by the option's name: what is typed there may not be applied yet."""

    def __init__(self) -> None:
        self.built: dict[str, Any] = {}

    def of(self, name: str, component: Callable[..., Any]) -> Callable[..., Any]:
        """What the WebUI calls in place of ``component``: it builds the same field and keeps it."""

        def build(**options: Any) -> Any:
            self.built[name] = component(**options)
            return self.built[name]

        return build


class ConnectionRow:
    """*Test connection*: tries the settings that are applied, one try at a time.

    ``fields`` are those of the settings that are tried. ``differing`` gives the labels of those of them whose typed
    value is not the applied one.
    """

    def __init__(
        self,
        config: Callable[[], PlannerConfig],
        fields: TypedFields,
        differing: Callable[[Mapping[str, Any]], list[str]],
    ) -> None:
        self._config = config
        self._fields = fields
        self._differing = differing
        self._busy = threading.Lock()

    def build(self, **options: Any) -> gr.HTML:
        """Build the row inside the current gradio block; the component that the WebUI keeps is the key's state."""
        options.pop("label", None)
        state = key_state_row(self._config)(**options)
        button = gr.Button("Test connection", elem_id="rpg_test_connection")
        result = gr.HTML(
            "Asks the server for one short answer, with the settings as applied.", elem_id="rpg_connection"
        )
        # A key in its field is not sent: the page's script says only whether there is one.
        key_is_typed = gr.Checkbox(visible=False)
        refresh = gr.Button(visible=False, elem_id="rpg_key_state_refresh")
        inputs = [key_is_typed, *self._fields.built.values()]
        js = "(_, ...typed) => [sdWebuiRpg.KeyField.isTyped(gradioApp()), ...typed]"
        tried = button.click(self.answer, inputs, [result], api_name=False, _js=js)
        for event in (tried.then, refresh.click):
            event(lambda: "", None, [state], api_name=False, show_progress="hidden")
        return state

    def answer(self, request: gr.Request, key_is_typed: bool, *typed: Any) -> str:
        """The report as HTML, or why there is none. Runs in one of gradio's threads.

        ``typed``: what the fields hold on the page, in their order.
        """
        headers = getattr(request, "headers", None) or {}
        try:
            check_same_site({str(name).lower(): str(value) for name, value in headers.items()}, shared.cmd_opts)
        except RpgError as error:
            return escape(f"Not tested: {error}.")
        names = self._differing(dict(zip(self._fields.built, typed, strict=False))) + ["Key"] * bool(key_is_typed)
        if names:
            verb = "is" if len(names) == 1 else "are"
            return escape(f"Not tested: {' and '.join(names)} {verb} not applied yet; press Apply settings first.")
        if not self._busy.acquire(blocking=False):
            return "Not tested: another test is still running; wait for it."
        try:
            return escape(check_connection(self._config()).in_words())
        finally:
            self._busy.release()
