"""Servers that tests start: Python modules in processes of their own, started, waited for and stopped.

Importing torch and gradio takes a sandbox longer than all the rest of its start. So a module is run in a fork of one
process that has imported them, where the system can fork; our own modules it has not imported.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from sandbox import REPO_DIR as REPO  # also says how torch's idle threads wait, and where the host's modules are

HEAVY = ["torch", "gradio", "transformers.models.clip.modeling_clip", "omegaconf"]
"""What hosts import of others."""


class Program(Protocol):
    """A running program, as `subprocess.Popen` has it."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None:
        """Its exit status, None while it runs."""

    def wait(self, timeout: float) -> int:
        """Its exit status; TimeoutExpired after that many seconds."""


class Fork:
    """A Python module run in a fork; its output goes to the file ``log``."""

    def __init__(self, module: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(HEAVY)
        given = (module, list(arguments), {**os.environ, **environment}, str(log))
        self._process = context.Process(target=_run_module, args=given, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("a forked module", timeout)
        return self._process.exitcode


def start_module(module: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Program:
    """``python -m module``, run in the repository with these additions to the environment; its output goes to ``log``.

    It leads a process group of its own. Settings of the interpreter itself (PYTHON…) need an interpreter of its own.
    """
    own = any(name.startswith("PYTHON") for name in environment)
    if not own and "forkserver" in multiprocessing.get_all_start_methods():
        return Fork(module, arguments, environment, log)
    return start_command([sys.executable, "-m", module, *arguments], REPO, environment, log)


def start_command(command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> Program:
    """A command, run as `start_module` runs a module, in that folder."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


@contextlib.contextmanager
def served(start: Callable[[Path], Program], port: int, ready: str = "", seconds: float = 240) -> Iterator[Path]:
    """Start a program with a file for its output, which the block gets; stop it when the block ends.

    The block begins when the program has said ``ready`` and listens at the port of loopback. RuntimeError, with what
    it said, where it ends before that or takes longer than ``seconds``.
    """
    with tempfile.NamedTemporaryFile(prefix="rpg-", suffix=".log") as file:
        log = Path(file.name)
        program = start(log)
        try:
            deadline = time.monotonic() + seconds
            while ready not in text_of(log) or not _listens(port):
                if program.poll() is not None:
                    raise RuntimeError(f"the server ended with {program.poll()}:\n{text_of(log)[-5000:]}")
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the server was not ready after {seconds:g} s:\n{text_of(log)[-5000:]}")
                time.sleep(0.1)
            yield log
        finally:
            stop(program)


def stop(program: Program) -> None:
    """End the program's process group: asked to, and after five seconds by force."""
    for sign, seconds in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        if program.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(seconds)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def text_of(log: Path) -> str:
    """What a program has said so far."""
    return log.read_text(encoding="utf-8", errors="replace")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _run_module(module: str, arguments: list[str], environment: dict[str, str], log: str) -> None:
    """In the fork: what an interpreter of its own would be given, then the module as its program."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    output = os.open(log, os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.close(output)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.chdir(REPO)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
