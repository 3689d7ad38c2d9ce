"""Which things of a plan attention guidance leads where."""

from __future__ import annotations

from lib_rpg.layout.things import Thing, things
from lib_rpg.plan import Entity, Plan, Region

LEFT, RIGHT = (0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 0.5, 1.0)
BOX, OTHER = (0.1, 0.2, 0.3, 0.4), (0.6, 0.5, 0.25, 0.5)


def free(*regions: Region) -> Plan:
    return Plan(layout="boxes", regions=regions)


def grid(*regions: Region) -> Plan:
    return Plan(split_ratio=",".join("1" * len(regions)), regions=regions)


def test_a_thing_has_its_own_box_or_that_of_its_region() -> None:
    plan = grid(Region("a lamp", entities=(Entity("lamp", box=BOX),)), Region("a cup", entities=(Entity("cup"),)))
    assert things(plan) == (Thing(0, "lamp", (BOX,)), Thing(1, "cup", (RIGHT,)))


def test_one_phrase_in_several_boxes_is_one_thing() -> None:
    apples = [Region("an apple", box=box, entities=(Entity("red apple", box=box),)) for box in (BOX, OTHER)]
    mug = Region("a mug", box=RIGHT, entities=(Entity("Red Apple", box=RIGHT), Entity("mug", box=LEFT)))
    assert things(free(*apples, mug)) == (Thing(0, "red apple", (BOX, OTHER, RIGHT)), Thing(2, "mug", (LEFT,)))


def test_several_of_a_kind_in_one_box_are_led_there_once() -> None:
    plan = grid(Region("cats", entities=(Entity("cat", count=2, box=BOX), Entity("cat", box=BOX))))
    assert things(plan) == (Thing(0, "cat", (BOX,)),)


def test_what_touches_a_thing_is_in_its_box() -> None:
    plan = grid(Region("a girl hugging a dog", entities=(Entity("girl", box=BOX), Entity("dog"))))
    assert things(plan) == (Thing(0, "girl", (BOX,)), Thing(0, "dog", (BOX,)))


def test_a_region_without_things_is_one_by_its_name_or_its_words() -> None:
    plan = grid(Region("blue sky with clouds", name="sky"), Region("a meadow"))
    assert things(plan) == (Thing(0, "sky", (LEFT,)), Thing(1, "a meadow", (RIGHT,)))


def test_a_region_that_does_not_act_has_none() -> None:
    plan = grid(Region("a lamp", muted=True, entities=(Entity("lamp", box=BOX),)), Region(""))
    assert things(plan) == ()
