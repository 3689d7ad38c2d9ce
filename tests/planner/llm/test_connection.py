"""A try of the server that the settings name: what it says of each kind of server, and that it never says the key."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path
from typing import Any

import pytest

from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm import connection
from lib_rpg.planner.llm.connection import check_connection, key_state
from lib_rpg.planner.llm.server.key_file import KeyFile
from lib_rpg.planner.llm.server.presets import load_presets
from tests.planner.llm.scripted import Reply, completion, document, raw, refusal, scripted, stall

KEY = "sk-proj-Zq7Wm2Xv9Lk4Tn8Rb3Yd6Hs1"
OK = completion('{"ok": true}')


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key and no address of the machine that runs the tests."""
    monkeypatch.setenv("RPG_CONFIG", str(tmp_path))
    for preset in load_presets().values():
        for name in (*preset.key_variables, *preset.base_url_variables):
            monkeypatch.delenv(name, raising=False)


def config(url: str, **more: Any) -> PlannerConfig:
    return PlannerConfig(**{"provider": "custom", "base_url": url, "model": "m", "cache": None, "timeout": 3.0, **more})


@pytest.mark.parametrize("provider", list(load_presets()))
def test_a_server_of_every_kind_that_answers_is_reached(provider: str) -> None:
    preset = load_presets()[provider]
    with scripted(OK) as server:
        report = check_connection(config(server.url, provider=provider, model="some", key=KEY))
    assert report.reached and report.model == "some" and report.output_mode == preset.traits.rungs[0]
    assert report.pictures == preset.traits.pictures and report.listed is None
    assert report.in_words().startswith("Connected: the model 'some' (the server has no list) answered in ")
    assert KEY not in report.in_words()


@pytest.mark.parametrize(
    ("ids", "listed"),
    [
        (["m", "n"], True),
        (["models/m"], True),
        (["m:latest"], True),
        (["n"], False),
        (["m-large"], False),
        ([], None),
        ([5, None, {}], None),
    ],
)
def test_the_list_of_models_says_whether_the_model_is_in_it(ids: list[object], listed: bool | None) -> None:
    with scripted(OK, document(200, {"data": [{"id": one} for one in ids]})) as server, answering_get(server):
        report = check_connection(config(server.url))
    assert report.reached and report.listed is listed


@pytest.mark.parametrize("odd", [[], "text", {"data": 5}, {"data": None}, {"data": [5, "m"]}, {}])
def test_a_list_of_another_form_is_no_list(odd: object) -> None:
    with scripted(OK, document(200, odd)) as server, answering_get(server):
        report = check_connection(config(server.url))
    assert report.reached and report.listed is None


def answering_get(server: Any) -> Any:
    """While it is open, the server answers GET with its next reply, too."""
    from tests.planner.llm import scripted as module

    patch = pytest.MonkeyPatch()

    def get(handler: Any) -> None:
        handler.close_connection = True
        server.replies[-1](handler)

    patch.setattr(module.Handler, "do_GET", get)

    class Undone:
        def __enter__(self) -> None:
            pass

        def __exit__(self, *_: object) -> None:
            patch.undo()

    return Undone()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (refusal(401, "no"), "did not accept the key (HTTP 401)"),
        (refusal(403, "no"), "does not allow the use of 'm' (HTTP 403)"),
        (refusal(404, "The model `m` does not exist", code="model_not_found"), "has no model 'm' (HTTP 404)"),
        (refusal(404, "nothing here"), "has no chat API there (HTTP 404)"),
        (raw(200, "text/html", b"<html>hello</html>"), "answers with a web page"),
        (raw(200, "application/json", b"{not json"), "answers, but not like a chat API"),
        (
            raw(302, "text/html", b"", {"Location": "http://evil.example/"}),
            "redirects the request to http://evil.example",
        ),
        (refusal(401, f"bad key {KEY}"), "did not accept the key"),
        (refusal(400, f"bad key {KEY}"), "its message is not shown"),
        (completion(""), "gave an empty answer"),
    ],
)
def test_a_server_that_fails_is_reported_in_one_sentence_without_the_key(reply: Reply, words: str) -> None:
    with scripted(reply) as server:
        report = check_connection(config(server.url, key=KEY))
    assert not report.reached and words in report.problem
    assert report.in_words().startswith("Not usable: ") and KEY not in repr(report) + report.in_words()


def test_a_server_that_is_not_there_refuses_the_connection() -> None:
    with scripted(OK) as server:
        url = server.url
    assert "refuses connections" in check_connection(config(url, timeout=20.0)).problem


def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MOST_SECONDS", 1.0)
    start = time.monotonic()
    with scripted(stall(30)) as server:
        report = check_connection(config(server.url, timeout=1800.0))
    # Both limits end at the same time, so either may be the one that is said.
    assert "within 1 seconds" in report.problem or "stopped sending" in report.problem
    assert time.monotonic() - start < 10


def test_the_output_mode_is_the_strictest_that_the_server_takes() -> None:
    with scripted(refusal(400, "response_format json_schema is not supported"), OK) as server:
        assert check_connection(config(server.url)).output_mode == "json_object"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"provider": "nowhere"}, "'nowhere' is unknown"),
        ({"base_url": "http://[::1"}, "base URL"),
        ({"base_url": ""}, "has no address yet"),
        ({"model": ""}, "needs the name of a model"),
        ({"provider": "openai", "base_url": ""}, "needs a key"),
    ],
)
def test_settings_that_are_not_enough_are_a_report_as_well(more: dict[str, Any], words: str) -> None:
    assert words in check_connection(config("http://127.0.0.1:9/v1", **more)).problem


def test_a_stored_key_goes_to_its_own_server_only() -> None:
    with scripted(OK) as home, scripted(OK) as other:
        KeyFile().put("custom", home.url.removesuffix("/v1"), KEY)
        for url, count in ((home.url, "one"), (other.url, "none")):
            assert check_connection(config(url)).reached
            assert f"{count} is stored for custom" in key_state(config(url))
        assert all(one.headers.get("authorization") == f"Bearer {KEY}" for one in home.seen)
        assert len(other.seen) == 2 and not any(KEY in str(one.headers) for one in other.seen)


def test_the_state_of_an_environment_key_is_its_variable() -> None:
    openai = PlannerConfig(from_page=True)
    assert key_state(openai, {}) == (
        "none is stored for openai at https://api.openai.com:443; OPENAI_API_KEY is not set"
    )
    assert key_state(openai, {"OPENAI_API_KEY": KEY}) == (
        "the environment variable OPENAI_API_KEY is set, for https://api.openai.com:443"
    )
    elsewhere = PlannerConfig(from_page=True, base_url="http://mine.example/v1")
    withheld = key_state(elsewhere, {"OPENAI_API_KEY": KEY})
    assert "none is stored" in withheld and "for https://api.openai.com:443 only" in withheld and KEY not in withheld


@pytest.mark.parametrize(
    ("provider", "words"),
    [
        ("gemini", "; GEMINI_API_KEY and GOOGLE_API_KEY are not set"),
        ("ollama", ", which may need none; OLLAMA_API_KEY is not set"),
        ("azure", "none is stored for azure at an address that is not set yet; AZURE_OPENAI_API_KEY is not set"),
    ],
)
def test_without_a_key_the_variables_are_named_and_whether_one_is_needed(provider: str, words: str) -> None:
    assert key_state(PlannerConfig(provider=provider, from_page=True), {}).endswith(words)


@pytest.mark.parametrize("more", [{}, {"needs_key": True}, {"base_url": ""}, {"key_variables": []}])
def test_a_file_named_in_settings_does_not_learn_which_variables_are_set(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, more: dict[str, Any]
) -> None:
    own = tmp_path_factory.mktemp("elsewhere") / "servers.json"
    preset = {"name": "x", "base_url": "http://127.0.0.1:9", "key_variables": ["AWS_SECRET"], "model": "m", **more}
    own.write_text(json.dumps({"providers": [preset]}))
    asked = PlannerConfig(provider="x", providers=own, from_page=True)
    said = [(key_state(asked), check_connection(asked).problem)]
    monkeypatch.setenv("AWS_SECRET", KEY)
    said.append((key_state(asked), check_connection(asked).problem))
    assert said[0] == said[1] and all(said[0])


def test_a_real_server_is_tried(llama_server: Any) -> None:
    llama = config(llama_server.base_url, provider="llamacpp", model="", timeout=900.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "MOST_SECONDS", 900.0)  # the machine of the tests may be busy
        report = check_connection(llama)
    assert report.reached and report.output_mode == "json_schema" and not report.problem
    listed = check_connection(dataclasses.replace(llama, model=llama_server.model))
    assert (listed.model, listed.listed) == (llama_server.model, True)
