"""What samplers' latents and outputs stand for: there and back, and the same denoised estimate in both spaces."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lib_rpg.regional.spaces import FlowSpace, SigmaSpace, Space, TimestepSpace

ALPHAS = torch.cumprod(1 - torch.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2, 0)
SEEDS = st.integers(0, 2**31)
TIMESTEPS = st.lists(st.floats(0.0, 999.0), min_size=1, max_size=3)


def picture(seed: int, rows: int) -> torch.Tensor:
    return torch.randn(rows, 4, 3, 5, generator=torch.Generator().manual_seed(seed))


@given(seed=SEEDS, timesteps=TIMESTEPS)
def test_an_output_over_timesteps_comes_back(seed: int, timesteps: list[float]) -> None:
    space, level = TimestepSpace(ALPHAS), torch.tensor(timesteps)
    x, output = picture(seed, len(level)), picture(seed + 1, len(level))
    denoised = space.denoised(output, x, level)
    # A denoised estimate is as much as 1 / sigma more exact than the noise that stands for it.
    error = (space.output(denoised, x, level) - output).abs().amax((1, 2, 3))
    assert (error <= 1e-5 / space.sigma(level).clamp(max=1)).all()


@given(seed=SEEDS, timesteps=TIMESTEPS)
def test_the_noise_in_latents_denoises_them_to_what_they_were_made_of(seed: int, timesteps: list[float]) -> None:
    space, level = TimestepSpace(ALPHAS), torch.tensor(timesteps)
    clean, noise = picture(seed, len(level)), picture(seed + 1, len(level))
    sigma = space.sigma(level)[:, None, None, None]
    x = space.latents(clean + sigma * noise, level)
    alpha = ALPHAS[level.long()][:, None, None, None]
    assert torch.allclose(x, alpha.sqrt() * clean + (1 - alpha).sqrt() * noise, atol=1e-5)
    assert torch.allclose(space.denoised(noise, x, level), clean, atol=1e-4)
    assert torch.allclose(SigmaSpace().latents(clean, level), clean)


@given(seed=SEEDS, levels=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=3))
def test_a_flows_latents_lie_between_the_picture_and_noise(seed: int, levels: list[float]) -> None:
    """At pure noise too, where sigma is large and not infinite."""
    space, level = FlowSpace(), torch.tensor(levels)
    clean, noise = picture(seed, len(level)), picture(seed + 1, len(level))
    x = space.latents(clean + space.sigma(level)[:, None, None, None] * noise, level)
    share = level[:, None, None, None]
    assert torch.allclose(x, (1 - share) * clean + share * noise, atol=1e-3)
    alone = x / space.vp_factor(level)[:, None, None, None]
    sigma = space.sigma(level)[:, None, None, None]
    assert torch.allclose(alone, (clean + sigma * noise) / (1 + sigma * sigma).sqrt(), atol=1e-3)
    assert torch.equal(space.denoised(x, x, level), x) and torch.equal(space.output(x, x, level), x)


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_sigmas_grow_with_timesteps_in_any_dtype(dtype: torch.dtype) -> None:
    space = TimestepSpace(ALPHAS.to(dtype))
    sigma = space.sigma(torch.tensor([0, 1, 250, 500, 998, 999]))
    assert (sigma.diff() > 0).all()
    assert sigma[-1].item() == pytest.approx(14.6, rel=0.1)


def test_a_timestep_before_the_first_is_the_first() -> None:
    """UniPC's last one is below 0 by rounding."""
    space = TimestepSpace(ALPHAS)
    assert torch.equal(space.sigma(torch.tensor([-1e-5])), space.sigma(torch.tensor([0.0])))


@pytest.mark.parametrize("space", [SigmaSpace(), TimestepSpace(ALPHAS)], ids=lambda s: type(s).__name__)
@pytest.mark.parametrize("kinds", [1, 2])
def test_outputs_of_several_kinds_are_of_the_same_latents(space: Space, kinds: int) -> None:
    level = torch.tensor([400.0, 10.0])
    x, outputs = picture(1, 2), torch.stack([picture(2 + k, 2) for k in range(kinds)])
    denoised = space.denoised(outputs, x, level)
    assert denoised.shape == outputs.shape
    for k in range(kinds):
        assert torch.equal(denoised[k], space.denoised(outputs[k], x, level))
    assert torch.allclose(space.output(denoised, x, level), outputs, atol=1e-4)
