"""Writes the plan into the picture's infotext, and reads it back on paste."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.plan import MAX_NOTES, Entity, Plan, Region, Source
from lib_rpg.webui.document import UNREAD

KEY = "RPG plan"
JPEG_ROOM = 32_000
"""UTF-16 units of a JPEG file's whole infotext: EXIF, which holds it, ends at 64 KiB; with more, no file is made."""
WITHOUT_MASKS = "the masks of the regions were too long for the infotext of this file's format and are not in it"


def write(plans: list[Plan], room: int | None = None) -> str | list[str | None] | None:
    """The infotext value of a batch: one JSON text, or one for each picture where the plans differ.

    With ``room``, UTF-16 units, a plan that needs more is written without its masks, or is None where that does not do.
    """
    texts = [_fitting(plan, room) for plan in plans]
    return texts[0] if len(set(texts)) == 1 else texts


def _fitting(plan: Plan, room: int | None) -> str | None:
    text = json.dumps(lean(plan), ensure_ascii=False)
    if room is None or _units(text) <= room:
        return text
    source = replace(plan.source, notes=(*plan.source.notes[-MAX_NOTES + 1 :], WITHOUT_MASKS))
    bare = replace(plan, regions=tuple(replace(region, mask="") for region in plan.regions), source=source)
    text = json.dumps(lean(bare), ensure_ascii=False)
    return text if _units(text) <= room and bare.regions != plan.regions else None


def _units(text: str) -> int:
    """UTF-16 units of a text in the quotation that the WebUI gives it."""
    return len(json.dumps(text, ensure_ascii=False).encode("utf-16-le", "surrogatepass")) // 2


def lean(plan: Plan) -> dict[str, Any]:
    """The plan as a dict without what reads back by itself: default values, and the boxes of a grid."""
    document = plan.to_dict()
    for region in document["regions"]:
        region["entities"] = [_without_defaults(entity, Entity) for entity in region["entities"]]
        if plan.layout == "grid":
            del region["box"]
    document["regions"] = [_without_defaults(region, Region) for region in document["regions"]]
    document["source"] = _without_defaults(document["source"], Source)
    return {"version": plan.version, **_without_defaults(document, Plan)}


def read_enabled(params: dict[str, Any]) -> bool:
    """Whether the parsed infotext was drawn with regions that can be read."""
    return bool(_read(params)[0])


def read_state(params: dict[str, Any]) -> str:
    """The panel's document for a parsed infotext, empty where it has no regions.

    A plan that cannot be read leaves the document that says why, under `document.UNREAD`: regions stay off.
    """
    plan, problem = _read(params)
    if problem:
        return json.dumps({UNREAD: problem}, ensure_ascii=False)
    return json.dumps({"plan": plan.to_dict()}, ensure_ascii=False) if plan else ""


def _read(params: dict[str, Any]) -> tuple[Plan | None, str]:
    """The plan in the infotext, or in one sentence why it cannot be read; neither where there is none."""
    if KEY not in params:
        return None, ""
    try:
        return Plan.from_json(params[KEY]), ""
    except RpgError as error:
        return None, f"the regions in the infotext were not read: {error}"


def _without_defaults(values: dict[str, Any], kind: type) -> dict[str, Any]:
    """A dataclass' fields as a dict, less those at their default; tuples become lists."""
    defaults = {f.name: list(f.default) if isinstance(f.default, tuple) else f.default for f in fields(kind)}
    return {key: value for key, value in values.items() if value != defaults[key]}
