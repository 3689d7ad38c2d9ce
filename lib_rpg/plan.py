"""The plan: the one state of the extension, as validated frozen data, and its JSON; its text is `text_form`'s.

A `Plan` that exists is valid: the constructors check everything and raise `RpgError` with the place of the
fault, such as ``regions[2].box: width 0 is not > 0; …``. The format is DESIGN.md §2; keys that it does not have
are written only where they differ from their default.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lib_rpg.checks import (
    at,
    check_finite,
    check_items,
    check_keys,
    check_positive,
    check_share,
    check_text,
    check_whole,
    read_json,
    refuse,
    show,
)
from lib_rpg.layout.ratio import MAX_CELLS, Grid, parse_ratio

VERSION = 1
MAX_REGIONS = MAX_CELLS
MAX_ENTITIES = 64
MAX_COUNT = 999
MAX_WEIGHT = 100.0
MAX_NOTES = 100
MAX_UNITS = 10
MAX_PROMPT = 20_000
MAX_LABEL = 1000
MAX_FEATHER = 0.5
MAX_MASK = 500_000
MAX_TEXTS = 250_000
"""Characters of all of a plan's texts together, the notes included and the masks not: 64 regions of 3,900."""
MAX_MASKS = 4_000_000
"""Characters of all of a plan's masks together: 64 files of 46 KB, 8 of the largest."""
MAX_DOCUMENT = 8_000_000
"""Characters of a plan's JSON: all that a plan may hold, with every letter written as an escape."""
LORA_MODES = ("text", "unet", "shared")
PASSES = ("both", "first", "second")

# Words of the text form. Like the WebUI's own BREAK they count only as whole upper-case words.
KEYWORDS = ("BREAK", "ADDBASE", "ADDCOMM", "ADDROW", "ADDCOL")
_KEYWORD = re.compile(rf"\b({'|'.join(KEYWORDS)})\b")
_ADD_KEYWORD = re.compile(r"\b(ADDBASE|ADDCOMM|ADDROW|ADDCOL)\b")
_AND = re.compile(r"\bAND\b")

_DATA_URL = "data:image/png;base64,"
_PNG = b"\x89PNG\r\n\x1a\n"

# A box may leave the canvas by this much, so that thirds written as 0.333333 and 0.666667 are no fault.
_BOX_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Entity:
    """A thing that stands in a region, and how many of it (1 to `MAX_COUNT`).

    ``box`` is its own tight place on the canvas, as a region's box, where a planner gave one; hard binding uses it.
    """

    phrase: str
    count: int = 1
    box: tuple[float, float, float, float] | None = None

    def __post_init__(self) -> None:
        _keep(self, "phrase", check_text(self.phrase, "phrase", MAX_LABEL, needed=True))
        check_whole(self.count, "count", 1, MAX_COUNT)
        if self.box is not None:
            _keep(self, "box", _check_box(self.box, "box"))

    def to_dict(self) -> dict[str, Any]:
        """The entity as plain values; ``box`` only where there is one."""
        return {"phrase": self.phrase, "count": self.count, **_not_default(self, "box")}


@dataclass(frozen=True)
class Region:
    """A part of the canvas with a prompt of its own.

    ``prompt`` is complete in itself and may use the WebUI's prompt language but for ``AND`` and the
    `KEYWORDS`. ``box`` is ``(x, y, width, height)`` in fractions of the canvas, origin top-left.
    ``base_ratio`` (0…1) replaces the plan's where set. ``weight`` (above 0, to `MAX_WEIGHT`) is the region's
    share where regions overlap. ``start`` and ``end`` are the part of the sampling steps, 0…1, in which the region
    acts; before and after it the base prompt has its place. ``mask`` is a PNG file in base64, stretched over the box:
    white belongs to the region, black does not; only in free boxes. ``control`` numbers the ControlNet units (from 0)
    that act on the region only.
    """

    prompt: str
    name: str = ""
    negative_prompt: str = ""
    box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    base_ratio: float | None = None
    weight: float = 1.0
    entities: tuple[Entity, ...] = ()
    start: float = 0.0
    end: float = 1.0
    mask: str = ""
    control: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        _keep(self, "prompt", check_text(self.prompt, "prompt", MAX_PROMPT, needed=True))
        if match := _KEYWORD.search(self.prompt):
            problem = f"{match[0]} parts prompts and cannot stand inside a region"
            refuse("prompt", problem, "remove it or write it in lower case")
        if _AND.search(self.prompt):
            refuse("prompt", "AND is not supported inside a region", "write 'and' or a comma")
        _keep(self, "name", check_text(self.name, "name", MAX_LABEL))
        _keep(self, "negative_prompt", check_text(self.negative_prompt, "negative_prompt", MAX_PROMPT))
        _keep(self, "box", _check_box(self.box, "box"))
        if self.base_ratio is not None:
            _keep(self, "base_ratio", check_share(self.base_ratio, "base_ratio"))
        _keep(self, "weight", check_positive(self.weight, "weight", MAX_WEIGHT))
        _keep(self, "entities", check_items(self.entities, "entities", Entity, MAX_ENTITIES))
        _keep(self, "start", check_share(self.start, "start"))
        _keep(self, "end", check_share(self.end, "end"))
        if self.start >= self.end:
            refuse("end", f"{self.end:g} is not after start {self.start:g}", "the region would never act")
        _keep(self, "mask", _check_mask(self.mask))
        _keep(self, "control", _check_units(self.control, "control"))

    def to_dict(self) -> dict[str, Any]:
        """The region as plain values."""
        return {
            "name": self.name,
            "prompt": self.prompt,
            "negative_prompt": self.negative_prompt,
            "box": list(self.box),
            "base_ratio": self.base_ratio,
            "weight": self.weight,
            "entities": [entity.to_dict() for entity in self.entities],
            **_not_default(self, "start", "end", "mask", "control"),
        }


@dataclass(frozen=True)
class Source:
    """Where a plan comes from; ``notes`` says in words what was guessed, repaired or left out."""

    planner: str = "manual"
    model: str | None = None
    cached: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _keep(self, "planner", check_text(self.planner, "planner", MAX_LABEL, needed=True))
        if self.model is not None:
            _keep(self, "model", check_text(self.model, "model", MAX_LABEL))
        if not isinstance(self.cached, bool):
            refuse("cached", f"{show(self.cached)} is not true or false", "give one of them")
        notes = check_items(self.notes, "notes", str, MAX_NOTES)
        _keep(self, "notes", tuple(check_text(note, f"notes[{i}]", MAX_PROMPT) for i, note in enumerate(notes)))


@dataclass(frozen=True)
class Plan:
    """A picture as regions; at least one, at most `MAX_REGIONS`; with `MAX_TEXTS` characters and `MAX_MASKS` in all.

    ``layout`` is ``grid``, whose cells are those of ``split_ratio`` in row-major order (the regions' boxes
    are always filled from it), or ``boxes``, where the boxes are free and ``split_ratio`` is empty.
    ``base_prompt`` is the whole picture in one sentence, ``base_ratio`` (0…1) its share wherever a region is.
    ``rows_first`` reads the ratio column by column (Regional Prompter's "Rows"). ``feather`` (0…`MAX_FEATHER`) is the
    width of the band in which regions fade into their neighbours, as a share of the canvas' shorter side. ``lora`` is
    what a LoRA tag inside a region acts on, one of `LORA_MODES`: the region's text and the layers that read it, every
    layer of the UNet on the region's place, or the whole picture. ``hires`` says in which passes of hires fix regions
    act, one of `PASSES`.
    """

    prompt: str = ""
    base_prompt: str = ""
    base_ratio: float = 0.3
    negative_prompt: str = ""
    layout: str = "grid"
    split_ratio: str = ""
    regions: tuple[Region, ...] = ()
    source: Source = dataclasses.field(default_factory=Source)
    version: int = VERSION
    rows_first: bool = False
    feather: float = 0.0
    lora: str = LORA_MODES[0]
    hires: str = PASSES[0]

    def __post_init__(self) -> None:
        _check_version(self.version)
        _keep(self, "prompt", check_text(self.prompt, "prompt", MAX_PROMPT))
        _keep(self, "base_prompt", check_text(self.base_prompt, "base_prompt", MAX_PROMPT))
        # BREAK may stand in the base prompt: before ADDBASE it can only be the WebUI's own chunk break.
        if match := _ADD_KEYWORD.search(self.base_prompt):
            problem = f"{match[0]} parts prompts and cannot stand inside one"
            refuse("base_prompt", problem, "remove it or write it in lower case")
        _keep(self, "base_ratio", check_share(self.base_ratio, "base_ratio"))
        _keep(self, "negative_prompt", check_text(self.negative_prompt, "negative_prompt", MAX_PROMPT))
        _keep(self, "split_ratio", check_text(self.split_ratio, "split_ratio", MAX_PROMPT))
        _keep(self, "regions", check_items(self.regions, "regions", Region, MAX_REGIONS))
        if not isinstance(self.source, Source):
            refuse("source", f"{show(self.source)} is not a source", "give an object, or leave it out")
        self._check_totals()
        if not self.regions:
            refuse("regions", "the plan has no region", "give at least one")
        if not isinstance(self.rows_first, bool):
            refuse("rows_first", f"{show(self.rows_first)} is not true or false", "give one of them")
        _keep(self, "feather", check_share(self.feather, "feather"))
        if self.feather > MAX_FEATHER:
            refuse("feather", f"{self.feather:g} is more than {MAX_FEATHER:g}", "give a smaller share of the side")
        if self.lora not in LORA_MODES:
            refuse("lora", f"{show(self.lora)} is no way to use LoRAs", f"give one of {', '.join(LORA_MODES)}")
        if self.hires not in PASSES:
            refuse("hires", f"{show(self.hires)} names no pass", f"give one of {', '.join(PASSES)}")
        if self.layout == "grid":
            _keep(self, "regions", self._regions_in_cells())
        elif self.layout != "boxes":
            refuse("layout", f"{show(self.layout)} is not a layout", "give 'grid' or 'boxes'")
        elif self.split_ratio:
            advice = "leave it empty or set layout to 'grid'"
            refuse("split_ratio", "a plan of free boxes has no ratio", advice)
        elif self.rows_first:
            refuse("rows_first", "a plan of free boxes has no rows", "leave it out or set layout to 'grid'")

    def _check_totals(self) -> None:
        texts = [self.prompt, self.base_prompt, self.negative_prompt, *self.source.notes]
        for region in self.regions:
            texts += [region.name, region.prompt, region.negative_prompt, *(e.phrase for e in region.entities)]
        if (total := sum(map(len, texts))) > MAX_TEXTS:
            refuse("plan", f"{total} characters in all its texts are too many", f"shorten them to {MAX_TEXTS} together")
        if (total := sum(len(region.mask) for region in self.regions)) > MAX_MASKS:
            problem = f"{total} characters in all their masks are too many"
            refuse("regions", problem, f"scale the masks so that they have at most {MAX_MASKS} together")

    def _regions_in_cells(self) -> tuple[Region, ...]:
        with at("split_ratio"):
            grid = self.grid()
        if len(grid) != len(self.regions):
            sides = f"{_count(len(grid), 'cell')} but the plan has {_count(len(self.regions), 'region')}"
            refuse("split_ratio", f"{show(self.split_ratio)} has {sides}", "make them equal")
        for index, region in enumerate(self.regions):
            if region.mask:
                advice = "set layout to 'boxes' and leave split_ratio out"
                refuse(f"regions[{index}].mask", "the cells of a grid have no masks", advice)
        boxes = [(float(x), float(y), float(w), float(h)) for x, y, w, h in grid.boxes()]
        return tuple(
            region if region.box == box else dataclasses.replace(region, box=box)
            for region, box in zip(self.regions, boxes, strict=True)
        )

    def grid(self) -> Grid:
        """The exact grid of ``split_ratio``. Raises RpgError if the layout is not ``grid``."""
        if self.layout != "grid":
            refuse("layout", "a plan of free boxes has no grid", "use the regions' boxes")
        return parse_ratio(self.split_ratio, self.rows_first)

    def acts_in(self, hires_pass: bool) -> bool:
        """Whether regions act in that pass: the second of hires fix, or the first, which may be the only one."""
        return self.hires in ("both", "second" if hires_pass else "first")

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain dicts, lists, strings and numbers; `from_dict` reads it back."""
        return {
            "version": self.version,
            "prompt": self.prompt,
            "base_prompt": self.base_prompt,
            "base_ratio": self.base_ratio,
            "negative_prompt": self.negative_prompt,
            "layout": self.layout,
            "split_ratio": self.split_ratio,
            "regions": [region.to_dict() for region in self.regions],
            "source": {
                "planner": self.source.planner,
                "model": self.source.model,
                "cached": self.source.cached,
                "notes": list(self.source.notes),
            },
            **_not_default(self, "rows_first", "feather", "lora", "hires"),
        }

    def to_json(self, indent: int | None = None) -> str:
        """`to_dict` as JSON text (Unicode, not escaped)."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent, allow_nan=False)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Plan:
        """Read a plan document; a missing key has its default.

        Raises RpgError for an unknown key, a version other than 1, and every violation, each with its place.
        """
        if not isinstance(document, Mapping):
            refuse("plan", f"{show(document)} is not an object", "give one with 'split_ratio' and 'regions'")
        # A newer version may have other keys, so it is told first.
        _check_version(document.get("version", VERSION))
        values = check_keys(document, "", _names(cls))
        if "regions" in values:
            values["regions"] = _read_list(values["regions"], "regions", MAX_REGIONS, _read_region)
        if "source" in values:
            values["source"] = _read_object(values["source"], "source", Source)
        return cls(**values)

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Read a plan from JSON text of at most `MAX_DOCUMENT` characters.

        Raises RpgError as `checks.read_json` and `from_dict` do.
        """
        if isinstance(text, str) and len(text) > MAX_DOCUMENT:
            refuse("plan", f"{len(text)} characters of JSON are too many", f"give at most {MAX_DOCUMENT}")
        return cls.from_dict(read_json(text))


def _check_version(version: object) -> None:
    if isinstance(version, bool) or not isinstance(version, int):
        refuse("version", f"{show(version)} is not a whole number", f"give {VERSION}")
    if version > VERSION:
        problem = f"the plan is of version {show(version)}, and version {VERSION} is the newest read here"
        refuse("version", problem, "update sd-webui-rpg")
    if version < VERSION:
        refuse("version", f"there is no version {show(version)}", f"give {VERSION}")


def _check_box(value: object, place: str) -> tuple[float, float, float, float]:
    if not isinstance(value, list | tuple) or len(value) != 4:
        refuse(place, f"{show(value)} is not [x, y, width, height]", "give four fractions of the canvas")
    names = ("x", "y", "width", "height")
    x, y, width, height = (check_finite(v, place, f"{name} ") for v, name in zip(value, names, strict=True))
    for name, start, side, size in (("x", x, "width", width), ("y", y, "height", height)):
        if start < 0:
            refuse(place, f"{name} {start:g} is not >= 0", "keep the box on the canvas")
        if size <= 0:
            refuse(place, f"{side} {size:g} is not > 0", "give a fraction of the canvas")
        if start + size > 1 + _BOX_TOLERANCE:
            refuse(place, f"{name} {start:g} + {side} {size:g} is more than 1", "keep the box on the canvas")
    return x, y, width, height


def _check_mask(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_MASK:  # what is base64 needs no look at its characters
        value = check_text(value, "mask", MAX_MASK)
    text = "".join(value.strip().removeprefix(_DATA_URL).split())
    if not text:
        return ""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        refuse("mask", "is not base64", "give a PNG file in base64, white where the region is")
    if not content.startswith(_PNG):
        refuse("mask", "is not a PNG file", "give one in base64, white where the region is")
    return text


def _not_default(item: Any, *names: str) -> dict[str, Any]:
    """Those of a dataclass' fields that differ from their default, tuples as lists."""
    defaults = {field.name: field.default for field in dataclasses.fields(item)}
    values = {name: getattr(item, name) for name in names if getattr(item, name) != defaults[name]}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _check_units(value: object, place: str) -> tuple[int, ...]:
    units = check_items(value, place, object, MAX_UNITS)
    for index, unit in enumerate(units):
        check_whole(unit, f"{place}[{index}]", 0, MAX_UNITS - 1)
        if unit in units[:index]:
            refuse(f"{place}[{index}]", f"{unit} stands there twice", "name each ControlNet unit once")
    return units


def _names(kind: type) -> list[str]:
    return [field.name for field in dataclasses.fields(kind)]


def _read_list(value: object, place: str, limit: int, read: Callable[[object, str], Any]) -> tuple[Any, ...]:
    return tuple(read(item, f"{place}[{index}]") for index, item in enumerate(check_items(value, place, object, limit)))


def _read_region(document: object, place: str) -> Region:
    values = check_keys(document, place, _names(Region))
    if "entities" in values:
        values["entities"] = _read_list(values["entities"], f"{place}.entities", MAX_ENTITIES, _read_entity)
    return _read_object(values, place, Region)


def _read_entity(document: object, place: str) -> Entity:
    return _read_object(document, place, Entity)


def _read_object(document: object, place: str, kind: type) -> Any:
    values = check_keys(document, place, _names(kind))
    required = {Region: "prompt", Entity: "phrase"}.get(kind)
    if required and required not in values:
        refuse(f"{place}.{required}", "is missing", "write it")
    with at(place, "."):
        return kind(**values)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _keep(target: object, name: str, value: object) -> None:
    # A frozen dataclass stores its normalised values once, while it is being made.
    object.__setattr__(target, name, value)
