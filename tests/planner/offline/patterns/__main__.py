"""``python -m tests.planner.offline.patterns``: how many are planned as stated, by pattern.

With ``--faults`` also what is wrong in the others; a method may be named.
"""

from __future__ import annotations

import sys
from collections import Counter

from lib_rpg.planner import METHODS
from tests.planner.offline.patterns import patterns, wrong


def main() -> int:
    method = next((argument for argument in sys.argv[1:] if argument in METHODS), METHODS[0])
    prompts = patterns()
    found = wrong(prompts, method)
    kinds = Counter(truth["pattern"] for truth in prompts)
    bad = Counter(truth["pattern"] for truth in prompts if truth["prompt"] in found)
    for kind, count in [*kinds.items(), ("all", len(prompts))]:
        right = count - (len(found) if kind == "all" else bad[kind])
        print(f"{kind:36}{right:>5} of {count:<5}{right / count:>7.1%}")
        for truth in prompts if "--faults" in sys.argv else ():
            if truth["pattern"] == kind and truth["prompt"] in found:
                print(f"  - {truth['prompt']!r}: {'; '.join(found[truth['prompt']])}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
