"""The sandbox: AUTOMATIC1111's WebUI in miniature, so that the extension runs where the WebUI is not installed.

Importing this package puts `sandbox/` (for ``import modules``) and the repository root (for ``import lib_rpg``)
on ``sys.path``, as the WebUI does for itself and for an extension.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Idle OpenMP threads sleep instead of spinning, which on a busy machine makes sampling many times faster; torch reads
# this when it is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

SANDBOX_DIR = Path(__file__).resolve().parent
REPO_DIR = SANDBOX_DIR.parent

for _path in (REPO_DIR, SANDBOX_DIR):
    if str(_path) not in sys.path:
        sys.path.insert(0, str(_path))
