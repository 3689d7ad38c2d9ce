"""The offline planner against prompts as users type them, and what holds for every plan of any such prompt."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.keywords import find_keyword
from lib_rpg.plan import Entity, Plan, Region
from lib_rpg.planner import METHODS, PlanRequest, plan
from tests.examples import examples
from tests.planner.offline import typed_cases
from tests.planner.offline.compare import cells_of
from tests.planner.offline.invariants import content_words, lost
from tests.planner.offline.modifiers import MODIFIERS, SUBJECTS, made_cells, strange_cells, together
from tests.planner.offline.patterns import patterns
from tests.planner.offline.times import joined, milliseconds
from tests.planner.offline.truth import truths
from tests.planner.offline.typed import WORK, typed_faults, wrong
from tests.planner.plan_digests import prompts
from tests.tables import for_each

# The share of the work list that is planned as stated, and the modifiers that get no cell, of those of their kind.
LEAST = 0.90
FREE_MODIFIERS = {
    "mood": 2, "camera": 8, "film": 1, "engine": 2, "quality": 12, "score": 0, "rating": 0, "source": 1, "style": 7,
    "artist": 5, "light": 9, "composition": 7, "colour": 5, "trigger": 0,
}  # fmt: skip
PIECES = [piece for pieces in MODIFIERS.values() for piece in pieces]
TYPED = [truth["prompt"] for truth in truths(WORK)]


@pytest.mark.parametrize("method", METHODS)
def test_prompts_as_users_type_them(method: str) -> None:
    found = wrong(WORK, method)
    assert len(TYPED) == 130
    assert len(found) <= len(TYPED) * (1 - LEAST), found


@for_each(typed_cases.TYPED, lambda case: case.prompt)
def test_a_prompt_of_each_kind(case: typed_cases.Typed) -> None:
    result = plan(PlanRequest(case.prompt, 1024, 1024))
    assert (cells_of(result), result.split_ratio, result.negative_prompt) == case[1:]


def test_the_checker_sees_faults() -> None:
    truth = next(truth for truth in truths(WORK) if truth["prompt"].startswith("beagle wearing"))
    entities = (Entity("beagle wearing a red cape, a top hat and a monocle"),)
    whole = Region(entities[0].phrase, entities=entities)
    assert typed_faults(truth, Plan(split_ratio="1", regions=(whole,))) == []
    two = Plan(split_ratio="1,1", regions=(Region("a beagle", entities=(Entity("beagle"),)), Region("monocle")))
    assert "2 regions instead of 1" in typed_faults(truth, two)


# Nothing is lost: every word that says what is in the picture is in the base prompt, a region or the negative prompt.


def losses(every: Iterable[str]) -> dict[str, list[str]]:
    return {
        f"{method}: {prompt}": words
        for prompt in every
        for method in METHODS
        if (words := lost(prompt, plan(PlanRequest(prompt, 1024, 1024, method=method))))
    }


def test_no_word_of_the_lists_is_lost() -> None:
    assert losses(dict.fromkeys([*TYPED, *(prompt for _, prompt in prompts())])) == {}


def test_no_word_of_the_patterns_is_lost() -> None:
    assert losses(truth["prompt"] for truth in patterns()[::10]) == {}


EXCLUSIONS = (
    "no people", "without a hat", "not more than five cherries", "and nothing else", "nobody around", "no text, no "
    "watermark", "a chair without cushions on it", "not smiling", "no cars or trucks", "excluding bananas", "a street "
    "empty of people", "don't include any animals", "no red cars on the left", "apart from a small bird", "isn't blue",
    "not a single cloud", "rather than a horse", "without a red scarf around her neck", "a cat but no dog",
    "no leaves on the trees behind the house", "no longer young",
)  # fmt: skip
FORMS = ("{}", "{}", "({}:1.2)", "(({}))", "[{}]", "{} <lora:film_v2:0.7>", "{} :0.5", "# {}\n", "{} # try later\n")
JOINTS = (", ", ", ", ". ", " and ", "\n", "; ", " BREAK ", " AND ", " ADDCOL ", " ADDROW ", " ADDCOMM ", " | ")
short = st.sampled_from([prompt for prompt in TYPED if len(prompt) < 90] + list(SUBJECTS))
piece = st.builds(str.format, st.sampled_from(FORMS), st.one_of(short, st.sampled_from([*PIECES, *EXCLUSIONS])))
typed_text = st.lists(st.tuples(piece, st.sampled_from(JOINTS)), min_size=1, max_size=6).map(
    lambda parts: "".join(part + joint for part, joint in parts)
)


@settings(max_examples=examples(300))
@given(prompt=typed_text, method=st.sampled_from(METHODS))
@example(prompt="a living room, empty of furniture, with a grand piano", method="rpg")
@example(prompt="a fox, # x\n, a samurai, a samurai\n2boys, boy on left with green cap, boy on right", method="rpg")
@example(
    prompt="a samurai with a red kabuto, # x\n, a samurai with a red kabuto\n2boys, boy on left in green", method="rpg"
)
@example(prompt="a wise tortoise\na queen, # a puppy and a wise tortoise\n, the clock shows 10:25", method="rpg")
@example(prompt="a living room ADDBASE a cat ADDCOL three piglets and one sheepdog on the left", method="lmd")
def test_no_word_of_any_text_is_lost(prompt: str, method: str) -> None:
    try:
        planned = plan(PlanRequest(prompt, 1024, 1024, method=method))
    except RpgError:
        return  # it has no words at all
    assert lost(prompt, planned) == []


@pytest.mark.parametrize("prompt", ["a market, no people in the background", "a wolf, no trees in the foreground"])
def test_the_place_of_what_is_excluded_is_not_lost(prompt: str) -> None:
    assert lost(prompt, plan(PlanRequest(prompt))) == []


@pytest.mark.parametrize("keyword", ["BREAK", "ADDCOL", "ADDROW", "ADDCOMM"])
def test_no_keyword_is_in_the_negative_prompt(keyword: str) -> None:
    planned = plan(PlanRequest(f"a meadow, not a single cow {keyword} a red barn"))
    assert find_keyword(planned.negative_prompt) == "" and "barn" in planned.base_prompt


def test_content_words() -> None:
    assert content_words("(a red hat:1.2) on the left BREAK two cats :0.5 # later\n<lora:x:1>, at 10:25") == [
        "red", "hat", "left", "two", "cats", "<lora:x:1>", "10", "25"
    ]  # fmt: skip
    planned = Plan(base_prompt="a red cat", negative_prompt="dogs", split_ratio="1", regions=(Region("two mice"),))
    assert lost("a red cats, a mouse, no dog and a blue owl", planned) == ["blue", "owl"]


# A piece that says how the whole picture is makes no cell and names none.


@pytest.mark.parametrize("kind", MODIFIERS)
def test_modifiers_get_no_cell(kind: str) -> None:
    made = made_cells(kind)
    assert len(MODIFIERS[kind]) - len(made) >= FREE_MODIFIERS[kind], made


def test_there_are_many_modifiers() -> None:
    assert len(set(PIECES)) == len(PIECES) >= 200
    assert set(FREE_MODIFIERS) == set(MODIFIERS)


@settings(max_examples=examples(150), database=None)
@given(
    subject=st.sampled_from(SUBJECTS),
    before=st.lists(st.sampled_from(PIECES), max_size=6, unique=True),
    after=st.lists(st.sampled_from(PIECES), max_size=8, unique=True),
    method=st.sampled_from(METHODS),
)
@example(subject="a portrait of an empress", before=["euphoric", "unreal engine 4"], after=[], method="rpg")
def test_no_cell_is_named_by_a_modifier(subject: str, before: list[str], after: list[str], method: str) -> None:
    planned = plan(PlanRequest(together(subject, before, after), 1024, 1024, method=method))
    alone = plan(PlanRequest(subject, 1024, 1024, method=method))
    assert strange_cells(subject, planned) == []
    assert len(planned.regions) == len(alone.regions)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_names_its_own_cells(subject: str, method: str) -> None:
    assert strange_cells(subject, plan(PlanRequest(subject, method=method))) == []


def test_the_checker_sees_strange_cells() -> None:
    regions = (
        Region("a red fox, masterpiece", name="red fox", entities=(Entity("red fox"),)),
        Region("ektachrome", name="ektachrome", entities=(Entity("ektachrome"),)),
        Region("fog", name="background"),
    )
    assert strange_cells("two foxes", Plan(split_ratio="1,1,1", regions=regions)) == ["ektachrome"]


# Times, which the command of `typed` prints.


def test_times() -> None:
    assert list(joined(["a b", "c", "d e f", "g"], most=3)) == ["a b. c", "d e f"]
    times = milliseconds(["a cat", "a dog on the left"], rounds=3)
    assert set(times) == {"a cat", "a dog on the left"} and all(0 < taken < 1000 for taken in times.values())
