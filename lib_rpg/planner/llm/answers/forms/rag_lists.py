"""RAG's lists of objects, which come with RPG's two keys: names, offsets and sizes in fractions; m is x, n is y."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from itertools import combinations

from lib_rpg.checks import refuse, show
from lib_rpg.plan import MAX_LABEL, Entity, Plan
from lib_rpg.planner.language.counted import counted
from lib_rpg.planner.llm.answers.arithmetic import compute
from lib_rpg.planner.llm.answers.boxes import RawBox, cell_of, on_canvas, to_fractions
from lib_rpg.planner.llm.answers.context import Context
from lib_rpg.planner.llm.answers.loose_json import LiteralError, read_literal, read_number
from lib_rpg.rag_names import LISTS

_EQUAL = 1e-9  # sides that differ by no more are as they were given
_SIDES = ("m_offset", "n_offset", "m_scale", "n_scale")


def bind_objects(plan: Plan, values: Mapping[str, object], context: Context, unnamed: bool = False) -> Plan | None:
    """The plan with each object as an entity of the region whose cell holds its centre, and binding on; None where no
    list has one.

    ``values`` holds texts such as ``['a cat', 'a dog']`` or the lists themselves, under the keys of `LISTS`; where
    ``unnamed``, the list of names may be missing, and objects have their regions' words. Raises RpgError for a missing
    list, lists of different lengths, and a value that is not a number.
    """
    lists = {key: _items(values[key], name) for key, name in LISTS.items() if key in values}
    if not any(lists.values()):
        return None
    if unnamed and not lists.get("names"):
        lists["names"] = [""] * len(lists.get("m_offset", []))
    _check_lists(lists)
    cells = [region.box for region in plan.regions]
    placed: list[tuple[int, RawBox]] = []
    entities: list[list[Entity]] = [list(region.entities) for region in plan.regions]
    boxes = to_fractions(_raw_boxes(lists), context.size, context.notes)
    for index, (words, raw) in enumerate(zip(lists["names"], boxes, strict=True)):
        if not isinstance(words, str):
            refuse(f"{LISTS['names']}[{index}]", f"{show(words)} is not a text", "give the object's words")
        cut = on_canvas(raw, f"HB object {index}", context.notes)
        box = cut if max(abs(a - b) for a, b in zip(raw, cut, strict=True)) > _EQUAL else raw
        cell = cell_of(box, cells)
        phrase, count = counted(words or plan.regions[cell].prompt[:MAX_LABEL])
        entities[cell].append(Entity(phrase, count, box, words.strip()))
        placed.append((cell, box))
    if any(first > later and _overlap(a, b) for (first, a), (later, b) in combinations(placed, 2)):
        context.notes.append("objects that overlap lie in the order of their regions, which is not that of the lists")
    regions = tuple(
        dataclasses.replace(region, entities=tuple(own)) for region, own in zip(plan.regions, entities, strict=True)
    )
    return dataclasses.replace(plan, regions=regions, binding="auto")


def _overlap(a: RawBox, b: RawBox) -> bool:
    return all(min(a[k] + a[k + 2], b[k] + b[k + 2]) > max(a[k], b[k]) + 1e-6 for k in (0, 1))


def _check_lists(lists: Mapping[str, list[object]]) -> None:
    """Raise RpgError if a list is missing, empty or of another length than the names."""
    for key, name in LISTS.items():
        if not lists.get(key):
            refuse(name, "is missing or empty", "give a list with one item for each object")
        if len(lists[key]) != len(lists["names"]):
            problem = f"it has {len(lists[key])} items, and {LISTS['names']} has {len(lists['names'])}"
            refuse(name, problem, "give one item for each object")


def _raw_boxes(lists: Mapping[str, list[object]]) -> list[RawBox]:
    """Every object's x, y, width and height in the answer's unit. Raises RpgError for a value that is not a number."""
    x, y, width, height = ([_number(item, f"{LISTS[key]}[{i}]") for i, item in enumerate(lists[key])] for key in _SIDES)
    return list(zip(x, y, width, height, strict=True))


def _items(value: object, name: str) -> list[object]:
    """The items of a list, or of a text that holds one; none for "NULL" and an empty text."""
    if isinstance(value, list):
        return value
    text = str(value or "").strip()
    if not text or re.match(r"(?:null|none)\b", text, re.IGNORECASE):
        return []
    if not text.startswith(("[", "(")):
        return [part.strip() for part in text.split("\n")[0].split(",")]
    try:
        literal = read_literal(text)
    except LiteralError as error:
        plain = re.match(r"\[([^\[\]]*)\]", text)
        parts = [part.strip(" \n\"'") for part in plain[1].split(",")] if plain else []
        if name == LISTS["names"] and plain and "\n" not in plain[1]:
            return list(parts)
        if parts and None not in (sums := [compute(part) for part in parts]):
            return list(sums)  # 0.5+1/6
        refuse(name, f"{show(text)} is not a list ({error})", 'write it as ["…", "…"] or [0.1, 0.5]')
    if literal.cut:
        refuse(name, "the answer ends inside it", "write the whole list")
    return list(literal.value)


def _number(value: object, place: str) -> float:
    number = read_number(value)
    if isinstance(number, str) and (sum_of := compute(number)) is not None:
        number = sum_of
    if isinstance(number, bool) or not isinstance(number, int | float):
        refuse(place, f"{show(value)} is not a number", "give a fraction of the canvas such as 0.25 or 1/4")
    return float(number)
