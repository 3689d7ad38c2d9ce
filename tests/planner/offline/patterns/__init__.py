"""Prompts after the patterns that GenEval and T2I-CompBench have published, with stated truth.

The patterns are theirs, with their oddities ("a photo of two benchs", "a bird on side of a airplane"); the words and
the draws are ours. ``python -m tests.planner.offline.patterns`` prints how many are planned as stated.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from lib_rpg.errors import RpgError
from lib_rpg.planner import PlanRequest, plan
from tests.planner.offline.patterns.compbench import COMPBENCH
from tests.planner.offline.patterns.geneval import GENEVAL
from tests.planner.offline.patterns.stated import Truth
from tests.planner.offline.truth import faults


def patterns(seed: int = 16) -> list[Truth]:
    """The prompts, no two the same, with their truths and the names of their patterns; the same for the same seed."""
    found: dict[str, Truth] = {}
    for name, (draw, wanted) in {**GENEVAL, **COMPBENCH}.items():
        rng = random.Random(f"{seed} {name}")
        before = len(found)
        for index in range(20 * wanted):
            prompt, things, order = draw(rng, index)
            truth = {"pattern": name, "prompt": prompt, "things": things, "order": order}
            found.setdefault(prompt, {**truth, "negative": [], "base_not": []})
            if len(found) - before == wanted:
                break
    return list(found.values())


def wrong(prompts: Sequence[Truth], method: str = "rpg") -> dict[str, list[str]]:
    """The prompts that are planned wrongly, and what is wrong in each."""
    found = {}
    for truth in prompts:
        try:
            of_one = faults(truth, plan(PlanRequest(truth["prompt"], 1024, 1024, method=method)))
        except RpgError as error:
            of_one = [f"refused: {error}"]
        if of_one:
            found[truth["prompt"]] = list(dict.fromkeys(of_one))
    return found
