"""Rectangles of boxes on latents: they stay there, and near the box."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lib_rpg.regional.latent_rects import LARGE, Rect, canvas_of, grown, ramp, rect_of, within

SHARES = st.floats(0.0, 1.0)
SIDES = st.integers(1, 160)
STEPS = st.sampled_from([1, 2, 4, 8])


@given(x=SHARES, y=SHARES, wide=SHARES, high=SHARES, height=SIDES, width=SIDES)
def test_any_box_is_a_rectangle_of_whole_cells_next_to_it(
    x: float, y: float, wide: float, high: float, height: int, width: int
) -> None:
    box = (x, y, min(wide, 1 - x), min(high, 1 - y))
    rect = rect_of(box, height, width)
    assert 0 <= rect.top <= height - rect.height and 0 <= rect.left <= width - rect.width
    assert rect.of(torch.empty(2, height, width)).shape == (2, rect.height, rect.width)
    for start, length, cells, first, share in (
        (rect.top, rect.height, height, box[1], box[3]),
        (rect.left, rect.width, width, box[0], box[2]),
    ):
        assert length >= 1 and abs(length - max(share * cells, 1)) <= 0.5 + 1e-6
        middle = (first + share / 2) * cells
        reachable = min(max(middle, length / 2), cells - length / 2)
        assert abs(start + length / 2 - reachable) <= 0.5 + 1e-6


def test_a_rectangle_is_where_its_box_is() -> None:
    assert rect_of((0.25, 0.5, 0.5, 0.25), 64, 96) == Rect(32, 24, 16, 48)
    assert rect_of((0.0, 0.0, 1.0, 1.0), 60, 64) == Rect(0, 0, 60, 64)
    assert rect_of((0.99, 0.99, 0.01, 0.01), 64, 64) == Rect(63, 63, 1, 1)


@given(data=st.data(), height=SIDES, width=SIDES, step=STEPS)
def test_a_grown_rectangle_is_the_least_around_it_that_can_be_halved(
    data: st.DataObject, height: int, width: int, step: int
) -> None:
    high, wide = data.draw(st.integers(1, height)), data.draw(st.integers(1, width))
    rect = Rect(data.draw(st.integers(0, height - high)), data.draw(st.integers(0, width - wide)), high, wide)
    around = grown(rect, height, width, step)
    for start, length, first, share, cells in (
        (around.top, around.height, rect.top, rect.height, height),
        (around.left, around.width, rect.left, rect.width, width),
    ):
        assert 0 <= start <= first and first + share <= start + length <= cells
        assert length < share + step and (length % step == 0 or length == cells)
    weight = torch.rand(high, wide)
    whole = within(weight, rect, around)
    covered = torch.zeros(height, width)
    around.of(covered).copy_(whole)
    assert torch.equal(rect.of(covered), weight)
    assert covered.sum() == pytest.approx(float(weight.sum()))


@given(x=SHARES, y=SHARES, side=st.floats(0.05, 1.0), feather=st.floats(0.0, 40.0))
def test_a_ramp_is_above_zero_and_one_at_the_border(x: float, y: float, side: float, feather: float) -> None:
    rect = rect_of((x, y, min(side, 1 - x), min(side, 1 - y)), 64, 64)
    weight = ramp(rect, 64, 64, feather)
    assert weight.shape == (rect.height, rect.width) and weight.dtype == torch.float32
    assert weight.min() > 0 and weight.max() <= 1
    for middle, start, length in (
        (weight[rect.height // 2], rect.left, rect.width),
        (weight[:, rect.width // 2], rect.top, rect.height),
    ):
        if start == 0:
            assert middle[0] == middle.max()
        if start + length == 64:
            assert middle[-1] == middle.max()


def test_a_ramp_falls_in_a_straight_line() -> None:
    weight = ramp(Rect(8, 0, 16, 16), 64, 64, 4.0)
    assert weight[:, 0].tolist() == [0.125, 0.375, 0.625, 0.875, *[1.0] * 8, 0.875, 0.625, 0.375, 0.125]
    assert weight[8].tolist() == [*[1.0] * 12, 0.875, 0.625, 0.375, 0.125]
    assert torch.equal(weight, torch.outer(weight[:, 0], weight[8]))
    assert ramp(Rect(8, 0, 16, 16), 64, 64, 0.0).min() == 1


@pytest.mark.parametrize(
    ("rect", "most", "canvas"),
    [
        (Rect(0, 0, 16, 16), float("inf"), (64, 64)),
        (Rect(0, 0, 16, 32), float("inf"), (48, 88)),
        (Rect(0, 0, 16, 16), 1024.0, (32, 32)),
        (Rect(0, 0, 48, 48), 1024.0, (48, 48)),
        (Rect(0, 0, 72, 70), float("inf"), (72, 72)),
        (Rect(0, 0, 96, 96), float("inf"), (64, 64)),
        (Rect(0, 0, 96, 96), 600.0, (64, 64)),
        (Rect(0, 0, 96, 48), float("inf"), (96, 48)),
        (Rect(0, 0, 64, 128), float("inf"), (48, 88)),
    ],
)
def test_a_canvas_has_the_models_area_and_the_boxs_proportions(
    rect: Rect, most: float, canvas: tuple[int, int]
) -> None:
    assert canvas_of(rect, 64, 8, most) == canvas


@given(
    high=st.integers(1, 128), wide=st.integers(1, 128), most=st.floats(1.0, 20000.0), side=st.sampled_from([8, 64, 128])
)
def test_a_canvas_is_nowhere_smaller_than_its_rectangle(high: int, wide: int, most: float, side: int) -> None:
    rect = Rect(0, 0, high, wide)
    height, width = canvas_of(rect, side, 8, most)
    assert height % 8 == 0 and width % 8 == 0
    if high * wide > LARGE * side * side:
        assert height * width <= max(side * side * 1.5, 64 * max(height, width))
    else:
        assert height >= rect.height and width >= rect.width
