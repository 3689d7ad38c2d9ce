"""Makes the view of the panel's document: its regions, and a message that says what it means."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib_rpg.checks import quantity
from lib_rpg.errors import RpgError
from lib_rpg.layout.objects import bound_objects
from lib_rpg.layout.smallness import small_regions
from lib_rpg.plan import Plan
from lib_rpg.webui.args import read_args
from lib_rpg.webui.host import host
from lib_rpg.webui.options import Defaults
from lib_rpg.webui.panel.unfinished import unfinished_plan
from lib_rpg.webui.tab_prompt import OUTDATED, is_outdated

_HINT = "Type a prompt and press Plan regions, or draw regions below."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tab:
    """What the script sends along: the tab's prompt, and its size in pixels."""

    prompt: str
    width: int
    height: int

    @classmethod
    def from_json(cls, text: str) -> Tab:
        document = json.loads(text)
        return cls(str(document["prompt"]), int(document["width"]), int(document["height"]))


@dataclass(frozen=True)
class Shown:
    """What the canvas draws: the document of a plan, None for nothing.

    ``is_resolved``: it is what is typed as well, else the layout and words of a document that is no plan yet.
    """

    plan: dict[str, Any] | None = None
    is_resolved: bool = False


def check_document(state: str, context: str, defaults: Defaults, remark: str = "") -> str:
    """What the page shows about a document, and ``remark`` behind it: JSON of an RpgView, see rpg_panel.js."""
    plan: Plan | None = None
    try:
        args = read_args((True, state), defaults)
        tab = Tab.from_json(context)
        wanted = args.text_to_plan(tab.prompt)
        if args.plan is None and not wanted.strip():
            return dump(state, context, "note", _HINT)
        if args.plan is None and args.asks(tab.prompt):
            return dump(state, context, "note", _without_preview(args.planner))
        plan = args.plan_for(tab.prompt, tab.width, tab.height)
    except Exception as error:
        sentence = sentence_of(error)
        shown = Shown(plan.to_dict(), True) if plan else Shown(unfinished_plan(state))
        return dump(state, context, "error", sentence, shown, warning=f"RPG: {sentence}")
    shown = Shown(plan.to_dict(), True)
    if args.plan is not None and is_outdated(plan, wanted):
        summary = f"{_regions(plan)}, planned from another prompt; press Plan regions to plan again."
        return dump(state, context, "stale", f"{summary} {remark}".strip(), shown, warning=f"RPG: {OUTDATED}")
    level, summary = "ok", f"{_regions(plan)}."
    if args.plan is None:
        ratio = f"with base ratio {plan.base_ratio:g}"
        level, summary = "note", f"Nothing is set: Generate will plan {_regions(plan)} as shown, {ratio}."
    message = " ".join(filter(None, (summary, _bound(plan), _remarks(plan, tab), remark)))
    return dump(state, context, level, message, shown, plan.source.guesses)


def _without_preview(planner: str) -> str:
    if planner == "paste":
        return "Press Plan regions: it shows the request to copy into a chat page."
    return f"Nothing is set: Generate will ask {planner} for regions."


def _regions(plan: Plan) -> str:
    return quantity(len(plan.regions), "region")


def _bound(plan: Plan) -> str:
    """How many objects will be bound, as one sentence; empty for none."""
    count = len(bound_objects(plan))
    return f"{quantity(count, 'object')} will be bound." if count else ""


def _remarks(plan: Plan, tab: Tab) -> str:
    notes = (*plan.source.remarks, *plan.left_to_base, small_regions(plan, tab.width, tab.height))
    return " ".join(f"{note.rstrip('.')}." for note in notes if note)


def dump(
    state: str,
    context: str,
    level: str,
    message: str,
    shown: Shown = Shown(),
    guesses: Sequence[str] = (),
    warning: str = "",
) -> str:
    """The JSON of an RpgView; ``warning`` is what is shown beside Generate, ``tokens`` the length of each region."""
    view = {"state": state, "context": context, "level": level, "message": message, "warning": warning}
    drawn = {"plan": shown.plan, "isResolved": shown.is_resolved, "guesses": list(guesses)}
    return json.dumps({**view, **drawn, "tokens": _tokens(shown.plan)}, ensure_ascii=False)


def _tokens(plan: Mapping[str, Any] | None) -> list[int] | None:
    """The tokens of each region's prompt; None without a plan, and where no model is loaded that could count."""
    counts = [host.token_count(str(region.get("prompt", ""))) for region in (plan or {}).get("regions", ())]
    return [count for count in counts if count is not None] if counts and None not in counts else None


def sentence_of(error: Exception) -> str:
    if isinstance(error, RpgError):
        return str(error)
    log.exception("RPG's panel failed")
    cause = " ".join(str(error).split())
    return f"RPG's panel failed ({type(error).__name__}: {cause}); the console has the details."
