"""Bad input: one sentence with HTTP 4xx, no picture, and nothing left behind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.client import Client, Drawn, HostError, alike, plan_of

GOOD = plan_of("a red circle", "a green square")
FILLED = {"regional_prompt": "a red circle BREAK a green square", "split_ratio": "1,1"}

BAD: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    # name: the extension's argument, changes of the request, a word of the sentence
    "unknown key": ({"plan": GOOD, "strength": 1}, {}, "strength"),
    "unknown key of the plan": ({"plan": {**GOOD, "colour": "red"}}, {}, "colour"),
    "unknown key of a region": ({"plan": plan_of({"prompt": "a cat", "mask": 1}, "a dog")}, {}, "mask"),
    "newer plan": ({"plan": {**GOOD, "version": 2}}, {}, "version"),
    "plan that is no plan": ({"plan": "1,1"}, {}, "plan"),
    "empty number in the ratio": ({**FILLED, "split_ratio": "1,,1"}, {}, "1,,1"),
    "negative ratio": ({**FILLED, "split_ratio": "1,-1"}, {}, "-1"),
    "zero in the ratio": ({**FILLED, "split_ratio": "1,0"}, {}, "0"),
    "words for a ratio": ({**FILLED, "split_ratio": "left,right"}, {}, "left"),
    "endless ratio": ({**FILLED, "split_ratio": "1,inf"}, {}, "inf"),
    "more prompts than cells": ({**FILLED, "split_ratio": "1"}, {}, "2"),
    "more cells than prompts": ({**FILLED, "split_ratio": "1,1,1"}, {}, "3"),
    "base ratio above one": ({"plan": {**GOOD, "base_ratio": 1.5}}, {}, "base_ratio"),
    "base ratio of text": ({**FILLED, "base_ratio": "much"}, {}, "base_ratio"),
    "box outside": (
        {"plan": plan_of({"prompt": "a", "box": [0.5, 0, 0.8, 1]}, layout="boxes", split_ratio="")},
        {},
        "regions[0].box",
    ),
    "unknown planner": ({"planner": "oracle"}, {}, "oracle"),
    "nothing to plan": ({"planner": "offline"}, {"prompt": " "}, "prompt"),
    "planner that a setting names by number": ({}, {"override_settings": {"rpg_planner": 5}}, "rpg_planner"),
    "recaption that a setting gives as a list": ({}, {"override_settings": {"rpg_recaption": [1]}}, "rpg_recaption"),
    "method that a setting gives as null": ({}, {"override_settings": {"rpg_method": None}}, "rpg_method"),
    "language of half a character": ({"planner": "offline", "language": "\ud800"}, {}, "language"),
    "language that a setting gives so": ({}, {"override_settings": {"rpg_language": "\ud800"}}, "rpg_language"),
    "base ratio of 400 digits": ({**FILLED, "base_ratio": 10**400}, {}, "base_ratio"),
    "plan's base ratio of 400 digits": ({"plan": {**GOOD, "base_ratio": 10**400}}, {}, "base_ratio"),
    "ratios of 400 digits": ({**FILLED, "base_ratios": [10**400, 0.2]}, {}, "base_ratios"),
    "ratios that are no list": ({**FILLED, "base_ratios": {"a": 1}}, {}, "base_ratios"),
    "feather of 400 digits": ({**FILLED, "feather": -(10**400)}, {}, "feather"),
    "enabled that is no boolean": ({"enabled": "yes", "plan": GOOD}, {}, "enabled"),
}


def refusal(host: Client, rpg: dict[str, Any], **changes: Any) -> str:
    """The sentence with which a generation is refused."""
    with pytest.raises(HostError) as caught:
        host.regional(rpg, **changes)
    assert 400 <= caught.value.status < 500, caught.value
    return caught.value.sentence


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_in_one_sentence(host: Client, name: str) -> None:
    rpg, changes, word = BAD[name]
    sentence = refusal(host, rpg, **changes)
    assert word in sentence
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    assert 10 < len(sentence) < 400


def test_an_unsupported_model_is_refused(host: Client) -> None:
    if host.name == "forge":
        pytest.skip("this host has no UNets that replace a checkpoint's")
    assert "replaced UNet 'RPG test unit'" in refusal(host, {"plan": GOOD}, faults={"replaced_unet": True})


@pytest.mark.parametrize("name", ["unknown key", "words for a ratio", "enabled that is no boolean"])
def test_a_refusal_leaves_nothing_behind(host: Client, fresh: dict[str, Drawn], name: str) -> None:
    rpg, changes, _ = BAD[name]
    expected = host.regional({"plan": GOOD})
    refusal(host, rpg, **changes)
    assert (host.plain().pixels == fresh["Euler"].pixels).all()
    assert alike(host.regional({"plan": GOOD}).pixels, expected.pixels)


def test_settings_let_a_refused_generation_go_on_plain(host: Client, fresh: dict[str, Drawn]) -> None:
    rpg, changes, _ = BAD["words for a ratio"]
    drawn = host.regional(rpg, **changes, override_settings={"rpg_on_error": "go on without regions"})
    assert (drawn.pixels == fresh["Euler"].pixels).all()
    assert "RPG plan" not in drawn.infotexts[0]


def test_bad_input_of_a_disabled_panel_matters_to_nobody(host: Client, fresh: dict[str, Drawn]) -> None:
    request_args = {"enabled": False, **BAD["words for a ratio"][0]}
    assert (host.regional(request_args).pixels == fresh["Euler"].pixels).all()
