"""Answers of planners: JSON documents and RPG's text form, anywhere in the text, repaired with a note or refused."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.planner.llm.answers import MAX_ANSWER, parse_answer
from tests.examples import examples

DOCUMENT = json.dumps({"split_ratio": "1,2", "regions": [{"prompt": "a {x|y}"}, {"prompt": "b"}]})
ABCD = ["a", "b", "c", "d"]

# Answers that RPG's own code misreads or crashes on: answer, ratio's cells, prompts, words of the notes.
READ = [
    ("Final split ratio: 1,1\nRegional Prompt: a BREAK b", ["a", "b"], ""),
    ("Final split ratio: 1,1,1; 1,1,1\nRegional Prompt: a BREAK b BREAK c BREAK d", ABCD, ""),
    ("Final split ratio: 0.5, 0.5\nRegional Prompt: a BREAK b", ["a", "b"], ""),
    ("**Final split ratio:** 1,1\n**Regional Prompt:** a BREAK b", ["a", "b"], ""),
    ("**Final split ratio**: `1,1`\n**Regional Prompt**: a BREAK b", ["a", "b"], ""),
    ('Final split ratio: "1,1"\nRegional Prompt: "a BREAK b"', ["a", "b"], "quotes"),
    ("FINAL SPLIT RATIO: 1,1\nregional prompt: a BREAK b", ["a", "b"], ""),
    ("- Final Split Ratio: 1,1\n- Regional Prompt: a BREAK b", ["a", "b"], ""),
    ("1. Split ratio: 1;1\n2. Regional Prompts: a BREAK b", ["a", "b"], ""),
    ("Final split ratio:\n1,1\n\nRegional Prompt:\na BREAK b", ["a", "b"], ""),
    ("Final split ratio: 1,1,1;\n1,1,1\nRegional Prompt: a BREAK b BREAK c BREAK d", ABCD, ""),
    ("Final split ratio: 1,1,1\nRegional Prompt: a BREAK\n\nb\n\nBREAK c", ["a", "b", "c"], ""),
    ("Final split ratio: 1,(1,1);1,(1,1)\nRegional Prompt: a BREAK b BREAK c BREAK d", ABCD, "brackets"),
    ("Final split ratio: 50%,50%\nRegional Prompt: a BREAK b", ["a", "b"], ""),
    ("Final split ratio: 1,1,\nRegional Prompt: a BREAK b", ["a", "b"], "stray separator"),
    ("Regional Prompt: a BREAK b\nFinal split ratio: 1;1", ["a", "b"], ""),
    ("Final split ratio: 1,1\nRegional Prompt: a BREAK b\n\nHope this helps!", ["a", "b"], "Hope this helps!"),
    ("Final split ratio: 1,1\nRegional Prompt: a BREAK b\n### Why\nBREAK up", ["a", "b"], "### Why"),
    ("```\nFinal split ratio: 1,1\nRegional Prompt: a BREAK b\n```\nEnjoy.", ["a", "b"], "Enjoy."),
    ("Horizontal split ratio: 1\nFinal split ratio: 1,1\nRegional Prompt: a BREAK b", ["a", "b"], ""),
    ("Final split ratio： 1，1\nRegional Prompt： a BREAK b", ["a", "b"], "wide comma"),
    ("Final split ratio: 1,1\r\nRegional Prompt: a BREAK b\r\n", ["a", "b"], ""),
    ("Final split ratio: 1\nRegional Prompt: a big cat", ["a big cat"], ""),
    ('Final split ratio: 1,1\nRegional Prompt: "a" sign BREAK a "b"', ['"a" sign', 'a "b"'], ""),
    (
        "Final split ratio: 1,1\nRegional Prompt: (a:1.2) __w__ BREAK [b:c:0.5] {d|e}",
        ["(a:1.2) __w__", "[b:c:0.5] {d|e}"],
        "",
    ),
]


@pytest.mark.parametrize(("answer", "prompts", "note"), READ)
def test_text_answers(answer: str, prompts: list[str], note: str) -> None:
    plan = parse_answer(answer, prompt="typed", base_ratio=0.2)
    assert [region.prompt for region in plan.regions] == prompts
    assert (plan.prompt, plan.base_ratio, plan.source.planner) == ("typed", 0.2, "paste")
    assert bool(plan.source.notes) == bool(note)
    assert note in " ".join(plan.source.notes)


THINKING = "Final split ratio: 1,1,1\nRegional Prompt: x BREAK y BREAK z"


@pytest.mark.parametrize(
    "answer",
    [
        f"<think>{THINKING}</think>\n" + READ[0][0],
        f"<Thinking>\n{THINKING}\n</Thinking>" + READ[0][0],
        f"{THINKING}</think>\n" + READ[0][0],
        f"{THINKING}\n\n" + READ[0][0],
        READ[0][0] + "\nFinal split ratio: 1,1,1\nRegional Prompt: only BREAK two",
        READ[0][0] + f"\n<think>{THINKING}",
    ],
)
def test_the_last_valid_block_outside_of_thinking_wins(answer: str) -> None:
    assert [region.prompt for region in parse_answer(answer).regions] == ["a", "b"]


@pytest.mark.parametrize(
    "answer",
    [
        DOCUMENT,
        f"Here it is:\n```json\n{DOCUMENT}\n```\nEnjoy {{it}}!",
        f'{{"note": 1}} {DOCUMENT}',
        f"<think>{DOCUMENT.replace('1,2', '2,1')}</think>{DOCUMENT}",
        f"{THINKING}\n\n{DOCUMENT}",
        DOCUMENT + '{"split_ratio": "1,1", "regions": []}',
    ],
)
def test_plan_documents_in_answers(answer: str) -> None:
    plan = parse_answer(answer)
    assert plan.split_ratio == "1,2"
    assert [region.prompt for region in plan.regions] == ["a {x|y}", "b"]
    assert plan.source.planner == "paste"


def test_a_document_keeps_its_own_source() -> None:
    document = {**json.loads(DOCUMENT), "source": {"planner": "offline", "notes": ["n"]}}
    assert parse_answer(json.dumps(document)).source.planner == "offline"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("", "no plan was found in the answer"),
        ("I cannot do that.", "no plan was found in the answer"),
        (f"<think>{THINKING}", "no plan was found in the answer"),
        ("Final split ratio: 1,1", "a split ratio but no 'Regional Prompt: …'"),
        ("Regional Prompt: a BREAK b", "a regional prompt but no 'Final split ratio: …'"),
        ("Final split ratio: 1:1\nRegional Prompt: a BREAK b", "'1:1' at position 1 contains a ':'"),
        ("Final split ratio: \nRegional Prompt: a BREAK b", "the split ratio is empty"),
        ("Final split ratio: 0,0\nRegional Prompt: a BREAK b", "'0' at position 1 is zero"),
        ("Final split ratio: 0.5,0.5;0.5,0.5\nRegional Prompt: a BREAK b BREAK c BREAK d", "2 cells for 4 prompts"),
        ("Final split ratio: 1,0.5,0.5\nRegional Prompt: a BREAK b", "3 cells for 2 prompts"),
        ("Final split ratio: 1,1\nRegional Prompt: a BREAK", "region 2 of 2 is empty"),
        ("Final split ratio: 1,1\nRegional Prompt:", "regional prompt: is empty"),
        ('{"split_ratio": "1,2", "regions": [{"prompt": "a"}]}', "2 cells but the plan has 1 region"),
        ('{"split_ratio": "1", "regions": [{"promt": "a"}]}', "did you mean 'prompt'?"),
        ('{"split_ratio": "1", "regions": [{"prompt": "a", "prompt": "b"}]}', "the key 'prompt' twice"),
        ('{"version": 1, "split_ratio": "1", "regions": [{"prompt": "a"}', "the answer is not valid JSON"),
        ("x" * (MAX_ANSWER + 1), "200001 characters"),
    ],
)
def test_refused_in_words(answer: str, message: str) -> None:
    with pytest.raises(RpgError) as error:
        parse_answer(answer)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "answer",
    [
        '{"a":[' * (MAX_ANSWER // 6),
        "{" * MAX_ANSWER,
        "Final split ratio: 8" + ",1" * 40 + "\nRegional Prompt: " + "a\n\n" * (MAX_ANSWER // 4),
        "Final split ratio: 1,1\nRegional Prompt: a BREAK b\n" * (MAX_ANSWER // 60),
        "<think>" * (MAX_ANSWER // 7),
        "Final split ratio: " + " \n" * (MAX_ANSWER // 3),
        "#" * (MAX_ANSWER - 10),
    ],
)
def test_hostile_answers_take_no_time(answer: str) -> None:
    start = time.perf_counter()
    try:
        parse_answer(answer[:MAX_ANSWER])
    except RpgError as error:
        assert len(str(error)) < 400
    assert time.perf_counter() - start < 5


PIECES = [
    "Final split ratio: ",
    "Regional Prompt: ",
    "1,1",
    "1;1,1",
    "a BREAK b",
    " BREAK ",
    "ADDBASE",
    "text",
    ":",
    ";",
]
MARKS = ["\n", "\n\n", "**", "```", "{", "}", "<think>", "</think>", DOCUMENT, '"regions"', "### "]


@settings(max_examples=examples(500))
@given(st.lists(st.sampled_from(PIECES + MARKS), max_size=14).map("".join) | st.text(max_size=60))
def test_random_answers_raise_only_the_own_error(answer: str) -> None:
    try:
        plan = parse_answer(answer)
    except RpgError as error:
        assert "\n" not in str(error)
    else:
        assert plan.regions
