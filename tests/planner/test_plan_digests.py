"""Plans stay as they are: a change of planning that is meant records its digests again, and shows what it reaches."""

from __future__ import annotations

from tests.planner.plan_digests import FILE, lines


def test_plans_are_as_recorded() -> None:
    recorded = FILE.read_text(encoding="utf-8").splitlines()
    changed = sorted(set(lines()) ^ set(recorded))
    assert len(recorded) > 700
    assert not changed, "record them again if this is meant: python -m tests.planner.plan_digests"
