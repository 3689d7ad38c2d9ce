"""Other extensions: those that cannot work together with regions are refused by name, before anything is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan
from lib_rpg.webui import controlnet
from lib_rpg.webui.host import AlwaysOnScript, Processing, host

# By the script's title in lower case. All of them take their own switch as the first argument.
RIVALS = {
    "regional prompter": "binds regions in the same layers",
    "forge couple": "binds regions in the same layers",
    "latent couple extension": "mixes regions into the same latents",
    "demofusion": "draws the picture in tiles, which cannot have regions",
    "multidiffusion integrated": "draws the picture in tiles, which cannot have regions",
    "tiled diffusion": "draws the picture in tiles, which cannot have regions (its Tiled VAE works)",
}

_NEGPIP = "negpip"
_NEGPIP_ACTIVE = "NegPiP Active"  # in the infotext, where NegPiP writes it only if a prompt has negative words
_NEGATIVE_WEIGHT = re.compile(r"\([^():]*:\s*-\s*[\d.]+\s*\)")


def check(p: Processing) -> None:
    """Raise RpgError, naming the extension, if one that cannot work together with regions is switched on in ``p``."""
    for script in host.always_on(p):
        why = RIVALS.get(_title(script))
        if why is not None and _switched_on(p, script):
            name = script.title()
            raise RpgError(f"{name} is switched on, and it {why}: switch off {name}, or RPG")


def check_adapted(p: Processing) -> None:
    """Raise RpgError if a layer of the UNet can come to see other tokens or rows than a region's LoRA has a place in.

    For LoRAs in every layer (mode "unet") alone: regions themselves work together with all of these.
    """
    hires_pass = host.is_hires_pass(p)
    options = ["hypertile_enable_unet", *(["hypertile_enable_unet_secondpass"] if hires_pass else [])]
    found = {
        "Hypertile U-Net tiles": any(host.option(option, False) for option in options),
        "Token merging joins": hasattr(p, "get_token_merging_ratio") and p.get_token_merging_ratio(hires_pass) > 0,
        "A reference unit of ControlNet adds": controlnet.has_reference(p),
    }
    for who, present in found.items():
        if present:
            raise RpgError(
                f"{who} the tokens of a layer, so a region's LoRA in the mode 'unet' cannot be applied: switch "
                "it off, or use the LoRA mode 'text'"
            )


def check_call(p: Processing, rows: int) -> None:
    """Raise RpgError if an extension cannot have regions in a UNet call with that many rows.

    NegPiP finds its rows by counting calls of layers, unless positive and negative prompts come together; and
    every region is one more call.
    """
    if _NEGPIP_ACTIVE in p.extra_generation_params and rows != 2 * p.batch_size:
        raise RpgError(
            "NegPiP together with regions needs the positive and the negative prompt in one UNet call: switch on 'Pad "
            "prompt/negative prompt' and 'Batch cond/uncond' in the settings, switch off everything that "
            "leaves out the negative prompt, and do not use AND; or switch off NegPiP or RPG"
        )


def notes(p: Processing, plans: Iterable[Plan]) -> list[str]:
    """What the user should know of how an extension reads these plans, to be shown under the pictures."""
    in_regions = any(_NEGATIVE_WEIGHT.search(region.prompt) for plan in plans for region in plan.regions)
    if in_regions and any(_title(script) == _NEGPIP and _switched_on(p, script) for script in host.always_on(p)):
        return ["NegPiP reads only the base prompt, for all regions: move the negative weights of regions there"]
    return []


def _title(script: AlwaysOnScript) -> str:
    return str(script.title()).strip().lower()


def _switched_on(p: Processing, script: AlwaysOnScript) -> bool:
    """Whether the script's first argument, its switch, is surely on."""
    args = p.script_args[script.args_from : script.args_to]
    return bool(args) and args[0] is True
