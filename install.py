"""Run by the WebUI at its start: brings the ``openai`` package, and changes no other package that is there.

Without it all but the planners that talk to a server works, so that no failure here may stop the WebUI.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

WANTED = "openai>=1.40,<3"
MAY_COME = frozenset({"openai", "distro", "jiter"})
_LOWEST, _TOO_HIGH = (1, 40), (3,)
_MAX_SECONDS = 600
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
            versions.setdefault(normal(name), distribution.version)
    return versions


def normal(name: str) -> str:
    """A package's name as the index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_needed(installed: Mapping[str, str]) -> bool:
    """Whether the ``openai`` package or what comes with it is missing, or its version is out of range."""
    if not installed.keys() >= MAY_COME:
        return True
    version = tuple(int(part) for part in re.findall(r"[0-9]+", installed["openai"])[:2])
    return not _LOWEST <= version < _TOO_HIGH


def install(installed: Mapping[str, str], run: Run) -> str:
    """Install what is missing, and tell it in a line. Raises InstallError.

    pip first tells what it would do with every other package held at its version; only if that brings nothing but
    `MAY_COME` are these very versions installed.
    """
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    index = ["--index-url", url] if (url := os.environ.get("INDEX_URL")) else []
    with tempfile.TemporaryDirectory() as folder:
        constraints, report = Path(folder) / "constraints.txt", Path(folder) / "report.json"
        held = [f"{name}=={version}" for name, version in installed.items() if name != "openai"]
        constraints.write_text("\n".join(line for line in held if _VERSION.match(line.partition("==")[2])))
        would = ["install", "--quiet", "--dry-run", "--report", str(report), "--constraint", str(constraints)]
        _checked(run, [*pip, *would, "--prefer-binary", *index, WANTED])
        chosen = _chosen(report)
    surplus = sorted(name for name in chosen if name not in MAY_COME or (name in installed and name != "openai"))
    if surplus:
        raise InstallError(f"it would bring or change {', '.join(surplus)}")
    exact = [f"{name}=={version}" for name, version in sorted(chosen.items())]
    if exact:
        _checked(run, [*pip, "install", "--quiet", "--no-deps", "--prefer-binary", *index, *exact])
    return ", ".join(exact).replace("==", " ")


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The packages, but for `MAY_COME`, that are not as they were."""
    names = (before.keys() | after.keys()) - MAY_COME
    return sorted(name for name in names if before.get(name) != after.get(name))


def _chosen(report: Path) -> dict[str, str]:
    try:
        entries = json.loads(report.read_text(encoding="utf-8"))["install"]
        return {normal(entry["metadata"]["name"]): entry["metadata"]["version"] for entry in entries}
    except (OSError, ValueError, KeyError, TypeError):
        raise InstallError("pip gave no report; it is too old") from None


def _checked(run: Run, command: Sequence[str]) -> None:
    status, _, errors = run(command)
    if status:
        lines = [line.strip() for line in errors.splitlines() if line.strip().startswith("ERROR")]
        # An index's address may hold a password.
        reason = re.sub(r"//[^/@\s]*@", "//", lines[-1] if lines else f"pip ended with {status}")
        raise InstallError(reason[:300])


def _run(command: Sequence[str]) -> tuple[int, str, str]:
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", timeout=_MAX_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, "", f"ERROR: pip could not run ({type(error).__name__})"
    return done.returncode, done.stdout, done.stderr


def main(run: Run = _run, versions: Callable[[], dict[str, str]] = installed_versions) -> str:
    """Install if needed; the line to print, empty if there was nothing to do."""
    try:
        before = versions()
        if not is_needed(before):
            return ""
        told = install(before, run)
        touched = changed(before, versions())
        if touched:
            return (
                f"sd-webui-rpg: installed {told}, and pip changed {', '.join(touched)} too; check your other extensions"
            )
        return f"sd-webui-rpg: installed {told}, for planning with a language model's server"
    except Exception as error:
        reason = str(error) if isinstance(error, InstallError) else type(error).__name__
        return (
            f"sd-webui-rpg: the openai package was not installed ({reason}); the offline planner works without it, "
            f'and servers after: pip install "{WANTED}"'
        )


if __name__ == "__main__":
    if line := main():
        print(line)  # noqa: T201
