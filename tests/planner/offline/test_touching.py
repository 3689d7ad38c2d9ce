"""Method "rag": things that touch by the prompt share a box, and every object's words are complete in themselves."""

from __future__ import annotations

import pytest

from lib_rpg.layout.objects import bound_objects
from lib_rpg.plan import Plan
from lib_rpg.planner import PlanRequest, plan
from lib_rpg.planner.language.contact import is_mutual, leads_to_touched, touches
from tests.tables import for_each

TOUCHING = {
    "a girl hugging a dog": ["a girl hugging a dog"],
    "two girls hugging each other": ["two girls hugging each other"],
    "a boy and a girl kissing": ["a boy and a girl kissing"],
    "a couple holding hands": ["a couple holding hands"],
    "a boy holding hands with a girl": ["a boy holding hands with a girl"],
    "a man and a woman dancing together": ["a man and a woman dancing together"],
    "a man riding a horse": ["a man riding a horse"],
    "a girl in a red dress riding a white horse": ["a girl in a red dress riding a white horse"],
    "a woman in a blue coat hugging a man in a red sweater": ["a woman in a blue coat hugging a man in a red sweater"],
    "a monkey on the back of an elephant": ["a monkey on the back of an elephant"],
    "a cat sitting on a sofa": ["a cat sitting on a sofa"],
    "a bird perched on a branch": ["a bird perched on a branch"],
    "a mother holding her baby in her arms": ["a mother holding her baby in her arms"],
    "a knight shaking hands with a robot": ["a knight shaking hands with a robot"],
    "a robot and a knight shaking hands": ["a robot and a knight shaking hands"],
    "an old man and an old woman walking hand in hand": ["an old man and an old woman walking hand in hand"],
    "a mother and a daughter embracing": ["a mother and a daughter embracing"],
    "a girl is being carried by a knight": ["a girl carried by a knight"],
    "two trolls carry a sleeping princess": ["two trolls carrying a sleeping princess"],
    "a monkey clinging to a tree": ["a monkey clinging to a tree"],
    "a koala hugging a red balloon": ["a koala hugging a red balloon"],
    "a dog licking a baby": ["a dog licking a baby"],
    "a boy, a girl and a dog hugging": ["a boy, a girl and a dog hugging"],
    "a mouse on top of a sleeping cat": ["a mouse on top of a sleeping cat"],
    "a fat cat stacked on a dog on a donkey": ["a fat cat stacked on a dog on a donkey"],
    "a kangaroo with a joey in its pouch": ["a kangaroo with a joey in its pouch"],
    "a black cat and a white dog cuddling on a sofa": ["a black cat and a white dog cuddling on a sofa"],
    "two girls, one in red and one in blue, hugging each other": [
        "a girl in red and a girl in blue hugging each other"
    ],
    "two bears wrestling": ["two bears wrestling"],
    "a man walking a dog": ["a man walking a dog"],
    "three puppies in a basket and a kitten on a chair": ["three puppies in a basket", "a kitten on a chair"],
    "a boy and a girl hug, and a dog watches them": ["a boy and a girl hugging", "a dog watching"],
    "a mermaid hugging a dolphin and a pirate hugging a parrot": [
        "a mermaid hugging a dolphin",
        "a pirate hugging a parrot",
    ],
    "a girl hugs a dog while a boy rides a bike": ["a girl hugging a dog", "a boy riding a bike"],
    "a bride and a groom kissing under an arch": ["an arch", "a bride and a groom kissing"],
    "a cat and a woman in a red coat hugging a man in a blue suit": [
        "a cat",
        "a woman in a red coat hugging a man in a blue suit",
    ],
    "a cat on the left, two girls hugging in the middle, a dog on the right": ["a cat", "two girls hugging", "a dog"],
    "a castle ADDROW a boy hugging a girl ADDCOL two apples": [
        "a castle",
        "a boy hugging a girl",
        "an apple",
        "an apple",
    ],
    "two knights back to back": ["two knights back to back"],
    "a cat and a dog cheek to cheek": ["a cat and a dog cheek to cheek"],
    "two friends shoulder to shoulder": ["two friends shoulder to shoulder"],
    "a boy and a girl nose to nose": ["a boy and a girl nose to nose"],
    "a boy and a girl with their arms around each other": ["a boy and a girl with their arms around each other"],
    # tags
    "1boy, 1girl, princess carry, wedding": ["1boy, 1girl, princess carry, wedding"],
    "2girls, hugging, red hair, blue hair": ["2girls, hugging, red hair, blue hair"],
    "2girls, hug from behind, black hair, blonde hair": ["2girls, hug from behind, black hair, blonde hair"],
    "2girls, holding hands, school uniform": ["2girls, holding hands, school uniform"],
    "1boy, 1girl, holding hands, sunset": ["1boy, 1girl, holding hands, sunset"],
    "1girl, 1boy, kissing, couple": ["1girl, 1boy, kissing"],
    "1girl, sitting on lap, 1boy": ["1girl, 1boy, sitting on lap"],
    "1girl, lap pillow, 1boy": ["1girl, 1boy, lap pillow"],
    "2girls, slow dancing, red hair, blue hair": ["2girls, slow dancing, red hair, blue hair"],
    "1girl, 1boy, curled up together, park": ["1girl, 1boy, curled up together, park"],
    "1girl, red hair, hugging 1boy, blue hair": ["1girl, red hair, hugging 1boy, blue hair"],
    "1girl, riding a horse, forest": ["1girl, riding a horse, forest"],
    # with the picture's look
    "watercolor painting of a girl hugging a dog in a park": ["a girl hugging a dog, watercolor painting, in a park"],
    "two lovers kissing in the rain, oil painting": ["two lovers kissing, in the rain, oil painting"],
    "score_9, 2girls, kissing, yuri, classroom, blonde hair, black hair": [
        "2girls, kissing, blonde hair, black hair, score_9, classroom"
    ],
}
"""Prompts and the words of their objects, in the order of the plan."""

APART = {
    "two red apples next to a green mug": ["a red apple", "a red apple", "a green mug"],
    "a cat looking at a bird": ["a cat looking", "a bird"],
    "a dog chasing a ball": ["a dog chasing", "a ball"],
    "a tree behind a house": ["a tree", "a house"],
    "a cat in front of a dog": ["a cat", "a dog"],
    "a boy waving at a girl": ["a boy waving", "a girl"],
    "a knight fighting a dragon": ["a knight fighting", "a dragon"],
    "a girl watching a boy": ["a girl watching", "a boy"],
    "a fox running behind a rabbit": ["a fox running", "a rabbit"],
    "a red car behind a blue bus": ["a red car", "a blue bus"],
    "a man playing chess against a robot": ["a man playing chess", "a robot"],
    "a woman talking to a man": ["a woman talking", "a man"],
    "a red cube on top of a blue cube": ["a red cube", "a blue cube"],
    "a dog on the right of a fence": ["a fence", "a dog"],
    "a bird above a boat": ["a bird", "a boat"],
    "a mug between two books": ["a book", "a mug", "a book"],
    "a cat and a dog": ["a cat", "a dog"],
    "a girl holding a red umbrella and a boy holding a kite": [
        "a girl holding a red umbrella",
        "a boy holding a kite",
    ],
    "two cats, one black and one white, sleep on a blue sofa": [
        "a black cat sleeping",
        "a white cat sleeping",
        "a blue sofa",
    ],
    "1girl, 1boy, standing, park": ["1girl, standing, park", "1boy, standing, park"],
    "a cat on the left, a dog on the right, oil painting, snowy forest": [
        "a cat, oil painting, snowy forest",
        "a dog, oil painting, snowy forest",
    ],
    "a dragon breathing fire at a knight riding a horse": ["a dragon breathing fire", "a knight riding a horse"],
}


def rag(prompt: str) -> Plan:
    return plan(PlanRequest(prompt, 1024, 1024, method="rag"))


@for_each([*TOUCHING.items(), *APART.items()])
def test_objects_and_their_words(case: tuple[str, list[str]]) -> None:
    prompt, words = case
    result = rag(prompt)
    assert [bound.prompt for bound in bound_objects(result)] == words
    assert result.binding == "auto"


def test_what_shares_a_box_is_still_listed() -> None:
    (region,) = rag("a boy and a girl kissing").regions
    assert [(entity.phrase, entity.count, entity.box is not None) for entity in region.entities] == [
        ("boy", 1, True),
        ("girl kissing", 1, False),
    ]
    (both,) = rag("two girls hugging each other").regions[0].entities
    assert both.count == 2


def test_several_in_a_box_are_counted_in_its_words() -> None:
    crowd = rag("99 balloons")
    assert {entity.prompt for region in crowd.regions for entity in region.entities} == {
        "seventeen balloons",
        "sixteen balloons",
    }


def test_loras_stay_in_the_region() -> None:
    first, second = rag("a red <lora:x:0.5> cat on the left and a white dog on the right").regions
    assert first.prompt == "a red cat <lora:x:0.5>"
    assert [entity.prompt for entity in (*first.entities, *second.entities)] == ["a red cat", "a white dog"]


def test_a_typed_layouts_objects_have_its_look() -> None:
    result = rag("ink drawing ADDCOMM a castle ADDROW a boy ADDCOL two apples")
    assert [bound.prompt for bound in bound_objects(result)] == [
        "a castle, ink drawing",
        "a boy, ink drawing",
        "an apple, ink drawing",
        "an apple, ink drawing",
    ]


@pytest.mark.parametrize("method", ["rpg", "lmd"])
def test_other_methods_bind_nothing(method: str) -> None:
    result = plan(PlanRequest("a boy and a girl kissing", 1024, 1024, method=method))
    assert result.binding == "off"
    assert [len(region.entities) for region in result.regions] == [1, 1]
    assert not any(entity.prompt for region in result.regions for entity in region.entities)


def test_words_of_contact() -> None:
    near = ("hugging", "asleep on", "on the back of", "in", "with", "leaning against", "feeding", "and riding")
    far = (
        "behind",
        "running behind",
        "in front of",
        "watching",
        "chasing",
        "surrounded by",
        "next to",
        "left of",
        "and",
        "",
    )
    assert [link for link in near if not touches(link)] == []
    assert [link for link in far if touches(link)] == []
    assert is_mutual(("hugging", "each", "other")) and is_mutual(("walking", "hand", "in", "hand"))
    assert not is_mutual(("looking", "at", "each", "other")) and not is_mutual(())
    assert (leads_to_touched("clinging"), leads_to_touched("hugging"), leads_to_touched("facing")) == (
        "clinging to",
        "hugging",
        "",
    )
