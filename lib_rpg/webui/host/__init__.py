"""The one boundary to the WebUI that the extension runs in: an interface, and its implementation for AUTOMATIC1111.

A second host, such as one of the Forge family, is a second implementation of `Host`, chosen here. What all hosts have
in common is imported where it is registered or shown: ``scripts`` by ``script``, ``script_callbacks`` by
``registration``, Settings by ``settings``, the command line by ``api``, ``errors`` by ``console``.
"""

from __future__ import annotations

from lib_rpg.webui.host.automatic1111 import Automatic1111
from lib_rpg.webui.host.interface import Host
from lib_rpg.webui.host.processing import AlwaysOnScript, Processing

__all__ = ["AlwaysOnScript", "Host", "Processing", "host"]

host: Host = Automatic1111()
"""The host of this process. It holds no state of its own but the lengths of texts that it counted."""
