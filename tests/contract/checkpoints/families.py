"""Small checkpoints with random weights in the layouts of SD 1.5 and SDXL, for hosts that know a family by its layout.

Their UNets are narrow, which the suite's extension ``narrow_families`` makes such a host know. The text encoders are as
wide as the family's and have three layers, which the host's configurations have to say; the autoencoder is that of the
shapes model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

CHANNELS, LEVELS, TIME = 64, (1, 2, 2), 256
"""Of every UNet: the channels of the first level, how many times as many each level has, those of the time."""
TOKENS, CONTEXT, LAYERS = 49408, 77, 3
"""Of every text encoder; Classic takes no fewer layers for SDXL."""
_UNET = "model.diffusion_model."


@dataclass(frozen=True)
class Family:
    """What tells one family from another.

    ``text``: the width of the text that the UNet attends to; ``vector``: that of its other conditioning; ``depths``:
    how many blocks each level's transformers have; ``linear``: whether linear layers lead to those; ``clip`` and
    ``open_clip``: names and widths of the text encoders in the layouts of transformers and of OpenCLIP; ``marks``:
    names that are there to say something.
    """

    text: int
    clip: Sequence[tuple[str, int]] = ()
    open_clip: Sequence[tuple[str, int]] = ()
    vector: int = 0
    depths: Sequence[int] = (0, 1, 2)
    linear: bool = True
    channels: int = 4
    marks: Sequence[str] = ()


_SD1 = {"text": 768, "clip": (("cond_stage_model.transformer.text_model.", 768),), "depths": (1, 1, 1), "linear": False}
_SDXL = {
    "text": 2048,
    "vector": 2816,
    "clip": (("conditioner.embedders.0.transformer.text_model.", 768),),
    "open_clip": (("conditioner.embedders.1.model.", 1280),),
}
FAMILIES = {
    "sd1": Family(**_SD1),
    "sd1_inpaint": Family(**_SD1, channels=9),
    "sd2": Family(
        text=1024,
        open_clip=(("cond_stage_model.model.", 1024),),
        depths=(1, 1, 1),
        # Forge and Classic look here, in the last block of the public model, whether it predicts v.
        marks=(f"{_UNET}output_blocks.11.1.transformer_blocks.0.norm1.bias",),
    ),
    "sdxl": Family(**_SDXL),
    "sdxl_v": Family(**_SDXL, marks=("v_pred",)),
    "sdxl_inpaint": Family(**_SDXL, channels=9),
    "sdxl_refiner": Family(text=1280, vector=2560, open_clip=(("conditioner.embedders.0.model.", 1280),)),
}


def checkpoint(family: Family, autoencoder: dict[str, Tensor]) -> dict[str, Tensor]:
    """Its tensors in half precision, with those of an autoencoder by their whole names."""
    made = Layers()
    _unet(made, family)
    for name, width in family.clip:
        clip(made, name, width)
    for name, width in family.open_clip:
        _open_clip(made, name, width)
    halved = {name: value.half() for name, value in {**made.tensors, **autoencoder}.items()}
    return {**halved, **{mark: torch.zeros(1) for mark in family.marks}}


class Layers:
    """Random layers by name, each of about the same size as what it is given."""

    def __init__(self) -> None:
        self.tensors: dict[str, Tensor] = {}
        self._random = torch.Generator().manual_seed(0)

    def tensor(self, name: str, *shape: int, size: float) -> None:
        self.tensors[name] = size * torch.randn(*shape, generator=self._random)

    def linear(self, name: str, outputs: int, *inputs: int, bias: bool = True, dot: str = ".") -> None:
        """Or a convolution, whose ``inputs`` are channels, height and width; ``dot`` parts the names of its tensors."""
        self.tensor(f"{name}{dot}weight", outputs, *inputs, size=torch.Size(inputs).numel() ** -0.5)
        if bias:
            self.tensor(f"{name}{dot}bias", outputs, size=0.02)

    def norm(self, name: str, channels: int) -> None:
        self.tensor(f"{name}.bias", channels, size=0.02)
        self.tensors[f"{name}.weight"] = torch.ones(channels)


def _unet(made: Layers, family: Family) -> None:
    """By the names of Stable Diffusion's first code, which all of these kept."""
    widths = [CHANNELS * level for level in LEVELS]
    made.linear(f"{_UNET}time_embed.0", TIME, CHANNELS)
    made.linear(f"{_UNET}time_embed.2", TIME, TIME)
    if family.vector:
        made.linear(f"{_UNET}label_emb.0.0", TIME, family.vector)
        made.linear(f"{_UNET}label_emb.0.2", TIME, TIME)
    made.linear(f"{_UNET}input_blocks.0.0", CHANNELS, family.channels, 3, 3)
    block, before, skipped = 0, CHANNELS, [CHANNELS]
    for level, width in enumerate(widths):
        block += 1
        _residual(made, f"{_UNET}input_blocks.{block}.0", width, before)
        _transformer(made, f"{_UNET}input_blocks.{block}.1", width, family, level)
        before = width
        skipped.append(width)
        if level < len(widths) - 1:
            block += 1
            made.linear(f"{_UNET}input_blocks.{block}.0.op", width, width, 3, 3)
            skipped.append(width)
    for part in (0, 2):
        _residual(made, f"{_UNET}middle_block.{part}", before, before)
    _transformer(made, f"{_UNET}middle_block.1", before, family, len(widths) - 1)
    for block in range(2 * len(widths)):
        level = len(widths) - 1 - block // 2
        width = widths[level]
        _residual(made, f"{_UNET}output_blocks.{block}.0", width, before + skipped.pop())
        _transformer(made, f"{_UNET}output_blocks.{block}.1", width, family, level)
        if block % 2 and level:
            made.linear(f"{_UNET}output_blocks.{block}.{1 + bool(family.depths[level])}.conv", width, width, 3, 3)
        before = width
    made.norm(f"{_UNET}out.0", CHANNELS)
    made.linear(f"{_UNET}out.2", 4, CHANNELS, 3, 3)


def _residual(made: Layers, name: str, outputs: int, inputs: int) -> None:
    made.norm(f"{name}.in_layers.0", inputs)
    made.linear(f"{name}.in_layers.2", outputs, inputs, 3, 3)
    made.linear(f"{name}.emb_layers.1", outputs, TIME)
    made.norm(f"{name}.out_layers.0", outputs)
    made.linear(f"{name}.out_layers.3", outputs, outputs, 3, 3)
    if outputs != inputs:
        made.linear(f"{name}.skip_connection", outputs, inputs, 1, 1)


def _transformer(made: Layers, name: str, width: int, family: Family, level: int) -> None:
    """The transformer of a level, if that has one."""
    if not family.depths[level]:
        return
    sides = () if family.linear else (1, 1)
    made.norm(f"{name}.norm", width)
    for end in ("proj_in", "proj_out"):
        made.linear(f"{name}.{end}", width, width, *sides)
    for number in range(family.depths[level]):
        block = f"{name}.transformer_blocks.{number}"
        for attention, inputs in (("attn1", width), ("attn2", family.text)):
            made.linear(f"{block}.{attention}.to_q", width, width, bias=False)
            made.linear(f"{block}.{attention}.to_k", width, inputs, bias=False)
            made.linear(f"{block}.{attention}.to_v", width, inputs, bias=False)
            made.linear(f"{block}.{attention}.to_out.0", width, width)
        made.linear(f"{block}.ff.net.0.proj", 8 * width, width)
        made.linear(f"{block}.ff.net.2", width, 4 * width)
        for norm in (1, 2, 3):
            made.norm(f"{block}.norm{norm}", width)


def clip(made: Layers, name: str, width: int) -> None:
    made.tensor(f"{name}embeddings.token_embedding.weight", TOKENS, width, size=1.0)
    made.tensor(f"{name}embeddings.position_embedding.weight", CONTEXT, width, size=0.1)
    for number in range(LAYERS):
        layer = f"{name}encoder.layers.{number}"
        for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
            made.linear(f"{layer}.self_attn.{part}", width, width)
        made.linear(f"{layer}.mlp.fc1", 4 * width, width)
        made.linear(f"{layer}.mlp.fc2", width, 4 * width)
        for norm in ("layer_norm1", "layer_norm2"):
            made.norm(f"{layer}.{norm}", width)
    made.norm(f"{name}final_layer_norm", width)


def _open_clip(made: Layers, name: str, width: int) -> None:
    made.tensor(f"{name}token_embedding.weight", TOKENS, width, size=1.0)
    made.tensor(f"{name}positional_embedding", CONTEXT, width, size=0.1)
    for number in range(LAYERS):
        layer = f"{name}transformer.resblocks.{number}"
        made.linear(f"{layer}.attn.in_proj", 3 * width, width, dot="_")
        made.linear(f"{layer}.attn.out_proj", width, width)
        made.linear(f"{layer}.mlp.c_fc", 4 * width, width)
        made.linear(f"{layer}.mlp.c_proj", width, 4 * width)
        for norm in ("ln_1", "ln_2"):
            made.norm(f"{layer}.{norm}", width)
    made.norm(f"{name}ln_final", width)
    made.tensor(f"{name}text_projection", width, width, size=width**-0.5)
