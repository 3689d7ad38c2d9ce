"""The option type: the kinds of values, what an option sets, and how a value from outside is read."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from lib_rpg.checks import at, check_finite, kind_of, show
from lib_rpg.errors import RpgError
from lib_rpg.full_width import narrow
from lib_rpg.plan import GUESS, Plan, Region
from lib_rpg.webui.number_lists import Numbers, annotated, items_of, number_of

Choices = Mapping[str, Any]
"""Values by their labels on the page."""


AXIS_LABEL = "[RPG] "
"""Begins the label of each of our axes in the WebUI's list."""


class Kind(Enum):
    """The values that an option takes in the API's argument; the order is that of the API's list of keys."""

    FLAG = "flag"
    """True or false."""
    PLAN = "plan"
    """A plan's document, which `Plan.from_dict` reads."""
    REPAINT = "repaint"
    """What `lib_rpg.repainting.request.Repaint` says of a repainting."""
    TEXT = "text"
    NUMBERS = "numbers"
    """A number for each region: a list, a text of numbers with commas, one of `Option.words`, or blank for none.

    A number may be a percent ("30%"), a word, or blank (null in a list) for the region's default.
    """
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
    """One option. Every option is a key of the API's argument; ``section`` and `axis_label` name its other faces."""

    name: str
    kind: Kind
    sets: Part
    default: Any = ""
    """What the panel shows while nothing is set. A blank choice means the default from Settings."""
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
    """What its X/Y/Z axis is called, or empty for none."""
    axis_cost: float = 0.0
    """What a change of its value costs in a plot, from 0 to 1 (another checkpoint); the costliest axis changes last."""

    def values(self) -> Choices:
        """The choices, listed now where they depend on files."""
        return self.choices() if callable(self.choices) else self.choices

    def read(self, value: Any) -> Any:
        """A value from outside as one of this option's. Raises RpgError where it is of another kind."""
        reader = _READERS.get(self.kind)
        return reader(self, value) if reader else value

    def numbers_for(self, given: Sequence[Any] | str, regions: Sequence[Region]) -> tuple[Sequence[Any], list[str]]:
        """The value for each region of what `read` gave, and notes on what was mended for that.

        Raises RpgError for another number of them.
        """
        if isinstance(given, str):
            return [self._number_for(given, regions)] * len(regions), []
        notes, advice = [], "give one for each"
        if isinstance(given, Numbers):
            notes = [f"{self.name}: {note}" for note in given.notes]
            points = given.as_points
            if len(given) != len(regions) == len(points):
                as_points = f"{show(given.written)} is read as {show(given.points)}"
                if given.is_likely:
                    return points, [f"{GUESS}{self.name}: {as_points}, as the numbers then fit the regions"]
                advice += f"; a decimal has a point, such as {show(given.points)}"
            given = given.fitting(len(regions))
        if len(given) != len(regions):
            raise RpgError(f"RPG: {self.name} has {len(given)} numbers for {len(regions)} regions: {advice}")
        return [self._number_for(item, regions) if isinstance(item, str) else item for item in given], notes

    def _number_for(self, word: str, regions: Sequence[Region]) -> Any:
        """What a word gives to a region; the default for a blank one."""
        return self.words[word](regions) if word else self.region_default

    def stays(self, value: Any) -> bool:
        """Whether that value outlives a new plan."""
        if self.kind is Kind.NUMBERS:
            return self.outlives_plan and isinstance(value, str) and value in self.words
        return self.outlives_plan

    def for_script(self) -> dict[str, Any]:
        """What the panel's script knows of it: an RpgOption, see javascript/rpg_draft.js."""
        known = {"kind": self.kind.value, "default": self.default, "isPlanField": self.is_shown_plan_field}
        known |= {
            "shapesPlan": self.sets in (Part.TEXT_FORM, Part.PLAN, Part.REGIONS),
            "outlivesPlan": self.outlives_plan,
        }
        if self.region_field:
            known |= {"regionField": self.region_field, "regionDefault": self.region_default}
        if self.choices and not callable(self.choices):
            known |= {"choices": dict(self.choices)}
        return known

    @property
    def axis_label(self) -> str:
        """The label of its X/Y/Z axis, empty for none."""
        return self.axis and f"{AXIS_LABEL}{self.axis}"

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
        raise RpgError(f"RPG: {option.name} must be a text, not {kind_of(value)}")
    return value


def _read_number(option: Option, value: Any) -> float:
    with at("RPG"):
        if isinstance(value, bool) or not isinstance(value, int | float):
            low, high = option.bounds
            raise RpgError(f"{option.name} must be a number from {low:g} to {high:g}, not {show(value)}")
        return check_finite(value, option.name)


def _read_numbers(option: Option, value: Any) -> list[Any] | str:
    """The numbers, and words among them, one of the option's words, or an empty text. A blank is the default."""
    text = value if isinstance(value, str) else ""
    if isinstance(value, str):
        word = narrow(value).strip().lower()
        if word in ("", *option.words):
            return word
        value = items_of(narrow(value))
    try:
        if not isinstance(value, list | tuple):
            raise TypeError(value)
        numbers = [_number_of_region(option, item) for item in value]
    except (TypeError, ValueError, OverflowError):
        words = "".join(f"{word!r} or " for word in option.words)
        raise RpgError(
            f"RPG: {option.name} must be {words}one number for each region such as {option.example!r}, "
            f"not {show(text or json.dumps(value, ensure_ascii=False, default=kind_of))}"
        ) from None
    return annotated(numbers, text) if text else numbers


def _number_of_region(option: Option, item: Any) -> Any:
    word = narrow(item).strip().lower() if isinstance(item, str) else ""
    if word in option.words:
        return word
    if item is None or (isinstance(item, str) and not word):
        return option.region_default
    return number_of(item)


_READERS: Mapping[Kind, Callable[[Option, Any], Any]] = {
    Kind.FLAG: _read_flag,
    Kind.TEXT: _read_text,
    Kind.NUMBER: _read_number,
    Kind.NUMBERS: _read_numbers,
}
_PLAN_FIELDS = frozenset(item.name for item in dataclasses.fields(Plan))
