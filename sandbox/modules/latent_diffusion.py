"""Stable diffusion 1 put together from ldm's UNet, encoder and decoder and a CLIP text model.

ldm's own LatentDiffusion and AutoencoderKL need pytorch_lightning, which drawing does not; the module
names below are theirs, so that a checkpoint's keys fit.
"""

import contextlib

import torch
from ldm.modules.diffusionmodules.model import Decoder, Encoder
from ldm.modules.diffusionmodules.openaimodel import UNetModel
from ldm.modules.diffusionmodules.util import make_beta_schedule
from ldm.modules.distributions.distributions import DiagonalGaussianDistribution
from modules.sd_hijack_clip import FrozenCLIPEmbedder
from torch import nn


class DiffusionWrapper(nn.Module):
    """The UNet, called with conditioning in the WebUI's form."""

    conditioning_key = "crossattn"

    def __init__(self, unet_params: dict):
        super().__init__()
        self.diffusion_model = UNetModel(**{**unet_params, "use_checkpoint": False})

    def forward(self, x, t, c_concat=None, c_crossattn=None):
        """c_crossattn: [(rows, tokens, width), …], laid end to end; c_concat is for other kinds of model."""
        return self.diffusion_model(x, t, context=torch.cat(c_crossattn, 1))


class AutoencoderKL(nn.Module):
    """Pictures (rows, 3, H, W) in [-1, 1] to latents (rows, 4, H / 8, W / 8) and back."""

    def __init__(self, ddconfig: dict, embed_dim: int):
        super().__init__()
        self.encoder = Encoder(**ddconfig)
        self.decoder = Decoder(**ddconfig)
        self.quant_conv = nn.Conv2d(2 * ddconfig["z_channels"], 2 * embed_dim, 1)
        self.post_quant_conv = nn.Conv2d(embed_dim, ddconfig["z_channels"], 1)

    @property
    def dtype(self) -> torch.dtype:
        return self.quant_conv.weight.dtype

    def encode(self, x) -> DiagonalGaussianDistribution:
        return DiagonalGaussianDistribution(self.quant_conv(self.encoder(x)))

    def decode(self, z) -> torch.Tensor:
        return self.decoder(self.post_quant_conv(z))


class LatentDiffusion(nn.Module):
    """The whole model; noise prediction with SD's schedule."""

    parameterization = "eps"
    cond_stage_key = "txt"
    is_sd1, is_sd2, is_sdxl, is_ssd, is_sd3, is_sdxl_inpaint = True, False, False, False, False, False
    lowvram = False
    latent_channels = 4

    def __init__(self, params: dict, text_encoder: FrozenCLIPEmbedder):
        super().__init__()
        self.model = DiffusionWrapper(params["unet_config"]["params"])
        vae = params["first_stage_config"]["params"]
        self.first_stage_model = AutoencoderKL(vae["ddconfig"], vae["embed_dim"])
        self.cond_stage_model = text_encoder
        self.scale_factor = params["scale_factor"]
        self.image_size = params["image_size"]
        betas = make_beta_schedule(
            "linear",
            params["timesteps"],
            linear_start=params["linear_start"],
            linear_end=params["linear_end"],
        )
        alphas_cumprod = torch.cumprod(1.0 - torch.as_tensor(betas, dtype=torch.float64), 0).float()
        self.register_buffer("alphas_cumprod", alphas_cumprod, persistent=False)
        self.register_buffer("alphas_cumprod_original", alphas_cumprod, persistent=False)
        self.sd_model_hash: str | None = None
        self.sd_checkpoint_info = None
        self.cond_stage_model_empty_prompt: torch.Tensor | None = None

    @contextlib.contextmanager
    def ema_scope(self, context=None):
        """A checkpoint for drawing has one set of weights."""
        yield

    def apply_model(self, x_noisy, t, cond) -> torch.Tensor:
        """The noise in x_noisy (rows, 4, h, w) at timesteps t (rows,); cond: keyword arguments of `model`."""
        return self.model(x_noisy, t.to(x_noisy.dtype), **cond)

    def get_learned_conditioning(self, c) -> torch.Tensor:
        """(prompts, 77 × chunks, width) of a list of texts."""
        return self.cond_stage_model(c)

    @torch.no_grad()
    def encode_first_stage(self, x) -> DiagonalGaussianDistribution:
        return self.first_stage_model.encode(x)

    def get_first_stage_encoding(self, encoder_posterior) -> torch.Tensor:
        return self.scale_factor * encoder_posterior.sample()

    @torch.no_grad()
    def decode_first_stage(self, z) -> torch.Tensor:
        return self.first_stage_model.decode(1.0 / self.scale_factor * z)
