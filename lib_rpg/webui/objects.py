"""The bound objects of a batch of pictures, and what each is drawn with by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lib_rpg.layout.objects import BoundObject, bound_objects
from lib_rpg.layout.weights import Window
from lib_rpg.plan import Plan, region_names
from lib_rpg.plan_checks import Box
from lib_rpg.webui.conditioning import Key, split_tags
from lib_rpg.webui.crops import in_window, overlaps
from lib_rpg.webui.host import Processing
from lib_rpg.webui.pictures import Picture

_CUT = 1e-6
"""A box may leave the part that is sampled by so much of it."""


@dataclass(frozen=True)
class Bound:
    """An object of a picture of the batch: the plan's, with its box in the part of the canvas that is sampled."""

    picture: Picture
    object: BoundObject
    box: Box
    seed: int

    @property
    def positive(self) -> Key:
        """Its own words, with the LoRAs of its region."""
        return self.picture.positive[self.object.region][0], split_tags(self.object.prompt)[0]

    @property
    def negative(self) -> Key:
        """The negative prompt of its region, or else of the picture."""
        own = self.picture.negative
        return own[self.object.region] if own else ((), self.picture.negative_prompt)

    @property
    def cfg_scale(self) -> float | None:
        """The CFG scale of its region, None for the picture's."""
        return self.picture.plan.regions[self.object.region].cfg_scale


def objects_of(
    p: Processing,
    pictures: Sequence[Picture],
    warn: Callable[[str], None],
    of_plan: Callable[[Plan], Sequence[BoundObject]] = bound_objects,
) -> list[Bound]:
    """The bound objects of a batch, or others of its plans; those alone that lie wholly in the part of the canvas that
    is sampled.

    ``warn`` is told of others that are partly there.
    """
    seeds = list(getattr(p, "seeds", ()))
    found = []
    for picture in pictures:
        for number, each in enumerate(of_plan(picture.plan)):
            box = _within(each.box, picture.window)
            if each.region in picture.inside and box is not None:
                seed = int(seeds[picture.number]) + 1 + number if each.seed is None else each.seed + (each.entity or 0)
                found.append(Bound(picture, each, box, seed))
            elif each.region in picture.inside and overlaps(each.box, picture.window):
                warn("an object lies over the edge of the part that is drawn, so that it is not bound there")
    return found


def warn_of_scales(pictures: Sequence[Picture], objects: Sequence[Bound], warn: Callable[[str], None]) -> None:
    """Say which regions of the pictures have a CFG scale of their own, and no pass of their own for it to act in.

    Those whose objects are bound have one, and those of ``objects``, which a repainting draws.
    """
    for picture in pictures:
        if picture.composes:
            continue
        plan = picture.plan
        own = {each.region for each in bound_objects(plan)}
        own |= {each.object.region for each in objects if each.picture is picture}
        scaled = (i for i, region in enumerate(plan.regions) if region.cfg_scale is not None and picture.acts(i))
        if idle := [i for i in scaled if i not in own]:
            have = "it has no pass of its own" if len(idle) == 1 else "they have no passes of their own"
            warn(
                f"the CFG scale of {region_names(idle)} has no effect, as {have}; "
                "bind objects, or let regions act in passes of their own"
            )


def _within(box: Sequence[float], window: Window) -> Box | None:
    """A box of the canvas in a part of it; None where it is not wholly there."""
    left, top, width, height = inside = in_window(box, window)
    is_inside = all(start > -_CUT and start + size < 1 + _CUT for start, size in ((left, width), (top, height)))
    return inside if is_inside else None
