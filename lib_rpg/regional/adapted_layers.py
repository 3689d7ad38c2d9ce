"""Adapters (LoRAs) of regions: what they add to a layer, for a region's own text or on a region's own place.

A LoRA adds a low-rank part to a layer's output, `W x + B A x`. The part is linear and acts on each token by itself, so
it can be added for one region alone: to the keys and values of its text, and to the tokens that it covers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import torch
from torch import Tensor, nn

from lib_rpg.errors import RpgError
from lib_rpg.regional.token_plan import token_grid

if TYPE_CHECKING:
    from lib_rpg.regional.attention import RegionAttention


class Adapter(Protocol):
    """A set of LoRAs with their strengths; one object for the same set, as results are cached by it."""

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


class AdaptedLayers:
    """Hooks on every layer of a UNet that adapters touch: each adapter is added on its own area of each row.

    Left out are the layers that read text, which `RegionAttention` adapts, and those that have no place, such as the
    projections of the time embedding. Rows and areas are those of `engine`'s current UNet call. `close()` removes the
    hooks and may be called any number of times.
    """

    def __init__(self, engine: RegionAttention, unet: nn.Module, adapters: Sequence[Adapter]) -> None:
        self.engine = engine
        self._areas: dict[tuple, Tensor] = {}
        self._handles = [
            # In front of other hooks: RegionAttention takes q behind to_q as it is with its adapter.
            layer.register_forward_hook(self._add, prepend=True)
            for name, layer in unet.named_modules()
            if not name.endswith(("attn2.to_k", "attn2.to_v")) and any(adapter.touches(layer) for adapter in adapters)
        ]

    @property
    def layers(self) -> int:
        """How many layers are hooked."""
        return len(self._handles)

    def close(self) -> None:
        """Remove the hooks and drop what was kept."""
        for handle in self._handles:
            handle.remove()
        self._handles = []
        self._areas.clear()

    def _add(self, layer: nn.Module, args: tuple, output: Tensor) -> Tensor | None:
        call = self.engine.current
        if call is None or output.dim() < 3:
            return None
        x = args[0]
        if x.shape[0] != len(call.rows):
            raise RpgError(
                f"A layer was called with {x.shape[0]} rows where the UNet was given {len(call.rows)}, so that a "
                "region's LoRA has no place there: turn off the extension that tiles or repeats rows, or use the LoRA "
                "mode 'text'"
            )
        by_adapter: dict[int, tuple[Adapter, list[tuple[int, Callable]]]] = {}
        for position, row in enumerate(call.rows):
            for adapter, area in row.patches if row is not None else ():
                if adapter.touches(layer):
                    by_adapter.setdefault(id(adapter), (adapter, []))[1].append((position, area))
        if not by_adapter:
            return None
        if output.dim() == 4:
            grid = output.shape[-2], output.shape[-1]
        else:
            grid = token_grid(call.height, call.width, output.shape[1])
        result = output.clone()
        for adapter, placed in by_adapter.values():
            positions = [position for position, _ in placed]
            delta = adapter.delta(layer, x[positions])
            if delta is None:
                continue
            areas = torch.stack([self._area(area, grid, output) for _, area in placed])
            result[positions] += delta.to(output) * (areas if output.dim() == 4 else areas.flatten(2).transpose(1, 2))
        return result

    def _area(self, area: Callable[[int, int], Tensor], grid: tuple[int, int], like: Tensor) -> Tensor:
        """An area on the grid as (1, h, w), on the device and in the dtype of `like`."""
        key = area, grid, like.device, like.dtype
        if key not in self._areas:
            self._areas[key] = area(*grid)[None].to(like)
        return self._areas[key]
