"""The parts of the reader of answers: boxes, LMD's cache files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lib_rpg.bench.lmd_cache import MAX_RESPONSES, read_lmd_cache
from lib_rpg.errors import RpgError
from lib_rpg.plan import Source
from lib_rpg.planner import PlanRequest
from lib_rpg.planner.llm.answers import parse_answer
from lib_rpg.planner.llm.answers.boxes import cell_of, on_canvas, to_fractions
from lib_rpg.planner.llm.answers.unwrap import strip_thinking


def test_units_are_distinguished_by_how_far_the_boxes_reach() -> None:
    notes: list[str] = []
    assert to_fractions([(0.5, 0, 0.5, 1)], None, notes) == [(0.5, 0, 0.5, 1)]
    assert to_fractions([(50, 0, 50, 100)], (1024, 1024), notes) == [(0.5, 0, 0.5, 1)]
    assert to_fractions([(1000, 0, 1000, 1400)], (2000, 1400), notes) == [(0.5, 0, 0.5, 1)]
    assert notes == ["boxes: read them as percent", "boxes: read them as pixels of 2000x1400"]
    for boxes, size in (([(0, 0, 500, 500)], (640, 640)), ([(0, 0, 990, 990)], (1024, 1024)), ([(0, 0, 20, 20)], None)):
        with pytest.raises(RpgError, match="give fractions of the canvas"):
            to_fractions(boxes, size, [])


def test_boxes_are_cut_at_the_edge_or_refused() -> None:
    notes: list[str] = []
    assert on_canvas((-0.1, 0, 0.5, 1.05), "box", notes) == pytest.approx((0, 0, 0.4, 1))
    assert len(notes) == 1
    for box in ((-0.2, 0, 0.5, 1), (0, 0.9, 0.5, 0.5), (0.5, 0.5, 0, 0.1), (2, 0, 0.05, 0.05)):
        with pytest.raises(RpgError, match="box: "):
            on_canvas(box, "box", notes)


def test_a_box_belongs_to_the_cell_of_its_centre() -> None:
    cells = [(0.0, 0.0, 1.0, 0.5), (0.0, 0.5, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5)]
    assert [cell_of(box, cells) for box in ((0, 0, 1, 0.9), (0, 0.5, 0.9, 0.5), (0.3, 0.5, 0.7, 0.5))] == [0, 1, 2]


def test_thinking_is_taken_out_and_its_open_end_kept_apart() -> None:
    assert strip_thinking("<think>a</think>b").text.strip() == "b"
    assert strip_thinking("a</think>b").text.strip() == "b"
    stripped = strip_thinking("a<think>b")
    assert (stripped.text.strip(), stripped.tail) == ("a", "<think>b")


def test_the_source_and_the_base_ratio_of_the_caller() -> None:
    source = Source("openai", model="m", cached=True, notes=("first",))
    answer = '{"ratio": "1,1", "regions": ["a", "b",]}'
    plan = parse_answer(answer, PlanRequest("a and b"), source=source, base_ratio=0.6)
    assert (plan.source.planner, plan.source.model, plan.source.cached) == ("openai", "m", True)
    assert plan.source.notes[0] == "first"
    assert "JSON: removed a stray comma" in plan.source.notes
    assert plan.base_ratio == 0.6
    assert parse_answer(answer.replace("{", '{"base_ratio": 0.1, ', 1), base_ratio=0.6).base_ratio == 0.1


CACHE = {
    "a cat on a lawn": [
        "[('a cat', [10, 10, 200, 200])]\nBackground prompt: A lawn\nNegative prompt:",
        "[('a cat', [20, 20, 200, 200])]\nBackground prompt: A lawn\nNegative prompt: dogs",
    ],
    "a lawn without cats": ["[]\nBackground prompt: A lawn\nNegative prompt: cats"],
}


def test_lmd_cache_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "cache_lmd_v0.1_gpt-3.5-turbo.json"
    path.write_text(json.dumps(CACHE), encoding="utf-8")
    plans = read_lmd_cache(path)
    assert {prompt: len(made) for prompt, made in plans.items()} == {"a cat on a lawn": 2, "a lawn without cats": 1}
    first, second = plans["a cat on a lawn"]
    assert (first.prompt, first.layout, first.source.model, first.source.cached) == (
        "a cat on a lawn",
        "boxes",
        "gpt-3.5-turbo",
        True,
    )
    assert first.regions[0].box == pytest.approx((10 / 512, 10 / 512, 200 / 512, 200 / 512))
    assert second.negative_prompt == "dogs"
    assert plans["a lawn without cats"][0].regions[0].box == (0, 0, 1, 1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "a list is not an object of prompts"),
        ("{", "is not valid JSON"),
        ('{"a": "b"}', "'b' is not a list of responses"),
        ('{"a": ["b"]}', "'a', response 1: no plan was found"),
        ('{"a": [7]}', "'a', response 1: the answer is of type int"),
        ('{"": []}', "'' is not a prompt"),
        (json.dumps({"a": [""] * (MAX_RESPONSES + 1)}), f"more than {MAX_RESPONSES} responses"),
        ("\udcff", "is not a text file in UTF-8"),
        (" " * 20_000_001, "more than 20000000 bytes"),
    ],
)
def test_faults_of_cache_files_are_one_sentence(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "cache_lmd_v0.1_m.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(RpgError) as error:
        read_lmd_cache(path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_cache_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RpgError, match="cannot be read"):
        read_lmd_cache(tmp_path / "none.json")
