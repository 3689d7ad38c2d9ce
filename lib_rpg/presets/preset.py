"""The document of a preset: a plan under a name, with its words or as a layout alone, and the canvas it was made on."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lib_rpg.checks import at, check_text, check_whole, read_json, refuse, show
from lib_rpg.fields import Flag, Number, OrNone, check_fields, checked, read
from lib_rpg.layout.canvas import MAX_SIDE
from lib_rpg.plan import MAX_DOCUMENT, Plan, Region

VERSION = 1
MAX_NAME = 100
"""Characters."""
MAX_FILE = MAX_DOCUMENT + 10_000
"""Bytes of a preset's file: those of a plan, and the name."""
NO_WORDS = ""
"""The words of a layout's region."""

PLAN_LAYOUT = ("layout", "split_ratio", "rows_first", "base_ratio", "feather")
REGION_LAYOUT = ("box", "mask", "base_ratio", "weight", "start", "end")
"""The fields of a plan, and of a region, that are layout."""
_SIDE = OrNone(Number(8, MAX_SIDE, whole=True))


def check_name(value: object, place: str = "name") -> str:
    """A preset's name: any text of 1 to `MAX_NAME` characters on one line, in Unicode's composed form (NFC).

    Raises RpgError for what is no text, blank, too long, or has a control character.
    """
    # "e" with an accent behind it and "é" look the same, and are one name.
    text = unicodedata.normalize("NFC", " ".join(value.split())) if isinstance(value, str) else value
    name = check_text(text, place, MAX_NAME, needed=True)
    if any(unicodedata.category(character) == "Cc" for character in name):
        refuse(place, f"{show(name)} has a control character", "remove it")
    return name


def layout_of(plan: Plan) -> Plan:
    """The layout alone: the ratio or the boxes and masks, base ratios, weights, times and feather, without any words.

    Every region's prompt is `NO_WORDS`.
    """
    fields = {name: getattr(plan, name) for name in PLAN_LAYOUT}
    return Plan(**fields, regions=tuple(_with_layout(Region(NO_WORDS), region) for region in plan.regions))


def with_words_of(layout: Plan, plan: Plan) -> Plan:
    """``plan`` in that layout. Its regions' words go to the places in order.

    A place without words has `NO_WORDS`; regions without a place are left out. Raises RpgError where the two exceed a
    plan's bounds together.
    """
    worded = [*plan.regions, *(Region(NO_WORDS) for _ in layout.regions)]
    regions = tuple(map(_with_layout, worded, layout.regions))
    return replace(plan, **{name: getattr(layout, name) for name in PLAN_LAYOUT}, regions=regions)


def _with_layout(region: Region, layout: Region) -> Region:
    return replace(region, **{name: getattr(layout, name) for name in REGION_LAYOUT})


def _version(value: object, place: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > VERSION:
        newest = f"the newest supported version is {VERSION}"
        refuse(place, f"the preset has version {show(value)}, and {newest}", "update sd-webui-rpg")
    return check_whole(value, place, VERSION, VERSION)


def _plan(value: object, place: str) -> Plan:
    if isinstance(value, Plan):
        return value
    if not isinstance(value, Mapping):
        refuse(place, f"{show(value)} is not an object", "give a plan's document")
    with at(place, "."):
        return Plan.from_dict(value)


@dataclass(frozen=True)
class Preset:
    """A plan under a name.

    ``plan`` may be given as a document. ``width`` and ``height`` are the canvas in pixels that it was made on (8 to
    `MAX_SIDE`), or both None. Without ``words`` it is the layout alone, as `layout_of` has it, whatever ``plan`` says.
    """

    name: str = field(metadata=checked(check_name))
    plan: Plan = field(metadata=checked(_plan))
    width: int | None = field(default=None, metadata=checked(_SIDE))
    height: int | None = field(default=None, metadata=checked(_SIDE))
    words: bool = field(default=True, metadata=checked(Flag()))
    version: int = field(default=VERSION, metadata=checked(_version))

    def __post_init__(self) -> None:
        check_fields(self)
        if (self.width is None) != (self.height is None):
            refuse("width", "it is given without the height, or the height without it", "give both or none")
        if not self.words:
            object.__setattr__(self, "plan", layout_of(self.plan))

    def to_dict(self) -> dict[str, Any]:
        """The preset as plain values; `from_dict` reads it back."""
        return {
            "version": self.version,
            "name": self.name,
            "plan": self.plan.to_dict(),
            "width": self.width,
            "height": self.height,
            "words": self.words,
        }

    def to_json(self) -> str:
        """The preset as the text of its file."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_dict(cls, document: object) -> Preset:
        """Read a preset's document; a missing key has its default, but for ``name`` and ``plan``.

        Raises RpgError for an unknown key, a newer version, and every violation, each with its place.
        """
        if not isinstance(document, Mapping):
            refuse("preset", f"{show(document)} is not an object", "give one with 'name' and 'plan'")
        # A newer version may have other keys, so that its number is looked at first.
        _version(document.get("version", VERSION), "version")
        return read(cls, document)

    @classmethod
    def from_json(cls, text: str) -> Preset:
        """Read a preset from JSON text. Raises RpgError as `checks.read_json` and `from_dict` do."""
        return cls.from_dict(read_json(text, "preset"))
