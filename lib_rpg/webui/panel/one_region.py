"""One region planned anew: it is taken from a new plan of the same prompt, and the others stay."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lib_rpg.checks import show
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region
from lib_rpg.webui.args import read_args
from lib_rpg.webui.option_kinds import Part
from lib_rpg.webui.options import Defaults, names_of

_SHAPING = (Part.TEXT_FORM, Part.PLAN, Part.REGIONS)


def plan_with(state: str, index: int, defaults: Defaults) -> Plan:
    """The document's plan with all that is typed. Raises RpgError where it has none, or no region of that index."""
    plan = read_args((True, state), defaults).plan
    if plan is None:
        raise RpgError("There is no plan yet to plan a region of: press Plan regions")
    if not 0 <= index < len(plan.regions):
        raise RpgError("No region is selected: click the one on the canvas that is to be planned anew")
    return plan


def with_region_of(document: Mapping[str, Any], old: Plan, index: int, new: Plan) -> tuple[str, str]:
    """The document with the words of one region of ``old`` from ``new``, and a sentence where those are the same.

    The new plan's region is the one of which most is in the old one's place. What was set for the region stays.
    """
    region = old.regions[index]
    found = max(new.regions, key=lambda other: _overlap(region, other))
    made = replace(region, prompt=found.prompt, name=found.name, entities=found.entities)
    regions = (*old.regions[:index], made, *old.regions[index + 1 :])
    shaping = {name for part in _SHAPING for name in names_of(part)}
    kept = {key: value for key, value in document.items() if key not in shaping and key != "plan"}
    text = json.dumps({"plan": replace(old, regions=regions).to_dict(), **kept}, ensure_ascii=False)
    remark = f"The planner gives region {index + 1} the same words: {show(region.prompt)}."
    return text, remark if made.prompt == region.prompt else ""


def _overlap(a: Region, b: Region) -> float:
    """The area that both have, as a share of what either has (intersection over union)."""
    sides = [min(a.box[i] + a.box[i + 2], b.box[i] + b.box[i + 2]) - max(a.box[i], b.box[i]) for i in (0, 1)]
    common = max(sides[0], 0.0) * max(sides[1], 0.0)
    return common / (a.box[2] * a.box[3] + b.box[2] * b.box[3] - common)
