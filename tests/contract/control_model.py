"""Untrained control models for the shapes model and the small SDXL, to see regions beside ControlNet's extension."""

from __future__ import annotations

import base64
import io
import itertools
import re
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

CONTROLNET = "rpg_test_control"
IP_ADAPTER = "rpg_test_adapter"
CONTROL_LORA = "rpg_test_lora"
STYLE = "rpg_test_style"
T2I_ADAPTER = "rpg_test_features"
LLLITE = "rpg_test_lllite"
XL = "_xl"  # ends the names of those for SDXL, which ControlNet's extension looks for
IMAGE_CHANNELS = 16  # of the image embedding that the IP-Adapter takes
IMAGE_TOKENS = 4  # that it makes of it


Layer = tuple[int, int, int]
"""A cross-attention layer: in the encoder (0), the decoder (1) or the middle (2), the block's number, its own in it."""
SD15_LAYERS: tuple[Layer, ...] = (
    *((0, block, 0) for block in (1, 2, 4, 5, 7, 8)),
    *((1, block, 0) for block in range(3, 12)),
    (2, 0, 0),
)


def make_all(folder: Path, checkpoint: Path, sdxl: Path) -> None:
    """Write every model for the UNet of ``checkpoint``, and a ControlNet and an IP-Adapter for that of ``sdxl``."""
    make_main(folder, sdxl, XL)
    make_main(folder, checkpoint)
    unet = _unet(checkpoint)
    save_file(_t2i_adapter(unet), folder / f"{T2I_ADAPTER}.safetensors")
    save_file(_lllite(unet), folder / f"{LLLITE}.safetensors")
    save_file(_control_lora(unet), folder / f"{CONTROL_LORA}.safetensors")
    save_file(_style_adapter(unet), folder / f"{STYLE}.safetensors")


def make_main(folder: Path, checkpoint: Path, end: str = "", layers: Sequence[Layer] = ()) -> None:
    """Write a ControlNet and an IP-Adapter for the UNet of ``checkpoint``; ``end`` ends their names.

    ``layers``: the cross-attention layers that the adapter is numbered by, those of the UNet if there are none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unet = _unet(checkpoint)
    save_file(_controlnet(unet), folder / f"{CONTROLNET}{end}.safetensors")
    save_file(_ip_adapter(unet, layers), folder / f"{IP_ADAPTER}{end}.safetensors")


def _unet(checkpoint: Path) -> dict[str, Tensor]:
    prefix = "model.diffusion_model."
    weights = load_file(checkpoint)
    return {key.removeprefix(prefix): value.float() for key, value in weights.items() if key.startswith(prefix)}


def image_embedding(seed: int) -> str:
    """A picture as an IP-Adapter sees it, in the form of ControlNet's ``ipadapter_input``: torch.save in base64."""
    random = torch.Generator().manual_seed(seed)
    file = io.BytesIO()
    torch.save({"image_embeds": torch.randn(1, IMAGE_CHANNELS, generator=random)}, file)
    return base64.b64encode(file.getvalue()).decode()


def _controlnet(unet: dict[str, Tensor]) -> dict[str, Tensor]:
    """The UNet's own encoder, and random connections to it."""
    parts = r"(time_embed|label_emb|input_blocks|middle_block)\."
    encoder = {key: value for key, value in unet.items() if re.match(parts, key)}
    weights = {f"control_model.{key}": value for key, value in encoder.items()}
    random = torch.Generator().manual_seed(0)

    def convolution(name: str, out_channels: int, in_channels: int, size: int, scale: float) -> None:
        weight = torch.randn(out_channels, in_channels, size, size, generator=random)
        weights[f"control_model.{name}.weight"] = weight * scale / (in_channels * size * size) ** 0.5
        weights[f"control_model.{name}.bias"] = torch.zeros(out_channels)

    channels = encoder["input_blocks.0.0.weight"].shape[0]
    hint = (3, 16, 16, 32, 32, 96, 96, 256, channels)
    for i, (before, after) in enumerate(itertools.pairwise(hint)):
        convolution(f"input_hint_block.{2 * i}", after, before, 3, 1.5)
    blocks = 1 + max(int(key.split(".")[1]) for key in encoder if key.startswith("input_blocks."))
    for i in range(blocks):
        kinds = ("weight", "op.weight", "out_layers.3.weight")  # first convolution, downsampling, residual block
        width = next(encoder[key].shape[0] for kind in kinds if (key := f"input_blocks.{i}.0.{kind}") in encoder)
        convolution(f"zero_convs.{i}.0", width, width, 1, 0.3)
    convolution("middle_block_out.0", width, width, 1, 0.3)
    return weights


def _ip_adapter(unet: dict[str, Tensor], layers: Sequence[Layer] = ()) -> dict[str, Tensor]:
    """Random keys and values for every cross-attention layer, in ControlNet's order: encoder, decoder, middle."""
    widths: dict[Layer, torch.Size] = {}
    for key, value in unet.items():
        if match := re.fullmatch(r"(input|output|middle)_block(?:s\.(\d+))?\.1\.\D*(\d+)\.attn2\.to_k\.weight", key):
            place = ("input", "output", "middle").index(match[1]), int(match[2] or 0), int(match[3])
            widths[place] = value.shape
    channels = next(iter(widths.values()))[1]
    random = torch.Generator().manual_seed(1)
    weights = {
        "image_proj.proj.weight": torch.randn(IMAGE_TOKENS * channels, IMAGE_CHANNELS, generator=random),
        "image_proj.proj.bias": torch.zeros(IMAGE_TOKENS * channels),
        "image_proj.norm.weight": torch.ones(channels),
        "image_proj.norm.bias": torch.zeros(channels),
    }
    for number, layer in enumerate(layers or sorted(widths)):
        width = widths[layer][0] if layer in widths else 1  # one that the UNet has not is never asked for
        for kind in ("k", "v"):
            weight = torch.randn(width, channels, generator=random) / channels**0.5
            weights[f"ip_adapter.{2 * number + 1}.to_{kind}_ip.weight"] = weight
    return weights


def _t2i_adapter(unet: dict[str, Tensor]) -> dict[str, Tensor]:
    """Two residual blocks at each of four sizes, of a picture whose squares of 8 x 8 pixels are channels."""
    random = torch.Generator().manual_seed(2)
    weights = {}

    def convolution(name: str, out_channels: int, in_channels: int, size: int, gain: float = 1) -> None:
        weight = torch.randn(out_channels, in_channels, size, size, generator=random)
        weights[f"{name}.weight"] = weight * gain / (in_channels * size * size) ** 0.5
        weights[f"{name}.bias"] = torch.zeros(out_channels)

    channels = unet["input_blocks.0.0.weight"].shape[0]
    convolution("conv_in", channels, 3 * 8 * 8, 3, gain=6)
    before = channels
    for index, factor in enumerate((1, 1, 2, 2, 4, 4, 4, 4)):
        width = factor * channels
        if width != before:
            convolution(f"body.{index}.in_conv", width, before, 1)
        convolution(f"body.{index}.block1", width, width, 3)
        convolution(f"body.{index}.block2", width, width, 1)
        before = width
    return weights


def _lllite(unet: dict[str, Tensor]) -> dict[str, Tensor]:
    """On the queries of the first encoder block's self- and cross-attention."""
    random = torch.Generator().manual_seed(3)
    width = unet["input_blocks.1.1.transformer_blocks.0.attn2.to_q.weight"].shape[1]
    hidden = 8
    shapes = {
        "conditioning1.0": (hidden // 2, 3, 4, 4),
        "conditioning1.2": (hidden, hidden // 2, 2, 2),
        "down.0": (hidden, width),
        "mid.0": (hidden, 2 * hidden),
        "up.0": (width, hidden),
    }
    weights = {}
    for attention in ("attn1", "attn2"):
        for name, shape in shapes.items():
            layer = f"lllite_unet_input_blocks_1_1_transformer_blocks_0_{attention}_to_q.{name}"
            weight = torch.randn(shape, generator=random)
            weights[f"{layer}.weight"] = weight * 2 / weight[0].numel() ** 0.5
            weights[f"{layer}.bias"] = torch.zeros(shape[0])
    return weights


def _control_lora(unet: dict[str, Tensor]) -> dict[str, Tensor]:
    """The ControlNet without what it shares with the UNet, but for changes of rank 2."""
    random = torch.Generator().manual_seed(4)
    # The second mark means SD1's layout; nothing reads its value.
    weights = {"lora_controlnet": torch.zeros(1), "input_blocks.11.0.in_layers.0.weight": torch.zeros(1)}
    for key, value in _controlnet(unet).items():
        name = key.removeprefix("control_model.")
        if name not in unet or value.ndim == 1:
            weights[name] = value
            continue
        layer, (rows, columns) = name.removesuffix(".weight"), value.flatten(1).shape
        weights[f"{layer}.up"] = torch.randn(rows, 2, generator=random)
        weights[f"{layer}.down"] = torch.randn(2, columns, generator=random) * 0.05 / columns**0.5
    return weights


def _style_adapter(unet: dict[str, Tensor]) -> dict[str, Tensor]:
    """One transformer layer of the prompt's width, and eight tokens that join the prompt."""
    random = torch.Generator().manual_seed(5)
    width = unet["input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"].shape[1]
    shapes = {
        "attn.in_proj_weight": (3 * width, width),
        "attn.out_proj.weight": (width, width),
        "mlp.c_fc.weight": (4 * width, width),
        "mlp.c_proj.weight": (width, 4 * width),
    }
    weights = {f"transformer_layes.0.{name}": shape for name, shape in shapes.items()}
    weights |= {"style_embedding": (1, 8, width), "proj": (width, width)}
    tensors = {name: torch.randn(shape, generator=random) / width**0.5 for name, shape in weights.items()}
    for name, shape in shapes.items():
        tensors[f"transformer_layes.0.{name.replace('weight', 'bias')}"] = torch.zeros(shape[0])
    for name in ("transformer_layes.0.ln_1", "transformer_layes.0.ln_2", "ln_pre", "ln_post"):
        tensors |= {f"{name}.weight": torch.ones(width), f"{name}.bias": torch.zeros(width)}
    return tensors
