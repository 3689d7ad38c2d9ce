"""Hard binding: in the first steps an object is drawn by itself, and what it is denoised to is put in its box.

RAG (ICCV 2025) draws the objects first, and then pastes their latents into the picture step by step. A sampler moves
every cell of the latents by itself, so that this is the same as to put an object's denoised estimate into the
picture's, with the latents in the box as the object's own (reference/rag-and-lmd.md A.1 and A.5). This is the exact
mode. In the native mode the object has latents of its own, on a canvas as large as the model draws best. They go from
sigma to sigma with the picture's, and only the denoised estimate, scaled to the box, goes over into the picture. An
object that is bound to the end is drawn in its box at last, so that its details are of the picture's size (ours).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from lib_rpg.regional.latent_rects import Rect
from lib_rpg.regional.spaces import Space

Evaluate = Callable[[Sequence[int], Tensor, Tensor], Tensor]
"""Runs objects, by their numbers, through the model by themselves: latents (N, C, h, w) and levels (N,) of the
sampler's kind to the denoiser's outputs (K, N, C, h, w), the first of them with guidance."""


LATE = 0.2
"""The last share of a run's steps, in which an object of the native mode is drawn as its `PlacedObject.late` says."""


class Moment(NamedTuple):
    """A step of the sampling: its number from 0, and how many there are; both evaluations of a second-order step are
    one."""

    step: int
    steps: int


def in_share(share: float, moment: Moment) -> bool:
    """Whether a step is within the first ``share`` (0 to 1) of all: at least one step is where it is above 0."""
    return share > 0 and moment.step < max(1, math.floor(share * moment.steps + 0.5))


@dataclass(frozen=True)
class PlacedObject:
    """An object on a picture's latents.

    picture: its row of the batch. rect: its place. weight: (h, w) of the rectangle, its share of each cell, 0 to 1.
    canvas: height and width of its own latents in the native mode, None for the exact mode.
    steps: the share of the steps in which it is bound, at least one step where above 0. sigma: it is bound as long as
    sigma is above it, where that is above 0, whatever the steps. seed: of the noise that its own latents begin with.
    late: how it is placed in the last `LATE` of the steps, None where nothing changes.
    """

    picture: int
    rect: Rect
    weight: Tensor
    canvas: tuple[int, int] | None
    steps: float
    sigma: float
    seed: int
    late: PlacedObject | None = None

    def at(self, moment: Moment, sigma: float) -> PlacedObject | None:
        """How it is placed at that step and sigma; None where it is not bound there."""
        is_bound = sigma > self.sigma if self.sigma > 0 else in_share(self.steps, moment)
        if not is_bound:
            return None
        return self if self.late is None or in_share(1 - LATE, moment) else self.late


Bound = Mapping[int, PlacedObject]
"""Objects by their numbers, as they are placed at a step."""


class HardBinding:
    """The bound objects of a batch through one sampling run. Where objects overlap, the later one lies on top."""

    def __init__(
        self,
        objects: Sequence[PlacedObject],
        space: Space,
        cells: Callable[[int, Tensor], Tensor | None] = lambda *_: None,
    ) -> None:
        """``cells``: asked when an object has been evaluated, with its number and weight (h, w): bool (h, w), which
        cells of its rectangle it is put in; None for all."""
        self._objects = objects
        self._cells = cells
        self._space = space
        self._own: dict[int, _OwnLatents] = {}

    def bound(self, moment: Moment, level: Tensor) -> dict[int, PlacedObject]:
        """The objects that are bound at that step, by their numbers, as they are placed then; level: (B,)."""
        sigmas = self._space.sigma(level).tolist()
        placed = {i: each.at(moment, sigmas[each.picture]) for i, each in enumerate(self._objects)}
        return {i: each for i, each in placed.items() if each is not None}

    def covered(self, bound: Bound, x: Tensor) -> Tensor:
        """The cells of the latents (B, C, H, W) that have nothing of the picture's own outputs: bool (B, H, W)."""
        cells = torch.zeros(len(x), *x.shape[-2:], dtype=torch.bool)
        for placed in bound.values():
            placed.rect.of(cells[placed.picture]).logical_or_(placed.weight >= 1)
        return cells

    def bind(
        self, bound: Bound, x: Tensor, level: Tensor, output: Tensor, start: Tensor | None, evaluate: Evaluate
    ) -> Tensor:
        """The denoiser's outputs with these objects in their boxes; ``output`` itself is not changed.

        x: the sampler's latents (B, C, H, W). level: (B,). output: (K, B, C, H, W). start: the clean latents that the
        sampling began with (B or 1, C, H, W), None where that was noise alone.
        """
        latents = {i: self._latents(i, placed, x, level, start) for i, placed in bound.items()}
        outputs: dict[int, Tensor] = {}
        for numbers in self._of_one_shape(latents):
            rows = [bound[i].picture for i in numbers]
            drawn = evaluate(numbers, torch.cat([latents[i] for i in numbers]), level[rows])
            outputs |= {i: drawn[:, k : k + 1] for k, i in enumerate(numbers)}
        result = output.clone()
        for i, placed in bound.items():
            row = slice(placed.picture, placed.picture + 1)
            own = self._in_box(i, placed, outputs[i], latents[i], x[row], level[row])
            place = placed.rect.of(result[:, row])
            cells = self._cells(i, placed.weight)
            weight = placed.weight if cells is None else placed.weight * cells
            place.copy_(torch.lerp(place, own.to(place), weight.to(place)))
        return result

    def _latents(self, number: int, placed: PlacedObject, x: Tensor, level: Tensor, start: Tensor | None) -> Tensor:
        """An object's latents (1, C, h, w) of the sampler's kind."""
        row = slice(placed.picture, placed.picture + 1)
        if placed.canvas is None:
            return placed.rect.of(x[row])
        if number not in self._own:
            clean = None if start is None else placed.rect.of(start[row if len(start) > 1 else slice(0, 1)])
            self._own[number] = _OwnLatents(placed.canvas, placed.seed, clean, x)
        y = self._own[number].at(float(self._space.sigma(level[row])))
        return self._space.latents(y, level[row])

    def _in_box(
        self, number: int, placed: PlacedObject, output: Tensor, latents: Tensor, x: Tensor, level: Tensor
    ) -> Tensor:
        """An object's outputs as they are in the picture: (K, 1, C, h, w) of its rectangle."""
        if placed.canvas is None:
            return output
        denoised = self._space.denoised(output, latents, level)
        self._own[number].denoised = denoised[0].float()
        size = placed.rect.height, placed.rect.width
        scaled = _scaled(denoised.flatten(0, 1), size).unflatten(0, denoised.shape[:2])
        return self._space.output(scaled, placed.rect.of(x), level)

    @staticmethod
    def _of_one_shape(latents: dict[int, Tensor]) -> list[list[int]]:
        """The objects by the shape of their latents: those of one shape are drawn together."""
        by_shape: dict[torch.Size, list[int]] = {}
        for number, tensor in latents.items():
            by_shape.setdefault(tensor.shape, []).append(number)
        return list(by_shape.values())


class _OwnLatents:
    """An object's own latents x0 + sigma * n, (1, C, h, w), which Euler steps take from each sigma to the next."""

    def __init__(self, size: tuple[int, int], seed: int, clean: Tensor | None, like: Tensor) -> None:
        self._generator = torch.Generator().manual_seed(seed)
        self._dtype = like.dtype  # not the tensor, which would be held
        self._shape = (1, like.shape[1], *size)
        self._y = torch.zeros(self._shape, device=like.device) if clean is None else _scaled(clean.float(), size)
        self._sigma = 0.0
        self.denoised: Tensor | None = None
        """What the latents were denoised to at the last sigma."""

    def at(self, sigma: float) -> Tensor:
        """The latents at that sigma; to be denoised before the next one is asked for."""
        if sigma > self._sigma:  # the first one, and where a sampler goes back
            added = math.sqrt(sigma * sigma - self._sigma * self._sigma)
            noise = torch.randn(self._shape, generator=self._generator)
            self._y = self._y + added * noise.to(self._y)
        elif self.denoised is not None and sigma < self._sigma:
            self._y = self._y + (sigma - self._sigma) * (self._y - self.denoised) / self._sigma
        self._sigma = sigma
        return self._y.to(self._dtype)


def _scaled(clean: Tensor, size: tuple[int, int]) -> Tensor:
    """Mean of the cells that come together where it becomes smaller, in between where larger."""
    if size[0] <= clean.shape[-2] and size[1] <= clean.shape[-1]:
        return interpolate(clean, size, mode="area")
    return interpolate(clean, size, mode="bilinear", antialias=True)
