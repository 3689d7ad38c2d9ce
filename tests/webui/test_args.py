"""The request of one generation: every face of it, and every malformed one in a sentence."""

import json
import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.plan import Entity, Plan, Region, Source
from lib_rpg.planner import PlanRequest
from lib_rpg.webui.args import RunArgs, read_args
from lib_rpg.webui.document import text_fields
from lib_rpg.webui.options import Defaults
from tests.examples import examples

PLAN = Plan(
    prompt="a cat and a dog",
    base_prompt="a cat and a dog",
    base_ratio=0.25,
    split_ratio="1,1",
    regions=(
        Region("a cat", name="cat", entities=(Entity("cat"),)),
        Region("a dog", name="dog", entities=(Entity("dog"),)),
    ),
    source=Source(planner="offline", notes=("note",)),
)


def document(**keys) -> dict:
    return {"plan": PLAN.to_dict(), **keys}


@pytest.mark.parametrize("values", [(), (None, ""), (False, "rubbish"), (False, None), ({"enabled": False},)])
def test_off_is_off_whatever_else_was_sent(values):
    assert read_args(values) == RunArgs()


def test_a_plan_in_one_dict():
    args = read_args(({"enabled": True, "plan": PLAN.to_dict()}, ""))
    assert args.enabled
    assert args.plan == PLAN
    assert read_args((document(),)) == args
    assert read_args((True, json.dumps(document()))) == args


def test_a_regional_prompt_and_ratio():
    sent = {"regional_prompt": "two pets ADDBASE a cat BREAK a dog", "split_ratio": "1,2", "base_ratio": 0.5}
    plan = read_args((sent,)).plan_for("ignored", 512, 512)
    assert [r.prompt for r in plan.regions] == ["a cat", "a dog"]
    assert plan.base_prompt == "two pets"
    assert plan.base_ratio == 0.5
    assert plan.regions[0].box == pytest.approx((0, 0, 1 / 3, 1))


def test_a_plan_without_base_prompt_keeps_it_blank_and_follows_the_tab():
    sent = {"regional_prompt": "a cat BREAK a dog", "split_ratio": "1,1"}
    assert read_args((sent,)).plan_for("the tab's prompt", 512, 512).base_prompt == ""


def test_nothing_planned_means_plan_on_the_way():
    args = read_args((True, ""))
    assert args.plan is None
    plan = args.plan_for("a red circle on the left and a blue square on the right", 512, 512)
    assert plan.source.planner == "offline"
    assert len(plan.regions) == 2
    own = read_args(({"planner": "offline", "prompt": "a cat above a dog", "base_ratio": 0.9},))
    assert own.plan_for("something else", 512, 512).base_ratio == 0.9
    assert own.plan_for("something else", 512, 512).prompt == "a cat above a dog"


def test_untouched_fields_leave_the_plan_whole():
    assert read_args((True, json.dumps(document(**text_fields(PLAN))))).plan == PLAN


def test_an_edited_field_wins_and_the_rest_of_the_plan_stays():
    fields = {**text_fields(PLAN), "regional_prompt": "a cat BREAK a fox", "base_ratio": 0.1}
    plan = read_args((True, json.dumps(document(**fields)))).plan
    assert plan.regions[0] == PLAN.regions[0]
    assert plan.regions[1].prompt == "a fox"
    assert plan.regions[1].entities == ()
    assert plan.base_ratio == 0.1
    assert plan.source == PLAN.source


def test_other_words_leave_the_boxes_of_objects():
    placed = Entity("cat", box=(0.1, 0.1, 0.2, 0.2), seed=3)
    plan = replace(PLAN, regions=(replace(PLAN.regions[0], entities=(Entity("rug"), placed)), PLAN.regions[1]))
    typed = {"plan": plan.to_dict(), "regional_prompt": "a lynx BREAK a dog"}
    assert read_args((True, json.dumps(typed))).plan.regions[0].entities == (placed,)


def test_another_ratio_moves_the_boxes():
    plan = read_args((document(split_ratio="3,1"),)).plan
    assert plan.regions[0].box == pytest.approx((0, 0, 0.75, 1))
    assert [r.prompt for r in plan.regions] == ["a cat", "a dog"]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (({"enabled": True, "plann": {}},), "did you mean 'plan'"),
        (({"xyzzy": 1},), "it takes enabled, recaption, rows_first, plan"),
        (({"enabled": 1},), "enabled must be true or false"),
        (({"plan": []},), "plan"),
        (({"plan": {"version": 99}},), "99"),
        (({"regional_prompt": 3, "split_ratio": "1"},), "regional_prompt must be a text"),
        (({"regional_prompt": "a BREAK b", "split_ratio": "1,,1"},), "1,,1"),
        (({"regional_prompt": "a BREAK b BREAK c", "split_ratio": "1,1"},), "3"),
        (({"regional_prompt": "a BREAK  BREAK c", "split_ratio": "1,1,1,1"},), "empty"),
        (({"regional_prompt": "a BREAK b"},), "ratio"),
        (({"base_ratio": "much", "planner": "offline"},), "base_ratio must be a number"),
        (({"base_ratio": True, "planner": "offline"},), "base_ratio must be a number"),
        (({"planner": "nobody"},), "no planner 'nobody'"),
        (({"base_prompt": "b", "regional_prompt": "x ADDBASE a BREAK b", "split_ratio": "1,1"},), "twice"),
        ((True, "{"), "not JSON"),
        ((True, "[]"), "must be a JSON object"),
        ((True, 7), "not JSON text"),
        ((7, ""), "must be a dict or true/false"),
    ],
)
def test_malformed_requests_are_refused_in_one_sentence(values, says):
    with pytest.raises(RpgError) as caught:
        read_args(values)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_empty_prompt_cannot_be_planned():
    with pytest.raises(RpgError, match="nothing to plan"):
        read_args((True, "")).plan_for("  ", 512, 512)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(string.printable, max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = ["enabled", "plan", "planner", "prompt", "regional_prompt", "split_ratio", "base_prompt", "base_ratio"]


@given(st.dictionaries(st.sampled_from(KEYS), json_values, max_size=6), st.booleans())
@settings(max_examples=examples(1000))
def test_random_requests_never_raise_anything_else(sent, as_text):
    try:
        values = (True, json.dumps(sent)) if as_text else (sent, "")
        args = read_args(values)
        if args.enabled:
            args.plan_for("a cat", 512, 512)
    except RpgError as error:
        assert str(error)


BOXES = Plan(
    layout="boxes",
    regions=(
        Region("a cat", name="cat", box=(0.1, 0.1, 0.3, 0.3)),
        Region("a dog", name="dog", box=(0.5, 0.5, 0.4, 0.4)),
    ),
)


def test_text_of_free_boxes_keeps_their_places():
    plan = read_args(({"plan": BOXES.to_dict(), "regional_prompt": "a cat BREAK a red dog", "base_ratio": 0.5},)).plan
    assert (plan.layout, plan.split_ratio, plan.base_ratio) == ("boxes", "", 0.5)
    assert [(r.prompt, r.name, r.box) for r in plan.regions] == [
        ("a cat", "cat", (0.1, 0.1, 0.3, 0.3)),
        ("a red dog", "", (0.5, 0.5, 0.4, 0.4)),
    ]
    assert read_args((True, json.dumps({"plan": BOXES.to_dict(), **text_fields(BOXES)}))).plan == BOXES
    with pytest.raises(RpgError, match="has 3 parts for 2 boxes: take 1 part away, or add 1 box"):
        read_args(({"plan": BOXES.to_dict(), "regional_prompt": "a BREAK b BREAK c"},))
    grid = read_args(({"plan": BOXES.to_dict(), "split_ratio": "1,1"},)).plan
    assert (grid.layout, grid.regions[1].box) == ("grid", (0.5, 0.0, 0.5, 1.0))


def test_how_to_plan_comes_from_the_request_or_from_settings():
    defaults = Defaults("openai", {"method": "rag", "recaption": False, "language": "", "dialect": "tags"})
    sent = {"prompt": "x", "method": "lmd", "recaption": True, "examples": "scene", "language": "", "dialect": "auto"}
    args = read_args((sent,), defaults)
    assert args.planner == "openai"
    assert args.request("y", 512, 768) == PlanRequest("x", 512, 768, "lmd", "scene", True)
    assert read_args(({},), defaults).request("y", 8, 8) == PlanRequest(
        "y", 8, 8, "rag", recaption=False, dialect="tags"
    )


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"method": "grid"}, "RPG: method: 'grid' is not known; use one of rpg, rag, lmd"),
        ({"dialect": "prose"}, "RPG: dialect: 'prose' is not known; use one of auto, tags, sentences"),
        ({"recaption": "no"}, 'RPG: recaption must be true or false, not "no"'),
        ({"examples": 3}, "RPG: examples must be a text, not a number"),
        ({"planner": "gpt"}, "RPG: there is no planner 'gpt', use one of offline, openai, local, paste"),
        ({"base_url": "http://x"}, "RPG: unknown key 'base_url'"),
        ({"key": "sk-1"}, "RPG: unknown key 'key'"),
    ],
)
def test_a_malformed_way_to_plan_is_refused(sent, sentence):
    with pytest.raises(RpgError) as caught:
        read_args((sent,))
    assert str(caught.value).startswith(sentence)


def _plan_of(**given):
    return read_args(({"regional_prompt": "a girl BREAK a dog", "split_ratio": "1,1", **given},)).plan


def test_base_ratios_are_numbers_for_each_region_or_automatic():
    for ratios in ([0.1, 0.5], "0.1, 0.5"):
        assert [region.base_ratio for region in _plan_of(base_ratios=ratios).regions] == [0.1, 0.5]
    assert [region.base_ratio for region in _plan_of(base_ratios="auto").regions] == [0.2, 0.2]
    same = _plan_of(base_ratios="auto", regional_prompt="a girl in red BREAK a girl in orange")
    assert [region.base_ratio for region in same.regions] == [0.4, 0.4]
    assert [region.base_ratio for region in _plan_of(base_ratios="").regions] == [None, None]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"base_ratios": "0.1"}, "1 numbers for 2 regions"),
        ({"base_ratios": "much"}, "base_ratios must be 'auto'"),
        ({"base_ratios": [0.1, 7]}, "base_ratio: 7 is not from 0 to 1"),
        ({"feather": "wide"}, "feather must be a number"),
        ({"feather": 0.9}, "feather: 0.9 is more than 0.5"),
        ({"lora": "both"}, "give one of text, unet, shared"),
        ({"rows_first": "yes"}, "rows_first must be true or false"),
        ({"negative_prompt": "a BREAK b BREAK c"}, "negative prompt"),
    ],
)
def test_malformed_settings_of_regions_are_refused(given, says):
    with pytest.raises(RpgError, match=says):
        _plan_of(**given)


def test_settings_of_regions_go_over_a_given_plan_and_over_one_that_is_made_on_the_way():
    given = {"feather": 0.1, "lora": "unet", "negative_prompt": "x ADDCOMM y BREAK", "base_ratios": [0.1, 0.2]}
    plan = _plan_of().to_dict()
    direct = read_args(({"plan": plan, **given},)).plan
    made = read_args(({"planner": "offline", **given},)).plan_for("a girl and a dog", 512, 512)
    for result in (direct, made):
        assert (result.feather, result.lora, result.negative_prompt) == (0.1, "unet", "x")
        assert [(r.base_ratio, r.negative_prompt) for r in result.regions] == [(0.1, "y"), (0.2, "")]


def test_rows_first_over_a_given_plan():
    turned = read_args(({"plan": _plan_of().to_dict(), "rows_first": True},)).plan
    assert [region.box for region in turned.regions] == [(0, 0, 1, 0.5), (0, 0.5, 1, 0.5)]


def test_text_over_a_plan_keeps_the_regions_other_settings():
    plan = _plan_of().to_dict()
    plan["regions"][1].update(weight=2.0, start=0.2, end=0.8, base_ratio=0.7)
    typed = read_args(({"plan": {**plan, "feather": 0.2}, "regional_prompt": "a girl BREAK a cat"},)).plan
    assert typed.regions[1].prompt == "a cat"
    assert (typed.regions[1].weight, typed.regions[1].start, typed.regions[1].end) == (2, 0.2, 0.8)
    assert (typed.regions[1].base_ratio, typed.feather) == (0.7, 0.2)
    assert read_args(({"plan": plan, "base_ratios": " "},)).plan.regions[1].base_ratio is None


@pytest.mark.parametrize(
    ("given", "numbers", "note"),
    [
        ("０．２，０．４", [0.2, 0.4], "base_ratios: '０．２，０．４' is read as '0.2, 0.4'"),
        ("0,2, 0,4", [0.2, 0.4], "guess: base_ratios: '0,2, 0,4' is read as '0.2, 0.4'"),
        ("0,2; 0,4", [0.2, 0.4], "base_ratios: '0,2; 0,4' is read as '0.2, 0.4'"),
    ],
)
def test_pasted_numbers_of_regions_are_read_with_a_note(given, numbers, note):
    for plan in (_plan_of(base_ratios=given), read_args(({"plan": _plan_of().to_dict(), "base_ratios": given},)).plan):
        assert [region.base_ratio for region in plan.regions] == numbers
        assert plan.source.notes[-1].startswith(note)


def test_what_is_mended_in_typed_text_is_noted_in_a_plan_that_is_kept():
    for before in (PLAN, BOXES):
        document = {"plan": before.to_dict(), "regional_prompt": "a cat, BREAK, a fox", "negative_prompt": "x_BREAK_y"}
        plan = read_args((document,)).plan
        assert [region.prompt for region in plan.regions] == ["a cat", "a fox"]
        assert plan.source.notes[: len(before.source.notes)] == before.source.notes
        assert {"commas beside the keywords are left out", "'_BREAK_' is read as BREAK"} <= set(plan.source.notes)
    guessed = read_args(({"plan": BOXES.to_dict(), "regional_prompt": "a cat\na fox"},)).plan
    assert [region.prompt for region in guessed.regions] == ["a cat", "a fox"]
    laid = read_args(({"plan": PLAN.to_dict(), "negative_prompt": "(x BREAK y:1.2)"},)).plan
    assert laid.source.notes[-1] == "the emphasis of '(x BREAK y:1.2)' is given to each of its parts"


def test_texts_that_nobody_edited_keep_the_regions_and_the_base_prompt():
    regions = (Region("a cat :(,", name="cat", entities=(Entity("cat"),)), Region("(a dog", name="dog"))
    before = Plan(base_prompt="(pets,", split_ratio="1,1", regions=regions)
    fields = text_fields(before)
    plan = read_args(({"plan": before.to_dict(), **fields},)).plan
    assert (plan.regions, plan.base_prompt) == (before.regions, before.base_prompt)
