"""Our axes in the WebUI's X/Y/Z plot: each cell is the picture that its values give by themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lib_rpg.plan import Plan
from lib_rpg.presets import Preset, PresetStore
from tests.contract.client import HIRES, Client, Drawn, HostError, alike, difference, plan_of, png_of
from tests.contract.model_server import ModelServer, completion

CIRCLE, SQUARE = "a red circle, navy background", "a green square, navy background"
PLAN = plan_of(CIRCLE, SQUARE)
LABELS = (
    *("Mode", "Planner", "Method", "Dialect", "Split ratio", "Regional prompt S/R", "Base ratio", "Feather", "Preset"),
    *("Base ratio of a region", "LoRA in regions", "Hires passes", "Regions start", "Regions end", "Rows first"),
    *("Binding", "Bound steps", "Bound until sigma", "Binding strength", "Binding feather", "SR_delta"),
    *("Regions act in", "Bootstrap", "Frozen steps", "Attention guidance", "Guidance strength", "Guidance steps"),
    "GLIGEN",
)
ANSWER = json.dumps(
    {
        "base_prompt": "a red circle and a green square",
        "rows": [{"height": 1, "cells": [{"width": 1, "prompt": CIRCLE}, {"width": 2, "prompt": SQUARE}]}],
    }
)
NOTHING: list[Any] = [0, "", []]
OPTIONS = {"Draw legend": True, "Include Sub Images": True, "Include Sub Grids": False, "Keep -1 for seeds": True}
"""What is asked of a plot beside its axes, by label; all else is as the host has it."""


def labels_of(host: Client, tab: str = "txt2img") -> list[str]:
    """The labels of the host's axes, in the order of their numbers; skips the test on a host without such plots."""
    return arguments_of(host, tab)[0]["choices"]


def arguments_of(host: Client, tab: str) -> list[dict[str, Any]]:
    """The arguments of the host's script: three for each axis, then what it asks beside them."""
    for entry in host.json("GET", "/sdapi/v1/script-info"):
        if entry["name"] == "x/y/z plot" and entry["is_img2img"] == (tab == "img2img"):
            return entry["args"]
    pytest.skip("this host has no X/Y/Z plot")


def script_of(host: Client, axes: dict[str, str | list[str]], tab: str = "txt2img") -> dict[str, Any]:
    """The request for a plot of up to three axes, by label: text, or a list for an axis of choices."""
    asked = arguments_of(host, tab)
    known, args = asked[0]["choices"], []
    for name, values in axes.items():
        number = known.index(name if name in known else f"[RPG] {name}")
        args += [number, "", values] if isinstance(values, list) else [number, values, []]
    args += NOTHING * (3 - len(axes))
    options = [OPTIONS.get(each["label"], each["value"]) for each in asked[len(args) :]]
    return {"script_name": "x/y/z plot", "script_args": [*args, *options]}


def cells_of(drawn: Drawn, count: int) -> np.ndarray:
    """The pictures of the cells, x fastest; the grid comes before them."""
    assert len(drawn.pixels) >= count
    return drawn.pixels[-count:]


def test_the_list_has_each_axis_once(host: Client) -> None:
    known = labels_of(host)
    assert sorted(label for label in known if label.startswith("[RPG] ")) == sorted(f"[RPG] {name}" for name in LABELS)
    # The numbers of the WebUI's own axes, which the API's callers know, stay.
    assert known.index("Prompt S/R") < min(known.index(label) for label in known if label.startswith("[RPG] "))
    assert known[7] == "Prompt S/R" or host.name == "forge"
    assert "[RPG] Hires passes" not in labels_of(host, "img2img")


def test_a_cell_is_the_picture_of_its_mode_and_base_ratio(host: Client) -> None:
    axes: dict[str, Any] = {"Mode": ["plain", "regional"], "Base ratio": "0, 0.9"}
    plain_low, low, plain_high, high = cells_of(host.regional({"plan": PLAN}, **script_of(host, axes)), 4)
    plain = host.reference().pixels[0]
    assert alike(plain_low, plain) and alike(plain_high, plain)
    for cell, ratio in ((low, 0.0), (high, 0.9)):
        assert alike(cell, host.regional({"plan": PLAN, "base_ratio": ratio}).pixels[0])
    assert difference(low, high) > 1 and difference(low, plain) > 1


BOUND = {**PLAN, "binding": "exact"}
CELLS: dict[str, tuple[str | list[str], list[dict[str, Any]]]] = {
    "Split ratio": ("3,1 | 1;1", [{"plan": {**PLAN, "split_ratio": ratio}} for ratio in ("3,1", "1;1")]),
    "Rows first": (["columns of cells"], [{"plan": {**PLAN, "rows_first": True}}]),
    "Feather": ("0-0.4 [2]", [{"plan": PLAN, "feather": width} for width in (0.0, 0.4)]),
    "Base ratio of a region": ("2: 0.9", [{"plan": PLAN, "base_ratios": "0.2, 0.9"}]),
    "Regions end": (
        "0.5",
        [{"plan": plan_of({"prompt": CIRCLE, "end": 0.5}, {"prompt": SQUARE, "end": 0.5})}],
    ),
    "Regional prompt S/R": (
        "red, yellow",
        [{"plan": plan_of(c, SQUARE)} for c in (CIRCLE, "a yellow circle, navy background")],
    ),
    "SR_delta": ("0.8, 1", [{"plan": PLAN, "base_ratio": ratio} for ratio in (0.2, 0.0)]),
    "Binding": (
        ["off", "in the picture", "on a canvas of its own"],
        [{"plan": PLAN, "binding": mode} for mode in ("off", "exact", "native")],
    ),
    "Regions act in": (
        ["attention", "passes of their own"],
        [{"plan": PLAN, "compose": way} for way in ("attention", "multidiffusion")],
    ),
    "Frozen steps": ("0.3, 0.8", [{"plan": PLAN, "frozen": share} for share in (0.3, 0.8)]),
    "Attention guidance": (["off", "bias"], [{"plan": PLAN, "guidance": way} for way in ("off", "bias")]),
    "Bound steps": ("0.5, 1", [{"plan": BOUND, "bound_steps": share} for share in (0.5, 1.0)]),
    "Binding strength": ("0.5", [{"plan": BOUND, "bound_strength": 0.5}]),
    "Method": (["grid", "boxes"], [{"planner": "offline", "method": method} for method in ("rpg", "lmd")]),
    "Planner": (["offline"], [{"planner": "offline"}]),
}


@pytest.mark.parametrize("name", CELLS)
def test_each_value_gives_the_picture_of_its_own_request(host: Client, name: str) -> None:
    values, requests = CELLS[name]
    plan = BOUND if name in ("Bound steps", "Binding strength") else PLAN
    cells = cells_of(host.regional({"plan": plan}, **script_of(host, {name: values})), len(requests))
    for cell, request in zip(cells, requests, strict=True):
        assert alike(cell, host.regional(request).pixels[0]), request


def test_a_plot_without_a_plan_or_with_rpg_off_has_regions(host: Client) -> None:
    for argument in ({"planner": "offline"}, {"plan": PLAN, "enabled": False}):
        cell = cells_of(host.regional(argument, **script_of(host, {"Base ratio": "0.1"})), 1)[0]
        assert alike(cell, host.regional({**argument, "enabled": True, "base_ratio": 0.1}).pixels[0])


def test_hires_passes_are_those_of_the_value(host: Client) -> None:
    passes = {"both passes": "both", "first only": "first", "hires only": "second"}
    cells = cells_of(host.regional({"plan": PLAN}, **HIRES, **script_of(host, {"Hires passes": [*passes]})), 3)
    for cell, value in zip(cells, passes.values(), strict=True):
        assert alike(cell, host.regional({"plan": PLAN, "hires": value}, **HIRES).pixels[0])


def test_what_is_drawn_after_a_plot_is_as_before(host: Client) -> None:
    host.regional({"plan": PLAN}, **script_of(host, {"Base ratio": "0.1, 0.2"}))
    assert alike(host.plain().pixels[0], host.reference().pixels[0])


@pytest.mark.parametrize(
    ("axes", "sentence"),
    [
        ({"Base ratio": "0.2, 1.5"}, "[RPG] Base ratio: base_ratio: 1.5"),
        ({"Base ratio": "much"}, "[RPG] Base ratio: 'much' is not a number"),
        ({"Mode": ["off"]}, "[RPG] Mode: 'off' is not one of its values; use one of plain, regional"),
        ({"Planner": ["offline", "openai"]}, "[RPG] Planner: "),
        ({"Preset": ["none such"]}, "[RPG] Preset: there is no preset 'none such'"),
        ({"Split ratio": "1,1,1"}, "X/Y/Z plot, Split ratio: 1,1,1: split_ratio: '1,1,1' has 3 cells"),
        ({"Base ratio of a region": "1: 0.1, 5: 0.1"}, "there is no region 5; the plan has 2 regions"),
        ({"Hires passes": ["both passes"]}, "switch hires fix on"),
    ],
    ids=str,
)
def test_a_wrong_value_is_422_and_one_sentence(host: Client, axes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(HostError) as caught:
        host.regional({"plan": PLAN}, **script_of(host, {"Seed": "1, 2", **axes}))
    assert caught.value.status == 422
    assert sentence in caught.value.sentence and "\n" not in caught.value.sentence


def test_img2img_has_the_axes_too(host: Client) -> None:
    image = {"tab": "img2img", "init_images": [png_of(np.full((64, 64, 3), 90))], "denoising_strength": 0.9}
    script = script_of(host, {"Base ratio": "0, 0.9"}, "img2img")
    for cell, ratio in zip(cells_of(host.regional({"plan": PLAN}, **image, **script), 2), (0.0, 0.9), strict=True):
        assert alike(cell, host.regional({"plan": PLAN, "base_ratio": ratio}, **image).pixels[0])


def test_presets_and_a_model_in_plots_of_the_users_own(
    started: Callable[..., Any], model: ModelServer, tmp_path: Path
) -> None:
    """The model is asked once for a plot of planner, base ratio and mode, and for a second one of seeds."""
    store = PresetStore(tmp_path / "config" / "presets")
    store.save(Preset("Circle, square", Plan.from_dict(PLAN)))
    store.save(Preset("Above", Plan.from_dict({**PLAN, "split_ratio": "1;1"}), words=False))
    model.reply = lambda: completion(ANSWER)
    axes: dict[str, Any] = {"Base ratio": "0, 0.5", "Mode": ["plain", "regional"], "Planner": ["offline", "openai"]}
    with started(settings={"rpg_cache": True}) as host:
        drawn = host.regional({"plan": PLAN}, **script_of(host, axes))
        cells = cells_of(drawn, 8)
        host.regional({"plan": PLAN}, **script_of(host, {"Seed": "1, 2, 3", "Planner": ["openai"]}))
        assert len(model.asked) == 1
        plan = plan_of(CIRCLE, SQUARE, split_ratio="1,2", base_prompt="a red circle and a green square")
        for ratio, cell in ((0.0, cells[6]), (0.5, cells[7])):
            assert alike(cell, host.regional({"plan": plan, "base_ratio": ratio}).pixels[0])
        assert alike(cells[0], cells[4]) and alike(cells[0], host.plain().pixels[0])
        assert difference(cells[2], cells[6]) > 1
        presets = script_of(host, {"Preset": ["Circle, square", "Above"]})
        worded, layout = cells_of(host.regional({"plan": plan}, **presets), 2)
        assert alike(worded, host.regional({"plan": PLAN}).pixels[0])
        above = {**plan, "split_ratio": "1;1", "base_ratio": PLAN["base_ratio"]}
        assert alike(layout, host.regional({"plan": above}).pixels[0])
