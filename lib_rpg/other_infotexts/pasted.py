"""What the readers of other tools' infotexts share: their result, values of parameters, and words of regions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lib_rpg.checks import refuse, show
from lib_rpg.keywords import (
    ADDING,
    AND,
    BREAK,
    NETWORK_TAG,
    find_keyword,
    is_lora,
    lower_keywords,
    split_at_keywords,
)
from lib_rpg.plan import Plan, Region, Source

_HIRES = ("Hires upscale", "Hires upscaler", "Hires resize-1")
_BLANK = "_"
"""Stands for a region without words, as Regional Prompter has it."""


@dataclass(frozen=True)
class Pasted:
    """The regions of a picture that another tool drew.

    plan: the regions; its ``source.notes`` say what could not be carried over. prompt, negative_prompt: the same words
    without the tool's marks, for the tab's fields in place of the infotext's. tool: its name. switch: the infotext's
    parameter that switches the tool itself on where it is installed and the infotext is pasted; blank where none does.
    """

    plan: Plan
    prompt: str
    negative_prompt: str
    tool: str
    switch: str


@dataclass(frozen=True)
class Layout:
    """Regions and where they are.

    regions: each with its own base ratio, 0…1, and in free boxes with its box. base: the base prompt, which may be
    blank. words: what the regions say, for the tab's prompt. split_ratio, rows_first: a plan's; without a ratio the
    boxes are free.
    """

    regions: Sequence[Region]
    base: str
    words: Sequence[str]
    split_ratio: str = ""
    rows_first: bool = False


def text_of(params: Mapping[str, Any], key: str, default: str = "") -> str:
    """A parameter as text, without white space around it; the default where it is missing."""
    value = params.get(key)
    if value is None:
        return default
    return value.strip() if isinstance(value, str) else show(value)


def is_on(params: Mapping[str, Any], key: str) -> bool:
    """Whether a parameter says True."""
    return text_of(params, key).lower() == "true"


def has_hires_pass(params: Mapping[str, Any]) -> bool:
    """Whether the picture was made with hires fix."""
    return any(text_of(params, key, "0") not in ("", "0") for key in _HIRES)


def number_of(text: str, place: str) -> float:
    """A finite number as Python reads it, such as "0.5" or "1e-1". Raises RpgError."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        refuse(place, f"{show(text)} is not a number", "correct it")
    return number


def plain(text: str, tool: str, notes: list[str]) -> str:
    """A text without keywords and AND, which part prompts; ``notes`` gets what was changed."""
    parts, _ = split_at_keywords(text, (BREAK,))
    if len(parts) > 1:
        notes.append(f"{BREAK} within a part of {tool}'s prompt is a comma here, since it separates regions")
        text = ", ".join(part for part in (part.strip(" ,") for part in parts) if part)
    marks = (AND, *ADDING)
    if keyword := find_keyword(text, marks):
        notes.append(f"{keyword} within a part of {tool}'s prompt is in lower case here, since it separates prompts")
        text = lower_keywords(text, marks)
    return text.strip()


def region_words(text: str, tool: str, notes: list[str]) -> str:
    """The words of a region: `plain`, and never blank."""
    words = plain(text, tool, notes)
    if not words:
        notes.append(f"a part of {tool}'s prompt has no words; {_BLANK!r} stands for them")
    return words or _BLANK


def joined(texts: Sequence[str]) -> str:
    """Prompts as one, with commas between them."""
    return ", ".join(filter(None, (text.strip(" ,\n") for text in texts)))


def paste(
    tool: str,
    switch: str,
    layout: Layout,
    notes: Sequence[str],
    *,
    negative_prompt: str,
    lora: str = "shared",
    hires: str = Plan.hires,
) -> Pasted:
    """The result for a layout. ``lora`` is what the tool's LoRAs act on, as `Plan.lora`. Raises RpgError as `Plan`."""
    tagged = any(map(is_lora, NETWORK_TAG.findall(" ".join(region.prompt for region in layout.regions))))
    words = [plain(text, tool, []) for text in layout.words]
    if tagged and lora != "shared":
        # In the tab's prompt a tag acts on the whole picture.
        words = [NETWORK_TAG.sub("", text) for text in words]
    prompt = joined([layout.base, *words])
    ratio = layout.regions[0].base_ratio or 0.0
    plan = Plan(
        prompt=prompt,
        base_prompt=layout.base,
        base_ratio=ratio,
        layout="grid" if layout.split_ratio else "boxes",
        split_ratio=layout.split_ratio,
        regions=tuple(replace(r, base_ratio=None if r.base_ratio == ratio else r.base_ratio) for r in layout.regions),
        source=Source(notes=tuple(dict.fromkeys(notes))),
        rows_first=layout.rows_first,
        lora=lora if tagged else Plan.lora,
        hires=hires,
    )
    return Pasted(plan, prompt, negative_prompt, tool, switch)
