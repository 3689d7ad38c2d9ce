"""A WebUI's own modules in this process, with its options and its changes to gradio, as far as a panel needs them."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path


def load(root: Path, arguments: Sequence[str]) -> None:
    """Import what the WebUI in ``root`` imports before it builds its page, in the order of its webui.py.

    It reads its arguments from `sys.argv`, which are set to these. What it writes goes to a temporary folder.
    """
    data = tempfile.mkdtemp(prefix="rpg-page-")
    sys.argv[1:] = [*arguments, "--data-dir", data, "--skip-prepare-environment", "--skip-version-check"]
    here = Path.cwd()
    os.chdir(root)
    if (root / "modules_forge").is_dir():
        from modules_forge import initialization

        initialization.initialize_forge()
    from modules import initialize

    initialize.imports()
    os.chdir(here)


def options() -> str:
    """The WebUI's Settings in JSON, as its page has them."""
    from modules import shared

    return shared.opts.dumpjson()
