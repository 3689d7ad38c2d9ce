"""The table of options: that its rows agree with the plan, the request, the page and each other."""

from __future__ import annotations

import dataclasses
import json

import gradio as gr
import pytest

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region
from lib_rpg.planner import PlanRequest
from lib_rpg.webui import document
from lib_rpg.webui.document import Document, text_fields
from lib_rpg.webui.option_kinds import Kind, Option, Part
from lib_rpg.webui.options import AXES, BY_NAME, KEYS, OPTIONS, Defaults, for_page, of_part
from lib_rpg.webui.panel.build import build

TWO = Plan(split_ratio="1,1", regions=(Region("a cat"), Region("a dog")))


def names(kind: type) -> set[str]:
    return {field.name for field in dataclasses.fields(kind)}


def test_every_option_is_a_key_of_the_api_and_the_old_ones_keep_their_order():
    old = ["enabled", "recaption", "rows_first", "plan", "prompt", "planner", "method", "examples", "language"]
    old += ["regional_prompt", "split_ratio", "base_prompt", "negative_prompt", "lora"]
    old += ["base_ratios", "base_ratio", "feather", "hires"]
    assert [key for key in KEYS if key in old] == old
    assert sorted(KEYS) == sorted(BY_NAME) == sorted(option.name for option in OPTIONS)


def test_what_an_option_sets_is_there():
    assert {option.name for option in of_part(Part.REQUEST)} <= names(PlanRequest)
    assert {option.name for option in of_part(Part.PLAN)} <= names(Plan)
    assert {option.region_field for option in of_part(Part.REGIONS)} <= names(Region)
    for option in OPTIONS:
        if option.is_shown_plan_field:
            assert option.default == getattr(Plan, option.name)


def test_the_panel_shows_every_option_of_a_section_and_sends_its_script():
    with gr.Blocks() as blocks:
        build(False, "rpg_{}".format)
    shown = {component.elem_id: component for component in blocks.blocks.values()}
    sent = {option.name: option for option in OPTIONS if option.section}
    assert set(for_page()) == set(sent)
    for name, option in sent.items():
        component = shown[f"rpg_{name}"]
        assert component.label == option.label
        assert component.elem_classes[0] == f"rpg_{name}"
        if option.choices:
            assert component.value in [value for _, value in component.choices]
    preview = shown["rpg_preview"].value
    assert json.dumps(for_page()).replace('"', "&quot;") in preview


def test_what_outlives_a_new_plan():
    staying = {option.name for option in OPTIONS if option.stays("auto")}
    assert staying == {
        *("prompt", "planner", "method", "examples", "recaption", "language", "dialect"),
        *("base_ratio", "base_ratios", "feather", "lora", "hires", "compare"),
        *("guidance", "guidance_scale", "guidance_schedule", "frozen", "gligen"),
        *("compose", "bootstrap", "binding", "bound_steps", "bound_sigma", "bound_strength", "bound_feather"),
    }
    assert not BY_NAME["base_ratios"].stays("0.1, 0.5")
    assert not BY_NAME["base_ratios"].stays([0.1, 0.5])


def test_axes_have_a_label_of_their_own_a_cost_and_choices_that_are_read():
    labels = [option.axis_label for option in AXES]
    assert len(labels) == len(set(labels)) and all(label.startswith("[RPG] ") for label in labels)
    assert not any(option.axis_cost for option in OPTIONS if option not in AXES)
    for option in AXES:
        assert 0 < option.axis_cost < 1
        for value in option.values().values():
            read = Document.read({option.name: value}, Defaults())
            assert value in (*read.typed.values(), *read.asked.values(), read.planner, read.enabled)


WEIGHTS = Option("weights", Kind.NUMBERS, Part.REGIONS, region_field="weight", example="1, 2")


@pytest.mark.parametrize("given", ["2, ", [2, None], " 2 ,1"])
def test_a_number_for_each_region_needs_its_row_alone(monkeypatch, given):
    """A row for a field of regions that the plan has no value for: a blank is the region's own default."""
    monkeypatch.setattr(document, "of_part", lambda part: (WEIGHTS,) if part is Part.REGIONS else of_part(part))
    plan = document.laid_over(TWO, {"weights": WEIGHTS.read(given)})
    assert [region.weight for region in plan.regions] == [2.0, 1.0]
    shown = text_fields(plan)["weights"]
    assert shown == "2, 1"
    assert document.laid_over(TWO, {"weights": WEIGHTS.read(shown)}) == plan
    assert text_fields(TWO)["weights"] == ""
    assert document.laid_over(plan, {"weights": WEIGHTS.read("")}) == TWO
    with pytest.raises(RpgError, match=r"RPG: weights has 1 numbers for 2 regions: give one for each"):
        document.laid_over(TWO, {"weights": WEIGHTS.read("2")})
    with pytest.raises(RpgError, match=r"RPG: weights must be one number for each region such as '1, 2', not"):
        WEIGHTS.read("much")


def test_a_blank_is_the_plans_own_number_where_it_has_one_for_all():
    plan = document.laid_over(TWO, {"base_ratios": BY_NAME["base_ratios"].read("0.2, ")})
    assert [region.base_ratio for region in plan.regions] == [0.2, None]
