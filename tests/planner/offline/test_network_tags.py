"""LoRA tags beside a thing are of that thing's regions, all others of the whole picture."""

from __future__ import annotations

import re

import pytest

from lib_rpg.keywords import NETWORK_TAG
from lib_rpg.plan import Plan
from lib_rpg.planner import METHODS, PlanRequest, plan

SIDES = "a black cat {}on the left and a white dog {}on the right"


def offline(prompt: str, method: str = "rpg") -> Plan:
    return plan(PlanRequest(prompt, 1024, 1024, method=method))


def tags_in(made: Plan) -> tuple[list[str], dict[str, str]]:
    """The tags in the base prompt, and of each region that has some, by its words."""
    regions = {re.sub(r" ?<[^>]+>", "", region.prompt): region.prompt for region in made.regions}
    own = {words: " ".join(NETWORK_TAG.findall(prompt)) for words, prompt in regions.items()}
    return NETWORK_TAG.findall(made.base_prompt), {words: tags for words, tags in own.items() if tags}


@pytest.mark.parametrize("method", METHODS)
def test_each_thing_has_the_tag_beside_it(method: str) -> None:
    made = offline(SIDES.format("<lora:cat:0.7> ", "<lora:dog:0.8> "), method)
    assert [region.prompt for region in made.regions] == ["a black cat <lora:cat:0.7>", "a white dog <lora:dog:0.8>"]
    assert made.base_prompt == SIDES.format("", "")
    assert [entity.phrase for region in made.regions for entity in region.entities] == ["black cat", "white dog"]
    assert [region.name for region in made.regions] == ["black cat", "white dog"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("prompt", "owners"),
    [
        ("a cat <lora:a:1> and a dog", {"a cat": "<lora:a:1>"}),
        ("a cat on the left <lora:a:1> and a dog on the right", {"a cat": "<lora:a:1>"}),
        ("a cat on the left <lora:a:1>, a dog on the right <lora:b:1>", {"a cat": "<lora:a:1>", "a dog": "<lora:b:1>"}),
        ("a cat <lora:a:1> and a dog <lora:b:1>", {"a cat": "<lora:a:1>", "a dog": "<lora:b:1>"}),
        ("a cat <lora:a:1><lora:b:.5> and a dog", {"a cat": "<lora:a:1> <lora:b:.5>"}),
        ("a cat <lyco:a:1> and a dog", {"a cat": "<lyco:a:1>"}),
        ("a cat and <lora:b:1> a dog", {"a dog": "<lora:b:1>"}),
        ("<lora:a:1> a cat and <lora:b:1> a dog", {"a cat": "<lora:a:1>", "a dog": "<lora:b:1>"}),
        ("a cat and a tall dog <lora:dog_v2:1>", {"a tall dog": "<lora:dog_v2:1>"}),  # named by its thing
        ("(a cat <lora:a:1>:1.2) and a dog", {"(a cat:1.2)": "<lora:a:1>"}),
        ("a woman in a red dress <lora:a:1> next to a man", {"a woman in a red dress": "<lora:a:1>"}),
        ("the cat is black <lora:a:1>, the dog is white", {"the black cat": "<lora:a:1>"}),
        ("a cat left of a dog. The cat <lora:a:1> is black.", {"a black cat": "<lora:a:1>"}),
        ("1girl, red hair <lora:a:1>, 1boy, black hair", {"1girl, red hair": "<lora:a:1>"}),
        ("two cats, one black <lora:a:1>, one white", {"a black cat": "<lora:a:1>"}),
        ("two cats <lora:a:1> and a dog", {"a cat": "<lora:a:1>"}),
        ("park BREAK a red cat, <lora:a:1> BREAK a dog", {"a red cat, park": "<lora:a:1>"}),
        ("a red cat, <lora:a:1> BREAK a dog, <lora:b:1>", {"a red cat": "<lora:a:1>", "a dog": "<lora:b:1>"}),
    ],
)
def test_a_tag_beside_a_thing_is_its_own(prompt: str, owners: dict[str, str], method: str) -> None:
    made = offline(prompt, method)
    base, own = tags_in(made)
    assert (base, own) == ([], owners)


@pytest.mark.parametrize(
    "prompt",
    [
        "a cat <lora:a:1>",  # one thing
        "two cats <lora:a:1>",
        "two cats <lora:a:1>, one black, one white",  # all regions
        "a red and a blue car <lora:a:1>",
        "<lora:a:1> a cat and a dog",
        "<lora:a:1>, a cat and a dog",
        "a cat and a dog <lora:ink:1>",  # as the WebUI's cards put it
        "a cat and a dog, <lora:dog:1>",
        "a cat and a dog, ink drawing <lora:a:1>",
        "a cat and a dog in a park <lora:a:1>",
        "masterpiece <lora:a:1>, a cat and a dog",
        "a cat, <lora:a:1>, a dog",
        "park, <lora:a:1> BREAK a cat BREAK a dog",
        "a cat and a dog, <lora:a:1> BREAK a house",  # two things
        "a cat <hypernet:cat:1> and a dog",
        "a cat <lora:AND:1> and a dog",  # no region can hold it
    ],
)
def test_other_tags_are_the_whole_pictures(prompt: str) -> None:
    base, own = tags_in(offline(prompt))
    assert len(base) == 1 and own == {}


def test_what_shares_a_cell_has_regions_of_its_own_as_free_boxes() -> None:
    prompt = "a cat <lora:a:1> sitting on a sofa"
    assert tags_in(offline(prompt)) == (["<lora:a:1>"], {})
    assert tags_in(offline(prompt, "lmd")) == ([], {"a cat sitting": "<lora:a:1>"})
    assert tags_in(offline(f"{prompt} left of a dog"))[1] == {"a cat sitting on a sofa": "<lora:a:1>"}


def test_a_thing_without_a_place_leaves_its_tag_to_the_picture() -> None:
    things = ", ".join(f"a {colour} cat <lora:{colour}:1>" for colour in ("red", "blue"))
    many = ", ".join(f"a {word} cup" for word in "abcdefghijklmnopqrstuvwx")
    made = offline(f"{many}, {things}")
    assert len(tags_in(made)[0]) == 2 and not tags_in(made)[1]


def test_no_comma_stays_where_a_tag_was() -> None:
    made = offline("1girl, red hair, <lora:a:1> BREAK 1boy, black hair")
    assert made.base_prompt == "1girl, red hair, 1boy, black hair"


def test_notes_name_things_without_their_tags() -> None:
    made = offline("a cat <lora:a:1> left of a dog, the dog is left of the cat")
    assert made.source.notes == ("guess: left out, because it contradicts the rest: 'dog' left of 'cat'",)
