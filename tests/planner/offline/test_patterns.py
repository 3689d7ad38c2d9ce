"""The offline planner against prompts after the patterns of GenEval and T2I-CompBench."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from lib_rpg.planner import PlanRequest, plan
from tests.planner.offline.patterns import patterns, wrong
from tests.planner.offline.patterns.compbench import COMPBENCH
from tests.planner.offline.patterns.geneval import GENEVAL
from tests.planner.offline.patterns.stated import plural, with_article
from tests.planner.offline.truth import faults

LEAST = 0.99


@pytest.mark.parametrize("method", ["rpg", "lmd"])
@pytest.mark.parametrize(
    "benchmark",
    [
        "GenEval",
        "CompBench",
    ],
)
def test_prompts_after_published_patterns(benchmark: str, method: str) -> None:
    prompts = [truth for truth in patterns() if truth["pattern"].startswith(benchmark)]
    found = wrong(prompts, method)
    assert len(found) <= len(prompts) * (1 - LEAST), found


def test_the_prompts_are_fixed_and_many() -> None:
    made = patterns()
    assert made == patterns() and made != patterns(seed=17)
    assert len({truth["prompt"] for truth in made}) == len(made) >= 1800
    counts = Counter(truth["pattern"] for truth in made)
    assert set(counts) == {*GENEVAL, *COMPBENCH} and min(counts.values()) >= 18


_A = r"(an? [a-z ]+|(rubber|leather|wooden|fluffy) [a-z]+s)"
_SOME = r"(one|two|three|four) [a-z]+"


@pytest.mark.parametrize(
    ("pattern", "form"),
    [
        ("GenEval single object", rf"a photo of {_A}"),
        ("GenEval two objects", rf"a photo of {_A} and {_A}"),
        ("GenEval counting", r"a photo of (two|three|four) [a-z ]+s"),
        ("GenEval position", rf"a photo of {_A} (left of|right of|above|below) {_A}"),
        ("CompBench texture", rf"{_A} and {_A}"),
        ("CompBench spatial", r"a [a-z]+ (on the (left|right|top|bottom) of|next to|near|on side of) a [a-z]+"),
        ("CompBench numeracy, one kind", r"(one|two|three|four|five|six|seven|eight) [a-z]+"),
        ("CompBench numeracy, more kinds", rf"({_SOME}, )+{_SOME} and {_SOME}"),
        ("CompBench numeracy, at a place", r"((an?|two|three|four) [a-z]+, )+and (an?|two|three|four) [a-z ]+"),
        ("CompBench non-spatial, a person", r"(A|The) [a-z]+ is .+ing .+\."),
    ],
)
def test_prompts_have_the_published_form(pattern: str, form: str) -> None:
    made = [truth["prompt"] for truth in patterns() if truth["pattern"] == pattern]
    assert made and [prompt for prompt in made if not re.fullmatch(form, prompt)] == []


def test_names_in_words() -> None:
    assert [plural(name) for name in ("fish", "wine glass", "knife", "scissors", "cell phone")] == [
        "fish", "wine glasses", "knives", "scissors", "cell phones"
    ]  # fmt: skip
    assert [with_article(phrase) for phrase in ("oval sink", "green bench", "rubber gloves", "skis")] == [
        "an oval sink", "a green bench", "rubber gloves", "a skis"
    ]  # fmt: skip


def _of(pattern: str, **wanted: Any) -> dict[str, Any]:
    """The first prompt of the pattern whose first thing is as wanted."""
    return next(
        truth
        for truth in patterns()
        if truth["pattern"] == pattern and all(truth["things"][0][key] == value for key, value in wanted.items())
    )


def test_the_truths_see_faults() -> None:
    counted = _of("GenEval counting", count=3)
    name = counted["things"][0]["id"]
    assert faults(counted, plan(PlanRequest(f"a photo of two {plural(name)}"))) == [f"2 {name} instead of 3"]
    placed = _of("GenEval position")
    one, two = (thing["id"] for thing in placed["things"])
    turned = {"left of": "right of", "right of": "left of", "above": "below", "below": "above"}
    where = next(where for where in turned if where in placed["prompt"])
    swapped = plan(PlanRequest(f"a photo of {with_article(one)} {turned[where]} {with_article(two)}"))
    assert faults(placed, swapped) == [f"not {' '.join(placed['order'][0])}"]
    bound = _of("CompBench color")
    (first, second), (like, other) = zip(*((thing["id"], thing["has"][0]) for thing in bound["things"]), strict=True)
    mixed = faults(bound, plan(PlanRequest(f"a {other} {first} and a {like} {second}")))
    assert any(fault.startswith(f"{first} lacks {like}") for fault in mixed)
    assert any(fault.startswith(f"{second} must not be {like}") for fault in mixed)
