"""``python -m lib_rpg generate`` as a client of a host: planners, the file, and one line for whatever goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from lib_rpg.repainting import pixels
from tests.contract.client import BASE, Client, alike, pixels_of, plan_of, png_text
from tests.contract.host import REPO
from tests.contract.model_server import ModelServer, completion
from tests.processes import free_port

WORDS = ["--width", "64", "--height", "64", "--steps", "4", "--cfg-scale", "4", "--seed", "7", "--sampler", "Euler"]
ANSWER = {
    "base_prompt": "two shapes, navy background",
    "rows": [{"height": 1, "cells": [{"width": 1, "prompt": "a red circle"}, {"width": 1, "prompt": "a blue square"}]}],
}


def generate(
    folder: Path, url: str, *words: str, auth: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The command, run in a folder of its own."""
    known = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    known |= {"PYTHONPATH": str(REPO), "NO_PROXY": "127.0.0.1", "RPG_CACHE": str(folder), "RPG_CONFIG": str(folder)}
    known.pop("RPG_WEBUI_AUTH", None)
    command = [sys.executable, "-m", "lib_rpg", "generate", BASE["prompt"], "--url", url, *WORDS, *words]
    given = {} if auth is None else {"RPG_WEBUI_AUTH": auth}
    return subprocess.run(
        command, cwd=folder, env={**known, **given, **environment}, capture_output=True, text=True, timeout=120
    )


def check_refused(done: subprocess.CompletedProcess[str], folder: Path, *words: str) -> None:
    """One line, exit 2, nothing drawn."""
    assert done.returncode == 2 and done.stdout == "", done.stdout
    assert done.stderr.count("\n") == 1 and done.stderr[:-1].isprintable() and len(done.stderr) < 600, done.stderr
    assert all(word in done.stderr for word in words), done.stderr
    assert not list(folder.glob("*.png"))


def test_the_offline_planners_picture_is_that_of_the_api(host: Client, tmp_path: Path) -> None:
    done = generate(tmp_path, host.url, "--json", auth=":".join(host.login or ()))
    assert done.returncode == 0 and done.stderr == "", done.stderr
    document = json.loads(done.stdout)
    assert document["output"] == "out.png" and document["plan"]["source"]["planner"] == "offline"
    png = (tmp_path / "out.png").read_bytes()
    assert png_text(png) == document["infotext"] and "RPG plan" in document["infotext"]
    assert alike(pixels_of(png)[None], host.regional({"plan": document["plan"]}).pixels)


def test_a_models_plan_is_drawn_to_the_file_that_is_named(host: Client, model: ModelServer, tmp_path: Path) -> None:
    model.reply = lambda: completion(json.dumps(ANSWER))
    (tmp_path / "pictures").mkdir()
    words = ["--planner", "openai", "--provider", "custom", "--base-url", model.url, "--model", "tiny", "--no-cache"]
    done = generate(
        tmp_path,
        host.url,
        *words,
        "-o",
        "pictures/two shapes.png",
        auth=":".join(host.login or ()),
        RPG_API_KEY="sk-own",
    )
    assert done.returncode == 0 and done.stdout.endswith("wrote pictures/two shapes.png\n"), done.stderr
    assert "a red circle BREAK a blue square" in done.stdout
    assert pixels_of((tmp_path / "pictures" / "two shapes.png").read_bytes()).shape == (64, 64, 3)
    assert model.asked[0]["model"] == "tiny"


@pytest.mark.parametrize(
    ("status", "cure"),
    [
        (401, "set it in"),
        (403, "check the account"),
        (404, "correct the base URL"),
        (429, "try again later"),
        (500, "check the server"),
        (302, "correct the base URL"),
    ],
)
def test_what_a_model_server_refuses_is_one_line(
    host: Client, model: ModelServer, tmp_path: Path, status: int, cure: str
) -> None:
    body = json.dumps({"error": {"message": "wrong\nthing"}}).encode()
    model.reply = lambda: (status, {"Content-Type": "application/json", "Location": f"{model.url}/x"}, body)
    server = ["--planner", "openai", "--provider", "llamacpp", "--base-url", model.url, "--model", "tiny", "--no-cache"]
    check_refused(generate(tmp_path, host.url, *server), tmp_path, model.url, cure)


def test_a_server_without_its_key_is_one_line(host: Client, tmp_path: Path) -> None:
    check_refused(
        generate(tmp_path, host.url, "--planner", "openai", "--provider", "openai"), tmp_path, "OPENAI_API_KEY"
    )


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:PORT", ("cannot be reached", "--url")),
        ("http://rpg.invalid", ("cannot be reached", "--url")),
        ("127.0.0.1:7860", ("not valid", "http://127.0.0.1:7860")),
        ("ftp://127.0.0.1", ("not valid", "http://127.0.0.1:7860")),
        ("HOST/nowhere", ("has no API", "--url")),
    ],
)
def test_a_wrong_address_is_one_line(host: Client, tmp_path: Path, url: str, words: tuple[str, ...]) -> None:
    url = url.replace("PORT", str(free_port())).replace("HOST", host.url)
    check_refused(generate(tmp_path, url, auth=":".join(host.login or ())), tmp_path, *words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--steps", "-5"], "HTTP "),
        (["--width", "60"], "width: 60 is not a multiple of 8"),
        (["--timeout", "0"], "timeout"),
        (["-o", "no/such/out.png"], "name a file in a folder that exists"),
        (["--planner", "paste"], "paste"),
        (["--planner", "oracle"], "'oracle'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_request_is_one_line(host: Client, tmp_path: Path, words: list[str], said: str) -> None:
    check_refused(generate(tmp_path, host.url, *words, auth=":".join(host.login or ())), tmp_path, said)


def test_the_password_of_the_api_comes_from_the_environment(started, tmp_path: Path) -> None:
    with started(api_auth="ann:secret", settings={"rpg_planner": "offline"}) as client:
        check_refused(generate(tmp_path, client.url), tmp_path, "asks for a password; set RPG_WEBUI_AUTH=user:password")
        for wrong in ("ann:wrong", "ann", "bob:se:cret"):
            done = generate(tmp_path, client.url, auth=wrong)
            check_refused(done, tmp_path, "refused the password in RPG_WEBUI_AUTH")
            assert wrong not in done.stderr
        with_login = client.url.replace("http://", "http://ann:secret@")
        check_refused(generate(tmp_path, with_login), tmp_path, "set RPG_WEBUI_AUTH=user:password instead")
        done = generate(tmp_path, client.url, auth="ann:secret")
        assert done.returncode == 0 and (tmp_path / "out.png").exists(), done.stderr


def test_a_host_without_the_api_is_one_line(started, tmp_path: Path) -> None:
    with started(api=False) as client:
        check_refused(generate(tmp_path, client.url), tmp_path, "start the WebUI with --api")


def test_a_picture_is_repainted_by_the_command_line(host: Client, tmp_path: Path) -> None:
    drawn = host.regional({"plan": plan_of("a red circle, navy background", "a blue square, navy background")})
    (tmp_path / "picture.png").write_bytes(drawn.pngs[0])
    words = ["picture.png", "--region", "2", "--prompt", "a green triangle, navy background", "--json"]
    done = repaint(tmp_path, host, *words)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    made = pixels_of((tmp_path / "out.png").read_bytes())
    alone = pixels.fading(pixels.box_mask((0.5, 0, 0.5, 1), (64, 64))) == 0
    assert (made[alone] == drawn.pixels[0][alone]).all()
    assert not (made[~alone] == drawn.pixels[0][~alone]).all()
    assert "a green triangle" in json.loads(done.stdout)["infotext"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("picture.png",), "one of the arguments --region --mask is required"),
        (("picture.png", "--region", "0"), "--region: 0 is not a number from 1; count from 1"),
        (("picture.png", "--region", "9"), "there is no region 8"),
        (("picture.png", "--mask", "none.png"), "the mask cannot be read (No such file or directory)"),
        (("none.png", "--region", "1"), "the picture cannot be read (No such file or directory)"),
        (("bare.png", "--region", "1"), "bare.png: the picture has no infotext"),
        (("text.png", "--region", "1"), "text.png: it is not a picture that can be read"),
    ],
)
def test_a_repainting_that_cannot_be_is_one_line(
    host: Client, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    drawn = host.regional({"plan": plan_of("a red circle", "a blue square")})
    (tmp_path / "picture.png").write_bytes(drawn.pngs[0])
    Image.fromarray(drawn.pixels[0]).save(tmp_path / "bare.png")
    (tmp_path / "text.png").write_text("no picture", encoding="utf-8")
    done = repaint(tmp_path, host, *words)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and sentence in done.stderr, done.stderr
    assert not (tmp_path / "out.png").exists()


def repaint(folder: Path, host: Client, *words: str) -> subprocess.CompletedProcess[str]:
    """The command, run in a folder of its own."""
    known = {**os.environ, "PYTHONPATH": str(REPO), "NO_PROXY": "127.0.0.1"}
    known["RPG_WEBUI_AUTH"] = ":".join(host.login or ())
    command = [sys.executable, "-m", "lib_rpg", "repaint", *words, "--url", host.url]
    return subprocess.run(command, cwd=folder, env=known, capture_output=True, text=True, timeout=120)
