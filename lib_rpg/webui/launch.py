"""Wraps the launch of a sampler, so that regions are attached while it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lib_rpg.errors import RpgError
from lib_rpg.webui import controlnet
from lib_rpg.webui.host import Processing, host

_BEFORE = "rpg_before"
"""The attribute of a launch of ours that holds what it has replaced."""


def run_around(p: Processing, run: Callable[[], Any], as_seen: Callable[[RpgError], Exception]) -> None:
    """Have the sampler's next launch happen inside the context manager that ``run`` makes, then be as before.

    What the block is given has the sampler run, by its ``sample``: a `lib_rpg.webui.sampling.RegionalSampling`.

    The WebUI swallows what a script callback raises and has no ``finally`` for scripts; inside the launch,
    errors reach the user, in the form that ``as_seen`` gives them, and closing is certain.
    """
    sampler = p.sampler
    previous = sampler.__dict__.get("launch_sampling")
    while hasattr(previous, _BEFORE):  # Forge announces the hires pass twice
        previous = getattr(previous, _BEFORE)
        _put(sampler, previous)
    launch = sampler.launch_sampling

    def launch_with_regions(steps: int, func: Callable[[], Any]) -> Any:
        _put(sampler, previous)
        drawn = False
        try:
            with run() as sampling:
                latents = launch(steps, lambda: sampling.sample(func))
            drawn = not host.is_cancelled()
            return latents
        except RpgError as error:
            raise as_seen(error) from error
        finally:
            if not drawn:
                controlnet.forget_marks(p)

    setattr(launch_with_regions, _BEFORE, previous)
    sampler.launch_sampling = launch_with_regions


def _put(sampler: Any, launch: Any) -> None:
    """Give a sampler this launch of its own, or None for its class's."""
    if launch is None:
        sampler.__dict__.pop("launch_sampling", None)
    else:
        sampler.launch_sampling = launch
