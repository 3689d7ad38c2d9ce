"""The extension's routes: who may send what, and that slow plans hold up nobody else."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg import planner as planners
from lib_rpg.webui import api, settings
from lib_rpg.webui.key_field import KeyIntake
from lib_rpg.webui.schema import api_schema

CAT = {"prompt": "a cat left of a dog", "planner": "offline"}


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The WebUI's command line, with the API switched on."""
    from modules import shared

    monkeypatch.setattr(shared, "cmd_opts", SimpleNamespace(api=True, nowebui=False, api_auth=None))
    monkeypatch.setattr(shared.opts, "data", dict(shared.opts.data))
    monkeypatch.setattr(shared.opts, "data_labels", dict(shared.opts.data_labels))
    settings.register(KeyIntake())
    return shared.cmd_opts


@pytest.fixture
def served() -> Iterator[Any]:
    """Makes a client of an app that has the routes; all of them are closed at the end."""
    made: list[api.Routes] = []

    def serve() -> TestClient:
        routes, app = api.Routes(lambda: ""), FastAPI()
        made.append(routes)
        routes.register(app)

        @app.get("/other")
        def other() -> dict:  # a synchronous route of the WebUI
            return {}

        return TestClient(app)

    yield serve
    for routes in made:
        routes.close()
        routes.close()


def test_there_are_no_routes_where_the_webui_has_no_api(options: Any, served) -> None:
    options.api = False
    client = served()
    for method, path in (
        ("post", "plan"),
        ("post", "request"),
        ("post", "layout"),
        ("get", "gallery"),
        ("get", "schema"),
        ("get", "status"),
    ):
        assert getattr(client, method)(f"/rpg/{path}").status_code == 404
    options.nowebui = True
    assert served().get("/rpg/status").status_code == 200


def test_routes_ask_for_the_apis_password(options: Any, served) -> None:
    options.api_auth = "ann:secret,bob:s:p"
    client = served()
    for path in ("plan", "request", "layout"):
        assert client.post(f"/rpg/{path}", json=CAT).status_code == 401
    for path in ("gallery", "schema", "status"):
        assert client.get(f"/rpg/{path}").status_code == 401
        assert client.get(f"/rpg/{path}", auth=("bob", "s:p")).status_code == 200
    assert client.post("/rpg/plan", json=CAT, auth=("ann", "wrong")).status_code == 401
    assert client.post("/rpg/plan", json=CAT, auth=("ann", "secret")).status_code == 200


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json", "application"]
)
def test_only_json_is_taken(options: Any, served, kind: str) -> None:
    """A page of another origin can send these kinds, and no kind at all, without being asked first."""
    answer = served().post("/rpg/plan", content=b'{"prompt": "a cat"}', headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == 415 and "application/json" in answer.json()["detail"]
    right = served().post(
        "/rpg/plan", content=b'{"prompt": "a cat"}', headers={"Content-Type": "Application/JSON; x=y"}
    )
    assert right.status_code == 200


def test_another_sites_page_is_refused(options: Any, served) -> None:
    client = served()
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post("/rpg/plan", json=CAT, headers=headers).status_code == 403
    assert client.post("/rpg/plan", json=CAT, headers={"Origin": "http://testserver"}).status_code == 200
    options.cors_allow_origins = "http://evil.example"
    assert client.post("/rpg/plan", json=CAT, headers={"Origin": "http://evil.example"}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"a cat"',
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"prompt": ' + b"[" * 200_000,
        b'{"width": ' + b"9" * 9999 + b"}",
        b'{"prompt": "a", "prompt": "b"}',
        b'{"prompt": NaN}',
        b'{"prompt": "\\ud800"}',
        b'{"prompt": "a cat", "language": "\\ud800"}',
        b'{"prompt": "a cat", "width": ' + b"9" * 3000 + b"}",
        b'{"prompt": "a cat", "method": "' + b"x" * 100_000 + b'"}',
        b'{"prompt": "a cat", "planner": "' + b"1," * 50_000 + b'"}',
        b'{"prompt": "a cat", "picture": "%%%"}',
    ],
)
def test_no_body_gives_more_than_one_sentence(options: Any, served, body: bytes) -> None:
    answer = served().post("/rpg/plan", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text
    sentence = answer.json()["detail"]
    assert isinstance(sentence, str) and 10 < len(sentence) < 300 and "\n" not in sentence


def test_a_body_without_end_is_cut_off(options: Any, served) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 4 * api.MAX_BODY:
            sent += 1_000_000
            yield b" " * 1_000_000

    answer = served().post("/rpg/plan", content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_a_body_of_millions_of_lists_takes_neither_time_nor_memory(options: Any, served) -> None:
    client = served()
    for body in (b'{"x": [' + b"[]," * 5_000_000 + b"0]}", b'{"x": [' + b"{}," * 5_000_000, b"[" * 20_000_000):
        began = time.monotonic()
        answer = client.post("/rpg/layout", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413 and time.monotonic() - began < 5


def test_the_schema_is_the_one_that_the_table_of_options_gives(options: Any, served) -> None:
    assert served().get("/rpg/schema").json() == json.loads(json.dumps(api_schema()))


BODIES_OF_EACH_KIND: list[tuple[str, dict[str, Any]]] = [
    ("plan", CAT),
    (
        "plan",
        {**CAT, "width": 192, "height": 128, "method": "lmd", "dialect": "tags", "recaption": False, "again": True},
    ),
    ("plan", {**CAT, "planner": "", "language": "", "picture": "", "answer": ""}),
    ("plan", {**CAT, "colour": "red"}),
    ("plan", {**CAT, "width": 0}),
    ("plan", {**CAT, "height": 16385}),
    ("plan", {**CAT, "width": "64"}),
    ("plan", {**CAT, "method": "grid"}),
    ("plan", {**CAT, "dialect": ""}),
    ("plan", {**CAT, "planner": "oracle"}),
    ("plan", {**CAT, "again": 1}),
    ("plan", {**CAT, "prompt": " "}),
    ("plan", {**CAT, "prompt": "x" * 20_001}),
    ("plan", {**CAT, "prompt": None}),
    ("plan", {"planner": "offline"}),
    ("request", {"prompt": "a cat"}),
    ("request", {"prompt": "a cat", "planner": "paste"}),
    ("request", {"prompt": ["a cat"]}),
    ("layout", {"split_ratio": "1,2", "width": 64, "height": 128, "rows_first": True}),
    ("layout", {"split_ratio": "1，2"}),
    ("layout", {"split_ratio": " "}),
    ("layout", {"split_ratio": 12}),
    ("layout", {"split_ratio": "1", "width": 100}),
    ("layout", {"split_ratio": "1", "width": 16392}),
    ("layout", {"split_ratio": "1", "rows_first": "yes"}),
    ("layout", {"width": 64}),
]


@pytest.mark.parametrize(("path", "body"), BODIES_OF_EACH_KIND)
def test_a_route_takes_what_its_schema_takes(options: Any, served, path: str, body: dict[str, Any]) -> None:
    taken = Draft202012Validator(api_schema()["routes"][f"POST /rpg/{path}"]).is_valid(body)
    answer = served().post(f"/rpg/{path}", json=body)
    assert answer.status_code == (200 if taken else 422), answer.text


def test_an_answer_on_a_ratio_has_notes_only_where_something_was_mended(options: Any, served) -> None:
    client = served()
    sound = client.post("/rpg/layout", json={"split_ratio": "1,2"}).json()
    mended = client.post("/rpg/layout", json={"split_ratio": "1，2"}).json()
    assert "notes" not in sound
    assert mended == {**sound, "notes": ["split ratio: '1，2' is read as '1,2'"]}


def test_a_picture_within_the_limit_is_taken(options: Any, served) -> None:
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(planners.MAX_PICTURE - 8)).decode()
    assert served().post("/rpg/plan", json={**CAT, "picture": picture}).status_code == 200
    assert served().post("/rpg/plan", json={**CAT, "picture": picture + "AAAA"}).status_code == 422


def test_the_dialect_comes_with_the_request_or_from_settings(options: Any, served) -> None:
    def text(**keys: str) -> str:
        return served().post("/rpg/request", json={"prompt": "a cat left of a dog", **keys}).json()["text"]

    assert "as tags between commas" not in text()
    assert "as tags between commas" in text(dialect="tags")
    settings.shared.opts.data["rpg_dialect"] = "tags"
    assert "as tags between commas" in text()
    assert "as tags between commas" not in text(dialect="sentences")
    refused = served().post("/rpg/plan", json={**CAT, "dialect": "prose"})
    assert refused.status_code == 422
    assert "dialect: 'prose' is not known; use one of auto, tags, sentences" in refused.text


def test_sixty_slow_plans_hold_up_no_other_route(options: Any, served, monkeypatch) -> None:
    running, most, release, lock = 0, 0, threading.Event(), threading.Lock()
    real = planners.plan

    def slow(request: Any, planner: str, **options: Any) -> Any:
        nonlocal running, most
        if planner != "openai":
            return real(request, planner, **options)
        with lock:
            running += 1
            most = max(most, running)
        release.wait(30)
        with lock:
            running -= 1
        return real(request, "offline")

    monkeypatch.setattr(planners, "plan", slow)
    with served() as client, ThreadPoolExecutor(70) as pool:
        slow_ones = [pool.submit(client.post, "/rpg/plan", json={**CAT, "planner": "openai"}) for _ in range(60)]
        while sum(one.done() for one in slow_ones) < 28:  # those that find no room are sent away at once
            time.sleep(0.01)
        began = time.monotonic()
        others = [pool.submit(client.get, "/other") for _ in range(5)]
        quick = [pool.submit(client.post, "/rpg/plan", json=CAT), pool.submit(client.get, "/rpg/status")]
        assert all(one.result().status_code == 200 for one in [*others, *quick])
        took = time.monotonic() - began
        release.set()
        codes = [one.result().status_code for one in slow_ones]
    assert took < 5
    assert most == 4
    assert codes.count(200) == 32 and codes.count(503) == 28
