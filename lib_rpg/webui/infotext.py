"""The plan in the picture's infotext, and back on paste."""

from __future__ import annotations

import json
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan

KEY = "RPG plan"


def write(plans: list[Plan]) -> str | list[str]:
    """The infotext value of a batch: one JSON text, or one for each picture where the plans differ."""
    texts = [plan.to_json() for plan in plans]
    return texts[0] if len(set(texts)) == 1 else texts


def read_enabled(params: dict[str, Any]) -> bool:
    """Whether the parsed infotext was drawn with regions."""
    return KEY in params


def read_state(params: dict[str, Any]) -> str:
    """The panel's document for a parsed infotext; empty where it has no readable plan."""
    if KEY not in params:
        return ""
    try:
        plan = Plan.from_json(params[KEY])
    except RpgError as error:
        print(f"RPG: the plan in the infotext was not read: {error}")  # noqa: T201
        return ""
    return json.dumps({"plan": plan.to_dict()}, ensure_ascii=False)
