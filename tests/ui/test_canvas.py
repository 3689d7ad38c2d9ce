"""The canvas and its tools in a browser: each gesture and key edits the plan that Generate is sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from lib_rpg.plan import Plan, Region
from tests.ui.test_page import Tab

HALF = 0.5
SEEN = """() => {
    const { value } = document.querySelector("#script_txt2img_rpg_view textarea");
    return JSON.parse(value).state === sdWebuiRpg.panels.txt2img.request()[0];
}"""


class Canvas:
    """The canvas of one tab: places are fractions of it."""

    def __init__(self, tab: Tab):
        self.tab, self.page = tab, tab.page
        self.element = tab.element("preview").locator(".rpg_canvas")

    def point(self, x: float, y: float) -> tuple[float, float]:
        """In pixels of the page. The canvas has a border of one pixel."""
        box = self.element.bounding_box()
        return box["x"] + 1 + x * (box["width"] - 2), box["y"] + 1 + y * (box["height"] - 2)

    def click(self, x: float, y: float) -> None:
        self.page.mouse.click(*self.point(x, y))

    def press(self, start: tuple[float, float], *way: tuple[float, float]) -> None:
        """Press the pointer and move it, without letting it go."""
        self.element.scroll_into_view_if_needed()
        self.page.mouse.move(*self.point(*start))
        self.page.mouse.down()
        for place in way:
            self.page.mouse.move(*self.point(*place), steps=3)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.press(start, end)
        self.page.mouse.up()

    def tool(self, name: str) -> None:
        self.button(name).click()

    def button(self, name: str):
        return self.tab.element("preview").locator(f".rpg_tools [data-tool={name}]")

    def select(self, index: int) -> None:
        self.tab.regions.nth(index).focus()

    @property
    def selected(self) -> int:
        return self.tab.page.evaluate(f"sdWebuiRpg.panels.{self.tab.name}.selected")

    @property
    def plan(self) -> dict:
        return self.tab.page.evaluate(f"sdWebuiRpg.panels.{self.tab.name}.plan")

    @property
    def boxes(self) -> list[list[float]]:
        return [region["box"] for region in self.plan["regions"]]

    def has_boxes(self, *boxes: list[float]) -> None:
        """Wait for them: what Undo brings back is shown when the server has looked at it."""
        shown = "boxes => JSON.stringify(sdWebuiRpg.panels.txt2img.plan?.regions.map(({ box }) => box)) === boxes"
        self.page.wait_for_function(shown, arg=json.dumps(boxes, separators=(",", ":")))

    def settles(self) -> None:
        """Wait until the server has looked at the document."""
        self.page.wait_for_function(SEEN)

    @property
    def prompts(self) -> list[str]:
        return [region["prompt"] for region in self.plan["regions"]]


@pytest.fixture
def tab(page) -> Iterator[Tab]:
    page.set_viewport_size({"width": 1300, "height": 1400})
    tab = Tab(page)
    yield tab
    # The next test starts with what the server knows.
    Canvas(tab).settles()


@pytest.fixture
def canvas(tab: Tab) -> Canvas:
    return Canvas(tab)


def mask(left: int, right: int) -> str:
    """A PNG whose left and right half have these levels."""
    picture = Image.new("L", (8, 8), left)
    picture.paste(right, (4, 0, 8, 8))
    file = BytesIO()
    picture.save(file, "png")
    return base64.b64encode(file.getvalue()).decode()


def cells(tab: Tab, ratio: str, words: str = "abcdefgh") -> None:
    """A grid with a letter for each cell."""
    count = len(words)
    tab.type("split_ratio", ratio)
    tab.type("regional_prompt", " BREAK ".join(words))
    tab.says(f"{count} region", "ok")
    tab.settled()


def boxes(tab: Tab, *places: tuple[float, float, float, float], **changes) -> None:
    """Free boxes, named by letters; `changes` are of the first."""
    regions = [Region("abcdefgh"[i], box=box, **(changes if i == 0 else {})) for i, box in enumerate(places)]
    tab.paste({"plan": Plan(layout="boxes", regions=tuple(regions)).to_dict()})
    tab.says(f"{len(places)} region", "ok")
    tab.settled()


@pytest.mark.parametrize(
    ("name", "ratio", "count"),
    [("Two columns", "1,1", 2), ("Three columns", "1,1,1", 3), ("Two rows", "1;1", 2), ("One above two", "1;1,1,1", 3)],
)
def test_a_layout_is_one_click_in_an_empty_panel(tab, canvas, name, ratio, count):
    tab.element("preview").get_by_role("button", name=name).click()
    tab.has_regions(count)
    assert tab.fields["split_ratio"] == ratio
    assert canvas.selected == 0
    assert not tab.element("preview").locator(".rpg_layouts").is_visible()


def test_a_boundary_that_is_dragged_writes_the_ratio_and_is_one_step_for_undo(tab, canvas):
    cells(tab, "1,1", "ab")
    canvas.press((HALF, HALF), (0.6, HALF), (0.376, HALF))
    assert tab.fields["split_ratio"] == "1,1"
    canvas.page.mouse.up()
    assert tab.fields["split_ratio"] == "3,5"
    assert canvas.boxes == [[0, 0, 0.375, 1], [0.375, 0, 0.625, 1]]
    tab.says("2 regions", "ok")
    assert tab.sent()[1]["plan"]["split_ratio"] == "3,5"
    canvas.settles()
    tab.press("undo")
    assert tab.fields["split_ratio"] == "1,1"
    canvas.has_boxes([0, 0, HALF, 1], [HALF, 0, HALF, 1])


def test_the_boundary_between_rows_is_dragged_over_the_whole_width(tab, canvas):
    cells(tab, "1; 1, 1, 2 ;2", "abcd")
    canvas.drag((0.9, 0.25), (0.9, 0.374))
    assert tab.fields["split_ratio"] == "3; 1, 1, 2 ;4"
    canvas.drag((1 / 3, 0.45), (0.501, 0.45))
    assert tab.fields["split_ratio"] == "3;1,1,1;4"


def test_a_transposed_grid_is_dragged_in_its_own_directions(tab, canvas):
    document = {"split_ratio": "1,1,1;1", "regional_prompt": "a BREAK b BREAK c", "rows_first": True}
    tab.paste(document)
    tab.says("3 regions", "ok")
    canvas.drag((0.3, HALF), (0.3, 0.252))
    canvas.drag((HALF, 0.7), (0.752, 0.7))
    assert tab.fields["split_ratio"] == "3,1,3;1"
    assert canvas.plan["rows_first"]


def test_a_drag_with_alt_does_not_snap(tab, canvas):
    cells(tab, "1,1", "ab")
    canvas.page.keyboard.down("Alt")
    canvas.drag((HALF, HALF), (0.38, HALF))
    canvas.page.keyboard.up("Alt")
    assert tab.fields["split_ratio"] == "19,31"


def test_the_size_is_shown_beside_the_pointer_while_dragging(tab, canvas):
    cells(tab, "1,1", "ab")
    readout = tab.element("preview").locator(".rpg_readout")
    canvas.press((HALF, HALF), (0.376, HALF))
    readout.filter(has_text="192 × 512 px · 37.5 % × 100 %").wait_for()
    canvas.page.mouse.up()
    assert not readout.is_visible()


def test_escape_breaks_a_drag_off(tab, canvas):
    boxes(tab, (0.1, 0.1, 0.3, 0.3), (HALF, HALF, 0.3, 0.3))
    before = canvas.plan
    place = tab.regions.nth(0).get_attribute("style")
    canvas.press((0.2, 0.2), (0.6, 0.6))
    assert tab.regions.nth(0).get_attribute("style") != place
    canvas.page.keyboard.press("Escape")
    assert tab.regions.nth(0).get_attribute("style") == place
    canvas.page.mouse.move(*canvas.point(0.7, 0.7))
    canvas.page.mouse.up()
    assert canvas.plan == before


def test_a_plan_that_arrives_during_a_drag_wins(tab, canvas):
    boxes(tab, (0.1, 0.1, 0.3, 0.3))
    canvas.press((0.2, 0.2), (0.6, 0.6))
    arrived = Plan(layout="boxes", regions=(Region("new", box=(0, 0, HALF, HALF)),)).to_dict()
    tab.page.evaluate("text => sdWebuiRpg.panels.txt2img.accept(text)", json.dumps({"plan": arrived}))
    canvas.settles()
    canvas.page.mouse.up()
    assert (canvas.prompts, canvas.boxes) == (["new"], [[0, 0, HALF, HALF]])


def test_a_box_is_dragged_and_snaps(tab, canvas):
    boxes(tab, (0.1, 0.1, 0.3, 0.3), (HALF, HALF, 0.3, 0.3))
    canvas.drag((0.2, 0.2), (0.304, 0.224))
    assert canvas.boxes == [pytest.approx([0.2, 0.125, 0.3, 0.3]), [HALF, HALF, 0.3, 0.3]]
    assert canvas.selected == 0
    assert tab.sent()[1]["plan"]["regions"][0]["box"] == pytest.approx([0.2, 0.125, 0.3, 0.3])


@pytest.mark.parametrize(
    ("handle", "box"),
    [
        ("nw", [0.375, 0.375, 0.375, 0.375]),
        ("n", [0.25, 0.375, HALF, 0.375]),
        ("ne", [0.25, 0.375, 0.625, 0.375]),
        ("e", [0.25, 0.25, 0.625, HALF]),
        ("se", [0.25, 0.25, 0.625, 0.625]),
        ("s", [0.25, 0.25, HALF, 0.625]),
        ("sw", [0.375, 0.25, 0.375, 0.625]),
        ("w", [0.375, 0.25, 0.375, HALF]),
    ],
)
def test_each_of_the_eight_handles_resizes(tab, canvas, handle, box):
    boxes(tab, (0.25, 0.25, HALF, HALF))
    canvas.select(0)
    x = {"w": 0.25, "e": 0.75}.get(handle[-1], HALF)
    y = {"n": 0.25, "s": 0.75}.get(handle[0], HALF)
    canvas.drag((x, y), (x + 0.125, y + 0.125))
    assert canvas.boxes == [pytest.approx(box, abs=0.01)]


def test_shift_on_a_corner_keeps_the_shape(tab, canvas):
    boxes(tab, (0, 0, HALF, 0.25))
    canvas.select(0)
    canvas.page.keyboard.down("Shift")
    canvas.drag((HALF, 0.25), (0.75, 0.25))
    canvas.page.keyboard.up("Shift")
    assert canvas.boxes == [pytest.approx([0, 0, 0.75, 0.375])]


def test_arrows_nudge_and_with_control_resize_a_box_in_one_step_for_undo(tab, canvas):
    boxes(tab, (0.25, 0.25, 0.25, 0.25))
    canvas.select(0)
    keys = canvas.page.keyboard
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown"):
        keys.press(key)
    assert canvas.boxes == [pytest.approx([0.25 + 2 / 64, 0.375, 0.25, 0.25])]
    keys.press("Control+ArrowLeft")
    keys.press("Control+Shift+ArrowDown")
    assert canvas.boxes == [pytest.approx([0.25 + 2 / 64, 0.375, 0.25 - 1 / 64, 0.375])]
    canvas.settles()
    keys.press("Control+z")
    keys.press("Control+z")
    canvas.has_boxes([0.25, 0.25, 0.25, 0.25])
    keys.press("Control+Shift+z")
    keys.press("Control+y")
    canvas.has_boxes([0.28125, 0.375, 0.234375, 0.375])
    assert tab.element("redo").is_disabled()


def shows_ratio(tab, ratio: str) -> None:
    """Wait for the ratio in its field, which is written when the keys pause."""
    tab.page.wait_for_function(
        "ratio => document.querySelector('#script_txt2img_rpg_split_ratio :is(input, textarea)').value === ratio",
        arg=ratio,
    )


def test_arrows_go_from_cell_to_cell_and_with_control_move_its_boundary(tab, canvas):
    cells(tab, "1,1,1;1", "abc")
    canvas.select(0)
    keys = canvas.page.keyboard
    for key, index in (("ArrowRight", 1), ("ArrowDown", 2), ("ArrowDown", 2), ("ArrowUp", 1), ("ArrowLeft", 0)):
        keys.press(key)
        assert canvas.selected == index
    canvas.select(1)
    keys.press("Control+Shift+ArrowLeft")
    shows_ratio(tab, "1,3,5;1")
    keys.press("Control+Shift+ArrowDown")
    shows_ratio(tab, "5,3,5;3")
    assert canvas.page.evaluate("document.activeElement.className").startswith("rpg_region rpg_current")


def test_tab_goes_through_the_regions_and_enter_to_the_words(tab, canvas):
    cells(tab, "1,1", "ab")
    page = canvas.page
    canvas.select(0)
    page.keyboard.press("Tab")
    assert canvas.selected == 1
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.value") == "b"
    page.mouse.dblclick(*canvas.point(0.2, 0.8))
    assert page.evaluate("document.activeElement.value") == "a"
    assert canvas.selected == 0


def test_delete_gives_a_cells_space_to_its_row_and_keeps_the_last_region(tab, canvas):
    cells(tab, "1,1,2;1", "abc")
    canvas.select(0)
    canvas.page.keyboard.press("Delete")
    assert (tab.fields["split_ratio"], canvas.prompts) == ("1;1", ["b", "c"])
    canvas.page.keyboard.press("Delete")
    assert (tab.fields["split_ratio"], canvas.prompts) == ("1", ["c"])
    tab.says("1 region", "ok")
    canvas.page.keyboard.press("Delete")
    tab.says("The last region stays", "note")
    assert canvas.prompts == ["c"]


def test_a_region_is_duplicated_and_gets_words_of_its_own(tab, canvas):
    cells(tab, "1,2", "ab")
    canvas.select(1)
    canvas.page.keyboard.press("Control+d")
    assert (tab.fields["split_ratio"], canvas.prompts, canvas.selected) == ("1,2,2", ["a", "b", "b"], 2)
    boxes(tab, (0.25, 0.25, HALF, HALF))
    canvas.select(0)
    canvas.tool("duplicate")
    assert canvas.boxes[1] == pytest.approx([0.28125, 0.28125, HALF, HALF])


def test_a_cell_is_split_both_ways_and_freed_where_no_ratio_says_it(tab, canvas):
    cells(tab, "1;1", "ab")
    canvas.select(0)
    canvas.tool("splitSides")
    assert tab.fields["split_ratio"] == "1,1,1;1"
    assert canvas.prompts == ["a", "", "b"]
    canvas.select(0)
    canvas.tool("splitStack")
    tab.says("free boxes now", "note")
    assert canvas.plan["layout"] == "boxes"
    assert canvas.boxes[:2] == [[0, 0, HALF, 0.25], [0, 0.25, HALF, 0.25]]
    assert canvas.prompts == ["a", "", "", "b"]


def test_a_region_is_merged_with_the_neighbour_that_is_clicked(tab, canvas):
    cells(tab, "1,1,1", "abc")
    canvas.select(1)
    canvas.tool("merge")
    assert tab.element("preview").locator(".rpg_neighbour").count() == 2
    canvas.click(0.9, HALF)
    assert (tab.fields["split_ratio"], canvas.prompts) == ("1,2", ["a", "b, c"])
    # One neighbour is not asked for.
    canvas.select(0)
    canvas.tool("merge")
    assert (tab.fields["split_ratio"], canvas.prompts) == ("1", ["a, b, c"])


def test_merging_is_broken_off_by_escape(tab, canvas):
    cells(tab, "1,1,1", "abc")
    canvas.select(1)
    canvas.tool("merge")
    canvas.page.keyboard.press("Escape")
    canvas.click(0.9, HALF)
    assert (canvas.prompts, canvas.selected) == (["a", "b", "c"], 2)


def test_a_region_is_added_beside_the_selected_cell_and_in_free_space(tab, canvas):
    cells(tab, "1,2", "ab")
    canvas.select(0)
    canvas.tool("add")
    assert (tab.fields["split_ratio"], canvas.prompts, canvas.selected) == ("1,1,2", ["a", "", "b"], 1)
    boxes(tab, (0, 0, HALF, 1))
    canvas.tool("add")
    assert canvas.boxes[1] == [HALF, 0, HALF, HALF]


def test_a_box_is_drawn_where_there_was_none(tab, canvas):
    canvas.tool("draw")
    canvas.drag((0.26, 0.26), (0.74, 0.76))
    tab.has_regions(1)
    assert canvas.boxes == [[0.25, 0.25, HALF, HALF]]
    assert canvas.button("draw").get_attribute("aria-pressed") == "false"


def test_a_box_drawn_over_a_grid_frees_its_cells(tab, canvas):
    cells(tab, "1,1", "ab")
    canvas.tool("draw")
    canvas.drag((0.375, 0.375), (0.625, 0.625))
    tab.says("free boxes now", "note")
    assert canvas.boxes == [[0, 0, HALF, 1], [HALF, 0, HALF, 1], [0.375, 0.375, 0.25, 0.25]]
    assert canvas.selected == 2


def test_a_press_that_does_not_move_draws_nothing(tab, canvas):
    canvas.tool("draw")
    canvas.click(HALF, HALF)
    assert canvas.plan is None
    # Another press ends the tool.
    canvas.tool("draw")
    cells(tab, "1,1", "ab")
    canvas.drag((0.1, 0.1), (0.3, 0.3))
    assert canvas.prompts == ["a", "b"]


def test_order_is_changed_and_shown_by_what_is_on_top(tab, canvas):
    boxes(tab, (0, 0, 0.75, 0.75), (0.25, 0.25, 0.75, 0.75))
    assert tab.regions.last.locator(".rpg_label").text_content() == "b"
    canvas.select(0)
    canvas.tool("later")
    assert (canvas.prompts, canvas.selected) == (["b", "a"], 1)
    canvas.tool("later")
    tab.says("the last already", "note")
    cells(tab, "1,2", "ab")
    canvas.select(1)
    canvas.tool("earlier")
    assert (tab.fields["split_ratio"], canvas.prompts, canvas.selected) == ("1,2", ["b", "a"], 0)


def test_clicks_go_through_boxes_that_cover_each_other(tab, canvas):
    boxes(tab, (0, 0, 1, 1), (0.25, 0.25, HALF, HALF))
    found = []
    for _ in range(3):
        canvas.click(HALF, HALF)
        found.append(canvas.selected)
        canvas.page.wait_for_timeout(600)  # else it is a double click
    assert found == [1, 0, 1]


def test_a_covered_box_that_is_selected_is_the_one_that_is_dragged(tab, canvas):
    boxes(tab, (0.25, 0.25, HALF, HALF), (0, 0, 1, 1))
    canvas.select(0)
    canvas.drag((HALF, HALF), (0.625, HALF))
    assert canvas.boxes == [[0.375, 0.25, HALF, HALF], [0, 0, 1, 1]]


def test_all_is_mirrored_masks_too(tab, canvas):
    cells(tab, "1,1,2;1", "abc")
    canvas.select(0)
    canvas.tool("mirrorSides")
    assert (tab.fields["split_ratio"], canvas.prompts, canvas.selected) == ("1,2,1;1", ["b", "a", "c"], 1)
    canvas.tool("mirrorStack")
    assert (tab.fields["split_ratio"], canvas.prompts) == ("1;1,2,1", ["c", "b", "a"])
    boxes(tab, (0, 0, 0.25, 1), mask=mask(255, 0))
    canvas.tool("mirrorSides")
    canvas.page.wait_for_function("sdWebuiRpg.panels.txt2img.plan.regions[0].box[0] === 0.75")
    flipped = Image.open(BytesIO(base64.b64decode(canvas.plan["regions"][0]["mask"]))).convert("L")
    assert [flipped.getpixel((x, 4)) for x in (0, 7)] == [0, 255]


def test_a_locked_region_stays_where_it_is(tab, canvas):
    boxes(tab, (0.25, 0.25, HALF, HALF))
    canvas.select(0)
    canvas.tool("lock")
    canvas.drag((HALF, HALF), (0.6, 0.6))
    tab.says("is locked", "note")
    canvas.page.keyboard.press("ArrowRight")
    assert canvas.boxes == [[0.25, 0.25, HALF, HALF]]
    assert canvas.button("lock").get_attribute("aria-pressed") == "true"
    canvas.tool("lock")
    canvas.page.keyboard.press("Shift+Tab")
    canvas.select(0)
    canvas.page.keyboard.press("Shift+ArrowRight")
    assert canvas.boxes == [[0.375, 0.25, HALF, HALF]]


def test_a_lock_goes_with_its_region_and_holds_its_boundaries(tab, canvas):
    cells(tab, "1,1,1,1", "abcd")
    canvas.select(1)
    canvas.tool("lock")
    canvas.select(0)
    canvas.tool("duplicate")
    assert tab.element("preview").locator(".rpg_locked .rpg_label").all_text_contents() == ["b"]
    canvas.drag((0.4, HALF), (0.3, HALF))
    tab.says("is locked", "note")
    assert tab.fields["split_ratio"] == "1,1,1,1,1"
    canvas.drag((0.8, HALF), (0.75, HALF))
    assert tab.fields["split_ratio"] != "1,1,1,1,1"


def test_a_grid_becomes_boxes_and_again_a_grid(tab, canvas):
    cells(tab, "1,1,2;1", "abc")
    canvas.tool("boxes")
    assert (canvas.plan["layout"], tab.fields["split_ratio"]) == ("boxes", "")
    assert canvas.button("boxes").get_attribute("aria-pressed") == "true"
    tab.says("3 regions", "ok")
    canvas.tool("boxes")
    assert (canvas.plan["layout"], tab.fields["split_ratio"]) == ("grid", "1,1,2;1")
    tab.says("3 regions", "ok")


def test_boxes_in_any_order_become_a_grid_in_reading_order(tab, canvas):
    boxes(tab, (0.5, 0, 0.5, 1), (0, 0, 0.503, 1))
    canvas.select(0)
    canvas.tool("boxes")
    assert (tab.fields["split_ratio"], canvas.prompts, canvas.selected) == ("1,1", ["b", "a"], 1)


def test_what_cannot_be_a_grid_is_refused_in_a_sentence(tab, canvas):
    boxes(tab, (0, 0, HALF, HALF), (HALF, HALF, HALF, HALF))
    canvas.tool("boxes")
    tab.says("do not fill the picture in rows or columns of cells", "note")
    boxes(tab, (0, 0, 1, 1), mask=mask(255, 0))
    canvas.tool("boxes")
    tab.says("clear the masks", "note")
    assert canvas.plan["layout"] == "boxes"


def test_marks_say_what_a_region_has(tab, canvas):
    changes: dict[str, Any] = {"base_ratio": 0.2, "negative_prompt": "cars", "control": (0,), "mask": mask(255, 0)}
    plan = Plan(layout="boxes", regions=(Region("a <lora:x:1>", box=(0, 0, 1, 1), **changes),))
    tab.paste({"plan": plan.to_dict()})
    tab.says("1 region", "ok")
    labels = tab.regions.locator(".rpg_marks svg").evaluate_all(
        "marks => marks.map((e) => e.getAttribute('aria-label'))"
    )
    assert labels == ["Base ratio 0.2", "Negative: cars", "Has a LoRA", "Has a mask", "ControlNet unit 0"]


def test_a_mask_is_drawn_where_it_is_white(tab, canvas):
    boxes(tab, (0, 0, 1, 1), mask=mask(255, 0))
    tab.regions.locator(".rpg_mask_picture").wait_for()
    alphas = tab.regions.locator(".rpg_mask_picture").evaluate(
        "e => [1, 6].map((x) => e.getContext('2d').getImageData(x, 4, 1, 1).data[3])"
    )
    assert alphas == [255, 0]


def test_a_region_without_words_is_hatched(tab, canvas):
    tab.element("preview").get_by_role("button", name="Two columns").click()
    tab.has_regions(2)
    assert tab.element("preview").locator(".rpg_muted").count() == 2


def test_the_share_is_seen_of_the_selected_region(tab, canvas):
    cells(tab, "1,3", "ab")
    canvas.select(1)
    shares = tab.regions.locator(".rpg_share")
    assert [shares.nth(i).is_visible() for i in (0, 1)] == [False, True]
    assert shares.nth(1).text_content() == "75 %"


def test_while_a_text_cannot_be_read_edits_are_refused_and_nothing_is_lost(tab, canvas):
    cells(tab, "1,1", "ab")
    tab.type("split_ratio", "1,")
    tab.says("'1,'", "error")
    canvas.drag((HALF, HALF), (0.25, HALF))
    tab.says("cannot be read", "note")
    canvas.tool("mirrorSides")
    canvas.select(0)
    canvas.page.keyboard.press("Delete")
    assert tab.sent()[1] == {"split_ratio": "1,", "regional_prompt": "a BREAK b"}


def test_a_layout_keeps_the_words_of_the_plan(tab, canvas):
    cells(tab, "1,1,1", "abc")
    canvas.tool("layouts")
    tab.element("preview").get_by_role("button", name="Two rows").click()
    tab.says("The words of 2 regions are in the last one", "note")
    assert canvas.prompts == ["a", "b, c"]


def test_a_layout_takes_the_words_that_were_typed_before(tab, canvas):
    tab.type("regional_prompt", "a BREAK b BREAK c")
    tab.says("split_ratio", "error")
    canvas.tool("draw")
    canvas.drag((0.25, 0.25), (0.75, 0.75))
    tab.says("Choose a layout for the words", "note")
    assert tab.fields["regional_prompt"] == "a BREAK b BREAK c"
    tab.element("preview").get_by_role("button", name="Three columns").click()
    tab.says("3 regions", "ok")
    assert canvas.prompts == ["a", "b", "c"]


def test_a_base_prompt_in_the_regional_prompt_is_not_lost_to_a_layout(tab, canvas):
    tab.type("regional_prompt", "a room ADDBASE a BREAK b")
    tab.says("split_ratio", "error")
    tab.element("preview").get_by_role("button", name="Two columns").click()
    tab.says("move it to its own field", "note")
    assert tab.fields["regional_prompt"] == "a room ADDBASE a BREAK b"


def test_at_most_64_regions_are_made(tab, canvas):
    tab.type("split_ratio", ",".join("1" * 64))
    tab.type("regional_prompt", " BREAK ".join("a" * 64))
    tab.says("64 regions", "ok")
    canvas.select(5)
    for name in ("add", "duplicate", "splitSides", "splitStack"):
        tab.page.evaluate("sdWebuiRpg.panels.txt2img.say('ok', '')")
        canvas.tool(name)
        tab.says("There are 64 regions", "note")
    assert len(canvas.boxes) == 64


def test_tools_that_need_a_region_say_so(tab, canvas):
    canvas.tool("remove")
    tab.says("There is no region yet", "note")
    cells(tab, "1,1", "ab")
    tab.page.evaluate("sdWebuiRpg.panels.txt2img.select(-1)")
    for name in ("splitSides", "merge", "duplicate", "remove", "earlier", "lock", "mask"):
        tab.page.evaluate("sdWebuiRpg.panels.txt2img.say('ok', '')")
        canvas.tool(name)
        tab.says("Select a region first", "note")


def test_the_toolbar_is_one_stop_for_tab_and_arrows_go_through_it(tab, canvas):
    buttons = tab.element("preview").locator(".rpg_tools button")
    assert buttons.evaluate_all("all => all.filter((e) => e.tabIndex === 0).length") == 1
    buttons.first.focus()
    tab.page.keyboard.press("ArrowLeft")
    assert tab.page.evaluate("document.activeElement.dataset.tool") == "mask"
    tab.page.keyboard.press("Home")
    tab.page.keyboard.press("ArrowRight")
    assert tab.page.evaluate("document.activeElement.dataset.tool") == "boxes"
    assert all(buttons.evaluate_all("all => all.map((e) => Boolean(e.title))"))


def test_a_finger_drags_a_selected_box(tab, canvas):
    boxes(tab, (0.25, 0.25, HALF, HALF))
    canvas.select(0)
    canvas.element.scroll_into_view_if_needed()
    client = tab.page.context.new_cdp_session(tab.page)

    def touch(kind: str, *place: float) -> None:
        x, y = canvas.point(*place) if place else (0, 0)
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}] if place else []})

    touch("touchStart", HALF, HALF)
    for x in (0.52, 0.56, 0.6, 0.625):
        touch("touchMove", x, HALF)
    touch("touchEnd")
    assert canvas.boxes == [pytest.approx([0.375, 0.25, HALF, HALF])]


def test_a_file_is_the_background_and_never_sent(tab, canvas):
    cells(tab, "1,1", "ab")
    picture = BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "png")
    behind = tab.element("preview").locator(".rpg_background")
    file = tab.element("preview").locator(".rpg_picture_tools input[type=file]")
    file.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    behind.and_(tab.page.locator("[src^='blob:']")).wait_for()
    tab.element("preview").locator(".rpg_opacity").fill("0.25")
    assert behind.evaluate("e => e.style.opacity") == "0.25"
    assert set(tab.sent()[1]) == {"split_ratio", "regional_prompt"}
    file.set_input_files({"name": "b.png", "mimeType": "image/png", "buffer": b"no picture"})
    tab.says("cannot be read", "note")
    assert not behind.is_visible()


def test_the_last_picture_is_the_background(tab, canvas):
    cells(tab, "1,1", "ab")
    select = tab.element("preview").locator(".rpg_choice")
    select.select_option("last")
    tab.says("no such picture yet", "note")
    data = "data:image/png;base64," + mask(255, 0)
    tab.page.evaluate(
        """url => {
            const gallery = Object.assign(document.createElement("div"), { id: "txt2img_gallery" });
            gallery.append(Object.assign(document.createElement("img"), { src: url }));
            gradioApp().append(gallery);
        }""",
        data,
    )
    tab.page.locator("#txt2img_generate").hover()
    canvas.page.mouse.move(*canvas.point(HALF, HALF))
    behind = tab.element("preview").locator(".rpg_background")
    behind.wait_for()
    assert behind.get_attribute("src") == data
    tab.page.evaluate("document.querySelector('#txt2img_gallery').remove()")
    select.select_option("none")
    assert not behind.is_visible()


def test_a_large_picture_is_zoomed_and_scrolled(tab, canvas):
    for side, size in (("width", 2048), ("height", 1024)):
        tab.own(side).fill(str(size))
    cells(tab, "1,1", "ab")
    stage = tab.element("preview").locator(".rpg_stage")
    tab.element("preview").get_by_role("button", name="100 %").click()
    assert canvas.element.bounding_box()["width"] == pytest.approx(2048, abs=1)
    assert stage.evaluate("e => e.scrollWidth > e.clientWidth")
    assert tab.element("panel").evaluate("e => e.scrollWidth <= e.clientWidth")
    # The boundary is found where it is seen.
    stage.evaluate("e => { e.scrollLeft = 1024 - e.clientWidth / 2; }")
    box = stage.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 100
    tab.page.mouse.move(x, y)
    tab.page.mouse.down()
    tab.page.mouse.move(x - 128, y, steps=4)
    tab.page.mouse.up()
    assert tab.fields["split_ratio"] == "11,14"
    tab.element("preview").get_by_role("button", name="Fit").click()
    assert stage.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_the_wheel_with_control_zooms_where_the_pointer_is(tab, canvas):
    cells(tab, "1,1", "ab")
    # A wheel is turned at a whole pixel.
    x, y = (int(side) for side in canvas.point(0.75, 0.25))
    box = canvas.element.bounding_box()
    place = (x - box["x"] - 1) / (box["width"] - 2), (y - box["y"] - 1) / (box["height"] - 2)
    tab.page.mouse.move(x, y)
    width = box["width"]
    tab.page.keyboard.down("Control")
    tab.page.mouse.wheel(0, -1600)
    tab.page.keyboard.up("Control")
    tab.page.wait_for_function(
        "width => document.querySelector('.rpg_txt2img .rpg_canvas').offsetWidth > width * 2", arg=width
    )
    assert canvas.point(*place) == pytest.approx((x, y), abs=3)
    tab.element("preview").get_by_role("button", name="Fit").click()


def test_each_tab_has_a_canvas_of_its_own(page, tab, canvas):
    cells(tab, "1,1", "ab")
    canvas.select(1)
    canvas.tool("lock")
    page.locator("#tabs > .tab-nav > button", has_text="img2img").click()
    header = page.locator("#script_img2img_rpg_enabled .label-wrap").first
    if "open" not in (header.get_attribute("class") or ""):
        header.click()
    other = Canvas(Tab(page, "img2img"))
    other.tab.element("preview").get_by_role("button", name="Three columns").click()
    other.tab.has_regions(3)
    assert other.tab.element("preview").locator(".rpg_locked").count() == 0
    assert other.tab.element("preview").locator(".rpg_choice option").all_text_contents() == [
        "No picture behind",
        "Last picture",
        "Picture of img2img",
        "Picture from a file",
    ]
    page.locator("#tabs > .tab-nav > button", has_text="txt2img").click()
    assert canvas.prompts == ["a", "b"]
    assert json.loads(tab.field("state").input_value())["split_ratio"] == "1,1"


def test_an_idle_canvas_does_nothing(tab, canvas):
    cells(tab, "1,1", "ab")
    canvas.drag((HALF, HALF), (0.25, HALF))
    canvas.settles()
    frames = tab.page.evaluate(
        """() => new Promise((done) => {
            const ask = window.requestAnimationFrame;
            let asked = 0;
            window.requestAnimationFrame = (frame) => {
                asked += new Error().stack.includes("/rpg_");
                return ask(frame);
            };
            setTimeout(() => { window.requestAnimationFrame = ask; done(asked); }, 500);
        })"""
    )
    assert frames == 0
