"""LMD's benchmark of planning: its prompts, its rules, and the offline planner's score by every method."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from pathlib import Path

import pytest

from lib_rpg.__main__ import main
from lib_rpg.bench import planner as bench
from lib_rpg.bench.lmd_prompts import TASKS, Question, met, questions
from lib_rpg.errors import RpgError
from lib_rpg.plan import Entity, Plan, Region
from lib_rpg.planner import PlanRequest, plan
from tests.planner.llm.scripted import scripted, stream

EVERYTHING = questions()
OFFLINE = bench.Contender("offline", "", lambda request: bench.Planned(plan(request)))


def first(task: str) -> Question:
    return next(question for question in EVERYTHING if question.task == task)


def free(*entities: Entity, negative: str = "") -> Plan:
    return Plan(layout="boxes", regions=(Region("scene", entities=entities),), negative_prompt=negative)


def cell(*entities: Entity) -> Plan:
    return Plan(split_ratio="1", regions=(Region("scene", entities=entities),))


def test_the_prompts_are_those_of_the_benchmark() -> None:
    assert [len([q for q in EVERYTHING if q.task == task]) for task in TASKS] == [100] * 4
    assert [len({q.prompt for q in EVERYTHING if q.task == task}) for task in TASKS] == [10, 50, 100, 90]
    for task, times in (("negation", 10), ("numeracy", 2)):
        assert set(Counter(q.prompt for q in EVERYTHING if q.task == task).values()) == {times}
    assert len({(q.prompt, q.repeat) for q in EVERYTHING}) == 400
    start = "A realistic photo of a scene with"
    assert [first(task).prompt for task in TASKS] == [
        "A realistic photo of a scene without backpacks",
        f"{start} one backpack",
        f"{start} a blue dog and a white bowl",
        f"{start} a bottle on the left and a dog on the right",
    ]
    assert f"{start} a blue book and an orange chair" in {q.prompt for q in EVERYTHING}


def test_negation_rule() -> None:
    question = first("negation")
    assert met(question, free(Entity("book"), negative="backpacks"))
    assert not met(question, free(Entity("book")))
    assert not met(question, free(Entity("red backpack"), negative="backpacks"))


def test_numeracy_rule() -> None:
    question = Question("numeracy", "three dogs", ("dog",), 3)
    assert met(question, cell(Entity("dog", 2), Entity("brown dog"), Entity("cat", 2)))
    assert not met(question, cell(Entity("dog", 2)))
    assert not met(question, cell(Entity("hotdog", 3)))


def test_a_free_box_is_one_thing() -> None:
    """LMD counts boxes: GPT-3.5's published answer to "two chairs", one box of that name, is wrong."""
    question = Question("numeracy", "two chairs", ("chair",), 2)
    assert not met(question, free(Entity("chair", 2)))
    assert met(question, free(Entity("chair"), Entity("chair")))
    assert met(question, cell(Entity("chair", 2)))


def test_attribution_rule() -> None:
    question = Question("attribution", "", ("backpack", "cup"), 1, ("gray", "red"))
    assert met(question, free(Entity("grey leather backpack"), Entity("small red cup", 2)))
    assert not met(question, free(Entity("gray backpack"), Entity("cup")))
    assert not met(question, free(Entity("gray cup"), Entity("red backpack")))
    assert not met(question, free(Entity("gray backpack"), Entity("red hat beside a cup")))


def test_spatial_rule() -> None:
    question = Question("spatial", "", ("cat", "dog"), 1, (), ("left", "right"))
    left, right = (0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 0.5, 1.0)
    assert met(question, free(Entity("cat", box=left), Entity("dog", box=right)))
    assert not met(question, free(Entity("cat", box=right), Entity("dog", box=left)))
    assert not met(question, free(Entity("cat", box=left), Entity("dog", box=left)))
    assert not met(question, free(Entity("cat", box=left)))
    grid = Plan(
        split_ratio="1;1",
        regions=(Region("a dog", entities=(Entity("dog"),)), Region("a cat", entities=(Entity("cat"),))),
    )
    assert met(Question("spatial", "", ("cat", "dog"), 1, (), ("bottom", "top")), grid)
    assert not met(Question("spatial", "", ("cat", "dog"), 1, (), ("top", "bottom")), grid)
    assert not met(question, grid)


@pytest.mark.parametrize("method", ["rpg", "rag", "lmd"])
def test_the_offline_planner_meets_the_benchmark(method: str) -> None:
    outcomes = list(bench.measure(OFFLINE, method, EVERYTHING))
    table = {row["task"]: row for row in bench.rows(outcomes)}
    assert len(outcomes) == 400
    assert all(table[task]["share"] >= 0.99 for task in TASKS), table
    assert statistics.median(outcome.ms for outcome in outcomes) <= 100  # ten times what it takes: machines are busy


def test_a_limit_is_spread_over_the_tasks() -> None:
    picked = bench.chosen(TASKS, 10)
    assert Counter(q.task for q in picked) == {"negation": 3, "numeracy": 3, "attribution": 2, "spatial": 2}
    assert [q.number for q in bench.chosen(("numeracy",), 5)] == [1, 2, 3, 4, 5]
    assert len(bench.chosen(TASKS, None)) == len(bench.chosen(TASKS, 5000)) == 400


def test_resume_skips_what_is_done_and_survives_a_cut(tmp_path: Path) -> None:
    asked: list[str] = []

    def make(request: PlanRequest) -> bench.Planned:
        asked.append(request.prompt)
        if "dog" in request.prompt:
            raise RpgError("no answer; try later")
        return bench.Planned(plan(request), requests=2, prompt_tokens=30, completion_tokens=7, repairs=1)

    one = bench.Contender("model", "small", make)
    file = tmp_path / "outcomes.jsonl"
    wanted = [q for q in EVERYTHING if q.task == "numeracy"][:20]
    before = list(bench.measure(one, "rpg", wanted, 4, file))
    assert len(asked) == 20 and len(file.read_text().splitlines()) == 20
    assert sum(bool(outcome.error) for outcome in before) == 2
    with file.open("a") as opened:
        opened.write('{"planner": "mod')
    asked.clear()
    again = list(bench.measure(one, "rpg", wanted, 1, file))
    assert len(asked) == 2 and all("dog" in prompt for prompt in asked)  # failures alone are asked again
    assert len(again) == 20
    assert len(bench.read_outcomes(file)) == 22
    asked.clear()
    assert len(list(bench.measure(one, "lmd", wanted[:3], 1, file))) == len(asked) == 3  # another method is another run
    (row,) = [row for row in bench.rows(before) if row["task"] == "all"]
    assert (row["prompts"], row["right"], row["failed"]) == (20, 18, 2)
    assert row["requests"] == pytest.approx(1.8)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("dear diary\nsecond line\n")
    with pytest.raises(RpgError, match="line 1 of"):
        list(bench.measure(OFFLINE, "rpg", EVERYTHING[:1], 1, file))


def test_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "planner", "--limit", "8", "--parallel", "3", "--method", "lmd", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [(row["task"], row["prompts"], row["right"]) for row in document["rows"]] == [
        *((task, 2, 2) for task in TASKS),
        ("all", 8, 8),
    ]
    assert main(["bench", "planner", "--tasks", "spatial", "--limit", "3"]) == 0
    assert "100.0%" in capsys.readouterr().out
    for wrong in (["--tasks", "colour"], ["--limit", "2"], ["--parallel", "0"], ["--planner", "nobody"]):
        assert main(["bench", "planner", *wrong]) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_several_servers_share_the_prompts(capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.dumps({"base_prompt": "a scene", "negative_prompt": "cats", "rows": [{"cells": ["a scene"]}]})
    with scripted(stream(answer)) as one, scripted(stream(answer)) as two:
        servers = ["--server", one.url, "--server", two.url]
        words = ["--planner", "openai", "--provider", "custom", "--model", "m", "--no-cache", *servers]
        assert main(["bench", "planner", *words, "--tasks", "negation", "--limit", "10", "--json"]) == 0
        assert [len(one.seen), len(two.seen)] == [5, 5]
    row = json.loads(capsys.readouterr().out)["rows"][0]
    assert (row["planner"], row["model"], row["prompts"], row["failed"], row["requests"]) == ("openai", "m", 10, 0, 1)
    # Only the prompt "without cats" has what it excludes in this answer's negative prompt.
    assert row["right"] == 1


def test_a_published_cache_of_lmds_is_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prompts = [question.prompt for question in EVERYTHING if question.task == "numeracy"]
    one = "[('a cat', [100, 100, 200, 200])]\nBackground prompt: A realistic scene\nNegative prompt: "
    file = tmp_path / "cache_x_v0.1_gpt.json"
    file.write_text(json.dumps({prompt: [one, one] for prompt in prompts}), encoding="utf-8")
    words = ["--lmd-cache", str(file), "--method", "lmd", "--tasks", "numeracy", "--json"]
    assert main(["bench", "planner", *words]) == 0
    row = json.loads(capsys.readouterr().out)["rows"][0]
    assert (row["planner"], row["model"], row["prompts"], row["right"]) == ("lmd-cache", "cache_x_v0.1_gpt", 100, 2)
    file.write_text("{}", encoding="utf-8")
    assert main(["bench", "planner", *words]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["failed"] == 100
