"""What a LoRA is for, by the names of its file's tensors: a host tells only of those that the checkpoint has too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from safetensors import safe_open

_OF_TEXT_ENCODERS = ("lora_te", "text_encoder", "te_")
_OF_A_LAYER = re.compile(
    r"[._](?:lora|hada|lokr|oft|dora|diff|w_norm|b_norm|on_input)(?:[._].*)?$|\.(?:alpha|weight|bias)$"
)
"""What follows the layer in a tensor's name: ``.lora_up.weight``, ``.hada_w1_a``, ``.alpha``."""


def tensor_names(file: str) -> list[str]:
    """The names of a file's tensors; none for a file of another format than safetensors."""
    if Path(file).suffix != ".safetensors":
        return []
    with safe_open(file, framework="pt") as tensors:
        return list(tensors.keys())


def is_of_text(name: str) -> bool:
    """Whether a tensor is for a text encoder."""
    return name.startswith(_OF_TEXT_ENCODERS)


def unet_layers(names: Iterable[str]) -> set[str]:
    """The layers of the UNet that tensors of these names are for."""
    return {_OF_A_LAYER.sub("", name) for name in names if not is_of_text(name)}


def is_for(fitting: int, names: Iterable[str], otherwise: bool) -> bool:
    """Whether a LoRA is for a checkpoint that has so many layers of the UNet's as the LoRA changes.

    SD 1 and SDXL have a few layers of the same name and shape: a fifth of a LoRA for SD 1 fits SDXL. ``otherwise``:
    whether it acts where no layer of the UNet is named, in a file for text alone or of another format.
    """
    layers = len(unet_layers(names))
    return 2 * fitting >= layers if layers else otherwise
