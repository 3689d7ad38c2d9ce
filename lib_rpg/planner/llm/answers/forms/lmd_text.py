"""LMD's text form: boxes of named things on a canvas of 512x512, a background, and what is not to be seen.

    Objects: [('a green car', [21, 281, 211, 159]), ('a blue truck', [269, 283, 209, 160])]
    Background prompt: A realistic landscape scene
    Negative prompt:

The key of the first line may be missing, since LMD's request ends with it.
"""

from __future__ import annotations

import dataclasses
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from lib_rpg.checks import at, refuse, show
from lib_rpg.plan import MAX_REGIONS, Entity, Plan, Region
from lib_rpg.planner.language.counted import counted, many, without_article
from lib_rpg.planner.llm.answers.boxes import OVERHANG, RawBox, on_canvas, read_box
from lib_rpg.planner.llm.answers.candidate import Candidate
from lib_rpg.planner.llm.answers.cleaning import says_none
from lib_rpg.planner.llm.answers.context import Context
from lib_rpg.planner.llm.answers.key_lines import Part, first_line
from lib_rpg.planner.llm.answers.loose_json import LiteralError, read_literal

CANVAS = 512
# How many round brackets that hold no box are passed over in search of one.
_MAX_PROSE = 500

_NO_OBJECTS = re.compile(r"(?:no(?:ne|[ \t]+objects?)\b.{0,200})?\Z", re.IGNORECASE | re.DOTALL)
_OPENER = re.compile(r"[\[(]\s{0,9}[\[({\]\"'\u201c\u2018]|(?P<prose>\(\s{0,9}\w)")
_PUNCTUATION = f"{string.punctuation}{string.whitespace}"
_NAME_KEYS = ("name", "phrase", "label", "object", "prompt")
_BOX_KEYS = ("box", "bbox", "bounding_box")
_SAID_NONE = re.compile(r"\bno[ \t]+objects?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """A thing's name as the answer gives it, and its box in the answer's unit."""

    name: str
    box: RawBox


def lmd_blocks(parts: Sequence[Part], text: str, context: Context) -> list[Candidate]:
    """Every background prompt with the objects before it.

    A block under a ``Caption:`` other than the prompt is left out: it is an example, or a model that wrote on.
    """
    blocks: list[Candidate] = []
    end = 0
    caption = ""
    objects: Part | None = None
    for index, part in enumerate(parts):
        if part.key == "caption":
            caption, objects, end = first_line(part.value), None, part.start + part.value.find("\n") + 1
        elif part.key == "objects":
            objects = part
        elif part.key == "background":
            if not (caption and context.prompt) or _same(caption, context.prompt):
                given = objects.value if objects else text[end : part.start]
                negative = _negative_after(parts, index)
                read = partial(_read, given, objects is not None, part.value, negative, context)
                blocks.append(Candidate((objects or part).start, read))
            objects, end, caption = None, part.start, ""
    if not blocks and objects and not any(part.key in ("ratio", "prompt") for part in parts):
        blocks.append(Candidate(objects.start, _no_background))
    return blocks


def _negative_after(parts: Sequence[Part], index: int) -> str:
    after = parts[index + 1] if index + 1 < len(parts) else None
    return after.value if after and after.key == "negative" else ""


def _no_background() -> Plan:
    refuse("the answer", "has objects but no 'Background prompt: …'", "add it")


def _same(first: str, second: str) -> bool:
    return " ".join(first.lower().split()).rstrip(".") == " ".join(second.lower().split()).rstrip(".")


def _read(objects: str, keyed: bool, background: str, negative: str, context: Context) -> Plan:
    context = context.begin()
    rest = background.strip().partition("\n")[2] + "\n" + negative.strip().partition("\n")[2]
    if rest.strip():
        context.notes.append(f"left out what follows: {show(rest.strip())}")
    named = list(_named(objects, context.notes))
    said_none = (
        _NO_OBJECTS.match(objects.strip(_PUNCTUATION)) if keyed else _SAID_NONE.search(objects) or "[]" in objects
    )
    if not named and not said_none:
        refuse(
            "Objects", f"no list of boxes is in {show(objects.strip())}", "write [('a name', [x, y, width, height]), …]"
        )
    return boxes_plan(named, _words(background), _words(negative), context)


def _words(value: str) -> str:
    """The first line of a value without a full stop; "None" is empty."""
    line = first_line(value).strip("\"'").rstrip(".").strip()
    return "" if says_none(line) else line


def _named(text: str, notes: list[str]) -> Iterator[Named]:
    """The pairs in a text, whether one list holds them all or each is on a line of its own."""
    position = prose = 0
    while prose < _MAX_PROSE and (opener := _OPENER.search(text, position)):
        try:
            literal = read_literal(text, opener.start())
        except LiteralError as error:
            # Words in round brackets may be prose; a list or a name in quotes is meant.
            if not opener["prose"]:
                here = show(text[error.position : error.position + 40])
                refuse("Objects", f"the list cannot be read at {here} ({error})", "correct it")
            position = opener.end()
            prose += 1
            continue
        if literal.cut:
            refuse("Objects", "the answer ends inside the list", "write the whole list")
        yield from read_named(literal.value, "Objects", notes)
        position = literal.end


def read_named(value: object, place: str, notes: list[str]) -> list[Named]:
    """The named boxes of a pair ``("a cat", [x, y, width, height])``, of an object with both, or of a list of them.

    Raises RpgError for anything else, and for more than a plan holds.
    """
    if isinstance(value, Mapping):
        given = {str(key).lower(): item for key, item in value.items()}
        return read_named([_first_of(given, _NAME_KEYS), _first_of(given, _BOX_KEYS)], place, notes)
    if not isinstance(value, list):
        refuse(place, f"{show(value)} is not a named box", "write ('a name', [x, y, width, height])")
    if value and isinstance(value[0], str):
        return [_named_box(value, place, notes)]
    named: list[Named] = []
    for item in value:
        if isinstance(item, list) and item and isinstance(item[0], list):
            refuse(place, "its lists are nested too deeply", "write one list of ('a name', [x, y, width, height])")
        if not isinstance(item, list | Mapping) or not item:
            refuse(place, f"{show(item)} is not a named box", "write ('a name', [x, y, width, height])")
        named += read_named(item, place, notes)
        if len(named) > MAX_REGIONS:
            refuse(place, f"more than {MAX_REGIONS} boxes", "give fewer")
    return named


def _first_of(given: Mapping[str, object], keys: Sequence[str]) -> object:
    return next((given[key] for key in keys if key in given), None)


def _named_box(pair: list[Any], place: str, notes: list[str]) -> Named:
    # ("a cat", [x, y, width, height]); the four numbers may also follow the name without a list of their own.
    box = pair[1] if len(pair) == 2 else list(pair[1:])
    if not pair[0].strip():
        refuse(place, "an object has no name", "name it")
    return Named(pair[0].strip().rstrip(".").strip(), read_box(box, f"{place}: {show(pair[0])}", notes))


def boxes_plan(named: Sequence[Named], background: str, negative: str, context: Context) -> Plan:
    """A plan of free boxes in pixels of 512x512: a region for each thing, or one of the background where there is none.

    Raises RpgError if there is neither a thing nor a background.
    """
    context.check_layout("boxes")
    notes = context.notes
    background = context.words(background, "background prompt")
    fitted = _fitted(_kept(_in_unit(named, context), notes), notes)
    regions = []
    counts: dict[str, int] = {}
    wordings: dict[str, str] = {}
    for index, thing in enumerate(fitted):
        name = context.words(thing.name, f"objects[{index}]")
        phrase, count = counted(name)
        counts[phrase] = counts.get(phrase, 0) + count
        # "the moon" stays "the moon".
        words = name if count == 1 and without_article(name) != name else many(phrase, count)
        wordings.setdefault(phrase, words)
        with at(f"objects[{index}]", "."):
            region = Region(
                f"{background} with {words}" if background else words,
                name=phrase,
                box=on_canvas(thing.box, "box", notes),
                entities=(Entity(phrase, count),),
            )
        regions.append(region)
    things = ", ".join(wordings[phrase] if count == 1 else many(phrase, count) for phrase, count in counts.items())
    if not background:
        if not things:
            refuse("the answer", "has neither objects nor a background", "give at least one of them")
        notes.append("the background prompt is empty, so only the objects are in the base prompt")
    if not regions:
        notes.append("there is no object, so one region has the background")
        regions = [Region(background)]
    plan = Plan(
        prompt=context.prompt,
        base_prompt=f"{background} with {things}" if background and things else background or things,
        base_ratio=context.default_base_ratio(regions),
        negative_prompt=negative,
        layout="boxes",
        regions=tuple(regions),
    )
    plan = context.clean(plan)
    return dataclasses.replace(plan, source=context.noted_source())


def _kept(named: Sequence[Named], notes: list[str]) -> list[Named]:
    """The boxes, in fractions, that have an area and are not the whole canvas."""
    kept = []
    for thing in named:
        _, _, width, height = thing.box
        if width <= 0 or height <= 0:
            notes.append(f"left out {show(thing.name)}: its box is empty")
        elif width >= 1 and height >= 1:
            notes.append(f"left out {show(thing.name)}: its box is the whole canvas")
        else:
            kept.append(thing)
    return kept


def _in_unit(named: Sequence[Named], context: Context) -> list[Named]:
    """The boxes in fractions. They are in pixels of LMD's canvas, unless all are fractions or reach far beyond it."""
    if not named:
        return []
    reach_x = max(x + width for x, _, width, _ in (thing.box for thing in named))
    reach_y = max(y + height for _, y, _, height in (thing.box for thing in named))
    unit = (CANVAS, CANVAS)
    if max(reach_x, reach_y) <= 1 + OVERHANG:
        unit = (1, 1)
        context.notes.append("boxes: read them as fractions of the canvas")
    elif (
        max(reach_x, reach_y) > CANVAS * 1.5
        and context.size
        and reach_x <= context.size[0]
        and reach_y <= context.size[1]
    ):
        unit = context.size
        context.notes.append(f"boxes: read them as pixels of {unit[0]}x{unit[1]}")
    return [
        Named(thing.name, (x / unit[0], y / unit[1], width / unit[0], height / unit[1]))
        for thing in named
        for x, y, width, height in (thing.box,)
    ]


def _fitted(named: list[Named], notes: list[str]) -> list[Named]:
    """All boxes moved, and made smaller where they must be, onto the canvas; a box altogether off it is left out."""
    inside = []
    for thing in named:
        if _is_off_canvas(thing.box):
            notes.append(f"left out {show(thing.name)}: its box is off the canvas")
        else:
            inside.append(thing)
    if not inside:
        return []
    left, top = min(thing.box[0] for thing in inside), min(thing.box[1] for thing in inside)
    right = max(thing.box[0] + thing.box[2] for thing in inside)
    bottom = max(thing.box[1] + thing.box[3] for thing in inside)
    if min(left, top) >= 0 and max(right, bottom) <= 1:
        return inside
    scale = min(1.0, 1 / (right - left), 1 / (bottom - top))
    shift_x, shift_y = _shift(left, right, scale), _shift(top, bottom, scale)
    done = "moved" if scale == 1 else f"scaled to {scale:.2f} of their size and moved"
    notes.append(f"a box leaves the canvas, so all boxes were {done}")
    return [
        Named(thing.name, (x * scale + shift_x, y * scale + shift_y, width * scale, height * scale))
        for thing in inside
        for x, y, width, height in (thing.box,)
    ]


def _is_off_canvas(box: RawBox) -> bool:
    x, y, width, height = box
    return x >= 1 or y >= 1 or x + width <= 0 or y + height <= 0


def _shift(start: float, end: float, scale: float) -> float:
    """What to add to scaled coordinates so that ``start`` to ``end`` lies from 0 to 1, moved as little as can be."""
    start, end = start * scale, end * scale
    return -start if start < 0 or end - start > 1 else min(0.0, 1 - end)
