"""What is asked of a repainting: its checks, and the plan with the new words."""

from __future__ import annotations

import base64

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.fields import read
from lib_rpg.layout.png import SIGNATURE
from lib_rpg.plan import Entity, Plan, Region
from lib_rpg.repainting.request import Repaint

HASH = "0123456789abcdef" * 2
MASK = base64.b64encode(SIGNATURE + b"rest").decode()
PLAN = Plan(
    split_ratio="1,1",
    base_prompt="a cat and two dogs",
    regions=(
        Region("a cat on a chair", name="cat", entities=(Entity("cat", box=(0.1, 0.2, 0.2, 0.4), prompt="a cat"),)),
        Region("two dogs", entities=(Entity("dog", 2),)),
    ),
)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({}, "repaint.picture: is missing; write it"),
        ({"picture": HASH}, "repaint.region: nothing says what is drawn anew; give a region's number, or a mask"),
        ({"picture": HASH, "region": 0, "mask": MASK}, "repaint.mask: there are a mask and a region; give one"),
        ({"picture": HASH, "mask": MASK, "entity": 1}, "repaint.entity: an object is of a region; give the region's"),
        ({"picture": HASH, "region": -1}, "repaint.region: -1 is"),
        ({"picture": HASH, "region": 0, "seed": 1.5}, "repaint.seed: 1.5 is not a whole number"),
        ({"picture": HASH, "region": 0, "mode": "x"}, "repaint.mode: 'x' is not a mode of repainting"),
        ({"picture": "?", "region": 0}, "repaint.picture: is neither base64 nor a hash; give a picture file"),
        ({"picture": "", "region": 0}, "repaint.picture: is empty; give"),
        ({"picture": HASH, "region": 0, "prompt": "a BREAK b"}, "repaint.prompt: BREAK separates prompts"),
        ({"picture": HASH, "region": 0, "steps": 2}, "repaint.steps: 2 is"),
        ({"picture": HASH, "regoin": 0}, "repaint: "),
    ],
)
def test_bad_requests_name_place_and_cure(document: dict, sentence: str) -> None:
    with pytest.raises(RpgError) as caught:
        read(Repaint, document, "repaint")
    assert str(caught.value).startswith(sentence), caught.value


def test_a_request_reads_back() -> None:
    request = Repaint(HASH, 1, prompt="a fox", seed=7, mode="inpaint", steps=0.3)
    assert read(Repaint, request.to_dict(), "repaint") == request
    assert Repaint(HASH, 1).to_dict() == {"picture": HASH, "region": 1}
    assert Repaint(f"data:image/png;base64,{MASK}", 0).picture == MASK


def test_a_region_gets_the_new_words_and_loses_what_was_of_the_old_ones() -> None:
    changed = Repaint(HASH, 1, prompt="a fox").plan_of(PLAN)
    assert changed.regions[1].prompt == "a fox"
    assert (changed.regions[1].name, changed.regions[1].entities) == ("", ())
    assert changed.regions[0] == PLAN.regions[0]
    assert Repaint(HASH, 1).plan_of(PLAN) == PLAN


def test_an_object_changes_in_its_region_s_prompt_as_well() -> None:
    request = Repaint(HASH, 0, 0, prompt="a red fox")
    changed = request.plan_of(PLAN).regions[0]
    assert changed.prompt == "a red fox on a chair"
    assert (changed.entities[0].prompt, changed.entities[0].phrase) == ("a red fox", "a red fox")
    assert request.box_of(PLAN) == (0.1, 0.2, 0.2, 0.4)
    assert Repaint(HASH, 0).box_of(PLAN) == PLAN.regions[0].box


def test_a_mask_with_words_is_a_region_of_its_own_over_the_base_prompt() -> None:
    changed = Repaint(HASH, mask=MASK, prompt="a fox").plan_of(PLAN)
    assert (changed.layout, changed.base_prompt) == ("boxes", PLAN.base_prompt)
    assert [(region.prompt, region.mask) for region in changed.regions] == [("a fox", MASK)]
    assert Repaint(HASH, mask=MASK).plan_of(PLAN) == PLAN


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (Repaint(HASH, 2), "region: there is no region 2; the picture's plan has 2, from 0"),
        (Repaint(HASH, 0, 1), "entity: the region has no object 1 with a box; use one of 0"),
        (Repaint(HASH, 1, 0), "entity: the region has no object 0 with a box; leave entity out"),
    ],
)
def test_what_is_not_there_is_named(request_: Repaint, sentence: str) -> None:
    for ask in (request_.plan_of, request_.box_of):
        with pytest.raises(RpgError) as caught:
            ask(PLAN)
        assert str(caught.value) == sentence


def test_a_regions_mask_is_its_shape_and_not_its_objects() -> None:
    painted = Region("a cat", mask=MASK, entities=(Entity("cat", box=(0.1, 0.2, 0.2, 0.4)),))
    plan = Plan(layout="boxes", regions=(painted, Region("a dog")))
    assert [Repaint(HASH, number).shape_of(plan) for number in (0, 1)] == [MASK, ""]
    assert Repaint(HASH, 0, entity=0).shape_of(plan) == ""
    assert Repaint(HASH, mask=MASK).shape_of(plan) == ""
