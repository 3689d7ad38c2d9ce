"""Repainting with the small ldm UNet and the sandbox's samplers: outside the new cells the latents stay to the bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.regional.replay import Recorder, Replay, put_noise
from tests.regional.reference import CONTEXT_WIDTH

STEPS = 6
SIZE = (16, 24)
SEED = 11
NEW = torch.zeros(SIZE, dtype=torch.bool)
NEW[4:12, 10:22] = True
ALPHAS = torch.cumprod(1 - torch.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2, 0)
SDE = ("sample_dpmpp_sde", "sample_dpmpp_2m_sde", "sample_dpmpp_3m_sde")
K_SAMPLERS = (
    *("sample_euler", "sample_euler_ancestral", "sample_heun", "sample_lms", "sample_dpm_2"),
    *("sample_dpm_2_ancestral", "sample_dpmpp_2s_ancestral", "sample_dpmpp_2m", "sample_lcm", *SDE),
)
SAMPLERS = (*K_SAMPLERS, "ddim", "plms", "unipc")


def text(seed: int) -> Tensor:
    return torch.randn(1, 7, CONTEXT_WIDTH, generator=torch.Generator().manual_seed(seed))


def start() -> Tensor:
    return torch.randn(1, 4, *SIZE, generator=torch.Generator().manual_seed(SEED))


Stage = Callable[[int, Tensor], Tensor]


def run(sampler: str, unet: nn.Module, x: Tensor, words: Tensor, stage: Stage) -> list[Tensor]:
    """The latents after each step; the noise of the steps is always the same."""
    from modules import ddim_sampling, k_sampling, k_sampling_sde, sd_schedulers, unipc_sampling
    from modules.k_denoiser import CompVisDenoiser

    model = SimpleNamespace(alphas_cumprod=ALPHAS, apply_model=lambda x, t, cond: unet(x, t, context=cond))
    over_timesteps = sampler in ("ddim", "plms", "unipc")
    denoise = model.apply_model if over_timesteps else CompVisDenoiser(model)
    states: list[Tensor] = []
    count = 0

    def denoiser(x: Tensor, level: Tensor) -> Tensor:
        nonlocal count
        output = stage(count, denoise(x, level, cond=words)[None])[0]
        count += 1
        return output

    denoiser.inner_model = SimpleNamespace(inner_model=model)  # type: ignore[attr-defined]
    generator = torch.Generator().manual_seed(5)
    noise: Any = lambda: torch.randn(x.shape, generator=generator)  # noqa: E731
    module = next(m for m in (k_sampling, k_sampling_sde, ddim_sampling, unipc_sampling) if hasattr(m, sampler))
    levels = torch.arange(0, 1000, 1000 // STEPS) + 1 if over_timesteps else sd_schedulers.karras(STEPS, 0.03, 14.6)
    if sampler in SDE:
        noise = k_sampling_sde.BrownianNoise(x, levels[levels > 0].min(), levels.max(), [SEED])
    x = x.clone() if over_timesteps else x * levels[0]
    last = getattr(module, sampler)(denoiser, x, levels, {}, lambda d: states.append(d["x"].clone()), noise)
    return [*states, last]


@pytest.fixture
def recorded(unet: nn.Module, request: pytest.FixtureRequest) -> Iterator[tuple[str, Recorder, list[Tensor]]]:
    """A sampler, what it was given for the picture's own words, and its latents."""
    sampler = request.param
    if sampler in SDE:
        pytest.importorskip("torchsde")
    recorder = Recorder()

    def record(_: int, outputs: Tensor) -> Tensor:
        recorder.add(outputs)
        return outputs

    yield sampler, recorder, run(sampler, unet, start(), text(1), record)


@pytest.mark.parametrize("recorded", SAMPLERS, indirect=True)
def test_outside_the_new_cells_the_latents_are_the_pictures_own_to_the_bit(
    recorded: tuple[str, Recorder, list[Tensor]], unet: nn.Module
) -> None:
    sampler, recorder, own = recorded
    replay = Replay(recorder.of(0), NEW)
    x = start()
    put_noise(x, start()[0], NEW, [99])
    made = run(sampler, unet, x, text(2), replay.put)
    assert len(made) == len(own)
    for mine, right in zip(made, own, strict=True):
        assert torch.equal(mine[..., ~NEW], right[..., ~NEW])
    assert (made[-1][..., NEW] - own[-1][..., NEW]).abs().mean() > 0.01


@pytest.mark.parametrize("recorded", ["sample_euler_ancestral"], indirect=True)
def test_the_same_words_and_noise_give_the_picture_again(
    recorded: tuple[str, Recorder, list[Tensor]], unet: nn.Module
) -> None:
    sampler, recorder, own = recorded
    made = run(sampler, unet, start(), text(1), Replay(recorder.of(0), NEW).put)
    assert all(torch.equal(*pair) for pair in zip(made, own, strict=True))


def test_the_noise_is_new_in_the_new_cells_alone_and_by_its_seed() -> None:
    own = start()[0]
    noise = torch.zeros(2, *own.shape)
    put_noise(noise, own, NEW, [1, 2])
    assert torch.equal(noise[:, :, ~NEW], own[:, ~NEW].expand(2, -1, -1))
    assert not torch.equal(noise[0], noise[1])
    again = torch.zeros(1, *own.shape)
    put_noise(again, own, NEW, [2])
    assert torch.equal(again[0], noise[1])


def test_a_sampler_that_goes_on_longer_than_the_trace_is_refused() -> None:
    replay = Replay(torch.zeros(2, 1, 4, *SIZE), NEW)
    with pytest.raises(RpgError, match=r"evaluation 3 and the picture's trace has 2: repaint with the picture's own"):
        replay.put(2, torch.zeros(1, 1, 4, *SIZE))
