"""install.py: brings the openai package, touches nothing else, and never stops the WebUI."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
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
    ("version", "foreign"),
    [("1.40.0", False), ("2.54.0", False), ("1.39.9", True), ("0.28.1", True), ("3.0.0", True), ("3.0.0a1", True)],
)
def test_the_range_of_versions(install: ModuleType, version: str, foreign: bool) -> None:
    assert install.foreign({**READY, "openai": version}) == (version if foreign else "")
    assert not install.is_needed({**READY, "openai": version})
    assert not install.foreign(WEBUI) and install.is_needed(WEBUI)


@pytest.mark.parametrize("version", ["0.28.1", "3.57.0", "odd\x1b[31m", ""])
@pytest.mark.parametrize("others", [READY, WEBUI])
def test_a_foreign_version_is_left_alone_and_named(install: ModuleType, version: str, others: dict[str, str]) -> None:
    pip = Pip({**others, "openai": version}, NEW)
    line = install.main(pip, pip.versions)
    assert not pip.commands and line.isprintable()
    assert line.startswith(f"sd-webui-rpg: openai {version[:3] or 'of an unknown version'}")
    assert "is not changed; planning with a server needs openai>=1.40,<3, everything else works" in line
    assert f'"{sys.executable}" -m pip install "openai>=1.40,<3"' in line


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


def test_what_comes_with_openai_is_held_too(install: ModuleType) -> None:
    pip = Pip({**WEBUI, "openai": "1.50.0", "jiter": "0.4.2"}, {"distro": "1.9.0"})
    assert "installed distro 1.9.0" in install.main(pip, pip.versions)
    assert {"openai==1.50.0", "jiter==0.4.2"} <= set(pip.held)


def test_what_a_new_anyio_does_not_bring_comes_too(install: ModuleType) -> None:
    """As on Neo."""
    pip = Pip({**WEBUI, "anyio": "4.16.0"}, {**NEW, "sniffio": "1.3.1"})
    assert "openai 2.54.0, sniffio 1.3.1, for planning" in install.main(pip, pip.versions)


@pytest.mark.parametrize("name", ["jiter", "distro", "sniffio"])
def test_another_version_of_what_is_there_is_not_taken(install: ModuleType, name: str) -> None:
    pip = Pip({**WEBUI, name: "0.1.0"}, {**NEW, name: "0.2.0"})
    assert f"not installed (it would install or change {name})" in install.main(pip, pip.versions)
    assert pip.there == {**WEBUI, name: "0.1.0"}


@pytest.mark.parametrize(
    "chosen",
    [{**NEW, "httpx": "0.28.0"}, {**NEW, "tqdm": "4.67.1"}],
)
def test_anything_else_in_pips_plan_stops_it(install: ModuleType, chosen: dict[str, str]) -> None:
    pip = Pip(WEBUI, chosen)
    line = install.main(pip, pip.versions)
    surplus = next(iter(chosen.keys() - NEW.keys()))
    assert f"not installed (it would install or change {surplus})" in line
    assert len(pip.commands) == 1 and pip.there == WEBUI


def test_a_failure_is_one_line_and_shows_no_password(install: ModuleType) -> None:
    trouble = "WARNING: x\nERROR: no network at https://me:hunter2@index.example/simple\n"
    for errors in ([trouble], ["", trouble]):
        pip = Pip(WEBUI, NEW, errors)
        line = install.main(pip, pip.versions)
        assert "the offline planner works without it" in line and "index.example" in line
        assert "hunter2" not in line and "\n" not in line


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        ("https://me:hunter2@index.example/simple", ["hunter2"]),
        ("https://me:hun%2Fter/2@pass@index.example/s?token=t0ken", ["hun%2Fter/2@pass", "hun/ter/2@pass"]),
        ("https://s3cret@index.example/simple", ["s3cret"]),
    ],
)
def test_no_form_of_the_indexs_password_is_shown_or_kept(
    install: ModuleType, url: str, secrets: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("INDEX_URL", url)
    for words in (
        f"cannot reach {url}",
        f"cannot reach '{url}', stop",
        *(f"login {secret} is bad" for secret in secrets),
    ):
        pip = Pip(WEBUI, NEW, [f"ERROR: {words}"])
        line = install.main(pip, pip.versions, install.Memory(tmp_path / "record"))
        for text in (line, (tmp_path / "record").read_text()):
            assert not [secret for secret in [*secrets, "/2@", "t0ken"] if secret in text]
        (tmp_path / "record").unlink()


def test_a_failure_is_remembered_for_a_day(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = [1e9]
    memory = install.Memory(tmp_path / "new" / "record", lambda: now[0])

    def tries(there: dict[str, str] = WEBUI) -> int:
        pip = Pip(there, NEW, ["ERROR: no network", ""])
        line = install.main(pip, pip.versions, memory)
        assert "not installed (ERROR: no network" in line and line.isprintable()
        assert ("tried again within a day, or at once with RPG_INSTALL=1" in line) == (not pip.commands)
        return len(pip.commands)

    assert [tries(), tries(), tries({**WEBUI, "httpx": "0.25.0"})] == [1, 0, 0]
    assert [tries({**WEBUI, "jiter": "0.4.2"}), tries({**WEBUI, "jiter": "0.4.2"}), tries()] == [1, 0, 1]
    now[0] += 24 * 3600 - 1
    assert tries() == 0
    now[0] += 2
    assert [tries(), tries()] == [1, 0]
    monkeypatch.setenv("INDEX_URL", "https://another.example/simple")
    assert tries() == 1
    now[0] -= 1e6
    assert tries() == 1


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "[" * 200_000, '{"when": 1' + "0" * 400 + ', "why": "x", "with": {}}', '{"when": []}', "\xff"],
)
def test_a_broken_record_is_no_failure(install: ModuleType, text: str, tmp_path: Path) -> None:
    (tmp_path / "record").write_bytes(text.encode("latin-1"))
    assert install.Memory(tmp_path / "record").failure(WEBUI) == ""


def test_where_the_record_is(install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RPG_CACHE", str(tmp_path))
    monkeypatch.delenv("RPG_INSTALL", raising=False)
    install.own_memory().keep(WEBUI, "why")
    assert [path.name for path in tmp_path.iterdir()] == ["install.json"]
    assert install.own_memory().failure(WEBUI) == "why"
    monkeypatch.setenv("RPG_INSTALL", "1")
    assert install.own_memory().failure(WEBUI) == ""


def test_whatever_breaks_the_webui_goes_on(install: ModuleType) -> None:
    def broken() -> dict[str, str]:
        raise RuntimeError("secret words")

    line = install.main(Pip(WEBUI, NEW), broken)
    assert "RuntimeError" in line and "secret" not in line

    pip = Pip(WEBUI, NEW)
    assert "pip gave no report" in install.main(lambda command: (0, "", ""), pip.versions)


def test_a_change_that_pip_made_nevertheless_is_reported(install: ModuleType) -> None:
    pip = Pip(WEBUI, NEW)
    seen = iter([WEBUI, {**WEBUI, **NEW, "httpx": "0.28.0"}])
    assert "pip changed httpx too" in install.main(pip, lambda: dict(next(seen)))


def test_a_command_that_cannot_run(install: ModuleType) -> None:
    assert install._run(["/no/such/program"])[0] == 1
    assert install._run([sys.executable, "-c", "import sys; sys.exit('ERROR: x')"]) == (1, "", "ERROR: x\n")


def is_running(process: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")


@pytest.mark.skipif(os.name != "posix", reason="process groups of POSIX")
def test_a_command_and_what_it_started_end_with_their_time(install: ModuleType, tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "pathlib.Path(sys.argv[1]).write_text(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    run, begun = install.within(2.0), time.monotonic()
    status, _, errors = run([sys.executable, "-c", code, str(tmp_path / "pid")])
    assert status and "it took more than" in errors and 1.5 < time.monotonic() - begun < 8
    child, patience = int((tmp_path / "pid").read_text()), time.monotonic() + 5
    while is_running(child):
        assert time.monotonic() < patience
        time.sleep(0.02)
    assert run([sys.executable, "-c", "pass"])[0]  # the seconds are for all commands together


def test_an_index_that_never_answers_is_not_waited_for_long(install: ModuleType, tmp_path: Path) -> None:
    """The real pip against a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://me:hunter2@127.0.0.1:{silent.getsockname()[1]}/simple"
        environment = {**os.environ, "INDEX_URL": url, "PIP_CONFIG_FILE": os.devnull}
        environment = {name: value for name, value in environment.items() if not name.startswith("PIP_F")}
        code = f"import install\ninstall._CONNECT_SECONDS = 1\nprint(install.main(None, lambda: {WEBUI!r}))"
        begun = time.monotonic()
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert "the openai package was not installed (ERROR: " in done.stdout and done.stdout.count("\n") == 1
    assert "hunter2" not in done.stdout + done.stderr and time.monotonic() - begun < 20


def test_what_is_installed_here(install: ModuleType) -> None:
    versions = install.installed_versions()
    assert versions["openai"] == importlib.metadata.version("openai")
    assert "typing-extensions" in versions


def test_run_as_the_webui_runs_it_it_says_nothing_where_all_is_there(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, str(ROOT / "install.py")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "" and done.stderr == ""
