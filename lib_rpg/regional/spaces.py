"""What a sampler's latents and a denoiser's output stand for, in the terms of k-diffusion.

k-diffusion: x = x0 + sigma * n, and the denoiser gives the denoised estimate of x0. Samplers over timesteps (DDIM,
PLMS, UniPC): x = sqrt(a) * x0 + sqrt(1 - a) * n with a = alphas_cumprod[t], and the denoiser gives the noise n.
Flow matching (Flux): x = (1 - s) * x0 + s * n with s from 1 to 0, and the denoiser gives the denoised estimate of x0.
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor


class Space(Protocol):
    """The latents of one kind of sampler. ``level`` is what the sampler hands over: (B,), sigmas or timesteps."""

    def sigma(self, level: Tensor) -> Tensor:
        """The levels as sigmas, (B,)."""
        ...

    def vp_factor(self, level: Tensor, /) -> Tensor:
        """The sampler's own latents over variance-preserving ones, sqrt(a) * x0 + sqrt(1 - a) * n: a factor, (B,)."""
        ...

    def latents(self, x: Tensor, level: Tensor, /) -> Tensor:
        """The sampler's own latents for x = x0 + sigma * n, (B, C, H, W)."""
        ...

    def denoised(self, output: Tensor, x: Tensor, level: Tensor, /) -> Tensor:
        """The denoised estimate that the denoiser's output for the sampler's latents x stands for."""
        ...

    def output(self, denoised: Tensor, x: Tensor, level: Tensor, /) -> Tensor:
        """The output that stands for a denoised estimate; the inverse of `denoised`."""
        ...


class SigmaSpace:
    """k-diffusion's, where all of it is as it comes."""

    def sigma(self, level: Tensor) -> Tensor:
        """As `Space.sigma`."""
        return level

    def vp_factor(self, level: Tensor) -> Tensor:
        """As `Space.vp_factor`: sqrt(1 + sigma^2)."""
        return (1 + level * level).sqrt()

    def latents(self, x: Tensor, _level: Tensor) -> Tensor:
        """As `Space.latents`."""
        return x

    def denoised(self, output: Tensor, _x: Tensor, _level: Tensor) -> Tensor:
        """As `Space.denoised`."""
        return output

    def output(self, denoised: Tensor, _x: Tensor, _level: Tensor) -> Tensor:
        """As `Space.output`."""
        return denoised


_PURE_NOISE = 1e-4
"""What is left of the picture at the level 1 of a flow, so that its sigma is finite."""


class FlowSpace:
    """That of flow matching: latents over its share of the picture are k-diffusion's with sigma = s / (1 - s)."""

    def sigma(self, level: Tensor) -> Tensor:
        """As `Space.sigma`."""
        return (1 - self._share(level)) / self._share(level)

    def vp_factor(self, level: Tensor) -> Tensor:
        """As `Space.vp_factor`: sqrt((1 - s)^2 + s^2)."""
        return (self._share(level) ** 2 + (1 - self._share(level)) ** 2).sqrt()

    def latents(self, x: Tensor, level: Tensor) -> Tensor:
        """As `Space.latents`."""
        return x * self._share(level).to(x)[:, None, None, None]

    def denoised(self, output: Tensor, _x: Tensor, _level: Tensor) -> Tensor:
        """As `Space.denoised`."""
        return output

    def output(self, denoised: Tensor, _x: Tensor, _level: Tensor) -> Tensor:
        """As `Space.output`."""
        return denoised

    def _share(self, level: Tensor) -> Tensor:
        """That of the picture in the latents, (B,)."""
        return (1 - level.float()).clamp_min(_PURE_NOISE)


class TimestepSpace:
    """That of samplers over timesteps. alphas: the checkpoint's alphas_cumprod, (T,), in any dtype."""

    def __init__(self, alphas: Tensor) -> None:
        self._alphas = alphas

    def sigma(self, level: Tensor) -> Tensor:
        """As `Space.sigma`: sqrt((1 - a) / a)."""
        alpha = self._alpha(level)
        return ((1 - alpha) / alpha).sqrt().flatten()

    def vp_factor(self, level: Tensor) -> Tensor:
        """As `Space.vp_factor`: these are such latents."""
        return torch.ones_like(level, dtype=torch.float32)

    def latents(self, x: Tensor, level: Tensor) -> Tensor:
        """As `Space.latents`."""
        return x * self._alpha(level).sqrt()

    def denoised(self, output: Tensor, x: Tensor, level: Tensor) -> Tensor:
        """As `Space.denoised`."""
        alpha = self._alpha(level)
        return (x - (1 - alpha).sqrt() * output) / alpha.sqrt()

    def output(self, denoised: Tensor, x: Tensor, level: Tensor) -> Tensor:
        """As `Space.output`."""
        alpha = self._alpha(level)
        return (x - alpha.sqrt() * denoised) / (1 - alpha).sqrt()

    def _alpha(self, level: Tensor) -> Tensor:
        """(B, 1, 1, 1)."""
        return self._alphas.to(level.device)[level.to(torch.int64).clamp_min(0)].float()[:, None, None, None]
