"""The form that a model's answer is asked for, as a JSON schema.

A grid is asked for as rows of cells, each with its own weight, so that a ratio and its prompts cannot disagree; boxes
in whole percent of the canvas, which a schema can bound. `lib_rpg.planner.llm.answers` reads it.
"""

from __future__ import annotations

from typing import Any

MAX_ROWS = 12
MAX_ACROSS = 12
MAX_BOXES = 24
MAX_THINGS = 12

_MAX_REASONING, _MAX_TEXT, _MAX_OBJECT, _MAX_NAME = 600, 400, 160, 80  # characters, where a server can bound them
_TEXT = {"type": "string", "maxLength": _MAX_TEXT}
_NAME = {"type": "string", "maxLength": _MAX_NAME}
_WEIGHT = {"type": "integer", "minimum": 1, "maximum": 100}
_PERCENT = {
    "type": "array",
    "items": {"type": "integer", "minimum": 0, "maximum": 100},
    "minItems": 4,
    "maxItems": 4,
}


def answer_schema(method: str) -> dict[str, Any]:
    """The schema for one of `request.METHODS`; every key is required and no other allowed, as strict servers want."""
    reasoning = {"type": "string", "maxLength": _MAX_REASONING}
    head = {"reasoning": reasoning, "base_prompt": _TEXT, "negative_prompt": _TEXT}
    if method == "lmd":
        region = _object({"name": _NAME, "prompt": _TEXT, "percent": _PERCENT})
        return _object({**head, "regions": _list(region, MAX_BOXES)})
    entity: dict[str, Any] = {"phrase": _NAME, "count": {"type": "integer", "minimum": 1, "maximum": 999}}
    if method == "rag":
        entity |= {"prompt": {"type": "string", "maxLength": _MAX_OBJECT}, "percent": _PERCENT}
    cell = _object(
        {"width": _WEIGHT, "name": _NAME, "prompt": _TEXT, "entities": _list(_object(entity), MAX_THINGS, least=0)}
    )
    row = _object({"height": _WEIGHT, "cells": _list(cell, MAX_ACROSS)})
    return _object({**head, "rows": _list(row, MAX_ROWS)})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any], most: int, least: int = 1) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}
