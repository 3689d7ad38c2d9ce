"""A live sandbox with the probe extension, one for all tests here."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial
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
    given = ["--port", str(port), "--extension", str(PROBE), *arguments]
    start = partial(processes.start_module, "sandbox", given, {"OMP_NUM_THREADS": "1"})
    with (
        processes.served(start, port, "The sandbox is at"),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def sandbox() -> Iterator[httpx.Client]:
    with running() as client:
        yield client
