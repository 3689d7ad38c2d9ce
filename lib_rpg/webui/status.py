"""What the last regional generation did, for `GET /rpg/status`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Status:
    """``last`` is the preflight line of the newest regional sampling, empty before the first."""

    last: str = ""
