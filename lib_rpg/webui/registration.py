"""What the extension registers with the WebUI each time its script file is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modules import script_callbacks, scripts

from lib_rpg.webui import infotext, saved_pictures, settings
from lib_rpg.webui.api import Routes
from lib_rpg.webui.key_field import KeyIntake
from lib_rpg.webui.preset_routes import PresetRoutes
from lib_rpg.webui.xyz import Axes, PromptSearch


@dataclass
class Status:
    """What the last regional generation did, for `GET /rpg/status`.

    ``last`` is the preflight line of the newest regional sampling, empty before the first.
    """

    last: str = ""


def register(title: str, status: Status) -> None:
    """Register Settings, routes and the plots' axes for the script of that title.

    The WebUI forgets them when its UI is reloaded, and loads the script again.
    """
    routes = Routes(lambda: status.last)
    search, axes = PromptSearch(title), Axes(title)
    presets, intake = PresetRoutes(), KeyIntake()

    def attach_to_plots() -> None:
        modules = [data.module for data in scripts.scripts_data]
        search.attach(modules)
        axes.attach(modules)

    def app_started(_demo: Any, app: Any) -> None:
        routes.register(app)
        presets.register(app)

    script_callbacks.on_ui_settings(lambda: settings.register(intake))
    script_callbacks.on_app_started(app_started)
    script_callbacks.on_infotext_pasted(
        lambda _text, params: infotext.take_over(params, (script.title() for script in scripts.scripts_txt2img.scripts))
    )
    script_callbacks.on_before_image_saved(saved_pictures.fit_infotext)
    script_callbacks.on_image_saved(saved_pictures.write_plan)
    script_callbacks.on_image_saved(saved_pictures.write_plan_picture)
    script_callbacks.on_image_saved(saved_pictures.link_trace)
    script_callbacks.on_before_ui(attach_to_plots)
    script_callbacks.on_script_unloaded(routes.close)
    script_callbacks.on_script_unloaded(presets.close)
    script_callbacks.on_script_unloaded(search.close)
    script_callbacks.on_script_unloaded(axes.close)
