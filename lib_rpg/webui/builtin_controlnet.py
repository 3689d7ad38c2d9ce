"""The ControlNet that the Forge family has built in: a region's own units.

It reads its enabled units when the generation begins, and what it keeps of each it hands to the model before every
sampling. A mask in there restricts a ControlNet, a T2I-Adapter or an IP-Adapter to a place.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from lib_rpg.checks import refuse

_INPAINT = "inpaint"
"""How the names of preprocessors begin that read a unit's mask as what is to be inpainted."""


def is_there(script: Any) -> bool:
    """Whether a script of the title "ControlNet" is the one that is built in."""
    return hasattr(script, "process_unit_before_every_sampling")


def read_units(script: Any, enabled: Sequence[int]) -> dict[int, Any]:
    """What it keeps of each enabled unit, by the unit's number."""
    kept: Mapping[int, Any] = script.current_params
    return {number: kept[place] for place, number in enumerate(enabled) if place in kept}


def check(read: Mapping[int, Any], number: int, place: str) -> None:
    """Raise RpgError where this unit, as ``read``, cannot be restricted."""
    name = f"ControlNet Unit {number}"
    kept = read.get(number)
    if kept is None:
        refuse(place, f"ControlNet does not use its Unit {number}", "change the unit, or name it in no region")
    if kept.control_mask is not None:
        refuse(place, f"{name} has its own mask", "leave it out, or name the unit in no region")
    preprocessor = str(kept.preprocessor.name)
    if preprocessor.lower().startswith(_INPAINT):
        refuse(place, f"{name} ({preprocessor}) inpaints by its mask", "name it in no region")
    if hasattr(kept.model, "ip_adapter"):
        return
    patcher = getattr(kept.model, "model_patcher", None)
    if patcher is None:
        refuse(place, f"{name} ({preprocessor}) acts on the whole picture only", "name it in no region")
    if not _reads_masks(patcher):
        refuse(place, f"{name}: this WebUI's ControlNet reads no masks", "name an IP-Adapter, or no unit")


def restrict(kept: Any, first: Tensor, hires: Tensor) -> None:
    """Put masks (1, 1, height, width) in 0…1 for the first pass and the hires pass, in latents of each."""
    kept.control_mask, kept.control_mask_for_hr_fix = first, hires


def _reads_masks(patcher: Any) -> bool:
    """Whether the code of a control model weights what it adds by a mask: reForge's takes one and does not."""
    modules = (sys.modules.get(cls.__module__) for cls in type(patcher).__mro__)
    return any(hasattr(module, "compute_controlnet_weighting") for module in modules)
