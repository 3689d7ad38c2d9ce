"""The handlers of the panel's planning buttons: plan with progress, cancel, read a pasted answer.

Every answer has a document, which is a new one or `KEEP`, and what to say about it. On failure the document stays as
it is, so that nothing typed is lost.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lib_rpg import planner as planners
from lib_rpg.checks import show
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan
from lib_rpg.planner import CancelledPlanError, Hooks, PlannerConfig, PlanRequest, UnusableAnswerError
from lib_rpg.webui.args import RunArgs, read_args
from lib_rpg.webui.document import parse_state
from lib_rpg.webui.option_kinds import Part
from lib_rpg.webui.options import OPTIONS, Defaults, names_of
from lib_rpg.webui.panel.growing import growing_plan
from lib_rpg.webui.panel.hand_edits import Carried, carry_over
from lib_rpg.webui.panel.one_region import plan_with, with_region_of
from lib_rpg.webui.panel.view import Tab, check_document, dump, sentence_of
from lib_rpg.webui.tab_prompt import following

KEEP = None
"""In place of a text: it stays as it is."""
_INTERVAL = 0.25  # seconds between two looks at a model that is being asked
_CORRECTABLE = "; its answer is below: correct it by hand"
_COPY = "Copy the request into any chat page, paste its answer below, and press Use answer."


@dataclass(frozen=True)
class Step:
    """What the page changes to while planning, `KEEP` for what stays.

    progress: JSON of seconds, a sentence and the answer so far; empty when planning is over. request, answer: the texts
    to copy and to paste.
    """

    document: str | None = KEEP
    view: str | None = KEEP
    progress: str | None = KEEP
    request: str | None = KEEP
    answer: str | None = KEEP


class Planning:
    """The plans under way in one page's panels, each under an id that the page made up."""

    def __init__(self, defaults: Callable[[], Defaults], config: Callable[[], PlannerConfig]) -> None:
        self._defaults = defaults
        self._config = config
        self._running: dict[str, threading.Event] = {}

    def cancel(self, run: str) -> None:
        """Stop the plan of that id; nothing happens where there is none."""
        if stop := self._running.get(run):
            stop.set()

    def plan(
        self,
        state: str,
        context: str,
        picture: Callable[[], bytes | None] = lambda: None,
        check: Callable[[], None] = lambda: None,
        *,
        again: bool = False,
        anew: int | None = None,
    ) -> Iterator[Step]:
        """The Plan button: progress as it comes, and finally the document with the new plan.

        ``picture`` reads the picture to recaption from. ``check`` raises RpgError where whoever pressed Plan may not.

        What the user has set is kept with the new plan: how to plan, the options that outlive a plan, and edits of the
        old plan's texts. ``again`` plans from scratch: not from the cache, and without those edits. ``anew`` is the
        index of a region: a plan is made without the cache, and only the region in that one's place is taken of it.
        """
        try:
            check()
            document = parse_state(state)
            tab = Tab.from_json(context)
            args = self._asked(document, state, picture())
            request = args.request(tab.prompt, tab.width, tab.height)
            old = None if anew is None else plan_with(state, anew, self._defaults())
            if not args.asks(tab.prompt):
                plan = planners.plan(request, args.planner)
            elif args.planner == "paste":
                text = planners.request_text(request, self._config())
                yield Step(view=dump(state, context, "note", _COPY), request=text)
                return
            else:
                plan = yield from self._wait(request, args.planner, _run_id(context), again or anew is not None)
            if old is not None and anew is not None:
                made, remark = with_region_of(document, old, anew, plan)
                view = check_document(made, context, self._defaults(), remark)
                yield Step(made, view, progress="")
                return
            made, view = self._replanned(document, following(plan, args.without_comments(tab.prompt)), context, again)
            yield Step(made, view, progress="")
        except UnusableAnswerError as error:
            view = dump(state, context, "error", f"{str(error).rstrip('.')}{_CORRECTABLE}")
            yield Step(view=view, progress="", request="", answer=error.answer)
        except CancelledPlanError as error:
            yield Step(view=dump(state, context, "note", str(error)), progress="")
        except Exception as error:
            yield Step(view=dump(state, context, "error", sentence_of(error)), progress="")

    def use_answer(self, state: str, context: str, answer: str) -> tuple[str | None, str]:
        """The document with the plan that a pasted answer holds, and its view."""
        try:
            document = parse_state(state)
            tab = Tab.from_json(context)
            if not answer.strip():
                raise RpgError("There is no answer yet: paste the chat's answer into the field above")
            args = self._asked(document, state)
            plan = planners.read_pasted(answer, args.request(tab.prompt, tab.width, tab.height))
            return self._replanned(document, following(plan, args.without_comments(tab.prompt)), context)
        except Exception as error:
            return KEEP, dump(state, context, "error", sentence_of(error))

    def _asked(self, document: Mapping[str, Any], state: str, picture: bytes | None = None) -> RunArgs:
        """How to plan, whatever the other fields hold."""
        asked = {key: document[key] for key in ("prompt", "planner", *names_of(Part.REQUEST)) if key in document}
        args = read_args((True, asked), self._defaults())
        return args if picture is None else args.with_picture(picture)

    def _replanned(
        self, document: Mapping[str, Any], plan: Plan, context: str, from_scratch: bool = False
    ) -> tuple[str, str]:
        """The document with that plan as JSON, and its view."""
        made, remark = replanned(document, plan, from_scratch)
        text = json.dumps(made, ensure_ascii=False)
        return text, check_document(text, context, self._defaults(), remark)

    def _wait(self, request: PlanRequest, planner: str, run: str, again: bool) -> Generator[Step, None, Plan]:
        """Run the planner in a thread, and yield its progress. Returns the plan."""
        heard = {"message": "", "answer": ""}
        stop = self._running[run] = threading.Event()
        hooks = Hooks(
            on_text=lambda text: heard.update(answer=text),
            on_status=lambda sentence: heard.update(message=sentence),
            cancelled=stop.is_set,
        )
        result: list[Plan | Exception] = []

        def work() -> None:
            try:
                result.append(planners.plan(request, planner, config=self._config(), hooks=hooks, fresh=again))
            except Exception as error:
                result.append(error)

        thread = threading.Thread(target=work, name="rpg-planner", daemon=True)
        began = time.monotonic()
        thread.start()
        read, growing = "", None
        try:
            while thread.is_alive():
                thread.join(_INTERVAL)
                seconds = round(time.monotonic() - began, 1)
                if heard["answer"] != read:
                    read = heard["answer"]
                    growing = growing_plan(read, request)
                yield Step(progress=json.dumps({"seconds": seconds, **heard, "plan": growing}))
        finally:
            # Also when the page is closed meanwhile: nobody waits for the plan any more.
            stop.set()
            self._running.pop(run, None)
        [outcome] = result
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def replanned(document: Mapping[str, Any], plan: Plan, from_scratch: bool = False) -> tuple[dict[str, Any], str]:
    """A document with another plan and with what the user has set and keeps, and a sentence on what was not kept.

    The options that outlive a plan stay; edits of the old plan's texts do unless ``from_scratch``.
    """
    carried = Carried(plan) if from_scratch else carry_over(document, plan)
    stays = {
        option.name: document[option.name]
        for option in OPTIONS
        if option.name in document and option.stays(document[option.name])
    }
    lost = ", ".join(map(show, carried.lost))
    remark = f"The new plan has no region for {lost}; Undo brings the old one back." if lost else ""
    return {"plan": carried.plan.to_dict(), **carried.typed, **stays}, remark


def _run_id(context: str) -> str:
    return str(json.loads(context).get("run", ""))
