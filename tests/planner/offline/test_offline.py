"""The offline planner against the prompts with stated truth, and against any text at all."""

from __future__ import annotations

import re
import statistics
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.keywords import without_comments
from lib_rpg.pasted_text import as_written
from lib_rpg.plan import MAX_PROMPT, Plan
from lib_rpg.plan_text import plan_from_text, plan_to_text
from lib_rpg.planner import PlanRequest, plan
from lib_rpg.planner.offline.typed_layout import has_typed_layout
from tests.examples import examples
from tests.growth import assert_linear
from tests.planner.offline.cases import CASES, LMD, Case
from tests.planner.offline.compare import cells_of
from tests.planner.offline.more_cases import FREE, TOGETHER
from tests.tables import for_each

ALL = CASES + FREE + TOGETHER


def offline(prompt: str, width: int = 512, height: int = 512) -> Plan:
    return plan(PlanRequest(prompt, width, height))


def scene_parts(case: Case) -> list[str]:
    return [re.sub(r"^(an?|the) ", "", part) for part in case.scene.lower().split(", ")]


@for_each(ALL, lambda case: case.prompt)
def test_prompt_with_stated_truth(case: Case) -> None:
    result = offline(case.prompt, *case.size)
    assert cells_of(result) == case.cells.lower()
    assert result.negative_prompt == case.negative
    for region in result.regions:
        assert [part for part in scene_parts(case) if part not in region.prompt.lower()] == []


@for_each(ALL, lambda case: case.prompt)
def test_a_region_says_nothing_of_places_or_of_other_things(case: Case) -> None:
    result = offline(case.prompt, *case.size)
    if "says" in case.prompt or "in the middle" in case.cells:
        return  # place words belong to the thing itself
    phrases = [{e.phrase.lower() for e in region.entities} for region in result.regions]
    for region, own in zip(result.regions, phrases, strict=True):
        assert not re.search(
            r"\b(left|right|top|bottom|above|below|between)\b(?!-)", region.prompt.replace("top hat", "")
        )
        for other in set().union(*phrases) - own:
            if own and not any(other in mine or mine in other for mine in own):
                assert not re.search(rf"\b{re.escape(other)}\b", region.prompt.lower())


@for_each(ALL, lambda case: case.prompt)
def test_the_base_prompt_is_the_users_own_words_less_what_is_excluded(case: Case) -> None:
    result = offline(case.prompt, *case.size)
    assert result.prompt == case.prompt
    if not case.negative and "BREAK" not in case.prompt:
        assert result.base_prompt == re.sub(r"<lora:toy:0.8> ", "", case.prompt)  # the tag of one thing
    for excluded in case.negative.split(", ") if case.negative else ():
        word = excluded.split()[-1]
        again = case.prompt.lower().count(word) > 1
        assert again or word not in result.base_prompt
    said = re.findall(r"\w+", case.prompt.lower())
    assert [word for word in re.findall(r"\w+", result.base_prompt.lower()) if word not in said] == []


def test_exclusions_leave_a_whole_sentence() -> None:
    assert offline("a cat, no dogs, a bird").base_prompt == "a cat, a bird"
    assert offline("a street without cars or people at night").base_prompt == "a street at night"
    assert offline("a red apple but no leaves, on a table").base_prompt == "a red apple, on a table"
    assert offline("(a cat without a hat:1.2) on a sofa").base_prompt == "(a cat:1.2) on a sofa"


def test_what_is_no_exclusion_stays() -> None:
    for prompt in ("a no smoking sign", "not only a cat but also a dog", "no more than three cats"):
        assert offline(prompt).negative_prompt == ""
        assert offline(prompt).base_prompt == prompt


def test_region_prompts() -> None:
    result = offline("a red circle on the left and an orange square on the right, navy background")
    assert [r.prompt for r in result.regions] == [
        "a red circle, navy background",
        "an orange square, navy background",
    ]
    assert [r.name for r in result.regions] == ["red circle", "orange square"]
    assert [r.prompt for r in offline("twelve orange eggs").regions][:2] == ["two orange eggs", "two orange eggs"]
    assert [r.prompt for r in offline("the moon above his red hat").regions] == ["the moon", "his red hat"]
    tags = offline("1girl, red hair, 1boy, cafe, masterpiece").regions
    assert [r.prompt for r in tags] == ["1girl, red hair, cafe, masterpiece", "1boy, cafe, masterpiece"]
    together = offline("a cat sitting on a red sofa in a living room").regions
    assert [r.prompt for r in together] == ["a cat sitting on a red sofa, in a living room"]


def test_what_several_do_is_said_of_each() -> None:
    result = offline("two girls, one in a red cheongsam, one in orange, drink tea under a landscape painting")
    assert result.split_ratio == "1;1,1,1"
    assert [r.prompt for r in result.regions] == [
        "a landscape painting",
        "a girl in a red cheongsam drinking tea",
        "a girl in orange drinking tea",
    ]
    assert [e.count for r in result.regions for e in r.entities] == [1, 1, 1]
    plain = offline("two girls drink tea under a landscape painting").regions
    assert [(r.name, r.prompt) for r in plain[1:]] == [
        ("girl 1", "a girl drinking tea"),
        ("girl 2", "a girl drinking tea"),
    ]


@pytest.mark.parametrize(
    ("prompt", "size", "ratio"),
    [
        ("a cat and a dog", (512, 512), "1,1"),
        ("a cat and a dog", (512, 1024), "1;1"),
        ("two apples left of a mug", (512, 512), "1,1,1"),
        ("two apples on the left and a mug on the right", (512, 512), "1,1,2"),
        ("a huge castle and a tiny mouse", (512, 512), "4,1"),
        ("a panda in the left third, a koala in the rest", (512, 512), "1,2"),
        ("a ship on the top two thirds and a whale on the bottom third", (512, 512), "2;1"),
        ("a girl in the center", (512, 512), "1;2,1,2,1;1"),
        ("a moon in the top right corner", (512, 512), "1,1,1;1"),
        ("six cups", (1024, 512), "1,1,1,1;1,1,1,1"),
        ("two green squares, brown background", (512, 512), "1,1"),
    ],
)
def test_ratio(prompt: str, size: tuple[int, int], ratio: str) -> None:
    assert offline(prompt, *size).split_ratio == ratio


def test_base_ratio_is_larger_for_things_of_one_kind() -> None:
    assert offline("two girls in a cafe").base_ratio == offline("a red car and a blue car").base_ratio == 0.4
    assert offline("a girl and a dog").base_ratio == 0.2


def test_empty_cells_hold_the_scene() -> None:
    empty = [r for r in offline("a red circle in the top left corner, teal background").regions if not r.entities]
    assert [(r.name, r.prompt) for r in empty] == [("background", "teal background")] * 2
    assert [r.prompt for r in offline("a red circle on the left").regions] == ["a red circle", "background"]


def test_extra_networks_go_to_the_whole_picture() -> None:
    result = offline("a cat and a dog <lora:fur:0.7>")
    assert result.base_prompt.endswith("<lora:fur:0.7>")
    assert not any("lora" in region.prompt for region in result.regions)


def test_what_is_guessed_or_dropped_is_noted() -> None:
    prompt = "a cat left of a dog, the dog is left of the cat"
    assert guesses(prompt) == ("left out, because it contradicts the rest: 'dog' left of 'cat'",)
    together = "gives no number; kept together in one cell"
    assert guesses("several large birds, a cat, red flowers") == (
        f"'several large birds' {together}",
        f"'red flowers' {together}",
    )
    assert guesses("three cats on the left and right") == (
        "'on the left and right' are not as many places as things; the first one is used for all",
    )
    assert guesses("masterpiece, best quality") == ("no single thing was recognised; the whole prompt is one region",)
    assert guesses("a red circle and a blue square") == ()


def guesses(prompt: str) -> tuple[str, ...]:
    """What the plan says that it guessed; it has no other notes."""
    source = offline(prompt).source
    assert source.remarks == ()
    return source.guesses


def test_long_scenes_do_not_fill_the_regions() -> None:
    tags = ", ".join(
        f"in a {word} forest" for word in ("dark", "green", "wide", "deep", "old", "wet", "cold", "vast", "tall")
    )
    result = offline(f"a cat and a dog, {tags}")
    assert all(len(region.prompt.split()) <= 28 for region in result.regions)
    assert "long" in result.source.notes[0]


def test_the_lmd_prompts() -> None:
    """LMD's four kinds, over all of its objects, colours and places."""
    objects = ["backpack", "book", "bottle", "bowl", "car", "cat", "chair", "cup", "dog", "laptop"]
    colours = ["red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white", "gray"]
    start = LMD[0].prompt.removesuffix(" without backpacks")
    for k, thing in enumerate(objects):
        other, one, two = objects[k - 1], colours[k], colours[k - 1]
        assert offline(f"{start} without {thing}s").negative_prompt == f"{thing}s"
        for n, word in enumerate(("one", "two", "three", "four", "five"), 1):
            found = [e for r in offline(f"{start} with {word} {thing}{'s' * (n > 1)}").regions for e in r.entities]
            assert [e.phrase for e in found] == [thing] * n
        prompt = f"{start} with a {one} {thing} and a {two} {other}"
        assert cells_of(offline(prompt)) == f"{one} {thing} | {two} {other}"
        for a, b, joint in (("left", "right", " | "), ("top", "bottom", " / ")):
            prompt = f"{start} with a {thing} on the {a} and a {other} on the {b}"
            assert cells_of(offline(prompt)) == f"{thing}{joint}{other}"
            prompt = f"{start} with a {thing} on the {b} and a {other} on the {a}"
            assert cells_of(offline(prompt)) == f"{other}{joint}{thing}"


WORDS = sorted({word for case in ALL for word in re.findall(r"\S+", case.prompt)})
SYNTAX = [
    "(",
    "[",
    "]",
    ")",
    ":1.2)",
    "{",
    "}",
    "<lora:x:1>",
    "BREAK",
    "AND",
    "ADDBASE",
    "ADDCOMM",
    "ADDROW",
    "ADDCOL",
    "# ",
    ":0.5",
    '"',
    "\\(",
    "[a:b:0.5]",
    "99",
    "\n",
]
any_prompt = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS + SYNTAX), max_size=60).map(" ".join),
    st.builds(
        lambda case, cut, tail: case.prompt[:cut] + tail, st.sampled_from(ALL), st.integers(0, 80), st.text(max_size=9)
    ),
)


@settings(max_examples=examples(600))
@given(prompt=any_prompt, size=st.sampled_from([(512, 512), (1024, 512), (512, 1024), (64, 4096)]))
@example(prompt="left of " * 1200, size=(512, 512))
@example(prompt=",", size=(512, 512))
@example(prompt="(a ADDCOL (b:1.2) <lora:x:1> ADDROW [c:d:0.5] no e", size=(512, 512))
@example(prompt='a "BREAK" on the left, a [x:ADDROW:0.5] AND a cat', size=(512, 512))
def test_any_text_gives_a_plan_or_the_packages_own_error(prompt: str, size: tuple[int, int]) -> None:
    try:
        result = offline(prompt, *size)
    except RpgError as error:
        misplaced = has_typed_layout(without_comments(prompt)) and str(error).startswith("prompt: ")
        assert misplaced or not without_comments(prompt).strip() or "\0" in prompt or "surrogates" in str(error)
        return
    assert Plan.from_json(result.to_json()) == result
    text = plan_from_text(plan_to_text(result), result.split_ratio, base_ratio=result.base_ratio)
    assert [as_written(r.prompt) for r in text.regions] == [as_written(r.prompt) for r in result.regions]
    opened, closed = "".join(r.prompt for r in result.regions), result.base_prompt
    if prompt.count("(") == prompt.count(")") == 0 and "\\" not in prompt:
        assert "(" not in opened and "(" not in closed


@pytest.mark.parametrize(
    "piece",
    [
        "a red cat and ",
        "(",
        "(a ",
        "red, ",
        "red and ",
        "left of ",
        "of a ",
        "a pair of ",
        "in a cafe, ",
        "no cats, ",
        '"',
        "[a:b",
    ],
)
def test_time_grows_with_length_only(piece: str) -> None:
    assert_linear(lambda length: offline(("a " + piece * length)[:length]), MAX_PROMPT)


def test_speed(capsys: pytest.CaptureFixture[str]) -> None:
    seconds = []
    for case in ALL:
        start = time.process_time()
        offline(case.prompt, *case.size)
        seconds.append(time.process_time() - start)
    with capsys.disabled():
        middle = statistics.median(seconds) * 1000
        print(f"\noffline planner: median {middle:.1f} ms, slowest {max(seconds) * 1000:.1f} ms of {len(ALL)} prompts")
    assert len(seconds) == len(ALL)
