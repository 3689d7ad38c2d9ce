"""Reads the tags of LoRAs as the WebUI's Lora extension reads them: ``<lora:name:te:unet:dyn>``, ``te=``, ``unet=``."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from modules import extra_networks

from lib_rpg.checks import show
from lib_rpg.errors import RpgError

_NAMED = ("te", "unet", "dyn")
_PLACES = 1 + len(_NAMED)
_MAX_SHOWN = 100
_SCHEDULE = "@~"
"""Marks of a strength that changes from step to step, for extensions that read such ones: ``0@0,1@0.5``."""


class LoraTag(NamedTuple):
    """What a tag says: a name, the strength in the text encoder and in the UNet, and how many dimensions are used.

    ``unread`` are arguments that the Lora extension does not know, such as ``lbw=OUTD``.
    """

    name: str
    te: float
    unet: float
    dyn: int | None
    unread: tuple[str, ...]


def read_tag(tag: str) -> LoraTag:
    """Read a tag that is a region's own. Raises RpgError for what the Lora extension would not read."""
    params = _params_of(tag)
    values, named = params.positional, params.named
    te, unet, dyn = 1.0, None, None
    if len(values) > 1:
        te = _number(tag, values[1])
    if "te" in named:
        te = _number(tag, named["te"])
    if len(values) > 2:
        unet = _number(tag, values[2])
    if "unet" in named:
        unet = _number(tag, named["unet"])
    if len(values) > 3:
        dyn = _number(tag, values[3], int)
    if "dyn" in named:
        dyn = _number(tag, named["dyn"], int)
    unread = (*map(str, values[_PLACES:]), *(f"{key}={value}" for key, value in named.items() if key not in _NAMED))
    return LoraTag(values[0], te, te if unet is None else unet, dyn, unread)


def check_shared(tag: str) -> None:
    """Raise RpgError where the Lora extension cannot read a tag that acts on the whole picture.

    It would leave out all of the picture's LoRAs then. Schedules are read by other extensions in its place.
    """
    params = _params_of(tag)
    strengths = [*params.positional[1:_PLACES], *(params.named[key] for key in _NAMED if key in params.named)]
    if not any(mark in str(strength) for mark in _SCHEDULE for strength in strengths):
        read_tag(tag)


def quoted(tag: str) -> str:
    """A tag for a message."""
    return repr(tag if len(tag) <= _MAX_SHOWN else f"{tag[:_MAX_SHOWN]}…")


def _params_of(tag: str) -> Any:
    _, data = extra_networks.parse_prompt(tag)
    [[params]] = data.values()
    if not params.positional:
        raise RpgError(f"The LoRA tag {quoted(tag)} of a region has no name: write it as <lora:name:strength>")
    return params


def _number(tag: str, value: Any, kind: Callable[[Any], Any] = float) -> Any:
    try:
        number = kind(value)
        if math.isfinite(number):
            return number
    except (ValueError, OverflowError):
        pass
    if any(mark in str(value) for mark in _SCHEDULE):
        raise RpgError(
            f"The LoRA tag {quoted(tag)} of a region changes its strength from step to step, which works for the whole "
            "picture only: give one number, or use the LoRA mode 'shared' with an extension that reads it"
        )
    wanted = "a whole number" if kind is int else "a number such as 0.8"
    raise RpgError(
        f"The LoRA tag {quoted(tag)} of a region cannot be read: write it as <lora:name:strength>, with {wanted} for "
        f"{show(value)}"
    )
