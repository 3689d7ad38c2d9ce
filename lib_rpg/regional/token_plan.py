"""Which tokens of a layer belong to which region: token grids, buckets and blend maps, as index tensors."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from lib_rpg.errors import RpgError

if TYPE_CHECKING:
    from lib_rpg.regional.adapted_layers import Adapter

# The padding that a bucket may hold: a share of its real tokens, and what one more kernel costs in tokens.
_PADDING_SHARE = 0.25
_PADDING_TOKENS = 32


@dataclass(frozen=True)
class RowRegions:
    """The regions of one batch row.

    contexts: one text conditioning per region, each (L_r, C) with any length L_r, on any device and of any
        float dtype. Pass the same storage step after step, so that keys and values stay cached.
    coefficients: maps a token grid (h, w) to a float tensor (R, h, w) of blend weights c_r >= 0 with
        sum_r c_r <= 1; the row's own context keeps 1 - sum_r c_r. Pass the same callable (or one that
        compares equal) step after step: results are cached by it.
    adapters: empty, or one for each context, None where it has none: the LoRAs that its keys and values are
        projected with.
    patches: adapters that act on the row's own tokens, each with its area: a map of a grid (h, w) to a tensor
        (h, w) of 0…1. `AdaptedLayers` applies them; they need no context.
    """

    contexts: tuple[Tensor, ...]
    coefficients: Callable[[int, int], Tensor]
    adapters: tuple[Adapter | None, ...] = ()
    patches: tuple[tuple[Adapter, Callable[[int, int], Tensor]], ...] = ()

    def adapted_contexts(self) -> list[tuple[Tensor, Adapter | None]]:
        """Every context with its adapter."""
        return list(zip(self.contexts, self.adapters or (None,) * len(self.contexts), strict=True))


def context_key(context: Tensor) -> tuple:
    """Identity of a context: the same for equal views of one storage, while one of them is held."""
    return context.data_ptr(), context.device, context.dtype, context.shape, context.stride()


def row_key(row: RowRegions) -> tuple:
    """Identity of a row's regions."""
    return row.coefficients, *((context_key(context), id(adapter)) for context, adapter in row.adapted_contexts())


def token_grid(height: int, width: int, tokens: int) -> tuple[int, int]:
    """The grid (h, w), h * w = `tokens`, of a layer whose UNet was given latents of `height` x `width`.

    First the grids that stride-2 convolutions give, ceil(height / 2^k) x ceil(width / 2^k); then (an
    extension has rescaled the feature map) the factorisation nearest to the latents' shape of those whose two
    sides are both within one token of one common scale. Raises RpgError where there is none.
    """
    h, w = height, width
    while True:
        if h * w == tokens:
            return h, w
        if h == w == 1:
            break
        h, w = (h + 1) // 2, (w + 1) // 2

    best: tuple[float, int, int] | None = None
    for h in range(1, tokens + 1):
        if tokens % h:
            continue
        w = tokens // h
        low = max((h - 1) / height, (w - 1) / width)
        high = min((h + 1) / height, (w + 1) / width)
        distance = abs(math.log((h * width) / (w * height)))
        if low < high and (best is None or distance < best[0]):
            best = distance, h, w
    if best is None:
        raise RpgError(
            f"A cross-attention layer has {tokens} tokens, which is no grid of the shape of the "
            f"{width}x{height} latents: turn off the extension that rearranges the UNet's feature maps, or "
            "the regions"
        )
    return best[1], best[2]


def row_coefficients(row: RowRegions, h: int, w: int) -> Tensor:
    """The row's checked blend weights as a float32 CPU tensor (R, h * w)."""
    weights = row.coefficients(h, w).detach().to("cpu", torch.float32)
    if tuple(weights.shape) != (len(row.contexts), h, w):
        raise RpgError(
            f"The regions' weights have the shape {tuple(weights.shape)} where {(len(row.contexts), h, w)} "
            "is needed: give one map per region prompt at the size that is asked for"
        )
    weights = weights.flatten(1)
    total = weights.sum(0)
    if not (weights >= 0).all() or not (total <= 1 + 1e-4).all():
        raise RpgError(f"The regions' weights on the {h}x{w} token grid are not between 0 and 1 in sum: normalise them")
    return weights


@dataclass
class Bucket:
    """Segments of similar size whose cores are computed by one attention call.

    contexts: N tensors (L, C) of one length.
    adapters: for each of them the adapter that its keys and values are projected with, or None.
    queries: (N * P,) int64, indices into the (B * T) query tokens, padded per segment to P by repetition.
    """

    contexts: list[Tensor]
    adapters: list[Adapter | None]
    queries: Tensor


@dataclass
class Span:
    """Neighbouring rows that carry regions.

    rows: the slice of the batch, S rows.
    pool: (D, S * T) int64, per slot and token the index of the region's core in the pool of all buckets.
    weights: (D, S * T, 1), per slot and token the coefficient c; 0 where the slot is empty.
    base: (S * T, 1), 1 - the sum of the weights over the slots.
    """

    rows: slice
    pool: Tensor
    weights: Tensor
    base: Tensor


@dataclass
class TokenPlan:
    """Everything index-like that the fast path needs for one token grid, and the cached keys and values."""

    buckets: list[Bucket]
    spans: list[Span]
    keys_values: dict[int, list[tuple[Tensor, Tensor]]] = field(default_factory=dict)


@dataclass
class _Segment:
    """All query tokens that attend to one context under one adapter, over all rows of the batch."""

    context: Tensor
    adapter: Adapter | None
    tokens: list[Tensor] = field(default_factory=list)
    size: int = 0

    def add(self, tokens: Tensor) -> int:
        """Append query tokens (int64 indices) and return where they start within the segment."""
        start = self.size
        self.tokens.append(tokens)
        self.size += len(tokens)
        return start


def build_token_plan(rows: Sequence[tuple[int, RowRegions]], h: int, w: int) -> TokenPlan:
    """Plan the cores of `rows` (position in the batch, regions) at the grid h x w; CPU tensors, float32.

    A token is listed once for every region whose coefficient there is not zero, so that the work is the
    number of (token, region) pairs however many regions there are.
    """
    tokens = h * w
    segments: dict[tuple, _Segment] = {}
    uses: list[tuple[int, tuple, int, Tensor, Tensor]] = []  # row, segment, start, tokens within the row, weights
    for position, row in rows:
        for (context, adapter), weights in zip(row.adapted_contexts(), row_coefficients(row, h, w), strict=True):
            covered = weights.nonzero().flatten()
            if len(covered):
                key = context_key(context), id(adapter)
                start = segments.setdefault(key, _Segment(context, adapter)).add(covered + position * tokens)
                uses.append((position, key, start, covered, weights[covered]))

    buckets, offsets = _fill_buckets(segments)
    pool_maps: dict[int, list[tuple[Tensor, Tensor]]] = {}
    for position, key, start, covered, weights in uses:
        slots = pool_maps.setdefault(position, [])
        _put(slots, covered, offsets[key] + start + torch.arange(len(covered)), weights, tokens)
    return TokenPlan(buckets, [_span(run, pool_maps, tokens) for run in _runs(sorted(pool_maps))])


def plan_to(plan: TokenPlan, device: torch.device, dtype: torch.dtype) -> TokenPlan:
    """The same plan with its indices on `device` and its weights in `dtype`, without keys and values."""
    return TokenPlan(
        [Bucket(bucket.contexts, bucket.adapters, bucket.queries.to(device)) for bucket in plan.buckets],
        [
            Span(span.rows, span.pool.to(device), span.weights.to(device, dtype), span.base.to(device, dtype))
            for span in plan.spans
        ],
    )


def _fill_buckets(segments: dict[tuple, _Segment]) -> tuple[list[Bucket], dict[tuple, int]]:
    """Bucket segments by context length, then by size; with every segment's first index in the pool."""
    by_length: dict[int, list[tuple[tuple, _Segment]]] = {}
    for key, segment in segments.items():
        by_length.setdefault(len(segment.context), []).append((key, segment))

    buckets: list[Bucket] = []
    offsets: dict[tuple, int] = {}
    pool_size = 0
    for group in by_length.values():
        group.sort(key=lambda item: -item[1].size)
        while group:
            padded, count, real = group[0][1].size, 0, 0
            for _, segment in group:
                if padded * (count + 1) > (1 + _PADDING_SHARE) * (real + segment.size) + _PADDING_TOKENS:
                    break
                count, real = count + 1, real + segment.size
            members, group = group[:count], group[count:]
            queries = []
            for key, segment in members:
                listed = torch.cat(segment.tokens)
                queries.append(torch.cat([listed, listed[:1].expand(padded - segment.size)]))
                offsets[key] = pool_size
                pool_size += padded
            contexts, adapters = ([getattr(s, name) for _, s in members] for name in ("context", "adapter"))
            buckets.append(Bucket(contexts, adapters, torch.cat(queries)))
    return buckets, offsets


def _put(slots: list[tuple[Tensor, Tensor]], covered: Tensor, pool: Tensor, weights: Tensor, tokens: int) -> None:
    """Enter a region's cores into the first free slot of each of its tokens, adding slots as needed."""
    depth = 0
    while len(covered):
        if depth == len(slots):
            slots.append((torch.zeros(tokens, dtype=torch.int64), torch.zeros(tokens)))
        slot_pool, slot_weights = slots[depth]
        free = slot_weights[covered] == 0
        slot_pool[covered[free]] = pool[free]
        slot_weights[covered[free]] = weights[free]
        covered, pool, weights = covered[~free], pool[~free], weights[~free]
        depth += 1


def _runs(positions: list[int]) -> list[list[int]]:
    """Split sorted row positions into runs of neighbours."""
    runs: list[list[int]] = []
    for position in positions:
        if runs and runs[-1][-1] == position - 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    return runs


def _span(run: list[int], pool_maps: dict[int, list[tuple[Tensor, Tensor]]], tokens: int) -> Span:
    depth = max(len(pool_maps[position]) for position in run)
    empty = (torch.zeros(tokens, dtype=torch.int64), torch.zeros(tokens))
    slots = [pool_maps[position] + [empty] * (depth - len(pool_maps[position])) for position in run]
    pool = torch.stack([torch.cat([row[d][0] for row in slots]) for d in range(depth)])
    weights = torch.stack([torch.cat([row[d][1] for row in slots]) for d in range(depth)])[..., None]
    return Span(slice(run[0], run[-1] + 1), pool, weights, 1 - weights.sum(0))
