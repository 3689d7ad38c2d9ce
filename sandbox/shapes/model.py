"""The shapes model's trained parts: `ldm`'s UNet and CLIP's text encoder of `transformers`, and its noise schedule."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from ldm.modules.attention import CrossAttention
from ldm.modules.diffusionmodules.openaimodel import UNetModel
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

HERE = Path(__file__).parent
TEXT_ENCODER = HERE / "text-encoder"
UNET_CONFIG = {
    "image_size": 32,
    "in_channels": 4,
    "out_channels": 4,
    "model_channels": 64,
    "attention_resolutions": [4, 2, 1],
    "num_res_blocks": 1,
    "channel_mult": [1, 2, 2],
    "num_heads": 4,
    "use_spatial_transformer": True,
    "transformer_depth": 1,
    "context_dim": 64,
    "use_checkpoint": False,
    "legacy": False,
}
UNET_PREFIX = "model.diffusion_model."
TEXT_PREFIX = "cond_stage_model.transformer."
SCALE_FACTOR = 0.18215
# Standard deviation of the training pictures' RGB in [-1, 1]: the UNet works on RGB / RGB_SCALE.
RGB_SCALE = 0.55
TIMESTEPS = 1000


def betas() -> Tensor:
    """Stable Diffusion's noise schedule, "linear" in ldm's words: betas (1000,), float64."""
    return torch.linspace(0.00085**0.5, 0.012**0.5, TIMESTEPS, dtype=torch.float64) ** 2


def alphas_cumprod() -> Tensor:
    """Products of 1 - beta up to each step: (1000,), float64, falling from 0.999 to 0.0047."""
    return torch.cumprod(1 - betas(), 0)


class ShapesModel(nn.Module):
    """UNet and text encoder with fresh weights; float32, on the CPU."""

    def __init__(self, text_encoder: Path = TEXT_ENCODER) -> None:
        super().__init__()
        self.tokenizer = CLIPTokenizer(str(text_encoder / "vocab.json"), str(text_encoder / "merges.txt"))
        config = json.loads((text_encoder / "config.json").read_text())
        self.unet = UNetModel(**UNET_CONFIG)
        self.text = CLIPTextModel(CLIPTextConfig(**config))

    def tokens(self, captions: list[str]) -> Tensor:
        """Captions as token ids (batch, 77), filled up with the end token as the WebUI does."""
        ids = self.tokenizer(captions, padding="max_length", max_length=77, truncation=True, return_tensors="pt")
        return ids.input_ids

    def encode_text(self, captions: list[str]) -> Tensor:
        """Cross-attention context (batch, 77, 64) of captions: the text encoder's last hidden state."""
        return self.text(self.tokens(captions))[0]

    def checkpoint(self) -> dict[str, Tensor]:
        """The weights under their Stable Diffusion 1 names."""
        named = {UNET_PREFIX + k: v for k, v in self.unet.state_dict().items()}
        return named | {TEXT_PREFIX + k: v for k, v in self.text.state_dict().items()}

    def load(self, weights: dict[str, Tensor]) -> None:
        """Load weights under their Stable Diffusion 1 names; KeyError or RuntimeError where one is missing."""
        self.unet.load_state_dict({k: weights[UNET_PREFIX + k].float() for k in self.unet.state_dict()})
        text = self.text.state_dict()
        positions = "text_model.embeddings.position_ids"
        self.text.load_state_dict(
            {k: v if k == positions else weights[TEXT_PREFIX + k].float() for k, v in text.items()}
        )


def use_fast_attention() -> None:
    """Make ldm's CrossAttention call torch's scaled_dot_product_attention, which halves a training step."""

    def forward(self: CrossAttention, x: Tensor, context: Tensor | None = None, mask: None = None) -> Tensor:
        context = x if context is None else context
        q, k, v = (
            t.unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for t in (self.to_q(x), self.to_k(context), self.to_v(context))
        )
        out = nn.functional.scaled_dot_product_attention(q, k, v, scale=self.scale)
        return self.to_out(out.transpose(1, 2).flatten(2))

    CrossAttention.forward = forward
