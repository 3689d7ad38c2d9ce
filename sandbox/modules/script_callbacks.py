"""Callbacks that extensions register with the host; an error in one is printed and the host goes on."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from modules import errors


@dataclass
class CFGDenoiserParams:
    """What one denoising step is about to hand to the UNet; a callback may replace any tensor.

    Rows of `x`, `image_cond` and `sigma`: the sub-prompts of image 0, of image 1, ..., then one
    uncond row per image. `text_cond` has the rows before the uncond ones, `text_uncond` the rest.
    """

    x: Any
    image_cond: Any
    sigma: Any
    sampling_step: int
    total_sampling_steps: int
    text_cond: Any
    text_uncond: Any
    denoiser: Any = None


@dataclass
class CFGDenoisedParams:
    """What the UNet gave back in one step, rows as in CFGDenoiserParams."""

    x: Any
    sampling_step: int
    total_sampling_steps: int
    inner_model: Any


@dataclass
class AfterCFGCallbackParams:
    """The step's result once cond and uncond are combined, one row per image; `x` may be replaced."""

    x: Any
    sampling_step: int
    total_sampling_steps: int


@dataclass
class ExtraNoiseParams:
    """Noise added on top in img2img."""

    noise: Any
    x: Any
    xi: Any


@dataclass
class ImageSaveParams:
    """A picture that is written to a file; before that a callback may replace any of these.

    ``pnginfo`` has the infotext under "parameters".
    """

    image: Any
    p: Any
    filename: str
    pnginfo: dict[str, Any]


@dataclass
class ImageGridLoopParams:
    """How a grid of pictures is to be laid out."""

    imgs: list
    cols: int
    rows: int


@dataclass
class ScriptCallback:
    """One registered callback and the file that registered it."""

    script: str
    callback: Callable
    name: str = "unnamed"


_CATEGORIES = """
app_started before_ui ui_settings ui_tabs model_loaded extra_noise cfg_denoiser cfg_denoised cfg_after_cfg
before_component after_component image_grid infotext_pasted script_unloaded on_reload
before_image_saved image_saved
""".split()  # noqa: SIM905
callback_map: dict[str, list[ScriptCallback]] = {f"callbacks_{name}": [] for name in _CATEGORIES}


def _calling_script() -> str:
    """File name of the code that called into this module."""
    frame = inspect.currentframe()
    while frame and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    return frame.f_code.co_filename if frame else "unknown file"


def _add(category: str, callback: Callable, name: str | None) -> None:
    callback_map[f"callbacks_{category}"].append(ScriptCallback(_calling_script(), callback, name or "unnamed"))


def _run(category: str, *args, reverse: bool = False, **kwargs) -> list:
    """Call every callback of a category; what those that did not fail returned."""
    callbacks = list(callback_map[f"callbacks_{category}"])
    results = []
    for entry in reversed(callbacks) if reverse else callbacks:
        try:
            results.append(entry.callback(*args, **kwargs))
        except Exception:
            errors.report(f"Error executing callback {category} for {entry.script}", exc_info=True)
    return results


def clear_callbacks() -> None:
    """Forget every callback."""
    for callbacks in callback_map.values():
        callbacks.clear()


def remove_current_script_callbacks() -> None:
    """Forget the callbacks that the calling file registered."""
    filename = _calling_script()
    for callbacks in callback_map.values():
        callbacks[:] = [x for x in callbacks if x.script != filename]


def remove_callbacks_for_function(callback_func: Callable) -> None:
    """Forget one callback wherever it is registered."""
    for callbacks in callback_map.values():
        callbacks[:] = [x for x in callbacks if x.callback != callback_func]


def on_app_started(callback, *, name=None):
    """callback(demo, app) once the server is up."""
    _add("app_started", callback, name)


def on_before_ui(callback, *, name=None):
    """callback() before the page is built."""
    _add("before_ui", callback, name)


def on_ui_settings(callback, *, name=None):
    """callback() before settings are read; add options here."""
    _add("ui_settings", callback, name)


def on_ui_tabs(callback, *, name=None):
    """callback() returns [(blocks, title, elem_id)] for further tabs."""
    _add("ui_tabs", callback, name)


def on_model_loaded(callback, *, name=None):
    """callback(sd_model) after a checkpoint was loaded."""
    _add("model_loaded", callback, name)


def on_extra_noise(callback, *, name=None):
    """callback(ExtraNoiseParams) before extra noise is added in img2img."""
    _add("extra_noise", callback, name)


def on_cfg_denoiser(callback, *, name=None):
    """callback(CFGDenoiserParams) before each step's UNet calls."""
    _add("cfg_denoiser", callback, name)


def on_cfg_denoised(callback, *, name=None):
    """callback(CFGDenoisedParams) after each step's UNet calls."""
    _add("cfg_denoised", callback, name)


def on_cfg_after_cfg(callback, *, name=None):
    """callback(AfterCFGCallbackParams) once cond and uncond are combined."""
    _add("cfg_after_cfg", callback, name)


def on_before_component(callback, *, name=None):
    """callback(component, **kwargs) before a gradio component is made."""
    _add("before_component", callback, name)


def on_after_component(callback, *, name=None):
    """callback(component, **kwargs) after a gradio component was made."""
    _add("after_component", callback, name)


def on_image_grid(callback, *, name=None):
    """callback(ImageGridLoopParams) before a grid is pasted together."""
    _add("image_grid", callback, name)


def on_before_image_saved(callback, *, name=None):
    """callback(ImageSaveParams) before a picture is written to a file."""
    _add("before_image_saved", callback, name)


def on_image_saved(callback, *, name=None):
    """callback(ImageSaveParams) after a picture was written to a file."""
    _add("image_saved", callback, name)


def on_infotext_pasted(callback, *, name=None):
    """callback(infotext, params) before a pasted infotext is applied; params may be changed."""
    _add("infotext_pasted", callback, name)


def on_script_unloaded(callback, *, name=None):
    """callback() before scripts are unloaded: undo what was patched."""
    _add("script_unloaded", callback, name)


def on_before_reload(callback, *, name=None):
    """callback() before the server starts again."""
    _add("on_reload", callback, name)


def app_started_callback(demo, app):
    _run("app_started", demo, app)


def before_ui_callback():
    _run("before_ui", reverse=True)


def ui_settings_callback():
    _run("ui_settings")


def ui_tabs_callback() -> list:
    return [tab for tabs in _run("ui_tabs") for tab in tabs or []]


def model_loaded_callback(sd_model):
    _run("model_loaded", sd_model)


def extra_noise_callback(params: ExtraNoiseParams):
    _run("extra_noise", params)


def cfg_denoiser_callback(params: CFGDenoiserParams):
    _run("cfg_denoiser", params)


def cfg_denoised_callback(params: CFGDenoisedParams):
    _run("cfg_denoised", params)


def cfg_after_cfg_callback(params: AfterCFGCallbackParams):
    _run("cfg_after_cfg", params)


def before_component_callback(component, **kwargs):
    _run("before_component", component, **kwargs)


def after_component_callback(component, **kwargs):
    _run("after_component", component, **kwargs)


def image_grid_callback(params: ImageGridLoopParams):
    _run("image_grid", params)


def before_image_saved_callback(params: ImageSaveParams):
    _run("before_image_saved", params)


def image_saved_callback(params: ImageSaveParams):
    _run("image_saved", params)


def infotext_pasted_callback(infotext: str, params: dict[str, Any]):
    _run("infotext_pasted", infotext, params)


def script_unloaded_callback():
    _run("script_unloaded", reverse=True)


def app_reload_callback():
    _run("on_reload")
