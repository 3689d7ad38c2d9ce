"""The examples of the API and of the command line in README and docs: each is run, as it is written, on the host."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lib_rpg.__main__ import BENCHMARKS
from tests.contract.client import BASE, Client, encoded, pixels_of, plan_of
from tests.contract.host import REPO
from tests.contract.model_server import ModelServer, completion

PORT = "7860"
"""The WebUI's port in the examples, all of them on 127.0.0.1; the host's is put in its place."""
PROMPT = "a red circle on the left and a blue square on the right, navy background"
"""What "…" stands for in a command."""
ANSWER = {
    "base_prompt": "two shapes",
    "rows": [{"height": 1, "cells": [{"width": 1, "prompt": "a red circle"}, {"width": 1, "prompt": "a blue square"}]}],
}
BOXES = {
    "base_prompt": "two shapes",
    "regions": [
        {"name": "circle", "prompt": "a red circle", "percent": [0, 0, 50, 100]},
        {"name": "square", "prompt": "a blue square", "percent": [50, 0, 50, 100]},
    ],
}
PLAN = plan_of("a red circle, navy background", "a blue square, navy background")
SMALL = {"width": "64", "height": "64", "steps": "2"}


class Block(NamedTuple):
    """A fenced block of a document."""

    file: str
    line: int
    language: str
    text: str


def blocks() -> Iterator[Block]:
    for path in (REPO / "README.md", *sorted((REPO / "docs").glob("*.md"))):
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r"^ *```(\w*)\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
            yield Block(path.name, text[: match.start()].count("\n") + 2, match[1], match[2])


def of_api(block: Block) -> bool:
    return any(word in block.text for word in ("alwayson_scripts", "/rpg/", "/sdapi/", "webuiapi"))


DOCUMENTS = [block for block in blocks() if block.language == "json" and of_api(block)]
PROGRAMS = [block for block in blocks() if block.language in ("python", "bash", "sh") and of_api(block)]
COMMANDS = [
    line.partition("  #")[0].strip()
    for block in blocks()
    for line in block.text.splitlines()
    if line.strip().startswith("python -m lib_rpg ")
]


def names(found: list[Block]) -> list[str]:
    return [f"{block.file}:{block.line}" for block in found]


def test_there_are_examples_of_each_kind() -> None:
    assert DOCUMENTS and COMMANDS
    assert {shlex.split(command)[3] for command in COMMANDS} >= {
        "plan",
        "gallery",
        "layout",
        "parse",
        "generate",
        "repaint",
        "bench",
    }


@pytest.mark.parametrize("block", DOCUMENTS, ids=names(DOCUMENTS))
def test_a_document_of_the_api_is_drawn(host: Client, block: Block) -> None:
    given = host.regional({"plan": PLAN})
    # What an example calls by name: a picture that was drawn before.
    known = {"the picture's infotext": given.infotexts[0], "its file in base64, or its hash": encoded(given.pngs[0])}
    text = block.text
    for name, value in known.items():
        text = text.replace(json.dumps(name), json.dumps(value))
    document = json.loads(text)
    drawn = host.generate("txt2img", document if "infotext" in document else {**BASE, **document})
    assert "RPG plan" in drawn.infotexts[0]


@pytest.mark.parametrize("block", PROGRAMS, ids=names(PROGRAMS))
def test_a_program_that_uses_the_api_runs(host: Client, block: Block, tmp_path: Path) -> None:
    text = re.sub(r"^ {2,4}", "", block.text, flags=re.MULTILINE) if block.text.startswith("  ") else block.text
    command = [sys.executable, "-c"] if block.language == "python" else ["bash", "-euc"]
    done = run([*command, text], tmp_path, host)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_does_what_it_says(host: Client, model: ModelServer, command: str, tmp_path: Path) -> None:
    words = [PROMPT if word == "…" else word for word in shlex.split(command)]
    name = words[3]
    if name == "bench":
        # A benchmark takes minutes: that it is there, and knows the options.
        assert words[4] in BENCHMARKS
        words = [*words[:5], *words[5:], "--help"]
    (tmp_path / "answer.txt").write_text("Final split ratio: 1,2\nRegional Prompt: a cat BREAK a dog", encoding="utf-8")
    if name == "repaint":
        (tmp_path / words[4]).write_bytes(host.regional({"plan": PLAN}).pngs[0])
    if "openai" in words:
        answer = BOXES if "lmd" in words else ANSWER
        model.reply = lambda: completion(json.dumps(answer))
        words += ["--base-url", model.url, "--no-cache"]
    if name == "generate":
        words += [word for option, value in SMALL.items() for word in (f"--{option}", value)]
    done = run([sys.executable, *words[1:]], tmp_path, host)
    assert done.returncode == 0 and done.stdout, done.stderr
    assert done.stderr == ""
    if "--json" in words:
        assert isinstance(json.loads(done.stdout), dict)
    if "openai" in words:
        assert model.asked and model.asked[0]["model"] == "llama3.1"
    if name in ("generate", "repaint"):
        assert pixels_of((tmp_path / words[words.index("-o") + 1]).read_bytes()).shape == (64, 64, 3)


def run(command: list[str], folder: Path, host: Client) -> subprocess.CompletedProcess[str]:
    """A program as a user runs it, in a folder of its own, with the host in place of the WebUI of the examples."""
    command = [word.replace(PORT, host.url.rpartition(":")[2]) for word in command]
    environment: dict[str, Any] = {
        **os.environ,
        "PYTHONPATH": str(REPO),
        "NO_PROXY": "127.0.0.1",
        "RPG_CACHE": str(folder),
    }
    environment["RPG_WEBUI_AUTH"] = ":".join(host.login or ())
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
