"""Running a request in a thread of its own, so that a server that stalls cannot hold the caller."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.planner.llm.chat import ChatAnswer, Hooks
from lib_rpg.planner.llm.server.reply import Reply

_POLL = 0.05
_CLOSING = 0.5
THREAD = "rpg-planner-request"
"""The name of the threads of requests."""


class Progress:
    """The state of a request: its own thread writes, the caller's reads."""

    def __init__(self) -> None:
        self.status = ""
        self.reply = Reply()


Work = Callable[[Progress], Coroutine[Any, Any, ChatAnswer]]


def run_watched(work: Work, hooks: Hooks, timeout: float, too_late: Callable[[], str]) -> ChatAnswer:
    """Run ``work`` in a thread with an event loop, and call the hooks from the caller's thread meanwhile.

    After ``timeout`` seconds, or when the hooks say so, the work is cancelled, which closes its connection, and
    RpgError(too_late()) or CancelledPlanError is raised. The work's own RpgError is raised again, as a fresh one that
    holds no reference to the request.
    """
    hooks.check()
    deadline = time.monotonic() + timeout
    progress = Progress()
    worker = _Worker(work, progress)
    reporter = _Reporter(hooks, progress)
    worker.start()
    try:
        while not worker.done.wait(_POLL):
            hooks.check()
            reporter.report()
            if time.monotonic() > deadline:
                raise RpgError(too_late())
    finally:
        worker.stop()
    if worker.answer is None:
        raise RpgError(worker.failure)
    reporter.report()
    return worker.answer


class _Reporter:
    """Calls the hooks with what is new."""

    def __init__(self, hooks: Hooks, progress: Progress) -> None:
        self._hooks = hooks
        self._progress = progress
        self._status = ""
        self._text = ""
        self._seen: tuple[Reply | None, int, int] = (None, 0, 0)

    def report(self) -> None:
        reply = self._progress.reply
        status = "the model is thinking" if reply.is_thinking else self._progress.status
        if status and status != self._status:
            self._status = status
            self._hooks.on_status(status)
        seen = (reply, len(reply.pieces), reply.held)
        if seen != self._seen:
            self._seen = seen
            text = reply.shown
            if text != self._text:
                self._text = text
                self._hooks.on_text(text)


class _Worker:
    """The thread; ``answer`` or ``failure`` is set when ``done`` is."""

    def __init__(self, work: Work, progress: Progress) -> None:
        self.done = threading.Event()
        self.answer: ChatAnswer | None = None
        self.failure = "the request was stopped; try again"
        self._work = work
        self._progress = progress
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None
        self._stopped = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name=THREAD, daemon=True).start()

    def stop(self) -> None:
        """Cancel the work if it still runs, and give it a moment to close its connection."""
        self._stopped.set()
        if self.done.is_set():
            return
        if self._loop and self._task:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._task.cancel)
        self.done.wait(_CLOSING)

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except RpgError as error:
            self.failure = str(error)
        except asyncio.CancelledError:
            pass
        except Exception as error:
            # Its words may hold anything, the key included.
            self.failure = f"the request failed with an unexpected {type(error).__name__}; please report it"
        finally:
            self.done.set()

    async def _main(self) -> None:
        self._task = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        if not self._stopped.is_set():
            self.answer = await self._work(self._progress)
