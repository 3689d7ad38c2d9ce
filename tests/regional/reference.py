"""A small genuine ldm UNet, region rows for it, and a plain loop over the regions to compare with."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import torch
from ldm.modules.diffusionmodules import openaimodel
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from lib_rpg.regional.adapter import Adapter
from lib_rpg.regional.attention import RegionAttention
from lib_rpg.regional.rows import Patch, RegionText, RowRegions, UNetRows

CONTEXT_WIDTH = 64
Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 as fractions."""


def build_unet(whole: bool = False) -> nn.Module:
    """A UNet of SD1's kind: 32 channels, 4 heads, cross-attention at three scales; random weights.

    Only a ``whole`` one has self-attention at more than the smallest scale: its cost grows with the fourth power of the
    latents' side.
    """
    torch.manual_seed(1)
    unet = openaimodel.UNetModel(
        image_size=32,
        in_channels=4,
        model_channels=32,
        out_channels=4,
        num_res_blocks=1,
        attention_resolutions=[1, 2, 4],
        channel_mult=(1, 1, 2),
        num_heads=4,
        use_spatial_transformer=True,
        context_dim=CONTEXT_WIDTH,
        legacy=False,
        use_checkpoint=True,
        disable_self_attentions=[not whole, not whole, False],
    )
    fill_zeros(unet)
    return unet.eval()


def fill_zeros(unet: nn.Module) -> None:
    """Random weights where ldm starts at zero: in its last layers and all biases."""
    for parameter in unet.parameters():
        if not parameter.any():
            nn.init.normal_(parameter, std=0.05)


def sdp_forward(self: Any, x: Tensor, context: Tensor | None = None, mask: Tensor | None = None) -> Tensor:
    """An optimiser that calls the members of to_out one by one."""
    context = x if context is None else context
    heads = [
        t.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        for t in (self.to_q(x), self.to_k(context), self.to_v(context))
    ]
    core = scaled_dot_product_attention(*heads).transpose(1, 2).flatten(2)
    return self.to_out[1](self.to_out[0](core))


def hook_count(model: nn.Module) -> int:
    return sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in model.modules())


def attn2_modules(model: nn.Module) -> list[Any]:
    return [module for name, module in model.named_modules() if name.endswith("attn2")]


class Attached(RegionAttention):
    """Region attention together with its own row cursor, `rows`."""

    def __init__(self, unet: nn.Module, **options: Any) -> None:
        self.rows = UNetRows(unet)
        super().__init__(unet, self.rows, **options)

    def set_rows(self, rows: Sequence[RowRegions | None], size: tuple[int, int] | None = None) -> None:
        self.rows.set_rows(rows, size)

    def close(self) -> None:
        super().close()
        self.rows.close()


class FromFunction:
    """A map of any grid from a function of its height and width."""

    def __init__(self, function: Callable[[int, int], Tensor]) -> None:
        self.at = function


Area = Callable[[int, int], Tensor]


def row_of(
    contexts: Sequence[Tensor],
    weights: Area,
    adapters: Sequence[Adapter | None] = (),
    patches: Sequence[tuple[Adapter, Area]] = (),
) -> RowRegions:
    """A row that no other is equal to. Its texts equal those of other rows with the same storage and adapter."""
    return RowRegions(
        object(),
        tuple(
            RegionText((context.data_ptr(), context.shape, adapter), context, adapter)
            for context, adapter in zip(contexts, adapters or [None] * len(contexts), strict=True)
        ),
        FromFunction(weights),
        tuple(Patch(area, adapter, FromFunction(area)) for adapter, area in patches),
    )


def contexts_of(row: RowRegions) -> list[Tensor]:
    return [text.context for text in row.texts]


def region_row(boxes: Sequence[Box], base_ratios: Sequence[float], lengths: Sequence[int], seed: int = 0) -> RowRegions:
    """A row whose regions are boxes with hard edges; where boxes overlap they share the token evenly."""
    generator = torch.Generator().manual_seed(100 + seed)
    contexts = tuple(torch.randn(length, CONTEXT_WIDTH, generator=generator) for length in lengths)

    def coefficients(h: int, w: int) -> Tensor:
        masks = torch.zeros(len(boxes), h, w)
        for mask, (x0, y0, x1, y1) in zip(masks, boxes, strict=True):
            mask[round(y0 * h) : round(y1 * h), round(x0 * w) : round(x1 * w)] = 1
        return masks / masks.sum(0).clamp(min=1) * (1 - torch.tensor(base_ratios))[:, None, None]

    return row_of(contexts, coefficients)


THIRDS: tuple[Box, ...] = ((0, 0, 0.25, 1), (0.25, 0, 1, 0.5), (0.25, 0.5, 1, 1))
OVERLAPPING: tuple[Box, ...] = ((0.1, 0.1, 0.7, 0.6), (0.4, 0.3, 0.9, 0.9), (0.5, 0.0, 0.65, 1.0))


def step_inputs(batch: int, height: int, width: int, seed: int = 0) -> SimpleNamespace:
    """Latents, timesteps and base contexts of `batch` rows."""
    generator = torch.Generator().manual_seed(seed)
    return SimpleNamespace(
        x=torch.randn(batch, 4, height, width, generator=generator),
        t=torch.full((batch,), 500.0),
        context=torch.randn(batch, 77, CONTEXT_WIDTH, generator=generator),
    )


def loop_over_regions(unet: nn.Module, rows: Sequence[RowRegions | None], latents: tuple[int, int]) -> nn.Module:
    """A copy of the UNet that computes regions the long way.

    For every row and region: the whole attention over the full map, through to_out; then cropped by its weights and
    added up. Independent of lib_rpg.regional but for RowRegions.
    """
    model = copy.deepcopy(unet)
    for module in attn2_modules(model):
        module.forward = _loop_forward(module, rows, latents)
    return model


def _loop_forward(module: Any, rows: Sequence[RowRegions | None], latents: tuple[int, int]) -> Callable[..., Tensor]:
    def attend(x: Tensor, context: Tensor) -> Tensor:
        q, k, v = (
            p(t).reshape(len(t), module.heads, -1)
            for p, t in ((module.to_q, x), (module.to_k, context), (module.to_v, context))
        )
        similarity = torch.einsum("nhd,mhd->hnm", q, k) * q.shape[-1] ** -0.5
        return module.to_out(torch.einsum("hnm,mhd->nhd", similarity.softmax(-1), v).flatten(1))

    def forward(x: Tensor, context: Tensor) -> Tensor:
        h, w = latents
        while h * w > x.shape[1]:
            h, w = -(-h // 2), -(-w // 2)
        outputs = []
        for hidden, base_context, row in zip(x, context, rows, strict=True):
            base = attend(hidden, base_context)
            if row is None:
                outputs.append(base)
                continue
            weights = row.weights.at(h, w).flatten(1)[..., None]
            blended = (1 - weights.sum(0)) * base
            for weight, text in zip(weights, row.texts, strict=True):
                blended = blended + weight * attend(hidden, text.context)
            outputs.append(blended)
        return torch.stack(outputs)

    return forward
