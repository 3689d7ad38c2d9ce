"""How work grows with its input, as ratios of processor time: a busy machine does not matter."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

_TOO_SHORT = 0.3  # Seconds: what takes less is quick enough, and too short to compare.


def assert_linear(work: Callable[[int], object], length: int, *, tries: int = 3) -> None:
    """Raises an AssertionError where ``work(length)`` takes more than thirty times what an eighth of the length takes.

    Linear work takes eight times as long, quadratic work 64 times; of each, the least of ``tries`` counts. The length
    is worked on again only where that can still change the verdict.
    """
    long = _seconds(work, length)
    if long < _TOO_SHORT:
        return
    short = min(_seconds(work, length // 8) for _ in range(tries))
    for _ in range(tries):
        if long < 30 * short:
            return
        long = min(long, _seconds(work, length))
    assert long < 30 * short, f"size {length} takes {long:.2f} s, an eighth of it {short:.2f} s"


def _seconds(work: Callable[[int], object], length: int) -> float:
    """Without the garbage collector, as `timeit` does: its looks through all that is imported are not the work's."""
    gc.disable()
    try:
        start = time.process_time()
        work(length)
        return time.process_time() - start
    finally:
        gc.enable()
