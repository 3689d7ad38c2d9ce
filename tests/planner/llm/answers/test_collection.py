"""The collection of malformed and odd answers in answers/: each makes the plan or the refusal beside it.

A row is {"name", "answer", "method"?, "prompt"?, "width"?, "height"?} with either "error", a part of the sentence, or
"plan": the fields that matter. In a plan, "notes" are parts that the notes must hold, and an empty list means no note.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.plan import Entity, Plan
from lib_rpg.planner import PlanRequest
from lib_rpg.planner.llm.answers import parse_answer
from tests.tables import for_each

FOLDER = Path(__file__).parent / "collection"
PROMPT = "a red cat and a blue dog"
ROWS = [
    (f"{path.stem}: {row['name']}", row)
    for path in sorted(FOLDER.glob("*.json"))
    for row in json.loads(path.read_text(encoding="utf-8"))
]
KNOWN = {
    "prompts", "boxes", "entities", "names", "notes", "typed",
    "split_ratio", "layout", "base_prompt", "base_ratio", "negative_prompt",
}  # fmt: skip


def request_of(row: dict[str, Any]) -> PlanRequest | None:
    if "method" not in row:
        return None
    sides = {side: row[side] for side in ("width", "height") if side in row}
    return PlanRequest(row.get("prompt", PROMPT), method=row["method"], **sides)


def plain(entity: Entity) -> list[Any]:
    box = [] if entity.box is None else [pytest.approx(entity.box, abs=1e-6)]
    return [entity.phrase, entity.count, *box]


def check(plan: Plan, expected: dict[str, Any]) -> None:
    assert not expected.keys() - KNOWN
    assert expected.keys() - {"notes"}
    for key in ("split_ratio", "layout", "base_prompt", "negative_prompt"):
        if key in expected:
            assert getattr(plan, key) == expected[key]
    if "base_ratio" in expected:
        assert plan.base_ratio == pytest.approx(expected["base_ratio"])
    if "typed" in expected:
        assert plan.prompt == expected["typed"]
    if "prompts" in expected:
        assert [region.prompt for region in plan.regions] == expected["prompts"]
    if "names" in expected:
        assert [region.name for region in plan.regions] == expected["names"]
    if "boxes" in expected:
        assert len(plan.regions) == len(expected["boxes"])
        for region, box in zip(plan.regions, expected["boxes"], strict=True):
            assert region.box == pytest.approx(tuple(box), abs=1e-6)
    if "entities" in expected:
        assert expected["entities"] == [[plain(entity) for entity in region.entities] for region in plan.regions]
    if "notes" in expected:
        for part in expected["notes"]:
            assert any(part in note for note in plan.source.notes), plan.source.notes
        assert plan.source.notes or not expected["notes"]
        if not expected["notes"]:
            assert plan.source.notes == ()


@for_each(ROWS, lambda named: named[0])
def test_each_answer_makes_what_stands_beside_it(named: tuple[str, dict[str, Any]]) -> None:
    _, row = named
    assert ("plan" in row) != ("error" in row)
    if "error" in row:
        with pytest.raises(RpgError) as error:
            parse_answer(row["answer"], request_of(row))
        assert row["error"] in str(error.value)
        assert len(str(error.value)) < 400
        assert "\n" not in str(error.value)
        return
    plan = parse_answer(row["answer"], request_of(row))
    check(plan, row["plan"])
    assert Plan.from_json(plan.to_json()) == plan
    assert all(len(note) < 400 and "\n" not in note for note in plan.source.notes)


def test_the_collection_is_large_and_names_are_unique() -> None:
    names = [name for name, _ in ROWS]
    assert len(names) == len(set(names))
    assert len(names) >= 210
    assert sum("1.4 row" in str(name) for name in names) >= 14
