"""How the values of an axis are typed: lists, ranges of numbers, ratios, numbers of regions. All raise RpgError."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator
from typing import Any

from lib_rpg.checks import did_you_mean, show
from lib_rpg.errors import RpgError
from lib_rpg.full_width import narrow
from lib_rpg.layout.ratio import parse_ratio
from lib_rpg.plan import MAX_REGIONS, Plan, Region
from lib_rpg.webui.document import laid_over
from lib_rpg.webui.option_kinds import Choices, Option

MAX_VALUES = 100
"""Values that a range of numbers may have."""
_NUMBER = r"\d+(?:\.\d*)?|\.\d+"
_RANGE = re.compile(
    rf"\s*(?P<first>{_NUMBER})\s*-\s*(?P<last>{_NUMBER})\s*(?:\(\s*\+?(?P<step>{_NUMBER})\s*\)|\[\s*(?P<count>\d+)\s*\])?\s*"
)
_OF_REGION = re.compile(rf"\s*(?P<region>\d+)\s*[:=]\s*(?P<number>{_NUMBER})\s*")
_PROBE = Plan(split_ratio="1", regions=(Region("_"),))


def comma_list(text: str) -> list[str]:
    """The values between commas, those in quotes whole; blank ones are left out."""
    try:
        rows = list(csv.reader(text.splitlines(), skipinitialspace=True))
    except csv.Error as error:
        raise RpgError(f"the values of an axis cannot be read ({error}); write them with commas between them") from None
    return [item.strip() for row in rows for item in row if item.strip()]


def number_list(text: str) -> list[str]:
    """`comma_list` with ranges written out: "0-1 (+0.5)" is 0, 0.5, 1, and "0-1 [3]" is the same."""
    return [number for item in comma_list(narrow(text)) for number in _written_out(item)]


def list_of_regions(text: str) -> list[str]:
    """Numbers of regions with a value each: "1: 0.2, 2: 0.4"."""
    return comma_list(narrow(text))


def ratio_list(text: str) -> list[str]:
    """Split ratios, which have commas of their own: "1,1 | 2,1"; also in quotes with commas between them."""
    text = narrow(text)
    return comma_list(text) if '"' in text else [item.strip() for item in text.split("|") if item.strip()]


def read_choice(choices: Choices, text: str) -> tuple[str, Any]:
    """The label and the value of a choice, by either of them, in any case."""
    wanted = text.strip().casefold()
    for label, value in choices.items():
        if wanted in (label.casefold(), str(value).casefold()):
            return label, value
    raise RpgError(f"{show(text)} is not one of its values; {did_you_mean(text.strip(), tuple(choices))}")


def read_number(option: Option, text: str) -> float:
    """A number for an option of the plan."""
    value = option.read(_number(text))
    laid_over(_PROBE, {option.name: value})
    return value


def read_time(text: str) -> float:
    """A part of the sampling steps, from 0 to 1."""
    value = _number(text)
    if not 0 <= value <= 1:
        raise RpgError(f"{show(text)} is out of range; give a number from 0 to 1")
    return value


def read_ratio(text: str) -> str:
    """A split ratio."""
    parse_ratio(text)
    return text


def read_of_region(text: str) -> tuple[int, float]:
    """The number of a region, from 1, and its base ratio: "2: 0.4"."""
    found = _OF_REGION.fullmatch(text)
    if found is None or not 1 <= int(found["region"]) <= MAX_REGIONS:
        raise RpgError(f"{show(text)} is not the number of a region and its base ratio; write such as '2: 0.4'")
    number = float(found["number"])
    Region("_", base_ratio=number)
    return int(found["region"]), number


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise RpgError(f"{show(text)} is not a number; write such as 0.2, 0.4 or 0-1 [5]") from None
    if not math.isfinite(number):
        raise RpgError(f"{show(text)} is not a finite number; write such as 0.2, 0.4 or 0-1 [5]")
    return number


def _written_out(item: str) -> Iterator[str]:
    """The numbers of a range, or the item itself where it is none, or has more than `MAX_VALUES`."""
    found = _RANGE.fullmatch(item)
    if found is None:
        return iter((item,))
    first, last = float(found["first"]), float(found["last"])
    if found["count"]:
        count = int(found["count"])
        step = (last - first) / (count - 1) if count > 1 else 0.0
    else:
        step = float(found["step"] or 1)
        count = math.floor((last - first) / step + 1.000001) if step > 0 else 0
    if not 1 <= count <= MAX_VALUES:
        return iter((item,))
    return (f"{first + index * step:.6g}" for index in range(count))
