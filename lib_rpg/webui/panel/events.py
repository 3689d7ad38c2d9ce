"""The panel's events: which handler on the server, and which method of the page's script, a component calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import gradio as gr
from modules import shared

from lib_rpg.files import read_file
from lib_rpg.planner import MAX_PICTURE
from lib_rpg.webui.options import Defaults
from lib_rpg.webui.panel.calls import Calls
from lib_rpg.webui.panel.planning import KEEP, Planning
from lib_rpg.webui.panel.sections import HiddenSection, PastingSection, PlanningSection, PromptSection
from lib_rpg.webui.panel.view import check_document
from lib_rpg.webui.same_site import check_same_site

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_name": False}


class Events:
    """Ties one panel's components to their handlers.

    ``script`` is the JavaScript expression of the panel's object (javascript/rpg_panel.js). What the server's handlers
    are sent as state and context is what the script's ``request()`` says, not what the two components hold.
    """

    def __init__(self, script: str, hidden: HiddenSection, planning: Planning) -> None:
        self._script = script
        self._hidden = hidden
        self._planning = planning

    def follow_document(self) -> None:
        """Fill the fields where the document changes, and show how a planning goes on."""
        state, progress = self._hidden.state, self._hidden.progress
        state.change(None, [state], None, _js=f"(state) => {{ {self._script}?.accept(state); }}")
        progress.change(None, [progress], None, _js=f"(progress) => {{ {self._script}?.showProgress(progress); }}")

    def check(self, defaults: Callable[[], Defaults]) -> None:
        """The hidden button: what the document means."""
        self._show_view_after(
            self._hidden.check.click(
                lambda state, context: check_document(state, context, defaults()),
                [self._hidden.state, self._hidden.context],
                [self._hidden.view],
                _js=f"() => {self._script}.request()",
                queue=False,
                **_QUIET,
            )
        )

    def plan(self, prompt: PromptSection, planning: PlanningSection, pasting: PastingSection) -> None:
        """Plan, plan again, plan one region anew, and Cancel."""
        hidden = self._hidden
        buttons = ((prompt.plan, "plan"), (planning.again, "again"), (planning.anew, "anew"))
        for button, name in buttons:
            self._show_view_after(
                button.click(
                    self._plan_steps(name),
                    [hidden.state, hidden.context, planning.picture, hidden.call],
                    [hidden.state, hidden.view, hidden.progress, pasting.request, pasting.answer, pasting.row],
                    _js=f"(state, context, picture, selected) => {self._script}.startPlan(picture)",
                    **_QUIET,
                )
            )
        run = f"() => {self._script}.run"
        prompt.cancel.click(self._planning.cancel, [hidden.context], None, _js=run, queue=False, **_QUIET)

    def use_answer(self, pasting: PastingSection) -> None:
        """Use answer: the plan that a pasted answer holds."""
        self._show_view_after(
            pasting.use.click(
                lambda *texts: _updates(self._planning.use_answer(*texts)),
                [self._hidden.state, self._hidden.context, pasting.answer],
                [self._hidden.state, self._hidden.view],
                _js=f"(state, context, answer) => [...{self._script}.request(), answer]",
                **_QUIET,
            )
        )

    def ask(self, calls: Calls) -> None:
        """The hidden button: what the script asks for by name."""
        hidden, server = self._hidden, f"{self._script}.server"
        hidden.ask.click(
            calls.answer, [hidden.call], [hidden.reply], _js=f"() => {server}.next()", queue=False, **_QUIET
        ).then(None, [hidden.reply], None, _js=f"(reply) => {{ {server}.answered(reply); }}")

    def _show_view_after(self, event: Any) -> None:
        event.then(None, [self._hidden.view], None, _js=f"(view) => {{ {self._script}?.show(view); }}")

    def _plan_steps(self, button: str) -> Callable[..., Iterator[tuple]]:
        def steps(state: str, context: str, picture: Any, selected: str, request: gr.Request) -> Iterator[tuple]:
            options = {"anew": int(selected)} if button == "anew" else {"again": button == "again"}
            read_picture, check = partial(picture_bytes, picture), partial(_check_sender, request)
            for step in self._planning.plan(state, context, read_picture, check, **options):
                row = gr.update() if step.request is KEEP else gr.update(visible=True)
                yield (*_updates((step.document, step.view, step.progress, step.request, step.answer)), row)

        return steps


def picture_bytes(upload: Any) -> bytes | None:
    """The bytes of an uploaded file, None for no upload. Raises RpgError for what is not a file, or is too large."""
    return None if upload is None else read_file(upload.name, MAX_PICTURE, "the picture")


def _check_sender(request: gr.Request) -> None:
    """Raise OtherSiteError where the page of another origin made the browser press Plan."""
    headers = getattr(request, "headers", None) or {}
    check_same_site({str(name).lower(): str(value) for name, value in headers.items()}, shared.cmd_opts)


def _updates(texts: tuple) -> tuple:
    return tuple(gr.update() if text is KEEP else text for text in texts)
