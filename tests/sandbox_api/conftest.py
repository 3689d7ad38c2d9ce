"""A live sandbox with the probe extension, one for all tests here."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox import REPO_DIR as REPO  # noqa: F401 - also puts the sandbox's modules on the path
from tests import processes

PROBE = Path(__file__).parent / "probe_extension"
SMALL = {"prompt": "a red circle", "steps": 2, "width": 64, "height": 64, "seed": 7, "sampler_name": "Euler"}


@contextlib.contextmanager
def running(*arguments: str) -> Iterator[httpx.Client]:
    """A client of ``python -m sandbox`` with the probe extension and these arguments."""
    port = processes.free_port()
    with tempfile.NamedTemporaryFile(prefix="rpg-sandbox-", suffix=".log") as file:
        log = Path(file.name)
        arguments = ("--port", str(port), "--extension", str(PROBE), *arguments)
        program = processes.start_module("sandbox", arguments, {"OMP_NUM_THREADS": "1"}, log)
        with (
            processes.served(program, port, log, f"The sandbox is at http://127.0.0.1:{port}/"),
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False) as client,
        ):
            yield client


@pytest.fixture(scope="session")
def sandbox() -> Iterator[httpx.Client]:
    with running() as client:
        yield client
