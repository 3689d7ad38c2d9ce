"""What can be asked of a planner."""

from __future__ import annotations

from typing import Any

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.plan import MAX_PROMPT
from lib_rpg.planner import PLANNERS, PlanRequest, plan, request_text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"prompt": 5}, "prompt: expected text, got int"),
        ({"prompt": "  \n"}, "prompt: it is empty; say what the picture shows"),
        (
            {"prompt": "x" * (MAX_PROMPT + 1)},
            f"prompt: {MAX_PROMPT + 1} characters are more than {MAX_PROMPT}; shorten it",
        ),
        (
            {"prompt": "# a cat\n # later"},
            "prompt: it is empty but for comments; say what the picture shows, outside of them",
        ),
        ({"comments": 1}, "comments: 1 is not true or false; give one of them"),
        ({"width": 0}, "width: 0 is not a whole number of pixels from 1 to 16384"),
        ({"width": True}, "width: True is not a whole number of pixels from 1 to 16384"),
        ({"height": 512.0}, "height: 512.0 is not a whole number of pixels from 1 to 16384"),
        ({"method": "lmd2"}, "method: 'lmd2' is not known; use one of rpg, rag, lmd"),
        ({"dialect": "prose"}, "dialect: 'prose' is not known; use one of auto, tags, sentences"),
    ],
)
def test_a_bad_request_is_refused_in_words(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(RpgError) as caught:
        PlanRequest(**{"prompt": "a cat", **fields})
    assert str(caught.value) == message


@pytest.mark.parametrize("prompt", ["1girl, red hair", "a girl with red hair"])
def test_the_dialect_is_the_prompts_own_where_none_is_asked_for(prompt: str) -> None:
    own = "tags" if prompt.startswith("1girl") else "sentences"
    assert PlanRequest(prompt).wanted_dialect == PlanRequest(prompt, dialect="auto").wanted_dialect == own
    assert [PlanRequest(prompt, dialect=asked).wanted_dialect for asked in ("tags", "sentences")] == [
        "tags",
        "sentences",
    ]


def test_an_unknown_planner_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RpgError) as caught:
        plan(PlanRequest("a cat"), planner="oracle")
    assert str(caught.value) == f"planner: 'oracle' is not known; use one of {', '.join(PLANNERS)}"


def test_a_prompt_that_no_plan_can_hold_is_refused() -> None:
    with pytest.raises(RpgError, match="contains a character that is not text"):
        plan(PlanRequest("a cat\0"))


@pytest.mark.parametrize("field", ["prompt", "language", "examples"])
@pytest.mark.parametrize("text", ["a\ud800b", "a\0b"])
def test_what_is_no_text_is_refused_at_once(field: str, text: str) -> None:
    with pytest.raises(RpgError, match=f"^{field}: ") as caught:
        PlanRequest(**{"prompt": "a cat", field: text})
    assert str(caught.value).isprintable()


def test_no_planner_reads_a_comment() -> None:
    request = PlanRequest("# a hero\na cat, # and a dog\nink", 640)
    assert request.prompt == "a cat, \nink"
    assert request == PlanRequest("a cat, \nink", 640)
    made = plan(request)
    assert made.prompt == request.prompt and "dog" not in made.to_json() and "hero" not in made.to_json()
    assert "dog" not in request_text(request)


def test_where_the_webui_reads_comments_the_planners_do() -> None:
    request = PlanRequest("a cat # and a dog", comments=False)
    assert request.prompt == "a cat # and a dog"
    assert "dog" in plan(request).to_json()
