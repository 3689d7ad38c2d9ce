"""A key from the environment goes only to its own server, because every user of the page can type the address."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm.chat import ChatRequest, Hooks, Message
from lib_rpg.planner.llm.chats import open_chat, server_of
from lib_rpg.planner.llm.server.endpoint import base_url_of, find_endpoint
from lib_rpg.planner.llm.server.key_file import KeyFile
from lib_rpg.planner.llm.server.presets import load_presets
from tests.planner.llm.scripted import completion, scripted

ASKED = ChatRequest((Message("user", "a cat"),))
OWN = {"OPENAI_API_KEY": "sk-env"}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.setenv("RPG_CONFIG", str(folder))
    return folder


def key_for(base_url: str, provider: str = "openai", environment: dict[str, str] | None = None, **more: Any) -> str:
    config = PlannerConfig(provider, base_url, from_page=True, **more)
    preset = load_presets(config.providers)[provider]
    return find_endpoint(config, preset, "m", OWN if environment is None else environment).key


@pytest.mark.parametrize("url", ["", "https://api.openai.com/v1", "https://API.openai.com:443/other"])
def test_the_presets_own_address_gets_it(url: str) -> None:
    assert key_for(url) == "sk-env"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.openai.com/v1",
        "https://api.openai.com:8443/v1",
        "https://api.openai.com.evil.example/v1",
        "https://evil.example/api.openai.com",
        "http://127.0.0.1:9/v1",
    ],
)
def test_another_address_does_not(url: str) -> None:
    with pytest.raises(RpgError) as caught:
        key_for(url)
    said = str(caught.value)
    assert said == (
        "the key in the environment variable OPENAI_API_KEY is for https://api.openai.com:443 only; type a key for "
        f"{url} into the key setting"
    )
    # On the command line the owner gives the address.
    assert find_endpoint(PlannerConfig("openai", url), load_presets()["openai"], "m", OWN).key == "sk-env"


def test_an_address_of_the_environment_gets_it_and_no_other() -> None:
    environment = {"RPG_API_KEY": "k-env", "RPG_BASE_URL": "http://10.0.0.1:1/v1"}
    assert key_for("", "custom", environment) == "k-env"
    assert key_for("http://10.0.0.1:1/else", "custom", environment) == "k-env"
    assert key_for("http://10.0.0.1:2/v1", "custom", environment) == ""
    assert key_for("http://10.0.0.1:1/v1", "custom", {"RPG_API_KEY": "k-env"}) == ""
    azure = {"AZURE_OPENAI_API_KEY": "k-az", "AZURE_OPENAI_ENDPOINT": "https://mine.openai.azure.com"}
    assert key_for("", "azure", azure) == "k-az"
    with pytest.raises(RpgError, match=r"for https://mine\.openai\.azure\.com:443 only"):
        key_for("https://evil.openai.azure.com", "azure", azure)
    with pytest.raises(RpgError, match="for no address typed into Settings unless AZURE_OPENAI_ENDPOINT names"):
        key_for("https://evil.openai.azure.com", "azure", {"AZURE_OPENAI_API_KEY": "k-az"})


def test_a_typed_key_goes_where_it_was_typed_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-env")
    with scripted(completion("x")) as server:
        config = PlannerConfig("openai", server.url, "m", cache=None, from_page=True)
        KeyFile().put("openai", server_of(config), "sk-typed")
        open_chat(config, "openai").ask(ASKED, Hooks())
        assert server.seen[0].headers["authorization"] == "Bearer sk-typed"


def providers(file: Path, base_url: str, name: str = "openai", **more: Any) -> Path:
    entry = {
        "name": name,
        "base_url": base_url,
        "key_variables": ["AWS_SECRET_ACCESS_KEY"],
        "base_url_variables": ["SLACK_WEBHOOK_URL"],
        "model": "m",
        **more,
    }
    file.write_text(json.dumps({"providers": [entry]}))
    return file


@pytest.mark.parametrize("name", ["openai", "mine"])
def test_a_file_that_the_page_names_gets_no_variable(name: str, tmp_path: Path, own_folder: Path) -> None:
    environment = {"AWS_SECRET_ACCESS_KEY": "aws", "SLACK_WEBHOOK_URL": "https://hooks.example/services/secret"}
    uploaded = providers(tmp_path / "upload.json", "http://evil.example/v1", name)
    (own_folder / "link.json").symlink_to(uploaded)
    for file in (uploaded, own_folder / "link.json", own_folder / ".." / "upload.json"):
        with pytest.raises(RpgError) as caught:
            key_for("", name, environment, providers=file)
        assert "gets no key from the environment" in str(caught.value) and "AWS" not in str(caught.value)
        config = PlannerConfig(name, from_page=True, providers=file)
        assert base_url_of(config, load_presets(file)[name], environment) == "http://evil.example/v1"


def test_a_file_that_the_page_names_reads_the_same_whether_its_variable_is_set(tmp_path: Path) -> None:
    said = set()
    for environment in ({}, {"AWS_SECRET_ACCESS_KEY": "aws"}, {"SLACK_WEBHOOK_URL": "http://mine.example"}):
        for name in ("openai", "mine"):
            uploaded = providers(tmp_path / "upload.json", "http://evil.example/v1", name, needs_key=True)
            with pytest.raises(RpgError) as caught:
                key_for("", name, environment, providers=uploaded)
            said.add(str(caught.value))
    assert said == {
        "a providers file named in Settings gets no key from the environment (put the file into the folder of "
        "keys.json, or name it in RPG_PROVIDERS); type a key for http://evil.example/v1 into the key setting"
    }


def test_the_owners_own_file_does(tmp_path: Path, own_folder: Path) -> None:
    environment = {"AWS_SECRET_ACCESS_KEY": "aws"}
    trusted = providers(own_folder / "providers.json", "http://mine.example/v1")
    assert key_for("", "openai", environment, providers=trusted) == "aws"
    named = providers(tmp_path / "named.json", "http://mine.example/v1")
    assert key_for("", "openai", {**environment, "RPG_PROVIDERS": str(named)}, providers=named) == "aws"
    with pytest.raises(RpgError, match="gets no key"):
        key_for("", "openai", {**environment, "RPG_PROVIDERS": ""}, providers=named)
    with pytest.raises(RpgError, match=r"for http://mine\.example:80 only"):
        key_for("http://evil.example/v1", "openai", environment, providers=trusted)


def test_a_built_in_preset_is_trusted_beside_a_file_of_the_page(tmp_path: Path) -> None:
    assert (
        key_for("", "openai", OWN, providers=providers(tmp_path / "upload.json", "http://e.example", "mine"))
        == "sk-env"
    )


def test_nothing_else_of_the_environment_follows_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_WEBHOOK_SECRET"):
        monkeypatch.setenv(name, f"secret-{name}")
    monkeypatch.setenv(
        "OPENAI_CUSTOM_HEADERS", "X-Mine: secret-1\nUser-Agent: secret-2\nHost: secret-3\nCookie: secret-4"
    )
    monkeypatch.setenv("OPENAI_BASE_URL", "http://secret-5.example")
    with scripted(completion("x")) as server:
        config = PlannerConfig("custom", server.url, "m", "k-own", cache=None, from_page=True)
        open_chat(config, "openai").ask(ASKED, Hooks())
        [seen] = server.seen
    assert "secret" not in json.dumps(seen.headers) + seen.path
    assert seen.headers["authorization"] == "Bearer k-own" and seen.headers["host"] in server.url
    assert os.environ["OPENAI_ORG_ID"] == "secret-OPENAI_ORG_ID"
