"""A walk through the panel on a host's page: what is made by hand there comes back from its infotext, to the pixel."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from sandbox.walk import FIELDS, Walk
from tests.contract.client import plan_in
from tests.contract.test_repaint import outside


@pytest.fixture
def walk(started, browser, tmp_path: Path) -> Iterator[Walk]:
    """The panel on a page of a host of its own, whose user has no presets."""
    with started(settings={"rpg_planner": "offline"}) as client:
        page = browser.new_page(viewport={"width": 1280, "height": 1100})
        page.set_default_timeout(60_000)
        page.errors = []
        # The WebUI's own script fails where a size changes, so that only what ours are in counts.
        page.on("pageerror", lambda error: "rpg_" in (error.stack or "") and page.errors.append(str(error)))
        walk = Walk(page)
        walk.open(client.url, {**FIELDS, "width": 128, "height": 64, "steps": 4})
        yield walk
        assert page.errors == []
        page.close()


def pixels(walk: Walk) -> np.ndarray:
    address = walk.picture()
    if address.startswith("data:"):
        data = base64.b64decode(address.partition(",")[2])
    else:
        data = httpx.get(
            address if "//" in address else f"{walk.page.url.rstrip('/')}/{address}", trust_env=False
        ).content
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def test_a_region_of_the_picture_that_was_drawn_is_repainted_again_and_again(walk: Walk) -> None:
    walk.plan()
    walk.generate()
    first = pixels(walk)
    walk.write(0, "a green triangle, navy background")
    text = walk.repaint(0)
    assert "RPG repaint: " in text
    assert "a green triangle" in text
    second = pixels(walk)
    alone = outside((128, 64), 0)
    assert (second[alone] == first[alone]).all()
    assert not (second[~alone] == first[~alone]).all()
    walk.repaint(1)
    third = pixels(walk)
    alone = outside((128, 64), 1)
    assert (third[alone] == second[alone]).all()
    assert not (third[~alone] == second[~alone]).all()
    # The next press of Generate draws a new picture.
    assert "RPG repaint: " not in walk.generate()


def test_the_first_picture_is_followed_by_the_tokens_of_its_regions(walk: Walk) -> None:
    """A Forge loads the checkpoint, which counts them, for the first picture."""
    walk.plan()
    walk.generate()
    walk.says("Drawn: ")
    for line in walk.panel.locator(".rpg_line_tokens").all():
        line.get_by_text(" tokens").wait_for()


def test_what_is_made_by_hand_comes_back_from_its_infotext_on_a_fresh_page(walk: Walk, browser) -> None:
    walk.plan()
    walk.drag_boundary(0.375)
    walk.says("2 regions")
    assert walk.part("split_ratio").locator("textarea, input").first.input_value() == "3,5"
    walk.split(1)
    walk.write(1, "a green star, navy background")
    walk.paint(2)
    infotext = walk.generate()
    walk.says("Drawn: ")
    plan = plan_in(infotext)
    assert plan["layout"] == "boxes" and len(plan["regions"]) == 3
    assert plan["regions"][1]["prompt"] == "a green star, navy background" and plan["regions"][2]["mask"]
    first = pixels(walk)

    again = Walk(browser.new_page(viewport={"width": 1280, "height": 1100}))
    again.page.set_default_timeout(60_000)
    again.open(walk.page.url, {})
    again.paste(infotext)
    again.says("3 regions")
    second = plan_in(again.generate())
    assert second["regions"] == plan["regions"]
    assert (pixels(again) == first).all()
    again.page.close()


def test_a_loras_card_writes_into_the_region_with_the_caret(walk: Walk) -> None:
    if not walk.has_cards:
        pytest.skip("this page has no cards")
    walk.plan()
    walk.add_lora(1)
    plan = plan_in(walk.generate())
    assert ["<lora:" in region["prompt"] for region in plan["regions"]] == [False, True]
    assert "<lora:" not in walk.page.locator("#txt2img_prompt textarea").input_value()


def test_a_preset_draws_the_same_picture(walk: Walk) -> None:
    walk.plan()
    walk.drag_boundary(0.625)
    infotext = walk.generate()
    first = pixels(walk)
    walk.save("mine")
    walk.part("clear").click()
    walk.page.wait_for_function("() => !document.querySelector('#script_txt2img_rpg_regional_prompt textarea').value")
    walk.part("stored").locator(".rpg_card", has_text="mine").locator(".rpg_stored").click()
    walk.says("2 regions")
    assert plan_in(walk.generate())["regions"] == plan_in(infotext)["regions"]
    assert (pixels(walk) == first).all()


def test_the_drawn_plan_is_shown_over_the_picture_and_taken_into_the_panel(walk: Walk) -> None:
    walk.page.locator("#txt2img_prompt textarea").fill("two red circles left of a blue square, navy background")
    plan = plan_in(walk.generate())
    walk.unfold("results")
    walk.part("drawn").get_by_role("button", name="Show regions over the picture").click()
    boxes = walk.page.locator("#txt2img_gallery .rpg_overlay > div")
    boxes.first.wait_for()
    assert boxes.count() == len(plan["regions"])
    state = walk.part("state").locator("textarea")
    assert state.input_value() == ""
    walk.part("drawn").get_by_role("button", name="Take the picture's regions").click()
    walk.says(f"{len(plan['regions'])} regions")
    walk.unfold("whole")
    shown = walk.part("base_ratio").locator("input[type=number]").input_value()
    assert float(shown) == plan["base_ratio"]
