"""Cells tile every token grid exactly."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib_rpg.layout.cells import boundaries, grid_cells
from lib_rpg.layout.ratio import Grid, parse_ratio
from tests.examples import examples


def random_ratio(rng: random.Random) -> str:
    def number() -> str:
        kinds = [
            str(rng.randint(1, 9)),
            f"{rng.uniform(0.01, 1):.2f}",
            f"{rng.randint(1, 99)}%",
            f"1/{rng.randint(2, 9)}",
        ]
        return rng.choice(kinds)

    rows = [",".join(number() for _ in range(rng.choice([1, 2, 3, 4, 5]))) for _ in range(rng.randint(1, 4))]
    return ";".join(rows)


def check_tiling(grid: Grid, h: int, w: int) -> None:
    """Every cell lies where its row and column say, edges are shared, nothing is left over, none is missing."""
    cells = grid_cells(grid, h, w)
    assert len(cells) == len(grid)
    if grid.rows_first:
        cells, h, w = [(x0, x1, y0, y1) for y0, y1, x0, x1 in cells], w, h
    y, index = 0, 0
    for row in grid.rows:
        y0, y1 = cells[index][:2]
        assert y0 == y <= y1
        assert y1 > y0 or h < len(grid.rows)
        x = 0
        for cell in cells[index : index + len(row.widths)]:
            assert cell[:2] == (y0, y1)
            assert cell[2] == x <= cell[3]
            assert cell[3] > cell[2] or w < len(row.widths)
            x = cell[3]
        assert x == w
        y, index = y1, index + len(row.widths)
    assert y == h


def test_random_grids_tile_at_every_size_up_to_70() -> None:
    rng = random.Random(1)
    sizes = list(itertools.product(range(1, 71), repeat=2))
    for turn in range(24):
        grid = parse_ratio(random_ratio(rng), rows_first=bool(turn % 2))
        for h, w in sizes[turn % 3 :: 3]:
            check_tiling(grid, h, w)


@pytest.mark.parametrize(
    "text", ["4;1;1,3,4", "2;3;1,2,4,4", "0.5;0.34;0.15,0.35,0.65", "0.2,3,0.15;5", "1,1,8;1;2,1,98"]
)
def test_ratios_that_crash_the_reference_tile_everywhere(text: str) -> None:
    grid = parse_ratio(text)
    for h, w in itertools.product(range(1, 71), repeat=2):
        check_tiling(grid, h, w)
    for h, w in [(128, 128), (64, 64), (104, 152), (52, 76), (64, 96)]:
        check_tiling(grid, h, w)


def test_sixty_four_thin_cells_get_a_token_each() -> None:
    grid = parse_ratio("1000," + ",".join(["1"] * 62) + ",1000")
    assert [x1 - x0 for _, _, x0, x1 in grid_cells(grid, 1, 64)] == [1] * 64
    for w in range(1, 140):
        check_tiling(grid, 3, w)


def test_a_boundary_is_rounded_once_from_its_exact_place() -> None:
    third = parse_ratio("1,1,1").rows[0].widths
    assert [boundaries(third, n) for n in (64, 32, 16, 8)] == [
        [0, 21, 43, 64],
        [0, 11, 21, 32],
        [0, 5, 11, 16],
        [0, 3, 5, 8],
    ]
    assert boundaries(parse_ratio("1,1").rows[0].widths, 9) == [0, 5, 9]  # halves up
    assert boundaries(parse_ratio("0.1,0.2,0.7").rows[0].widths, 10) == [0, 1, 3, 10]  # 0.1 + 0.2 is not 0.3 in floats


@settings(max_examples=examples(300))
@given(st.lists(st.integers(1, 40), min_size=1, max_size=7), st.integers(1, 12))
def test_boundaries_move_only_as_far_as_they_must(weights: list[int], tokens: int) -> None:
    parts = [Fraction(weight, sum(weights)) for weight in weights]
    edges = boundaries(parts, tokens)
    sums = [Fraction(sum(weights[:i]), sum(weights)) * tokens for i in range(len(weights) + 1)]
    rounded = [math.floor(place + Fraction(1, 2)) for place in sums]
    if tokens < len(weights):
        assert edges == rounded
        return
    inner = itertools.combinations(range(1, tokens), len(weights) - 1)
    cost = min(sum(abs(a - b) for a, b in zip([0, *cut, tokens], rounded, strict=True)) for cut in inner)
    assert sum(abs(a - b) for a, b in zip(edges, rounded, strict=True)) == cost
    assert edges[0] == 0
    assert edges[-1] == tokens
    assert all(a < b for a, b in itertools.pairwise(edges))
