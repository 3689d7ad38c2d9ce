"""What the extension registers with the WebUI each time its script file is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modules import script_callbacks

from lib_rpg.webui import settings
from lib_rpg.webui.api import Routes
from lib_rpg.webui.key_field import KeyIntake


@dataclass
class Status:
    """What the last regional generation did, for `GET /rpg/status`.

    ``last`` is the preflight line of the newest regional sampling, empty before the first.
    """

    last: str = ""


def register(status: Status) -> None:
    """Register Settings and routes; the WebUI forgets them when its UI is reloaded, and loads the script again."""
    routes = Routes(lambda: status.last)
    intake = KeyIntake()

    def app_started(_demo: Any, app: Any) -> None:
        routes.register(app)

    script_callbacks.on_ui_settings(lambda: settings.register(intake))
    script_callbacks.on_app_started(app_started)
    script_callbacks.on_script_unloaded(routes.close)
