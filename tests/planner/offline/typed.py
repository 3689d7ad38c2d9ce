"""Prompts as users of the WebUI type them, with stated truth: how many the offline planner reads as it says.

``typed.json``, ``typed_heldout.json`` and ``typed_heldout_second.json`` are for work: the last two were written apart,
run once, and then opened; so are the lists ``typed_more_…`` and those in ``fresh``. ``typed_heldout_third.json`` is
read by nobody who makes rules. ``typed_heldout_fourth.json`` is two lists by two writers, ``…_fifth.json`` one by
another; each was run once when all rules were made, and no rule was made for it.

Beyond what `truth` knows, a truth names the acceptable numbers of ``regions``, and phrases of the whole picture
(``base``). The cells of several things of a kind ("four otters" have four) may count as one, as those of a thing that
goes over rows.

``python -m tests.planner.offline.typed`` prints the share of the first list, with ``--faults`` its faults, with
``--held-out`` the shares of those three, with ``--open`` those of all that were opened, and with ``--times``
only how long planning takes.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan
from lib_rpg.planner import PlanRequest, plan
from tests.planner.offline import times
from tests.planner.offline.truth import faults, owners, says, truths

WORK = "typed.json"
HELD_OUT = ("typed_heldout_third.json", "typed_heldout_fourth.json", "typed_heldout_fifth.json")
_HERE = Path(__file__).parent
OPENED = [
    str(path.relative_to(_HERE))
    for path in sorted([*_HERE.glob("typed_*.json"), *_HERE.glob("fresh/*.json")])
    if path.name not in HELD_OUT
]


def wrong(name: str, method: str = "rpg") -> dict[str, list[str]]:
    """The prompts of that list that are planned wrongly, and what is wrong in each."""
    found = {}
    for truth in truths(name):
        try:
            of_one = typed_faults(truth, plan(PlanRequest(truth["prompt"], 1024, 1024, method=method)))
        except RpgError as error:
            of_one = [f"refused: {error}"]
        if of_one:
            found[truth["prompt"]] = of_one
    return found


def typed_faults(truth: dict[str, Any], planned: Plan) -> list[str]:
    """What the plan gets wrong, in words; empty if it is right."""
    owned, _ = owners(truth["things"], planned)
    absent = {thing["id"] for thing in truth["things"] if thing.get("optional") and not owned[thing["id"]]}
    order = [relation for relation in truth["order"] if not absent & set(relation[1:])]
    return [*faults({**truth, "order": order}, planned), *_faults_of_the_whole(truth, planned)]


def _faults_of_the_whole(truth: dict[str, Any], planned: Plan) -> Iterator[str]:
    count, kinds, wanted = len(planned.regions), len({r.prompt for r in planned.regions}), truth["regions"]
    if planned.layout == "grid" and not {count, kinds} & set(wanted if isinstance(wanted, list) else [wanted]):
        yield f"{count} regions instead of {wanted}"
    shared = planned.base_prompt if count > 1 else f"{planned.base_prompt}, {planned.regions[0].prompt}"
    for phrase in truth["base"]:
        if not says(shared, phrase.lower()):
            yield f"the base prompt lacks {phrase}"


def main() -> int:
    if "--times" in sys.argv:
        for line in times.report(WORK, HELD_OUT):
            print(line, flush=True)
        return 0
    opened = OPENED if "--open" in sys.argv else []
    for name in (WORK, *(HELD_OUT if "--held-out" in sys.argv else ()), *opened):
        found, all_of_it = wrong(name), truths(name)
        kinds = Counter(truth["kind"] for truth in all_of_it)
        bad = Counter(truth["kind"] for truth in all_of_it if truth["prompt"] in found)
        right = len(all_of_it) - len(found)
        print(f"{name}: {right} of {len(all_of_it)} ({right / len(all_of_it):.1%}) as stated")
        print("  by kind: " + ", ".join(f"{kind}: {kinds[kind] - bad[kind]}/{kinds[kind]}" for kind in sorted(kinds)))
        if name == WORK and "--faults" in sys.argv:
            for prompt, of_one in found.items():
                print(f"- {prompt!r}\n    " + "\n    ".join(of_one))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
