"""A hypernetwork for the shapes model: random weights, in the form that the WebUI saves."""

from __future__ import annotations

from pathlib import Path

import torch

NAME = "rpg_test_hypernetwork"
WIDTH = 64  # of the shapes model's contexts


def make(folder: Path) -> None:
    """Write it to a folder of hypernetworks."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = torch.Generator().manual_seed(0)

    def layer() -> dict[str, torch.Tensor]:
        return {
            f"linear.{i}.{part}": torch.randn(*shape, generator=generator) * 0.05
            for i, (into, out) in enumerate(((WIDTH, 2 * WIDTH), (2 * WIDTH, WIDTH)))
            for part, shape in (("weight", (out, into)), ("bias", (out,)))
        }

    state = {
        WIDTH: (layer(), layer()),
        "name": NAME,
        "step": 0,
        "layer_structure": [1, 2, 1],
        "activation_func": "linear",
        "is_layer_norm": False,
        "weight_initialization": "Normal",
        "use_dropout": False,
        "sd_checkpoint": None,
        "sd_checkpoint_name": None,
    }
    # The WebUI looks into the file before it loads it, and does not know what a newer torch puts there.
    torch.save(state, folder / f"{NAME}.pt", _use_new_zipfile_serialization=False)
