"""Which model plans, and how: made from the command line and the environment, or from the WebUI's Settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lib_rpg.folders import cache_folder, config_folder

__all__ = ["PlannerConfig", "cache_folder", "config_folder"]


def _answers_folder() -> Path | None:
    folder = cache_folder()
    return folder / "answers" if folder else None


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
    cache: Path | None = field(default_factory=_answers_folder)
    templates: Path | None = None
    providers: Path | None = None
    from_page: bool = False
