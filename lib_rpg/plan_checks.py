"""Checks of a plan's fields that are more than bounds; each takes a value and its place, as `fields.Check` says."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from lib_rpg.checks import check_finite, check_items, check_share, check_text, check_whole, refuse, show
from lib_rpg.fields import Number, Schema, Text
from lib_rpg.keywords import ADDING, AND, KEYWORDS, find_keyword, keyword_pattern
from lib_rpg.layout.png import SIGNATURE

Box = tuple[float, float, float, float]
"""``(x, y, width, height)`` in fractions of the canvas, origin top-left."""

_DATA_URL = "data:image/png;base64,"
_PICTURE_URL = re.compile(r"^data:image/[a-z]+;base64,")
_HASH = re.compile(r"[0-9a-f]{32}")

# A box may leave the canvas by this much, so that thirds written as 0.333333 and 0.666667 are no fault.
_BOX_TOLERANCE = 1e-6


class RegionPrompt(Text):
    """A text of the WebUI's prompt language but for ``AND`` and the keywords, which part prompts."""

    def __call__(self, value: object, place: str) -> str:
        text = super().__call__(value, place)
        if keyword := find_keyword(text):
            problem = f"{keyword} separates prompts and cannot be inside a region"
            refuse(place, problem, "remove it or write it in lower case")
        if find_keyword(text, (AND,)):
            refuse(place, f"{AND} is not supported inside a region", "write 'and' or a comma")
        return text

    def refused_pattern(self) -> str:
        """Finds the keywords and ``AND``, too."""
        return f"{super().refused_pattern()}|{keyword_pattern(*KEYWORDS, AND).pattern}"


class BasePrompt(Text):
    """A text without keywords but for BREAK: before ADDBASE it can only be the WebUI's own chunk break."""

    def __call__(self, value: object, place: str) -> str:
        text = super().__call__(value, place)
        if keyword := find_keyword(text, ADDING):
            problem = f"{keyword} separates prompts and cannot be inside one"
            refuse(place, problem, "remove it or write it in lower case")
        return text

    def refused_pattern(self) -> str:
        """Finds these keywords, too."""
        return f"{super().refused_pattern()}|{keyword_pattern(*ADDING).pattern}"


class Feather(Number):
    """A share of the canvas' shorter side, at most ``most``."""

    def __call__(self, value: object, place: str) -> float:
        number = check_share(value, place)
        if number > self.most:
            refuse(place, f"{number:g} is more than {self.most:g}", "give a smaller share of the side")
        return number


@dataclass(frozen=True)
class Version:
    """The version of the document; ``newest`` is the only one there is."""

    newest: int

    def __call__(self, value: object, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            refuse(place, f"{show(value)} is not a whole number", f"give {self.newest}")
        if value > self.newest:
            problem = f"the plan has version {show(value)}, and the newest supported version is {self.newest}"
            refuse(place, problem, "update sd-webui-rpg")
        if value < self.newest:
            refuse(place, f"there is no version {show(value)}", f"give {self.newest}")
        return value

    def schema(self) -> Schema:
        """The one version."""
        return {"const": self.newest}


@dataclass(frozen=True)
class BoxOnCanvas:
    """A `Box` of four numbers that is not empty and does not leave the canvas."""

    def __call__(self, value: object, place: str) -> Box:
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

    def schema(self) -> Schema:
        """Four numbers; that the box ends on the canvas is more than a schema can say."""
        start = {"type": "number", "minimum": 0, "maximum": 1}
        size = {"type": "number", "exclusiveMinimum": 0, "maximum": 1 + _BOX_TOLERANCE}
        return {"type": "array", "prefixItems": [start, start, size, size], "minItems": 4, "maxItems": 4}


@dataclass(frozen=True)
class Mask:
    """A PNG file in base64 of at most ``limit`` characters, also as a data URL; kept without white space, or empty."""

    limit: int

    def __call__(self, value: object, place: str) -> str:
        if not isinstance(value, str) or len(value) > self.limit:  # what is base64 needs no look at its characters
            value = check_text(value, place, self.limit)
        text = "".join(value.strip().removeprefix(_DATA_URL).split())
        if not text:
            return ""
        try:
            content = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            refuse(place, "is not base64", "give a PNG file in base64, white where the region is")
        if not content.startswith(SIGNATURE):
            refuse(place, "is not a PNG file", "give one in base64, white where the region is")
        return text

    def schema(self) -> Schema:
        """The letters of base64, behind a data URL's head or without; whether they are a picture it cannot say."""
        pattern = rf"^(\s*{_DATA_URL})?[A-Za-z0-9+/=\s]*$"
        return {"type": "string", "maxLength": self.limit, "pattern": pattern, "contentEncoding": "base64"}


@dataclass(frozen=True)
class Units:
    """Numbers of ControlNet units, from 0 and below ``limit``, each once."""

    limit: int

    def __call__(self, value: object, place: str) -> tuple[int, ...]:
        units = check_items(value, place, object, self.limit)
        for index, unit in enumerate(units):
            check_whole(unit, f"{place}[{index}]", 0, self.limit - 1)
            if unit in units[:index]:
                refuse(f"{place}[{index}]", f"{unit} appears twice", "name each ControlNet unit once")
        return units

    def schema(self) -> Schema:
        """Whole numbers, each once."""
        unit = Number(0, self.limit - 1, whole=True).schema()
        return {"type": "array", "items": unit, "maxItems": self.limit, "uniqueItems": True}


@dataclass(frozen=True)
class PictureOrHash:
    """A picture file in base64 of at most ``limit`` characters, also as a data URL, or a picture's hash."""

    limit: int

    def __call__(self, value: object, place: str) -> str:
        if not isinstance(value, str) or len(value) > self.limit:
            value = check_text(value, place, self.limit)
        text = "".join(_PICTURE_URL.sub("", value.strip()).split())
        if not text:
            refuse(place, "is empty", "give a picture file in base64, or the hash of a picture")
        if is_hash(text):
            return text
        try:
            base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            refuse(place, "is neither base64 nor a hash", "give a picture file in base64, or the hash of a picture")
        return text

    def schema(self) -> Schema:
        """The letters of base64 or of a hash, behind a data URL's head or without."""
        return {
            "type": "string",
            "maxLength": self.limit,
            "pattern": r"^(\s*data:image/[a-z]+;base64,)?[A-Za-z0-9+/=\s]+$",
        }


def is_hash(text: str) -> bool:
    """Whether a text is the hash of a picture, and not its file."""
    return _HASH.fullmatch(text) is not None
