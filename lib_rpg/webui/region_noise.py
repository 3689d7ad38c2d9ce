"""The noise that regions and objects with a seed of their own begin with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from lib_rpg.layout.mask import read_masks
from lib_rpg.layout.weights import Window, region_weights
from lib_rpg.plan import Entity, Plan, Region


def put_region_noise(noise: Tensor, plans: Sequence[Plan], windows: Sequence[Window]) -> None:
    """Put noise of their own seeds where regions have one, in place; objects' boxes are laid over their regions.

    noise: (B, C, H, W), of unit variance, for the pictures of the plans; ``windows`` are the parts of the canvas that
    are sampled. A cell is a region's where most of it is.
    """
    for own, plan, window in zip(noise, plans, windows, strict=True):
        for place, seed in _seeded(plan):
            height, width = own.shape[-2:]
            cells = region_weights(place, height, width, read_masks([place]), window)[0] > 0.5
            fresh = torch.randn(own.shape, generator=torch.Generator().manual_seed(seed))
            own.copy_(torch.where(cells.to(own.device), fresh.to(own), own))


def _seeded(plan: Plan) -> Iterator[tuple[Plan, int]]:
    """The places that have a seed, each as a plan of one free region, in their order."""
    for region in plan.regions:
        if not region.acts:
            continue
        if region.seed is not None:
            yield _place(region), region.seed
        for entity in region.entities:
            if entity.seed is not None and entity.box is not None:
                yield _place(entity), entity.seed


def _place(of: Region | Entity) -> Plan:
    mask = of.mask if isinstance(of, Region) else ""
    return Plan(layout="boxes", regions=(Region("place", box=of.box or (0.0, 0.0, 1.0, 1.0), mask=mask),))
