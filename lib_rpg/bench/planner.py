"""Measures how many of LMD's 400 prompts a planner plans as they ask: negation, numeracy, attribution, spatial.

A prompt is right if the plan meets LMD's own rule for it. The table also shows what planning costs: requests, tokens,
repairs and time for each plan.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import re
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from lib_rpg.bench.lmd_cache import read_lmd_cache
from lib_rpg.bench.lmd_prompts import TASKS, Question, met, questions
from lib_rpg.checks import read_json, show
from lib_rpg.cli_options import add_model_options, config_of
from lib_rpg.errors import RpgError
from lib_rpg.planner import METHODS, Planned, PlanRequest, check_planner, plan_and_count

Item = TypeVar("Item")
SIDE = 512
MAX_PARALLEL = 256
_COSTS = ("requests", "prompt_tokens", "completion_tokens", "repairs")


@dataclass(frozen=True)
class Contender:
    """What is measured: a planner's name, its model ("" for none), and the function that plans with it.

    The function is called from several threads at once; an RpgError from it is a plan that failed.
    """

    planner: str
    model: str
    make: Callable[[PlanRequest], Planned]


@dataclass(frozen=True)
class Outcome:
    """One prompt as it went; `error` is why there is no plan, else empty. As JSON it is a line of the resume file."""

    planner: str
    method: str
    model: str
    task: str
    prompt: str
    repeat: int
    right: bool
    ms: float
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    repairs: int = 0
    error: str = ""

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """What makes it the same prompt of the same run."""
        return self.planner, self.method, self.model, self.prompt, self.repeat


def chosen(tasks: Sequence[str], limit: int | None) -> list[Question]:
    """The questions of these tasks; with a limit so many, spread evenly over the tasks and within each."""
    everything = questions()
    found: list[Question] = []
    for index, task in enumerate(tasks):
        mine = [question for question in everything if question.task == task]
        share = len(mine) if limit is None else min(limit // len(tasks) + (index < limit % len(tasks)), len(mine))
        found += [mine[k * len(mine) // share] for k in range(share)]
    return found


def ask(contender: Contender, method: str, question: Question) -> Outcome:
    """Plan one prompt and judge the plan."""
    start = time.perf_counter()
    planned, error = None, ""
    try:
        planned = contender.make(PlanRequest(question.prompt, SIDE, SIDE, method=method))
    except RpgError as refusal:
        error = " ".join(str(refusal).split())
    ms = (time.perf_counter() - start) * 1000
    outcome = Outcome(
        contender.planner,
        method,
        contender.model,
        question.task,
        question.prompt,
        question.repeat,
        right=planned is not None and met(question, planned.plan),
        ms=round(ms, 3),
        error=error,
    )
    if planned is None:
        return outcome
    # Not every provider counts tokens.
    costs: dict[str, Any] = {name: getattr(planned, name) or 0 for name in _COSTS}
    return dataclasses.replace(outcome, **costs)


def measure(
    contender: Contender, method: str, wanted: Sequence[Question], parallel: int = 1, resume: Path | None = None
) -> Iterator[Outcome]:
    """Plan every prompt, `parallel` at once, in the order in which they end; those of the resume file come first.

    Each new outcome is in the file before it is given out, so that a run may be cut off at any time. A prompt whose
    planning failed is planned again. Raises RpgError for a file that is no resume file.
    """
    done = {outcome.key: outcome for outcome in read_outcomes(resume)} if resume else {}
    pending = []
    for question in wanted:
        key = (contender.planner, method, contender.model, question.prompt, question.repeat)
        if key in done and not done[key].error:
            yield done[key]
        else:
            pending.append(question)
    pool = ThreadPoolExecutor(parallel)
    try:
        for future in as_completed([pool.submit(ask, contender, method, question) for question in pending]):
            outcome = future.result()
            if resume:
                _append(resume, outcome)
            yield outcome
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def read_outcomes(path: Path) -> list[Outcome]:
    """The outcomes in a resume file, none if there is no file; a last line that was cut off is left out."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(_outcome(read_json(line, "line")))
        except RpgError as error:
            if number == len(lines):
                break
            raise RpgError(f"--resume: line {number} of {path}: {error}") from None
    return found


def _outcome(document: Any) -> Outcome:
    names = {field.name for field in dataclasses.fields(Outcome)}
    if not isinstance(document, dict) or set(document) != names:
        raise RpgError(f"{show(document)} is not an outcome of this benchmark; give another file")
    return Outcome(**document)


def _append(path: Path, outcome: Outcome) -> None:
    line = json.dumps(dataclasses.asdict(outcome), ensure_ascii=False)
    with path.open("a+b") as file:
        size = file.seek(0, 2)
        if size:
            file.seek(size - 1)
            if file.read(1) != b"\n":
                # A line that was cut off goes, or it would spoil the next.
                file.seek(0)
                file.truncate(file.read().rfind(b"\n") + 1)
        file.write(line.encode() + b"\n")


def rows(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """For each task, and for all: prompts, right ones and their share, failed ones; costs are means for each plan."""
    table = []
    for task in (*TASKS, "all"):
        mine = [outcome for outcome in outcomes if task in (outcome.task, "all")]
        if not mine:
            continue
        right = sum(outcome.right for outcome in mine)
        row: dict[str, Any] = {"planner": mine[0].planner, "model": mine[0].model, "method": mine[0].method}
        row |= {"task": task, "prompts": len(mine), "right": right, "share": right / len(mine)}
        row["failed"] = sum(bool(outcome.error) for outcome in mine)
        for name in _COSTS:
            row[name] = statistics.fmean(getattr(outcome, name) for outcome in mine)
        row["median_ms"] = statistics.median(outcome.ms for outcome in mine)
        row["max_ms"] = max(outcome.ms for outcome in mine)
        table.append(row)
    return table


def contender(options: argparse.Namespace) -> Contender:
    """What the command line asks to measure. This is the one place that knows how a planner is called."""
    if options.lmd_cache:
        return _cached(options.lmd_cache)
    check_planner(options.planner)
    configs = [config_of(options)]
    if options.server:
        configs = [dataclasses.replace(configs[0], base_url=url) for url in options.server]
    turns = _Turns(configs)

    def make(request: PlanRequest) -> Planned:
        return plan_and_count(request, options.planner, config=turns.take())

    return Contender(options.planner, "" if options.planner == "offline" else options.model or options.provider, make)


def _cached(path: Path) -> Contender:
    """One of LMD's published caches: its answers of a prompt are taken in their order, as LMD takes them."""
    plans = {prompt: _Turns(answers) for prompt, answers in read_lmd_cache(path).items()}

    def make(request: PlanRequest) -> Planned:
        if request.prompt not in plans:
            raise RpgError(f"--lmd-cache: {path.name} has no answer for {show(request.prompt)}")
        return Planned(plans[request.prompt].take())

    return Contender("lmd-cache", path.stem, make)


class _Turns(Generic[Item]):
    """Items that threads take in turn, from the beginning again after the last."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = itertools.cycle(items)
        self._lock = threading.Lock()

    def take(self) -> Item:
        with self._lock:
            return next(self._items)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command `python -m lib_rpg bench planner`; returns the exit code 0, raises RpgError."""
    options = _options(arguments)
    wanted = chosen(options.tasks, options.limit)
    outcomes = []
    for outcome in measure(contender(options), options.method, wanted, options.parallel, options.resume):
        outcomes.append(outcome)
        if not options.json and not outcome.right:
            print(f"wrong: {outcome.prompt}{f' ({outcome.error})' if outcome.error else ''}", flush=True)
    table = rows(outcomes)
    if options.json:
        print(json.dumps({"rows": table}))
        return 0
    print(" ".join(filter(None, ["planner", table[0]["planner"], table[0]["model"], "method", options.method])))
    print(f"{'task':12}{'prompts':>8}{'right':>7}{'share':>8}{'failed':>8}", end="")
    print(f"{'requests':>10}{'sent':>9}{'received':>10}{'repairs':>9}{'median ms':>11}{'max ms':>10}")
    for row in table:
        print(f"{row['task']:12}{row['prompts']:>8}{row['right']:>7}{row['share']:>8.1%}{row['failed']:>8}", end="")
        print(f"{row['requests']:>10.2f}{row['prompt_tokens']:>9.0f}{row['completion_tokens']:>10.0f}", end="")
        print(f"{row['repairs']:>9.2f}{row['median_ms']:>11.1f}{row['max_ms']:>10.1f}")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m lib_rpg bench planner", description=re.split(r"\n\n", __doc__ or "")[0]
    )
    parser.add_argument("--planner", default="offline", help="default %(default)s")
    parser.add_argument("--method", default="rpg", choices=METHODS, help="default %(default)s")
    parser.add_argument("--tasks", default=",".join(TASKS), metavar="TASK,…", help=f"of {', '.join(TASKS)}")
    parser.add_argument("--limit", type=int, help="number of prompts, spread evenly over the tasks (default: all)")
    parser.add_argument("--parallel", type=int, default=1, metavar="N", help="prompts at once (default %(default)s)")
    parser.add_argument(
        "--resume", type=Path, metavar="FILE", help="save outcomes in this file, and skip those that it already has"
    )
    parser.add_argument(
        "--server", action="append", metavar="URL", help="a base URL; give several to share the prompts"
    )
    parser.add_argument("--lmd-cache", type=Path, metavar="FILE", help="score a published cache file of LMD instead")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    add_model_options(parser)
    options = parser.parse_args(arguments)
    options.tasks = _tasks(options.tasks)
    if options.limit is not None and options.limit < len(options.tasks):
        raise RpgError(f"--limit: {options.limit} prompts are too few; give at least one for each of the tasks")
    if not 1 <= options.parallel <= MAX_PARALLEL:
        raise RpgError(f"--parallel: {options.parallel} is out of range; give 1 to {MAX_PARALLEL}")
    return options


def _tasks(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    for name in names:
        if name not in TASKS:
            raise RpgError(f"--tasks: {show(name)} is not known; use some of {', '.join(TASKS)}")
    return names
