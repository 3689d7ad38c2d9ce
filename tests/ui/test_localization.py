"""The Chinese page: each of our texts that is always the same has a translation, and each translation a text.

The WebUI looks up the exact text of a text node, a title or a placeholder; so does this.
"""

from __future__ import annotations

import json
import re

import pytest

from lib_rpg.planner import PLANNERS
from lib_rpg.webui import settings
from sandbox import REPO_DIR
from tests.ui.test_page import Tab, two_regions

TRANSLATIONS: dict[str, str] = json.loads((REPO_DIR / "localizations" / "zh_CN.json").read_text(encoding="utf-8"))
SCRIPTS = "\n".join(
    re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for path in sorted((REPO_DIR / "javascript").glob("rpg_*.js"))
)
LITERALS = {text.strip() for text in re.findall(r'"((?:[^"\\\n]|\\.)+)"', SCRIPTS)}
SENTENCE = re.compile(r"[A-Z][^$]* .*[.!?]")
WORD = re.compile(r"[^\W\d_]{2}")
CHANGING = re.compile(r"\b\d+ (regions?|tokens?)|^Weight \d|region \d|\ba (cat|dog)\b|^(cat|dog)$")
"""Texts with a number in them, and the words of the regions."""
KEY_HELP = "(stored in a file that only you can read, for this server's address only; - deletes it)"
NAMES = frozenset(PLANNERS) | {"BREAK", "Regional Prompter", "Forge Couple"}
COLLECT = """root => {
    const found = new Set();
    const add = (text) => text && text.trim() && found.add(text.trim());
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const parent = walk.currentNode.parentElement;
        // The names of stored layouts are data; a textarea's text the WebUI leaves alone.
        if (!parent.closest(".rpg_hidden, .rpg_stored, script, style, textarea")) add(walk.currentNode.textContent);
    }
    const hints = Object.values(window.titles ?? {});  // a WebUI's own, by an element's label
    for (const element of root.querySelectorAll("[title], [placeholder]")) {
        if (element.closest(".rpg_hidden, .rpg_stored")) continue;
        if (!hints.includes(element.title)) add(element.title);
        add(element.placeholder);
    }
    return [...found];
}"""


@pytest.fixture
def tab(page) -> Tab:
    return Tab(page)


def seen(tab: Tab) -> set[str]:
    """The fixed texts of the panel and its title as they are now."""
    root = tab.page.locator("#script_txt2img_rpg_enabled").first.element_handle()
    found = tab.page.evaluate(COLLECT, root)
    return {text for text in found if WORD.search(text) and not CHANGING.search(text)} - NAMES


def of_settings() -> set[str]:
    """Labels, small print, choices and headings of our page in Settings; the WebUI puts small print in brackets."""
    found = {settings.SECTION[1], "Key", KEY_HELP, "Test connection", *settings._HEADINGS.values()}
    for row in settings.OPTIONS.values():
        found |= {row.label, f"({row.info})"} if row.info else {row.label}
        choices = row.arguments.get("choices", []) if isinstance(row.arguments, dict) else []
        found |= {choice if isinstance(choice, str) else choice[0] for choice in choices}
    return found - NAMES


def states(tab: Tab) -> set[str]:
    """The texts of the panel: empty, unfolded, off, with a plan, a region, an object, while a mask is painted."""
    panel = tab.page.locator(".rpg_panel.rpg_txt2img")
    found = seen(tab)
    for title in panel.locator(".label-wrap").all():
        if "open" not in (title.get_attribute("class") or ""):
            title.click()
    panel.locator(".rpg_shelf .rpg_card").first.wait_for()
    found |= seen(tab)
    switch = tab.page.locator("#script_txt2img_rpg_enabled .label-wrap").first.locator("input")
    switch.uncheck()
    found |= seen(tab)
    switch.check()
    tab.paste(two_regions())
    tab.says("2 regions", "ok")
    found |= seen(tab)
    tab.page.evaluate("() => sdWebuiRpg.panels.txt2img.select(0)")
    panel.locator(".rpg_form").wait_for()
    found |= seen(tab)
    panel.get_by_role("button", name="Add an object").click()
    panel.locator(".rpg_object_line").wait_for()
    found |= seen(tab)
    panel.locator("[data-tool=mask]").click()
    panel.locator(".rpg_mask_tools").wait_for()
    found |= seen(tab)
    panel.locator(".rpg_mask_tools [title^='Leave the mask']").click()
    panel.locator(".rpg_mask_tools").wait_for(state="hidden")
    return found


def test_each_fixed_text_of_the_panel_is_translated_and_no_translation_is_left_over(tab: Tab) -> None:
    found = states(tab)
    assert sorted(found - TRANSLATIONS.keys()) == []
    known = found | LITERALS | of_settings() | more_of_server()
    assert sorted(text for text in TRANSLATIONS.keys() - known) == []


def more_of_server() -> set[str]:
    """Texts that the server writes only in states of their own: a guess, a model's answer, the try of a server."""
    text = "\n".join(
        (REPO_DIR / "lib_rpg" / "webui" / name).read_text(encoding="utf-8")
        for name in ("panel/sections.py", "settings_rows.py")
    )
    return {translated for translated in TRANSLATIONS if translated in text}


def test_each_fixed_sentence_of_the_scripts_is_translated() -> None:
    sentences = {text for text in LITERALS if SENTENCE.fullmatch(text)}
    assert len(sentences) > 20
    assert sorted(sentences - TRANSLATIONS.keys()) == []


def test_each_text_of_the_page_in_settings_is_translated() -> None:
    assert sorted(of_settings() - TRANSLATIONS.keys()) == []


def test_a_translation_is_not_blank_and_keeps_what_is_typed_as_it_is() -> None:
    for text, translation in TRANSLATIONS.items():
        assert translation.strip(), text
        for word in ("BREAK", "Ctrl", "Escape", "LoRA", "PNG", "1,1,1;2,1"):
            assert (word in text) <= (word in translation), text
