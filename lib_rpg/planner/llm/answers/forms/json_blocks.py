"""Answers as JSON: a plan document, or a model's answer, which is a part of one and may be written loosely."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from lib_rpg.checks import read_json, refuse, show
from lib_rpg.plan import Plan
from lib_rpg.planner.llm.answers.candidate import Candidate
from lib_rpg.planner.llm.answers.context import Context
from lib_rpg.planner.llm.answers.forms.model_answer import plain_key, read_model_answer
from lib_rpg.planner.llm.answers.forms.rag_parameters import NAMES, assigned
from lib_rpg.planner.llm.answers.loose_json import Literal, LiteralError, read_literal

_MAX_STARTS = 500
_MAX_WRAPPED = 4
_OF_WRAPPER = ("base_prompt", "negative_prompt", "base_ratio")
# What an object of a plan can begin with; prompts hold other braces, such as {red|blue}.
_START = re.compile(r"\{(?=\s*(?:[\"'\u201c\u2018}]|//|/\*|#|\w{1,40}\s*:))")
_PLAN_KEYS = {"split_ratio", "regions", "regional_prompt", "rows"} | NAMES  # any of them
_BOXES_KEYS = {"objects", "background_prompt"}  # both of them
_PLAN_WORDS = re.compile(
    r"\b(?:regions|rows|split[ _]?ratio|(?:regional|base|background)[ _]prompt|SR_prompt|HB_prompt_list)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """A plan's object in an answer: its position, and what was read."""

    start: int
    literal: Literal
    document: Mapping[str, Any]
    text: str


def json_blocks(text: str, context: Context, whole: bool = False) -> tuple[list[Candidate], list[Found]]:
    """Every JSON object that has a plan's keys; ``whole`` leaves out an object that the answer's end cuts.

    An object that looks like a plan and cannot be read makes a candidate that raises the reason.
    """
    blocks: list[Candidate] = []
    found: list[Found] = []
    for start, result in _objects(text):
        if isinstance(result, LiteralError):
            if _PLAN_WORDS.search(text, start):
                blocks.append(Candidate(start, partial(_unreadable, text, result)))
        elif document := _plan_in(result.value):
            if not (whole and result.cut):
                here = Found(start, result, document, text[start : result.end])
                found.append(here)
                blocks.append(Candidate(start, partial(_read, here, context)))
        elif isinstance(result.value.get("error"), str | dict):
            blocks.append(Candidate(start, partial(_server_error, result.value["error"])))
    return blocks, found


def assigned_blocks(text: str, context: Context) -> list[Candidate]:
    """RAG's parameters as ``name=value`` in a text, such as a call in its README."""
    values, start = assigned(text)
    if NAMES.isdisjoint(name.lower() for name in values):
        return []
    return [Candidate(start, partial(_read_assigned, values, context))]


def _read_assigned(values: Mapping[str, Any], context: Context) -> Plan:
    context = context.begin()
    plan = read_model_answer(values, context)
    return dataclasses.replace(plan, source=context.noted_source())


def _objects(text: str) -> Iterator[tuple[int, Literal | LiteralError]]:
    """The outermost objects, each with its position, or why it cannot be read (only the first of such)."""
    # A hostile answer could make every brace cost a reading to the end; together they cost at most a few of them.
    left = 4 * len(text) + 10_000
    failed = False
    position = 0
    for _ in range(_MAX_STARTS):
        match = _START.search(text, position)
        if not match or left <= 0:
            break
        start = match.start()
        position = start + 1
        try:
            literal = read_literal(text, start)
        except LiteralError as error:
            left -= error.position - start
            if not failed:
                failed = True
                yield start, error
            continue
        left -= literal.end - start
        if literal.cut and not _plan_in(literal.value):
            continue
        position = literal.end
        yield start, literal


def _unreadable(text: str, error: LiteralError) -> Plan:
    line = text.count("\n", 0, error.position) + 1
    column = error.position - text.rfind("\n", 0, error.position)
    refuse("the answer", f"is not valid JSON at line {line}, column {column} ({error})", "correct it there")


def _server_error(value: object) -> Plan:
    message = value.get("message", value) if isinstance(value, Mapping) else value
    refuse("the answer", f"is an error from the server, {show(message)}", "correct that and ask again")


def _plan_in(value: object, depth: int = 0) -> Mapping[str, Any] | None:
    """The object with a plan's keys: this one, or the one that it wraps, with the wrapper's own `_OF_WRAPPER`."""
    if not isinstance(value, Mapping):
        return None
    keys = {plain_key(key): key for key in value}
    if keys.keys() & _PLAN_KEYS or keys.keys() >= _BOXES_KEYS:
        return value
    if depth < _MAX_WRAPPED:
        for inner in list(value.values())[:20]:
            if found := _plan_in(inner, depth + 1):
                return (
                    found if "version" in found else {**{k: value[keys[k]] for k in _OF_WRAPPER if k in keys}, **found}
                )
    return None


def _read(found: Found, context: Context) -> Plan:
    if {"version", "source"} & found.document.keys():
        whole = read_json(found.text, "answer")
        return _read_plan(whole if found.document is found.literal.value else found.document, context)
    if found.literal.twice:
        refuse("the answer's JSON", f"has the key {show(found.literal.twice)} twice in one object", "keep one of them")
    context = context.begin()
    context.notes.extend(f"JSON: {repair}" for repair in found.literal.repairs)
    if found.literal.cut:
        context.notes.append("the answer was cut off; its incomplete end was left out")
    plan = read_model_answer(found.document, context)
    return dataclasses.replace(plan, source=context.noted_source())


def _read_plan(document: Mapping[str, Any], context: Context) -> Plan:
    """A plan document, read strictly. It keeps its own source, unless a model was asked; then its words are cleaned."""
    plan = Plan.from_dict(document)
    context.check_layout(plan.layout)
    if not context.method:
        return plan if "source" in document else dataclasses.replace(plan, source=context.source)
    context = context.begin()
    plan = context.clean(dataclasses.replace(plan, prompt=context.prompt))
    plan = plan if "binding" in document else context.with_binding(plan)
    return dataclasses.replace(plan, source=context.noted_source())
