"""Lists, settings, the page, extensions' routes, the command line."""

from __future__ import annotations

import contextlib
import re
import socket
from pathlib import Path

import pytest

from sandbox import launch
from tests.sandbox_api.conftest import REPO, SMALL, running


def get(sandbox, name):
    response = sandbox.get(f"/sdapi/v1/{name}")
    assert response.status_code == 200, response.text
    return response.json()


def test_lists_what_there_is(sandbox):
    assert {"Euler", "Euler a", "Heun", "DPM++ 2M", "DDIM"} <= {sampler["name"] for sampler in get(sandbox, "samplers")}
    assert get(sandbox, "schedulers")[0]["label"] == "Automatic"
    (model,) = get(sandbox, "sd-models")
    assert model["model_name"] == "shapes"
    assert model["config"].endswith("shapes.yaml")
    assert "Latent" in [mode["name"] for mode in get(sandbox, "latent-upscale-modes")]
    assert 0 < get(sandbox, "memory")["ram"]["used"] < get(sandbox, "memory")["ram"]["total"]
    assert [upscaler["name"] for upscaler in get(sandbox, "upscalers")] == ["None", "Lanczos", "Nearest"]
    assert isinstance(get(sandbox, "cmd-flags"), dict)
    assert [style["name"] for style in get(sandbox, "prompt-styles")] == ["Probe style"]


@pytest.mark.parametrize("name", ["sd-vae", "hypernetworks", "face-restorers"])
def test_lists_nothing_where_there_is_nothing(sandbox, name):
    assert get(sandbox, name) == []


def test_scripts_list_their_arguments(sandbox):
    of_extensions = ["rpg", "probe", "chosen"]
    assert get(sandbox, "scripts") == {"txt2img": of_extensions, "img2img": ["sd upscale", *of_extensions]}
    infos = {(info["name"], info["is_img2img"]): info for info in get(sandbox, "script-info")}
    probe = infos["probe", False]
    assert probe["is_alwayson"]
    assert not infos["chosen", True]["is_alwayson"]
    enabled, amount, word = probe["args"]
    assert (enabled["label"], enabled["value"]) == ("Probe", False)
    assert [amount[key] for key in ("value", "minimum", "maximum", "step")] == [4, 0, 10, 2]
    assert word["choices"] == ["one", "two"]
    labels = [arg["label"] for arg in infos["sd upscale", True]["args"]]
    assert labels[1:] == ["Tile overlap", "Upscaler", "Scale Factor"]  # the first is a text, which has no name


def test_settings_are_read_and_changed(sandbox):
    assert get(sandbox, "options")["probe_option"] == "quiet"
    assert sandbox.post("/sdapi/v1/options", json={"probe_option": "loud"}).status_code == 200
    assert get(sandbox, "options")["probe_option"] == "loud"
    sandbox.post("/sdapi/v1/options", json={"probe_option": "quiet"})
    response = sandbox.post("/sdapi/v1/options", json={"sd_model_checkpoint": "no such model"})
    assert response.status_code == 500
    assert response.json()["errors"] == "model 'no such model' not found"


def test_a_picture_has_its_parameters(sandbox):
    picture = sandbox.post("/sdapi/v1/txt2img", json=SMALL).json()["images"][0]
    answer = sandbox.post("/sdapi/v1/png-info", json={"image": f"data:image/png;base64,{picture}"}).json()
    assert answer["info"].startswith("a red circle\n")
    assert answer["parameters"]["Prompt"] == "a red circle"
    assert (answer["parameters"]["Size-1"], answer["parameters"]["Seed"]) == ("64", "7")


def test_extensions_add_routes(sandbox):
    assert sandbox.get("/probe").json() == {"page": True}
    assert "offline" in sandbox.get("/rpg/status").json()["planners"]


def test_the_page_loads_scripts_and_styles_in_order_and_nothing_from_afar(sandbox):
    page = sandbox.get("/").text
    assert not re.search(r'<(script|link)[^>]*(src|href)="https?:', page)
    loaded = re.findall(r'(?:src|href)="(webui-file/[^"]+)"', page)
    names = [url.split("/")[-1].split("?")[0] for url in loaded]
    scripts = [name for name in names if name.endswith("js")]
    assert scripts[0] == "script.js"
    assert scripts[-2:] == ["a.js", "b.js"]
    assert scripts[1:-2] == sorted(path.name for path in (REPO / "javascript").glob("*.js"))
    assert names.count("style.css") == 3
    for url in loaded:
        assert sandbox.get(f"/{url}").status_code == 200


def test_the_page_has_the_webuis_element_ids(sandbox):
    ids = {component["props"].get("elem_id") for component in sandbox.get("/config").json()["components"]}
    common = (
        "prompt neg_prompt generate interrupt skip width height steps sampling scheduler cfg_scale seed batch_size "
        "batch_count gallery results settings script_container"
    )
    wanted = {f"{tab}_{name}" for tab in ("txt2img", "img2img") for name in common.split()}
    wanted |= {
        f"{name}_{tab}" for tab in ("txt2img", "img2img") for name in ("html_info", "html_log", "generation_info")
    }
    wanted |= {"tabs", "paste", "settings_json", "setting_probe_option", "img2img_image", "mode_img2img", "txt2img_hr"}
    assert wanted <= ids


def test_other_web_pages_may_not_call_the_server(sandbox):
    response = sandbox.get("/sdapi/v1/samplers", headers={"Origin": "http://elsewhere.example"})
    assert "access-control-allow-origin" not in response.headers


def test_the_api_works_without_the_page():
    with running("--no-page") as client:
        assert client.get("/").status_code == 404
        assert client.get("/probe").json() == {"page": False}
        answer = client.post("/sdapi/v1/txt2img", json={**SMALL, "alwayson_scripts": {"Probe": {"args": [True]}}})
        assert "Probe amount: 4" in answer.json()["info"]


@pytest.mark.parametrize(
    ("extensions", "checkpoint", "reason"),
    [
        ([Path("/no/such/folder")], launch.CHECKPOINT, "there is no extension folder /no/such/folder"),
        ([], Path("/no/such.safetensors"), "there is no checkpoint /no/such.safetensors"),
    ],
)
def test_a_missing_file_is_named_in_one_line(capsys, extensions, checkpoint, reason):
    assert launch.main("127.0.0.1", None, True, extensions, checkpoint) == 2
    assert capsys.readouterr() == ("", f"sandbox: {reason}\n")


def test_a_taken_port_is_refused_and_a_free_one_found(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert launch.main("127.0.0.1", port, True, [], launch.CHECKPOINT) == 2
    assert f"port {port} of 127.0.0.1 is in use" in capsys.readouterr().err
    with socket.socket() as first:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            first.bind(("127.0.0.1", launch.FIRST_PORT))
            first.listen()
        assert launch.free_port("127.0.0.1", None) > launch.FIRST_PORT
