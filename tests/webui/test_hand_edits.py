"""Planning again keeps what was typed over the plan before."""

from __future__ import annotations

from dataclasses import replace

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.keywords import split_at_keywords, without_comments
from lib_rpg.plan import ObjectBinding, Plan, Region
from lib_rpg.webui.panel.hand_edits import carry_over, merged
from lib_rpg.webui.panel.planning import replanned


def plan_of(*prompts: str, **fields) -> Plan:
    regions = tuple(Region(prompt) for prompt in prompts)
    return Plan(split_ratio=",".join("1" for _ in prompts), regions=regions, **fields)


OLD = plan_of("a red cup", "a dog")


def carried(typed: dict, new: Plan, old: Plan = OLD):
    return carry_over({"plan": old.to_dict(), **typed}, new)


@pytest.mark.parametrize(
    "old, edited, new, expected",
    [
        ("a red cup", "a big red cup, steaming", "a blue cup", "a big blue cup, steaming"),
        ("a red cup", "a red cup", "a blue cup", "a blue cup"),
        ("a cat", "a fluffy cat", "a cat", "a fluffy cat"),
        ("a cat", "a fluffy cat", "a cat, night", "a fluffy cat, night"),
        ("a cat by a door", "one cat by a door", "a cat by a green door", "one cat by a green door"),
        ("a red cup", "a (red:1.3) cup", "a blue cup", "a (red:1.3) cup"),
        ("a cat", "a big cat", "a cat sleeping", "a big cat sleeping"),
        ("a dog", "a dog with a bow", "a very old dog", "a very old dog with a bow"),
    ],
)
def test_an_edited_text_takes_what_changes_in_the_plan(old, edited, new, expected):
    assert merged(old, edited, new) == expected


def test_words_of_a_region_are_kept_and_the_others_follow_the_new_plan():
    edits = carried({"regional_prompt": "a big red cup BREAK\na dog"}, plan_of("a red cup", "a rabbit"))
    assert edits.typed == {"regional_prompt": "a big red cup BREAK\na rabbit"} and not edits.lost


def test_words_follow_their_thing_to_another_place():
    edits = carried({"regional_prompt": "a red cup BREAK an old dog"}, plan_of("a dog", "a red cup", "a cat"))
    assert edits.typed == {"regional_prompt": "an old dog BREAK\na red cup BREAK\na cat"}


def test_words_whose_region_is_gone_are_told():
    document = {"plan": OLD.to_dict(), "regional_prompt": "a red cup BREAK an old dog"}
    made, remark = replanned(document, plan_of("a red cup"))
    assert "regional_prompt" not in made
    assert remark == "The new plan has no region for 'an old dog'; Undo brings the old one back."


def test_a_region_that_was_added_by_hand_stays():
    typed = {"regional_prompt": "a red cup BREAK a dog BREAK a bird", "split_ratio": "1,1,2"}
    edits = carried(typed, plan_of("a blue cup", "a dog"))
    assert edits.typed == {"regional_prompt": "a blue cup BREAK\na dog BREAK\na bird", "split_ratio": "1,1,2"}


def test_a_ratio_and_numbers_stay_where_the_cells_do():
    typed = {"split_ratio": "2,1", "base_ratios": "0.1, 0.4"}
    assert carried(typed, plan_of("a red cup", "a cat")).typed == typed
    assert carried(typed, plan_of("a red cup", "a cat", "a dog")).typed == {}


def test_a_base_prompt_and_exclusions_that_were_typed_stay():
    old = replace(OLD, negative_prompt="trees")
    typed = {"base_prompt": "my own words", "negative_prompt": "trees, blurry ADDCOMM green BREAK cat"}
    edits = carried(typed, plan_of("a red cup", "a rabbit", negative_prompt="cars"), old)
    assert edits.typed["base_prompt"] == "my own words"
    assert edits.typed["negative_prompt"] == "cars, blurry ADDCOMM green BREAK cat"


def test_what_no_planner_gives_a_region_stays_with_it():
    binding = ObjectBinding(mode="exact")
    by_hand = {"start": 0.2, "end": 0.8, "control": (1,), "seed": 3, "binding": binding, "cfg_scale": 4.0}
    old = replace(OLD, regions=(OLD.regions[0], replace(OLD.regions[1], **by_hand)))
    dog = carried({}, plan_of("a dog", "a red cup"), old).plan.regions[0]
    assert {name: getattr(dog, name) for name in by_hand} == by_hand


def test_from_scratch_nothing_typed_stays():
    document = {"plan": OLD.to_dict(), "regional_prompt": "a big red cup BREAK a dog", "base_ratio": 0.7}
    new = plan_of("a red cup", "a cat")
    assert replanned(document, new, from_scratch=True) == ({"plan": new.to_dict(), "base_ratio": 0.7}, "")


@pytest.mark.parametrize("document", [{}, {"plan": {"split_ratio": "1,1"}, "regional_prompt": "x"}, {"plan": []}])
def test_a_document_without_a_plan_has_no_edits_to_carry(document):
    assert carry_over(document, OLD).typed == {}


def test_what_was_typed_for_the_whole_picture_before_the_first_plan_stays():
    typed = {"base_prompt": "my own words", "negative_prompt": "blurry"}
    new = replace(OLD, negative_prompt="trees")
    document = {**typed, "regional_prompt": "x BREAK y", "split_ratio": "1,2"}
    assert carry_over(document, new).typed == {**typed, "negative_prompt": "trees, blurry"}


def test_a_comment_takes_no_keyword_where_words_are_carried_over():
    made = carried({"regional_prompt": "a big red cup # tall\n BREAK a dog"}, plan_of("a blue cup", "a dog"))
    text = made.typed["regional_prompt"]
    assert split_at_keywords(without_comments(text))[0] == ["a big blue cup", "a dog"]
