"""Beside other extensions: Hypertile, token merging, a hypernetwork, and a rival that is refused by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from .client import BASE, Client, Drawn, HostError, alike, difference, plan_of, request_of
from .hypernetwork import NAME as HYPERNETWORK

SAME = plan_of(BASE["prompt"], BASE["prompt"], base_prompt=BASE["prompt"], base_ratio=0.3)
LARGE = {"width": 256, "height": 256, "steps": 2}
NEIGHBOURS: dict[str, dict[str, Any]] = {
    "Hypertile": {**LARGE, "override_settings": {"hypertile_enable_unet": True, "hypertile_max_tile_unet": 128}},
    "token merging": {**LARGE, "override_settings": {"token_merging_ratio": 0.5}},
    "hypernetwork": {"prompt": f"{BASE['prompt']} <hypernet:{HYPERNETWORK}:1>"},
}


def _job(host: Client, name: str) -> dict[str, Any]:
    options = host.json("GET", "/sdapi/v1/options")
    if name == "Hypertile" and "hypertile_enable_unet" not in options:
        pytest.skip("this host has no Hypertile")
    if name == "token merging" and host.name == "sandbox":
        pytest.skip("the sandbox has no token merging")
    if name == "hypernetwork" and HYPERNETWORK not in str(host.json("GET", "/sdapi/v1/hypernetworks")):
        pytest.skip("this host has no hypernetworks")
    return NEIGHBOURS[name]


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_a_neighbour_and_regions_work_together(host: Client, fresh: dict[str, Drawn], plan: dict, name: str) -> None:
    job = _job(host, name)
    bare = {key: value for key, value in job.items() if key in LARGE}
    alone = host.plain(**job).pixels
    assert difference(alone, host.plain(**bare).pixels) > 0.1, "the neighbour does nothing"
    same = {**SAME, "base_prompt": job.get("prompt", BASE["prompt"])}
    assert alike(host.regional({"plan": same}, **job).pixels, alone)
    plan = {**plan, "base_prompt": job.get("prompt", plan["base_prompt"])}
    both = host.regional({"plan": plan}, **job).pixels
    assert difference(both, alone) > 0.3
    without = {**plan, "base_prompt": plan["base_prompt"].partition(" <")[0]}
    assert difference(both, host.regional({"plan": without}, **bare).pixels) > 0.1
    assert np.array_equal(host.plain(**job).pixels, alone)
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
