"""The base prompt follows the tab's prompt, and a plan knows whether its regions still match it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib_rpg.plan import Plan, Region
from lib_rpg.planner import PlanRequest, plan
from lib_rpg.webui.tab_prompt import base_of, following, is_outdated

TYPED = Plan(split_ratio="1,1", regions=(Region("a cat"), Region("a dog")))


def made_of(prompt: str) -> Plan:
    return plan(PlanRequest(prompt, 512, 512))


@pytest.mark.parametrize(
    "prompt",
    [
        "a teal cat left of a dog, oil painting",
        "2girls, red hair, blue hair, tea room",
        "a cat and a dog, no trees",
        "a street without cars on the left, a park on the right",
        "2girls, cafe BREAK 1girl, red hair BREAK 1girl, blue hair",
        "a red circle ADDCOL a blue square",
    ],
)
def test_a_planned_base_prompt_follows_the_tabs_prompt(prompt):
    planned = made_of(prompt)
    bare = following(planned, prompt)
    assert bare.base_prompt == "" and base_of(bare, prompt) == planned.base_prompt
    changed = f"{prompt}, watercolor"
    assert base_of(bare, changed) == made_of(changed).base_prompt


def test_what_the_prompt_excludes_stays_out_of_a_base_prompt_that_follows():
    bare = following(made_of("a cat and a dog, no trees"), "a cat and a dog, no trees")
    assert base_of(bare, "a navy cat and a dog, no trees") == "a navy cat and a dog"


def test_a_models_own_base_prompt_stays():
    told = replace(made_of("a cat and a dog"), base_prompt="two pets in a garden")
    assert following(told, "a cat and a dog") == told
    assert base_of(told, "a navy cat") == "two pets in a garden"


def test_regions_that_are_typed_take_the_whole_prompt_as_it_is():
    assert base_of(TYPED, "two pets, no trees") == "two pets, no trees"


def test_a_prompt_that_cannot_be_planned_is_the_base_prompt_itself():
    assert base_of(following(made_of("a cat"), "a cat"), "a cat ADDROW") == "a cat ADDROW"


@pytest.mark.parametrize(
    "before, now",
    [
        ("a teal cat left of a dog", "a navy cat left of a dog"),
        ("a cat left of a dog", "a cat right of a dog"),
        ("a cat and a dog", "a cat, a dog and a bird"),
        ("2girls, red hair, blue hair, tea room, night", "2girls, red hair, blue hair, tea room, day"),
        ("2girls, red hair, blue hair", "2girls, red hair, green hair"),
        ("a cat and a dog", "a cat ADDROW"),
    ],
)
def test_a_plan_whose_regions_the_prompt_changes_is_outdated(before, now):
    assert is_outdated(made_of(before), now)


@pytest.mark.parametrize(
    "before, now",
    [
        ("a cat left of a dog", "a cat  left of a dog\n"),
        ("a dog", "a dog, masterpiece, best quality"),
        ("2girls, red hair, blue hair, tea room", "2girls, red hair, blue hair, tea room, masterpiece"),
        ("a cat left of a dog", ""),
    ],
)
def test_a_plan_whose_regions_stay_is_not_outdated(before, now):
    assert not is_outdated(made_of(before), now)


def test_a_plan_that_was_typed_without_a_prompt_is_never_outdated():
    assert not is_outdated(TYPED, "anything")
