"""Wrong requests, to txt2img and to the routes: HTTP 4xx, one sentence of what is wrong and what to do, no trace."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from tests.contract.client import BASE, Client, Drawn, HostError, plan_of

GOOD = plan_of("a red circle", "a green square")
FILLED = {"regional_prompt": "a red circle BREAK a green square", "split_ratio": "1,1"}
PROMPT = {"prompt": BASE["prompt"], "planner": "offline"}
NAN, ENDLESS = float("nan"), float("inf")
JSON = {"Content-Type": "application/json"}


def in_region(**fields: Any) -> dict[str, Any]:
    """A plan whose second region has these fields."""
    return {"plan": plan_of("a red circle", {"prompt": "a green square", **fields})}


def in_box(**fields: Any) -> dict[str, Any]:
    """A plan of one free box with these fields."""
    return {"plan": plan_of({"prompt": "a red circle", **fields}, layout="boxes", split_ratio="")}


def nested() -> list[Any]:
    """A list 200 deep: the WebUI itself copies a request no deeper than some 300."""
    value: list[Any] = []
    for _ in range(200):
        value = [value]
    return value


class Argument(NamedTuple):
    """The list of arguments, a word for the place of the fault, and one of the cure."""

    args: Any
    place: str
    cure: str


ARGUMENTS: dict[str, Argument] = {
    # The list itself.
    "text for the dict": Argument("1,1", "first argument", "send {"),
    "number for the dict": Argument([5], "first argument", "send {"),
    "list for the dict": Argument([[{"plan": GOOD}]], "first argument", "send {"),
    "empty text for the dict": Argument([""], "first argument", "send {"),
    "positional values": Argument(["a red circle BREAK a green square", "1,1"], "first argument", "send {"),
    "true and a list": Argument([True, [GOOD]], "state", "press Clear"),
    "true and half a document": Argument([True, '{"plan":'], "state", "press Clear"),
    "true and a document 900 deep": Argument([True, "[" * 900 + "]" * 900], "state", "press Clear"),
    "two dicts": Argument([{"plan": GOOD}, {"plan": GOOD}], "second argument", "send one dict"),
    # Keys.
    "unknown key": Argument([{"zigzag": 1}], "'zigzag'", "it takes"),
    "key with a slip": Argument([{**FILLED, "base_ration": 0.5}], "'base_ration'", "did you mean 'base_ratio'"),
    "key of a million letters": Argument([{"x" * 10**6: 1}], "unknown key", "it takes"),
    "key of two lines": Argument([{"a\nb": 1}], "unknown key", "it takes"),
    "key of a plan": Argument([{"plan": {**GOOD, "zigzag": 1}}], "'zigzag'", "use one of"),
    "key of a region": Argument([in_region(colour="red")], "regions[1]", "use one of"),
    "key of an entity": Argument([in_region(entities=[{"phrase": "x", "many": 2}])], "entities[0]", "use one of"),
    # Wrong types.
    "flag of text": Argument([{"enabled": "yes", "plan": GOOD}], "enabled", "true or false"),
    "flag of a number": Argument([{**FILLED, "rows_first": 1}], "rows_first", "true or false"),
    "flag 200 deep": Argument([{"enabled": nested()}], "enabled", "true or false"),
    "text of a list": Argument([{**FILLED, "regional_prompt": ["a", "b"]}], "regional_prompt", "must be a text"),
    "ratio of numbers": Argument([{**FILLED, "split_ratio": [1, 1]}], "split_ratio", "must be a text"),
    "number of text": Argument([{**FILLED, "base_ratio": "0.3"}], "base_ratio", "number from 0 to 1"),
    "number that is true": Argument([{**FILLED, "base_ratio": True}], "base_ratio", "number from 0 to 1"),
    "ratios 200 deep": Argument([{**FILLED, "base_ratios": nested()}], "base_ratios", "one number for each region"),
    "ratios of an object": Argument([{**FILLED, "base_ratios": {"0": 0, "1": 0}}], "base_ratios", "for each region"),
    "ratios that are true": Argument([{**FILLED, "base_ratios": [True, False]}], "base_ratios", "for each region"),
    "plan of text": Argument([{"plan": json.dumps(GOOD)}], "plan", "give one with"),
    "plan of a list": Argument([{"plan": [GOOD]}], "plan", "give one with"),
    "plan 200 deep": Argument([{"plan": nested()}], "plan", "give one with"),
    "plan that is false": Argument([{"plan": False}], "plan", "give one with"),
    "regions of an object": Argument([{"plan": {**GOOD, "regions": {"0": {}}}}], "regions", "give a list"),
    "regions of null": Argument([{"plan": {**GOOD, "regions": None}}], "regions", "give a list"),
    "region of null": Argument([{"plan": {**GOOD, "regions": [None]}}], "regions[0]", "give an object"),
    "null for a plan's text": Argument([{"plan": {**GOOD, "base_prompt": None}}], "base_prompt", "give a string"),
    "source of a list": Argument([{"plan": {**GOOD, "source": []}}], "source", "give an object"),
    "note 200 deep": Argument([{"plan": {**GOOD, "source": {"notes": [nested()]}}}], "notes[0]", "correct it"),
    # Numbers.
    "base ratio that is no number": Argument([{**FILLED, "base_ratio": NAN}], "base_ratio", "change it"),
    "endless base ratio of a plan": Argument([{"plan": {**GOOD, "base_ratio": ENDLESS}}], "base_ratio", "change it"),
    "ratio of a region of 400 digits": Argument([in_region(base_ratio=10**400)], "regions[1].base_ratio", "change it"),
    "ratios that are no numbers": Argument([{**FILLED, "base_ratios": [NAN, 0.1]}], "base_ratios", "for each region"),
    "ratio out of range": Argument([{**FILLED, "base_ratios": [0.1, 5]}], "regions[1].base_ratio", "from 0 to 1"),
    "endless weight": Argument([in_region(weight=ENDLESS)], "regions[1].weight", "change it"),
    "count of 30 digits": Argument([in_region(entities=[{"phrase": "x", "count": 10**30}])], "count", "from 1 to 999"),
    "version of 500 digits": Argument([{"plan": {**GOOD, "version": 10**500}}], "version", "update"),
    "version 0": Argument([{"plan": {**GOOD, "version": 0}}], "version", "give 1"),
    # Counts.
    "more cells than regions": Argument([{"plan": {**GOOD, "split_ratio": "1,1,1"}}], "split_ratio", "region"),
    "more prompts than cells": Argument([{**FILLED, "split_ratio": "1"}], "split_ratio", "prompts"),
    "a thousand prompts": Argument([{**FILLED, "regional_prompt": " BREAK ".join("a" * 1000)}], "ratio", "1000"),
    "65 regions": Argument([{"plan": plan_of(*"a" * 65)}], "regions", "give at most 64"),
    "ratio of one region": Argument([{**FILLED, "base_ratios": [0.1]}], "base_ratios", "give one for each"),
    "three negatives": Argument([{**FILLED, "negative_prompt": "a BREAK b BREAK c"}], "negative", "write one for each"),
    "plan without regions": Argument([{"plan": {}}], "regions", "give at least one"),
    # Texts.
    "a megabyte of prompt": Argument([{"prompt": "x" * 10**6}], "prompt", "shorten it"),
    "NUL": Argument([{**FILLED, "base_prompt": "a\0b"}], "base_prompt", "remove NUL"),
    "half a character": Argument([{"prompt": "\ud800"}], "prompt", "lone surrogates"),
    # Choices.
    "planner": Argument([{"planner": "Offline"}], "planner", "use one of offline"),
    "planner of two lines": Argument([{"planner": "a\nb"}], "planner", "use one of offline"),
    "planner of a list": Argument([{"planner": ["offline"]}], "planner", "must be a text"),
    "method": Argument([{"method": "grid"}], "method", "use one of rpg"),
    "examples by a path": Argument([{"examples": "../../etc"}], "examples", "use auto or one of"),
    "LoRA mode": Argument([{**FILLED, "lora": "its place"}], "lora", "give one of text"),
    "layout of a plan": Argument([{"plan": {**GOOD, "layout": "circles"}}], "layout", "give 'grid' or 'boxes'"),
    # Boxes, masks, units.
    "box outside": Argument([in_box(box=[0.5, 0, 0.8, 1])], "regions[0].box", "keep the box on the canvas"),
    "box that is no number": Argument([in_box(box=[NAN, 0, 1, 1])], "regions[0].box", "change it"),
    "box of text": Argument([in_box(box="0,0,1,1")], "regions[0].box", "give four fractions"),
    "mask by an address": Argument([in_box(mask="http://127.0.0.1/m.png")], "regions[0].mask", "give a PNG file"),
    "mask by a path": Argument([in_box(mask="file:///etc/passwd")], "regions[0].mask", "give a PNG file"),
    "mask of another format": Argument([in_box(mask="/9j/4AAQSkZJRg==")], "regions[0].mask", "give one in base64"),
    "mask that is cut off": Argument([in_box(mask="iVBORw0KGgo=")], "regions[0].mask", "send the whole file"),
    "mask in a grid": Argument([in_region(mask="iVBORw0KGgo=")], "regions[1].mask", "set layout to 'boxes'"),
    "unit 99": Argument([in_region(control=[99])], "regions[1].control[0]", "from 0 to 9"),
    "unit that is true": Argument([in_region(control=[True])], "regions[1].control[0]", "from 0 to 9"),
    "unit twice": Argument([in_region(control=[1, 1])], "regions[1].control[1]", "each ControlNet unit once"),
    "units of text": Argument([in_region(control="0")], "regions[1].control", "give a list"),
    "times": Argument([in_region(start=0.6, end=0.5)], "regions[1].end", "never act"),
}


class Sent(NamedTuple):
    """A body for a route, as JSON or as bytes, the status of the answer, and words of the place and of the cure."""

    path: str
    body: Any
    place: str
    cure: str
    status: int = 422
    headers: dict[str, str] = JSON


SENT: dict[str, Sent] = {
    "no body": Sent("/rpg/plan", b"", "request", "correct it there"),
    "half a body": Sent("/rpg/plan", b'{"prompt": "a', "line 1, column", "correct it there"),
    "a list for the object": Sent("/rpg/plan", [PROMPT], "request", "send one with the key 'prompt'"),
    "null for the object": Sent("/rpg/layout", b"null", "request", "send one with the key"),
    "no UTF-8": Sent("/rpg/plan", b"\xff\xfe", "request", "send JSON in UTF-8"),
    "a key twice": Sent("/rpg/plan", b'{"prompt": "a", "prompt": "b"}', "'prompt' twice", "keep one"),
    "NaN": Sent("/rpg/plan", b'{"prompt": NaN}', "contains NaN", "give a finite number"),
    "a body 100,000 deep": Sent("/rpg/plan", b'{"prompt": ' + b"[" * 100_000, "too deeply", "correct it"),
    "a number of 9,999 digits": Sent("/rpg/plan", b'{"width": ' + b"9" * 9999 + b"}", "digits", "shorten it"),
    "no prompt": Sent("/rpg/plan", {"planner": "offline"}, "prompt is missing", "takes prompt"),
    "blank prompt": Sent("/rpg/plan", {**PROMPT, "prompt": " "}, "prompt", "say what the picture shows"),
    "prompt of a list": Sent("/rpg/request", {"prompt": ["a cat"]}, "prompt must be a text, not a list", "correct it"),
    "null prompt": Sent("/rpg/plan", {"prompt": None}, "prompt must be a text", "correct it"),
    "unknown key": Sent("/rpg/plan", {**PROMPT, "colour": "red"}, "'colour'", "this route takes"),
    "key with a slip": Sent("/rpg/plan", {**PROMPT, "widht": 64}, "'widht'", "did you mean 'width'"),
    "width of text": Sent(
        "/rpg/plan", {**PROMPT, "width": "64"}, "width must be a whole number, not '64'", "correct it"
    ),
    "width that is true": Sent("/rpg/plan", {**PROMPT, "width": True}, "width must be a whole number", "correct it"),
    "width 0": Sent("/rpg/plan", {**PROMPT, "width": 0}, "width: 0", "from 1 to 16384"),
    "width of 400 digits": Sent("/rpg/plan", {**PROMPT, "width": 10**400}, "width: a huge number", "from 1 to 16384"),
    "planner": Sent("/rpg/plan", {**PROMPT, "planner": "oracle"}, "'oracle'", "offline"),
    "planner of an object": Sent(
        "/rpg/plan", {**PROMPT, "planner": {}}, "planner must be a text, not an object", "correct it"
    ),
    "method": Sent("/rpg/plan", {**PROMPT, "method": "grid"}, "method: 'grid'", "use one of rpg"),
    "again of a number": Sent("/rpg/plan", {**PROMPT, "again": 1}, "again must be true or false, not 1", "correct it"),
    "picture by a path": Sent("/rpg/plan", {**PROMPT, "picture": "file:///etc/passwd"}, "picture", "encode the file's"),
    "answer without paste": Sent("/rpg/plan", {**PROMPT, "answer": "{}"}, "answer", "set planner to paste"),
    "answer without a plan": Sent("/rpg/plan", {**PROMPT, "planner": "paste", "answer": "no"}, "answer", "no plan"),
    "ratio of a number": Sent("/rpg/layout", {"split_ratio": 11}, "split_ratio must be a text, not 11", "correct it"),
    "malformed ratio": Sent("/rpg/layout", {"split_ratio": "1,,2"}, "'1,,2'", "write"),
    "megabyte of a ratio": Sent("/rpg/layout", {"split_ratio": "1" * 10**6}, "split_ratio", "give at most"),
    "side of no latent": Sent("/rpg/layout", {"split_ratio": "1", "width": 100}, "width: 100", "use 96 or 104"),
    "body of too many items": Sent("/rpg/plan", b"[" * 600_000, "items", "send a smaller one", 413),
    "text for JSON": Sent("/rpg/plan", PROMPT, "Content-Type", "send JSON", 415, {"Content-Type": "text/plain"}),
    "page of another site": Sent(
        "/rpg/plan", PROMPT, "http://evil.example", "own page", 403, {**JSON, "Origin": "http://evil.example"}
    ),
}


def refused(host: Client, path: str, content: bytes, headers: dict[str, str]) -> HostError:
    """The error that the host answers with; the test fails where it answers with none, or has reported one itself."""
    before = host.log.stat().st_size
    answer = host.http.post(path, content=content, headers=headers)
    assert answer.status_code != 200, "the request was taken"
    assert "Traceback" not in host.log.read_bytes()[before:].decode(errors="replace")
    return HostError(answer.status_code, answer.json())


def check_sentence(sentence: str, place: str, cure: str) -> None:
    assert place in sentence and cure in sentence, sentence
    assert 10 < len(sentence) < 500 and sentence.isprintable(), sentence
    assert "Traceback" not in sentence and ". " not in sentence.replace("…", ""), sentence


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_wrong_argument_is_refused_in_one_sentence_and_leaves_nothing_behind(
    host: Client, fresh: dict[str, Drawn], name: str
) -> None:
    args, place, cure = ARGUMENTS[name]
    body = {**BASE, "alwayson_scripts": {"RPG": {"args": args}}}
    error = refused(host, "/sdapi/v1/txt2img", json.dumps(body).encode(), JSON)
    assert error.status == 422, error
    check_sentence(error.sentence, place, cure)
    assert (host.plain().pixels == fresh["Euler"].pixels).all()


@pytest.mark.parametrize("name", SENT)
def test_a_wrong_body_is_refused_in_one_sentence_and_leaves_nothing_behind(
    host: Client, fresh: dict[str, Drawn], name: str
) -> None:
    path, body, place, cure, status, headers = SENT[name]
    error = refused(host, path, body if isinstance(body, bytes) else json.dumps(body).encode(), headers)
    assert error.status == status, error
    check_sentence(error.sentence, place, cure)
    assert (host.plain().pixels == fresh["Euler"].pixels).all()
