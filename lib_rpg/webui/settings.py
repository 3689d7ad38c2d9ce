"""The extension's page in Settings.

What says where a prompt is sent, and to which model, cannot be set over the API. The key has a field here but is no
setting: once applied it moves to the user's key file, and the field is empty again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr
from modules import shared

from lib_rpg.errors import RpgError
from lib_rpg.planner import METHODS, PLANNERS, PlannerConfig
from lib_rpg.planner.keys import KeyFile
from lib_rpg.planner.providers import preset_names, server_of
from lib_rpg.webui.args import Defaults

STOP, GO_ON = "stop the generation", "go on without regions"
SECTION = ("rpg", "RPG regions")
_DEFAULTS = PlannerConfig()


def register() -> None:
    """Add the options; called by the WebUI when it builds Settings."""
    option = shared.OptionInfo
    choice, text, slider = gr.Dropdown, gr.Textbox, gr.Slider
    private = {"section": SECTION, "restrict_api": True}
    options = {
        "rpg_planner": option("offline", "Planner", choice, {"choices": list(PLANNERS)}, section=SECTION).info(
            "who plans when no plan was made in the panel or sent with the request"
        ),
        "rpg_on_error": option(
            STOP, "When regions cannot be applied", gr.Radio, {"choices": [STOP, GO_ON]}, section=SECTION
        ).info("bad text, an unsupported model, no matching layer; the reason is always told"),
        "rpg_method": option("rpg", "Method", choice, {"choices": list(METHODS)}, section=SECTION).info(
            "rpg: a grid; rag: a grid with a box for each object; lmd: free boxes"
        ),
        "rpg_recaption": option(True, "Let the model write the regions' prompts richer than yours", section=SECTION),
        "rpg_language": option("", "Language of the regions' prompts", text, section=SECTION).info(
            "such as English; empty keeps your prompt's own"
        ),
        "rpg_provider": option("openai", "Server", choice, lambda: {"choices": preset_names(config())}, **private).info(
            "for the planner openai; its key comes from the environment, or from the field below"
        ),
        "rpg_base_url": option("", "Server's address", text, **private).info("empty takes the server's own"),
        "rpg_model": option("", "Model", text, **private).info("empty takes the server's usual one"),
        "rpg_key": option("", "Key", text, {"type": "password"}, onchange=store_key, **private).info(
            "kept in a file of yours for this server and address, not in the WebUI's settings; - forgets it"
        ),
        "rpg_connect_timeout": option(
            _DEFAULTS.connect_timeout, "Seconds to connect", slider, {"minimum": 1, "maximum": 60, "step": 1}, **private
        ),
        "rpg_timeout": option(
            _DEFAULTS.timeout, "Seconds for a plan", slider, {"minimum": 5, "maximum": 1800, "step": 5}, **private
        ),
        "rpg_max_tokens": option(
            _DEFAULTS.max_tokens,
            "Tokens of an answer",
            slider,
            {"minimum": 256, "maximum": 32768, "step": 256},
            **private,
        ),
        "rpg_local_folder": option("", "Folder of the local model", text, **private).info("for the planner local"),
        "rpg_local_device": option("", "Device of the local model", text, **private).info("empty chooses"),
        "rpg_cache": option(True, "Keep answers, so that the same prompt is asked once", **private),
        "rpg_templates": option("", "Folder with templates and examples of your own", text, **private),
        "rpg_providers": option("", "File with servers of your own", text, **private),
    }
    for name, info in options.items():
        shared.opts.add_option(name, info)


def store_key() -> None:
    """Move a key that was typed into Settings to the user's key file, and tell the console how that went."""
    typed = str(getattr(shared.opts, "rpg_key", "") or "")
    shared.opts.data["rpg_key"] = ""
    if not typed:
        return
    made = config()
    try:
        KeyFile().put(made.provider, server_of(made), "" if typed.strip() == "-" else typed)
        print(f"RPG: the key of {made.provider} was stored")  # noqa: T201
    except RpgError as error:
        print(f"RPG: {error}")  # noqa: T201


def config() -> PlannerConfig:
    """The planners' configuration that Settings tell."""

    def path(name: str) -> Path | None:
        value = str(_option(name, "") or "").strip()
        return Path(value) if value else None

    return PlannerConfig(
        provider=_option("rpg_provider", _DEFAULTS.provider) or _DEFAULTS.provider,
        base_url=str(_option("rpg_base_url", "") or "").strip(),
        model=str(_option("rpg_model", "") or "").strip(),
        connect_timeout=float(_option("rpg_connect_timeout", _DEFAULTS.connect_timeout)),
        timeout=float(_option("rpg_timeout", _DEFAULTS.timeout)),
        max_tokens=int(_option("rpg_max_tokens", _DEFAULTS.max_tokens)),
        local_folder=str(_option("rpg_local_folder", "") or "").strip(),
        device=str(_option("rpg_local_device", "") or "").strip(),
        cache=_DEFAULTS.cache if _option("rpg_cache", True) else None,
        templates=path("rpg_templates"),
        providers=path("rpg_providers"),
    )


def defaults(p: Any = None) -> Defaults:
    """What Settings say, or the request ``p`` where it overrides them, for a request that does not say it itself."""
    asked: Mapping[str, Any] = {
        "method": _setting(p, "rpg_method", "rpg"),
        "recaption": _setting(p, "rpg_recaption", True),
        "language": _setting(p, "rpg_language", ""),
    }
    return Defaults(_setting(p, "rpg_planner", "offline"), asked)


def goes_on_plain(p: Any = None) -> bool:
    """Whether a generation whose regions cannot be applied goes on without them."""
    return _setting(p, "rpg_on_error", STOP) == GO_ON


def _setting(p: Any, name: str, default: Any) -> Any:
    """The WebUI puts ``override_settings`` in force only after ``before_process``. For what the API may set."""
    overrides = getattr(p, "override_settings", None) or {}
    return overrides.get(name, _option(name, default))


def _option(name: str, default: Any) -> Any:
    return getattr(shared.opts, name, default)
