"""A script for the contract suite: makes a generation slow, makes it fail, or dresses the model up as another.

Its one API argument is a dict, every key optional:

- ``sleep``: seconds that each UNet call takes longer;
- ``raise_at_call``: number of the UNet call (from 1) that fails;
- ``raise_in``: name of a script callback of this extension that fails, or ``"cfg_denoiser"``;
- ``edit_model``: true to call the loaded checkpoint an InstructPix2Pix one during this generation.
"""

from __future__ import annotations

import time

import gradio as gr
from modules import script_callbacks, scripts, shared


class Faults:
    """What is armed in the host right now; one for both tabs, disarmed at the start of every generation."""

    def __init__(self):
        self.given = {}
        self.calls = 0
        self.handle = None
        self.cond_stage_key = None

    def arm(self, given):
        self.disarm()
        self.given = given
        if given.get("edit_model"):
            self.cond_stage_key = shared.sd_model.cond_stage_key
            shared.sd_model.cond_stage_key = "edit"

    def disarm(self):
        if self.handle is not None:
            self.handle.remove()
        if self.cond_stage_key is not None:
            shared.sd_model.cond_stage_key = self.cond_stage_key
        self.__init__()

    def hook_unet(self):
        if self.handle is None and {"sleep", "raise_at_call"} & set(self.given):
            self.handle = shared.sd_model.model.diffusion_model.register_forward_pre_hook(self.before_unet)

    def before_unet(self, *_):
        self.calls += 1
        time.sleep(self.given.get("sleep", 0))
        if self.calls == self.given.get("raise_at_call"):
            self.disarm()
            raise RuntimeError("RPG test fault: the UNet fails")

    def check(self, place):
        if self.given.get("raise_in") == place:
            raise RuntimeError(f"RPG test fault in {place}")


faults = Faults()
script_callbacks.on_cfg_denoiser(lambda params: faults.check("cfg_denoiser"))


class FaultsScript(scripts.Script):
    def title(self):
        return "RPG test faults"

    def show(self, is_img2img):
        return scripts.AlwaysVisible

    def ui(self, is_img2img):
        return [gr.JSON(value={}, visible=False)]

    def before_process(self, p, given, *args):
        faults.arm(given or {})

    def process(self, p, *args):
        faults.check("process")

    def process_before_every_sampling(self, p, *args, **kwargs):
        faults.hook_unet()
        faults.check("process_before_every_sampling")

    def postprocess_batch(self, p, *args, **kwargs):
        faults.check("postprocess_batch")

    def postprocess(self, p, processed, *args):
        faults.disarm()
