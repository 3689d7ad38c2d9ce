"""The offline planner against sentences with stated truth, and the grammar that reads them."""

from __future__ import annotations

import pytest

from lib_rpg.planner import PlanRequest, plan
from lib_rpg.planner.language.prompt_tokens import tokenise
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import gerund_of, is_finite
from lib_rpg.planner.offline.grammar.numbers import number
from lib_rpg.planner.offline.reading.model import Shared
from lib_rpg.planner.offline.reading.reader import read
from tests.planner.offline.compare import cells_of
from tests.planner.offline.everyday_cases import EVERYDAY
from tests.planner.offline.picture_cases import PICTURE
from tests.planner.offline.relation_cases import RELATIONS
from tests.planner.offline.sentence_cases import SENTENCES, Sentence
from tests.planner.offline.several_cases import SEVERAL
from tests.tables import for_each


@for_each(SENTENCES + RELATIONS + PICTURE + SEVERAL + EVERYDAY, lambda case: case.prompt)
def test_sentence_with_stated_truth(case: Sentence) -> None:
    result = plan(PlanRequest(case.prompt, 512, 512))
    assert cells_of(result) == case.cells.lower()
    assert result.negative_prompt == case.negative
    assert result.base_prompt == (case.base or case.prompt)


@pytest.mark.parametrize(
    ("finite", "form"),
    [
        ("guarded", "guarding"),
        ("outstares", "outstaring"),
        ("smuggle", "smuggling"),
        ("carried", "carrying"),
        ("hugged", "hugging"),
        ("tuned", "tuning"),
        ("snaked", "snaking"),
        ("stole", "stealing"),
        ("plants", "planting"),
        ("outwits", "outwitting"),
    ],
)
def test_finite_verbs_take_the_form_of_a_phrase(finite: str, form: str) -> None:
    assert gerund_of(finite) == form


@pytest.mark.parametrize(
    ("prompt", "verb"),
    [
        ("four otters guarded two eggs", "guarded"),
        ("a clock shows 10:25", "shows"),
        ("a wall which outlasts an army", "outlasts"),
        ("a street lamp a bench", ""),
        ("kodak portra 400", ""),
        ("two guards", ""),
        ("a painted fence", ""),
    ],
)
def test_a_word_behind_a_noun_and_before_an_object_is_a_verb(prompt: str, verb: str) -> None:
    words = Words(tokenise(prompt))
    assert [words.low(i) for i in range(len(words)) if is_finite(words, i)] == [verb][: bool(verb)]


@pytest.mark.parametrize(
    ("prompt", "count"),
    [
        ("not more than five cherries", 5),
        ("fewer than three apples", 2),
        ("more than three apples", 4),
        ("fewer than one", 1),
        ("up to six dogs", 6),
    ],
)
def test_bounds_of_a_number(prompt: str, count: int) -> None:
    found = number(Words(tokenise(prompt)), 0)
    assert found is not None
    assert found[1] == count


def test_a_time_of_day_is_one_word() -> None:
    assert [t.text for t in tokenise("at 10:25, 16:9, (cat:10) and 1:2:3")][:4] == ["at", "10:25", ",", "16:9"]
    assert [t.text for t in tokenise("(a cat:1.2) :5")] == ["a", "cat", ":", "5"]


def test_light_and_weather_that_act_are_scene() -> None:
    assert read(tokenise("evening light falls through a window")).shared == [Shared("evening light falls")]
    assert read(tokenise("a cat. It is snowing outside")).shared == [Shared("snowing outside")]
    assert read(tokenise("a bed, and the corners are in shadow")).shared == [Shared("the corners are in shadow")]
