"""Planning with a chat model: the repair round, the cache, what is reported and what is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from lib_rpg import planner
from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm.answer_schema import answer_schema
from lib_rpg.planner.llm.chat import CancelledPlanError, ChatAnswer, ChatRequest, Hooks
from lib_rpg.planner.llm.planning import Planned, UnusableAnswerError, plan_by_asking
from lib_rpg.planner.llm.prompt import messages_for
from lib_rpg.planner.request import PlanRequest

GOOD = json.dumps(
    {
        "reasoning": "two things",
        "base_prompt": "a cat left of a dog",
        "negative_prompt": "birds",
        "rows": [
            {
                "height": 1,
                "cells": [
                    {"width": 1, "name": "cat", "prompt": "a grey cat", "entities": [{"phrase": "cat", "count": 1}]},
                    {"width": 2, "name": "dog", "prompt": "a brown dog", "entities": [{"phrase": "dog", "count": 1}]},
                ],
            }
        ],
    }
)
BAD = GOOD.replace('"a grey cat"', '""')


class FakeChat:
    """Gives the answers one after the other and keeps what it was asked."""

    name = "a fake server"
    model = "fake-1"

    def __init__(self, answers: Sequence[str | ChatAnswer]) -> None:
        self.answers = [ChatAnswer(a, requests=1, prompt_tokens=10) if isinstance(a, str) else a for a in answers]
        self.asked: list[ChatRequest] = []
        self.closed = 0
        self.checked: list[str] = []

    def ask(self, request: ChatRequest, hooks: Hooks) -> ChatAnswer:
        self.asked.append(request)
        return self.answers[len(self.asked) - 1]

    def check_plan(self, plan: str) -> None:
        self.checked.append(plan)

    def close(self) -> None:
        self.closed += 1


def run(chat: FakeChat, cache: Path | None = None, *, fresh: bool = False, **request) -> Planned:
    config = PlannerConfig(cache=cache)
    asked = PlanRequest(**{"prompt": "a cat left of a dog, no birds", **request})
    return plan_by_asking(chat, asked, config, Hooks(), planner="openai", fresh=fresh)


def test_a_good_answer_is_a_plan_at_once() -> None:
    chat = FakeChat([GOOD])
    planned = run(chat)
    assert planned.plan.split_ratio == "1,2"
    assert planned.plan.prompt == "a cat left of a dog, no birds"
    assert planned.plan.negative_prompt == "birds"
    assert (planned.plan.source.planner, planned.plan.source.model) == ("openai", "fake-1")
    assert (planned.requests, planned.prompt_tokens, planned.completion_tokens, planned.repairs) == (1, 10, None, 0)
    [asked] = chat.asked
    assert asked.messages == messages_for(PlanRequest("a cat left of a dog, no birds"))
    assert asked.schema == answer_schema("rpg")


def test_the_picture_goes_with_the_users_caption_in_both_rounds() -> None:
    chat = FakeChat([BAD, GOOD])
    run(chat, picture=b"png")
    for asked in chat.asked:
        assert asked.picture == b"png"
        assert asked.messages[asked.picture_turn].text == "Caption (512 × 512): a cat left of a dog, no birds"
    assert "A picture comes with the last caption" in chat.asked[0].messages[0].text


def test_the_readers_complaint_goes_back_once() -> None:
    chat = FakeChat([BAD, GOOD])
    planned = run(chat)
    assert (planned.requests, planned.prompt_tokens, planned.repairs) == (2, 20, 1)
    assert planned.plan.source.notes == ("the model had to correct its first answer",)
    wrong, complaint = chat.asked[1].messages[-2:]
    assert (wrong.role, wrong.text) == ("assistant", BAD)
    assert complaint.role == "user" and "prompt: is empty" in complaint.text


def test_after_two_bad_answers_the_last_is_kept_for_the_user() -> None:
    chat = FakeChat(["no plan today", BAD])
    with pytest.raises(UnusableAnswerError) as caught:
        run(chat)
    assert caught.value.answer == BAD
    assert len(chat.asked) == 2
    sentence = str(caught.value)
    assert sentence.startswith("a fake server (fake-1) answered twice without a plan that can be used: ")
    assert "prompt: is empty" in sentence and sentence.endswith("or use a larger model")


def test_an_answer_that_a_token_limit_cut_says_so() -> None:
    cut = ChatAnswer('{"reasoning": "I think', cut=True)
    with pytest.raises(UnusableAnswerError, match="cut off at 4096 tokens"):
        run(FakeChat([cut, cut]))


def test_the_same_question_is_asked_once(tmp_path: Path) -> None:
    first, second = FakeChat([BAD, GOOD]), FakeChat([GOOD])
    plan = run(first, tmp_path).plan
    again = run(second, tmp_path)
    assert second.asked == [] and again.requests == 0 and again.repairs == 1
    assert again.plan.source.cached and not plan.source.cached
    assert again.plan.regions == plan.regions


def test_plan_again_steps_over_the_cache_and_renews_it(tmp_path: Path) -> None:
    run(FakeChat([GOOD]), tmp_path)
    other = GOOD.replace("grey", "white")
    assert run(FakeChat([other]), tmp_path, fresh=True).plan.regions[0].prompt == "a white cat"
    assert run(FakeChat([]), tmp_path).plan.regions[0].prompt == "a white cat"


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "a cat left of a dog"},
        {"width": 1024},
        {"height": 1024},
        {"method": "rag"},
        {"examples": "scene"},
        {"recaption": False},
        {"language": "English"},
        {"dialect": "tags"},
        {"picture": b"png"},
    ],
)
def test_everything_that_shapes_the_request_is_in_the_key(tmp_path: Path, change: dict) -> None:
    run(FakeChat([GOOD]), tmp_path)
    chat = FakeChat([GOOD, GOOD])
    run(chat, tmp_path, **change)
    assert chat.asked


def test_another_model_has_an_answer_of_its_own(tmp_path: Path) -> None:
    run(FakeChat([GOOD]), tmp_path)
    chat = FakeChat([GOOD])
    chat.model = "fake-2"
    run(chat, tmp_path)
    assert len(chat.asked) == 1


def test_bad_answers_are_not_cached(tmp_path: Path) -> None:
    with pytest.raises(UnusableAnswerError):
        run(FakeChat([BAD, BAD]), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    [note] = run(FakeChat([GOOD]), tmp_path / "file" / "x").plan.source.notes
    assert note.startswith("the answer was not cached (")


def test_no_key_is_in_the_cache(tmp_path: Path) -> None:
    config = PlannerConfig(cache=tmp_path, key="sk-secret", base_url="https://host.example/v1")
    plan_by_asking(FakeChat([GOOD]), PlanRequest("a cat"), config, Hooks(), planner="openai")
    [path] = tmp_path.iterdir()
    assert "sk-secret" not in path.read_text(encoding="utf-8") and "sk-secret" not in repr(config)


def test_without_recaptioning_words_of_the_models_own_go_back_once() -> None:
    own = GOOD.replace("a grey cat", "a cat").replace("a brown dog", "one of the dogs")
    assert run(FakeChat([own]), recaption=False).repairs == 0
    assert run(FakeChat([GOOD])).repairs == 0
    chat = FakeChat([GOOD, own])
    planned = run(chat, recaption=False)
    assert planned.repairs == 1 and planned.plan.regions[0].prompt == "a cat"
    assert "regions[0].prompt: 'grey' is not in the caption" in chat.asked[1].messages[-1].text
    stubborn = run(FakeChat([GOOD, GOOD]), recaption=False).plan
    assert stubborn.regions[0].prompt == "a grey cat"
    assert any("'grey' is not in the caption" in note for note in stubborn.source.notes)
    # In another language none of the words are the user's.
    assert run(FakeChat([GOOD]), recaption=False, language="English").repairs == 0


def test_a_count_tag_of_its_own_is_no_word_of_the_models() -> None:
    girls = GOOD.replace("a grey cat", "1girl, red hair").replace("a brown dog", "1girl, suit")
    assert run(FakeChat([girls]), prompt="2girls, red hair, suit", recaption=False).repairs == 0
    boys = girls.replace("1girl, suit", "1boy, suit")
    planned = run(FakeChat([boys, girls]), prompt="2girls, red hair, suit", recaption=False)
    assert planned.repairs == 1 and planned.plan.regions[1].prompt == "1girl, suit"


def test_a_cancelled_planning_is_not_repaired() -> None:
    chat = FakeChat([BAD, GOOD])
    config, request = PlannerConfig(cache=None), PlanRequest("a cat")
    with pytest.raises(CancelledPlanError):
        plan_by_asking(chat, request, config, Hooks(cancelled=lambda: len(chat.asked) == 1), planner="openai")
    assert len(chat.asked) == 1


def test_the_offline_planner_needs_no_configuration() -> None:
    planned = planner.plan_and_count(PlanRequest("a cat left of a dog"))
    assert planned.plan.source.planner == "offline" and planned.requests == 0


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("oracle", "'oracle' is not known; use one of offline, openai, local, paste"), ("paste", "no model to ask")],
)
def test_a_planner_that_cannot_be_asked_is_refused(name: str, sentence: str) -> None:
    with pytest.raises(RpgError, match=sentence):
        planner.plan(PlanRequest("a cat"), name)


def test_pasting_shows_the_request_and_reads_the_answer() -> None:
    request = PlanRequest("a cat left of a dog, no birds", method="rpg")
    assert planner.request_text(request).endswith("Caption (512 × 512): a cat left of a dog, no birds")
    plan = planner.read_pasted(f"Sure!\n```json\n{GOOD}\n```", request)
    assert plan.split_ratio == "1,2" and plan.source.planner == "paste" and plan.prompt == request.prompt
