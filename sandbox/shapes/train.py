"""Train the shapes model on the CPU: `python -m sandbox.shapes.train OUT`, resumable, settings in train.json.

Noise prediction with Stable Diffusion's schedule; UNet and text encoder train together. The learning rate falls to zero
at a fixed time of day, for on a shared machine the number of steps is not known beforehand.

Workers of one thread each take a share of every batch, then each applies AdamW to a share of the weights. They wait for
each other asleep; torch's own threads wait spinning, which on a busy machine takes the core from who needs it.
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
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.multiprocessing import get_context

from .data import Scene, render, sample
from .model import HERE, RGB_SCALE, TIMESTEPS, ShapesModel, alphas_cumprod, use_fast_attention

STATE, LOSSES = "state.pt", "loss.csv"
# The state's tensors that have a number for each weight.
LONG = ("weights", "average", "mean", "square")


def main() -> None:
    """Run or resume a training until the settings' end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder of the running checkpoint, outside the repository")
    parser.add_argument("--settings", type=Path, default=HERE / "train.json")
    args = parser.parse_args()
    settings = json.loads(args.settings.read_text())
    args.out.mkdir(parents=True, exist_ok=True)
    if (args.out / STATE).exists():
        state = torch.load(args.out / STATE)
    else:
        model = ShapesModel()
        if settings["start"]:
            model.load(load_file(settings["start"]))
        weights = as_one(model)
        zeros = torch.zeros(2, len(weights))
        state = {"weights": weights, "average": weights.clone(), "mean": zeros[0].clone(), "square": zeros[1].clone()}
        # Counters: steps done, time begun, then sums since the last line of the log: loss, weighted loss, steps.
        state["counters"] = torch.tensor([0, time.time(), 0, 0, 0], dtype=torch.float64)
        (args.out / LOSSES).write_text("step,seconds,rate,loss,weighted\n")
    for value in state.values():
        value.share_memory_()
    count = settings["workers"]
    # What the workers send each other in a step: gradients, losses, and the time by the first one's clock.
    talk = {"gradients": torch.zeros(count, len(state["weights"])), "losses": torch.zeros(count, 2)}
    talk["now"] = torch.tensor(time.time(), dtype=torch.float64)
    for value in talk.values():
        value.share_memory_()
    context = get_context("spawn")
    shared = (settings, args.out, state, talk, context.Barrier(count))
    workers = [context.Process(target=work, args=(rank, *shared)) for rank in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    save(state, args.out)


def work(rank: int, settings: dict, out: Path, state: dict[str, Tensor], talk: dict[str, Tensor], barrier) -> None:
    """One worker: steps until the end; the first one also keeps the log and saves."""
    torch.set_num_threads(1)
    use_fast_attention()
    model = ShapesModel()
    weights = as_one(model)
    gradient = talk["gradients"][rank]
    for parameter, view in zip(model.parameters(), pieces(model, gradient), strict=True):
        parameter.grad = view
    counters, count = state["counters"], settings["workers"]
    bounds = [len(weights) * i // count for i in range(count + 1)]
    mine = slice(bounds[rank], bounds[rank + 1])
    cumulative = alphas_cumprod().float()
    variance = (1 - cumulative) / cumulative  # sigma squared
    weighting = (1 + variance) / (1 + variance / settings["weight_limit"])
    end, saved = datetime.fromisoformat(settings["end"]).timestamp(), time.time()
    step, now = int(counters[0]), float(talk["now"])
    while now < end:
        step += 1
        size_rng, rng = random.Random(f"{settings['seed']} {step}"), random.Random(f"{settings['seed']} {step} {rank}")
        noise_rng = torch.Generator().manual_seed((settings["seed"] * 1_000_003 + step) * count + rank)
        weights.copy_(state["weights"])
        gradient.zero_()
        captions, clean = latents(size_rng, rng, settings)
        t = spread_timesteps(len(captions), noise_rng)
        noise = torch.randn(clean.shape, generator=noise_rng)
        a = cumulative[t][:, None, None, None]
        noisy = (a.sqrt() * clean + (1 - a).sqrt() * noise).to(memory_format=torch.channels_last)
        error = (model.unet(noisy, t, model.encode_text(captions)) - noise).square().mean((1, 2, 3))
        loss = (error * weighting[t]).mean()
        loss.backward()
        gradient *= min(1.0, settings["clip"] / gradient.norm().item())
        talk["losses"][rank] = torch.tensor([error.mean().item(), loss.item()])
        if rank == 0:
            talk["now"].fill_(time.time())
        barrier.wait()
        now = float(talk["now"])
        lr = rate(settings, float(counters[1]), now)
        adamw({k: state[k][mine] for k in LONG}, talk["gradients"][:, mine].mean(0), step, lr, settings)
        barrier.wait()
        if rank == 0:
            counters[0] = step
            counters[2:] += torch.cat([talk["losses"].mean(0).double(), torch.ones(1)])
            if step % settings["log_every"] == 0:
                plain, weighted = (counters[2:4] / counters[4]).tolist()
                with (out / LOSSES).open("a") as log:
                    log.write(f"{step},{now - float(counters[1]):.0f},{lr:.2e},{plain:.5f},{weighted:.5f}\n")
                counters[2:] = 0
            if now - saved > settings["save_seconds"]:
                save(state, out)
                saved = now


def adamw(part: dict[str, Tensor], gradient: Tensor, step: int, lr: float, settings: dict) -> None:
    """One step of AdamW (Loshchilov and Hutter) in place on a part of the state, and of the weights' moving average."""
    part["mean"].lerp_(gradient, 1 - 0.9)
    part["square"].mul_(0.99).addcmul_(gradient, gradient, value=1 - 0.99)
    size = (part["square"] / (1 - 0.99**step)).sqrt_().add_(1e-8)
    part["weights"].mul_(1 - lr * settings["weight_decay"])
    part["weights"].addcdiv_(part["mean"], size, value=-lr / (1 - 0.9**step))
    decay = min(settings["average"], (1 + step) / (10 + step))
    part["average"].lerp_(part["weights"], 1 - decay)


def pieces(model: ShapesModel, flat: Tensor) -> list[Tensor]:
    """Views of one long tensor as the model's parameters; convolution weights lie in it channels last."""
    views, start = [], 0
    for parameter in model.parameters():
        part = flat[start : start + parameter.numel()]
        start += parameter.numel()
        if parameter.dim() == 4:
            outputs, inputs, height, width = parameter.shape
            views.append(part.view(outputs, height, width, inputs).permute(0, 3, 1, 2))
        else:
            views.append(part.view(parameter.shape))
    return views


def as_one(model: nn.Module) -> Tensor:
    """Make a model's parameters views of one long tensor, and return it; its values are the caller's to set."""
    flat = torch.empty(sum(p.numel() for p in model.parameters()))
    for parameter, view in zip(model.parameters(), pieces(model, flat), strict=True):
        view.copy_(parameter.detach())
        parameter.data = view
    return flat


def latents(size_rng: random.Random, rng: random.Random, settings: dict) -> tuple[list[str], Tensor]:
    """One worker's share of a batch: captions, some empty, and unit-variance latents (batch, 4, height / 8, width / 8),
    which are RGB averaged over 8 x 8 pixels and a fourth channel of zeros. All workers draw the same size."""
    size = size_rng.choices(settings["sizes"], [s["share"] for s in settings["sizes"]])[0]
    captions, scenes = [], []
    for _ in range(size["batch"] // settings["workers"]):
        caption, scene = sample(rng, size["width"], size["height"])
        captions.append("" if rng.random() < settings["empty"] else caption)
        scenes.append(scene)
    return captions, as_latents(scenes)


def as_latents(scenes: list[Scene]) -> Tensor:
    """The scenes' unit-variance latents (batch, 4, height / 8, width / 8); all are of one size."""
    pictures = [np.asarray(render(scene).reduce(8), np.float32) for scene in scenes]
    rgb = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2) / 127.5 - 1
    return nn.functional.pad(rgb / RGB_SCALE, (0, 0, 0, 0, 0, 1))


def spread_timesteps(batch: int, generator: torch.Generator) -> Tensor:
    """One random time step from each of `batch` equal parts of the schedule: less variance than independent draws."""
    t = (torch.arange(batch) + torch.rand(batch, generator=generator)) * TIMESTEPS / batch
    return t.long().clamp(max=TIMESTEPS - 1)


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


def save(state: dict[str, Tensor], out: Path) -> None:
    """Write the state to resume from, and the averaged weights under their Stable Diffusion names, float16."""
    torch.save(state, out / f"{STATE}.new")
    (out / f"{STATE}.new").replace(out / STATE)
    model = ShapesModel()
    as_one(model).copy_(state["average"])
    named = {k: v.half().contiguous() for k, v in model.checkpoint().items() if v.is_floating_point()}
    save_file(named, str(out / f"ema-{int(state['counters'][0]):06d}.safetensors"))


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    main()
