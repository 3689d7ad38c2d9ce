"""Stored plans: examples that work without any provider, one JSON file each in this folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lib_rpg.checks import at, check_keys, check_text, check_whole, read_json, show
from lib_rpg.errors import RpgError
from lib_rpg.files import read_text
from lib_rpg.plan import MAX_LABEL, Plan
from lib_rpg.planner.request import MAX_SIDE

STORED = Path(__file__).parent
MAX_FILE = 1_000_000


@dataclass(frozen=True)
class Example:
    """A plan with a title, and the canvas in pixels that it is meant for."""

    title: str
    width: int
    height: int
    plan: Plan

    def to_dict(self) -> dict[str, Any]:
        """The example as plain values."""
        return {"title": self.title, "width": self.width, "height": self.height, "plan": self.plan.to_dict()}


def read_example(path: Path) -> Example:
    """Read one stored plan. Raises RpgError with the file and the place of a fault."""
    with at(path.name):
        document = read_json(read_text(path, MAX_FILE, "the file"))
        document = check_keys(document, "", ("title", "width", "height", "plan"))
        return Example(
            check_text(document.get("title"), "title", MAX_LABEL, needed=True),
            check_whole(document.get("width"), "width", 64, MAX_SIDE),
            check_whole(document.get("height"), "height", 64, MAX_SIDE),
            Plan.from_dict(document.get("plan", {})),
        )


@lru_cache(maxsize=1)
def gallery() -> tuple[Example, ...]:
    """All stored plans, by title."""
    return tuple(sorted(map(read_example, STORED.glob("*.json")), key=lambda example: example.title))


def find_example(title: str) -> Example:
    """The stored plan of that title, in any case. Raises RpgError if there is none."""
    for example in gallery():
        if example.title.casefold() == title.strip().casefold():
            return example
    raise RpgError(f"gallery: there is no example {show(title)}; they are {', '.join(e.title for e in gallery())}")
