"""LMD's presets: each is a valid plan, and README says what each sets."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from lib_rpg.plan import Plan, Region
from lib_rpg.presets import LMD_PRESETS, SettingsPreset, find_settings

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
PLAN = Plan(base_prompt="a cat and a dog", split_ratio="1,1", regions=(Region("a cat"), Region("a dog")))
each_preset = pytest.mark.parametrize("preset", LMD_PRESETS, ids=lambda preset: preset.name)


@each_preset
def test_each_is_a_valid_plan_that_reads_back(preset: SettingsPreset) -> None:
    plan = replace(PLAN, **preset.fields)
    assert Plan.from_json(plan.to_json()) == plan
    assert plan.regions == PLAN.regions
    assert preset.about.endswith(".") and "," not in preset.name  # a plot's values are parted by commas


def test_the_four_are_with_and_without_each_of_the_two_means() -> None:
    plans = [replace(PLAN, **preset.fields) for preset in LMD_PRESETS]
    assert [(plan.binding != "off", plan.moves_latents) for plan in plans] == [
        (True, True),
        (True, False),
        (False, True),
        (False, False),
    ]
    assert all(plan.bound_steps == 0.5 for plan in plans if plan.binding != "off")  # LMD's frozen share


@each_preset
def test_nothing_of_another_one_acts_on(preset: SettingsPreset) -> None:
    """Whichever was chosen before."""
    alone = replace(PLAN, **preset.fields)
    for before in LMD_PRESETS:
        after = replace(replace(PLAN, **before.fields), **preset.fields)
        names = ["compose", "binding", "guidance"]
        names += ["bound_steps", "bound_sigma", "bound_strength"] if alone.binding != "off" else []
        names += ["guidance_scale", "guidance_schedule"] if alone.guidance != "off" else []
        assert [getattr(after, name) for name in names] == [getattr(alone, name) for name in names]


@each_preset
def test_readme_says_what_each_sets(preset: SettingsPreset) -> None:
    row = re.search(rf"^\| {re.escape(preset.name)} \|.*\| `(.+)` \|$", README, re.MULTILINE)
    assert row
    told = json.loads("{" + row[1] + "}")
    assert replace(PLAN, **told) == replace(PLAN, **preset.fields)


def test_they_are_found_by_their_names() -> None:
    assert [find_settings(preset.name) for preset in LMD_PRESETS] == list(LMD_PRESETS)
    assert find_settings("lmd") is None
