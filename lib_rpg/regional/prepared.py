"""Caches what is computed once for a set of batch rows with regions, for every UNet call that has the same rows."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

import torch

from lib_rpg.regional.composed import ComposedCall, build_calls
from lib_rpg.regional.grids import token_grid
from lib_rpg.regional.keys_values import KeysValues
from lib_rpg.regional.rows import PlacedRows, UNetCall
from lib_rpg.regional.token_plan import TokenPlan, build_token_plan

# UNet calls that a set of rows may sit unused before its indices, keys and values are dropped: enough for
# prompts that alternate, as [a|b|c] with cond and uncond in calls of their own, and a bound on what is held.
_IDLE_CALLS = 6


class LayerInput(NamedTuple):
    """All of a layer's input that a token plan depends on: latents of height x width, `tokens` of them in the layer."""

    height: int
    width: int
    tokens: int
    device: torch.device
    dtype: torch.dtype


@dataclass(eq=False)
class PreparedRows:
    """Index plans and composed runs of one set of rows, by the input that they are for."""

    rows: PlacedRows
    used: int = 0
    token_plans: dict[LayerInput, TokenPlan] = field(default_factory=dict)
    composed_calls: dict[tuple[int, int, int], list[ComposedCall]] = field(default_factory=dict)

    def token_plan(self, given: LayerInput) -> TokenPlan:
        """What the fast path needs for a layer with this input. Raises RpgError where its tokens are no grid."""
        plan = self.token_plans.get(given)
        if plan is None:
            grid = token_grid(given.height, given.width, given.tokens)
            plan = build_token_plan(self.rows, *grid).to(given.device, given.dtype)
            self.token_plans[given] = plan
        return plan

    def composed(self, height: int, width: int, tokens: int) -> list[ComposedCall]:
        """The runs that the composed path makes of a layer of `tokens` tokens. Raises as `token_plan` does."""
        key = height, width, tokens
        calls = self.composed_calls.get(key)
        if calls is None:
            calls = self.composed_calls[key] = build_calls(self.rows, *token_grid(*key))
        return calls


class PreparedCache:
    """What is prepared for the last sets of rows, and with it their keys and values."""

    def __init__(self, keys_values: KeysValues) -> None:
        self._keys_values = keys_values
        self._prepared: dict[Hashable, PreparedRows] = {}
        self._clock = 0

    def __len__(self) -> int:
        """How many sets of rows there is something prepared for."""
        return len(self._prepared)

    def of(self, call: UNetCall) -> PreparedRows | None:
        """What is prepared for the rows of a call that begins; None for one without texts of regions."""
        self._clock += 1
        if not call.with_texts:
            return None
        prepared = self._prepared.setdefault(call.key, PreparedRows(call.with_texts))
        prepared.used = self._clock
        self._drop_idle()
        return prepared

    def clear(self) -> None:
        """Let go of everything."""
        self._prepared.clear()
        self._keys_values.clear()

    def _drop_idle(self) -> None:
        for key, prepared in list(self._prepared.items()):
            if self._clock - prepared.used > _IDLE_CALLS:
                self._keys_values.drop(prepared)
                del self._prepared[key]
