"""What is asked of a repainting, as validated frozen data, and its JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lib_rpg.checks import refuse
from lib_rpg.fields import Choice, Number, OrNone, check_fields, checked, sparse_values
from lib_rpg.plan import MAX_ENTITIES, MAX_MASK, MAX_PROMPT, MAX_REGIONS, MAX_SEED, Entity, Plan, Region
from lib_rpg.plan_checks import Box, Mask, PictureOrHash, RegionPrompt

MODES = ("auto", "replay", "redraw", "inpaint")
MAX_PICTURE = 30_000_000
"""Characters of a picture in base64."""


def _number(most: int) -> OrNone:
    """A whole number from 0, or None."""
    return OrNone(Number(0, most, whole=True))


@dataclass(frozen=True)
class Repaint:
    """A part of a picture to draw anew: a region's place, an object's box, or a mask.

    picture: the picture's hash (`lib_rpg.repainting.pixels.hash_of`), or its file in base64.
    region, entity: numbers in the plan, from 0; without ``entity`` the whole region. mask: a PNG file in base64 over
    the whole picture, white where it is drawn anew, in place of a region.
    prompt: the words that take the place of the region's, or object's; with a mask, what is drawn there. None leaves
    those of the plan.
    seed: of the new noise; None for the picture's seed plus 1, counted on over a batch.
    mode: ``replay`` follows the trace of the picture's own sampling, ``redraw`` draws the picture again first,
    ``inpaint`` begins with the picture alone; ``auto`` is the first where there is a trace, or else the last.
    steps: the share of the steps in which the new content is drawn by itself, as `Plan.bound_steps`.
    """

    picture: str = field(metadata=checked(PictureOrHash(MAX_PICTURE)))
    region: int | None = field(
        default=None, metadata=checked(OrNone(Number(0, MAX_REGIONS - 1, whole=True)), sparse=True)
    )
    entity: int | None = field(
        default=None, metadata=checked(OrNone(Number(0, MAX_ENTITIES - 1, whole=True)), sparse=True)
    )
    mask: str = field(default="", metadata=checked(Mask(MAX_MASK), sparse=True))
    prompt: str | None = field(default=None, metadata=checked(OrNone(RegionPrompt(MAX_PROMPT)), sparse=True))
    seed: int | None = field(default=None, metadata=checked(_number(MAX_SEED), sparse=True))
    mode: str = field(default=MODES[0], metadata=checked(Choice(MODES, "is not a mode of repainting"), sparse=True))
    steps: float = field(default=0.1, metadata=checked(Number(0.0, 1.0), sparse=True))

    def __post_init__(self) -> None:
        check_fields(self)
        if self.mask and self.region is not None:
            refuse("mask", "there are a mask and a region", "give one of the two")
        if not self.mask and self.region is None:
            refuse("region", "nothing says what is drawn anew", "give a region's number, or a mask")
        if self.entity is not None and self.region is None:
            refuse("entity", "an object is of a region", "give the region's number as well")

    def plan_of(self, plan: Plan) -> Plan:
        """The plan with the new words. Raises RpgError for a region or an object that is not there.

        What a mask has drawn anew is one free region over it, with the base prompt around it.
        """
        if self.mask:
            if self.prompt is None:
                return plan
            region = Region(self.prompt, box=(0.0, 0.0, 1.0, 1.0), mask=self.mask)
            return replace(plan, layout="boxes", split_ratio="", rows_first=False, regions=(region,))
        region = self._region_of(plan)
        self._entity_of(region)
        if self.prompt is None:
            return plan
        changed = self._with_words(region, self.prompt)
        regions = tuple(changed if i == self.region else each for i, each in enumerate(plan.regions))
        return replace(plan, regions=regions)

    def box_of(self, plan: Plan) -> Box:
        """The place of what is drawn anew, as fractions of the canvas; all of it for a mask. Raises as `plan_of`."""
        if self.mask:
            return 0.0, 0.0, 1.0, 1.0
        region = self._region_of(plan)
        entity = self._entity_of(region)
        return region.box if entity is None or entity.box is None else entity.box

    def shape_of(self, plan: Plan) -> str:
        """The mask over that place where it is a region that has one, or ""."""
        return self._region_of(plan).mask if self.region is not None and self.entity is None else ""

    def _region_of(self, plan: Plan) -> Region:
        number = self.region or 0
        if number >= len(plan.regions):
            refuse("region", f"there is no region {number}", f"the picture's plan has {len(plan.regions)}, from 0")
        return plan.regions[number]

    def _entity_of(self, region: Region) -> Entity | None:
        if self.entity is None:
            return None
        boxed = [number for number, each in enumerate(region.entities) if each.box is not None]
        if self.entity not in boxed:
            advice = f"use one of {', '.join(map(str, boxed))}" if boxed else "leave entity out"
            refuse("entity", f"the region has no object {self.entity} with a box", advice)
        return region.entities[self.entity]

    def _with_words(self, region: Region, prompt: str) -> Region:
        if self.entity is None:
            return replace(region, prompt=prompt, name="", entities=())
        old = region.entities[self.entity]
        new = replace(old, phrase=prompt, prompt=prompt)
        words = (old.prompt, old.phrase)
        told = next((region.prompt.replace(text, prompt) for text in words if text and text in region.prompt), None)
        entities = tuple(new if i == self.entity else each for i, each in enumerate(region.entities))
        return replace(region, prompt=told or f"{region.prompt}, {prompt}", entities=entities)

    def to_dict(self) -> dict[str, object]:
        """Only what is not at its default, the picture always."""
        return {"picture": self.picture, **sparse_values(self)}
