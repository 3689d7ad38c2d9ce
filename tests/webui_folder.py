"""The WebUI that tests are run on, if any: ``--webui-root`` or the environment variable ``WEBUI_ROOT``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def asked(config: pytest.Config) -> Path | None:
    """The WebUI's folder, or None for the sandbox."""
    root = config.getoption("--webui-root", default=None) or os.environ.get("WEBUI_ROOT")
    return Path(root).resolve() if root else None


def python(root: Path) -> str:
    """The Python that runs that WebUI: the environment variable ``WEBUI_PYTHON``, else the WebUI's own venv.

    FileNotFoundError where there is none.
    """
    path = os.environ.get("WEBUI_PYTHON") or str(root / "venv" / "bin" / "python")
    if not Path(path).exists():
        raise FileNotFoundError(f"there is no {path}: set WEBUI_PYTHON to the Python that runs this WebUI")
    return path
