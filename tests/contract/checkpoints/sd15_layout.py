"""The shapes model in the layout of Stable Diffusion 1.5, for hosts that know a family by its layout.

UNet and autoencoder keep their widths, which the suite's extension ``narrow_families`` and the host's configurations
have to say. In the text encoder every channel is repeated, heads are padded with zeros, and a third layer adds nothing:
the pictures are the same up to rounding. The tokenizer of such a host must have the first 4000 merges of CLIP's alone,
which are all that the shapes model knows (their tokens have the same numbers there), and its text encoder three layers.
"""

from __future__ import annotations

import torch
from torch import Tensor

HEADS = 4
"""Attention heads of the shapes model's text encoder."""
TEXT_WIDER, TEXT_HEADS, TOKENS = 12, 12, 49408
"""Of SD 1.5's text encoder: how many channels it has for each (64 are 768), its heads and its vocabulary."""
_UNET, _TEXT, _VAE = "model.diffusion_model.", "cond_stage_model.transformer.text_model.", "first_stage_model."
_ENDS = slice(-2, None)
"""The two rows of a vocabulary that begin and end a text."""

State = dict[str, Tensor]


def in_sd15_layout(shapes: State) -> State:
    """The whole checkpoint's tensors, by the names that SD 1.5 has for them."""
    shapes = {name: value.float() if value.is_floating_point() else value for name, value in shapes.items()}
    unet = {name.removeprefix(_UNET): value for name, value in shapes.items() if name.startswith(_UNET)}
    text = {name.removeprefix(_TEXT): value for name, value in shapes.items() if name.startswith(_TEXT)}
    return {
        **{name: shapes[name] for name in ("alphas_cumprod", "betas")},
        **{_UNET + name: _unet_part(name, value) for name, value in unet.items()},
        **{_TEXT + name: value for name, value in _text_encoder(text).items()},
        **autoencoder(shapes),
    }


def widened(value: Tensor, outputs: int, inputs: int = 1) -> Tensor:
    """A layer whose outputs and inputs are each repeated so often; of a norm or a bias, one number for each output."""
    value = value.repeat_interleave(outputs, 0)
    return value.repeat_interleave(inputs, 1) / inputs if value.dim() > 1 else value


def _unet_part(name: str, value: Tensor) -> Tensor:
    of_text = name.endswith((".attn2.to_k.weight", ".attn2.to_v.weight"))
    return widened(value, 1, TEXT_WIDER) if of_text else value


def _to_heads(value: Tensor, heads: int, width: int, scaled: bool) -> Tensor:
    """A projection (or its bias) to more and wider heads; what is added is 0.

    ``scaled``: of the queries, since attention divides by the root of a head's width.
    """
    own = value.unflatten(0, (HEADS, -1))
    wide = torch.zeros(heads, width, *value.shape[1:])
    wide[:HEADS, : own.shape[1]] = own * (width / own.shape[1]) ** 0.5 if scaled else own
    return wide.flatten(0, 1)


def _from_heads(value: Tensor, heads: int, width: int) -> Tensor:
    """The projection behind them."""
    return _to_heads(value.T, heads, width, False).T.contiguous()


def _text_encoder(text: State) -> State:
    wider = TEXT_WIDER
    there = {name: _text_part(name, value) for name, value in text.items()}
    layers = {name.split(".", 3)[3]: value for name, value in there.items() if name.startswith("encoder.layers.1.")}
    for name, value in layers.items():
        silent = name.startswith(("self_attn.out_proj", "mlp.fc2"))  # it adds nothing to what goes past it
        there[f"encoder.layers.2.{name}"] = torch.zeros_like(value) if silent else value.clone()
    known = text["embeddings.token_embedding.weight"]
    vocabulary = torch.zeros(TOKENS, wider * known.shape[1])
    vocabulary[: len(known) - 2] = known[:-2].repeat_interleave(wider, 1)
    vocabulary[_ENDS] = known[_ENDS].repeat_interleave(wider, 1)
    return {**there, "embeddings.token_embedding.weight": vocabulary}


def _text_part(name: str, value: Tensor) -> Tensor:
    wider, width = TEXT_WIDER, TEXT_WIDER * 64 // TEXT_HEADS
    if name.startswith("embeddings."):
        return value.repeat_interleave(wider, 1) if value.is_floating_point() else value
    if ".out_proj.weight" in name:
        return _from_heads(widened(value, wider), TEXT_HEADS, width)
    if any(f".{each}_proj." in name for each in "qkv"):
        deep = widened(value, 1, wider) if value.dim() > 1 else value
        return _to_heads(deep, TEXT_HEADS, width, ".q_proj." in name)
    return widened(value, wider, wider)


def autoencoder(shapes: State) -> State:
    """That of the shapes model by its whole names, with the attention that others have and that adds nothing here."""
    own = {name: value.float() for name, value in shapes.items() if name.startswith(_VAE)}
    channels = own[f"{_VAE}decoder.mid.block_1.norm1.weight"].shape[0]
    for half in ("encoder", "decoder"):
        attention = f"{_VAE}{half}.mid.attn_1"
        own |= {f"{attention}.norm.weight": torch.ones(channels), f"{attention}.norm.bias": torch.zeros(channels)}
        for part in ("q", "k", "v", "proj_out"):
            own[f"{attention}.{part}.weight"] = torch.zeros(channels, channels, 1, 1)
            own[f"{attention}.{part}.bias"] = torch.zeros(channels)
    return own
