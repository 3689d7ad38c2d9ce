"""How many examples a property test tries: all of them in `make test`, a tenth in `make test-quick`."""

from __future__ import annotations

import os

_SHARE = 10 if os.environ.get("RPG_TEST_QUICK") else 1


def examples(count: int) -> int:
    """The number of examples to give to ``settings(max_examples=…)``."""
    return max(count // _SHARE, 10)
