"""What was typed by hand over a plan, carried over to the next plan of the panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.keywords import split_at_keywords
from lib_rpg.plan import Plan, Region
from lib_rpg.plan_text import in_lines, negative_for_all, negative_to_text, split_negative

_SET_BY_HAND = ("start", "end", "weight", "control", "seed", "binding", "cfg_scale")
"""Fields of a region that no planner gives."""


@dataclass(frozen=True)
class Carried:
    """The new plan, with what was set in the regions' fields by hand, and the fields that were typed over it.

    ``lost``: the words of regions that the new plan no longer has.
    """

    plan: Plan
    typed: Mapping[str, Any] = field(default_factory=dict)
    lost: Sequence[str] = ()


def carry_over(document: Mapping[str, Any], plan: Plan) -> Carried:
    """The edits of a document with a plan, laid over the next plan.

    A region's words are the typed ones, changed where the plans differ: "a red cup" typed over as "a big red cup" is
    "a big blue cup" where the new plan has "a blue cup". A ratio and numbers of the regions stay where the cells do.
    """
    old = _plan_of(document)
    regions = old.regions if old is not None else ()
    partners = _partners(regions, plan.regions)
    same_cells = [region.box for region in regions] == [region.box for region in plan.regions]
    words, lost = _words(document, regions, plan, partners, same_cells)
    typed: dict[str, Any] = {}
    if words != [region.prompt for region in plan.regions]:
        typed["regional_prompt"] = in_lines(words)
    if "base_prompt" in document:
        typed["base_prompt"] = document["base_prompt"]
    if same_cells:
        typed |= {name: document[name] for name in ("split_ratio", "rows_first", "base_ratios") if name in document}
    negative = _negative(document, old, plan, partners)
    if negative != plan.negative_prompt:
        typed["negative_prompt"] = negative
    return Carried(replace(plan, regions=_with_fields(regions, plan, partners)), typed, lost)


def _plan_of(document: Mapping[str, Any]) -> Plan | None:
    try:
        return Plan.from_dict(document["plan"])
    except (KeyError, RpgError):
        return None


def _words(
    document: Mapping[str, Any],
    old: Sequence[Region],
    plan: Plan,
    partners: Sequence[int | None],
    same_cells: bool,
) -> tuple[list[str], list[str]]:
    """The words of the regions under the new plan, and those that were typed and have no region any more."""
    before = [region.prompt for region in old]
    text = document.get("regional_prompt")
    parts = split_at_keywords(text)[0] if isinstance(text, str) and text.strip() else before
    if len(parts) == len(before):
        words = [
            region.prompt if partner is None else merged(before[partner], parts[partner], region.prompt)
            for partner, region in zip(partners, plan.regions, strict=True)
        ]
        return words, [part for i, part in enumerate(parts) if part != before[i] and i not in partners]
    if not same_cells:
        lost = [part for part in parts if part not in before] if before else []
        return [region.prompt for region in plan.regions], lost
    # Regions were added or taken away by hand: the others follow the new plan.
    now = dict(zip(before, (region.prompt for region in plan.regions), strict=True))
    return [now.get(part, part) for part in parts], []


def merged(old: str, edited: str, new: str) -> str:
    """``edited`` with the words that change from ``old`` to ``new`` changed in it.

    As it is where the edit is of those words itself.
    """
    before, words, after = old.split(), edited.split(), new.split()
    place = {
        block.a + k: block.b + k
        for block in SequenceMatcher(None, before, words, autojunk=False).get_matching_blocks()
        for k in range(block.size)
    }
    if edited.split() == before:
        return new
    for tag, i, j, first, last in reversed(SequenceMatcher(None, before, after, autojunk=False).get_opcodes()):
        if tag == "equal":
            continue
        start = place.get(i, place.get(i - 1, -2) + 1) if i == j else place.get(i, -1)
        if start < 0 or [place.get(k) for k in range(i, j)] != list(range(start, start + j - i)):
            return edited
        words[start : start + j - i] = after[first:last]
    return " ".join(words)


def _partners(old: Sequence[Region], new: Sequence[Region]) -> list[int | None]:
    """For each new region the number of the old one that it continues: with the same words, else at the same place."""
    free = {i: region.prompt for i, region in enumerate(old)}
    partners: list[int | None] = []
    for region in new:
        partners.append(next((i for i, prompt in free.items() if prompt == region.prompt), None))
        if partners[-1] is not None:
            del free[partners[-1]]
    if len(old) != len(new):
        return partners
    return [i if partner is None and i in free else partner for i, partner in enumerate(partners)]


def _negative(document: Mapping[str, Any], old: Plan | None, plan: Plan, partners: Sequence[int | None]) -> str:
    """The new plan's exclusions and those that were typed, for the whole picture and for its regions."""
    typed = document.get("negative_prompt")
    if not isinstance(typed, str):
        return plan.negative_prompt
    before, new = _items(old.negative_prompt) if old is not None else [], _items(plan.negative_prompt)
    added = [item for item in _items(negative_for_all(typed)) if item not in (*before, *new)]
    whole = ", ".join([*new, *added])
    try:
        _, of_old = split_negative(typed, len(old.regions) if old is not None else 0)
    except RpgError:
        return whole
    of_regions = ["" if partner is None else of_old[partner] for partner in partners]
    regions = [replace(region, negative_prompt=own) for region, own in zip(plan.regions, of_regions, strict=True)]
    return negative_to_text(replace(plan, negative_prompt=whole, regions=tuple(regions)))


def _with_fields(old: Sequence[Region], plan: Plan, partners: Sequence[int | None]) -> tuple[Region, ...]:
    return tuple(
        region if partner is None else replace(region, **{name: getattr(old[partner], name) for name in _SET_BY_HAND})
        for region, partner in zip(plan.regions, partners, strict=True)
    )


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]
