"""GLIGEN's weights with random numbers, and its formulas written out on the ldm UNet, to compare with.

Independent of lib_rpg.regional.gligen but for `Grounding`.
"""

from __future__ import annotations

import copy
import math
import types
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from ldm.modules.attention import BasicTransformerBlock
from ldm.modules.diffusionmodules import openaimodel
from torch import Tensor, nn

from lib_rpg.regional.gligen import Grounding
from tests.regional.reference import CONTEXT_WIDTH, fill_zeros

PHRASE = 768
Weights = dict[str, Tensor]


def build_small() -> nn.Module:
    """A UNet of SD1's kind with seven transformer blocks at two scales; random weights, no checkpointing."""
    torch.manual_seed(2)
    unet = openaimodel.UNetModel(
        image_size=32,
        in_channels=4,
        model_channels=32,
        out_channels=4,
        num_res_blocks=1,
        attention_resolutions=[1, 2],
        channel_mult=(1, 2),
        num_heads=4,
        use_spatial_transformer=True,
        context_dim=CONTEXT_WIDTH,
        legacy=False,
    )
    fill_zeros(unet)
    return unet.eval().requires_grad_(False)


def build_sd14() -> nn.Module:
    """SD 1.4's UNet without its numbers, on the meta device."""
    with torch.device("meta"):
        return openaimodel.UNetModel(
            image_size=64,
            in_channels=4,
            out_channels=4,
            model_channels=320,
            attention_resolutions=[4, 2, 1],
            num_res_blocks=2,
            channel_mult=[1, 2, 4, 4],
            num_heads=8,
            use_spatial_transformer=True,
            context_dim=768,
            legacy=False,
        )


def blocks_of(unet: nn.Module) -> dict[str, Any]:
    return {name: module for name, module in unet.named_modules() if isinstance(module, BasicTransformerBlock)}


def fuser_shapes(width: int, context: int) -> dict[str, tuple[int, ...]]:
    square = {f"attn.to_{part}.weight": (width, width) for part in ("q", "k", "v", "out.0")}
    norms = {f"norm{i}.{part}": (width,) for i in (1, 2) for part in ("weight", "bias")}
    dense: dict[str, tuple[int, ...]] = {
        "linear.weight": (width, context),
        "linear.bias": (width,),
        "attn.to_out.0.bias": (width,),
        "ff.net.0.proj.weight": (8 * width, width),
        "ff.net.0.proj.bias": (8 * width,),
        "ff.net.2.weight": (width, 4 * width),
        "ff.net.2.bias": (width,),
        "alpha_attn": (),
        "alpha_dense": (),
    }
    return square | norms | dense


def position_shapes(context: int, phrase: int = PHRASE) -> dict[str, tuple[int, ...]]:
    return {
        "linears.0.weight": (512, phrase + 64),
        "linears.0.bias": (512,),
        "linears.2.weight": (512, 512),
        "linears.2.bias": (512,),
        "linears.4.weight": (context, 512),
        "linears.4.bias": (context,),
        "null_positive_feature": (phrase,),
        "null_position_feature": (64,),
    }


def all_shapes(widths: Mapping[str, int], context: int, phrase: int = PHRASE) -> dict[str, tuple[int, ...]]:
    """Of every tensor of GLIGEN's, by its name in ldm's checkpoints; ``widths`` of the blocks by their names."""
    shapes = {f"position_net.{name}": shape for name, shape in position_shapes(context, phrase).items()}
    for block, width in widths.items():
        shapes |= {f"{block}.fuser.{name}": shape for name, shape in fuser_shapes(width, context).items()}
    return shapes


def random_weights(unet: nn.Module, seed: int = 0, phrase: int = PHRASE) -> Weights:
    blocks = blocks_of(unet)
    widths = {name: block.norm2.weight.shape[0] for name, block in blocks.items()}
    context = next(iter(blocks.values())).attn2.to_k.weight.shape[1]
    return random_of(all_shapes(widths, context, phrase), seed)


def random_of(shapes: Mapping[str, tuple[int, ...]], seed: int = 0) -> Weights:
    generator = torch.Generator().manual_seed(seed)

    def made(name: str, shape: tuple[int, ...]) -> Tensor:
        drawn = torch.randn(shape, generator=generator)
        if name.endswith(("alpha_attn", "alpha_dense")):
            return drawn.abs() + 0.5
        return drawn / shape[1] ** 0.5 if len(shape) == 2 else drawn * 0.3

    return {name: made(name, shape) for name, shape in shapes.items()}


def grounding(boxes: Sequence[Sequence[float]], seed: int = 0, phrase: int = PHRASE) -> Grounding:
    generator = torch.Generator().manual_seed(1000 + seed)
    return Grounding(torch.tensor(boxes).view(-1, 4), torch.randn(len(boxes), phrase, generator=generator))


def box_tokens(weights: Weights, given: Grounding) -> Tensor:
    """(30, C): one box after the other, with plain numbers."""
    net = {name.removeprefix("position_net."): value for name, value in weights.items() if "position_net" in name}
    tokens = []
    for slot in range(30):
        phrase, position = net["null_positive_feature"], net["null_position_feature"]
        if slot < len(given.boxes):
            features: list[float] = []
            for k in range(8):
                angles = [100 ** (k / 8) * side for side in given.boxes[slot].tolist()]
                features += [math.sin(angle) for angle in angles] + [math.cos(angle) for angle in angles]
            phrase, position = given.phrases[slot], torch.tensor(features)
        hidden = torch.cat([phrase, position])
        for layer in (0, 2, 4):
            hidden = net[f"linears.{layer}.weight"] @ hidden + net[f"linears.{layer}.bias"]
            hidden = hidden * torch.sigmoid(hidden) if layer < 4 else hidden
        tokens.append(hidden)
    return torch.stack(tokens)


def gated(own: Weights, heads: int, x: Tensor, tokens: Tensor, strength: float) -> Tensor:
    """GLIGEN's two steps on one row's tokens x (T, C)."""

    def norm(number: int, y: Tensor) -> Tensor:
        centred = y - y.mean(-1, keepdim=True)
        scaled = centred / (centred.square().mean(-1, keepdim=True) + 1e-5).sqrt()
        return scaled * own[f"norm{number}.weight"] + own[f"norm{number}.bias"]

    def attend(y: Tensor) -> Tensor:
        results = []
        parts = [(y @ own[f"attn.to_{part}.weight"].T).chunk(heads, -1) for part in "qkv"]
        for q, k, v in zip(*parts, strict=True):
            results.append((q @ k.T / q.shape[-1] ** 0.5).softmax(-1) @ v)
        return torch.cat(results, -1) @ own["attn.to_out.0.weight"].T + own["attn.to_out.0.bias"]

    def feed(y: Tensor) -> Tensor:
        value, gate = (y @ own["ff.net.0.proj.weight"].T + own["ff.net.0.proj.bias"]).chunk(2, -1)
        gate = gate * 0.5 * (1 + torch.erf(gate / 2**0.5))
        return (value * gate) @ own["ff.net.2.weight"].T + own["ff.net.2.bias"]

    objects = tokens @ own["linear.weight"].T + own["linear.bias"]
    x = x + strength * own["alpha_attn"].tanh() * attend(norm(1, torch.cat([x, objects])))[: len(x)]
    return x + strength * own["alpha_dense"].tanh() * feed(norm(2, x))


def ground(unet: nn.Module, weights: Weights, rows: Sequence[Grounding | None], strength: float = 1.0) -> nn.Module:
    """The UNet with GLIGEN's block in the place of each transformer block, for a batch of these rows."""
    tokens = [None if row is None else box_tokens(weights, row) for row in rows]
    for name, block in blocks_of(unet).items():
        start = f"{name}.fuser."
        own = {key.removeprefix(start): value for key, value in weights.items() if key.startswith(start)}
        block._forward = types.MethodType(_grounded_forward(own, tokens, strength), block)
    return unet


def grounded(unet: nn.Module, weights: Weights, rows: Sequence[Grounding | None], strength: float = 1.0) -> nn.Module:
    """As `ground`, on a copy that shares the UNet's parameters."""
    return ground(copy.deepcopy(unet, {id(each): each for each in unet.parameters()}), weights, rows, strength)


def _grounded_forward(own: Weights, tokens: Sequence[Tensor | None], strength: float) -> Any:
    def forward(block: Any, x: Tensor, context: Tensor) -> Tensor:
        x = x + block.attn1(block.norm1(x), context=context if block.disable_self_attn else None)
        pairs = zip(x, tokens, strict=True)
        heads = block.attn1.heads
        x = torch.stack([row if t is None else gated(own, heads, row, t, strength) for row, t in pairs])
        x = x + block.attn2(block.norm2(x), context=context)
        return x + block.ff(block.norm3(x))

    return forward
