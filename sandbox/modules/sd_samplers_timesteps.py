"""Samplers over the model's own timesteps, in the WebUI's frame."""

import torch
from modules import ddim_sampling, sd_samplers_common, shared, unipc_sampling
from modules.sd_samplers_cfg_denoiser import CFGDenoiser
from modules.shared import opts


class CompVisTimestepsDenoiser(torch.nn.Module):
    """The model as it is: noise at a timestep."""

    def __init__(self, model):
        super().__init__()
        self.inner_model = model

    def forward(self, x, timesteps, **kwargs):
        return self.inner_model.apply_model(x, timesteps, **kwargs)


class CFGDenoiserTimesteps(CFGDenoiser):
    """Guidance over predicted noise; its sigma is a timestep."""

    def __init__(self, sampler):
        super().__init__(sampler)
        self.alphas = shared.sd_model.alphas_cumprod
        self.mask_before_denoising = True

    def get_pred_x0(self, x_in, x_out, sigma):
        alpha = self.alphas[sigma.to(dtype=int)][:, None, None, None]
        return (x_in - (1 - alpha).sqrt() * x_out) / alpha.sqrt()

    @property
    def inner_model(self):
        if self.model_wrap is None:
            self.model_wrap = CompVisTimestepsDenoiser(shared.sd_model)
        return self.model_wrap


class CompVisSampler(sd_samplers_common.Sampler):
    """A sampler of ddim_sampling or unipc_sampling."""

    eta_option_field = "eta_ddim"
    eta_infotext_field = "Eta DDIM"
    eta_default = 0.0

    def __init__(self, func, sd_model):
        super().__init__(func)
        self.model_wrap_cfg = CFGDenoiserTimesteps(self)
        self.model_wrap = self.model_wrap_cfg.inner_model

    def get_timesteps(self, p, steps: int) -> torch.Tensor:
        """Ascending timesteps of so many steps."""
        if opts.always_discard_next_to_last_sigma:
            p.extra_generation_params["Discard penultimate sigma"] = True
            steps += 1
        return torch.clip(torch.arange(0, 1000, 1000 // steps) + 1, 0, 999)

    def sample(self, p, x, conditioning, unconditional_conditioning, steps=None, image_conditioning=None):
        """Latents from noise x of variance 1."""
        steps = steps or p.steps
        timesteps = self.get_timesteps(p, steps)
        kwargs = self.initialize(p)
        conds = conditioning, unconditional_conditioning, image_conditioning
        return self.run(p, steps, x, x, conds, timesteps=timesteps, **kwargs)

    def sample_img2img(
        self, p, x, noise, conditioning, unconditional_conditioning, steps=None, image_conditioning=None
    ):
        """Latents from the latents x with noise on them, as much as p.denoising_strength says."""
        steps, t_enc = sd_samplers_common.setup_img2img_steps(p, steps)
        timesteps = self.get_timesteps(p, steps)
        alpha = shared.sd_model.alphas_cumprod[timesteps[t_enc]]
        xi = x * alpha.sqrt() + noise * (1 - alpha).sqrt()
        xi = self.with_extra_noise(p, noise, x, xi, alpha.sqrt())
        kwargs = self.initialize(p)
        if "is_img2img" in self.parameters:
            kwargs["is_img2img"] = True
        self.model_wrap_cfg.init_latent = x
        conds = conditioning, unconditional_conditioning, image_conditioning
        return self.run(p, t_enc + 1, xi, x, conds, timesteps=timesteps[:t_enc], **kwargs)


_SAMPLERS = [
    ("DDIM", ddim_sampling.ddim, ["ddim"]),
    ("DDIM CFG++", ddim_sampling.ddim_cfgpp, ["ddim_cfgpp"]),
    ("PLMS", ddim_sampling.plms, ["plms"]),
    ("UniPC", unipc_sampling.unipc, ["unipc"]),
]
samplers_data_timesteps = [
    sd_samplers_common.SamplerData(label, lambda model, func=func: CompVisSampler(func, model), aliases, {})
    for label, func, aliases in _SAMPLERS
]
