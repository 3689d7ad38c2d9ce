"""Adapters of regions in every layer of a UNet, each on its own area of each batch row."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import torch
from torch import Tensor, nn

from lib_rpg.errors import RpgError
from lib_rpg.regional.adapter import Adapter
from lib_rpg.regional.grids import token_grid
from lib_rpg.regional.rows import Patch, UNetCall, UNetRows


class AdaptedLayers:
    """Hooks on every layer of a UNet that adapters touch: each adapter is added on its own area of each row.

    Left out are the layers that read text, which `RegionAttention` adapts, and those that have no place, such as the
    projections of the time embedding. Rows and areas are those of the current UNet call of `rows`. `close()` removes
    the hooks and may be called any number of times.
    """

    def __init__(self, unet: nn.Module, rows: UNetRows, adapters: Sequence[Adapter]) -> None:
        self._rows = rows
        self._areas: dict[Hashable, Tensor] = {}
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
        call = self._rows.current
        if call is None or output.dim() < 3:
            return None
        x = args[0]
        if x.shape[0] != len(call.rows):
            raise RpgError(
                f"A layer was called with {x.shape[0]} rows but the UNet with {len(call.rows)}, so a "
                "region's LoRA cannot be applied there: turn off the extension that tiles or repeats rows, or use the "
                "LoRA mode 'text'"
            )
        by_adapter = _patches(call, layer)
        if not by_adapter:
            return None
        if output.dim() == 4:
            grid = output.shape[-2], output.shape[-1]
        else:
            grid = token_grid(call.height, call.width, output.shape[1])
        result = output.clone()
        for adapter, placed in by_adapter.items():
            positions = [position for position, _ in placed]
            delta = adapter.delta(layer, x[positions])
            if delta is None:
                continue
            areas = torch.stack([self._area(patch, grid, output) for _, patch in placed])
            result[positions] += delta.to(output) * (areas if output.dim() == 4 else areas.flatten(2).transpose(1, 2))
        return result

    def _area(self, patch: Patch, grid: tuple[int, int], like: Tensor) -> Tensor:
        """A patch's area on the grid as (1, h, w), on the device and in the dtype of `like`."""
        key = patch.key, grid, like.device, like.dtype
        if key not in self._areas:
            self._areas[key] = patch.area.at(*grid)[None].to(like)
        return self._areas[key]


def _patches(call: UNetCall, layer: nn.Module) -> dict[Adapter, list[tuple[int, Patch]]]:
    """By adapter, the patches that change the layer, each with the position of its row."""
    by_adapter: dict[Adapter, list[tuple[int, Patch]]] = {}
    for position, row in enumerate(call.rows):
        for patch in row.patches if row is not None else ():
            if patch.adapter.touches(layer):
                by_adapter.setdefault(patch.adapter, []).append((position, patch))
    return by_adapter
