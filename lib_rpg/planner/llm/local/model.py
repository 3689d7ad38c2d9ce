"""The one model that is in this process's memory at a time, shared by its users in turn."""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable, Hashable
from typing import Any

from lib_rpg.errors import RpgError

MOST_WAITING = 32
_POLL = 0.05
_GRACE = 1.0  # seconds that a model stays for who shares it and is not asking, while others wait
_CLOSING = 0.5  # seconds that a cancelled answer may take to end


class LocalModels:
    """Owns the loaded model. Users of the same one share it and take turns; another is loaded when all have closed,
    or have left it idle for a moment.

    A user is named by any object; ``name`` is equal for the same path and settings.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._line: list[tuple[Hashable, object]] = []
        self._users: set[object] = set()
        self._name: Hashable = None
        self._loaded: Any = None
        self._is_busy = False
        self._idle_since = 0.0

    def run(
        self,
        name: Hashable,
        user: object,
        stop: threading.Event,
        *,
        load: Callable[[], Any],
        work: Callable[[Any], Any],
        on_wait: Callable[[int], None],
        describe: Callable[[Exception], str],
    ) -> Any:
        """What ``work`` makes with the model, after a wait for the turn; ``on_wait`` hears how many go before.

        Raises RpgError where ``stop`` is set before the turn has come, too many wait, or loading or working fails:
        then ``describe`` gives the sentence, and unless that is an RpgError, the model is given up.
        """
        self._take(name, user, stop, on_wait)
        result, problem, is_broken = None, "", True
        try:
            if self._loaded is None:
                self._loaded = load()
            result = work(self._loaded)
            is_broken = False
        except RpgError as error:
            problem, is_broken = str(error), False
        except Exception as error:
            problem = describe(error)
        finally:
            # Behind the handlers, where the error is gone: its traceback holds the tensors that did not fit.
            self._end_turn(is_broken)
        if problem:
            raise RpgError(problem)
        return result

    def close(self, user: object) -> None:
        """Say that a user needs the model no more; the last one's closing unloads it, or the end of the work at hand
        does, for which this waits a moment. May be called twice."""
        with self._changed:
            self._users.discard(user)
            if not self._users and not self._is_busy:
                self._unload()
            self._changed.notify_all()
            if not self._users:
                self._changed.wait_for(lambda: self._loaded is None or bool(self._users), _CLOSING)

    def loaded_for(self, user: object) -> Any:
        """The loaded model, if the user shares it, else None."""
        with self._changed:
            return self._loaded if user in self._users else None

    def _take(self, name: Hashable, user: object, stop: threading.Event, on_wait: Callable[[int], None]) -> None:
        ticket = (name, user)
        with self._changed:
            if len(self._line) >= MOST_WAITING:
                raise RpgError(f"{len(self._line)} plans already wait for a local model; plan again later")
            self._line.append(ticket)
            try:
                while not self._is_turn_of(ticket):
                    on_wait(self._line.index(ticket) + max(1, len(self._users - {user})))
                    self._changed.wait(_POLL)
                    if stop.is_set():
                        raise RpgError("the request was stopped; try again")
                if stop.is_set():
                    raise RpgError("the request was stopped; try again")
                if name != self._name:
                    self._users.clear()
                    self._unload()
                self._is_busy, self._name = True, name
                self._users.add(user)
            finally:
                self._line.remove(ticket)
                self._changed.notify_all()

    def _is_turn_of(self, ticket: tuple[Hashable, object]) -> bool:
        if self._is_busy:
            return False
        # Who shares the model goes before who is new, because the latter may wait for the former to close.
        sharing = [one for one in self._line if one[1] in self._users]
        if sharing:
            return sharing[0] == ticket
        is_free = not self._users or time.monotonic() - self._idle_since > _GRACE
        return self._line[0] == ticket and (is_free or self._name == ticket[0])

    def _end_turn(self, is_broken: bool) -> None:
        with self._changed:
            self._is_busy = False
            self._idle_since = time.monotonic()
            if is_broken or not self._users:
                self._loaded = None
                _free_memory()
            self._changed.notify_all()

    def _unload(self) -> None:
        if self._loaded is None:
            return
        self._loaded = None
        _free_memory()


def _free_memory() -> None:
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


LOCAL_MODELS = LocalModels()
"""This process's."""
