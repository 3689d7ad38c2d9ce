"""Run by a WebUI's own Python: shrinks its model configurations, and saves each model with random weights.

`python make.py FOLDER/NAME WEBUI_ROOT TEXT_ENCODER FAMILY…`; {} in NAME stands for the family.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

TARGET, ROOT, TEXT_ENCODER = (Path(argument) for argument in sys.argv[1:4])
REPOSITORIES = ROOT / "repositories"
STABLE_DIFFUSION, GENERATIVE = REPOSITORIES / "stable-diffusion-stability-ai", REPOSITORIES / "generative-models"
sys.path[:0] = [str(path) for path in (ROOT, STABLE_DIFFUSION, GENERATIVE, REPOSITORIES / "BLIP")]

import open_clip  # noqa: E402
import torch  # noqa: E402
from omegaconf import OmegaConf  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

CONFIGS = {
    "sd1": ROOT / "configs" / "v1-inference.yaml",
    "sd1_inpaint": ROOT / "configs" / "v1-inpainting-inference.yaml",
    "sd1_edit": ROOT / "configs" / "instruct-pix2pix.yaml",
    "sd2": STABLE_DIFFUSION / "configs" / "stable-diffusion" / "v2-inference.yaml",
    "sd2_v": STABLE_DIFFUSION / "configs" / "stable-diffusion" / "v2-inference-v.yaml",
    "sd2_inpaint": STABLE_DIFFUSION / "configs" / "stable-diffusion" / "v2-inpainting-inference.yaml",
    "sdxl": GENERATIVE / "configs" / "inference" / "sd_xl_base.yaml",
    "sdxl_refiner": GENERATIVE / "configs" / "inference" / "sd_xl_refiner.yaml",
    "sdxl_inpaint": ROOT / "configs" / "sd_xl_inpaint.yaml",
}
WIDTH = 64
"""Of every text encoder, and of the UNets' second level."""
OPEN_CLIP = "rpg-test-openclip"
OPEN_CLIP_CONFIG = Path(__file__).with_name(f"{OPEN_CLIP}.json")
SIZES = 256 * 2 * 3
"""What the embeddings of SDXL's sizes add to its vector; the refiner has one number less."""


def shrink(config: Any) -> None:
    """Make every part of a configuration as small as it can be without losing its kind."""
    params = config.model.params
    unet = params.get("unet_config") or params.network_config
    levels = [1, 2, 2] if "unet_config" in params else [1, 2, 4]
    unet.params.update(model_channels=32, num_res_blocks=1, channel_mult=levels, use_checkpoint=False)
    for key, value in (("num_heads", 4), ("num_head_channels", 16), ("use_fp16", False)):
        if key in unet.params:
            unet.params[key] = value
    vae = params.first_stage_config.params.ddconfig
    vae.update(ch=32, ch_mult=[1, 1, 1, 1], num_res_blocks=1, attn_type="vanilla")
    if "cond_stage_config" in params:
        unet.params.context_dim = WIDTH
        shrink_encoder(params.cond_stage_config)
        return
    encoders = params.conditioner_config.params.emb_models
    texts = [encoder for encoder in encoders if encoder.input_key == "txt"]
    for encoder in texts:
        shrink_encoder(encoder)
    unet.params.context_dim = WIDTH * len(texts)
    unet.params.transformer_depth = [1, 1, 2]
    unet.params.spatial_transformer_attn_type = "softmax"
    unet.params.adm_in_channels = WIDTH + SIZES - (256 if len(texts) == 1 else 0)


def shrink_encoder(encoder: Any) -> None:
    """A text encoder of two layers."""
    if "params" not in encoder:
        encoder.params = {}
    if "OpenCLIP" in encoder.target:
        encoder.params.update(arch=OPEN_CLIP, version="")
    else:
        encoder.params.version = str(TEXT_ENCODER)
        if "layer_idx" in encoder.params:
            encoder.params.layer_idx = 1


def build(config: Any) -> torch.nn.Module:
    """The model with random weights; what its code starts at zero is random, too."""
    from ldm.util import instantiate_from_config

    torch.manual_seed(0)
    model = instantiate_from_config(config.model)
    for name, parameter in model.named_parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.02 if name.endswith("bias") else parameter[0].numel() ** -0.5)
    return model


def main() -> None:
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    open_clip.add_model_config(OPEN_CLIP_CONFIG)
    import transformers

    def untrained(version: str, *_: Any, **__: Any) -> Any:
        return transformers.CLIPTextModel(transformers.CLIPTextConfig.from_pretrained(version))

    transformers.CLIPTextModel.from_pretrained = untrained
    for family in sys.argv[4:]:
        config = OmegaConf.load(CONFIGS[family])
        shrink(config)
        model = build(config)
        weights = {key: value.contiguous().clone() for key, value in model.state_dict().items()}
        name = TARGET.name.format(family)
        save_file(weights, TARGET.with_name(f"{name}.safetensors"))
        OmegaConf.save(config, TARGET.with_name(f"{name}.yaml"))
        print(name, sum(value.numel() for value in weights.values()))


if __name__ == "__main__":
    main()
