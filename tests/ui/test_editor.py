"""The list of regions and the editor of one: views of the plan, and what is typed in them."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from PIL import Image

from lib_rpg.plan import Plan, Region
from tests.ui.conftest import block_the_net, open_panel
from tests.ui.test_page import Tab

BOXES = Plan(
    prompt="",
    base_prompt="a park",
    layout="boxes",
    regions=(
        Region("a cat", name="cat", box=(0, 0, 0.5, 1), base_ratio=0.2, negative_prompt="dog", weight=2.0),
        Region("a dog <lora:ink:0.8>", box=(0.5, 0, 0.5, 0.6), start=0.2, end=0.9, control=(0, 2)),
        Region("flowers", box=(0.4, 0.5, 0.5, 0.5)),
    ),
)
THREE = Plan(
    base_prompt="a park", split_ratio="1,1,2", regions=tuple(Region(text) for text in ("a cat", "a dog", "grass"))
)


class Editor(Tab):
    """The tab with its editor: lines of the list, fields of the region by their names in the plan."""

    @property
    def root(self):
        return self.page.locator(f"#script_{self.name}_rpg_editor .rpg_editor")

    @property
    def lines(self):
        return self.root.locator(".rpg_line")

    def box(self, name: str):
        return self.root.locator(f"[data-field={name}]")

    def input(self, name: str):
        return self.box(name).locator("input, textarea")

    def load(self, plan: Plan, select: int = 0, **changes) -> None:
        self.paste({"plan": plan.to_dict(), **changes})
        self.says("regions", "ok")
        self.lines.nth(len(plan.regions) - 1).wait_for()
        self.page.evaluate(f"index => sdWebuiRpg.panels.{self.name}.select(index)", select)

    def regions_sent(self) -> list[dict]:
        return self.sent()[1]["plan"]["regions"]

    def undo(self) -> None:
        """Press Undo, and wait until the views show the document again."""
        self.settled()
        self.press("undo")
        self.settled()

    def shown_plan(self) -> dict:
        """The plan that the views show now."""
        return self.page.evaluate(f"() => sdWebuiRpg.panels.{self.name}.plan")


@pytest.fixture
def tab(page) -> Editor:
    return Editor(page)


def test_each_region_has_a_line_that_says_what_it_is(tab: Editor) -> None:
    tab.load(BOXES)
    texts = [
        [line.locator(f".rpg_line_{part}").text_content() for part in ("name", "words", "share")]
        for line in tab.lines.all()
    ]
    assert texts == [["cat", "a cat", "50 %"], ["", "a dog <lora:ink:0.8>", "30 %"], ["", "flowers", "25 %"]]
    marks = [
        [
            mark.get_attribute("aria-label") or mark.get_attribute("title")
            for mark in line.locator(".rpg_badges > *").all()
        ]
        for line in tab.lines.all()
    ]
    assert marks == [
        ["Base ratio 0.2", "Negative: dog", "Weight 2"],
        ["Has a LoRA", "ControlNet unit 0, 2", "Acts from 0.2 to 0.9 of the steps"],
        [],
    ]


def test_a_line_selects_its_region_everywhere(tab: Editor) -> None:
    tab.load(BOXES, select=-1)
    assert tab.root.locator(".rpg_form").is_hidden()
    assert tab.root.locator(".rpg_editor_hint").text_content() == "Select a region to edit it."
    tab.lines.nth(1).click(position={"x": 200, "y": 8})
    assert tab.regions.nth(1).evaluate("e => e.classList.contains('rpg_current')")
    assert {name: tab.input(name).input_value() for name in ("prompt", "start", "end", "control", "x", "height")} == {
        "prompt": "a dog <lora:ink:0.8>",
        "start": "0.2",
        "end": "0.9",
        "control": "0, 2",
        "x": "50",
        "height": "60",
    }
    assert tab.input("base_ratio").get_attribute("placeholder") == "0.3"


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("prompt", "a black cat", "prompt", "a black cat"),
        ("negative_prompt", "blurry", "negative_prompt", "blurry"),
        ("name", "Tom", "name", "Tom"),
        ("base_ratio", "0,35", "base_ratio", 0.35),
        ("base_ratio", "", "base_ratio", None),
        ("base_ratio", "40 %", "base_ratio", 0.4),
        ("weight", ".5", "weight", 0.5),
        ("start", "0.25", "start", 0.25),
        ("end", "０．５", "end", 0.5),
        ("control", "1 3", "control", [1, 3]),
        ("width", "25", "box", [0, 0, 0.25, 1]),
        ("width", "12.5%", "box", [0, 0, 0.125, 1]),
    ],
)
def test_what_is_typed_is_in_the_plan(tab: Editor, name: str, text: str, field: str, value: object) -> None:
    tab.load(BOXES)
    tab.input(name).fill(text)
    assert tab.input(name).input_value() == text, "what is typed in is not rewritten"
    sent = tab.regions_sent()
    assert sent[0][field] == value
    assert sent[1:] == BOXES.to_dict()["regions"][1:]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("base_ratio", "0.", "not finished: type one from 0 to 1"),
        ("base_ratio", "1,5", "out of range: type a number from 0 to 1"),
        ("base_ratio", "-0.1", "out of range"),
        ("base_ratio", "half", "no number"),
        ("base_ratio", "1e-1", "no number"),
        ("weight", "", "Type a number above 0, up to 100"),
        ("weight", "0", "out of range: type a number above 0, up to 100"),
        ("start", "", "Type a number from 0 to 1"),
        ("end", "0", "the end has to be after the start"),
        ("control", "10", "is no unit: type numbers from 0 to 9"),
        ("control", "0, x", "is no unit"),
        ("control", "1, 1", "Unit 1 is there twice"),
        ("x", "60", "x and width are more than 100 %"),
        ("height", "0", "above 0, up to 100"),
        ("prompt", "a cat BREAK a mouse", "BREAK begins another region"),
        ("prompt", "a cat ADDBASE a mouse", "ADDBASE has no place in one region"),
        ("prompt", "a cat AND a mouse", "AND composes prompts"),
        ("negative_prompt", "a BREAK b", "BREAK has no place in one region's negative prompt"),
    ],
)
def test_what_the_plan_cannot_hold_is_marked_and_kept(tab: Editor, name: str, text: str, sentence: str) -> None:
    tab.load(BOXES)
    tab.input(name).fill(text)
    field = tab.input(name)
    assert sentence in tab.box(name).locator(".rpg_problem").text_content()
    assert field.get_attribute("aria-invalid") == "true"
    assert tab.lines.nth(0).evaluate("e => e.classList.contains('rpg_unfinished')")
    # It outlives a look at another region, and an edit of this one.
    tab.lines.nth(1).locator(".rpg_pick").click()
    assert field.input_value() != text and field.get_attribute("aria-invalid") is None
    tab.lines.nth(0).locator(".rpg_pick").click()
    other = "negative_prompt" if name == "name" else "name"
    tab.input(other).fill("other")
    assert field.input_value() == text and field.get_attribute("aria-invalid") == "true"
    sent = tab.regions_sent()[0]
    assert {**sent, other: BOXES.to_dict()["regions"][0].get(other, "")} == BOXES.to_dict()["regions"][0]
    before = {**BOXES.to_dict()["regions"][0], "x": "0", "height": "100", "start": "0", "end": "1", "control": ""}[name]
    field.fill(str(before))
    assert field.get_attribute("aria-invalid") is None
    assert not tab.lines.nth(0).evaluate("e => e.classList.contains('rpg_unfinished')")


def test_an_unfinished_text_goes_with_its_region(tab: Editor) -> None:
    tab.load(THREE)
    tab.input("base_ratio").fill("0.")
    tab.lines.nth(0).locator("[data-act=later]").click()
    assert tab.input("base_ratio").input_value() == "0."
    assert tab.input("prompt").input_value() == "a cat"
    assert tab.lines.nth(1).evaluate("e => e.classList.contains('rpg_unfinished')")
    tab.lines.nth(0).locator(".rpg_pick").click()
    assert tab.input("base_ratio").input_value() == ""


def test_two_numbers_that_fit_only_together_are_written_together(tab: Editor) -> None:
    tab.load(BOXES)
    tab.input("end").fill("0.5")
    tab.input("start").fill("0.6")
    assert "never act" in tab.box("start").locator(".rpg_problem").text_content()
    tab.input("end").fill("0.8")
    sent = tab.regions_sent()[0]
    assert (sent["start"], sent["end"]) == (0.6, 0.8)


def test_words_with_break_can_be_split(tab: Editor) -> None:
    tab.load(THREE)
    tab.input("prompt").fill("a cat BREAK a mouse BREAK cheese")
    tab.box("prompt").get_by_role("button", name="Split into 3 regions").click()
    assert [region["prompt"] for region in tab.regions_sent()] == ["a cat", "a mouse", "cheese", "a dog", "grass"]
    tab.undo()
    assert [region["prompt"] for region in tab.regions_sent()] == ["a cat", "a dog", "grass"]


def test_typing_keeps_the_caret_and_is_one_step_of_undo(tab: Editor) -> None:
    tab.load(THREE)
    words = tab.input("prompt")
    words.focus()
    words.evaluate("e => e.setSelectionRange(2, 2)")
    tab.page.keyboard.type("black ", delay=30)
    assert words.input_value() == "a black cat"
    tab.says("3 regions", "ok")
    tab.settled()
    assert words.evaluate("e => [e.selectionStart, document.activeElement === e]") == [8, True]
    assert tab.lines.nth(0).locator(".rpg_line_words").text_content() == "a black cat"
    assert tab.fields["regional_prompt"].startswith("a black cat BREAK")
    tab.undo()
    assert words.input_value() == "a cat"
    assert [region["prompt"] for region in tab.regions_sent()] == [region.prompt for region in THREE.regions]


def test_a_decimal_comma_stays_while_it_is_typed_and_is_a_point_then(tab: Editor) -> None:
    tab.load(BOXES)
    tab.input("base_ratio").fill("0,5")
    tab.settled()
    assert tab.input("base_ratio").input_value() == "0,5"
    tab.input("name").focus()
    assert tab.input("base_ratio").input_value() == "0.5"


def test_a_rounded_side_is_not_written_back(tab: Editor) -> None:
    thirds = dataclasses.replace(BOXES, regions=(Region("a", box=(1 / 3, 0, 2 / 3, 1)), Region("b")))
    tab.load(thirds)
    assert (tab.input("x").input_value(), tab.input("width").input_value()) == ("33.33", "66.67")
    tab.input("y").fill("0")
    tab.input("x").fill("33.3")
    tab.input("x").fill("33.33")
    x, _, width, _ = tab.regions_sent()[0]["box"]
    assert x + width <= 1
    assert x == pytest.approx(1 / 3, abs=1e-3)


def test_typing_while_the_text_is_being_read_waits_for_it(tab: Editor) -> None:
    tab.load(THREE)
    tab.page.evaluate(
        """() => {
            const put = (selector, text) => {
                const input = document.querySelector(selector);
                input.value = text;
                updateInput(input);
            };
            put("#script_txt2img_rpg_split_ratio :is(textarea, input)", "1,1,3");
            put("#script_txt2img_rpg_editor [data-field=prompt] textarea", "a tiger");
        }"""
    )
    assert "this waits" in tab.box("prompt").locator(".rpg_problem").text_content()
    tab.page.wait_for_function("() => sdWebuiRpg.panels.txt2img.plan.regions[0].prompt === 'a tiger'")
    assert tab.box("prompt").locator(".rpg_problem").text_content() == ""
    sent = tab.sent()[1]
    assert sent["plan"]["split_ratio"] == "1,1,3"
    assert [region["prompt"] for region in sent["plan"]["regions"]] == ["a tiger", "a dog", "grass"]


def test_solo_mutes_the_others_and_mute_one(tab: Editor) -> None:
    tab.load(THREE)

    def muted() -> list[bool]:
        return [bool(region.get("muted")) for region in tab.shown_plan()["regions"]]

    def pressed(act: str) -> list[str | None]:
        return [button.get_attribute("aria-pressed") for button in tab.root.locator(f"[data-act={act}]").all()]

    solo = tab.lines.nth(1).locator("[data-act=solo]")
    solo.click()
    assert muted() == [True, False, True]
    assert pressed("solo") == ["false", "true", "false"]
    assert pressed("mute") == ["true", "false", "true"]
    tab.lines.nth(1).locator("[data-act=solo]").click()
    assert muted() == [False, False, False]
    assert all("muted" not in region for region in tab.shown_plan()["regions"])
    tab.lines.nth(2).locator("[data-act=mute]").click()
    assert muted() == [False, False, True]
    assert pressed("solo") == ["false"] * 3


def test_words_of_a_grid_move_between_its_cells(tab: Editor) -> None:
    tab.load(THREE)
    tab.lines.nth(2).locator("[data-act=earlier]").click()
    sent = tab.regions_sent()
    assert [region["prompt"] for region in sent] == ["a cat", "grass", "a dog"]
    assert [region["box"][2] for region in sent] == [0.25, 0.25, 0.5]
    assert tab.input("prompt").input_value() == "grass", "the moved region stays selected"


def test_fields_of_free_boxes_are_not_shown_for_a_grid(tab: Editor) -> None:
    tab.load(THREE)
    assert [tab.box(name).is_visible() for name in ("weight", "x", "height", "base_ratio", "start")] == [
        *[False] * 3,
        True,
        True,
    ]


def test_a_lora_offers_its_place_and_leads_to_the_choice(tab: Editor) -> None:
    tab.load(BOXES)
    line = tab.root.locator(".rpg_region_lora")
    assert line.is_hidden()
    tab.lines.nth(1).locator(".rpg_pick").click()
    assert line.text_content().startswith("A LoRA in here acts on: its words.")
    line.get_by_role("button", name="its place").click()
    assert tab.sent()[1]["plan"]["lora"] == "unet"
    assert line.text_content().startswith("A LoRA in here acts on: its place.")
    assert line.get_by_role("button", name="its place").count() == 0
    line.get_by_role("button", name="Change").click()
    tab.page.wait_for_function("() => document.activeElement.closest('#script_txt2img_rpg_lora') !== null")


def test_a_mask_is_uploaded_seen_and_removed(tab: Editor, tmp_path: Path) -> None:
    tab.load(THREE)
    mask = tab.root.locator(".rpg_region_mask")
    assert mask.locator(".rpg_thumbnail").is_hidden()
    picture = tmp_path / "left.png"
    half = Image.new("L", (8, 4))
    half.paste(255, (0, 0, 4, 4))
    half.save(picture)
    mask.locator("input[type=file]").set_input_files(picture)
    tab.says("left.png", "note")
    plan = tab.shown_plan()
    assert plan["layout"] == "boxes", "cells of a grid have no masks"
    assert plan["regions"][0]["box"] == [0, 0, 0.5, 1]
    half.putpixel((0, 0), 0)
    half.save(picture)
    mask.locator("input[type=file]").set_input_files(picture)
    mask.locator(".rpg_thumbnail canvas").wait_for()
    assert tab.shown_plan()["regions"][0]["mask"]
    mask.get_by_role("button", name="Remove").click()
    assert mask.locator(".rpg_thumbnail").is_hidden()
    assert "mask" not in tab.shown_plan()["regions"][0]
    for _ in range(3):
        tab.undo()
    assert tab.shown_plan()["layout"] == "grid"
    (tmp_path / "text.png").write_text("no picture")
    mask.locator("input[type=file]").set_input_files(tmp_path / "text.png")
    tab.says("“text.png” is no picture", "error")
    assert tab.shown_plan()["layout"] == "grid"


def test_lines_are_reached_and_left_by_keys(tab: Editor) -> None:
    tab.load(THREE)
    tab.lines.nth(0).locator(".rpg_pick").focus()
    press = tab.page.keyboard.press
    press("ArrowDown")
    assert tab.input("prompt").input_value() == "a dog"
    press("ArrowRight")
    press("ArrowRight")
    press("End")
    focused = "() => document.activeElement.getAttribute('aria-label')"
    assert tab.page.evaluate(focused) == "Mute, region 3"
    press("Space")
    assert tab.shown_plan()["regions"][2]["muted"]
    press("Delete")
    assert len(tab.shown_plan()["regions"]) == 3
    press("Tab")
    assert tab.page.evaluate("() => document.activeElement.closest('[data-field]').dataset.field") == "name"
    press("Shift+Tab")
    assert tab.page.evaluate(focused) == "Mute, region 3"
    assert tab.root.locator(".rpg_lines button[tabindex='0']").count() == 1


def test_enter_on_the_canvas_goes_to_the_words(tab: Editor) -> None:
    tab.load(THREE)
    tab.page.evaluate("() => { sdWebuiRpg.panels.txt2img.select(1); sdWebuiRpg.panels.txt2img.focusWords(); }")
    assert tab.input("prompt").evaluate("e => [document.activeElement === e, e.value, e.selectionStart]") == [
        True,
        "a dog",
        5,
    ]


def test_fields_are_where_tag_completion_and_emphasis_look_from_the_start(tab: Editor) -> None:
    assert tab.root.is_hidden()
    assert tab.page.locator(".rpg_txt2img .rpg_editor .prompt > label > textarea").count() == 2
    for field in tab.root.locator("input, textarea").all():
        if field.get_attribute("type") != "file":
            assert field.evaluate("e => e.labels.length === 1 && e.labels[0].textContent.trim() !== ''")


def test_tokens_are_shown_and_too_many_are_marked(tab: Editor) -> None:
    tab.load(THREE)
    shown = tab.page.evaluate(
        """() => {
            const view = document.querySelector("#script_txt2img_rpg_view textarea").value;
            const tell = (tokens) => {
                sdWebuiRpg.panels.txt2img.show(JSON.stringify({ ...JSON.parse(view), tokens }));
                const cells = [...document.querySelectorAll(".rpg_txt2img .rpg_line_tokens")];
                return cells.map((e) => [e.textContent, e.classList.contains("rpg_over")]);
            };
            return [tell([75, 76, 1]), tell(null)];
        }"""
    )
    assert shown == [[["75 tokens", False], ["76 tokens", True], ["1 token", False]], [["", False]] * 3]


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_nothing_of_the_editor_is_cut_off(tab: Editor, width: int) -> None:
    tab.load(BOXES, select=1)
    tab.page.set_viewport_size({"width": width, "height": 1000})
    assert tab.root.evaluate("e => e.scrollWidth <= e.clientWidth")
    cut = """e => [...e.querySelectorAll("button:not(.rpg_pick), input")]
        .filter((c) => c.offsetParent && c.scrollWidth > c.clientWidth + 1)
        .map((c) => c.ariaLabel || c.textContent || c.title)"""
    assert tab.root.evaluate(cut) == []


@pytest.fixture(params=["var", "const"])
def cards(browser, address: str, request: pytest.FixtureRequest):
    """A page with the WebUI's two functions for cards of extra networks, as far as the panel meets them.

    The prompt that had the focus last is kept in a variable of the page: in Classic that is no property of the window.
    """
    page = browser.new_page()
    page.set_default_timeout(20_000)
    block_the_net(page, address)
    functions = """
        window.updatePromptArea = (text, area) => {
            area.value += ` ${text}`;
            updateInput(area);
        };
        window.cardClicked = (tab, text, negativeText, isForEither) => {
            const prompt = document.querySelector(`#${tab}_prompt textarea`);
            window.updatePromptArea(text, isForEither ? activePromptTextarea[tab] : prompt);
        };
        """

    # A script of the page's own: what an init script declares is not the page's.
    page.add_init_script(
        f"""
        const script = document.createElement("script");
        script.textContent = {json.dumps(f"{request.param} activePromptTextarea = {{}}; {functions}")};
        new MutationObserver((_, observer) => {{
            if (!document.head) return;
            observer.disconnect();
            document.head.append(script);
        }}).observe(document, {{ childList: true, subtree: true }});
        """
    )
    open_panel(page, address)
    yield Editor(page)
    page.close()


def test_a_card_writes_its_tag_where_words_were_typed_last(cards: Editor) -> None:
    from playwright.sync_api import expect

    # Each time another one: a WebUI takes a tag away that is there.
    click = "([name, ...rest]) => cardClicked('txt2img', `<lora:${name}:1>`, ...rest)"
    cards.load(THREE, select=1)
    cards.page.evaluate(click, ["ink", "", False])
    assert cards.own("prompt").input_value() == " <lora:ink:1>"
    cards.own("prompt").fill("")
    cards.says("3 regions", "ok")

    def prompts() -> list[str]:
        return [region["prompt"] for region in cards.shown_plan()["regions"]]

    cards.input("prompt").focus()
    cards.page.evaluate(click, ["ink", "", False])
    assert prompts() == ["a cat", "a dog <lora:ink:1>", "grass"]
    cards.input("negative_prompt").focus()
    cards.page.evaluate(click, ["pen", "dull", False])
    assert prompts()[1] == "a dog <lora:ink:1> <lora:pen:1>", "a LoRA is for the words, not for the negative prompt"
    assert cards.input("negative_prompt").input_value() == " dull"
    cards.page.evaluate("() => cardClicked('txt2img', 'embedding', '', true)")
    assert cards.input("negative_prompt").input_value() == " dull embedding"
    # The caret in the words of all: the region that it is in.
    cards.says("3 regions", "ok")
    regional = cards.field("regional_prompt")
    regional.click()
    regional.evaluate("e => e.setSelectionRange(2, 2)")
    regional.press("Shift")
    cards.settled()
    expect(cards.input("prompt")).to_have_value("a cat")
    cards.page.evaluate(click, ["ink", False])
    assert prompts()[0] == "a cat <lora:ink:1>"
    # The cards have a tab of their own, in which nothing of the panel is seen.
    cards.page.locator("#tabs > .tab-nav > button", has_text="img2img").click()
    cards.page.evaluate(click, ["pen", "", False])
    assert prompts()[0] == "a cat <lora:ink:1> <lora:pen:1>"
    cards.page.locator("#tabs > .tab-nav > button", has_text="txt2img").click()
    # Without regions the panel's own words are not seen, and get nothing.
    cards.input("prompt").focus()
    cards.press("clear")
    cards.root.wait_for(state="hidden")
    cards.page.evaluate(click, ["ink", "", True])
    assert cards.own("prompt").input_value() == " <lora:ink:1>"


def test_the_caret_stays_where_it_was_put_while_the_fields_are_written(tab: Editor) -> None:
    tab.load(THREE, select=1)
    tab.settled()
    words = tab.field("regional_prompt")
    told = words.input_value()
    words.focus()
    words.evaluate("e => e.setSelectionRange(2, 2)")
    # Another place changes the same words; the fields show it once edits pause.
    tab.page.evaluate(
        """() => {
            const own = document.querySelector(".rpg_txt2img .rpg_form [data-field=prompt] textarea");
            own.value += " that barks";
            updateInput(own);
        }"""
    )
    tab.page.wait_for_function("told => document.activeElement.value !== told", arg=told)
    tab.settled()
    assert words.evaluate("e => [e.selectionStart, e.selectionEnd]") == [2, 2]
    assert tab.page.evaluate(f"sdWebuiRpg.panels.{tab.name}.selected") == 0, "the region that the caret is in"


def test_typing_costs_little(tab: Editor) -> None:
    """The list is updated in place: no element of another line is made anew."""
    tab.load(THREE)
    added = tab.page.evaluate(
        """async () => {
            const list = document.querySelector(".rpg_txt2img .rpg_lines");
            const seen = [];
            const observer = new MutationObserver((records) => seen.push(...records));
            observer.observe(list, { childList: true, subtree: true });
            const words = document.querySelector(".rpg_txt2img .rpg_form [data-field=prompt] textarea");
            words.value += "x";
            updateInput(words);
            await new Promise((resolve) => setTimeout(resolve, 50));
            observer.disconnect();
            return seen.map(({ target }) => target.className);
        }"""
    )
    assert added == ["rpg_line_words"]
