"""The ``openai`` package: checks for a supported release, and limits what it and related packages may log."""

from __future__ import annotations

import importlib.metadata
import logging
import re
import sys
import threading

from lib_rpg.checks import show
from lib_rpg.errors import RpgError
from lib_rpg.planner.llm.watched import THREAD

NEEDED = ">=1.40,<3"
_LOWEST, _TOO_HIGH = (1, 40), (3,)
_LOGGERS = (
    "openai",
    "openai._base_client",
    "openai._response",
    "openai._legacy_response",
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)


def check_package() -> None:
    """Import ``openai``. Raises RpgError if it is missing, of another release, or broken.

    A release out of the known range is not imported: half of what it needs may be of another version too.
    """
    version = _version()
    if version:
        release = tuple(int(part) for part in re.findall(r"[0-9]+", version)[:2])
        if not _LOWEST <= release < _TOO_HIGH:
            raise RpgError(
                f"the installed openai package has the version {show(version)}, and planning with a server needs "
                f"{NEEDED}; everything else works; another version may break the extension that installed this one, so "
                "change it only if you do not need that extension"
            )
    try:
        import openai  # noqa: F401
    except ImportError:
        raise RpgError(f"the openai package is missing; install it with: pip install 'openai{NEEDED}'") from None
    except Exception as error:
        raise RpgError(
            f"the openai package {version} cannot be imported ({type(error).__name__}); reinstall it with: pip "
            f"install 'openai{NEEDED}'"
        ) from None


def _version() -> str:
    """The version that is, or would be, imported; empty if none is known."""
    loaded = getattr(sys.modules.get("openai"), "__version__", None)
    if isinstance(loaded, str):
        return loaded
    try:
        return importlib.metadata.version("openai")
    except importlib.metadata.PackageNotFoundError:
        return ""


class _NotFromRequests(logging.Filter):
    """Drops what is logged in the threads of requests: a server's reason and headers may hold the key."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002
        return threading.current_thread().name != THREAD


_NOT_FROM_REQUESTS = _NotFromRequests()


def quiet_logs() -> None:
    """Keep the packages that carry requests from logging ours; other requests are logged as before."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_NOT_FROM_REQUESTS)
