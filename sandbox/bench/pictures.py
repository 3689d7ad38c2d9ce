"""How often a picture is what its prompt asks for: LMD's four tasks, drawn by each method and read back by a detector.

Negation, numeracy, attribution and spatial have 100 prompts each, by default in the words of the shapes model (see
`sandbox.bench.picture_tasks`); `--tasks lmd` has LMD's own, for a WebUI with a model of photographs and `--owl-vit` to
look at them. Every method of `--methods` draws a prompt with the same seed and settings, from the planner's own plan;
the table of methods is `sandbox.bench.picture_methods`. *plain* is the prompt alone, as in LMD's paper: what it
excludes is not put into a negative prompt.

Several servers share the pictures (`--url` for each). With `--out` every finished picture is kept, the same command
goes on after an interruption, and report.html shows all pictures with what was found in them.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lib_rpg.checks import refuse, show
from lib_rpg.cli_options import add_model_options, config_of
from lib_rpg.cli_output import Progress, print_error, print_json, print_text
from lib_rpg.errors import RpgError
from lib_rpg.files import alone_in, write_private
from lib_rpg.plan import Plan
from lib_rpg.planner import PlanRequest, check_planner, plan
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.webui_client import Txt2Img
from sandbox.bench.drawing import add_drawing, sandbox_host
from sandbox.bench.picture_methods import BY_DEFAULT, METHODS, Method, method_of
from sandbox.bench.picture_report import page, rows, table_text
from sandbox.bench.picture_runs import Drawn, Failed, Job, Patience, Prepare, Request, draw_all
from sandbox.bench.picture_scores import OwlVitScorer, Scorer, ShapesScorer
from sandbox.bench.picture_sheet import sheet
from sandbox.bench.picture_store import Result, Store
from sandbox.bench.picture_tasks import PictureTask, digest, picture_tasks, spread

MOST_SIDE = 4096
IN_SHEET = 8
"""Prompts of `--sheet`."""
SECONDS_BETWEEN = 30.0
"""Between two lines of progress where stderr is no terminal."""


class Plans:
    """The planner's plan of each prompt by each of its methods, made once; used by several threads."""

    def __init__(self, planner: str, config: PlannerConfig) -> None:
        self._planner, self._config = planner, config
        self._made: dict[tuple[int, str], Plan] = {}
        self._locks: dict[tuple[int, str], threading.Lock] = {}

    def plan_of(self, task: PictureTask, method: str) -> Plan:
        """Raises RpgError where the planner makes none."""
        key = (task.index, method)
        with self._locks.setdefault(key, threading.Lock()):
            if key not in self._made:
                request = PlanRequest(task.prompt, task.width, task.height, method=method, dialect=task.dialect)
                self._made[key] = plan(request, self._planner, config=self._config)
            return self._made[key]


def request_of(job: Job, method: Method, plans: Plans, options: argparse.Namespace) -> Request:
    """What is sent to the server for one picture. Raises RpgError where there is no valid plan."""
    task = job.task
    planned = method.changed(plans.plan_of(task, method.planner)) if method.planner else None
    body = Txt2Img(
        task.prompt,
        planned,
        task.width,
        task.height,
        seed=seed_of(task, options),
        steps=options.steps,
        cfg_scale=options.cfg_scale,
        sampler=options.sampler,
    ).payload()
    return Request({**body, **method.request}, planned.to_dict() if planned else None)


def seed_of(task: PictureTask, options: argparse.Namespace) -> int:
    """The picture's seed: the same for all methods, and for any `--limit`."""
    return options.seed * 100_000 + task.index


class Watch:
    """How far the run is, on stderr: one line written over again on a terminal, else one now and then."""

    def __init__(self, finished: int, total: int) -> None:
        self._before, self._done, self._total, self._lost = finished, finished, total, 0
        self._shown = Progress(sys.stderr)
        self._is_terminal = sys.stderr is not None and sys.stderr.isatty()
        self._start = time.monotonic()
        self._said = self._start

    def step(self, failed: bool) -> None:
        """One more picture ended."""
        self._done += not failed
        self._lost += failed
        now = time.monotonic()
        is_last = self._done + self._lost == self._total
        if is_last or (not self._is_terminal and now - self._said > SECONDS_BETWEEN):
            self._said = now
            self.say(self.line(now))
        else:
            self._shown.say(self.line(now))

    def say(self, sentence: str) -> None:
        """A line that stays."""
        self._shown.clear()
        print_error(sentence)

    def line(self, now: float) -> str:
        """What is said: finished and failed pictures, and the time left by the pace of this run."""
        ended = self._done + self._lost - self._before
        left = (self._total - self._done - self._lost) * (now - self._start) / max(1, ended)
        hours, seconds = divmod(round(left), 3600)
        failed = f", {self._lost} failed" if self._lost else ""
        return f"{self._done} of {self._total} pictures{failed}, {hours}:{seconds // 60:02}:{seconds % 60:02} left"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command `python -m lib_rpg bench pictures`; returns the exit code 0, raises RpgError."""
    options = _options(arguments)
    methods = {name: method_of(name) for name in options.methods}
    everything = picture_tasks(options.tasks, options.seed, options.size)
    wanted = spread(everything, options.limit)
    if options.limit is not None and not wanted:
        refuse("--limit", f"{options.limit} prompts are too few", "give at least one")
    scorer: Scorer = OwlVitScorer(options.owl_vit) if options.owl_vit else ShapesScorer()
    settings = _settings(options, everything)
    with _folder(options.out) as folder, alone_in(folder, "--out"):
        store = Store(folder)
        store.open(settings, {name: method.to_dict() for name, method in methods.items()})
        results, failed = _run(wanted, methods, scorer, store, options)
        lost = Counter((job.task.task, job.method) for job in failed)
        table = rows(results, lost, options.methods, list(dict.fromkeys(task.task for task in wanted)))
        if failed:
            print_error(f"{len(failed)} pictures failed; run the same command again to draw them")
        if options.json:
            print_json({"rows": table, "settings": settings})
        else:
            print_text(table_text(table))
        if options.out:
            store.write_report(page(wanted, results, options.methods, table, settings))
        if options.sheet:
            _write_sheet(options.sheet, wanted, results, store, options)
    return 0


def _write_sheet(
    path: Path, wanted: Sequence[PictureTask], results: Sequence[Result], store: Store, options: argparse.Namespace
) -> None:
    data = io.BytesIO()
    sheet(spread(wanted, IN_SHEET), results, options.methods, store.picture).save(data, "PNG", optimize=True)
    write_private(path, data.getvalue(), "the sheet")


def _run(
    wanted: Sequence[PictureTask],
    methods: dict[str, Method],
    scorer: Scorer,
    store: Store,
    options: argparse.Namespace,
) -> tuple[list[Result], list[Job]]:
    """The result of every picture, in the order of prompts and methods, and the jobs that failed.

    A run without `--out` does not keep what it drew; one that ends without a server says that the rest is kept.
    """
    jobs = [Job(task, name) for task in wanted for name in methods]
    done = {job: result for job in jobs if (result := store.result(job.method, job.task, scorer))}
    pending = [job for job in jobs if job not in done]
    failed: list[Job] = []
    if pending:
        plans = Plans(options.planner, config_of(options))
        watch = Watch(len(done), len(jobs))

        def prepare(job: Job) -> Request:
            return request_of(job, methods[job.method], plans, options)

        with _servers(options) as urls:
            for ended in _drawn(pending, urls, prepare, watch.say, options):
                if isinstance(ended, Drawn):
                    done[ended.job] = store.keep(ended.job.task, scorer, ended.picture, _measured(ended, options))
                else:
                    failed.append(ended.job)
                    watch.say(f"{ended.job.method}, {show(ended.job.task.prompt)}: {ended.reason}")
                watch.step(isinstance(ended, Failed))
    return [done[job] for job in jobs if job in done], failed


def _drawn(
    pending: Sequence[Job],
    urls: Sequence[str],
    prepare: Prepare,
    say: Callable[[str], None],
    options: argparse.Namespace,
) -> Iterator[Drawn | Failed]:
    patience = Patience(options.retries + 1, options.retry_wait, options.timeout)
    try:
        yield from draw_all(pending, urls, prepare, patience, say)
    except RpgError as error:
        kept = "; what is finished is kept, and the same command goes on with the rest" if options.out else ""
        raise RpgError(f"{error}{kept}") from None


def _measured(drawn: Drawn, options: argparse.Namespace) -> Result:
    """What is known of a picture before it is looked at."""
    job = drawn.job
    return Result(
        method=job.method,
        index=job.task.index,
        task=job.task.task,
        prompt=job.task.prompt,
        seed=seed_of(job.task, options),
        seconds=drawn.seconds,
        peak_mib=drawn.peak_mib,
        scorer="",
        right=None,
        found=(),
        plan=drawn.plan,
    )


@contextlib.contextmanager
def _servers(options: argparse.Namespace) -> Iterator[list[str]]:
    if options.url:
        yield options.url
        return
    with sandbox_host() as url:
        yield [url]


@contextlib.contextmanager
def _folder(out: Path | None) -> Iterator[Path]:
    if out:
        yield out
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _settings(options: argparse.Namespace, everything: Sequence[PictureTask]) -> dict[str, Any]:
    """What two runs must share so that their pictures can stand in one table."""
    names = ("tasks", "seed", "sampler", "steps", "cfg_scale", "planner", "provider", "model", "local")
    return {name: getattr(options, name) for name in names} | {"prompts": digest(everything)}


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m lib_rpg bench pictures",
        description=re.split(r"\n\n", __doc__ or "")[0],
        conflict_handler="resolve",
    )
    parser.add_argument("--tasks", default="shapes", metavar="shapes|lmd|FILE", help="default %(default)s")
    parser.add_argument("--limit", type=int, metavar="N", help="prompts, spread evenly over the tasks (default: all)")
    parser.add_argument(
        "--methods",
        type=lambda text: list(dict.fromkeys(text.split(","))),
        default=list(BY_DEFAULT),
        help=f"of {','.join(METHODS)} (default: up to {list(BY_DEFAULT)[-1]}); + combines",
    )
    parser.add_argument("--size", default="512x512", help="of lmd and of a file, in pixels (default %(default)s)")
    parser.add_argument(
        "--owl-vit", type=Path, metavar="FOLDER", help="look with this OWL-ViT (default: the shapes model's detector)"
    )
    parser.add_argument("--planner", default="offline", help="default %(default)s")
    add_drawing(parser)
    # In the place of the one that takes a single address.
    parser.add_argument(
        "--url", action="append", metavar="URL", help="a running WebUI, once for each (default: starts the sandbox)"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="keep the pictures there, and go on with them")
    parser.add_argument(
        "--sheet", type=Path, metavar="FILE", help=f"write {IN_SHEET} prompts' pictures, a row for each method, as PNG"
    )
    parser.add_argument("--retries", type=int, default=2, help="of a picture by a server (default %(default)s)")
    parser.add_argument("--retry-wait", type=float, default=2.0, metavar="SECONDS", help="default %(default)s")
    parser.add_argument("--timeout", type=float, default=600.0, metavar="SECONDS", help="default %(default)s")
    add_model_options(parser)
    options = parser.parse_args(arguments)
    _check(options)
    return options


def _check(options: argparse.Namespace) -> None:
    match = re.fullmatch(r"([0-9]{1,4})x([0-9]{1,4})", options.size)
    options.size = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(64 <= side <= MOST_SIDE for side in options.size):
        refuse("--size", f"it is not from 64x64 to {MOST_SIDE}x{MOST_SIDE}", "write it as 512x512")
    if not 0 <= options.retries <= 100 or not 0 <= options.retry_wait <= 3600:
        refuse("--retries", "up to 100, at most 3600 seconds apart, are possible", "change it")
    check_planner(options.planner)
    options.url = list(dict.fromkeys(options.url or ()))
    for url in options.url:
        if urlsplit(url).scheme not in ("http", "https"):
            refuse("--url", f"{show(url)} is not an address", "write it as http://127.0.0.1:7860")
