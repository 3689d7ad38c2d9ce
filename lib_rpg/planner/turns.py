"""Turns: how many plans of a kind run at once in this process, and how many may wait."""

from __future__ import annotations

import threading
import time
from collections import deque

from lib_rpg.errors import RpgError
from lib_rpg.planner.llm.chat import Chat, ChatAnswer, ChatRequest, Hooks

_POLL = 0.05  # seconds between two looks at the hooks


class Turns:
    """At most ``running`` holders at once, first come, first served; at most ``waiting`` wait."""

    def __init__(self, running: int, waiting: int) -> None:
        self._running = running
        self._waiting = waiting
        self._changed = threading.Condition()
        self._holders = 0
        self._line: deque[object] = deque()

    def take(self, hooks: Hooks, timeout: float) -> None:
        """Wait for a turn, which `give_back` ends. ``timeout`` is in seconds.

        Raises RpgError where too many wait already or the time is over, and CancelledPlanError.
        """
        ticket = object()
        with self._changed:
            if len(self._line) >= self._waiting and self._holders >= self._running:
                raise RpgError(
                    f"{self._holders} plans are being made and {len(self._line)} already wait; plan again later"
                )
            self._line.append(ticket)
        try:
            self._wait(ticket, hooks, time.monotonic() + timeout, timeout)
        except BaseException:
            self._leave(ticket)
            raise

    def give_back(self) -> None:
        """End a turn; the next in line has it."""
        with self._changed:
            self._holders -= 1
            self._changed.notify_all()

    def _wait(self, ticket: object, hooks: Hooks, deadline: float, timeout: float) -> None:
        reported = -1
        while True:
            hooks.check()
            with self._changed:
                before = self._line.index(ticket)
                if not before and self._holders < self._running:
                    self._line.popleft()
                    self._holders += 1
                    self._changed.notify_all()
                    return
                before += self._holders
            # The hooks are the caller's, and may take their time or ask for a turn: not under the lock.
            if before != reported:
                reported = before
                hooks.on_status(f"waiting for {before} other {'plan' if before == 1 else 'plans'}")
            if time.monotonic() > deadline:
                raise RpgError(
                    f"{before} other {'plan was' if before == 1 else 'plans were'} still being made after {timeout:g} "
                    "seconds; plan again later, or raise the timeout"
                )
            with self._changed:
                self._changed.wait(_POLL)

    def _leave(self, ticket: object) -> None:
        with self._changed:
            if ticket in self._line:
                self._line.remove(ticket)
                self._changed.notify_all()


class WaitingChat:
    """A `Chat` that takes a turn at its first question, and keeps it until it is closed."""

    def __init__(self, chat: Chat, turns: Turns, timeout: float) -> None:
        self.name = chat.name
        self.model = chat.model
        self._chat = chat
        self._turns = turns
        self._timeout = timeout
        self._has_turn = False

    def ask(self, request: ChatRequest, hooks: Hooks) -> ChatAnswer:
        """As `Chat.ask`; raises RpgError too where too many plans wait."""
        if not self._has_turn:
            self._turns.take(hooks, self._timeout)
            self._has_turn = True
        return self._chat.ask(request, hooks)

    def check_plan(self, plan: str) -> None:
        """As `Chat.check_plan`."""
        self._chat.check_plan(plan)

    def close(self) -> None:
        """As `Chat.close`, and give the turn back."""
        try:
            self._chat.close()
        finally:
            if self._has_turn:
                self._has_turn = False
                self._turns.give_back()


SERVER_TURNS = Turns(running=4, waiting=32)
"""Those of all plans that ask a server."""
