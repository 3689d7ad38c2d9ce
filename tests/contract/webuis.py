"""The kinds of WebUI that run the contract suite, and what each needs for it: AUTOMATIC1111's, the Forge family's."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from safetensors.torch import load_file, save_file

from tests.contract import checkpoints, control_model, embedding, hypernetwork, lora_model
from tests.contract.checkpoints import TEXT_ENCODER, families, flux, sd15_layout

REPO = Path(__file__).resolve().parents[2]
CHECKPOINT = REPO / "sandbox" / "shapes" / "shapes.safetensors"

_TEXT_ENCODER = {"num_hidden_layers": families.LAYERS}
_AUTOENCODER = {"block_out_channels": [64, 64, 64, 64], "layers_per_block": -1}
FLUX = "flux"
_OF_ALL_BUT_NEO = ("--no-half", "--no-download-sd-model")


class Automatic1111:
    """AUTOMATIC1111's WebUI v1.10.1 in a folder."""

    name = "webui"
    arguments: tuple[str, ...] = ("--use-cpu", "all", *_OF_ALL_BUT_NEO)
    hires: Mapping[str, Any] = MappingProxyType({})
    """What the API wants of a request with a hires pass."""
    values: Mapping[str, str] = MappingProxyType({})
    """Of the page's fields, in ui-config.json."""
    extensions: tuple[Path, ...] = ()
    """Folders of the extensions that it needs to load the suite's models."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def settings(self) -> dict[str, Any]:
        """What it needs in its settings file."""
        return {}

    def code(self, data: Path) -> Path:
        """The folder whose launch.py is started; ``data`` is there for what has to be made."""
        return self.root

    def place_models(self, models: Path) -> None:
        """The shapes model, with the text encoder's folder made absolute in its configuration, and LoRAs for it."""
        folder = models / "Stable-diffusion"
        folder.mkdir(parents=True)
        (folder / CHECKPOINT.name).symlink_to(CHECKPOINT)
        config = CHECKPOINT.with_suffix(".yaml").read_text(encoding="utf-8")
        config = re.sub(
            r"(?m)^(\s*version:\s*)(\S+)$", lambda match: f"{match[1]}{(REPO / match[2]).resolve()}", config
        )
        (folder / CHECKPOINT.with_suffix(".yaml").name).write_text(config, encoding="utf-8")
        lora_model.make_all(models / "Lora", CHECKPOINT)

    def place_more(self, data: Path, python: str) -> None:
        """What takes longer to make: checkpoints of other families, a hypernetwork, an embedding, control models."""
        models = data / "models"
        hypernetwork.make(models / "hypernetworks")
        embedding.make(data / "embeddings", CHECKPOINT)
        checkpoints.make_all(models / "Stable-diffusion", self.root, python)
        if any((data / "extensions").glob("*controlnet*")):
            sdxl = models / "Stable-diffusion" / f"{checkpoints.name_of('sdxl')}.safetensors"
            control_model.make_all(models / "ControlNet", CHECKPOINT, sdxl)


class Forge(Automatic1111):
    """Forge, reForge or Classic in a folder: they tell a checkpoint by its layout, and read no configuration for it."""

    name = "forge"
    arguments = ("--always-cpu", "--attention-pytorch", *_OF_ALL_BUT_NEO)  # as on a GPU
    hires = MappingProxyType({"hr_additional_modules": ["Use same choices"]})
    extensions = (REPO / "tests" / "contract" / "narrow_families",)
    families: tuple[str, ...] = tuple(families.FAMILIES)
    _own = ("venv", ".git", "models", "extensions", "output", "outputs", "cache", "tmp", "__pycache__")
    _tokenizers = (
        "backend/huggingface/runwayml/stable-diffusion-v1-5/tokenizer/merges.txt",
        "ldm_patched/modules/sd1_tokenizer/merges.txt",
    )
    _configurations = MappingProxyType(
        {
            "backend/huggingface/*/stable-diffusion-*/text_encoder*/config.json": _TEXT_ENCODER,
            "ldm_patched/modules/sd1_clip_config.json": _TEXT_ENCODER,
            "ldm_patched/modules/sd2_clip_config.json": _TEXT_ENCODER,
            "ldm_patched/modules/text_encoders/sd2_clip_config.json": _TEXT_ENCODER,
            "ldm_patched/modules/clip_config_bigg.json": _TEXT_ENCODER,
            "backend/huggingface/*/stable-diffusion-*/vae/config.json": _AUTOENCODER,
            "backend/huggingface/*/FLUX.1-dev/text_encoder/config.json": _TEXT_ENCODER,
            "backend/huggingface/*/FLUX.1-dev/text_encoder_2/config.json": dict(flux.T5),
            "backend/huggingface/*/FLUX.1-dev/vae/config.json": _AUTOENCODER,
        }
    )

    def settings(self) -> dict[str, Any]:
        # reForge's text encoder would be searched in a file of the checkpoint's name.
        return {"forge_preset": "sd", "sd_text_encoder": "None"}

    def code(self, data: Path) -> Path:
        """A copy of the WebUI's code whose tokenizer and configurations are those of the suite's models."""
        copy = data / "webui"
        root = str(self.root)
        shutil.copytree(root, copy, symlinks=True, ignore=lambda path, names: self._own if path == root else ())
        for name in self._tokenizers:
            if (copy / name).is_file():
                (copy / name).unlink()
                shutil.copy(TEXT_ENCODER / "merges.txt", copy / name)
        for pattern in ("configs/sd_xl_*.yaml", "repositories/*/configs/inference/sd_xl_*.yaml"):
            for path in copy.glob(pattern):
                text = path.read_text(encoding="utf-8")
                path.write_text(text.replace("layer_idx: 11", "layer_idx: -2"), encoding="utf-8")
        for pattern, changes in self._configurations.items():
            for path in copy.glob(pattern):
                config = json.loads(path.read_text(encoding="utf-8"))
                path.write_text(json.dumps({**config, **changes}), encoding="utf-8")
        return copy

    def place_models(self, models: Path) -> None:
        checkpoint = _written(CHECKPOINT.stem)
        (models / "Stable-diffusion").mkdir(parents=True)
        (models / "Stable-diffusion" / CHECKPOINT.name).symlink_to(checkpoint)
        lora_model.make_all(models / "Lora", checkpoint, for_text=2.0)

    def place_more(self, data: Path, python: str) -> None:
        """Checkpoints of other families, and control models for the shapes model."""
        models = data / "models"
        has_flux = (self.root / "backend" / "diffusion_engine" / "flux.py").is_file()
        for family in (*self.families, *((FLUX,) if has_flux else ())):
            (models / "Stable-diffusion" / f"{checkpoints.name_of(family)}.safetensors").symlink_to(_written(family))
        for config in self.root.glob("repositories/*/configs/stable-diffusion/v2-inference.yaml"):
            # Without one reForge fills a UNet of the public model's size, to see what it predicts.
            (models / "Stable-diffusion" / f"{checkpoints.name_of('sd2')}.yaml").symlink_to(config)
        control_model.make_main(models / "ControlNet", _written(CHECKPOINT.stem), layers=control_model.SD15_LAYERS)


class Neo(Forge):
    """Neo, the newest of the Forge family, in a folder: other names of arguments, and settings of its own version."""

    arguments = ("--cpu", "--force-fp32")
    hires = MappingProxyType({**Forge.hires, "hr_upscaler": "None"})  # all others are files
    families = tuple(name for name in Forge.families if name != "sd2")
    # An infotext is not pasted into a field without a value, as both are at the first start.
    values = MappingProxyType({f"txt2img/{field}/value": "" for field in ("Prompt", "Negative Prompt")})

    def settings(self) -> dict[str, Any]:
        """With the version's name: at settings of another one it waits for a key."""
        code = (self.root / "modules" / "launch_utils.py").read_text(encoding="utf-8")
        version = re.search(r'^VERSION_UID\b.*"(\w+)"', code, re.MULTILINE)
        return {**super().settings(), **({"VERSION_UID": version[1]} if version else {})}


def of(root: Path) -> Automatic1111:
    """The kind of the WebUI in that folder. FileNotFoundError where there is none."""
    if not (root / "launch.py").is_file():
        raise FileNotFoundError(f"there is no launch.py in WEBUI_ROOT {root}: give the folder of a WebUI v1.10.1")
    if not (root / "modules_forge").is_dir():
        return Automatic1111(root)
    return Forge(root) if (root / "modules" / "sd_hijack.py").is_file() else Neo(root)


def _written(name: str) -> Path:
    """The shapes model, or one of the families, in its layout: written once to the folder of temporary files."""
    sources = [CHECKPOINT, *sorted(Path(checkpoints.__file__).parent.glob("*.py"))]
    made_of = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    path = Path(tempfile.gettempdir()) / f"rpg-{name}-{os.getuid()}-{made_of[:16]}.safetensors"
    if not path.exists():
        shapes = load_file(CHECKPOINT)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        if name == CHECKPOINT.stem:
            made = sd15_layout.in_sd15_layout(shapes)
        elif name == FLUX:
            made = flux.checkpoint(sd15_layout.autoencoder(shapes))
        else:
            made = families.checkpoint(families.FAMILIES[name], sd15_layout.autoencoder(shapes))
        save_file({key: value.contiguous() for key, value in made.items()}, part, {"format": "pt"})
        part.replace(path)
    return path
