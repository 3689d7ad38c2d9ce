"""A remote argument sets neither a server's address, nor a key, nor a path: whatever key of a request it stands in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.fields import declared
from lib_rpg.plan import Entity, Plan, Region, Source
from lib_rpg.webui import settings
from tests.contract.client import BASE, Client, plan_of
from tests.contract.model_server import ModelServer
from tests.contract.watch import MARK, Watch

ADDRESS, ENTRY = f"http://{MARK}.invalid/v1", f"sk-{MARK}-key"
PRIVATE = ("provider", "base_url", "model", "key", "api_key", "local_folder", "local_device", "templates", "providers")
"""What Settings alone say; no key of a request has these names."""
ASK = {"prompt": BASE["prompt"], "planner": "openai", "again": True}
PLANNED = {"enabled": True, "planner": "openai"}


def sentinels(folder: Path) -> Iterator[Any]:
    """An address, a key, and paths of a file and of a folder that are there."""
    yield from (
        ADDRESS,
        ENTRY,
        str(folder),
        f"file://{folder}/providers.json",
        f"../../../../../..{folder}/providers.json",
    )


def generations(keys: list[str], value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Requests to draw with the value in every key, of the dict, of a plan and of what is in it, and in its names."""
    for key in (*keys, *PRIVATE, value):
        yield key, {**PLANNED, key: value}
    for key in (*declared(Plan), *PRIVATE, value):
        yield f"plan.{key}", {"plan": {**plan_of("a red circle", "a blue square"), key: value}}
    for key in (*declared(Region), *PRIVATE):
        region = {"prompt": "a red circle", key: value}
        yield f"region.{key}", {"plan": plan_of(region, "a blue square")}
        yield f"box.{key}", {"plan": plan_of(region, layout="boxes", split_ratio="")}
    for key in declared(Entity):
        yield f"entity.{key}", {"plan": plan_of({"prompt": "a", "entities": [{"phrase": "a", key: value}]})}
    for key in (*declared(Source), *PRIVATE):
        yield f"source.{key}", {"plan": {**plan_of("a red circle"), "source": {key: value}}}


@pytest.fixture
def watched(started, tmp_path: Path) -> Iterator[tuple[Client, Watch, Path]]:
    """A host that is watched, and a folder with files that would work as templates and as a list of servers."""
    folder = tmp_path / MARK
    folder.mkdir()
    preset = {"name": "custom", "base_url": ADDRESS, "key_variables": ["HOME"]}
    (folder / "providers.json").write_text(json.dumps({"providers": [preset]}), encoding="utf-8")
    watch = Watch(tmp_path / "watch")
    with started(environment=watch.environment) as client:
        yield client, watch, folder


def check_reach(model: ModelServer, watch: Watch, where: str) -> None:
    assert watch.seen == [], where
    assert all(MARK not in key for key in model.keys), where
    assert all(body["model"] == "tiny" for body in model.asked), where


def test_no_key_of_a_generation_reaches_a_server_or_a_file(watched, model: ModelServer) -> None:
    client, watch, folder = watched
    keys = list(client.json("GET", "/rpg/schema")["$defs"]["On"]["properties"])
    asked = 0
    for value in sentinels(folder):
        for name, rpg in generations(keys, value):
            request = {**BASE, "steps": 1, "alwayson_scripts": {"RPG": {"args": [rpg]}}}
            answer = client.post("/sdapi/v1/txt2img", request)
            assert answer.status_code in (200, 422), f"{name}: {answer.text[:300]}"
            asked += len(model.asked)
            check_reach(model, watch, f"{name}: {value}")
            model.forget()
    assert asked, "the planner's own server was never asked"


def test_no_key_of_a_route_reaches_a_server_or_a_file(watched, model: ModelServer) -> None:
    client, watch, folder = watched
    routes = client.json("GET", "/rpg/schema")["routes"]
    for value in sentinels(folder):
        for route, body in routes.items():
            for key in (*body["properties"], *PRIVATE, value):
                given = ASK if "plan" in route else {"split_ratio": "1,1"} if "layout" in route else {"prompt": "a cat"}
                answer = client.post(route.removeprefix("POST "), {**given, key: value})
                assert answer.status_code in (200, 422), f"{route} {key}: {answer.text[:300]}"
                check_reach(model, watch, f"{route} {key}: {value}")
                model.forget()


def keeps_restricted_options(client: Client) -> bool:
    """Whether the API's route for options leaves those alone that are not for it; Forge's and Neo's does not."""
    name = "api_useragent"  # one of the WebUI's own
    client.post("/sdapi/v1/options", {name: "rpg"})
    changed = client.json("GET", "/sdapi/v1/options").get(name) == "rpg"
    client.post("/sdapi/v1/options", {name: ""})
    return not changed


def test_no_override_of_a_setting_reaches_a_server_or_a_file(watched, model: ModelServer) -> None:
    client, watch, folder = watched
    is_guarded = keeps_restricted_options(client)
    assert is_guarded or client.name == "forge"
    for value in sentinels(folder):
        for name in (*settings.OPTIONS, settings.KEY):
            for together in ({name: value}, {"rpg_provider": "custom", name: value}):
                request = {**BASE, "steps": 1, "override_settings": together}
                answer = client.post("/sdapi/v1/txt2img", {**request, "alwayson_scripts": {"RPG": {"args": [PLANNED]}}})
                assert answer.status_code == 422, f"{name}: {answer.text[:300]}"
                if is_guarded:
                    client.post("/sdapi/v1/options", together)
                client.post("/rpg/plan", ASK)
                check_reach(model, watch, f"{name}: {value}")
                assert model.asked, name
                model.forget()


def test_what_the_owner_sets_is_seen_by_the_watch(started, model: ModelServer, tmp_path: Path) -> None:
    """So that the tests above can fail."""
    watch = Watch(tmp_path / "watch")
    (tmp_path / MARK).mkdir()
    server = {"rpg_provider": "custom", "rpg_base_url": ADDRESS}
    with started(environment=watch.environment, settings=server) as client:
        assert client.post("/rpg/plan", ASK).status_code == 422
        assert any(f"{MARK}.invalid" in line for line in watch.seen)
        before = len(watch.seen)
    with started(environment=watch.environment, settings={"rpg_templates": str(tmp_path / MARK)}) as client:
        client.post("/rpg/plan", ASK)
        assert any(str(tmp_path / MARK) in line for line in watch.seen[before:])
