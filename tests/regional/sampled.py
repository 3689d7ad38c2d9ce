"""The small ldm UNet as a denoiser with guidance, the sandbox's samplers on it, and hard binding between the two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.regional.binding import HardBinding, Moment, PlacedObject
from lib_rpg.regional.latent_rects import Rect
from lib_rpg.regional.spaces import SigmaSpace, Space, TimestepSpace
from tests.regional.reference import CONTEXT_WIDTH

STEPS = 6
BOUND = 3
SCALE = 3.0
CHANNELS = 4
SIZE = (16, 24)
"""Height and width of a picture's latents."""
TIMESTEPS = ("ddim", "plms", "unipc")
SECOND_ORDER = ("sample_dpm_2", "sample_heun")
ALPHAS = torch.cumprod(1 - torch.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2, 0)


def text(seed: int) -> Tensor:
    """Conditioning (1, 7, width)."""
    return torch.randn(1, 7, CONTEXT_WIDTH, generator=torch.Generator().manual_seed(seed))


def noise(seed: int, height: int, width: int) -> Tensor:
    return torch.randn(1, CHANNELS, height, width, generator=torch.Generator().manual_seed(seed))


class Guided:
    """A denoiser with guidance; ``calls`` has the shape of each batch that went through the UNet."""

    def __init__(self, unet: nn.Module, sampler: str) -> None:
        from modules.k_denoiser import CompVisDenoiser

        self.calls: list[torch.Size] = []
        model = SimpleNamespace(alphas_cumprod=ALPHAS, apply_model=lambda x, t, cond: unet(x, t, context=cond))
        self.over_timesteps = sampler in TIMESTEPS
        self._denoise = model.apply_model if self.over_timesteps else CompVisDenoiser(model)
        self.space: Space = TimestepSpace(ALPHAS) if self.over_timesteps else SigmaSpace()

    def __call__(self, x: Tensor, level: Tensor, cond: Tensor) -> Tensor:
        """(2, B, C, H, W): with guidance and without."""
        self.calls.append(x.shape)
        uncond = text(0).expand(len(x), -1, -1)
        made = self._denoise(x.repeat(2, 1, 1, 1), level.repeat(2), cond=torch.cat([cond, uncond]))
        positive, negative = made.chunk(2)
        return torch.stack([negative + SCALE * (positive - negative), negative])


@dataclass
class Run:
    """What a sampler did: its latents at the start of each step, and at each evaluation the latents and the output."""

    states: list[Tensor] = field(default_factory=list)
    evaluations: list[tuple[Tensor, Tensor]] = field(default_factory=list)


Model = Callable[[int, Tensor, Tensor], Tensor]
"""From the number of the evaluation, the sampler's latents, which it may change, and their levels to the output."""


def sample(sampler: str, start: Tensor, model: Model) -> Run:
    """Run a sampler of the sandbox from noise of variance 1. It draws no noise of its own."""
    from modules import ddim_sampling, k_sampling, sd_schedulers, unipc_sampling

    run = Run()

    def denoiser(x: Tensor, level: Tensor) -> Tensor:
        output = model(len(run.evaluations), x, level)
        run.evaluations.append((x.clone(), output))
        return output

    denoiser.inner_model = SimpleNamespace(inner_model=SimpleNamespace(alphas_cumprod=ALPHAS))  # type: ignore[attr-defined]
    over_timesteps = sampler in TIMESTEPS
    module = k_sampling if not over_timesteps else unipc_sampling if sampler == "unipc" else ddim_sampling
    if over_timesteps:
        levels = torch.arange(0, 1000, 1000 // STEPS) + 1
        x = start.clone()
    else:
        levels = sd_schedulers.karras(STEPS, 0.03, 14.6)
        x = start * levels[0]
    if over_timesteps:  # they call back behind a step, the others before its end
        run.states.append(x.clone())
    getattr(module, sampler)(
        denoiser, x, levels, {}, lambda d: run.states.append(d["x"].clone()), lambda: torch.zeros_like(start)
    )
    return run


def place(rect: Rect, *, picture: int = 0, share: float = BOUND / STEPS, weight: float | Tensor = 1.0, **fields: Any):
    """An object of the exact mode, unless ``fields`` say otherwise."""
    shares = weight if isinstance(weight, Tensor) else torch.full((rect.height, rect.width), weight)
    given = {"canvas": None, "sigma": 0.0, "seed": 0, **fields}
    return PlacedObject(picture, rect, shares, steps=share, **given)


def bound_model(
    guided: Guided, sampler: str, objects: Sequence[PlacedObject], texts: Sequence[Tensor], pictures: Tensor
) -> Model:
    """The denoiser of ``pictures``' conditioning (B, …) with objects bound, each with its own text."""
    binding = HardBinding(objects, guided.space)
    calls_a_step = 2 if sampler in SECOND_ORDER else 1

    def evaluate(numbers: Sequence[int], x: Tensor, level: Tensor) -> Tensor:
        return guided(x, level, torch.cat([texts[i] for i in numbers]))[:1]

    def model(number: int, x: Tensor, level: Tensor) -> Tensor:
        output = guided(x, level, pictures)[:1]
        bound = binding.bound(Moment(number // calls_a_step, STEPS), level)
        return binding.bind(bound, x, level, output, None, evaluate)[0] if bound else output[0]

    return model
