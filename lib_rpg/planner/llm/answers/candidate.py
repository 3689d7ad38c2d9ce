"""A part of an answer that may be a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lib_rpg.plan import Plan


@dataclass(frozen=True)
class Candidate:
    """Where a part begins (in characters, from 0), and how to read it; ``read`` raises RpgError if it is no plan."""

    start: int
    read: Callable[[], Plan]
