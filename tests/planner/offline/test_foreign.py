"""Prompts in other languages: no place is guessed, and one note says who reads them."""

from __future__ import annotations

import pytest

from lib_rpg.plan import Plan
from lib_rpg.planner import METHODS, PLANNERS, PlanRequest, plan
from tests.planner.language.language_prompts import FOREIGN, TAGGED

READ_BY = "the planners openai, local and paste read other languages"


def offline(prompt: str, method: str = "rpg") -> Plan:
    return plan(PlanRequest(prompt, method=method), "offline")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", FOREIGN)
def test_a_prompt_in_another_language_is_one_region_as_typed(name: str, method: str) -> None:
    for prompt in FOREIGN[name]:
        made = offline(prompt, method)
        [region] = made.regions
        assert (made.base_prompt, region.box, region.entities) == (prompt, (0, 0, 1, 1), ())
        assert made.negative_prompt == ""
        assert made.source.notes == (
            f"the prompt seems to be in {name}, but offline reads English, so it is one region; {READ_BY}",
        )


def test_the_note_names_all_planners_but_offline() -> None:
    assert [name for name in PLANNERS if name in READ_BY] == list(PLANNERS[1:])


def test_keywords_and_exclusions_of_it_stay_out_of_the_way() -> None:
    made = offline("une femme sans chapeau BREAK un chien, no")
    assert made.base_prompt == "une femme sans chapeau, un chien, no" and made.negative_prompt == ""
    assert len(made.source.notes) == 2 and "BREAK" in made.source.notes[0]


@pytest.mark.parametrize("prompt", TAGGED)
def test_a_piece_in_another_language_is_noted_and_the_rest_is_read(prompt: str) -> None:
    made = offline(prompt)
    pieces = ", ".join(TAGGED[prompt])
    assert made.source.remarks == (f"only in the base prompt, since offline reads English: {pieces}; {READ_BY}",)
    assert made.base_prompt == prompt
    english = ", ".join(piece for piece in prompt.split(", ") if f"'{piece}'" not in pieces)
    assert [region.prompt for region in made.regions] == [region.prompt for region in offline(english).regions]


def test_many_pieces_are_named_by_the_first() -> None:
    made = offline("1girl, 汉服, 樱花, 红色, 古风, smile")
    named = "'汉服' (Chinese), '樱花' (Chinese), '红色' (Chinese) and 1 more"
    assert made.source.notes == (f"only in the base prompt, since offline reads English: {named}; {READ_BY}",)
