"""The one boundary to the WebUI that the extension runs in: an interface, and an implementation for each kind of WebUI.

Which one it is, is chosen here. What all hosts have in common is imported where it is registered or shown: ``scripts``
by ``script``, ``script_callbacks`` by ``registration``, Settings by ``settings``, the command line by ``api``,
``errors`` by ``console``.
"""

from __future__ import annotations

from lib_rpg.webui.host.automatic1111 import Automatic1111
from lib_rpg.webui.host.forge import Forge, preparing
from lib_rpg.webui.host.interface import Host, Step, WeightPatching
from lib_rpg.webui.host.processing import AlwaysOnScript, Processing

__all__ = ["AlwaysOnScript", "Host", "Processing", "Step", "WeightPatching", "host"]


def _chosen() -> Host:
    """By what the WebUI can do: it either loads a UNet's patcher for sampling, or has its UNet in the checkpoint."""
    prepare = preparing()
    return Automatic1111() if prepare is None else Forge(prepare)


host: Host = _chosen()
"""The host of this process. It holds no state of its own but the lengths of texts that it counted."""
