"""The objects of a plan that hard binding draws by themselves, each with its words, its box and how it is bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lib_rpg.plan import Entity, ObjectBinding, Plan, Region
from lib_rpg.plan_checks import Box

FILL = 0.84
"""Share of a cell's sides that its object's box has, where the plan gives none: neighbours are to have a gap."""

GROWTH = 1.1
"""A region around its objects is so much wider and higher than they are."""


@dataclass(frozen=True)
class BoundObject:
    """An object to bind.

    region, entity: their numbers in the plan; entity is None where the region is the object.
    prompt: the words that it is drawn with by itself, without the region's LoRA tags.
    box: its place, in fractions of the canvas.
    mode: ``auto``, ``exact`` or ``native``.
    steps, sigma, strength, feather: the plan's fields ``bound_…``, as they are for this object.
    seed: of its own noise, None for the picture's.
    """

    region: int
    entity: int | None
    prompt: str
    box: Box
    mode: str
    steps: float
    sigma: float
    strength: float
    feather: float
    seed: int | None


def bound_objects(plan: Plan) -> tuple[BoundObject, ...]:
    """The plan's bound objects, in its order: where two overlap, the later one lies over the earlier one.

    The objects are the entities that have a box. A region without such is an object itself: in free boxes it has its
    box, in a grid the middle of its cell, unless other regions alone have things in them. Regions that do not act have
    none.
    """
    found: list[BoundObject] = []
    with_things = any(region.entities for region in plan.regions if region.acts)
    for index, region in enumerate(plan.regions):
        if not region.acts:
            continue
        boxed = [(number, entity) for number, entity in enumerate(region.entities) if entity.box is not None]
        if boxed:
            found += [_made(plan, index, region, number, entity) for number, entity in boxed]
        elif plan.layout == "boxes" or region.entities or not with_things:
            found.append(_made(plan, index, region, None, None))
    return tuple(bound for bound in found if bound.mode != "off" and bound.strength > 0)


def around_objects(plan: Plan) -> Plan:
    """The plan as it is sampled where its ``bound_background`` has words: free boxes, and all else is the background's.

    A region whose objects are bound is there around these alone, `GROWTH` times as wide and high as they are together,
    and within its box. Its words would draw another one of them in the rest of a wide cell. The plan itself where
    nothing is bound, or the background has no words.
    """
    objects = bound_objects(plan) if plan.bound_background else ()
    if not objects:
        return plan
    boxes: dict[int, list[Box]] = {}
    for each in objects:
        boxes.setdefault(each.region, []).append(each.box)
    regions = tuple(
        replace(region, box=_around(boxes[index], region.box)) if index in boxes else region
        for index, region in enumerate(plan.regions)
    )
    return replace(plan, layout="boxes", split_ratio="", rows_first=False, regions=regions)


def _around(boxes: Sequence[Box], cell: Box) -> Box:
    """The box around boxes, grown about its middle, and within the cell."""
    sides = []
    for axis in (0, 1):
        low, high = min(box[axis] for box in boxes), max(box[axis] + box[axis + 2] for box in boxes)
        more = (high - low) * (GROWTH - 1) / 2
        low, high = max(low - more, cell[axis]), min(high + more, cell[axis] + cell[axis + 2])
        sides.append((low, high - low))
    (x, width), (y, height) = sides
    return x, y, width, height


def _made(plan: Plan, index: int, region: Region, number: int | None, entity: Entity | None) -> BoundObject:
    own = [region.binding, *([entity.binding] if entity is not None else [])]
    outer = ObjectBinding(plan.binding, plan.bound_steps, plan.bound_sigma, plan.bound_strength, plan.bound_feather)
    values = {name: _innermost(name, [outer, *own]) for name in ("mode", "steps", "sigma", "strength", "feather")}
    box, prompt, seed = region.box if plan.layout == "boxes" else _inner(region.box), region.prompt, region.seed
    if entity is not None and entity.box is not None:
        box, prompt = entity.box, entity.prompt or region.prompt
        seed = region.seed if entity.seed is None else entity.seed
    return BoundObject(index, number, prompt, box, seed=seed, **values)


def _innermost(name: str, bindings: list[ObjectBinding]) -> Any:
    return next(value for each in reversed(bindings) if (value := getattr(each, name)) is not None)


def _inner(cell: Box) -> Box:
    """The middle of a cell."""
    x, y, width, height = cell
    return x + width * (1 - FILL) / 2, y + height * (1 - FILL) / 2, width * FILL, height * FILL
