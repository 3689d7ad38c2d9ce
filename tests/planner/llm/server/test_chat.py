"""Chats with a server that answers well, badly, late or not at all: each trouble ends in one clear sentence."""

from __future__ import annotations

import base64
import itertools
import json
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import HTTPServer
from typing import Any

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm.chat import CancelledPlanError, Chat, ChatAnswer, ChatRequest, Hooks, Message
from lib_rpg.planner.llm.server.chat import Clock, ServerChat
from lib_rpg.planner.llm.server.output_modes import OutputModeMemory
from lib_rpg.planner.llm.server.presets import load_presets
from lib_rpg.planner.llm.server.reply import MAX_TEXT
from tests.planner.llm.scripted import (
    DONE,
    Handler,
    Reply,
    Scripted,
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

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False}
ASKED = ChatRequest((Message("system", "Plan."), Message("user", "a cat")), SCHEMA)
PLAIN = ChatRequest((Message("user", "a cat"),))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


class Recorded:
    """Waits that take no time, and what they would have been."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.waits: list[float] = []
        self.clock = Clock(sleep=self._sleep, random=lambda: 0.0, now=lambda: now)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


def chat(
    server: Scripted | str, recorded: Recorded | None = None, memory: OutputModeMemory | None = None, **more: Any
) -> Chat:
    url = server if isinstance(server, str) else server.url
    settings = {"provider": "custom", "base_url": url, "model": "m", "timeout": 20.0, "cache": None, **more}
    config = PlannerConfig(**settings)
    preset = load_presets()[config.provider]
    return ServerChat(config, preset, memory or OutputModeMemory(), (recorded or Recorded()).clock)


def ask(*replies: Reply, request: ChatRequest = PLAIN, hooks: Hooks | None = None, **more: Any) -> ChatAnswer:
    with scripted(*replies) as server:
        return chat(server, **more).ask(request, hooks or Hooks())


def trouble(*replies: Reply, request: ChatRequest = PLAIN, **more: Any) -> str:
    with pytest.raises(RpgError) as caught:
        ask(*replies, request=request, **more)
    words = str(caught.value)
    assert "\n" not in words and len(words) < 600
    return words


def test_a_streamed_answer_grows_and_is_counted() -> None:
    texts: list[str] = []
    answer = ask(stream("one ", "two ", "three", pause=0.15), hooks=Hooks(on_text=texts.append))
    assert answer == ChatAnswer("one two three", "scripted-1", "text", 7, 5, 1, cut=False)
    assert len(texts) >= 2 and texts[-1] == "one two three"
    assert all(later.startswith(sooner) for sooner, later in itertools.pairwise(texts))


def test_what_is_sent() -> None:
    with scripted(stream("{}")) as server:
        chat(server, max_tokens=77, key="k-1").ask(ASKED, Hooks())
        sent = server.seen[0]
    assert sent.path == "/v1/chat/completions"
    assert sent.headers["authorization"] == "Bearer k-1"
    assert sent.body["model"] == "m" and sent.body["max_tokens"] == 77 and sent.body["temperature"] == 0.2
    assert sent.body["messages"][1] == {"role": "user", "content": "a cat"}
    assert sent.body["response_format"]["json_schema"] == {"name": "plan", "strict": True, "schema": SCHEMA}
    assert sent.body["stream"] is True and sent.body["stream_options"] == {"include_usage": True}


def test_a_reasoning_model_is_asked_as_it_wants() -> None:
    with scripted(stream("{}")) as server:
        chat(server, provider="openai", model="gpt-5-mini", key="k").ask(ASKED, Hooks())
        body = server.seen[0].body
    assert body["max_completion_tokens"] == 4096 and body["reasoning_effort"] == "low"
    assert "max_tokens" not in body and "temperature" not in body


def test_azure_is_addressed_by_its_deployment() -> None:
    with scripted(stream("{}")) as server:
        host = server.url.removesuffix("/v1")
        chat(host, provider="azure", model="my model", key="k").ask(PLAIN, Hooks())
        sent = server.seen[0]
        assert sent.path == "/openai/deployments/my%20model/chat/completions?api-version=2024-10-21"
        assert sent.headers["api-key"] == "k" and "authorization" not in sent.headers
        chat(host + "/openai/v1", provider="azure", model="x", key="k").ask(PLAIN, Hooks())
        assert server.seen[1].path == "/openai/v1/chat/completions"


def test_the_environments_organisation_stays_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-mine")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-mine")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    with scripted(stream("x")) as server:
        chat(server).ask(PLAIN, Hooks())
        assert "mine" not in json.dumps(server.seen[0].headers) and "sk-other" not in json.dumps(server.seen[0].headers)
        assert "authorization" not in server.seen[0].headers


def test_the_picture_goes_with_the_first_user_turn() -> None:
    request = ChatRequest((*ASKED.messages, Message("assistant", "x"), Message("user", "again")), None, PNG)
    with scripted(stream("x")) as server:
        chat(server).ask(request, Hooks())
        turns = server.seen[0].body["messages"]
    text, image = turns[1]["content"]
    assert text == {"type": "text", "text": "a cat"} and turns[3]["content"] == "again"
    head, _, data = image["image_url"]["url"].partition(",")
    assert head == "data:image/png;base64" and base64.b64decode(data) == PNG


def test_the_picture_goes_with_the_turn_that_is_named() -> None:
    turns = (*ASKED.messages, Message("assistant", "x"), Message("user", "again"))
    with scripted(stream("x")) as server:
        chat(server).ask(ChatRequest(turns, None, PNG, 3), Hooks())
        sent = server.seen[0].body["messages"]
    assert sent[1]["content"] == "a cat" and sent[3]["content"][0] == {"type": "text", "text": "again"}


@pytest.mark.parametrize(("provider", "bounded"), [("llamacpp", True), ("custom", False)])
def test_texts_are_bounded_only_where_the_server_takes_it(provider: str, bounded: bool) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "maxLength": 9}}, "required": ["a"]}
    with scripted(stream('{"a": "x"}')) as server:
        chat(server, provider=provider).ask(ChatRequest(ASKED.messages, schema), Hooks())
        sent = server.seen[0].body["response_format"]["json_schema"]["schema"]
    assert ("maxLength" in sent["properties"]["a"]) is bounded


def test_a_picture_for_a_blind_model_is_refused_before_anything_is_sent() -> None:
    with scripted(stream("x")) as server:
        blind = chat(server, provider="deepseek", key="k")
        with pytest.raises(RpgError, match="cannot use pictures"):
            blind.ask(ChatRequest(PLAIN.messages, None, PNG), Hooks())
        with pytest.raises(RpgError, match="not a PNG, JPEG or WebP"):
            chat(server).ask(ChatRequest(PLAIN.messages, None, b"GIF89a"), Hooks())
        assert not server.seen


# The ladder


def test_the_ladder_goes_down_to_what_the_server_takes_and_is_remembered() -> None:
    memory = OutputModeMemory()
    no_schema = refusal(400, "response_format type json_schema is unavailable")
    no_object = refusal(422, "'response_format.type' must be 'text'")
    with scripted(no_schema, no_object, stream('{"a": 1}')) as server:
        answer = chat(server, memory=memory).ask(ASKED, Hooks())
        assert (answer.output_mode, answer.requests, answer.text) == ("text", 3, '{"a": 1}')
        forms = [seen.body.get("response_format", {}).get("type") for seen in server.seen]
        assert forms == ["json_schema", "json_object", None]
        # Below json_schema only words give the model the schema.
        assert [json.dumps(SCHEMA, separators=(",", ":")) in str(seen.body["messages"]) for seen in server.seen] == [
            False,
            True,
            True,
        ]
        again = chat(server, memory=memory).ask(ASKED, Hooks())
        assert (again.output_mode, again.requests) == ("text", 1)
        assert chat(server, memory=memory, model="other").ask(ASKED, Hooks()).output_mode == "json_schema"


def test_a_refusal_without_words_goes_down_too() -> None:
    assert ask(refusal(400, "Bad Request"), stream("{}"), request=ASKED).output_mode == "json_object"


def test_deepseek_is_never_asked_for_a_schema() -> None:
    with scripted(stream("{}")) as server:
        answer = chat(server, provider="deepseek", key="k").ask(ASKED, Hooks())
        assert answer.output_mode == "json_object"
        assert server.seen[0].body["response_format"] == {"type": "json_object"}


def test_an_empty_answer_teaches_no_output_mode() -> None:
    memory = OutputModeMemory()
    with scripted(refusal(400, "json_schema"), stream("")) as server:
        with pytest.raises(RpgError, match="empty answer"):
            chat(server, memory=memory).ask(ASKED, Hooks())
        assert memory.get(server.url, "m") is None


def test_without_a_schema_only_text_is_asked_for_and_nothing_remembered() -> None:
    memory = OutputModeMemory()
    with scripted(stream("x")) as server:
        assert chat(server, memory=memory).ask(PLAIN, Hooks()).output_mode == "text"
        assert memory.get(server.url, "m") is None


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ("stream_options is not permitted", {"stream_options"}),
        ("streaming is not supported", {"stream", "stream_options"}),
        ("Unsupported value: 'temperature' does not support 0.2", {"temperature"}),
        ("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", {"max_tokens"}),
    ],
)
def test_a_refused_setting_is_left_out(words: str, missing: set[str]) -> None:
    with scripted(refusal(400, words), completion("fine")) as server:
        answer = chat(server).ask(PLAIN, Hooks())
        assert (answer.text, answer.requests, answer.completion_tokens) == ("fine", 2, 5)
        first, second = (set(seen.body) for seen in server.seen)
        assert first - second == missing


def test_a_server_that_minds_everything_is_given_up() -> None:
    words = trouble(refusal(400, "stream, response_format, temperature, max_completion_tokens: no"), request=ASKED)
    assert "refused the request (HTTP 400): stream, response_format" in words


def test_a_server_that_answers_whole_though_asked_to_stream() -> None:
    assert ask(completion("whole")).text == "whole"


# Retries


def test_busy_with_seconds_to_wait() -> None:
    recorded = Recorded()
    statuses: list[str] = []
    busy = refusal(429, "slow down", {"Retry-After": "3"})
    answer = ask(busy, stream("x", pause=0.1), recorded=recorded, hooks=Hooks(on_status=statuses.append))
    assert (answer.requests, recorded.waits) == (2, [3.0])


def test_busy_with_a_date_to_wait_for() -> None:
    recorded = Recorded(now=1_000_000.0)
    ask(refusal(429, "slow", {"Retry-After": formatdate(1_000_005, usegmt=True)}), stream("x"), recorded=recorded)
    assert recorded.waits == [5.0]


def test_busy_without_a_word_waits_longer_each_time_and_gives_up() -> None:
    recorded = Recorded()
    with scripted(refusal(429, "slow down")) as server:
        with pytest.raises(RpgError, match=r"is busy \(HTTP 429\) after 4 tries; try again later"):
            chat(server, recorded).ask(PLAIN, Hooks())
        assert (len(server.seen), recorded.waits) == (4, [0.5, 1.0, 2.0])


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    recorded = Recorded()
    words = trouble(refusal(429, "later", {"Retry-After": "3600"}), recorded=recorded)
    assert "in 3600 seconds, but only 20 seconds of the timeout are left" in words and not recorded.waits


def test_a_quota_that_fills_again_is_waited_for() -> None:
    """Gemini words a limit of requests per minute as OpenAI words an empty account."""
    recorded = Recorded()
    quota = refusal(429, "You exceeded your current quota, please check your plan and billing details.")
    assert ask(quota, stream("x"), recorded=recorded).text == "x" and recorded.waits == [0.5]


def test_no_credit_is_no_reason_to_wait() -> None:
    recorded = Recorded()
    words = trouble(refusal(429, "You exceeded your current quota", code="insufficient_quota"), recorded=recorded)
    assert "no credit left" in words and not recorded.waits


def test_trouble_that_passes() -> None:
    recorded = Recorded()
    answer = ask(refusal(500, "oops"), raw(503, "text/html", b"<html>"), stream("x"), recorded=recorded)
    assert (answer.text, answer.requests, recorded.waits) == ("x", 3, [0.5, 1.0])


def test_trouble_that_stays() -> None:
    assert "internal problem (HTTP 500) after 4 tries: oops" in trouble(refusal(500, "oops"))


def test_a_broken_stream_is_asked_for_again() -> None:
    cut = events([chunk({"content": "half an ans"})])
    texts: list[str] = []
    answer = ask(cut, stream("whole"), hooks=Hooks(on_text=texts.append))
    assert (answer.text, answer.requests) == ("whole", 2)
    assert texts[-1] == "whole"
    assert "stopped in the middle of the answer (4 tries)" in trouble(cut)


def test_a_stream_needs_no_finish_reason_if_it_says_that_it_is_done() -> None:
    assert ask(events([chunk({"content": "x"}), DONE])).requests == 1


def test_a_connection_that_closes_in_a_body_is_tried_again() -> None:
    def short(handler: Handler) -> None:
        handler.start(200, {"Content-Type": "application/json", "Content-Length": "500"})
        handler.wfile.write(b'{"choices"')

    assert ask(short, stream("x")).requests == 2
    assert "closed the connection before the answer was complete (4 tries)" in trouble(short)


def test_an_error_inside_a_stream() -> None:
    broken = events([chunk({"content": "x"}), b'data: {"error": {"message": "out of slots"}}\n\n'])
    assert ask(broken, stream("y")).text == "y"
    assert "out of slots" in trouble(broken)


# Refusals that no retry can help


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (refusal(401, "bad key"), "did not accept the key (HTTP 401); correct the key setting"),
        (refusal(403, "region"), "does not allow the use of 'm' (HTTP 403)"),
        (refusal(402, "pay"), "no credit left (HTTP 402)"),
        (refusal(404, "The model `m` does not exist", code="model_not_found"), "has no model 'm' (HTTP 404)"),
        (refusal(404, 'model "m" not found, try pulling it first'), "has no model 'm' (HTTP 404)"),
        (refusal(400, "m is not a valid model ID", code="x"), "has no model 'm' (HTTP 400)"),
        (raw(404, "text/html", b"<html>nothing</html>"), "has no chat API there (HTTP 404); correct the base URL"),
        (
            raw(404, "text/plain", b"404 page not found"),
            "has no chat API there (HTTP 404): 404 page not found; correct",
        ),
        (raw(405, "application/json", b'{"detail":"Method Not Allowed"}'), "has no chat API there (HTTP 405)"),
        (refusal(400, "This model's maximum context length is 8192 tokens"), "too long for 'm'"),
        (refusal(400, "the request exceeds the available context size (4096 tokens)"), "too long for 'm'"),
        (raw(413, "text/plain", b"Payload Too Large"), "too long for 'm'"),
        (refusal(400, "x", code="content_filter"), "because of its content rules"),
        (refusal(418, "I am a teapot"), "refused the request (HTTP 418): I am a teapot"),
        (document(409, {"detail": [{"msg": "no way"}]}), "refused the request (HTTP 409): no way"),
    ],
)
def test_a_refusal_is_one_sentence_and_one_request(reply: Reply, said: str) -> None:
    recorded = Recorded()
    with scripted(reply) as server:
        with pytest.raises(RpgError) as caught:
            chat(server, recorded, key="k").ask(ASKED, Hooks())
        assert said in str(caught.value) and server.url in str(caught.value)
        assert len(server.seen) == 1 and not recorded.waits


def test_a_missing_key_is_named_by_its_variable() -> None:
    assert "needs a key (HTTP 401); set it in the key setting or the environment variable RPG_API_KEY" in trouble(
        refusal(401, "no key")
    )


def test_a_refused_picture() -> None:
    request = ChatRequest(PLAIN.messages, SCHEMA, PNG)
    said = trouble(refusal(404, "No endpoints found that support image input"), request=request)
    assert "does not accept the picture" in said


# Answers that are none


@pytest.mark.parametrize("content_type", ["text/html", "application/json", "text/event-stream", "text/plain"])
def test_a_web_page(content_type: str) -> None:
    with scripted(raw(200, content_type, b"<!doctype html><html>hello</html>")) as server:
        with pytest.raises(RpgError) as caught:
            chat(server).ask(PLAIN, Hooks())
        assert f"{server.url} answers with a web page" in str(caught.value)
        assert len(server.seen) == 1


@pytest.mark.parametrize(
    "reply",
    [
        raw(200, "application/json", b'{"choices": ['),
        raw(200, "application/json", b"[" * 100_000),
        raw(200, "application/json", b'"hello"'),
        document(200, {"hello": 1}),
        raw(200, "text/plain", b"hello"),
        raw(200, "text/event-stream", b"data: {nonsense\n\n"),
    ],
)
def test_an_answer_that_is_no_chat(reply: Reply) -> None:
    assert "not like a chat API; correct the base URL" in trouble(reply)


@pytest.mark.parametrize("choice", [None, 5, {}, {"message": 7}, {"message": {"content": 7}}, {"delta": []}])
def test_odd_choices_are_an_empty_answer(choice: object) -> None:
    assert "gave an empty answer" in trouble(document(200, {"choices": [choice]}))


def test_an_error_in_a_good_status_may_bring_its_own() -> None:
    recorded = Recorded()
    said = trouble(document(200, {"error": {"message": "no such region", "code": 403}}), recorded=recorded)
    assert "does not allow the use of 'm' (HTTP 403)" in said and not recorded.waits


def test_an_error_in_a_good_status() -> None:
    assert "the upstream is down" in trouble(document(200, {"error": {"message": "the upstream is down"}}))


def test_an_empty_answer() -> None:
    assert "'m' at http://127.0.0.1" in trouble(stream()) and "gave an empty answer" in trouble(stream(" ", "\n"))


def test_a_refusal_by_the_model_and_by_a_filter() -> None:
    said = trouble(completion(None, refusal="I can't help with that."))
    assert 'refused to answer: "I can\'t help with that."; change the prompt' in said
    assert "withheld the answer" in trouble(completion("", "content_filter"))


def test_an_answer_that_a_limit_ended() -> None:
    assert ask(stream("half", finish="length")).cut
    said = trouble(stream("<think>round and round", finish="length"))
    assert "gave no answer within 4096 tokens; raise the answer's token limit" in said


_SOCKET_BUFFERS = 10_000_000  # bytes that Linux may hold between two ends: 4 MB to send, 6 MB received


def test_a_hundred_megabytes_are_not_read() -> None:
    sent = [0]

    def endless() -> Iterator[bytes]:
        for _ in range(10_000):
            sent[0] += 10_000
            yield chunk({"content": "x" * 10_000})

    assert f"more than {MAX_TEXT} characters" in trouble(events(endless()))
    assert sent[0] < 2 * MAX_TEXT + _SOCKET_BUFFERS
    assert f"more than {MAX_TEXT} characters" in trouble(raw(200, "application/json", b" " * 10_000_000))
    assert f"more than {MAX_TEXT} characters" in trouble(completion("x" * 2_500_000))
    long_line = raw(200, "text/event-stream", b"data: " + b"x" * 20_000_000)
    assert f"more than {MAX_TEXT} characters" in trouble(long_line)


def test_compressed_answers_are_not_unpacked() -> None:
    assert "compressed" in trouble(raw(200, "application/json", b"\x1f\x8b", {"Content-Encoding": "gzip"}))


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer sk-anything",
        "__import__('os').system('touch /tmp/owned')",
        "file:///etc/passwd ../../secret.json http://evil.example/?q=1",
        "<lora:../../x:1> {{ config.key }} ${HOME} %(key)s",
        "data: [DONE]\n\n",
    ],
)
def test_an_answer_is_only_text(text: str) -> None:
    assert ask(completion(text)).text == text
    assert ask(stream(*text)).text == text


# Thinking


def test_thinking_in_a_field_of_its_own() -> None:
    statuses: list[str] = []
    parts = [chunk({field: "hmm"}) for field in ("reasoning_content", "reasoning")]
    reply = events([*parts, chunk({"content": "answer"}), chunk({}, "stop"), DONE], pause=0.15)
    texts: list[str] = []
    assert ask(reply, hooks=Hooks(on_text=texts.append, on_status=statuses.append)).text == "answer"
    assert "the model is thinking" in statuses and not any("hmm" in text for text in texts)


def test_thinking_in_tags() -> None:
    statuses: list[str] = []
    texts: list[str] = []
    hooks = Hooks(on_text=texts.append, on_status=statuses.append)
    answer = ask(stream("<thi", "nk>hmm {", "}</think>\n\n", "answer", pause=0.12), hooks=hooks)
    assert answer.text == "answer" and "the model is thinking" in statuses
    assert not any("hmm" in text or "<" in text for text in texts)


# Time


@contextmanager
def faster_than(seconds: float) -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


def cancel_after(seconds: float) -> tuple[Hooks, list[float]]:
    start = time.monotonic()
    asked: list[float] = []

    def cancelled() -> bool:
        asked.append(time.monotonic() - start)
        return asked[-1] > seconds

    return Hooks(cancelled=cancelled), asked


@pytest.mark.parametrize("reply", [stall(20), events([chunk({"content": "x"})] * 400, pause=0.05)])
def test_cancelling_lets_go_at_once_and_hangs_up(reply: Reply) -> None:
    hooks, asked = cancel_after(0.6)
    with scripted(reply) as server:
        with pytest.raises(CancelledPlanError), faster_than(2.5):
            chat(server).ask(PLAIN, hooks)
        assert server.gone.wait(2)
    gaps = [later - sooner for sooner, later in itertools.pairwise(asked)]
    assert sorted(gaps)[len(gaps) // 2] < 0.25 and max(gaps) < 1


def test_cancelling_before_the_start_sends_nothing() -> None:
    with scripted(stream("x")) as server:
        with pytest.raises(CancelledPlanError):
            chat(server).ask(PLAIN, Hooks(cancelled=lambda: True))
        assert not server.seen


def test_cancelling_a_wait_between_tries() -> None:
    hooks, _ = cancel_after(0.3)
    recorded = Recorded()
    recorded.clock = Clock()
    busy = refusal(429, "slow", {"Retry-After": "15"})
    with scripted(busy) as server, faster_than(2), pytest.raises(CancelledPlanError):
        chat(server, recorded).ask(PLAIN, hooks)


def test_a_hooks_own_error_ends_the_request() -> None:
    def broken(_: str) -> None:
        raise ZeroDivisionError

    with scripted(stream("a", "b", *["c"] * 100, pause=0.1)) as server:
        with pytest.raises(ZeroDivisionError), faster_than(2):
            chat(server).ask(PLAIN, Hooks(on_text=broken))
        assert server.gone.wait(2)


@pytest.mark.parametrize("reply", [stall(20), events([chunk({"content": "x"})] * 400, pause=0.05)])
def test_the_deadline_holds_for_a_stall_and_for_a_slow_drip(reply: Reply) -> None:
    with faster_than(2.5):
        assert "did not finish within 0.7 seconds; raise the timeout" in trouble(reply, timeout=0.7)


def test_the_deadline_holds_over_all_tries() -> None:
    """Waits of 0.5, 1 and 2 seconds: the third is longer than what is left of 3."""
    recorded = Recorded()
    recorded.clock = Clock(random=lambda: 0.0)
    with scripted(refusal(500, "x")) as server:
        with pytest.raises(RpgError, match="of the timeout are left"):
            chat(server, recorded, timeout=3.0).ask(PLAIN, Hooks())
        assert 1 < len(server.seen) <= 3


# Connections


def test_nobody_is_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(RpgError) as caught:
        chat(url).ask(PLAIN, Hooks())
    assert f"{url} refuses connections (4 tries); start the server" in str(caught.value)


def test_a_name_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(RpgError) as caught:
        chat("http://nobody.invalid/v1").ask(PLAIN, Hooks())
    assert "http://nobody.invalid/v1 has a host name that cannot be found" in str(caught.value)


def test_a_connection_that_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener whose queue is full lets a connection hang."""
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for taken in (first, second):
            taken.setblocking(False)
            taken.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}/v1"
        with pytest.raises(RpgError, match="did not accept a connection in time"), faster_than(5):
            chat(url, connect_timeout=0.3).ask(PLAIN, Hooks())


def test_a_secure_connection_that_fails_is_not_tried_again() -> None:
    """A plain server at an https address breaks the handshake."""
    connections: list[Any] = []
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.verify_request = lambda request, address: not connections.append(address)  # type: ignore[method-assign]
    threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True).start()
    try:
        with pytest.raises(RpgError, match="no secure connection that can be trusted; check its certificate"):
            chat(f"https://127.0.0.1:{server.server_port}/v1").ask(PLAIN, Hooks())
    finally:
        server.shutdown()
        server.server_close()
    assert len(connections) == 1


@pytest.mark.parametrize(
    ("url", "reads"),
    [("http://127.0.0.1:1/v1", False), ("https://127.0.0.1:1/v1", True), ("http://nobody.invalid/v1", True)],
)
def test_certificates_are_read_where_a_connection_may_be_secure(
    url: str, reads: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last one's requests may go to a proxy, which may be secure."""
    read: list[object] = []
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda self, **given: read.append(given))
    with pytest.raises(RpgError):
        chat(url).ask(PLAIN, Hooks())
    assert bool(read) is reads


def test_a_redirect_is_reported_and_not_followed() -> None:
    with scripted(stream("stolen")) as other:
        there = other.url.replace("127.0.0.1", "localhost")
        onward = raw(307, "text/plain", b"", {"Location": f"{there}/chat/completions?token=t0p"})
        with scripted(onward) as server, pytest.raises(RpgError) as caught:
            chat(server, key="sk-mine").ask(PLAIN, Hooks())
        assert not other.seen
    assert "redirects the request to http://localhost:" in str(caught.value) and "t0p" not in str(caught.value)


def test_the_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    assert "the openai package is missing; install it with: pip install 'openai>=1.40,<3'" in trouble(stream("x"))


def test_two_questions_at_once_do_not_mix() -> None:
    def echo(handler: Handler) -> None:
        word = handler.script.seen[-1].body["messages"][-1]["content"]
        stream(*[word] * 20, pause=0.01)(handler)

    def put(word: str) -> None:
        answers[word] = model.ask(ChatRequest((Message("user", word),)), Hooks()).text

    answers: dict[str, str] = {}
    with scripted(echo) as server:
        model = chat(server)
        threads = [threading.Thread(target=put, args=(word,)) for word in ("left", "right")]
        for thread in threads:
            thread.start()
            time.sleep(0.1)
        for thread in threads:
            thread.join(20)
    assert answers == {"left": "left" * 20, "right": "right" * 20}
