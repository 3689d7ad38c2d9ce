"""Untrained LoRAs for the shapes model, in kohya's form: random, strong enough to be seen."""

from __future__ import annotations

import re
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

EVERYWHERE, OTHER = "rpg_test_lora", "rpg_test_lora_b"
TEXT_ONLY, LOOK_ONLY = "rpg_test_lora_text", "rpg_test_lora_look"
FOREIGN = "rpg_test_lora_foreign"
"""Of a checkpoint of another kind: its layers have the same names, and other widths."""
RANK = 4
_LINEAR = r"attn[12]\.to_[qkv]|attn[12]\.to_out\.0|ff\.net\.0\.proj|ff\.net\.2"
_CONVOLUTION = r"in_layers\.2|out_layers\.3|proj_in|proj_out"
_UNET = rf"model\.diffusion_model\.(.*(?:{_LINEAR}|{_CONVOLUTION}))\.weight"
_TEXT = r"cond_stage_model\.transformer\.(.*(?:[qkv]_proj|out_proj|fc[12]))\.weight"
_READS_TEXT = re.compile(r"attn2\.to_[kv]$")


def make_all(folder: Path, checkpoint: Path, for_text: float = 1.0) -> None:
    """Write them: two on every linear layer and convolution, one on text alone, one on all but that.

    for_text: strength on what sees text. Where its channels are the same several times, random changes do less.
    """
    folder.mkdir(parents=True)
    weights = load_file(checkpoint)
    for seed, name in enumerate((EVERYWHERE, OTHER, TEXT_ONLY, LOOK_ONLY)):
        lora = _lora(weights, seed, text=for_text * (name != LOOK_ONLY), look=name != TEXT_ONLY)
        save_file(lora, folder / f"{name}.safetensors")
    save_file(_widened(_lora(weights, 0, text=for_text, look=True)), folder / f"{FOREIGN}.safetensors")


def _lora(weights: dict[str, torch.Tensor], seed: int, text: float, look: float) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    made: dict[str, torch.Tensor] = {}
    for key, weight in weights.items():
        unet, encoder = re.fullmatch(_UNET, key), re.fullmatch(_TEXT, key)
        strength = look if unet and not _READS_TEXT.search(unet[1]) else text
        if unet and strength:
            name = f"lora_unet_{unet[1].replace('.', '_')}"
        elif encoder and strength:
            name = f"lora_te_{encoder[1].replace('.', '_')}"
        else:
            continue
        out, *into = weight.shape
        size = 0.5 * strength * weight.float().std() * RANK**-0.5
        made[f"{name}.lora_up.weight"] = torch.randn(out, RANK, *[1] * (weight.dim() - 2), generator=generator) * size
        made[f"{name}.lora_down.weight"] = torch.randn(RANK, *into, generator=generator)
        made[f"{name}.alpha"] = torch.tensor(float(RANK))
    return made


def _widened(lora: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """A LoRA for layers of the same names that take in and give out twice as much."""
    axis = {key: int(".lora_down." in key) for key in lora}
    return {key: torch.cat([part, part], axis[key]) if part.dim() else part for key, part in lora.items()}
