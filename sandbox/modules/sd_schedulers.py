"""Schedules: which noise levels a sampler passes through."""

import dataclasses
import math
from collections.abc import Callable

import torch


@dataclasses.dataclass
class Scheduler:
    """A schedule; `function(n, sigma_min, sigma_max, **more)` gives (n + 1,) levels that end in 0."""

    name: str
    label: str
    function: Callable | None
    default_rho: float = -1
    need_inner_model: bool = False
    aliases: list | None = None


def _with_zero(sigmas: torch.Tensor) -> torch.Tensor:
    return torch.cat([sigmas, sigmas.new_zeros(1)])


def uniform(n, sigma_min, sigma_max, inner_model):
    """Evenly spaced in the model's timesteps."""
    return inner_model.get_sigmas(n)


def karras(n, sigma_min, sigma_max, rho=7.0):
    """Karras et al. 2022, arXiv 2206.00364, equation 5."""
    low, high = sigma_min ** (1 / rho), sigma_max ** (1 / rho)
    return _with_zero((high + torch.linspace(0, 1, n) * (low - high)) ** rho)


def exponential(n, sigma_min, sigma_max):
    """Evenly spaced in the logarithm."""
    return _with_zero(torch.linspace(math.log(sigma_max), math.log(sigma_min), n).exp())


schedulers = [
    Scheduler("automatic", "Automatic", None),
    Scheduler("uniform", "Uniform", uniform, need_inner_model=True),
    Scheduler("karras", "Karras", karras, default_rho=7.0),
    Scheduler("exponential", "Exponential", exponential),
]
schedulers_map = {name: x for x in schedulers for name in (x.name, x.label)}
