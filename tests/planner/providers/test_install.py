"""install.py: brings the openai package, touches nothing else, and never stops the WebUI."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]
WEBUI = {"httpx": "0.24.1", "pydantic": "1.10.13", "torch": "2.1.2+cu121", "odd": "unknown", "anyio": "3.7.1"}
READY = {**WEBUI, "openai": "1.109.1", "distro": "1.9.0", "jiter": "0.10.0"}


@pytest.fixture(scope="module")
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rpg_install", ROOT / "install.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Pip:
    """A pip that would install ``chosen``; ``versions`` is what is there."""

    def __init__(self, there: dict[str, str], chosen: dict[str, str], errors: Sequence[str] = ("", "")) -> None:
        self.there = dict(there)
        self.chosen = chosen
        self.errors = list(errors)
        self.commands: list[list[str]] = []
        self.held: list[str] = []

    def __call__(self, command: Sequence[str]) -> tuple[int, str, str]:
        self.commands.append(list(command))
        if error := self.errors[len(self.commands) - 1]:
            return 1, "", error
        if "--dry-run" in command:
            self.held = Path(command[command.index("--constraint") + 1]).read_text().splitlines()
            entries = [{"metadata": {"name": name, "version": version}} for name, version in self.chosen.items()]
            Path(command[command.index("--report") + 1]).write_text(json.dumps({"install": entries}))
        else:
            self.there.update(part.split("==") for part in command if "==" in part)
        return 0, "", ""

    def versions(self) -> dict[str, str]:
        return dict(self.there)


NEW = {"openai": "2.54.0", "distro": "1.9.0", "jiter": "0.19.0"}


def test_nothing_to_do_is_done_in_silence(install: ModuleType) -> None:
    pip = Pip(READY, NEW)
    assert install.main(pip, pip.versions) == "" and not pip.commands


@pytest.mark.parametrize(
    ("version", "needed"),
    [("1.40.0", False), ("2.54.0", False), ("1.39.9", True), ("0.28.1", True), ("3.0.0", True), ("3.0.0a1", True)],
)
def test_the_range_of_versions(install: ModuleType, version: str, needed: bool) -> None:
    assert install.is_needed({**READY, "openai": version}) is needed


def test_a_missing_part_is_needed(install: ModuleType) -> None:
    for name in NEW:
        assert install.is_needed({key: value for key, value in READY.items() if key != name})


def test_what_is_there_is_held_and_only_the_chosen_versions_come(install: ModuleType) -> None:
    pip = Pip(WEBUI, NEW)
    line = install.main(pip, pip.versions)
    assert line == (
        "sd-webui-rpg: installed distro 1.9.0, jiter 0.19.0, openai 2.54.0, for planning with a language model's server"
    )
    assert sorted(pip.held) == ["anyio==3.7.1", "httpx==0.24.1", "pydantic==1.10.13", "torch==2.1.2+cu121"]
    dry, real = pip.commands
    assert dry[0] == real[0] == sys.executable and "openai>=1.40,<3" in dry
    assert "--no-deps" in real and real[-3:] == ["distro==1.9.0", "jiter==0.19.0", "openai==2.54.0"]


def test_an_old_openai_is_replaced_but_not_what_stands_by_it(install: ModuleType) -> None:
    pip = Pip({**READY, "openai": "0.28.1"}, {"openai": "1.109.1"})
    assert "installed openai 1.109.1" in install.main(pip, pip.versions)
    assert "openai==0.28.1" not in pip.held and "jiter==0.10.0" in pip.held


@pytest.mark.parametrize(
    "chosen",
    [{**NEW, "httpx": "0.28.0"}, {**NEW, "sniffio": "1.3.1"}],
)
def test_anything_else_in_pips_plan_stops_it(install: ModuleType, chosen: dict[str, str]) -> None:
    pip = Pip(WEBUI, chosen)
    line = install.main(pip, pip.versions)
    surplus = next(iter(chosen.keys() - NEW.keys()))
    assert f"not installed (it would bring or change {surplus})" in line
    assert len(pip.commands) == 1 and pip.there == WEBUI


def test_a_failure_is_one_line_and_shows_no_password(install: ModuleType) -> None:
    trouble = "WARNING: x\nERROR: no network at https://me:hunter2@index.example/simple\n"
    for errors in ([trouble], ["", trouble]):
        pip = Pip(WEBUI, NEW, errors)
        line = install.main(pip, pip.versions)
        assert "the offline planner works without it" in line and "index.example" in line
        assert "hunter2" not in line and "\n" not in line


def test_whatever_breaks_the_webui_goes_on(install: ModuleType) -> None:
    def broken() -> dict[str, str]:
        raise RuntimeError("secret words")

    line = install.main(Pip(WEBUI, NEW), broken)
    assert "RuntimeError" in line and "secret" not in line

    pip = Pip(WEBUI, NEW)
    assert "pip gave no report" in install.main(lambda command: (0, "", ""), pip.versions)


def test_a_change_that_pip_made_all_the_same_is_told(install: ModuleType) -> None:
    pip = Pip(WEBUI, NEW)
    seen = iter([WEBUI, {**WEBUI, **NEW, "httpx": "0.28.0"}])
    assert "pip changed httpx too" in install.main(pip, lambda: dict(next(seen)))


def test_a_command_that_cannot_run(install: ModuleType) -> None:
    assert install._run(["/no/such/program"])[0] == 1
    assert install._run([sys.executable, "-c", "import sys; sys.exit('ERROR: x')"]) == (1, "", "ERROR: x\n")


def test_what_is_installed_here(install: ModuleType) -> None:
    versions = install.installed_versions()
    assert versions["openai"] == importlib.metadata.version("openai")
    assert "typing-extensions" in versions


def test_run_as_the_webui_runs_it_it_says_nothing_where_all_is_there(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, str(ROOT / "install.py")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "" and done.stderr == ""
