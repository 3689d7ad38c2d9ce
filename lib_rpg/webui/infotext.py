"""Writes the plan into the picture's infotext, and reads it back on paste."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from lib_rpg import other_infotexts
from lib_rpg.errors import RpgError
from lib_rpg.layout.mask import compact
from lib_rpg.plan import MAX_NOTES, Entity, Plan, Region, Source
from lib_rpg.webui.document import UNREAD

KEY = "RPG plan"
_PROBLEM, _OFF = "RPG problem", "RPG off"
"""Parameters that `take_over` adds: why another tool's regions cannot be read, and that the tool draws them itself."""
MAX_UNITS = 32_000
"""UTF-16 units of a file's whole infotext: EXIF, which holds it but in PNG, ends at 64 KiB; with more, JPEG, WebP and
AVIF files are not written, and the WebUI loses the picture. A PNG may be exported as one of them."""
WITHOUT_MASKS = "the masks of the regions were too long for the infotext and are not in it"


Unstyled = Callable[[str, Mapping[str, Any]], str]
"""Takes out of a prompt the styles that the WebUI takes out of those of a parsed infotext."""


class PasteName(str):
    """The name of a paste field that reads its value itself, by ``read``, from an infotext's parameters.

    On paste the WebUI calls a field's target; where a picture is sent to another tab it compares targets as names.
    """

    read: Callable[[dict[str, Any]], Any]

    def __new__(cls, name: str, read: Callable[[dict[str, Any]], Any]) -> PasteName:
        made = super().__new__(cls, name)
        made.read = read
        return made

    def __call__(self, params: dict[str, Any]) -> Any:
        return self.read(params)


def write(plans: Sequence[Plan], room: int, grid: tuple[int, int]) -> list[str | None]:
    """The infotext values of a batch's pictures: a plan's JSON text each.

    A plan that needs more than ``room`` UTF-16 units is written with its masks on ``grid``, columns and rows over the
    canvas; else without masks; or is None where that does not do.
    """
    made = {plan: _fitting(plan, room, grid) for plan in dict.fromkeys(plans)}
    return [made[plan] for plan in plans]


def is_whole(text: str | None) -> bool:
    """Whether the infotext's text of a plan has all of it; its masks may be on a coarser grid."""
    return text is not None and WITHOUT_MASKS not in text


def _fitting(plan: Plan, room: int, grid: tuple[int, int]) -> str | None:
    for made in (lambda: plan, lambda: _compact(plan, grid), lambda: _bare(plan)):
        text = json.dumps(lean(made()), ensure_ascii=False)
        if units(_quoted(text)) <= room:
            return text
    return None


def _compact(plan: Plan, grid: tuple[int, int]) -> Plan:
    """The plan with its masks no finer than the grid."""
    columns, rows = grid
    return replace(
        plan,
        regions=tuple(
            replace(region, mask=compact(region.mask, region.box[2] * columns, region.box[3] * rows))
            if region.mask
            else region
            for region in plan.regions
        ),
    )


def _bare(plan: Plan) -> Plan:
    """The plan without its masks, which is noted."""
    if not any(region.mask for region in plan.regions):
        return plan
    source = replace(plan.source, notes=(*plan.source.notes[-MAX_NOTES + 1 :], WITHOUT_MASKS))
    return replace(plan, regions=tuple(replace(region, mask="") for region in plan.regions), source=source)


def units(text: str) -> int:
    """UTF-16 units of a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _quoted(text: str) -> str:
    """A text as the WebUI quotes it in an infotext."""
    return json.dumps(text, ensure_ascii=False)


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


def take_over(params: dict[str, Any], titles: Iterable[str]) -> None:
    """Put the regions of another tool's picture, from its parsed infotext, into the parameters as a plan of ours.

    The prompts lose the tool's marks. Where the tool is itself installed, by the ``titles`` of the scripts, it draws
    its picture again: then the panel has the regions, but is off, and all else is left to the tool.
    """
    if KEY in params:
        return
    try:
        pasted = other_infotexts.plan_of(params)
    except RpgError as error:
        params[_PROBLEM] = str(error)
        return
    if pasted is None:
        return
    params[KEY] = pasted.plan.to_json()
    if any(title.lower().startswith(pasted.tool.lower()) for title in titles):
        params[_OFF] = True
        return
    params["Prompt"], params["Negative prompt"] = pasted.prompt, pasted.negative_prompt
    for key in ("Hires prompt", "Hires negative prompt"):
        if key in params:
            params[key] = ""


def read_enabled(params: dict[str, Any]) -> bool:
    """Whether the parsed infotext was drawn with regions that can be read, and no other tool draws them."""
    return bool(_read(params)[0]) and _OFF not in params


def read_state(params: dict[str, Any], unstyled: Unstyled = lambda text, _: text) -> str:
    """The panel's document for a parsed infotext, empty where it has no regions.

    ``unstyled``: as `Host.unstyled`. A plan that cannot be read leaves the document that says why, under
    `document.UNREAD`: regions stay off.
    """
    plan, problem = _read(params)
    if problem:
        return json.dumps({UNREAD: problem}, ensure_ascii=False)
    if plan is None:
        return ""
    plan = replace(plan, prompt=unstyled(plan.prompt, params), base_prompt=unstyled(plan.base_prompt, params))
    return json.dumps({"plan": plan.to_dict()}, ensure_ascii=False)


def _read(params: dict[str, Any]) -> tuple[Plan | None, str]:
    """The plan in the infotext, or in one sentence why it cannot be read; neither where there is none."""
    if KEY not in params and _PROBLEM not in params:
        return None, ""
    try:
        if _PROBLEM in params:
            raise RpgError(params[_PROBLEM])
        return Plan.from_json(params[KEY]), ""
    except RpgError as error:
        return None, f"the regions in the infotext were not read: {error}"


def _without_defaults(values: dict[str, Any], kind: type) -> dict[str, Any]:
    """A dataclass' fields as a dict, less those at their default; tuples become lists."""
    defaults = {f.name: list(f.default) if isinstance(f.default, tuple) else f.default for f in fields(kind)}
    return {key: value for key, value in values.items() if value != defaults[key]}
