"""A key goes to one server and shows nowhere: not in a message, a repr, a traceback, a log or a file."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import openai  # noqa: F401  the first import of it takes longer than the timeout of a test
import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm.chat import ChatRequest, Hooks, Message
from lib_rpg.planner.llm.chats import open_chat
from lib_rpg.planner.llm.server.endpoint import find_endpoint
from lib_rpg.planner.llm.server.presets import load_presets
from tests.planner.llm.scripted import (
    Handler,
    Reply,
    chunk,
    completion,
    document,
    events,
    raw,
    refusal,
    scripted,
    stall,
    stream,
)

KEY = "sk-very/secret+0123456789"
ASKED = ChatRequest((Message("user", "a cat"),), {"type": "object"})


def echo_headers(status: int) -> Reply:
    """The worst server: it sends the whole request back."""

    def reply(handler: Handler) -> None:
        request = " ".join(f"{key}: {value}" for key, value in handler.headers.items())
        assert KEY in request
        refusal(status, f"cannot do: {request}")(handler)

    return reply


def cut(handler: Handler) -> None:
    handler.start(200, {"Content-Length": "100", "Content-Type": "application/json"})


STALL = stall(20)
REPLIES: list[Reply] = [
    echo_headers(400),
    echo_headers(401),
    echo_headers(403),
    echo_headers(404),
    echo_headers(418),
    echo_headers(500),
    echo_headers(429),
    raw(200, "text/html", b"<html>"),
    raw(200, "application/json", b"{"),
    raw(302, "text/plain", b"", {"Location": "http://localhost:1/elsewhere"}),
    document(200, {"error": {"message": f"key {KEY} is bad"}}),
    events([chunk({"content": "x"}), f'data: {{"error": {{"message": "Bearer {KEY}"}}}}\n\n'.encode()]),
    completion(""),
    completion(None, refusal=f"no, {KEY}"),
    cut,
    STALL,
]


def show_all(error: BaseException) -> str:
    """Everything that a log may print of an error, and of all that is attached to it."""
    parts = []
    pending: list[BaseException | None] = [error]
    while pending:
        one = pending.pop()
        if one is not None:
            parts += [str(one), repr(one), *traceback.format_exception(type(one), one, one.__traceback__)]
            parts += [repr(value) for value in vars(one).values()]
            pending += [one.__cause__, one.__context__]
    return "\n".join(parts)


@pytest.mark.parametrize("reply", REPLIES)
def test_no_trouble_shows_the_key(
    reply: Reply, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("lib_rpg.planner.llm.server.chat.backoff", lambda tries, random: 0.0)
    statuses: list[str] = []
    timeout = 1.5 if reply is STALL else 8.0
    with scripted(reply) as server:
        config = PlannerConfig(
            provider="custom", base_url=server.url, key=KEY, model="m", cache=tmp_path / "answers", timeout=timeout
        )
        chat = open_chat(config, "openai")
        with pytest.raises(RpgError) as caught:
            chat.ask(ASKED, Hooks(on_status=statuses.append))
        assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert caught.value.__cause__ is None and caught.value.__context__ is None
    written = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    for text in (show_all(caught.value), repr(config), repr(chat), str(statuses), caplog.text, *written):
        assert KEY not in text and KEY[:12] not in text


def test_success_shows_no_key_either(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with scripted(refusal(400, "no json_schema"), stream("{}")) as server:
        config = PlannerConfig(provider="custom", base_url=server.url, key=KEY, model="m", cache=tmp_path)
        chat = open_chat(config, "openai")
        answer = chat.ask(ASKED, Hooks())
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["server-output-modes"]
    for text in (files[0].read_text(), repr(answer), repr(vars(chat)), caplog.text):
        assert KEY not in text
    assert "json_object" in files[0].read_text()


def test_the_keys_order() -> None:
    preset = load_presets()["gemini"]
    both = {"GOOGLE_API_KEY": "second", "GEMINI_API_KEY": "first"}
    assert find_endpoint(PlannerConfig(key=" own "), preset, "m", both).key == "own"
    assert find_endpoint(PlannerConfig(), preset, "m", both).key == "first"
    assert (
        find_endpoint(PlannerConfig(), preset, "m", {"GOOGLE_API_KEY": "second", "GEMINI_API_KEY": " "}).key == "second"
    )
    with pytest.raises(RpgError, match="needs a key; set it in the key setting or the environment variable GEMINI_API"):
        find_endpoint(PlannerConfig(), preset, "m", {"OPENAI_API_KEY": "x"})


def test_an_environments_key_goes_to_its_own_host_or_where_the_user_said() -> None:
    preset = load_presets()["openai"]
    environment = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://elsewhere.example/v1"}
    assert find_endpoint(PlannerConfig(), preset, "m", environment).base_url == "https://api.openai.com/v1"
    own = PlannerConfig(base_url="http://10.0.0.1:1/v1/")
    assert find_endpoint(own, preset, "m", environment).base_url == "http://10.0.0.1:1/v1"


@pytest.mark.parametrize("key", ["sk-x\r\nX-Evil: 1", "sk x", "schlüssel", "\0"])
def test_a_key_that_breaks_a_header_is_refused_unseen(key: str) -> None:
    with pytest.raises(RpgError) as caught:
        find_endpoint(PlannerConfig(key=key, base_url="http://x"), load_presets()["custom"], "m", {})
    assert "copy the key again" in str(caught.value) and key not in show_all(caught.value)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://user:hunter2@host/v1", "user name or password"),
        ("http://hunter2@host/v1", "user name or password"),
        ("https://host/v1?key=hunter2", "after '?'"),
        ("https://host/v1#hunter2", "after '?'"),
        ("hunter2", "not an address"),
        ("ftp://hunter2/", "not an address"),
        ("http://host:hunter2/", "not an address"),
        ("http://[hunter2", "not an address"),
        ("http://", "not an address"),
        ("http://ho st/hunter2", "not an address"),
        ("http://host/\nhunter2", "not an address"),
    ],
)
def test_an_address_with_a_secret_is_refused_and_not_shown(url: str, problem: str) -> None:
    with pytest.raises(RpgError, match=problem.replace("?", r"\?")) as caught:
        find_endpoint(PlannerConfig(base_url=url, key=KEY), load_presets()["custom"], "m", {})
    assert "hunter2" not in show_all(caught.value) and KEY not in show_all(caught.value)


def test_a_missing_address_is_named() -> None:
    with pytest.raises(RpgError, match=r"Azure OpenAI has no address yet; .* AZURE_OPENAI_ENDPOINT"):
        find_endpoint(PlannerConfig(key="k"), load_presets()["azure"], "m", {})
