"""Regions and objects with seeds of their own: noise of the seed in their places, and nothing else."""

from __future__ import annotations

import torch

from lib_rpg.layout.weights import WHOLE
from lib_rpg.plan import Entity, Plan, Region
from lib_rpg.webui.region_noise import put_region_noise

SIZE = (8, 12)


def _of(seed: int) -> torch.Tensor:
    return torch.randn(4, *SIZE, generator=torch.Generator().manual_seed(seed))


def _put(*regions: Region, **fields: object) -> torch.Tensor:
    noise = torch.zeros(1, 4, *SIZE)
    put_region_noise(noise, [Plan(split_ratio=",".join("1" * len(regions)), regions=regions, **fields)], [WHOLE])
    return noise[0]


def test_a_regions_place_has_the_noise_of_its_seed() -> None:
    noise = _put(Region("a"), Region("b", seed=5))
    assert torch.equal(noise[:, :, 6:], _of(5)[:, :, 6:])
    assert not noise[:, :, :6].any()


def test_an_object_lies_over_its_region_and_needs_a_box() -> None:
    boxed = Entity("cat", box=(0.75, 0.0, 0.25, 0.5), seed=7)
    noise = _put(Region("a"), Region("b", seed=5, entities=(Entity("dog", seed=9), boxed)))
    assert torch.equal(noise[:, :4, 9:], _of(7)[:, :4, 9:])
    assert torch.equal(noise[:, 4:, 6:], _of(5)[:, 4:, 6:])


def test_what_does_not_act_has_no_noise_and_a_part_of_the_canvas_has_its_own() -> None:
    assert not _put(Region("a", seed=3, muted=True), Region("b")).any()
    noise = torch.zeros(2, 4, *SIZE)
    plan = Plan(split_ratio="1,1", regions=(Region("a"), Region("b", seed=5)))
    put_region_noise(noise, [plan, plan], [WHOLE, (0.5, 0.0, 0.5, 1.0)])
    assert torch.equal(noise[1], _of(5))
    assert torch.equal(noise[0, :, :, 6:], _of(5)[:, :, 6:])
