"""So many plans at once, first come first served; who waits can stop, and not too many wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner import turns as turns_module
from lib_rpg.planner.llm.chat import CancelledPlanError, ChatAnswer, ChatRequest, Hooks, Message
from lib_rpg.planner.turns import Turns, WaitingChat
from tests.planner.llm.test_planning import FakeChat

ASKED = ChatRequest((Message("user", "a"),))


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_so_many_run_and_the_others_follow_in_their_order() -> None:
    turns = Turns(running=2, waiting=10)
    lock = threading.Lock()
    order: list[int] = []
    running, most = [0], [0]
    said: list[list[str]] = [[] for _ in range(7)]
    all_are_there = threading.Event()

    def one(number: int) -> None:
        turns.take(Hooks(on_status=said[number].append), 10)
        with lock:
            order.append(number)
            running[0] += 1
            most[0] = max(most[0], running[0])
        all_are_there.wait(5)
        time.sleep(0.02)
        with lock:
            running[0] -= 1
        turns.give_back()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(7)]
    for number, thread in enumerate(threads):
        thread.start()
        until(lambda number=number: number in order or bool(said[number]))
    all_are_there.set()
    for thread in threads:
        thread.join(5)
    assert order == list(range(7)) and most[0] == 2
    assert said[2][0] == "waiting for 2 other plans" and said[6][0] == "waiting for 6 other plans"


def test_who_waits_can_stop_and_leaves_no_gap() -> None:
    turns = Turns(running=1, waiting=10)
    turns.take(Hooks(), 1)
    cancel = threading.Event()
    with pytest.raises(CancelledPlanError):
        threading.Timer(0.2, cancel.set).start()
        turns.take(Hooks(cancelled=cancel.is_set), 10)
    with pytest.raises(RpgError, match=r"1 other plan was still being made after 0\.1 seconds; plan again"):
        turns.take(Hooks(), 0.1)
    turns.give_back()
    turns.take(Hooks(), 1)


def test_too_many_are_refused_at_once() -> None:
    turns = Turns(running=1, waiting=2)
    turns.take(Hooks(), 1)
    stop = threading.Event()
    gone: list[BaseException] = []

    def wait() -> None:
        try:
            turns.take(Hooks(cancelled=stop.is_set), 10)
        except CancelledPlanError as error:
            gone.append(error)

    threads = [threading.Thread(target=wait) for _ in range(2)]
    for thread in threads:
        thread.start()
    until(lambda: len(turns._line) == 2)
    start = time.monotonic()
    with pytest.raises(RpgError, match="1 plans are being made and 2 already wait; plan again later"):
        turns.take(Hooks(), 10)
    assert time.monotonic() - start < 1
    stop.set()
    for thread in threads:
        thread.join(5)
    assert len(gone) == 2 and not turns._line


def test_a_chat_keeps_its_turn_over_two_questions_and_gives_it_back_once() -> None:
    turns = Turns(running=1, waiting=1)
    inner = FakeChat(["a", "b"])
    chat = WaitingChat(inner, turns, 1.0)
    assert [chat.ask(ASKED, Hooks()).text for _ in range(2)] == ["a", "b"] and turns._holders == 1
    chat.close()
    chat.close()
    assert turns._holders == 0 and inner.closed == 2


def test_plans_of_a_server_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    from lib_rpg import planner

    at_once, most, lock = [0], [0], threading.Lock()

    class Slow(FakeChat):
        def ask(self, request: ChatRequest, hooks: Hooks) -> ChatAnswer:
            with lock:
                at_once[0] += 1
                most[0] = max(most[0], at_once[0])
            time.sleep(0.1)
            with lock:
                at_once[0] -= 1
            raise RpgError("no")

    monkeypatch.setattr("lib_rpg.planner.llm.chats.open_chat", lambda config, name: Slow([]))
    config = planner.PlannerConfig(cache=None)

    def one() -> None:
        with pytest.raises(RpgError, match=r"^no$"):
            planner.plan(planner.PlanRequest("a cat"), "openai", config=config)

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most[0] == 4 and turns_module.SERVER_TURNS._holders == 0
