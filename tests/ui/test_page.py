"""The panel in a browser: what is typed, planned and pasted reaches Generate, and is shown."""

from __future__ import annotations

import json
import re

import pytest

from lib_rpg.plan import Plan, Region
from lib_rpg.webui.args import read_args
from sandbox.walk import place

PROMPT = "a red circle on the left and a blue square on the right, navy background"
FIELDS = ("prompt", "split_ratio", "regional_prompt", "base_prompt", "negative_prompt")


class Tab:
    """One tab of the page by the panel's short names."""

    def __init__(self, page, name: str = "txt2img"):
        self.page, self.name = page, name

    def element(self, name: str):
        return self.page.locator(f"#script_{self.name}_rpg_{name}")

    def field(self, name: str):
        return self.element(name).locator("textarea, input:not([type=range])")

    def type(self, name: str, text: str) -> None:
        self.field(name).fill(text)

    def own(self, name: str):
        """A field of the tab itself: prompt, width or height."""
        return self.page.locator(f"#{self.name}_{name}").locator("textarea, input[type=number]")

    def press(self, name: str) -> None:
        self.element(name).click()

    @property
    def fields(self) -> dict[str, str]:
        return {name: self.field(name).input_value() for name in FIELDS}

    @property
    def message(self):
        return self.page.locator(f".rpg_status_{self.name}")

    @property
    def regions(self):
        return self.element("preview").locator(".rpg_region")

    def says(self, text: str, level: str) -> None:
        """Wait until the message line holds `text`, at that level."""
        self.message.and_(self.page.locator(f"[data-level={level}]")).filter(has_text=text).wait_for()

    def settled(self) -> None:
        """Wait until the server has answered what the document means."""
        self.page.wait_for_function(
            """tab => {
                const panel = sdWebuiRpg.panels[tab];
                const view = document.querySelector(`#script_${tab}_rpg_view textarea`).value;
                const [state] = panel.request();
                return panel.isEditable && JSON.parse(view || "{}").state === state;
            }""",
            arg=self.name,
        )

    def has_regions(self, count: int) -> None:
        self.page.wait_for_function(
            "([id, n]) => document.querySelectorAll(`#${id} .rpg_region`).length === n",
            arg=[f"script_{self.name}_rpg_preview", count],
        )

    def sent(self) -> tuple[bool, dict]:
        """Press Generate; what the script's two arguments are then."""
        echo = self.page.locator(f"#{self.name}_sent textarea")
        before = echo.input_value()
        self.page.locator(f"#{self.name}_generate").click()
        self.page.wait_for_function(
            "([id, before]) => document.querySelector(`#${id} textarea`).value !== before",
            arg=[f"{self.name}_sent", before],
        )
        enabled, state = json.loads(echo.input_value())
        return enabled, json.loads(state) if state else {}

    def paste(self, document: dict | None) -> None:
        self.page.locator(f"#{self.name}_pasted textarea").fill(json.dumps(document) if document else "")
        self.page.locator(f"#{self.name}_paste").click()


@pytest.fixture
def tab(page) -> Tab:
    return Tab(page)


def two_regions(**changes) -> dict:
    plan = Plan(
        prompt="cat and dog",
        base_prompt="a cat and a dog",
        base_ratio=0.5,
        negative_prompt="cars",
        split_ratio="1,2",
        regions=(Region("a cat", name="cat", weight=2.0), Region("a dog", name="dog")),
    )
    return {"plan": plan.to_dict(), **changes}


def test_only_the_fields_are_seen(tab):
    for name in ("state", "view", "context", "check"):
        assert not tab.element(name).is_visible()


def test_nothing_typed_is_nothing_sent(tab):
    assert tab.sent() == (True, {})


def test_generate_sees_what_was_typed_in_the_same_moment(tab):
    """The click comes in the same task of the page as the typing: no server, timer or redraw in between."""
    tab.page.evaluate(
        """() => {
            const type = (name, text) => {
                const input = document.querySelector(`#script_txt2img_rpg_${name} :is(textarea, input)`);
                input.value = text;
                updateInput(input);
            };
            type("split_ratio", "1,1");
            type("regional_prompt", "a BREAK b");
            document.querySelector("#txt2img_generate").click();
        }"""
    )
    echo = tab.page.locator("#txt2img_sent textarea")
    tab.page.wait_for_function("document.querySelector('#txt2img_sent textarea').value")
    assert json.loads(json.loads(echo.input_value())[1]) == {"split_ratio": "1,1", "regional_prompt": "a BREAK b"}


@pytest.mark.parametrize(
    ("ratio", "regional", "sentence"),
    [
        ("1;;2", "a BREAK b", "split ratio '1;;2'"),
        ("1,1", "a BREAK b BREAK c", "2 cells for 3 prompts"),
        ("1,1,1", "a BREAK  ", "region 2 of 2 is empty"),
        ("", "a BREAK b", "split_ratio"),
        ('"<b>', "a", "<b>"),
    ],
)
def test_malformed_text_is_reported_and_kept(tab, ratio: str, regional: str, sentence: str):
    tab.type("split_ratio", ratio)
    tab.type("regional_prompt", regional)
    tab.says(sentence, "error")
    assert tab.fields["split_ratio"] == ratio
    assert tab.fields["regional_prompt"] == regional
    _, document = tab.sent()
    assert document == {key: value for key, value in tab.fields.items() if value}


def test_an_unreadable_ratio_dims_the_last_preview(tab):
    tab.type("regional_prompt", "a BREAK b")
    tab.type("split_ratio", "1,1")
    tab.has_regions(2)
    tab.says("2 regions", "ok")
    tab.type("split_ratio", "1,")
    tab.says("'1,'", "error")
    assert tab.regions.count() == 2
    assert tab.element("preview").locator(".rpg_canvas.rpg_stale").count() == 1


def test_cells_without_prompts_are_drawn_while_typing(tab):
    tab.type("split_ratio", "1,1;1,1,1")
    tab.type("regional_prompt", "sky BREAK tree")
    tab.has_regions(3)
    assert tab.regions.locator(".rpg_label").all_text_contents() == ["sky", "tree", "no words"]


def test_plan_of_the_tabs_prompt(tab):
    tab.own("prompt").fill(PROMPT)
    tab.press("plan")
    tab.says("2 regions", "ok")
    enabled, document = tab.sent()
    assert enabled
    assert list(document) == ["plan"]
    plan = Plan.from_dict(document["plan"])
    assert plan.prompt == PROMPT
    assert tab.fields == {
        "prompt": "",
        "split_ratio": plan.split_ratio,
        "regional_prompt": " BREAK\n".join(region.prompt for region in plan.regions),
        "base_prompt": "",
        "negative_prompt": plan.negative_prompt,
    }


def test_the_prompt_to_plan_wins_over_the_tabs_prompt(tab):
    tab.own("prompt").fill(PROMPT)
    tab.type("prompt", "a green star on the left and a white ring on the right")
    tab.press("plan")
    tab.says("2 regions", "ok")
    _, document = tab.sent()
    assert "green star" in document["plan"]["regions"][0]["prompt"]
    assert document["prompt"] == document["plan"]["prompt"]


def test_what_generate_would_plan_is_shown_before(tab):
    tab.own("prompt").fill(PROMPT)
    tab.says("Nothing is set: Generate will plan 2 regions as shown", "note")
    tab.has_regions(2)
    assert tab.sent() == (True, {})


def test_another_prompt_than_the_planned_one_is_noted(tab):
    tab.own("prompt").fill(PROMPT)
    tab.press("plan")
    tab.says("2 regions", "ok")
    tab.own("prompt").fill("a dog")
    tab.says("planned from another prompt", "stale")


def test_regions_of_another_prompt_are_warned_about_beside_generate_while_the_panel_is_closed(tab):
    warning = tab.page.locator("#txt2img_actions_column .rpg_warning, #txt2img_toprow .rpg_warning")
    tab.own("prompt").fill(PROMPT)
    tab.press("plan")
    tab.says("2 regions", "ok")
    header = tab.page.locator("#script_txt2img_rpg_enabled .label-wrap").first
    header.locator("input").uncheck()
    header.locator("input").check()  # a checkbox that was clicked no longer goes with the accordion
    header.click(position={"x": 200, "y": 10})
    tab.element("split_ratio").wait_for(state="hidden")
    assert not warning.is_visible()
    tab.own("prompt").fill(PROMPT.replace("red", "teal"))
    warning.filter(
        has_text="RPG: the regions are those of another prompt than the tab's; press Plan regions"
    ).wait_for()
    tab.own("prompt").fill(f"{PROMPT}, masterpiece")
    warning.wait_for(state="hidden")
    tab.own("prompt").fill("a dog")
    warning.wait_for()
    tab.page.locator("#script_txt2img_rpg_enabled .label-wrap input").uncheck()
    warning.wait_for(state="hidden")


def test_what_generate_would_refuse_is_said_beside_it(tab):
    tab.type("split_ratio", "1,,2")
    tab.page.locator("#txt2img_toprow .rpg_warning").filter(has_text="RPG: regional prompt: is empty").wait_for()
    tab.press("clear")
    tab.page.locator("#txt2img_toprow .rpg_warning").wait_for(state="hidden")


def test_words_typed_over_a_plan_stay_where_the_prompt_is_planned_again(tab):
    tab.own("prompt").fill(PROMPT)
    tab.press("plan")
    tab.says("2 regions", "ok")
    tab.type("regional_prompt", tab.fields["regional_prompt"].replace("red circle", "big red circle"))
    tab.own("prompt").fill(PROMPT.replace("blue square", "green star"))
    tab.says("planned from another prompt", "stale")
    tab.press("plan")
    tab.says("2 regions", "ok")
    assert "big red circle" in tab.fields["regional_prompt"] and "green star" in tab.fields["regional_prompt"]
    tab.element("planning").locator(".label-wrap").click()
    tab.press("again")
    tab.page.wait_for_function(
        "() => !document.querySelector('#script_txt2img_rpg_regional_prompt textarea').value.includes('big')"
    )


def test_plan_of_nothing_says_so_and_keeps_all(tab):
    tab.type("base_prompt", "a park")
    tab.press("plan")
    tab.says("nothing to plan", "error")
    assert tab.fields["base_prompt"] == "a park"


def test_plan_keeps_base_ratio_and_own_negatives(tab):
    tab.own("prompt").fill(PROMPT)
    tab.field("base_ratio").fill("0.6")
    tab.type("negative_prompt", "blurry")
    tab.press("plan")
    tab.says("2 regions", "ok")
    assert tab.field("base_ratio").input_value() == "0.6"
    assert "blurry" in tab.fields["negative_prompt"]


def test_undo_and_redo_lose_nothing(tab):
    tab.type("split_ratio", "1,")
    tab.type("regional_prompt", "half a tho")
    tab.own("prompt").fill(PROMPT)
    tab.press("plan")
    tab.says("2 regions", "ok")
    tab.type("base_prompt", "edited after planning")
    tab.press("undo")
    assert tab.fields["base_prompt"] == ""
    assert "red circle" in tab.fields["regional_prompt"]
    tab.press("undo")
    assert tab.fields["split_ratio"] == "1,"
    assert tab.fields["regional_prompt"] == "half a tho"
    assert tab.sent()[1] == {"split_ratio": "1,", "regional_prompt": "half a tho"}
    tab.press("redo")
    tab.press("redo")
    assert tab.fields["base_prompt"] == "edited after planning"
    assert tab.sent()[1]["base_prompt"] == "edited after planning"
    assert tab.element("redo").is_disabled()


def test_clear_can_be_undone(tab):
    tab.type("regional_prompt", "a BREAK b")
    tab.press("clear")
    assert set(tab.fields.values()) == {""}
    assert tab.sent()[1] == {}
    tab.press("undo")
    assert tab.fields["regional_prompt"] == "a BREAK b"


def test_clear_after_undo_keeps_what_redo_had(tab):
    tab.own("prompt").fill(PROMPT)
    tab.press("plan")
    tab.says("2 regions", "ok")
    planned = tab.fields
    tab.press("undo")
    tab.type("regional_prompt", "a")
    tab.press("clear")
    tab.press("undo")
    assert tab.fields["regional_prompt"] == "a"
    for _ in range(2):  # to before the typing, and to what Redo had
        tab.press("undo")
    assert tab.fields == planned


def test_paste_fills_every_field(tab):
    tab.paste(two_regions())
    tab.says("2 regions", "ok")
    assert tab.fields == {
        "prompt": "",
        "split_ratio": "1,2",
        "regional_prompt": "a cat BREAK\na dog",
        "base_prompt": "a cat and a dog",
        "negative_prompt": "cars",
    }
    assert tab.field("base_ratio").input_value() == "0.5"
    assert tab.regions.locator(".rpg_label").all_text_contents() == ["cat", "dog"]
    assert tab.sent()[1] == two_regions()


def test_settings_of_regions_are_sent_and_come_back_on_paste(tab):
    tab.press("details")
    typed = {"base_ratios": "0.2, 0.4", "feather": "0.1", "negative_prompt": "dark ADDCOMM cars BREAK"}
    for name, text in {"split_ratio": "1,2", "regional_prompt": "a cat BREAK a dog", **typed}.items():
        tab.type(name, text)
    tab.element("rows_first").get_by_label("columns of cells").check()
    tab.element("lora").get_by_label("its place").check()
    tab.says("2 regions", "ok")
    sent = tab.sent()[1]
    chosen = {"rows_first": True, "lora": "unet", "feather": 0.1}
    assert {name: sent[name] for name in (*typed, *chosen)} == {**typed, **chosen}
    plan = read_args((True, json.dumps(sent))).plan
    assert [region.negative_prompt for region in plan.regions] == ["cars", ""]

    tab.press("clear")
    tab.has_regions(0)
    assert tab.field("base_ratios").input_value() == ""
    assert tab.element("rows_first").get_by_label("rows of cells").is_checked()
    tab.paste({"plan": plan.to_dict()})
    tab.says("2 regions", "ok")
    shown = {name: tab.field(name).input_value() for name in typed}
    assert shown == {**typed, "negative_prompt": "dark ADDCOMM cars BREAK"}
    assert tab.element("rows_first").get_by_label("columns of cells").is_checked()
    assert tab.element("lora").get_by_label("its place").is_checked()
    assert read_args((True, json.dumps(tab.sent()[1]))).plan == plan


def test_an_edit_after_paste_stands_beside_the_plan(tab):
    tab.paste(two_regions())
    tab.says("2 regions", "ok")
    tab.type("split_ratio", "1,2,")
    assert tab.sent()[1] == two_regions(split_ratio="1,2,")
    tab.type("split_ratio", "1,2")
    assert tab.sent()[1] == two_regions()


def test_a_paste_without_regions_switches_off_and_keeps_the_draft_for_undo(tab):
    tab.paste(two_regions())
    tab.says("2 regions", "ok")
    tab.paste(None)
    tab.page.wait_for_function("!document.querySelector('#script_txt2img_rpg_regional_prompt textarea').value")
    assert tab.sent() == (False, {})


def test_a_plan_of_a_newer_version_is_refused_and_kept(tab):
    document = two_regions()
    document["plan"]["version"] = 99
    tab.paste(document)
    tab.says("99", "error")
    assert tab.sent()[1] == document


def test_text_is_never_markup(tab):
    text = "<img src=x onerror='document.title=1'> BREAK <b>b</b>"
    tab.type("split_ratio", "1,1")
    tab.type("regional_prompt", text)
    tab.says("2 regions", "ok")
    assert tab.element("panel").locator("img[src=x], b").count() == 0
    assert tab.regions.locator(".rpg_label").nth(1).text_content() == "<b>b</b>"


def test_the_canvas_has_the_pictures_shape(tab):
    tab.own("width").fill("1024")
    tab.page.wait_for_function(
        """() => {
            const { width, height } = document.querySelector(".rpg_txt2img .rpg_canvas").getBoundingClientRect();
            return height > 20 && Math.abs(width / height - 2) < 0.05;
        }"""
    )


def test_a_size_that_the_webui_rounds_is_no_fault(tab):
    tab.type("split_ratio", "1,1")
    tab.type("regional_prompt", "a BREAK b")
    tab.own("width").fill("514")
    tab.says("2 regions.", "ok")
    assert tab.regions.count() == 2


def test_boxes_lie_where_the_ratio_says(tab):
    tab.type("split_ratio", "1,1;3,1,3")
    tab.type("regional_prompt", "a BREAK b BREAK c")
    tab.says("3 regions", "ok")
    canvas = tab.element("preview").locator(".rpg_canvas").bounding_box()
    box = place(tab.regions.nth(2))
    assert box["x"] - canvas["x"] == pytest.approx(canvas["width"] * 0.25, abs=3)
    assert box["y"] - canvas["y"] == pytest.approx(canvas["height"] * 0.25, abs=3)
    assert box["width"] == pytest.approx(canvas["width"] * 0.75, abs=3)


def test_a_region_leads_to_its_words_and_back(tab):
    tab.type("split_ratio", "1,1,1")
    tab.type("regional_prompt", "a cat BREAK\na dog BREAK a BREAKFAST table")
    tab.says("3 regions", "ok")
    tab.regions.nth(2).dblclick()
    assert tab.page.evaluate("document.activeElement.value") == "a BREAKFAST table"
    tab.field("regional_prompt").press("Control+Home")
    assert tab.regions.nth(0).evaluate("e => e.classList.contains('rpg_current')")
    assert tab.element("preview").locator(".rpg_current").count() == 1


def test_regions_work_by_keyboard(tab):
    tab.type("split_ratio", "1,1")
    tab.type("regional_prompt", "a cat BREAK a dog")
    tab.says("2 regions", "ok")
    tab.element("preview").locator(".rpg_tools [tabindex='0']").focus()
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.textContent").startswith("1a cat")
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
    assert tab.page.evaluate("document.activeElement.value") == "a dog"


def test_tabs_are_apart(page, tab):
    tab.type("split_ratio", "1,1")
    tab.type("regional_prompt", "a BREAK b")
    page.locator("#tabs > .tab-nav > button", has_text="img2img").click()
    other = Tab(page, "img2img")
    page.locator("#script_img2img_rpg_enabled .label-wrap").first.click()
    other.own("prompt").fill(PROMPT)
    other.press("plan")
    other.says("2 regions", "ok")
    assert list(other.sent()[1]) == ["plan"]
    page.locator("#tabs > .tab-nav > button", has_text="txt2img").click()
    assert tab.sent()[1] == {"split_ratio": "1,1", "regional_prompt": "a BREAK b"}


def test_the_newest_text_is_checked_however_slow_the_server(page, tab):
    """gradio 3 drops an event while the one before is under way; with gradio 4 an older one's answer may come last."""
    held: list = []
    page.route(re.compile("/run/predict"), lambda route: held.append(route))
    with page.expect_request(re.compile("/run/predict")):
        tab.type("split_ratio", "1,1")
    tab.type("regional_prompt", "a BREAK b BREAK c")
    tab.type("split_ratio", "1,1,1")
    page.wait_for_timeout(1000)
    page.unroute(re.compile("/run/predict"))
    for route in reversed(held):
        with page.expect_response(re.compile("/run/predict")):
            route.continue_()
    page.wait_for_timeout(1000)
    tab.says("3 regions", "ok")


def test_without_the_server_nothing_is_lost(page, tab):
    requests: list[str] = []
    page.route(re.compile("/run/predict"), lambda route: (requests.append(route.request.url), route.abort()))
    tab.type("split_ratio", "1,1")
    tab.type("regional_prompt", "a BREAK b")
    page.wait_for_timeout(2500)
    assert 1 <= len(requests) <= 3
    assert json.loads(tab.field("state").input_value()) == {"split_ratio": "1,1", "regional_prompt": "a BREAK b"}


@pytest.mark.parametrize("width", [360, 800, 1300])
def test_nothing_is_cut_off(page, tab, width: int):
    tab.paste(two_regions())
    tab.says("2 regions", "ok")
    page.set_viewport_size({"width": width, "height": 1000})
    assert tab.element("panel").evaluate("e => e.scrollWidth <= e.clientWidth")
    for button in ("plan", "undo", "redo", "clear"):
        assert tab.element(button).evaluate("e => e.scrollWidth <= e.clientWidth")


MIDDLES = """() => ["rpg_tool_group", "rpg_picture_tools", "rpg_line_buttons"]
    .flatMap((rows) => [...document.querySelectorAll(`.rpg_txt2img .${rows}`)])
    .map((row) => [...row.querySelectorAll("button")].filter((button) => button.offsetParent))
    .filter((buttons) => buttons.length > 1)
    .map((buttons) => buttons.map((button) => button.getBoundingClientRect()))
    .map((places) => places.map(({ top, bottom }) => (top + bottom) / 2))"""


def test_buttons_side_by_side_are_in_a_line(tab):
    """gradio gives buttons in HTML a margin below, from version 4 on not to the last one of each row."""
    tab.paste(two_regions())
    tab.says("2 regions", "ok")
    rows = tab.page.evaluate(MIDDLES)
    assert len(rows) > 4
    assert all(max(row) - min(row) < 1 for row in rows), rows


CONTRASTS = """() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const channels = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = (top, bottom) => top.slice(0, 3).map((c, i) => c * top[3] + bottom[i] * (1 - top[3]));
    const light = (rgb) => rgb
        .slice(0, 3)
        .map((c) => c / 255)
        .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    const style = (element) => getComputedStyle(element);
    const page = channels(style(document.querySelector(".rpg_txt2img .rpg_canvas")).backgroundColor);
    return [...document.querySelectorAll(".rpg_txt2img .rpg_region")].flatMap((region) => {
        const fill = over(channels(style(region).backgroundColor), page);
        const part = (name) => style(region.querySelector(`.rpg_${name}`));
        const [number, label, share, mark, line] = ["number", "label", "share", "marks svg", "marks path"].map(part);
        return [
            contrast(channels(label.color), fill),
            contrast(channels(number.color), channels(number.backgroundColor)),
            contrast(channels(share.color), channels(share.backgroundColor)),
            contrast(channels(line.stroke), channels(mark.backgroundColor)),
        ];
    });
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_labels_can_be_read(page, tab, theme: str):
    """Text on the coloured boxes keeps a contrast of 4.5 to 1 (WCAG AA)."""
    tab.type("split_ratio", ",".join("1" * 8))
    tab.type("regional_prompt", " BREAK ".join(f"{letter} <lora:x:1>" for letter in "abcdefgh"))
    tab.says("8 regions", "ok")
    page.evaluate("isDark => document.body.classList.toggle('dark', isDark)", theme == "dark")
    ratios = page.evaluate(CONTRASTS)
    page.evaluate("document.body.classList.remove('dark')")
    assert len(ratios) == 32
    assert min(ratios) >= 4.5


def test_regions_that_could_not_be_read_are_reported_in_the_panels_head(page) -> None:
    tab = Tab(page)
    reason = "the regions in the infotext were not read: <b>version</b>: 2 is newer"
    page.locator("#txt2img_pasted textarea").fill(json.dumps({"unread": reason}))
    page.locator("#txt2img_paste").click()
    notice = page.locator(".rpg_status_txt2img")
    notice.filter(has_text=reason).wait_for()
    assert notice.locator("b").count() == 0
    tab.says(reason, "error")
    assert reason not in page.locator(".rpg_status_img2img").text_content()
    # What is typed now is the user's own, and starts again.
    tab.type("split_ratio", "1,1")
    notice.filter(has_not_text=reason).wait_for()
    tab.type("regional_prompt", "a cat BREAK a dog")
    tab.has_regions(2)
    tab.says("2 regions", "ok")


@pytest.fixture
def translated(tab):
    """Replaces the texts on the panel, and nothing else, as localization files and a browser's translation do."""
    tab.page.evaluate(
        """() => {
            const walker = document.createTreeWalker(document.querySelector(".rpg_txt2img"), NodeFilter.SHOW_TEXT);
            window.translated = [];
            while (walker.nextNode()) {
                const node = walker.currentNode;
                if (!node.parentElement.closest("label, button, span") || !node.data.trim()) continue;
                window.translated.push([node, node.data]);
                node.data = `Übersetzt ${node.data}`;
            }
        }"""
    )
    yield tab
    tab.page.evaluate("() => window.translated.forEach(([node, text]) => { node.data = text; })")


def test_a_translated_page_sends_the_same_values(translated):
    tab = translated
    tab.type("split_ratio", "1,1")
    tab.type("regional_prompt", "a BREAK b")
    details = tab.element("details").locator(".label-wrap")
    if "open" not in (details.get_attribute("class") or ""):
        details.click()
    for name, number, value in (("hires", 2, "second"), ("lora", 1, "unet"), ("rows_first", 1, True)):
        tab.element(name).locator("input[type=radio]").nth(number).check()
        _, document = tab.sent()
        assert document[name] == value
