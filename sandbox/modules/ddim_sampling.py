"""Samplers over the model's timesteps but UniPC: DDIM, DDIM with CFG++, and PLMS.

Each takes `model(x, timestep, **extra_args)` that gives the noise in x, latents (batch, 4, h, w), the ascending
`timesteps`, the lowest of which takes no step, and `noise` and `callback` as those of `k_sampling`.

Sources: DDIM is Song et al. 2020, "Denoising Diffusion Implicit Models", arXiv 2010.02502, equations 12 and 16; CFG++
is algorithm 2 of Chung et al. 2024, arXiv 2406.08070; PLMS is Liu et al. 2022, "Pseudo Numerical Methods for Diffusion
Models on Manifolds", arXiv 2202.09778, its first step a Heun step in place of Runge-Kutta's.
"""

import torch

CFGPP_SCALE = 1 / 12.5
"""CFG++ guides with a scale from 0 to 1; the user's is from 0 to 12.5."""
_ADAMS_BASHFORTH = {2: (3 / 2, -1 / 2), 3: (23 / 12, -16 / 12, 5 / 12), 4: (55 / 24, -59 / 24, 37 / 24, -9 / 24)}
"""Weights of the last noises, the newest first."""


class _Levels:
    """The alphas of each step's two timesteps, and how much fresh noise it adds."""

    def __init__(self, model, timesteps, eta=0.0):
        alphas_cumprod = model.inner_model.inner_model.alphas_cumprod
        self.alphas = alphas_cumprod[timesteps].double()
        self.before = alphas_cumprod[torch.nn.functional.pad(timesteps[:-1], pad=(1, 0))].double()
        self.sigmas = eta * ((1 - self.before) / (1 - self.alphas) * (1 - self.alphas / self.before)) ** 0.5

    def step(self, x, index, eps, towards, noise=None):
        """(x at the timestep before, denoised latents), with the noise eps in x and another one to go towards."""
        alpha, before, sigma = (each[index].item() for each in (self.alphas, self.before, self.sigmas))
        x0 = (x - (1 - alpha) ** 0.5 * eps) / alpha**0.5
        x = before**0.5 * x0 + (1.0 - before - sigma**2) ** 0.5 * towards
        return (x if noise is None else x + sigma * noise), x0


def _timestep(x, timesteps, index):
    return timesteps[index].item() * x.new_ones(x.shape[0])


@torch.no_grad()
def ddim(model, x, timesteps, extra_args, callback, noise, eta=0.0):
    """DDIM, deterministic where eta is 0."""
    levels = _Levels(model, timesteps, eta)
    for i, index in enumerate(range(len(timesteps) - 1, 0, -1)):
        eps = model(x, _timestep(x, timesteps, index), **extra_args)
        x, x0 = levels.step(x, index, eps, eps, noise())
        callback({"x": x, "i": i, "sigma": 0, "sigma_hat": 0, "denoised": x0})
    return x


@torch.no_grad()
def ddim_cfgpp(model, x, timesteps, extra_args, callback, noise, eta=0.0):
    """DDIM with CFG++: denoised with guidance, then back towards the noise that is predicted without it."""
    model.cond_scale_miltiplier = CFGPP_SCALE
    model.need_last_noise_uncond = True
    levels = _Levels(model, timesteps, eta)
    for i, index in enumerate(range(len(timesteps) - 1, 0, -1)):
        eps = model(x, _timestep(x, timesteps, index), **extra_args)
        x, x0 = levels.step(x, index, eps, model.last_noise_uncond, noise())
        callback({"x": x, "i": i, "sigma": 0, "sigma_hat": 0, "denoised": x0})
    return x


@torch.no_grad()
def plms(model, x, timesteps, extra_args, callback, noise):
    """The pseudo linear multistep method of fourth order; two model calls in the first step."""
    levels = _Levels(model, timesteps)
    known = []
    for i, index in enumerate(range(len(timesteps) - 1, 0, -1)):
        eps = model(x, _timestep(x, timesteps, index), **extra_args)
        known = [eps, *known][:4]
        if len(known) == 1:
            ahead, _ = levels.step(x, index, eps, eps)
            mean = (eps + model(ahead, _timestep(x, timesteps, index - 1), **extra_args)) / 2
        else:
            mean = sum(weight * each for weight, each in zip(_ADAMS_BASHFORTH[len(known)], known, strict=True))
        x, x0 = levels.step(x, index, mean, mean)
        callback({"x": x, "i": i, "sigma": 0, "sigma_hat": 0, "denoised": x0})
    return x
