"""Measure a checkpoint of the shapes model on single things: `python -m sandbox.shapes.evaluate WEIGHTS`.

Draws captions of one thing each, every colour and shape in turn, with a small sampler of its own, reads the pictures
back with the detector, and prints how often colour, shape, place and count are right.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

from .data import BACKGROUNDS, COLOURS, PLACES, SHAPES, article
from .detector import detect
from .model import SCALE_FACTOR, TIMESTEPS, ShapesModel, alphas_cumprod, use_fast_attention
from .vae import ShapesVae


@torch.no_grad()
def draw(model: ShapesModel, captions: list[str], size: tuple[int, int], steps: int, scale: float, seed: int) -> Tensor:
    """Unit-variance latents (batch, 4, height / 8, width / 8) for pictures of size (width, height) in pixels, by
    ancestral sampling (DDIM with eta 1) with classifier-free guidance `scale`."""
    noise = torch.Generator().manual_seed(seed)
    x = torch.randn(len(captions), 4, size[1] // 8, size[0] // 8, generator=noise)
    context = torch.cat([model.encode_text(captions), model.encode_text([""] * len(captions))])
    cumulative = torch.cat([alphas_cumprod().float(), torch.ones(1)])
    times = torch.linspace(TIMESTEPS - 1, 0, steps + 1).round().long().tolist()
    for now, later in zip(times[:-1], [*times[1:-1], TIMESTEPS], strict=True):
        a, b = cumulative[now], cumulative[later]
        cond, uncond = model.unet(torch.cat([x, x]), torch.full((2 * len(x),), now), context).chunk(2)
        noise_now = uncond + scale * (cond - uncond)
        clean = (x - (1 - a).sqrt() * noise_now) / a.sqrt()
        fresh = (1 - b) / (1 - a) * (1 - a / b)  # the variance that is drawn again
        x = b.sqrt() * clean + (1 - b - fresh).sqrt() * noise_now
        x += fresh.sqrt() * torch.randn(x.shape, generator=noise)
    return x


def pictures(vae: ShapesVae, latents: Tensor) -> list[Image.Image]:
    """RGB images of unit-variance latents."""
    with torch.no_grad():
        rgb = ((vae.decode(latents / SCALE_FACTOR).clamp(-1, 1) + 1) * 127.5).round().byte()
    return [Image.fromarray(image.permute(1, 2, 0).numpy()) for image in rgb]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--count", type=int, default=40, help="pictures; 40 show each colour and shape together once")
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--height", type=int, default=128)
    parser.add_argument("--steps", type=int, default=15)
    parser.add_argument("--scale", type=float, default=3.0)
    parser.add_argument("--form", choices=("mixed", "bare"), default="mixed", help="mixed adds places and backgrounds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sheet", type=Path, help="write the pictures side by side to this file")
    args = parser.parse_args()
    torch.set_num_threads(1)
    use_fast_attention()
    model, vae = ShapesModel(), ShapesVae()
    model.load(load_file(str(args.weights)))
    rng = random.Random(args.seed)
    kinds = [(colour, shape) for colour in COLOURS for shape in SHAPES]
    wanted, captions = [], []
    for index in range(args.count):
        colour, shape = kinds[index % len(kinds)]
        caption, area = f"{article(colour)} {colour} {shape}", (0.0, 0.0, 1.0, 1.0)
        if args.form == "mixed" and rng.random() < 0.5:
            words, area = rng.choice(PLACES)
            caption += f" {words[0]}"
        if args.form == "mixed" and rng.random() < 0.5:
            caption += f", {rng.choice(list(BACKGROUNDS))} background"
        wanted.append((colour, shape, area))
        captions.append(caption)
    images = []
    for start in range(0, args.count, 8):
        part = captions[start : start + 8]
        latents = draw(model, part, (args.width, args.height), args.steps, args.scale, args.seed * 1000 + start)
        images += pictures(vae, latents)
    right, wrong = Counter(), []
    for caption, (colour, shape, area), image in zip(captions, wanted, images, strict=True):
        found = detect(image)
        one = found[0] if len(found) == 1 else None
        x, y = one.centre if one else (-1.0, -1.0)
        facts = {
            "count": one is not None,
            "colour": any(thing.colour == colour for thing in found),
            "shape": any(thing.shape == shape for thing in found),
            "place": area[0] <= x <= area[2] and area[1] <= y <= area[3],
        }
        facts["all"] = one is not None and (one.colour, one.shape) == (colour, shape) and facts["place"]
        right.update(name for name, true in facts.items() if true)
        if not facts["all"]:
            wrong.append(f"{caption}: {', '.join(f'{t.colour} {t.shape}' for t in found) or 'nothing'}")
    print(" ".join(f"{name} {right[name]}/{args.count}" for name in ("count", "colour", "shape", "place", "all")))
    print("\n".join(wrong))
    if args.sheet:
        sheet = Image.new("RGB", (8 * args.width, -(-args.count // 8) * args.height))
        for index, image in enumerate(images):
            sheet.paste(image, (index % 8 * args.width, index // 8 * args.height))
        sheet.save(args.sheet)


if __name__ == "__main__":
    main()
