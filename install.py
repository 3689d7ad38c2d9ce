"""Run by the WebUI at its start: brings the ``openai`` package where it is missing, and changes nothing that is there.

Without it all but the planners that talk to a server works, so that no failure here may stop the WebUI, or keep it
waiting: pip has some seconds, and after a failure a day passes before the next try (``RPG_INSTALL=1`` tries at once).
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lib_rpg.checks import read_json
from lib_rpg.errors import RpgError
from lib_rpg.files import escaped, read_text, write_private
from lib_rpg.folders import cache_folder

WANTED = "openai>=1.40,<3"
_NEEDED = frozenset({"openai", "distro", "jiter"})
MAY_COME = _NEEDED | {"sniffio"}
"""What may be installed; the last one comes with older versions of anyio, so that a new one may leave it missing."""
_LOWEST, _TOO_HIGH = (1, 40), (3,)
_MAX_SECONDS = 25.0
_CONNECT_SECONDS = 5
_DAY = 24 * 3600.0
_MAX_RECORD = 10_000
_BY_HAND = f'"{sys.executable}" -m pip install "{WANTED}"'
# What pip takes as a version; a package with any other is left out of the constraints.
_VERSION = re.compile(r"([0-9]+!)?[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?(\.post[0-9]+)?(\.dev[0-9]+)?(\+[a-z0-9.]+)?\Z")

Run = Callable[[Sequence[str]], tuple[int, str, str]]
"""Runs a command; gives its exit status, output and errors."""


class InstallError(Exception):
    """Why nothing was installed."""


def installed_versions() -> dict[str, str]:
    """Every installed package by its normal name, and its version."""
    importlib.invalidate_caches()
    versions: dict[str, str] = {}
    for distribution in importlib.metadata.distributions():
        name = distribution.metadata["Name"]
        if name:
            # The first that the path leads to is the one that is imported.
            versions.setdefault(normal(name), distribution.version or "")
    return versions


def normal(name: str) -> str:
    """A package's name as the index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def foreign(installed: Mapping[str, str]) -> str:
    """The version of ``openai`` that is there and that planning with a server cannot use; empty if there is none."""
    version = installed.get("openai")
    if version is None:
        return ""
    numbers = tuple(int(part) for part in re.findall(r"[0-9]+", version)[:2])
    return "" if _LOWEST <= numbers < _TOO_HIGH else version or "of an unknown version"


def is_needed(installed: Mapping[str, str]) -> bool:
    """Whether the ``openai`` package or what comes with it is missing, and no other version of it is there."""
    return not foreign(installed) and not installed.keys() >= _NEEDED


def install(installed: Mapping[str, str], run: Run) -> str:
    """Install what is missing, and return it as one line. Raises InstallError.

    pip first reports what it would do with every package held at its version. Only if it would install nothing but
    `MAY_COME`, these versions are installed.
    """
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    pip += ["--retries", "0", "--timeout", str(_CONNECT_SECONDS)]
    index = ["--index-url", url] if (url := os.environ.get("INDEX_URL")) else []
    how = ["--quiet", "--only-binary", ":all:", *index]
    with tempfile.TemporaryDirectory() as folder:
        constraints, report = Path(folder) / "constraints.txt", Path(folder) / "report.json"
        held = [f"{name}=={version}" for name, version in installed.items() if _VERSION.match(version)]
        constraints.write_text("\n".join(held))
        would = ["--dry-run", "--report", str(report), "--constraint", str(constraints)]
        _checked(run, [*pip, "install", *would, *how, WANTED])
        chosen = _chosen(report)
    surplus = sorted(name for name in chosen if name not in MAY_COME or name in installed)
    if surplus:
        raise InstallError(f"it would install or change {', '.join(surplus)}")
    exact = [f"{name}=={version}" for name, version in sorted(chosen.items())]
    if exact:
        _checked(run, [*pip, "install", "--no-deps", *how, *exact])
    return ", ".join(exact).replace("==", " ")


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The packages that are not as they were, but for those of `MAY_COME` that are new."""
    names = (before.keys() | after.keys()) - (MAY_COME - before.keys())
    return sorted(name for name in names if before.get(name) != after.get(name))


def without_passwords(text: str) -> str:
    """The text with no more of an address than scheme, host and path; the index's own password is nowhere in it."""

    def bare(found: re.Match[str]) -> str:
        return found[1] + found[2].rpartition("@")[2].partition("?")[0]

    text = re.sub(r"(\w+://)(\S+)", bare, text)
    for name in ("INDEX_URL", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        for url in os.environ.get(name, "").split():
            user = url.partition("://")[2].rpartition("@")[0]
            for secret in (user, user.partition(":")[2]):
                for form in (secret, urllib.parse.unquote(secret)):
                    text = text.replace(form, "…") if form else text
    return text


def _chosen(report: Path) -> dict[str, str]:
    try:
        entries = json.loads(report.read_text(encoding="utf-8"))["install"]
        return {normal(entry["metadata"]["name"]): entry["metadata"]["version"] for entry in entries}
    except (OSError, ValueError, KeyError, TypeError):
        raise InstallError("pip gave no report; it is too old") from None


def _checked(run: Run, command: Sequence[str]) -> None:
    status, _, errors = run(command)
    if status:
        lines = [line.strip() for line in errors.splitlines() if line.strip()]
        shown = [line for line in lines if line.startswith("ERROR")] or lines
        reason = shown[-1] if shown else f"pip ended with {status}"
        raise InstallError(escaped(without_passwords(reason))[:300])


def within(seconds: float) -> Run:
    """Runs commands that have so many seconds together."""
    end = time.monotonic() + seconds
    return lambda command: _run(command, end - time.monotonic())


def _run(command: Sequence[str], seconds: float = _MAX_SECONDS) -> tuple[int, str, str]:
    pipe = subprocess.PIPE
    try:
        # A session of its own, so that what pip starts ends with it.
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=pipe,
            stderr=pipe,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return 1, "", f"ERROR: pip could not run ({type(error).__name__})"
    try:
        output, errors = process.communicate(timeout=max(seconds, 0.0))
    except subprocess.TimeoutExpired:
        return 1, "", f"ERROR: it took more than {_MAX_SECONDS:g} seconds"
    finally:
        if process.poll() is None:
            _kill(process)
    return process.returncode, output, errors


def _kill(process: subprocess.Popen[str]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()


class Memory:
    """The last failure, in ``file``; None remembers nothing. ``clock`` gives seconds since 1970."""

    def __init__(self, file: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._clock = clock

    def failure(self, installed: Mapping[str, str]) -> str:
        """Why it failed within the last day, with the same packages, Python and index; empty if it did not."""
        if self._file is None:
            return ""
        try:
            record = read_json(read_text(self._file, _MAX_RECORD, "the record"))
            when, why = float(record["when"]), str(record["why"])
            same = record["with"] == _circumstances(installed) and abs(self._clock() - when) < _DAY
        except (RpgError, KeyError, TypeError, ValueError, OverflowError):
            return ""
        return escaped(why)[:300] if same else ""

    def keep(self, installed: Mapping[str, str], why: str) -> None:
        """Remember a failure, if that can be."""
        if self._file is None:
            return
        record = {"when": self._clock(), "why": why, "with": _circumstances(installed)}
        with contextlib.suppress(RpgError):
            write_private(self._file, json.dumps(record), "the record")


def _circumstances(installed: Mapping[str, str]) -> dict[str, str]:
    there = {name: installed[name] for name in sorted(MAY_COME & installed.keys())}
    return {**there, "python": sys.prefix, "index": without_passwords(os.environ.get("INDEX_URL", ""))}


def own_memory() -> Memory:
    """The memory in the user's cache folder; none where that is unknown, or ``RPG_INSTALL`` asks for a try."""
    folder = cache_folder()
    return Memory(folder / "install.json" if folder and os.environ.get("RPG_INSTALL") != "1" else None)


def main(
    run: Run | None = None, versions: Callable[[], dict[str, str]] = installed_versions, memory: Memory | None = None
) -> str:
    """Install if needed; the line to print, empty if there was nothing to do."""
    before: dict[str, str] = {}
    memory = memory or Memory()
    try:
        before = versions()
        if version := foreign(before):
            return (
                f"sd-webui-rpg: openai {escaped(version)} is installed and is not changed; planning with a server "
                f"needs {WANTED}, everything else works; to change it (this may break what installed it): {_BY_HAND}"
            )
        if not is_needed(before):
            return ""
        if why := memory.failure(before):
            return _not_installed(f"{why}; it is tried again within a day, or at once with RPG_INSTALL=1")
        added = install(before, run or within(_MAX_SECONDS))
        touched = changed(before, versions())
        if touched:
            also = ", ".join(touched)
            return f"sd-webui-rpg: installed {added}, and pip changed {also} too; check your other extensions"
        return f"sd-webui-rpg: installed {added}, for planning with a language model's server"
    except Exception as error:
        reason = str(error) if isinstance(error, InstallError) else type(error).__name__
        memory.keep(before, reason)
        return _not_installed(reason)


def _not_installed(reason: str) -> str:
    return (
        f"sd-webui-rpg: the openai package was not installed ({reason}); the offline planner works without it, "
        f"but planning with a server needs: {_BY_HAND}"
    )


if __name__ == "__main__":
    if line := main(memory=own_memory()):
        print(line)  # noqa: T201
