"""The base ratio of regions that a person wrote: by their entities, or by reading their words."""

from __future__ import annotations

from collections.abc import Iterable

from lib_rpg.plan import Region
from lib_rpg.planner.base_ratio import kinds_of_entities, ratio_of_kinds
from lib_rpg.planner.language.dialect import TAGS, dialect_of
from lib_rpg.planner.language.prompt_tokens import skip_tags, tokenise
from lib_rpg.planner.offline.reading.reader import read


def automatic_base_ratio(regions: Iterable[Region]) -> float:
    """The base ratio for regions, by their entities, or by their words where a region names none."""
    return ratio_of_kinds([kind for region in regions for kind in sorted(_kinds(region))])


def _kinds(region: Region) -> set[str]:
    if region.entities:
        return kinds_of_entities(region)
    reading = read(skip_tags(tokenise(region.prompt)), dialect_of(region.prompt) == TAGS)
    return {thing.noun for thing in reading.things}
