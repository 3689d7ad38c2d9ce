"""The layout and the words of a document that is no plan yet, so that its canvas can be drawn and edited meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.keywords import ADDBASE, ADDCOMM, split_at_keywords
from lib_rpg.layout.pasted_ratio import ratios
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.webui.document import parse_state


def unfinished_plan(state: str) -> dict[str, Any] | None:
    """A plan's document with the cells of the ratio, or the plan's boxes, and as many words as there are.

    It need not be valid: a region may have no words. None where there are no cells to draw.
    """
    try:
        document = parse_state(state)
        plan = document.get("plan")
        plan = dict(plan) if isinstance(plan, Mapping) else {}
        return _free(document, plan) if plan.get("layout") == "boxes" else _grid(document, plan)
    except (RpgError, TypeError, ValueError, AttributeError, KeyError):  # the error is in the view's message already
        return None


def _grid(document: Mapping[str, Any], plan: dict[str, Any]) -> dict[str, Any] | None:
    given = {**plan, **document}
    ratio = ratios(str(given.get("split_ratio") or ""))[0].text
    rows_first = bool(given.get("rows_first"))
    boxes = [[float(side) for side in box] for box in parse_ratio(ratio, rows_first).boxes()]
    regions = list(plan.get("regions") or ())
    kept = regions if len(regions) == len(boxes) else [{}] * len(boxes)
    places = [{**old, "box": box} for old, box in zip(kept, boxes, strict=True)]
    shape = {"layout": "grid", "split_ratio": ratio, **({"rows_first": True} if rows_first else {})}
    return {**plan, **shape, **_worded(document, regions, places)}


def _free(document: Mapping[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
    return {**plan, **_worded(document, plan["regions"], [dict(region) for region in plan["regions"]])}


def _worded(document: Mapping[str, Any], planned: Sequence[Any], places: list[dict[str, Any]]) -> dict[str, Any]:
    """The regions at these places, in order, with what is typed or else planned; blank where that is too little."""
    text = document.get("regional_prompt")
    base: dict[str, Any] = {}
    words = [str(region.get("prompt", "")) for region in planned]
    if text is not None:
        *head, rest = split_at_keywords(str(text), (ADDBASE, ADDCOMM))[0]
        words = split_at_keywords(rest)[0]
        base = {"base_prompt": " ".join(head)} if head else {}
    words = [*words, *[""] * len(places)][: len(places)]
    return {**base, "regions": [{**place, "prompt": word} for place, word in zip(places, words, strict=True)]}
