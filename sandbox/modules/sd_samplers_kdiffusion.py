"""Samplers over noise levels, in the WebUI's frame."""

import torch
from modules import k_sampling, sd_samplers_common, sd_schedulers, shared
from modules.k_denoiser import CompVisDenoiser
from modules.sd_samplers_cfg_denoiser import CFGDenoiser
from modules.shared import opts

_SAMPLERS = [
    ("DPM++ 2M", k_sampling.sample_dpmpp_2m, ["k_dpmpp_2m"], {"scheduler": "karras"}),
    (
        "Euler a",
        k_sampling.sample_euler_ancestral,
        ["k_euler_a", "k_euler_ancestral"],
        {"uses_ensd": True},
    ),
    ("Euler", k_sampling.sample_euler, ["k_euler"], {}),
    ("Heun", k_sampling.sample_heun, ["k_heun"], {"second_order": True}),
]


class CFGDenoiserKDiffusion(CFGDenoiser):
    """Guidance over denoised pictures."""

    @property
    def inner_model(self):
        if self.model_wrap is None:
            self.model_wrap = CompVisDenoiser(shared.sd_model, quantize=opts.enable_quantization)
        return self.model_wrap


class KDiffusionSampler(sd_samplers_common.Sampler):
    """A sampler of k_sampling."""

    def __init__(self, func, sd_model):
        super().__init__(func)
        self.model_wrap_cfg = CFGDenoiserKDiffusion(self)
        self.model_wrap = self.model_wrap_cfg.inner_model

    def get_sigmas(self, p, steps: int) -> torch.Tensor:
        """The noise levels of so many steps, (steps + 1,); says in the infotext what is not the default."""
        discard = opts.always_discard_next_to_last_sigma
        if discard:
            p.extra_generation_params["Discard penultimate sigma"] = True
            steps += 1
        name = (p.hr_scheduler if p.is_hr_pass else p.scheduler) or "Automatic"
        if name == "Automatic":
            name = self.config.options.get("scheduler")
        scheduler = sd_schedulers.schedulers_map.get(name)
        if p.sampler_noise_scheduler_override:
            sigmas = p.sampler_noise_scheduler_override(steps)
        elif scheduler is None or scheduler.function is None:
            sigmas = self.model_wrap.get_sigmas(steps)
        else:
            sigmas = scheduler.function(n=steps, **self._schedule_arguments(p, scheduler))
        return torch.cat([sigmas[:-2], sigmas[-1:]]) if discard else sigmas

    def _schedule_arguments(self, p, scheduler) -> dict:
        info = p.extra_generation_params
        if not p.is_hr_pass:
            info["Schedule type"] = scheduler.label
        elif scheduler.label != info.get("Schedule type"):
            info["Hires schedule type"] = scheduler.label
        own = {"sigma_min": self.model_wrap.sigma_min.item(), "sigma_max": self.model_wrap.sigma_max.item()}
        kwargs = {"sigma_min": 0.1, "sigma_max": 10} if opts.use_old_karras_scheduler_sigmas else dict(own)
        for key, label in (("sigma_min", "Schedule min sigma"), ("sigma_max", "Schedule max sigma")):
            if getattr(opts, key) not in (0, own[key]):
                kwargs[key] = info[label] = getattr(opts, key)
        if scheduler.default_rho != -1 and opts.rho not in (0, scheduler.default_rho):
            kwargs["rho"] = info["Schedule rho"] = opts.rho
        if scheduler.need_inner_model:
            kwargs["inner_model"] = self.model_wrap
        return kwargs

    def sample(self, p, x, conditioning, unconditional_conditioning, steps=None, image_conditioning=None):
        """Latents from noise x of variance 1."""
        steps = steps or p.steps
        sigmas = self.get_sigmas(p, steps)
        if opts.sgm_noise_multiplier:
            p.extra_generation_params["SGM noise multiplier"] = True
            x = x * torch.sqrt(1.0 + sigmas[0] ** 2.0)
        else:
            x = x * sigmas[0]
        kwargs = self.initialize(p)
        conds = conditioning, unconditional_conditioning, image_conditioning
        return self.run(p, steps, x, x, conds, sigmas=sigmas, **kwargs)

    def sample_img2img(
        self, p, x, noise, conditioning, unconditional_conditioning, steps=None, image_conditioning=None
    ):
        """Latents from the latents x with noise on them, as much as p.denoising_strength says."""
        steps, t_enc = sd_samplers_common.setup_img2img_steps(p, steps)
        sigmas = self.get_sigmas(p, steps)[steps - t_enc - 1 :]
        xi = self.with_extra_noise(p, noise, x, x + noise * sigmas[0])
        kwargs = self.initialize(p)
        self.model_wrap_cfg.init_latent = x
        conds = conditioning, unconditional_conditioning, image_conditioning
        return self.run(p, t_enc + 1, xi, x, conds, sigmas=sigmas, **kwargs)


samplers_data_k_diffusion = [
    sd_samplers_common.SamplerData(label, lambda model, func=func: KDiffusionSampler(func, model), aliases, options)
    for label, func, aliases, options in _SAMPLERS
]
