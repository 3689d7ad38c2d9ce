"""The user's keys for servers, in a private file of the user's own; never in Settings' file, a component or an answer.

A key is kept for one provider and one host, and given out for that pair only: whoever changes the address of a provider
later does not get its key. Environment variables come first; see `lib_rpg.planner.llm.chats`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lib_rpg.checks import read_json
from lib_rpg.errors import RpgError
from lib_rpg.files import FileError, alone_in, read_text, remove_stale, show_path, write_private
from lib_rpg.planner.config import config_folder

MAX_KEY = 1000
STALE_SECONDS = 60.0
_MAX_FILE = 1_000_000


class KeyFile:
    """The keys in ``path``: JSON, readable by the user only. Broken or missing, it holds none.

    Without a path it is in the user's folder of settings; where there is none, `path` is None.
    """

    def __init__(self, path: Path | None = None) -> None:
        folder = config_folder()
        self.path = path or (folder / "keys.json" if folder else None)

    def __repr__(self) -> str:
        return f"KeyFile({str(self.path)!r})"

    def get(self, provider: str, host: str) -> str:
        """The key that was stored for this provider and this host; empty if there is none."""
        if self.path is None:
            return ""
        _tidy(self.path)
        try:
            entry = _read(self.path).get(provider)
        except RpgError:
            return ""
        if not isinstance(entry, list) or len(entry) != 2 or not all(isinstance(part, str) for part in entry):
            return ""
        return entry[1] if entry[0] == host else ""

    def put(self, provider: str, host: str, key: str) -> None:
        """Store a key, or forget it where ``key`` is blank; what else the file holds stays as it is.

        Raises RpgError, without the key, if it can't; a file that is no key file is left alone.
        """
        key = key.strip()
        if len(key) > MAX_KEY or any(character.isspace() or not character.isprintable() for character in key):
            raise RpgError("the key has blanks or is too long; paste only the key")
        if self.path is None:
            raise RpgError("the key was not stored, because this user has no home folder; set RPG_CONFIG to a folder")
        _tidy(self.path)
        try:
            with alone_in(self.path.parent, "the key file"):
                entries = _read(self.path)
                entries.pop(provider, None)
                if key:
                    entries[provider] = [host, key]
                write_private(self.path, json.dumps(entries), "the key file")
        except FileError as error:
            raise RpgError(f"the key was not stored ({error.reason}); set the environment variable instead") from None


def _read(path: Path) -> dict[str, Any]:
    """All entries, those of another form too. Raises RpgError, which shows nothing that is in the file."""
    try:
        text = read_text(path, _MAX_FILE, "the key file", private=True)
        document = read_json(text) if text.strip() else {}
        problem = "" if isinstance(document, dict) else "it is not a JSON object"
    except FileError as error:
        if error.missing:
            return {}
        problem = error.reason
    except RpgError:
        problem = "it is not valid JSON"
    if problem:
        raise RpgError(
            f"the key was not stored, because {show_path(path)} cannot be read ({problem}); repair that file, or move "
            "it away"
        )
    return document


def _tidy(path: Path) -> None:
    """A process that was killed while it wrote has left a file with keys."""
    remove_stale(path.parent, f"{path.name}.", STALE_SECONDS)
