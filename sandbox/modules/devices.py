"""Device and precision: the sandbox runs on the CPU in 32-bit floats, as the WebUI does with --no-half."""

import contextlib

import torch

cpu = torch.device("cpu")
device = cpu
dtype = dtype_vae = dtype_unet = dtype_inference = torch.float32
unet_needs_upcast = False
fp8 = False


class NansException(Exception):
    """The model produced nothing but NaN."""


def autocast(disable: bool = False) -> contextlib.AbstractContextManager:
    """Nothing to cast in 32 bits."""
    return contextlib.nullcontext()


def without_autocast(disable: bool = False) -> contextlib.AbstractContextManager:
    """Nothing to undo in 32 bits."""
    return contextlib.nullcontext()


def torch_gc() -> None:
    """The CPU has no cache to empty."""


def test_for_nans(x: torch.Tensor, where: str) -> None:
    """Raise NansException if the first number of `x` is NaN; `where` is "unet" or "vae"."""
    if torch.isnan(x[(0,) * x.dim()]):
        raise NansException(f"A tensor with NaNs was produced in {where}.")
