"""Beside other extensions: Hypertile, token merging, a hypernetwork, and a rival that is refused by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from .client import BASE, Client, Drawn, HostError, alike, difference, plan_of, request_of
from .hypernetwork import NAME as HYPERNETWORK

LARGE = {"width": 256, "height": 256, "steps": 2}
NEIGHBOURS: dict[str, dict[str, Any]] = {
    "Hypertile": {**LARGE, "override_settings": {"hypertile_enable_unet": True, "hypertile_max_tile_unet": 128}},
    "token merging": {**LARGE, "override_settings": {"token_merging_ratio": 0.5}},
    "hypernetwork": {"prompt": f"{BASE['prompt']} <hypernet:{HYPERNETWORK}:1>"},
    "NegPiP": {"prompt": f"{BASE['prompt']}, (a yellow ring:-1.5)", "scripts": {"NegPiP": [True]}},
    "Tiled VAE": {"width": 384, "height": 384, "steps": 1, "scripts": {"Tiled VAE": [True, 256, 32]}},
}
"""What a neighbour is asked to do; `scripts` are the first arguments of extensions, by title."""
EXACT = ("Tiled VAE",)
"""Neighbours that change no picture by more than rounding."""


def _job(host: Client, name: str) -> dict[str, Any]:
    options = host.json("GET", "/sdapi/v1/options")
    if name == "Hypertile" and "hypertile_enable_unet" not in options:
        pytest.skip("this host has no Hypertile")
    if name == "token merging" and host.name == "sandbox":
        pytest.skip("the sandbox has no token merging")
    if name == "hypernetwork" and HYPERNETWORK not in str(host.json("GET", "/sdapi/v1/hypernetworks")):
        pytest.skip("this host has no hypernetworks")
    known = [script["name"] for script in host.json("GET", "/sdapi/v1/script-info")]
    for title in NEIGHBOURS[name].get("scripts", ()):
        if title.lower() not in known:
            pytest.skip(f"this host has no {title} (RPG_TEST_EXTENSIONS)")
    return NEIGHBOURS[name]


def _draw(host: Client, plan: dict | None, job: dict[str, Any]) -> np.ndarray:
    changes = {key: value for key, value in job.items() if key != "scripts"}
    request = request_of(None if plan is None else {"plan": plan}, **changes)
    for title, args in job.get("scripts", {}).items():
        request.setdefault("alwayson_scripts", {})[title] = {"args": args}
    return host.generate("txt2img", request).pixels


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_a_neighbour_and_regions_work_together(host: Client, fresh: dict[str, Drawn], plan: dict, name: str) -> None:
    job = _job(host, name)
    bare = {key: value for key, value in job.items() if key in LARGE}
    alone = _draw(host, None, job)
    assert name in EXACT or difference(alone, _draw(host, None, bare)) > 0.1, "the neighbour does nothing"
    prompt = job.get("prompt", BASE["prompt"])
    # NegPiP takes its words out of the base prompt, and adds them in every region.
    words = prompt.partition(" <")[0].partition(", (")[0]
    assert alike(_draw(host, plan_of(words, words, base_prompt=prompt, base_ratio=0.3), job), alone)
    plan = {**plan, "base_prompt": prompt}
    both = _draw(host, plan, job)
    assert difference(both, alone) > 0.3
    without = {**plan, "base_prompt": words}
    assert name in EXACT or difference(both, _draw(host, without, bare)) > 0.1
    assert np.array_equal(_draw(host, None, job), alone)
    assert np.array_equal(host.plain().pixels, fresh["Euler"].pixels)


def test_regional_prompter_is_refused_by_name_while_it_is_on(host: Client, fresh: dict[str, Drawn], plan: dict) -> None:
    titles = [script["name"] for script in host.json("GET", "/sdapi/v1/script-info")]
    if "regional prompter" not in titles:
        pytest.skip("this host has no Regional Prompter (RPG_TEST_EXTENSIONS)")
    both = request_of({"plan": plan})
    for active in (True, False):
        settings = [active, False, "Matrix", "Columns", "Mask", "Prompt", "1,1", "0.2", False, False, False]
        settings += ["Attention", [False], "0", "0", "0", "", "0", "0", False]
        both["alwayson_scripts"]["Regional Prompter"] = {"args": settings}
        if active:
            with pytest.raises(HostError, match="Regional Prompter is switched on"):
                host.generate("txt2img", both)
        else:
            assert alike(host.generate("txt2img", both).pixels, host.regional({"plan": plan}).pixels)
    assert np.array_equal(host.plain().pixels, fresh["Euler"].pixels)
