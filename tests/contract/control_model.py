"""An untrained ControlNet of the shapes model's size, to see regions beside ControlNet's extension."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

NAME = "rpg_test_control"


def make(path: Path, checkpoint: Path) -> None:
    """Write it for the UNet of ``checkpoint``: that UNet's own encoder, and random connections to it."""
    path.parent.mkdir(parents=True)
    unet = {
        key.removeprefix("model.diffusion_model."): value.float()
        for key, value in load_file(checkpoint).items()
        if re.match(r"model\.diffusion_model\.(time_embed|input_blocks|middle_block)\.", key)
    }
    weights = {f"control_model.{key}": value for key, value in unet.items()}
    random = torch.Generator().manual_seed(0)

    def convolution(name: str, out_channels: int, in_channels: int, size: int, scale: float) -> None:
        weight = torch.randn(out_channels, in_channels, size, size, generator=random)
        weights[f"control_model.{name}.weight"] = weight * scale / (in_channels * size * size) ** 0.5
        weights[f"control_model.{name}.bias"] = torch.zeros(out_channels)

    channels = unet["input_blocks.0.0.weight"].shape[0]
    hint = (3, 16, 16, 32, 32, 96, 96, 256, channels)
    for i, (before, after) in enumerate(itertools.pairwise(hint)):
        convolution(f"input_hint_block.{2 * i}", after, before, 3, 1.5)
    blocks = 1 + max(int(key.split(".")[1]) for key in unet if key.startswith("input_blocks."))
    for i in range(blocks):
        kinds = ("weight", "op.weight", "out_layers.3.weight")  # first convolution, downsampling, residual block
        width = next(unet[key].shape[0] for kind in kinds if (key := f"input_blocks.{i}.0.{kind}") in unet)
        convolution(f"zero_convs.{i}.0", width, width, 1, 0.3)
    convolution("middle_block_out.0", width, width, 1, 0.3)
    save_file(weights, path)
