"""The command line: one JSON document on stdout, exit 0; or one line on stderr, exit 2."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import socket
import stat
import subprocess
import sys
import threading
import time
import types
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from lib_rpg import planner, webui_client
from lib_rpg.__main__ import main
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan

ROOT = Path(__file__).parents[1]
ANSWER = "Final split ratio: 1,2\nRegional Prompt: a café BREAK b\n\nBye"


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out)


def run_refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1
    return err


def test_plan(capsys: pytest.CaptureFixture[str]) -> None:
    prompt = "a red apple on the left and a green mug on the right"
    document = run_json(capsys, "plan", prompt, "--width", "1024", "--height", "768")
    plan = Plan.from_dict(document)
    assert plan.prompt == prompt
    assert len(plan.regions) == 2
    assert main(["plan", prompt]) == 0
    out = capsys.readouterr().out
    assert plan.regions[0].prompt in out
    assert plan.split_ratio in out


def test_plan_by_pasting(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["plan", "a cat left of a dog", "--planner", "paste", "--method", "rag", "--no-recaption"]) == 0
    out = capsys.readouterr().out
    assert out.rstrip().endswith("Caption (1024 × 1024): a cat left of a dog")
    assert '"percent"' in out and "Keep the caption's own words" in out
    assert main(["plan", "a cat left of a dog", "--planner", "paste", "--dialect", "tags"]) == 0
    assert "as tags between commas" in capsys.readouterr().out
    assert "dialect: 'prose' is not known" in run_refused(capsys, "plan", "a cat", "--dialect", "prose")
    answer = tmp_path / "answer.txt"
    answer.write_text(ANSWER, encoding="utf-8")
    document = run_json(capsys, "plan", "a cat left of a dog", "--planner", "paste", "--answer", str(answer))
    assert (document["prompt"], document["split_ratio"]) == ("a cat left of a dog", "1,2")
    assert "run it without --json" in run_refused(capsys, "plan", "a cat", "--planner", "paste", "--json")
    typed = run_json(capsys, "plan", "a cat ADDROW a dog", "--planner", "paste")
    assert typed["split_ratio"] == "1;1"
    assert "needs --planner paste" in run_refused(capsys, "plan", "a cat", "--answer", str(answer))
    assert "boxes are required" in run_refused(
        capsys, "plan", "a cat", "--planner", "paste", "--answer", str(answer), "--method", "lmd"
    )


def test_the_gallery(capsys: pytest.CaptureFixture[str]) -> None:
    examples = run_json(capsys, "gallery")["examples"]
    assert len(examples) >= 12
    assert Plan.from_dict(run_json(capsys, "gallery", "four seasons")).split_ratio == "1,1,1,1"
    assert main(["gallery"]) == 0
    assert "Four seasons" in capsys.readouterr().out
    assert "there is no example 'x'" in run_refused(capsys, "gallery", "x")


def test_an_answer_that_is_no_plan_is_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise planner.UnusableAnswerError("no plan", "what it said\nin two lines")

    monkeypatch.setenv("RPG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(planner, "plan", fail)
    error = run_refused(capsys, "plan", "a cat", "--planner", "openai")
    kept = tmp_path / "cache" / "last-answer.txt"
    assert error == f"no plan; it is in {kept}\n"
    assert kept.read_text(encoding="utf-8") == "what it said\nin two lines"


def test_guesses_are_printed_with_one_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "several birds, a cat, red flowers"]) == 0
    *_, first, second, hint = capsys.readouterr().out.splitlines()
    assert first == "guess: 'several birds' gives no number; kept together in one cell"
    assert second.startswith("guess: 'red flowers'") and hint == "hint: a language model may read more; see --planner"
    assert main(["plan", "a red circle and a blue square"]) == 0
    assert not {"guess:", "hint:"} & set(capsys.readouterr().out.split())


def test_layout(capsys: pytest.CaptureFixture[str]) -> None:
    document = run_json(capsys, "layout", "1;1,2", "--size", "1024x768")
    assert document == {
        "split_ratio": "1;1,2",
        "cells": [
            {
                "box": [0, 0, 1, 0.5],
                "pixels": [0, 0, 1024, 384],
                "grid": {"8": [0, 0, 128, 48], "16": [0, 0, 64, 24], "32": [0, 0, 32, 12], "64": [0, 0, 16, 6]},
            },
            {
                "box": [0, 0.5, 1, 0.5],
                "pixels": [0, 384, 1024, 768],
                "grid": {"8": [0, 48, 128, 96], "16": [0, 24, 64, 48], "32": [0, 12, 32, 24], "64": [0, 6, 16, 12]},
            },
        ],
    }
    columns = run_json(capsys, "layout", "1;1,1,1", "--size", "64x64", "--rows-first")["cells"]
    assert [cell["pixels"] for cell in columns] == [[0, 0, 32, 64], [32, 0, 64, 32], [32, 32, 64, 64]]
    assert main(["layout", "1,1", "--size", "72x104"]) == 0
    assert "x 36-72  y 0-104" in capsys.readouterr().out


@pytest.mark.parametrize(("text", "read"), [("1，2", "1,2"), ("0,5,0,5", "0.5, 0.5"), ("１；１、１", "1;1,1")])
def test_layout_mends_a_pasted_ratio_with_a_note_on_stderr(
    capsys: pytest.CaptureFixture[str], text: str, read: str
) -> None:
    assert main(["layout", text, "--size", "64x64", "--json"]) == 0
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert set(document) == {"split_ratio", "cells"} and document["split_ratio"] == read
    assert err.startswith("note: ") and f"is read as {read!r}" in err
    assert all(line.startswith("note: ") for line in err.splitlines())
    assert document == run_json(capsys, "layout", read, "--size", "64x64")


def test_parse(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "answer.txt"
    file.write_bytes(b"\xef\xbb\xbf" + ANSWER.encode())
    document = run_json(capsys, "parse", str(file))
    plan = Plan.from_dict(document)
    assert [region.prompt for region in plan.regions] == ["a café", "b"]
    assert "Bye" in plan.source.notes[0]
    file.write_text(plan.to_json(), encoding="utf-8")
    assert run_json(capsys, "parse", str(file)) == document
    assert main(["parse", str(file)]) == 0
    assert "note: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "the following arguments are required: command"),
        (["paint"], "invalid choice: 'paint'"),
        (["layout"], "the following arguments are required: ratio"),
        (["layout", "1,1", "--siez", "8x8"], "unrecognized arguments: --siez 8x8"),
        (["layout", "1;;2"], "row 2 is empty (at position 3)"),
        (["layout", "-1,1"], "'-1' at position 1 has a sign"),
        (["layout", "1,1", "--size", "1023x768"], "width: 1023 is not a multiple of 8; use 1016 or 1024"),
        (["layout", "1,1", "--size", "1024"], "'1024' is not a size; write it as 1024x768"),
        (["layout", "1,1", "--size", "-8x8"], "-8x8"),
        (["layout", "1,1", "--size", "0x8"], "width: 0 is out of range"),
        (["plan", "a cat", "--planner", "openai", "--provider", "nowhere"], "provider: 'nowhere' is unknown"),
        (["plan", "a cat", "--planner", "local"], "folder"),
        (["plan", "a cat", "--picture", "gone.png"], "'gone.png' cannot be read"),
        (["plan", "a cat", "--examples", "gone"], "examples: 'gone' is not known"),
        (["plan", " "], "prompt"),
        (["plan", "a cat", "--width", "1001"], "width: 1001 is not a multiple of 8; use 1000 or 1008"),
        (["plan", "a cat", "--width", "wide"], "invalid int value: 'wide'"),
        (["plan", "a cat", "--planner", "oracle"], "'oracle'"),
        (["plan", "a cat", "--method", "magic"], "'magic'"),
        (["parse", "no/such/file"], "'no/such/file' cannot be read (No such file or directory)"),
        (["parse", "."], "'.' cannot be read (Is a directory)"),
        (["parse", "a\0b"], "cannot be read"),
        (["generate", "a cat", "--url", "ftp://x"], "'ftp://x' is not valid"),
        (["generate", "a cat", "--url", "http://[x"], "is not valid"),
        (["generate", "a cat", "--url", "http://me:secret@127.0.0.1:1"], "RPG_WEBUI_AUTH"),
        (["generate", "a cat", "--url", "http://127.0.0.1:1"], "http://127.0.0.1:1 cannot be reached"),
        (["generate", "a cat", "-o", "no/such/out.png"], "name a file in a folder that exists"),
        (["generate", "a cat", "--timeout", "0"], "0 seconds is not > 0"),
        (["bench", "speed"], "invalid choice: 'speed'"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(
    arguments: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    err = run_refused(capsys, *arguments)
    assert words in err
    assert "secret" not in err


def test_files_that_are_no_answers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(b"\xff\xfe\x00")
    assert "is not a text file in UTF-8" in run_refused(capsys, "parse", str(file))
    file.write_bytes(b"x" * 4_000_001)
    assert "more than 4000000 bytes" in run_refused(capsys, "parse", str(file))
    file.write_text('{"version": 2, "regions": []}')
    assert "version 2" in run_refused(capsys, "parse", str(file))


def test_as_a_program() -> None:
    """Real process, real pipes: UTF-8 on stdout whatever the locale, the documented exit codes."""
    command = [sys.executable, "-m", "lib_rpg"]
    environment = {"PATH": "", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*command, "parse", "-", "--json"], input=ANSWER.encode(), cwd=ROOT, env=environment, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert json.loads(done.stdout.decode("utf-8"))["regions"][0]["prompt"] == "a café"
    refused = subprocess.run([*command, "layout", "1,"], cwd=ROOT, env=environment, capture_output=True)
    assert (refused.returncode, refused.stdout, refused.stderr.count(b"\n")) == (2, b"", 1)
    helped = subprocess.run([*command, "--help"], cwd=ROOT, env=environment, capture_output=True)
    assert helped.returncode == 0


PROGRAM = [sys.executable, "-m", "lib_rpg"]


@pytest.mark.parametrize(
    "words",
    [
        [b"plan", b"a cat \xff"],
        [b"plan", b"a cat", b"--method", b"\xff\x1b[31m"],
        [b"plan", b"a cat", b"--templates", b"\xff", b"--planner", b"paste"],
        [b"plan", b"a cat", b"--planner", b"openai", b"--providers", b"/dev/zero"],
        [b"plan", b"a cat", b"--picture", b"/dev/zero"],
        [b"plan", b"a cat", b"--width", b"1" + b"0" * 5000],
        [b"layout", b"1,\xff"],
        [b"layout", b"1,1", b"--size", b"\x1b[31m" * 3000],
        [b"gallery", b"\xe2\x80\xae\xff"],
        [b"parse", b"\xff"],
        [b"parse", b"/dev/zero"],
        [b"parse", b"/"],
        [b"parse", b"x" * 5000],
        [b"parse", b"a\x1b[31m\nb"],
        [b"generate", b"a cat", b"--url", b"http://\xff"],
        [b"generate", b"a cat", b"--url", b"http://me:secret@[x"],
        [b"generate", b"a cat", b"--timeout", b"1e308"],
        [b"generate", b"a cat", b"--timeout", b"inf"],
        [b"generate", b"a cat", b"-o", b"x" * 5000],
        [b"--\xff"],
    ],
)
def test_hostile_arguments_are_one_printable_line_and_exit_2(words: list[bytes], tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*PROGRAM, *words], cwd=tmp_path, env=environment, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1), done.stderr[-500:]
    assert done.stderr.decode("ascii").rstrip("\n").isprintable() and len(done.stderr) < 4000
    assert b"secret" not in done.stderr


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 5000, "."])
@pytest.mark.parametrize("words", [["parse", "{}"], ["plan", "a cat", "--planner", "paste", "--answer", "{}"]])
def test_an_invalid_name_is_refused_by_main_too(
    name: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    err = run_refused(capsys, *[name if word == "{}" else word for word in words])
    assert "cannot be read (" in err and err[:-1].isprintable() and len(err) < 500


@pytest.mark.skipif(os.name != "posix", reason="streams of a POSIX shell")
@pytest.mark.parametrize(
    ("shell", "error"),
    [
        ("LIB plan 'a cat' >&-", "standard output is closed"),
        ("LIB plan 'a cat' >&- 2>&-", ""),
        ("LIB layout ';' 2>&-", ""),
        ("LIB parse - <&-", "standard input is closed; name a file"),
        ("LIB gallery --json | true; exit ${PIPESTATUS[0]}", "the output cannot be written (Broken pipe)"),
        pytest.param(
            "LIB plan 'a cat' >/dev/full",
            "the output cannot be written (No space left on device)",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux"),
        ),
        ("LIB parse <(cat /dev/zero)", "too large, more than 4000000 bytes"),
    ],
)
def test_streams_that_are_closed_full_or_endless(shell: str, error: str) -> None:
    shell = shell.replace("LIB", f"{sys.executable} -m lib_rpg")
    done = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.count("\n") == bool(error) and error in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="a POSIX shell")
def test_process_substitution_is_a_file() -> None:
    source = "sleep 0.3; printf 'Final split ratio: 1,2\\nRegional Prompt: a BREAK b'"
    shell = f"{sys.executable} -m lib_rpg parse --json <({source})"
    done = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and json.loads(done.stdout)["split_ratio"] == "1,2", done.stderr


def test_a_stream_of_another_encoding_gets_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(name: str, *words: str) -> tuple[int, str]:
        stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
        monkeypatch.setattr(sys, name, stream)
        code = main(words)
        return code, stream.buffer.getvalue().decode("cp1252")  # type: ignore[attr-defined]

    code, text = run("stdout", "plan", "a 一 left of a 😀", "--json")
    assert code == 0 and json.loads(text)["prompt"] == "a 一 left of a 😀"
    code, text = run("stdout", "plan", "a 一 left of a dog")
    assert code == 0 and "\\u4e00" in text
    code, text = run("stderr", "layout", "一,1")
    assert code == 2 and "\\u4e00" in text and text.count("\n") == 1


def test_control_characters_do_not_reach_a_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "answer.txt"
    file.write_text("Final split ratio: 1,2\nRegional Prompt: a \x1b[31mred BREAK b", encoding="utf-8")
    assert main(["parse", str(file)]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_an_answer_is_kept_whatever_it_holds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise planner.UnusableAnswerError("no plan", "a \ud800 b")

    monkeypatch.setattr(planner, "plan", fail)
    monkeypatch.setenv("RPG_CACHE", str(tmp_path / "cache"))
    run_refused(capsys, "plan", "a cat", "--planner", "openai")
    kept = tmp_path / "cache" / "last-answer.txt"
    assert kept.read_text(encoding="utf-8") == "a ? b"
    if os.name == "posix":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    monkeypatch.setenv("RPG_CACHE", str(kept))
    assert "no plan; it could not be saved (" in run_refused(capsys, "plan", "a cat", "--planner", "openai")
    monkeypatch.setattr(planner, "cache_folder", lambda: None)
    assert "set RPG_CACHE to a folder" in run_refused(capsys, "plan", "a cat", "--planner", "openai")


# generate, against a small HTTP server that stands in for a WebUI


PICTURE = b"\x89PNG the picture"
GOOD = {"images": [base64.b64encode(PICTURE).decode()], "info": json.dumps({"infotexts": ["a cat\nSteps: 1"]})}


FAILED = b'{"error": "TypeError", "detail": "", "errors": "TypeError"}'


class Server(ThreadingHTTPServer):
    status: int = 200
    answer: bytes = b""
    authorization: str | None = None
    request: dict[str, Any] | None = None
    path = ""
    location = ""
    lacks = ""
    """A field without which a request fails as in Forge, whose API cannot read an infotext's styles."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        server = self.server
        server.path = self.path
        server.authorization = self.headers.get("Authorization")
        server.request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        failed = bool(server.lacks) and server.lacks not in server.request
        answer = FAILED if failed else server.answer
        self.send_response(500 if failed else server.status)
        if server.location:
            self.send_header("Location", server.location)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_generate(server: Server, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("RPG_WEBUI_AUTH", "me:secret")
    server.answer = json.dumps(GOOD).encode()
    url, output = f"http://127.0.0.1:{server.server_port}/", tmp_path / "out.png"
    options = ["--seed", "-1", "--sampler", "Euler", "--width", "512", "--height", "768"]
    prompt = "a red apple left of a green mug"
    document = run_json(capsys, "generate", prompt, "--url", url, "-o", str(output), *options)
    assert output.read_bytes() == PICTURE
    assert document["infotext"] == "a cat\nSteps: 1"
    assert document["output"] == str(output)
    assert server.path == "/sdapi/v1/txt2img"
    assert server.authorization == "Basic " + base64.b64encode(b"me:secret").decode()
    assert server.request is not None
    assert server.request["prompt"] == prompt
    assert (server.request["width"], server.request["height"], server.request["seed"]) == (512, 768, -1)
    assert server.request["sampler_name"] == "Euler"
    (arguments,) = server.request["alwayson_scripts"]["RPG"]["args"]
    assert arguments == {"enabled": True, "plan": document["plan"]}
    assert len(Plan.from_dict(arguments["plan"]).regions) == 2


@pytest.mark.parametrize(
    ("infotext", "prompts"),
    [
        (
            "a cat,\na dog\nNegative prompt: a cow\nand a pig\nSteps: 4, Size: 64x64",
            ("a cat,\na dog", "a cow\nand a pig"),
        ),
        ("a cat\nSteps: 4", ("a cat", "")),
        ("Negative prompt: a cow\nSteps: 4", ("", "a cow")),
        ("Steps: 4", ("", "")),
    ],
)
def test_repaint_where_the_api_cannot_read_styles(server: Server, infotext: str, prompts: tuple[str, str]) -> None:
    """The prompts are sent as the infotext has them, with their styles, so that none has to be read."""
    server.answer, server.lacks = json.dumps(GOOD).encode(), "styles"
    url = f"http://127.0.0.1:{server.server_port}"
    assert webui_client.repaint(url, infotext, {"region": 1})[0] == PICTURE
    assert server.request is not None
    assert (server.request["prompt"], server.request["negative_prompt"]) == prompts
    assert server.request["styles"] == [] and server.request["infotext"] == infotext
    server.lacks = "other"
    with pytest.raises(RpgError, match="TypeError"):
        webui_client.repaint(url, infotext, {"region": 1})
    server.lacks, server.status, server.answer, server.request = "", 500, b'{"errors": "no such region"}', None
    with pytest.raises(RpgError, match="no such region"):
        webui_client.repaint(url, infotext, {"region": 1})
    assert server.request is not None and "styles" not in server.request


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (401, b"", "asks for a password; set RPG_WEBUI_AUTH"),
        (404, b"", "has no API; start the WebUI with --api"),
        (404, b'{"detail": "Not Found"}', "has no API; start the WebUI with --api"),
        (404, b'{"detail": "Sampler not found"}', "(HTTP 404): Sampler not found"),
        (422, b'{"detail": "always on script RPG not found"}', "(HTTP 422): always on script RPG not found"),
        (
            500,
            b'{"error": "RpgError", "detail": "", "errors": "regions: the\\nplan has no region"}',
            "the plan has no region",
        ),
        (422, b'{"detail": [{"loc": ["width"]}]}', '[{"loc": ["width"]}]'),
        (502, b"<html>", "(HTTP 502): Bad Gateway"),
        (200, b"<html>", "did not answer like a WebUI"),
        (200, b'{"images": []}', "answered without a picture"),
        (200, b'{"images": ["***"], "info": "{}"}', "answered without a picture"),
        (200, b"[]", "answered without a picture"),
        (200, b"[" * 200_000, "did not answer like a WebUI (RecursionError)"),
        (200, b'{"images": [1' + b"0" * 5000 + b"]}", "did not answer like a WebUI"),
        (200, json.dumps({**GOOD, "info": "[" * 200_000}).encode(), "answered without a picture"),
        (200, json.dumps({**GOOD, "info": '{"infotexts": [5]}'}).encode(), "answered without a picture"),
        (200, json.dumps({**GOOD, "images": [""]}).encode(), "answered without a picture"),
        (200, json.dumps({**GOOD, "images": ["\ud800"]}).encode(), "answered without a picture"),
        (500, b"[" * 90_000, "(HTTP 500): Internal Server Error"),
        (500, b'{"detail": "\xe2\x80\xaered' + b"x" * 5000 + b'"}', "(HTTP 500): \\u202ered"),
        (500, b'{"detail": "a\\u001b[31m\\u202e\\ud800b"}', "(HTTP 500): a\\x1b[31m\\u202e\\ud800b"),
    ],
)
def test_generate_says_what_the_server_said(
    server: Server, status: int, answer: bytes, words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    server.status, server.answer = status, answer
    output = tmp_path / "out.png"
    err = run_refused(capsys, "generate", "a cat", "--url", f"http://127.0.0.1:{server.server_port}", "-o", str(output))
    assert words in err and err[:-1].isprintable() and len(err) < 1000
    assert not output.exists()


def test_generate_says_whether_a_password_is_missing_or_wrong(
    server: Server, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.status = 401
    words = ["generate", "a cat", "--url", f"http://127.0.0.1:{server.server_port}", "-o", str(tmp_path / "out.png")]
    monkeypatch.delenv("RPG_WEBUI_AUTH", raising=False)
    assert "asks for a password; set RPG_WEBUI_AUTH=user:password" in run_refused(capsys, *words)
    for wrong in ("me:secret", "secret"):
        monkeypatch.setenv("RPG_WEBUI_AUTH", wrong)
        said = run_refused(capsys, *words)
        assert "refused the password in RPG_WEBUI_AUTH; set it to user:password" in said and "secret" not in said


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_generate_takes_its_password_to_no_other_server(
    server: Server, status: int, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RPG_WEBUI_AUTH", "me:secret")
    with Server(("127.0.0.1", 0), Handler) as other:
        thread = threading.Thread(target=other.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        server.status, server.location = status, f"http://127.0.0.1:{other.server_port}/?secret"
        url = f"http://127.0.0.1:{server.server_port}"
        err = run_refused(capsys, "generate", "a cat", "--url", url, "-o", str(tmp_path / "out.png"))
        other.shutdown()
        thread.join()
    assert f"redirects the request (HTTP {status})" in err and "secret" not in err
    assert server.request is not None and other.request is None


def test_generate_reads_an_endless_answer_within_its_bounds(
    server: Server, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webui_client, "_MAX_ANSWER", 1000)
    server.answer = b" " * 5000
    url = f"http://127.0.0.1:{server.server_port}"
    err = run_refused(capsys, "generate", "a cat", "--url", url, "-o", str(tmp_path / "out.png"))
    assert "answered with more than 1000 bytes" in err


def test_bench_passes_its_options_on(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    module = types.ModuleType("lib_rpg.bench.attention")
    module.main = lambda arguments: seen.append(arguments)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "lib_rpg.bench.attention", module)
    assert main(["bench", "attention", "--json", "--sizes", "64x64", "-n", "3"]) == 0
    assert seen == [["--json", "--sizes", "64x64", "-n", "3"]]


@pytest.mark.parametrize("method", ["rpg", "lmd"])
def test_plan_with_a_real_model(
    capsys: pytest.CaptureFixture[str], llama_server: Any, short_examples: Path, method: str
) -> None:
    words = ["--provider", "llamacpp", "--base-url", llama_server.base_url, "--max-tokens", "320", "--no-cache"]
    words += ["--plan-timeout", "900", "--templates", str(short_examples)]
    code = main(["plan", "a cat left of a dog", "--planner", "openai", "--method", method, *words, "--json"])
    out, err = capsys.readouterr()
    # A model as small as this may fail; then in one line that says so.
    if code:
        assert (code, out, err.count("\n")) == (2, "", 1) and "answered twice" in err
    else:
        plan = Plan.from_dict(json.loads(out))
        assert (plan.source.planner, plan.source.model, plan.prompt) == (
            "openai",
            "smollm2-135m",
            "a cat left of a dog",
        )
        assert plan.layout == ("boxes" if method == "lmd" else "grid")


def test_generate_does_not_wait_on_an_answer_of_single_bytes() -> None:
    def drip(listening: socket.socket) -> None:
        peer, _ = listening.accept()
        with peer, contextlib.suppress(OSError):
            peer.recv(100_000)
            peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            for _ in range(200):
                time.sleep(0.05)
                peer.sendall(b" ")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,), daemon=True)
        thread.start()
        begun = time.monotonic()
        with pytest.raises(RpgError, match=r"gave no answer within 0\.5 seconds"):
            webui_client.txt2img(
                f"http://127.0.0.1:{listening.getsockname()[1]}", webui_client.Txt2Img("a cat", None), 0.5
            )
    assert time.monotonic() - begun < 5
    thread.join(20)
