"""Hard binding in the WebUI: the objects of a batch's pictures on their latents, and their passes through the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from lib_rpg.checks import quantity, refuse
from lib_rpg.regional.binding import HardBinding, PlacedObject
from lib_rpg.regional.latent_rects import Rect, canvas_of, grown, ramp, rect_of, within
from lib_rpg.webui.attached import AttachedRegions
from lib_rpg.webui.denoised import Evaluation, space_of
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.objects import Bound


class BoundSampling:
    """The stage of hard binding in one sampling run; ``attached`` gives the regions of the checkpoint in use.

    Raises RpgError where an object's box cannot be drawn.
    """

    def __init__(
        self, p: Processing, objects: Sequence[Bound], size: tuple[int, int], attached: Callable[[], AttachedRegions]
    ) -> None:
        """``size``: height and width of the latents."""
        self._objects = objects
        self._attached = attached
        model = host.model()
        self._step = host.latent_step(host.unet_of(model))
        self._side = host.native_side(model) // 8
        self._size = size
        self._placed = [self._place(p, index) for index in range(len(objects))]
        self._space = space_of(p.sampler.model_wrap_cfg)
        self._binding = HardBinding(self._placed, self._space)

    def summary(self) -> str:
        """What is bound, in words: "3 objects bound, 1 of them on its own canvas"."""
        native = sum(placed.canvas is not None for placed in self._placed)
        own = f", {native} on {'its' if native == 1 else 'their'} own canvas" if native else ""
        return f"{quantity(len(self._placed), 'object')} bound{own}"

    def __call__(self, evaluation: Evaluation, outputs: Tensor) -> Tensor:
        """As `lib_rpg.webui.denoised.Stage`."""
        bound = self._binding.bound(evaluation.moment, evaluation.level)
        if not bound or host.is_cancelled():
            return outputs
        den = evaluation.denoiser
        passes = _Passes(self._attached(), self._placed, evaluation, len(outputs))
        x = evaluation.x
        nmask = getattr(den, "nmask", None)
        if nmask is not None and den.mask_before_denoising:
            x = x * den.nmask + den.init_latent * den.mask
        made = self._binding.bind(bound, x, evaluation.level, outputs, den.init_latent, passes.run)
        # What an inpainting mask keeps stays.
        return made if nmask is None else torch.lerp(outputs, made, nmask.to(outputs))

    def _place(self, p: Processing, index: int) -> PlacedObject:
        given = self._objects[index]
        each = given.object
        height, width = self._size
        place = f"regions[{each.region}]" + ("" if each.entity is None else f".entities[{each.entity}]")
        if min(height, width) < self._step:
            refuse(
                place,
                f"the picture of {width * 8} x {height * 8} pixels is too small to bind an object in",
                f"draw at least {self._step * 8} pixels on each side, or set binding to 'off'",
            )
        shorter = min(given.box[3] * height, given.box[2] * width)
        if each.mode == "exact" and shorter < self._step / 2:
            refuse(
                f"{place}.box",
                f"a side of {shorter * 8:.0f} pixels is too small for the binding 'exact'",
                f"make it at least {self._step * 4} pixels, or use 'native'",
            )
        rect = rect_of(given.box, height, width)
        around = grown(rect, height, width, self._step)
        canvas = self._canvas(each.mode, rect, around)
        weight = ramp(rect, height, width, each.feather * min(height, width)) * each.strength
        if canvas is None:
            # The UNet has to halve what it is given; the cells about the box stay the picture's own.
            rect, weight = around, within(weight, rect, around)
        return PlacedObject(given.picture.number, rect, weight, canvas, each.steps, each.sigma, given.seed)

    def _canvas(self, mode: str, rect: Rect, around: Rect) -> tuple[int, int] | None:
        """Height and width of an object's own canvas; None where it is drawn on the picture's latents, around it.

        In the mode auto it has one where that is larger.
        """
        if mode == "exact":
            return None
        canvas = canvas_of(rect, self._side, self._step, self._most(mode))
        return None if mode == "auto" and canvas == (around.height, around.width) else canvas

    def _most(self, mode: str) -> float:
        """Cells that an object's canvas may have: in the mode auto, all of a picture's together as many as it has."""
        if mode != "auto":
            return float("inf")
        height, width = self._size
        counts = [each.picture.number for each in self._objects]
        return height * width / max(map(counts.count, counts))


class _Row(NamedTuple):
    """A row of the objects' own batch: the object's place in the list, whether its text is the negative one, and
    whether the picture that an InstructPix2Pix checkpoint changes is blank."""

    place: int
    negative: bool = False
    blank: bool = False


class _Passes:
    """Runs objects through the model by themselves, in one evaluation of the denoiser."""

    def __init__(
        self,
        attached: AttachedRegions,
        placed: Sequence[PlacedObject],
        evaluation: Evaluation,
        kinds: int,
    ) -> None:
        """``kinds``: how many outputs there are, 2 where that without guidance is wanted as well."""
        self._attached = attached
        self._placed = placed
        self._evaluation = evaluation
        self._kinds = kinds
        scale = evaluation.cond_scale * getattr(evaluation.denoiser, "cond_scale_miltiplier", 1.0)
        # Where the picture goes without its negative prompt, or that has no part in it, so does an object.
        self._scale = 1.0 if attached.skipped_uncond else scale
        self._image_scale = host.image_guidance(host.model(), evaluation.denoiser)

    def run(self, numbers: Sequence[int], x: Tensor, level: Tensor) -> Tensor:
        """As `lib_rpg.regional.binding.Evaluate`."""
        indices = range(len(numbers))
        positive = [_Row(k) for k in indices]
        negative = [_Row(k, negative=True) for k in indices]
        if self._image_scale is not None:
            blank = [_Row(k, negative=True, blank=True) for k in indices]
            cond, image, uncond = self._model(numbers, [*positive, *negative, *blank], x, level).chunk(3)
            guided = uncond + self._scale * (cond - image) + self._image_scale * (image - uncond)
            return torch.stack([guided, uncond][: self._kinds])
        if self._scale == 1.0 and self._kinds == 1:
            return self._model(numbers, positive, x, level)[None]
        cond, uncond = self._model(numbers, [*positive, *negative], x, level).chunk(2)
        return torch.stack([uncond + self._scale * (cond - uncond), uncond][: self._kinds])

    def _model(self, numbers: Sequence[int], rows: Sequence[_Row], x: Tensor, level: Tensor) -> Tensor:
        """The model's outputs for rows.

        No more rows come together than have as many cells as the picture's own pass, so that it takes no more memory;
        nor do rows whose texts are of different lengths.
        """
        step = self._evaluation.number
        texts = [self._attached.object_text(numbers[row.place], step, row.negative) for row in rows]
        by_length: dict[int, list[int]] = {}
        for index, text in enumerate(texts):
            by_length.setdefault(text.length, []).append(index)
        made: dict[int, Tensor] = {}
        for same in by_length.values():
            for chunk in _chunks(same, self._most_rows(x)):
                parts = [rows[index] for index in chunk]
                chosen = [row.place for row in parts]
                images = torch.cat([self._image_cond(numbers[row.place], row, x) for row in parts])
                drawn = self._attached.run_alone(
                    self._evaluation.denoiser, x[chosen], level[chosen], [texts[index] for index in chunk], images
                )
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
