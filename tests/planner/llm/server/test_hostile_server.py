"""An attacker's server: every answer ends in one clean sentence, in bounded time, and the key shows nowhere."""

from __future__ import annotations

import json
import logging
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner import Hooks, PlannerConfig, PlanRequest, plan
from lib_rpg.planner.llm.answers import parse_answer
from lib_rpg.planner.llm.chat import ChatAnswer, ChatRequest, Message
from lib_rpg.planner.llm.chats import open_chat
from lib_rpg.planner.llm.server.package import check_package
from tests.planner.llm.scripted import (
    DONE,
    Handler,
    Reply,
    chunk,
    completion,
    document,
    events,
    raw,
    refusal,
    scripted,
)
from tests.planner.llm.server.test_secret import FORMS, KEYS
from tests.planner.llm.server.test_secrets import show_all

KEY = KEYS[0]
ASKED = ChatRequest((Message("user", "a cat"),), {"type": "object"})
ANSWER = '{"choices": [{"message": {"content": "x"}, "more": %s}]}'
DEEP = "[" * 100_000 + "]" * 100_000
HUGE = "1" * 5000
ECHOED = "sent the key back in its answer, which is not shown; do not use this server, and change the key"


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib_rpg.planner.llm.server.chat.backoff", lambda tries, random: 0.0)


def ask(reply: Reply, hooks: Hooks | None = None, **more: Any) -> ChatAnswer:
    with scripted(reply) as server:
        settings = {"provider": "custom", "base_url": server.url, "key": KEY, "model": "m", "timeout": 6.0}
        chat = open_chat(PlannerConfig(**{**settings, "cache": None, **more}), "openai")
        return chat.ask(ASKED, hooks or Hooks())


def trouble(reply: Reply, **more: Any) -> str:
    with pytest.raises(RpgError) as caught:
        ask(reply, **more)
    words = str(caught.value)
    assert words.isprintable() and len(words) < 700
    return words


@pytest.mark.parametrize(
    "inside", [DEEP, HUGE, "[" * 100_000, "-" + HUGE, '{"a":' * 100_000], ids=lambda text: text[:6]
)
def test_deep_and_huge_json_is_one_sentence(inside: str) -> None:
    whole = (ANSWER % inside).encode()
    for reply in (raw(200, "application/json", whole), events([b"data: " + whole + b"\n\n", DONE])):
        assert "not like a chat API" in trouble(reply)
    body = b'{"error": {"message": ' + inside.encode() + b"}}"
    assert "refused the request (HTTP 400)" in trouble(raw(400, "application/json", body))
    for start in ('{"split_ratio": "1", "regions": ', '{"version": 1, "regions": '):
        with pytest.raises(RpgError) as caught:
            parse_answer((start + inside + "}")[:190_000])
        assert str(caught.value).isprintable() and len(str(caught.value)) < 400


def test_huge_counts_are_no_counts() -> None:
    answer = document(200, {"choices": [{"message": {"content": "x"}}], "usage": {"prompt_tokens": 10**4000}})
    assert ask(answer).prompt_tokens is None


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("1e308", "in more than a day, but only"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "in more than a day, but only"),
        ("Mon, 01 Jan 0001 00:00:00 +2359", "is busy (HTTP 429) after 4 tries"),
        ("-1e308", "is busy (HTTP 429) after 4 tries"),
        ("nan", "is busy (HTTP 429) after 4 tries"),
        ("9" * 400, "is busy (HTTP 429) after 4 tries"),
    ],
)
def test_a_wait_is_shown_readably(header: str, said: str) -> None:
    assert said in trouble(refusal(429, "busy", {"Retry-After": header}))


def test_a_models_name_is_short_and_shows_what_it_is() -> None:
    name = "\x1b[31m\u202egpt\0\ud800\n" + "m" * 10**6
    answer = ask(document(200, {"model": name, "choices": [{"message": {"content": "x"}}]}))
    assert answer.model.startswith("gptm") and len(answer.model) <= 200 and answer.model.isprintable()


def endless_headers(handler: Handler) -> None:
    handler.send_response(200)
    while True:
        handler.wfile.write(b"X-A: " + b"b" * 1000 + b"\r\n")


def forever(part: bytes) -> Reply:
    def parts() -> Iterator[bytes]:
        while True:
            yield part

    return events(parts())


@pytest.mark.parametrize(
    ("reply", "timeout"),
    [
        (endless_headers, 3.0),
        (forever(b": still here\n" * 500), 3.0),
        (forever(b": still here\n\n" * 500), 3.0),
        (forever(chunk({}) * 50), 3.0),
        (forever(b"a\n" * 20_000), 1.5),
        (forever(b"data: 1\n" * 5000), 3.0),
        (forever(b"\r" * 20_000), 1.5),
        (forever(b"x" * 60_000), 3.0),
    ],
)
def test_what_never_ends_is_ended(reply: Reply, timeout: float) -> None:
    """By a bound of its size, or by the timeout: the shorter ones."""
    start = time.monotonic()
    trouble(reply, timeout=timeout)
    assert time.monotonic() - start < 8


def test_lines_without_an_event_are_read_in_linear_time() -> None:
    """Two megabytes of short lines: the openai package's own reader takes minutes, and cannot be cancelled."""
    start = time.monotonic()
    assert "not like a chat API" in trouble(raw(200, "text/event-stream", b"a\n" * 1_000_000), timeout=20.0)
    assert time.monotonic() - start < 15


@pytest.mark.parametrize(
    "charset", ["idna", "punycode", "zlib", "utf-7", "utf-16", "nonsense", "rot13", "unicode_escape"]
)
def test_every_charset_is_utf_8(charset: str) -> None:
    body = '{"error": {"message": "schlecht: ä"}}'.encode()
    assert "(HTTP 418): schlecht: ä" in trouble(raw(418, f"application/json; charset={charset}", body))


def test_events_are_read_whatever_their_line_ends_and_cuts() -> None:
    text = chunk({"content": "a\u2028b"}) + b": comment\n\nid: 5\nevent: x\n" + chunk({"content": "c"}, "stop") + DONE
    for end in (b"\n", b"\r\n", b"\r"):
        body = text.replace(b"\n", end)
        assert ask(events([body])).text == "a\nbc"
        assert ask(events([body[at : at + 7] for at in range(0, len(body), 7)])).text == "a\nbc"


def test_a_servers_words_steer_neither_console_nor_page() -> None:
    words = "\x1b[31mred\x1b]0;t\x07 \u202eevil\u200b \ue000"
    for reply in (refusal(400, words), refusal(500, words), completion(None, refusal=words)):
        said = trouble(reply)
        assert "red" in said and "evil" in said and "u202e" not in said
    streamed: list[str] = []
    answer = ask(events([chunk({"content": words}), chunk({"content": "."}, "stop"), DONE]), Hooks(streamed.append))
    for text in (answer.text, *streamed):
        assert not any(unicodedata.category(one) in ("Cc", "Cf", "Co") for one in text)


def test_an_emoji_that_is_cut_in_two_chunks_is_whole() -> None:
    parts = [b'data: {"choices": [{"delta": {"content": "\\ud83d"}}]}\n\n', chunk({"content": "\ude00"}, "stop"), DONE]
    assert ask(events(parts)).text == "\U0001f600"


# The key


@pytest.mark.parametrize("form", FORMS)
def test_an_echoed_key_is_shown_in_no_form(form: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = FORMS[form](KEY)
    for status in (400, 401, 404, 418, 500):
        said = trouble(refusal(status, f"cannot do {echo} at all"))
        assert echo not in said and "at all" not in said
    assert "its message is not shown, because it contains the key" in trouble(refusal(418, f"no {echo}"))
    assert "because it contains the key" in trouble(
        events([f"data: {json.dumps({'error': {'message': echo}})}\n\n".encode()])
    )
    shown: list[str] = []
    replies: list[Reply] = [
        completion(json.dumps({"prompt": echo})),
        events([chunk({"content": one}) for one in f"here: {echo} !"] + [chunk({}, "stop"), DONE]),
        events([chunk({"reasoning_content": one}) for one in echo] + [chunk({"content": "x"}, "stop"), DONE]),
        completion(None, refusal=echo),
        document(200, {"model": echo, "choices": [{"message": {"content": "x"}}]}),
    ]
    for reply in replies:
        with pytest.raises(RpgError) as caught:
            ask(reply, Hooks(shown.append, shown.append))
        assert ECHOED in str(caught.value) and echo not in show_all(caught.value)
    assert not any(echo in text for text in shown) and echo not in caplog.text


def test_a_key_in_headers_and_reason_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    def echo(handler: Handler) -> None:
        handler.send_response(400, KEY)
        handler.send_header("X-Echo", KEY)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    trouble(echo)
    assert KEY not in caplog.text
    logging.getLogger("httpx").info("somebody else's request")
    assert "somebody else's request" in caplog.text


@pytest.mark.parametrize(
    "location",
    [f"http://{KEY.lower()}.evil.example/", f"http://evil.example/{KEY}?{KEY}", "javascript:alert(1)", "//["],
)
def test_a_redirect_shows_no_key(location: str) -> None:
    said = trouble(raw(302, "text/plain", b"", {"Location": location}))
    assert "redirects the request" in said and KEY.lower() not in said.lower()


def good_plan(prompt: str, name: str = "cat") -> str:
    cell = {"width": 1, "name": name, "prompt": prompt, "entities": [{"phrase": "cat", "count": 1}]}
    return json.dumps({"base_prompt": "a cat", "negative_prompt": "", "rows": [{"height": 1, "cells": [cell]}]})


@pytest.mark.parametrize("make", [lambda: good_plan(f"a cat {KEY}"), lambda: good_plan("a cat", name=KEY[:18])])
def test_a_plan_with_the_key_is_neither_made_nor_kept(make: Callable[[], str], tmp_path: Path) -> None:
    with scripted(completion(make())) as server:
        config = PlannerConfig("custom", server.url, "m", KEY, cache=tmp_path)
        with pytest.raises(RpgError, match="sent the key back"):
            plan(PlanRequest("a cat"), "openai", config=config)
        assert len(server.seen) == 1
    assert not any(path.is_file() for path in tmp_path.rglob("*.json"))


def test_a_key_that_only_the_finished_plan_holds_is_found(tmp_path: Path) -> None:
    """Parts that what is left out of an answer keeps apart."""
    parts = "<lora:abcdefgh:1>".join(KEY[at : at + 5] for at in range(0, len(KEY), 5))
    with scripted(completion(good_plan(f"a cat {parts}"))) as server:
        config = PlannerConfig("custom", server.url, "m", KEY, cache=tmp_path)
        with pytest.raises(RpgError, match="sent the key back"):
            plan(PlanRequest("a cat"), "openai", config=config)
    assert not any(path.is_file() for path in tmp_path.rglob("*.json"))


# The package


@pytest.mark.parametrize("version", ["0.28.1", "1.39.9", "3.0.0", "3.1", "10.0"])
def test_another_release_of_openai_is_named_by_its_version_and_not_imported(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    for name in [name for name in sys.modules if name == "openai" or name.startswith("openai.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr("importlib.metadata.version", lambda name: version)
    with pytest.raises(RpgError) as caught:
        check_package()
    assert str(caught.value) == (
        f"the installed openai package has the version '{version}', and planning with a server needs >=1.40,<3; "
        "everything else works; another version may break the extension that installed this one, so change it only if "
        "you do not need that extension"
    )
    assert "openai" not in sys.modules


def test_a_release_that_another_extension_loaded_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    import openai

    monkeypatch.setattr(openai, "__version__", "0.28.1")
    with pytest.raises(RpgError, match=r"'0\.28\.1'"):
        check_package()
