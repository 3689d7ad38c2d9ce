"""Fields that declare their check: made, read, written, and listed with their bounds."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field
from typing import Any

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.fields import (
    Choice,
    Flag,
    Items,
    Number,
    Object,
    OrNone,
    Text,
    check_fields,
    checked,
    declared,
    read,
    schema_of,
    sparse_values,
)
from lib_rpg.plan import MAX_FEATHER, MAX_WEIGHT, PASSES, Plan, Region


@dataclass(frozen=True)
class Part:
    name: str = field(metadata=checked(Text(5, needed=True)))
    size: float | None = field(default=None, metadata=checked(OrNone(Number(0, 10, above=True)), sparse=True))

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True)
class Whole:
    count: int = field(default=1, metadata=checked(Number(1, 9, whole=True)))
    share: float = field(default=0.5, metadata=checked(Number(0, 1), sparse=True))
    kind: str = field(default="a", metadata=checked(Choice(("a", "b")), sparse=True))
    is_on: bool = field(default=False, metadata=checked(Flag()))
    parts: tuple[Part, ...] = field(default=(), metadata=checked(Items(Part, 2)))
    words: tuple[str, ...] = field(default=(), metadata=checked(Items(str, 3, each=Text(3)), sparse=True))
    main: Part = field(default_factory=lambda: Part("x"), metadata=checked(Object(Part)))
    free: Any = None

    def __post_init__(self) -> None:
        check_fields(self)


def test_values_are_kept_as_the_checks_return_them() -> None:
    made = Whole(share=1, words=[" a ", "b"])  # type: ignore[arg-type]
    assert type(made.share) is float
    assert made.words == ("a", "b")
    assert made == Whole(share=1.0, words=("a", "b"))
    assert hash(made) == hash(Whole(share=1.0, words=("a", "b")))
    with pytest.raises(FrozenInstanceError):
        made.share = 0.0  # type: ignore[misc]


def test_an_object_is_read_with_those_in_it() -> None:
    document = {"count": 2, "parts": [{"name": "p"}, {"name": "q", "size": 3}], "main": {"name": "m"}}
    assert read(Whole, document) == Whole(2, parts=(Part("p"), Part("q", 3.0)), main=Part("m"))
    assert read(Whole, {}) == Whole()


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (5, "here: 5 is not an object; give an object, or leave it out"),
        ({"cont": 1}, "here: the key 'cont' is unknown; did you mean 'count'?"),
        ({"free": 1}, "here: the key 'free' is unknown; use one of count, share, kind, is_on, parts, words, main"),
        ({"count": 1.0}, "here.count: 1.0 is not a whole number; give one from 1 to 9"),
        ({"count": 0}, "here.count: 0 is out of range; give a whole number from 1 to 9"),
        ({"share": 2}, "here.share: 2 is not from 0 to 1; change it"),
        ({"kind": ["a"]}, "here.kind: a list is not a choice; give one of a, b"),
        ({"is_on": 1}, "here.is_on: 1 is not true or false; give one of them"),
        ({"parts": [{"name": "p"}, {}]}, "here.parts[1].name: is missing; write it"),
        ({"parts": [{"name": "p", "size": 0}]}, "here.parts[0].size: 0 is not > 0 and at most 10; change it"),
        ({"parts": [{}] * 3}, "here.parts: 3 items are too many; give at most 2"),
        ({"words": ["a", "abcd"]}, "here.words[1]: 4 characters are too many; give at most 3"),
        ({"main": {"name": " "}}, "here.main.name: is empty; write it"),
        ({"main": None}, "here.main: None is not an object; give an object, or leave it out"),
    ],
)
def test_every_violation_names_its_place(document: object, message: str) -> None:
    with pytest.raises(RpgError) as caught:
        read(Whole, document, "here")
    assert str(caught.value) == message


def test_an_object_of_another_kind_is_refused() -> None:
    with pytest.raises(RpgError, match=r"^main: 'x' is not a part; give an object, or leave it out$"):
        Whole(main="x")  # type: ignore[arg-type]


def test_sparse_fields_are_written_only_where_they_differ() -> None:
    assert sparse_values(Whole(count=3, is_on=True)) == {}
    assert sparse_values(Whole(words=("a",), share=0)) == {"share": 0.0, "words": ["a"]}
    assert sparse_values(Part("a", 2)) == {"size": 2.0}


def test_bounds_and_defaults_are_data() -> None:
    fields = declared(Plan)
    feather, hires = fields["feather"], fields["hires"]
    assert isinstance(feather.check, Number)
    assert (feather.check.least, feather.check.most, feather.check.whole, feather.default) == (0, MAX_FEATHER, False, 0)
    assert isinstance(hires.check, Choice)
    assert (hires.check.choices, hires.default, hires.sparse) == (PASSES, "both", True)
    weight = declared(Region)["weight"].check
    assert isinstance(weight, Number)
    assert (weight.above, weight.most) == (True, MAX_WEIGHT)
    assert declared(Region)["prompt"].needed and not fields["prompt"].needed
    assert list(fields)[:3] == ["prompt", "base_prompt", "base_ratio"]


@pytest.mark.parametrize(
    ("check", "schema"),
    [
        (Text(5), {"type": "string", "maxLength": 5, "not": {"pattern": r"\u0000"}}),
        (Text(5, needed=True), {"type": "string", "maxLength": 5, "not": {"pattern": r"\u0000"}, "pattern": r"\S"}),
        (Number(0, 1), {"type": "number", "minimum": 0, "maximum": 1}),
        (Number(0, 1, above=True), {"type": "number", "exclusiveMinimum": 0, "maximum": 1}),
        (Number(1, 9, whole=True), {"type": "integer", "minimum": 1, "maximum": 9}),
        (Flag(), {"type": "boolean"}),
        (Choice(("a", "b")), {"enum": ["a", "b"]}),
        (Items(Part, 3), {"type": "array", "items": {"$ref": "#/$defs/Part"}, "maxItems": 3}),
        (Items(str, 3, each=Flag()), {"type": "array", "items": {"type": "boolean"}, "maxItems": 3}),
        (Object(Part), {"$ref": "#/$defs/Part"}),
        (OrNone(Flag()), {"anyOf": [{"type": "boolean"}, {"type": "null"}]}),
        (lambda value, place: value, {}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_check_says_as_a_json_schema_what_it_takes(check: Any, schema: dict[str, Any]) -> None:
    assert schema_of(check) == schema
