"""Stored layouts in the page: examples and presets as small pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib_rpg.webui.args import read_args
from tests.ui.conftest import Served, block_the_net, open_panel
from tests.ui.test_page import PROMPT, Tab


@pytest.fixture(scope="module")
def shelf_page(browser, served: Served, tmp_path_factory) -> Iterator:
    """A page whose user has no presets yet, with the shelf open."""
    with served({"RPG_CONFIG": str(tmp_path_factory.mktemp("config"))}) as url:
        page = browser.new_page(viewport={"width": 1300, "height": 1000}, accept_downloads=True)
        page.set_default_timeout(20_000)
        block_the_net(page, url)
        open_panel(page, url)
        page.locator("#script_txt2img_rpg_shelf .label-wrap").click()
        yield page
        page.close()


@pytest.fixture
def tab(shelf_page) -> Tab:
    shelf_page.evaluate("() => sdWebuiRpg.panels.txt2img.replace('')")
    tab = Tab(shelf_page)
    tab.own("width").fill("512")
    tab.own("height").fill("512")
    card(tab, "Four seasons").wait_for()
    return tab


def card(tab: Tab, name: str):
    return tab.element("stored").locator(".rpg_card", has_text=name)


def tool(tab: Tab, name: str):
    return tab.element("stored").get_by_role("button", name=name, exact=True)


def said(tab: Tab, text: str) -> None:
    tab.element("stored").locator(".rpg_said", has_text=text).wait_for()


def save(tab: Tab, name: str) -> None:
    tab.element("stored").get_by_label("Name of the preset").fill(name)
    tool(tab, "Save").click()


def plan(tab: Tab) -> None:
    tab.own("prompt").fill(PROMPT)
    tab.press("plan")
    tab.says("2 regions", "ok")
    # The line may still be that of the test before; the fields were emptied at once.
    tab.page.wait_for_function("document.querySelector('#script_txt2img_rpg_regional_prompt textarea').value")


def test_an_example_fills_the_panel_and_its_size_is_offered(tab: Tab) -> None:
    assert card(tab, "Four seasons").locator("svg rect").count() == 4
    card(tab, "Four seasons").locator(".rpg_stored").click()
    tab.has_regions(4)
    assert (tab.own("width").input_value(), tab.fields["split_ratio"]) == ("512", "1,1,1,1")
    offer = tab.element("preview").locator(".rpg_offer")
    offer.filter(has_text="made for 2048 × 1024").wait_for()
    offer.get_by_role("button").click()
    assert (tab.own("width").input_value(), tab.own("height").input_value()) == ("2048", "1024")
    assert offer.text_content() == ""
    tab.press("undo")
    assert (tab.own("width").input_value(), tab.fields["split_ratio"]) == ("512", "1,1,1,1")
    tab.press("redo")
    assert tab.own("width").input_value() == "2048"
    assert tab.sent()[1]["plan"]["source"]["planner"] == "gallery"


def test_a_preset_is_saved_loaded_renamed_exported_and_deleted(tab: Tab, tmp_path: Path) -> None:
    plan(tab)
    name = "<b>mine</b> ../../x"
    save(tab, name)
    said(tab, f"'{name}' is saved with its words.")
    card(tab, name).wait_for()
    assert card(tab, name).locator("b").count() == 0
    tab.press("clear")
    tab.message.filter(has_text="Nothing is set").wait_for()
    card(tab, name).locator(".rpg_stored").click()
    tab.message.filter(has_not_text="Nothing is set").wait_for()
    tab.says("2 regions", "ok")
    assert "red circle" in tab.fields["regional_prompt"]

    save(tab, name)
    said(tab, "There is a preset")
    tool(tab, "Replace it").click()
    said(tab, f"'{name}' is saved with its words.")

    card(tab, name).hover()
    tool(tab, f"Rename: {name}").click()
    tab.element("stored").get_by_label("New name").fill("other")
    tab.page.keyboard.press("Enter")
    said(tab, "is now 'other'")
    card(tab, "other").hover()
    with tab.page.expect_download() as download:
        tool(tab, "Export: other").click()
    file = tmp_path / "exported.json"
    download.value.save_as(file)
    assert json.loads(file.read_text(encoding="utf-8"))["name"] == "other"
    card(tab, "other").hover()
    tool(tab, "Delete: other").click()
    tool(tab, "Delete it").click()
    said(tab, "'other' is deleted.")
    card(tab, "other").wait_for(state="detached")
    tab.element("stored").locator("input[type=file]").set_input_files(file)
    said(tab, "1 preset stored.")
    card(tab, "other").wait_for()


def test_settings_have_no_picture_and_leave_the_regions(tab: Tab) -> None:
    plan(tab)
    before = tab.sent()[1]["plan"]["regions"]
    assert card(tab, "LMD fastest").locator("svg").count() == 0
    card(tab, "LMD fastest").locator(".rpg_stored").click()
    said(tab, "LMD fastest: A bias of the attention")
    assert tab.element("guidance").locator("input:checked").get_attribute("value") == "bias"
    _, document = tab.sent()
    made = read_args((True, json.dumps(document))).plan
    assert made is not None and (made.guidance, made.binding) == ("bias", "off")
    assert document["plan"]["regions"] == before


def test_a_layout_alone_keeps_the_words(tab: Tab) -> None:
    plan(tab)
    words = tab.fields["regional_prompt"]
    box = tab.element("stored").get_by_label("With words")
    box.uncheck()
    card(tab, "Chess in the park").locator(".rpg_stored").click()
    said(tab, "Chess in the park")
    assert tab.fields["regional_prompt"] == words
    box.check()


@pytest.mark.parametrize(
    ("content", "words"), [(b"{", "JSON"), (b'{"version": 9, "name": "x", "plan": {}}', "version 9"), (b"", "")]
)
def test_a_file_that_is_none_is_a_sentence(tab: Tab, tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "broken.json"
    file.write_bytes(content)
    tab.element("stored").locator("input[type=file]").set_input_files(file)
    line = tab.element("stored").locator(".rpg_said[data-level=error]")
    line.filter(has_text=words).wait_for()
    assert "failed" not in line.inner_text()
    tab.element("stored").get_by_label("Name of the preset").fill("")


def test_a_plan_is_copied_for_other_tools(tab: Tab) -> None:
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    plan(tab)
    tool(tab, "Copy for Regional Prompter").click()
    said(tab, "Divide Ratio 1,1")
    assert " BREAK " in tab.page.evaluate("() => navigator.clipboard.readText()")
    tool(tab, "Copy for Forge Couple").click()
    said(tab, "Advanced, mapping")
    tool(tab, "Copy for RAG").click()
    said(tab, "an entry of its gallery")
    assert "SR_hw_split_ratio" in tab.page.evaluate("() => navigator.clipboard.readText()")
