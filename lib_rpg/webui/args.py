"""Reads the arguments of one generation: the API's argument, or the panel's checkbox and document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lib_rpg import planner as planners
from lib_rpg.errors import RpgError
from lib_rpg.keywords import without_comments
from lib_rpg.plan import Plan
from lib_rpg.planner import PlanRequest
from lib_rpg.repainting.request import Repaint
from lib_rpg.webui.document import UNREAD, Document, laid_over, parse_state
from lib_rpg.webui.options import Defaults
from lib_rpg.webui.tab_prompt import following

MakePlan = Callable[[PlanRequest, str], Plan]
"""Plans a request with the planner of that name."""


@dataclass(frozen=True)
class RunArgs:
    """A validated request for one generation.

    ``plan`` is the plan to draw, or None: then ``planner`` makes one of ``prompt``, or of each picture's own
    prompt where ``prompt`` is blank, asked for with the options ``asked`` of a `PlanRequest`, and ``overrides``
    replaces fields of what it made. ``compare`` says what the first picture is drawn again for, ``repaint`` what of
    which picture is drawn anew.
    """

    enabled: bool = False
    plan: Plan | None = None
    planner: str = "offline"
    prompt: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    overrides: Mapping[str, Any] = field(default_factory=dict)
    compare: str = Document.compare
    repaint: Repaint | None = None

    def without_comments(self, prompt: str) -> str:
        """A picture's prompt as it is read: without its comments, where the WebUI takes them out as well."""
        return without_comments(prompt) if self.asked.get("comments", PlanRequest.comments) else prompt

    def text_to_plan(self, prompt: str) -> str:
        """What is planned for a picture of that prompt: ``self.prompt``, or where that is blank the picture's own."""
        return self.prompt if self.prompt.strip() else self.without_comments(prompt)

    def asks(self, prompt: str) -> bool:
        """Whether the planner would ask a model, or the user, for a picture of that prompt."""
        return planners.asks(self.planner, self.text_to_plan(prompt))

    def request(self, prompt: str, width: int, height: int) -> PlanRequest:
        """What to ask a planner for a picture of that prompt and size in pixels. Raises RpgError if that is nothing."""
        text = self.text_to_plan(prompt)
        if not text.strip():
            raise RpgError("There is nothing to plan: type a prompt, or make a plan in the RPG panel")
        return PlanRequest(text, width=width, height=height, **self.asked)

    def with_picture(self, picture: bytes) -> RunArgs:
        """The same, with an image file's bytes to recaption from."""
        return replace(self, asked={**self.asked, "picture": picture})

    def plan_for(self, prompt: str, width: int, height: int, make_plan: MakePlan = planners.plan) -> Plan:
        """The plan for a picture of ``width`` × ``height`` pixels whose own prompt is ``prompt``.

        ``make_plan`` is asked where there is none yet. A blank base prompt follows the picture's prompt
        (`lib_rpg.webui.tab_prompt`). Raises RpgError where nothing can be planned.
        """
        if self.plan is not None:
            return self.plan
        made = make_plan(self.request(prompt, width, height), self.planner)
        return laid_over(following(made, self.without_comments(prompt)), self.overrides)


def read_args(values: tuple[Any, ...], defaults: Defaults = Defaults()) -> RunArgs:
    """Read a script's arguments.

    ``values`` is ``({…},)`` or ``({…}, no dict)`` from the API, or ``(enabled, document)``, where the document is
    JSON text (the panel's) or a dict. Raises RpgError in one sentence for anything malformed, but never when the
    checkbox is off.
    """
    first = values[0] if values else False
    if isinstance(first, Mapping):
        if len(values) > 1 and isinstance(values[1], Mapping):
            raise RpgError('RPG: the second argument is a dict as well: send one dict, {"args": [{"plan": {…}}]}')
        return _run_args(first, defaults)
    if first is None or first is False:
        return RunArgs()
    if first is not True:
        raise RpgError(
            f"RPG: the first argument must be a dict or true/false, not {type(first).__name__}: "
            'send {"args": [{"enabled": true, "plan": {…}}]}'
        )
    if reason := unread_of(values):
        raise RpgError(f"{reason} (press Clear in the panel to start again)")
    return _run_args(parse_state(values[1] if len(values) > 1 else None), defaults)


def unread_of(values: tuple[Any, ...]) -> str:
    """Why the regions of a pasted infotext could not be read; empty for any other arguments of a script."""
    if values and isinstance(values[0], Mapping):
        return ""
    try:
        reason = parse_state(values[1] if len(values) > 1 else None).get(UNREAD)
    except RpgError:
        return ""
    return reason if isinstance(reason, str) else ""


def _run_args(values: Mapping[str, Any], defaults: Defaults) -> RunArgs:
    document = Document.read(values, defaults)
    if not document.enabled:
        return RunArgs()
    plan = document.result()
    asked, overrides = document.asked, document.overrides
    return RunArgs(True, plan, document.planner, document.prompt, asked, overrides, document.compare, document.repaint)
