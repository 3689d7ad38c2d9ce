"""The folders of this program's files for the user: the cache, and settings."""

from __future__ import annotations

import os
from pathlib import Path

_NAME = "sd-webui-rpg"


def cache_folder() -> Path | None:
    """The user's cache folder for this program: ``$RPG_CACHE``, else the usual place; None without a home."""
    return _folder("RPG_CACHE", "LOCALAPPDATA", ("AppData", "Local"), "XDG_CACHE_HOME", ".cache")


def config_folder() -> Path | None:
    """The user's folder of settings for this program: ``$RPG_CONFIG``, else the usual place; None without a home."""
    return _folder("RPG_CONFIG", "APPDATA", ("AppData", "Roaming"), "XDG_CONFIG_HOME", ".config")


def presets_folder() -> Path | None:
    """The user's folder of presets, in that of settings; None without a home."""
    folder = config_folder()
    return folder and folder / "presets"


def traces_folder() -> Path | None:
    """The user's folder of traces of pictures, in the cache: they can be drawn again; None without a home."""
    folder = cache_folder()
    return folder and folder / "traces"


def _folder(own: str, windows: str, in_profile: tuple[str, ...], xdg: str, in_home: str) -> Path | None:
    if folder := os.environ.get(own):
        return Path(folder)
    variable, below = (windows, in_profile) if os.name == "nt" else (xdg, (in_home,))
    root = Path(os.environ.get(variable, ""))
    if not root.is_absolute():  # The XDG standard: a relative or empty value is ignored.
        try:
            root = Path.home().joinpath(*below)
        except (RuntimeError, KeyError):  # no HOME, and the user is none that the system knows
            return None
    return root / _NAME if root.is_absolute() else None
