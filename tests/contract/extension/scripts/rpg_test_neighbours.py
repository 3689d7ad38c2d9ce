"""Where other extensions are installed: have them fit the shapes model, as some know SD1 by its sizes alone."""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from modules import script_callbacks, scripts
from PIL import Image, ImageDraw

FREEU_WIDTHS = {(1280, 640, 320): (256, 128, 64)}  # channels of the decoder's stages
NEGPIP_LAYERS = {16: 10}  # cross-attention layers that one UNet call runs


def fit_shapes_model(*_):
    freeu = sys.modules.get("lib_free_u.unet")
    if freeu is not None:
        replace_constants(freeu.free_u_cat_hijack, FREEU_WIDTHS)
    dynamic_prompts = sys.modules.get("sd_dynamic_prompts.settings")
    if dynamic_prompts is not None:
        dynamic_prompts.on_ui_settings()  # it asks for this too late for a WebUI's first start
    modules = {Path(entry.path).name: entry.module for entry in getattr(scripts, "scripts_data", [])}
    if "negpip.py" in modules:
        replace_constants(modules["negpip.py"].counter, NEGPIP_LAYERS)
    if "tilevae.py" in modules:
        allow_no_attention(modules["tilevae.py"])
    if "!adetailer.py" in modules:
        detect_parts(modules["!adetailer.py"])


def replace_constants(function, changes):
    """Change numbers that are written inside a function's body."""
    code = function.__code__
    function.__code__ = code.replace(co_consts=tuple(changes.get(value, value) for value in code.co_consts))


def allow_no_attention(tilevae):
    """The shapes model's autoencoder has nothing where others have their attention."""
    with_attention = tilevae.attn2task

    def attn2task(queue, net):
        if not isinstance(net, torch.nn.Identity):
            with_attention(queue, net)

    tilevae.attn2task = attn2task


def detect_parts(adetailer):
    """In the place of a detector, which would need weights: the left half of whatever picture, or three thirds."""

    def predict(model, *_, image, **__):
        count, found = (3, 3) if "thirds" in str(model) else (2, 1)
        edges = [image.width * i // count for i in range(count + 1)]
        boxes = [[edges[i], 0, edges[i + 1], image.height] for i in range(found)]
        masks = []
        for x0, y0, x1, y1 in boxes:
            masks.append(Image.new("L", image.size))
            ImageDraw.Draw(masks[-1]).rectangle([x0, y0, x1 - 1, y1], fill=255)
        return adetailer.PredictOutput(bboxes=boxes, masks=masks, confidences=[1.0] * found, preview=image)

    adetailer.ultralytics_predict = predict


script_callbacks.on_app_started(fit_shapes_model)
