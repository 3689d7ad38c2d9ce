"""The UNet as a denoiser over noise levels sigma, as the samplers of Karras et al. 2022 want it.

Karras et al., "Elucidating the Design Space of Diffusion-Based Generative Models", arXiv 2206.00364,
table 1, column VP: with x of variance 1 + sigma², D(x) = x - sigma · eps(x / sqrt(1 + sigma²), t(sigma)).
Luo et al. 2023, "Latent Consistency Models", arXiv 2310.04378: c_skip · x + c_out · D(x) at 50 of the timesteps.
"""

import torch
from torch import nn


class _Levels(nn.Module):
    """The levels, ascending, that a model knows by its values of alphas_cumprod."""

    def __init__(self, model, alphas: torch.Tensor):
        super().__init__()
        self.inner_model = model
        sigmas = ((1 - alphas) / alphas) ** 0.5
        self.register_buffer("sigmas", sigmas)
        self.register_buffer("log_sigmas", sigmas.log())

    @property
    def sigma_min(self) -> torch.Tensor:
        return self.sigmas[0]

    @property
    def sigma_max(self) -> torch.Tensor:
        return self.sigmas[-1]


class CompVisDenoiser(_Levels):
    """Denoiser of a model that predicts noise at 1000 discrete levels; levels between are interpolated."""

    def __init__(self, model, quantize: bool = False):
        super().__init__(model, model.alphas_cumprod)
        self.quantize = quantize

    def get_sigmas(self, n: int) -> torch.Tensor:
        """(n + 1,): the levels at n evenly spaced timesteps from the last to the first, then 0."""
        t = torch.linspace(len(self.sigmas) - 1, 0, n)
        return torch.cat([self.t_to_sigma(t), t.new_zeros(1)])

    def t_to_sigma(self, t: torch.Tensor) -> torch.Tensor:
        """Level at a timestep from 0 to 999, in between by the logarithm."""
        t = t.float()
        low, high, share = t.floor().long(), t.ceil().long(), t.frac()
        return ((1 - share) * self.log_sigmas[low] + share * self.log_sigmas[high]).exp()

    def sigma_to_t(self, sigma: torch.Tensor) -> torch.Tensor:
        """Timestep of a level: the inverse of t_to_sigma, or the nearest whole one where quantized."""
        log_sigma = sigma.log()
        distance = log_sigma - self.log_sigmas[:, None]
        if self.quantize:
            return distance.abs().argmin(dim=0).view(sigma.shape)
        low_index = distance.ge(0).cumsum(dim=0).argmax(dim=0).clamp(max=len(self.log_sigmas) - 2)
        low, high = self.log_sigmas[low_index], self.log_sigmas[low_index + 1]
        share = ((low - log_sigma) / (low - high)).clamp(0, 1)
        return ((1 - share) * low_index + share * (low_index + 1)).view(sigma.shape)

    def forward(self, x: torch.Tensor, sigma: torch.Tensor, **kwargs) -> torch.Tensor:
        """The picture in x (rows, 4, h, w) with noise of level sigma (rows,)."""
        scale = (1 / (sigma**2 + 1) ** 0.5)[:, None, None, None]
        eps = self.inner_model.apply_model(x * scale, self.sigma_to_t(sigma), **kwargs)
        return x + eps * -sigma[:, None, None, None]


class LCMDenoiser(_Levels):
    """Denoiser of a latent consistency model, which knows every twentieth of the 1000 levels only."""

    TIMESTEPS = 50
    SIGMA_DATA = 0.5
    TIME_SCALE = 10.0

    def __init__(self, model):
        spacing = len(model.alphas_cumprod) // self.TIMESTEPS
        super().__init__(model, model.alphas_cumprod[spacing - 1 :: spacing])
        self.spacing = spacing

    def get_sigmas(self, n: int) -> torch.Tensor:
        """(n + 1,): n levels evenly spaced among those that it knows, in between by the logarithm, then 0."""
        place = torch.linspace(self.TIMESTEPS - 1, 0, n)
        low, high, share = place.floor().long(), place.ceil().long(), place.frac()
        sigmas = ((1 - share) * self.log_sigmas[low] + share * self.log_sigmas[high]).exp()
        return torch.cat([sigmas, sigmas.new_zeros(1)])

    def sigma_to_t(self, sigma: torch.Tensor) -> torch.Tensor:
        """Timestep of the nearest level that it knows."""
        nearest = (sigma.log() - self.log_sigmas[:, None]).abs().argmin(dim=0)
        return nearest.view(sigma.shape) * self.spacing + (self.spacing - 1)

    def forward(self, x: torch.Tensor, sigma: torch.Tensor, **kwargs) -> torch.Tensor:
        """The picture in x (rows, 4, h, w) with noise of level sigma (rows,)."""
        t = self.sigma_to_t(sigma)
        sigma = sigma[:, None, None, None]
        denoised = x - sigma * self.inner_model.apply_model(x / (sigma**2 + 1) ** 0.5, t, **kwargs)
        scaled = (t * self.TIME_SCALE)[:, None, None, None]
        squares = scaled**2 + self.SIGMA_DATA**2
        return scaled / squares**0.5 * denoised + self.SIGMA_DATA**2 / squares * x
