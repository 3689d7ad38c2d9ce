"""The extension's page in Settings."""

from __future__ import annotations

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


def planner() -> str:
    """The planner that Settings name."""
    return getattr(shared.opts, "rpg_planner", "offline")


def goes_on_plain() -> bool:
    """Whether a generation whose regions cannot be applied goes on without them."""
    return getattr(shared.opts, "rpg_on_error", STOP) == GO_ON
