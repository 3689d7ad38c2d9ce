"""Mutations of good answers, and hostile ones: only the own error ever comes out, in bounded time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan
from lib_rpg.planner import PlanRequest
from lib_rpg.planner.llm.answers import MAX_ANSWER, parse_answer
from tests.examples import examples
from tests.growth import assert_linear

FOLDER = Path(__file__).parent / "collection"
ANSWERS = [
    row["answer"] for path in sorted(FOLDER.glob("*.json")) for row in json.loads(path.read_text(encoding="utf-8"))
]
PIECES = [
    "{", "}", "[", "]", "(", ")", ",", ":", ";", "'", '"', "\\", "/", "//", "/*", "*/", "#", "```", "**", "<think>",
    "</think>", "</s>", "BREAK", "ADDBASE", "AND", "NaN", "null", "1/0", "1e99", "-1", "0", "%", "999999999999",
    "<lora:x:1>", "{x|y}", "\u201c", "\u201d", "\u2019", "\ufeff", "\0", "\ud83d", "\n", "\n\n", "\\u0000", "\\ud800",
]  # fmt: skip
KEYS = [
    '"version": 1,', '"split_ratio": "1,1",', '"regions": [', '"box": [0, 0, 1, 1],', "Final split ratio: 1,1\n",
    "Regional Prompt: a BREAK b\n", "Objects: [('a', [1, 2, 3, 4])]\n", "Background prompt: b\n", "Caption: c\n",
    "HB_prompt_list: ['a']\n", "HB_m_offset_list: [0.1]\n", '"error": {', "Base ratio: 0.5\n",
]  # fmt: skip
REQUESTS = [
    None,
    *(PlanRequest("a red cat and a blue dog", 1024, 768, method=method) for method in ("rpg", "rag", "lmd")),
]

# Made once: a strategy that is made in a draw is looked through anew each time.
ANSWER = st.sampled_from(ANSWERS)
PIECE = st.sampled_from(PIECES + KEYS) | st.text(max_size=3)
KIND = st.sampled_from(["insert", "delete", "double", "swap", "cut", "other"])
LENGTH = st.sampled_from([0, 1, 2, 5, 20, 200])
MUTATIONS = st.integers(1, 6)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A good or odd answer with a few pieces put in, taken out, doubled or swapped."""
    answer: str = draw(ANSWER)
    for _ in range(draw(MUTATIONS)):
        first = draw(st.integers(0, len(answer)))
        last = min(len(answer), first + draw(LENGTH))
        kind, piece = draw(KIND), draw(PIECE)
        if kind == "insert":
            answer = answer[:first] + piece + answer[first:]
        elif kind == "delete":
            answer = answer[:first] + answer[last:]
        elif kind == "double":
            answer = answer[:last] + answer[first:]
        elif kind == "swap":
            answer = answer[:first] + piece + answer[last:]
        elif kind == "cut":
            answer = answer[:first] if first else answer
        else:
            answer = answer[:first] + draw(ANSWER) + answer[last:]
    return answer


def check(answer: str, request: PlanRequest | None) -> Plan | None:
    try:
        plan = parse_answer(answer, request)
    except RpgError as error:
        assert "\n" not in str(error)
        assert len(str(error)) < 600
        return None
    assert Plan.from_json(plan.to_json()) == plan
    assert all(len(note) < 600 and "\n" not in note for note in plan.source.notes)
    return plan


@settings(max_examples=examples(1500), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(mutated(), st.sampled_from(REQUESTS))
def test_mutated_answers_make_a_plan_or_the_own_error(answer: str, request: PlanRequest | None) -> None:
    plan = check(answer, request)
    if plan and request:
        assert plan.prompt == request.prompt
        assert plan.layout == ("boxes" if request.method == "lmd" else "grid")
        texts = [plan.base_prompt, plan.negative_prompt, *(region.prompt for region in plan.regions)]
        assert not any("<lora:x:1>" in text for text in texts)


JUNK_KEYS = [
    "split_ratio", "regions", "prompt", "box", "entities", "phrase", "count", "base_prompt", "base_ratio", "name",
    "layout", "weight", "objects", "background_prompt", "HB_prompt_list", "HB_m_offset_list", "regional_prompt",
]  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1,1", "a BREAK b"])
)
JUNK: Any = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(JUNK_KEYS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=examples(500), suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(JUNK_KEYS), JUNK, max_size=5), st.sampled_from(REQUESTS))
def test_values_of_every_type_make_a_plan_or_the_own_error(
    document: dict[str, Any], request: PlanRequest | None
) -> None:
    check(json.dumps({"split_ratio": "1,1", "regions": ["a", {"prompt": "b"}], **document}), request)


HOSTILE = [
    "[", "{", "(", "{[", "[{", '{"', '["', "{'", '{"a":', '{"regions":[', '{"a":[', "{a:", '{"regions": "', "}", "]",
    "<think>", "</think>", "[THINK]", "<", "<a:", "<a:b>", "*", "_", "#", "# ", "-", "- ", " ", "\n", " \n", "\t", "`",
    "```\n", "BREAK ", "BREAK\n", "ADDBASE ", ",", ", ", ";", '"', "'", "\\", "\\\\", "//", "/*", "\u201c", "1", "1/",
    "Objects", "Objects ", "Objects: ", "Objects: [\n", "Background prompt: \n", "Caption: x\n", "Regional Prompt: ",
    "Regional Prompt: a\n", "Final split ratio: 1,1\n", "Final split ratio: ", "Final ", "HB_prompt_list: [\n", "(a ",
    "('a', ", "Objects: ('a', [1,2,3,4])\n", "Final split ratio: 1,1\nRegional Prompt: a BREAK b BREAK c\n",
    '{"split_ratio": "1,1", "regions": ["a"]}', '{"error": "x"}', "Output: ", "1. ", "Region 1: ", "break ", "1.", "%",
]  # fmt: skip


OPENERS = [
    ("", ""),
    ("<think>", ""),
    ('x {"split_ratio": "1", "regions": ["a', ""),
    ("Objects: ", "\nBackground prompt: b\nx"),
    ("Final split ratio: 1,1\nRegional Prompt: a BREAK b\nHB_prompt_list: [", "\nBackground prompt: b\nx"),
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_answers_are_read_in_linear_time(unit: str) -> None:
    for opener, ending in OPENERS:

        def read(length: int, opener: str = opener, ending: str = ending) -> None:
            answer = (opener + unit * (length // len(unit)))[: length - len(ending)] + ending
            check(answer, REQUESTS[1] if opener else None)

        assert_linear(read, MAX_ANSWER)


def test_ten_megabytes_are_refused_by_their_length() -> None:
    with pytest.raises(RpgError, match="characters; give at most"):
        parse_answer("[" * 10_000_000)


def test_notes_of_a_model_are_shortened_and_counted() -> None:
    regions = [{"prompt": f"{i} <lora:{'x' * 500}{i}:1>", "y" * 2000: 1, "name": f"n <lora:z{i}:1>"} for i in range(60)]
    plan = parse_answer(json.dumps({"split_ratio": ",".join(["1"] * 60), "regions": regions}))
    assert len(plan.source.notes) == 100
    assert plan.source.notes[-1] == "and 81 more notes"
    assert max(map(len, plan.source.notes)) < 200
