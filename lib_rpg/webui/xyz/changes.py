"""What the values of our axes do to a cell's document. All raise RpgError where that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lib_rpg.checks import quantity, show
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region
from lib_rpg.presets import Preset, SettingsPreset, with_words_of
from lib_rpg.webui.conditioning import split_tags
from lib_rpg.webui.xyz.draft import Draft
from lib_rpg.webui.xyz.prompt_search import in_texts

Change = Callable[[str, Any, Draft], Draft]
"""Puts a value of the option of that name into a draft."""


def set_mode(_name: str, value: bool, draft: Draft) -> Draft:
    """Whether the cell has regions at all."""
    return replace(draft, enabled=value)


def plan_anew(name: str, value: str, draft: Draft) -> Draft:
    """An option of planning: a plan that is there would hide it, so that the prompt is planned anew."""
    return draft.without_plan().having(**{name: value})


def set_option(name: str, value: Any, draft: Draft) -> Draft:
    """An option that is laid over whatever plan there will be."""
    return draft.having(**{name: value})


def set_lora(name: str, value: str, draft: Draft) -> Draft:
    """What a LoRA in a region acts on. Refused where it is known that none is there."""
    plan = draft.args().plan
    if plan is not None and not any(split_tags(region.prompt)[1] for region in plan.regions):
        raise RpgError("no region has a LoRA, so that all pictures would be the same; write its tag into a region")
    return set_option(name, value, draft)


def set_base_ratio(name: str, value: float, draft: Draft) -> Draft:
    """The base ratio of all regions: one of its own would hide it."""
    return draft.having(**{name: value, "base_ratios": ""})


def set_in_plan(name: str, value: Any, draft: Draft) -> Draft:
    """A field of the plan."""
    return draft.with_plan(replace(draft.plan(), **{name: value}))


def set_in_regions(name: str, value: Any, draft: Draft) -> Draft:
    """A field of all regions. Refused where one would end before it begins."""
    return _with_regions(draft, lambda region: replace(region, **{name: value}))


def set_ratio_of_region(number: int, ratio: float, draft: Draft) -> Draft:
    """The base ratio of one region, numbered from 1."""
    plan = draft.plan()
    if number > len(plan.regions):
        raise RpgError(f"there is no region {number}; the plan has {quantity(len(plan.regions), 'region')}")
    regions = list(plan.regions)
    regions[number - 1] = replace(regions[number - 1], base_ratio=ratio)
    return draft.with_plan(replace(plan, regions=tuple(regions)))


def set_ratio(ratio: str, draft: Draft) -> Draft:
    """The split ratio: the regions keep their words and settings, and lose free boxes and masks."""
    plan = draft.plan()
    regions = tuple(_without_place(region) for region in plan.regions)
    return draft.with_plan(replace(plan, layout="grid", split_ratio=ratio, regions=regions))


def replace_words(old: str, new: str, draft: Draft) -> Draft:
    """Words of the regions, and of nothing else."""
    document = draft.plan().to_dict()
    if in_texts(document["regions"], old, "") == document["regions"]:
        raise RpgError(f"did not find {show(old)} in any region; its first value is what to look for")
    document["regions"] = in_texts(document["regions"], old, new)
    return draft.with_plan(Plan.from_dict(document))


def take_preset(preset: Preset, draft: Draft) -> Draft:
    """A preset with words is the plan. A layout alone takes the words of the plan that is there or is made."""
    if not preset.words:
        return draft.with_plan(with_words_of(preset.plan, draft.plan()))
    if draft.replanned:
        raise RpgError(
            "a preset with words is not planned, so that the other axis would do nothing; "
            "save its layout alone, or leave one of the two axes out"
        )
    # Without its prompt: what is drawn is the preset's own, and no plan of the tab's prompt that is out of date.
    return draft.with_plan(replace(preset.plan, prompt=""))


def take_settings(preset: SettingsPreset, draft: Draft) -> Draft:
    """Its settings, whatever the plan is or will be."""
    return draft.having(**preset.fields)


def _with_regions(draft: Draft, change: Callable[[Region], Region]) -> Draft:
    plan = draft.plan()
    return draft.with_plan(replace(plan, regions=tuple(map(change, plan.regions))))


def _without_place(region: Region) -> Region:
    entities = tuple(replace(entity, box=None) for entity in region.entities)
    return replace(region, mask="", entities=entities)
