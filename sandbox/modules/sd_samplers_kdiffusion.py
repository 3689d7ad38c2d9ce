"""Samplers over noise levels, in the WebUI's frame."""

import torch
from modules import k_sampling, k_sampling_sde, sd_samplers_common, sd_schedulers, shared
from modules.k_denoiser import CompVisDenoiser, LCMDenoiser
from modules.sd_samplers_cfg_denoiser import CFGDenoiser
from modules.shared import opts

_KARRAS = {"scheduler": "karras"}
_EXPONENTIAL = {"scheduler": "exponential"}
_BROWNIAN = {"brownian_noise": True}
_LAST_SIGMA_AWAY = {"discard_next_to_last_sigma": True}
_SECOND_ORDER = {"second_order": True}
_ANCESTRAL = {"uses_ensd": True}
_SAMPLERS = [
    ("DPM++ 2M", k_sampling.sample_dpmpp_2m, ["k_dpmpp_2m"], _KARRAS),
    ("DPM++ SDE", k_sampling_sde.sample_dpmpp_sde, ["k_dpmpp_sde"], {**_KARRAS, **_SECOND_ORDER, **_BROWNIAN}),
    ("DPM++ 2M SDE", k_sampling_sde.sample_dpmpp_2m_sde, ["k_dpmpp_2m_sde"], {**_EXPONENTIAL, **_BROWNIAN}),
    ("DPM++ 2S a", k_sampling.sample_dpmpp_2s_ancestral, ["k_dpmpp_2s_a"], {**_KARRAS, **_ANCESTRAL, **_SECOND_ORDER}),
    (
        "DPM++ 3M SDE",
        k_sampling_sde.sample_dpmpp_3m_sde,
        ["k_dpmpp_3m_sde"],
        {**_EXPONENTIAL, **_LAST_SIGMA_AWAY, **_BROWNIAN},
    ),
    ("Euler a", k_sampling.sample_euler_ancestral, ["k_euler_a", "k_euler_ancestral"], _ANCESTRAL),
    ("Euler", k_sampling.sample_euler, ["k_euler"], {}),
    ("LMS", k_sampling.sample_lms, ["k_lms"], {}),
    ("Heun", k_sampling.sample_heun, ["k_heun"], _SECOND_ORDER),
    ("DPM2", k_sampling.sample_dpm_2, ["k_dpm_2"], {**_KARRAS, **_LAST_SIGMA_AWAY, **_SECOND_ORDER}),
    (
        "DPM2 a",
        k_sampling.sample_dpm_2_ancestral,
        ["k_dpm_2_a"],
        {**_KARRAS, **_LAST_SIGMA_AWAY, **_ANCESTRAL, **_SECOND_ORDER},
    ),
]


class CFGDenoiserKDiffusion(CFGDenoiser):
    """Guidance over denoised pictures."""

    @property
    def inner_model(self):
        if self.model_wrap is None:
            self.model_wrap = CompVisDenoiser(shared.sd_model, quantize=opts.enable_quantization)
        return self.model_wrap


class KDiffusionSampler(sd_samplers_common.Sampler):
    """A sampler of k_sampling or k_sampling_sde."""

    denoiser: type[CFGDenoiser] = CFGDenoiserKDiffusion

    def __init__(self, func, sd_model):
        super().__init__(func)
        self.model_wrap_cfg = self.denoiser(self)
        self.model_wrap = self.model_wrap_cfg.inner_model

    def get_sigmas(self, p, steps: int) -> torch.Tensor:
        """The noise levels of so many steps, (steps + 1,); says in the infotext what is not the default."""
        discard = self.config.options.get("discard_next_to_last_sigma", False)
        if opts.always_discard_next_to_last_sigma and not discard:
            discard = True
            p.extra_generation_params["Discard penultimate sigma"] = True
        steps += discard
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

    def _noise(self, p, x: torch.Tensor, sigmas: torch.Tensor) -> dict:
        """The sampler's own noise as an argument of it, where that is Brownian motion over all levels."""
        if not self.config.options.get("brownian_noise"):
            return {}
        seeds = p.all_seeds[p.iteration * p.batch_size : (p.iteration + 1) * p.batch_size]
        return {"noise": k_sampling_sde.BrownianNoise(x, sigmas[sigmas > 0].min(), sigmas.max(), seeds)}

    def sample(self, p, x, conditioning, unconditional_conditioning, steps=None, image_conditioning=None):
        """Latents from noise x of variance 1."""
        steps = steps or p.steps
        sigmas = self.get_sigmas(p, steps)
        if opts.sgm_noise_multiplier:
            p.extra_generation_params["SGM noise multiplier"] = True
            x = x * torch.sqrt(1.0 + sigmas[0] ** 2.0)
        else:
            x = x * sigmas[0]
        kwargs = self.initialize(p) | self._noise(p, x, sigmas)
        conds = conditioning, unconditional_conditioning, image_conditioning
        return self.run(p, steps, x, x, conds, sigmas=sigmas, **kwargs)

    def sample_img2img(
        self, p, x, noise, conditioning, unconditional_conditioning, steps=None, image_conditioning=None
    ):
        """Latents from the latents x with noise on them, as much as p.denoising_strength says."""
        steps, t_enc = sd_samplers_common.setup_img2img_steps(p, steps)
        whole = self.get_sigmas(p, steps)
        sigmas = whole[steps - t_enc - 1 :]
        xi = self.with_extra_noise(p, noise, x, x + noise * sigmas[0])
        kwargs = self.initialize(p) | self._noise(p, x, whole)
        self.model_wrap_cfg.init_latent = x
        conds = conditioning, unconditional_conditioning, image_conditioning
        return self.run(p, t_enc + 1, xi, x, conds, sigmas=sigmas, **kwargs)


class CFGDenoiserLCM(CFGDenoiser):
    """Guidance over denoised pictures of a latent consistency model."""

    @property
    def inner_model(self):
        if self.model_wrap is None:
            self.model_wrap = LCMDenoiser(shared.sd_model)
        return self.model_wrap


class LCMSampler(KDiffusionSampler):
    """Consistency sampling."""

    denoiser = CFGDenoiserLCM


samplers_data_k_diffusion = [
    sd_samplers_common.SamplerData(label, lambda model, func=func: KDiffusionSampler(func, model), aliases, options)
    for label, func, aliases, options in _SAMPLERS
    if k_sampling_sde.IS_AVAILABLE or not options.get("brownian_noise")
]
samplers_data_lcm = [
    sd_samplers_common.SamplerData("LCM", lambda model: LCMSampler(k_sampling.sample_lcm, model), ["k_lcm"], {})
]
