"""What the WebUI adds to every gradio component (the module's name is spelt as there).

- Scripts are called before and after each component is made (`Script.before_component`, `Script.after_component`,
  `on_before_component`, `on_after_component`).
- A component takes a ``tooltip`` and carries a CSS class ``gradio-<block name>``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import gradio as gr
from modules import script_callbacks, scripts


def _announced(init: Callable[..., None]) -> Callable[..., None]:
    @wraps(init)
    def announced_init(self: gr.blocks.Block, *args: Any, **kwargs: Any) -> None:
        self.webui_tooltip = kwargs.pop("tooltip", None)
        if scripts.scripts_current is not None:
            scripts.scripts_current.before_component(self, **kwargs)
        script_callbacks.before_component_callback(self, **kwargs)

        init(self, *args, **kwargs)
        self.elem_classes = [f"gradio-{self.get_block_name()}", *(self.elem_classes or [])]

        script_callbacks.after_component_callback(self, **kwargs)
        if scripts.scripts_current is not None:
            scripts.scripts_current.after_component(self, **kwargs)

    announced_init.announces_components = True  # type: ignore[attr-defined]
    return announced_init


def _with_tooltip(get_config: Callable[..., dict]) -> Callable[..., dict]:
    @wraps(get_config)
    def get_config_with_tooltip(self: gr.blocks.Block) -> dict:
        config = get_config(self)
        if getattr(self, "webui_tooltip", None):
            config["webui_tooltip"] = self.webui_tooltip
        return config

    return get_config_with_tooltip


# Both classes are patched once a process, whatever is reloaded.
if not hasattr(gr.components.IOComponent.__init__, "announces_components"):
    gr.components.IOComponent.__init__ = _announced(gr.components.IOComponent.__init__)
    gr.blocks.BlockContext.__init__ = _announced(gr.blocks.BlockContext.__init__)
    gr.blocks.Block.get_config = _with_tooltip(gr.blocks.Block.get_config)
