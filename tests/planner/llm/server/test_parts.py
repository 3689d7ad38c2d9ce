"""The parts of a chat with a server that need no server: memory, waits, forms, and reading an answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from email.utils import formatdate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.planner.llm.chat import ChatRequest, Message
from lib_rpg.planner.llm.server.address import is_this_machine, origin
from lib_rpg.planner.llm.server.output_modes import KEPT_SECONDS, OutputModeMemory
from lib_rpg.planner.llm.server.presets import Traits
from lib_rpg.planner.llm.server.reply import Reply
from lib_rpg.planner.llm.server.request_form import (
    Form,
    first_form,
    next_fallback,
    picture_type,
    request_body,
    with_schema_in_words,
)
from lib_rpg.planner.llm.server.retry import TRIES, backoff, retry_after
from lib_rpg.planner.llm.thinking import without_leading_thinking

ROOT = Path(__file__).parents[4]


# Memory


def test_an_output_mode_is_remembered_across_objects(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "output_modes"
    OutputModeMemory(file).put("http://a/v1", "m", "text")
    OutputModeMemory(file).put("http://b/v1", "m", "json_object")
    memory = OutputModeMemory(file)
    assert (memory.get("http://a/v1", "m"), memory.get("http://b/v1", "m")) == ("text", "json_object")
    assert memory.get("http://a/v1", "other") is None
    memory.put("http://a/v1", "m", "json_schema")
    assert OutputModeMemory(file).get("http://a/v1", "m") == "json_schema"


def test_without_a_file_it_lives_in_the_object() -> None:
    memory = OutputModeMemory()
    memory.put("a", "m", "text")
    assert memory.get("a", "m") == "text" and OutputModeMemory().get("a", "m") is None


def test_what_is_old_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "output_modes"
    OutputModeMemory(file, lambda: 0.0).put("a", "m", "text")
    assert OutputModeMemory(file, lambda: KEPT_SECONDS - 1).get("a", "m") == "text"
    assert OutputModeMemory(file, lambda: KEPT_SECONDS + 1).get("a", "m") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"output_modes": 5}',
        '{"output_modes": {"a m": "text"}}',
        '{"output_modes": {"a m": ["xml", 1e9]}}',
        '{"output_modes": {"a m": [["text"], 1]}}',
        '{"output_modes": {"a m": ["text", true]}}',
        '{"output_modes": {"a m": ["text", "1"]}}',
        '{"output_modes": {"a m": ["text", 1' + "0" * 400 + "]}}",
        '{"output_modes": {"a m": ["text", 1' + "0" * 5000 + "]}}",
        '{"output_modes": {"a m": ["text", 1e999]}}',
        '{"output_modes": {"a m": ["text", 1], "a m": ["text", 2]}}',
        '{"output_modes": null}',
    ],
)
def test_a_broken_file_is_as_good_as_none_and_is_repaired(tmp_path: Path, text: str) -> None:
    file = tmp_path / "output_modes"
    file.write_text(text)
    memory = OutputModeMemory(file)
    assert memory.get("a", "m") is None
    memory.put("a", "m", "text")
    assert OutputModeMemory(file).get("a", "m") == "text"


def test_a_file_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    memory = OutputModeMemory(tmp_path / "file" / "output_modes")
    memory.put("a", "m", "text")
    assert memory.get("a", "m") == "text"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_pipe_in_its_place_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "output_modes")
    memory = OutputModeMemory(tmp_path / "output_modes")
    assert memory.get("a", "m") is None
    memory.put("a", "m", "text")
    assert OutputModeMemory(tmp_path / "output_modes").get("a", "m") == "text"


def test_what_a_killed_process_left_is_removed_later(tmp_path: Path) -> None:
    for name in ("output_modes.1.part", "output_modes.2.part"):
        (tmp_path / name).write_text("{}")
    os.utime(tmp_path / "output_modes.1.part", (1, 1))
    OutputModeMemory(tmp_path / "output_modes").put("a", "m", "text")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["output_modes", "output_modes.2.part"]


def test_two_processes_leave_a_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "output_modes"
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from lib_rpg.planner.llm.server.output_modes import OutputModeMemory\n"
        "memory = OutputModeMemory(Path(sys.argv[1]))\n"
        "for turn in range(150):\n"
        "    memory.put(sys.argv[2], str(turn % 7), ('text', 'json_object')[turn % 2])\n"
        "    assert memory.get(sys.argv[2], str(turn % 7)), turn\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, str(file), name], cwd=ROOT) for name in ("a", "b")]
    while any(run.poll() is None for run in runs):
        if file.exists():
            json.loads(file.read_text())
    assert [run.returncode for run in runs] == [0, 0]
    assert [path.name for path in tmp_path.iterdir()] == ["output_modes"]


def test_the_memory_does_not_grow_without_end(tmp_path: Path) -> None:
    memory = OutputModeMemory(tmp_path / "output_modes")
    for index in range(520):
        memory.put("a", str(index), "text")
    assert len(json.loads((tmp_path / "output_modes").read_text())["output_modes"]) == 500
    assert memory.get("a", "519") == "text"


# Waits


@given(st.integers(1, TRIES), st.floats(0, 1))
def test_backoff_doubles_and_jitters_down(tries: int, random: float) -> None:
    longest = 0.5 * 2 ** (tries - 1)
    assert longest / 2 <= backoff(tries, random) <= longest
    assert backoff(50, random) <= 8


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3", 3.0),
        (" 1.5 ", 1.5),
        ("-5", 0.0),
        (formatdate(1_060, usegmt=True), 60.0),
        (formatdate(900, usegmt=True), 0.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("Wed, 99 Foo 2026 00:00:00 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, 1_000.0) == seconds


# Forms

FULL = Form("json_schema", True, Traits(temperature=0.2, reasoning_effort="low"))


def flat(form: Form) -> dict[str, object]:
    """All that a form asks for, its traits beside its own fields."""
    own = {name: value for name, value in vars(form).items() if name != "traits"}
    return {**own, **vars(form.traits)}


def test_the_first_form_starts_where_it_worked_last() -> None:
    assert first_form(Traits(), None).output_mode == "json_schema"
    assert first_form(Traits(), "text").output_mode == "text"
    assert first_form(Traits(rungs=("json_object", "text")), "json_schema").output_mode == "json_object"


@pytest.mark.parametrize(
    ("status", "words", "change"),
    [
        (400, "response_format is not supported", {"output_mode": "json_object"}),
        (
            404,
            "No endpoints found that can handle the requested parameters: response_format",
            {"output_mode": "json_object"},
        ),
        (422, "body.stream_options: extra inputs are not permitted", {"usage": False}),
        (400, "Streaming is off", {"stream": False, "usage": False}),
        (400, "use max_completion_tokens", {"max_tokens_name": "max_completion_tokens"}),
        (400, "temperature is fixed", {"temperature": None}),
        (400, "reasoning_effort is unknown", {"reasoning_effort": ""}),
        (422, "", {"output_mode": "json_object"}),
    ],
)
def test_a_form_gives_way_where_the_server_says(status: int, words: str, change: dict[str, object]) -> None:
    form = next_fallback(FULL, status, words)
    assert form is not None
    assert {name: value for name, value in flat(form).items() if flat(FULL)[name] != value} == change


@pytest.mark.parametrize(("status", "words"), [(401, "response_format"), (409, "stream"), (404, "nothing here")])
def test_other_refusals_are_not_about_the_form(status: int, words: str) -> None:
    assert next_fallback(FULL, status, words) is None


@given(st.lists(st.sampled_from(["stream_options", "stream", "schema", "temperature", "reasoning", "huh"]), min_size=1))
def test_giving_way_comes_to_an_end(words: list[str]) -> None:
    form: Form | None = FULL
    for step in range(20):
        assert form is not None
        form = next_fallback(form, 400, words[step % len(words)])
        if form is None:
            return
    raise AssertionError("it went on and on")


def test_a_loose_schema_is_not_called_strict() -> None:
    closed = {"type": "object", "properties": {"a": {}}, "required": ["a"], "additionalProperties": False}
    for schema, strict in [
        (closed, True),
        ({**closed, "required": []}, False),
        ({**closed, "additionalProperties": True}, False),
        ({"type": "array", "items": {"type": "object"}}, False),
        ({"type": "array", "items": closed}, True),
        ({"anyOf": [closed, {"type": "null"}]}, True),
    ]:
        body = request_body(ChatRequest((Message("user", "x"),), schema), FULL, "m", 9)
        assert body["response_format"]["json_schema"]["strict"] is strict


def test_the_schema_is_given_in_the_last_user_turn() -> None:
    turns = (Message("system", "s"), Message("user", "a"), Message("assistant", "b"), Message("user", "c"))
    request = ChatRequest(turns, {"type": "object"})
    assert with_schema_in_words(request, "json_schema") == turns
    given = with_schema_in_words(request, "text")
    assert given[:3] == turns[:3] and given[3].text.startswith("c\n\n") and '{"type":"object"}' in given[3].text
    assert with_schema_in_words(ChatRequest(turns), "text") == turns
    alone = with_schema_in_words(ChatRequest((Message("system", "s"),), {}), "json_object")
    assert alone[1].role == "user" and "JSON" in alone[1].text


@pytest.mark.parametrize(
    ("start", "kind"),
    [(b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"RIFF1234WEBPVP8", "image/webp")],
)
def test_pictures_are_known_by_their_beginning(start: bytes, kind: str) -> None:
    assert picture_type(start + bytes(9)) == kind


@pytest.mark.parametrize(
    "picture", [b"", b"GIF89a", b"<svg/>", b"RIFF1234WAVE", b"\x89PNG\r\n\x1a\n" + bytes(20_000_000)]
)
def test_other_pictures_are_refused(picture: bytes) -> None:
    with pytest.raises(RpgError, match="the picture"):
        picture_type(picture)


# Answers


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("plain", "plain"),
        ("<think>a</think>b", "b"),
        (" \n<THINK>a\nb</Think>\n\n{}", "{}"),
        ("<think>a</think><think>b</think>c", "c"),
        ("<think>never ends", ""),
        ("<thi", ""),
        ("", ""),
        ("the opening tag was swallowed</think>\nc", "c"),
        ('{"a": "</think>"}', '{"a": "</think>"}'),
        ("a </think> in the middle ends what came before it", "in the middle ends what came before it"),
    ],
)
def test_thinking_is_no_part_of_the_text(raw: str, text: str) -> None:
    assert without_leading_thinking(raw) == text


def test_content_in_parts_and_usage_of_any_form() -> None:
    answer = Reply()
    answer.add({"choices": [{"message": {"content": [{"type": "text", "text": "a"}, {"text": "b"}, 5, {"text": 7}]}}]})
    answer.add({"choices": [], "usage": {"prompt_tokens": True, "completion_tokens": 3}})
    answer.add({"choices": [], "usage": {"completion_tokens": -1}, "model": 5})
    answer.add({"choices": "x", "usage": []})
    answer.add(None)
    assert (answer.text, answer.prompt_tokens, answer.completion_tokens, answer.model) == ("ab", None, 3, "")


# Addresses


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://127.0.0.1:1/v1", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("http://LOCALHOST:1", True),
        ("http://10.0.0.1", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://localhost.evil.example", False),
    ],
)
def test_this_machine(url: str, own: bool) -> None:
    assert is_this_machine(url) is own


def test_an_origin_has_scheme_host_and_port() -> None:
    assert origin("https://A.b/v1") == origin("https://a.b:443") == ("https", "a.b", 443)
    assert origin("http://a.b") != origin("https://a.b")
