"""The plan in the infotext reads back whole."""

import base64
import json

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.plan import Entity, Plan, Region, Source
from lib_rpg.webui import infotext
from lib_rpg.webui.args import read_args

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


@pytest.mark.parametrize("plan", [GRID, BOXES, Plan(split_ratio="1", regions=(Region("a cat"),))])
def test_what_is_left_out_reads_back_by_itself(plan):
    text = infotext.write([plan, plan])
    assert Plan.from_json(text) == plan
    assert json.loads(infotext.read_state({infotext.KEY: text})) == {"plan": plan.to_dict()}
    assert len(text) < len(plan.to_json())


def test_different_plans_are_listed_by_picture():
    assert [Plan.from_json(text) for text in infotext.write([GRID, BOXES])] == [GRID, BOXES]


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


def test_a_plan_that_finds_no_room_goes_without_its_masks_or_is_left_out():
    """A JPEG file's infotext is bounded, and the WebUI loses the picture where it is longer."""
    mask = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 30_000).decode()
    masked = Plan(layout="boxes", regions=(Region("a cat", mask=mask), Region("ä dog")))
    written = infotext.write([GRID, masked, masked], infotext.JPEG_ROOM)
    bare = Plan.from_json(written[1])
    assert [region.mask for region in bare.regions] == ["", ""]
    assert bare.source.notes == (infotext.WITHOUT_MASKS,)
    assert [region.prompt for region in bare.regions] == ["a cat", "ä dog"]
    assert written[0] == infotext.write([GRID])
    assert infotext.write([masked]) == infotext.write([masked], 10**9)
    assert infotext.write([GRID, masked], 50) is None
    long = Plan(split_ratio="1,1", regions=(Region("𝄞" * 16_000), Region("b")))
    assert infotext.write([long], infotext.JPEG_ROOM) is None
