"""The extension's page in Settings."""

from __future__ import annotations

from typing import Any

import gradio as gr
from modules import shared

from lib_rpg.planner import PLANNERS

STOP, GO_ON = "stop the generation", "go on without regions"
SECTION = ("rpg", "RPG regions")


def register() -> None:
    """Add the options; called by the WebUI when it builds Settings."""
    shared.opts.add_option(
        "rpg_planner",
        shared.OptionInfo("offline", "Planner", gr.Dropdown, {"choices": list(PLANNERS)}, section=SECTION).info(
            "who plans when no plan was made in the panel or sent with the request"
        ),
    )
    shared.opts.add_option(
        "rpg_on_error",
        shared.OptionInfo(
            STOP, "When regions cannot be applied", gr.Radio, {"choices": [STOP, GO_ON]}, section=SECTION
        ).info("bad text, an unsupported model, no matching layer; the reason is always told"),
    )


def planner(p: Any = None) -> str:
    """The planner that Settings name, or the request ``p`` where it overrides them."""
    return _setting(p, "rpg_planner", "offline")


def goes_on_plain(p: Any = None) -> bool:
    """Whether a generation whose regions cannot be applied goes on without them."""
    return _setting(p, "rpg_on_error", STOP) == GO_ON


def _setting(p: Any, name: str, default: str) -> str:
    """The WebUI puts ``override_settings`` in force only after ``before_process``."""
    overrides = getattr(p, "override_settings", None) or {}
    return overrides.get(name, getattr(shared.opts, name, default))
