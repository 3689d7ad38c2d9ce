"""Reads the form of answer that is asked for: rows of cells with weights, boxes in whole percent of the canvas.

See `lib_rpg.planner.llm.answer_schema`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib_rpg.checks import at, check_items, check_positive, refuse, show
from lib_rpg.layout.ratio import MAX_CELLS
from lib_rpg.planner.llm.answers.boxes import read_box
from lib_rpg.planner.llm.answers.loose_json import read_number

_MAX_WEIGHT = 1_000_000.0


def with_ratio(document: Mapping[str, Any], notes: list[str]) -> Mapping[str, Any]:
    """The answer with a split ratio and regions where it has rows of cells, and with every ``percent`` as a ``box``.

    Raises RpgError with the place of a fault, such as ``rows[1].cells[0].width``.
    """
    if "rows" not in document or document.get("regions"):
        regions = document.get("regions")
        if not isinstance(regions, list):
            return document
        return {**document, "regions": [_boxed(item, f"regions[{i}]", notes) for i, item in enumerate(regions)]}
    rows = check_items(document["rows"], "rows", object, MAX_CELLS)
    if not rows:
        refuse("rows", "is empty", "give at least one row with one cell")
    ratios: list[str] = []
    made: list[object] = []
    for index, row in enumerate(rows):
        ratio, cells = _row(row, f"rows[{index}]", len(rows) == 1, notes)
        ratios.append(ratio)
        made += cells
    rest = {key: value for key, value in document.items() if key != "rows"}
    return {**rest, "split_ratio": ";".join(ratios), "regions": made}


def _row(row: object, place: str, is_only: bool, notes: list[str]) -> tuple[str, list[object]]:
    """A row's part of the split ratio, which has no height where the row is the only one, and the regions of its cells.

    Raises RpgError.
    """
    if not isinstance(row, Mapping):
        refuse(place, f"{show(row)} is not an object", "give one with 'height' and 'cells'")
    cells = check_items(row.get("cells"), f"{place}.cells", object, MAX_CELLS)
    if not cells:
        refuse(f"{place}.cells", "is empty", "give at least one cell, or leave the row out")
    widths = [_weight(cell, "width", f"{place}.cells[{c}]") for c, cell in enumerate(cells)]
    height = _weight(row, "height", place)
    regions = [_boxed(_without_width(cell), f"{place}.cells[{c}]", notes) for c, cell in enumerate(cells)]
    if is_only:
        return ",".join(widths), regions
    return ",".join([height, *widths]) if len(widths) > 1 else height, regions


def _without_width(cell: object) -> object:
    return {key: value for key, value in cell.items() if key != "width"} if isinstance(cell, Mapping) else cell


def _weight(owner: object, key: str, place: str) -> str:
    """A weight as the ratio grammar reads it; 1 where none is given."""
    value = owner.get(key) if isinstance(owner, Mapping) else None
    if value is None:
        return "1"
    with at(place, "."):
        number = check_positive(read_number(value), key, _MAX_WEIGHT)
    return f"{number:.12g}"


def _boxed(region: object, place: str, notes: list[str]) -> object:
    """A region, and its entities, with the box that their ``percent`` gives."""
    if not isinstance(region, Mapping):
        return region
    made = _from_percent(region, place, notes)
    entities = made.get("entities")
    if isinstance(entities, list):
        own = [_from_percent(e, f"{place}.entities[{i}]", notes) for i, e in enumerate(entities)]
        made = {**made, "entities": own}
    return made


def _from_percent(item: Any, place: str, notes: list[str]) -> Any:
    if not isinstance(item, Mapping) or "percent" not in item:
        return item
    kept = {key: value for key, value in item.items() if key != "percent"}
    if item["percent"] is None or kept.get("box") is not None:
        return kept
    x, y, width, height = read_box(item["percent"], f"{place}.percent", notes)
    return {**kept, "box": [x / 100, y / 100, width / 100, height / 100]}
