"""Keys and values of regions' texts: projected once, and kept from step to step as far as memory may be used."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from lib_rpg.regional.adapter import Adapter
from lib_rpg.regional.token_plan import TokenPlan

BucketPairs = list[tuple[Tensor, Tensor]]
"""For each bucket of a token plan keys and values, (N, heads, L, d) of its N texts."""


class KeysValues:
    """All keys and values that are kept, and the limit of what they may take.

    They are kept for an owner, which is any key and may have several, and dropped with it.
    """

    def __init__(self, limit: int | None = None) -> None:
        """limit: bytes to keep; what is over it is computed again each time. None keeps all."""
        self.limit = limit
        self.computed = 0
        """How often keys and values had to be computed."""
        self.held = 0
        """Bytes of all that is kept."""
        self._kept: dict[Hashable, dict[Hashable, BucketPairs]] = {}

    def get(self, owner: Hashable, key: Hashable, compute: Callable[[], BucketPairs]) -> BucketPairs:
        """What is kept as the owner's `key`, else what `compute` gives."""
        pairs = self._kept.get(owner, {}).get(key)
        if pairs is None:
            pairs = compute()
            self.computed += 1
            size = _size(pairs)
            if self.limit is None or self.held + size <= self.limit:
                self._kept.setdefault(owner, {})[key] = pairs
                self.held += size
        return pairs

    def drop(self, owner: Hashable) -> None:
        """Let go of all that is kept for an owner."""
        self.held -= sum(map(_size, self._kept.pop(owner, {}).values()))

    def clear(self) -> None:
        """Let go of everything."""
        self._kept.clear()
        self.held = 0


@torch.no_grad()
def project(module: Any, plan: TokenPlan, context: Tensor, query: Tensor) -> BucketPairs:
    """Keys and values of a cross-attention module for the plan's texts.

    They are computed on the device and in the dtype of `context`, the host's own, and come in those of `query`.
    """
    pairs = []
    for bucket in plan.buckets:
        contexts = torch.stack([text.context.to(context.device, context.dtype) for text in bucket.texts])
        adapters = [text.adapter for text in bucket.texts]
        key, value = (
            _projected(projection, contexts, adapters)
            .to(query)
            .unflatten(-1, (int(module.heads), -1))
            .transpose(1, 2)
            .contiguous()
            for projection in (module.to_k, module.to_v)
        )
        pairs.append((key, value))
    return pairs


def _projected(projection: nn.Module, contexts: Tensor, adapters: Sequence[Adapter | None]) -> Tensor:
    """Keys or values of (N, L, C) contexts, each with its own adapter."""
    # Not through the hooks on it, which are others' and look for what the base prompt gives.
    projected = projection.forward(contexts)
    for i, adapter in enumerate(adapters):
        delta = None if adapter is None else adapter.delta(projection, contexts[i : i + 1])
        if delta is not None:
            projected[i : i + 1] += delta.to(projected)
    return projected


def _size(pairs: BucketPairs) -> int:
    return sum(tensor.nbytes for pair in pairs for tensor in pair)
