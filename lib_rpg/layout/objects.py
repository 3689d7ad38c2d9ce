"""The objects of a plan that are drawn by themselves, each with its words, its box and how it is bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lib_rpg.plan import ObjectBinding, Plan
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
    phrase: the words that name it in its prompt.
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
    phrase: str = ""


def bound_objects(plan: Plan) -> tuple[BoundObject, ...]:
    """The plan's bound objects, in its order: where two overlap, the later one lies over the earlier one.

    The objects are the entities that have a box. A region without such is an object itself: in free boxes it has its
    box, in a grid the middle of its cell, unless other regions alone have things in them. Regions that do not act have
    none. With the composition "lock-step" all are bound in the plan's ``frozen`` steps, and with "two-phase" none.
    """
    if plan.compose == "two-phase":
        return ()
    outer = ObjectBinding(plan.binding, plan.bound_steps, plan.bound_sigma, plan.bound_strength, plan.bound_feather)
    if plan.compose == "lock-step":
        mode = "auto" if plan.binding == "off" else plan.binding
        outer = replace(outer, mode=mode, steps=plan.frozen, sigma=0.0)
    return _objects(plan, outer)


def frozen_objects(plan: Plan) -> tuple[BoundObject, ...]:
    """The objects that are drawn before the picture, with the composition "two-phase"; none otherwise.

    They are those that could be bound. One whose own binding is off is left out; of the rest of it nothing counts here.
    Its words are its own prompt; or as in LMD those of the background, if the plan has such, "with" its name; or its
    region's, where that has no other object, or else its name.
    """
    if plan.compose != "two-phase" or plan.frozen == 0:
        return ()
    found = _objects(plan, ObjectBinding("auto", plan.frozen, 0.0, 1.0, 0.0))
    return tuple(replace(each, prompt=_lone_words(plan, each)) for each in found)


def _lone_words(plan: Plan, each: BoundObject) -> str:
    region = plan.regions[each.region]
    if each.entity is not None and region.entities[each.entity].prompt:
        return region.entities[each.entity].prompt
    if plan.bound_background and each.entity is not None:
        return f"{plan.bound_background} with {each.phrase}"
    boxed = [entity for entity in region.entities if entity.box is not None]
    return region.prompt if len(boxed) < 2 else each.phrase


def _objects(plan: Plan, outer: ObjectBinding) -> tuple[BoundObject, ...]:
    """``outer`` says how they are bound where neither region nor object does."""
    found: list[BoundObject] = []
    with_things = any(region.entities for region in plan.regions if region.acts)
    for index, region in enumerate(plan.regions):
        if not region.acts:
            continue
        boxed = [(number, entity) for number, entity in enumerate(region.entities) if entity.box is not None]
        if boxed:
            found += [_made(plan, outer, index, number) for number, _ in boxed]
        elif plan.layout == "boxes" or region.entities or not with_things:
            found.append(_made(plan, outer, index, None))
    return tuple(bound for bound in found if bound.mode != "off" and bound.strength > 0)


def around_objects(plan: Plan) -> Plan:
    """The plan as it is sampled where its ``bound_background`` has words: free boxes, and all else is the background's.

    A region whose objects are bound is there around these alone, `GROWTH` times as wide and high as they are together,
    and within its box. Its words would draw another one of them in the rest of a wide cell. The plan itself where
    nothing is bound, or the background has no words.
    """
    objects = (*bound_objects(plan), *frozen_objects(plan)) if plan.bound_background else ()
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


def _made(plan: Plan, outer: ObjectBinding, index: int, number: int | None) -> BoundObject:
    region = plan.regions[index]
    entity = None if number is None else region.entities[number]
    own = [region.binding, *([entity.binding] if entity is not None else [])]
    values = {name: _innermost(name, [outer, *own]) for name in ("mode", "steps", "sigma", "strength", "feather")}
    box, prompt, seed = region.box if plan.layout == "boxes" else _inner(region.box), region.prompt, region.seed
    phrase = region.name or region.prompt
    if entity is not None and entity.box is not None:
        box, prompt, phrase = entity.box, entity.prompt or region.prompt, entity.phrase
        seed = region.seed if entity.seed is None else entity.seed
    return BoundObject(index, number, prompt, box, seed=seed, phrase=phrase, **values)


def _innermost(name: str, bindings: list[ObjectBinding]) -> Any:
    return next(value for each in reversed(bindings) if (value := getattr(each, name)) is not None)


def _inner(cell: Box) -> Box:
    """The middle of a cell."""
    x, y, width, height = cell
    return x + width * (1 - FILL) / 2, y + height * (1 - FILL) / 2, width * FILL, height * FILL
