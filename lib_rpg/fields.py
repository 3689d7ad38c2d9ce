"""Dataclass fields that declare their check, which is followed when an object is made, read from JSON and written.

    base_ratio: float = field(default=0.3, metadata=checked(Number(0, 1)))

A check takes a value and its place and returns the value as it is kept, or raises RpgError that begins with the place.
Its bounds are data: whatever lists the fields, such as the panel's options, reads them with `declared`. As a JSON
schema (draft 2020-12) they are what `schema_of` gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from lib_rpg.checks import (
    at,
    check_above,
    check_choice,
    check_flag,
    check_items,
    check_keys,
    check_number,
    check_text,
    check_whole,
    refuse,
    show,
)

Check = Callable[[Any, str], Any]
Schema = dict[str, Any]
"""A JSON schema, or a part of one."""
_CHECK, _SPARSE = "check", "sparse"
_NUL = r"\u0000"


def schema_of(check: Check | None) -> Schema:
    """The JSON schema of what a check takes; an empty one, which takes anything, for a check that has none."""
    made = getattr(check, "schema", None)
    return made() if made else {}


def reference_to(kind: type) -> Schema:
    """The schema that stands for an object of a dataclass of declared fields, where ``$defs`` has that by its name."""
    return {"$ref": f"#/$defs/{kind.__name__}"}


def or_null(schema: Schema) -> Schema:
    """The schema of what ``schema`` takes, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


@dataclass(frozen=True)
class Text:
    """A text of at most ``limit`` characters, without the white space around it; not empty if ``needed``."""

    limit: int
    needed: bool = False

    def __call__(self, value: object, place: str) -> str:
        return check_text(value, place, self.limit, self.needed)

    def schema(self) -> Schema:
        """A string of that length, without the characters that `refused_pattern` finds."""
        schema = {"type": "string", "maxLength": self.limit, "not": {"pattern": self.refused_pattern()}}
        return {**schema, "pattern": r"\S"} if self.needed else schema

    def refused_pattern(self) -> str:
        """Finds what the text may not hold. Lone surrogates are left out: no two languages' patterns agree on them."""
        return _NUL


@dataclass(frozen=True)
class Number:
    """A finite number from ``least`` to ``most``, both included; or ``above`` the least; or a ``whole`` number."""

    least: float
    most: float
    whole: bool = False
    above: bool = False
    advice: str = "change it"

    def __call__(self, value: object, place: str) -> float:
        if self.whole:
            return check_whole(value, place, int(self.least), int(self.most))
        if self.above:
            return check_above(value, place, self.least, self.most)
        return check_number(value, place, self.least, self.most, self.advice)

    def schema(self) -> Schema:
        """A number within the bounds. 1.0 counts as a whole number in a schema, but not here."""
        kind, least = "integer" if self.whole else "number", "exclusiveMinimum" if self.above else "minimum"
        return {"type": kind, least: self.least, "maximum": self.most}


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def __call__(self, value: object, place: str) -> bool:
        return check_flag(value, place)

    def schema(self) -> Schema:
        """True or false."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Choice:
    """One of some texts; ``problem`` and ``advice`` are the refusal's words, as `check_choice` has them."""

    choices: tuple[str, ...]
    problem: str = "is not a choice"
    advice: str = ""

    def __call__(self, value: object, place: str) -> str:
        return check_choice(value, place, self.choices, self.problem, self.advice)

    def schema(self) -> Schema:
        """The choices."""
        return {"enum": list(self.choices)}


@dataclass(frozen=True)
class Items:
    """A list of at most ``limit`` items of the type ``kind``, each of which passes ``each``; it is kept as a tuple.

    Where ``kind`` is a dataclass of declared fields, `read` makes the items from JSON objects.
    """

    kind: type
    limit: int
    each: Check | None = None

    def __call__(self, value: object, place: str) -> tuple[Any, ...]:
        items = check_items(value, place, self.kind, self.limit)
        if (each := self.each) is None:
            return items
        return tuple(each(item, f"{place}[{index}]") for index, item in enumerate(items))

    def read(self, value: object, place: str) -> tuple[Any, ...]:
        """The items from a document's list."""
        items = check_items(value, place, object, self.limit)
        return tuple(read(self.kind, item, f"{place}[{index}]") for index, item in enumerate(items))

    def schema(self) -> Schema:
        """A list of items of that kind."""
        items = reference_to(self.kind) if is_dataclass(self.kind) else schema_of(self.each)
        return {"type": "array", "items": items, "maxItems": self.limit}


@dataclass(frozen=True)
class Object:
    """An object of a dataclass of declared fields."""

    kind: type

    def __call__(self, value: object, place: str) -> Any:
        if not isinstance(value, self.kind):
            problem = f"{show(value)} is not a {self.kind.__name__.lower()}"
            refuse(place, problem, "give an object, or leave it out")
        return value

    def read(self, value: object, place: str) -> Any:
        """The object from a document's object."""
        return read(self.kind, value, place)

    def schema(self) -> Schema:
        """The kind's own, by its name."""
        return reference_to(self.kind)


@dataclass(frozen=True)
class OrNone:
    """What ``check`` takes, or None."""

    check: Check

    def __call__(self, value: object, place: str) -> Any:
        return None if value is None else self.check(value, place)

    def schema(self) -> Schema:
        """What the check takes, or null."""
        return or_null(schema_of(self.check))


def checked(check: Check, *, sparse: bool = False) -> dict[str, Any]:
    """The ``metadata`` of a field with that check; a ``sparse`` one is written only where it is not its default."""
    return {_CHECK: check, _SPARSE: sparse}


@dataclass(frozen=True)
class Declared:
    """A field as it is declared. ``default`` is `dataclasses.MISSING` for one that has to be given."""

    name: str
    default: Any
    check: Check
    sparse: bool

    @property
    def needed(self) -> bool:
        """Whether the field has no default."""
        return self.default is MISSING


@cache
def declared(kind: type) -> Mapping[str, Declared]:
    """The fields of a dataclass that declare a check, by name, in their order. The checks' attributes are the bounds.

    A default that is newly made for each object is given here as one such object.
    """
    result = {}
    for one in fields(kind):
        if _CHECK in one.metadata:
            default = one.default if one.default_factory is MISSING else one.default_factory()
            result[one.name] = Declared(one.name, default, one.metadata[_CHECK], one.metadata[_SPARSE])
    return result


@cache
def _checks(kind: type) -> tuple[tuple[str, Check], ...]:
    return tuple((name, one.check) for name, one in declared(kind).items())


@cache
def _nested(kind: type) -> tuple[tuple[str, Check], ...]:
    """The fields that hold objects of further dataclasses, and how these are read."""
    found = ((name, one.check) for name, one in declared(kind).items())
    return tuple(
        (name, check.read)
        for name, check in found
        if isinstance(check, Object) or (isinstance(check, Items) and is_dataclass(check.kind))
    )


@cache
def _needed(kind: type) -> tuple[str, ...]:
    return tuple(name for name, one in declared(kind).items() if one.needed)


@cache
def _sparse(kind: type) -> tuple[tuple[str, Any], ...]:
    return tuple((name, one.default) for name, one in declared(kind).items() if one.sparse)


def check_fields(item: Any) -> None:
    """Check all fields in their order and keep what the checks return: for ``__post_init__``, also of frozen objects.

    Raises RpgError that begins with the field's name.
    """
    for name, check in _checks(item.__class__):
        value = getattr(item, name)
        kept = check(value, name)
        if kept is not value:
            object.__setattr__(item, name, kept)


def read(kind: type, document: object, place: str = "") -> Any:
    """An object of a dataclass of declared fields from a JSON object; a missing key has its default.

    Raises RpgError for an unknown key, a missing one that has no default, and every violation, each with its place.
    """
    values = check_keys(document, place, declared(kind))
    inner = f"{place}." if place else ""
    for name, read_value in _nested(kind):
        if name in values:
            values[name] = read_value(values[name], inner + name)
    for name in _needed(kind):
        if name not in values:
            refuse(inner + name, "is missing", "write it")
    if not place:
        return kind(**values)
    with at(place, "."):
        return kind(**values)


def sparse_values(item: Any) -> dict[str, Any]:
    """The sparse fields that are not at their default, by name, as JSON has them."""
    values = {}
    for name, default in _sparse(item.__class__):
        if (value := getattr(item, name)) != default:
            values[name] = _plain(value)
    return values


def _plain(value: Any) -> Any:
    """A value as JSON has it: a tuple as a list, an object of declared fields as its ``to_dict`` gives it."""
    if is_dataclass(value):
        return value.to_dict()  # type: ignore[union-attr]
    return list(value) if isinstance(value, tuple) else value
