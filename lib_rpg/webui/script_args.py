"""The arguments of one script among those of all scripts, which a generation shares with its copies."""

from __future__ import annotations

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
