"""One model in memory: plans that ask for it share it and take turns, and another one waits until it is gone."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner.llm.chat import CancelledPlanError, Hooks
from lib_rpg.planner.llm.local import chat as local
from lib_rpg.planner.llm.local.chat import LocalChat
from lib_rpg.planner.llm.local.model import MOST_WAITING, LocalModels
from tests.planner.llm.local.test_chat import ASKED, config, never_ends, tiny  # noqa: F401


class Model:
    """A model that knows how many of its kind are in memory."""

    alive: ClassVar[weakref.WeakSet[Model]] = weakref.WeakSet()
    loads = 0
    most = 0

    def __init__(self) -> None:
        Model.alive.add(self)
        Model.loads += 1
        Model.most = max(Model.most, len(Model.alive))


@pytest.fixture(autouse=True)
def none_yet() -> None:
    gc.collect()
    Model.alive, Model.loads, Model.most = weakref.WeakSet(), 0, 0


def run(models: LocalModels, name: str, user: object, work: Callable[[Any], Any], stop: threading.Event) -> Any:
    return models.run(
        name, user, stop, load=Model, work=work, on_wait=lambda _: None, describe=lambda error: f"described {error}"
    )


def all_at_once(*jobs: Callable[[], None]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)


def test_eight_plans_load_one_copy_and_take_turns() -> None:
    models = LocalModels()
    working, most = [0], [0]

    def work(_: Model) -> None:
        working[0] += 1
        most[0] = max(most[0], working[0])
        time.sleep(0.02)
        working[0] -= 1

    def job() -> None:
        user = object()
        for _ in range(2):
            run(models, "a", user, work, threading.Event())
        time.sleep(0.3)
        models.close(user)

    all_at_once(*[job] * 8)
    assert (Model.loads, Model.most, most[0]) == (1, 1, 1)
    gc.collect()
    assert not Model.alive


def test_different_models_are_never_in_memory_together() -> None:
    models = LocalModels()
    done: list[str] = []

    def job(name: str) -> None:
        user = object()
        for _ in range(2):
            run(models, name, user, lambda _: time.sleep(0.02), threading.Event())
        done.append(name)
        models.close(user)

    all_at_once(*[lambda name=name: job(name) for name in "abcabcab"])
    assert sorted(done) == sorted("abcabcab") and Model.most == 1
    gc.collect()
    assert not Model.alive


def test_a_share_that_nobody_gives_up_keeps_no_other_model_out() -> None:
    models = LocalModels()
    first, second = object(), object()
    run(models, "a", first, lambda _: None, threading.Event())
    run(models, "b", second, lambda _: None, threading.Event())
    assert models.loaded_for(first) is None and isinstance(models.loaded_for(second), Model)
    models.close(first)
    assert models.loaded_for(second) is not None and (Model.loads, Model.most) == (2, 1)


def test_who_waits_can_stop_and_too_many_are_refused() -> None:
    models = LocalModels()
    go_on, stop = threading.Event(), threading.Event()
    refused: list[str] = []

    def wait() -> None:
        try:
            run(models, "a", object(), lambda _: None, stop)
        except RpgError as error:
            refused.append(str(error))

    busy = threading.Thread(target=lambda: run(models, "a", object(), lambda _: go_on.wait(10), threading.Event()))
    busy.start()
    threads = [threading.Thread(target=wait) for _ in range(MOST_WAITING + 3)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    assert refused == [f"{MOST_WAITING} plans already wait for a local model; plan again later"] * 3
    stop.set()
    for thread in threads:
        thread.join(5)
    assert refused[3:] == ["the request was stopped; try again"] * MOST_WAITING
    go_on.set()
    busy.join(5)


def test_a_failure_gives_the_memory_back_and_the_next_loads_anew() -> None:
    models = LocalModels()
    one, two = object(), object()
    run(models, "a", two, lambda _: None, threading.Event())

    def fail(_: Model) -> None:
        raise RuntimeError("out of memory")

    with pytest.raises(RpgError, match="described out of memory"):
        run(models, "a", one, fail, threading.Event())
    gc.collect()
    assert not Model.alive
    run(models, "a", two, lambda _: None, threading.Event())
    assert (Model.loads, Model.most) == (2, 1)


def test_closing_while_it_works_unloads_as_soon_as_that_is_done() -> None:
    models = LocalModels()
    user, go_on, begun = object(), threading.Event(), threading.Event()

    def work(_: Model) -> None:
        begun.set()
        go_on.wait(10)

    thread = threading.Thread(target=lambda: run(models, "a", user, work, threading.Event()))
    thread.start()
    assert begun.wait(5)
    start = time.monotonic()
    models.close(user)
    assert time.monotonic() - start < 1.5 and len(Model.alive) == 1
    go_on.set()
    thread.join(5)
    gc.collect()
    assert not Model.alive


# Real ones


def count_loads(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    loads: list[Any] = []
    load = local._load

    def counted(*given: Any) -> Any:
        loaded = load(*given)
        loads.append(weakref.ref(loaded.model))
        return loaded

    monkeypatch.setattr(local, "_load", counted)
    return loads


def test_eight_chats_load_a_real_model_once(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    loads = count_loads(monkeypatch)
    answers: list[str] = []

    def job() -> None:
        chat = LocalChat(config(tiny, max_tokens=20))
        answers.append(chat.ask(ASKED, Hooks()).text)
        time.sleep(0.5)
        chat.close()

    all_at_once(*[job] * 8)
    assert len(answers) == 8 and len(set(answers)) == 1 and len(loads) == 1
    gc.collect()
    assert loads[0]() is None


def test_a_chat_that_waits_is_informed_and_ends_at_its_own_timeout(tiny: Path, tmp_path: Path) -> None:  # noqa: F811
    endless = LocalChat(config(never_ends(tiny, tmp_path / "endless"), max_tokens=3900, timeout=30))
    let_go = threading.Event()
    began = threading.Event()

    def hold() -> None:
        with pytest.raises(CancelledPlanError):
            endless.ask(ASKED, Hooks(on_text=lambda _: began.set(), cancelled=let_go.is_set))
        endless.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert began.wait(20)
    said: list[str] = []
    start = time.monotonic()
    with pytest.raises(
        RpgError, match=r"tiny was not loaded within 0\.5 seconds, because other plans used local models; plan again"
    ):
        LocalChat(config(tiny, timeout=0.5)).ask(ASKED, Hooks(on_status=said.append))
    cancelled = LocalChat(config(tiny, timeout=20))
    with pytest.raises(CancelledPlanError):
        cancelled.ask(ASKED, Hooks(cancelled=lambda: time.monotonic() - start > 1.2))
    assert time.monotonic() - start < 4 and said == ["waiting for 1 other plan of local models"]
    let_go.set()
    thread.join(10)
