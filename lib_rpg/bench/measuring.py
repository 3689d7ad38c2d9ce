"""Time and peak memory of a step."""

from __future__ import annotations

import itertools
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile


def timed(step: Callable[[], Tensor], device: str, clock: str) -> float:
    """Seconds that one step takes, to the end of its work on the device.

    ``clock``: "wall", or "cpu" for the process's own time.
    """
    now = time.process_time if clock == "cpu" else time.perf_counter
    _synchronise(device)
    start = now()
    step()
    _synchronise(device)
    return now() - start


def with_peak(step: Callable[[], Tensor], device: str) -> tuple[Tensor, float]:
    """A step's result, and the most memory that its tensors took over what was held before, in MiB."""
    if device.startswith("cuda"):
        torch.cuda.reset_peak_memory_stats(device)
        before = torch.cuda.memory_allocated(device)
        output = step()
        return output, round((torch.cuda.max_memory_allocated(device) - before) / 2**20, 1)
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
        output = step()
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.json"
        profiler.export_chrome_trace(str(trace))
        events = json.loads(trace.read_text())["traceEvents"]
    changes = sorted((event["ts"], event["args"]["Bytes"]) for event in events if event.get("name") == "[memory]")
    held = itertools.accumulate((size for _, size in changes), initial=0)
    return output, round(max(held) / 2**20, 1)


def _synchronise(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
