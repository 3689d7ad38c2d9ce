"""Every option of a generation, declared once: one row for each, in `OPTIONS`.

From the rows follow the keys of the API's argument and how their values are read (`lib_rpg.webui.document`), the
components of the panel (`lib_rpg.webui.panel.sections`), the defaults of its script (`for_page`), what outlives a new
plan (`Option.stays`), and the axes of an X/Y/Z plot (`AXES`). The infotext holds the plan, whose fields it takes from
`lib_rpg.plan` itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lib_rpg.plan import MAX_FEATHER, MAX_GUIDANCE, MAX_SIGMA, Plan
from lib_rpg.planner import PLANNERS
from lib_rpg.planner.language.dialect import AUTO, SENTENCES, TAGS
from lib_rpg.planner.llm.template_files import example_sets
from lib_rpg.planner.offline.base_ratio import automatic_base_ratio
from lib_rpg.webui.option_kinds import Choices, Kind, Option, Part


def _named(names: Sequence[str]) -> Choices:
    """Choices that are shown by their own names."""
    return {name: name for name in names}


OPTIONS = (
    Option(
        "enabled",
        Kind.FLAG,
        Part.RUN,
        default=True,
        choices={"plain": False, "regional": True},
        axis="Mode",
        axis_cost=0.1,
    ),
    Option("plan", Kind.PLAN, Part.RUN, default=None),
    Option("repaint", Kind.REPAINT, Part.RUN, default=None),
    Option(
        "prompt",
        Kind.TEXT,
        Part.RUN,
        label="Prompt to plan",
        placeholder="Leave empty to plan the prompt of this tab.",
        outlives_plan=True,
        section="prompt",
    ),
    Option(
        "planner",
        Kind.TEXT,
        Part.RUN,
        label="Planner",
        choices=_named(PLANNERS),
        outlives_plan=True,
        section="planning",
        axis="Planner",
        axis_cost=0.6,
    ),
    Option(
        "method",
        Kind.TEXT,
        Part.REQUEST,
        label="Method",
        choices={"grid": "rpg", "grid and boxes": "rag", "boxes": "lmd"},
        outlives_plan=True,
        section="planning",
        axis="Method",
        axis_cost=0.55,
    ),
    Option(
        "examples",
        Kind.TEXT,
        Part.REQUEST,
        label="Worked examples",
        choices=lambda: _named(example_sets()),
        outlives_plan=True,
        section="planning",
    ),
    Option(
        "recaption",
        Kind.FLAG,
        Part.REQUEST,
        label="Words of the regions",
        choices={"richer than mine": True, "my own": False},
        outlives_plan=True,
        section="planning",
    ),
    Option(
        "language",
        Kind.TEXT,
        Part.REQUEST,
        label="Language",
        placeholder="as in Settings",
        outlives_plan=True,
        section="planning",
    ),
    Option(
        "dialect",
        Kind.TEXT,
        Part.REQUEST,
        label="Form of the regions' prompts",
        choices={"as in my prompt": AUTO, "tags": TAGS, "sentences": SENTENCES},
        outlives_plan=True,
        section="planning",
        axis="Dialect",
        axis_cost=0.5,
    ),
    Option(
        "compare",
        Kind.CHOICE,
        Part.RUN,
        label="Compare",
        help="Draws the first picture again with the same seed, and all of them side by side. It takes as long again.",
        choices={"off": "off", "with a plain picture": "plain", "plain, and without each region": "regions"},
        default="off",
        outlives_plan=True,
        section="results",
    ),
    Option(
        "regional_prompt",
        Kind.TEXT,
        Part.TEXT_FORM,
        label="Regional prompt",
        help="One part for each cell, row by row, with BREAK between them.",
        placeholder="what is left BREAK\nwhat is right",
        section="regions",
        axis="Regional prompt S/R",
        axis_cost=0.2,
    ),
    Option(
        "split_ratio",
        Kind.TEXT,
        Part.TEXT_FORM,
        default=Plan.split_ratio,
        label="Split ratio",
        help="1,1 is two columns; 1,1,1;2,1 is two cells above a taller one. In each row the height is first.",
        placeholder="1,1",
        section="regions",
        axis="Split ratio",
        axis_cost=0.15,
    ),
    Option(
        "base_prompt",
        Kind.TEXT,
        Part.TEXT_FORM,
        default=Plan.base_prompt,
        label="Base prompt",
        help="The whole picture in one sentence; every region is mixed with it.",
        placeholder="Leave empty to use the prompt of this tab.",
        section="picture",
    ),
    Option(
        "negative_prompt",
        Kind.TEXT,
        Part.TEXT_FORM,
        default=Plan.negative_prompt,
        label="Negative additions",
        help="Added to the negative prompt of this tab. With BREAK between parts: one part for each region.",
        placeholder="Nothing to add.",
        section="picture",
    ),
    Option(
        "base_ratios",
        Kind.NUMBERS,
        Part.REGIONS,
        label="Base ratio of each region",
        help="Such as 0.2, 0.4; or auto: a higher value if things are of the same kind.",
        placeholder="one for all",
        region_field="base_ratio",
        words={"auto": automatic_base_ratio},
        example="0.2, 0.4",
        outlives_plan=True,
        section="details",
        axis="Base ratio of a region",
        axis_cost=0.05,
    ),
    Option(
        "base_ratio",
        Kind.NUMBER,
        Part.PLAN,
        default=Plan.base_ratio,
        label="Base ratio",
        help="How much of the base prompt is in every region: 0 is nothing, 1 is only the base prompt.",
        outlives_plan=True,
        section="picture",
        axis="Base ratio",
        axis_cost=0.05,
    ),
    Option(
        "feather",
        Kind.NUMBER,
        Part.PLAN,
        default=Plan.feather,
        label="Feather",
        help="How wide regions fade into each other, as a share of the shorter side.",
        slider_end=MAX_FEATHER,
        outlives_plan=True,
        section="details",
        axis="Feather",
        axis_cost=0.05,
    ),
    Option(
        "rows_first",
        Kind.FLAG,
        Part.TEXT_FORM,
        default=Plan.rows_first,
        label="Read the ratio as",
        choices={"rows of cells": False, "columns of cells": True},
        section="details",
        axis="Rows first",
        axis_cost=0.15,
    ),
    Option(
        "hires",
        Kind.CHOICE,
        Part.PLAN,
        default=Plan.hires,
        label="With hires fix, regions act in",
        choices={"both passes": "both", "first only": "first", "hires only": "second"},
        outlives_plan=True,
        section="details",
        axis="Hires passes",
        axis_cost=0.05,
    ),
    Option(
        "lora",
        Kind.TEXT,
        Part.PLAN,
        default=Plan.lora,
        label="A LoRA inside a region acts on",
        help="Its words: changes what words mean, at no cost per step. Its place: changes the look, too.",
        choices={"its words": "text", "its place": "unet", "whole picture": "shared"},
        outlives_plan=True,
        section="details",
        axis="LoRA in regions",
        axis_cost=0.2,
    ),
    Option(
        "binding",
        Kind.CHOICE,
        Part.PLAN,
        default=Plan.binding,
        label="Bind objects",
        help="In the first steps each object is drawn by itself and put in its box, where this is small on a canvas of "
        "its own.",
        choices={"off": "off", "on": "auto", "in the picture": "exact", "on a canvas of its own": "native"},
        outlives_plan=True,
        section="binding",
        axis="Binding",
        axis_cost=0.05,
    ),
    Option(
        "bound_steps",
        Kind.NUMBER,
        Part.PLAN,
        default=Plan.bound_steps,
        label="Bound steps",
        help="A share of the steps, at least one: more steps hold an object's place and look more firmly.",
        outlives_plan=True,
        section="binding",
        axis="Bound steps",
        axis_cost=0.05,
    ),
    Option(
        "bound_sigma",
        Kind.NUMBER,
        Part.PLAN,
        default=Plan.bound_sigma,
        bounds=(0, MAX_SIGMA),
        slider_end=15,
        label="Bound until sigma",
        help="Instead of a share of the steps, as long as sigma is above this; 0 counts steps.",
        outlives_plan=True,
        section="binding",
        axis="Bound until sigma",
        axis_cost=0.05,
    ),
    Option(
        "bound_strength",
        Kind.NUMBER,
        Part.PLAN,
        default=Plan.bound_strength,
        label="Binding strength",
        help="How much of an object drawn by itself is put in its box.",
        outlives_plan=True,
        section="binding",
        axis="Binding strength",
        axis_cost=0.05,
    ),
    Option(
        "bound_feather",
        Kind.NUMBER,
        Part.PLAN,
        default=Plan.bound_feather,
        slider_end=MAX_FEATHER,
        label="Binding feather",
        help="How wide a bound object fades at the edges of its box, as a share of the shorter side.",
        outlives_plan=True,
        section="binding",
        axis="Binding feather",
        axis_cost=0.05,
    ),
    Option(
        "bound_background",
        Kind.TEXT,
        Part.PLAN,
        label="Around bound objects",
        placeholder="scene and style; empty: regions fill their cells",
        help="What is drawn around bound objects. Regions then act close to their objects alone.",
        section="binding",
    ),
    Option(
        "compose",
        Kind.CHOICE,
        Part.PLAN,
        default=Plan.compose,
        label="Regions act in",
        help="In the picture's attention: nearly as fast as without regions. In passes of their own (MultiDiffusion): "
        "kept apart more, and a step takes as much longer as there are regions. With objects drawn first (LMD): each "
        "object is drawn by itself, and put where it is to be. With objects alongside: the same step by step.",
        choices={
            "attention": "attention",
            "passes of their own": "multidiffusion",
            "attention with objects drawn first": "two-phase",
            "attention with objects alongside": "lock-step",
        },
        outlives_plan=True,
        section="guidance",
        axis="Regions act in",
        axis_cost=0.05,
    ),
    Option(
        "bootstrap",
        Kind.NUMBER,
        Part.PLAN,
        default=Plan.bootstrap,
        label="Bootstrap",
        help="In passes of their own: the share of the steps in which a region does not see the picture around it.",
        outlives_plan=True,
        section="guidance",
        axis="Bootstrap",
        axis_cost=0.05,
    ),
    Option(
        "frozen",
        Kind.NUMBER,
        Part.PLAN,
        default=Plan.frozen,
        label="Frozen steps",
        help="With objects drawn first or alongside: the share of the steps in which they are held where they are.",
        outlives_plan=True,
        section="guidance",
        axis="Frozen steps",
        axis_cost=0.05,
    ),
    Option(
        "guidance",
        Kind.CHOICE,
        Part.PLAN,
        default=Plan.guidance,
        label="Attention guidance",
        help="Leads things into their boxes by the attention that their words in the base prompt have. LMD, backward "
        "guidance and BoxDiff need gradients, and memory and time for them; the bias needs neither.",
        choices={"off": "off", "LMD": "lmd", "backward guidance": "backward", "BoxDiff": "boxdiff", "bias": "bias"},
        outlives_plan=True,
        section="guidance",
        axis="Attention guidance",
        axis_cost=0.05,
    ),
    Option(
        "guidance_scale",
        Kind.NUMBER,
        Part.PLAN,
        default=Plan.guidance_scale,
        bounds=(0, MAX_GUIDANCE),
        slider_end=3,
        label="Guidance strength",
        help="Times the method's own; 0 switches it off.",
        outlives_plan=True,
        section="guidance",
        axis="Guidance strength",
        axis_cost=0.05,
    ),
    Option(
        "guidance_schedule",
        Kind.CHOICE,
        Part.PLAN,
        default=Plan.guidance_schedule,
        label="Guidance steps",
        help="As the papers have them, or at most one update a step, in fewer steps.",
        choices={"standard": "standard", "fast": "fast"},
        outlives_plan=True,
        section="guidance",
        axis="Guidance steps",
        axis_cost=0.05,
    ),
    Option(
        "gligen",
        Kind.NUMBER,
        Part.PLAN,
        default=Plan.gligen,
        label="GLIGEN",
        help="The share of the steps in which things and their boxes are put into the checkpoint by GLIGEN; LMD+ has "
        "0.4, and 0 is off. For SD 1.x, with the weights file that Settings name.",
        outlives_plan=True,
        section="guidance",
        axis="GLIGEN",
        axis_cost=0.05,
    ),
)
"""All options. Those of the section ``details`` are shown on the page in this order."""

BY_NAME: Mapping[str, Option] = {option.name: option for option in OPTIONS}
KEYS = tuple(option.name for kind in Kind for option in OPTIONS if option.kind is kind)
"""The keys of the API's argument."""
AXES = tuple(option for option in OPTIONS if option.axis_label)
"""The options that an X/Y/Z plot can vary; label, cost, kind and choices are in the row."""


@dataclass(frozen=True)
class Defaults:
    """The defaults from Settings, for what a request does not give: the planner, and options of a `PlanRequest`."""

    planner: str = "offline"
    asked: Mapping[str, Any] = field(default_factory=dict)


def of_part(part: Part) -> tuple[Option, ...]:
    """The options that set that part."""
    return tuple(option for option in OPTIONS if option.sets is part)


def names_of(part: Part) -> tuple[str, ...]:
    """The names of the options that set that part."""
    return tuple(option.name for option in of_part(part))


def in_section(section: str) -> tuple[Option, ...]:
    """The options of that section of the panel."""
    return tuple(option for option in OPTIONS if option.section == section)


def for_page() -> dict[str, dict[str, Any]]:
    """What the panel's script knows of the options that it shows, by name."""
    return {option.name: option.for_script() for option in OPTIONS if option.section}
