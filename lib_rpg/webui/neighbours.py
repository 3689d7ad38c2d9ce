"""Extensions that draw regions or tiles of their own: where one is switched on, regions are refused by its name."""

from __future__ import annotations

from typing import Any

from lib_rpg.errors import RpgError

# By the script's title in lower case. All of them take their own switch as the first argument.
RIVALS = {
    "regional prompter": "binds regions in the same layers",
    "forge couple": "binds regions in the same layers",
    "latent couple extension": "mixes regions into the same latents",
    "demofusion": "has the UNet draw tiles, which have no place for regions",
    "tiled diffusion": "has the UNet draw tiles, which have no place for regions (its Tiled VAE works)",
}


def check(p: Any) -> None:
    """Raise RpgError, naming the extension, if one that cannot work together with regions is switched on in ``p``."""
    for script in getattr(getattr(p, "scripts", None), "alwayson_scripts", ()):
        why = RIVALS.get(str(script.title()).strip().lower())
        if why is None:
            continue
        args = p.script_args[script.args_from : script.args_to]
        if args and args[0] is True:
            name = script.title()
            raise RpgError(f"{name} is switched on, and {why}: switch off {name}, or RPG")
