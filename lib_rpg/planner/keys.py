"""The user's keys for servers, in a private file of the user's own; never in Settings' file, a component or an answer.

A key is kept for one provider and one host, and given out for that pair only: whoever changes the address of a provider
later does not get its key. Environment variables come first; see `lib_rpg.planner.providers`.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from pathlib import Path

from lib_rpg.errors import RpgError
from lib_rpg.planner.config import config_folder

MAX_KEY = 1000


class KeyFile:
    """The keys in ``path``: JSON, readable by the user only. Broken or missing, it holds none."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_folder() / "keys.json"

    def __repr__(self) -> str:
        return f"KeyFile({str(self.path)!r})"

    def get(self, provider: str, host: str) -> str:
        """The key that was stored for this provider and this host; empty if there is none."""
        entry = self._read().get(provider)
        return entry[1] if entry and entry[0] == host else ""

    def put(self, provider: str, host: str, key: str) -> None:
        """Store a key, or forget it where ``key`` is blank. Raises RpgError, without the key, if it can't."""
        key = key.strip()
        if len(key) > MAX_KEY or any(character.isspace() or not character.isprintable() for character in key):
            raise RpgError("the key has blanks or is too long; paste the key alone")
        entries = self._read()
        entries.pop(provider, None)
        if key:
            entries[provider] = (host, key)
        part = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}.part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(entries, file)
            part.replace(self.path)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            raise RpgError(f"the key was not stored ({error.strerror}); set the environment variable instead") from None

    def _read(self) -> dict[str, tuple[str, str]]:
        try:
            document = json.loads(self.path.read_text(encoding="utf-8"))
            entries = {provider: (host, key) for provider, (host, key) in document.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}
        return {name: pair for name, pair in entries.items() if all(isinstance(part, str) for part in pair)}
