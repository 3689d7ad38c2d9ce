"""Compare over the API: which pictures come back, in which order, and that each is what its name says."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.contract import host as hosts
from tests.contract.client import HIRES, Client, HostError, difference, plan_of, request_of
from tests.contract.test_jobs import JOBS

LEFT = {"prompt": "a red circle, navy background", "name": "circle"}
RIGHT = {"prompt": "a green square, navy background", "name": "square"}
PLAN = plan_of(LEFT, RIGHT, base_prompt="two shapes")
HEAD = 12
"""The height of the sheet's labels over pictures of 64 pixels."""
SEEDED = {"faults": {"seed": True}}
"""For exact comparisons of what img2img draws: the WebUI draws an initial picture's latents unseeded."""


def _draw(host: Client, rpg: dict[str, Any] | None, **changes: Any) -> tuple[list[np.ndarray], list[str]]:
    """All pictures of an answer, and their infotexts."""
    tab = changes.pop("tab", "txt2img")
    answer = host.json("POST", f"/sdapi/v1/{tab}", host.fitted(request_of(rpg, **changes)))
    pictures = [Image.open(io.BytesIO(base64.b64decode(image))) for image in answer["images"]]
    return [np.asarray(each.convert("RGB")) for each in pictures], [each.info["parameters"] for each in pictures]


def _without(number: int) -> dict[str, Any]:
    regions = [{**region, "muted": number == i} for i, region in enumerate((LEFT, RIGHT))]
    return {"plan": {**PLAN, "regions": regions}}


@pytest.mark.parametrize("changes", [{}, HIRES, {"negative_prompt": "a ring"}, JOBS["inpaint, only masked"] | SEEDED])
def test_each_variant_is_what_a_request_of_its_own_draws(host: Client, changes: dict[str, Any]) -> None:
    pictures, infotexts = _draw(host, {"plan": PLAN, "compare": "regions"}, **changes)
    regional, plain, *without, sheet = pictures
    assert np.array_equal(regional, host.regional({"plan": PLAN}, **changes).pixels[0])
    assert np.array_equal(plain, host.plain(**changes).pixels[0])
    assert len(without) == 2
    for number, picture in enumerate(without):
        assert np.array_equal(picture, host.regional(_without(number), **changes).pixels[0])
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)
    height, width = regional.shape[:2]
    head = sheet.shape[0] - height
    assert sheet.shape[1] == 4 * width
    for index, picture in enumerate((regional, plain, *without)):
        assert np.array_equal(sheet[head:, index * width : (index + 1) * width], picture)
    assert ["RPG plan: " in text for text in infotexts] == [True, False, True, True, True]
    assert ["RPG compare: " in text for text in infotexts] == [False] * 4 + [True]


def test_adetailer_draws_the_details_of_each_variant(host: Client, offered: set[str]) -> None:
    if "adetailer" not in offered:
        pytest.skip("this host has no ADetailer (RPG_TEST_EXTENSIONS)")
    tab = {"ad_model": hosts.DETECTOR, "ad_prompt": "a yellow triangle"}
    detail = {"scripts": {"ADetailer": [True, False, tab]}, **SEEDED}
    pictures, _ = _draw(host, {"plan": PLAN, "compare": "plain"}, **detail)
    assert np.array_equal(pictures[0], host.regional({"plan": PLAN}, **detail).pixels[0])
    assert np.array_equal(pictures[1], host.plain(**detail).pixels[0])
    assert difference(pictures[1], host.plain().pixels[0]) > 1


def test_a_plain_picture_alone_is_added(host: Client) -> None:
    pictures, _ = _draw(host, {"plan": PLAN, "compare": "plain"})
    assert [picture.shape for picture in pictures] == [(64, 64, 3), (64, 64, 3), (64 + HEAD, 128, 3)]


def test_of_a_batch_the_first_picture_is_compared(host: Client) -> None:
    alone, _ = _draw(host, {"plan": PLAN, "compare": "plain"})
    for changes in ({"batch_size": 2}, {"n_iter": 2}):
        info = host.generate("txt2img", request_of({"plan": PLAN, "compare": "plain"}, **changes)).info
        pictures, infotexts = _draw(host, {"plan": PLAN, "compare": "plain"}, **changes)
        assert len(pictures) == len(infotexts) == len(info["infotexts"])
        first = info["index_of_first_image"]
        assert len(pictures) == first + 4
        assert np.array_equal(pictures[first + 2], alone[1])


def test_a_plan_that_is_made_on_the_way_is_compared(host: Client) -> None:
    pictures, infotexts = _draw(host, {"planner": "offline", "compare": "regions"})
    assert len(pictures) == 5
    assert np.array_equal(pictures[1], host.plain().pixels[0])
    assert '\\"muted\\": true' in infotexts[2] or '"muted": true' in infotexts[2].replace("\\", "")


def test_without_compare_the_next_picture_is_as_before(host: Client) -> None:
    before, regional = host.plain(), host.regional({"plan": PLAN})
    _draw(host, {"plan": PLAN, "compare": "regions"})
    assert np.array_equal(host.plain().pixels, before.pixels)
    after = host.regional({"plan": PLAN})
    assert np.array_equal(after.pixels, regional.pixels)
    assert after.infotexts == regional.infotexts
    off, infotexts = _draw(host, {"plan": PLAN, "compare": "off"})
    assert len(off) == len(infotexts) == 1
    assert np.array_equal(off[0], regional.pixels[0])
    assert infotexts == regional.infotexts


@pytest.mark.parametrize("wrong", ["all", "", True, 3, ["plain"], {"kind": "plain"}])
def test_a_wrong_value_is_refused_in_one_sentence(host: Client, wrong: Any) -> None:
    with pytest.raises(HostError) as refused:
        host.regional({"plan": PLAN, "compare": wrong})
    assert refused.value.status == 422
    assert refused.value.sentence.startswith("RPG: compare: ")
    assert "give one of off, plain, regions" in refused.value.sentence
