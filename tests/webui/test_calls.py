"""What the panel's script asks for by name: each call has an answer, also where there is none to give."""

from __future__ import annotations

import json

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.webui.panel.calls import Calls


def refuse() -> None:
    raise RpgError("there is no such preset; choose another")


def fail() -> None:
    raise ZeroDivisionError("a slip")


CALLS = Calls({"add": lambda a, b=1: a + b, "refuse": refuse, "fail": fail, "object": object})


def asked(call: object) -> dict:
    return json.loads(CALLS.answer(call if isinstance(call, str) else json.dumps(call)))


def test_a_call_has_its_result_and_its_number():
    assert asked({"id": 7, "name": "add", "data": {"a": 2, "b": 3}}) == {"id": 7, "result": 5}
    assert asked({"id": 8, "name": "add", "data": {"a": "é"}} | {"data": {"a": "é", "b": "円"}})["result"] == "é円"


def test_a_refusal_is_its_sentence():
    assert asked({"id": 1, "name": "refuse", "data": {}}) == {
        "id": 1,
        "error": "there is no such preset; choose another",
    }


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ({"id": 1, "name": "nothing", "data": {}}, "The panel asked for 'nothing', which is unknown; reload the page"),
        ({"id": 1, "name": ["add"], "data": {}}, "TypeError"),
        ({"id": 1, "name": "fail", "data": {}}, "ZeroDivisionError: a slip"),
        ({"id": 1, "name": "add", "data": {"c": 1}}, "TypeError"),
        ({"id": 1, "name": "add", "data": {}}, "TypeError"),
        ({"id": 1, "name": "object", "data": {}}, "TypeError"),  # a result that is no JSON
        ({"id": 1, "name": "add"}, "KeyError"),
        ({"id": 1}, "KeyError"),
    ],
)
def test_a_wrong_call_is_answered_with_one_sentence_and_its_number(call, said):
    answer = asked(call)
    assert answer["id"] == 1
    assert said in answer["error"]
    assert "\n" not in answer["error"]


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "7", "null", "{}"])
def test_what_is_no_call_is_answered_as_well(text):
    answer = asked(text)
    assert answer["id"] is None
    assert answer["error"]
