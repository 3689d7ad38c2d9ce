"""The row cursor: which regions each batch row of a UNet call carries.

Whoever makes texts, rows and maps gives each a key of its own. Equal keys mean equal content: all that is computed
for a row, a text or an area is cached by them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from lib_rpg.errors import RpgError
from lib_rpg.regional.adapter import Adapter


class TokenMap(Protocol):
    """Numbers for the tokens of any grid."""

    def at(self, height: int, width: int) -> Tensor:
        """The numbers on a grid of `height` x `width` tokens, (..., height, width)."""
        ...


@dataclass(frozen=True)
class RegionText:
    """The encoded text of one region. Rows whose texts have equal keys share its keys and values.

    context: (L, C) with any length L, on any device and of any float dtype.
    adapter: the LoRAs that its keys and values are projected with, or None.
    """

    key: Hashable
    context: Tensor = field(compare=False)
    adapter: Adapter | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Patch:
    """An adapter that acts on the row's own tokens: on each by its share (h, w), 0 to 1, in the area.

    key: equal for equal areas.
    """

    key: Hashable
    adapter: Adapter = field(compare=False)
    area: TokenMap = field(compare=False)


@dataclass(frozen=True)
class RowRegions:
    """The regions of one batch row.

    key: equal for rows with equal texts, weights and patches; give the same one step after step, so that what was
        computed for the row is used again.
    texts: one for each of R regions.
    weights: maps a grid to a float tensor (R, h, w) of blend weights c_r >= 0 with sum_r c_r <= 1; the row's own
        context keeps 1 - sum_r c_r.
    patches: adapters on parts of the picture. `AdaptedLayers` applies them; they need no text.
    """

    key: Hashable
    texts: tuple[RegionText, ...] = field(compare=False)
    weights: TokenMap = field(compare=False)
    patches: tuple[Patch, ...] = field(default=(), compare=False)

    def weights_at(self, h: int, w: int) -> Tensor:
        """The blend weights as a float32 CPU tensor (R, h * w). Raises RpgError for a wrong shape, sum or sign."""
        weights = self.weights.at(h, w).detach().to("cpu", torch.float32)
        if tuple(weights.shape) != (len(self.texts), h, w):
            raise RpgError(
                f"The regions' weights have the shape {tuple(weights.shape)} but {(len(self.texts), h, w)} "
                "is needed: give one map per region prompt at that size"
            )
        weights = weights.flatten(1)
        total = weights.sum(0)
        if not (weights >= 0).all() or not (total <= 1 + 1e-4).all():
            raise RpgError(
                f"The regions' weights on the {h}x{w} token grid must be at least 0 and sum to at most 1: "
                "normalise them"
            )
        return weights


PlacedRows = Sequence[tuple[int, RowRegions]]
"""Rows with regions, each with its position in the batch."""


@dataclass(frozen=True)
class UNetCall:
    """One UNet call: its batch rows, None for one without regions, on latents of height x width."""

    rows: list[RowRegions | None]
    height: int
    width: int

    @cached_property
    def with_texts(self) -> PlacedRows:
        """The rows that region texts are blended into."""
        return [(position, row) for position, row in enumerate(self.rows) if row is not None and row.texts]

    @property
    def key(self) -> Hashable:
        """Equal for calls whose rows with texts are the same, at the same positions; at any size of latents."""
        return tuple((position, row.key) for position, row in self.with_texts)


Order = Callable[[Mapping[str, Any], int], Sequence[int] | None]
"""Gives, for a UNet call with these keyword arguments and so many rows, the number of each among the step's rows; None
for a call that is none of the step's."""

Listener = Callable[[UNetCall | None], None]
"""Gets each UNet call as it begins, and None when it is over, or when new rows are set after one that failed."""


class UNetRows:
    """Hooks on one UNet that say in each of its calls which batch row carries which regions.

    What acts on regions reads `current`, or listens. Until `set_rows` is called no row has regions. For one sampling
    run in one thread.
    """

    def __init__(self, unet: nn.Module) -> None:
        """Attach to `unet`, whose first argument is the latents (B, channels, H, W)."""
        self.current: UNetCall | None = None
        """The UNet call that is under way, or None."""
        self._rows: list[RowRegions | None] | None = None
        self._size: tuple[int, int] | None = None
        self._cursor = 0
        self._order: Order | None = None
        self._named: set[int] = set()
        self._listeners: list[Listener] = []
        self._handles = [
            unet.register_forward_pre_hook(self._enter, with_kwargs=True),
            unet.register_forward_hook(self._leave),
        ]

    def listen(self, listener: Listener) -> None:
        """Call `listener` from now on, until `stop_listening` or `close`."""
        self._listeners.append(listener)

    def stop_listening(self, listener: Listener) -> None:
        """Call `listener` no more; nothing happens where it does not listen."""
        self._listeners = [other for other in self._listeners if other != listener]

    def set_rows(
        self,
        rows: Sequence[RowRegions | None],
        size: tuple[int, int] | None = None,
        order: Order | None = None,
    ) -> None:
        """Say what the batch rows of the next UNet calls are, in order; None is a row without regions.

        The calls may take the rows in any portions, and need not take all; one call with every row once more is the
        same step again (Perturbed Attention Guidance). Call it again before every step.
        size: height and width of the step's latents, so that calls with parts of the picture are refused.
        order: of a host whose calls say which rows they have; these may come in any order, and again, and a call
            that does not say it has none of them.
        """
        if not self._handles:
            raise RpgError("The regions were detached from this UNet: attach them again before sampling")
        self._rows = list(rows)
        self._size = size
        self._cursor = 0
        self._order = order
        self._named = set()
        self._switch(None)

    @property
    def left(self) -> int:
        """Rows of the step that no UNet call has taken."""
        return len(self._rows or ()) - self._cursor - len(self._named)

    def close(self) -> None:
        """Remove the hooks and drop every row; may be called any number of times."""
        for handle in self._handles:
            handle.remove()
        self._handles = []
        self._rows = self._order = None
        self._switch(None)
        self._listeners = []

    def _enter(self, _module: nn.Module, args: tuple, kwargs: dict) -> None:
        self._switch(None)
        if self._rows is None:
            return
        latents = args[0] if args else kwargs["x"]
        count, height, width = latents.shape[0], latents.shape[-2], latents.shape[-1]
        if self._order is None:
            self._check_size((height, width))
            taken = self._next(self._rows, count)
        elif (numbers := self._order(kwargs, count)) is not None:
            self._check_size((height, width))
            taken = [self._rows[number] for number in numbers]
            self._named.update(numbers)
        else:
            taken = [None] * count
        self._switch(UNetCall(taken, height, width))

    def _check_size(self, size: tuple[int, int]) -> None:
        if self._size is not None and self._size != size:
            of_call, of_step = (f"{height}x{width}" for height, width in (size, self._size))
            raise RpgError(
                f"The UNet was called with latents of {of_call} in a step of {of_step}: "
                "turn off the extension that draws the picture in parts, or the regions"
            )

    def _next(self, rows: list[RowRegions | None], count: int) -> list[RowRegions | None]:
        """The next `count` rows of the step."""
        if self._cursor == count == len(rows):
            self._cursor = 0
        taken = rows[self._cursor : self._cursor + count]
        if len(taken) < count:
            raise RpgError(
                f"The UNet was called with {self._cursor + count} rows in a step that has {len(rows)}, "
                "so it is unknown which rows have regions: turn off the extension that calls the UNet "
                "on its own, or the regions"
            )
        self._cursor += count
        return taken

    def _leave(self, _module: nn.Module, _args: tuple, _output: Any) -> None:
        self._switch(None)

    def _switch(self, call: UNetCall | None) -> None:
        self.current = call
        for listener in self._listeners:
            listener(call)
