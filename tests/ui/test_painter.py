"""Painting a region's mask in the panel: gestures, keys, pictures that are given, and what Generate is sent."""

from __future__ import annotations

import base64
import io
import json
import struct
import zlib
from pathlib import Path

import pytest
import torch
from PIL import Image, ImageDraw

from lib_rpg.layout.mask import read_mask
from lib_rpg.layout.weights import region_weights
from lib_rpg.plan import Plan, Region
from tests.ui.test_page import Tab

GRID = Plan(
    prompt="cat and dog",
    base_prompt="a cat and a dog",
    split_ratio="1,1",
    regions=(
        Region("a cat", name="cat", box=(0, 0, 0.5, 1), negative_prompt="fur", weight=2.0),
        Region("a dog", name="dog", box=(0.5, 0, 0.5, 1)),
    ),
)
BOXES = Plan(
    prompt="cat and dog",
    layout="boxes",
    split_ratio="",
    regions=(Region("a cat", box=(0, 0, 0.5, 0.5)), Region("a dog", box=(0.5, 0.5, 0.25, 0.25))),
)


class Painting:
    """A mask being painted, in one tab of the page."""

    def __init__(self, page, name: str = "txt2img"):
        self.page, self.tab, self.name = page, Tab(page, name), name
        self.panel = f"sdWebuiRpg.panels.{name}"

    def take(self, plan: Plan | None) -> None:
        document = json.dumps({"plan": plan.to_dict()}) if plan else ""
        self.page.evaluate(f"document => {self.panel}.accept(document)", document)
        if plan:
            self.page.wait_for_function(f"{self.panel}.isEditable && {self.panel}.plan")

    def start(self, plan: Plan = BOXES, index: int = 0) -> None:
        self.take(plan)
        self.go_on(index)

    def go_on(self, index: int = 0) -> None:
        """Paint the mask of a region of the plan that is there."""
        self.page.evaluate(f"index => {{ {self.panel}.select(index); {self.panel}.paintMask(); }}", index)
        self.layer.wait_for()
        self.press("brush")
        for name, percent in (("size", 8), ("softness", 0)):
            self.slide(name, percent)
        self.layer.focus()
        self.layer.scroll_into_view_if_needed()

    @property
    def layer(self):
        return self.page.locator(f".rpg_{self.name} .rpg_mask")

    def button(self, name: str):
        return self.page.locator(f".rpg_{self.name} .rpg_mask_tools .rpg_mask_{name}")

    def press(self, name: str) -> None:
        self.button(name).click()

    def slide(self, name: str, percent: int) -> None:
        self.button(name).fill(str(percent))

    def drag(self, *points: tuple[float, float], steps: int = 4, button: str = "left") -> None:
        """Drag over points, in fractions of the canvas."""
        self.layer.scroll_into_view_if_needed()
        box = self.layer.bounding_box()
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        self.page.mouse.move(*places[0])
        self.page.mouse.down(button=button)
        for place in places[1:]:
            self.page.mouse.move(*place, steps=steps)
        self.page.mouse.up(button=button)

    def opacity(self, x: float, y: float) -> int:
        """How strong the mask is drawn there, 0…255, in the next frame."""
        return self.page.evaluate(
            """([name, x, y]) => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
                const picture = document.querySelector(`.rpg_${name} .rpg_mask canvas`);
                const at = [Math.floor(x * picture.width), Math.floor(y * picture.height)];
                done(picture.getContext("2d").getImageData(...at, 1, 1).data[3]);
            })))""",
            [self.name, x, y],
        )

    @property
    def plan(self) -> dict:
        return json.loads(self.page.evaluate(f"{self.panel}.request()[0]")).get("plan")

    def upload(self, name: str, file: str, content: bytes, kind: str = "") -> None:
        with self.page.expect_file_chooser() as chooser:
            self.press(name)
        chooser.value.set_files({"name": file, "mimeType": kind, "buffer": content})

    def give(self, event: str, file: str, content: bytes) -> None:
        """Drop a file on the canvas, or paste it."""
        self.page.evaluate(
            """([name, event, file, content]) => {
                const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
                const data = new DataTransfer();
                data.items.add(new File([bytes], file));
                const target = document.querySelector(`.rpg_${name} .rpg_mask`);
                const options = { bubbles: true, cancelable: true };
                target.dispatchEvent(
                    event === "drop" ? new DragEvent(event, { ...options, dataTransfer: data })
                        : new ClipboardEvent(event, { ...options, clipboardData: data }),
                );
            }""",
            [self.name, event, file, base64.b64encode(content).decode()],
        )


@pytest.fixture
def painting(page):
    made = Painting(page)
    yield made
    if made.layer.count():
        made.press("cancel")
    # The next test starts from what gradio knows, as after any press, and what the server has answered.
    page.evaluate("window.dispatchEvent(new PointerEvent('pointerdown'))")
    page.wait_for_function(
        """() => {
            const view = document.querySelector("#script_txt2img_rpg_view textarea").value;
            return !view || JSON.parse(view).state === sdWebuiRpg.panels.txt2img.request()[0];
        }"""
    )


def png(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


FULL = base64.b64encode(png(Image.new("L", (2, 2), 255))).decode()


def tokens(mask: str) -> list[list[int]]:
    return read_mask(mask).tolist()


# Painting


def test_the_toolbar_is_seen_while_a_mask_is_painted(painting):
    toolbar = painting.page.locator(".rpg_txt2img .rpg_mask_tools")
    assert not toolbar.is_visible()
    painting.start()
    assert toolbar.is_visible()
    assert painting.page.evaluate("document.activeElement.className") == "rpg_mask"
    painting.press("cancel")
    assert not toolbar.is_visible()
    assert painting.layer.count() == 0


def test_a_stroke_becomes_the_regions_mask_and_is_sent(painting):
    painting.start(BOXES, 1)
    painting.press("eraser")
    painting.drag((0.5, 0.5), (0.76, 0.76))
    painting.press("done")
    enabled, document = painting.tab.sent()
    assert enabled
    region = document["plan"]["regions"][1]
    assert region["box"] == [0.5, 0.5, 0.25, 0.25]
    mask = tokens(region["mask"])
    assert (len(mask), len(mask[0])) == (16, 16)
    assert [mask[i][i] for i in range(16)] == [0] * 16
    assert mask[0][15] == mask[15][0] == 255
    assert Plan.from_dict(document["plan"]).regions[1].prompt == "a dog"


def test_the_engine_draws_the_region_where_it_was_painted(painting):
    """At each latent token the region has what the mask on the page has."""
    painting.start()
    painting.press("clear")
    painting.slide("size", 30)
    painting.slide("softness", 60)
    painting.press("brush")
    painting.drag((0.3, 0.3), (0.8, 0.7))
    shown = painting.page.evaluate(
        """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
            const picture = document.querySelector(".rpg_txt2img .rpg_mask canvas");
            const { data } = picture.getContext("2d").getImageData(0, 0, picture.width, picture.height);
            done([picture.width, Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + 3])]);
        })))"""
    )
    painting.press("done")
    plan = Plan.from_dict(painting.plan)
    alone = Plan(prompt="p", layout="boxes", split_ratio="", regions=plan.regions[:1])
    width, levels = shown
    raster = torch.tensor(levels, dtype=torch.float32).view(1, 1, -1, width)
    wanted = torch.nn.functional.avg_pool2d(raster, width // 64)[0, 0] / 255 / 0.7
    assert torch.allclose(region_weights(alone, 64, 64)[0], wanted, atol=0.01)
    assert wanted.max() > 0.99
    assert ((wanted > 0.1) & (wanted < 0.9)).sum() > 50


def test_painting_in_a_grid_makes_free_boxes_of_the_same_places(painting):
    painting.start(GRID)
    painting.tab.says("free boxes", "note")
    assert painting.plan["layout"] == "grid"
    painting.press("eraser")
    painting.drag((0.1, 0.1), (0.3, 0.9))
    painting.press("done")
    plan = painting.plan
    assert (plan["layout"], plan["split_ratio"]) == ("boxes", "")
    cat, dog = plan["regions"]
    assert (cat["box"], dog["box"]) == ([0, 0, 0.5, 1], [0.5, 0, 0.5, 1])
    assert "mask" in cat
    assert "mask" not in dog
    kept = ("prompt", "name", "negative_prompt", "weight")
    assert [cat[key] for key in kept] == ["a cat", "cat", "fur", 2]
    Plan.from_dict(plan)


def test_done_is_one_step_of_undo(painting):
    painting.start(GRID)
    for place in (0.2, 0.4, 0.6):
        painting.drag((place, 0.2), (place, 0.8))
    painting.press("feather")
    painting.press("done")
    assert painting.plan["layout"] == "boxes"
    painting.tab.press("undo")
    assert painting.plan == GRID.to_dict()
    painting.tab.press("redo")
    assert painting.plan["regions"][0]["mask"]


def test_painting_outside_of_the_box_makes_the_box_grow(painting):
    painting.start(BOXES, 1)
    painting.slide("size", 10)
    painting.drag((0.1, 0.625), (0.6, 0.625))
    painting.press("done")
    x, y, width, height = painting.plan["regions"][1]["box"]
    assert 0.03 < x < 0.06
    assert (y, x + width, y + height) == (0.5, 0.75, 0.75)


def test_a_mask_is_painted_on_where_it_was_left(painting):
    painting.start()
    painting.press("eraser")
    painting.drag((0.1, 0.1), (0.4, 0.4))
    painting.press("done")
    before = painting.plan["regions"][0]
    painting.go_on()
    assert painting.opacity(0.25, 0.25) == 0
    assert painting.opacity(0.05, 0.4) > 150
    painting.press("done")
    assert painting.plan["regions"][0] == before


def test_a_mask_that_is_filled_again_is_no_mask(painting):
    painting.start()
    painting.press("eraser")
    painting.drag((0.1, 0.1), (0.4, 0.4))
    painting.press("done")
    painting.go_on()
    painting.press("clear")
    painting.press("lasso")
    painting.drag((0.5, 0.25), (0.5, 0.5), (-0.02, 0.5), (-0.02, -0.02), (0.5, -0.02))
    painting.press("done")
    region = painting.plan["regions"][0]
    assert region["box"] == pytest.approx([0, 0, 0.5, 0.5], abs=1 / 64)
    # A pointer's place is rounded, so that the last row and column may be partly covered.
    assert min(min(row[:-1]) for row in tokens(region.get("mask", FULL))[:-1]) == 255


def test_cancel_and_escape_change_nothing(painting):
    for leave in (lambda: painting.press("cancel"), lambda: painting.page.keyboard.press("Escape")):
        painting.start(GRID)
        painting.drag((0.2, 0.2), (0.9, 0.9))
        leave()
        painting.tab.says("as it was", "note")
        assert painting.layer.count() == 0
        assert painting.plan == GRID.to_dict()


def test_done_without_a_change_leaves_a_grid_a_grid(painting):
    painting.start(GRID)
    painting.press("done")
    assert painting.layer.count() == 0
    assert painting.plan == GRID.to_dict()


def test_nothing_painted_is_refused_and_the_painting_goes_on(painting):
    painting.start()
    painting.press("clear")
    painting.press("done")
    painting.tab.says("Nothing is painted", "error")
    assert painting.layer.is_visible()
    assert painting.plan == BOXES.to_dict()
    painting.press("undo")
    assert painting.opacity(0.2, 0.2) > 150


def test_the_right_button_and_alt_erase(painting):
    painting.start()
    painting.drag((0.1, 0.25), (0.2, 0.25), button="right")
    assert painting.opacity(0.15, 0.25) == 0
    painting.page.keyboard.down("Alt")
    painting.drag((0.3, 0.25), (0.4, 0.25))
    painting.page.keyboard.up("Alt")
    assert painting.opacity(0.35, 0.25) == 0
    assert painting.opacity(0.25, 0.25) > 150


def test_done_ends_the_stroke_that_is_under_way(painting):
    """By a key while the pointer is down."""
    painting.start()
    box = painting.layer.bounding_box()
    painting.page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.8 * box["height"])
    painting.page.mouse.down()
    painting.page.evaluate("document.querySelector('.rpg_txt2img .rpg_mask_done').click()")
    painting.page.mouse.up()
    assert painting.plan["regions"][0]["box"][2] > 0.8
    painting.tab.press("undo")
    assert painting.plan == BOXES.to_dict()


def test_a_fill_and_the_lassos_work_by_a_drag(painting):
    painting.start()
    painting.press("cut")
    painting.drag((0.1, 0.1), (0.3, 0.1), (0.3, 0.3), (0.1, 0.3))
    assert painting.opacity(0.2, 0.2) == 0
    painting.press("lasso")
    painting.drag((0.6, 0.6), (0.9, 0.6), (0.9, 0.9), (0.6, 0.9))
    assert painting.opacity(0.75, 0.75) > 150
    painting.press("fill")
    painting.drag((0.2, 0.2))
    assert painting.opacity(0.15, 0.25) > 150


@pytest.mark.parametrize(
    ("action", "inside", "outside"),
    [
        ("grow", 179, 179),
        ("shrink", 0, 0),
        ("invert", 0, 179),
        ("clear", 0, 0),
        ("feather", range(90, 179), range(1, 90)),
    ],
)
def test_the_actions_change_the_mask(painting, action: str, inside, outside):
    """What is drawn a quarter of a token (8 pixels of the picture) on either side of the box' edge."""
    painting.start()
    painting.press(action)
    for place, wanted in ((0.5 - 0.25 / 64, inside), (0.5 + 0.25 / 64, outside)):
        found = painting.opacity(place, 0.25)
        assert found in wanted if isinstance(wanted, range) else found == wanted


def test_strokes_are_undone_and_redone_by_key_while_painting(painting):
    painting.start()
    painting.drag((0.7, 0.7), (0.8, 0.8))
    keyboard = painting.page.keyboard
    keyboard.press("Control+z")
    assert painting.opacity(0.75, 0.75) == 0
    keyboard.press("Control+y")
    assert painting.opacity(0.75, 0.75) > 150
    keyboard.press("Control+z")
    keyboard.press("Control+Shift+z")
    assert painting.opacity(0.75, 0.75) > 150
    assert painting.plan == BOXES.to_dict()


def test_escape_breaks_a_stroke_off_and_then_the_painting(painting):
    painting.start()
    box = painting.layer.bounding_box()
    mouse = painting.page.mouse
    mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.7 * box["height"])
    mouse.down()
    assert painting.opacity(0.7, 0.7) > 150
    painting.page.keyboard.press("Escape")
    assert painting.opacity(0.7, 0.7) == 0
    mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.9 * box["height"])
    mouse.up()
    assert painting.opacity(0.9, 0.9) == 0
    assert painting.layer.is_visible()
    painting.page.keyboard.press("Escape")
    assert painting.layer.count() == 0


def test_a_mask_is_painted_by_keyboard(painting):
    """Arrows move the brush from the region's middle, Space paints while it is down."""
    painting.start()
    painting.slide("size", 6)
    painting.layer.focus()
    keyboard = painting.page.keyboard
    for _ in range(3):
        keyboard.press("Shift+ArrowRight")
    keyboard.down("Space")
    keyboard.press("Shift+ArrowDown")
    keyboard.press("ArrowDown")
    keyboard.up("Space")
    keyboard.press("Shift+ArrowDown")
    x, top = 0.25 + 3 / 8, 0.25
    assert painting.opacity(x, top) > 150
    assert painting.opacity(x, top + 9 / 64) > 150
    assert painting.opacity(x, top + 16 / 64) == 0
    assert painting.opacity(x - 1 / 8, top) == 0 or x - 1 / 8 <= 0.5


def test_keys_in_the_mask_do_nothing_to_the_regions(painting):
    """The canvas below has keys of its own for the region that is selected."""
    painting.start()
    for key in ("Delete", "ArrowLeft", "Control+d", "Backspace", "Tab"):
        painting.layer.focus()
        painting.page.keyboard.press(key)
    assert painting.plan == BOXES.to_dict()


def test_the_brush_changes_by_bracket_and_wheel(painting):
    painting.start()
    size = painting.button("size")
    before = int(size.input_value())
    painting.page.keyboard.press("]")
    larger = int(size.input_value())
    painting.page.keyboard.press("[")
    assert larger > before == int(size.input_value())
    painting.layer.hover()
    scroll = painting.page.evaluate("scrollY")
    painting.page.mouse.wheel(0, -100)
    painting.page.wait_for_function(
        "before => document.querySelector('.rpg_txt2img .rpg_mask_size').valueAsNumber > before", arg=before
    )
    for _ in range(40):
        painting.page.keyboard.press("[")
    assert size.input_value() == "1"
    assert painting.page.evaluate("scrollY") == scroll


def test_the_toolbar_is_one_stop_and_arrows_go_through_it(painting):
    painting.start()
    painting.button("brush").focus()
    keyboard = painting.page.keyboard
    names = []
    for key in ("ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home"):
        keyboard.press(key)
        names.append(painting.page.evaluate("document.activeElement.textContent"))
    assert names == ["Eraser", "Cancel", "Brush", "Cancel", "Brush"]
    stops = painting.page.locator(".rpg_txt2img .rpg_mask_tools button[tabindex='0']")
    assert stops.all_inner_texts() == ["Brush"]
    painting.press("lasso")
    pressed = painting.page.locator(".rpg_txt2img .rpg_mask_tools [aria-pressed=true]")
    assert pressed.all_inner_texts() == ["Lasso +"]
    painting.press("brush")


def test_undo_says_whether_there_is_a_step(painting):
    painting.start()
    states = lambda: [painting.button(name).get_attribute("aria-disabled") for name in ("undo", "redo")]  # noqa: E731
    assert states() == ["true", "true"]
    painting.press("invert")
    assert states() == ["false", "true"]
    painting.press("undo")
    assert states() == ["true", "false"]


def test_an_unfinished_text_is_not_painted_over(painting):
    painting.take(GRID)
    painting.tab.type("split_ratio", "1,,")
    painting.tab.says("split ratio", "error")
    painting.page.evaluate("sdWebuiRpg.panels.txt2img.select(0); sdWebuiRpg.panels.txt2img.paintMask()")
    painting.tab.says("not finished", "note")
    assert painting.layer.count() == 0
    assert painting.tab.fields["split_ratio"] == "1,,"


def test_a_mask_waits_for_a_text_that_is_typed_meanwhile(painting):
    """Neither the typed words nor the strokes are lost."""
    painting.start()
    painting.drag((0.7, 0.7), (0.8, 0.8))
    painting.tab.type("regional_prompt", "a cat BREAK a big")
    painting.press("done")
    painting.tab.says("not finished", "note")
    assert painting.layer.is_visible()
    painting.page.wait_for_function("sdWebuiRpg.panels.txt2img.isEditable")
    painting.press("done")
    assert [region["prompt"] for region in painting.plan["regions"]] == ["a cat", "a big"]
    assert painting.plan["regions"][0]["mask"]


def test_a_region_that_went_meanwhile_is_said_and_the_strokes_stay(painting):
    painting.start(BOXES, 1)
    painting.drag((0.7, 0.2), (0.8, 0.3))
    one = Plan(prompt="p", layout="boxes", split_ratio="", regions=BOXES.regions[:1])
    painting.take(one)
    painting.page.wait_for_function("sdWebuiRpg.panels.txt2img.plan.regions.length === 1")
    painting.press("done")
    painting.tab.says("not there any more", "error")
    assert painting.opacity(0.75, 0.25) > 150
    assert painting.plan == one.to_dict()


def test_a_region_that_is_moved_in_the_order_meanwhile_keeps_its_mask(painting):
    painting.start(BOXES, 0)
    painting.drag((0.7, 0.2), (0.8, 0.3))
    painting.page.evaluate(
        """const panel = sdWebuiRpg.panels.txt2img;
        panel.edit({ ...panel.plan, regions: [...panel.plan.regions].reverse() }, "", 1);"""
    )
    painting.page.wait_for_function("sdWebuiRpg.panels.txt2img.plan.regions[0].prompt === 'a dog'")
    painting.press("done")
    assert [("mask" in region, region["prompt"]) for region in painting.plan["regions"]] == [
        (False, "a dog"),
        (True, "a cat"),
    ]


def test_the_mask_stays_over_a_canvas_that_is_drawn_anew(painting):
    painting.start()
    painting.drag((0.7, 0.7), (0.8, 0.8))
    painting.page.evaluate(
        """const panel = sdWebuiRpg.panels.txt2img;
        panel.showProgress(JSON.stringify({ plan: panel.plan }));
        panel.showProgress("");"""
    )
    assert painting.layer.is_visible()
    assert painting.opacity(0.75, 0.75) > 150


def test_a_mask_that_is_no_picture_starts_anew(painting):
    """A document may come with any text, such as a PNG file that is cut off."""
    broken = base64.b64encode(png(Image.new("L", (8, 8), 255))[:40]).decode()
    plan = BOXES.to_dict()
    plan["regions"][0]["mask"] = broken
    painting.take(BOXES)
    painting.page.evaluate(
        "plan => { const panel = sdWebuiRpg.panels.txt2img; panel.edit(plan, '', 0); panel.paintMask(); }", plan
    )
    painting.layer.wait_for()
    painting.tab.says("could not be read", "note")
    assert painting.opacity(0.25, 0.25) > 150


def test_both_tabs_paint_for_themselves(painting):
    painting.start()
    page = painting.page
    page.locator("#tabs > .tab-nav > button", has_text="img2img").click()
    other = Painting(page, "img2img")
    if not page.locator("#script_img2img_rpg_split_ratio").is_visible():
        page.locator("#script_img2img_rpg_enabled .label-wrap").first.click()
    other.start(GRID, 1)
    other.press("eraser")
    other.drag((0.6, 0.1), (0.6, 0.9))
    other.give("paste", "mask.png", png(Image.new("L", (8, 8), 255)))
    other.tab.says("mask.png", "note")
    other.press("done")
    assert other.plan["regions"][1]["box"] == [0, 0, 1, 1]
    page.locator("#tabs > .tab-nav > button", has_text="txt2img").click()
    assert painting.plan == BOXES.to_dict()
    assert painting.opacity(0.75, 0.75) == 0


def test_touch_paints(browser, address: str):
    """By a finger, of which a second one does not disturb the first."""
    from tests.ui.conftest import block_the_net, open_panel

    context = browser.new_context(has_touch=True, viewport={"width": 800, "height": 1000})
    page = context.new_page()
    try:
        page.set_default_timeout(20_000)
        block_the_net(page, address)
        open_panel(page, address)
        painting = Painting(page)
        painting.start()
        box = painting.layer.bounding_box()
        session = context.new_cdp_session(page)

        def touch(kind: str, *places: tuple[float, float]) -> None:
            points = [
                {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"], "id": i}
                for i, (x, y) in enumerate(places)
            ]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        scroll = page.evaluate("scrollY")
        touch("touchStart", (0.6, 0.6))
        touch("touchMove", (0.7, 0.7))
        touch("touchStart", (0.7, 0.7), (0.6, 0.9))
        touch("touchMove", (0.7, 0.7), (0.9, 0.9))
        touch("touchMove", (0.8, 0.8), (0.9, 0.9))
        touch("touchEnd")
        assert painting.opacity(0.75, 0.75) > 150
        assert painting.opacity(0.6, 0.9) == 0
        assert page.evaluate("scrollY") == scroll
    finally:
        context.close()


# Pictures that are given


def half(size: tuple[int, int] = (512, 512), mode: str = "L") -> Image.Image:
    """White in its right half."""
    picture = Image.new(mode, size, "black")
    picture.paste("white", (size[0] // 2, 0, *size))
    return picture


def test_a_picture_becomes_the_mask(painting):
    painting.start()
    painting.upload("upload", "my mask.png", png(half()))
    painting.tab.says("The mask is from “my mask.png”.", "note")
    painting.press("done")
    region = painting.plan["regions"][0]
    assert (region["box"], "mask" in region) == ([0.5, 0, 0.5, 1], False)


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_picture_is_dropped_or_pasted(painting, event: str):
    painting.start()
    painting.give(event, "mask.png", png(half()))
    painting.tab.says("“mask.png”", "note")
    assert painting.opacity(0.75, 0.75) > 150
    assert painting.opacity(0.25, 0.25) == 0
    painting.press("undo")
    assert painting.opacity(0.25, 0.25) > 150


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (png(half((512, 256))), ["stretched"]),
        (png(half((8192, 8192), "1")), ["scaled down from 8192 × 8192"]),
        (png(half((2048, 1024)), "JPEG"), ["scaled down from 2048 × 1024", "stretched"]),
        (png(half(mode="RGB"), "WebP", lossless=True), []),
        (png(half((64, 64)), "GIF", save_all=True, append_images=[Image.new("L", (64, 64), 99)]), ["first frame"]),
        (png(half((64, 64)), "PNG", save_all=True, append_images=[Image.new("L", (64, 64), 99)]), ["first frame"]),
        (png(half((512, 512), "RGB"), "WebP", save_all=True, append_images=[Image.new("RGB", (512, 512), "red")]),
         ["first frame"]),
        (png(half((300, 300)), "BMP"), []),
    ],
    ids=["wide", "8k", "jpeg", "webp", "gif", "apng", "animated webp", "bmp"],
)  # fmt: skip
def test_a_picture_of_any_kind_and_size_is_read_and_what_was_done_is_said(
    painting, content: bytes, sentences: list[str]
):
    painting.start()
    painting.upload("upload", "mask", content)
    painting.tab.says("The mask is from", "note")
    said = painting.tab.message.inner_text()
    for word in ("stretched", "scaled down", "first frame"):
        assert (word in said) == any(word in sentence for sentence in sentences)
    assert all(sentence in said for sentence in sentences)
    assert painting.opacity(0.75, 0.75) > 150
    assert painting.opacity(0.25, 0.75) < 5


def bomb() -> bytes:
    """A PNG file of a kilobyte that says it has 60000 x 60000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 60000, 60000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))


def gif_bomb() -> bytes:
    content = bytearray(png(half((8, 8)), "GIF"))
    content[6:10] = struct.pack("<HH", 65535, 65535)
    return bytes(content)


SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9' fill='white'/></svg>"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty (0 bytes)"),
        (b"no picture at all", "no picture that this browser can read"),
        (png(half())[:200], "no picture that this browser can read"),
        (SVG, "drawing (SVG)"),
        (b"<!DOCTYPE html><html></html>", "drawing (SVG) or a page"),
        (bomb(), "too large (60000 × 60000)"),
        (gif_bomb(), "too large (65535 × 65535)"),
        (png(Image.new("L", (64, 64))), "all black"),
        (png(Image.new("RGBA", (64, 64), (255, 255, 255, 0))), "all black or transparent"),
    ],
    ids=["0 bytes", "text", "cut off", "svg", "html", "bomb", "gif bomb", "black", "transparent"],
)
def test_what_is_no_mask_is_refused_in_one_sentence_and_changes_nothing(painting, content: bytes, sentence: str):
    painting.start()
    painting.drag((0.7, 0.7), (0.8, 0.8))
    painting.upload("upload", "mask.png", content)
    painting.tab.says(sentence, "error")
    said = painting.tab.message.inner_text()
    assert said.startswith("“mask.png” is ")
    assert said.count(".") == 2  # of the name, and at the end
    assert painting.opacity(0.75, 0.75) > 150
    painting.press("undo")
    assert painting.button("undo").get_attribute("aria-disabled") == "true"


def test_a_file_name_is_text(painting):
    painting.start()
    painting.upload("upload", "<img src=x onerror=alert(1)>.png", b"")
    painting.tab.says("<img src=x", "error")


def test_a_picture_counts_by_brightness_and_opacity(painting):
    painting.start()
    picture = Image.new("RGBA", (4, 1))
    picture.putdata([(255, 255, 255, 255), (255, 255, 255, 128), (128, 128, 128, 255), (255, 0, 0, 255)])
    painting.upload("upload", "mask.png", png(picture.resize((512, 512), Image.Resampling.NEAREST)))
    painting.tab.says("mask.png", "note")
    levels = [painting.opacity((i + 0.5) / 4, 0.5) / 0.7 for i in range(4)]
    assert levels == pytest.approx([255, 128, 128, 76], abs=2)


def test_a_saved_mask_is_the_picture_that_can_be_given_again(painting, tmp_path: Path):
    painting.start()
    painting.press("eraser")
    painting.slide("softness", 80)
    painting.drag((0.1, 0.1), (0.4, 0.4))
    with painting.page.expect_download() as download:
        painting.press("download")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "mask-1.png"
    with Image.open(path) as picture:
        assert (picture.mode, picture.size) == ("L", (512, 512))
        assert picture.getpixel((20, 200)) == 255
        assert picture.getpixel((400, 400)) == picture.getpixel((128, 128)) == 0
    painting.press("done")
    made = painting.plan["regions"][0]
    painting.go_on()
    painting.press("clear")
    painting.upload("upload", path.name, path.read_bytes())
    painting.tab.says(path.name, "note")
    painting.press("done")
    assert painting.plan["regions"][0] == made


# One picture for all


def coded(*shapes: tuple[str, tuple[int, int, int, int], bool]) -> bytes:
    """Rectangles, and ellipses where that is said, by colour and corners of 512."""
    picture = Image.new("RGB", (512, 512), "white")
    draw = ImageDraw.Draw(picture)
    for colour, (left, top, right, bottom), is_round in shapes:
        place = (left, top, right - 1, bottom - 1)
        (draw.ellipse if is_round else draw.rectangle)(place, colour)
    return png(picture)


THREE = coded(
    ("red", (0, 0, 256, 256), False),
    ("teal", (256, 0, 512, 256), True),
    ("navy", (0, 256, 512, 512), False),
)


def test_one_picture_gives_all_regions_their_places_and_they_keep_their_words(painting):
    painting.start(GRID)
    painting.upload("colours", "all.png", THREE)
    painting.tab.has_regions(3)
    assert painting.layer.count() == 0
    plan = painting.plan
    assert (plan["layout"], plan["split_ratio"]) == ("boxes", "")
    places = [region["box"] for region in plan["regions"]]
    assert places == [[0, 0, 0.5, 0.5], [0.5, 0, 0.5, 0.5], [0, 0.5, 1, 0.5]]
    assert ["mask" in region for region in plan["regions"]] == [False, True, False]
    assert [region["prompt"] for region in plan["regions"]] == ["a cat", "a dog", ""]
    assert plan["regions"][0]["weight"] == 2
    round_one = tokens(plan["regions"][1]["mask"])
    assert (len(round_one), len(round_one[0])) == (32, 32)
    assert (round_one[0][0], round_one[16][16]) == (0, 255)
    painting.tab.press("undo")
    assert painting.plan == GRID.to_dict()


def pick(painting, content: bytes, name: str = "all.png") -> None:
    """Give a picture for all without painting."""
    with painting.page.expect_file_chooser() as chooser:
        painting.page.evaluate(
            """name => {
                const panel = sdWebuiRpg.panels[name];
                const root = document.querySelector(`.rpg_panel.rpg_${name}`).cloneNode(true);
                new sdWebuiRpg.Painter(root, panel).pickColours();
            }""",
            painting.name,
        )
    chooser.value.set_files({"name": name, "mimeType": "image/png", "buffer": content})


def test_regions_without_a_colour_stay_and_it_is_said(painting):
    painting.take(GRID)
    pick(painting, coded(("green", (0, 0, 512, 128), False)))
    painting.page.wait_for_function("sdWebuiRpg.panels.txt2img.plan.layout === 'boxes'")
    assert [region["box"] for region in painting.plan["regions"]] == [[0, 0, 1, 0.25], [0.5, 0, 0.5, 1]]
    assert [region["prompt"] for region in painting.plan["regions"]] == ["a cat", "a dog"]


def test_an_empty_panel_gets_its_regions_from_a_picture(painting):
    pick(painting, THREE)
    painting.tab.has_regions(3)
    assert [region["prompt"] for region in painting.plan["regions"]] == ["", "", ""]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (png(half()), "no colours"),
        (png(Image.radial_gradient("L").convert("RGB")), "not made of flat colours"),
        (bomb(), "too large"),
    ],
    ids=["0 bytes", "black and white", "gradient", "bomb"],
)
def test_a_picture_that_is_no_map_of_colours_changes_nothing(painting, content: bytes, sentence: str):
    painting.start(GRID)
    painting.drag((0.7, 0.7), (0.8, 0.8))
    painting.upload("colours", "all.png", content)
    painting.tab.says(sentence, "error")
    assert painting.opacity(0.75, 0.75) > 150
    assert painting.plan == GRID.to_dict()


# Looks


@pytest.mark.parametrize("width", [1280, 800, 360])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_toolbar_fits_and_can_be_read(painting, width: int, theme: str):
    """Nothing is cut off; every text has a contrast of 4.5:1 to what is behind it."""
    page = painting.page
    page.set_viewport_size({"width": width, "height": 1000})
    page.evaluate("theme => document.body.classList.toggle('dark', theme === 'dark')", theme)
    try:
        painting.start()
        found = page.evaluate(
            """() => {
                const bar = document.querySelector(".rpg_txt2img .rpg_mask_tools");
                const right = bar.getBoundingClientRect().right + 1;
                const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
                const ground = (element) => {
                    for (let at = element; at; at = at.parentElement) {
                        const [red, green, blue, alpha = 1] = parse(getComputedStyle(at).backgroundColor);
                        if (alpha === 1) return [red, green, blue];
                    }
                    return [255, 255, 255];
                };
                const light = (colour) => {
                    const [red, green, blue] = colour.map((level) => {
                        const share = level / 255;
                        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
                    });
                    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
                };
                const texts = [...bar.querySelectorAll("button:not([aria-disabled=true]), label span")];
                return texts.map((element) => {
                    const pair = [parse(getComputedStyle(element).color).slice(0, 3), ground(element)].map(light);
                    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
                    const { left, right: end } = element.getBoundingClientRect();
                    return [element.textContent, contrast, left >= 0 && end <= right && end <= innerWidth];
                });
            }"""
        )
        assert len(found) > 15
        assert [name for name, contrast, _ in found if contrast < 4.5] == []
        assert [name for name, _, fits in found if not fits] == []
    finally:
        page.evaluate("document.body.classList.remove('dark')")


def test_a_page_at_rest_draws_no_frames(painting):
    """Also while a mask is painted and no stroke is under way."""
    painting.start()
    frames = painting.page.evaluate(
        """() => new Promise((done) => {
            const request = window.requestAnimationFrame;
            let frames = 0;
            window.requestAnimationFrame = (draw) => {
                frames++;
                return request(draw);
            };
            setTimeout(() => {
                window.requestAnimationFrame = request;
                done(frames);
            }, 400);
        })"""
    )
    assert frames == 0
