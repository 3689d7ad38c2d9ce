"""A model's answer as an object: the part of a plan document that a model writes, under many names, in many units.

Method "rpg" and "rag": base_prompt, negative_prompt, base_ratio, split_ratio, regions of name, prompt, negative_prompt
and entities (phrase, count, box). Method "lmd": the same without a ratio, every region with a box.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from lib_rpg.checks import at, check_items, check_share, check_text, quantity, refuse, show
from lib_rpg.errors import RpgError
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.plan import MAX_ENTITIES, MAX_LABEL, MAX_PROMPT, MAX_REGIONS, Entity, Plan, Region
from lib_rpg.plan_text import plan_from_text
from lib_rpg.planner.language.counted import counted, read_count
from lib_rpg.planner.language.word_set import word_set
from lib_rpg.planner.llm.answers.boxes import RawBox, on_canvas, read_box, to_fractions
from lib_rpg.planner.llm.answers.cleaning import says_none
from lib_rpg.planner.llm.answers.context import Context
from lib_rpg.planner.llm.answers.forms.lmd_text import boxes_plan, read_named
from lib_rpg.planner.llm.answers.forms.rag_lists import bind_objects
from lib_rpg.planner.llm.answers.forms.rag_parameters import is_of_rag, split_parameters
from lib_rpg.planner.llm.answers.forms.rows import with_ratio
from lib_rpg.planner.llm.answers.forms.rpg_text import separated
from lib_rpg.planner.llm.answers.loose_json import read_number
from lib_rpg.rag_names import LISTS

_MAX_NAMED = 5
_DOCUMENT = {
    "split_ratio": ("ratio", "splitratio", "layout_ratio", "grid_ratio"),
    "regions": ("region", "sub_regions", "subregions", "region_list"),
    "regional_prompt": ("regional_prompts",),
    "base_prompt": ("base", "global_prompt", "overall_prompt", "background_prompt"),
    "base_ratio": (),
    "negative_prompt": ("negative", "negatives"),
    "layout": (),
    "prompt": (),
    "objects": (),
} | {key: (name.lower(),) for key, name in LISTS.items()}
_REGION = {
    "prompt": ("regional_prompt", "sub_prompt", "subprompt", "description", "text"),
    "name": ("label", "title", "id"),
    "negative_prompt": ("negative",),
    "box": ("bbox", "bounding_box"),
    "entities": ("objects", "entity"),
    "base_ratio": (),
    "weight": (),
}
_ENTITY = {
    "phrase": ("name", "label", "object", "entity", "text"),
    "count": ("number", "quantity", "amount"),
    "box": ("bbox", "bounding_box"),
    "prompt": ("description",),
}
_SILENT = word_set("reasoning thoughts thought thinking explanation rationale analysis chain_of_thought steps")


def plain_key(key: object) -> str:
    """A key as it is compared: "Final split ratio" -> "split_ratio"."""
    return re.sub(r"\W+", "_", str(key).strip().lower()[:100]).strip("_").removeprefix("final_")


def read_model_answer(document: Mapping[str, Any], context: Context) -> Plan:
    """The plan of a model's answer, or of RAG's parameters; its source, and a start with no notes, are the caller's
    part.

    Raises RpgError with the place of the fault.
    """
    if not is_of_rag(document):
        return _read(document, context, unnamed=False)
    rest, parameters = split_parameters(document, context.notes)
    return parameters.applied(_read(rest, context, unnamed=bool(parameters.pictures)), context.notes)


def _read(document: Mapping[str, Any], context: Context, unnamed: bool) -> Plan:
    """The plan; ``unnamed``: whether RAG's objects may have no words of their own."""
    notes = context.notes
    values = _known(with_ratio(document, notes), _DOCUMENT, "", notes)
    if "objects" in values and "regions" not in values:
        named = read_named(values["objects"] or [], "objects", notes)
        return boxes_plan(named, _text(values, "base_prompt").rstrip("."), _text(values, "negative_prompt"), context)
    # The prompt that an answer quotes is the model's own words too.
    typed = context.prompt or context.words(_text(values, "prompt"), "prompt")
    context = dataclasses.replace(context, prompt=typed)
    ratio = _repaired_ratio(values.get("split_ratio"), context)
    items, base = _region_items(values, ratio, context)
    raw = [_raw_region(item, f"regions[{index}]", notes) for index, item in enumerate(items)]
    free = _is_free(values.get("layout"), ratio, raw, context)
    context.check_layout("boxes" if free else "grid")
    # A ratio of another number of cells is refused before the regions' own faults, since most of them follow from it.
    ratio = "" if free else _ratio_for(ratio, len(raw), notes)
    plan = Plan(
        prompt=typed,
        base_prompt=context.base_prompt(base),
        negative_prompt=_text(values, "negative_prompt"),
        layout="boxes" if free else "grid",
        split_ratio=ratio,
        regions=_regions(raw, free, context),
    )
    lists = {} if free else {key: values[key] for key in LISTS if key in values}
    plan = bind_objects(plan, lists, context, unnamed) or context.with_binding(plan)
    own = read_number(values.get("base_ratio"))
    base_ratio = context.default_base_ratio(plan.regions) if own is None else check_share(own, "base_ratio")
    return dataclasses.replace(context.clean(plan), base_ratio=base_ratio)


def _repaired_ratio(value: object, context: Context) -> str:
    """The ratio as text, repaired; empty if there is none."""
    return "" if value is None else context.repaired_ratio(_ratio_text(value, context.notes))


def _region_items(values: Mapping[str, Any], ratio: str, context: Context) -> tuple[Any, str]:
    """The regions as a list, and the base prompt: they may be one text whose parts BREAK and ADDBASE part."""
    base = _text(values, "base_prompt")
    regions = values.get("regions", values.get("regional_prompt"))
    if isinstance(regions, str):
        with at("split_ratio"):
            cells = len(parse_ratio(ratio or "1"))
        text = separated(context.words(regions, "regional_prompt"), cells, context.notes)
        split = plan_from_text(text, ratio or "1")
        context.notes.extend(split.source.notes)
        return [region.prompt for region in split.regions], base or split.base_prompt
    if isinstance(regions, Mapping):
        regions = list(regions.values())
    if regions is None:
        refuse("regions", "is missing", "give a list with a region for each cell")
    return check_items(regions, "regions", object, MAX_REGIONS), base


def _ratio_for(ratio: str, regions: int, notes: list[str]) -> str:
    """The ratio of a grid of so many regions. Raises RpgError if it has another number of cells."""
    if not ratio and regions != 1:
        refuse("split_ratio", "is missing", f"give a ratio of {quantity(regions, 'cell')} such as '1,1'")
    if not ratio:
        notes.append("split_ratio: none was given for the one region, so it is '1'")
        return "1"
    with at("split_ratio"):
        cells = len(parse_ratio(ratio))
    if cells != regions:
        sides = f"{quantity(cells, 'cell')} but the plan has {quantity(regions, 'region')}"
        refuse("split_ratio", f"{show(ratio)} has {sides}", "make them equal")
    return ratio


def _is_free(layout: object, ratio: str, raw: list[dict[str, Any]], context: Context) -> bool:
    """Whether the answer is of free boxes and not of a grid."""
    has_boxes = bool(raw) and all(region.get("box") is not None for region in raw)
    if layout is not None and layout not in ("grid", "boxes"):
        context.notes.append(f"left out the layout {show(layout)}")
    if layout == "boxes" or (context.method == "lmd" and has_boxes and layout != "grid"):
        if ratio:
            context.notes.append("left out the split ratio, since the boxes are free")
        return True
    return layout != "grid" and not ratio and (has_boxes or context.method == "lmd")


def _raw_region(item: object, place: str, notes: list[str]) -> dict[str, Any]:
    """A region's values by their own names; a plain text is its prompt."""
    if isinstance(item, str):
        return {"prompt": item}
    if not isinstance(item, Mapping):
        refuse(place, f"{show(item)} is not an object", "give one with 'prompt'")
    values = _known(item, _REGION, place, notes, needed="prompt")
    if values.get("prompt") is None:
        if not isinstance(values.get("name"), str) or not values["name"].strip():
            refuse(f"{place}.prompt", "is missing", "write it")
        notes.append(f"{place}.prompt: none was given, so the region's name is used")
        values["prompt"] = values["name"]
    return values


def _regions(raw: list[dict[str, Any]], free: bool, context: Context) -> tuple[Region, ...]:
    notes = context.notes
    entities = [_raw_entities(values.get("entities"), f"regions[{i}].entities", notes) for i, values in enumerate(raw)]
    boxes: dict[str, RawBox] = {}
    for index, values in enumerate(raw):
        place = f"regions[{index}].box"
        if free and values.get("box") is None:
            refuse(place, "is missing", "give [x, y, width, height] in fractions of the canvas")
        if free:
            boxes[place] = read_box(values["box"], place, notes)
        for number, entity in enumerate(entities[index]):
            if entity.get("box") is not None:
                place = f"regions[{index}].entities[{number}].box"
                boxes[place] = read_box(entity["box"], place, notes)
    # All boxes together show which unit they are in.
    fractions = zip(boxes, to_fractions(list(boxes.values()), context.size, notes), strict=True)
    fitted = {place: on_canvas(box, place, notes) for place, box in fractions}
    return tuple(
        _region(values, own, f"regions[{index}]", fitted, context)
        for index, (values, own) in enumerate(zip(raw, entities, strict=True))
    )


def _region(
    values: dict[str, Any],
    raw_entities: list[dict[str, Any]],
    place: str,
    boxes: Mapping[str, RawBox],
    context: Context,
) -> Region:
    """A region; ``boxes`` holds its box and those of its entities, where they have one, by their places."""
    entities = tuple(
        _entity(entity, f"{place}.entities[{number}]", boxes.get(f"{place}.entities[{number}].box"))
        for number, entity in enumerate(raw_entities)
    )
    options: dict[str, Any] = {
        key: read_number(values[key]) for key in ("base_ratio", "weight") if values.get(key) is not None
    }
    if f"{place}.box" in boxes:
        options["box"] = boxes[f"{place}.box"]
    name, prompt = values.get("name"), values["prompt"]
    with at(place, "."):
        return Region(
            context.words(prompt, f"{place}.prompt") if isinstance(prompt, str) else prompt,
            name=str(name)[:MAX_LABEL] if isinstance(name, str | int) else "",
            negative_prompt=_text(values, "negative_prompt"),
            entities=entities,
            **options,
        )


def _raw_entities(value: object, place: str, notes: list[str]) -> list[dict[str, Any]]:
    if value is None:
        return []
    if isinstance(value, str | Mapping):
        value = [value]
    made = []
    for index, item in enumerate(check_items(value, place, object, MAX_ENTITIES)):
        if isinstance(item, str):
            phrase, count = counted(item)
            values: dict[str, Any] = {"phrase": phrase, "count": count}
        else:
            if not isinstance(item, Mapping):
                refuse(f"{place}[{index}]", f"{show(item)} is not an object", "give one with 'phrase'")
            values = _known(item, _ENTITY, f"{place}[{index}]", notes, needed="phrase")
            if values.get("phrase") is None:
                refuse(f"{place}[{index}].phrase", "is missing", "write it")
            values["count"] = read_count(values.get("count"), notes, f"{place}[{index}].count")
        if values["count"] == 0 and not isinstance(values["count"], bool):
            notes.append(f"{place}[{index}]: left out {show(values['phrase'])}: its count is 0")
        else:
            made.append(values)
    return made


def _entity(values: dict[str, Any], place: str, box: RawBox | None) -> Entity:
    count = values.get("count")
    with at(place, "."):
        return Entity(values["phrase"], 1 if count is None else count, box, values.get("prompt") or "")


def _known(
    document: Mapping[str, Any], names: Mapping[str, tuple[str, ...]], place: str, notes: list[str], needed: str = ""
) -> dict[str, Any]:
    """The values under their own names, whichever of a name's spellings the answer uses; the rest is dropped and noted.

    Raises RpgError for an unknown key that is nearly ``needed`` where that one is missing.
    """
    own = {plain_key(key): key for key in document}
    values: dict[str, Any] = {}
    used: set[str] = set()
    for name, others in names.items():
        for spelling in (name, *others):
            if spelling in own and own[spelling] not in used:
                used.add(own[spelling])
                values[name] = document[own[spelling]]
                break
    unknown = [key for plain, key in own.items() if key not in used and plain not in _SILENT]
    if needed and needed not in values:
        _check_near(unknown, needed, place)
    if unknown:
        more = f" and {len(unknown) - _MAX_NAMED} more" if len(unknown) > _MAX_NAMED else ""
        named = ", ".join(map(show, unknown[:_MAX_NAMED]))
        notes.append(f"{place}{': ' if place else ''}left out unknown keys: {named}{more}")
    return values


def _check_near(unknown: list[Any], needed: str, place: str) -> None:
    """Raise RpgError if an unknown key is nearly the needed one."""
    for key in unknown:
        if get_close_matches(plain_key(key), [needed], 1, 0.75):
            raise RpgError(f"{place}: the key {show(key)} is unknown; did you mean {needed!r}?")


def _text(values: Mapping[str, Any], key: str) -> str:
    """A text, or a list of texts joined by commas; null and "None" are empty."""
    value = values.get(key)
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ", ".join(value)
    text = check_text(value, key, MAX_PROMPT)
    return "" if says_none(text.rstrip(".")) else text


def _ratio_text(value: object, notes: list[str]) -> str:
    """A ratio from a text, a number, a list of widths or a list of rows."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value:
        rows = value if all(isinstance(row, list | str) for row in value) else [value]
        if all(isinstance(row, str) for row in value) and not any("," in row for row in value):
            rows = [value]
        parts = [row if isinstance(row, str) else ",".join(map(_number_text, row)) for row in rows]
        notes.append("split_ratio: wrote the list as a ratio")
        return ";".join(parts)
    return _number_text(value)


def _number_text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        refuse("split_ratio", f"{show(value)} is not a number", "give a text such as '1;1,2'")
    return f"{value:.12g}" if isinstance(value, float) else str(value)
