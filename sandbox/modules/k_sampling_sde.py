"""Samplers of the diffusion's stochastic differential equation, and their noise; they need torchsde.

They are as those of `k_sampling`, but their noise belongs to a stretch of levels: `noise(here, there)`.

Sources: SDE-DPM-Solver++ of Lu et al. 2022, "DPM-Solver++", arXiv 2211.01095, section 5 and appendix B; eta scales its
noise as in Gonzalez et al. 2023, "SEEDS", arXiv 2305.14267. With h the step in -log sigma, a step is the exponential
integrator x <- exp(-(1 + eta) h) x + (1 - exp(-(1 + eta) h)) D + noise, with D of first, second or third order.
"""

import importlib.util
from itertools import pairwise

import torch
from modules.k_sampling import ancestral_step

IS_AVAILABLE = importlib.util.find_spec("torchsde") is not None


class BrownianNoise:
    """Brownian motion over the levels, a path for each picture: the noise of a stretch is the same however often and
    in whatever parts it is asked for."""

    def __init__(self, x, low, high, seeds):
        """x: latents (batch, 4, h, w). low, high: the least level above 0 and the greatest. seeds: one a picture."""
        import torchsde

        self.low, self.high = low, high
        self.paths = [torchsde.BrownianTree(low, torch.zeros_like(x[0]), high, entropy=int(seed)) for seed in seeds]

    def __call__(self, here, there):
        """Noise of variance 1, (batch, 4, h, w), for the step from a level down to another."""
        below, above = there.clamp(min=self.low), here.clamp(max=self.high)
        moved = torch.stack([path(below, above) for path in self.paths])
        return -moved / (here - there) ** 0.5


def _call(model, x, sigma, extra_args):
    return model(x, sigma * x.new_ones(x.shape[0]), **extra_args)


@torch.no_grad()
def sample_dpmpp_sde(model, x, sigmas, extra_args, callback, noise, eta=1.0, s_noise=1.0):
    """SDE-DPM-Solver++(2S): two model calls a step but the last, the second at the geometric mean of its levels."""
    for i in range(len(sigmas) - 1):
        here, there = sigmas[i], sigmas[i + 1]
        denoised = _call(model, x, here, extra_args)
        callback({"x": x, "i": i, "sigma": here, "sigma_hat": here, "denoised": denoised})
        if there > 0:
            # By way of -log sigma, as Brownian noise is another one where a level is rounded in another way.
            t, t_next = -here.log(), -there.log()
            here, middle, there = ((-each).exp() for each in (t, t + (t_next - t) / 2, t_next))
            down, up = ancestral_step(here, middle, eta)
            between = torch.lerp(denoised, x, down / here) + noise(here, middle) * s_noise * up
            denoised = _call(model, between, middle, extra_args)
        down, up = ancestral_step(here, there, eta)
        x = torch.lerp(denoised, x, down / here)
        if there > 0:
            x = x + noise(here, there) * s_noise * up
    return x


def _sde_step(x, estimate, here, there, noise, eta, s_noise):
    """x at the next level, above 0, where the denoised latents stay what is estimated."""
    x = torch.lerp(estimate, x, (there / here) ** (1 + eta))
    if eta:
        x = x + noise(here, there) * there * (1 - (there / here) ** (2 * eta)) ** 0.5 * s_noise
    return x


@torch.no_grad()
def sample_dpmpp_2m_sde(model, x, sigmas, extra_args, callback, noise, eta=1.0, s_noise=1.0):
    """SDE-DPM-Solver++(2M), the midpoint form: second order from the step before."""
    before, h_before = None, None
    for i in range(len(sigmas) - 1):
        here, there = sigmas[i], sigmas[i + 1]
        denoised = _call(model, x, here, extra_args)
        callback({"x": x, "i": i, "sigma": here, "sigma_hat": here, "denoised": denoised})
        if there == 0:
            return denoised
        h = (here / there).log()
        estimate = denoised if before is None else denoised + (denoised - before) * h / (2 * h_before)
        x = _sde_step(x, estimate, here, there, noise, eta, s_noise)
        before, h_before = denoised, h
    return x


def _derivatives(past):
    """First derivative and second divided difference, in -log sigma, of the denoised latents.

    past: (level, latents) of up to three steps, the newest first.
    """
    if len(past) == 1:
        return 0.0, 0.0
    h = [(older[0] / newer[0]).log() for newer, older in pairwise(past)]
    slopes = [(newer[1] - older[1]) / each for (newer, older), each in zip(pairwise(past), h, strict=True)]
    if len(past) == 2:
        return slopes[0], 0.0
    bend = (slopes[0] - slopes[1]) / (h[0] + h[1])
    return slopes[0] + bend * h[0], bend


@torch.no_grad()
def sample_dpmpp_3m_sde(model, x, sigmas, extra_args, callback, noise, eta=1.0, s_noise=1.0):
    """SDE-DPM-Solver++(3M): third order from the two steps before."""
    past = []
    for i in range(len(sigmas) - 1):
        here, there = sigmas[i], sigmas[i + 1]
        denoised = _call(model, x, here, extra_args)
        callback({"x": x, "i": i, "sigma": here, "sigma_hat": here, "denoised": denoised})
        if there == 0:
            return denoised
        past = [(here, denoised), *past][:3]
        first, second = _derivatives(past)
        h = (here / there).log()
        scaled = h * (1 + eta)
        # The integral of exp(s - scaled) · s / scaled over s, and, as in DPM-Solver++, half that of its square.
        linear = 1 + (-scaled).expm1() / scaled
        square = 0.5 - linear / scaled
        x = _sde_step(x, denoised, here, there, noise, eta, s_noise) + linear * h * first + square * h**2 * second
    return x
