"""Adapters (LoRAs) of regions: what they add to a layer's output, and how to add it temporarily.

A LoRA adds a low-rank part to a layer's output, `W x + B A x`. The part is linear and acts on each token by itself, so
it can be added for one region alone: to the keys and values of its text, and to the tokens that it covers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from torch import Tensor, nn


class Adapter(Protocol):
    """A set of LoRAs with their strengths. Hashable; one object for the same set, so that its uses run together."""

    def touches(self, layer: nn.Module) -> bool:
        """Whether it changes this layer."""
        ...

    def delta(self, layer: nn.Module, x: Tensor) -> Tensor | None:
        """What it adds to the layer's output for the input `x`; None where it does not touch the layer."""
        ...


@contextmanager
def adapted(layers: Sequence[nn.Module], adapter: Adapter | None) -> Iterator[None]:
    """Have the layers run with the adapter, in every call inside the block."""
    if adapter is None:
        yield
        return

    def add(layer: nn.Module, args: tuple, output: Tensor) -> Tensor | None:
        delta = adapter.delta(layer, args[0])
        return None if delta is None else output + delta.to(output)

    handles = [layer.register_forward_hook(add) for layer in layers]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
