"""A script for the contract suite: makes a generation slow, makes it fail, or writes down what happens in it.

Its one API argument is a dict, every key optional:

- ``sleep``: seconds that each UNet call takes longer;
- ``raise_at_call``: number of the UNet call (from 1) that fails;
- ``raise_in``: name of a script callback of this extension that fails, or ``"cfg_denoiser"``;
- ``replaced_unet``: true to have the WebUI believe that a UNet from outside the checkpoint is in use;
- ``seed``: true to seed what the WebUI draws unseeded, the latents of an initial picture;
- ``prompts``: the pictures' own prompts, as an extension with wildcards makes them;
- ``record``: path of an .npz file to write: ``attn2``, what the UNet's first cross-attention gives in the first call
  (rows, tokens, channels), and ``denoised_0`` …, what each step's denoiser gives, before guidance (rows, 4, h, w);
- ``detail``: arguments of an img2img run on each finished picture, whose left half then is that run's; with
  all that ADetailer does around such runs.
"""

from __future__ import annotations

import copy
import time
from types import SimpleNamespace

import gradio as gr
import numpy as np
import torch
from modules import processing, script_callbacks, scripts, sd_unet, shared


class Faults:
    """What is armed in the host right now; one for both tabs, disarmed at the start of every generation."""

    def __init__(self):
        self.given = {}
        self.calls = 0
        self.handles = []
        self.recorded = {}

    def arm(self, given):
        self.disarm()
        self.given = given
        if given.get("replaced_unet"):
            sd_unet.current_unet = SimpleNamespace(option=SimpleNamespace(label="RPG test unit"))

    def disarm(self):
        for handle in self.handles:
            handle.remove()
        if self.given.get("replaced_unet"):
            sd_unet.current_unet = None
        if self.recorded:
            np.savez(self.given["record"], **self.recorded)
        self.__init__()

    def hook_unet(self):
        if self.handles:
            return
        unet = shared.sd_model.model.diffusion_model
        if {"sleep", "raise_at_call"} & set(self.given):
            self.handles.append(unet.register_forward_pre_hook(self.before_unet))
        if self.given.get("record"):
            first = next(module for name, module in unet.named_modules() if name.endswith("transformer_blocks.0"))
            # The layer behind sees what is added to its input; hooks on attn2 itself run before those of regions.
            self.handles.append(first.norm3.register_forward_pre_hook(self.record_attention))

    def record_attention(self, _module, args):
        self.recorded.setdefault("attn2", args[0].float().cpu().numpy())

    def record_denoised(self, params):
        if self.given.get("record"):
            count = sum(name.startswith("denoised") for name in self.recorded)
            self.recorded[f"denoised_{count}"] = params.x.float().cpu().numpy()

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
script_callbacks.on_cfg_denoised(lambda params: faults.record_denoised(params))


class FaultsScript(scripts.Script):
    def title(self):
        return "RPG test faults"

    def show(self, is_img2img):
        return scripts.AlwaysVisible

    def ui(self, is_img2img):
        return [gr.JSON(value={}, visible=False)]

    def before_process(self, p, given, *args):
        if not getattr(p, "_ad_inner", False):
            faults.arm(given or {})

    def process(self, p, *args):
        if faults.given.get("record") or faults.given.get("seed"):
            torch.manual_seed(0)
        for i, prompt in enumerate(faults.given.get("prompts", ())):
            p.all_prompts[i] = prompt
        faults.check("process")

    def process_before_every_sampling(self, p, *args, **kwargs):
        faults.hook_unet()
        faults.check("process_before_every_sampling")

    def postprocess_batch(self, p, *args, **kwargs):
        faults.check("postprocess_batch")

    def postprocess(self, p, processed, *args):
        faults.disarm()

    def postprocess_image(self, p, pp, given, *args):
        detail = (given or {}).get("detail")
        if not detail or getattr(p, "_ad_inner", False):
            return
        if p.batch_index == 0:
            p.scripts.postprocess(copy.copy(p), processing.Processed(p, [], p.seed, ""))
        inner = processing.StableDiffusionProcessingImg2Img(
            **detail,
            init_images=[pp.image],
            seed=p.seeds[p.batch_index],
            steps=p.steps,
            width=p.width,
            height=p.height,
            sampler_name=p.sampler_name,
            do_not_save_samples=True,
            do_not_save_grid=True,
        )
        inner.scripts, inner.script_args, inner._ad_inner = copy.copy(p.scripts), list(p.script_args), True
        drawn = processing.process_images(inner).images[0]
        pp.image = pp.image.copy()
        pp.image.paste(drawn.crop((0, 0, p.width // 2, p.height)))
        if p.batch_index == p.batch_size - 1:
            outer = copy.copy(p)
            p.scripts.before_process(outer)
            p.scripts.process(outer)
