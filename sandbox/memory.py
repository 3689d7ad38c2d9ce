"""The main memory of this process, as Linux counts it."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

_PROCESS = Path("/proc/self")


def held() -> int:
    """Bytes that are resident now."""
    return os.sysconf("SC_PAGE_SIZE") * int((_PROCESS / "statm").read_text().split()[1])


class Peak:
    """The most memory that the process took since `begin`, beyond what it held then."""

    def __init__(self) -> None:
        self._before: int | None = None

    def begin(self) -> None:
        """Measure from now on. What is free and still resident is given back first, or it would hide what is taken."""
        try:
            ctypes.CDLL(None).malloc_trim(0)
            (_PROCESS / "clear_refs").write_text("5")  # resets VmHWM, see proc(5)
            self._before = held()
        except (OSError, AttributeError):  # not Linux, or another C library
            self._before = None

    def taken(self) -> int | None:
        """Bytes; None where it was never begun, and where the system does not count it."""
        if self._before is None:
            return None
        status = dict(line.split(":", 1) for line in (_PROCESS / "status").read_text().splitlines())
        return max(0, 1024 * int(status["VmHWM"].split()[0]) - self._before)
