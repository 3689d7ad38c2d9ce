"""What a plan has of the tab's prompt: a base prompt that follows it, and regions that match it or no longer do.

A plan whose ``base_prompt`` is blank takes its base prompt from the prompt of the picture that is drawn, so that edits
to the tab's prompt, *Prompt S/R*, wildcards and styles act on it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region, Source
from lib_rpg.planner import PlanRequest, plan

_SIDE = 1024  # the base prompt and the words of regions do not depend on the canvas

OUTDATED = "the regions are those of another prompt than the tab's; press Plan regions to plan the new one"
"""Said where `is_outdated`."""


def base_of(made: Plan, prompt: str) -> str:
    """The base prompt of the plan in a picture of that prompt, which has no comments.

    Where the plan has none, it is the prompt; for a planner's plan less what the prompt excludes, since that is in the
    plan's negative prompt. Raises nothing.
    """
    if made.base_prompt.strip():
        return made.base_prompt
    by_rules = None if made.source.planner == Source.planner else _planned(prompt)
    return by_rules.base_prompt if by_rules is not None else prompt


def following(made: Plan, prompt: str) -> Plan:
    """The plan without its base prompt where that is what the prompt gives by itself, so that it follows the prompt."""
    bare = replace(made, base_prompt="")
    return bare if base_of(bare, prompt).split() == made.base_prompt.split() else made


def is_outdated(made: Plan, prompt: str) -> bool:
    """Whether the plan was made from a prompt that has other regions than this one.

    "a teal cat left of a dog, night" and "a navy cat left of a dog, night" differ, and so does one with "day"; with
    "masterpiece" behind it, the regions still are what they were. Raises nothing.
    """
    if not made.prompt.strip() or not prompt.strip() or made.prompt.split() == prompt.split():
        return False
    before, now = _planned(made.prompt), _planned(prompt)
    if before is None or now is None or len(before.regions) != len(now.regions):
        return True
    return not all(map(_still_holds, before.regions, now.regions))


def _still_holds(before: Region, now: Region) -> bool:
    """Whether a region has the place and things that it had, and all of the words."""
    same = (before.box, before.entities) == (now.box, now.entities)
    return same and _pieces(before.prompt) <= _pieces(now.prompt)


def _pieces(text: str) -> set[str]:
    return {piece.strip() for piece in text.split(",")}


@lru_cache(8)  # a batch asks the same for each picture
def _planned(prompt: str) -> Plan | None:
    """The plan of the prompt by rules, or None where it has none."""
    try:
        return plan(PlanRequest(prompt, width=_SIDE, height=_SIDE, comments=False))
    except RpgError:
        return None
