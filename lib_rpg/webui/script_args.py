"""Copies of a generation for one more picture, and the arguments of one script in them."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from lib_rpg.webui.host import Processing, host


def own_values(p: Processing, title: str) -> list[Any] | None:
    """The arguments of the script of that title, or None where it is not there or has none."""
    for script in host.always_on(p):
        if script.title() == title:
            return list(p.script_args[script.args_from : script.args_to]) or None
    return None


def set_own_values(p: Processing, title: str, values: Sequence[Any]) -> None:
    """Replace the arguments of the script of that title in ``p``, which is a copy."""
    for script in host.always_on(p):
        if script.title() == title:
            args = list(p.script_args)
            args[script.args_from : script.args_to] = values
            p.script_args = tuple(args)


def copy_for_one(p: Processing) -> Any:
    """``p`` for one picture without a grid; what a generation writes down of itself is apart from that of ``p``."""
    made: Any = copy.copy(p)
    made.comments, made.extra_generation_params = {}, {}
    made.override_settings = dict(p.override_settings)
    made.n_iter = made.batch_size = 1
    made.do_not_save_grid = True
    return made
