"""Where ControlNet's extension is installed: fit it to the tests' small UNets, and record what it does.

The records are of the first step of the last generation that asked for them, at ``/rpg-test/control``. The script's
one API argument is a dict, every key optional:

- ``record``: true asks for them;
- ``hires``: true records the hires pass;
- ``late``: true puts an IP-Adapter's forwards onto the UNet only when the sampling has begun;
- ``objects``: true gives ControlNet its units as objects, as the page does.
"""

import base64
import contextlib
import io
import sys
from collections import defaultdict

import gradio as gr
import numpy as np
import rpg_test_model
import torch
from modules import script_callbacks, scripts, shared

SD1_BLOCKS = 12  # of the encoder, and as many of the decoder: what ControlNet's hook counts on
SDXL_BLOCKS = 9


class Recorder:
    """Tensors of the first step by name, each name's in the order of the calls; one for both tabs."""

    def __init__(self):
        self.step = 0
        self.tensors = defaultdict(list)
        self.handles = []
        self.late = []
        self.network = None

    def start(self, late):
        """Record the next first step; ``late`` are forwards to put on when it begins."""
        self.stop()
        self.step = 0
        self.tensors.clear()
        self.late = late
        for module in rpg_test_model.unet().modules():
            if hasattr(module, "norm3"):  # what it normalises is the stream behind the cross-attention
                self.handles += [
                    module.norm1.register_forward_hook(self.see_self_attention),
                    module.norm3.register_forward_pre_hook(lambda _, args: self("streams", args[0])),
                ]

    def stop(self):
        for handle in self.handles:
            handle.remove()
        self.handles = []
        self.late = []

    def __call__(self, name, tensor):
        if self.step == 1:
            self.tensors[name].append(tensor.detach().float().cpu().numpy())

    def see_self_attention(self, _module, _args, tokens):
        """What a reference unit keeps of its picture, in its own pass."""
        if self.network is not None and self.network.attention_auto_machine.name == "Write":
            self("references", tokens)

    def next_step(self, _params):
        self.step += 1
        for module, forward in self.late:
            module.forward = forward
        self.late = []

    def answer(self):
        file = io.BytesIO()
        np.savez(file, **{f"{name} {i:03}": t for name, ts in self.tensors.items() for i, t in enumerate(ts)})
        return {"npz": base64.b64encode(file.getvalue()).decode()}


recorder = Recorder()
script_callbacks.on_cfg_denoiser(recorder.next_step)


class RecordScript(scripts.Script):
    def title(self):
        return "RPG test record"

    def show(self, is_img2img):
        return scripts.AlwaysVisible

    def ui(self, is_img2img):
        return [gr.JSON(value={}, visible=False)]

    def setup(self, p, given, *args):
        if (given or {}).get("objects"):
            code = sys.modules["internal_controlnet.external_code"]
            runner = next(script for script in p.scripts.alwayson_scripts if code.is_cn_script(script))
            units = slice(runner.args_from, runner.args_to)
            changed = list(p.script_args)
            changed[units] = map(code.to_processing_unit, changed[units])
            p.script_args = tuple(changed)

    def process_before_every_sampling(self, p, given, *args, **kwargs):
        given = given or {}
        if given.get("record") and getattr(p, "is_hr_pass", False) == given.get("hires", False):
            recorder.start(take_ip_adapter_off() if given.get("late") else [])

    def postprocess(self, p, processed, *args):
        recorder.stop()


def take_ip_adapter_off():
    """The (layer, forward) pairs of ControlNet's IP-Adapters, whose layers have their own forwards again."""
    hacked = list(sys.modules["scripts.ipadapter.plugable_ipadapter"].all_hacks)
    taken = [(layer, layer.__dict__.pop("forward")) for layer in hacked]
    assert taken, "there is no IP-Adapter to put on late"
    return taken


def fit_small_unets(_demo, app):
    app.add_api_route("/rpg-test/control", recorder.answer, methods=["GET"])
    names = (
        "controlnet_model_guess",
        "cldm",
        "hook",
        "enums",
        "supported_preprocessor",
        "ipadapter.plugable_ipadapter",
    )
    guess, cldm, hook, enums, preprocessors, adapters = (sys.modules.get(f"scripts.{name}") for name in names)
    if guess is None:
        return
    guess.controlnet_default_config.update(
        model_channels=64,
        num_res_blocks=1,
        channel_mult=[1, 2, 2],
        transformer_depth=[1, 1, 1],
        num_heads=4,
    )
    guess.controlnet_sdxl_small_config.update(  # the one that it guesses: others have more blocks
        adm_in_channels=1600,
        model_channels=32,
        num_res_blocks=1,
        attention_resolutions=[2, 4],
        transformer_depth=[0, 1, 2],
        transformer_depth_middle=2,
        num_head_channels=16,
        context_dim=128,
    )
    guess.t2i_adapter_style_config.update(width=64, context_dim=64, num_head=4, n_layes=1)
    clip = preprocessors.Preprocessor.get_preprocessor("clip_vision")  # its model is not there
    clip.call_function = lambda **_: ({"last_hidden_state": torch.linspace(-1, 1, 5 * 64).view(1, 5, 64)}, False)
    clip.unload_function = lambda: None
    cldm.PlugableControlModel.forward = forward_control_model
    hook.aligned_adding = recording(hook.aligned_adding)
    hook.UnetHook.hook = with_all_blocks(hook.UnetHook.hook)
    adapters.PlugableIPAdapter.hook = with_family(adapters.PlugableIPAdapter.hook)
    enums.StableDiffusionVersion.transformer_ids = property(lambda version: small_transformers(enums, version))


def all_blocks():
    """How many blocks the encoder of the loaded checkpoint's family has, and as many its decoder."""
    return SDXL_BLOCKS if shared.sd_model.is_sdxl else SD1_BLOCKS


def forward_control_model(network, *args, **kwargs):
    """The smaller UNet takes the last outputs; nothing ever asks for the ones in front of them."""
    recorder("contexts", kwargs["context"])
    outputs = network.control_model(*args, **kwargs)
    return [torch.zeros(1, 1, 1, 1)] * (all_blocks() + 1 - len(outputs)) + outputs


def recording(add):
    """ControlNet's addition of a residual to the UNet's stream, recorded."""

    def add_and_record(stream, residual, *args):
        if isinstance(residual, torch.Tensor):
            recorder("residuals", residual)
        return add(stream, residual, *args)

    return add_and_record


def with_family(attach):
    """ControlNet finds the family of an IP-Adapter by its width."""

    def attach_of_family(self, *args, **kwargs):
        self.ipadapter.is_sdxl = shared.sd_model.is_sdxl
        attach(self, *args, **kwargs)

    return attach_of_family


def with_all_blocks(attach):
    """ControlNet's reference units number the blocks of real UNets: lend empty ones while they are attached."""

    def attach_with_blocks(self, model, *args, **kwargs):
        with contextlib.ExitStack() as stack:
            for blocks in (model.input_blocks, model.output_blocks):
                own = len(blocks)
                blocks.extend(torch.nn.Identity() for _ in range(all_blocks() - own))
                stack.callback(blocks.__delitem__, slice(own, None))
            attach(self, model, *args, **kwargs)
        recorder.network = self

    return attach_with_blocks


def small_transformers(enums, version):
    """Where a small UNet has cross-attention, as ControlNet's table says it of its family: (block, depth)."""
    encoder, decoder, middle = [(1, 1), (3, 1), (5, 1)], [(i, 1) for i in range(6)], [(0, 1)]
    if version == enums.StableDiffusionVersion.SDXL:
        encoder, decoder, middle = [(3, 1), (5, 2)], [(0, 2), (1, 2), (2, 1), (3, 1)], [(0, 2)]
    kinds = enums.UnetBlockType
    ids, index = {}, 0
    for kind, places in ((kinds.INPUT, encoder), (kinds.OUTPUT, decoder), (kinds.MIDDLE, middle)):
        ids[kind] = []
        for block, depth in places:
            ids[kind] += [enums.TransformerID(kind, block, i, index) for i in range(depth)]
            index += 1
    return enums.TransformerIDResult(ids[kinds.INPUT], ids[kinds.OUTPUT], ids[kinds.MIDDLE])


script_callbacks.on_app_started(fit_small_unets)
