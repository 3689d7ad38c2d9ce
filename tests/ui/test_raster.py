"""The scripts of masks that know no page: rasters, painting, headers of pictures, and colour-coded pictures."""

from __future__ import annotations

import base64
import colorsys
import io
import math
import random
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter

from lib_rpg.layout.mask import read_mask

SCRIPTS = Path(__file__).resolve().parents[2] / "javascript"
NAMES = ("raster", "mask_painting", "grey_png", "picture_header", "colour_mask")

HELPERS = """
    const { Raster, MaskPainting, GreyPng, PictureHeader, ColourMask } = sdWebuiRpg;
    const raster = (rows) => new Raster(rows[0].length, rows.length, Uint8ClampedArray.from(rows.flat()));
    const rows = ({ width, height, data }) =>
        Array.from({ length: height }, (_, y) => [...data.slice(y * width, (y + 1) * width)]);
    const brush = (changes) => ({ tool: "brush", size: 0.25, softness: 0, ...changes });
    const painting = (size, box, changes = {}, mask = null) => new MaskPainting(size, box, mask, brush(changes));
    const stroke = (painting, points, isReversed = false) => {
        const [first, ...more] = points.map(([x, y]) => ({ x, y }));
        painting.begin(first, isReversed);
        for (const point of more) painting.move(point);
        return painting.end();
    };
    // What a brush covers of a black raster.
    const cover = (made, from, to, radius, softness) => {
        const stroke = { before: made.copy(), coverage: made.copy() };
        return made.stroke(from, to, { radius, softness, level: 255 }, stroke);
    };
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
"""


@pytest.fixture(scope="module")
def run(browser):
    """(body, argument) -> what the body of a function of ``given`` returns in an empty page with the scripts."""
    page = browser.new_page()
    for name in NAMES:
        page.add_script_tag(path=SCRIPTS / f"rpg_{name}.js")
    yield lambda body, given=None: page.evaluate(f"(given) => {{ {HELPERS} {body} }}", given)
    page.close()


def blank(width: int, height: int) -> list[list[int]]:
    return [[0] * width for _ in range(height)]


def drawn(rows: list[str]) -> list[list[int]]:
    """Levels of a drawing: "#" is white, "." black, "+" half."""
    return [[{"#": 255, ".": 0, "+": 128}[letter] for letter in row] for row in rows]


# Rasters


@pytest.mark.parametrize(
    ("start", "end", "radius"),
    [
        ((20, 20), (20, 20), 6),
        ((10, 10), (50, 30), 5),
        ((50, 12), (8, 35), 3.5),
        ((5, 20), (60, 20), 8),
        ((30, 2), (30, 38), 2),
        ((-30, 20), (90, 22), 4),
        ((63.5, 0.5), (63.5, 0.5), 5),
        ((31, 19), (31.2, 19.1), 0.5),
    ],
)
def test_a_hard_brush_covers_what_is_within_its_radius_of_the_line(run, start, end, radius):
    rows = run(
        """const made = new Raster(64, 40);
        const [[fx, fy], [tx, ty], radius] = given;
        cover(made, { x: fx, y: fy }, { x: tx, y: ty }, radius, 0);
        return rows(made);""",
        [start, end, radius],
    )
    (ax, ay), (bx, by) = start, end
    for y, row in enumerate(rows):
        for x, level in enumerate(row):
            px, py = x + 0.5 - ax, y + 0.5 - ay
            dx, dy = bx - ax, by - ay
            along = min(1, max(0, (px * dx + py * dy) / ((dx * dx + dy * dy) or 1)))
            distance = math.hypot(px - along * dx, py - along * dy)
            if distance < radius - 0.5:
                assert level == 255, (x, y)
            elif distance > radius + 0.5:
                assert level == 0, (x, y)
            else:  # an edge of one pixel, half covered in its middle
                share = radius + 0.5 - distance
                assert level == pytest.approx(255 * share * share * (3 - 2 * share), abs=0.6), (x, y)


def test_a_brush_beside_the_picture_touches_nothing(run):
    assert run(
        "const made = new Raster(8, 8);"
        "const left = cover(made, { x: -9, y: 4 }, { x: -9, y: 9 }, 5, 0);"
        "const below = cover(made, { x: 4, y: 20 }, { x: 4, y: 20 }, 5, 1);"
        "return [left, below, made.data.some(Boolean)]"
    ) == [None, None, False]


@pytest.mark.parametrize("softness", [0.2, 0.5, 1])
def test_a_soft_brush_falls_from_its_middle_to_its_edge(run, softness: float):
    row = run(
        """const made = new Raster(41, 41);
        cover(made, { x: 20.5, y: 20.5 }, { x: 20.5, y: 20.5 }, 20, given);
        return rows(made)[20];""",
        softness,
    )
    half = row[20:]
    assert half[0] == 255
    assert half == sorted(half, reverse=True)
    assert row == row[::-1]
    grey = sum(0 < level < 255 for level in half)
    assert grey == pytest.approx(20 * softness, abs=3)


def test_what_a_brush_says_that_it_touched_holds_all_that_it_changed(run):
    numbers = random.Random(7)
    lines = [[numbers.uniform(-20, 60) for _ in range(4)] + [numbers.uniform(0.5, 15)] for _ in range(50)]
    escaped = run(
        """return given.filter(([fx, fy, tx, ty, radius]) => {
            const made = new Raster(40, 30);
            const rect = cover(made, { x: fx, y: fy }, { x: tx, y: ty }, radius, 0.5);
            const bounds = made.bounds();
            if (!bounds) return false;
            return !rect || bounds.x < rect.x || bounds.y < rect.y
                || bounds.x + bounds.width > rect.x + rect.width || bounds.y + bounds.height > rect.y + rect.height;
        });""",
        lines,
    )
    assert escaped == []


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        # a square
        ([(1, 1), (4, 1), (4, 4), (1, 4)], ["......", ".###..", ".###..", ".###..", "......"]),
        # drawn the other way round
        ([(1, 4), (4, 4), (4, 1), (1, 1)], ["......", ".###..", ".###..", ".###..", "......"]),
        # twice around: no hole
        ([(1, 1), (4, 1), (4, 4), (1, 4)] * 2, ["......", ".###..", ".###..", ".###..", "......"]),
        # a notch from above
        ([(0, 0), (2, 0), (2, 3), (4, 3), (4, 0), (6, 0), (6, 5), (0, 5)],
         ["##..##", "##..##", "##..##", "######", "######"]),
        # beyond all edges
        ([(-9, -9), (20, -9), (20, 2), (-9, 2)], ["######", "######", "......", "......", "......"]),
        # a click, a line, and all outside
        ([(2, 2)], ["......"] * 5),
        ([(1, 1), (5, 4)], ["......"] * 5),
        ([(10, 10), (20, 10), (20, 20)], ["......"] * 5),
    ],
)  # fmt: skip
def test_a_lasso_fills_what_it_goes_around(run, points, expected: list[str]):
    rows = run(
        """const made = new Raster(6, 5);
        made.polygon(given.map(([x, y]) => ({ x, y })), 255);
        return rows(made);""",
        points,
    )
    assert rows == drawn(expected)


def test_a_lasso_that_crosses_itself_has_no_hole(run):
    """A star of five points drawn in one line: its middle is gone around twice."""
    star = [(20 + 18 * math.sin(4 * math.pi * i / 5), 20 - 18 * math.cos(4 * math.pi * i / 5)) for i in range(5)]
    middle = run(
        """const made = new Raster(40, 40);
        made.polygon(given.map(([x, y]) => ({ x, y })), 255);
        return made.data[20 * 40 + 20];""",
        star,
    )
    assert middle == 255


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ((0.5, 0.5), ["##.#", "##.#", "....", "###."]),
        ((3, 2.9), ["...#", "...#", "####", "####"]),
        ((3, 0), ["...#", "...#", "....", "###."]),
    ],
)
def test_a_fill_stays_within_its_area(run, start, expected):
    walls = drawn(["..+.", "..+.", "++++", "###."])
    rows = run(
        """const made = raster(given[0]);
        made.flood({ x: given[1][0], y: given[1][1] }, 7);
        return rows(made);""",
        [walls, start],
    )
    filled = [[level == 7 for level in row] for row in rows]
    numbers = {(0.5, 0.5): {(0, 0), (1, 0), (0, 1), (1, 1)}, (3, 2.9): {(0, 2), (1, 2), (2, 2), (3, 2), (2, 0), (2, 1)}}
    wanted = numbers.get(start, {(3, 0), (3, 1)})
    assert {(x, y) for y, row in enumerate(filled) for x, is_filled in enumerate(row) if is_filled} == wanted


def test_a_fill_finds_all_of_a_maze(run):
    """Against a plain search, over random walls."""
    numbers = random.Random(3)
    maze = [[255 if numbers.random() < 0.35 else 0 for _ in range(31)] for _ in range(23)]
    maze[11][15] = 0
    found = run(
        "const made = raster(given); made.flood({ x: 15.5, y: 11.5 }, 100); return rows(made);",
        maze,
    )
    reached, waiting = set(), [(15, 11)]
    while waiting:
        x, y = waiting.pop()
        if (x, y) in reached or not (0 <= x < 31 and 0 <= y < 23) or maze[y][x]:
            continue
        reached.add((x, y))
        waiting += [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
    assert {(x, y) for y, row in enumerate(found) for x, level in enumerate(row) if level == 100} == reached


@pytest.mark.parametrize("point", [(-1, 2), (2, -0.5), (4, 2), (2, 4)])
def test_a_fill_outside_of_the_picture_does_nothing(run, point):
    assert run(
        "const made = new Raster(4, 4), [x, y] = given; return [made.flood({ x, y }, 255), made.data.some(Boolean)];",
        point,
    ) == [None, False]


def test_inverting_swaps_and_keeps_what_is_between(run):
    rows = run("const made = raster(given); made.invert(); return rows(made);", [[0, 255, 100]])
    assert rows == [[255, 0, 155]]


def test_a_point_grows_to_an_octagon_and_shrinks_back(run):
    grown = run(
        """const made = new Raster(9, 9);
        made.data[4 * 9 + 4] = 255;
        made.grow(3);
        const grown = rows(made);
        made.grow(-3);
        return [grown, made.data.filter(Boolean).length, made.data[4 * 9 + 4]];"""
    )
    assert grown[0] == drawn(
        [
            ".........",
            "...###...",
            "..#####..",
            ".#######.",
            ".#######.",
            ".#######.",
            "..#####..",
            "...###...",
            ".........",
        ]
    )
    assert grown[1:] == [1, 255]


def test_shrinking_does_not_eat_from_the_pictures_edge(run):
    half = drawn(["###...", "###...", "###..."])
    rows = run("const made = raster(given); made.grow(-1); return rows(made);", half)
    assert rows == drawn(["##....", "##....", "##...."])


def test_a_soft_level_grows_as_it_is(run):
    assert run("const made = raster(given); made.grow(1); return rows(made);", [[0, 0, 100, 0, 0]]) == [
        [0, 100, 100, 100, 0]
    ]


def test_feathering_softens_an_edge_evenly_and_leaves_the_pictures_edge(run):
    width, radius = 60, 4
    rows = run(
        "const made = raster(given[0]); made.feather(given[1]); return rows(made);",
        [[[255] * 30 + [0] * 30] * 5, radius],
    )
    assert all(row == rows[0] for row in rows)
    row = rows[0]
    assert row == sorted(row, reverse=True)
    assert row[: 30 - 3 * radius] == [255] * (30 - 3 * radius)
    assert row[30 + 3 * radius :] == [0] * (30 - 3 * radius)
    assert all(abs(row[i] + row[width - 1 - i] - 255) <= 2 for i in range(width))
    # As wide as the Gaussian blur that three means stand for.
    picture = Image.new("L", (width, 1))
    picture.putdata([255] * 30 + [0] * 30)
    sigma = math.sqrt(3 * ((2 * radius + 1) ** 2 - 1) / 12)
    blurred = [255 * (0.5 - 0.5 * math.erf((x + 0.5 - 30) / (sigma * math.sqrt(2)))) for x in range(width)]
    assert all(abs(level - expected) < 6 for level, expected in zip(row, blurred, strict=True))


@pytest.mark.parametrize("size", [(1, 1), (2, 7), (64, 64), (5, 3)])
@pytest.mark.parametrize("scale", [1, 2, 5, 8])
def test_a_mask_scaled_up_and_down_again_is_the_same(run, size, scale: int):
    numbers = random.Random(scale)
    levels = [[numbers.randrange(256) for _ in range(size[0])] for _ in range(size[1])]
    back = run(
        """const [levels, scale] = given;
        const made = raster(levels);
        const large = made.stretched(made.width * scale, made.height * scale);
        return rows(large.stretched(made.width, made.height));""",
        [levels, scale],
    )
    assert back == levels


@pytest.mark.parametrize(
    "place", [(0, 0, 12, 8), (3, 2, 6, 4), (1.5, 0.25, 7.25, 3), (-4, -4, 30, 30), (11.5, 7.5, 9, 9)]
)
@pytest.mark.parametrize("size", [(1, 1), (3, 5), (24, 16), (40, 7)])
def test_a_stretched_mask_has_the_mean_of_what_each_pixel_covers(run, size, place):
    """Against sums over a grid 40 times as fine."""
    numbers = random.Random(size[0])
    levels = [[numbers.randrange(256) for _ in range(size[0])] for _ in range(size[1])]
    made = run(
        """const [levels, [x, y, width, height]] = given;
        return rows(raster(levels).stretched(12, 8, { x, y, width, height }));""",
        [levels, place],
    )
    fine = 40

    def shares(pixel: int, own: int, start: float, length: float) -> dict[int, float]:
        counted: dict[int, float] = {}
        for part in range(fine):
            index = math.floor((pixel + (part + 0.5) / fine - start) / length * own)
            if 0 <= index < own:
                counted[index] = counted.get(index, 0) + 1 / fine
        return counted

    for y, row in enumerate(made):
        down = shares(y, size[1], place[1], place[3])
        for x, level in enumerate(row):
            across = shares(x, size[0], place[0], place[2])
            mean = sum(levels[j][i] * a * d for j, d in down.items() for i, a in across.items())
            assert level == pytest.approx(mean, abs=14), (x, y)


def test_bounds_are_around_all_that_is_not_black(run):
    found = run(
        """const made = new Raster(9, 7);
        const none = made.bounds();
        made.data[2 * 9 + 3] = 1;
        made.data[5 * 9 + 8] = 255;
        return [none, made.bounds()];"""
    )
    assert found == [None, {"x": 3, "y": 2, "width": 6, "height": 4}]


# Painting


@pytest.mark.parametrize(
    ("size", "raster", "scale"),
    [
        ((512, 512), (512, 512), 8),
        ((1024, 1024), (1024, 1024), 8),
        ((2048, 1024), (1024, 512), 4),
        ((1536, 640), (960, 400), 5),
        ((8, 8), (8, 8), 8),
        ((16384, 64), (1024, 4), 1),
    ],
)
def test_a_painting_has_whole_pixels_a_token_and_a_bounded_size(run, size, raster, scale: int):
    made = run(
        """const made = painting({ width: given[0], height: given[1] }, [0, 0, 1, 1]);
        return [made.raster.width, made.raster.height, made.scale];""",
        size,
    )
    assert made == [*raster, scale]


def test_a_mask_is_cropped_to_what_is_painted_with_a_pixel_for_each_token(run):
    made = run(
        """const made = painting({ width: 512, height: 256 }, [0, 0, 0.5, 1], { size: 0.125 });
        made.clear();
        stroke(made, [[100, 100], [200, 100]]);
        const { box, mask } = made.result();
        return [box, mask.width, mask.height, mask.data.includes(255)];"""
    )
    box, width, height, has_white = made
    assert box == [8 * 8 / 512, 8 * 8 / 256, 21 * 8 / 512, 9 * 8 / 256]
    assert (width, height, has_white) == (21, 9, True)


def test_painting_outside_of_the_box_makes_the_box_grow(run):
    box = run(
        """const made = painting({ width: 256, height: 256 }, [0, 0, 0.25, 0.25], { size: 0.1 });
        stroke(made, [[200, 200]]);
        return made.result().box;"""
    )
    assert box[:2] == [0, 0]
    assert 0.78 < box[2] == box[3] < 0.88


@pytest.mark.parametrize("box", [[0, 0, 1 / 3, 1], [0.1, 0.2, 0.37, 0.41], [0, 0, 1, 1]])
def test_a_mask_that_is_white_all_over_the_box_is_none(run, box):
    """Also where the box does not end at a token: painted over and back, it stays as it was."""
    made = run(
        """const made = painting({ width: 512, height: 512 }, given, { tool: "eraser" });
        stroke(made, [[60, 150]]);
        const erased = made.result();
        made.undo();
        return [erased.mask !== null, made.result(), made.isChanged];""",
        box,
    )
    assert made == [True, {"box": box, "mask": None}, False]


def test_a_lasso_around_tokens_makes_a_box_without_a_mask(run):
    made = run(
        """const made = painting({ width: 512, height: 512 }, [0, 0, 1, 1], { tool: "lasso" });
        made.clear();
        stroke(made, [[64, 64], [256, 64], [256, 128], [64, 128]]);
        return made.result();"""
    )
    assert made == {"box": [0.125, 0.125, 0.375, 0.125], "mask": None}


def test_nothing_painted_has_no_result(run):
    assert (
        run("const made = painting({ width: 64, height: 64 }, [0, 0, 1, 1]); made.clear(); return made.result();")
        is None
    )


@pytest.mark.parametrize(
    ("tool", "is_reversed", "adds"),
    [
        ("brush", False, True),
        ("brush", True, False),
        ("eraser", False, False),
        ("eraser", True, True),
        ("lasso", False, True),
        ("lasso", True, False),
        ("cut", False, False),
        ("cut", True, True),
    ],
)
def test_a_tool_adds_or_takes_away_and_the_other_button_does_the_opposite(
    run, tool: str, is_reversed: bool, adds: bool
):
    before, after = run(
        """const [tool, isReversed] = given;
        const made = painting({ width: 64, height: 64 }, [0, 0, 1, 1], { tool });
        made.raster.data.fill(128);
        stroke(made, [[10, 10], [50, 10], [50, 50], [10, 50], [20, 20]], isReversed);
        return [128, made.raster.data[14 * 64 + 30]];""",
        [tool, is_reversed],
    )
    assert after == (255 if adds else 0) != before


def test_a_fill_of_a_filled_area_empties_it(run):
    made = run(
        """const made = painting({ width: 64, height: 64 }, [0, 0, 0.5, 1], { tool: "fill" });
        const count = () => made.raster.data.filter((level) => level === 255).length;
        const counts = [count()];
        for (const x of [50, 10, 60]) {
            made.begin({ x, y: 30 });
            counts.push(count());
        }
        return counts;"""
    )
    assert made == [2048, 4096, 0, 4096]


def test_a_stroke_over_itself_does_not_add_up(run):
    """A soft stroke to and fro is as one way; two strokes are stronger."""
    once, again, twice = run(
        """const edge = (strokes) => {
            const made = painting({ width: 256, height: 256 }, [0, 0, 1, 1], { softness: 1 });
            made.clear();
            for (const points of strokes) stroke(made, points);
            return made.raster.data[105 * 256 + 128];
        };
        const way = [[60, 128], [200, 128]];
        return [edge([way]), edge([[...way, ...way, ...way]]), edge([way, way])];"""
    )
    assert 0 < once == again < twice < 255


def test_undo_and_redo_step_through_every_kind_of_change(run):
    """Each state is met again on the way back and forth; a new change drops what was undone."""
    assert run(
        """const made = painting({ width: 128, height: 128 }, [0.25, 0.25, 0.5, 0.5]);
        const edits = [
            () => stroke(made, [[10, 10], [100, 90]]),
            () => { made.brush.tool = "cut"; stroke(made, [[20, 20], [90, 30], [40, 90]]); },
            () => { made.brush.tool = "fill"; made.begin({ x: 120, y: 5 }); },
            () => made.invert(), () => made.grow(1), () => made.grow(-1), () => made.feather(),
            () => made.replace(raster([[0, 255]])), () => made.clear(),
        ];
        const states = [made.raster.copy()];
        for (const edit of edits) {
            edit();
            states.push(made.raster.copy());
        }
        const isAt = (i) => made.raster.equals(states[i]);
        const back = edits.map((_, i) => made.undo() && isAt(edits.length - 1 - i));
        const ends = [made.undo(), made.canUndo, made.isChanged];
        const forth = edits.map((_, i) => made.redo() && isAt(i + 1));
        made.undo();
        made.invert();
        return [new Set([...back, ...forth]).size === 1 && back[0], ends, made.redo(), made.canRedo];"""
    ) == [True, [False, False, False], False, False]


def test_what_changes_nothing_is_no_step(run):
    assert (
        run(
            """const made = painting({ width: 64, height: 64 }, [0, 0, 1, 1]);
        stroke(made, [[30, 30], [40, 40]]);
        made.grow(1);
        stroke(made, [[-90, -90]]);
        return made.canUndo;"""
        )
        is False
    )


def test_a_stroke_that_is_broken_off_leaves_no_trace(run):
    assert run(
        """const made = painting({ width: 64, height: 64 }, [0, 0, 1, 1], { tool: "eraser" });
        made.begin({ x: 30, y: 30 });
        made.move({ x: 50, y: 30 });
        const during = made.isChanged;
        const undone = made.undo();
        made.abort();
        return [during, undone, made.isChanged, made.canUndo, made.isDrawing, made.end()];"""
    ) == [True, False, False, False, False, None]


def test_a_stroke_ends_where_the_pointer_is_however_small_its_steps_are(run):
    """Of a brush and of a lasso: as one that goes there at once, but for rounding at the edge."""
    differing = run(
        """const draw = (tool, points) => {
            const made = painting({ width: 512, height: 512 }, [0, 0, 1, 1], { tool });
            made.clear();
            stroke(made, points);
            return made.raster.data;
        };
        const along = (points) => points.flatMap(([x, y], i) => {
            const [fx, fy] = points[Math.max(0, i - 1)];
            const part = (j) => (j + 1) / 700;
            return Array.from({ length: 700 }, (_, j) => [fx + part(j) * (x - fx), fy + part(j) * (y - fy)]);
        });
        return ["brush", "lasso"].map((tool) => {
            const corners = [[100, 100], [300, 110], [310, 400], [311, 404]];
            const [once, often] = [draw(tool, corners), draw(tool, along(corners))];
            return once.filter((level, i) => Math.abs(level - often[i]) > 64).length;
        });"""
    )
    assert max(differing) < 30


def test_a_tool_that_is_changed_in_the_midst_of_a_stroke_does_not_change_the_stroke(run):
    assert (
        run(
            """const made = painting({ width: 64, height: 64 }, [0, 0, 1, 1], { tool: "cut" });
        made.begin({ x: 10, y: 10 });
        made.brush.tool = "brush";
        for (const [x, y] of [[50, 10], [50, 50], [10, 50]]) made.move({ x, y });
        made.end();
        return made.raster.data[30 * 64 + 30];"""
        )
        == 0
    )


def test_a_soft_mask_is_painted_on_without_a_loss(run):
    """What no stroke touches keeps its levels, through the raster that is painted on and back."""
    numbers = random.Random(5)
    levels = [[numbers.randrange(1, 256) for _ in range(16)] for _ in range(32)]
    made = run(
        """const made = painting({ width: 256, height: 256 }, [0.5, 0, 0.5, 1], { size: 0.05 }, raster(given));
        stroke(made, [[20, 20]]);
        const { box, mask } = made.result();
        return [box, rows(mask).map((row) => row.slice(-16))];""",
        levels,
    )
    assert made[0][0] == pytest.approx(1 / 32)
    assert made[1] == levels[: len(made[1])]


# Files


def gradient(width: int, height: int) -> Image.Image:
    return Image.linear_gradient("L").rotate(30).resize((width, height))


def shapes(width: int, height: int) -> Image.Image:
    picture = Image.new("L", (width, height))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((0, 0, width * 2 // 3, height * 2 // 3), 255)
    draw.rectangle((width // 2, height // 2, width - 1, height - 1), 255)
    return picture


def static(width: int, height: int) -> Image.Image:
    return Image.frombytes("L", (width, height), random.Random(width).randbytes(width * height))


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (58, 64), (256, 128), (300, 300)])
@pytest.mark.parametrize("make", [gradient, shapes, static, lambda *size: Image.new("L", size, 77)])
def test_a_mask_is_written_as_the_grey_png_that_python_reads(run, make, size):
    picture = make(*size)
    text = run(
        """const [width, height, data] = given;
        const file = GreyPng.encode(new Raster(width, height, new Uint8ClampedArray(bytes(data))));
        return btoa(Array.from(file, (byte) => String.fromCharCode(byte)).join(""));""",
        [*size, base64.b64encode(picture.tobytes()).decode()],
    )
    file = base64.b64decode(text)
    with Image.open(io.BytesIO(file)) as written:
        assert (written.format, written.mode, written.size) == ("PNG", "L", size)
        assert written.tobytes() == picture.tobytes()
    # By Python's own reader, which is strict.
    assert Image.frombytes("L", size, read_mask(text).numpy().tobytes()).tobytes() == picture.tobytes()


def test_a_painted_masks_file_is_small(run):
    """256 x 128 tokens with hard edges take about a kilobyte, with wide soft ones a third of a byte each."""
    sizes = run(
        """const read = (data) => new Raster(256, 128, new Uint8ClampedArray(bytes(data)));
        return given.map((data) => GreyPng.encode(read(data)).length);""",
        [
            base64.b64encode(picture.tobytes()).decode()
            for picture in (shapes(256, 128), shapes(256, 128).filter(ImageFilter.GaussianBlur(6)))
        ],
    )
    assert sizes[0] < 1500
    assert sizes[1] < 256 * 128 / 3


# Headers


def file_of(kind: str, size=(30, 20), frames: int = 1, **options) -> bytes:
    pictures = [Image.new("RGB", size, (50 * i, 90, 200)) for i in range(frames)]
    more = {"save_all": True, "append_images": pictures[1:], "duration": 100} if frames > 1 else {}
    file = io.BytesIO()
    pictures[0].save(file, kind, **more, **options)
    return file.getvalue()


def header(run, content: bytes) -> dict:
    return run("return PictureHeader.read(bytes(given));", base64.b64encode(content).decode())


@pytest.mark.parametrize("size", [(1, 1), (30, 20), (517, 300)])
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True, "comment": b"\xff\xc0 no frame"}),
        ("GIF", {}),
        ("WebP", {}),
        ("WebP", {"lossless": True}),
        ("WebP", {"exif": b"Exif\0\0MM\0*"}),
        ("BMP", {}),
    ],
)
def test_a_files_size_is_read_from_its_header(run, kind: str, options: dict, size):
    found = header(run, file_of(kind, size, **options))
    assert found == {"kind": kind, "width": size[0], "height": size[1], "isAnimated": False}


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WebP"])
def test_an_animated_file_is_known(run, kind: str):
    found = header(run, file_of(kind, frames=3))
    assert (found["kind"], found["isAnimated"], found["width"], found["height"]) == (kind, True, 30, 20)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WebP", "BMP"])
def test_a_file_that_ends_early_is_no_error(run, kind: str):
    """Cut at every byte: it is known as far as it goes, or not known."""
    content = file_of(kind, (3, 2))
    kinds = run(
        """const whole = bytes(given);
        return Array.from(whole, (_, end) => PictureHeader.read(whole.slice(0, end)).kind);""",
        base64.b64encode(content).decode(),
    )
    assert set(kinds) == {"", kind}


@pytest.mark.parametrize(
    "text",
    [
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "\ufeff<?xml version='1.0'?><svg/>",
        "  \n<!DOCTYPE html>",
        "<!-- a comment --><svg/>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_markup_is_known_as_a_drawing(run, text: str, encoding: str):
    assert header(run, text.encode(encoding))["kind"] == "SVG"


@pytest.mark.parametrize("content", [b"", b"\0", b"hello", bytes(range(256)), b"\xff\xd8\xff", b"RIFF....WEBP"])
def test_what_is_no_picture_has_no_size(run, content: bytes):
    found = header(run, content)
    assert (found["width"], found["height"]) == (0, 0)


# Colour-coded pictures


def rp_colour(index: int) -> tuple[int, int, int]:
    """Regional Prompter's colour of a region, by what its masks look like: hue i of 0, 1/2, 1/4, 3/4, 1/8 …"""
    hue = 0.0
    if index:
        half = 2 ** int(math.log2(index))
        hue = (2 * (index - half) + 1) / (2 * half)
    red, green, blue = (int(256 * level) for level in colorsys.hsv_to_rgb(hue, 0.5, 0.5))
    return red, green, blue


def places(run, picture: Image.Image, size=(512, 512)) -> list[dict]:
    """Box, and mask as its size and its share of white, of each region."""
    rgba = picture.convert("RGBA")
    return run(
        """const [width, height, data, size] = given;
        const pixels = { width, height, data: new Uint8ClampedArray(bytes(data)) };
        const places = ColourMask.read(pixels, "The picture", { width: size[0], height: size[1] });
        return places.map(({ box, mask }) => ({
            box,
            size: mask && [mask.width, mask.height],
            share: mask && mask.data.reduce((sum, level) => sum + level, 0) / 255 / mask.data.length,
        }));""",
        [rgba.width, rgba.height, base64.b64encode(rgba.tobytes()).decode(), size],
    )


def refusal(run, picture: Image.Image) -> str:
    rgba = picture.convert("RGBA")
    return run(
        """const [width, height, data] = given;
        const pixels = { width, height, data: new Uint8ClampedArray(bytes(data)) };
        try {
            ColourMask.read(pixels, "The picture", { width: 64, height: 64 });
        } catch ({ message }) {
            return message;
        }""",
        [rgba.width, rgba.height, base64.b64encode(rgba.tobytes()).decode()],
    )


def columns(colours: list, size=(256, 128)) -> Image.Image:
    """A picture of columns, all of about one width."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    for i, colour in enumerate(colours):
        left, right = size[0] * i // len(colours), size[0] * (i + 1) // len(colours)
        draw.rectangle((left, 0, right - 1, size[1]), colour)
    return picture


def as_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


@pytest.mark.parametrize("order", [[0, 1], [1, 0], [3, 1, 2, 0], [4, 7, 2, 0, 1, 3, 5, 6], [5, 2, 9]])
@pytest.mark.parametrize("quality", [None, 95, 75])
def test_regional_prompters_colours_come_in_its_order(run, order: list[int], quality: int | None):
    picture = columns([rp_colour(index) for index in order])
    found = places(run, picture if quality is None else as_jpeg(picture, quality))
    lefts = [round(place["box"][0] * len(order)) for place in found]
    assert lefts == [order.index(index) for index in sorted(order)]


def test_sixty_four_of_regional_prompters_colours_are_told_apart(run):
    """They are three levels from each other, nearer than what JPEG makes of one."""
    found = places(run, columns([rp_colour(index) for index in range(64)], (640, 20)))
    assert [place["box"][0] for place in found] == pytest.approx([i / 64 for i in range(64)])


def test_an_area_that_is_a_rectangle_becomes_a_box_without_a_mask(run):
    found = places(run, columns(["red", "lime"], (200, 100)))
    assert found == [
        {"box": [0, 0, 0.5, 1], "size": None, "share": None},
        {"box": [0.5, 0, 0.5, 1], "size": None, "share": None},
    ]


@pytest.mark.parametrize("quality", [None, 90, 60])
def test_other_shapes_get_a_mask_over_their_box(run, quality: int | None):
    """Smooth edges and JPEG's noise make no regions of their own."""
    picture = Image.new("RGB", (1024, 1024), "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((64, 64, 448, 448), (200, 30, 30))
    draw.polygon([(560, 960), (760, 540), (960, 960)], (30, 60, 200))
    picture = picture.resize((512, 512), Image.Resampling.LANCZOS)
    found = places(run, picture if quality is None else as_jpeg(picture, quality))
    assert len(found) == 2
    circle, triangle = found
    assert circle["box"] == pytest.approx([1 / 16, 1 / 16, 3 / 8, 3 / 8], abs=0.012)
    assert circle["share"] == pytest.approx(math.pi / 4, abs=0.02)
    assert triangle["share"] == pytest.approx(0.5, abs=0.03)
    assert max(circle["size"]) <= 26


@pytest.mark.parametrize("ground", ["white", "black", (250, 250, 246), (6, 2, 9), (255, 0, 0, 0)])
def test_a_background_belongs_to_no_region(run, ground):
    picture = Image.new("RGBA", (100, 100), ground)
    picture.paste((0, 128, 255, 255), (20, 40, 80, 90))
    assert places(run, picture) == [{"box": [0.2, 0.4, 0.6, 0.5], "size": None, "share": None}]


def test_colours_come_in_reading_order(run):
    picture = Image.new("RGB", (300, 300), "white")
    boxes = [(10, 20, 90, 90), (110, 0, 190, 80), (210, 30, 290, 95), (10, 210, 140, 290), (160, 205, 290, 280)]
    for colour, box in zip(["teal", "red", "navy", "orange", "green"], boxes, strict=True):
        picture.paste(colour, box)
    found = [[round(300 * side) for side in place["box"][:2]] for place in places(run, picture)]
    assert found == [list(box[:2]) for box in boxes]


def test_two_areas_of_one_colour_are_one_region(run):
    picture = Image.new("RGB", (200, 100), "white")
    picture.paste("purple", (0, 0, 50, 100))
    picture.paste("purple", (150, 0, 200, 100))
    assert places(run, picture) == [{"box": [0, 0, 1, 1], "size": [64, 64], "share": pytest.approx(0.5)}]


@pytest.mark.parametrize("radius", [1, 2, 4, 8, 12])
@pytest.mark.parametrize("colour", [(200, 40, 40), (20, 60, 200), (90, 90, 90)])
def test_a_soft_edge_is_no_region_of_its_own(run, radius: int, colour):
    picture = Image.new("RGB", (256, 256), "white")
    picture.paste(colour, (40, 40, 200, 200))
    (place,) = places(run, picture.filter(ImageFilter.GaussianBlur(radius)))
    assert place["box"] == pytest.approx([40 / 256, 40 / 256, 160 / 256, 160 / 256], abs=1.5 * radius / 256)


def test_specks_are_no_regions(run):
    picture = columns(["red", "blue"], (256, 256))
    for x in range(0, 250, 50):
        picture.paste("yellow", (x, 100, x + 4, 104))
    picture.paste("lime", (30, 30, 31, 200))
    assert [place["box"] for place in places(run, picture)] == [[0, 0, 0.5, 1], [0.5, 0, 0.5, 1]]


def spectrum(count: int) -> list:
    """Colours that are well apart."""
    steps = (40, 100, 160, 220)
    colours = [(r, g, b) for r in (*steps, 250) for g in steps for b in steps]
    return colours[:count]


@pytest.mark.parametrize("count", [1, 12, 64])
def test_up_to_64_colours_are_regions(run, count: int):
    assert len(places(run, columns(spectrum(count), (count * 8, 40)))) == count


def noise() -> Image.Image:
    numbers = random.Random(1)
    return Image.frombytes("RGB", (64, 64), bytes(numbers.randrange(256) for _ in range(64 * 64 * 3)))


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        (columns(spectrum(70), (560, 40)), "The picture has 70 colours: use at most 64, one a region."),
        (noise(), "not made of flat colours"),
        (noise().filter(ImageFilter.GaussianBlur(1)), "not made of flat colours"),
        (Image.radial_gradient("L").convert("RGB"), "not made of flat colours"),
        (Image.new("RGB", (40, 40), "white"), "no colours"),
        (Image.new("RGB", (40, 40), "black"), "no colours"),
        (Image.new("RGBA", (40, 40), (200, 0, 0, 0)), "no colours"),
    ],
)
def test_a_picture_without_a_colour_for_each_region_is_refused_in_a_sentence(run, picture, sentence: str):
    message = refusal(run, picture)
    assert sentence in message
    assert "\n" not in message
