"""One generation at a time: the lock, and the wrappers that a page's buttons call functions through."""

from __future__ import annotations

import html
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import wraps
from typing import Any

from modules import errors, progress, shared


class FIFOLock:
    """A lock that its waiters get in the order in which they asked."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Event] = deque()

    def acquire(self) -> None:
        """Wait for the lock."""
        with self._mutex:
            if not self._held:
                self._held = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait()

    def release(self) -> None:
        """Hand the lock to whoever has waited longest."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False

    def __enter__(self) -> FIFOLock:
        self.acquire()
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self.release()


queue_lock = FIFOLock()


def wrap_queued_call(func: Callable[..., Any]) -> Callable[..., Any]:
    """``func``, waiting for its turn first."""

    @wraps(func)
    def queued(*args: Any, **kwargs: Any) -> Any:
        with queue_lock:
            return func(*args, **kwargs)

    return queued


def wrap_gradio_call_no_job(
    func: Callable[..., Any], extra_outputs: list[Any] | None = None, add_stats: bool = False
) -> Callable[..., tuple]:
    """``func`` for a button: what it raises becomes a sentence in the last output, which is HTML.

    ``extra_outputs`` are the values of the other outputs then; ``add_stats`` appends the time taken.
    """

    @wraps(func)
    def call(*args: Any, **kwargs: Any) -> tuple:
        start = time.perf_counter()
        try:
            res = list(func(*args, **kwargs))
        except Exception as e:  # anything at all must reach the user
            errors.report("Error completing request", exc_info=True)
            outputs = [None, ""] if extra_outputs is None else extra_outputs
            res = [*outputs, f"<div class='error'>{html.escape(f'{type(e).__name__}: {e}')}</div>"]
        if add_stats:
            minutes, seconds = divmod(time.perf_counter() - start, 60)
            taken = f"{int(minutes)} min. {seconds:.1f} sec." if minutes else f"{seconds:.1f} sec."
            taken = f"<p class='time'>Time taken: <span class='measurement'>{taken}</span></p>"
            res[-1] += f"<div class='performance'>{taken}</div>"
        return tuple(res)

    return call


def wrap_gradio_call(
    func: Callable[..., Any], extra_outputs: list[Any] | None = None, add_stats: bool = False
) -> Callable[..., tuple]:
    """As `wrap_gradio_call_no_job`, and the state is idle again afterwards."""

    @wraps(func)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return func(*args, **kwargs)
        finally:
            shared.state.skipped = False
            shared.state.interrupted = False
            shared.state.stopping_generation = False
            shared.state.job_count = 0
            shared.state.job = ""

    return wrap_gradio_call_no_job(call, extra_outputs, add_stats)


def wrap_gradio_gpu_call(func: Callable[..., Any], extra_outputs: list[Any] | None = None) -> Callable[..., tuple]:
    """As `wrap_gradio_call`, as a task of the queue; a first argument ``task(…)`` is the task's id."""

    @wraps(func)
    def call(*args: Any, **kwargs: Any) -> Any:
        named = bool(args) and isinstance(args[0], str) and args[0].startswith("task(") and args[0].endswith(")")
        id_task = args[0] if named else None
        progress.add_task_to_queue(id_task)
        with queue_lock:
            shared.state.begin(job=id_task)
            progress.start_task(id_task)
            try:
                return func(*args, **kwargs)
            finally:
                progress.finish_task(id_task)
                shared.state.end()

    return wrap_gradio_call(call, extra_outputs, add_stats=True)
