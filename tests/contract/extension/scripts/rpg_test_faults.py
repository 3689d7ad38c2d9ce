"""A script for the contract suite: makes a generation slow, makes it fail or stop, or writes down what happens in it.

Its one API argument is a dict, every key optional:

- ``sleep``: seconds that each UNet call takes longer;
- ``raise_at_call``: number of the UNet call (from 1) that fails;
- ``interrupt_at_call``: number of the UNet call (from 1) in which an interrupt arrives;
- ``interrupt_in_gradient``: number, among the UNet calls that are differentiated (from 1), of that behind whose forward
  pass an interrupt arrives: while its gradient is computed, of which an update is to be made;
- ``raise_in``: name of a script callback of this extension that fails, or ``"cfg_denoiser"``;
- ``replaced_unet``: true to have the WebUI believe that a UNet from outside the checkpoint is in use;
- ``short_memory``: true to have a WebUI of the Forge family do what it does where memory is short: rows of a call go
  through the UNet one by one, and layers fetch their weights for each call;
- ``loader``: that host's state, ``"LOW_VRAM"`` or ``"NO_VRAM"``, in which its own loader leaves weights where they are,
  half of them or all; rows go one by one as well;
- ``seed``: true to seed what the WebUI draws unseeded, the latents of an initial picture;
- ``prompts``: the pictures' own prompts, as an extension with wildcards makes them;
- ``record``: path of an .npz file to write: ``attn2``, what the UNet's first cross-attention gives in the first call
  (rows, tokens, channels), and ``denoised_0`` …, what each step's denoiser gives, before guidance (rows, 4, h, w);
- ``detail``: arguments of an img2img run on each finished picture, whose left half then is that run's; with
  all that ADetailer does around such runs.

``GET /rpg-test/model`` answers what is on the model at this moment: ``hooks``, how many its modules have; ``forwards``,
the places of forwards that are a module's own and not its class's; ``trained``, how many parameters require a gradient;
``checkpoints``, how many blocks of the UNet have gradient checkpoints of their own. And ``interrupts``, how many have
arrived as asked above; of the last generation with ``short_memory`` or ``loader``: ``most_rows`` of a call, and
``fetched``, how many of the UNet's layers the loader had told to fetch their weights. ``POST /rpg-
test/checkpoints?on=true`` (or false) switches these blocks' checkpoints, which this WebUI has off for all models,
whatever their configurations say. ``POST /rpg-test/forget-references`` takes off what a reference unit of ControlNet
leaves on the UNet's modules for good: its record of their forwards, which it makes the modules' own again before each
picture. The WebUI's token merging, which changes the modules' class, has no effect then.
"""

from __future__ import annotations

import copy
import importlib.util
import time
from types import SimpleNamespace

import gradio as gr
import numpy as np
import rpg_test_low_memory
import rpg_test_model
import torch
from modules import processing, script_callbacks, scripts, sd_unet, shared


class Faults:
    """What is armed in the host right now; one for both tabs, disarmed at the start of every generation."""

    interrupts = 0
    most_rows = 0
    fetched = 0

    def __init__(self):
        self.given = {}
        self.calls = 0
        self.gradients = 0
        self.handles = []
        self.recorded = {}
        self.memory = None

    def arm(self, given):
        self.disarm()
        self.given = given
        self.most_rows = self.fetched = 0
        if given.get("loader"):
            room = sum(parameter.nbytes for parameter in rpg_test_model.unet().parameters()) / 2
            self.memory = rpg_test_low_memory.loaded_in_parts(given["loader"], room)
        if given.get("replaced_unet"):
            sd_unet.current_unet = SimpleNamespace(option=SimpleNamespace(label="RPG test unit"))

    def disarm(self):
        for handle in self.handles:
            handle.remove()
        if self.given.get("replaced_unet"):
            sd_unet.current_unet = None
        if self.memory:
            self.memory.close()
        if self.recorded:
            np.savez(self.given["record"], **self.recorded)
        self.__init__()

    def hook_unet(self):
        if self.handles:
            return
        unet = rpg_test_model.unet()
        if self.given.get("short_memory"):
            self.memory = rpg_test_low_memory.every_layer_fetches(unet)
        if self.memory:
            self.handles.append(unet.register_forward_pre_hook(self.count_rows))
        if {"sleep", "raise_at_call", "interrupt_at_call", "interrupt_in_gradient"} & set(self.given):
            self.handles.append(unet.register_forward_pre_hook(self.before_unet))
        if self.given.get("record"):
            if hasattr(unet, "double_blocks"):  # Flux
                projection = unet.double_blocks[0].img_attn.proj
                self.handles.append(projection.register_forward_hook(self.record_attention))
                return
            first = next(module for name, module in unet.named_modules() if name.endswith("transformer_blocks.0"))
            # The layer behind sees what is added to its input; hooks on attn2 itself run before those of regions.
            self.handles.append(first.norm3.register_forward_pre_hook(self.record_attention))

    def record_attention(self, _module, args, output=None):
        self.recorded.setdefault("attn2", (args[0] if output is None else output).float().cpu().numpy())

    def record_denoised(self, params):
        if self.given.get("record"):
            count = sum(name.startswith("denoised") for name in self.recorded)
            self.recorded[f"denoised_{count}"] = params.x.float().cpu().numpy()

    def count_rows(self, module, args):
        self.most_rows = max(self.most_rows, len(args[0]))
        self.fetched = max(self.fetched, sum(map(rpg_test_low_memory.is_fetched, module.modules())))

    def before_unet(self, _module, args):
        self.calls += 1
        if torch.is_grad_enabled() and args[0].requires_grad:
            self.gradients += 1
            if self.gradients == self.given.get("interrupt_in_gradient"):
                args[0].register_hook(self.interrupt)
        if self.calls == self.given.get("interrupt_at_call"):
            self.interrupt()
        time.sleep(self.given.get("sleep", 0))
        if self.calls == self.given.get("raise_at_call"):
            self.disarm()
            raise RuntimeError("RPG test fault: the UNet fails")

    def interrupt(self, *_):
        """As the API's route does it, at this very moment."""
        shared.state.interrupt()
        self.interrupts += 1

    def check(self, place):
        if self.given.get("raise_in") == place:
            raise RuntimeError(f"RPG test fault in {place}")


faults = Faults()


KEPT_BY_CONTROLNET = {"original_forward_cn_hijack": "forward", "_original_inner_forward_cn_hijack": "_forward"}


def report():
    modules = dict(rpg_test_model.network().named_modules())
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    own = ((name, kind) for name in modules for kind in ("forward", "_forward") if kind in modules[name].__dict__)
    return {
        "hooks": sum(len(getattr(module, kind)) for module in modules.values() for kind in kinds),
        "forwards": sorted(f"{name}.{kind}" for name, kind in own),
        "trained": sum(parameter.requires_grad for parameter in rpg_test_model.network().parameters()),
        "checkpoints": sum(attributes[name] for attributes, name in own_checkpoints()),
        "interrupts": faults.interrupts,
        "most_rows": faults.most_rows,
        "fetched": faults.fetched,
    }


def own_checkpoints():
    modules = rpg_test_model.unet().modules()
    names = ("checkpoint", "use_checkpoint")
    return [(each.__dict__, name) for each in modules for name in names if isinstance(each.__dict__.get(name), bool)]


def switch_checkpoints(on: bool):
    for attributes, name in own_checkpoints():
        attributes[name] = on


def forget_references():
    for module in rpg_test_model.network().modules():
        for record, kind in KEPT_BY_CONTROLNET.items():
            if module.__dict__.pop(record, None) is not None:
                module.__dict__.pop(kind, None)


def add_routes(_demo, app):
    app.add_api_route("/rpg-test/model", report, methods=["GET"])
    app.add_api_route("/rpg-test/checkpoints", switch_checkpoints, methods=["POST"])
    app.add_api_route("/rpg-test/forget-references", forget_references, methods=["POST"])


script_callbacks.on_app_started(add_routes)
script_callbacks.on_cfg_denoiser(lambda params: faults.check("cfg_denoiser"))
# The Forge family has no callback in front of the guidance scale.
is_fork = importlib.util.find_spec("modules_forge") is not None
on_denoised = script_callbacks.on_cfg_after_cfg if is_fork else script_callbacks.on_cfg_denoised
on_denoised(lambda params: faults.record_denoised(params))


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
