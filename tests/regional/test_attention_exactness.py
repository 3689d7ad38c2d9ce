"""Fast path, composed path and a plain loop over the regions agree on the genuine ldm UNet, in float32."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor, nn

from lib_rpg.layout import weights
from lib_rpg.plan import Plan, Region
from lib_rpg.regional.rows import RowRegions
from tests.regional.reference import (
    CONTEXT_WIDTH,
    OVERLAPPING,
    THIRDS,
    Attached,
    attn2_modules,
    build_unet,
    loop_over_regions,
    region_row,
    row_of,
    step_inputs,
)

TOLERANCE = 1e-5


def regional(unet: nn.Module, step, rows: Sequence[RowRegions | None], composed: bool) -> Tensor:
    engine = Attached(unet, force_composed=composed)
    try:
        engine.set_rows(rows)
        output = unet(step.x, step.t, context=step.context)
        assert engine.applied_calls == engine.layers
        return output
    finally:
        engine.close()


def assert_all_agree(unet: nn.Module, step, rows: Sequence[RowRegions | None]) -> None:
    plain = unet(step.x, step.t, context=step.context)
    looped = loop_over_regions(unet, rows, tuple(step.x.shape[-2:]))(step.x, step.t, context=step.context)
    fast = regional(unet, step, rows, composed=False)
    composed = regional(unet, step, rows, composed=True)
    for name, output in (("fast", fast), ("composed", composed)):
        assert (output - looped).abs().max() <= TOLERANCE, name
        for index, row in enumerate(rows):
            if row is None:
                assert torch.equal(output[index], plain[index]), f"{name}: row {index} is plain"
            else:
                assert (output[index] - plain[index]).abs().max() > 0.01, f"{name}: row {index} has regions"
    assert (fast - composed).abs().max() <= TOLERANCE


@pytest.mark.parametrize("images", [1, 3])
@pytest.mark.parametrize("base_ratios", [(0, 0, 0), (0.3, 0.3, 0.3), (0.0, 0.5, 0.2)])
def test_grid_at_several_batches_and_base_ratios(whole_unet, images, base_ratios):
    rows = [region_row(THIRDS, base_ratios, (77, 154, 77), seed=i) for i in range(images)]
    assert_all_agree(whole_unet, step_inputs(2 * images, 24, 16), [*rows, *[None] * images])


@pytest.mark.parametrize(("images", "height", "width"), [(1, 64, 64), (3, 64, 64), (1, 72, 104), (3, 72, 104)])
@pytest.mark.usefixtures("fused_attention")
def test_large_and_odd_latents(unet, images, height, width):
    """64x64 and 72x104 latents (18 x 26 at the smallest grid); the host's attention is fused, to be quick."""
    rows = [region_row(THIRDS, (0.3, 0.0, 0.5), (77, 77, 154), seed=i) for i in range(images)]
    assert_all_agree(unet, step_inputs(images + 1, height, width), [*rows, None])


@pytest.mark.parametrize("base_ratios", [(0, 0, 0), (0.3, 0.1, 0.6)])
def test_overlapping_boxes(unet, base_ratios):
    row = region_row(OVERLAPPING, base_ratios, (77, 77, 154))
    assert_all_agree(unet, step_inputs(2, 24, 24), [row, None])


def test_rows_of_every_kind_in_one_batch(unet):
    """Regions in uncond rows too, plain rows between regional ones, different regions and counts per row."""
    rows = [
        region_row(THIRDS, (0.3,) * 3, (77, 77, 77), seed=1),
        None,
        region_row(OVERLAPPING[:2], (0.0, 0.4), (154, 77), seed=2),
        None,
        region_row(((0, 0, 0.5, 1),), (0.2,), (231,), seed=3),
        region_row(THIRDS[:2], (0.1, 0.0), (77, 77), seed=4),
    ]
    assert_all_agree(unet, step_inputs(len(rows), 16, 24), rows)


def test_images_that_share_one_row(unet):
    row = region_row(THIRDS, (0.3,) * 3, (77, 77, 154))
    assert_all_agree(unet, step_inputs(4, 16, 16), [row, row, None, None])


def test_sixteen_regions_of_unequal_size(unet):
    boxes = [(x / 16, 0, 1, 1) if x == 15 else (x / 16, 0, (x + 1) / 16, 0.2 + x / 20) for x in range(16)]
    row = region_row(boxes, [0.3] * 16, [77, 77, 154, 77] * 4)
    assert_all_agree(unet, step_inputs(2, 16, 32), [row, None])


@pytest.mark.parametrize(
    "plan",
    [
        Plan(split_ratio="1,1;2,1,2", base_ratio=0.3, regions=tuple(Region(p) for p in "abc")),
        Plan(
            layout="boxes",
            base_ratio=0.2,
            regions=(
                Region("a", box=(0.05, 0.1, 0.55, 0.63)),
                Region("b", box=(0.33, 0.4, 0.61, 0.57), weight=2.0, base_ratio=0.5),
            ),
        ),
    ],
    ids=["grid", "boxes"],
)
def test_plans_rasterised_by_the_layout(unet, plan):
    contexts = tuple(torch.randn(77, CONTEXT_WIDTH) for _ in plan.regions)
    row = row_of(contexts, lambda h, w: weights.coefficients(plan, h, w))
    assert_all_agree(unet, step_inputs(2, 28, 20), [row, None])


def test_regions_with_the_base_prompt_change_nothing_but_rounding(unet):
    step = step_inputs(2, 16, 16)
    row = region_row(THIRDS, (0.0, 0.3, 0.6), (77, 77, 77))
    row = row_of((step.context[0],) * 3, row.weights.at)
    plain = unet(step.x, step.t, context=step.context)
    for composed in (False, True):
        assert (regional(unet, step, [row, None], composed) - plain).abs().max() <= TOLERANCE


def test_region_that_covers_nothing_leaves_the_row_as_it_is(unet):
    step = step_inputs(2, 16, 16)
    row = region_row(THIRDS, (1, 1, 1), (77, 77, 77))
    plain = unet(step.x, step.t, context=step.context)
    for composed in (False, True):
        assert torch.equal(regional(unet, step, [row, None], composed), plain)


def test_split_calls_equal_one_call(unet):
    """Cond and uncond in separate UNet calls, as the WebUI does for prompts of unequal length."""
    rows = [region_row(THIRDS, (0.3,) * 3, (77, 154, 77), seed=i) for i in range(2)]
    rows += [region_row(THIRDS[:1], (0.5,), (77,), seed=9), None]
    step = step_inputs(4, 16, 16)
    together = regional(unet, step, rows, composed=False)
    engine = Attached(unet)
    engine.set_rows(rows)
    parts = [unet(step.x[i : i + 2], step.t[i : i + 2], context=step.context[i : i + 2]) for i in (0, 2)]
    engine.close()
    assert (torch.cat(parts) - together).abs().max() <= TOLERANCE


def test_skipped_uncond_rows(unet):
    """Negative guidance is left out in some steps (NGMS, CFG 1): the tail of the rows never comes."""
    rows = [region_row(THIRDS, (0.3,) * 3, (77, 77, 77)), None]
    step = step_inputs(2, 16, 16)
    both = regional(unet, step, rows, composed=False)
    engine = Attached(unet)
    for _ in range(2):
        engine.set_rows(rows)
        alone = unet(step.x[:1], step.t[:1], context=step.context[:1])
    engine.close()
    assert (alone - both[:1]).abs().max() <= TOLERANCE


def test_two_latent_sizes_with_one_engine(unet):
    """The hires pass: another size, other token grids, same rows."""
    rows = [region_row(THIRDS, (0.3,) * 3, (77, 77, 77)), None]
    engine = Attached(unet)
    outputs = []
    for height, width in ((16, 16), (24, 20)):
        step = step_inputs(2, height, width)
        engine.set_rows(rows)
        outputs.append((step, unet(step.x, step.t, context=step.context)))
    engine.close()
    for step, output in outputs:
        looped = loop_over_regions(unet, rows, tuple(step.x.shape[-2:]))(step.x, step.t, context=step.context)
        assert (output - looped).abs().max() <= TOLERANCE


def test_latents_that_halve_unevenly(unet):
    """27 x 19 tokens become 14 x 10 and 7 x 5; the UNet's own skip connections allow no such latents, so per layer."""
    module = attn2_modules(unet)[0]
    row = region_row(THIRDS, (0.3, 0.0, 0.1), (77, 154, 77))
    hidden = torch.randn(2, 14 * 10, module.to_q.in_features)
    context = torch.randn(2, 77, CONTEXT_WIDTH)

    holder = _OneLayer(module)
    looped = loop_over_regions(holder, [row, None], (27, 19))
    expected = looped(torch.zeros(2, 4, 27, 19), hidden, context)
    for composed in (False, True):
        engine = Attached(holder, force_composed=composed)
        engine.set_rows([row, None])
        output = holder(torch.zeros(2, 4, 27, 19), hidden, context)
        engine.close()
        assert (output - expected).abs().max() <= 1e-6


class _OneLayer(nn.Module):
    """A UNet of one cross-attention layer, which is given its hidden states."""

    def __init__(self, attn2: nn.Module) -> None:
        super().__init__()
        self.attn2 = attn2

    def forward(self, x: Tensor, hidden: Tensor, context: Tensor) -> Tensor:
        return self.attn2(hidden, context=context)


@pytest.mark.usefixtures("fused_attention")
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_other_dtypes_follow_the_layers(dtype):
    holder = _OneLayer(attn2_modules(build_unet())[0]).to(dtype)
    rows = [region_row(THIRDS, (0.3,) * 3, (77, 154, 77)), None]  # contexts stay float32
    step = step_inputs(2, 16, 16)
    hidden = torch.randn(2, 16 * 16, holder.attn2.to_q.in_features, dtype=dtype)
    context = step.context.to(dtype)
    outputs = []
    for composed in (False, True):
        engine = Attached(holder, force_composed=composed)
        engine.set_rows(rows)
        outputs.append(holder(step.x, hidden, context))
        engine.close()
    assert outputs[0].dtype == dtype
    scale = outputs[1].abs().max()
    assert (outputs[0] - outputs[1]).abs().max() <= scale * (1e-6 if dtype == torch.float64 else 0.03)


@pytest.mark.usefixtures("fused_attention")
def test_upcast_computes_the_cores_in_float32():
    """With scores beyond what half precision resolves, the upcast core is nearer to the exact one."""
    holder = _OneLayer(attn2_modules(build_unet())[0])
    row = region_row(((0, 0, 1, 1),), (0.0,), (77,))
    hidden = 8 * torch.randn(1, 256, holder.attn2.to_q.in_features)
    context = torch.randn(1, 77, CONTEXT_WIDTH)
    latents = torch.zeros(1, 4, 16, 16)

    def run(upcast: bool) -> Tensor:
        engine = Attached(holder, upcast=upcast)
        engine.set_rows([row])
        dtype = holder.attn2.to_q.weight.dtype
        output = holder(latents, hidden.to(dtype), context.to(dtype))
        engine.close()
        return output.float()

    exact = run(upcast=False)
    holder.bfloat16()
    error, upcast_error = ((run(upcast) - exact).abs().mean() for upcast in (False, True))
    assert upcast_error < error
