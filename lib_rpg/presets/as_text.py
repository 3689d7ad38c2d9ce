"""A plan in the words of other tools: Regional Prompter's prompt and ratio, Forge Couple's lines and mapping.

What a tool cannot say is named in the notes. `lib_rpg.other_infotexts` reads both forms back. RAG's is in
`lib_rpg.presets.as_rag`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lib_rpg.checks import quantity, refuse
from lib_rpg.keywords import ADDCOMM, AND, BREAK, KEYWORDS, NETWORK_TAG, is_lora, split_at_keywords
from lib_rpg.layout.ratio import Grid, Row
from lib_rpg.other_infotexts.pasted import plain
from lib_rpg.other_infotexts.regional_prompter_cells import flipped
from lib_rpg.pasted_text import as_written
from lib_rpg.plan import Plan
from lib_rpg.plan_text import plan_to_text

_RP, _FC = "Regional Prompter", "Forge Couple"
_RP_PASSES = {"first": "Disabled in Hires Fix", "second": "Enabled only in Hires Fix"}
_LEAST_SHARE = 0.01
"""The base ratio in Forge Couple of a region that has none while others have one, or where places are without one."""


@dataclass(frozen=True)
class RegionalPrompterText:
    """A plan for Regional Prompter.

    prompt, negative_prompt: for the tab's fields. mode: its divide mode, Columns or Rows. ratio, base_ratio: for its
    fields of that name. uses_base: whether "Use base prompt" is to be on. notes: what is not in them, a sentence each.
    """

    prompt: str
    negative_prompt: str
    mode: str
    ratio: str
    base_ratio: str
    uses_base: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ForgeCoupleText:
    """A plan for Forge Couple's mode Advanced.

    prompt: a line for each row of the mapping. mapping: JSON of rows ``[x1, x2, y1, y2, weight]``, the sides as shares
    of the canvas from its top left. notes: what is not in them, a sentence each.
    """

    prompt: str
    negative_prompt: str
    mapping: str
    notes: tuple[str, ...]


def to_regional_prompter(plan: Plan) -> RegionalPrompterText:
    """The plan as text of Regional Prompter. Raises RpgError for free boxes, which its divide modes do not have."""
    if plan.layout != "grid":
        advice = "copy it as Forge Couple text, or make it a grid"
        refuse("layout", f"free boxes are no cells of a ratio, which is all that {_RP}'s text says", advice)
    notes = left_out(plan, _RP)
    if option := _RP_PASSES.get(plan.hires):
        notes.append(f"regions act in the {plan.hires} pass only: switch on {option!r}")
    base = plain(plan.base_prompt, _RP, notes)
    prompt = plan_to_text(replace(plan, base_prompt=base))
    if sum(map(prompt.count, (*KEYWORDS, AND))) > len(split_at_keywords(prompt, (*KEYWORDS, AND))[1]):
        notes.append(
            f"{_RP} splits prompts also inside of words such as BREAKFAST or BRAND: write them in small letters"
        )
    shares = list(plan.base_ratios)
    grid, by_column = rows_of(plan.grid())
    ratio = grid.to_text()
    if not base and any(shares):
        notes.append("there is no base prompt, so every region acts alone")
    return RegionalPrompterText(
        prompt,
        _negative(plan, bool(base)),
        "Rows" if by_column else "Columns",
        # Without a ";" a ratio goes along the one direction that there is.
        flipped(ratio) if by_column and ";" in ratio else ratio,
        _base_ratios(shares, grid, by_column),
        bool(base),
        tuple(notes),
    )


def rows_of(grid: Grid) -> tuple[Grid, bool]:
    """The grid with rows from top to bottom, and whether it is of columns of cells instead."""
    if not grid.rows_first:
        return grid, False
    if all(len(row.widths) == 1 for row in grid.rows):
        # "1,2" in Rows is two rows: columns of one cell each are Columns.
        return Grid((Row(grid.rows[0].widths[0], tuple(row.height for row in grid.rows)),)), False
    return grid, True


def _base_ratios(shares: Sequence[float], grid: Grid, by_column: bool) -> str:
    """One number for all, or one for each cell, line by line."""
    if len(set(shares)) == 1:
        return f"{shares[0]:g}"
    numbers = iter(shares)
    lines = [",".join(f"{next(numbers):g}" for _ in row.widths) for row in grid.rows]
    text = ";".join(lines)
    return flipped(text) if by_column else text


def _negative(plan: Plan, has_base: bool) -> str:
    """The negative prompts; with a base prompt, the first part behind ADDCOMM is the base's."""
    own = [as_written(region.negative_prompt) for region in plan.regions]
    if not any(own):
        return plan.negative_prompt
    parts = f" {BREAK} ".join([""] * has_base + own)
    return f"{as_written(plan.negative_prompt)} {ADDCOMM} {parts}".strip()


def to_forge_couple(plan: Plan) -> ForgeCoupleText:
    """The plan as Forge Couple's lines and mapping; the base prompt is a line for the whole canvas.

    At each point a line has the share that its weight is of all weights there: a base of weight b beside a region of
    weight w is the base ratio b / (b + w).
    """
    notes = left_out(plan, _FC)
    if own := [region for region in plan.regions if region.negative_prompt]:
        notes.append(f"{_FC} has no negative prompts of regions: those of {quantity(len(own), 'region')} are left out")
    if any(region.mask for region in plan.regions):
        notes.append(f"{_FC}'s mapping has rectangles only: the masks are left out")
    if plan.hires == "second":
        notes.append(f"{_FC} cannot act in the hires pass only")
    elif plan.hires == "first":
        notes.append("regions act in the first pass only: leave Compatibility on")
    lines, rows = _mapping(plan, notes)
    if any("{" in line or "}" in line for line in lines):
        notes.append(f"{_FC} reads braces as common prompts: set another syntax, or take them out")
    return ForgeCoupleText("\n".join(lines), plan.negative_prompt, json.dumps(rows), tuple(notes))


def _mapping(plan: Plan, notes: list[str]) -> tuple[list[str], list[list[float]]]:
    """The lines, and the row of each."""
    lines = [_on_one_line(region.prompt) for region in plan.regions]
    shares = list(plan.base_ratios)
    is_free = plan.layout == "boxes"
    weights = [region.weight if is_free else 1.0 for region in plan.regions]
    base = _on_one_line(plan.base_prompt)
    if base and (any(shares) or is_free):
        if any(share < _LEAST_SHARE for share in shares):
            notes.append(f"{_FC}'s base line has at least {_LEAST_SHARE:g} of every region")
        if is_free and len(plan.regions) > 1:
            notes.append("where boxes overlap, the base line has a smaller share")
        weights = [
            weight * (1 - share) / share
            for weight, share in zip(weights, (max(share, _LEAST_SHARE) for share in shares), strict=True)
        ]
        lines, weights = [base, *lines], [1.0, *weights]
        boxes = [(0.0, 0.0, 1.0, 1.0), *(region.box for region in plan.regions)]
    else:
        boxes = [region.box for region in plan.regions]
        if any(shares) or is_free:
            beside = ", and nothing where none is" if is_free else ""
            notes.append(f"there is no base prompt, so every region acts alone{beside}")
    most = max(*weights, _LEAST_SHARE)  # weights are 0 where every base ratio is 1
    return lines, [
        [*(round(min(side, 1.0), 4) for side in (x, x + width, y, y + height)), float(f"{weight / most:.4g}")]
        for (x, y, width, height), weight in zip(boxes, weights, strict=True)
    ]


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def left_out(plan: Plan, tool: str) -> list[str]:
    """Notes on what none of the tools has."""
    regions = plan.regions
    tagged = any(map(is_lora, NETWORK_TAG.findall(" ".join(region.prompt for region in regions))))
    has = {
        "feather": plan.feather > 0,
        "start and end of a region": any((region.start, region.end) != (0.0, 1.0) for region in regions),
        "ControlNet units of a region": any(region.control for region in regions),
        "LoRA of a region alone": tagged and plan.lora != "shared",
    }
    return [f"{tool} has no {what}: left out" for what, is_set in has.items() if is_set]
