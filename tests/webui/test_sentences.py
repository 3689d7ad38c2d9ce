"""A refusal shows what was sent in JSON's words: never a list, an object or a tuple as Python writes it."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan
from lib_rpg.webui.args import read_args
from lib_rpg.webui.options import KEYS

VALUES = [[], ["x"], [None, "x"], [1, ["x"]], {}, {"x": None}, {"x": ["y"]}, ("x",), (1,), ({"x": 1},)]
PYTHON = re.compile(r"\['|\{'|\('|\(1,|\[None|, None|: None[,}]|', '[a-z]*'\]|\((\{|\[)")
TEXT = {"regional_prompt": "a BREAK b", "split_ratio": "1,1"}
REGION: dict[str, Any] = {
    "prompt": "a",
    "name": "",
    "negative_prompt": "",
    "box": [0, 0, 1, 1],
    "base_ratio": None,
    "weight": 1,
    "entities": [{"phrase": "x", "count": 1, "box": [0, 0, 1, 1]}],
    "start": 0,
    "end": 1,
    "mask": "",
    "control": [0],
    "muted": False,
}
DOCUMENT: dict[str, Any] = {
    "version": 1,
    "prompt": "p",
    "base_prompt": "b",
    "base_ratio": 0.3,
    "negative_prompt": "",
    "layout": "grid",
    "split_ratio": "1",
    "rows_first": False,
    "feather": 0,
    "lora": "text",
    "hires": "both",
    "regions": [REGION],
    "source": {"planner": "m", "model": None, "cached": False, "notes": ["n"]},
}


def paths(document: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value of a document."""
    for key in document if isinstance(document, dict) else range(len(document)):
        yield (*before, key)
        if isinstance(document[key], dict | list):
            yield from paths(document[key], (*before, key))


def changed(path: tuple[Any, ...], value: object) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    place: Any = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return document


def check(sentence: str) -> None:
    assert not PYTHON.search(sentence), sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("key", KEYS)
def test_an_option_of_another_kind_is_refused_without_python(key: str) -> None:
    refused = 0
    for value in VALUES:
        try:
            read_args(({**TEXT, key: value},))
        except RpgError as error:
            check(str(error))
            refused += 1
    assert refused > len(VALUES) / 2


@pytest.mark.parametrize("path", paths(DOCUMENT), ids=lambda path: ".".join(map(str, path)))
def test_a_plans_value_of_another_kind_is_refused_without_python(path: tuple[Any, ...]) -> None:
    refused = 0
    for value in VALUES:
        try:
            Plan.from_dict(changed(path, value))
        except RpgError as error:
            check(str(error))
            refused += 1
    assert refused > len(VALUES) / 2
