"""Which tokens of a layer belong to which region: buckets and blend maps, as index tensors."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from lib_rpg.regional.rows import PlacedRows, RegionText

# The padding that a bucket may hold: a share of its real tokens, and what one more kernel costs in tokens.
_PADDING_SHARE = 0.25
_PADDING_TOKENS = 32


@dataclass
class Bucket:
    """Segments of similar size whose cores are computed by one attention call.

    texts: N texts, whose contexts are of one length.
    queries: (N * P,) int64, indices into the (B * T) query tokens, padded per segment to P by repetition.
    """

    texts: list[RegionText]
    queries: Tensor

    def to(self, device: torch.device) -> Bucket:
        """The same bucket with its indices on `device`; texts stay where they are."""
        return Bucket(self.texts, self.queries.to(device))


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

    def to(self, device: torch.device, dtype: torch.dtype) -> Span:
        """The same span on `device`, with its weights in `dtype`."""
        return Span(self.rows, self.pool.to(device), self.weights.to(device, dtype), self.base.to(device, dtype))


@dataclass
class TokenPlan:
    """Everything index-like that the fast path needs for one token grid."""

    buckets: list[Bucket]
    spans: list[Span]

    def to(self, device: torch.device, dtype: torch.dtype) -> TokenPlan:
        """The same plan with its indices on `device` and its weights in `dtype`."""
        return TokenPlan(
            [bucket.to(device) for bucket in self.buckets], [span.to(device, dtype) for span in self.spans]
        )


@dataclass
class _Segment:
    """All query tokens that attend to one text, over all rows of the batch."""

    tokens: list[Tensor] = field(default_factory=list)
    size: int = 0

    def add(self, tokens: Tensor) -> int:
        """Append query tokens (int64 indices) and return where they start within the segment."""
        start = self.size
        self.tokens.append(tokens)
        self.size += len(tokens)
        return start


def build_token_plan(rows: PlacedRows, h: int, w: int) -> TokenPlan:
    """Plan the cores of `rows` at the grid h x w; CPU tensors, float32.

    A token is listed once for every region whose coefficient there is not zero, so that the work is the
    number of (token, region) pairs however many regions there are.
    """
    tokens = h * w
    segments: dict[RegionText, _Segment] = {}
    uses: list[tuple[int, RegionText, int, Tensor, Tensor]] = []  # row, text, start, tokens within the row, weights
    for position, row in rows:
        for text, weights in zip(row.texts, row.weights_at(h, w), strict=True):
            covered = weights.nonzero().flatten()
            if len(covered):
                start = segments.setdefault(text, _Segment()).add(covered + position * tokens)
                uses.append((position, text, start, covered, weights[covered]))

    buckets, offsets = _fill_buckets(segments)
    pool_maps: dict[int, list[tuple[Tensor, Tensor]]] = {}
    for position, text, start, covered, weights in uses:
        slots = pool_maps.setdefault(position, [])
        _put(slots, covered, offsets[text] + start + torch.arange(len(covered)), weights, tokens)
    return TokenPlan(buckets, [_span(run, pool_maps, tokens) for run in _runs(sorted(pool_maps))])


def _fill_buckets(segments: dict[RegionText, _Segment]) -> tuple[list[Bucket], dict[RegionText, int]]:
    """Bucket segments by context length, then by size; with every segment's first index in the pool."""
    by_length: dict[int, list[tuple[RegionText, _Segment]]] = {}
    for text, segment in segments.items():
        by_length.setdefault(len(text.context), []).append((text, segment))

    buckets: list[Bucket] = []
    offsets: dict[RegionText, int] = {}
    pool_size = 0
    for group in by_length.values():
        group.sort(key=lambda item: -item[1].size)
        while group:
            count = _fitting([segment.size for _, segment in group])
            members, group = group[:count], group[count:]
            padded = members[0][1].size
            queries = []
            for text, segment in members:
                listed = torch.cat(segment.tokens)
                queries.append(torch.cat([listed, listed[:1].expand(padded - segment.size)]))
                offsets[text] = pool_size
                pool_size += padded
            buckets.append(Bucket([text for text, _ in members], torch.cat(queries)))
    return buckets, offsets


def _fitting(sizes: list[int]) -> int:
    """How many of the sizes, from the largest down, one bucket takes without too much padding; at least one."""
    count, real = 0, 0
    for size in sizes:
        if sizes[0] * (count + 1) > (1 + _PADDING_SHARE) * (real + size) + _PADDING_TOKENS:
            break
        count, real = count + 1, real + size
    return count


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
    """The blend maps of neighbouring rows, filled up with empty slots to the deepest row's number."""
    depth = max(len(pool_maps[position]) for position in run)
    empty = (torch.zeros(tokens, dtype=torch.int64), torch.zeros(tokens))
    slots = [pool_maps[position] + [empty] * (depth - len(pool_maps[position])) for position in run]
    pool = torch.stack([torch.cat([row[d][0] for row in slots]) for d in range(depth)])
    weights = torch.stack([torch.cat([row[d][1] for row in slots]) for d in range(depth)])[..., None]
    return Span(slice(run[0], run[-1] + 1), pool, weights, 1 - weights.sum(0))
