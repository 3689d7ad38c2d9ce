"""A route for the contract suite: what the process holds at this moment, after the garbage is collected.

``GET /rpg-test/memory`` answers ``rss`` (bytes), ``tensors`` and ``tensor_bytes`` (all that live, those of the model
included; storage that views share counts once), ``hooks`` (on the model's modules) and ``callbacks`` (of all
extensions), and the process' ``threads``.
"""

from __future__ import annotations

import ctypes
import gc
import os
import threading
from pathlib import Path

import rpg_test_model
import torch
from modules import script_callbacks

# The C library, which can give free memory back to the system: then what is resident is what is held.
try:
    trim = ctypes.CDLL(None).malloc_trim
except (AttributeError, OSError):  # not glibc

    def trim(_pad):
        """Nothing to give back."""


def report():
    for _ in range(3):
        gc.collect()
    trim(0)
    tensors = [item for item in gc.get_objects() if issubclass(type(item), torch.Tensor)]
    storages = {}
    for tensor in tensors:
        if tensor.layout == torch.strided:
            storage = tensor.untyped_storage()
            storages[storage.data_ptr()] = storage.nbytes()
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks")
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return {
        "rss": pages * os.sysconf("SC_PAGE_SIZE"),
        "tensors": len(tensors),
        "tensor_bytes": sum(storages.values()),
        "hooks": sum(len(getattr(module, kind)) for module in rpg_test_model.network().modules() for kind in kinds),
        "callbacks": sum(map(len, script_callbacks.callback_map.values())),
        "threads": threading.active_count(),
    }


def add_route(_demo, app):
    app.add_api_route("/rpg-test/memory", report, methods=["GET"])


script_callbacks.on_app_started(add_route)
