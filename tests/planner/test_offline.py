"""The offline planner against the prompts with stated truth, and against any text at all."""

from __future__ import annotations

import re

import pytest

from lib_rpg.plan import Plan
from lib_rpg.planner import PlanRequest, plan

from .cases import CASES, Case
from .compare import cells_of


def offline(prompt: str, width: int = 512, height: int = 512) -> Plan:
    return plan(PlanRequest(prompt, width, height))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.prompt[:60])
def test_prompt_with_stated_truth(case: Case) -> None:
    result = offline(case.prompt, *case.size)
    assert cells_of(result) == case.cells.lower()
    assert result.negative_prompt == case.negative
    for part in case.scene.lower().split(", "):
        part = re.sub(r"^(an?|the) ", "", part)
        assert part in result.base_prompt.lower() or part == "green background"
        for region in result.regions:
            assert part in region.prompt.lower()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.prompt[:60])
def test_no_region_holds_what_is_another_things_own(case: Case) -> None:
    result = offline(case.prompt, *case.size)
    phrases = [{e.phrase.lower() for e in region.entities} for region in result.regions]
    for region, own in zip(result.regions, phrases, strict=True):
        for other in set().union(*phrases) - own:
            if region.entities and not any(other in mine or mine in other for mine in own):
                assert not re.search(rf"\b{re.escape(other)}\b", region.prompt.lower())
