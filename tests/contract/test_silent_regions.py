"""A region that is switched off, or has no words: neither its words nor its LoRAs nor its negatives act."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.client import BASE, HIRES, Client, alike, difference, plan_of
from tests.contract.lora_model import EVERYWHERE

CIRCLE, SQUARE, RING = (f"a {shape}, navy background" for shape in ("red circle", "green square", "yellow ring"))
TAG = f"<lora:{EVERYWHERE}:1>"


def three(mode: str = "text", **middle: Any) -> dict[str, Any]:
    """Three columns, the one in the middle as given."""
    plan = plan_of(CIRCLE, RING, SQUARE, base_ratio=0.2, split_ratio="1,1,1", lora=mode)
    plan["regions"][1] |= middle
    return {"plan": plan}


@pytest.mark.parametrize("job", [{}, {**HIRES, "negative_prompt": "a triangle"}], ids=["one pass", "hires"])
@pytest.mark.parametrize("silent", [{"prompt": ""}, {"muted": True}, {"muted": True, "negative_prompt": "a circle"}])
def test_its_place_is_drawn_as_with_the_base_ratio_1(host: Client, silent: dict, job: dict) -> None:
    drawn = host.regional(three(**silent), **job)
    assert alike(drawn.pixels, host.regional(three(base_ratio=1.0), **job).pixels)
    assert difference(drawn.pixels, host.regional(three(), **job).pixels) > 0.5


@pytest.mark.parametrize("mode", ["text", "unet", "shared"])
def test_the_lora_of_a_muted_region_acts_nowhere(host: Client, mode: str) -> None:
    if host.get("/sdapi/v1/loras").status_code != 200:
        pytest.skip("this host has no LoRAs")
    tagged = {"prompt": f"{RING} {TAG}"}
    drawn = host.regional(three(mode, **tagged, muted=True)).pixels
    assert alike(drawn, host.regional(three(mode, base_ratio=1.0)).pixels)
    assert difference(drawn, host.regional(three(mode, **tagged)).pixels) > 0.5


def test_where_no_region_acts_the_base_prompt_is_drawn(host: Client) -> None:
    plan = three()["plan"]
    plan["regions"] = [{**region, "muted": True} for region in plan["regions"]]
    drawn = host.regional({"plan": {**plan, "base_prompt": BASE["prompt"]}})
    assert alike(drawn.pixels, host.reference(prompt=BASE["prompt"]).pixels)
