"""A walk through the panel in a browser, step by step: for screenshots, and for the test that its pictures come back.

It goes over a page of the sandbox or of a real WebUI: both have the same ids.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

PROMPT = "a red circle on the left and a blue square on the right, navy background"
FIELDS = {"width": 256, "height": 128, "steps": 20, "cfg_scale": 4.0, "seed": 7}
"""Size in pixels and other values for the shapes model."""


def place(locator: Any) -> dict[str, float]:
    """Where an element of a page is, in CSS pixels: x, y, width and height; of the new one after a redraw."""
    while True:
        locator.wait_for(state="attached")
        box: dict[str, float] | None = locator.bounding_box()
        if box:
            return box


class Walk:
    """The txt2img tab of a page (Playwright's), with the panel open; ``see`` is called with the name of each step."""

    def __init__(self, page: Any, see: Callable[[str], None] = lambda name: None) -> None:
        self.page, self.see = page, see

    def open(self, url: str, fields: Mapping[str, float] = FIELDS) -> None:
        """Load the page, set the tab's fields and open the panel."""
        self.page.goto(url)
        self.page.locator("#script_txt2img_rpg_enabled .label-wrap").first.wait_for()
        for name, value in fields.items():
            self.page.locator(f"#txt2img_{name}").locator("input[type=number]").first.fill(str(value))
        self.page.locator("#script_txt2img_rpg_enabled .label-wrap").first.click()
        self.panel.locator(".rpg_canvas").wait_for()

    @property
    def panel(self) -> Any:
        return self.page.locator(".rpg_panel.rpg_txt2img")

    @property
    def regions(self) -> Any:
        return self.panel.locator(".rpg_canvas .rpg_region")

    def part(self, name: str) -> Any:
        """The panel's element of that short name."""
        return self.page.locator(f"#script_txt2img_rpg_{name}")

    def unfold(self, name: str) -> None:
        """Open a folded part of the panel."""
        title = self.part(name).locator(".label-wrap")
        if "open" not in (title.get_attribute("class") or ""):
            title.click()

    def says(self, text: str) -> None:
        """Wait for the words in the status line."""
        self.page.locator(".rpg_status_txt2img").filter(has_text=text).wait_for()

    def plan(self, prompt: str = PROMPT) -> None:
        """Type a prompt into the tab and plan it."""
        self.page.locator("#txt2img_prompt textarea").fill(prompt)
        self.part("plan").click()
        self.says("2 regions")
        self.see("planned")

    def drag_boundary(self, share: float) -> None:
        """Drag the first boundary of the cells to that share of the canvas' width."""
        self.panel.locator(".rpg_canvas").scroll_into_view_if_needed()
        line = place(self.panel.locator(".rpg_boundary").first)
        canvas = place(self.panel.locator(".rpg_canvas"))
        y = line["y"] + line["height"] * 0.4
        self.page.mouse.move(line["x"] + line["width"] / 2, y)
        self.page.mouse.down()
        for step in range(1, 6):
            goal = canvas["x"] + canvas["width"] * share
            start = line["x"] + line["width"] / 2
            self.page.mouse.move(start + (goal - start) * step / 5, y)
        self.see("dragging")
        self.page.mouse.up()

    def split(self, index: int, tool: str = "splitStack") -> None:
        """Split a cell in two."""
        self.regions.nth(index).click()
        count = self.regions.count()
        self.panel.locator(f"[data-tool={tool}]").click()
        self.page.wait_for_function(
            "n => document.querySelectorAll('.rpg_txt2img .rpg_canvas .rpg_region').length === n", arg=count + 1
        )
        self.see("split")

    def write(self, index: int, words: str) -> None:
        """Write a region's words in its editor."""
        self.regions.nth(index).click()
        self.panel.locator(".rpg_editor .prompt textarea").first.fill(words)
        self.panel.locator(".rpg_canvas").get_by_title(words, exact=True).first.wait_for()
        self.see("words")

    @property
    def has_cards(self) -> bool:
        """Whether the page has cards of extra networks; the sandbox's has none."""
        return bool(self.page.locator("#txt2img_extra_tabs").count())

    def add_lora(self, index: int) -> None:
        """Click the first LoRA's card, the caret in a region's words; cards need the options that the page loads."""
        self.page.wait_for_function("() => opts.extra_networks_default_multiplier !== undefined")
        self.regions.nth(index).click()
        self.panel.locator(".rpg_editor .prompt textarea").first.click()
        tabs = self.page.locator("#txt2img_extra_tabs > .tab-nav")
        # Their role is "button" with gradio 3, and "tab" with gradio 4.
        tabs.locator("button", has_text="Lora").click()
        self.page.locator("#txt2img_lora_cards .card").first.click()
        tabs.locator("button", has_text="Generation").click()

    def paint(self, index: int, before_done: Callable[[], None] = lambda: None) -> None:
        """Take a stroke out of a region's place, and keep what is left as its mask; ``before_done`` sees the tools."""
        self.regions.nth(index).click()
        self.panel.locator("[data-tool=mask]").click()
        self.panel.locator(".rpg_mask_tools").wait_for()
        self.panel.locator(".rpg_mask_eraser").click()
        self.panel.locator(".rpg_canvas").scroll_into_view_if_needed()
        canvas = place(self.panel.locator(".rpg_canvas"))
        box = place(self.regions.nth(index))
        x, y = box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(min(x + box["width"] * 0.6, canvas["x"] + canvas["width"] - 4), y, steps=8)
        self.page.mouse.up()
        self.see("painting")
        before_done()
        self.panel.locator(".rpg_mask_tools .rpg_mask_done").click()
        self.panel.locator(".rpg_mask_tools").wait_for(state="hidden")

    def generate(self) -> str:
        """Press Generate; the infotext of the picture. Fails where the page shows none."""
        return self._drawn(self.page.locator("#txt2img_generate").click)

    def repaint(self, index: int) -> str:
        """Repaint a region in the gallery's picture, with the words that it has; the infotext of what comes."""
        self.unfold("results")
        self.regions.nth(index).click()
        button = self.part("drawn").get_by_role("button", name="Repaint the selected region")
        return self._drawn(button.click)

    def _drawn(self, press: Callable[[], None]) -> str:
        """Press what has a picture drawn; its infotext."""
        known = self._info()
        press()
        self.page.wait_for_function(
            """known => {
                const text = document.querySelector("#generation_info_txt2img textarea")?.value;
                return text && text !== known && document.querySelector("#txt2img_gallery img") &&
                    !document.querySelector("#txt2img_gallery .livePreview");
            }""",
            arg=known,
        )
        self.see("drawn")
        return str(json.loads(self._info())["infotexts"][0])

    def picture(self) -> str:
        """The address of the gallery's first picture."""
        return str(self.page.locator("#txt2img_gallery img:not(.livePreview img)").first.get_attribute("src"))

    def paste(self, infotext: str) -> None:
        """Paste an infotext into the tab, as the arrow button below Generate does it."""
        self.page.locator("#txt2img_prompt textarea").fill(infotext)
        self.page.locator("#paste").first.click()
        self.page.wait_for_function(
            "() => document.querySelector('#script_txt2img_rpg_state textarea').value.includes('regions')"
        )

    def save(self, name: str) -> None:
        """Save the panel as a preset."""
        self.unfold("shelf")
        self.part("stored").get_by_label("Name of the preset").fill(name)
        self.part("stored").get_by_role("button", name="Save", exact=True).click()
        self.part("stored").locator(".rpg_card", has_text=name).wait_for()
        self.see("saved")

    def compare(self, choice: str) -> None:
        """Choose what the next picture is compared with, by the label on the page."""
        self.unfold("results")
        self.part("compare").get_by_label(choice, exact=True).check()

    def sheet(self) -> None:
        """Open the gallery's last picture: Compare's sheet."""
        self.page.locator("#txt2img_gallery .thumbnail-small").last.click()

    def overlay(self) -> None:
        """Show the regions over the gallery's first picture, large."""
        self.unfold("results")
        if not self.page.locator("#txt2img_gallery .preview").count():
            self.page.locator("#txt2img_gallery .thumbnail-item").first.click()
            self.page.locator("#txt2img_gallery .preview").wait_for()
        self.part("drawn").get_by_role("button", name="Show regions over the picture").click()
        self.page.locator("#txt2img_gallery .rpg_overlay > div").first.wait_for()
        self.see("overlay")

    def _info(self) -> str:
        return str(self.page.locator("#generation_info_txt2img textarea").input_value())
