"""Runs a network as its classes define it, without what other extensions have put on its modules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn

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
