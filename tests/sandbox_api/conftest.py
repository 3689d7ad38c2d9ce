"""A live sandbox with the probe extension, one for all tests here."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox import REPO_DIR as REPO  # also puts the sandbox's modules on the path

PROBE = Path(__file__).parent / "probe_extension"
SMALL = {"prompt": "a red circle", "steps": 2, "width": 64, "height": 64, "seed": 7, "sampler_name": "Euler"}


@contextlib.contextmanager
def running(*arguments: str) -> Iterator[httpx.Client]:
    """A client of ``python -m sandbox`` with the probe extension, at the address that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--extension", str(PROBE), *arguments],
        cwd=REPO,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            address = re.match(r"The sandbox is at (\S+)", line)
            if address:
                break
        else:
            raise RuntimeError("the sandbox ended:\n" + "".join(said))
        threading.Thread(target=process.stdout.read, daemon=True).start()
        with httpx.Client(base_url=address[1], timeout=120, trust_env=False) as client:
            yield client
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[httpx.Client]:
    with running() as client:
        yield client
