"""How much of the base prompt regions need: more where they hold things of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lib_rpg.plan import Region
from lib_rpg.planner.language.counted import last_word

BASE_RATIO = 0.2
SAME_KIND_RATIO = 0.4
"""RPG advises 0.35 to 0.5 for things of one kind, 0 to 0.2 otherwise (its templates)."""


def ratio_of_kinds(kinds: Sequence[str], binding: str = "off") -> float:
    """The base ratio of a picture of these kinds of things, each named once for every thing of it.

    ``binding``: the plan's. Bound things of one kind are there once each as it is (`bench accuracy`: 0.2 is exact more
    often than 0.4).
    """
    return SAME_KIND_RATIO if len(kinds) > len(set(kinds)) and binding == "off" else BASE_RATIO


def ratio_of_entities(regions: Iterable[Region]) -> float:
    """The base ratio for regions by their entities; a region that names none counts for nothing."""
    return ratio_of_kinds([kind for region in regions for kind in sorted(kinds_of_entities(region))])


def kinds_of_entities(region: Region) -> set[str]:
    """What kinds of things a region's entities name: the nouns, in the singular."""
    return {last_word(entity.phrase) for entity in region.entities}
