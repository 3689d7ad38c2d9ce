"""The published client `webuiapi` works with both hosts."""

from __future__ import annotations

from urllib.parse import urlsplit

import numpy as np
import pytest
import webuiapi

from tests.contract.client import BASE, Client, alike, difference


@pytest.fixture
def api(host: Client, monkeypatch: pytest.MonkeyPatch) -> webuiapi.WebUIApi:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    address = urlsplit(host.url)
    client = webuiapi.WebUIApi(host=address.hostname, port=address.port)
    if host.login:
        client.set_auth(*host.login)
    return client


def test_lists(api: webuiapi.WebUIApi) -> None:
    assert {"Euler", "Euler a", "Heun", "DPM++ 2M", "DDIM"} <= {sampler["name"] for sampler in api.get_samplers()}
    assert "rpg" in [name.lower() for name in api.get_scripts()["txt2img"]]
    assert "shapes" in [model["model_name"] for model in api.get_sd_models()]


def test_draws_regions(api: webuiapi.WebUIApi, host: Client, plan: dict) -> None:
    answer = api.txt2img(**BASE, alwayson_scripts={"RPG": {"args": [{"enabled": True, "plan": plan}]}})
    picture = np.asarray(answer.image.convert("RGB"))[None]
    assert alike(picture, host.regional({"plan": plan}, eta=1.0).pixels)
    assert "RPG plan" in answer.info["infotexts"][0]


def test_draws_what_the_host_plans_on_the_way(api: webuiapi.WebUIApi, host: Client) -> None:
    answer = api.txt2img(**BASE, alwayson_scripts={"RPG": {"args": [{"planner": "offline"}]}})
    picture = np.asarray(answer.image.convert("RGB"))[None]
    assert alike(picture, host.regional({"planner": "offline"}, eta=1.0).pixels)


def test_img2img(api: webuiapi.WebUIApi, plan: dict) -> None:
    first = api.txt2img(**BASE)
    scripts = {"RPG": {"args": [{"enabled": True, "plan": plan}]}}
    pictures = [
        np.asarray(api.img2img(images=[first.image], denoising_strength=0.7, alwayson_scripts=s, **BASE).image)
        for s in ({}, scripts)
    ]
    assert pictures[0].shape == (64, 64, 3)
    assert difference(*pictures) > 0.5


@pytest.mark.parametrize(
    ("rpg", "words"),
    [
        ({"regional_prompt": "a cat", "split_ratio": "1,,2"}, "1,,2"),
        ({"planer": "offline"}, "unknown key .*planer.*, did you mean"),
        ({"plan": {"regions": []}}, "give at least one"),
    ],
)
def test_a_refusal_reaches_the_caller(api: webuiapi.WebUIApi, rpg: dict, words: str) -> None:
    scripts = {"RPG": {"args": [rpg]}}
    with pytest.raises(RuntimeError, match=words):
        api.txt2img(**BASE, alwayson_scripts=scripts)
