"""Stored plans that work without any provider."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.gallery import STORED, find_example, gallery, read_example
from lib_rpg.layout.canvas import check_size
from lib_rpg.plan import Plan


def test_there_are_a_dozen_kinds() -> None:
    examples = gallery()
    assert len(examples) >= 12
    assert len({example.title for example in examples}) == len(examples) == len(list(STORED.glob("*.json")))
    assert {(example.width, example.height) for example in examples} >= {(1024, 1024), (832, 1216), (2048, 1024)}
    assert {example.plan.layout for example in examples} == {"grid", "boxes"}
    assert any(len({r.box[:2] for r in e.plan.regions}) == 4 and e.plan.split_ratio.count(";") for e in examples)


@pytest.mark.parametrize("example", gallery(), ids=lambda example: example.title)
def test_a_stored_plan_is_whole(example) -> None:
    check_size(example.width, example.height)
    plan = example.plan
    assert plan.prompt and plan.base_prompt and plan.source.planner == "gallery" and not plan.source.notes
    assert Plan.from_json(plan.to_json()) == plan
    assert len({region.prompt for region in plan.regions}) == len(plan.regions)
    for excluded in filter(None, plan.negative_prompt.split(", ")):
        assert excluded not in plan.base_prompt


def test_an_example_is_found_by_its_title() -> None:
    assert find_example(" four SEASONS ").width == 2048
    with pytest.raises(
        RpgError, match="gallery: there is no example 'Five seasons'; the examples are Above and below the sea"
    ):
        find_example("Five seasons")


def test_a_fault_names_file_and_place(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"title": "x", "width": 512, "height": 512, "plan": {"split_ratio": "1,1"}}))
    with pytest.raises(RpgError, match=r"mine.json: regions: the plan has no region"):
        read_example(path)
