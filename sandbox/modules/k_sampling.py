"""Samplers over noise levels; those of stochastic differential equations are in `k_sampling_sde`.

Each takes `model(x, sigma, **extra_args)` that gives the denoised latents, starting latents x
(batch, 4, h, w) of level sigmas[0], the levels `sigmas` (n + 1,) down to 0, `noise()` that gives
fresh noise like x, and `callback` called once a step; it returns the latents at level 0.

Sources: Euler and Heun are algorithm 2 of Karras et al. 2022, arXiv 2206.00364; DPM2 is its appendix's
midpoint step in log sigma, DPM-Solver-2 of Lu et al. 2022, arXiv 2206.00927; ancestral ones step down
further and add noise back (variance-exploding form of DDPM's ancestral step); LMS is the
Adams-Bashforth method in sigma; DPM++ 2S and 2M are algorithms 1 and 2 of Lu et al. 2022,
"DPM-Solver++", arXiv 2211.01095; LCM is algorithm 1 of Song et al. 2023, "Consistency Models",
arXiv 2303.01469.
"""

import torch
from numpy.polynomial import Polynomial

LMS_ORDER = 4


def _levels(x: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
    return sigma * x.new_ones(x.shape[0])


def _churned(x, sigmas, i, noise, s_churn, s_tmin, s_tmax, s_noise):
    """(x, level) after adding the stochasticity that s_churn asks for at step i."""
    gamma = min(s_churn / (len(sigmas) - 1), 2**0.5 - 1) if s_tmin <= sigmas[i] <= s_tmax else 0.0
    eps = noise() * s_noise  # drawn in every step, so that the noise of a step does not hang on s_churn
    sigma_hat = sigmas[i] * (gamma + 1)
    if gamma > 0:
        x = x + eps * (sigma_hat**2 - sigmas[i] ** 2) ** 0.5
    return x, sigma_hat


@torch.no_grad()
def sample_euler(
    model, x, sigmas, extra_args, callback, noise, s_churn=0.0, s_tmin=0.0, s_tmax=float("inf"), s_noise=1.0
):
    """Euler's method."""
    for i in range(len(sigmas) - 1):
        x, sigma_hat = _churned(x, sigmas, i, noise, s_churn, s_tmin, s_tmax, s_noise)
        denoised = model(x, _levels(x, sigma_hat), **extra_args)
        callback({"x": x, "i": i, "sigma": sigmas[i], "sigma_hat": sigma_hat, "denoised": denoised})
        x = x + (x - denoised) / sigma_hat * (sigmas[i + 1] - sigma_hat)
    return x


@torch.no_grad()
def sample_heun(
    model, x, sigmas, extra_args, callback, noise, s_churn=0.0, s_tmin=0.0, s_tmax=float("inf"), s_noise=1.0
):
    """Heun's method: two model calls a step but the last."""
    for i in range(len(sigmas) - 1):
        x, sigma_hat = _churned(x, sigmas, i, noise, s_churn, s_tmin, s_tmax, s_noise)
        denoised = model(x, _levels(x, sigma_hat), **extra_args)
        callback({"x": x, "i": i, "sigma": sigmas[i], "sigma_hat": sigma_hat, "denoised": denoised})
        slope = (x - denoised) / sigma_hat
        dt = sigmas[i + 1] - sigma_hat
        if sigmas[i + 1] > 0:
            ahead = x + slope * dt
            denoised = model(ahead, _levels(x, sigmas[i + 1]), **extra_args)
            slope = (slope + (ahead - denoised) / sigmas[i + 1]) / 2
        x = x + slope * dt
    return x


def ancestral_step(here, there, eta):
    """(down, up): the level that a step from `here` to `there` goes down to, and of the noise that is added then."""
    up = min(there, eta * (there**2 * (here**2 - there**2) / here**2) ** 0.5)
    return (there**2 - up**2) ** 0.5, up


@torch.no_grad()
def sample_euler_ancestral(model, x, sigmas, extra_args, callback, noise, eta=1.0):
    """Euler's method down to a level below the next one, then noise up to it."""
    for i in range(len(sigmas) - 1):
        here, there = sigmas[i], sigmas[i + 1]
        denoised = model(x, _levels(x, here), **extra_args)
        callback({"x": x, "i": i, "sigma": here, "sigma_hat": here, "denoised": denoised})
        down, up = ancestral_step(here, there, eta)
        x = x + (x - denoised) / here * (down - here)
        if there > 0:
            x = x + noise() * up
    return x


def _midpoint(model, x, here, there, denoised, extra_args):
    """The midpoint method's step of x from a level to a lower one; Euler's where that is 0."""
    slope = (x - denoised) / here
    if there > 0:
        middle = (here * there) ** 0.5
        between = x + slope * (middle - here)
        slope = (between - model(between, _levels(x, middle), **extra_args)) / middle
    return x + slope * (there - here)


@torch.no_grad()
def sample_dpm_2(
    model, x, sigmas, extra_args, callback, noise, s_churn=0.0, s_tmin=0.0, s_tmax=float("inf"), s_noise=1.0
):
    """DPM-Solver-2: two model calls a step but the last, the second at the geometric mean of its levels."""
    for i in range(len(sigmas) - 1):
        x, sigma_hat = _churned(x, sigmas, i, noise, s_churn, s_tmin, s_tmax, s_noise)
        denoised = model(x, _levels(x, sigma_hat), **extra_args)
        callback({"x": x, "i": i, "sigma": sigmas[i], "sigma_hat": sigma_hat, "denoised": denoised})
        x = _midpoint(model, x, sigma_hat, sigmas[i + 1], denoised, extra_args)
    return x


@torch.no_grad()
def sample_dpm_2_ancestral(model, x, sigmas, extra_args, callback, noise, eta=1.0, s_noise=1.0):
    """DPM-Solver-2 down to a level below the next one, then noise up to it."""
    for i in range(len(sigmas) - 1):
        here, there = sigmas[i], sigmas[i + 1]
        denoised = model(x, _levels(x, here), **extra_args)
        callback({"x": x, "i": i, "sigma": here, "sigma_hat": here, "denoised": denoised})
        down, up = ancestral_step(here, there, eta)
        x = _midpoint(model, x, here, down, denoised, extra_args)
        if down > 0:
            x = x + noise() * s_noise * up
    return x


def _adams_bashforth(levels, end):
    """The weight of each slope, known at `levels` (the newest first), in the integral from the newest one to `end`."""
    weights = []
    for j, own in enumerate(levels):
        basis = Polynomial([1.0])
        for k, other in enumerate(levels):
            if k != j:
                basis *= Polynomial([-other, 1.0]) / (own - other)
        whole = basis.integ()
        weights.append(whole(end) - whole(levels[0]))
    return weights


@torch.no_grad()
def sample_lms(model, x, sigmas, extra_args, callback, noise):
    """The linear multistep method: the polynomial through the last four slopes is integrated."""
    slopes = []
    for i in range(len(sigmas) - 1):
        denoised = model(x, _levels(x, sigmas[i]), **extra_args)
        callback({"x": x, "i": i, "sigma": sigmas[i], "sigma_hat": sigmas[i], "denoised": denoised})
        slopes = [(x - denoised) / sigmas[i], *slopes][:LMS_ORDER]
        levels = [sigmas[i - k].item() for k in range(len(slopes))]
        weights = _adams_bashforth(levels, sigmas[i + 1].item())
        x = x + sum(weight * slope for weight, slope in zip(weights, slopes, strict=True))
    return x


@torch.no_grad()
def sample_dpmpp_2s_ancestral(model, x, sigmas, extra_args, callback, noise, eta=1.0, s_noise=1.0):
    """DPM-Solver++(2S) down to a level below the next one, then noise up to it."""
    for i in range(len(sigmas) - 1):
        here, there = sigmas[i], sigmas[i + 1]
        denoised = model(x, _levels(x, here), **extra_args)
        callback({"x": x, "i": i, "sigma": here, "sigma_hat": here, "denoised": denoised})
        down, up = ancestral_step(here, there, eta)
        if down > 0:
            middle = (here * down) ** 0.5
            between = torch.lerp(denoised, x, middle / here)
            denoised = model(between, _levels(x, middle), **extra_args)
        x = torch.lerp(denoised, x, down / here)
        if there > 0:
            x = x + noise() * s_noise * up
    return x


@torch.no_grad()
def sample_dpmpp_2m(model, x, sigmas, extra_args, callback, noise):
    """DPM-Solver++(2M): second order from the step before, in t = -log sigma."""
    before = None
    for i in range(len(sigmas) - 1):
        denoised = model(x, _levels(x, sigmas[i]), **extra_args)
        callback({"x": x, "i": i, "sigma": sigmas[i], "sigma_hat": sigmas[i], "denoised": denoised})
        t, t_next = -sigmas[i].log(), -sigmas[i + 1].log()
        h = t_next - t
        estimate = denoised
        if before is not None and sigmas[i + 1] > 0:
            r = (t + sigmas[i - 1].log()) / h
            estimate = (1 + 1 / (2 * r)) * denoised - 1 / (2 * r) * before
        x = sigmas[i + 1] / sigmas[i] * x - (-h).expm1() * estimate
        before = denoised
    return x


@torch.no_grad()
def sample_lcm(model, x, sigmas, extra_args, callback, noise):
    """Consistency sampling: the denoised latents with fresh noise of the next level."""
    for i in range(len(sigmas) - 1):
        denoised = model(x, _levels(x, sigmas[i]), **extra_args)
        callback({"x": x, "i": i, "sigma": sigmas[i], "sigma_hat": sigmas[i], "denoised": denoised})
        x = denoised
        if sigmas[i + 1] > 0:
            x = x + sigmas[i + 1] * noise()
    return x
