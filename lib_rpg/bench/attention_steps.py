"""One sampling step of a UNet: without regions ("plain"), with them, and with the usual loop over them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from lib_rpg.layout.cells import grid_cells
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.layout.weights import PlanWeights
from lib_rpg.plan import Plan, Region
from lib_rpg.regional.attention import RegionAttention
from lib_rpg.regional.grids import token_grid
from lib_rpg.regional.rows import RegionText, RowRegions, UNetRows


def grid_plan(count: int, base_ratio: float) -> Plan:
    """A grid of `count` cells, as near to a square as whole rows allow."""
    rows = math.isqrt(count)
    widths = [",".join(["1"] * (count // rows + (row < count % rows))) for row in range(rows)]
    ratio = ";".join(f"1,{cells}" for cells in widths) if rows > 1 else widths[0]
    return Plan(
        base_prompt="base",
        base_ratio=base_ratio,
        split_ratio=ratio,
        regions=tuple(Region(f"region {number}") for number in range(count)),
    )


class Inputs(NamedTuple):
    """What a UNet is called with: latents (B, 4, h, w), timesteps (B,), and the base prompt's context (B, L, C)."""

    x: Tensor
    t: Tensor
    context: Tensor


def plain_step(unet: nn.Module, inputs: Inputs) -> Callable[[], Tensor]:
    """The UNet as it is."""
    return lambda: unet(inputs.x, inputs.t, context=inputs.context)


def our_step(
    unet: nn.Module, inputs: Inputs, plan: Plan, regions: Sequence[Tensor], kv_limit: int | None
) -> Callable[[], Tensor]:
    """The step with the plan's regions, each with its context (L, C), on the first of two rows."""
    cursor = UNetRows(unet)
    RegionAttention(unet, cursor, kv_limit=kv_limit)
    texts = tuple(RegionText(number, context) for number, context in enumerate(regions))
    rows = [RowRegions("regions", texts, PlanWeights(plan).of(range(len(regions)))), None]
    plain = plain_step(unet, inputs)

    def step() -> Tensor:
        cursor.set_rows(rows)
        return plain()

    return step


def loop_step(unet: nn.Module, inputs: Inputs, plan: Plan, regions: Sequence[Tensor]) -> Callable[[], Tensor]:
    """The usual way: each layer whole for every region, on the cond row, cropped to the cell and blended."""
    grid = parse_ratio(plan.split_ratio)

    def blend(module: nn.Module, args: tuple, output: Tensor) -> Tensor:
        h, w = token_grid(inputs.x.shape[-2], inputs.x.shape[-1], output.shape[1])
        picture = output[0].view(h, w, -1).clone()
        for (y0, y1, x0, x1), region in zip(grid_cells(grid, h, w), regions, strict=True):
            whole = module.forward(args[0][:1], context=region[None]).view(h, w, -1)
            cell = picture[y0:y1, x0:x1]
            cell.mul_(plan.base_ratio).add_(whole[y0:y1, x0:x1], alpha=1 - plan.base_ratio)
        return torch.cat([picture.flatten(0, 1)[None], output[1:]])

    for name, module in unet.named_modules():
        if name.endswith("attn2"):
            module.register_forward_hook(blend)
    return plain_step(unet, inputs)
