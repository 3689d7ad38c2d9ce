"""Composition in the WebUI: regions in passes of their own on the picture's latents, as MultiDiffusion has them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from PIL import Image
from torch import Tensor

from lib_rpg.regional.binding import Moment, in_share
from lib_rpg.regional.composition import MultiDiffusion, SharedRegion
from lib_rpg.regional.latent_rects import Rect
from lib_rpg.webui.alone import Passes, Whole
from lib_rpg.webui.attached import AttachedRegions, Progress
from lib_rpg.webui.conditioning import Key
from lib_rpg.webui.denoised import Evaluation
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.pictures import Picture

_COLOURS = 16
"""Backgrounds that a bootstrapped region may see."""
_COLOUR_SIDE = 64
"""Pixels of a picture of one colour that is encoded for its latents."""


@dataclass(frozen=True)
class ComposedRegion:
    """A region that has passes of its own: its number among the regions of a picture."""

    picture: Picture
    region: int

    @property
    def positive(self) -> Key:
        """Its words, with its LoRAs."""
        return self.picture.positive[self.region]

    @property
    def negative(self) -> Key:
        """Its negative prompt, or else the picture's."""
        own = self.picture.negative
        return own[self.region] if own else ((), self.picture.negative_prompt)

    @property
    def cfg_scale(self) -> float | None:
        """Its own CFG scale; None for the picture's, which the background of bound objects has as well."""
        regions = self.picture.plan.regions
        return regions[self.region].cfg_scale if self.region < len(regions) else None


def composed_regions(pictures: Sequence[Picture]) -> list[ComposedRegion]:
    """The regions of a batch's pictures that have passes of their own in any step."""
    return [
        ComposedRegion(picture, region)
        for picture in pictures
        if picture.composes
        for region in picture.inside
        if picture.acts(region)
    ]


class ComposedSampling:
    """The stage of composition in one sampling run; ``attached`` gives the texts on the checkpoint in use."""

    def __init__(
        self,
        p: Processing,
        regions: Sequence[ComposedRegion],
        size: tuple[int, int],
        attached: Callable[[], AttachedRegions],
        first: int,
    ) -> None:
        """``size``: height and width of the latents. ``first``: the number of the first region's text."""
        self._regions = regions
        self._attached = attached
        self._first = first
        self._size = size
        self._space = host.space_of(p.sampler.model_wrap_cfg)
        whole = Rect(0, 0, *size)
        self._placed = [Whole(each.picture.number, whole) for each in regions]
        self._seeds = [int(p.seeds[each.picture.number]) + 1 + each.region for each in regions]
        self._colours: Tensor | None = None
        self.calls = 0
        """Evaluations in which a region had a pass of its own."""

    def summary(self) -> str:
        """What is composed, in words: "3 of them in passes of their own"."""
        return f"{len(self._regions)} of them in passes of their own"

    def __call__(self, evaluation: Evaluation, outputs: Tensor) -> Tensor:
        """As `lib_rpg.webui.denoised.Stage`."""
        share = Progress.of(evaluation.denoiser).share
        acting = [i for i, each in enumerate(self._regions) if each.region in each.picture.active(share)]
        if not acting or host.is_cancelled():
            return outputs
        self.calls += 1
        scales = [each.cfg_scale for each in self._regions]
        passes = Passes(self._attached(), self._placed, evaluation, len(outputs), self._first, scales)
        regions = [self._shared(i, share, evaluation.moment) for i in acting]
        colours = self._colours_of(evaluation) if any(each.bootstrap for each in regions) else None
        made = MultiDiffusion(regions, self._space, colours)

        def run(numbers: Sequence[int], x: Tensor, level: Tensor) -> Tensor:
            return passes.run([acting[number] for number in numbers], x, level)

        composed = made.compose(evaluation.moment, evaluation.x, evaluation.level, outputs, run)
        nmask = getattr(evaluation.denoiser, "nmask", None)
        # What an inpainting mask keeps stays.
        return composed if nmask is None else torch.lerp(outputs, composed, nmask.to(outputs))

    def _shared(self, number: int, share: float, moment: Moment) -> SharedRegion:
        each = self._regions[number]
        active = each.picture.active(share)
        weight = each.picture.weights.of(active).at(*self._size)[active.index(each.region)]
        bootstrap = each.picture.plan.bootstrap
        now = bootstrap if in_share(bootstrap, moment) else 0.0
        return SharedRegion(each.picture.number, weight, now, self._seeds[number])

    def _colours_of(self, evaluation: Evaluation) -> Tensor:
        """Clean latents of pictures of one colour each, (N, C, 1, 1); encoded when they are first asked for."""
        if self._colours is None:
            chosen = random.Random(self._seeds[0])
            side = _COLOUR_SIDE, _COLOUR_SIDE
            made = []
            for _ in range(_COLOURS):
                colour = tuple(chosen.randrange(256) for _ in range(3))
                latents = host.encode_picture(Image.new("RGB", side, colour), side)
                middle = latents.shape[-1] // 2
                made.append(latents[0, :, middle : middle + 1, middle : middle + 1])
            self._colours = torch.stack(made).to(evaluation.x)
        return self._colours
