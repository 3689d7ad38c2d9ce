"""Adapters of regions: exact where one region is the whole picture, and local where it is not."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from lib_rpg.errors import RpgError
from lib_rpg.regional.adapted_layers import AdaptedLayers
from lib_rpg.regional.rows import RowRegions
from tests.regional.reference import CONTEXT_WIDTH, Attached, attn2_modules, hook_count, row_of, step_inputs

TOLERANCE = 2e-5
KINDS = nn.Linear | nn.Conv2d


@pytest.fixture()
def unet(whole_unet: nn.Module) -> nn.Module:
    """Adapters change self-attention too."""
    return whole_unet


class LowRank:
    """A LoRA of rank 2 on the layers whose names it is given."""

    def __init__(self, unet: nn.Module, wanted, seed: int = 0) -> None:
        generator = torch.Generator().manual_seed(seed)
        self.weights: dict[nn.Module, Tensor] = {}
        self.names: dict[str, Tensor] = {}
        for name, layer in unet.named_modules():
            if isinstance(layer, KINDS) and wanted(name):
                flat = layer.weight.flatten(1)
                up = torch.randn(flat.shape[0], 2, generator=generator)
                down = torch.randn(2, flat.shape[1], generator=generator)
                weight = (up @ down).view_as(layer.weight) * 0.1 / flat.shape[1] ** 0.5
                self.weights[layer] = self.names[name] = weight

    def touches(self, layer: nn.Module) -> bool:
        return layer in self.weights

    def delta(self, layer: nn.Module, x: Tensor) -> Tensor | None:
        weight = self.weights.get(layer)
        if weight is None:
            return None
        if isinstance(layer, nn.Conv2d):
            return nn.functional.conv2d(x, weight, stride=layer.stride, padding=layer.padding)
        return nn.functional.linear(x, weight)

    def merged(self, unet: nn.Module) -> nn.Module:
        model = copy.deepcopy(unet)
        for name, weight in self.names.items():
            model.get_submodule(name).weight.data += weight
        return model


def is_text_layer(name: str) -> bool:
    return name.endswith(("attn2.to_k", "attn2.to_v"))


def has_place(name: str) -> bool:
    return "emb" not in name


def whole(h: int, w: int) -> Tensor:
    return torch.ones(h, w)


def left(h: int, w: int) -> Tensor:
    area = torch.zeros(h, w)
    area[:, : w // 2] = 1
    return area


def placed_row(contexts, areas, adapters=(), patches=(), base_ratio=0.0) -> RowRegions:
    def coefficients(h: int, w: int) -> Tensor:
        return torch.stack([area(h, w) * (1 - base_ratio) for area in areas])

    return row_of(contexts, coefficients, adapters, patches)


def context(seed: int, length: int = 77) -> Tensor:
    return torch.randn(length, CONTEXT_WIDTH, generator=torch.Generator().manual_seed(seed))


def run(unet, step, rows, *, composed=False, adapters=()) -> Tensor:
    engine = Attached(unet, force_composed=composed)
    layers = AdaptedLayers(unet, engine.rows, adapters)
    try:
        engine.set_rows(rows)
        return unet(step.x, step.t, context=step.context)
    finally:
        layers.close()
        engine.close()


@pytest.mark.parametrize("composed", [False, True])
def test_one_region_reads_its_text_with_merged_weights(unet, composed):
    """As if the LoRA were merged into the layers that read text, for this row alone."""
    lora = LowRank(unet, is_text_layer)
    step = step_inputs(2, 16, 16)
    region = context(5)
    drawn = run(unet, step, [placed_row([region], [whole], [lora]), None], composed=composed)
    expected = lora.merged(unet)(step.x[:1], step.t[:1], context=region[None])
    assert (drawn[:1] - expected).abs().max() <= TOLERANCE
    plain = unet(step.x, step.t, context=step.context)
    assert torch.equal(drawn[1], plain[1])
    assert (drawn[0] - run(unet, step, [placed_row([region], [whole]), None])[0]).abs().max() > 0.01


@pytest.mark.parametrize("composed", [False, True])
def test_one_region_is_drawn_by_a_unet_with_merged_weights(unet, composed):
    """Every layer adapted over the whole picture is the merged UNet, in rows with and without their own regions."""
    lora = LowRank(unet, has_place)
    step = step_inputs(2, 16, 16)
    region, negative = context(5), context(6)
    rows = [placed_row([c], [whole], [lora], [(lora, whole)]) for c in (region, negative)]
    drawn = run(unet, step, rows, composed=composed, adapters=[lora])
    expected = lora.merged(unet)(step.x, step.t, context=torch.stack([region, negative]))
    assert (drawn - expected).abs().max() <= TOLERANCE


def test_fast_and_composed_agree_with_several_adapters(unet):
    a, b = (LowRank(unet, has_place, seed) for seed in (1, 2))
    right = lambda h, w: 1 - left(h, w)  # noqa: E731
    rows = [
        placed_row([context(1), context(2, 154)], [left, right], [a, b], [(a, left), (b, right)], base_ratio=0.3),
        None,
        placed_row([context(1), context(1)], [left, right], [a, None], [(a, left)]),
    ]
    step = step_inputs(3, 24, 16)
    fast, composed = (run(unet, step, rows, composed=c, adapters=[a, b]) for c in (False, True))
    assert (fast - composed).abs().max() <= TOLERANCE
    assert torch.equal(fast[1], unet(step.x, step.t, context=step.context)[1])


@pytest.mark.parametrize("composed", [False, True])
def test_the_same_text_under_two_adapters_is_projected_for_each(unet, composed):
    """Cached keys and values must not be shared between adapters."""
    a, b = (LowRank(unet, is_text_layer, seed) for seed in (1, 2))
    step, text = step_inputs(2, 16, 16), context(5)
    both = run(unet, step, [placed_row([text], [whole], [a]), placed_row([text], [whole], [b])], composed=composed)
    for i, lora in enumerate((a, b)):
        alone = lora.merged(unet)(step.x[i : i + 1], step.t[i : i + 1], context=text[None])
        assert (both[i : i + 1] - alone).abs().max() <= TOLERANCE


def test_a_patch_changes_a_layer_inside_its_area_alone(unet):
    lora = LowRank(unet, lambda name: name == "input_blocks.0.0")
    step = step_inputs(2, 16, 16)
    seen: list[Tensor] = []
    layer = unet.get_submodule("input_blocks.0.0")
    for rows in ([None, None], [placed_row([], [], patches=[(lora, left)]), None]):
        engine = Attached(unet)
        layers = AdaptedLayers(unet, engine.rows, [lora])
        handle = layer.register_forward_hook(lambda _m, _a, output: seen.append(output))
        engine.set_rows(rows)
        unet(step.x, step.t, context=step.context)
        handle.remove()
        layers.close()
        engine.close()
    changed = (seen[0] - seen[1]).abs().amax(1) > 1e-6
    assert changed[0, :, :8].float().mean() > 0.99
    assert not changed[0, :, 8:].any()
    assert not changed[1].any()


def test_rows_that_another_extension_tiles_are_refused(unet):
    lora = LowRank(unet, lambda name: name.endswith("attn1.to_q"))
    step = step_inputs(1, 16, 16)
    engine = Attached(unet)
    layers = AdaptedLayers(unet, engine.rows, [lora])
    attention = unet.get_submodule("input_blocks.1.1.transformer_blocks.0.attn1")
    original = attention.forward
    attention.forward = lambda x, **kwargs: original(x.reshape(2, -1, x.shape[-1]), **kwargs).reshape(x.shape)
    try:
        engine.set_rows([placed_row([], [], patches=[(lora, left)])])
        with pytest.raises(RpgError, match="2 rows but the UNet with 1"):
            unet(step.x, step.t, context=step.context)
    finally:
        del attention.forward
        layers.close()
        engine.close()


def test_closing_leaves_nothing_and_may_be_repeated(unet):
    lora = LowRank(unet, has_place)
    engine = Attached(unet)
    layers = AdaptedLayers(unet, engine.rows, [lora])
    assert layers.layers > len(attn2_modules(unet))
    for _ in range(2):
        layers.close()
        engine.close()
    assert hook_count(unet) == 0
    assert layers.layers == 0
