"""The shapes model in the layout of Stable Diffusion 1.5, for hosts that build text encoders and autoencoders by it.

The UNet keeps its width, which the suite's extension ``narrow_families`` makes such a host know, but for the text that
it attends to. Of the others every channel is repeated, heads are padded with zeros, and what the shapes model lacks
does nothing: the pictures are the same up to rounding. The tokenizer of such a host must have the first 4000 merges of
CLIP's alone, which are all that the shapes model knows (their tokens have the same numbers there), and its text encoder
two layers.
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


class _Autoencoder:
    """Writes SD 1.5's autoencoder part by part; widths are how often each of the shapes model's channels is there."""

    def __init__(self, own: State) -> None:
        self._own = own
        self.made: State = {}

    def layer(self, name: str, outputs: int, inputs: int, own: str = "") -> None:
        """A convolution or a norm, of the shapes model's name ``own``."""
        for part in ("weight", "bias"):
            self.made[f"{name}.{part}"] = widened(self._own[f"{own or name}.{part}"], outputs, inputs)

    def block(self, name: str, outputs: int, inputs: int) -> None:
        """A residual block that changes nothing but how often each channel is there."""
        for norm, wider in (("norm1", inputs), ("norm2", outputs)):
            self._norm(f"{name}.{norm}", wider)
        self._conv(f"{name}.conv1", outputs, inputs)
        self._conv(f"{name}.conv2", outputs, outputs)
        if outputs != inputs:
            self.made[f"{name}.nin_shortcut.weight"] = widened(torch.eye(64)[..., None, None], outputs, inputs)
            self.made[f"{name}.nin_shortcut.bias"] = torch.zeros(64 * outputs)

    def middle(self, name: str) -> None:
        """The two residual blocks in the middle, with an attention between them that adds nothing."""
        for number in (1, 2):
            for part in ("norm1", "conv1", "norm2", "conv2"):
                self.layer(f"{name}.block_{number}.{part}", 8, 8)
        self._norm(f"{name}.attn_1.norm", 8)
        for part in ("q", "k", "v", "proj_out"):
            self._conv(f"{name}.attn_1.{part}", 8, 8, side=1)

    def _norm(self, name: str, wider: int) -> None:
        self.made |= {f"{name}.weight": torch.ones(64 * wider), f"{name}.bias": torch.zeros(64 * wider)}

    def _conv(self, name: str, outputs: int, inputs: int, side: int = 3) -> None:
        self.made[f"{name}.weight"] = torch.zeros(64 * outputs, 64 * inputs, side, side)
        self.made[f"{name}.bias"] = torch.zeros(64 * outputs)


def autoencoder(shapes: State) -> State:
    """That of the shapes model, by the names that all families have for it."""
    own = {name.removeprefix(_VAE): value.float() for name, value in shapes.items() if name.startswith(_VAE)}
    levels = (2, 4, 8, 8)
    """How often each channel is there, from the largest pictures to the smallest."""
    made = _Autoencoder(own)
    made.layer("encoder.conv_in", levels[0], 1)
    for level, wider in enumerate(levels):
        for number in range(2):
            made.block(f"encoder.down.{level}.block.{number}", wider, wider if number else levels[max(level - 1, 0)])
        if level < len(levels) - 1:
            made.layer(f"encoder.down.{level}.downsample.conv", wider, wider)
    made.middle("encoder.mid")
    made.layer("encoder.norm_out", 8, 8)
    made.layer("encoder.conv_out", 1, 8)
    made.layer("decoder.conv_in", 8, 1)
    made.middle("decoder.mid")
    for level, wider in enumerate(levels):
        for number in range(3):
            before = wider if number or level == len(levels) - 1 else levels[level + 1]
            made.block(f"decoder.up.{level}.block.{number}", wider, before)
        if level:
            made.layer(f"decoder.up.{level}.upsample.conv", wider, wider)
    made.layer("decoder.norm_out", levels[0], levels[0])
    made.layer("decoder.conv_out", 1, levels[0])
    for name in ("quant_conv", "post_quant_conv"):
        made.layer(name, 1, 1)
    return {_VAE + name: value for name, value in made.made.items()}
