"""Which part of the picture a batch samples: a tile, the crop around an inpainted place, a side that is added.

The layout belongs to the whole picture, so that a part of it has the regions of that part. A script of img2img that
samples parts hands them over as pictures of their own: where they lie is worked out of its arguments.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from lib_rpg.layout.weights import WHOLE, Window
from lib_rpg.plan_checks import Box
from lib_rpg.webui.host import Processing, host

Size = tuple[int, int]
"""Width and height in pixels."""
Pixels = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""

_STEP = 64
"""Pixels that the outpainting scripts round a picture's sides up to."""


def remember_picture(p: Processing) -> None:
    """Keep the size of the picture that img2img begins with: scripts put parts of it in its place."""
    pictures = getattr(p, "init_images", None)
    p.rpg_picture = tuple(pictures[0].size) if pictures and pictures[0] is not None else None
    p.rpg_parts = 0


def begin_batch(p: Processing) -> tuple[list[Window], str]:
    """The window of each picture of the batch, and a note where it cannot be known; `WHOLE` for a whole picture.

    To be called once for each batch, in order: a script's tiles are told apart by how many came before.
    """
    pictures = getattr(p, "init_images", None) or []
    before = getattr(p, "rpg_parts", 0)
    p.rpg_parts = before + len(pictures)
    if (masked := _only_masked(p)) is not None:
        return [masked] * p.batch_size, ""
    script, args = _script_of(p)
    picture = getattr(p, "rpg_picture", None)
    if not pictures or script is None:
        return [WHOLE] * p.batch_size, ""
    title = script.title().lower()
    if title in _PARTS and picture is not None:
        with suppress(IndexError, KeyError, TypeError, ValueError):  # another version's arguments
            windows = _PARTS[title](p, picture, _by_name(script, args))
            return _of_script(p, windows, before, len(pictures)), ""
    if title not in _PARTS and picture in (None, tuple(pictures[0].size)):
        return [WHOLE] * p.batch_size, ""
    note = f"which part of the picture the script {script.title()!r} draws is not known; each part has all regions"
    return [WHOLE] * p.batch_size, note


def overlaps(box: Sequence[float], window: Window) -> bool:
    """Whether a box of the canvas and a window have more than an edge in common."""
    return all(box[i] < window[i] + window[i + 2] and window[i] < box[i] + box[i + 2] for i in (0, 1))


def boxes_in(boxes: Sequence[Box], window: Window) -> tuple[Box, ...]:
    """Boxes of the canvas as they are in a part of it; what is beyond its edges is cut off."""
    return tuple(_cut(box, window) for box in boxes if overlaps(box, window))


def in_window(box: Sequence[float], window: Window) -> Box:
    """A box of the canvas in fractions of a part of it; it may lie over the part's edges, or outside."""
    x, y, width, height = window
    return (box[0] - x) / width, (box[1] - y) / height, box[2] / width, box[3] / height


def _cut(box: Box, window: Window) -> Box:
    left, top, width, height = in_window(box, window)
    x, y = max(left, 0.0), max(top, 0.0)
    return x, y, min(left + width, 1.0) - x, min(top + height, 1.0) - y


def _only_masked(p: Processing) -> Window | None:
    """The crop of *Only masked* inpainting, with what fills it up to the size that is sampled; None without one."""
    crop = getattr(p, "paste_to", None)
    if not crop or not getattr(p, "inpaint_full_res", False) or getattr(p, "image_mask", None) is None:
        return None
    left, top, width, height = crop
    # The crop is scaled to fit into the sampled size, and its edges fill what is left on two sides.
    scale = min(p.width / width, p.height / height)
    sampled = p.width / scale, p.height / scale
    left, top = left - (sampled[0] - width) / 2, top - (sampled[1] - height) / 2
    return _share((left, top, *sampled), p.init_images[0].size)


def _of_script(p: Processing, windows: Sequence[Window], before: int, count: int) -> list[Window]:
    """Those of the batch's pictures; a script begins with the first part again for its next picture."""
    found = [windows[(before + i) % len(windows)] for i in range(count)]
    return found if count == p.batch_size else [found[0]] * p.batch_size


def _script_of(p: Processing) -> tuple[Any, Sequence[Any]]:
    """The script that is chosen in the tab's list and its arguments; None for no script."""
    chosen = p.script_args[0] if getattr(p, "script_args", None) else 0
    scripts = getattr(getattr(p, "scripts", None), "selectable_scripts", ())
    if not isinstance(chosen, int) or isinstance(chosen, bool) or not 0 < chosen <= len(scripts):
        return None, ()
    script = scripts[chosen - 1]
    return script, p.script_args[script.args_from : script.args_to]


def _by_name(script: Any, args: Sequence[Any]) -> dict[str, Any]:
    """Arguments by the names of the script's ``run``: forks leave out and add some of them."""
    return dict(zip(list(inspect.signature(script.run).parameters)[1:], args, strict=False))


def _share(part: Sequence[float], whole: Size) -> Window:
    left, top, width, height = part
    return left / whole[0], top / whole[1], width / whole[0], height / whole[1]


def _upscaled_tiles(p: Processing, picture: Size, args: Mapping[str, Any]) -> list[Window]:
    """*SD upscale*: overlapping tiles of the upscaled picture."""
    whole = host.upscaled_size(picture, args["upscaler_index"], args["scale_factor"])
    return [_share(tile, whole) for tile in host.tiles(whole, (p.width, p.height), args["overlap"])]


def _outpainted_tiles(p: Processing, picture: Size, args: Mapping[str, Any]) -> list[Window]:
    """*Poor man's outpainting*: tiles of the enlarged picture, without those that lie within the old one."""
    sides, whole = _added(picture, args["pixels"], args["direction"])
    left, up = sides["left"], sides["up"]

    def is_new(tile: Pixels) -> bool:
        x, y, width, height = tile
        return x < left or y < up or x + width > left + picture[0] or y + height > up + picture[1]

    tiles = host.tiles(whole, (p.width, p.height), args["pixels"])
    return [_share(tile, whole) for tile in tiles if is_new(tile)] or [WHOLE]


def _added_sides(p: Processing, picture: Size, args: Mapping[str, Any]) -> list[Window]:
    """*Outpainting mk2*: one side after the other, each with as much of the picture beside it as is sampled.

    A list for as many pictures as a batch has, since each side is drawn for all of them at once.
    """
    sides, whole = _added(picture, args["pixels"], args["direction"])
    x, y = sides["left"], sides["up"]
    width, height = picture
    windows: list[Window] = []
    for side in ("left", "right", "up", "down"):
        added = sides[side]
        if not added:
            continue
        across = side in ("left", "right")
        width, height = (width + added, height) if across else (width, height + added)
        x, y = x - added * (side == "left"), y - added * (side == "up")
        # The sampled part begins at the added side, or ends there where that is the right one or the lower one.
        left = x + (_rounded_up(width) - p.width if side == "right" else 0)
        top = y + (_rounded_up(height) - p.height if side == "down" else 0)
        windows += [_share((left, top, p.width, p.height), whole)] * p.batch_size
    return windows or [WHOLE]


def _added(picture: Size, pixels: int, directions: Sequence[str]) -> tuple[dict[str, int], Size]:
    """Pixels that are added at each side so that the sides become multiples of 64, and the size with them."""
    sides = {side: pixels if side in directions else 0 for side in ("left", "right", "up", "down")}
    whole = []
    for length, first, second in ((picture[0], "left", "right"), (picture[1], "up", "down")):
        target = _rounded_up(length + sides[first] + sides[second])
        if sides[first]:
            sides[first] = sides[first] * (target - length) // (sides[first] + sides[second])
        if sides[second]:
            sides[second] = target - length - sides[first]
        whole.append(target)
    return sides, (whole[0], whole[1])


def _rounded_up(length: int) -> int:
    return math.ceil(length / _STEP) * _STEP


_PARTS: dict[str, Callable[[Processing, Size, Mapping[str, Any]], list[Window]]] = {
    "sd upscale": _upscaled_tiles,
    "poor man's outpainting": _outpainted_tiles,
    "outpainting mk2": _added_sides,
}
"""Scripts that sample parts of the picture, by their titles in lower case, and where their parts lie, in order."""
