"""What a WebUI of the Forge family does where memory is short, on a machine where it is not: on the CPU."""

import contextlib
import sys
from unittest import mock

FETCHES = ("parameters_manual_cast", "ldm_patched_cast_weights", "comfy_cast_weights")
"""Names by which a layer fetches its weights in each call; with ``prev_`` in front where the loader has set that."""


def is_fetched(layer):
    """Whether the loader left the layer's weights where they were, to be fetched in each call."""
    return any(hasattr(layer, f"prev_{name}") for name in FETCHES)


def every_layer_fetches(unet):
    """No memory for more than a row, and every layer fetches its weights, until what this returns is closed."""
    stack = _short(_management(), "LOW_VRAM")
    # A class's own value stands for the layer's where it has none.
    for layer in unet.modules():
        for name in FETCHES:
            if hasattr(layer, name):
                stack.enter_context(mock.patch.object(layer, name, True))
    return stack


def loaded_in_parts(state, room):
    """As on a device with room for so many bytes of weights, in that state of the host's: ``"LOW_VRAM"``.

    The host's own loader loads every model anew, and once more when what this returns is closed.
    """
    manage = _management()
    manage.unload_all_models()
    stack = contextlib.ExitStack()
    stack.callback(manage.unload_all_models)
    stack.enter_context(_short(manage, state, room))
    is_cpu, size = manage.is_device_cpu, manage.module_size

    def never_to_the_loader(device):
        return sys._getframe(1).f_code.co_name != "load_models_gpu" and is_cpu(device)

    def none_is_there(module, exclude_device=None, include_device=None, **kwargs):
        return 0 if include_device is not None else size(module, **kwargs)

    stack.enter_context(mock.patch.object(manage, "lowvram_available", True))
    stack.enter_context(mock.patch.object(manage, "is_device_cpu", never_to_the_loader))
    stack.enter_context(mock.patch.object(manage, "module_size", none_is_there))
    return stack


def _management():
    names = ("backend.memory_management", "ldm_patched.modules.model_management")
    return next(sys.modules[name] for name in names if name in sys.modules)


def _short(manage, state, room=None):
    """No memory for more than one row of a call, and for so many bytes of weights; to decode there is enough."""
    free = manage.get_free_memory

    def left(*args, **kwargs):
        caller = sys._getframe(1)
        if caller.f_globals["__name__"].endswith((".samplers", ".sampling_function")):
            return 0
        if room is not None and caller.f_code.co_name == "load_models_gpu":
            # Of what the memory to sample by leaves, Forge and Classic fill 1 / 1.3; the others add what is loaded.
            return manage.minimum_inference_memory() + 1.3 * room - caller.f_locals.get("loaded_memory", 0)
        return free(*args, **kwargs)

    stack = contextlib.ExitStack()
    stack.enter_context(mock.patch.object(manage, "get_free_memory", left))
    stack.enter_context(mock.patch.object(manage, "vram_state", manage.VRAMState[state]))
    return stack
