"""Hard binding in the WebUI: the objects of a batch's pictures on their latents."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from lib_rpg.checks import quantity, refuse
from lib_rpg.regional.binding import HardBinding, PlacedObject
from lib_rpg.regional.composition import mask_from_attention
from lib_rpg.regional.latent_rects import Rect, canvas_of, grown, ramp, rect_of, within
from lib_rpg.webui.alone import Passes
from lib_rpg.webui.attached import AttachedRegions
from lib_rpg.webui.denoised import Evaluation
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.objects import Bound
from lib_rpg.webui.own_attention import OwnAttention


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
        self._space = host.space_of(p.sampler.model_wrap_cfg)
        in_step = any(each.picture.plan.compose == "lock-step" for each in objects)
        self._attention = OwnAttention(p, objects) if in_step else None
        self._binding = HardBinding(self._placed, self._space, self._own_cells)

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
        scales = [each.cfg_scale for each in self._objects]
        watch = self._attention.watch(evaluation.moment, evaluation.number) if self._attention else None
        placed = [bound.get(index, each) for index, each in enumerate(self._placed)]
        passes = Passes(self._attached(), placed, evaluation, len(outputs), scales=scales, watch=watch)
        x = evaluation.x
        nmask = getattr(den, "nmask", None)
        if nmask is not None and den.mask_before_denoising:
            x = x * den.nmask + den.init_latent * den.mask
        made = self._binding.bind(bound, x, evaluation.level, outputs, den.init_latent, passes.run)
        # What an inpainting mask keeps stays.
        return made if nmask is None else torch.lerp(outputs, made, nmask.to(outputs))

    def covered(self, evaluation: Evaluation) -> Tensor | None:
        """As `lib_rpg.webui.denoised.Cover`.

        An inpainting mask keeps the picture's own in places, so that none are; nor is it known before objects are drawn
        which cells their attention gives them.
        """
        bound = self._binding.bound(evaluation.moment, evaluation.level)
        if not bound or self._attention is not None or getattr(evaluation.denoiser, "nmask", None) is not None:
            return None
        return self._binding.covered(bound, evaluation.x)

    def _own_cells(self, number: int, weight: Tensor) -> Tensor | None:
        """In lock-step the cells of an object's box that its words look at; None for all of them."""
        attention = self._attention.map(number) if self._attention is not None else None
        if attention is None or self._objects[number].picture.plan.compose != "lock-step":
            return None
        height, width = weight.shape
        rows, columns = (weight > 0).any(1).nonzero(), (weight > 0).any(0).nonzero()
        top, left = int(rows[0]), int(columns[0])
        box = left / width, top / height, len(columns) / width, len(rows) / height
        return mask_from_attention(attention, box, (height, width))

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
        when = each.steps, each.sigma, given.seed
        # The UNet has to halve what it is given; the cells about the box stay the picture's own.
        in_picture = PlacedObject(given.picture.number, around, within(weight, rect, around), None, *when)
        if canvas is None:
            return in_picture
        # A box larger than the canvas is too large for the model, and one of a few cells too small.
        is_larger = canvas[0] * canvas[1] > around.height * around.width
        late = in_picture if is_larger and shorter >= self._step / 2 else None
        return PlacedObject(given.picture.number, rect, weight, canvas, *when, late)

    def _canvas(self, mode: str, rect: Rect, around: Rect) -> tuple[int, int] | None:
        """Height and width of an object's own canvas; None where it is drawn on the picture's latents, around it.

        In the mode auto it has one where the model draws that better than the box.
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
