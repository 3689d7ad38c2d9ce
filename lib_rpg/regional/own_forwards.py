"""Runs a network as its classes define it, without what other extensions have put on its modules; or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

_NAMES = ("forward", "_forward")


@contextmanager
def own_forwards(network: nn.Module) -> Iterator[None]:
    """Inside the block no module of the network has a forward of its own; hooks stay.

    ControlNet, its IP-Adapters and reference units, hypertile and NegPiP put theirs on single modules. They are made
    for the whole picture's pass: for a pass of another size, or with other rows, they would be wrong.
    """
    taken = [
        (module.__dict__, name, module.__dict__.pop(name))
        for module in network.modules()
        for name in _NAMES
        if name in module.__dict__
    ]
    try:
        yield
    finally:
        for attributes, name, forward in taken:
            attributes[name] = forward


@contextmanager
def without_forward(unet: nn.Module, channels: int) -> Iterator[None]:
    """Inside the block the UNet computes nothing: latents (N, …, H, W) give zeros (N, ``channels``, H, W).

    Its hooks run, so that who counts its calls and rows still does.
    """
    replaced = unet.__dict__.get("forward")

    def forward(x: Tensor, *_args: Any, **_kwargs: Any) -> Tensor:
        return torch.zeros_like(x[:, :channels])

    unet.__dict__["forward"] = forward
    try:
        yield
    finally:
        if unet.__dict__.get("forward") is forward:
            del unet.__dict__["forward"]
            if replaced is not None:
                unet.__dict__["forward"] = replaced
