"""The canvas' geometry by itself: grids of ratios, free boxes, and the edits of a plan that are made of them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.plan import Entity, Plan, Region

FOLDER = Path(__file__).resolve().parents[2] / "javascript"
SCRIPTS = ("rpg_grid.js", "rpg_boxes.js", "rpg_edits.js", "rpg_objects.js")
RATIOS = 400


@pytest.fixture(scope="module")
def run(browser):
    """(JavaScript function, its one argument) -> its result, in an empty page with nothing but the geometry."""
    page = browser.new_page()
    for script in SCRIPTS:
        page.add_script_tag(path=FOLDER / script)
    yield page.evaluate
    page.close()


def random_number(rng: random.Random) -> str:
    kinds = (
        lambda: str(rng.randint(1, 12)),
        lambda: f"0.{rng.randint(1, 999)}",
        lambda: f"{rng.randint(1, 99)}.{rng.randint(0, 99)}",
        lambda: f"{rng.randint(1, 100)} %",
        lambda: f"{rng.randint(1, 9)}/{rng.randint(1, 9)}",
        lambda: f".{rng.randint(1, 9)}",
        lambda: f"{rng.randint(1, 9)}.",
    )
    return rng.choice(kinds)()


def random_ratio(rng: random.Random) -> str:
    rows = [",".join(random_number(rng) for _ in range(rng.randint(1, 5))) for _ in range(rng.randint(1, 5))]
    return rng.choice((";", " ; ")).join(rows)


def test_a_grid_has_the_boxes_that_python_computes(run):
    rng = random.Random(18)
    cases = [(random_ratio(rng), rng.random() < 0.5) for _ in range(RATIOS)]
    found = run("cases => cases.map((c) => sdWebuiRpg.Grid.parse(...c).boxes())", cases)
    assert found == [
        [[float(side) for side in box] for box in parse_ratio(text, rows_first).boxes()] for text, rows_first in cases
    ]


def test_a_grid_is_written_as_it_was_typed(run):
    rng = random.Random(19)
    texts = [random_ratio(rng) for _ in range(100)]
    assert run("texts => texts.map((text) => String(sdWebuiRpg.Grid.parse(text)))", texts) == texts


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1,",
        ",1",
        "1;;2",
        "1;",
        "0",
        "0.0,1",
        "-1,1",
        "+1",
        "1/0",
        "0/2",
        "1:2",
        "a",
        "1e3",
        "%",
        ".",
        "1 2",
        "½",
    ],
)
def test_what_python_refuses_is_no_grid(run, text: str):
    with pytest.raises(RpgError):
        parse_ratio(text)
    assert run("text => sdWebuiRpg.Grid.parse(text)", text) is None


def moved(run, text: str, boundary: int, at: float, is_exact: bool = True, rows_first: bool = False) -> str:
    return run(
        """([text, i, at, isExact, rowsFirst]) => {
            const grid = sdWebuiRpg.Grid.parse(text, rowsFirst);
            return String(grid.moved(grid.boundaries()[i], at, isExact));
        }""",
        [text, boundary, at, is_exact, rows_first],
    )


# Boundaries are numbered rows first, then those within each row.
MOVES = [
    ("1,1", 0, 3 / 8, True, "3,5"),
    ("1,1", 0, 1 / 3, True, "1,2"),
    ("1,1,1", 0, 1 / 2, True, "3,1,2"),
    ("1;1", 0, 3 / 4, True, "3;1"),
    ("1,1", 0, 0.41337, False, "41,59"),
    ("1,1", 0, 0.5, False, "1,1"),
    ("1,1,1", 0, 0.4, False, "41,27,34"),
    ("50%, 25%, 25%", 1, 0.625, True, "4,1,3"),
    # Rows that are not touched stay as typed, blanks and all.
    ("1, 1/3, 2 ;0.5,1,1", 2, 1 / 4, True, "1, 1/3, 2 ;0.5,1,3"),
    (" 2,1 ; 1,1,1;1", 2, 3 / 8, True, " 2,1 ;1,3,5;1"),
    # Of rows whose height changes, the widths do.
    ("1,1,2;1,3,4;2", 1, 0.375, True, "2,1,2;1,3,4;5"),
    # Never past its neighbours, and never to nothing.
    ("1,1", 0, 7, True, "63,1"),
    ("1,1", 0, -7, True, "1,63"),
    ("1,1,2", 0, 0.9, True, "31,1,32"),
    ("1,1", 0, 0.001, False, "1,49"),
]


@pytest.mark.parametrize(("text", "boundary", "at", "is_exact", "written"), MOVES)
def test_a_dragged_boundary_is_written_in_short_numbers(run, text, boundary, at, is_exact, written):
    assert moved(run, text, boundary, at, is_exact) == written
    parse_ratio(written)


def test_a_drag_leaves_all_other_boundaries_where_they_were(run):
    rng = random.Random(20)
    for _ in range(60):
        text = ";".join(",".join(str(rng.randint(1, 9)) for _ in range(rng.randint(2, 4))) for _ in range(3))
        result = run(
            """([text, pick, at]) => {
                const grid = sdWebuiRpg.Grid.parse(text);
                const lines = grid.boundaries();
                const i = Math.floor(pick * lines.length);
                const ends = (made) => made.boundaries().filter((_, j) => j !== i).map((line) => line.at);
                const to = grid.moved(lines[i], at, false);
                return [ends(grid), ends(to), String(to)];
            }""",
            [text, rng.random(), rng.random()],
        )
        assert result[1] == pytest.approx(result[0]), (text, result)
        parse_ratio(result[2])


def test_even_the_thinnest_cells_can_be_dragged(run):
    text = ",".join("1" * 64)
    assert len(parse_ratio(moved(run, text, 10, 0.5))) == 64
    assert len(parse_ratio(moved(run, text, 10, 0.165, is_exact=False))) == 64


def test_a_transposed_grid_is_dragged_along_its_own_axes(run):
    lines = run("text => sdWebuiRpg.Grid.parse(text, true).boundaries()", "1,1,1;2")
    assert [(line["isUpright"], line["at"]) for line in lines] == [(True, pytest.approx(1 / 3)), (False, 0.5)]
    assert moved(run, "1,1,1;2", 0, 0.5, rows_first=True) == "1,1,1;1"


SPLITS = [
    ("1", 0, True, "1,1", False),
    ("1", 0, False, "1;1", False),
    ("0.3", 0, False, "1;1", False),
    ("1,1", 0, True, "1,1,2", False),
    ("2,1", 0, True, "1,1,1", False),
    ("1;1", 1, True, "1;1,1,1", False),
    ("1;1", 1, False, "2;1;1", False),
    ("1,1,1;2", 1, False, None, False),
    # "1,1" as two columns of one cell each.
    ("1,1", 0, False, "1,1,1;1", True),
    ("2,1", 1, False, "2;1,1,1", True),
]


@pytest.mark.parametrize(("text", "index", "side_by_side", "written", "rows_first"), SPLITS)
def test_a_cell_is_split_where_a_ratio_can_say_it(run, text, index, side_by_side, written, rows_first):
    split = run(
        """([text, index, isSideBySide]) => {
            const grid = sdWebuiRpg.Grid.parse(text).split(index, isSideBySide);
            return grid && [String(grid), grid.rowsFirst];
        }""",
        [text, index, side_by_side],
    )
    assert split == (written and [written, rows_first])


EDITS = [
    ("grid.added(0)", "1,2", "1,1,2"),
    ("grid.added(1)", "2,1,3;1", "2,1,3,3;1"),
    ("grid.added(1)", "2,1,3;1", "2,1,3,3;1"),
    ("grid.added(2)", "2,1,3;1", "2,1,3;1,1,1"),
    ("grid.added(0)", "1", "1,1"),
    ("grid.removed(1)", "1,2,1", "1,1"),
    ("grid.removed(1)", "1,2", "1"),
    ("grid.removed(0)", "1;2,1,3", "1,3"),
    ("grid.removed(1)", "1,1,2;1", "1;1"),
    ("grid.removed(1)", "3;1;1,2,3", "3;1,2,3"),
    ("grid.merged(0, 1)", "1,1,2", "1,1"),
    ("grid.merged(1, 0)", "1,1", "1"),
    ("grid.merged(1, 2)", "1;2;3", "1;5"),
    ("grid.merged(0, 1)", "2;2", "1"),
    ("grid.merged(0, 2)", "1,1,1;1,1,1", None),
    ("grid.merged(0, 1)", "1;1,1,1", None),
    ("grid.mirrored(true).grid", "1,1,2;3,4", "1,2,1;3,4"),
    ("grid.mirrored(false).grid", "1,1,2;3", "3;1,1,2"),
]


@pytest.mark.parametrize(("edit", "text", "written"), EDITS)
def test_edits_of_a_grid(run, edit: str, text: str, written: str | None):
    made = run(
        f"text => {{ const grid = sdWebuiRpg.Grid.parse(text); const made = {edit}; return made && String(made); }}",
        text,
    )
    assert made == written


def test_the_boundary_of_a_cell_is_the_one_behind_it_or_else_before_it(run):
    found = run(
        """text => {
            const grid = sdWebuiRpg.Grid.parse(text);
            return [0, 1, 2].map((i) => [true, false].map((isUpright) => grid.boundaryOf(i, isUpright)?.at ?? null));
        }""",
        "1,1,3;1",
    )
    assert found == [[0.25, 0.5], [0.25, 0.5], [None, 0.5]]


@pytest.mark.parametrize("rows_first", [False, True])
def test_boxes_of_a_grid_are_that_grid_again_in_any_order_and_nearly(run, rows_first: bool):
    rng = random.Random(21)
    for _ in range(50):
        ratio = ";".join(
            ",".join(str(rng.randint(2, 5)) for _ in range(rng.randint(3, 4))) for _ in range(rng.randint(2, 3))
        )
        boxes = [
            [float(side) + rng.uniform(-0.002, 0.002) for side in box] for box in parse_ratio(ratio, rows_first).boxes()
        ]
        order = rng.sample(range(len(boxes)), len(boxes))
        text, found_first, found = run(
            """([boxes]) => {
                const { grid, order } = sdWebuiRpg.Grid.fromBoxes(boxes, 0.02);
                return [String(grid), grid.rowsFirst, order];
            }""",
            [[boxes[i] for i in order]],
        )
        cells = [[float(side) for side in box] for box in parse_ratio(text, found_first).boxes()]
        for cell, index in zip(cells, found, strict=True):
            assert cell == pytest.approx(boxes[order[index]], abs=0.02)


@pytest.mark.parametrize(
    "boxes",
    [
        [[0, 0, 0.5, 1]],
        [[0, 0, 0.6, 1], [0.5, 0, 0.5, 1]],
        [[0, 0, 0.5, 0.5], [0.5, 0, 0.5, 0.4], [0, 0.5, 1, 0.5]],
        # A pinwheel: no line crosses the whole picture.
        [[0, 0, 2 / 3, 1 / 3], [2 / 3, 0, 1 / 3, 2 / 3], [1 / 3, 2 / 3, 2 / 3, 1 / 3], [0, 1 / 3, 1 / 3, 2 / 3]],
        [[0, 0, 1, 1], [0, 0, 1, 1]],
    ],
)
def test_boxes_that_do_not_tile_are_no_grid(run, boxes):
    assert run("boxes => sdWebuiRpg.Grid.fromBoxes(boxes, 0.02)", boxes) is None


def test_boxes_snap_to_the_nearest_edge_in_reach(run):
    other = [0.41, 0.2, 0.2, 0.3]
    moves = [
        ([0.1, 0.1, 0.1, 0.1], [0.2, 0.0], [0.3, 0.1, 0.1, 0.1]),
        ([0.1, 0.1, 0.1, 0.1], [0.205, 0.0], [0.31, 0.1, 0.1, 0.1]),
        ([0.1, 0.1, 0.1, 0.1], [0.02, 0.02], [0.125, 0.125, 0.1, 0.1]),
        ([0.1, 0.1, 0.1, 0.1], [0.9, 0.9], [0.9, 0.9, 0.1, 0.1]),
        ([0.1, 0.1, 0.1, 0.1], [-0.9, -0.9], [0, 0, 0.1, 0.1]),
    ]
    for box, distance, expected in moves:
        found = run(
            "([box, d, other]) => sdWebuiRpg.Boxes.moved(box, ...d, sdWebuiRpg.Boxes.lines([other], [0.008, 0.008]))",
            [box, distance, other],
        )
        assert found == pytest.approx(expected), (box, distance)


RESIZES = [
    ("e", [0.1, 0.3], {}, [0.2, 0.2, 0.5, 0.2]),
    ("w", [0.1, 0.3], {}, [0.3, 0.2, 0.3, 0.2]),
    ("n", [0.3, -0.1], {}, [0.2, 0.1, 0.4, 0.3]),
    ("s", [0.3, 0.1], {}, [0.2, 0.2, 0.4, 0.3]),
    ("se", [0.1, 0.1], {}, [0.2, 0.2, 0.5, 0.3]),
    ("nw", [-0.1, 0.1], {}, [0.1, 0.3, 0.5, 0.1]),
    ("ne", [0.1, -0.1], {}, [0.2, 0.1, 0.5, 0.3]),
    ("sw", [0.1, -0.1], {}, [0.3, 0.2, 0.3, 0.1]),
    ("se", [9, 9], {}, [0.2, 0.2, 0.8, 0.8]),
    ("nw", [-9, -9], {}, [0, 0, 0.6, 0.4]),
    ("se", [-9, -9], {}, [0.2, 0.2, 1 / 64, 1 / 64]),
    ("nw", [9, 9], {}, [0.6 - 1 / 64, 0.4 - 1 / 64, 1 / 64, 1 / 64]),
    # The shape is kept: twice as wide as high.
    ("se", [0.2, 0.0], {"keepsShape": True}, [0.2, 0.2, 0.6, 0.3]),
    ("nw", [-0.2, 0.0], {"keepsShape": True}, [0.0, 0.1, 0.6, 0.3]),
    ("se", [9, 9], {"keepsShape": True}, [0.2, 0.2, 0.8, 0.4]),
    ("e", [0.1, 0.0], {"keepsShape": True}, [0.2, 0.2, 0.5, 0.2]),
]


@pytest.mark.parametrize(("handle", "distance", "options", "expected"), RESIZES)
def test_each_handle_moves_its_own_edges(run, handle, distance, options, expected):
    box = [0.2, 0.2, 0.4, 0.2]
    found = run("([box, h, d, o]) => sdWebuiRpg.Boxes.resized(box, h, ...d, o)", [box, handle, distance, options])
    assert found == pytest.approx(expected, abs=1e-5)


def test_no_gesture_makes_a_box_that_python_refuses(run):
    rng = random.Random(22)
    start = [[rng.uniform(-0.2, 1), rng.uniform(-0.2, 1), rng.uniform(0, 1.2), rng.uniform(0, 1.2)] for _ in range(200)]
    boxes = run(
        """boxes => boxes.map(sdWebuiRpg.Boxes.clamped).flatMap((box, i) => {
            const { Boxes } = sdWebuiRpg;
            const [d, e] = [Math.sin(i), Math.cos(i * 7)];
            const handle = ["nw", "n", "ne", "e", "se", "s", "sw", "w"][i % 8];
            return [
                box,
                Boxes.moved(box, d, e, Boxes.lines([], [0.02, 0.02])),
                Boxes.resized(box, handle, d, e),
                Boxes.resized(box, handle, d, e, { keepsShape: true }),
                Boxes.mirrored(box, i % 2 === 0),
                Boxes.between([d, e], [e, d]),
                ...Boxes.halves(box, i % 2 === 0),
            ];
        })""",
        start,
    )
    for box in boxes:
        Region("a", box=tuple(box))


def test_a_new_box_goes_where_there_is_room(run):
    free = "others => sdWebuiRpg.Boxes.free(others)"
    assert run(free, []) == [0, 0, 0.5, 0.5]
    assert run(free, [[0, 0, 0.5, 1]]) == [0.5, 0, 0.5, 0.5]
    assert run(free, [[0, 0, 1, 0.875]]) == [0, 0.875, 0.5, 0.125]
    assert run(free, [[0, 0, 1, 1]]) == [0.375, 0.375, 0.25, 0.25]


def a_grid(ratio: str = "1,1,1;1,1,1", **changes) -> dict:
    count = len(parse_ratio(ratio))
    regions = tuple(Region(f"words {i}", name=f"name {i}") for i in range(count))
    return {**Plan(split_ratio=ratio, regions=regions).to_dict(), **changes}


def edited(run, plan: dict | None, edit: str) -> Plan:
    """The plan after a JavaScript expression of `plan`, as Python reads it: the boxes are those of the ratio."""
    document = run(f"plan => {{ const {{ Edits, Objects }} = sdWebuiRpg; return {edit}; }}", plan)
    for region in document["regions"]:
        region["prompt"] = region["prompt"] or "blank"
    read = Plan.from_dict(document)
    assert [region.box for region in read.regions] == [tuple(region["box"]) for region in document["regions"]]
    return read


def prompts(plan: Plan) -> list[str]:
    return [region.prompt for region in plan.regions]


def test_a_cell_beside_others_that_is_split_across_becomes_free_boxes(run):
    plan = edited(run, a_grid(), "Edits.split(plan, 1, false)")
    assert (plan.layout, plan.split_ratio) == ("boxes", "")
    assert prompts(plan) == ["words 0", "words 1", "blank", "words 2", "words 3"]
    assert [region.box for region in plan.regions[1:3]] == [(0.5, 0, 0.5, 0.25), (0.5, 0.25, 0.5, 0.25)]


def test_merged_regions_have_the_words_and_things_of_both(run):
    document = a_grid("1,1,2")
    document["regions"][0].update(negative_prompt="cars", entities=[Entity("a").to_dict()])
    document["regions"][1].update(negative_prompt="dogs", entities=[Entity("b").to_dict()])
    plan = edited(run, document, "Edits.merged(plan, 1, 0)")
    assert plan.split_ratio == "1,1"
    merged = plan.regions[0]
    assert (merged.prompt, merged.name, merged.negative_prompt) == ("words 0, words 1", "name 0, name 1", "cars, dogs")
    assert [entity.phrase for entity in merged.entities] == ["a", "b"]


def test_cells_above_each_other_are_merged_as_free_boxes(run):
    plan = edited(run, a_grid(), "Edits.merged(plan, 0, 2)")
    assert plan.layout == "boxes"
    assert plan.regions[0].box == (0, 0, 0.5, 1)
    assert prompts(plan) == ["words 0, words 2", "words 1", "words 3"]


def test_neighbours_of_a_cell_share_a_whole_edge_with_it(run):
    neighbours = "plan => plan.regions.map((_, i) => sdWebuiRpg.Edits.neighbours(plan, i))"
    assert run(neighbours, a_grid("1;1,1,1")) == [[], [2], [1]]
    assert run(neighbours, a_grid()) == [[1, 2], [0, 3], [0, 3], [1, 2]]


def test_a_mirrored_grid_takes_its_regions_along(run):
    assert prompts(edited(run, a_grid("1,1,2;1"), "Edits.mirrored(plan, true).plan")) == [
        "words 1",
        "words 0",
        "words 2",
    ]
    assert prompts(edited(run, a_grid("1,1,2;1"), "Edits.mirrored(plan, false).plan")) == [
        "words 2",
        "words 0",
        "words 1",
    ]
    rows = edited(run, a_grid("1,1,2;1", rows_first=True), "Edits.mirrored(plan, true).plan")
    assert (rows.split_ratio, prompts(rows)) == ("1;1,1,2", ["words 2", "words 0", "words 1"])


def test_mirrored_twice_is_as_before(run):
    document = a_grid("1,1,2;3", layout="grid")
    for is_sideways in ("true", "false"):
        again = edited(run, document, f"Edits.mirrored(Edits.mirrored(plan, {is_sideways}).plan, {is_sideways}).plan")
        assert again == Plan.from_dict(document)


def test_exchanged_cells_keep_their_places_and_exchanged_boxes_their_own(run):
    plan = edited(run, a_grid("1,2"), "Edits.exchanged(plan, 0, 1)")
    assert (prompts(plan), plan.split_ratio) == (["words 1", "words 0"], "1,2")
    boxes = edited(run, a_grid("1,2"), "Edits.exchanged(Edits.toBoxes(plan), 0, 1)")
    assert prompts(boxes) == ["words 1", "words 0"]
    assert boxes.regions[0].box[0] == pytest.approx(1 / 3)


def test_things_with_a_place_of_their_own_follow_their_region(run):
    document = a_grid("1,1")
    document["regions"][1]["entities"] = [{"phrase": "cat", "count": 1, "box": [0.75, 0.5, 0.25, 0.5]}]
    thing = edited(run, document, "Edits.withGrid(plan, sdWebuiRpg.Grid.parse('1,3'))").regions[1].entities[0]
    assert thing.box == pytest.approx((0.625, 0.5, 0.375, 0.5))
    mirrored = edited(run, document, "Edits.mirrored(plan, true).plan").regions[0].entities[0]
    assert mirrored.box == pytest.approx((0, 0.5, 0.25, 0.5))


THINGS = [
    {"phrase": "rug", "count": 1},
    {"phrase": "cat", "count": 1, "box": [0.1, 0.2, 0.2, 0.3], "seed": 3, "binding": {"steps": 0.5}},
    {"phrase": "toy", "count": 2, "box": [0.3, 0.5, 0.1, 0.1], "prompt": "a ball"},
]


def with_things() -> dict:
    document = a_grid("1,1")
    document["regions"][0]["entities"] = [dict(thing) for thing in THINGS]
    return document


OBJECT_EDITS = [
    ("Objects.withBox(plan, {index: 0, object: 2}, [0, 0, 0.5, 0.5])", {2: {**THINGS[2], "box": [0, 0, 0.5, 0.5]}}),
    # Fields at their default are not written, others stay as they are.
    (
        "Objects.changed(plan, {index: 0, object: 1}, {seed: null, binding: {}, prompt: ''})",
        {1: {"phrase": "cat", "count": 1, "box": THINGS[1]["box"]}},
    ),
    ("Objects.exchanged(plan, 0, 1, 2)", {1: THINGS[2], 2: THINGS[1]}),
    # The first thing without a box gets one; then there is a new thing.
    ("Objects.added(plan, 0).plan", {0: {**THINGS[0], "box": [0.125, 0.25, 0.25, 0.5]}}),
    ("Objects.added(Objects.added(plan, 0).plan, 0).plan.regions[0].entities.length === 4 && plan", {}),
]


@pytest.mark.parametrize(("edit", "changed"), OBJECT_EDITS)
def test_an_edit_of_an_object_leaves_all_else(run, edit, changed):
    document = with_things()
    plan = edited(run, document, edit)
    document["regions"][0]["entities"] = [changed.get(i, thing) for i, thing in enumerate(THINGS)]
    assert plan == Plan.from_dict(document)


def test_a_new_object_is_named_as_its_region_and_never_just_on_another(run):
    document = a_grid("1,1")
    plan = edited(run, document, "[0, 1, 2].reduce((made) => Objects.added(made, 1).plan, plan)")
    things = plan.regions[1].entities
    assert [thing.phrase for thing in things] == ["name 1"] * 3
    assert things[0].box == (0.625, 0.25, 0.25, 0.5)
    assert len({thing.box for thing in things}) == 3
    copied = edited(run, with_things(), "Objects.added(plan, 0, 1).plan").regions[0].entities
    assert (copied[3].seed, copied[3].box) == (3, pytest.approx((0.13125, 0.23125, 0.2, 0.3)))


def test_objects_are_drawn_where_they_are_bound_or_their_region_is_selected(run):
    shown = "([plan, selected]) => sdWebuiRpg.Objects.shown(plan, selected)"
    document = with_things()
    document["regions"][1]["entities"] = [THINGS[2]]
    first, second = [{"index": 0, "object": 1}, {"index": 0, "object": 2}], [{"index": 1, "object": 0}]
    assert run(shown, [document, -1]) == []
    assert run(shown, [document, 0]) == first
    document["regions"][0]["entities"][1]["binding"] = {"mode": "exact"}
    assert run(shown, [document, 1]) == [first[0], *second]
    document["binding"] = "auto"
    assert run(shown, [document, -1]) == [*first, *second]
    document["regions"][0]["binding"] = {"mode": "off"}
    assert run(shown, [document, -1]) == [first[0], *second]


def test_other_words_leave_the_boxes_that_are_drawn(run):
    plan = edited(run, with_things(), "Edits.withRegion(plan, 0, {prompt: 'a dog'})")
    assert [thing.phrase for thing in plan.regions[0].entities] == ["cat", "toy"]


def test_a_layout_takes_the_words_that_are_there(run):
    fewer = edited(run, a_grid(), "Edits.laidOut(plan, '1,1')")
    assert prompts(fewer) == ["words 0", "words 1, words 2, words 3"]
    more = edited(run, a_grid("1,1"), "Edits.laidOut(plan, '1;1,1,1')")
    assert prompts(more) == ["words 0", "words 1", "blank"]
    assert prompts(edited(run, None, "Edits.laidOut(plan, '1,1', ['a', 'b', 'c'])")) == ["a", "b, c"]


def test_a_new_layout_has_no_field_that_nobody_set(run):
    plan = run("() => sdWebuiRpg.Edits.laidOut(null, '1,1')")
    assert set(plan) == {"version", "layout", "split_ratio", "regions"}
    assert plan["regions"] == [{"prompt": "", "box": [0, 0, 0.5, 1]}, {"prompt": "", "box": [0.5, 0, 0.5, 1]}]


def test_a_box_that_is_drawn_frees_the_cells_of_a_grid(run):
    plan = edited(run, a_grid("1,1"), "Edits.drawn(plan, [0.25, 0.25, 0.5, 0.5])")
    assert plan.layout == "boxes"
    assert [region.box for region in plan.regions] == [(0, 0, 0.5, 1), (0.5, 0, 0.5, 1), (0.25, 0.25, 0.5, 0.5)]


def test_an_edit_leaves_the_plan_that_it_was_given_as_it_was(run):
    edits = (
        "Edits.split(plan, 0, true)",
        "Edits.merged(plan, 0, 1)",
        "Edits.mirrored(plan, true)",
        "Edits.removed(plan, 0)",
        "Edits.added(plan, 0, plan.regions[0])",
        "Edits.exchanged(plan, 0, 1)",
        "Edits.drawn(plan, [0, 0, 1, 1])",
        "Edits.withBox(plan, 0, [0, 0, 1, 1])",
    )
    document = a_grid()
    document["regions"][0]["entities"] = [{"phrase": "cat", "count": 1, "box": [0.1, 0.1, 0.2, 0.2]}]
    for edit in edits:
        after = run(f"plan => {{ const {{ Edits }} = sdWebuiRpg; {edit}; return plan; }}", document)
        assert after == document, edit
