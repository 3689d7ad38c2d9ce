"""Attention bias: the words of a thing are looked at more inside its boxes, and less outside of them.

At chosen cross-attention layers, for a batch row with things, with the positions T of their words in the row's text:

    A = softmax( Q K^T / sqrt(d) + B ) V,   B[q, t] = +b in the boxes, -b outside of them, for t in T, and 0 for others

with b = scale * s / (1 + s) at sigma s, as strong as layout is being made (reference/rag-and-lmd.md B.6, the mode that
goes forward only). It needs no gradients, and so works where weights cannot be had for a backward pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from lib_rpg.checks import quantity, refuse
from lib_rpg.regional.attention import cross_attentions
from lib_rpg.regional.binding import Moment, in_share
from lib_rpg.regional.energies import Thing
from lib_rpg.regional.grids import token_grid
from lib_rpg.regional.latent_rects import rect_of
from lib_rpg.regional.layer import first_linear, has_own_forward
from lib_rpg.regional.rows import RowRegions, UNetCall, UNetRows


@dataclass(frozen=True)
class RowThings(RowRegions):
    """A batch row whose own context speaks of things; it may have regions as well, or none."""

    things: tuple[Thing, ...] = field(default=(), compare=False)


class BiasedCall(NamedTuple):
    """A UNet call with rows that have things: their positions in the batch, and the things of each."""

    call: UNetCall
    positions: list[int]
    things: tuple[tuple[Thing, ...], ...]


class AttentionBias:
    """Hooks on chosen cross-attention layers (`attn2`) of one UNet, from construction to `close()`.

    The layer's own forward computes every row. In front of `to_out` the rows with things get their attention anew, from
    the same queries, keys and values; all other rows keep theirs to the bit, and so do all rows while the bias is 0.
    `RegionAttention` beside it blends the regions with the biased attention as the base, in either order of attaching.
    A layer whose forward another extension has replaced is left out as long as it is.

    `UNetRows` says which rows have things. For one sampling run in one thread.
    """

    def __init__(
        self,
        unet: nn.Module,
        rows: UNetRows,
        *,
        scale: float,
        steps: float,
        parts: Sequence[str] = (),
        upcast: bool = False,
        is_other_picture: Callable[[], bool] = lambda: False,
    ) -> None:
        """Attach to `unet`, whose calls `rows` follows. Nothing is biased before the first `set_step`.

        scale: what b comes near to at a high sigma, in logits; 0 switches it off. steps: the share of the steps in
            which there is a bias, 0 to 1.
        parts: the UNet's parts whose layers are biased, by their modules' names, such as "middle_block" and
            "output_blocks.3"; all of it without.
        upcast: compute the attention in float32, as the WebUI's upcast_attn does.
        is_other_picture: as for `RegionAttention`.
        Raises RpgError if these parts have no cross-attention layer.
        """
        self._rows = rows
        self._scale = scale
        self._steps = steps
        self._is_other_picture = is_other_picture
        self._strength = 0.0
        self._closed_calls = 0
        self._biases: dict[Hashable, Tensor] = {}
        self._layers = [
            _BiasedLayer(name, module, self._current, self._bias, upcast)
            for name, module in cross_attentions(unet)
            if not parts or any(name.startswith(f"{part}.") for part in parts)
        ]
        if not self._layers:
            refuse(
                "attention bias",
                f"this {type(unet).__name__} has no cross-attention layer (attn2) in {', '.join(parts) or 'it'}",
                "choose other layers, or an SD 1.x, SD 2.x or SDXL checkpoint",
            )
        rows.listen(self._on_call)
        for layer in self._layers:
            layer.attach()

    @property
    def layers(self) -> int:
        """How many layers are hooked, with those that are left out."""
        return len(self._layers)

    @property
    def left_out(self) -> int:
        """How many of them take no bias at present."""
        return sum(layer.left_out_because is not None for layer in self._layers)

    @property
    def applied_calls(self) -> int:
        """Layer calls that were biased so far; still 0 after a run with things means that no layer took a bias."""
        return self._closed_calls + sum(layer.applied_calls for layer in self._layers)

    def summary(self) -> str:
        """In words, such as "attention biased in 4 layers, 1 left out (it is called with a mask)"."""
        reasons = Counter(layer.left_out_because for layer in self._layers if layer.left_out_because is not None)
        left_out = [f"{count} left out ({reason})" for reason, count in reasons.items()]
        return ", ".join([f"attention biased in {quantity(self.layers - self.left_out, 'layer')}", *left_out])

    def set_step(self, moment: Moment, sigma: float) -> None:
        """Say at which step and sigma the next UNet calls are. Call it again before every step."""
        strength = self._scale * sigma / (1 + sigma) if in_share(self._steps, moment) else 0.0
        if strength != self._strength:
            self._strength = strength
            self._biases.clear()

    def close(self) -> None:
        """Remove every hook and drop every tensor; may be called any number of times."""
        self._rows.stop_listening(self._on_call)
        self._closed_calls = self.applied_calls
        for layer in self._layers:
            layer.detach()
        self._layers = []
        self._biases.clear()

    def _on_call(self, _call: UNetCall | None) -> None:
        """Leave nothing of a call behind, also where it has failed."""
        for layer in self._layers:
            layer.forget()

    def _current(self) -> BiasedCall | None:
        """The UNet call that a layer is to bias; None where nothing is to be."""
        call = self._rows.current
        if call is None or self._strength == 0 or self._is_other_picture():
            return None
        placed = [(i, row.things) for i, row in enumerate(call.rows) if isinstance(row, RowThings) and row.things]
        return BiasedCall(call, [i for i, _ in placed], tuple(things for _, things in placed)) if placed else None

    def _bias(self, biased: BiasedCall, tokens: int, length: int, like: Tensor) -> Tensor:
        """The bias of the rows with things, (N, 1, tokens, length), on the device and in the dtype of ``like``."""
        size = biased.call.height, biased.call.width
        key = biased.things, size, tokens, length, like.device, like.dtype
        if key not in self._biases:
            grid = token_grid(*size, tokens)
            maps = [_row_bias(things, grid, length, self._strength, like) for things in biased.things]
            self._biases[key] = torch.stack(maps)[:, None]
        return self._biases[key]


def _row_bias(things: Sequence[Thing], grid: tuple[int, int], length: int, strength: float, like: Tensor) -> Tensor:
    """The bias of one row, (h * w, length). Words that things have in common are inside in the boxes of each."""
    numbers = [number for thing in things for number in thing.tokens]
    if any(not 0 <= number < length for number in numbers):
        refuse(
            "attention bias",
            f"the words of a thing are at the positions {numbers} and the text has {length}",
            "name positions within it",
        )
    maps = like.new_zeros(length, *grid)
    maps[numbers] = -strength
    for thing in things:
        for box in thing.boxes:
            for number in thing.tokens:
                rect_of(box, *grid).of(maps[number]).fill_(strength)
    return maps.flatten(1).T.contiguous()


class _BiasedLayer:
    """The hooks on one cross-attention module, and what they hand on to each other within one call of it."""

    def __init__(
        self,
        name: str,
        module: Any,
        current: Callable[[], BiasedCall | None],
        bias: Callable[[BiasedCall, int, int, Tensor], Tensor],
        upcast: bool,
    ) -> None:
        self._name = name
        self._module = module
        self._current = current
        self._bias = bias
        self._upcast = upcast
        self._heads = int(module.heads)
        self._handles: list[Any] = []
        self.applied_calls = 0
        self.left_out_because = self._replaced()
        """Why the layer takes no bias, or None where it takes it."""
        self.forget()

    def attach(self) -> None:
        """Put the hooks on."""
        module = self._module
        self._handles = [
            module.register_forward_pre_hook(self._enter, with_kwargs=True),
            module.register_forward_hook(self._leave),
            # In front of RegionAttention's, which blends the regions with what it is given.
            first_linear(module.to_out).register_forward_pre_hook(self._put, prepend=True),
            *(
                getattr(module, name).register_forward_hook(partial(self._take, name))
                for name in ("to_q", "to_k", "to_v")
            ),
        ]

    def detach(self) -> None:
        """Take the hooks off; may be called any number of times."""
        for handle in self._handles:
            handle.remove()
        self._handles = []
        self.forget()

    def forget(self) -> None:
        """Drop what belongs to one call of the module."""
        self._biased: BiasedCall | None = None
        self._taken: dict[str, Tensor] = {}

    def _replaced(self) -> str | None:
        return "its forward is replaced by another extension" if has_own_forward(self._module) else None

    def _enter(self, _module: nn.Module, args: tuple, kwargs: dict) -> None:
        self.forget()
        biased = self._current()
        if biased is None:
            return
        self.left_out_because = self._replaced()
        if kwargs.get("mask", args[2] if len(args) > 2 else None) is not None:
            self.left_out_because = "it is called with a mask"
        if self.left_out_because is None:
            self._biased = biased

    def _take(self, name: str, _module: nn.Module, _args: tuple, output: Tensor) -> None:
        if self._biased is not None:
            self._taken[name] = output

    def _put(self, _module: nn.Module, args: tuple) -> tuple | None:
        biased, taken = self._biased, self._taken
        if biased is None or len(taken) < 3 or args[0].shape != taken["to_q"].shape:
            return None
        self.forget()  # what runs the module's forward again within this call is a region's
        rows = len(args[0])
        if rows != len(biased.call.rows):
            refuse(
                f"the layer {self._name}",
                f"it was called with {rows} rows, but the UNet with {len(biased.call.rows)}",
                "turn off the extension that repeats rows inside the UNet, or the attention bias",
            )
        core = args[0].clone()
        query, key, value = (taken[name][biased.positions] for name in ("to_q", "to_k", "to_v"))
        core[biased.positions] = self._attention(biased, query, key, value).to(core.dtype)
        self.applied_calls += 1
        return (core, *args[1:])

    def _leave(self, _module: nn.Module, _args: tuple, _output: Tensor) -> None:
        if self._biased is not None:
            self.left_out_because = "its forward passes by its projections"
        self.forget()

    def _attention(self, biased: BiasedCall, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """Biased attention of (N, T, heads * d) queries to (N, L, heads * d) keys and values."""
        dtype = torch.float32 if self._upcast else query.dtype
        split = [each.to(dtype).unflatten(-1, (self._heads, -1)).transpose(1, 2) for each in (query, key, value)]
        scale = getattr(self._module, "scale", split[0].shape[-1] ** -0.5)
        bias = self._bias(biased, query.shape[1], key.shape[1], split[0])
        with torch.autocast(query.device.type, enabled=False):
            core = scaled_dot_product_attention(split[0], split[1], split[2], attn_mask=bias, scale=scale)
        return core.transpose(1, 2).flatten(2)
