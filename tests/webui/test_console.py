"""Lines on consoles of any encoding: printing never fails, and nothing of a text acts on the terminal."""

from __future__ import annotations

import io
import sys

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.webui import console


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "utf-8", "shift-jis", "utf-16"])
def test_any_text_prints_in_any_encoding(monkeypatch, encoding: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
    monkeypatch.setattr(sys, "stdout", stream)
    console.say("the ratio '一,1' with ü, 🎨 and \ud800")
    stream.flush()
    text = stream.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]
    assert text.startswith("RPG: the ratio '") and text.endswith("\n")


class Broken(io.StringIO):
    encoding = "no-such-encoding"

    def write(self, _: str) -> int:
        raise OSError("the terminal is gone")


@pytest.mark.parametrize("stream", [None, Broken(), io.StringIO()])
def test_a_console_that_takes_nothing_is_no_error(monkeypatch, stream) -> None:
    if stream is not None and not isinstance(stream, Broken):
        stream.close()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", stream)
    console.say("a line")
    try:
        raise ValueError("inside")
    except ValueError:
        console.report("failed")


def test_no_escape_sequence_and_no_mark_of_direction_reaches_the_console(capsys) -> None:
    console.say("a\x1b]0;owned\x07b\x1b[31m\u202etxt.exe\u2066\nRPG: forged\r\x85end")
    [line] = capsys.readouterr().out.splitlines()
    assert line == "RPG: a]0;ownedbtxt.exe RPG: forged end"
