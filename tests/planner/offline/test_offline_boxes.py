"""Tight boxes of the offline planner: within their cells, apart from each other, and as many as there are things."""

from __future__ import annotations

import functools
from itertools import combinations

import pytest

from lib_rpg.plan import Plan
from lib_rpg.planner import PlanRequest, plan
from lib_rpg.planner.offline.tight_boxes import tight_boxes
from tests.planner.offline.cases import CASES
from tests.planner.offline.more_cases import FREE, TOGETHER
from tests.planner.offline.truth import truths
from tests.tables import for_each

Box = tuple[float, float, float, float]

PROMPTS = [case.prompt for case in CASES + FREE + TOGETHER] + [truth["prompt"] for truth in truths("freeform.json")]
METHODS = ("rpg", "rag")
SIZES = ((1024, 1024), (1344, 768), (640, 1536))


def made(prompt: str, method: str, size: tuple[int, int] = (1024, 1024)) -> Plan:
    return plan(PlanRequest(prompt, *size, method=method))


made_grid = functools.cache(functools.partial(made, method="rpg"))
"""Each test compares with the same grids."""


def overlap(a: Box, b: Box) -> bool:
    wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    tall = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return wide > 1e-6 and tall > 1e-6


def inside(box: Box, room: Box) -> bool:
    return (
        box[0] >= room[0] - 1e-6
        and box[1] >= room[1] - 1e-6
        and box[0] + box[2] <= room[0] + room[2] + 1e-6
        and box[1] + box[3] <= room[1] + room[3] + 1e-6
    )


def whole_cell(result: Plan, index: int) -> Box:
    """A region's cell, with the cells below that it goes on in."""
    region = result.regions[index]
    x, y, width, height = region.box
    for other in result.regions[index + 1 :]:
        below = abs(other.box[0] - x) < 1e-6 and abs(other.box[2] - width) < 1e-6
        if other.name == f"{region.name}, continued" and below and abs(other.box[1] - y - height) < 1e-6:
            height += other.box[3]
    return x, y, width, height


@for_each(PROMPTS)
def test_rag_boxes_stand_in_their_cells_and_apart(prompt: str) -> None:
    for size in SIZES:
        grid, result = made_grid(prompt, size=size), made(prompt, "rag", size)
        boxes = []
        for index, region in enumerate(result.regions):
            boxed = [entity for entity in region.entities if entity.box is not None]
            assert bool(boxed) == bool(region.entities)
            assert all(entity.prompt for entity in boxed)
            assert all(not entity.prompt for entity in region.entities if entity.box is None)
            for entity in boxed:
                assert entity.box is not None
                assert inside(entity.box, whole_cell(result, index))
                boxes.append(entity.box)
        assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]
        if result.split_ratio == grid.split_ratio:
            _check_same_regions(grid, result)


def _check_same_regions(grid: Plan, result: Plan) -> None:
    """Where no two cells are joined, the regions and their things are the grid's."""
    for plain, region in zip(grid.regions, result.regions, strict=True):
        assert (region.prompt, region.name) == (plain.prompt, plain.name)
        assert sum(e.count for e in region.entities) == sum(e.count for e in plain.entities)
        assert list(dict.fromkeys(e.phrase for e in region.entities)) == list(
            dict.fromkeys(e.phrase for e in plain.entities)
        )


def test_few_prompts_of_touching_things_have_other_cells() -> None:
    joined = [p for p in PROMPTS if made(p, "rag").split_ratio != made_grid(p).split_ratio]
    assert 0 < len(joined) < 0.05 * len(PROMPTS)
    counts = [sum(e.count for r in made(p, method).regions for e in r.entities) for p in joined for method in METHODS]
    assert counts[::2] == counts[1::2]


@for_each(PROMPTS)
def test_lmd_has_a_box_for_every_thing(prompt: str) -> None:
    for size in SIZES:
        grid, result = made_grid(prompt, size=size), made(prompt, "lmd", size)
        things = [e for region in grid.regions for e in region.entities]
        count = sum(e.count for e in things)
        assert (result.layout, result.split_ratio) == ("boxes", "")
        assert (result.base_prompt, result.negative_prompt) == (grid.base_prompt, grid.negative_prompt)
        assert result.source.notes == grid.source.notes
        assert not [pair for pair in combinations([r.box for r in result.regions], 2) if overlap(*pair)]
        if count == 0:
            assert [r.box for r in result.regions] == [(0.0, 0.0, 1.0, 1.0)]
            continue
        assert len(result.regions) == min(count, 24)
        assert all(len(r.entities) == 1 and r.entities[0].box == r.box for r in result.regions)
        assert sum(r.entities[0].count for r in result.regions) == count


def test_several_of_a_cell_get_a_box_each_up_to_six() -> None:
    twelve = made("twelve orange eggs", "rag")
    assert [len(r.entities) for r in twelve.regions] == [2] * 6
    assert {e.count for r in twelve.regions for e in r.entities} == {1}
    hundred = made("99 balloons", "rag")
    assert [(len(r.entities), r.entities[0].count) for r in hundred.regions] == [(1, 17)] * 3 + [(1, 16)] * 3


def test_free_boxes_are_shared_beyond_twenty_four() -> None:
    forty = made("40 apples", "lmd")
    assert len(forty.regions) == 24
    assert sum(r.entities[0].count for r in forty.regions) == 40
    assert {r.prompt for r in forty.regions} == {"two apples", "an apple"}
    assert len(made("twenty dogs and four cats", "lmd").regions) == 24


def test_each_region_of_free_boxes_is_complete_in_itself() -> None:
    result = made("a black cat sitting on a red sofa, oil painting", "lmd")
    assert [(r.name, r.prompt) for r in result.regions] == [
        ("black cat", "a black cat sitting, oil painting"),
        ("red sofa", "a red sofa, oil painting"),
    ]
    cat, sofa = (r.box for r in result.regions)
    assert cat[1] + cat[3] <= sofa[1]
    assert result.base_prompt == "a black cat sitting on a red sofa, oil painting"
    assert [r.name for r in made("two dogs", "lmd").regions] == ["dog 1", "dog 2"]


def test_what_stands_behind_shows_above() -> None:
    front = {r.name: r.box for r in made("a horse in front of a barn", "lmd").regions}
    assert front["barn"][1] < front["horse"][1]


def test_sizes_are_as_the_words_say() -> None:
    room = (0.0, 0.0, 1.0, 1.0)
    (plain,) = tight_boxes(room, 1, (1.0, 1.0), 1.0)
    (tiny,) = tight_boxes(room, 1, (0.5, 0.5), 1.0)
    (huge,) = tight_boxes(room, 1, (2.0, 2.0), 1.0)
    assert plain == (0.1, 0.1, 0.8, 0.8)
    assert tiny[2] < plain[2] < huge[2] < 1
    tower = made("a tall tower", "rag").regions[0].entities[0].box
    wall = made("a wide wall", "rag").regions[0].entities[0].box
    assert tower is not None and wall is not None
    assert tower[3] > tower[2] and wall[2] > wall[3]


@pytest.mark.parametrize("aspect", [0.4, 1.0, 2.5])
@pytest.mark.parametrize("count", range(1, 7))
@pytest.mark.parametrize("room", [(0.0, 0.0, 1.0, 0.25), (0.5, 0.0, 0.125, 1.0), (0.1, 0.2, 0.3, 0.4)])
def test_boxes_have_a_sane_shape(aspect: float, count: int, room: Box) -> None:
    boxes = tight_boxes(room, count, (1.0, 1.0), aspect)
    assert len(boxes) == count
    assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]
    for box in boxes:
        assert inside(box, room)
        assert 0.49 < box[2] * aspect / box[3] < 2.01


def test_a_picture_that_is_sent_is_noted_as_unused() -> None:
    with_picture = plan(PlanRequest("a cat", picture=b"\x89PNG"))
    assert with_picture.source.notes == ("the picture was not used: the offline planner reads only words",)
    assert with_picture.regions == plan(PlanRequest("a cat", examples="scene", recaption=False, language="de")).regions


@pytest.mark.parametrize(
    ("noun", "wide", "tall"), [("girl", 1.0, 2.0), ("cat", 1.5, 1.25), ("car", 2.0, 1.25), ("vase", 1.0, 1.0)]
)
def test_boxes_are_as_long_as_such_things_are(noun: str, wide: float, tall: float) -> None:
    for size, sides in (((1024, 256), wide), ((256, 1024), 1 / tall)):
        (entity,) = made(f"a {noun}", "rag", size).regions[0].entities
        assert entity.box is not None
        shape = entity.box[2] * size[0] / (entity.box[3] * size[1])
        assert shape == pytest.approx(sides, rel=0.01)


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a cat and a dog, foggy street, oil painting", "foggy street, oil painting"),
        ("2girls, red hair, blue hair, tea room, masterpiece", "tea room, masterpiece"),
        ("a cat and a dog", ""),
        # Parts of the picture have a scene of their own, which the objects' boxes do not hold.
        ("the left half is winter with a cottage, the right half is summer with a cow, oil painting", ""),
        ("a beach on the left and a city on the right, watercolor", ""),
    ],
)
def test_what_is_around_bound_objects_is_scene_and_style(prompt: str, words: str) -> None:
    assert made(prompt, "rag").bound_background == words
    assert not made_grid(prompt).bound_background and not made(prompt, "lmd").bound_background
