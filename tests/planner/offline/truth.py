"""Free-form prompts with stated truth, and what a plan gets wrong of one.

A truth names things (`nouns`: how the thing may be called, `count`: None for any, `has` and `not`: words that its
regions' prompts must and must not hold, `optional`: it may be words of another thing or of the scene instead), their
order on the canvas, what the negative prompt must hold and what the base prompt must not. `compare` describes a grid by
its exact cells; this describes any plan, of either layout, by where the boxes are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from lib_rpg.plan import Plan
from lib_rpg.planner.language.inflection import plural

Box = tuple[float, float, float, float]
FOLDER = Path(__file__).parent


def truths(name: str) -> list[dict[str, Any]]:
    """The prompts of a file beside this one."""
    found = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    assert isinstance(found, list)
    return found


def faults(truth: dict[str, Any], plan: Plan) -> list[str]:
    """What the plan gets wrong, in words; empty if it is right."""
    found: list[str] = []
    owned, strays = owners(truth["things"], plan)
    found += [f"a thing that was not asked for: {phrase}" for phrase in strays]
    regions = " / ".join(region.prompt for region in plan.regions)
    for thing in truth["things"]:
        found += _thing_faults(thing, owned[thing["id"]], regions)
    boxes = {name: [box for _, box, _ in entities] for name, entities in owned.items()}
    prompts = {name: {prompt for prompt, _, _ in entities} for name, entities in owned.items()}
    for kind, *names in truth["order"]:
        things = names[:1] if kind == "at" else names
        if not all(boxes[name] for name in things):
            found.append(f"{kind} {' '.join(names)}: not there")
        elif kind == "at":
            if not all(_stands(box, names[1]) for box in boxes[names[0]]):
                found.append(f"{names[0]} is not at the {names[1]}")
        elif not (kind == "on" and prompts[names[0]] & prompts[names[1]]) and not _ORDERS[kind](
            *(boxes[name] for name in names)
        ):
            found.append(f"not {kind} {' '.join(names)}")
    for word in truth["negative"]:
        if not says(plan.negative_prompt, word):
            found.append(f"the negative prompt lacks {word}")
        if says(regions, word):
            found.append(f"a region says {word}")
    return found + [f"the base prompt says {word}" for word in truth["base_not"] if says(plan.base_prompt, word)]


def owners(things: list[dict[str, Any]], plan: Plan) -> tuple[dict[str, list[tuple[str, Box, int]]], list[str]]:
    """For each thing the (region's prompt, box, count) of its entities, and the entities of no thing."""
    owned: dict[str, list[tuple[str, Box, int]]] = {thing["id"]: [] for thing in things}
    strays = []
    for region in plan.regions:
        for entity in region.entities:
            named = [(at, thing) for thing in things if (at := _where(entity.phrase, thing["nouns"])) is not None]
            if not named:
                strays.append(entity.phrase)
                continue
            # The entity is of the thing that its name begins with; of several with one name, of the one that fits.
            first = min(at for at, _ in named)
            same = [thing for at, thing in named if at == first]
            fits = [t for t in same if all(says(entity.phrase, word) for word in t["has"])]
            fits = fits or [t for t in same if all(says(region.prompt, word) for word in t["has"])]
            fits.sort(
                key=lambda thing: -len(thing["has"])
            )  # the one that is named with more words, "red car" before "car"
            owned[(fits or same)[0]["id"]].append((region.prompt, entity.box or region.box, entity.count))
    return owned, strays


def _where(phrase: str, nouns: list[str]) -> tuple[int, int] | None:
    """Where a noun, in the singular or plural, first is in a phrase (then the longer noun goes first), or None."""
    patterns = {noun: rf"\b({noun}|{plural(noun)})(e?s)?\b" for noun in nouns}
    found = [(m.start(), -len(noun)) for noun in nouns if (m := re.search(patterns[noun], phrase.lower()))]
    return min(found) if found else None


def says(text: str, word: str) -> bool:
    """Whether the text holds the word or phrase as whole words."""
    return re.search(rf"\b{re.escape(word.lower())}\b", text.lower()) is not None


def _thing_faults(thing: dict[str, Any], entities: list[tuple[str, Box, int]], regions: str) -> list[str]:
    name, found = thing["id"], []
    count = sum(n for _, _, n in entities)
    if thing.get("optional"):
        if _where(regions, thing["nouns"]) is None:
            found.append(f"no region says {name}")
    elif not count:
        found.append(f"no {name}")
    if thing["count"] is not None and count != thing["count"] and (count or not thing.get("optional")):
        found.append(f"{count} {name} instead of {thing['count']}")
    for prompt, _, _ in entities:
        found += [f"{name} lacks {word}: {prompt}" for word in thing["has"] if not says(prompt, word)]
        found += [f"{name} must not be {word}: {prompt}" for word in thing["not"] if says(prompt, word)]
    return found


def _centre(box: Box) -> tuple[float, float]:
    return box[0] + box[2] / 2, box[1] + box[3] / 2


def _centre_height(box: Box) -> float:
    return _centre(box)[1]


def _before(axis: int, first: list[Box], second: list[Box]) -> bool:
    return all(_centre(a)[axis] < _centre(b)[axis] - 1e-6 for a in first for b in second)


def _beside(first: list[Box], second: list[Box]) -> bool:
    """Two of them are apart on one axis and overlap on the other."""

    def apart(a: Box, b: Box, axis: int) -> bool:
        return a[axis] + a[axis + 2] <= b[axis] + 1e-6 or b[axis] + b[axis + 2] <= a[axis] + 1e-6

    return any(apart(a, b, 0) != apart(a, b, 1) for a in first for b in second)


def _between(middle: list[Box], *sides: list[Box]) -> bool:
    """Between two things, or amid the things of one kind, on one of the axes."""
    first, last = sides if len(sides) == 2 else (sides[0][:1], sides[0][1:])
    return bool(last) and any(
        _before(axis, a, middle) and _before(axis, middle, b)
        for axis in (0, 1)
        for a, b in ((first, last), (last, first))
    )


def _around(middle: list[Box], ring: list[Box]) -> bool:
    """Some of the ring are before the middle and some after it, on one of the axes."""
    return any(
        any(_before(axis, [a], middle) for a in ring) and any(_before(axis, middle, [b]) for b in ring)
        for axis in (0, 1)
    )


def _stacked(things: list[Box]) -> bool:
    ordered = sorted(things, key=_centre_height)
    return all(_before(1, [a], [b]) for a, b in pairwise(ordered))


def _in_corners(things: list[Box]) -> bool:
    corners = {(x < 0.5, y < 0.5) for x, y in map(_centre, things) if x != 0.5 and y != 0.5}
    return len(corners) == len(things) == 4


def _stands(box: Box, where: str) -> bool:
    """Whether the box's centre is in the stated part of the canvas; the centre takes its middle third."""
    x, y = _centre(box)
    tests = {"left": x < 0.5, "right": x > 0.5, "top": y < 0.5, "bottom": y > 0.5, "centre": 1 / 3 < x < 2 / 3}
    return all(tests[word] for word in where.split())


_ORDERS: dict[str, Callable[..., bool]] = {
    "left_of": lambda a, b: _before(0, a, b),
    "above": lambda a, b: _before(1, a, b),
    "on": lambda a, b: _before(1, a, b),
    "beside": _beside,
    "between": _between,
    "around": _around,
    "corners": _in_corners,
    "stacked": _stacked,
}
