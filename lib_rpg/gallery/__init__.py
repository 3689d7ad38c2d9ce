"""Stored plans: examples that work without any provider, one JSON file each in this folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from lib_rpg.checks import at, check_keys, read_json, refuse, show
from lib_rpg.fields import Number, Text, check_fields, checked, declared
from lib_rpg.files import read_text
from lib_rpg.layout.canvas import MAX_SIDE
from lib_rpg.plan import MAX_LABEL, Plan

STORED = Path(__file__).parent
MAX_FILE = 1_000_000
_SIDE = Number(64, MAX_SIDE, whole=True)


def _plan(value: Any, place: str) -> Plan:  # noqa: ARG001
    return value if isinstance(value, Plan) else Plan.from_dict(value)


@dataclass(frozen=True)
class Example:
    """A plan with a title, and the canvas in pixels that it is meant for. ``plan`` may be given as a document."""

    title: str = field(metadata=checked(Text(MAX_LABEL, needed=True)))
    width: int = field(metadata=checked(_SIDE))
    height: int = field(metadata=checked(_SIDE))
    plan: Plan = field(metadata=checked(_plan))

    def __post_init__(self) -> None:
        check_fields(self)

    def to_dict(self) -> dict[str, Any]:
        """The example as plain values."""
        return {"title": self.title, "width": self.width, "height": self.height, "plan": self.plan.to_dict()}


def read_example(path: Path) -> Example:
    """Read one stored plan. Raises RpgError with the file and the place of a fault."""
    with at(path.name):
        document = read_json(read_text(path, MAX_FILE, "the file"))
        given = check_keys(document, "", list(declared(Example)))
        return Example(**{"title": None, "width": None, "height": None, "plan": {}, **given})


@lru_cache(maxsize=1)
def gallery() -> tuple[Example, ...]:
    """All stored plans, by title."""
    return tuple(sorted(map(read_example, STORED.glob("*.json")), key=lambda example: example.title))


def find_example(title: str) -> Example:
    """The stored plan of that title, in any case. Raises RpgError if there is none."""
    wanted = title.strip().casefold()
    found = [example for example in gallery() if example.title.casefold() == wanted]
    if not found:
        known = ", ".join(example.title for example in gallery())
        refuse("gallery", f"there is no example {show(title)}", f"the examples are {known}")
    return found[0]
