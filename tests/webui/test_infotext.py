"""The plan in the infotext reads back whole."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from lib_rpg.errors import RpgError
from lib_rpg.layout.mask import compact, read_mask
from lib_rpg.plan import Entity, Plan, Region, Source
from lib_rpg.webui import infotext
from lib_rpg.webui.args import read_args

ROOM, GRID_SIZE = infotext.MAX_UNITS, (64, 64)
GRID = Plan(
    prompt="typed, with: colons",
    base_prompt='two pets, "quoted"',
    base_ratio=0.25,
    split_ratio="1,2",
    regions=(
        Region("a cat", entities=(Entity("cat", 2),), weight=2.0),
        Region("a dog", name="dog", base_ratio=0.0, control=(0, 2)),
    ),
    source=Source("offline", notes=("what was guessed",)),
)
BOXES = Plan(layout="boxes", regions=(Region("a cat", box=(0.1, 0.2, 0.3, 0.4), negative_prompt="fur"),))


def written(plan):
    """The infotext's text of a plan alone."""
    return infotext.write([plan], ROOM, GRID_SIZE)[0]


@pytest.mark.parametrize("plan", [GRID, BOXES, Plan(split_ratio="1", regions=(Region("a cat"),))])
def test_what_is_left_out_reads_back_by_itself(plan):
    text, again = infotext.write([plan, plan], ROOM, GRID_SIZE)
    assert text == again
    assert Plan.from_json(text) == plan
    assert json.loads(infotext.read_state({infotext.KEY: text})) == {"plan": plan.to_dict()}
    assert len(text) < len(plan.to_json())


def test_different_plans_are_listed_by_picture():
    assert [Plan.from_json(text) for text in infotext.write([GRID, BOXES], ROOM, GRID_SIZE)] == [GRID, BOXES]


def test_pictures_without_a_readable_plan_switch_rpg_off():
    assert not infotext.read_enabled({"Steps": "20"})
    assert infotext.read_state({"Steps": "20"}) == ""


@pytest.mark.parametrize(
    "text", ["", "x", "{", "[]", '{"version": 2}', "[" * 100_000, '{"base_ratio": 1e999}', "9" * 9999]
)
def test_a_plan_that_cannot_be_read_leaves_rpg_off_and_says_why(text):
    params = {infotext.KEY: text}
    assert not infotext.read_enabled(params)
    state = infotext.read_state(params)
    reason = json.loads(state)["unread"]
    assert reason.startswith("the regions in the infotext were not read: ") and len(reason) < 300
    # Nothing is planned in its place, with whosever key: switched on by hand it says the same.
    with pytest.raises(RpgError, match="the regions in the infotext were not read"):
        read_args((True, state))
    assert not read_args((False, state)).enabled


def soft_mask(side, seed=0):
    """A mask of that many pixels a side that hardly compresses: a blob with noise, as a hand and a brush make them."""
    y, x = np.mgrid[:side, :side] / side - 0.5
    noise = np.random.default_rng(seed).integers(0, 40, (side, side))
    levels = np.clip(255 - 700 * (x**2 + y**2) - noise, 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def masked(*masks):
    return Plan(layout="boxes", regions=tuple(Region(f"thing {i}", mask=mask) for i, mask in enumerate(masks)))


def test_large_masks_are_stored_on_the_finest_grid_that_matters():
    plan = masked(soft_mask(512), soft_mask(512, 1))
    assert len(plan.to_json()) > 200_000
    text = written(plan)
    assert len(text) < ROOM and infotext.is_whole(text)
    read = Plan.from_json(text)
    assert read.source.notes == ()
    for region, before in zip(read.regions, plan.regions, strict=True):
        stored, drawn = read_mask(region.mask).float(), read_mask(before.mask).float()
        assert stored.shape == (64, 64)
        means = drawn.view(64, 8, 64, 8).mean((1, 3))
        assert (stored - means).abs().max() <= 1  # Pillow rounds once for rows, once for columns


def test_a_small_mask_stays_as_it_is():
    plan = masked(soft_mask(48))
    assert Plan.from_json(written(plan)) == plan


def test_a_mask_that_would_vanish_on_the_grid_stays():
    levels = np.zeros((512, 512), np.uint8)
    levels[7, 7] = 1
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG", compress_level=0)
    text = base64.b64encode(file.getvalue()).decode()
    assert compact(text, 64, 64) == text


def test_a_plan_that_finds_no_room_goes_without_its_masks_or_is_left_out():
    """EXIF is bounded, and the WebUI loses the picture where it is longer."""
    plan = masked(*(soft_mask(128, seed) for seed in range(12)))
    texts = infotext.write([GRID, plan, plan], ROOM, (128, 128))
    bare = Plan.from_json(texts[1])
    assert [region.mask for region in bare.regions] == [""] * 12
    assert bare.source.notes == (infotext.WITHOUT_MASKS,)
    assert [region.prompt for region in bare.regions] == [region.prompt for region in plan.regions]
    assert [infotext.is_whole(text) for text in texts] == [True, False, False]
    assert texts[0] == written(GRID)
    assert infotext.write([GRID, plan], 50, GRID_SIZE) == [None, None]
    long = Plan(split_ratio="1,1", regions=(Region("𝄞" * 16_000), Region("b")))
    assert written(long) is None and not infotext.is_whole(None)


def test_styles_that_the_webui_has_taken_out_of_the_prompts_leave_the_plan_too():
    plan = Plan(prompt="a cat, ink", base_prompt="two pets, ink", split_ratio="1", regions=(Region("a cat"),))
    params = {infotext.KEY: written(plan), "Styles array": ["Ink"]}

    def unstyled(text, given):
        return text.removesuffix(", ink") if given is params else text

    read = json.loads(infotext.read_state(params, unstyled))["plan"]
    assert (read["prompt"], read["base_prompt"]) == ("a cat", "two pets")


def test_a_paste_field_is_read_on_paste_and_compared_as_a_name():
    field = infotext.PasteName("RPG state", infotext.read_state)
    assert field in ["Prompt", "RPG state"] and callable(field)
    assert field({}) == ""


RP = {
    "Prompt": "two things ADDBASE a red circle BREAK a blue square",
    "Negative prompt": "blurry",
    "Hires prompt": "a red circle BREAK a blue square",
    "RP Active": "True",
    "RP Divide mode": "Matrix",
    "RP Matrix submode": "Columns",
    "RP Ratios": "1,2",
    "RP Base Ratios": "0.2",
    "RP Use Base": "True",
    "RP Use Common": "False",
    "RP Use Ncommon": "False",
}


def test_a_picture_of_another_tool_comes_into_the_panel():
    params = dict(RP)
    infotext.take_over(params, ["RPG", "ControlNet"])
    assert infotext.read_enabled(params)
    plan = Plan.from_dict(json.loads(infotext.read_state(params))["plan"])
    assert plan.split_ratio == "1,2" and [region.prompt for region in plan.regions] == ["a red circle", "a blue square"]
    assert "BREAK" not in params["Prompt"] + params["Hires prompt"]


def test_a_tool_that_is_installed_draws_its_picture_itself():
    params = dict(RP)
    infotext.take_over(params, ["Regional Prompter", "RPG"])
    assert not infotext.read_enabled(params)
    assert json.loads(infotext.read_state(params))["plan"]["split_ratio"] == "1,2"
    assert {key: params[key] for key in RP} == RP


def test_another_tools_layout_that_cannot_be_told_is_said():
    params = {**RP, "RP Divide mode": "Mask"}
    infotext.take_over(params, [])
    assert not infotext.read_enabled(params)
    assert "Regional Prompter" in json.loads(infotext.read_state(params))["unread"]


def test_our_own_plan_comes_before_another_tools():
    params = {**RP, infotext.KEY: written(GRID)}
    infotext.take_over(params, [])
    assert json.loads(infotext.read_state(params))["plan"] == GRID.to_dict()
