"""Composition of denoised estimates: MultiDiffusion by region, and LMD's frozen latents of objects drawn before.

MultiDiffusion (ICML 2023) denoises the same latents once for each region, with that region's words, and takes each cell
from the regions that it belongs to. LMD (TMLR 2024) draws every object in a run of its own, and pastes its latents into
the picture's until a sigma. A sampler moves every cell of the latents by itself, so that both are the same as to
compose the denoised estimates (reference/rag-and-lmd.md B.2, B.3 and B.6). None of it needs gradients.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import conv2d, interpolate, pad

from lib_rpg.checks import refuse
from lib_rpg.regional.binding import Evaluate, Moment, in_share
from lib_rpg.regional.latent_rects import Rect, cells_in
from lib_rpg.regional.replay import Replay
from lib_rpg.regional.spaces import Space

_BLUR = 1.5
"""Sigma of the Gaussian on an attention map, in the map's own cells."""
_THRESHOLD = 0.25
"""An object is where its attention, from its least to its most as 0 to 1, is above that."""
_FLAT = 1e-5
"""A blurred map whose values differ by no more than this share of them says nothing: it is rounding."""
_SHIFTS = 8
"""Parts of a side that shifts are in: whole cells on every level of a UNet down to 8 x 8."""


Cell = tuple[int, int]


# MultiDiffusion


@dataclass(frozen=True)
class SharedRegion:
    """A region that is denoised on its picture's own latents.

    picture: its row of the batch. weight: float (H, W), its share of each cell of the latents, 0 to 1.
    bootstrap: the share of the steps, from the first, in which the model does not see the picture outside the region.
    seed: of what it sees there.
    """

    picture: int
    weight: Tensor
    bootstrap: float = 0.0
    seed: int = 0


class MultiDiffusion:
    """The regions of a batch's pictures; what they leave of a cell is the picture's own estimate."""

    def __init__(self, regions: Sequence[SharedRegion], space: Space, colours: Tensor | None = None) -> None:
        """colours: clean latents of pictures of one colour each, (N, C, H or 1, W or 1), needed for bootstrapping.

        Raises RpgError where a picture's weights are below 0 or sum to more than 1, and where colours are missing.
        """
        self._regions = regions
        self._space = space
        self._colours = colours
        self._taken: dict[int, Tensor] = {}  # by picture, what its regions have of each cell
        for each in regions:
            before = self._taken.get(each.picture)
            self._taken[each.picture] = each.weight if before is None else before + each.weight
        too_much = any((taken > 1 + 1e-4).any() for taken in self._taken.values())
        if too_much or any((each.weight < 0).any() for each in regions):
            refuse("composition", "the weights of a cell are below 0 or sum to more than 1", "normalise them")
        if colours is None and any(each.bootstrap > 0 for each in regions):
            refuse("composition", "bootstrapping has no colours to choose from", "give their latents")

    def compose(self, moment: Moment, x: Tensor, level: Tensor, output: Tensor, evaluate: Evaluate) -> Tensor:
        """The denoiser's outputs D <- (1 - sum_r w_r) * D + sum_r w_r * D_r; ``output`` itself is not changed.

        x: the sampler's latents (B, C, H, W). level: (B,). output: (K, B, C, H, W). All regions are evaluated at once,
        on latents of the picture's size. As weights sum to 1, it is the same for denoised estimates and for noise.
        """
        if not self._regions:
            return output
        rows = [each.picture for each in self._regions]
        seen = torch.cat([self._seen(each, moment, x, level) for each in self._regions])
        drawn = evaluate(range(len(rows)), seen, level[rows])
        result = output.to(torch.promote_types(output.dtype, torch.float32), copy=True)
        for picture, taken in self._taken.items():
            result[:, picture] *= 1 - taken.to(result)
        for number, each in enumerate(self._regions):
            result[:, each.picture] += each.weight.to(result) * drawn[:, number].to(result)
        return result.to(output.dtype)

    def _seen(self, region: SharedRegion, moment: Moment, x: Tensor, level: Tensor) -> Tensor:
        """The latents (1, C, H, W) that a region is evaluated on.

        While it is bootstrapped they are x * M + (c0 + sigma * n) * (1 - M) with M where it has a weight above 0, the
        noise n of its seed, and a colour c0 drawn anew in each step (reference/rag-and-lmd.md B.3).
        """
        row = slice(region.picture, region.picture + 1)
        own = x[row]
        if self._colours is None or not in_share(region.bootstrap, moment):
            return own
        generator = torch.Generator().manual_seed(region.seed)
        noise = torch.randn(own.shape, generator=generator)
        number = torch.randint(len(self._colours), (moment.steps,), generator=generator)[moment.step]
        sigma = self._space.sigma(level[row]).float().view(-1, 1, 1, 1)
        background = self._colours[number].to(sigma) + sigma * noise.to(sigma)
        background = self._space.latents(background, level[row]).to(own)
        return torch.where(region.weight.to(own.device) > 0, own, background)


def exclusive(masks: Tensor) -> Tensor:
    """Weights of 0 and 1, float32 (R, H, W), for bool masks (R, H, W): a later mask lies on top of an earlier one."""
    covering = masks.int().flip(0).cumsum(0).flip(0)  # how many masks there are from each one on
    return (masks & (covering == 1)).float()


# LMD's frozen latents


@dataclass(frozen=True)
class FrozenObject:
    """An object of a picture that was drawn in a run of its own, with the picture's sampler, steps and size.

    picture: its row of the batch. mask: bool (H, W), the cells of the latents that are the object's.
    noise: (C, H, W), of variance 1, that its own run began with.
    outputs: (E, K, C, H, W), the denoiser's in its first E evaluations, as `Recorder.of` gives them.
    """

    picture: int
    mask: Tensor
    noise: Tensor
    outputs: Tensor

    def shifted(self, shift: Shift) -> FrozenObject:
        """The object elsewhere; what leaves the canvas is lost."""
        mask, noise, outputs = (shift.of(tensor) for tensor in (self.mask, self.noise, self.outputs))
        return replace(self, mask=mask, noise=noise, outputs=outputs)


class FrozenComposition:
    """The objects of a batch's pictures, each in its mask as it was in its own run while sigma is above a cut.

    Where masks overlap, the smaller one lies on top. With a sampler that draws no noise, and takes no more from a step
    than the latents and outputs before it, the latents in a mask are those of the object's own run (LMD's composition).
    """

    def __init__(self, objects: Sequence[FrozenObject], space: Space, until: float) -> None:
        """until: the last sigma that is free again; LMD's frozen share of 0.5 is 1.62 for SD 1.x.

        Raises RpgError where an object's mask, noise and outputs are of different sizes.
        """
        self._objects = sorted(objects, key=lambda each: -int(each.mask.sum()))
        self._space = space
        self._until = until
        for each in objects:
            shapes = [tuple(tensor.shape[-2:]) for tensor in (each.mask, each.noise, each.outputs)]
            if len(set(shapes)) > 1:
                problem = f"an object's mask, noise and outputs are of {', '.join(f'{h}x{w}' for h, w in shapes)} cells"
                refuse("composition", problem, "draw it at the picture's size")
        self._replays = [Replay(each.outputs, ~each.mask) for each in self._objects]

    def begin(self, noise: Tensor) -> None:
        """Put the objects' own noise where they are, into (B, C, H, W) of variance 1; in place.

        It fills the bounding box of each mask, and then the masks, so that no box covers another object.
        """
        for each in self._objects:
            if each.mask.any():
                box = _bounds(each.mask)
                box.of(noise[each.picture]).copy_(box.of(each.noise))
        for each in self._objects:
            own = noise[each.picture]
            own.copy_(torch.where(each.mask.to(own.device), each.noise.to(own), own))

    def put(self, number: int, level: Tensor, outputs: Tensor) -> Tensor:
        """The outputs (K, B, C, H, W) of evaluation ``number``, with D <- D * (1 - M) + D_obj * M above the cut.

        level: (B,). ``outputs`` itself is not changed. Raises RpgError where an object's run has no such evaluation.
        """
        sigmas = self._space.sigma(level).tolist()
        result = outputs.clone()
        for each, replay in zip(self._objects, self._replays, strict=True):
            if sigmas[each.picture] <= self._until:
                continue
            if number >= len(each.outputs):
                refuse(
                    "composition",
                    f"evaluation {number + 1} is frozen and an object's own run has {len(each.outputs)}",
                    "draw objects with the picture's sampler and steps, down to the same sigma",
                )
            row = slice(each.picture, each.picture + 1)
            result[:, row] = replay.put(number, result[:, row])
        return result


def _bounds(mask: Tensor) -> Rect:
    """The smallest rectangle around what a mask has."""
    rows, columns = mask.any(1).nonzero(), mask.any(0).nonzero()
    top, left = int(rows[0]), int(columns[0])
    return Rect(top, left, int(rows[-1]) - top + 1, int(columns[-1]) - left + 1)


# Masks and their places


class Shift(NamedTuple):
    """A move by eighths of the canvas' height and width, so that latents and attention maps move alike."""

    down: int
    right: int

    def of(self, tensor: Tensor) -> Tensor:
        """A tensor (..., H, W) moved, with 0 where nothing comes from. It is exact where 8 divides H and W."""
        height, width = tensor.shape[-2:]
        to_rows, from_rows = _moved(self.down, height)
        to_columns, from_columns = _moved(self.right, width)
        result = torch.zeros_like(tensor)
        result[..., to_rows, to_columns] = tensor[..., from_rows, from_columns]
        return result


def _moved(eighths: int, cells: int) -> tuple[slice, slice]:
    """Where cells of one axis come to lie, and which they are."""
    by = min(max(round(eighths * cells / _SHIFTS), -cells), cells)
    return slice(max(by, 0), cells + min(by, 0)), slice(max(-by, 0), cells - max(by, 0))


def shift_to_box(mask: Tensor, box: Sequence[float]) -> Shift:
    """The shift that brings the centroid of a bool mask (H, W) next to the middle of a box (reference B.2, step 3).

    box: x, y, width and height in fractions of the canvas. An empty mask stays where it is.
    """
    if not mask.any():
        return Shift(0, 0)
    centroid = mask.nonzero().double().mean(0) + 0.5
    down, right = (
        math.floor((box[axis] + box[axis + 2] / 2 - float(middle) / cells) * _SHIFTS + 0.5)
        for axis, middle, cells in zip((1, 0), centroid, mask.shape, strict=True)
    )
    return Shift(down, right)


def mask_from_attention(attention: Tensor, box: Sequence[float], size: tuple[int, int] | None = None) -> Tensor:
    """Where an object is in its box, from the attention that its words had: bool (H, W) on the CPU.

    attention: float (h, w), of any scale. box: x, y, width and height in fractions. size: (H, W) of the mask, without
    it the map's own. The map is blurred (Gaussian, sigma 1.5 of its cells) and scaled to 0 to 1; the object is the
    largest connected part within the box that is above 0.25 (reference/rag-and-lmd.md B.6). A map that has none, as
    one that is the same everywhere, gives the whole box.
    """
    blurred = _blurred(attention.detach().to("cpu", torch.float32)[None, None])
    height, width = size or attention.shape
    low, high = blurred.aminmax()
    if size is not None:
        blurred = interpolate(blurred, size, mode="bilinear")
    inside = cells_in([box], height, width)
    if high - low <= _FLAT * high.abs():
        return inside
    part = _largest_part((blurred[0, 0] - low > _THRESHOLD * (high - low)) & inside)
    return part if part.any() else inside


def _blurred(maps: Tensor) -> Tensor:
    """Maps (1, 1, h, w) under a Gaussian; a map goes on past its border as it is there."""
    reach = math.ceil(4 * _BLUR)
    kernel = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / _BLUR) ** 2)
    kernel = (kernel / kernel.sum()).view(1, 1, -1, 1)
    maps = conv2d(pad(maps, (0, 0, reach, reach), mode="replicate"), kernel)
    return conv2d(pad(maps, (reach, reach, 0, 0), mode="replicate"), kernel.transpose(2, 3))


def _largest_part(mask: Tensor) -> Tensor:
    """The largest of the parts of a bool mask (H, W) whose cells touch by their sides; of equal ones the first."""
    cells: list[Cell] = [(row, column) for row, column in mask.nonzero().tolist()]
    left = set(cells)
    largest: list[Cell] = []
    for cell in cells:
        if cell in left:
            largest = max(largest, _take_part(left, cell), key=len)
    result = torch.zeros_like(mask)
    for row, column in largest:
        result[row, column] = True
    return result


def _take_part(left: set[Cell], start: Cell) -> list[Cell]:
    """Take the part that a cell belongs to out of the cells that are left."""
    left.remove(start)
    part = [start]
    for row, column in part:  # which grows meanwhile
        near = {(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)} & left
        left -= near
        part.extend(near)
    return part
