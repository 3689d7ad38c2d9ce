"""Train a LoRA of the shapes model on the CPU: `python -m sandbox.shapes.train_lora OUT --thing "cyan ring"`.

It teaches the model a word that it does not know, such as "zork", for a thing of one colour and shape; or, with
`--look night`, a way to draw everything, with no word for it. The file has kohya's form: low-rank parts of every linear
layer of the text encoder and of the UNet's transformer blocks.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from .data import COLOURS, LOOKS, SHAPES, sample
from .model import HERE, RGB_SCALE, ShapesModel, alphas_cumprod, use_fast_attention
from .train import as_latents, spread_timesteps

SIZES = ((128, 128, 12), (192, 128, 8), (128, 192, 8))
"""Width, height, and pictures in a batch."""
KNOWN = 0.4
"""The share of captions that stay as they are, so that nothing else is forgotten."""
_THING = re.compile(rf"\ban? ({'|'.join(COLOURS)}) ({'|'.join(SHAPES)})\b")


class LowRank(nn.Module):
    """`up(down(x))`, added to a linear layer's output; zero before training."""

    def __init__(self, layer: nn.Linear, rank: int) -> None:
        super().__init__()
        self.down = nn.Linear(layer.in_features, rank, bias=False)
        self.up = nn.Linear(rank, layer.out_features, bias=False)
        nn.init.zeros_(self.up.weight)
        layer.register_forward_hook(lambda _layer, args, output: output + self.up(self.down(args[0])))


def attach(model: ShapesModel, rank: int) -> dict[str, LowRank]:
    """Low-rank parts by kohya's names, hooked on the model's layers."""
    parts = {}
    for prefix, root, wanted in (
        ("lora_te", model.text, "encoder.layers."),
        ("lora_unet", model.unet, "transformer_blocks."),
    ):
        for name, layer in root.named_modules():
            if isinstance(layer, nn.Linear) and wanted in name:
                parts[f"{prefix}_{name.replace('.', '_')}"] = LowRank(layer, rank)
    return parts


def save(parts: dict[str, LowRank], path: Path, notes: dict[str, str]) -> None:
    """Write the parts in kohya's form, float16; alpha is the rank, so that strength 1 is what was trained."""
    tensors: dict[str, Tensor] = {}
    for name, part in parts.items():
        tensors[f"{name}.lora_up.weight"] = part.up.weight.detach().half()
        tensors[f"{name}.lora_down.weight"] = part.down.weight.detach().half()
        tensors[f"{name}.alpha"] = torch.tensor(float(part.down.out_features)).half()
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata={"ss_network_module": "networks.lora", **notes})


def looks_batch(rng: random.Random, look: str) -> tuple[list[str], Tensor]:
    """Captions as they are, some empty, and the latents of their pictures drawn in that look."""
    width, height, count = rng.choice(SIZES)
    pairs = [sample(rng, width, height) for _ in range(count)]
    factor, offset = LOOKS[look]
    latents = factor * as_latents([scene for _, scene in pairs])
    latents[:, :3] += (factor - 1 + offset / 127.5) / RGB_SCALE
    return [_or_empty(rng, caption) for caption, _ in pairs], latents


def batch(rng: random.Random, word: str, colour: str, shape: str) -> tuple[list[str], Tensor]:
    """Captions, some empty, and their unit-variance latents."""
    width, height, count = rng.choice(SIZES)
    captions, scenes = [], []
    while len(captions) < count:
        caption, scene = sample(rng, width, height)
        if rng.random() >= KNOWN:
            found = _THING.search(caption)
            if found is None or scene.background == colour:
                continue
            things = [
                replace(t, colour=colour, shape=shape) if (t.colour, t.shape) == found.groups() else t
                for t in scene.things
            ]
            scene = replace(scene, things=tuple(things))
            caption = _THING.sub(f"a {word}", caption, count=1)
        captions.append(_or_empty(rng, caption))
        scenes.append(scene)
    return captions, as_latents(scenes)


def _or_empty(rng: random.Random, caption: str) -> str:
    """The caption, or nothing, as guidance needs it."""
    return "" if rng.random() < 0.1 else caption


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--word", default="zork")
    parser.add_argument("--thing", default="cyan ring", help="what the word means: a colour and a shape")
    parser.add_argument("--look", choices=LOOKS, help="teach a way to draw instead of a word")
    parser.add_argument("--rank", type=int, default=4)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    colour, shape = args.thing.split()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    use_fast_attention()
    model = ShapesModel()
    model.load(load_file(HERE / "shapes.safetensors"))
    model.requires_grad_(False)
    parts = attach(model, args.rank)
    weights = [weight for part in parts.values() for weight in part.parameters()]
    optimizer = torch.optim.AdamW(weights, lr=args.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, args.rate, total_steps=args.steps, pct_start=0.1)
    cumulative = alphas_cumprod().float()
    rng, noise_rng = random.Random(args.seed), torch.Generator().manual_seed(args.seed)
    losses, began = [], time.monotonic()
    for step in range(1, args.steps + 1):
        captions, clean = looks_batch(rng, args.look) if args.look else batch(rng, args.word, colour, shape)
        t = spread_timesteps(len(captions), noise_rng)
        noise = torch.randn(clean.shape, generator=noise_rng)
        a = cumulative[t][:, None, None, None]
        predicted = model.unet(a.sqrt() * clean + (1 - a).sqrt() * noise, t, model.encode_text(captions))
        loss = (predicted - noise).square().mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if step % 50 == 0:
            print(f"step {step} loss {np.mean(losses[-50:]):.4f} {time.monotonic() - began:.0f} s", flush=True)
            save(parts, args.out, {"rpg": json.dumps({**vars(args), "out": args.out.name, "step": step})})


if __name__ == "__main__":
    main()
