"""What all samplers share: from latents to pictures and back, steps of img2img, the sampler's frame."""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from modules import devices, images, shared
from modules.script_base import MaskBlendArgs
from modules.script_callbacks import ExtraNoiseParams, extra_noise_callback
from modules.shared import opts, state


class InterruptedException(BaseException):
    """The user stopped the sampling."""


class SamplerData(NamedTuple):
    """A sampler's name, constructor(model), other names, and its options."""

    name: str
    constructor: Callable
    aliases: list
    options: dict

    def total_steps(self, steps: int) -> int:
        """Calls of the model in so many steps."""
        return steps * 2 if self.options.get("second_order") else steps


def setup_img2img_steps(p, steps: int | None = None) -> tuple[int, int]:
    """(steps of the whole schedule, index from the end that img2img starts at)."""
    if opts.img2img_fix_steps or steps is not None:
        wanted = steps or p.steps
        whole = int(wanted / min(p.denoising_strength, 0.999)) if p.denoising_strength > 0 else 0
        return whole, wanted - 1
    return p.steps, int(min(p.denoising_strength, 0.999) * p.steps)


def decode_first_stage(model, x: torch.Tensor) -> torch.Tensor:
    """Pictures (rows, 3, H, W) in [-1, 1] of latents."""
    return model.decode_first_stage(x)


class DecodedSamples(list):
    """Pictures (3, H, W) in [-1, 1], where latents are expected."""

    already_decoded = True


def decode_latent_batch(model, batch: torch.Tensor, check_for_nans: bool = False) -> DecodedSamples:
    """The picture of each row of latents, decoded one by one."""
    if check_for_nans:
        devices.test_for_nans(batch, "unet")
    samples = DecodedSamples(decode_first_stage(model, row[None])[0] for row in batch)
    if check_for_nans:
        for sample in samples:
            devices.test_for_nans(sample, "vae")
    return samples


def images_tensor_to_samples(image: torch.Tensor, model=None) -> torch.Tensor:
    """Latents of pictures (rows, 3, H, W) from 0 to 1, encoded one by one."""
    model = model or shared.sd_model
    return torch.cat([model.get_first_stage_encoding(model.encode_first_stage(img[None] * 2 - 1)) for img in image])


def blend_masked(p, latent, init_latent, mask, nmask, denoiser=None, sigma=None) -> torch.Tensor:
    """`latent` where it is drawn anew (nmask) and init_latent where it stays (mask); scripts may change the result.

    Latents are (images, 4, h, w), masks (4, h, w) from 0 to 1. denoiser and sigma are those of the step, None behind
    the last.
    """
    blended = latent * nmask + init_latent * mask
    args = MaskBlendArgs(latent, nmask, init_latent, mask, blended, denoiser, sigma)
    if p.scripts is not None:
        p.scripts.on_mask_blend(p, args)
    return args.blended_latent


def sample_to_image(samples: torch.Tensor, index: int = 0):
    """The picture of one row of latents."""
    decoded = decode_first_stage(shared.sd_model, samples[index : index + 1])[0]
    return images.from_tensor(torch.clamp(decoded * 0.5 + 0.5, min=0.0, max=1.0))


def store_latent(decoded: torch.Tensor) -> None:
    """Keep latents for the live preview."""
    state.current_latent = decoded


class Sampler:
    """Frame of a sampler: `func` does the steps, `model_wrap_cfg` (a CFGDenoiser) is what it calls.

    Sub-classes set `model_wrap_cfg` and `model_wrap`; `create_sampler` sets `config`.
    """

    eta_option_field = "eta_ancestral"
    eta_infotext_field = "Eta"
    eta_default = 1.0
    config: SamplerData
    model_wrap_cfg: Any
    model_wrap: Any

    def __init__(self, func: Callable):
        self.func = func
        self.funcname = func.__name__
        self.parameters = inspect.signature(func).parameters
        self.stop_at: int | None = None
        self.eta: float | None = None
        self.s_min_uncond = 0.0
        self.last_latent: torch.Tensor | None = None
        self.sampler_extra_args: dict[str, Any] = {}
        self.conditioning_key = shared.sd_model.model.conditioning_key
        self.p = None

    def callback_state(self, d: dict) -> None:
        """Called by `func` in every step."""
        if self.stop_at is not None and d["i"] > self.stop_at:
            raise InterruptedException
        state.sampling_step = d["i"]

    def initialize(self, p) -> dict[str, float]:
        """Get ready to sample for p; keyword arguments for `func`."""
        self.p = p
        self.model_wrap_cfg.p = p
        self.model_wrap_cfg.mask, self.model_wrap_cfg.nmask = getattr(p, "mask", None), getattr(p, "nmask", None)
        self.model_wrap_cfg.step = 0
        self.eta = p.eta if p.eta is not None else getattr(opts, self.eta_option_field)
        self.s_min_uncond = p.s_min_uncond or 0.0
        kwargs: dict[str, float] = {}
        if "eta" in self.parameters:
            if self.eta != self.eta_default:
                p.extra_generation_params[self.eta_infotext_field] = self.eta
            kwargs["eta"] = self.eta
        defaults = {"s_churn": 0.0, "s_tmin": 0.0, "s_tmax": float("inf"), "s_noise": 1.0}
        for name in [name for name in defaults if name in self.parameters]:
            value = getattr(opts, name)
            if value != defaults[name] and (name, value) != ("s_tmax", 0):  # 0 stands for no upper end
                setattr(p, name, value)
                p.extra_generation_params[f"Sigma {name[2:]}"] = value
            kwargs[name] = getattr(p, name)
        return kwargs

    def launch_sampling(self, steps: int, func: Callable[[], torch.Tensor]) -> torch.Tensor:
        """Run `func`; what was reached where the user interrupts it."""
        self.model_wrap_cfg.steps = steps
        self.model_wrap_cfg.total_steps = self.config.total_steps(steps)
        state.sampling_steps = steps
        state.sampling_step = 0
        try:
            return func()
        except InterruptedException:
            return self.last_latent

    def with_extra_noise(self, p, noise: torch.Tensor, x: torch.Tensor, xi: torch.Tensor, scale=1.0) -> torch.Tensor:
        """Img2img's noisy start xi of the latents x, with the extra noise of the settings, times scale."""
        if opts.img2img_extra_noise > 0:
            p.extra_generation_params["Extra noise"] = opts.img2img_extra_noise
            extra = ExtraNoiseParams(noise, x, xi)
            extra_noise_callback(extra)
            xi = xi + extra.noise * opts.img2img_extra_noise * scale
        return xi

    def run(self, p, steps: int, x: torch.Tensor, init_latent: torch.Tensor, conds: tuple, **kwargs) -> torch.Tensor:
        """Sample from the noisy x; init_latent is what is shown if the user interrupts at once.

        conds are the conditioning, the unconditional one and the image's; kwargs go to `func`.
        """
        conditioning, unconditional_conditioning, image_conditioning = conds
        self.last_latent = init_latent
        self.sampler_extra_args = {
            "cond": conditioning,
            "image_cond": image_conditioning,
            "uncond": unconditional_conditioning,
            "cond_scale": p.cfg_scale,
            "s_min_uncond": self.s_min_uncond,
        }
        samples = self.launch_sampling(
            steps,
            lambda: self.func(
                self.model_wrap_cfg,
                x,
                extra_args=self.sampler_extra_args,
                callback=self.callback_state,
                **{"noise": p.rng.next, **kwargs},
            ),
        )
        if self.model_wrap_cfg.padded_cond_uncond:
            p.extra_generation_params["Pad conds"] = True
        if self.model_wrap_cfg.padded_cond_uncond_v0:
            p.extra_generation_params["Pad conds v0"] = True
        return samples
