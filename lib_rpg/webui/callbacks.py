"""What the extension registers with the WebUI each time its script file is loaded."""

from __future__ import annotations

from typing import Any

from modules import script_callbacks

from lib_rpg.webui import api, settings
from lib_rpg.webui.status import Status


def register(status: Status) -> None:
    """Register Settings and routes; the WebUI forgets them when its UI is reloaded, and loads the script anew."""

    def app_started(_demo: Any, app: Any) -> None:
        api.register(app, status)

    script_callbacks.on_ui_settings(settings.register)
    script_callbacks.on_app_started(app_started)
