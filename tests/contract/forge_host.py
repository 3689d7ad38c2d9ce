"""What a WebUI of the Forge family needs to run the contract suite: Forge, reForge, Classic."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from tests.contract.checkpoints import TEXT_ENCODER, sd15_layout

ARGUMENTS = ("--always-cpu",)
SETTINGS: dict[str, Any] = {"forge_preset": "sd"}
HIRES: dict[str, Any] = {"hr_additional_modules": ["Use same choices"]}
"""What the API of Forge wants of a request with a hires pass."""
LORA_STRENGTH = 2.0
"""Of the random LoRAs, so that they are seen in the wider checkpoint too."""
_OWN = ("venv", ".git", "models", "extensions", "output", "outputs", "cache", "tmp", "__pycache__")
_SD1_TOKENIZERS = (
    "backend/huggingface/runwayml/stable-diffusion-v1-5/tokenizer/merges.txt",
    "ldm_patched/modules/sd1_tokenizer/merges.txt",
)


def is_forge(root: Path) -> bool:
    """Whether the WebUI in a folder has the Forge family's backend."""
    return (root / "modules_forge").is_dir()


def copied(root: Path, folder: Path) -> Path:
    """A copy of the WebUI's code whose tokenizer has the merges of the shapes model, and no more."""
    copy = folder / "webui"
    shutil.copytree(root, copy, symlinks=True, ignore=lambda path, names: _OWN if Path(path) == root else ())
    for name in _SD1_TOKENIZERS:
        if (copy / name).is_file():
            (copy / name).unlink()
            shutil.copy(TEXT_ENCODER / "merges.txt", copy / name)
    return copy


def checkpoint() -> Path:
    """The shapes model in SD 1.5's layout, which is written once to the folder of temporary files."""
    made = hashlib.sha256(sd15_layout.SHAPES.read_bytes() + Path(sd15_layout.__file__).read_bytes()).hexdigest()
    path = Path(tempfile.gettempdir()) / f"rpg-shapes-sd15-{os.getuid()}-{made[:16]}.safetensors"
    if not path.exists():
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        sd15_layout.main(part)
        part.replace(path)
    return path
