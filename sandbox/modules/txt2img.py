"""What the Generate buttons call."""

from __future__ import annotations

from typing import Any

from modules import infotext_utils, scripts, shared
from modules.processing import (
    Processed,
    StableDiffusionProcessing,
    StableDiffusionProcessingImg2Img,
    StableDiffusionProcessingTxt2Img,
    process_images,
)
from modules.ui_common import plaintext_to_html

# The page's own fields in the order in which it hands them over; the scripts' arguments follow.
FIELDS = (
    "prompt",
    "negative_prompt",
    "steps",
    "sampler_name",
    "scheduler",
    "width",
    "height",
    "cfg_scale",
    "n_iter",
    "batch_size",
    "seed",
    "styles",
)
TXT2IMG_FIELDS = (
    *FIELDS,
    "enable_hr",
    "hr_scale",
    "hr_upscaler",
    "hr_second_pass_steps",
    "denoising_strength",
)
IMG2IMG_FIELDS = (*FIELDS, "init_image", "resize_mode", "denoising_strength")


def _run(p: StableDiffusionProcessing, runner: Any, script_args: tuple) -> tuple:
    """Generate: (pictures, JSON about them, infotext as HTML, comments as HTML)."""
    p.scripts = runner
    p.script_args = script_args
    try:
        processed: Processed = runner.run(p, *script_args) or process_images(p)
    finally:
        p.close()
    infotext_utils.last_infotext = processed.info
    info = plaintext_to_html(processed.info)
    return processed.images, processed.js(), info, plaintext_to_html(processed.comments, classname="comments")


def txt2img(id_task: str, override_settings: list[str], *args: Any) -> tuple:
    """Pictures from the txt2img tab; ``args`` are TXT2IMG_FIELDS and the scripts' arguments."""
    fields = dict(zip(TXT2IMG_FIELDS, args, strict=False))
    p = StableDiffusionProcessingTxt2Img(
        sd_model=shared.sd_model,
        override_settings=infotext_utils.create_override_settings_dict(override_settings),
        **fields,
    )
    return _run(p, scripts.scripts_txt2img, args[len(TXT2IMG_FIELDS) :])


def img2img(id_task: str, override_settings: list[str], *args: Any) -> tuple:
    """Pictures from the img2img tab; ``args`` are IMG2IMG_FIELDS and the scripts' arguments."""
    fields = dict(zip(IMG2IMG_FIELDS, args, strict=False))
    image = fields.pop("init_image")
    if image is None:
        raise ValueError("img2img needs a picture: drop one on the img2img tab.")
    p = StableDiffusionProcessingImg2Img(
        sd_model=shared.sd_model,
        init_images=[image],
        override_settings=infotext_utils.create_override_settings_dict(override_settings),
        **fields,
    )
    return _run(p, scripts.scripts_img2img, args[len(IMG2IMG_FIELDS) :])
