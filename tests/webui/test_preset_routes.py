"""The routes of presets: any name, who may send what, and one sentence for what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.plan import Plan, Region
from lib_rpg.presets import Preset, PresetStore
from lib_rpg.webui.preset_routes import PresetRoutes

PLAN = Plan(split_ratio="1,1", regions=(Region("a cat"), Region("a dog")))
MINE = Preset("mine", PLAN, 512, 512)
REGIONAL_PROMPTER = json.dumps([{"name": "rp", "mode": "Rows", "ratios": "1,2"}, {"name": "drawn", "mode": "Mask"}])


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The WebUI's command line, with the API switched on."""
    from modules import shared

    monkeypatch.setattr(shared, "cmd_opts", SimpleNamespace(api=True, nowebui=False, api_auth=None))
    return shared.cmd_opts


@pytest.fixture
def served(options: Any, tmp_path: Path) -> Iterator[Any]:
    """Makes a client of an app that has the routes, with presets in a folder of their own."""
    made: list[PresetRoutes] = []

    def serve() -> TestClient:
        routes, app = PresetRoutes(lambda: PresetStore(tmp_path / "presets")), FastAPI()
        made.append(routes)
        routes.register(app)
        return TestClient(app)

    yield serve
    for routes in made:
        routes.close()
        routes.close()


@pytest.fixture
def client(served: Any) -> TestClient:
    return served()


def refusal(answer: Any, status: int = 422) -> str:
    assert answer.status_code == status, answer.text
    sentence = answer.json()["detail"]
    assert isinstance(sentence, str) and 10 < len(sentence) < 400 and "\n" not in sentence
    return sentence


@pytest.mark.parametrize("name", ["mine", "../../x", "a/b?c=d&e#f", "CON", "🐈 猫", "100%", "%2e%2e", "a+b"])
def test_a_preset_of_any_name_is_saved_listed_read_renamed_and_deleted(client: TestClient, name: str) -> None:
    document = {**MINE.to_dict(), "name": name}
    assert client.post("/rpg/presets", json={"preset": document}).json()["stored"] == [name]
    [entry] = client.get("/rpg/presets").json()["presets"]
    assert (entry["name"], len(entry["boxes"]), entry["words"]) == (name, 2, True)
    # Encoded here, as the client takes "%2e" for a character that is encoded already.
    assert client.get(f"/rpg/preset?name={quote(name, safe='')}").json() == document
    assert client.post("/rpg/presets/rename", json={"name": name, "new_name": "other/one"}).json() == {
        "name": "other/one"
    }
    assert "there is no preset" in refusal(client.get(f"/rpg/preset?name={quote(name, safe='')}"))
    assert client.delete("/rpg/preset", params={"name": "other/one"}).json() == {"deleted": "other/one"}
    assert client.get("/rpg/presets").json() == {"presets": [], "unreadable": []}


def test_a_name_that_is_taken_is_replaced_only_where_asked(client: TestClient) -> None:
    body = {"preset": MINE.to_dict()}
    assert client.post("/rpg/presets", json=body).status_code == 200
    assert "there is a preset 'mine' already" in refusal(client.post("/rpg/presets", json=body))
    assert client.post("/rpg/presets", json={**body, "replace": True}).status_code == 200
    client.post("/rpg/presets", json={"preset": {**MINE.to_dict(), "name": "b"}})
    assert "already" in refusal(client.post("/rpg/presets/rename", json={"name": "b", "new_name": "mine"}))


def test_a_file_of_another_tool_is_imported_and_what_is_left_out_is_told(client: TestClient) -> None:
    answer = client.post("/rpg/presets", json={"file": REGIONAL_PROMPTER}).json()
    assert answer["stored"] == ["rp"] and "regional_masks" in answer["refused"]["drawn"]
    plan = client.get("/rpg/preset", params={"name": "rp"}).json()["plan"]
    assert (plan["split_ratio"], plan["rows_first"]) == ("1,2", True)
    again = client.post("/rpg/presets", json={"file": REGIONAL_PROMPTER})
    assert "there is a preset 'rp' already" in refusal(again)


def test_a_broken_file_of_the_folder_is_listed_with_its_reason(client: TestClient, tmp_path: Path) -> None:
    client.post("/rpg/presets", json={"preset": MINE.to_dict()})
    (tmp_path / "presets" / "broken.json").write_text("{")
    listing = client.get("/rpg/presets").json()
    assert [entry["name"] for entry in listing["presets"]] == ["mine"]
    assert listing["unreadable"][0]["file"] == "broken.json" and "not valid JSON" in listing["unreadable"][0]["reason"]
    assert client.delete("/rpg/preset", params={"name": "broken.json"}).status_code == 200


WRONG = [
    ("get", "/rpg/preset", {}),
    ("get", "/rpg/preset", {"params": {"name": ""}}),
    ("get", "/rpg/preset", {"params": {"name": "x" * 101}}),
    ("get", "/rpg/preset", {"params": {"nam": "x"}}),
    ("get", "/rpg/preset", {"params": {"name": "../../../etc/passwd"}}),
    ("delete", "/rpg/preset", {}),
    ("delete", "/rpg/preset", {"params": {"name": "a\0"}}),
    ("delete", "/rpg/preset", {"params": {"name": "../x.json"}}),
    ("post", "/rpg/presets", {"json": {}}),
    ("post", "/rpg/presets", {"json": []}),
    ("post", "/rpg/presets", {"json": {"preset": {}}}),
    ("post", "/rpg/presets", {"json": {"preset": "x"}}),
    ("post", "/rpg/presets", {"json": {"preset": MINE.to_dict(), "file": "[]"}}),
    ("post", "/rpg/presets", {"json": {"preset": MINE.to_dict(), "replace": "yes"}}),
    ("post", "/rpg/presets", {"json": {"preset": MINE.to_dict(), "folder": "/etc"}}),
    ("post", "/rpg/presets", {"json": {"preset": {**MINE.to_dict(), "version": 2}}}),
    ("post", "/rpg/presets", {"json": {"file": 3}}),
    ("post", "/rpg/presets", {"json": {"file": "{"}}),
    ("post", "/rpg/presets", {"json": {"file": "[1]"}}),
    ("post", "/rpg/presets/rename", {"json": {}}),
    ("post", "/rpg/presets/rename", {"json": {"name": "a"}}),
    ("post", "/rpg/presets/rename", {"json": {"name": "a", "new_name": ["b"]}}),
    ("post", "/rpg/presets/rename", {"json": {"name": "a", "new_name": "b"}}),
]


@pytest.mark.parametrize(("method", "path", "sent"), WRONG)
def test_what_is_wrong_is_one_sentence(client: TestClient, tmp_path: Path, method: str, path: str, sent: dict) -> None:
    refusal(getattr(client, method)(path, **sent))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_there_are_no_routes_where_the_webui_has_no_api(options: Any, served: Any) -> None:
    options.api = False
    assert served().get("/rpg/presets").status_code == 404


def test_routes_ask_for_the_apis_password(options: Any, served: Any) -> None:
    options.api_auth = "ann:secret"
    client = served()
    calls = [
        ("GET", "/rpg/presets"),
        ("GET", "/rpg/preset?name=a"),
        ("DELETE", "/rpg/preset?name=a"),
        ("POST", "/rpg/presets"),
        ("POST", "/rpg/presets/rename"),
    ]
    assert [client.request(*call).status_code for call in calls] == [401] * 5
    assert client.get("/rpg/presets", auth=("ann", "secret")).status_code == 200


def test_another_sites_page_may_neither_read_nor_change_presets(client: TestClient) -> None:
    client.post("/rpg/presets", json={"preset": MINE.to_dict()})
    headers = {"Origin": "http://evil.example"}
    assert "evil.example" in refusal(client.get("/rpg/presets", headers=headers), 403)
    assert "evil.example" in refusal(client.delete("/rpg/preset", params={"name": "mine"}, headers=headers), 403)
    assert "evil.example" in refusal(client.post("/rpg/presets", json={"file": "[]"}, headers=headers), 403)
    text = client.post("/rpg/presets", content="{}", headers={"Content-Type": "text/plain"})
    assert "application/json" in refusal(text, 415)
    assert client.get("/rpg/preset", params={"name": "mine"}).status_code == 200
