"""Whether a request comes from a page of this WebUI, or from no page at all; what other sites send is refused.

A page of another origin can make a browser send requests to a WebUI on the user's machine, with the user's login. It
cannot read the answers, but a request that plans spends the key of the WebUI's owner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from lib_rpg.errors import RpgError

# A browser lets no page set these; a proxy that adds them may have changed the Host header.
_PROXY_HEADERS = ("x-forwarded-for", "x-real-ip", "forwarded", "via")
_PORTS = {"http": 80, "https": 443}


class OtherSiteError(RpgError):
    """A browser sent the request from a page of another origin."""


def check_same_site(headers: Mapping[str, str], options: Any = None) -> None:
    """Raise OtherSiteError for a request that a page of another origin sent.

    ``headers`` has the names in lower case. ``options`` are the WebUI's command line: origins that its
    ``--cors-allow-origins`` and ``--cors-allow-origins-regex`` allow are allowed here. A program other than a browser
    sends neither Sec-Fetch-Site nor Origin, and passes.
    """
    site, origin = headers.get("sec-fetch-site", ""), headers.get("origin", "")
    if not origin and not site:
        return
    if _is_allowed(origin, options):
        return
    if site:
        if site not in ("same-origin", "none"):
            _refuse(origin)
        return
    host = headers.get("x-forwarded-host") or headers.get("host", "")
    if "x-forwarded-host" not in headers and any(name in headers for name in _PROXY_HEADERS):
        return
    scheme, _, _ = origin.partition("://")
    sender = _host_of(origin)
    if not sender or sender != _host_of(f"{scheme}://{host}"):
        _refuse(origin)


def _is_allowed(origin: str, options: Any) -> bool:
    listed = getattr(options, "cors_allow_origins", None) or ""
    pattern = getattr(options, "cors_allow_origins_regex", None) or ""
    names = [name.strip() for name in listed.split(",")]
    return bool(origin) and ("*" in names or origin in names or bool(pattern and re.fullmatch(pattern, origin)))


def _host_of(url: str) -> tuple[str, int | None] | None:
    """Host and port, the usual one of its scheme where it names none; None for no address of the web."""
    try:
        parts = urlsplit(url)
        return (parts.hostname.lower(), parts.port or _PORTS.get(parts.scheme)) if parts.hostname else None
    except ValueError:
        return None


def _refuse(origin: str) -> None:
    known = origin if re.fullmatch(r"https?://[\w.:\[\]-]{1,200}", origin) else "another site"
    raise OtherSiteError(
        f"the request comes from a page of {known}, not of this WebUI; use the WebUI's own page, or start it with "
        "--cors-allow-origins for that site"
    )
