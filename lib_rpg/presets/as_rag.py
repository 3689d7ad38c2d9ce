"""A plan as RAG's parameters: an entry of its gallery, as JSON. `lib_rpg.planner.llm.answers` reads it back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lib_rpg.checks import refuse
from lib_rpg.keywords import BREAK, NETWORK_TAG
from lib_rpg.layout.objects import BoundObject, bound_objects
from lib_rpg.other_infotexts.pasted import plain
from lib_rpg.pasted_text import as_written
from lib_rpg.plan import Plan, region_names
from lib_rpg.presets.as_text import left_out, rows_of
from lib_rpg.rag_names import DELTA, LISTS, PROMPTS, RATIO, REPLACE, STEPS

_RAG = "RAG"


@dataclass(frozen=True)
class RagText:
    """A plan for RAG.

    text: a JSON object of its parameters, a line for each; boxes in fractions of the canvas. notes: what is not in it,
    a sentence each.
    """

    text: str
    notes: tuple[str, ...]


def to_rag(plan: Plan) -> RagText:
    """The plan as RAG's parameters. Raises RpgError for free boxes and columns of cells, which its ratio cannot say."""
    if plan.layout != "grid":
        refuse("layout", f"free boxes are no cells of a ratio, which {_RAG}'s regions are", "make it a grid")
    grid, by_column = rows_of(plan.grid())
    if by_column:
        refuse("rows_first", f"{_RAG}'s ratio has rows of cells, and no columns", "make it a grid of rows")
    notes = left_out(plan, _RAG)
    base = _without_tags(plain(plan.base_prompt, _RAG, notes))
    values: dict[str, Any] = {
        "prompt": base,
        RATIO: grid.to_text(),
        PROMPTS: f" {BREAK} ".join(_region_prompts(plan, base, notes)),
        DELTA: round(1 - _base_ratio(plan, notes), 6),
        **_objects(plan, notes),
    }
    notes += _not_said(plan)
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())
    return RagText(f"{{\n{lines}\n}}", tuple(notes))


def _region_prompts(plan: Plan, base: str, notes: list[str]) -> list[str]:
    """The regions' words; those of a region that does not act are the base prompt's."""
    silent = [index for index, region in enumerate(plan.regions) if not region.acts]
    if silent:
        verb = "does" if len(silent) == 1 else "do"
        notes.append(f"{region_names(silent)} {verb} not act, so the words there are the base prompt's")
    if len(plan.regions) == 1:
        notes.append(
            f"{_RAG} draws no single region: write the ratio 1,1, and the words twice with {BREAK} between them"
        )
    words = (_without_tags(as_written(region.prompt)) if region.acts else base for region in plan.regions)
    return [text or base or "background" for text in words]


def _base_ratio(plan: Plan, notes: list[str]) -> float:
    acting = {ratio for ratio, region in zip(plan.base_ratios, plan.regions, strict=True) if region.acts}
    if len(acting) == 1:
        return acting.pop()
    if acting:
        notes.append(f"{_RAG} has one {DELTA}: the base ratios of single regions are left out")
    return plan.base_ratio if acting else 1.0


def _objects(plan: Plan, notes: list[str]) -> dict[str, Any]:
    """RAG's lists of objects, and the number of bound steps."""
    objects = bound_objects(plan)
    bound = bool(objects)
    if not bound:
        objects = tuple(one for one in bound_objects(replace(plan, binding="auto")) if one.entity is not None)
    columns: dict[str, list[Any]] = {
        "names": [_without_tags(one.prompt) or "object" for one in objects],
        "m_offset": [round(one.box[0], 6) for one in objects],
        "n_offset": [round(one.box[1], 6) for one in objects],
        "m_scale": [round(one.box[2], 6) for one in objects],
        "n_scale": [round(one.box[3], 6) for one in objects],
    }
    lists = {name: columns[key] for key, name in LISTS.items()}
    return {**lists, REPLACE: _bound_steps(objects, bool(plan.bound_background), notes) if bound else -1}


def _bound_steps(objects: Sequence[BoundObject], background: bool, notes: list[str]) -> int:
    """The number of bound steps of `STEPS`, that of the first object; ``background``: whether it has words."""
    share = objects[0].steps
    count = max(1, round(share * STEPS))
    if abs(count / STEPS - share) > 1e-6:
        notes.append(f"{REPLACE}: the share {share:g} of the steps is {count} of {STEPS}")
    if any(one.steps != share for one in objects):
        notes.append(f"{_RAG} has one {REPLACE}: the bound steps of single objects are left out")
    has = {
        "end of binding by sigma": any(one.sigma for one in objects),
        "strength of binding": any(one.strength != 1 for one in objects),
        "feather of objects": any(one.feather for one in objects),
        "seed of a region or object": any(one.seed is not None for one in objects),
        "native canvas of objects": any(one.mode == "native" for one in objects),
        "words around objects": background,
    }
    notes += [f"{_RAG} has no {what}: left out" for what, is_set in has.items() if is_set]
    return count


def _not_said(plan: Plan) -> list[str]:
    """Notes on words that RAG has no place for."""
    made = []
    if plan.negative_prompt or any(region.negative_prompt for region in plan.regions):
        made.append(f"{_RAG} has no negative prompts: left out")
    if any(region.cfg_scale is not None for region in plan.regions):
        made.append(f"{_RAG} has no CFG scale of a region: left out")
    if NETWORK_TAG.search(" ".join([plan.base_prompt, *(region.prompt for region in plan.regions)])):
        made.append(f"{_RAG} reads no tags of LoRAs in prompts: left out")
    return made


def _without_tags(text: str) -> str:
    return " ".join(NETWORK_TAG.sub(" ", text).split())
