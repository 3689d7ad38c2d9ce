"""The panel's frame: its switch and status line, Undo, the keyboard, and what is written when."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.test_page import PROMPT, Tab, two_regions

SCRIPTS = Path(__file__).resolve().parents[2] / "javascript"


@pytest.fixture
def tab(page) -> Tab:
    return Tab(page)


def switch(tab: Tab):
    return tab.page.locator("#script_txt2img_rpg_enabled .label-wrap").first.locator("input")


def is_pale(tab: Tab) -> bool:
    return tab.element("panel").evaluate("e => Number(getComputedStyle(e).opacity) < 0.9")


def test_a_panel_that_is_off_is_pale_says_so_and_plan_switches_it_on(tab: Tab) -> None:
    tab.own("prompt").fill(PROMPT)
    switch(tab).uncheck()
    tab.says("Off: Generate draws without regions.", "off")
    assert is_pale(tab)
    tab.press("plan")
    tab.says("2 regions", "ok")
    assert switch(tab).is_checked() and not is_pale(tab)
    enabled, document = tab.sent()
    assert enabled and len(document["plan"]["regions"]) == 2


def test_the_status_line_is_under_the_title_and_stays_when_the_panel_is_closed(tab: Tab) -> None:
    tab.paste(two_regions())
    tab.says("2 regions", "ok")
    header = tab.page.locator("#script_txt2img_rpg_enabled .label-wrap").first
    title, line = header.locator("span").first.bounding_box(), tab.message.bounding_box()
    assert title["y"] < line["y"] < title["y"] + 60
    switch(tab).uncheck()
    switch(tab).check()
    header.click(position={"x": 200, "y": 10})
    tab.element("split_ratio").wait_for(state="hidden")
    assert tab.message.is_visible()
    tab.message.click()
    assert not tab.element("split_ratio").is_visible(), "a click on the line is not one on the title"
    header.click(position={"x": 200, "y": 10})


def test_undo_steps_through_edits_by_hand(tab: Tab) -> None:
    tab.type("split_ratio", "1,1")
    tab.type("regional_prompt", "a BREAK b")
    tab.type("base_prompt", "both")
    for name, before in (("base_prompt", ""), ("regional_prompt", ""), ("split_ratio", "")):
        tab.press("undo")
        assert tab.fields[name] == before
    for _ in range(3):
        tab.press("redo")
    assert (tab.fields["split_ratio"], tab.fields["base_prompt"]) == ("1,1", "both")


def test_typing_on_is_one_step(tab: Tab) -> None:
    tab.field("regional_prompt").press_sequentially("a cat", delay=20)
    tab.press("undo")
    assert tab.fields["regional_prompt"] == ""


def test_clear_keeps_how_to_plan(tab: Tab) -> None:
    tab.paste({**two_regions(), "method": "lmd", "planner": "offline", "prompt": "a cat"})
    tab.says("2 regions", "stale")
    tab.press("clear")
    assert tab.sent()[1] == {"method": "lmd", "planner": "offline"}


def test_the_hidden_text_is_written_when_typing_pauses_and_before_a_click(tab: Tab) -> None:
    state = tab.field("state")
    tab.field("regional_prompt").press_sequentially("a cat", delay=10)
    assert "a cat" not in state.input_value()
    tab.page.mouse.move(3, 3)
    tab.page.mouse.down()
    tab.page.mouse.up()
    assert "a cat" in state.input_value()
    tab.field("regional_prompt").press_sequentially("alogue", delay=10)
    tab.page.wait_for_function(
        "() => document.querySelector('#script_txt2img_rpg_state textarea').value.includes('a catalogue')"
    )


def test_the_keyboard_opens_the_panel_and_its_folded_parts(tab: Tab) -> None:
    title = tab.element("planning").locator(".label-wrap")
    sign = title.locator("[role=button]")
    was_open = "open" in (title.get_attribute("class") or "")
    assert sign.get_attribute("aria-label") == "Planner and method"
    assert sign.get_attribute("aria-expanded") == str(was_open).lower()
    for key in ("Enter", " "):
        sign.focus()
        tab.page.keyboard.press(key)
        was_open = not was_open
        tab.page.wait_for_function(
            "([e, open]) => e.getAttribute('aria-expanded') === String(open)", arg=[sign.element_handle(), was_open]
        )
    sign = tab.page.locator("#script_txt2img_rpg_enabled .label-wrap").first.locator("[role=button]").first
    assert sign.get_attribute("aria-label") == "RPG regions"


def test_the_base_prompt_goes_to_the_tab_and_follows_it_from_there(tab: Tab) -> None:
    tab.paste(two_regions())
    tab.says("2 regions", "stale" if tab.own("prompt").input_value() else "ok")
    tab.press("send_base")
    assert tab.own("prompt").input_value() == "a cat and a dog"
    tab.says("2 regions.", "ok")
    _, document = tab.sent()
    assert document["base_prompt"] == ""
    tab.press("send_base")
    tab.message.filter(has_text="is the tab's prompt already").wait_for()


def test_one_region_is_planned_anew_and_the_others_stay(tab: Tab) -> None:
    tab.own("prompt").fill(PROMPT)
    tab.press("plan")
    tab.says("2 regions", "ok")
    tab.type("regional_prompt", "mine BREAK yours")
    tab.says("2 regions", "ok")
    tab.page.evaluate("() => sdWebuiRpg.panels.txt2img.select(1)")
    opener = tab.element("planning").locator(".label-wrap")
    if "open" not in (opener.get_attribute("class") or ""):
        opener.click()
    tab.press("anew")
    tab.page.wait_for_function(
        "() => document.querySelector('#script_txt2img_rpg_regional_prompt textarea').value.includes('blue square')"
    )
    assert tab.fields["regional_prompt"].startswith("mine BREAK\n")
    tab.says("2 regions", "ok")
    tab.page.evaluate("() => sdWebuiRpg.panels.txt2img.select(-1)")
    tab.press("anew")
    tab.says("No region is selected", "error")


HISTORY = """() => {
    const history = new sdWebuiRpg.History();
    const step = (text, size = null) => ({ text, size });
    const seen = [];
    history.remember(step("a"), "typing", 0);
    history.remember(step("b"), "typing", 100);
    history.remember(step("c"), "typing", 5000);
    history.remember(step("d", { width: 8, height: 8 }), "", 5001);
    for (let now = step("e", { width: 9, height: 9 }); history.canUndo;) {
        now = history.undo({ ...step("e"), ...now });
        seen.push(now.text + (now.size?.width ?? ""));
    }
    seen.push(String(history.canRedo));
    for (let i = 0; i < 500; i += 1) history.remember(step(String(i)));
    let count = 0;
    while (history.undo(step("x"))) count += 1;
    return [...seen, count];
}"""


def test_the_history_of_documents(browser) -> None:
    page = browser.new_page()
    page.add_script_tag(path=SCRIPTS / "rpg_history.js")
    assert page.evaluate(HISTORY) == ["d8", "c", "a", "true", 200]
    page.close()


def test_every_field_has_a_name(tab: Tab) -> None:
    nameless = tab.page.evaluate(
        """() => {
            const fields = document.querySelectorAll("#script_txt2img_rpg_enabled :is(input, textarea, select)");
            const isNamed = (e) => e.labels?.length || e.ariaLabel || e.getAttribute("aria-labelledby");
            const isSeen = (e) => e.type !== "file" && e.type !== "hidden" && e.offsetParent;
            return [...fields].filter((e) => isSeen(e) && !isNamed(e)).map((e) => e.outerHTML.slice(0, 120));
        }"""
    )
    assert nameless == []
