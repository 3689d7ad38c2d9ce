"""Weights of regions on token grids: how much of each token of an (h, w) grid belongs to which region."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

import torch

from lib_rpg.layout.cells import grid_cells
from lib_rpg.layout.mask import Masks, read_masks
from lib_rpg.plan import Plan, Region

# An edge this close to a token's edge (in tokens) lies on it: it is there but for float rounding.
_SNAP = 1e-6

# Token grids that a plan's weights are kept for; a UNet has four.
_KEPT_GRIDS = 32

# Rows of a mask that are made numbers of 8 bytes at a time: what a processor's cache holds.
_MASK_ROWS = 64


Window = tuple[float, float, float, float]
"""The part of the canvas that a grid of tokens covers: x, y, width and height as shares of the canvas."""
WHOLE: Window = (0.0, 0.0, 1.0, 1.0)


def region_weights(plan: Plan, h: int, w: int, masks: Masks | None = None, window: Window = WHOLE) -> torch.Tensor:
    """How much of each token every region has: float32 of shape (R, h, w), on the CPU, each value in 0…1.

    For a grid 1 or 0, and the sum over the regions is 1 everywhere. For boxes, at every *point* of the canvas
    the boxes that cover it share it in proportion to `Region.weight`; the result is the exact mean of that
    over each token's square. So the sum over the regions is the share of the token that any box covers: 1
    inside, 0 outside, between them where a box ends within a token; what is left to 1 belongs to the base
    prompt. With `Plan.feather`, or where a region has a mask, see `_soft_weights`.

    ``masks`` are the plan's, from `read_masks`; without them they are read here (RpgError where they cannot be).
    With ``window`` the grid covers a part of the canvas alone: a region has there what it has of the whole.
    """
    if plan.feather or any(region.mask for region in plan.regions):
        return _soft_weights(plan, h, w, read_masks([plan]) if masks is None else masks, window)
    if plan.layout == "grid" and window != WHOLE:
        return _cells_in(plan, h, w, window)
    if plan.layout == "grid":
        weights = torch.zeros(len(plan.regions), h, w)
        for index, (y0, y1, x0, x1) in enumerate(grid_cells(plan.grid(), h, w)):
            weights[index, y0:y1, x0:x1] = 1
        return weights

    boxes = torch.tensor([region.box for region in plan.regions], dtype=torch.float64)
    x, y, width, height = window
    inside_x, overlap_x = _axis((boxes[:, 0] - x) / width, (boxes[:, 0] + boxes[:, 2] - x) / width, w)
    inside_y, overlap_y = _axis((boxes[:, 1] - y) / height, (boxes[:, 1] + boxes[:, 3] - y) / height, h)
    strength = torch.tensor([region.weight for region in plan.regions], dtype=torch.float64)
    # (R, stretches in y, stretches in x): between two neighbouring edges of boxes the shares are constant.
    shares = inside_y[:, :, None] * inside_x[:, None, :] * strength[:, None, None]
    shares /= shares.sum(0).clamp_min(torch.finfo(torch.float64).tiny)
    return (overlap_y @ shares @ overlap_x.T).clamp_(0, 1).float()


def _cells_in(plan: Plan, h: int, w: int, window: Window) -> torch.Tensor:
    """`region_weights` of a grid's cells in a part of the canvas: 1 or 0, a cell at the canvas' border goes on past it.

    A boundary is rounded once for both of its neighbours, so that there is neither a gap nor an overlap.
    """
    left, top, width, height = window
    weights = torch.zeros(len(plan.regions), h, w)
    for index, (x, y, across, down) in enumerate(plan.grid().boxes()):
        x0, x1 = (_token_at(edge, left, width, w) for edge in (x, x + across))
        y0, y1 = (_token_at(edge, top, height, h) for edge in (y, y + down))
        weights[index, y0:y1, x0:x1] = 1
    return weights


def _token_at(edge: Fraction, start: float, size: float, tokens: int) -> int:
    if edge in (0, 1):
        return tokens * int(edge)
    return min(max(math.floor((float(edge) - start) / size * tokens + 0.5), 0), tokens)


def _soft_weights(plan: Plan, h: int, w: int, masks: Masks, window: Window) -> torch.Tensor:
    """`region_weights` with soft edges.

    A region's presence at a token is the mean of its box, or of its mask over the box, after every edge that is not
    the canvas' own has become a straight ramp of the feather's width with its middle on the edge. Regions share a
    token in proportion to `Region.weight` times presence, and cover of it what their presences sum to, at most all:
    so the ramps of two neighbours in a grid add up to 1, and no base prompt shows at their seam.
    """
    _, _, width, height = window
    ramp = plan.feather * min(h / height, w / width)
    presence = torch.stack([_presence(region, h, w, ramp, masks, window) for region in plan.regions])
    shares = presence * torch.tensor([region.weight for region in plan.regions], dtype=torch.float64)[:, None, None]
    shares /= shares.sum(0).clamp_min(torch.finfo(torch.float64).tiny)
    return (shares * presence.sum(0).clamp(max=1)).clamp_(0, 1).float()


def _presence(region: Region, h: int, w: int, ramp: float, masks: Masks, window: Window) -> torch.Tensor:
    """(h, w) float64 in 0…1: how much of each token is the region's by itself; ``ramp`` in tokens."""
    mask = masks[region.mask] if region.mask else torch.full((1, 1), 255, dtype=torch.uint8)
    x, y, width, height = region.box
    columns = _soft_parts(x, width, mask.shape[1], w, ramp, window[0], window[2])
    rows = _soft_parts(y, height, mask.shape[0], h, ramp, window[1], window[3])
    across = torch.cat([part.double() @ columns for part in mask.split(_MASK_ROWS)])
    return (rows.T @ across / 255).clamp_(0, 1)


def _soft_parts(
    start: float, size: float, parts: int, tokens: int, ramp: float, first: float, share: float
) -> torch.Tensor:
    """One axis of a box cut into equal parts: (parts, tokens) float64, the mean of each part over each token.

    The tokens cover the ``share`` of the canvas from ``first`` on. Edges inside the canvas are ramps of ``ramp``
    tokens; those on its border are hard.
    """
    whole = tokens / share
    edges = (start + size * torch.arange(parts + 1, dtype=torch.float64) / parts) * whole
    inner = edges - first * whole
    inner = torch.where((inner - inner.round()).abs() < _SNAP, inner.round(), inner)
    # Beyond the border by more than a ramp, so that no ramp of the border's edges is on the canvas.
    inner = torch.where(edges < _SNAP, min(-first * whole, 0.0) - ramp - 1, inner)
    inner = torch.where(edges > whole - _SNAP, max((1 - first) * whole, float(tokens)) + ramp + 1, inner)
    behind = torch.arange(tokens + 1, dtype=torch.float64) - inner[:, None]
    # The integral of a ramp from 0 to 1 around an edge, up to `behind` tokens past it.
    risen = ((behind / ramp + 0.5).clamp(0, 1) ** 2 / 2 * ramp) if ramp else 0
    integral = risen + (behind - ramp / 2).clamp_min(0)
    rise = integral.diff(dim=1)
    return rise[:-1] - rise[1:]


def _axis(starts: torch.Tensor, ends: torch.Tensor, tokens: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Cut one axis at every edge of the boxes.

    Returns, for S stretches: ``inside`` (R, S), 1 where the box covers the stretch, and ``overlap`` (tokens,
    S), the share of each token that lies in the stretch; float64.
    """
    edges = torch.stack([starts, ends]) * tokens
    edges = torch.where((edges - edges.round()).abs() < _SNAP, edges.round(), edges).clamp(0, tokens)
    cuts = edges.unique()
    low, high = cuts[:-1], cuts[1:]
    inside = (edges[0, :, None] <= low) & (high <= edges[1, :, None])
    token = torch.arange(tokens, dtype=torch.float64)[:, None]
    overlap = (torch.minimum(token + 1, high) - torch.maximum(token, low)).clamp_min(0)
    return inside.double(), overlap


def areas(
    plan: Plan, h: int, w: int, masks: Masks | None = None, window: Window = WHOLE, rest: bool = False
) -> torch.Tensor:
    """`region_weights`; with ``rest`` what no region has is as one more region, behind the last: (R + 1, h, w)."""
    weights = region_weights(plan, h, w, masks, window)
    return torch.cat([weights, (1 - weights.sum(0, keepdim=True)).clamp_min(0)]) if rest else weights


def coefficients(
    plan: Plan, h: int, w: int, masks: Masks | None = None, window: Window = WHOLE, rest: bool = False
) -> torch.Tensor:
    """The factor of every region's attention at each token: float32 of shape (R, h, w), on the CPU.

    ``c_r = w_r (1 - β_r)`` with w from `areas`, which takes ``masks``, ``window`` and ``rest``, and β from
    `Plan.base_ratios`, the plan's own for the rest. The base prompt's factor is ``1 - Σ_r c_r``, which is 1 where no
    region covers the token.
    """
    ratios = (*plan.base_ratios, plan.base_ratio) if rest else plan.base_ratios
    return areas(plan, h, w, masks, window, rest) * (1 - torch.tensor(ratios))[:, None, None]


@dataclass(frozen=True)
class WeightMap:
    """Some regions' part of what `of_all` gives for all on a grid (R, h, w), at any grid."""

    of_all: Callable[[int, int], torch.Tensor]
    regions: tuple[int, ...]

    def at(self, height: int, width: int) -> torch.Tensor:
        """(number of these regions, height, width)."""
        return self.of_all(height, width)[list(self.regions)]


@dataclass(frozen=True)
class AreaMap(WeightMap):
    """How much of each token some regions have together, at any grid."""

    def at(self, height: int, width: int) -> torch.Tensor:
        """(height, width), in 0…1."""
        return super().at(height, width).sum(0)


class PlanWeights:
    """A plan's weights on any token grid; what all regions have is computed once for a grid.

    ``masks`` are the plan's, ``window`` is the part of the canvas that grids cover, and ``rest`` says whether what no
    region has is one more region, as in `areas`.
    """

    def __init__(self, plan: Plan, masks: Masks | None = None, window: Window = WHOLE, rest: bool = False) -> None:
        # Neither knows this object, so that they are gone with it at once, not when garbage is collected.
        given: dict[str, Any] = {"masks": masks, "window": window, "rest": rest}
        self._coefficients = lru_cache(_KEPT_GRIDS)(partial(coefficients, plan, **given))
        self._areas = lru_cache(_KEPT_GRIDS)(partial(areas, plan, **given))

    def of(self, regions: Sequence[int]) -> WeightMap:
        """The `coefficients` of some regions, by their numbers."""
        return WeightMap(self._coefficients, tuple(regions))

    def area(self, regions: Sequence[int]) -> AreaMap:
        """The place of some regions together, from `areas`."""
        return AreaMap(self._areas, tuple(regions))
