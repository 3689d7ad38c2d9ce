"""What was drawn: the regions over the gallery's picture, and back in the panel."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from PIL import Image

from lib_rpg.plan import Plan, Region
from tests.ui.test_page import Tab

PLAN = Plan(
    base_prompt="two shapes",
    base_ratio=0.2,
    split_ratio="1,3",
    regions=(Region("a red circle", name="circle"), Region("a square, <b>bold</b>")),
)
BOXES = Plan(layout="boxes", split_ratio="", base_ratio=0.6, regions=(Region("a ring", box=(0.5, 0.25, 0.25, 0.5)),))
NONE = "a cat\nSteps: 20, Size: 64x64, Version: v1.10.1"
TEAL = (0, 128, 128)
NO_REGIONS = "The gallery's picture was drawn without regions."
TOGGLE, TAKE = "Show regions over the picture", "Take the picture's regions"


def infotext(plan: Plan, more: str = "") -> str:
    quoted = json.dumps(plan.to_json(), ensure_ascii=False)
    return f"a prompt\nSteps: 20, Size: 128x64, RPG plan: {quoted}, Version: v1.10.1{more}"


@pytest.fixture
def tab(page) -> Tab:
    tab = Tab(page)
    header = tab.element("results").locator(".label-wrap")
    if "open" not in (header.get_attribute("class") or ""):
        header.click()
    yield tab
    if button(tab, TOGGLE).get_attribute("aria-pressed") == "true":
        button(tab, TOGGLE).click()


def button(tab: Tab, name: str):
    return tab.element("results").get_by_role("button", name=name, exact=True)


def draw(tab: Tab, *pictures: tuple[tuple[int, int], str], first: int = 0) -> None:
    """Have the page show pictures of these sizes and infotexts."""
    sizes, texts = [list(size) for size, _ in pictures], [text for _, text in pictures]
    wanted = json.dumps({"sizes": sizes, "infotexts": texts, "index_of_first_image": first})
    tab.page.locator("#txt2img_wanted textarea").fill(wanted)
    tab.page.locator("#txt2img_draw").click()
    tab.page.wait_for_function(
        "text => document.querySelector('#generation_info_txt2img textarea').value === text", arg=wanted
    )
    tab.page.wait_for_timeout(300)
    if not shown(tab).count():  # the one that was picked before is not there any more
        thumbnails(tab).first.click()
    shown(tab).wait_for()


def shown(tab: Tab):
    return tab.page.locator("#txt2img_gallery .preview img[data-testid='detailed-image']")


def overlay(tab: Tab):
    return tab.page.locator("#txt2img_gallery .rpg_overlay")


def thumbnails(tab: Tab):
    return tab.page.locator("#txt2img_gallery .thumbnail-item")


def picked(tab: Tab, index: int) -> None:
    thumbnail = thumbnails(tab).nth(index)
    if "selected" not in (thumbnail.get_attribute("class") or "").split():  # else it would be closed
        thumbnail.click()


def places(tab: Tab) -> list[list[float]]:
    """Each box over the picture, as shares of what is seen of the picture."""
    return tab.page.evaluate(
        """() => {
            const gallery = document.querySelector("#txt2img_gallery");
            const image = gallery.querySelector(".preview img");
            const frame = image.getBoundingClientRect();
            const scale = Math.min(frame.width / image.naturalWidth, frame.height / image.naturalHeight);
            const [w, h] = [image.naturalWidth * scale, image.naturalHeight * scale];
            const [x, y] = [frame.x + (frame.width - w) / 2, frame.y + (frame.height - h) / 2];
            return [...gallery.querySelectorAll(".rpg_overlay > div")].map((region) => {
                const box = region.getBoundingClientRect();
                return [box.x - x, box.y - y, box.width, box.height].map((side, i) => [side, [w, h][i % 2]]);
            });
        }"""
    )


def check_seen(tab: Tab) -> None:
    """Nothing lies over the regions: the picture has another colour where the outline of the first one is."""
    first = overlay(tab).locator("div").first.bounding_box()
    seen = Image.open(io.BytesIO(tab.page.screenshot())).convert("RGB")
    middle = round(first["y"] + first["height"] / 2)
    assert seen.getpixel((round(first["x"] + 1), middle)) != TEAL
    assert seen.getpixel((round(first["x"] + first["width"] / 2), middle)) == TEAL


def eventually(tab: Tab, check: Callable[[], None]) -> None:
    """Try a check until it holds, for some seconds: a page on a busy machine redraws late.

    The first try comes when an idle one has redrawn, so that what was there before does not count.
    """
    for _ in range(15):
        tab.page.wait_for_timeout(400)
        with suppress(AssertionError):
            check()
            return
    check()


def check_places(tab: Tab, plan: Plan | None) -> None:
    if plan is None:
        assert overlay(tab).count() == 0
        return
    seen = places(tab)
    assert len(seen) == len(plan.regions)
    for sides, region in zip(seen, plan.regions, strict=True):
        for (side, whole), share in zip(sides, region.box, strict=True):
            assert abs(side - share * whole) <= 2, (seen, region.box)


@pytest.mark.parametrize("size", [(128, 64), (64, 128), (512, 512), (1600, 200)])
def test_the_regions_lie_over_the_picture_also_after_a_resize(tab, size):
    draw(tab, (size, infotext(PLAN)))
    assert overlay(tab).count() == 0
    button(tab, TOGGLE).click()
    overlay(tab).wait_for()
    check_places(tab, PLAN)
    overlay(tab).scroll_into_view_if_needed()
    for is_dark in (True, False):
        tab.page.evaluate("isDark => document.body.classList.toggle('dark', isDark)", is_dark)
        eventually(tab, lambda: check_seen(tab))
    for width in (800, 1300):
        tab.page.set_viewport_size({"width": width, "height": 1000})
        eventually(tab, lambda: check_places(tab, PLAN))
    assert overlay(tab).locator("span").all_text_contents() == ["1 circle", "2 a square, <b>bold</b>"]
    button(tab, TOGGLE).click()
    assert overlay(tab).count() == 0


def test_the_picture_that_is_picked_has_its_own_regions(tab):
    draw(tab, ((128, 64), infotext(PLAN)), ((64, 64), NONE), ((64, 128), infotext(BOXES)))
    button(tab, TOGGLE).click()
    for index, plan in ((2, BOXES), (0, PLAN), (1, None), (2, BOXES)):
        picked(tab, index)
        eventually(tab, partial(check_places, tab, plan))


def test_a_grid_and_a_sheet_have_no_regions_over_them_but_their_plan_can_be_taken(tab):
    sheet = infotext(PLAN, ", RPG compare: plain")
    draw(tab, ((256, 64), infotext(PLAN)), ((128, 64), infotext(PLAN)), ((256, 70), sheet), first=1)
    button(tab, TOGGLE).click()
    for index, plan in ((0, None), (1, PLAN), (2, None)):
        picked(tab, index)
        eventually(tab, partial(check_places, tab, plan))
    button(tab, TAKE).click()
    tab.page.wait_for_function("() => sdWebuiRpg.panels.txt2img.plan?.split_ratio === '1,3'")


def test_a_drawn_plan_fills_the_fields_and_undo_takes_it_back(tab):
    draw(tab, ((128, 64), infotext(PLAN)))
    button(tab, TAKE).click()
    tab.page.wait_for_function("() => sdWebuiRpg.panels.txt2img.plan?.regions.length === 2")
    assert tab.element("split_ratio").locator("input, textarea").input_value() == "1,3"
    assert float(tab.element("base_ratio").locator("input[type=number]").input_value()) == 0.2
    assert "a red circle" in tab.element("regional_prompt").locator("textarea").input_value()
    tab.element("undo").click()
    tab.page.wait_for_function("() => sdWebuiRpg.panels.txt2img.plan === null")


@pytest.mark.parametrize("text", ["", NONE, 'a prompt\nSteps: 1, RPG plan: "{", Version: 1', "RPG plan: no JSON"])
def test_a_picture_without_regions_is_said(tab, text):
    draw(tab, ((64, 64), text))
    # What is said of an empty document would stay for the next test.
    tab.page.evaluate("""() => sdWebuiRpg.panels.txt2img.replace('{"split_ratio": "1"}')""")
    tab.page.locator(".rpg_status_txt2img", has_text="regional prompt").wait_for()
    button(tab, TAKE).click()
    tab.page.locator(".rpg_status_txt2img", has_text=NO_REGIONS).wait_for()
    button(tab, TOGGLE).click()
    assert overlay(tab).count() == 0


def test_an_idle_page_with_regions_over_the_picture_draws_nothing(tab):
    draw(tab, ((128, 64), infotext(PLAN)))
    button(tab, TOGGLE).click()
    overlay(tab).wait_for()
    tab.page.wait_for_timeout(500)
    changes = tab.page.evaluate(
        """() => new Promise((resolve) => {
            let count = 0;
            const observer = new MutationObserver((changes) => { count += changes.length; });
            const options = { subtree: true, childList: true, attributes: true, characterData: true };
            observer.observe(document.querySelector("#txt2img_gallery"), options);
            setTimeout(() => { observer.disconnect(); resolve(count); }, 1000);
        })"""
    )
    assert changes == 0
