"""RAG's parameters under their own names: as JSON, as keyword arguments, and as key lines."""

from __future__ import annotations

import contextlib
import json
import math
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.layout.objects import bound_objects
from lib_rpg.plan import Plan
from lib_rpg.planner import PlanRequest
from lib_rpg.planner.llm.answers import parse_answer
from lib_rpg.planner.llm.answers.arithmetic import MAX_SUM, compute

ENTRY: dict[str, Any] = {
    "idx": 0,
    "prompt": "a lemon beside two green pears",
    "SR_hw_split_ratio": "0.4, 0.6",
    "SR_prompt": "a ripe lemon with a leaf BREAK two pears, their skin speckled",
    "HB_prompt_list": ["Lemon", "two green pears"],
    "HB_m_offset_list": [0.05, 0.45],
    "HB_n_offset_list": [0.2, 0.2],
    "HB_m_scale_list": [0.3, 0.5],
    "HB_n_scale_list": [0.6, 0.5],
    "height": 768,
    "width": 1024,
    "seed": 7,
    "SR_delta": 0.75,
    "HB_replace": 2,
}


def with_values(**values: object) -> dict[str, Any]:
    return {key: value for key, value in {**ENTRY, **values}.items() if value is not None}


def parsed(entry: dict[str, Any]) -> Plan:
    return parse_answer(json.dumps(entry))


def notes_of(entry: dict[str, Any]) -> str:
    return " ".join(parsed(entry).source.notes)


def test_an_entry_is_read_whole() -> None:
    plan = parsed(ENTRY)
    assert (plan.prompt, plan.base_prompt) == (ENTRY["prompt"], ENTRY["prompt"])
    assert (plan.layout, plan.base_ratio, plan.binding, plan.bound_steps) == ("grid", 0.25, "auto", 0.1)
    assert [region.prompt for region in plan.regions] == ENTRY["SR_prompt"].split(" BREAK ")
    assert [(bound.prompt, bound.box) for bound in bound_objects(plan)] == [
        ("Lemon", (0.05, 0.2, 0.3, 0.6)),
        ("two green pears", (0.45, 0.2, 0.5, 0.5)),
    ]
    assert [(entity.phrase, entity.count) for region in plan.regions for entity in region.entities] == [
        ("Lemon", 1),
        ("green pear", 2),
    ]
    assert plan.source.notes == ("seed 7, width 1024, height 768: left out, set them in the tab",)


def as_call(entry: dict[str, Any]) -> str:
    return f"image = pipe({', '.join(f'{key}={value!r}' for key, value in entry.items())}).images[0]"


def as_assignments(entry: dict[str, Any]) -> str:
    lines = "\n".join(f"{key} = {json.dumps(value, indent=4)}  # {key}" for key, value in entry.items())
    return f"```python\n{lines}\nimage = pipe(SR_delta=SR_delta, HB_replace = HB_replace, seed=seed)\n```"


def as_key_lines(entry: dict[str, Any]) -> str:
    return "\n".join(f"{key}: {value}" for key, value in entry.items())


@pytest.mark.parametrize("write", [as_call, as_assignments])
def test_keyword_arguments_are_the_same(write: Any) -> None:
    assert parse_answer(write(ENTRY)) == parsed(ENTRY)


def test_key_lines_are_the_same_but_for_the_prompt() -> None:
    plan, expected = parse_answer(as_key_lines(ENTRY)), parsed(ENTRY)
    for name in ("regions", "base_ratio", "binding", "bound_steps", "split_ratio"):
        assert getattr(plan, name) == getattr(expected, name)


def test_a_whole_gallery_gives_its_last_entry() -> None:
    assert parse_answer(json.dumps([with_values(SR_delta=0.1), ENTRY])) == parsed(ENTRY)


@pytest.mark.parametrize("asked", ["rpg", "rag"])
def test_it_answers_a_request(asked: str) -> None:
    plan = parse_answer(json.dumps(ENTRY), PlanRequest("fruit", method=asked))
    assert (plan.prompt, plan.base_prompt, plan.binding) == ("fruit", ENTRY["prompt"], "auto")


@pytest.mark.parametrize(
    ("values", "binding", "steps", "note"),
    [
        ({"HB_replace": 3}, "auto", 0.15, ""),
        ({"HB_replace": 8}, "auto", 0.4, ""),
        ({"HB_replace": 1, "num_inference_steps": 4}, "auto", 0.25, ""),
        ({"HB_replace": "2"}, "auto", 0.1, ""),
        ({"HB_replace": 0}, "auto", 0.0, "their own noise alone"),
        ({"HB_replace": 30}, "auto", 1.0, "more than 20 steps"),
        ({"HB_replace": -1}, "off", 0.15, ""),
        ({"HB_replace": None}, "auto", 0.15, ""),
    ],
)
def test_bound_steps(values: dict[str, Any], binding: str, steps: float, note: str) -> None:
    plan = parsed(with_values(**values))
    assert (plan.binding, plan.bound_steps) == (binding, steps)
    assert note in " ".join(plan.source.notes)


def test_empty_lists_bind_nothing() -> None:
    lists = {name: [] for name in ENTRY if name.startswith("HB_") and name.endswith("_list")}
    plan = parsed(with_values(**lists, HB_replace=-1, SR_delta=0.0))
    assert (plan.binding, plan.base_ratio) == ("off", 1.0)
    assert not any(region.entities for region in plan.regions)


def test_fractions_and_sums() -> None:
    text = as_call(ENTRY).replace("[0.05, 0.45]", "[1/20, 0.5-1/20]").replace("[0.3, 0.5]", "[3/10, (1+1)/4]")
    assert [bound.box for bound in bound_objects(parse_answer(text))] == [
        pytest.approx((0.05, 0.2, 0.3, 0.6)),
        pytest.approx((0.45, 0.2, 0.5, 0.5)),
    ]
    given_as_text = with_values(HB_m_offset_list=["1/20", "0.2 + 1/4"])
    assert bound_objects(parsed(given_as_text))[1].box == pytest.approx((0.45, 0.2, 0.5, 0.5))


def test_pictures_of_objects_are_one_sentence() -> None:
    for entry in (with_values(Redux_list=["a.png", "b.png"]), with_values(id_images_path=["a.png"], id_weights=[1.0])):
        notes = [note for note in parsed(entry).source.notes if "IP-Adapter" in note]
        assert len(notes) == 1
    unnamed = parsed(with_values(Redux_list=["a.png", "b.png"], HB_prompt_list=None))
    assert [bound.prompt for bound in bound_objects(unnamed)] == [region.prompt for region in unnamed.regions]


def test_repainting_is_one_sentence() -> None:
    entry = with_values(Repainting_prompt="a lime", Repainting_mask="mask.png", Repainting_seed=3)
    assert notes_of(entry).count("Repainting_") == 3
    assert len(parsed(entry).source.notes) == 2


def test_without_regions_the_whole_picture_is_one() -> None:
    plan = parsed(with_values(SR_prompt=None, SR_hw_split_ratio=None))
    assert [region.prompt for region in plan.regions] == [ENTRY["prompt"]]
    assert [bound.prompt for bound in bound_objects(plan)] == ENTRY["HB_prompt_list"]


def test_the_order_of_overlapping_objects_is_noted_where_it_changes() -> None:
    turned = {name: value[::-1] for name, value in ENTRY.items() if name.endswith("_list")}
    assert "overlap" not in notes_of(with_values(**turned))
    crossing = with_values(**{**turned, "HB_m_scale_list": [0.5, 0.5], "HB_m_offset_list": [0.35, 0.05]})
    assert "objects that overlap" in notes_of(crossing)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"SR_delta": 1.5}, "SR_delta: 1.5 is not from 0 to 1"),
        ({"HB_replace": "two"}, "HB_replace: 'two' is not a number"),
        ({"num_inference_steps": 0}, "num_inference_steps: 0 is less than 1"),
        ({"SR_prompt": None}, "SR_prompt: is missing"),
        ({"SR_prompt": None, "SR_hw_split_ratio": None, "prompt": None}, "neither SR_prompt nor prompt"),
        ({"HB_prompt_list": None}, "HB_prompt_list: is missing"),
        ({"HB_n_scale_list": [0.5]}, "HB_n_scale_list: it has 1 items"),
        ({"HB_m_scale_list": [0.3, "open()"]}, "HB_m_scale_list[1]"),
        ({"HB_m_offset_list": [0.05, 0.9]}, "leaves the canvas"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RpgError) as error:
        parsed(with_values(**values))
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_variables_alone_are_no_values() -> None:
    with pytest.raises(RpgError, match="no plan was found"):
        parse_answer("image = pipe(SR_delta=SR_delta, SR_prompt=para_dict['SR_prompt'], HB_replace=n)")


def test_a_hostile_text_takes_no_long_time() -> None:
    for piece in ("SR_prompt=[/*", "SR_prompt='", 'SR_prompt="""', "HB_prompt_list=[1,", "SR_delta=1,"):
        start = time.perf_counter()
        with contextlib.suppress(RpgError):
            parse_answer((piece * 20_000)[:200_000])
        assert time.perf_counter() - start < 5


def _joined(parts: tuple[tuple[str, float], str, tuple[str, float]]) -> tuple[str, float]:
    (left, a), sign, (right, b) = parts
    value = {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else math.inf}[sign]
    return f"({left}{sign} {right})", value


SUMS = st.recursive(
    st.integers(1, 99).map(lambda number: (str(number), float(number)))
    | st.floats(0.01, 9, allow_nan=False).map(lambda number: (f"{number:.2f}", float(f"{number:.2f}"))),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(_joined),
    max_leaves=5,
)


@given(SUMS)
def test_sums_are_computed(case: tuple[str, float]) -> None:
    text, value = case
    if len(text) <= MAX_SUM and math.isfinite(value):
        assert compute(text) == pytest.approx(value, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1/3", 1 / 3), ("0.5+1/6", 2 / 3), ("1-2-3", -4.0), ("8/2/2", 2.0), ("-.5*2", -1.0), ("2*(1+1)", 4.0)],
)
def test_sums_by_hand(text: str, value: float) -> None:
    assert compute(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["", "1/0", "1+", "(1", "1)", "2**3", "abs(1)", "1 2", "1e999", "__import__('os')", "(" * 60, "1" * 200]
)
def test_what_is_no_sum(text: str) -> None:
    assert compute(text) is None
