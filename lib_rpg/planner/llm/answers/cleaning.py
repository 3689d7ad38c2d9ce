"""Sanitizes a model's words: no hidden characters, no tags of extra networks of its own, no AND."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from lib_rpg.checks import NO_TEXT, at, show
from lib_rpg.keywords import NETWORK_TAG
from lib_rpg.plan import Plan, Region
from lib_rpg.printable import printable

# Whatever the WebUI takes for the tag of an extra network, not only its built-in kinds.
_WORD = re.compile(r"[^\W_]+")
_AND = re.compile(r"\bAND\b")
_NONE = ("none", "null", "n/a")


def says_none(text: str) -> bool:
    """Whether a model's text means that there is none, such as "None" or "n/a"."""
    return text.lower() in _NONE


def clean_words(text: str, prompt: str, place: str, notes: list[str]) -> str:
    """A model's words without hidden characters, without tags of extra networks that ``prompt``, the user's own words,
    does not hold, and without AND.

    ``place`` names the words in ``notes``. Linear in the text's length.
    """
    # NUL and lone surrogates stay: the check of a plan's texts refuses them.
    seen = text if NO_TEXT.search(text) else printable(text, kept="\n\t" + prompt)
    if seen != text:
        notes.append(f"{place}: left out invisible characters")
    cleaned = _without_foreign_tags(seen, prompt, place, notes)
    if _AND.search(cleaned):
        notes.append(f"{place}: wrote 'and' for AND")
        cleaned = _AND.sub("and", cleaned)
    return cleaned


def _without_foreign_tags(text: str, prompt: str, place: str, notes: list[str]) -> str:
    # Behind the last ">" no tag ends; so every search for one ends at a ">", which keeps the time linear.
    end = text.rfind(">") + 1
    if not end:
        return text
    own = set(NETWORK_TAG.findall(prompt[: prompt.rfind(">") + 1]))
    foreign: list[str] = []

    def keep(match: re.Match[str]) -> str:
        if match[0] in own:
            return match[0]
        foreign.append(match[0])
        return " "

    cleaned = NETWORK_TAG.sub(keep, text[:end]) + text[end:]
    if not foreign:
        return text
    notes.append(f"{place}: left out {show(foreign[0])}, which the prompt does not contain{_more(foreign)}")
    return re.sub(r"(?: ?,)+", ",", re.sub(r"\s+", " ", cleaned)).strip(" ,")


def clean_plan(plan: Plan, prompt: str, notes: list[str]) -> Plan:
    """The plan with `clean_words` applied to all of its texts, and no exclusion that the base prompt itself shows."""
    regions = tuple(_clean_region(region, f"regions[{i}]", prompt, notes) for i, region in enumerate(plan.regions))
    base = clean_words(plan.base_prompt, prompt, "base_prompt", notes)
    negative = clean_words(plan.negative_prompt, prompt, "negative_prompt", notes)
    return replace(plan, base_prompt=base, negative_prompt=_not_shown(negative, base, notes), regions=regions)


def _clean_region(region: Region, place: str, prompt: str, notes: list[str]) -> Region:
    with at(place, "."):
        entities = tuple(
            replace(
                entity,
                phrase=clean_words(entity.phrase, prompt, f"{place}.entities", notes),
                prompt=clean_words(entity.prompt, prompt, f"{place}.entities", notes),
            )
            for entity in region.entities
        )
        return replace(
            region,
            prompt=clean_words(region.prompt, prompt, f"{place}.prompt", notes),
            name=clean_words(region.name, prompt, f"{place}.name", notes),
            negative_prompt=clean_words(region.negative_prompt, prompt, f"{place}.negative_prompt", notes),
            entities=entities,
        )


def _not_shown(negative: str, base: str, notes: list[str]) -> str:
    """The exclusions without those that the base prompt itself shows, word for word."""
    items = [item.strip() for item in re.split(r"[,;]", negative) if item.strip()]
    own = _bare_words(base)
    shown = {item: None for item in items if _bare_words(item) in own}
    if not shown:
        return negative
    notes.append(f"negative_prompt: left out {show(next(iter(shown)))}, which the base prompt shows{_more(shown)}")
    return ", ".join(item for item in items if item not in shown)


def _bare_words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _more(items: Collection[object]) -> str:
    return f", and {len(items) - 1} more" if len(items) > 1 else ""
