"""Normalizes boxes as models give them: detects their unit and corner, and clips what is a little off the canvas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lib_rpg.checks import check_finite, refuse, show
from lib_rpg.planner.llm.answers.loose_json import read_number

RawBox = tuple[float, float, float, float]

# A box may leave the canvas by this share of it and is then cut at the edge.
OVERHANG = 0.1
# A unit is believed if the boxes reach at least this share of the canvas in it.
_FILLED = 0.6
_SIZES = (("x", "y", "width", "height"), ("x", "y", "w", "h"), ("left", "top", "width", "height"))
_CORNERS = (
    ("x0", "y0", "x1", "y1"),
    ("x1", "y1", "x2", "y2"),
    ("left", "top", "right", "bottom"),
    ("xmin", "ymin", "xmax", "ymax"),
    ("x_min", "y_min", "x_max", "y_max"),
)


def read_box(value: object, place: str, notes: list[str]) -> RawBox:
    """Four numbers from a list, a text ``"[0, 0, 0.5, 1]"`` or an object of sides or corners. Raises RpgError."""
    if isinstance(value, str):
        value = [part.strip() for part in value.strip(" []()").split(",")]
    if isinstance(value, Mapping):
        given = {str(key).lower(): side for key, side in value.items()}
        for keys in (*_SIZES, *_CORNERS):
            if given.keys() == set(keys):
                sides = _numbers([given[key] for key in keys], place)
                if keys in _SIZES:
                    return sides
                notes.append(f"{place}: read corners as a position and a size")
                return sides[0], sides[1], sides[2] - sides[0], sides[3] - sides[1]
    if not isinstance(value, list) or len(value) != 4:
        refuse(place, f"{show(value)} is not [x, y, width, height]", "give four fractions of the canvas")
    return _numbers(value, place)


def to_fractions(boxes: Sequence[RawBox], size: tuple[int, int] | None, notes: list[str]) -> list[RawBox]:
    """The boxes of a plan in fractions of the canvas, whatever unit they are all in.

    ``size`` is the canvas in pixels. Percent, thousandths, pixels of the canvas and of 512x512 are distinguished by how
    far the boxes reach. Raises RpgError where two of them may be meant, or none.
    """
    if not boxes:
        return []
    right = max(x + width for x, _, width, _ in boxes)
    bottom = max(y + height for _, y, _, height in boxes)
    if max(right, bottom) <= 1 + OVERHANG or max(map(max, boxes)) <= 1:
        return list(boxes)
    units = {"percent": (100, 100), "thousandths": (1000, 1000), "pixels of 512x512": (512, 512)}
    if size and size != (512, 512):
        units[f"pixels of {size[0]}x{size[1]}"] = size
    fits = {
        name: (width, height)
        for name, (width, height) in units.items()
        if max(right / width, bottom / height) <= 1 + OVERHANG / 5 and max(right / width, bottom / height) >= _FILLED
    }
    if len(fits) != 1:
        doubt = f"they may be in {' or in '.join(fits)}" if fits else "they are more than 1, and not in a known unit"
        refuse(
            "boxes", f"{doubt}, reaching to x {right:g} and y {bottom:g}", "give fractions of the canvas from 0 to 1"
        )
    name, (unit_x, unit_y) = next(iter(fits.items()))
    notes.append(f"boxes: read them as {name}")
    return [(x / unit_x, y / unit_y, width / unit_x, height / unit_y) for x, y, width, height in boxes]


def on_canvas(box: RawBox, place: str, notes: list[str]) -> RawBox:
    """The box in fractions, cut at the canvas' edge where it leaves it by no more than `OVERHANG`.

    Raises RpgError if it is empty or farther off.
    """
    x, y, width, height = box
    for name, size in (("width", width), ("height", height)):
        if size <= 0:
            refuse(place, f"{name} {size:g} is not > 0", "give a fraction of the canvas")
    left, top, right, bottom = max(0.0, x), max(0.0, y), min(1.0, x + width), min(1.0, y + height)
    off = max(left - x, top - y, x + width - right, y + height - bottom)
    if off > OVERHANG or right <= left or bottom <= top:
        refuse(
            place, f"[{x:g}, {y:g}, {width:g}, {height:g}] leaves the canvas", "keep x + width and y + height within 1"
        )
    if off > 1e-6:
        notes.append(f"{place}: cut a box of [{x:g}, {y:g}, {width:g}, {height:g}] at the canvas' edge")
    return left, top, right - left, bottom - top


def cell_of(box: RawBox, cells: Sequence[RawBox]) -> int:
    """The index of the cell that holds the box's centre; the last one whose left and top it reaches."""
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    inside = [index for index, (left, top, _, _) in enumerate(cells) if left <= x + 1e-9 and top <= y + 1e-9]
    holds = [i for i in inside if x <= cells[i][0] + cells[i][2] + 1e-9 and y <= cells[i][1] + cells[i][3] + 1e-9]
    return (holds or inside or [0])[-1]


def _numbers(values: Sequence[object], place: str) -> RawBox:
    x, y, width, height = (
        check_finite(read_number(value), place, f"{name} ")
        for value, name in zip(values, ("x", "y", "width", "height"), strict=True)
    )
    return x, y, width, height
