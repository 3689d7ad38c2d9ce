"""Plans from the infotexts of other regional tools: Regional Prompter, Forge Couple and Latent Couple."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.other_infotexts.forge_couple import read as _read_forge_couple
from lib_rpg.other_infotexts.latent_couple import read as _read_latent_couple
from lib_rpg.other_infotexts.pasted import Pasted
from lib_rpg.other_infotexts.regional_prompter import read as _read_regional_prompter

__all__ = ["Pasted", "plan_of"]

_READERS = (_read_regional_prompter, _read_forge_couple, _read_latent_couple)


def plan_of(params: Mapping[str, Any]) -> Pasted | None:
    """The regions that another tool drew a picture with, from the picture's parsed infotext.

    ``params`` are the parameters as the WebUI's paste reads them, with ``Prompt`` and ``Negative prompt``. None where
    they have no other tool's regions, or these were not active. Raises RpgError, in one sentence that names the tool,
    where the infotext does not say what the regions were.
    """
    found = [made for read in _READERS if (made := read(params))]
    if len(found) > 1:
        tools = " and ".join(made.tool for made in found)
        raise RpgError(f"the infotext has regions of {tools}; remove the parameters of all but one of them")
    return found[0] if found else None
