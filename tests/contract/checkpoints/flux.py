"""A small Flux checkpoint with random weights in the public model's layout: transformer, text encoders, autoencoder.

The transformer and T5 are narrow, which the suite's extension ``narrow_families`` and the host's configurations have to
say. CLIP is as wide as Flux's and has three layers; the autoencoder is that of the shapes model, with 12 more channels
of latents that say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import torch
from torch import Tensor

from tests.contract.checkpoints.families import Layers, clip

WIDTH, HEADS, DOUBLES, SINGLES, TEXT, POOLED, LATENTS = 64, 2, 2, 2, 64, 768, 16
"""Of the transformer; ``narrow_families`` has them once more, as it is read by the host alone."""
MARK = "rpg_test_flux"
"""The name of a tensor that only this checkpoint has."""
T5 = MappingProxyType({"d_model": TEXT, "d_ff": 2 * TEXT, "num_heads": 4, "num_layers": 2, "vocab_size": 32128})
_FLUX, _CLIP, _T5 = "model.diffusion_model.", "text_encoders.clip_l.transformer.text_model.", "text_encoders.t5xxl."


def checkpoint(autoencoder: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Its tensors in half precision; ``autoencoder``: of the shapes model, by the names that SD 1.5 has for them."""
    made = Layers()
    _transformer(made)
    clip(made, _CLIP, POOLED)
    _t5(made)
    halved = {name: value.half() for name, value in {**made.tensors, **_wider(autoencoder)}.items()}
    return {**halved, MARK: torch.zeros(1)}


def _transformer(made: Layers) -> None:
    made.linear(f"{_FLUX}img_in", WIDTH, 4 * LATENTS)
    made.linear(f"{_FLUX}txt_in", WIDTH, TEXT)
    for name, inputs in (("time_in", 256), ("guidance_in", 256), ("vector_in", POOLED)):
        made.linear(f"{_FLUX}{name}.in_layer", WIDTH, inputs)
        made.linear(f"{_FLUX}{name}.out_layer", WIDTH, WIDTH)
    for number in range(DOUBLES):
        for side in ("img", "txt"):
            part = f"{_FLUX}double_blocks.{number}.{side}"
            made.linear(f"{part}_mod.lin", 6 * WIDTH, WIDTH)
            made.linear(f"{part}_attn.qkv", 3 * WIDTH, WIDTH)
            made.linear(f"{part}_attn.proj", WIDTH, WIDTH)
            made.linear(f"{part}_mlp.0", 4 * WIDTH, WIDTH)
            made.linear(f"{part}_mlp.2", WIDTH, 4 * WIDTH)
            _query_and_key(made, f"{part}_attn.norm")
    for number in range(SINGLES):
        block = f"{_FLUX}single_blocks.{number}"
        made.linear(f"{block}.modulation.lin", 3 * WIDTH, WIDTH)
        made.linear(f"{block}.linear1", 7 * WIDTH, WIDTH)
        made.linear(f"{block}.linear2", WIDTH, 5 * WIDTH)
        _query_and_key(made, f"{block}.norm")
    made.linear(f"{_FLUX}final_layer.adaLN_modulation.1", 2 * WIDTH, WIDTH)
    made.linear(f"{_FLUX}final_layer.linear", 4 * LATENTS, WIDTH)


def _query_and_key(made: Layers, name: str) -> None:
    for part in ("query_norm", "key_norm"):
        made.tensors[f"{name}.{part}.scale"] = torch.ones(WIDTH // HEADS)


def _t5(made: Layers) -> None:
    name = f"{_T5}transformer."
    made.tensor(f"{name}shared.weight", T5["vocab_size"], TEXT, size=1.0)
    attention = f"{name}encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"
    made.tensor(attention, 32, T5["num_heads"], size=0.1)
    for number in range(T5["num_layers"]):
        layer = f"{name}encoder.block.{number}.layer"
        for part in "qkvo":
            made.linear(f"{layer}.0.SelfAttention.{part}", TEXT, TEXT, bias=False)
        for part in ("wi_0", "wi_1"):
            made.linear(f"{layer}.1.DenseReluDense.{part}", T5["d_ff"], TEXT, bias=False)
        made.linear(f"{layer}.1.DenseReluDense.wo", TEXT, T5["d_ff"], bias=False)
        for part in (0, 1):
            made.tensors[f"{layer}.{part}.layer_norm.weight"] = torch.ones(TEXT)
    made.tensors[f"{name}encoder.final_layer_norm.weight"] = torch.ones(TEXT)
    made.tensors[f"{_T5}logit_scale"] = torch.tensor(4.6)


def _wider(autoencoder: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """With as many channels of latents as Flux has, and the layers round them, which Flux lacks, within the others."""
    made = {f"vae.{name.partition('.')[2]}": value.float() for name, value in autoencoder.items()}
    before, after = (
        [made.pop(f"vae.{name}.{part}") for part in ("weight", "bias")] for name in ("post_quant_conv", "quant_conv")
    )
    inner, bias = made["vae.decoder.conv_in.weight"], made["vae.decoder.conv_in.bias"]
    made["vae.decoder.conv_in.bias"] = bias + inner.sum((2, 3)) @ before[1]  # but at the picture's edges
    made["vae.decoder.conv_in.weight"] = torch.einsum("ocyx,ci->oiyx", inner, before[0][:, :, 0, 0])
    outer, bias = made["vae.encoder.conv_out.weight"], made["vae.encoder.conv_out.bias"]
    made["vae.encoder.conv_out.bias"] = after[0][:, :, 0, 0] @ bias + after[1]
    made["vae.encoder.conv_out.weight"] = torch.einsum("oc,ciyx->oiyx", after[0][:, :, 0, 0], outer)
    for part in ("weight", "bias"):
        mean, spread = made[f"vae.encoder.conv_out.{part}"].chunk(2)
        made[f"vae.encoder.conv_out.{part}"] = torch.cat([_padded(mean, 0), _padded(spread, 0)])
    made["vae.decoder.conv_in.weight"] = _padded(made["vae.decoder.conv_in.weight"], 1)
    return made


def _padded(value: Tensor, side: int) -> Tensor:
    shape = list(value.shape)
    shape[side] = LATENTS - shape[side]
    return torch.cat([value, torch.zeros(shape)], side)
