"""A layout applied to the panel's document, whose words stay: in order at the regions, and all others as typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lib_rpg.checks import quantity
from lib_rpg.errors import RpgError
from lib_rpg.keywords import ADDBASE, ADDCOMM, keyword_pattern, lower_keywords, split_at_keywords
from lib_rpg.plan import Plan, Region
from lib_rpg.plan_text import in_lines, negative_to_text
from lib_rpg.presets import NO_WORDS, PLAN_LAYOUT, REGION_LAYOUT, with_words_of
from lib_rpg.webui.document import UNREAD
from lib_rpg.webui.option_kinds import Part
from lib_rpg.webui.options import of_part

_HEAD = keyword_pattern(ADDBASE, ADDCOMM)
_COMMENT = re.compile("#.*")


def laid_out(document: Mapping[str, Any], layout: Plan, comments: bool = True) -> tuple[dict[str, Any], str]:
    """The document with that layout, and a sentence on words without a region or regions without words.

    ``comments``: whether a ``#`` begins one, as `PlanRequest.comments`.

    Parts of the regional prompt keep their order. Where they are more or fewer than the regions, they stay typed, and
    the panel says so until they fit. Raises RpgError for a document whose plan is none.
    """
    old = Plan.from_dict(document["plan"]) if document.get("plan") is not None else None
    texts = {key: _read(document.get(key), comments) for key in ("regional_prompt", "negative_prompt")}
    head, parts = _words(texts["regional_prompt"], old)
    count = len(layout.regions)
    padded = [*parts, *[""] * (count - len(parts))]
    plan = with_words_of(layout, _worded(old, padded[:count]))
    drops = {"plan", UNREAD, "regional_prompt", "negative_prompt", *PLAN_LAYOUT}
    drops |= {option.name for option in of_part(Part.REGIONS) if option.region_field in REGION_LAYOUT}
    made = {"plan": plan.to_dict(), **{key: value for key, value in document.items() if key not in drops}}
    if head or [region.prompt for region in plan.regions] != padded:
        made["regional_prompt"] = head + in_lines(padded)
    negative = _negative(texts["negative_prompt"], old, count)
    if negative is not None:
        made["negative_prompt"] = negative
    return made, _sentence(padded, count)


def _read(text: object, comments: bool) -> str | None:
    """A typed text, None for none; a keyword in a comment parts nothing: "a cat # no BREAK here"."""
    if not isinstance(text, str):
        return None
    return _COMMENT.sub(lambda match: lower_keywords(match[0]), text) if comments else text


def _words(text: str | None, old: Plan | None) -> tuple[str, list[str]]:
    """What is typed before the regions' parts, such as "a base ADDBASE ", and the parts; without a text, the plan's."""
    head = ""
    if text and text.strip():
        ends = [match.end() for match in _HEAD.finditer(text)]
        start = ends[-1] if ends else 0
        head = f"{text[:start]} " if start else ""
        parts = split_at_keywords(text[start:])[0]
    else:
        parts = [region.prompt for region in old.regions] if old else []
    while parts and not parts[-1]:
        parts.pop()
    return head, parts


def _worded(old: Plan | None, parts: Sequence[str]) -> Plan:
    """The old plan with these words in as many regions, on boxes of no meaning; what is no prompt is left out."""
    before = old.regions if old is not None else ()
    regions = [_region(part, before[i] if i < len(before) else None) for i, part in enumerate(parts)]
    kept = (
        {name: getattr(old, name) for name in ("prompt", "base_prompt", "negative_prompt", "source", "lora", "hires")}
        if old
        else {}
    )
    return Plan(**kept, layout="boxes", regions=tuple(regions))


def _region(part: str, old: Region | None) -> Region:
    if old is not None and old.prompt == part:
        return old
    try:
        return Region(part, negative_prompt=old.negative_prompt if old else "", control=old.control if old else ())
    except RpgError:
        return Region(NO_WORDS)


def _negative(typed: str | None, old: Plan | None, count: int) -> str | None:
    """The negative prompt as text where it is typed, or has parts without a region; None where the plan has it."""
    text = typed if typed is not None else negative_to_text(old) if old else ""
    *head, rest = split_at_keywords(text, (ADDCOMM,))[0]
    parts = split_at_keywords(rest)[0]
    if typed is None:
        return text if len(parts) > max(count, 1) else None
    if len(parts) >= count or not (head or len(parts) > 1):
        return typed
    behind = in_lines([*parts, *[""] * (count - len(parts))])
    return f"\n{ADDCOMM} ".join([*head, behind]).strip()


def _sentence(parts: Sequence[str], count: int) -> str:
    blank, spare = sum(not part for part in parts[:count]), len(parts) - count
    if spare > 0:
        are = "is" if spare == 1 else "are"
        advice = "add regions for them, or take them out"
        return (
            f"Your last {quantity(spare, 'part')} {are} without a region and stayed in the regional prompt: {advice}."
        )
    if blank:
        subject, verb = ("it", "is") if blank == 1 else ("they", "are")
        has = "has" if blank == 1 else "have"
        return f"{quantity(blank, 'region')} {has} no words yet: {subject} {verb} left to the base prompt."
    return ""
