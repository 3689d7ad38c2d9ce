"""Parses a language model's answer to a plan, in any known form and anywhere in the answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from lib_rpg.checks import refuse
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Source
from lib_rpg.planner.llm.answers.candidate import Candidate
from lib_rpg.planner.llm.answers.context import Context
from lib_rpg.planner.llm.answers.forms.json_blocks import Found, assigned_blocks, json_blocks
from lib_rpg.planner.llm.answers.forms.lmd_text import lmd_blocks
from lib_rpg.planner.llm.answers.forms.rpg_text import ratio_blocks
from lib_rpg.planner.llm.answers.key_lines import key_lines, keys_within_lines
from lib_rpg.planner.llm.answers.unwrap import marked_answer, strip_thinking, without_marks
from lib_rpg.planner.request import PlanRequest

MAX_ANSWER = 200_000
# Only this many of the last blocks are tried; an honest answer has a few.
_MAX_BLOCKS = 200


def parse_answer(
    text: str,
    request: PlanRequest | None = None,
    *,
    prompt: str = "",
    base_ratio: float | None = None,
    source: Source | None = None,
) -> Plan:
    """Read a planner's answer of at most `MAX_ANSWER` characters; its last block that makes a valid plan wins.

    The forms are JSON (a plan document where it has a "version", else a model's answer), RPG's and RAG's key lines,
    RAG's parameters, and LMD's boxes. ``request`` gives the prompt, the canvas and the method that was asked for;
    without it any form is read, and ``prompt`` is what the user typed. ``base_ratio`` (0…1) is taken where the answer
    gives none; else it is 0.3 in RPG's text form, 0.4 where two regions hold things of one kind, and 0.2. ``source``
    (default ``paste``) gets a note for everything that was repaired or left out. A plan document keeps its own, unless
    there is a request.

    Raises RpgError if there is no plan, with the reason of the last attempt.
    """
    if not isinstance(text, str):
        raise RpgError(f"the answer is of type {type(text).__name__}; give it as text")
    if len(text) > MAX_ANSWER:
        raise RpgError(f"the answer has {len(text)} characters; give at most {MAX_ANSWER}")
    context = Context(
        prompt=request.prompt if request else prompt,
        size=(request.width, request.height) if request else None,
        method=request.method if request else "",
        base_ratio=base_ratio,
        source=source or Source("paste"),
    )
    stripped = strip_thinking(text)
    note = "the answer was in a thinking block that has no end"
    unclosed = dataclasses.replace(context, source=dataclasses.replace(context, notes=[note]).noted_source())
    failures: list[RpgError] = []
    for blocks in (
        lambda: _blocks(stripped.text, context),
        lambda: _within_lines(without_marks(stripped.text), context),
        lambda: json_blocks(stripped.tail, unclosed, whole=True)[0],
        lambda: _blocks(marked_answer(stripped.tail), unclosed),
    ):
        if plan := _last_plan(blocks(), failures):
            return plan
    if failures:
        raise failures[0]
    raise RpgError(
        "no plan was found in the answer; it needs a plan as JSON, or the lines 'Final split ratio: …' and "
        "'Regional Prompt: … BREAK …'"
    )


def _last_plan(blocks: Sequence[Candidate], failures: list[RpgError]) -> Plan | None:
    """The plan of the last block that makes one; why the others make none is added to ``failures``, the last first."""
    for block in sorted(blocks, key=lambda block: block.start, reverse=True)[:_MAX_BLOCKS]:
        try:
            return _worded(block.read())
        except RpgError as error:
            failures.append(error)
    return None


def _worded(plan: Plan) -> Plan:
    """The plan. Raises RpgError for a region without words: a person may mean that, a model forgot them."""
    for index, region in enumerate(plan.regions):
        if not region.prompt:
            refuse(f"regions[{index}].prompt", "is empty", "write it")
    return plan


def _blocks(text: str, context: Context) -> list[Candidate]:
    """Every part of the answer that may be a plan, in any form."""
    if not text.strip():
        return []
    blocks, found = json_blocks(text, context)
    text = _without(text, found)
    blocks += assigned_blocks(text, context)
    text = without_marks(text)
    parts = key_lines(text)
    return blocks + ratio_blocks(parts, context) + lmd_blocks(parts, text, context)


def _within_lines(text: str, context: Context) -> list[Candidate]:
    """The pairs of an answer that is all in one line; none where both keys begin lines, which were read before."""
    parts = keys_within_lines(text)
    if not parts or {"ratio", "prompt"} <= {part.key for part in key_lines(text)}:
        return []
    return ratio_blocks(parts, context)


def _without(text: str, found: Sequence[Found]) -> str:
    """The text with spaces in the place of the objects that were found."""
    pieces = []
    position = 0
    for one in found:
        pieces += [text[position : one.start], " " * len(one.text)]
        position = one.start + len(one.text)
    return "".join([*pieces, text[position:]])
