"""Digests of many plans, so that a change of planning shows which prompts and answers it reaches.

A line is a list, three digests (methods rpg, rag and lmd) and the start of the prompt or answer. After a change that
is meant, record them again: ``python -m tests.planner.plan_digests``; the difference of the file is what changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from lib_rpg.bench.lmd_prompts import questions
from lib_rpg.errors import RpgError
from lib_rpg.gallery import gallery
from lib_rpg.plan import Plan
from lib_rpg.planner import METHODS, PlanRequest, plan
from lib_rpg.planner.llm.answers import parse_answer
from tests.planner.offline.cases import CASES
from tests.planner.offline.more_cases import FREE, TOGETHER
from tests.planner.offline.sentence_cases import SENTENCES

HERE = Path(__file__).parent
FILE = HERE / "plan_digests.txt"
FREE_FORM = ("freeform", "freeform_heldout", "freeform_heldout_second", "freeform_heldout_third")


def digest(make: Callable[[], Plan]) -> str:
    """Of the plan's JSON, or of the sentence that refuses it."""
    try:
        text = make().to_json()
    except RpgError as error:
        text = f"refused: {error}"
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def prompts() -> Iterator[tuple[str, str]]:
    for prompt in dict.fromkeys(question.prompt for question in questions()):
        yield "lmd", prompt
    for case in (*CASES, *FREE, *TOGETHER, *SENTENCES):
        yield "cases", case.prompt
    for name in FREE_FORM:
        for row in json.loads((HERE / "offline" / f"{name}.json").read_text(encoding="utf-8")):
            yield name, row["prompt"]


def lines() -> Iterator[str]:
    """The lines of the file, computed again."""
    for name, prompt in prompts():
        made = (digest(partial(plan, PlanRequest(prompt, 1024, 1024, method=method))) for method in METHODS)
        yield f"{name} {' '.join(made)} {prompt[:80]!r}"
    for example in gallery():
        yield f"gallery {digest(partial(getattr, example, 'plan'))} {example.title!r}"
    for path in sorted((HERE / "llm" / "answers" / "collection").glob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            asked = row.get("prompt", "a red cat and a blue dog")
            requests = (PlanRequest(asked, 1024, 768, method=method) for method in METHODS)
            made = (digest(partial(parse_answer, row["answer"], request)) for request in requests)
            yield f"answers/{path.stem} {' '.join(made)} {row['name']!r}"


if __name__ == "__main__":
    FILE.write_text("".join(line + "\n" for line in lines()), encoding="utf-8")
    print(f"{FILE}: {len(FILE.read_text(encoding='utf-8').splitlines())} lines")
