"""Train the shapes model on the CPU: `python train.py OUT`, resumable, settings in train.json beside this file.

Noise prediction with Stable Diffusion's schedule; UNet and text encoder train together. The learning rate falls to zero
at a fixed time of day, for on a shared machine steps are not what is known beforehand.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import time
from datetime import datetime
from pathlib import Path

import numpy as np
import torch
from data import render, sample
from model import HERE, RGB_SCALE, TIMESTEPS, ShapesModel, alphas_cumprod, use_fast_attention
from safetensors.torch import load_file, save_file
from torch import Tensor


def latents(rng: random.Random, width: int, height: int, batch: int) -> tuple[list[str], Tensor]:
    """Captions and unit-variance latents (batch, 4, height / 8, width / 8): RGB averaged 8x, the fourth channel 0."""
    captions, pictures = [], []
    for _ in range(batch):
        caption, scene = sample(rng, width, height)
        captions.append(caption)
        pictures.append(np.asarray(render(scene).reduce(8), np.float32))
    rgb = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2) / 127.5 - 1
    return captions, torch.nn.functional.pad(rgb / RGB_SCALE, (0, 0, 0, 0, 0, 1))


def rate(settings: dict, begun: float, now: float) -> float:
    """Learning rate at a time (unix seconds): a linear rise, a level stretch, a cosine fall to zero at the end."""
    end = datetime.fromisoformat(settings["end"]).timestamp()
    done = (now - begun) / max(end - begun, 1.0)
    rise, fall = settings["rise"], settings["fall"]
    if done < rise:
        return settings["rate"] * done / rise
    if done < fall:
        return settings["rate"]
    return settings["rate"] * 0.5 * (1 + math.cos(math.pi * min((done - fall) / (1 - fall), 1.0)))


def main() -> None:
    """Run or resume the training until the settings' end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder of the running checkpoint, outside the repository")
    parser.add_argument("--settings", type=Path, default=HERE / "train.json")
    parser.add_argument("--text-encoder", type=Path, default=HERE / "text-encoder")
    args = parser.parse_args()
    settings = json.loads(args.settings.read_text())
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(settings["threads"])
    use_fast_attention()

    model = ShapesModel(args.text_encoder)
    state_file = args.out / "state.pt"
    begun, step = time.time(), 0
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=settings["rate"], betas=(0.9, 0.99), weight_decay=settings["weight_decay"]
    )
    if state_file.exists():
        state = torch.load(state_file)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average, begun, step = state["average"], state["begun"], state["step"]
    else:
        if settings["start"]:
            model.load(load_file(settings["start"]))
        average = {k: v.detach().clone() for k, v in model.named_parameters()}
    model.to(memory_format=torch.channels_last)
    parameters = dict(model.named_parameters())

    cumulative = alphas_cumprod().float()
    variance = (1 - cumulative) / cumulative  # sigma squared
    weights = (1 + variance) / (1 + variance / settings["weight_limit"])
    rng, noise_rng = random.Random(settings["seed"] + step), torch.Generator().manual_seed(settings["seed"] + step)
    sizes = settings["sizes"]
    losses, saved, log = [], time.time(), (args.out / "loss.csv").open("a")
    if step == 0:
        log.write("step,seconds,rate,loss,weighted\n")

    def save() -> None:
        state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "average": average}
        torch.save(state | {"begun": begun, "step": step}, state_file.with_suffix(".new"))
        state_file.with_suffix(".new").replace(state_file)
        # The text encoder's tied names are the model's own; `checkpoint` reads the averaged weights in their place.
        kept = {k: v.detach().clone() for k, v in parameters.items()}
        with torch.no_grad():
            for k, v in parameters.items():
                v.copy_(average[k])
            named = {k: v.half().contiguous() for k, v in model.checkpoint().items() if v.is_floating_point()}
            for k, v in parameters.items():
                v.copy_(kept[k])
        save_file(named, str(args.out / f"ema-{step:06d}.safetensors"))

    end = datetime.fromisoformat(settings["end"]).timestamp()
    while time.time() < end:
        size = rng.choices(sizes, [s["share"] for s in sizes])[0]
        width, height = size["width"], size["height"]
        captions, clean = latents(rng, width, height, size["batch"])
        captions = ["" if rng.random() < settings["empty"] else caption for caption in captions]
        batch = len(captions)
        # One time step from each of `batch` equal parts of the schedule: less variance than independent draws.
        t = (torch.arange(batch) + torch.rand(batch, generator=noise_rng)) * TIMESTEPS / batch
        t = t.long().clamp(max=TIMESTEPS - 1)
        noise = torch.randn(clean.shape, generator=noise_rng)
        a = cumulative[t][:, None, None, None]
        noisy = a.sqrt() * clean + (1 - a).sqrt() * noise
        for group in optimiser.param_groups:
            group["lr"] = rate(settings, begun, time.time())
        predicted = model.unet(noisy.to(memory_format=torch.channels_last), t, model.encode_text(captions))
        error = (predicted - noise).square().mean((1, 2, 3))
        loss = (error * weights[t]).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), settings["clip"])
        optimiser.step()
        step += 1
        decay = min(settings["average"], (1 + step) / (10 + step))
        with torch.no_grad():
            for k, v in parameters.items():
                average[k].lerp_(v, 1 - decay)
        losses.append((error.mean().item(), loss.item()))
        if step % settings["log_every"] == 0:
            plain, weighted = np.mean(losses, 0)
            lr = optimiser.param_groups[0]["lr"]
            log.write(f"{step},{time.time() - begun:.0f},{lr:.2e},{plain:.5f},{weighted:.5f}\n")
            log.flush()
            losses = []
        if time.time() - saved > settings["save_seconds"]:
            save()
            saved = time.time()
    save()


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    main()
