"""Draws the pictures of `bench pictures` with several servers at once, and goes on where some of them fail.

Each server has a thread that draws what it is given; all else happens in the caller's thread. A picture goes to the
next free server. Where a server fails in all its tries, the picture goes to another. A server that no longer answers,
or that failed with `MOST_FAILURES` pictures in a row, gets no more.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import queue
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.webui_client import AUTH_VARIABLE, txt2img_of
from sandbox.bench.picture_tasks import PictureTask

MOST_FAILURES = 3
_SECONDS_TO_ANSWER = 10.0
_MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Job:
    """One picture: a prompt by a method."""

    task: PictureTask
    method: str


@dataclass(frozen=True)
class Request:
    """What is sent for a job: the body of ``POST /sdapi/v1/txt2img``, and the document of the plan in it, if any."""

    body: dict[str, Any]
    plan: dict[str, Any] | None


@dataclass(frozen=True)
class Drawn:
    """A job's picture file, how long it took, and the server's peak of memory in MiB (None: it did not say)."""

    job: Job
    picture: bytes
    plan: dict[str, Any] | None
    seconds: float
    peak_mib: float | None


@dataclass(frozen=True)
class Failed:
    """A job that no server could draw, and why."""

    job: Job
    reason: str


@dataclass(frozen=True)
class Patience:
    """How often a server is tried with one picture, how long before the next time, and how long one may take, in s."""

    tries: int = 3
    wait: float = 2.0
    timeout: float = 600.0


Prepare = Callable[[Job], Request]


@dataclass
class _Order:
    """A job that waits, and the servers that failed with it."""

    job: Job
    failed: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Report:
    """What a server's thread says of an order: the picture, or why there is none, and whose fault that is."""

    url: str
    order: _Order
    drawn: Drawn | None = None
    reason: str = ""
    is_unplanned: bool = False
    is_alive: bool = True
    fault: Exception | None = None


def draw_all(
    jobs: Sequence[Job],
    urls: Sequence[str],
    prepare: Prepare,
    patience: Patience = Patience(),
    on_leaving: Callable[[str], None] = lambda sentence: None,
) -> Iterator[Drawn | Failed]:
    """Draw every job; they come in the order in which they end. ``prepare`` is called in the servers' threads.

    ``on_leaving`` gets a sentence for each server that gets no more. Raises RpgError when none is left.
    """
    reports: queue.SimpleQueue[_Report] = queue.SimpleQueue()
    inboxes = {url: _started(url, reports, prepare, patience) for url in urls}
    try:
        yield from _Dispatch(inboxes, jobs, on_leaving).run(reports)
    finally:
        for inbox in inboxes.values():
            inbox.put(None)


class _Dispatch:
    """Who draws what. All of it is used by one thread."""

    def __init__(
        self,
        inboxes: dict[str, queue.SimpleQueue[_Order | None]],
        jobs: Sequence[Job],
        on_leaving: Callable[[str], None],
    ) -> None:
        self._inboxes = dict(inboxes)
        self._free = list(inboxes)
        self._in_a_row = dict.fromkeys(inboxes, 0)
        self._waiting = [_Order(job) for job in jobs]
        self._drawing = 0
        self._on_leaving = on_leaving
        self._last_reason = ""

    def run(self, reports: queue.SimpleQueue[_Report]) -> Iterator[Drawn | Failed]:
        while True:
            self._hand_out()
            if not self._drawing:
                if self._waiting:
                    raise RpgError(f"no server is left to draw with: {self._last_reason}")
                return
            report = reports.get()
            self._drawing -= 1
            ended = self._take(report)
            # The server draws on while the caller looks at the picture.
            self._hand_out()
            yield from ended
            yield from self._given_up()

    def _hand_out(self) -> None:
        for url in list(self._free):
            order = next((order for order in self._waiting if url not in order.failed), None)
            if order:
                self._waiting.remove(order)
                self._free.remove(url)
                self._inboxes[url].put(order)
                self._drawing += 1

    def _take(self, report: _Report) -> list[Drawn | Failed]:
        url, order = report.url, report.order
        if report.fault:
            raise report.fault
        if report.drawn:
            self._in_a_row[url] = 0
            self._free.append(url)
            return [report.drawn]
        if report.is_unplanned:
            self._free.append(url)
            return [Failed(order.job, report.reason)]
        self._last_reason = report.reason
        self._in_a_row[url] += 1
        order.failed.add(url)
        self._waiting.insert(0, order)
        if report.is_alive and self._in_a_row[url] < MOST_FAILURES:
            self._free.append(url)
        else:
            del self._inboxes[url]
            self._on_leaving(f"{url} is left out: {report.reason}")
        return []

    def _given_up(self) -> list[Drawn | Failed]:
        """The jobs that every server that is left failed with."""
        if not self._inboxes:
            return []
        lost = [order for order in self._waiting if order.failed >= set(self._inboxes)]
        for order in lost:
            self._waiting.remove(order)
        return [Failed(order.job, self._last_reason) for order in lost]


def _started(
    url: str, reports: queue.SimpleQueue[_Report], prepare: Prepare, patience: Patience
) -> queue.SimpleQueue[_Order | None]:
    """Start a server's thread; it draws the orders of the queue, until None. It does not keep the program alive."""
    inbox: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()

    def work() -> None:
        while order := inbox.get():
            try:
                reports.put(_tried(url, order, prepare, patience))
            except Exception as fault:  # a fault of ours must end the run, not leave it waiting for this thread
                reports.put(_Report(url, order, fault=fault))

    threading.Thread(target=work, daemon=True).start()
    return inbox


def _tried(url: str, order: _Order, prepare: Prepare, patience: Patience) -> _Report:
    try:
        request = prepare(order.job)
    except RpgError as error:
        return _Report(url, order, reason=str(error), is_unplanned=True)
    reason = ""
    for number in range(patience.tries):
        if number:
            time.sleep(patience.wait)
        start = time.perf_counter()
        try:
            picture, _ = txt2img_of(url, request.body, patience.timeout)
        except RpgError as error:
            reason = str(error)
            continue
        seconds = time.perf_counter() - start
        _, peak = memory_of(url)
        return _Report(url, order, Drawn(order.job, picture, request.plan, round(seconds, 3), peak))
    is_alive, _ = memory_of(url)
    return _Report(url, order, reason=reason, is_alive=is_alive)


def memory_of(url: str) -> tuple[bool, float | None]:
    """Whether a server answers, and the peak of its memory in MiB by its API, None where it does not say.

    The WebUI's is of CUDA, the highest since it started: to compare methods, draw each with a server of its own. The
    sandbox's is of main memory, what its last picture took beyond what was held before.
    """
    request = urllib.request.Request(f"{url.rstrip('/')}/sdapi/v1/memory")
    if auth := os.environ.get(AUTH_VARIABLE):
        request.add_header("Authorization", f"Basic {base64.b64encode(auth.encode(errors='surrogateescape')).decode()}")
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS_TO_ANSWER) as answer:
            said = json.loads(answer.read(_MEBIBYTE))
            peak = said["cuda"]["allocated"]["peak"] if "allocated" in said["cuda"] else said["ram"]["peak"]
            return True, round(float(peak) / _MEBIBYTE, 1)
    except urllib.error.HTTPError:
        return True, None
    except (OSError, http.client.HTTPException):
        return False, None
    except (ValueError, KeyError, TypeError):
        return True, None
