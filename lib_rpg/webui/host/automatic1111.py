"""What the host offers: is there a UNet that regions can be attached to, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modules import sd_unet, shared
from torch import nn

from lib_rpg.errors import RpgError

LOW_MEMORY_SHARE = 0.02


def unet_of(sd_model: Any) -> nn.Module:
    """The UNet of a loaded checkpoint. Raises RpgError, naming the obstacle, where regions cannot work."""
    name = getattr(getattr(sd_model, "sd_checkpoint_info", None), "name_for_extra", "this checkpoint")
    if hasattr(sd_model, "forge_objects"):
        raise RpgError("RPG regions need AUTOMATIC1111's WebUI; on Forge its planner works but regions do not yet")
    if sd_unet.current_unet is not None:
        raise RpgError(
            f"RPG regions cannot work with the replaced UNet {sd_unet.current_unet.option.label!r}: "
            "set 'SD Unet' to None in Settings"
        )
    unet = getattr(getattr(sd_model, "model", None), "diffusion_model", None)
    if unet is None or not any(module_name.endswith("attn2") for module_name, _ in unet.named_modules()):
        raise RpgError(f"RPG regions need a checkpoint with cross-attention (SD1, SD2 or SDXL), and {name!r} has none")
    return unet


def always_on(p: Any) -> Sequence[Any]:
    """The scripts of this tab that run in every generation, each with its own part of ``p.script_args``."""
    return getattr(getattr(p, "scripts", None), "alwayson_scripts", ())


def kv_limit(sd_model: Any, unet: nn.Module) -> int | None:
    """Bytes that regions' keys and values may take: a part of the UNet's where memory is short, else None for any."""
    if not getattr(sd_model, "lowvram", False):  # set by --medvram and --lowvram
        return None
    return int(LOW_MEMORY_SHARE * sum(parameter.nbytes for parameter in unet.parameters()))


def needs_composed_path() -> str:
    """Why every layer must take the composed path, or an empty text: a hypernetwork changes K and V."""
    return "a hypernetwork is on" if shared.loaded_hypernetworks else ""
