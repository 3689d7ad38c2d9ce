"""GLIGEN's weights for the shapes model: random, and strong enough to be seen."""

from __future__ import annotations

import re
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from tests.regional.grounded import Weights, all_shapes, random_of

_BLOCK = re.compile(r"model\.diffusion_model\.(.*\.transformer_blocks\.\d+)\.norm2\.weight")
_TEXT = "cond_stage_model.transformer.text_model.final_layer_norm.weight"


def random_for(checkpoint: Path, *, seed: int = 0, gates: float = 1.0) -> Weights:
    """Weights of its shapes, by their names in ldm's checkpoints; ``gates`` multiplies the gates' alphas."""
    with safe_open(str(checkpoint), framework="pt") as file:
        names = {found[1]: name for name in file.keys() if (found := _BLOCK.fullmatch(name))}  # noqa: SIM118
        widths = {block: file.get_slice(name).get_shape()[0] for block, name in names.items()}
        (width,) = file.get_slice(_TEXT).get_shape()
    weights = random_of(all_shapes(widths, width, width), seed)
    return {name: value * gates if ".alpha_" in name else value for name, value in weights.items()}


def write(folder: Path, checkpoint: Path, *, name: str = "gligen_test.safetensors", **options: float) -> Path:
    """The only file of a folder: these weights as .safetensors, or as a pickle where the name says so."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    weights = random_for(checkpoint, **options)  # type: ignore[arg-type]
    path = folder / name
    if path.suffix == ".safetensors":
        save_file(weights, path)
    else:
        torch.save({"model": weights}, path)
    return path
