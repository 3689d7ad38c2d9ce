"""Weights: boxes are averaged exactly over tokens, coefficients follow the formula."""

from __future__ import annotations

import base64
import io
import random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lib_rpg.errors import RpgError
from lib_rpg.layout.cells import grid_cells
from lib_rpg.layout.mask import check_masks
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.layout.weights import PlanWeights, coefficients, region_weights
from lib_rpg.plan import Plan, Region
from lib_rpg.plan_text import plan_from_text

Box = tuple[float, float, float, float]


def test_grid_weights_are_one_region_per_token() -> None:
    plan = plan_from_text("a BREAK b BREAK c", "1;2,1,2")
    weights = region_weights(plan, 6, 9)
    assert weights.shape == (3, 6, 9)
    assert weights.dtype == torch.float32
    assert torch.equal(weights.sum(0), torch.ones(6, 9))
    for weight, (y0, y1, x0, x1) in zip(weights, grid_cells(plan.grid(), 6, 9), strict=True):
        assert weight.sum() == (y1 - y0) * (x1 - x0) == weight[y0:y1, x0:x1].sum()


def boxes_plan(*boxes: Box, weights: tuple[float, ...] = ()) -> Plan:
    shares = weights or (1.0,) * len(boxes)
    pairs = zip(boxes, shares, strict=True)
    return Plan(layout="boxes", regions=tuple(Region("x", box=box, weight=weight) for box, weight in pairs))


def test_a_box_is_averaged_by_the_area_it_covers() -> None:
    weights = region_weights(boxes_plan((0.125, 0.25, 0.5, 0.5)), 2, 4)
    assert weights[0].tolist() == [[0.25, 0.5, 0.25, 0], [0.25, 0.5, 0.25, 0]]


def test_boxes_share_where_they_overlap_by_weight() -> None:
    weights = region_weights(boxes_plan((0, 0, 0.5, 1), (0.25, 0, 0.5, 1), weights=(1, 3)), 1, 8)
    assert weights[0, 0].tolist() == [1, 1, 0.25, 0.25, 0, 0, 0, 0]
    assert weights[1, 0].tolist() == [0, 0, 0.75, 0.75, 1, 1, 0, 0]
    # At 3 tokens the middle one holds a third of each kind: 1/6 + 1/24 of 1/3 and so on, exactly averaged.
    coarse = region_weights(boxes_plan((0, 0, 0.5, 1), (0.25, 0, 0.5, 1), weights=(1, 3)), 1, 3)
    expected = torch.tensor([[0.8125, 0.125, 0.0], [0.1875, 0.875, 0.25]])
    assert torch.allclose(coarse[:, 0], expected, atol=1e-6)


def test_boxes_that_are_a_grid_equal_the_grid() -> None:
    plan = plan_from_text("a BREAK b BREAK c BREAK d", "1,1,2;1,3,1")
    boxes = boxes_plan(*(region.box for region in plan.regions))
    assert torch.equal(region_weights(plan, 24, 24), region_weights(boxes, 24, 24))


def test_float_noise_at_a_token_edge_touches_no_neighbour() -> None:
    weights = region_weights(boxes_plan((0.1 + 0.2, 0, 0.7, 1), (0, 0, 0.30000000000000004, 1)), 1, 10)
    assert weights[0, 0].tolist() == [0, 0, 0, 1, 1, 1, 1, 1, 1, 1]
    assert weights[1, 0].tolist() == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 9), st.integers(1, 9))
def test_boxes_against_a_fine_sampling(seed: int, count: int, h: int, w: int) -> None:
    """Point sampling at 48 × the token grid, with edges on the sampling grid, is exact too."""
    rng = random.Random(seed)
    fine = 48
    boxes = []
    for _ in range(count):
        x0, x1 = sorted(rng.sample(range(w * fine + 1), 2))
        y0, y1 = sorted(rng.sample(range(h * fine + 1), 2))
        boxes.append((x0, y0, x1, y1))
    strengths = tuple(rng.choice([0.5, 1.0, 4.0]) for _ in boxes)
    covered = torch.zeros(count, h * fine, w * fine, dtype=torch.float64)
    for index, (x0, y0, x1, y1) in enumerate(boxes):
        covered[index, y0:y1, x0:x1] = strengths[index]
    covered /= covered.sum(0).clamp_min(1e-300)
    expected = covered.reshape(count, h, fine, w, fine).mean((2, 4)).float()
    sides = [(x0 / fine / w, y0 / fine / h, (x1 - x0) / fine / w, (y1 - y0) / fine / h) for x0, y0, x1, y1 in boxes]
    result = region_weights(boxes_plan(*sides, weights=strengths), h, w)
    assert torch.allclose(result, expected, atol=1e-6)
    assert result.min() >= 0
    assert result.sum(0).max() <= 1 + 1e-6


def test_coefficients_use_the_own_base_ratio_and_leave_the_uncovered_to_the_base() -> None:
    regions = (Region("a", box=(0, 0, 0.5, 1)), Region("b", box=(0.5, 0, 0.25, 1), base_ratio=0.5))
    plan = Plan(layout="boxes", base_ratio=0.25, regions=regions)
    factors = coefficients(plan, 1, 4)
    assert factors.dtype == torch.float32
    assert factors[:, 0].tolist() == [[0.75, 0.75, 0, 0], [0, 0, 0.5, 0]]
    assert (1 - factors.sum(0))[0].tolist() == [0.25, 0.25, 0.5, 1]


def test_feathered_cells_share_their_seam_and_fill_the_canvas() -> None:
    plan = Plan(split_ratio="1,1", regions=(Region("a"), Region("b")), feather=0.25)
    weights = region_weights(plan, 8, 16)
    # A ramp of 0.25 * 8 = 2 tokens around token 8: the means of its two tokens are 3/4 and 1/4.
    assert torch.equal(weights[0, 3], torch.tensor([1.0] * 7 + [0.75, 0.25] + [0.0] * 7))
    assert torch.allclose(weights.sum(0), torch.ones(8, 16))


@given(
    st.sampled_from(["1,1", "1;2,1,1", "3,1;1,5;2,1,1", "1,2,1;1"]),
    st.floats(0, 0.5),
    st.integers(1, 40),
    st.integers(1, 40),
    st.booleans(),
)
def test_feathered_cells_of_any_grid_fill_the_canvas(ratio: str, feather: float, h: int, w: int, rows: bool) -> None:
    count = len(parse_ratio(ratio))
    plan = Plan(split_ratio=ratio, regions=(Region("a"),) * count, feather=feather, rows_first=rows)
    weights = region_weights(plan, h, w)
    assert weights.min() >= 0
    assert torch.allclose(weights.sum(0), torch.ones(h, w), atol=1e-5)


def test_a_feathered_box_keeps_its_area_and_is_hard_at_the_border_of_the_canvas() -> None:
    inside = Plan(layout="boxes", regions=(Region("a", box=(0.25, 0.25, 0.5, 0.5)),), feather=0.1)
    assert region_weights(inside, 32, 32).sum() == pytest.approx(16 * 16, rel=1e-4)
    edge = region_weights(Plan(layout="boxes", regions=(Region("a", box=(0, 0, 0.5, 1)),), feather=0.25), 8, 8)[0]
    assert torch.equal(edge[:, 0], torch.ones(8))
    assert torch.equal(edge[0], edge[4])


def test_weights_move_a_feathered_seam() -> None:
    regions = (Region("a", weight=3), Region("b"))
    weights = region_weights(Plan(split_ratio="1,1", regions=regions, feather=0.25), 8, 8)
    assert weights[0, 0, 3] == pytest.approx(0.75 * 3 / (0.75 * 3 + 0.25))


def _mask(pixels: list[list[int]]) -> str:
    buffer = io.BytesIO()
    Image.fromarray(np.array(pixels, dtype=np.uint8)).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def test_a_mask_is_stretched_over_its_box_and_averaged_by_area() -> None:
    mask = _mask([[255, 0], [0, 255]])
    whole = region_weights(Plan(layout="boxes", regions=(Region("a", mask=mask),)), 4, 4)[0]
    assert torch.equal(whole, torch.tensor([[1.0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]]))
    third = region_weights(Plan(layout="boxes", regions=(Region("a", mask=mask),)), 3, 3)[0]
    assert third[1, 1] == pytest.approx(0.5)
    boxed = region_weights(Plan(layout="boxes", regions=(Region("a", mask=mask, box=(0.5, 0.5, 0.5, 0.5)),)), 4, 4)[0]
    assert boxed.nonzero().tolist() == [[2, 2], [3, 3]]


def test_overlapping_masks_share_by_weight_and_the_rest_is_the_base_prompts() -> None:
    grey = _mask([[128]])
    regions = (Region("a", mask=_mask([[255, 255, 0]]), weight=3), Region("b", mask=_mask([[0, 255, 0]])))
    weights = region_weights(Plan(layout="boxes", regions=regions), 1, 3)
    assert torch.allclose(weights[:, 0], torch.tensor([[1, 0.75, 0], [0, 0.25, 0]]))
    half = region_weights(Plan(layout="boxes", regions=(Region("a", mask=grey),)), 2, 2)
    assert torch.allclose(half, torch.full((1, 2, 2), 128 / 255))


def test_masks_that_are_no_pictures_are_refused_with_their_place() -> None:
    with pytest.raises(RpgError, match="mask: is not base64"):
        Region("a", mask="!")
    with pytest.raises(RpgError, match="mask: is not a PNG file"):
        Region("a", mask="AAAA")
    broken = base64.b64encode(b"\x89PNG\r\n\x1a\nxxxx").decode()
    for mask, says in ((broken, "cannot be read"), (_mask([[0]]), "all black")):
        plan = Plan(layout="boxes", regions=(Region("a"), Region("b", mask=mask)))
        with pytest.raises(RpgError, match=rf"regions\[1\].mask: .*{says}"):
            check_masks(plan)
    with pytest.raises(RpgError, match=r"regions\[0\].mask: the cells of a grid"):
        Plan(split_ratio="1", regions=(Region("a", mask=_mask([[255]])),))


def noise_mask(seed: int) -> str:
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(seed).integers(1, 256, (12, 20), dtype=np.uint8)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


WINDOWED = [
    Plan(split_ratio="1,2,1", regions=tuple(Region(name) for name in "abc")),
    Plan(split_ratio="1;2,1,2", rows_first=True, regions=tuple(Region(name) for name in "abc")),
    Plan(split_ratio="3;1,1,1;2", regions=tuple(Region(name) for name in "abcd"), feather=0.2),
    boxes_plan((0.1, 0.2, 0.5, 0.45), (0.3, 0.3, 0.7, 0.7), weights=(1, 3)),
    Plan(
        layout="boxes",
        feather=0.1,
        regions=(Region("a", box=(0.05, 0.1, 0.6, 0.8), mask=noise_mask(1)), Region("b", box=(0.4, 0.0, 0.6, 0.7))),
    ),
]


@pytest.mark.parametrize("plan", WINDOWED)
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 23), st.integers(0, 35), st.integers(1, 24), st.integers(1, 36))
def test_a_window_on_whole_tokens_has_the_weights_of_those_tokens(plan: Plan, y: int, x: int, h: int, w: int) -> None:
    h, w = min(h, 24 - y), min(w, 36 - x)
    whole = region_weights(plan, 24, 36)[:, y : y + h, x : x + w]
    part = region_weights(plan, h, w, window=(x / 36, y / 24, w / 36, h / 24))
    assert torch.allclose(part, whole, atol=1e-5)


@pytest.mark.parametrize("plan", WINDOWED)
@settings(max_examples=40, deadline=None)
@given(st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0.02, 1), st.floats(0.02, 1), st.integers(1, 16))
def test_weights_of_any_window_are_shares(plan: Plan, x: float, y: float, width: float, height: float, n: int) -> None:
    window = (x, y, min(width, 1 - x), min(height, 1 - y))
    weights = PlanWeights(plan, window=window).area(range(len(plan.regions))).at(n, n)
    assert weights.min() >= 0 and weights.max() <= 1 + 1e-5
    if plan.layout == "grid":
        assert torch.allclose(weights, torch.ones(n, n), atol=1e-5)


def test_a_tile_within_one_cell_is_that_regions() -> None:
    plan = Plan(split_ratio="1,1", regions=(Region("a"), Region("b", base_ratio=0.5)), base_ratio=0.25)
    assert coefficients(plan, 4, 4, window=(0.5, 0.25, 0.5, 0.5))[:, 0, 0].tolist() == [0, 0.5]
    assert region_weights(plan, 4, 4, window=(0.25, 0, 0.5, 1))[:, 0].tolist() == [[1, 1, 0, 0], [0, 0, 1, 1]]


def test_cells_go_on_past_the_canvas_and_boxes_end_there() -> None:
    """A crop that is wider than the picture is filled up at its sides."""
    plan = Plan(split_ratio="1,1", regions=(Region("a"), Region("b")))
    assert region_weights(plan, 1, 8, window=(-0.5, 0, 2, 1))[:, 0].tolist() == [[1] * 4 + [0] * 4, [0] * 4 + [1] * 4]
    box = boxes_plan((0, 0, 1, 1))
    assert region_weights(box, 1, 8, window=(-0.5, 0, 2, 1))[0, 0].tolist() == [0, 0, 1, 1, 1, 1, 0, 0]


def test_a_window_outside_of_all_boxes_is_nobodys() -> None:
    assert not region_weights(boxes_plan((0, 0, 0.2, 0.2)), 4, 4, window=(0.5, 0.5, 0.5, 0.5)).any()


@pytest.mark.parametrize("layout", [{"split_ratio": "1,1,1"}, {"layout": "boxes"}])
@pytest.mark.parametrize("feather", [0.0, 0.2])
@pytest.mark.parametrize("silent", [{"prompt": ""}, {"muted": True}, {"muted": True, "base_ratio": 0.1}])
def test_a_region_that_does_not_act_weighs_as_with_base_ratio_1(layout: dict, feather: float, silent: dict) -> None:
    def plan(**middle: object) -> Plan:
        boxes = [(0.0, 0.0, 0.5, 1.0), (0.25, 0.0, 0.5, 1.0), (0.6, 0.0, 0.4, 1.0)]
        regions = [Region(**{"prompt": "x", "box": box, **(middle if i == 1 else {})}) for i, box in enumerate(boxes)]
        return Plan(**layout, feather=feather, base_ratio=0.3, regions=tuple(regions))

    found = coefficients(plan(**silent), 8, 12)
    assert torch.equal(found, coefficients(plan(base_ratio=1.0), 8, 12))
    assert not found[1].any() and found[0].any() and found[2].any()


@pytest.mark.parametrize("feather", [0.0, 0.1])
def test_the_rest_is_one_more_region_with_the_plans_base_ratio(feather: float) -> None:
    regions = (Region("a", box=(0.0, 0.0, 0.5, 0.5), base_ratio=0.5), Region("b", box=(0.5, 0.25, 0.25, 0.5)))
    plan = Plan(layout="boxes", regions=regions, base_ratio=0.2, feather=feather)
    whole = PlanWeights(plan, rest=True)
    assert torch.equal(whole.area((0, 1)).at(8, 8), PlanWeights(plan).area((0, 1)).at(8, 8))
    assert torch.equal(whole.of((0, 1)).at(8, 8), coefficients(plan, 8, 8))
    assert torch.allclose(whole.area((0, 1, 2)).at(8, 8), torch.ones(8, 8))
    assert torch.allclose(whole.of((2,)).at(8, 8)[0], whole.area((2,)).at(8, 8) * 0.8)
