"""Midjourney's parameters in a prompt: they are no things, and what they exclude goes to the negative prompt."""

from __future__ import annotations

import pytest

from lib_rpg.planner import PlanRequest, plan
from lib_rpg.planner.offline.parameters import split_parameters


@pytest.mark.parametrize(
    ("prompt", "rest", "excluded"),
    [
        ("a red fox in the snow --ar 3:2 --v 5", "a red fox in the snow", ()),
        ("a castle, oil painting --no people, cars --s 750", "a castle, oil painting", ("people", "cars")),
        ("a cat —ar 16:9 —v 6.1", "a cat", ()),
        ("a teapot, --chaos 20 --niji 6", "a teapot", ()),
        ("a cat on the left --tile, a dog", "a cat on the left, a dog", ()),
        ("a mask --sref 123 456 --style raw", "a mask", ()),
        ("a cat --no rain. BREAK a dog", "a cat. BREAK a dog", ("rain",)),
        ("--no people a cat\na dog", "a dog", ("people a cat",)),
    ],
)
def test_a_prompt_without_its_parameters(prompt: str, rest: str, excluded: tuple[str, ...]) -> None:
    found = split_parameters(prompt)
    assert (found.prompt, found.excluded) == (rest, excluded)
    assert found.typed


@pytest.mark.parametrize(
    "prompt",
    ['a sign that says "use --ar 3:2"', "a man -- a queen", "a man—no hat—and a dog", "--ar 3:2", "a well--known inn"],
)
def test_what_is_no_parameter_stays(prompt: str) -> None:
    assert split_parameters(prompt).prompt == prompt
    assert not split_parameters(prompt).typed


def test_a_plan_of_a_prompt_with_parameters() -> None:
    prompt = "a cat and a dog --no birds --ar 3:2"
    planned = plan(PlanRequest(prompt, 512, 512))
    assert (planned.prompt, planned.base_prompt, planned.negative_prompt) == (prompt, "a cat and a dog", "birds")
    assert [region.prompt for region in planned.regions] == ["a cat", "a dog"]
    assert planned.source.notes[0] == (
        "left out: --no birds, --ar 3:2; settings of the WebUI take their place, "
        "and what is behind --no is in the negative prompt"
    )
    laid_out = plan(PlanRequest("a cat ADDCOL a dog --no birds", 512, 512))
    assert (laid_out.negative_prompt, len(laid_out.regions)) == ("birds", 2)
