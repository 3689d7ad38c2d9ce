"""Regions that are too small to show are named, and no others."""

from __future__ import annotations

import pytest

from lib_rpg.layout.smallness import small_regions
from lib_rpg.plan import Plan, Region


def columns(count: int) -> Plan:
    return Plan(split_ratio=",".join(["1"] * count), regions=tuple(Region("a") for _ in range(count)))


def box(width: float, height: float, **fields: bool) -> Region:
    return Region("a", box=(0.0, 0.0, width, height), **fields)


@pytest.mark.parametrize(
    ("plan", "width", "height", "sentence"),
    [
        (columns(2), 512, 512, ""),
        (columns(8), 512, 512, ""),
        (columns(3), 192, 192, ""),
        (columns(3), 184, 192, "regions 1, 2 and 3 are smaller than 64 px on a side: they may not show"),
        (columns(41), 512, 512, "regions 1, 2, 3 … 41 are smaller than 64 px on a side: they may not show"),
        (columns(41), 192, 192, "regions 1, 2, 3 … 41 are smaller than 8 px on a side: they cannot show"),
        (
            Plan(layout="boxes", regions=(box(0.5, 0.5), box(0.05, 0.9), box(0.9, 0.01))),
            512,
            512,
            "region 3 is smaller than 8 px on a side: it cannot show; "
            "region 2 is smaller than 64 px on a side: it may not show",
        ),
        (Plan(layout="boxes", regions=(box(0.5, 0.5), box(0.05, 0.9, muted=True))), 512, 512, ""),
        (Plan(split_ratio="20,1", regions=(Region("a"), Region(""))), 512, 512, ""),
    ],
)
def test_regions_that_may_not_show_are_named(plan: Plan, width: int, height: int, sentence: str) -> None:
    assert small_regions(plan, width, height) == sentence
