"""Every option of a generation, declared once: one row for each, in `OPTIONS`.

From the rows follow the keys of the API's argument and how their values are read (`lib_rpg.webui.document`), the
components of the panel (`lib_rpg.webui.panel.sections`), the defaults of its script (`for_page`), what outlives a new
plan (`Option.stays`), and the axes of an X/Y/Z grid (`AXES`). The infotext holds the plan, whose fields it takes from
`lib_rpg.plan` itself.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from lib_rpg.checks import at, check_finite, show
from lib_rpg.errors import RpgError
from lib_rpg.plan import MAX_FEATHER, Plan, Region
from lib_rpg.planner import PLANNERS
from lib_rpg.planner.llm.prompt import example_sets
from lib_rpg.planner.offline.base_ratio import automatic_base_ratio

Choices = Mapping[str, Any]
"""Values by their labels on the page."""


class Kind(Enum):
    """The values that an option takes in the API's argument; the order is that of the API's list of keys."""

    FLAG = "flag"
    """True or false."""
    PLAN = "plan"
    """A plan's document, which `Plan.from_dict` reads."""
    TEXT = "text"
    NUMBERS = "numbers"
    """A number for each region: a list, a text of numbers with commas, one of `Option.words`, or blank for none."""
    NUMBER = "number"
    """A finite number; whether it is in range is checked by the plan."""
    CHOICE = "choice"
    """One of `Option.choices`; checked by the plan."""


class Part(Enum):
    """What an option sets."""

    RUN = "run"
    """The generation itself."""
    REQUEST = "request"
    """The field of that name of a `PlanRequest`."""
    TEXT_FORM = "text form"
    """A part of the plan's text form."""
    PLAN = "plan"
    """The field of that name of the plan, which its text form does not have."""
    REGIONS = "regions"
    """A field of every region: `Option.region_field`."""


@dataclass(frozen=True)
class Option:
    """One option. Every option is a key of the API's argument; ``section`` and ``axis`` name its other faces."""

    name: str
    kind: Kind
    sets: Part
    default: Any = ""
    """What the panel shows while nothing is set. Blank in a choice stands for what Settings say."""
    label: str = ""
    help: str = ""
    placeholder: str = ""
    choices: Choices | Callable[[], Choices] = field(default_factory=dict)
    bounds: tuple[float, float] = (0, 1)
    slider_end: float | None = None
    """The end of the panel's slider, where it is not that of the bounds."""
    region_field: str = ""
    words: Mapping[str, Callable[[Sequence[Region]], float]] = field(default_factory=dict)
    """Words in place of the numbers, and the one number that each of them gives to all of the regions."""
    example: str = ""
    """Well-formed numbers, for the sentence that refuses others."""
    outlives_plan: bool = False
    """Whether the value stays when another plan is made. Numbers of the regions go with them; `words` stay."""
    section: str = ""
    """The section of the panel that shows it, or empty. ``details`` places its options by itself."""
    axis: str = ""
    """The label of its X/Y/Z axis, or empty."""

    def values(self) -> Choices:
        """The choices, listed now where they depend on files."""
        return self.choices() if callable(self.choices) else self.choices

    def read(self, value: Any) -> Any:
        """A value from outside as one of this option's. Raises RpgError where it is of another kind."""
        reader = _READERS.get(self.kind)
        return reader(self, value) if reader else value

    def stays(self, value: Any) -> bool:
        """Whether that value outlives a new plan."""
        if self.kind is Kind.NUMBERS:
            return self.outlives_plan and isinstance(value, str) and value in self.words
        return self.outlives_plan

    @property
    def is_shown_plan_field(self) -> bool:
        """Whether the panel shows the plan's field of that name as it is."""
        return self.sets in (Part.PLAN, Part.TEXT_FORM) and self.name in _PLAN_FIELDS

    @property
    def region_default(self) -> Any:
        """What a region has where nothing is set."""
        return getattr(Region, self.region_field)


def _read_flag(option: Option, value: Any) -> bool:
    if not isinstance(value, bool):
        raise RpgError(f"RPG: {option.name} must be true or false, not {json.dumps(value, default=str)[:80]}")
    return value


def _read_text(option: Option, value: Any) -> str:
    if not isinstance(value, str):
        raise RpgError(f"RPG: {option.name} must be a text, not {type(value).__name__}")
    return value


def _read_number(option: Option, value: Any) -> float:
    with at("RPG"):
        if isinstance(value, bool) or not isinstance(value, int | float):
            low, high = option.bounds
            raise RpgError(f"{option.name} must be a number from {low:g} to {high:g}, not {show(value)}")
        return check_finite(value, option.name)


def _read_numbers(option: Option, value: Any) -> list[Any] | str:
    """The numbers, one of the option's words, or an empty text. A blank number is the region's default."""
    if isinstance(value, str):
        if value.strip().lower() in ("", *option.words):
            return value.strip().lower()
        value = value.split(",")
    try:
        numbers = [_number_of_region(option, item) for item in value]
    except (TypeError, ValueError, OverflowError):
        words = "".join(f"{word!r} or " for word in option.words)
        raise RpgError(
            f"RPG: {option.name} must be {words}one number for each region such as {option.example!r}, "
            f"not {str(value)[:60]!r}"
        ) from None
    return numbers


def _number_of_region(option: Option, item: Any) -> Any:
    # Where the plan has a number for all regions, each region's own is written out: "0.2, , 0.4" is a slip.
    may_be_blank = option.region_field not in _PLAN_FIELDS
    if may_be_blank and (item is None or (isinstance(item, str) and not item.strip())):
        return option.region_default
    number = float(item)
    if not math.isfinite(number):
        raise ValueError(number)
    return number


_READERS: Mapping[Kind, Callable[[Option, Any], Any]] = {
    Kind.FLAG: _read_flag,
    Kind.TEXT: _read_text,
    Kind.NUMBER: _read_number,
    Kind.NUMBERS: _read_numbers,
}
_PLAN_FIELDS = frozenset(item.name for item in dataclasses.fields(Plan))


def _named(names: Sequence[str]) -> Choices:
    """Choices that are shown by their own names."""
    return {name: name for name in names}


OPTIONS = (
    Option("enabled", Kind.FLAG, Part.RUN, default=True),
    Option("plan", Kind.PLAN, Part.RUN, default=None),
    Option(
        "prompt",
        Kind.TEXT,
        Part.RUN,
        label="Prompt to plan",
        placeholder="Leave empty to plan the prompt of this tab.",
        outlives_plan=True,
        section="prompt",
        axis="Prompt to plan",
    ),
    Option(
        "planner",
        Kind.TEXT,
        Part.RUN,
        label="Planner",
        choices=_named(PLANNERS),
        outlives_plan=True,
        section="planning",
        axis="Planner",
    ),
    Option(
        "method",
        Kind.TEXT,
        Part.REQUEST,
        label="Method",
        choices={"grid": "rpg", "grid and boxes": "rag", "boxes": "lmd"},
        outlives_plan=True,
        section="planning",
        axis="Method",
    ),
    Option(
        "examples",
        Kind.TEXT,
        Part.REQUEST,
        label="Worked examples",
        choices=lambda: _named(example_sets()),
        outlives_plan=True,
        section="planning",
        axis="Worked examples",
    ),
    Option(
        "recaption",
        Kind.FLAG,
        Part.REQUEST,
        label="Words of the regions",
        choices={"richer than mine": True, "my own": False},
        outlives_plan=True,
        section="planning",
        axis="Words of the regions",
    ),
    Option(
        "language",
        Kind.TEXT,
        Part.REQUEST,
        label="Language",
        placeholder="as in Settings",
        outlives_plan=True,
        section="planning",
        axis="Language",
    ),
    Option(
        "regional_prompt",
        Kind.TEXT,
        Part.TEXT_FORM,
        label="Regional prompt",
        help="One part for each cell, row by row, with BREAK between them.",
        placeholder="what is left BREAK\nwhat is right",
        section="regions",
        axis="Regional prompt",
    ),
    Option(
        "split_ratio",
        Kind.TEXT,
        Part.TEXT_FORM,
        default=Plan.split_ratio,
        label="Split ratio",
        help="1,1 is two columns; 1,1,1;2,1 is two cells above a taller one: height first in each row.",
        placeholder="1,1",
        section="regions",
        axis="Split ratio",
    ),
    Option(
        "base_prompt",
        Kind.TEXT,
        Part.TEXT_FORM,
        default=Plan.base_prompt,
        label="Base prompt",
        help="The whole picture in one sentence; every region is mixed with it.",
        placeholder="Leave empty to use the prompt of this tab.",
        section="picture",
        axis="Base prompt",
    ),
    Option(
        "negative_prompt",
        Kind.TEXT,
        Part.TEXT_FORM,
        default=Plan.negative_prompt,
        label="Negative additions",
        help="Added to the negative prompt of this tab; with BREAK between them, one for each region.",
        placeholder="Nothing to add.",
        section="picture",
        axis="Negative additions",
    ),
    Option(
        "base_ratios",
        Kind.NUMBERS,
        Part.REGIONS,
        label="Base ratio of each region",
        help="Such as 0.2, 0.4, or auto: more where things are of one kind.",
        placeholder="one for all",
        region_field="base_ratio",
        words={"auto": automatic_base_ratio},
        example="0.2, 0.4",
        outlives_plan=True,
        section="details",
        axis="Base ratio of each region",
    ),
    Option(
        "base_ratio",
        Kind.NUMBER,
        Part.PLAN,
        default=Plan.base_ratio,
        label="Base ratio",
        help="How much of the base prompt is in every region: 0 is none, 1 is nothing else.",
        outlives_plan=True,
        section="picture",
        axis="Base ratio",
    ),
    Option(
        "feather",
        Kind.NUMBER,
        Part.PLAN,
        default=Plan.feather,
        label="Feather",
        help="How wide regions fade into each other, as a share of the shorter side.",
        slider_end=MAX_FEATHER,
        outlives_plan=True,
        section="details",
        axis="Feather",
    ),
    Option(
        "rows_first",
        Kind.FLAG,
        Part.TEXT_FORM,
        default=Plan.rows_first,
        label="The ratio tells",
        choices={"rows of cells": False, "columns of cells": True},
        section="details",
        axis="Rows first",
    ),
    Option(
        "hires",
        Kind.CHOICE,
        Part.PLAN,
        default=Plan.hires,
        label="With hires fix, regions act in",
        choices={"both passes": "both", "first only": "first", "hires only": "second"},
        outlives_plan=True,
        section="details",
        axis="Hires fix passes",
    ),
    Option(
        "lora",
        Kind.TEXT,
        Part.PLAN,
        default=Plan.lora,
        label="A LoRA inside a region acts on",
        help="Its words cost nothing and carry what a word means; its place carries a look, too.",
        choices={"its words": "text", "its place": "unet", "whole picture": "shared"},
        outlives_plan=True,
        section="details",
        axis="LoRA in regions",
    ),
)
"""All options; on a page they stand in this order within their section."""

BY_NAME: Mapping[str, Option] = {option.name: option for option in OPTIONS}
KEYS = tuple(option.name for kind in Kind for option in OPTIONS if option.kind is kind)
"""The keys of the API's argument."""
AXES = tuple(option for option in OPTIONS if option.axis)
"""The options that an X/Y/Z grid can vary; label, kind and choices stand in the row."""


@dataclass(frozen=True)
class Defaults:
    """What Settings say where a request does not: the planner, and options of a `PlanRequest`."""

    planner: str = "offline"
    asked: Mapping[str, Any] = field(default_factory=dict)


def of_part(part: Part) -> tuple[Option, ...]:
    """The options that set that part."""
    return tuple(option for option in OPTIONS if option.sets is part)


def names_of(part: Part) -> tuple[str, ...]:
    """The names of the options that set that part."""
    return tuple(option.name for option in of_part(part))


def in_section(section: str) -> tuple[Option, ...]:
    """The options of that section of the panel."""
    return tuple(option for option in OPTIONS if option.section == section)


def for_page() -> dict[str, dict[str, Any]]:
    """What the panel's script knows of the options that it shows, by name (RpgOption in javascript/rpg_draft.js)."""
    return {
        option.name: {
            "kind": option.kind.value,
            "default": option.default,
            "isPlanField": option.is_shown_plan_field,
            **(
                {"regionField": option.region_field, "regionDefault": option.region_default}
                if option.region_field
                else {}
            ),
        }
        for option in OPTIONS
        if option.section
    }
