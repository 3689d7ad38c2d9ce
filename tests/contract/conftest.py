"""Which host the suite talks to: the WebUI that was asked for (tests/webui_folder.py), else the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from tests import webui_folder
from tests.contract import features
from tests.contract import host as hosts
from tests.contract.client import Client, Drawn, plan_of
from tests.contract.model_server import ModelServer


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--table", type=Path, help="write what was asserted of each row, and the result, to this file")
    parser.addoption("--features", type=Path, help="add to this file how many tests of each module passed on the host")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What ``--table`` and ``--features`` ask for."""
    outcomes = ("passed", "failed", "error", "skipped")
    reports = [(report, outcome) for outcome in outcomes for report in terminalreporter.stats.get(outcome, [])]
    if (path := config.getoption("--features", default=None)) is not None:
        root = webui_folder.asked(config)
        host = root.name if root else "sandbox"
        # The location is a path from the root of the project, or from where the test is, by how pytest was called.
        features.add_run(path, host, [(Path(report.location[0]).stem, outcome) for report, outcome in reports])
    if (path := config.getoption("--table", default=None)) is not None:
        _write_table(path, reports)


def _write_table(path: Path, reports: Sequence[tuple[Any, str]]) -> None:
    """A line for each row of the parametrised tests, or for a test without rows."""
    lines: dict[str, list[tuple[str, str]]] = {}
    for report, outcome in reports:
        _, _, name = report.nodeid.rpartition("::")
        test, _, row = name.partition("[")
        asserted = test.removeprefix("test_").replace("_", " ")
        lines.setdefault(row.rstrip("]") or asserted, []).append((asserted, outcome))
    table = ["| row | asserted | result |", "|---|---|---|"]
    for row, results in lines.items():
        outcomes = {outcome for _, outcome in results}
        told = "; ".join(dict.fromkeys(asserted for asserted, _ in results))
        table.append(f"| {row} | {told} | {', '.join(sorted(outcomes))} |")
    path.write_text("\n".join(table) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def booted(request: pytest.FixtureRequest) -> Iterator[tuple[Client, dict[str, Drawn]]]:
    """A host and what it draws before the extension is ever used in it."""
    with hosts.start(webui_folder.asked(request.config)) as client:
        fresh = {sampler: client.plain(sampler_name=sampler) for sampler in ("Euler", "DPM++ 2M")}
        yield client, fresh


@pytest.fixture(scope="module")
def offered(booted: tuple[Client, Any]) -> set[str]:
    """Titles of the host's scripts, in lower case, and names of its settings."""
    host = booted[0]
    names = {entry["name"].lower() for entry in host.json("GET", "/sdapi/v1/script-info")}
    names |= set(host.json("GET", "/sdapi/v1/options"))
    return names - {"token_merging_ratio"} if host.name == "sandbox" else names  # a setting there without effect


@pytest.fixture
def host(booted: tuple[Client, dict[str, Drawn]]) -> Client:
    return booted[0]


@pytest.fixture
def fresh(booted: tuple[Client, dict[str, Drawn]]) -> dict[str, Drawn]:
    """Plain pictures of `BASE` by sampler, drawn before the extension's first use."""
    return booted[1]


@pytest.fixture(scope="session")
def plan() -> dict:
    """Two regions side by side, each unlike the base prompt."""
    return plan_of("a red circle, navy background", "a green square, navy background")


@pytest.fixture(scope="session")
def model_server() -> Iterator[ModelServer]:
    server = ModelServer()
    yield server
    server.close()


@pytest.fixture
def model(model_server: ModelServer) -> ModelServer:
    """A server that speaks the chat API; it answers with no plan until the test says otherwise."""
    model_server.forget()
    return model_server


@pytest.fixture
def started(request: pytest.FixtureRequest, model: ModelServer, tmp_path: Path) -> Callable[..., Any]:
    """Starts a host of the test's own with these `Doors`; its Settings plan with `model`, its key file is empty."""
    root = webui_folder.asked(request.config)
    usual = {
        "rpg_planner": "openai",
        "rpg_provider": "llamacpp",
        "rpg_base_url": model.url,
        "rpg_model": "tiny",
        "rpg_cache": False,
    }

    @contextmanager
    def start(
        *,
        settings: Mapping[str, Any] = MappingProxyType({}),
        environment: Mapping[str, str] = MappingProxyType({}),
        **doors: Any,
    ) -> Iterator[Client]:
        opened = hosts.Doors(
            **doors,
            settings={**usual, **settings},
            environment={"RPG_CONFIG": str(tmp_path / "config"), "RPG_CACHE": str(tmp_path / "cache"), **environment},
            light=True,
        )
        with hosts.start(root, doors=opened) as client:
            yield client

    return start


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Add the host's last lines to the report of a failed test."""
    report = yield
    if report.failed and "booted" in getattr(item, "funcargs", {}):
        report.sections.append(("host", item.funcargs["booted"][0].log_tail(40)))
    return report
