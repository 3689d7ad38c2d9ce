"""The retry policy: how often a request is tried, and the waits between the tries."""

from __future__ import annotations

import datetime
import email.utils
import math

TRIES = 4
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 8.0
_DAY = 86_400.0


def backoff(tries: int, random: float) -> float:
    """Seconds to wait after the ``tries``-th try (from 1): twice as long each time, a random (0…1) part of half of it
    taken off, so that many clients do not come back at once."""
    return min(_FIRST_WAIT * 2 ** (tries - 1), _LONGEST_WAIT) * (1 - random / 2)


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds (≥ 0) that a ``Retry-After`` header asks for: seconds or an HTTP date, ``now`` in seconds since 1970.

    What is more than a day comes back as a little more than one. None if there is no header or it is neither.
    """
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            date = email.utils.parsedate_to_datetime(value)
            if date.tzinfo is None:
                date = date.replace(tzinfo=datetime.timezone.utc)
            seconds = date.timestamp() - now
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return min(max(0.0, seconds), _DAY + 1) if math.isfinite(seconds) else None


def wait_in_words(seconds: float) -> str:
    """A wait in words: "in 30 seconds"."""
    return "in more than a day" if seconds > _DAY else f"in {seconds:.0f} seconds"
