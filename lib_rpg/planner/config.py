"""Which model plans, and how: made from the command line and the environment, or from the WebUI's Settings."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


def cache_folder() -> Path:
    """The user's cache folder for this program: ``$RPG_CACHE``, else the platform's usual place."""
    if own := os.environ.get("RPG_CACHE"):
        return Path(own)
    if os.name == "nt":
        root = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(root) / "sd-webui-rpg"


def config_folder() -> Path:
    """The user's folder of settings for this program: ``$RPG_CONFIG``, else the platform's usual place."""
    if own := os.environ.get("RPG_CONFIG"):
        return Path(own)
    if os.name == "nt":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "sd-webui-rpg"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "sd-webui-rpg"


@dataclass(frozen=True)
class PlannerConfig:
    """Settings of the planners that use a model.

    provider: a name from the presets. base_url, model: empty takes the preset's own. key: a secret, empty takes the
    preset's environment variable; it shows in no repr. connect_timeout, timeout: seconds, for a connection and for the
    whole request. max_tokens: of an answer. local_folder, device, dtype: for ``local``; empty chooses.
    cache: the folder of cached answers, None for no cache. templates, providers: the user's own template folder and
    providers file, None for none. from_page: whether whoever reaches the WebUI's page can set these values, as
    Settings; then a key of the environment goes only to the built-in preset's own address, or to one from the
    environment.
    """

    provider: str = "openai"
    base_url: str = ""
    model: str = ""
    key: str = field(default="", repr=False)
    connect_timeout: float = 10.0
    timeout: float = 180.0
    max_tokens: int = 4096
    local_folder: str = ""
    device: str = ""
    dtype: str = ""
    cache: Path | None = field(default_factory=lambda: cache_folder() / "answers")
    templates: Path | None = None
    providers: Path | None = None
    from_page: bool = False
