"""Planners: from a prompt to a plan. `plan` is the one call; `PLANNERS` are the ways to do it."""

from __future__ import annotations

from collections.abc import Callable

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan
from lib_rpg.planner.offline import plan_offline
from lib_rpg.planner.request import PlanRequest

__all__ = ["PLANNERS", "PlanRequest", "plan"]

PLANNERS: dict[str, Callable[[PlanRequest], Plan]] = {"offline": plan_offline}


def plan(request: PlanRequest, planner: str = "offline") -> Plan:
    """Plan `request` with the planner of that name. Raises RpgError if there is no such planner."""
    if planner not in PLANNERS:
        raise RpgError(f"planner: {planner!r} is not known; use one of {', '.join(sorted(PLANNERS))}")
    return PLANNERS[planner](request)
