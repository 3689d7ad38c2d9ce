"""*Prompt S/R* of X/Y/Z plots finds words in the regions' texts, too."""

from __future__ import annotations

import copy
import json
from types import SimpleNamespace

import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.plan import Entity, Plan, Region
from lib_rpg.webui.xyz.prompt_search import PromptSearch, replaced

PLAN = Plan(
    prompt="a red cup and a dog",
    split_ratio="1,1",
    regions=(Region("a red cup", name="red cup", entities=(Entity("red cup"),)), Region("a dog")),
)


def webuis_apply(p, x, xs):
    """What the WebUI's axis does, as far as it is seen from outside."""
    if xs[0] not in p.prompt and xs[0] not in p.negative_prompt:
        raise RuntimeError(f"did not find {xs[0]}")
    p.prompt = p.prompt.replace(xs[0], x)


@pytest.fixture
def axis():
    return SimpleNamespace(label="Prompt S/R", apply=webuis_apply)


@pytest.fixture
def apply(axis):
    search = PromptSearch("RPG")
    search.attach([SimpleNamespace(), SimpleNamespace(axis_options=[SimpleNamespace(label="Seed", apply=None), axis])])
    yield lambda p, *values: axis.apply(p, *values)
    search.close()
    assert axis.apply is webuis_apply


def job(*args, prompt="a red cup and a dog", negative_prompt=""):
    own = SimpleNamespace(title=lambda: "RPG", args_from=1, args_to=1 + len(args))
    other = SimpleNamespace(title=lambda: "Other", args_from=0, args_to=1)
    scripts = SimpleNamespace(alwayson_scripts=[other, own])
    values = ("red", *args, "red")
    return SimpleNamespace(prompt=prompt, negative_prompt=negative_prompt, script_args=values, scripts=scripts)


def test_words_change_in_the_prompt_and_in_the_regions(apply):
    p = job(True, json.dumps({"plan": PLAN.to_dict(), "base_prompt": "red things"}))
    cell = copy.copy(p)
    apply(cell, "green", ["red", "green"])
    first, enabled, text, last = cell.script_args
    assert (first, enabled, last, cell.prompt) == ("red", True, "red", "a green cup and a dog")
    document = json.loads(text)
    plan = Plan.from_dict(document["plan"])
    assert [region.prompt for region in plan.regions] == ["a green cup", "a dog"]
    assert (plan.prompt, plan.regions[0].name) == ("a green cup and a dog", "green cup")
    assert plan.regions[0].entities[0].phrase == "green cup" and document["base_prompt"] == "green things"
    assert "red" in p.script_args[2] and p.prompt == "a red cup and a dog"


def test_words_that_are_only_in_a_region_are_found(apply):
    p = job(True, json.dumps({"regional_prompt": "a teal cup BREAK a dog", "split_ratio": "1,1"}), prompt="two things")
    same = copy.copy(p)
    apply(same, "teal", ["teal", "navy"])
    assert same.script_args == p.script_args
    apply(p, "navy", ["teal", "navy"])
    assert json.loads(p.script_args[2])["regional_prompt"] == "a navy cup BREAK a dog" and p.prompt == "two things"


def test_the_apis_argument_is_read_as_well(apply):
    p = job({"enabled": True, "plan": PLAN.to_dict()}, prompt="x")
    apply(p, "wolf", ["dog", "wolf"])
    assert p.script_args[1]["plan"]["regions"][1]["prompt"] == "a wolf"


@pytest.mark.parametrize(
    "args", [(False, json.dumps({"plan": PLAN.to_dict()})), (True, "{broken"), (True, ""), (True, None), (), (True,)]
)
def test_words_that_are_nowhere_are_refused_by_the_webui(apply, args):
    p = job(*args, prompt="x")
    with pytest.raises(RuntimeError, match="did not find cup"):
        apply(p, "mug", ["cup", "mug"])
    assert p.script_args == ("red", *args, "red")


def test_what_has_no_such_words_stays_as_it_is():
    values = [True, json.dumps({"plan": PLAN.to_dict()}, indent=1)]
    assert replaced(values, "bird", "cat") == values
