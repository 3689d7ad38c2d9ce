"""Planners: from a prompt to a plan. `plan` is the one call; `PLANNERS` names the ways to do it."""

from __future__ import annotations

import dataclasses

from lib_rpg.checks import check_choice, refuse
from lib_rpg.plan import Plan
from lib_rpg.planner.config import PlannerConfig, cache_folder
from lib_rpg.planner.llm.answers import parse_answer
from lib_rpg.planner.llm.chat import CancelledPlanError, Hooks
from lib_rpg.planner.llm.examples import check_examples
from lib_rpg.planner.llm.planning import Planned, UnusableAnswerError, plan_by_asking
from lib_rpg.planner.llm.prompt import as_text, messages_for
from lib_rpg.planner.offline import plan_offline
from lib_rpg.planner.offline.tags.tag_kinds import kinds_for
from lib_rpg.planner.offline.typed_layout import has_typed_layout
from lib_rpg.planner.request import MAX_PICTURE, METHODS, PLANNERS, PlanRequest
from lib_rpg.planner.turns import SERVER_TURNS, WaitingChat

__all__ = [
    "MAX_PICTURE",
    "METHODS",
    "PLANNERS",
    "CancelledPlanError",
    "Hooks",
    "PlanRequest",
    "Planned",
    "PlannerConfig",
    "UnusableAnswerError",
    "asks",
    "cache_folder",
    "check_planner",
    "plan",
    "plan_and_count",
    "read_pasted",
    "request_text",
]


def plan(
    request: PlanRequest,
    planner: str = "offline",
    *,
    config: PlannerConfig | None = None,
    hooks: Hooks | None = None,
    fresh: bool = False,
) -> Plan:
    """Plan `request` with the planner of that name.

    ``config`` says which model and where (default: the presets and the environment), ``hooks`` hear of the progress and
    can cancel, ``fresh`` steps over the cache. Raises RpgError in one sentence.
    """
    return plan_and_count(request, planner, config=config, hooks=hooks, fresh=fresh).plan


def plan_and_count(
    request: PlanRequest,
    planner: str = "offline",
    *,
    config: PlannerConfig | None = None,
    hooks: Hooks | None = None,
    fresh: bool = False,
) -> Planned:
    """As `plan`, with what it cost."""
    check_planner(planner)
    templates = config.templates if config else None
    if has_typed_layout(request.prompt):
        return Planned(plan_offline(request, kinds_for(templates)))
    check_examples(request.examples, templates)
    if planner == "offline":
        return Planned(plan_offline(request, kinds_for(templates)))
    config, hooks = config or PlannerConfig(), hooks or Hooks()
    if planner == "paste":
        refuse("planner", "'paste' has no model to ask", "copy the request into a chat page and give its answer")
    from lib_rpg.planner.llm.chats import open_chat

    chat = open_chat(config, planner)
    if planner == "openai":
        chat = WaitingChat(chat, SERVER_TURNS, config.timeout)
    try:
        return plan_by_asking(chat, request, config, hooks, planner=planner, fresh=fresh)
    finally:
        chat.close()


def asks(planner: str, prompt: str) -> bool:
    """Whether the planner of that name asks a model or the user: not where the prompt brings its layout along."""
    return planner != "offline" and not has_typed_layout(prompt)


def check_planner(planner: str) -> None:
    """Raises RpgError if there is no planner of that name."""
    check_choice(planner, "planner", PLANNERS, "is not known", f"use one of {', '.join(PLANNERS)}")


def request_text(request: PlanRequest, config: PlannerConfig | None = None) -> str:
    """The exact request as one text, to be pasted into any chat page. Raises RpgError where there is none."""
    if has_typed_layout(request.prompt):
        refuse("prompt", "its own words such as ADDROW give the regions", "plan it with any planner, without a request")
    return as_text(messages_for(request, (config or PlannerConfig()).templates))


def read_pasted(answer: str, request: PlanRequest) -> Plan:
    """The plan in a chat page's answer to `request_text`, or the prompt's own. Raises RpgError if there is none."""
    if has_typed_layout(request.prompt):
        return plan_offline(request)
    return dataclasses.replace(parse_answer(answer, request), prompt=request.prompt)
