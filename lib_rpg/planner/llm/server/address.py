"""Addresses of servers: which are valid, and how they are shown in a message, without secrets."""

from __future__ import annotations

import ipaddress
import urllib.parse

from lib_rpg.checks import refuse


def check_base_url(url: str, place: str) -> str:
    """The address without a slash at its end. Raises RpgError, which shows nothing that may be a password."""
    url = url.strip()
    if "@" in url:
        refuse(place, "contains a user name or password", "remove it, and give the key in its own setting")
    if not _is_address(url):
        refuse(place, "is not an address", "write it as http://127.0.0.1:8080/v1")
    if "?" in url or "#" in url:
        refuse(place, "has a part after '?' or '#'", "remove that part")
    return url.rstrip("/")


def _is_address(url: str) -> bool:
    try:
        parts = urllib.parse.urlsplit(url)
        has_host = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return has_host and url.isprintable() and " " not in url


def shown_address(url: str) -> str:
    """Scheme, host, port and path: for messages, and as the name of a server."""
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port: a key is for one origin only."""
    parts = urllib.parse.urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


def is_this_machine(url: str) -> bool:
    """Whether the address is this machine's own; requests to it take no proxy."""
    host = origin(url)[1]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
