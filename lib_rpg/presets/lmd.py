"""LMD's four presets as settings of a plan. Regions and their words, and all that a preset does not name, stay.

LMD's page has *standard*, two *faster* ones, of which each does without one of its two means, and *fastest* without
both (reference/rag-and-lmd.md B.5). Its means are objects that are drawn by themselves and held in their boxes for half
of the steps, which is hard binding here, and attention guidance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_BY_THEMSELVES = {"binding": "auto", "bound_steps": 0.5, "bound_sigma": 0.0, "bound_strength": 1.0}
_TOGETHER = {"binding": "off"}
_GUIDED = {"guidance": "lmd", "guidance_scale": 1.0, "guidance_schedule": "standard"}
_BIASED = {**_GUIDED, "guidance": "bias"}
_ATTENTION = {"compose": "attention"}


@dataclass(frozen=True)
class SettingsPreset:
    """Fields of a plan under a name. ``about`` is one sentence that says what they do."""

    name: str
    about: str
    fields: Mapping[str, Any]


LMD_PRESETS = (
    SettingsPreset(
        "LMD standard",
        "Objects are drawn by themselves for half of the steps, and attention guidance leads things into their boxes.",
        {**_ATTENTION, **_BY_THEMSELVES, **_GUIDED},
    ),
    SettingsPreset(
        "LMD faster (no attention guidance)",
        "Objects are drawn by themselves for half of the steps; there is no attention guidance, so no gradients.",
        {**_ATTENTION, **_BY_THEMSELVES, "guidance": "off"},
    ),
    SettingsPreset(
        "LMD faster (no per-box guidance)",
        "Attention guidance leads things into their boxes; objects are not drawn by themselves.",
        {**_ATTENTION, **_TOGETHER, **_GUIDED},
    ),
    SettingsPreset(
        "LMD fastest",
        "A bias of the attention leads things into their boxes: no gradients, and no object is drawn by itself.",
        {**_ATTENTION, **_TOGETHER, **_BIASED},
    ),
)
"""In the order of LMD's page."""


def find_settings(name: str) -> SettingsPreset | None:
    """The preset of that name, None where there is none."""
    return next((preset for preset in LMD_PRESETS if preset.name == name), None)
