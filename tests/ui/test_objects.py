"""Objects of regions in the panel: their boxes on the canvas, their list in the editor, and what Generate is sent."""

from __future__ import annotations

import dataclasses
import json

import pytest

from lib_rpg.plan import Entity, ObjectBinding, Plan, Region
from lib_rpg.webui.args import read_args
from lib_rpg.webui.infotext import KEY, lean, read_state
from tests.ui.test_canvas import SEEN, Canvas
from tests.ui.test_editor import Editor

CAT = Entity("cat", box=(0.125, 0.25, 0.25, 0.25), prompt="a red cat", seed=7, binding=ObjectBinding(steps=0.3))
DOG = Entity("dog", 2, box=(0.25, 0.375, 0.25, 0.25))
PLAN = Plan(
    base_prompt="a park",
    split_ratio="1,1",
    regions=(
        Region("a cat and a dog", entities=(Entity("rug"), CAT, DOG), binding=ObjectBinding(sigma=2.0)),
        Region("a tree", name="tree", entities=(Entity("tree", box=(0.625, 0.125, 0.25, 0.5)),)),
    ),
)
BOUND = dataclasses.replace(PLAN, binding="auto")
CORNER = Region("b", box=(0.75, 0.75, 0.25, 0.25))
FREE = Plan(layout="boxes", regions=(Region("a", box=(0, 0, 0.75, 0.75), entities=(CAT,)), CORNER), binding="auto")


class Objects(Editor):
    """The tab with its canvas, and the list of the selected region's objects."""

    def load(self, plan: Plan, select: int = 0, **changes) -> None:
        """Paste a plan over what is there, and wait until that is it."""
        super().load(plan, select, **changes)
        text = json.dumps({"plan": plan.to_dict(), **changes})
        self.page.wait_for_function("text => sdWebuiRpg.panels.txt2img.request()[0] === text", arg=text)
        self.settled()
        self.page.evaluate("index => sdWebuiRpg.panels.txt2img.select(index)", select)

    @property
    def canvas(self) -> Canvas:
        return Canvas(self)

    @property
    def drawn(self):
        return self.element("preview").locator(".rpg_object")

    @property
    def object_lines(self):
        return self.root.locator(".rpg_object_line")

    def of_object(self, line: int, name: str):
        """The field of that name; what is folded away is unfolded."""
        field = self.object_lines.nth(line).locator(f"[data-field={name}]")
        if not field.is_visible():
            self.object_lines.nth(line).locator("summary").click()
        return field.locator("input, select")

    def choose(self, index: int, number: int) -> None:
        self.page.locator(f".rpg_txt2img .rpg_object[data-region='{index}'][data-object='{number}']").focus()

    @property
    def selected(self) -> list[int]:
        return self.page.evaluate("(({ selected, object }) => [selected, object])(sdWebuiRpg.panels.txt2img)")

    def entities(self, index: int = 0) -> list[dict]:
        return self.shown_plan()["regions"][index].get("entities", [])

    def entity_box(self, number: int) -> list[float]:
        """Of a thing of the first region, without the noise of sums."""
        return [round(side, 6) for side in self.entities()[number]["box"]]


@pytest.fixture
def tab(page):
    page.set_viewport_size({"width": 1300, "height": 1600})
    tab = Objects(page)
    yield tab
    page.wait_for_function(SEEN)


def test_objects_are_drawn_while_binding_is_on_or_their_region_is_selected(tab: Objects) -> None:
    tab.load(PLAN, select=-1)
    assert tab.drawn.count() == 0
    tab.page.evaluate("sdWebuiRpg.panels.txt2img.select(0)")
    assert [label.text_content() for label in tab.drawn.all()] == ["cat", "dog"]
    assert tab.drawn.nth(1).get_attribute("aria-label") == "Object 2 of region 1: dog"
    assert tab.drawn.nth(0).evaluate("e => getComputedStyle(e).borderTopStyle") == "dashed"
    tab.page.evaluate("sdWebuiRpg.panels.txt2img.select(1)")
    assert tab.drawn.all_text_contents() == ["tree"]
    tab.load(BOUND, select=-1)
    assert tab.drawn.all_text_contents() == ["cat", "dog", "tree"]
    assert tab.drawn.nth(0).bounding_box()["width"] == pytest.approx(
        tab.canvas.element.bounding_box()["width"] / 4, abs=1
    )


def test_a_small_box_has_no_label(tab: Objects) -> None:
    small = dataclasses.replace(CAT, box=(0.1, 0.1, 1 / 64, 1 / 64))
    tab.load(dataclasses.replace(FREE, regions=(Region("a", entities=(small, DOG)), CORNER)))
    assert [tab.drawn.nth(i).locator("span").is_visible() for i in (0, 1)] == [False, True]


def test_the_status_says_what_will_be_bound(tab: Objects) -> None:
    tab.load(BOUND)
    tab.says("3 objects will be bound.", "ok")
    tab.lines.nth(1).locator("[data-act=mute]").click()
    tab.says("2 objects will be bound.", "ok")
    tab.load(PLAN)
    assert "bound" not in tab.message.text_content()


def test_an_object_is_dragged_in_a_cell_and_snaps_as_one_step_of_undo(tab: Objects) -> None:
    tab.load(BOUND, select=-1)
    tab.canvas.drag((0.2, 0.3), (0.2 + 0.13, 0.3))
    assert tab.selected == [0, 1]
    assert tab.entity_box(1) == [0.25, 0.25, 0.25, 0.25], "it snaps to the dog's left edge and the middle of the canvas"
    sent = tab.regions_sent()
    assert sent[0]["entities"][1]["box"] == pytest.approx([0.25, 0.25, 0.25, 0.25])
    sent[0]["entities"][1]["box"] = list(CAT.box)
    assert sent == BOUND.to_dict()["regions"], "all else stays"
    tab.undo()
    assert tab.entity_box(1) == list(CAT.box)
    tab.press("redo")
    tab.settled()
    assert tab.entity_box(1) == [0.25, 0.25, 0.25, 0.25]


def test_an_object_stays_on_the_canvas(tab: Objects) -> None:
    tab.load(BOUND, select=-1)
    tab.canvas.drag((0.2, 0.3), (-0.4, 1.6))
    assert tab.entity_box(1) == [0, 0.75, 0.25, 0.25]


@pytest.mark.parametrize(
    ("handle", "start", "box"),
    [("se", (0.375, 0.5), [0.125, 0.25, 0.375, 0.375]), ("nw", (0.125, 0.25), [0.25, 0.375, 0.125, 0.125])],
)
def test_handles_resize_an_object(tab: Objects, handle: str, start: tuple[float, float], box: list[float]) -> None:
    tab.load(BOUND)
    tab.choose(0, 1)
    assert tab.element("preview").locator(f"[data-handle={handle}]").is_visible()
    tab.canvas.drag(start, (start[0] + 0.125, start[1] + 0.125))
    assert box == tab.entity_box(1)
    assert tab.canvas.plan["split_ratio"] == "1,1"


def test_the_size_of_an_object_is_shown_while_it_is_dragged_and_escape_breaks_off(tab: Objects) -> None:
    tab.load(BOUND)
    style = tab.drawn.nth(0).get_attribute("style")
    tab.canvas.press((0.2, 0.3), (0.6, 0.7))
    tab.element("preview").locator(".rpg_readout").filter(has_text="128 × 128 px").wait_for()
    assert tab.drawn.nth(0).get_attribute("style") != style
    tab.page.keyboard.press("Escape")
    assert tab.drawn.nth(0).get_attribute("style") == style
    tab.page.mouse.up()
    assert tab.entity_box(1) == list(CAT.box)


def test_arrows_move_and_resize_an_object_and_delete_removes_it(tab: Objects) -> None:
    tab.load(BOUND)
    tab.choose(0, 1)
    keys = tab.page.keyboard
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown", "Control+ArrowLeft"):
        keys.press(key)
    assert tab.entity_box(1) == [0.125 + 2 / 64, 0.375, 0.25 - 1 / 64, 0.25]
    assert tab.selected == [0, 1]
    keys.press("Control+d")
    assert (tab.selected, [entity["phrase"] for entity in tab.entities()]) == ([0, 3], ["rug", "cat", "dog", "cat"])
    keys.press("Delete")
    assert ([entity["phrase"] for entity in tab.entities()], tab.selected) == (["rug", "cat", "dog"], [0, -1])
    tab.choose(0, 2)
    keys.press("Delete")
    assert tab.canvas.prompts == ["a cat and a dog", "a tree"], "regions stay"
    assert [entity["phrase"] for entity in tab.entities()] == ["rug", "cat"]
    tab.settled()
    keys.press("Control+z")
    tab.settled()
    assert [entity["phrase"] for entity in tab.entities()] == ["rug", "cat", "dog"]


@pytest.mark.parametrize("plan", [PLAN, BOUND])
def test_tab_reaches_objects_behind_their_region(tab: Objects, plan: Plan) -> None:
    tab.load(plan)
    tab.canvas.select(0)
    found = []
    for _ in range(4):
        tab.page.keyboard.press("Tab")
        found.append(tab.selected)
    assert found == [[0, 1], [0, 2], [1, -1], [1, 0]]
    tab.page.keyboard.press("Enter")
    assert tab.page.evaluate("document.activeElement.closest('[data-field]').dataset.field") == "prompt"
    assert tab.page.evaluate("document.activeElement.closest('[data-object]').dataset.object") == "0"


def test_clicks_go_through_objects_to_their_region(tab: Objects) -> None:
    tab.load(BOUND, select=-1)
    found = []
    for _ in range(4):
        tab.canvas.click(0.3, 0.45)  # the cat's box and the dog's
        found.append(tab.selected)
        tab.page.wait_for_timeout(600)  # else it is a double click
    assert found == [[0, 2], [0, 1], [0, -1], [0, 2]]


def test_an_object_in_a_selected_box_is_dragged_and_the_box_beside_it(tab: Objects) -> None:
    tab.load(FREE)
    tab.canvas.drag((0.2, 0.3), (0.325, 0.3))
    assert tab.entity_box(0) == [0.25, 0.25, 0.25, 0.25]
    assert tab.canvas.boxes[0] == [0, 0, 0.75, 0.75]
    tab.page.evaluate("sdWebuiRpg.panels.txt2img.select(0)")
    tab.canvas.drag((0.6, 0.7), (0.725, 0.825))
    assert tab.canvas.boxes[0] == pytest.approx([0.125, 0.125, 0.75, 0.75])
    assert tab.entity_box(0) == [0.375, 0.375, 0.25, 0.25], "it goes with its region"


def test_a_boundary_takes_objects_along_while_it_is_dragged(tab: Objects) -> None:
    tab.load(BOUND)
    before = tab.drawn.nth(0).bounding_box()["width"]
    tab.canvas.press((0.5, 0.9), (0.25, 0.9))
    tab.page.wait_for_function(
        "before => document.querySelector('.rpg_txt2img .rpg_object').offsetWidth < before * 0.6", arg=before
    )
    tab.page.mouse.up()
    assert tab.entity_box(1) == [0.0625, 0.25, 0.125, 0.25]


def test_objects_of_a_locked_region_stay(tab: Objects) -> None:
    tab.load(BOUND)
    tab.canvas.tool("lock")
    tab.canvas.drag((0.2, 0.3), (0.4, 0.6))
    tab.says("is locked", "note")
    tab.choose(0, 1)
    tab.page.keyboard.press("ArrowRight")
    assert tab.entity_box(1) == list(CAT.box)
    assert tab.element("preview").locator(".rpg_handles").is_hidden()
    tab.canvas.tool("lock")


def test_the_list_shows_each_object_with_what_is_around_it(tab: Objects) -> None:
    tab.load(PLAN)
    assert tab.object_lines.count() == 2
    names = ("phrase", "count", "prompt", "mode", "steps", "sigma", "seed")
    assert [tab.of_object(0, name).input_value() for name in names] == ["cat", "1", "a red cat", "", "0.3", "", "7"]
    assert [tab.of_object(1, name).input_value() for name in names] == ["dog", "2", "", "", "", "", ""]
    assert tab.of_object(1, "prompt").get_attribute("placeholder") == "a cat and a dog"
    around = [tab.of_object(1, name).get_attribute("placeholder") for name in ("steps", "sigma", "strength", "feather")]
    assert around == ["0.15", "2", "1", "0"], "the region's own sigma, and the plan's defaults"
    tab.lines.nth(1).locator(".rpg_pick").click()
    assert tab.object_lines.count() == 1
    assert tab.object_lines.nth(0).get_attribute("aria-label") == "Object 1: tree"


@pytest.mark.parametrize(
    ("name", "text", "changed"),
    [
        ("phrase", " big dog ", {"phrase": "big dog"}),
        ("count", "12", {"count": 12}),
        ("prompt", "a brown dog", {"prompt": "a brown dog"}),
        ("mode", "native", {"binding": {"mode": "native"}}),
        ("steps", "40 %", {"binding": {"steps": 0.4}}),
        ("sigma", "7,5", {"binding": {"sigma": 7.5}}),
        ("strength", "0.5", {"binding": {"strength": 0.5}}),
        ("feather", "0.1", {"binding": {"feather": 0.1}}),
        ("seed", "123", {"seed": 123}),
    ],
)
def test_what_is_typed_is_in_the_plan_and_blank_is_left_out(tab: Objects, name: str, text: str, changed: dict) -> None:
    tab.load(PLAN)
    field = tab.of_object(1, name)
    put = field.select_option if name == "mode" else field.fill
    put(text)
    assert tab.selected == [0, 2] or name == "mode"
    sent = tab.regions_sent()
    entities = PLAN.to_dict()["regions"][0]["entities"]
    assert sent[0]["entities"] == [*entities[:2], {**entities[2], **changed}]
    put({"phrase": "dog", "count": "2"}.get(name, ""))
    assert tab.regions_sent() == PLAN.to_dict()["regions"]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("phrase", " ", "Type what the object is"),
        ("count", "0", "out of range: type a number from 1 to 999"),
        ("count", "1.5", "no whole number"),
        ("prompt", "a BREAK b", "BREAK has no place in an object's prompt"),
        ("prompt", "a AND b", "AND composes prompts"),
        ("steps", "1.2", "out of range"),
        ("sigma", "much", "no number"),
        ("strength", "0.", "not finished"),
        ("feather", "0.6", "out of range: type a number from 0 to 0.5"),
        ("seed", "-1", "out of range"),
    ],
)
def test_what_an_object_cannot_hold_is_marked_and_kept(tab: Objects, name: str, text: str, sentence: str) -> None:
    tab.load(PLAN)
    field = tab.of_object(0, name)
    before = field.input_value()
    field.fill(text)
    assert sentence in tab.object_lines.nth(0).locator(f"[data-field={name}] .rpg_problem").text_content()
    assert field.get_attribute("aria-invalid") == "true"
    assert tab.lines.nth(0).evaluate("e => e.classList.contains('rpg_unfinished')")
    assert tab.regions_sent() == PLAN.to_dict()["regions"]
    # It outlives a look at another region, and goes with its object.
    tab.lines.nth(1).locator(".rpg_pick").click()
    assert tab.of_object(0, name).get_attribute("aria-invalid") is None
    tab.lines.nth(0).locator(".rpg_pick").click()
    tab.object_lines.nth(0).locator("[data-act=later]").click()
    assert tab.of_object(1, name).input_value() == text
    assert tab.of_object(0, name).get_attribute("aria-invalid") is None
    tab.of_object(1, name).fill(before)
    assert tab.of_object(1, name).get_attribute("aria-invalid") is None
    assert not tab.lines.nth(0).evaluate("e => e.classList.contains('rpg_unfinished')")


def test_an_object_is_added_ordered_and_removed(tab: Objects) -> None:
    tab.load(PLAN)
    focused = (
        "() => document.activeElement.dataset.act ?? document.activeElement.closest('[data-field]')?.dataset.field"
    )
    add = tab.root.get_by_role("button", name="Add an object")
    add.click()
    rug = {"phrase": "rug", "count": 1, "box": [0.125, 0.25, 0.25, 0.5]}
    assert (tab.entities()[0], tab.selected, tab.page.evaluate(focused)) == (rug, [0, 0], "phrase")
    add.click()
    assert tab.entities()[3]["phrase"] == "object"
    assert tab.selected == [0, 3]
    tab.object_lines.nth(3).locator("[data-act=earlier]").click()
    assert [entity["phrase"] for entity in tab.entities()] == ["rug", "cat", "object", "dog"]
    assert tab.selected == [0, 2]
    tab.object_lines.nth(0).locator("[data-act=earlier]").click()
    tab.says("This object is the first already.", "note")
    for left in (["cat", "object", "dog"], ["object", "dog"]):
        tab.object_lines.nth(0).locator("[data-act=remove]").click()
        assert [entity["phrase"] for entity in tab.entities()] == left
    assert tab.page.evaluate(focused) == "remove"
    for _ in range(2):
        tab.object_lines.nth(0).locator("[data-act=remove]").click()
    assert tab.page.evaluate("() => document.activeElement.textContent") == "Add an object"
    assert tab.root.locator(".rpg_object_foot").get_by_text("No box in this region").is_visible()
    for _ in range(4):
        tab.undo()
    assert [entity["phrase"] for entity in tab.entities()] == ["rug", "cat", "object", "dog"]


def test_a_field_selects_its_object_on_the_canvas(tab: Objects) -> None:
    tab.load(BOUND)
    tab.of_object(1, "prompt").focus()
    assert tab.selected == [0, 2]
    assert tab.drawn.nth(1).evaluate("e => e.classList.contains('rpg_current')")
    assert tab.object_lines.nth(1).evaluate("e => e.classList.contains('rpg_current')")
    tab.lines.nth(0).locator(".rpg_pick").click()
    assert tab.selected == [0, -1]


@pytest.mark.parametrize(
    ("name", "text", "changed"),
    [
        ("seed", "5", {"seed": 5}),
        ("cfg_scale", "4,5", {"cfg_scale": 4.5}),
        ("mode", "off", {"binding": {"sigma": 2.0, "mode": "off"}}),
    ],
)
def test_a_region_has_a_seed_a_scale_and_a_binding_of_its_own(
    tab: Objects, name: str, text: str, changed: dict
) -> None:
    tab.load(PLAN)
    field = tab.box(name).locator("input, select").first
    put = field.select_option if name == "mode" else field.fill
    put(text)
    regions = PLAN.to_dict()["regions"]
    assert tab.regions_sent() == [{**regions[0], **changed}, regions[1]]
    put("")
    assert tab.regions_sent() == regions


def test_a_seed_that_is_none_is_marked(tab: Objects) -> None:
    tab.load(PLAN)
    tab.box("seed").first.locator("input").fill("1.5")
    assert "no whole number" in tab.box("seed").first.locator(".rpg_problem").text_content()
    assert tab.regions_sent() == PLAN.to_dict()["regions"]


def test_the_modes_are_those_of_the_option(tab: Objects) -> None:
    tab.load(PLAN)
    of_plan = tab.element("binding").locator("input[type=radio]").evaluate_all("all => all.map((e) => e.value)")
    for field in (tab.box("mode").locator("select").first, tab.of_object(0, "mode")):
        assert field.locator("option").evaluate_all("all => all.map((e) => e.value)") == ["", *of_plan]


def test_what_is_bound_comes_back_from_an_infotext(tab: Objects) -> None:
    tab.load(BOUND)
    tab.of_object(1, "strength").fill("0.5")
    tab.box("seed").first.locator("input").fill("5")
    tab.canvas.drag((0.2, 0.3), (0.2 + 0.13, 0.3))
    _, document = tab.sent()
    plan = read_args((True, json.dumps(document))).plan
    assert plan is not None
    assert (plan.regions[0].seed, plan.regions[0].entities[2].binding.strength) == (5, 0.5)
    pasted = json.loads(read_state({KEY: json.dumps(lean(plan))}))
    tab.press("clear")
    tab.paste(pasted)
    tab.says("3 objects will be bound.", "ok")
    tab.settled()
    assert tab.shown_plan() == plan.to_dict()
    assert tab.sent()[1] == pasted


def test_words_typed_over_a_region_leave_its_objects(tab: Objects) -> None:
    tab.load(BOUND)
    tab.input("prompt").first.fill("a fox")
    assert [entity["phrase"] for entity in tab.regions_sent()[0]["entities"]] == ["cat", "dog"]
    tab.load(BOUND)
    tab.type("regional_prompt", "a fox BREAK a tree")
    tab.settled()
    assert [entity["phrase"] for entity in tab.entities()] == ["cat", "dog"]


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_of_the_objects_is_cut_off(tab: Objects, width: int) -> None:
    tab.load(PLAN)
    tab.page.set_viewport_size({"width": width, "height": 1000})
    for i in (0, 1):
        tab.of_object(i, "steps").focus()
    assert tab.root.evaluate("e => e.scrollWidth <= e.clientWidth")
    cut = """e => [...e.querySelectorAll(".rpg_objects :is(button, input, select)")]
        .filter((c) => c.offsetParent && c.scrollWidth > c.clientWidth + 1)
        .map((c) => c.ariaLabel || c.textContent || c.title)"""
    assert tab.root.evaluate(cut) == []
    unnamed = """e => [...e.querySelectorAll(".rpg_objects :is(button, input, select)")]
        .filter((c) => !c.ariaLabel && !c.textContent.trim() && !(c.labels?.[0]?.textContent.trim()))
        .map((c) => c.outerHTML)"""
    assert tab.root.evaluate(unnamed) == []
