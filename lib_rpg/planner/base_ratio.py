"""How much of the base prompt regions need: more where they hold things of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lib_rpg.plan import Region
from lib_rpg.planner.phrases import skip_tags
from lib_rpg.planner.reader import read
from lib_rpg.planner.text import tokenise

BASE_RATIO = 0.2
SAME_KIND_RATIO = 0.4
"""RPG advises 0.35 to 0.5 for things of one kind, 0 to 0.2 otherwise (`reference/rpg.md`)."""


def ratio_of_kinds(kinds: Sequence[str]) -> float:
    """The base ratio of a picture of these kinds of things, each named once for every thing of it."""
    return SAME_KIND_RATIO if len(kinds) > len(set(kinds)) else BASE_RATIO


def automatic_base_ratio(regions: Iterable[Region]) -> float:
    """The base ratio for regions, by their entities, or by their words where a region names none."""
    return ratio_of_kinds([kind for region in regions for kind in sorted(_kinds(region))])


def _kinds(region: Region) -> set[str]:
    from lib_rpg.planner.answers.wording import last_word  # the package's own modules import this one

    if region.entities:
        return {last_word(entity.phrase) for entity in region.entities}
    return {thing.noun for thing in read(skip_tags(tokenise(region.prompt))).things}
