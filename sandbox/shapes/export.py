"""Write the shapes checkpoint, or install it in a WebUI.

    python -m sandbox.shapes.export WEIGHTS            shapes.safetensors, shapes.yaml, text-encoder/ of trained weights
    python -m sandbox.shapes.export --install FOLDER   copy the checkpoint into a WebUI's models/Stable-diffusion

The `.yaml` beside a checkpoint names its text encoder's folder as `version`. In the repository that is relative to the
repository's root; where it is installed it is absolute.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch
from omegaconf import OmegaConf
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import CLIPTokenizer

from .model import (
    HERE,
    SCALE_FACTOR,
    TEXT_ENCODER,
    TEXT_PREFIX,
    TIMESTEPS,
    UNET_CONFIG,
    UNET_PREFIX,
    alphas_cumprod,
    betas,
)
from .vae import VAE_CONFIG, ShapesVae

CHECKPOINT, CONFIG = HERE / "shapes.safetensors", HERE / "shapes.yaml"


def config(text_encoder: str) -> dict:
    """The LatentDiffusion configuration of `ldm` for the checkpoint, with the text encoder's folder."""
    return {
        "model": {
            "base_learning_rate": 1.0e-04,
            "target": "ldm.models.diffusion.ddpm.LatentDiffusion",
            "params": {
                "linear_start": 0.00085,
                "linear_end": 0.012,
                "num_timesteps_cond": 1,
                "log_every_t": 200,
                "timesteps": TIMESTEPS,
                "first_stage_key": "jpg",
                "cond_stage_key": "txt",
                "image_size": 16,  # 128 pixels: what holds one thing
                "channels": 4,
                "cond_stage_trainable": False,
                "conditioning_key": "crossattn",
                "scale_factor": SCALE_FACTOR,
                "use_ema": False,
                "unet_config": {
                    "target": "ldm.modules.diffusionmodules.openaimodel.UNetModel",
                    "params": UNET_CONFIG,
                },
                "first_stage_config": {
                    "target": "ldm.models.autoencoder.AutoencoderKL",
                    "params": {
                        "embed_dim": 4,
                        "ddconfig": VAE_CONFIG,
                        "lossconfig": {"target": "torch.nn.Identity"},
                    },
                },
                "cond_stage_config": {
                    "target": "ldm.modules.encoders.modules.FrozenCLIPEmbedder",
                    "params": {"version": text_encoder, "device": "cpu"},
                },
            },
        }
    }


def checkpoint(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The whole checkpoint in Stable Diffusion 1's layout, float16, of trained UNet and text encoder weights."""
    kept = {k: v.half() for k, v in weights.items() if k.startswith((UNET_PREFIX, TEXT_PREFIX))}
    kept[TEXT_PREFIX + "text_model.embeddings.position_ids"] = torch.arange(77)[None]
    vae = {k: v.half() for k, v in ShapesVae().checkpoint().items()}
    # The schedule stays float32: hosts read the noise levels from it.
    schedule = {"betas": betas().float(), "alphas_cumprod": alphas_cumprod().float()}
    return {k: v.contiguous() for k, v in (kept | vae | schedule).items()}


def write(weights: Path) -> None:
    """Write shapes.safetensors, shapes.yaml and the tokenizer's files from a safetensors file of trained weights."""
    save_file(checkpoint(load_file(str(weights))), str(CHECKPOINT), metadata={"format": "pt"})
    OmegaConf.save(OmegaConf.create(config("sandbox/shapes/text-encoder")), CONFIG)
    tokenizer = CLIPTokenizer(str(TEXT_ENCODER / "vocab.json"), str(TEXT_ENCODER / "merges.txt"), model_max_length=77)
    tokenizer.save_pretrained(str(TEXT_ENCODER))


def install(folder: Path) -> tuple[Path, Path]:
    """Copy the checkpoint and its configuration into a folder, over what has their names; returns both paths."""
    target, settings = folder / CHECKPOINT.name, folder / CONFIG.name
    shutil.copyfile(CHECKPOINT, target)
    OmegaConf.save(OmegaConf.create(config(str(TEXT_ENCODER.resolve()))), settings)
    return target, settings


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path, nargs="?", help="trained weights, such as ema-004000.safetensors")
    parser.add_argument("--install", type=Path, metavar="FOLDER")
    args = parser.parse_args()
    if args.weights:
        write(args.weights)
        print(f"{CHECKPOINT}: {CHECKPOINT.stat().st_size / 1e6:.2f} MB")
    if args.install:
        print(*install(args.install))


if __name__ == "__main__":
    main()
