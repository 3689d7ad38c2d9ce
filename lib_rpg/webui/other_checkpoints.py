"""Checkpoints without cross-attention: what of a plan has none of its layers to act on is refused by name."""

from __future__ import annotations

from collections.abc import Iterable

from lib_rpg.checks import refuse
from lib_rpg.plan import Plan
from lib_rpg.regional.flux import is_flux
from lib_rpg.webui.conditioning import key_of
from lib_rpg.webui.host import host

_FLUX = "a Flux checkpoint has no cross-attention"


def check(plans: Iterable[Plan]) -> None:
    """On a Flux checkpoint raise RpgError for guidance, GLIGEN, objects cut out by attention, and LoRAs of regions."""
    for plan in plans if is_flux(host.unet_of(host.model())) else ():
        if plan.guidance != "off" and plan.guidance_scale > 0:
            refuse("guidance", f"{_FLUX} to guide", "set guidance to 'off'")
        if plan.gligen > 0:
            refuse("gligen", f"{_FLUX}, and GLIGEN's weights are for SD 1.x", "set gligen to 0")
        if plan.compose in ("two-phase", "lock-step"):
            refuse("compose", f"{_FLUX} to cut objects out by", "set compose to 'attention' or 'multidiffusion'")
        if any(key_of(region.prompt, plan.lora)[0] for region in plan.regions if region.acts):
            refuse("lora", "a LoRA acts on the whole picture on a Flux checkpoint", "set lora to 'shared'")
