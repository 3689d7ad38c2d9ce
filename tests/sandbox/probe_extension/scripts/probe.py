"""Writes down every call that the host makes; `calls` is what a test reads."""

import gradio as gr
from modules import script_callbacks, scripts

calls = []
faults = {}
"""{name of a call: function that is run in it, with the call's arguments}"""


def note(name, *args, **kwargs):
    calls.append((name, args, kwargs))
    if name in faults:
        faults[name](*args, **kwargs)


class Probe(scripts.Script):
    def title(self):
        return "Probe me"

    def show(self, is_img2img):
        return scripts.AlwaysVisible

    def ui(self, is_img2img):
        return [gr.Textbox(label="word", value="word"), gr.Slider(label="number", value=2, maximum=9)]


def _noting(name):
    def method(self, p, *args, **kwargs):
        note(name, p, *args, **kwargs)

    return method


_METHODS = """
setup before_process process before_process_batch after_extra_networks_activate process_batch
process_before_every_sampling before_hr on_mask_blend post_sample postprocess_batch postprocess_batch_list
postprocess_image postprocess_maskoverlay postprocess_image_after_composite postprocess
""".split()  # noqa: SIM905

for _name in _METHODS:
    setattr(Probe, _name, _noting(_name))

script_callbacks.on_cfg_denoiser(lambda params: note("cfg_denoiser", params))
script_callbacks.on_cfg_denoised(lambda params: note("cfg_denoised", params))
script_callbacks.on_cfg_after_cfg(lambda params: note("cfg_after_cfg", params))
script_callbacks.on_model_loaded(lambda model: note("model_loaded", model))
basedir = scripts.basedir()
