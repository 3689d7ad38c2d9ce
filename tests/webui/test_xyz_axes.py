"""Our axes of X/Y/Z plots: what each value does to its cell, and which plots are refused before the first picture."""

from __future__ import annotations

import copy
import csv
import itertools
import json
import re
from types import SimpleNamespace

import pytest
from fastapi import HTTPException

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.plan import Entity, Plan, Region
from lib_rpg.planner import PlannerConfig
from lib_rpg.presets import LMD_PRESETS, Preset, PresetStore
from lib_rpg.webui import own_plans, settings
from lib_rpg.webui.args import read_args
from lib_rpg.webui.host import host
from lib_rpg.webui.options import AXES
from lib_rpg.webui.xyz import Axes, PromptSearch, planner_of
from lib_rpg.webui.xyz.values import comma_list, list_of_regions, number_list, ratio_list
from tests.contract.model_server import ModelServer, completion

PROMPT = "a red cup left of a dog"
PLAN = Plan(
    prompt=PROMPT,
    base_prompt="a table",
    split_ratio="1,1",
    regions=(Region("a red cup", name="red cup", base_ratio=0.1, entities=(Entity("red cup"),)), Region("a dog")),
)
BOXES = Plan(
    prompt=PROMPT,
    layout="boxes",
    regions=(
        Region("a red cup", box=(0, 0, 0.4, 1), entities=(Entity("red cup", box=(0.1, 0.1, 0.2, 0.2)),)),
        Region("a dog", box=(0.5, 0, 0.5, 1)),
    ),
)
STATE = {"plan": PLAN.to_dict()}
TYPED = {"regional_prompt": "a red cup BREAK a dog", "split_ratio": "1,1", "base_prompt": "a table", "base_ratio": 0.2}
ANSWER = json.dumps(
    {"base_prompt": "", "rows": [{"height": 1, "cells": [{"width": 1, "prompt": "a"}, {"width": 2, "prompt": "b"}]}]}
)


class AxisOption:
    """The WebUI's, as far as a plot sees it."""

    def __init__(self, label, type, apply, format_value=None, confirm=None, cost=0.0, choices=None, prepare=None):
        self.label, self.type, self.apply, self.format_value = label, type, apply, format_value
        self.confirm, self.cost, self.choices, self.prepare = confirm, cost, choices, prepare


class AxisOptionTxt2Img(AxisOption):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_img2img = False


def webuis_search(p, x, xs):
    if xs[0] not in p.prompt and xs[0] not in p.negative_prompt:
        raise RuntimeError(f"did not find {xs[0]}")
    p.prompt = p.prompt.replace(xs[0], x)


class WebuisPlot:
    """The WebUI's script: reads the values of its axes, confirms them, and draws a cell for each combination."""

    def __init__(self, store):
        own = [AxisOption("Nothing", str, None), AxisOption("Prompt S/R", str, webuis_search)]
        own.append(AxisOption("Seed", str, lambda p, x, xs: setattr(p, "seed", int(x))))
        self.module = SimpleNamespace(
            axis_options=own, AxisOption=AxisOption, AxisOptionTxt2Img=AxisOptionTxt2Img, __name__="xyz_grid"
        )
        self.axes, self.search = Axes("RPG", store), PromptSearch("RPG")
        self.axes.attach([SimpleNamespace(), self.module])
        self.search.attach([self.module])

    def option(self, name):
        found = [each for each in self.module.axis_options if each.label in (name, f"[RPG] {name}")]
        assert len(found) == 1, name
        return found[0]

    def cells(self, p, **axes):
        """The cells' copies of ``p`` by the values of all axes: all that the WebUI does before it draws them."""
        chosen = []
        for name, typed in axes.items():
            option = self.option(name.replace("_", " "))
            split = option.prepare or (
                lambda text: [v.strip() for v in next(csv.reader([text], skipinitialspace=True))]
            )
            values = typed if isinstance(typed, list) else split(typed)
            if option.confirm:
                option.confirm(p, values)
            chosen.append((option, values))
        drawn = {}
        for values in itertools.product(*(values for _, values in chosen)):
            cell = copy.copy(p)
            for (option, all_values), value in zip(chosen, values, strict=True):
                option.apply(cell, value, all_values)
            drawn[values] = cell
        return drawn

    def plans(self, p, **axes):
        """The cells' plans by value, None for a plain cell."""
        return {values if len(axes) > 1 else values[0]: plan_of(cell) for values, cell in self.cells(p, **axes).items()}


def plan_of(cell):
    """The plan that a cell is drawn with, by its script's arguments."""
    args = read_args(cell.script_args[1:3], settings.defaults(cell))
    return args.plan_for(cell.prompt, cell.width, cell.height, planner_of(cell)) if args.enabled else None


@pytest.fixture
def plot(tmp_path):
    store = PresetStore(tmp_path / "presets")
    store.save(Preset("Three columns", Plan(split_ratio="1,1,1", regions=(Region("_"),) * 3), words=False))
    tall = (Region("a tree"), Region("a pond"))
    store.save(Preset("Tree, pond", Plan(prompt="a tree above a pond", split_ratio="1;1", regions=tall)))
    made = WebuisPlot(store)
    yield made
    made.axes.close()
    made.search.close()
    assert [each.label for each in made.module.axis_options] == ["Nothing", "Prompt S/R", "Seed"]


def job(document=STATE, enabled=True, prompt=PROMPT, **fields):
    """A generation with the panel's arguments, between those of others."""
    own = SimpleNamespace(title=lambda: "RPG", args_from=1, args_to=3)
    other = SimpleNamespace(title=lambda: "Other", args_from=0, args_to=1)
    values = ("first", enabled, json.dumps(document), "last")
    scripts = SimpleNamespace(alwayson_scripts=[other, own])
    size = {"width": 512, "height": 512}
    fields = {"prompt": prompt, "negative_prompt": "", **size, "script_args": values, "scripts": scripts, **fields}
    return SimpleNamespace(**fields)


def words(plan):
    return [region.prompt for region in plan.regions]


def ratios(plan):
    return [plan.base_ratio if region.base_ratio is None else region.base_ratio for region in plan.regions]


# The list of axes


def test_each_option_with_an_axis_has_one_with_its_label_and_cost(plot):
    ours = {each.label: each for each in plot.module.axis_options if each.label.startswith("[RPG] ")}
    assert ours.keys() >= {option.axis_label for option in AXES}
    assert all(ours[option.axis_label].cost == option.axis_cost for option in AXES)
    assert all(0 < each.cost < 1 and len(each.label) < 32 and each.type is str for each in ours.values())
    assert isinstance(ours["[RPG] Hires passes"], AxisOptionTxt2Img)


def test_the_class_of_txt2imgs_axes_is_that_of_one_in_the_list(tmp_path):
    """Classic's module has such axes, but does not name their class."""
    own = [AxisOption("Nothing", str, None), AxisOptionTxt2Img("Hires steps", int, None)]
    axes = Axes("RPG", PresetStore(tmp_path))
    axes.attach([SimpleNamespace(axis_options=own, AxisOption=AxisOption, __name__="xyz_grid")])
    of_txt2img = {each.label for each in own if isinstance(each, AxisOptionTxt2Img)}
    axes.close()
    assert of_txt2img == {"Hires steps", "[RPG] Hires passes"}


def test_a_model_is_the_costliest_and_words_cost_more_than_a_number(plot):
    order = ["Planner", "Method", "Preset", "Regional prompt S/R", "Split ratio", "Mode", "Base ratio"]
    costs = [plot.option(name).cost for name in order]
    assert costs == sorted(costs, reverse=True) and len(set(costs)) == len(costs)


def test_the_fill_button_offers_what_is_accepted(plot):
    offered = {each.label[6:]: each.choices() for each in plot.module.axis_options if each.choices}
    assert offered["Mode"] == ["plain", "regional"] and offered["Preset"] == [
        *("Three columns", "Tree, pond"),
        *(preset.name for preset in LMD_PRESETS),
    ]
    assert "offline" in offered["Planner"] and "paste" not in offered["Planner"]
    assert offered["LoRA in regions"] == ["its words", "its place", "whole picture"]
    offered["Planner"] = ["offline"]  # the others need a key or a folder
    for name, values in offered.items():
        plot.option(name).confirm(job(enable_hr=True), values)


def test_attaching_again_leaves_one_of_each(plot):
    before = [each.label for each in plot.module.axis_options]
    plot.axes.attach([plot.module])
    again = Axes("RPG")  # the script file was loaded anew, and the former one not unloaded
    again.attach([plot.module])
    assert [each.label for each in plot.module.axis_options] == before
    again.close()
    again.close()


# What a value does


def test_mode_switches_regions_off_and_on_whatever_the_checkbox_says(plot):
    for enabled in (True, False):
        assert plot.plans(job(enabled=enabled), Mode=["plain", "regional"]) == {"plain": None, "regional": PLAN}


@pytest.mark.parametrize("enabled", [True, False])
def test_an_axis_of_ours_switches_regions_on(plot, enabled):
    plans = plot.plans(job(enabled=enabled), Feather="0, 0.25")
    assert [plan.feather for plan in plans.values()] == [0.0, 0.25]


def test_a_plain_cell_stays_plain_beside_other_axes(plot):
    plans = plot.plans(job(), Base_ratio="0.1, 0.9", Mode=["regional", "plain"])
    assert [plan and ratios(plan) for plan in plans.values()] == [[0.1, 0.1], None, [0.9, 0.9], None]


def test_the_tabs_own_arguments_and_those_of_others_stay(plot):
    p = job()
    before = p.script_args
    cells = plot.cells(p, Base_ratio="0.1, 0.2")
    assert p.script_args == before and all(cell.script_args[::3] == ("first", "last") for cell in cells.values())


@pytest.mark.parametrize("document", [STATE, TYPED, {}], ids=["plan", "typed", "nothing"])
@pytest.mark.parametrize("form", ["page", "page's dict", "api"])
def test_every_form_of_the_arguments_is_changed(plot, form, document):
    p = job(document)
    if form == "api":
        p.script_args = ("first", {"enabled": False, **document}, None, "last")
    elif form == "page's dict":
        p.script_args = ("first", True, document, "last")
    for name, values in {"Base ratio": "0.6", "Base ratio of a region": "1: 0.6", "Split ratio": "3,1"}.items():
        (cell,) = plot.cells(p, **{name: values}).values()
        plan = plan_of(cell)
        assert isinstance(cell.script_args[1], dict) == (form == "api")
        assert isinstance(cell.script_args[2], dict) == (form == "page's dict")
        assert plan.split_ratio == "3,1" if name == "Split ratio" else ratios(plan)[0] == 0.6
        assert "cup" in words(plan)[0] and "dog" in words(plan)[1]


@pytest.mark.parametrize(
    ("name", "values", "field", "expected"),
    [
        ("Feather", "0-0.2 [3]", "feather", [0, 0.1, 0.2]),
        ("Feather", "0-0.4 (+0.2)", "feather", [0, 0.2, 0.4]),
        ("Hires passes", ["first only", "second"], "hires", ["first", "second"]),
        ("Rows first", ["rows of cells", "Columns of cells"], "rows_first", [False, True]),
        ("Split ratio", "1,1 | 2;1| 30%,70%", "split_ratio", ["1,1", "2;1", "30%,70%"]),
        ("Split ratio", '"1,1", "2,1"', "split_ratio", ["1,1", "2,1"]),
        ("Split ratio", "1;1", "split_ratio", ["1;1"]),
    ],
)
@pytest.mark.parametrize("document", [STATE, TYPED, {}], ids=["plan", "typed", "nothing"])
def test_fields_of_the_plan_are_set(plot, document, name, values, field, expected):
    plans = plot.plans(job(document, enable_hr=True), **{name: values})
    assert [getattr(plan, field) for plan in plans.values()] == expected
    assert all("cup" in words(plan)[0] and "dog" in words(plan)[1] for plan in plans.values())


@pytest.mark.parametrize(
    ("document", "prompt"),
    [({**TYPED, "regional_prompt": "a red cup <lora:x:1> BREAK a dog"}, PROMPT), ({}, f"{PROMPT} <lora:x:1>")],
    ids=["typed", "to be planned"],
)
def test_a_lora_in_a_region_acts_on_what_the_value_says(plot, document, prompt):
    plans = plot.plans(job(document, prompt=prompt), **{"LoRA in regions": ["its place", "shared", "TEXT"]})
    assert [plan.lora for plan in plans.values()] == ["unet", "shared", "text"]


def test_the_base_ratio_is_that_of_all_regions_also_of_those_with_their_own(plot):
    for document in (STATE, {**TYPED, "base_ratios": "0.1, 0.9"}, {**STATE, "base_ratios": "auto"}, {}):
        plans = plot.plans(job(document), Base_ratio="0, 0.5")
        assert [ratios(plan) for plan in plans.values()] == [[0, 0], [0.5, 0.5]]


def test_a_base_ratio_of_one_region_leaves_the_others(plot):
    plans = plot.plans(job(), **{"Base ratio of a region": "2: 0.4, 1=0.9"})
    assert [ratios(plan) for plan in plans.values()] == [[0.1, 0.4], [0.9, 0.3]]
    crossed = plot.plans(job(), **{"Base ratio of a region": "2: 0.4", "Base ratio": "0.2"})
    assert [ratios(plan) for plan in crossed.values()] == [[0.2, 0.4]]


def test_start_and_end_cross(plot):
    plans = plot.plans(job(), Regions_end="0.5, 1", Regions_start="0, 0.4")
    times = {(region.start, region.end) for plan in plans.values() for region in plan.regions}
    assert times == {(0.0, 0.5), (0.4, 0.5), (0.0, 1.0), (0.4, 1.0)}


def test_a_split_ratio_keeps_the_words_and_settings_of_regions(plot):
    (plan,) = plot.plans(job(), Split_ratio="3;1").values()
    assert (words(plan), ratios(plan), plan.regions[0].name) == (words(PLAN), ratios(PLAN), "red cup")
    assert plan.regions[1].box == (0, 0.75, 1, 0.25)


def test_a_split_ratio_makes_a_grid_of_free_boxes(plot):
    (plan,) = plot.plans(job({"plan": BOXES.to_dict()}), Split_ratio="1;1").values()
    assert (plan.layout, words(plan)) == ("grid", words(BOXES)) and plan.regions[0].entities[0].box is None


def test_words_are_replaced_in_regions_alone(plot):
    plans = plot.plans(job(prompt="a red cup", document={**STATE}), **{"Regional prompt S/R": "red, green, "})
    assert [words(plan)[0] for plan in plans.values()] == ["a red cup", "a green cup", "a  cup"]
    assert [plan.regions[0].name for plan in plans.values()] == ["red cup", "green cup", "cup"]
    assert {(plan.prompt, plan.base_prompt) for plan in plans.values()} == {(PROMPT, "a table")}


@pytest.mark.parametrize("document", [STATE, TYPED], ids=["plan", "typed"])
def test_a_method_plans_anew_where_a_plan_is_already(plot, document):
    plans = plot.plans(job({**document, "base_ratio": 0.8}), Method=["grid", "boxes"])
    assert [plan.layout for plan in plans.values()] == ["grid", "boxes"]
    assert {plan.base_ratio for plan in plans.values()} == {0.8}  # it outlives a plan in the panel, too
    assert {plan.source.planner for plan in plans.values()} == {"offline"}
    (by_planner,) = plot.plans(job(document), Planner=["offline"]).values()
    assert by_planner.source.planner == "offline"


def test_a_dialect_plans_anew(plot):
    tags, sentences = plot.plans(job(), Dialect=["tags", "sentences"]).values()
    assert words(tags) != words(sentences)


def test_planning_anew_takes_the_prompt_to_plan_then_the_tabs_then_the_plans(plot):
    for prompt, wanted, expected in [("a cat", "a bird", "a bird"), ("a cat", "", "a cat"), (" ", " ", PROMPT)]:
        (plan,) = plot.plans(job({**STATE, "prompt": wanted}, prompt=prompt), Planner=["offline"]).values()
        assert plan.prompt == expected


@pytest.mark.parametrize("order", [("Split ratio", "Method"), ("Method", "Split ratio")])
def test_a_planner_comes_before_a_ratio_whichever_axis_it_is_on(plot, order):
    axes = {"Split ratio": "3,1", "Method": ["boxes"]}
    (plan,) = plot.plans(job(), **{name: axes[name] for name in order}).values()
    assert (plan.split_ratio, plan.source.planner) == ("3,1", "offline")


@pytest.mark.parametrize("order", list(itertools.permutations(["Split ratio", "Prompt S/R", "Method"])))
def test_prompt_search_and_replace_crosses_with_our_axes(plot, order):
    axes = {"Split ratio": "3,1", "Prompt S/R": "red, green", "Method": ["boxes"]}
    plans = plot.plans(job(), **{name: axes[name] for name in order}).values()
    assert [(plan.split_ratio, "red" in words(plan)[0], "green" in words(plan)[0]) for plan in plans] == [
        ("3,1", True, False),
        ("3,1", False, True),
    ]


@pytest.mark.parametrize("order", list(itertools.permutations(["Preset", "Prompt S/R", "Base ratio of a region"])))
def test_prompt_search_and_replace_finds_the_words_of_a_preset(plot, order):
    axes = {"Preset": ["Tree, pond"], "Prompt S/R": "tree, bush", "Base ratio of a region": "2: 0.7"}
    plans = plot.plans(job(prompt="x"), **{name: axes[name] for name in order}).values()
    assert [(words(plan)[0], ratios(plan)[1]) for plan in plans] == [("a tree", 0.7), ("a bush", 0.7)]
    axes["Prompt S/R"] = "wolf, bush"
    with pytest.raises(RpgError, match="Prompt S/R did not find 'wolf' in the prompts or in any region"):
        plot.cells(job(prompt="x"), **{name: axes[name] for name in order})


def test_a_p_that_is_drawn_in_two_plots_has_the_axes_of_each(plot):
    p = job()
    plot.cells(p, Base_ratio="0.1")
    (plan,) = plot.plans(p, Feather="0.2").values()
    assert (plan.feather, ratios(plan)) == (0.2, ratios(PLAN))


@pytest.mark.parametrize(
    ("axes", "drawn"),
    [
        ({"Base ratio": "0.9"}, {"a wolf": 0.9}),
        ({"Base ratio of a region": "1: 0.9"}, {"a wolf": 0.9}),
        ({"Split ratio": "2"}, {"a wolf": 0.3}),
        ({"Preset": ["Tree, pond"]}, {"a tree": 0.3, "a pond": 0.3}),
        ({"Planner": ["offline"], "Base ratio": "0.8"}, {"a red cup": 0.8, "a dog": 0.8}),
    ],
    ids=str,
)
@pytest.mark.parametrize("document", [{}, {"plan": {**PLAN.to_dict(), "prompt": "a lamp above a bed"}}])
def test_the_own_plan_of_img2imgs_picture_is_changed_and_hides_no_axis(plot, monkeypatch, axes, drawn, document):
    own = Plan(prompt=PROMPT, split_ratio="1", regions=(Region("a wolf"),))
    monkeypatch.setattr(type(host), "infotext_of", lambda *_: {"Prompt": PROMPT, "RPG plan": own.to_json()})
    (cell,) = plot.cells(job(document, init_images=["picture"]), **axes).values()
    plan = own_plans.with_own_plan(cell, read_args(cell.script_args[1:3], settings.defaults(cell))).plan
    assert dict(zip(words(plan), ratios(plan), strict=True)) == drawn


def test_the_upscale_button_makes_no_plot(plot):
    p = job(txt2img_upscale=True, firstpass_image="picture")
    with pytest.raises(
        RpgError, match="the ✨ button draws a picture's regions as they are; make the plot with Generate"
    ):
        plot.cells(p, Base_ratio="0.9")


def test_a_preset_with_words_is_the_plan(plot):
    (plan,) = plot.plans(job({**TYPED, "base_ratio": 0.9}), Preset=["Tree, pond"]).values()
    assert (words(plan), plan.split_ratio, plan.base_ratio) == (["a tree", "a pond"], "1;1", Plan.base_ratio)


def test_a_layout_takes_the_words_of_the_plan(plot):
    (plan,) = plot.plans(job(), Preset=["Three columns"]).values()
    assert words(plan) == ["a red cup", "a dog", ""] and plan.split_ratio == "1,1,1"


def test_settings_change_what_they_name_and_leave_the_regions(plot):
    names = [preset.name for preset in LMD_PRESETS]
    plans = plot.plans(job(), Preset=names).values()
    assert [(plan.binding, plan.guidance) for plan in plans] == [
        ("auto", "lmd"),
        ("auto", "off"),
        ("off", "lmd"),
        ("off", "bias"),
    ]
    assert all(plan.regions == PLAN.regions for plan in plans)
    (plan,) = plot.plans(job(), Binding=["off"], Preset=names[:1]).values()
    assert (plan.binding, plan.guidance) == ("off", "lmd")


def test_a_saved_preset_with_the_name_of_settings_comes_first(plot, tmp_path):
    PresetStore(tmp_path / "presets").save(Preset("LMD fastest", Plan(split_ratio="1", regions=(Region("a hat"),))))
    (plan,) = plot.plans(job(), Preset=["LMD fastest"]).values()
    assert (words(plan), plan.guidance) == (["a hat"], "off")


def test_all_cells_of_a_value_have_the_preset_as_it_was_when_the_plot_began(plot, tmp_path):
    option = plot.option("Preset")
    p = job()
    option.confirm(p, ["Tree, pond"])
    PresetStore(tmp_path / "presets").delete("Tree, pond")
    cell = copy.copy(p)
    option.apply(cell, "Tree, pond", ["Tree, pond"])
    assert words(plan_of(cell)) == ["a tree", "a pond"]


def test_legends_are_short(plot):
    p, shown = job(enable_hr=True), {}
    typed = {"Base ratio": "0.25", "Base ratio of a region": "2:0.40", "Split ratio": "1,1", "Regions end": "1"}
    chosen = {"LoRA in regions": "unet", "Mode": "plain", "Preset": "Tree, pond", "Hires passes": "both passes"}
    for name, value in {**typed, **chosen}.items():
        option = plot.option(name)
        option.confirm(p, [value])
        shown[name] = option.format_value(p, option, value)
    assert list(shown.values()) == [
        *("Base ratio: 0.25", "Base ratio of region 2: 0.4", "Split ratio: 1,1", "Regions end: 1"),
        *("LoRA in regions: its place", "Mode: plain", "Preset: Tree, pond", "Hires passes: both passes"),
    ]


@pytest.mark.parametrize(
    ("split", "text", "values"),
    [
        (comma_list, ' a , "b, c",, ', ["a", "b, c"]),
        (comma_list, "赤，い猫", ["赤，い猫"]),
        (comma_list, "", []),
        (number_list, "0.1，0.2", ["0.1", "0.2"]),
        (number_list, "0-1", ["0", "1"]),
        (number_list, "0 - .4 ( .2 ), 1", ["0", "0.2", "0.4", "1"]),
        (number_list, "0-0.3 (+0.1)", ["0", "0.1", "0.2", "0.3"]),
        (number_list, "0.1-0.5 [3]", ["0.1", "0.3", "0.5"]),
        (number_list, "0.5-0.1 [3]", ["0.5", "0.3", "0.1"]),
        (number_list, "0.5-0.1 [1]", ["0.5"]),
        (number_list, "1-0", ["1-0"]),
        (number_list, "0-1 (0)", ["0-1 (0)"]),
        (number_list, "0-1 [0]", ["0-1 [0]"]),
        (number_list, "0-1 (0.001)", ["0-1 (0.001)"]),
        (number_list, "-0.5", ["-0.5"]),
        (list_of_regions, "1：0.2，2: 0.4", ["1:0.2", "2: 0.4"]),
        (ratio_list, "1,1", ["1,1"]),
        (ratio_list, " 1，1 | 2；1,1 |", ["1,1", "2;1,1"]),
        (ratio_list, '"1,1", 1;1', ["1,1", "1;1"]),
    ],
)
def test_lists_are_parted_as_they_are_meant(split, text, values):
    assert split(text) == values


def test_a_list_that_is_too_long_is_one_sentence():
    with pytest.raises(RpgError, match=r"^the values of an axis cannot be read \(.*\); write them with commas"):
        comma_list("x" * 200_000)


# Plots that are refused

WRONG = [
    ({"Mode": ["maybe"]}, r"^\[RPG\] Mode: 'maybe' is not one of its values; use one of plain, regional$"),
    ({"Planner": ["ofline"]}, r"^\[RPG\] Planner: 'ofline' .*did you mean 'offline'\?$"),
    ({"Planner": ["offline", "paste"]}, r"^\[RPG\] Planner: 'paste' is not one of its values"),
    ({"Planner": ["openai"]}, r"^\[RPG\] Planner: .*key"),
    ({"Planner": ["local"]}, r"^\[RPG\] Planner: .*folder"),
    ({"Method": ["grids"]}, r"^\[RPG\] Method: 'grids'"),
    ({"Dialect": ["slang"]}, r"^\[RPG\] Dialect: 'slang'"),
    (
        {"LoRA in regions": ["its place"]},
        r"^X/Y/Z plot, LoRA in regions: its place: no region has a LoRA, .* a region$",
    ),
    ({"LoRA in regions": ["its hat"]}, r"^\[RPG\] LoRA in regions: 'its hat'"),
    ({"Rows first": ["true or so"]}, r"^\[RPG\] Rows first: 'true or so'"),
    ({"Base ratio": "0.2, much"}, r"^\[RPG\] Base ratio: 'much' is not a number; write such as 0\.2, 0\.4"),
    ({"Base ratio": "0.2, 1.5"}, r"^\[RPG\] Base ratio: base_ratio: 1\.5 .* 1"),
    ({"Base ratio": "-0.1"}, r"^\[RPG\] Base ratio: base_ratio: -0\.1"),
    ({"Base ratio": "nan"}, r"^\[RPG\] Base ratio: 'nan' is not a finite number"),
    ({"Base ratio": "0-1 (+0)"}, r"^\[RPG\] Base ratio: '0-1 \(\+0\)' is not a number"),
    ({"Base ratio": "0-1 [100000]"}, r"^\[RPG\] Base ratio: '0-1 \[100000\]' is not a number"),
    ({"Base ratio": "1-0"}, r"^\[RPG\] Base ratio: '1-0' is not a number"),
    ({"Base ratio": " , "}, r"^\[RPG\] Base ratio: it has no value"),
    ({"Mode": []}, r"^\[RPG\] Mode: it has no value"),
    ({"Feather": "0.9"}, r"^\[RPG\] Feather: feather: 0\.9"),
    ({"Split ratio": "1,x"}, r"^\[RPG\] Split ratio: .*'x'"),
    ({"Split ratio": "1,,1"}, r"^\[RPG\] Split ratio: "),
    ({"Split ratio": "1,1,1"}, r"^X/Y/Z plot, Split ratio: 1,1,1: split_ratio: '1,1,1' has 3 cells but .* 2 regions"),
    ({"Base ratio of a region": "0.4"}, r"^\[RPG\] Base ratio of a region: '0\.4' is not the number of a region"),
    ({"Base ratio of a region": "0: 0.4"}, r"^\[RPG\] Base ratio of a region: '0: 0\.4' is not the number"),
    ({"Base ratio of a region": "2: 1.4"}, r"^\[RPG\] Base ratio of a region: base_ratio: 1\.4"),
    (
        {"Base ratio of a region": "2: 0.4, 5: 0.2"},
        r"^X/Y/Z plot, Base ratio of region 5: 0\.2: there is no region 5; the plan has 2 regions$",
    ),
    ({"Regions start": "1.2"}, r"^\[RPG\] Regions start: '1\.2' is out of range; give a number from 0 to 1$"),
    ({"Regions start": "0, 1"}, r"^X/Y/Z plot, Regions start: 1: .*the region would never act"),
    ({"Regions start": "0.6", "Regions end": "0.5"}, r"^X/Y/Z plot, Regions start: 0\.6 and Regions end: 0\.5: "),
    ({"Regional prompt S/R": "cat, bird"}, r"^X/Y/Z plot, cat: did not find 'cat' in any region"),
    ({"Regional prompt S/R": ", bird"}, r"^\[RPG\] Regional prompt S/R: its first value is blank"),
    ({"Preset": ["Tree"]}, r"^\[RPG\] Preset: there is no preset 'Tree'"),
    ({"Preset": ["../../x"]}, r"^\[RPG\] Preset: there is no preset '\.\./\.\./x'"),
    ({"Preset": ["Tree, pond"], "Method": ["boxes"]}, r"a preset with words is not planned"),
    ({"Hires passes": ["both"]}, r"^\[RPG\] Hires passes: there is one pass only.*switch hires fix on$"),
]


@pytest.mark.parametrize("is_api", [False, True])
@pytest.mark.parametrize(("axes", "sentence"), WRONG, ids=[str(axes) for axes, _ in WRONG])
def test_a_wrong_value_refuses_the_plot_before_its_first_picture(plot, monkeypatch, tmp_path, axes, sentence, is_api):
    monkeypatch.setenv("RPG_CONFIG", str(tmp_path))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    p = job(is_api=is_api)
    before = p.script_args
    with pytest.raises(HTTPException if is_api else RpgError) as caught:
        plot.cells(p, Seed="1, 2", **axes)
    said = caught.value.detail if is_api else str(caught.value)
    assert re.search(sentence, said) and "\n" not in said
    assert p.script_args == before and (not is_api or caught.value.status_code == 422)


def test_the_check_knows_all_axes_so_that_no_good_combination_is_refused(plot):
    plans = plot.plans(job(), **{"Base ratio of a region": "3: 0.7", "Preset": ["Three columns"]})
    assert [ratios(plan)[2] for plan in plans.values()] == [0.7]
    plot.plans(job({}, prompt=""), Base_ratio="0.5", Preset=["Tree, pond"])  # the tab alone has nothing to plan


def test_a_bad_combination_far_down_the_plot_is_found_at_its_first_cell(plot):
    p = job()
    options = [plot.option("Split ratio"), plot.option("Base ratio of a region")]
    for option, values in zip(options, (["1,1", "1;1"], ["1: 0.1", "3: 0.1"]), strict=True):
        option.confirm(p, values)
    with pytest.raises(RpgError, match=r"Split ratio: 1,1 and Base ratio of region 3: 0.1: there is no region 3"):
        options[0].apply(copy.copy(p), "1,1", ["1,1", "1;1"])


@pytest.mark.parametrize("document", [{"unread": "RPG: the plan is cut off"}, {"planer": "offline"}, {"feather": "x"}])
def test_a_panel_that_cannot_be_read_refuses_the_plot(plot, document):
    with pytest.raises(RpgError, match=r"^X/Y/Z plot, Base ratio: 0\.5: "):
        plot.cells(job(document), Base_ratio="0.5")


def test_a_tab_without_the_extension_refuses_the_plot(plot):
    p = job()
    p.scripts.alwayson_scripts.pop()
    with pytest.raises(RpgError, match="RPG is not in this tab"):
        plot.cells(p, Base_ratio="0.5")


# How often a model is asked


@pytest.fixture
def model(monkeypatch):
    server = ModelServer()
    server.reply = lambda: completion(ANSWER)
    config = PlannerConfig(provider="llamacpp", base_url=server.url, model="tiny", cache=None, from_page=True)
    monkeypatch.setattr(settings, "config", lambda: config)
    yield server
    server.close()


def test_a_model_is_asked_once_for_each_distinct_request_of_a_plot(plot, model):
    cells = plot.cells(job(), Planner=["offline", "openai"], Seed="1, 2, 3", Base_ratio="0.1, 0.2")
    assert len(cells) == 12 and model.asked == []  # asked when a cell is drawn, as in a generation of its own
    plans = {values: plan_of(cell) for values, cell in cells.items()}
    assert len(model.asked) == 1
    assert {values[0] for values, plan in plans.items() if plan.split_ratio == "1,2"} == {"openai"}
    assert sum(plan.split_ratio == "1,2" for plan in plans.values()) == 6


def test_two_methods_and_a_changed_prompt_are_requests_of_their_own(plot, model):
    axes = {"Method": ["grid", "grid and boxes"], "Prompt S/R": "dog, cat", "Seed": "1, 2"}
    for cell in plot.cells(job({"planner": "openai"}), **axes).values():
        plan_of(cell)
    assert len(model.asked) == 4


def test_a_plan_that_an_axis_changes_is_asked_for_once_and_before_the_first_picture(plot, model):
    p = job({"planner": "openai"})
    option = plot.option("Split ratio")
    option.confirm(p, ["1,3", "1;1"])
    for value in ("1,3", "1;1"):
        cell = copy.copy(p)
        option.apply(cell, value, ["1,3", "1;1"])
        assert (len(model.asked), plan_of(cell).split_ratio) == (1, value)
    assert len(model.asked) == 1


def test_a_plan_that_another_axis_replaces_is_not_asked_for(plot, model):
    p = job({"planner": "openai"})
    plans = plot.plans(p, Split_ratio="1,3", Preset=["Tree, pond"], **{"Base ratio of a region": "2: 0.7"})
    assert [words(plan) for plan in plans.values()] == [["a tree", "a pond"]] and model.asked == []


def test_a_model_that_fails_refuses_a_plot_that_needs_its_plan(plot, model):
    model.reply = lambda: (500, {}, b"{}")
    with pytest.raises(RpgError, match=r"^X/Y/Z plot, Split ratio: 1,3: ."):
        plot.cells(job({"planner": "openai"}), Split_ratio="1,3")


def test_a_plain_cell_asks_no_model(plot, model):
    p = job({"planner": "openai"}, prompt="a cup")
    assert list(plot.plans(p, Mode=["plain"], Split_ratio="1,3").values()) == [None]
    assert model.asked == []
