"""How long planning takes, in processor time; ``python -m tests.planner.offline.typed --times`` prints it.

Every prompt of the lists is planned once in a round, and there are several rounds, so that a busy moment of the
machine does not fall on one prompt. A prompt's time is the median of its rounds.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence

from lib_rpg.keywords import ADDING, find_keyword
from lib_rpg.planner import PlanRequest, plan
from tests.planner.offline.truth import truths
from tests.planner.plan_digests import prompts

MAX_WORDS = 300
ROUNDS = 7


def report(work: str, hidden: Sequence[str]) -> Iterator[str]:
    """A line for each list and one for all: median, slowest and the slowest prompt, which is not shown of `hidden`."""
    lists = _lists(work, hidden)
    secret = {prompt for name in hidden for prompt in lists[name]}
    every = list(dict.fromkeys(prompt for of_one in lists.values() for prompt in of_one))
    times = milliseconds(every)
    for name, of_one in [*lists.items(), ("all", every)]:
        slowest = max(of_one, key=times.__getitem__)
        shown = "" if slowest in secret else f"  {slowest[:60]!r}"
        middle = statistics.median(times[prompt] for prompt in of_one)
        told = f"median {middle:6.2f} ms, slowest {times[slowest]:6.2f} ms of {len(of_one):>4} prompts"
        yield f"{name:26}{told}{shown}"


def milliseconds(planned: Sequence[str], rounds: int = ROUNDS) -> dict[str, float]:
    """The processor time that each prompt's plan takes."""
    found: dict[str, list[float]] = {prompt: [] for prompt in planned}
    for _ in range(rounds):
        for prompt in planned:
            found[prompt].append(_once(prompt))
    return {prompt: statistics.median(times) for prompt, times in found.items()}


def _once(prompt: str) -> float:
    gc.disable()  # its looks through all that is imported are not planning
    try:
        start = time.process_time_ns()
        plan(PlanRequest(prompt, 1024, 1024))
        return (time.process_time_ns() - start) / 1e6
    finally:
        gc.enable()


def _lists(work: str, hidden: Sequence[str]) -> dict[str, list[str]]:
    """The prompts of up to 300 words of all lists, and long ones that are made of the work list's."""
    lists: dict[str, list[str]] = {}
    for name, prompt in prompts():
        lists.setdefault(name, []).append(prompt)
    for name in (work, *hidden):
        lists[name] = [truth["prompt"] for truth in truths(name)]
    lists[f"{work}, joined"] = list(joined(lists[work]))
    return {name: [prompt for prompt in of_one if len(prompt.split()) <= MAX_WORDS] for name, of_one in lists.items()}


def joined(short: Iterable[str], most: int = MAX_WORDS) -> Iterator[str]:
    """Prompts of nearly `most` words, each made of several."""
    parts: list[str] = []
    for prompt in (one for one in short if not find_keyword(one, ADDING)):
        if len(" ".join([*parts, prompt]).split()) > most:
            yield ". ".join(parts)
            parts = []
        parts.append(prompt)
