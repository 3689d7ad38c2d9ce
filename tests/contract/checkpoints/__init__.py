"""Tiny checkpoints with random weights, one of every family of models that the WebUI runs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

MAKER = Path(__file__).with_name("make.py")
FAMILIES = ("sd1", "sd1_inpaint", "sd1_edit", "sd2", "sd2_v", "sd2_inpaint", "sdxl", "sdxl_refiner", "sdxl_inpaint")
TEXT_ENCODER = Path(__file__).resolve().parents[3] / "sandbox" / "shapes" / "text-encoder"


def name_of(family: str) -> str:
    """The checkpoint's file name without its ending."""
    return f"rpg_test_{family}"


def make_all(folder: Path, webui_root: Path, python: str) -> None:
    """Write them with the WebUI's own Python and model code; each is a .safetensors with its .yaml beside it."""
    command = [python, str(MAKER), str(folder / name_of("{}")), str(webui_root), str(TEXT_ENCODER), *FAMILIES]
    done = subprocess.run(command, cwd=webui_root, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": ""})
    if done.returncode:
        raise RuntimeError(f"the test checkpoints were not made:\n{done.stderr[-3000:]}")
