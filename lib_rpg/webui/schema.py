"""The JSON schema (draft 2020-12) of what the API takes: the dict of a generation, and the bodies of the routes.

It follows from the options table and from the checks that the fields of `Plan` and `PlanRequest` declare. Whatever it
refuses, the extension refuses. The extension also refuses what a schema cannot see, such as a ratio that has more
cells than the plan has regions.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lib_rpg.fields import Schema, Text, declared, or_null, reference_to, schema_of
from lib_rpg.layout.canvas import MAX_SIDE
from lib_rpg.plan import MAX_PROMPT, MAX_REGIONS, Entity, ObjectBinding, Plan, Region, Source
from lib_rpg.planner import PLANNERS, PlanRequest
from lib_rpg.repainting.request import Repaint
from lib_rpg.webui.option_kinds import Kind, Option, Part
from lib_rpg.webui.options import BY_NAME, OPTIONS, of_part

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT, _FLAG = {"type": "string"}, {"type": "boolean"}
_BLANK = r"^\s*$"
_PLANNER = {"enum": [*PLANNERS, ""]}
"""A blank planner is the one in Settings."""
_BY_LAYOUT: Schema = {
    "if": {"properties": {"layout": {"const": "boxes"}}, "required": ["layout"]},
    "then": {"properties": {"split_ratio": {"pattern": _BLANK}, "rows_first": {"const": False}}},
    "else": {
        "properties": {
            "split_ratio": {"pattern": r"\S"},
            "regions": {"items": {"properties": {"mask": {"pattern": r"^\s*(data:image/png;base64,)?\s*$"}}}},
        },
        "required": ["split_ratio"],
    },
}
"""What `Plan` asks of free boxes, and of a grid."""


@dataclass(frozen=True)
class Key:
    """A key of a route's body: the type of its value as JSON is read, and the schema of what is taken."""

    kind: type
    schema: Schema = field(default_factory=dict)


def _asked(name: str) -> Schema:
    """What the field of that name of a `PlanRequest` takes; a text, or true or false, where its check has no schema."""
    known = declared(PlanRequest).get(name)
    return (schema_of(known.check) if known else _FLAG) or _TEXT


_REQUEST = {
    "prompt": Key(str, Text(MAX_PROMPT, needed=True).schema()),
    "width": Key(int, _asked("width")),
    "height": Key(int, _asked("height")),
    **{o.name: Key(bool if o.kind is Kind.FLAG else str, _asked(o.name)) for o in of_part(Part.REQUEST)},
    "picture": Key(str, {**_TEXT, "contentEncoding": "base64"}),
}
_SIDE = {"type": "integer", "minimum": 8, "maximum": MAX_SIDE, "multipleOf": 8}
BODIES: Mapping[str, Mapping[str, Key]] = {
    "/rpg/plan": {**_REQUEST, "planner": Key(str, _PLANNER), "answer": Key(str, _TEXT), "again": Key(bool, _FLAG)},
    "/rpg/request": _REQUEST,
    "/rpg/layout": {
        "split_ratio": Key(str, {**_TEXT, "pattern": r"\S"}),
        "width": Key(int, _SIDE),
        "height": Key(int, _SIDE),
        "rows_first": Key(bool, _FLAG),
    },
}
"""The keys of the bodies of the routes that plan and measure, by path; the first one has to be given."""


def api_schema() -> Schema:
    """The schema of the one dict in ``alwayson_scripts.RPG.args``, as values for JSON.

    ``routes`` has the schemas of the bodies of `BODIES` by method and path; a validator of the dict passes it over.
    """
    return {
        "$schema": _DRAFT,
        "title": "alwayson_scripts.RPG.args[0]",
        "description": "What to draw with regions. A key that is null counts as one that is left out.",
        "type": "object",
        # Where the extension is switched off, the other keys are not read.
        "if": {"properties": {"enabled": {"const": False}}, "required": ["enabled"]},
        "then": {"$ref": "#/$defs/Off"},
        "else": {"$ref": "#/$defs/On"},
        "$defs": {
            "On": _closed({option.name: _option(option) for option in OPTIONS}),
            "Off": _closed({o.name: or_null(_FLAG) if o.kind is Kind.FLAG else {} for o in OPTIONS}),
            "Plan": _plan(),
            **{kind.__name__: _object(kind) for kind in (Region, Entity, ObjectBinding, Source, Repaint)},
        },
        "routes": {f"POST {path}": _body(keys) for path, keys in BODIES.items()},
    }


def _option(option: Option) -> Schema:
    """The schema of an option's value, null included, with the words that the page shows beside it."""
    schema = or_null(_value(option))
    if option.name == "enabled":
        schema["default"] = option.default
    shown = {"title": option.label, "description": option.help}
    return {**{key: text for key, text in shown.items() if text}, **schema}


def _value(option: Option) -> Schema:
    if option.kind is Kind.FLAG:
        return _FLAG
    if option.kind is Kind.PLAN:
        return reference_to(Plan)
    if option.kind is Kind.REPAINT:
        return reference_to(Repaint)
    if option.kind is Kind.NUMBERS:
        number = schema_of(declared(Region)[option.region_field].check)
        # An item may be a number as text, such as "0.2"; null is a blank one.
        items = {"anyOf": [number, _TEXT, {"type": "null"}]}
        numbers = {"type": "array", "items": items, "maxItems": MAX_REGIONS}
        return {"anyOf": [{**_TEXT, "examples": [*option.words, option.example]}, numbers]}
    if option.sets is Part.PLAN:
        return schema_of(declared(Plan)[option.name].check)
    if option.sets is Part.REQUEST:
        return _or_blank(_asked(option.name))
    # The length of a prompt counts without its comments, which a schema cannot leave out.
    return _PLANNER if option is BY_NAME["planner"] else _TEXT


def _or_blank(schema: Schema) -> Schema:
    """A blank text is taken too, for what Settings say."""
    return {**schema, "enum": [*schema["enum"], ""]} if "enum" in schema else schema


def _plan() -> Schema:
    schema = _object(Plan)
    regions = {key: value for key, value in schema["properties"]["regions"].items() if key != "default"}
    schema["properties"]["regions"] = {**regions, "minItems": 1}
    return {**schema, "required": ["regions"], **_BY_LAYOUT}


def _object(kind: type) -> Schema:
    """The schema of an object of a dataclass of declared fields."""
    properties = {}
    for name, one in declared(kind).items():
        properties[name] = (
            schema_of(one.check) if one.needed else {**schema_of(one.check), "default": _plain(one.default)}
        )
    required = [name for name, one in declared(kind).items() if one.needed]
    return {"description": inspect.getdoc(kind), **_closed(properties, required)}


def _body(keys: Mapping[str, Key]) -> Schema:
    return _closed({name: key.schema for name, key in keys.items()}, [next(iter(keys))])


def _closed(properties: Mapping[str, Schema], required: list[str] | None = None) -> Schema:
    """An object of these keys alone."""
    schema: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**schema, "required": required} if required else schema


def _plain(value: Any) -> Any:
    """A default as a value of JSON."""
    if dataclasses.is_dataclass(value):
        return value.to_dict()  # type: ignore[union-attr]
    return list(value) if isinstance(value, tuple) else value
