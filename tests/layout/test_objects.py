"""Which objects of a plan are bound, where, with which words, and how."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib_rpg.layout.objects import FILL, BoundObject, around_objects, bound_objects, frozen_objects
from lib_rpg.plan import Entity, ObjectBinding, Plan, Region

BOX = (0.1, 0.2, 0.3, 0.4)
OTHER = (0.5, 0.5, 0.25, 0.5)


def grid(*regions: Region, **fields: object) -> Plan:
    given = {"binding": "auto", "split_ratio": ",".join("1" * len(regions)), **fields}
    return Plan(regions=regions, **given)  # type: ignore[arg-type]


def free(*regions: Region, **fields: object) -> Plan:
    return Plan(layout="boxes", regions=regions, **{"binding": "auto", **fields})  # type: ignore[arg-type]


def places(plan: Plan) -> list[tuple[int, int | None]]:
    return [(each.region, each.entity) for each in bound_objects(plan)]


def test_an_entity_with_a_box_is_an_object() -> None:
    lamp = Entity("lamp", box=BOX, prompt="a red lamp", seed=4)
    (only,) = bound_objects(grid(Region("a lamp on a table", entities=(Entity("table"), lamp))))
    assert only == BoundObject(0, 1, "a red lamp", BOX, "auto", 0.15, 0.0, 1.0, 0.0, 4, "lamp")


def test_an_entity_without_words_or_seed_has_those_of_its_region() -> None:
    region = Region("a lamp", seed=9, entities=(Entity("lamp", box=BOX), Entity("cup", box=OTHER, seed=0)))
    assert [(each.prompt, each.seed) for each in bound_objects(grid(region))] == [("a lamp", 9), ("a lamp", 0)]


def test_a_region_without_boxes_is_an_object_in_the_middle_of_its_cell() -> None:
    left, right = bound_objects(grid(Region("a circle"), Region("a square", seed=3)))
    assert (left.region, left.entity, left.prompt, left.seed) == (0, None, "a circle", None)
    assert right.seed == 3
    for bound, middle in ((left, 0.25), (right, 0.75)):
        x, y, width, height = bound.box
        assert (x + width / 2, y + height / 2) == pytest.approx((middle, 0.5))
        assert (width, height) == pytest.approx((FILL / 2, FILL))


def test_a_region_of_free_boxes_is_an_object_in_its_box() -> None:
    (only,) = bound_objects(free(Region("a circle", box=BOX)))
    assert only.box == BOX


def test_cells_without_things_are_none_where_others_have_some() -> None:
    thing = Region("a cup", entities=(Entity("cup"),))
    assert places(grid(Region("the sky"), thing)) == [(1, None)]
    assert places(grid(Region("the sky"), Region("the sea"))) == [(0, None), (1, None)]
    assert places(free(Region("the sky", box=OTHER), thing)) == [(0, None), (1, None)]
    unheard = Region("a cup", entities=(Entity("cup"),), muted=True)
    assert places(grid(Region("the sky"), unheard)) == [(0, None)]


def test_a_region_that_does_not_act_has_none() -> None:
    boxed = (Entity("cup", box=BOX),)
    regions = Region("", entities=boxed), Region("a cup", entities=boxed, muted=True), Region("a cup", entities=boxed)
    assert places(grid(*regions)) == [(2, 0)]


def test_the_order_is_the_plans() -> None:
    two = (Entity("cup", box=BOX), Entity("jug", box=OTHER))
    assert places(free(Region("a", entities=two), Region("b", box=BOX), Region("c", entities=two))) == [
        (0, 0),
        (0, 1),
        (1, None),
        (2, 0),
        (2, 1),
    ]


def test_each_field_is_the_innermost_one() -> None:
    entity = Entity("cup", box=BOX, binding=ObjectBinding(mode="native", strength=0.25))
    region = Region("a", entities=(entity,), binding=ObjectBinding(mode="exact", steps=0.5, strength=0.75))
    plan = grid(region, bound_steps=0.1, bound_sigma=3.0, bound_strength=0.5, bound_feather=0.125)
    (only,) = bound_objects(plan)
    assert (only.mode, only.steps, only.sigma, only.strength, only.feather) == ("native", 0.5, 3.0, 0.25, 0.125)


def test_a_value_of_zero_is_one_too() -> None:
    entity = Entity("cup", box=BOX, binding=ObjectBinding(steps=0.0, sigma=0.0, feather=0.0))
    (only,) = bound_objects(grid(Region("a", entities=(entity,)), bound_sigma=3.0, bound_feather=0.5))
    assert (only.steps, only.sigma, only.feather) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("off", [ObjectBinding(mode="off"), ObjectBinding(strength=0.0)])
def test_an_object_that_is_off_is_none(off: ObjectBinding) -> None:
    entities = (Entity("cup", box=BOX, binding=off), Entity("jug", box=OTHER))
    assert places(grid(Region("a", entities=entities), Region("b", binding=off))) == [(0, 1)]
    assert bound_objects(grid(Region("a"), binding="off")) == ()
    one = Region("a", binding=ObjectBinding(mode="exact"))
    assert places(grid(Region("b"), one, binding="off")) == [(1, None)]


@given(st.lists(st.floats(0.01, 10.0), min_size=1, max_size=6))
def test_objects_of_a_grid_lie_in_their_cells_and_apart(widths: list[float]) -> None:
    plan = grid(*(Region("a") for _ in widths), split_ratio=",".join(f"{width:.3f}" for width in widths))
    bound = bound_objects(plan)
    for each in bound:
        (x, y, w, h), (left, top, wide, high) = each.box, plan.regions[each.region].box
        assert left < x and x + w < left + wide and top < y and y + h < top + high
    for one, other in pairwise(bound):
        assert one.box[0] + one.box[2] < other.box[0]


def test_regions_are_close_to_their_objects_where_a_background_has_words() -> None:
    cat, cup = Entity("cat", box=(0.1, 0.25, 0.2, 0.25)), Entity("cup", box=(0.35, 0.5, 0.1, 0.1))
    plan = grid(Region("a cat, a cup", entities=(cat, cup)), Region("the sea"), bound_background="a room")
    placed = around_objects(plan)
    assert (placed.layout, placed.split_ratio) == ("boxes", "")
    # 0.1 to 0.45 and 0.25 to 0.6, with a twentieth of their size on each side.
    assert placed.regions[0].box == pytest.approx((0.0825, 0.2325, 0.385, 0.385))
    assert placed.regions[1] == plan.regions[1]
    assert [each.prompt for each in placed.regions] == [each.prompt for each in plan.regions]


def test_a_region_around_its_objects_stays_in_its_cell() -> None:
    wide = Entity("cat", box=(0.0, 0.1, 0.5, 0.9))
    plan = grid(Region("a cat", entities=(wide,)), Region("the sea"), bound_background="a room")
    assert around_objects(plan).regions[0].box == pytest.approx((0.0, 0.055, 0.5, 0.945))


@pytest.mark.parametrize(
    "fields",
    [{}, {"bound_background": "a room", "binding": "off"}, {"bound_background": "a room", "bound_strength": 0.0}],
)
def test_cells_stay_where_no_background_has_words_or_nothing_is_bound(fields: dict[str, object]) -> None:
    plan = grid(Region("a cat", entities=(Entity("cat", box=BOX),)), Region("the sea"), **fields)
    assert around_objects(plan) is plan


def test_objects_that_are_drawn_before_the_picture_have_words_of_their_own() -> None:
    """Their own prompt; else the background's "with" the name, as LMD; else the region's where that is theirs alone."""
    cat, dog = Entity("cat", box=BOX), Entity("dog", box=BOX, prompt="a wet dog", seed=3)
    plan = free(Region("a cat and a dog", entities=(cat, dog)), Region("a lamp", box=BOX), compose="two-phase")
    assert [each.prompt for each in frozen_objects(plan)] == ["cat", "a wet dog", "a lamp"]
    assert [each.phrase for each in frozen_objects(plan)] == ["cat", "dog", "a lamp"]
    with_background = replace(plan, bound_background="a beach")
    assert [each.prompt for each in frozen_objects(with_background)] == ["a beach with cat", "a wet dog", "a lamp"]
    alone = replace(plan, regions=(Region("a red cat", entities=(cat,)),))
    assert [each.prompt for each in frozen_objects(alone)] == ["a red cat"]


def test_objects_that_are_drawn_before_the_picture_are_not_bound_and_one_may_be_left_out() -> None:
    off = Region("a", entities=(Entity("b", box=BOX, binding=ObjectBinding("off")), Entity("c", box=BOX)))
    plan = free(off, binding="exact", compose="two-phase", frozen=0.3)
    assert bound_objects(plan) == ()
    assert [(each.entity, each.steps) for each in frozen_objects(plan)] == [(1, 0.3)]
    assert frozen_objects(replace(plan, frozen=0.0)) == frozen_objects(replace(plan, compose="attention")) == ()


@pytest.mark.parametrize(("binding", "mode"), [("off", "auto"), ("exact", "exact")])
def test_objects_alongside_are_bound_in_the_frozen_steps(binding: str, mode: str) -> None:
    region = Region("a", entities=(Entity("b", box=BOX),))
    (only,) = bound_objects(free(region, binding=binding, compose="lock-step", frozen=0.3, bound_sigma=2.0))
    assert (only.mode, only.steps, only.sigma) == (mode, 0.3, 0.0)
