"""Passes of the model for objects and regions by themselves, beside the pictures' own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from lib_rpg.regional.latent_rects import Rect
from lib_rpg.webui.attached import AttachedRegions
from lib_rpg.webui.denoised import Evaluation
from lib_rpg.webui.host import host


class Placed(Protocol):
    """What has a pass of its own: a place on the latents of a picture of the batch."""

    @property
    def picture(self) -> int:
        """The picture's row of the batch."""
        ...

    @property
    def rect(self) -> Rect:
        """Its place."""
        ...


@dataclass(frozen=True)
class Whole:
    """As `Placed`: on all of a picture's latents."""

    picture: int
    rect: Rect


Watch = Callable[[Sequence[int | None], Callable[[], Tensor]], Tensor]
"""Runs a call of the model, whose rows are objects by their numbers, or None where the text is the negative one."""


class _Row(NamedTuple):
    """A row of the objects' own batch: the object's place in the list, whether its text is the negative one, and
    whether the picture that an InstructPix2Pix checkpoint changes is blank."""

    place: int
    negative: bool = False
    blank: bool = False


class Passes:
    """Runs objects or regions through the model by themselves, in one evaluation of the denoiser."""

    def __init__(
        self,
        attached: AttachedRegions,
        placed: Sequence[Placed],
        evaluation: Evaluation,
        kinds: int,
        first: int = 0,
        scales: Sequence[float | None] = (),
        watch: Watch | None = None,
    ) -> None:
        """``kinds``: how many outputs there are, 2 where that without guidance is wanted as well. ``first``: the number
        that the first of ``placed`` has among the texts of ``attached``. ``scales``: the CFG scale of each of
        ``placed``, None for the picture's, which all have where there are none. ``watch`` is around each call of the
        model."""
        self._attached = attached
        self._placed = placed
        self._evaluation = evaluation
        self._kinds = kinds
        self._first = first
        self._watch = watch or (lambda _, call: call())
        factor = host.guidance_factor(evaluation.denoiser)
        own = [evaluation.cond_scale if scale is None else scale for scale in scales or [None] * len(placed)]
        # Where the picture goes without its negative prompt, or that has no part in it, so does an object.
        self._scales = [1.0 if attached.skipped_uncond else scale * factor for scale in own]
        self._image_scale = host.image_guidance(host.model(), evaluation.denoiser)

    def run(self, numbers: Sequence[int], x: Tensor, level: Tensor) -> Tensor:
        """As `lib_rpg.regional.binding.Evaluate`."""
        indices = range(len(numbers))
        scales = [self._scales[number] for number in numbers]
        # In float32, whatever the model's dtype is, as a plain number is.
        scale = torch.tensor(scales, device=x.device)[:, None, None, None]
        positive = [_Row(k) for k in indices]
        negative = [_Row(k, negative=True) for k in indices]
        if self._image_scale is not None:
            blank = [_Row(k, negative=True, blank=True) for k in indices]
            cond, image, uncond = self._model(numbers, [*positive, *negative, *blank], x, level).chunk(3)
            guided = uncond + scale * (cond - image) + self._image_scale * (image - uncond)
            return torch.stack([guided.to(uncond), uncond][: self._kinds])
        if all(each == 1.0 for each in scales) and self._kinds == 1:
            return self._model(numbers, positive, x, level)[None]
        cond, uncond = self._model(numbers, [*positive, *negative], x, level).chunk(2)
        guided = uncond + scale * (cond - uncond)
        return torch.stack([guided.to(uncond), uncond][: self._kinds])

    def _model(self, numbers: Sequence[int], rows: Sequence[_Row], x: Tensor, level: Tensor) -> Tensor:
        """The model's outputs for rows.

        No more rows come together than have as many cells as the picture's own pass, so that it takes no more memory;
        nor do rows whose texts are of different lengths.
        """
        step = self._evaluation.number
        texts = [self._attached.own_text(self._first + numbers[row.place], step, row.negative) for row in rows]
        by_length: dict[int, list[int]] = {}
        for index, text in enumerate(texts):
            by_length.setdefault(text.length, []).append(index)
        made: dict[int, Tensor] = {}
        for same in by_length.values():
            for chunk in _chunks(same, self._most_rows(x)):
                parts = [rows[index] for index in chunk]
                chosen = [row.place for row in parts]
                images = torch.cat([self._image_cond(numbers[row.place], row, x) for row in parts])
                call = partial(
                    self._attached.run_alone,
                    self._evaluation.denoiser,
                    x[chosen],
                    level[chosen],
                    [texts[index] for index in chunk],
                    images,
                )
                drawn = self._watch([None if row.negative else numbers[row.place] for row in parts], call)
                made |= {index: drawn[i] for i, index in enumerate(chunk)}
        return torch.stack([made[index] for index in range(len(rows))])

    def _most_rows(self, x: Tensor) -> int:
        whole = self._evaluation.x
        rows = len(whole) * (2 if host.option("batch_cond_uncond", True) else 1)
        return max(1, rows * whole.shape[-2] * whole.shape[-1] // (x.shape[-2] * x.shape[-1]))

    def _image_cond(self, number: int, row: _Row, x: Tensor) -> Tensor:
        """What goes to the model beside the text: the object's part of it where it has a place, (1, …)."""
        placed = self._placed[number]
        given = self._evaluation.image_cond[placed.picture : placed.picture + 1]
        if given.dim() < 4:  # of an unCLIP checkpoint: an encoded picture, which the negative prompt is without
            return torch.zeros_like(given) if row.negative else given
        if row.blank:
            given = torch.zeros_like(given)
        if given.shape[-2:] != self._evaluation.x.shape[-2:]:
            return given
        return interpolate(placed.rect.of(given), x.shape[-2:], mode="nearest")


def _chunks(items: list[int], size: int) -> list[list[int]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
