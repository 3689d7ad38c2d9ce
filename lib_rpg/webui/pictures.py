"""One picture of a batch: its plan, which of its regions act when, and the texts and places that they have."""

from __future__ import annotations

from lib_rpg.layout.mask import Masks
from lib_rpg.layout.objects import around_objects
from lib_rpg.layout.weights import WHOLE, PlanWeights, Window
from lib_rpg.plan import Plan, Region
from lib_rpg.webui import conditioning
from lib_rpg.webui.conditioning import Key, key_of
from lib_rpg.webui.crops import overlaps


class Picture:
    """A picture's plan and the texts of its regions, ``positive`` and ``negative``.

    ``number`` is its place in the batch, ``negative_prompt`` its whole negative prompt. ``negative`` is empty where
    that does for all regions. ``weights`` has the regions' weights on any grid over the ``window``, the part of the
    canvas that is drawn. Where objects are bound before a background, that is one more region, behind the last.
    """

    def __init__(
        self, number: int, plan: Plan, negative: str, hires_pass: bool, masks: Masks, window: Window = WHOLE
    ) -> None:
        self.number = number
        self.plan = plan
        self.window = window
        self.negative_prompt = negative
        placed = around_objects(plan)
        has_background = placed is not plan
        self.weights = PlanWeights(placed, masks, window, rest=has_background)
        background = (Region(plan.bound_background),) if has_background else ()
        self._regions = (*placed.regions, *background)
        self.positive = [key_of(region.prompt, plan.lora) for region in self._regions]
        self.negative = self._negative_keys(negative)
        self.acting = plan.acts_in(hires_pass)
        self.inside = tuple(i for i, region in enumerate(self._regions) if overlaps(region.box, window))

    @property
    def composes(self) -> bool:
        """Whether its regions act in passes of their own, and not in the attention of the picture's pass."""
        return self.plan.compose == "multidiffusion"

    @property
    def guided(self) -> bool:
        """Whether attention guidance leads its things into their boxes."""
        return self.acting and self.plan.guidance != "off" and self.plan.guidance_scale > 0

    @property
    def biased(self) -> bool:
        """Whether that is by a bias of their words' attention."""
        return self.guided and self.plan.guidance == "bias"

    def acts(self, region: int) -> bool:
        """Whether a region acts in any step of this pass."""
        return self.acting and self._regions[region].acts

    def active(self, progress: float) -> tuple[int, ...]:
        """The regions that act when this share of the steps is over."""
        return tuple(i for i in self.inside if self.acting and _acts(self._regions[i], progress))

    def _negative_keys(self, negative: str) -> list[Key]:
        own = any(region.negative_prompt for region in self._regions)
        if not own and not any(tags for tags, _ in self.positive):
            return []
        # The negative prompt is read under the region's LoRAs as well, as it is where they are the picture's own.
        return [
            (tags, ", ".join(filter(None, (negative, conditioning.split_tags(region.negative_prompt)[0]))))
            for (tags, _), region in zip(self.positive, self._regions, strict=True)
        ]


def _acts(region: Region, progress: float) -> bool:
    return region.start <= progress and (progress < region.end or region.end == 1)
