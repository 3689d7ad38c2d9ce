"""The original ldm networks at the shapes of known models, with random weights and the attention of a host."""

from __future__ import annotations

import contextlib
import copy
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from lib_rpg.errors import RpgError


@dataclass(frozen=True)
class Shape:
    """A UNet's dimensions. depths: transformer blocks at each level, and so many in the middle as at the last."""

    channels: int
    multipliers: tuple[int, ...]
    depths: tuple[int, ...]
    context_width: int
    heads: int | None = None
    head_width: int | None = None


# SD 1.x at three widths: 8 heads, 16 cross-attention layers. SDXL: 70 of them, and no transformer at the first level;
# what its vector of sizes and pooled text adds to the time embedding, two small layers, is left out.
MODELS = {
    "sd15": Shape(320, (1, 2, 4, 4), (1, 1, 1, 0), 768, heads=8),
    "sdxl": Shape(320, (1, 2, 4), (0, 2, 10), 2048, head_width=64),
    "half": Shape(160, (1, 2, 4, 4), (1, 1, 1, 0), 768, heads=8),
    "small": Shape(64, (1, 2, 4, 4), (1, 1, 1, 0), 768, heads=8),
    "small-xl": Shape(64, (1, 2, 4), (0, 2, 10), 512, head_width=32),
}


def build_unet(shape: Shape, device: str, dtype: torch.dtype) -> nn.Module:
    try:
        with _ldm_prints_aside():
            from ldm.modules.diffusionmodules.openaimodel import UNetModel
    except ImportError as error:
        raise RpgError(
            f"The benchmark needs the original ldm UNet, which is not installed ({error}): "
            "pip install --no-deps stable-diffusion-sdkit, and pip install einops omegaconf"
        ) from error
    with torch.device("meta"), _ldm_prints_aside():
        unet = UNetModel(
            image_size=64,
            in_channels=4,
            out_channels=4,
            model_channels=shape.channels,
            attention_resolutions=[2**level for level, depth in enumerate(shape.depths) if depth],
            num_res_blocks=2,
            channel_mult=list(shape.multipliers),
            num_heads=shape.heads or -1,
            num_head_channels=shape.head_width or -1,
            use_spatial_transformer=True,
            use_linear_in_transformer=shape.head_width is not None,
            transformer_depth=1,
            context_dim=shape.context_width,
            use_checkpoint=False,
            legacy=False,
        )
        _deepen(unet, shape)
    # ldm computes the embedding of the time in float32, and puts its input in this type.
    unet.time_embed.register_forward_pre_hook(lambda _, args: (args[0].to(dtype),))
    unet.dtype = dtype
    return _filled(unet, device, dtype)


def build_decoder(device: str, dtype: torch.dtype) -> nn.Module:
    """The decoder that SD 1.x, SD 2.x and SDXL have."""
    from ldm.modules.diffusionmodules.model import Decoder

    with torch.device("meta"), _ldm_prints_aside():
        decoder = Decoder(
            ch=128,
            ch_mult=(1, 2, 4, 4),
            num_res_blocks=2,
            attn_resolutions=(),
            in_channels=3,
            out_ch=3,
            resolution=256,
            z_channels=4,
        )
    return _filled(decoder, device, dtype)


def _ldm_prints_aside() -> contextlib.AbstractContextManager[Any]:
    """ldm prints when it is imported and when it builds; stdout may be for one JSON document."""
    return contextlib.redirect_stdout(sys.stderr)


def _deepen(unet: nn.Module, shape: Shape) -> None:
    """Give the transformers of each level as many blocks as the shape says; ldm builds them all alike."""
    from ldm.modules.attention import BasicTransformerBlock, SpatialTransformer

    depths = {shape.channels * m: depth for m, depth in zip(shape.multipliers, shape.depths, strict=True) if depth}
    for module in [m for m in unet.modules() if isinstance(m, SpatialTransformer)]:
        depth = depths.get(module.in_channels, 1)
        first = module.transformer_blocks[0]
        heads, width = first.attn2.heads, module.in_channels
        for _ in range(depth - 1):
            block = BasicTransformerBlock(
                width, heads, width // heads, context_dim=shape.context_width, checkpoint=False
            )
            module.transformer_blocks.append(block)
        module.register_forward_pre_hook(_one_context_a_block)


def _one_context_a_block(module: Any, args: tuple) -> tuple:
    """ldm's transformer takes a list of contexts, one for each of its blocks."""
    x, context = args
    return x, [context] * len(module.transformer_blocks)


def _filled(module: nn.Module, device: str, dtype: torch.dtype) -> nn.Module:
    """The module, built on no device, with weights of the usual size; on the meta device with none.

    They are one random stretch again and again: fresh ones for SDXL take a minute.
    """
    module = module.to(dtype).to_empty(device=device)
    if device == "meta":
        return module.eval()
    stretch = torch.randn(1 << 20)
    for parameter in module.parameters():
        flat = parameter.data.view(-1)
        scale = 0.02 if parameter.dim() == 1 else (parameter.numel() / parameter.shape[0]) ** -0.5
        piece = (stretch * scale).to(parameter)
        for start in range(0, len(flat), len(piece)):
            flat[start : start + len(piece)] = piece[: len(flat) - start]
    for norm in module.modules():
        if isinstance(norm, nn.GroupNorm | nn.LayerNorm):
            norm.weight.data += 1
    return module.eval()


def twin(unet: nn.Module) -> nn.Module:
    """Another UNet on the same weights, so that every variant has its own hooks and none pays for another's."""
    return copy.deepcopy(unet, {id(parameter): parameter for parameter in unet.parameters()})


@contextlib.contextmanager
def host_attention(kind: str) -> Iterator[None]:
    """Swap the attention at the classes for the time of the benchmark, as the WebUI's optimisers do."""
    with _ldm_prints_aside():
        from ldm.modules.attention import CrossAttention
        from ldm.modules.diffusionmodules.model import AttnBlock

    originals = {CrossAttention: CrossAttention.forward, AttnBlock: AttnBlock.forward}
    if kind == "sdp":
        CrossAttention.forward, AttnBlock.forward = _sdp_forward, _sdp_block_forward
    try:
        yield
    finally:
        for owner, forward in originals.items():
            owner.forward = forward


def _sdp_forward(self: Any, x: Tensor, context: Tensor | None = None, mask: Tensor | None = None) -> Tensor:
    source = x if context is None else context
    query, key, value = (
        projected.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        for projected in (self.to_q(x), self.to_k(source), self.to_v(source))
    )
    core = _fused(query, key, value, mask)
    return self.to_out(core.transpose(1, 2).flatten(2))


def _fused(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    if query.is_meta:
        return _FusedShapes.apply(query, key, value)
    return scaled_dot_product_attention(query, key, value, attn_mask=mask)


class _FusedShapes(torch.autograd.Function):
    """Saves for the gradient what a fused kernel does; torch has none for the meta device, and saves all scores."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        output = torch.empty_like(query)
        of_queries = query.new_empty(query.shape[:-1], dtype=torch.float32)  # the logarithm of the sum of its scores
        ctx.save_for_backward(query, key, value, output, of_queries)
        return output

    @staticmethod
    def backward(ctx: Any, *_: Tensor) -> tuple[Tensor, ...]:
        return tuple(torch.empty_like(each) for each in ctx.saved_tensors[:3])


def _sdp_block_forward(self: Any, x: Tensor) -> Tensor:
    """The autoencoder's attention: one head, over the picture's (B, C, H, W)."""
    normed = self.norm(x)
    query, key, value = (project(normed).flatten(2).mT[:, None] for project in (self.q, self.k, self.v))
    core = scaled_dot_product_attention(query, key, value)
    return x + self.proj_out(core[:, 0].mT.reshape(x.shape))
