"""Pictures from text, with a second, larger pass where it is wanted."""

from dataclasses import dataclass, field
from typing import Any

import torch
from modules import extra_networks, images, prompt_parser, rng, sd_samplers, shared
from modules.processing_base import StableDiffusionProcessing, opt_f, refuse
from modules.sd_samplers_common import decode_latent_batch, images_tensor_to_samples
from modules.shared import opts, state


@dataclass(repr=False)
class StableDiffusionProcessingTxt2Img(StableDiffusionProcessing):
    """A picture from text, with a second, larger pass (hires fix) where enable_hr is set."""

    enable_hr: bool = False
    denoising_strength: float = 0.75
    firstphase_width: int = 0
    firstphase_height: int = 0
    hr_scale: float = 2.0
    hr_upscaler: str | None = None
    hr_second_pass_steps: int = 0
    hr_resize_x: int = 0
    hr_resize_y: int = 0
    hr_checkpoint_name: str | None = None
    hr_sampler_name: str | None = None
    hr_scheduler: str | None = None
    hr_prompt: str = ""
    hr_negative_prompt: str = ""
    force_task_id: str | None = None

    hr_upscale_to_x: int = field(default=0, init=False)
    hr_upscale_to_y: int = field(default=0, init=False)
    truncate_x: int = field(default=0, init=False)
    truncate_y: int = field(default=0, init=False)
    latent_scale_mode: dict | None = field(default=None, init=False)
    hr_c: Any = field(default=None, init=False)
    hr_uc: Any = field(default=None, init=False)
    all_hr_prompts: list | None = field(default=None, init=False)
    all_hr_negative_prompts: list | None = field(default=None, init=False)
    hr_prompts: list | None = field(default=None, init=False)
    hr_negative_prompts: list | None = field(default=None, init=False)
    hr_extra_network_data: Any = field(default=None, init=False)

    cached_hr_c = [None, None]  # noqa: RUF012
    cached_hr_uc = [None, None]  # noqa: RUF012

    def __post_init__(self):
        super().__post_init__()
        self.cached_hr_c = StableDiffusionProcessingTxt2Img.cached_hr_c
        self.cached_hr_uc = StableDiffusionProcessingTxt2Img.cached_hr_uc

    def refuse_unsupported(self):
        super().refuse_unsupported()
        if self.firstphase_width or self.firstphase_height:
            refuse("first pass of another size")
        if self.enable_hr and self.hr_checkpoint_name not in (None, "", "Use same checkpoint"):
            refuse("hires checkpoint")
        if self.enable_hr and self.hr_upscaler not in (None, *shared.latent_upscale_modes):
            refuse(f"upscaler {self.hr_upscaler!r}, only {', '.join(shared.latent_upscale_modes)}")

    def calculate_target_resolution(self):
        """Size of the hires pass, and how much of it is cut off to get the size asked for."""
        if self.hr_resize_x == 0 and self.hr_resize_y == 0:
            self.extra_generation_params["Hires upscale"] = self.hr_scale
            self.hr_upscale_to_x = int(self.width * self.hr_scale)
            self.hr_upscale_to_y = int(self.height * self.hr_scale)
            return
        self.extra_generation_params["Hires resize"] = f"{self.hr_resize_x}x{self.hr_resize_y}"
        both = self.hr_resize_x and self.hr_resize_y
        wider = both and self.width / self.height < self.hr_resize_x / self.hr_resize_y
        if self.hr_resize_y == 0 or wider:
            self.hr_upscale_to_x = self.hr_resize_x
            self.hr_upscale_to_y = self.hr_resize_x * self.height // self.width
        else:
            self.hr_upscale_to_x = self.hr_resize_y * self.width // self.height
            self.hr_upscale_to_y = self.hr_resize_y
        if both:
            self.truncate_x = (self.hr_upscale_to_x - self.hr_resize_x) // opt_f
            self.truncate_y = (self.hr_upscale_to_y - self.hr_resize_y) // opt_f

    def init(self, all_prompts, all_seeds, all_subseeds):
        if not self.enable_hr:
            return
        info = self.extra_generation_params
        info["Denoising strength"] = self.denoising_strength
        if self.hr_sampler_name is not None and self.hr_sampler_name != self.sampler_name:
            info["Hires sampler"] = self.hr_sampler_name

        def hr_prompt(p, index, prompt_text, **kwargs):
            return p.all_hr_prompts[index] if p.all_hr_prompts[index] != prompt_text else None

        def hr_negative_prompt(p, index, negative_prompt, **kwargs):
            text = p.all_hr_negative_prompts[index]
            return text if text != negative_prompt else None

        info["Hires prompt"] = hr_prompt
        info["Hires negative prompt"] = hr_negative_prompt
        info["Hires schedule type"] = None  # the sampler fills this in
        self.hr_scheduler = self.hr_scheduler or self.scheduler
        self.latent_scale_mode = shared.latent_upscale_modes[self.hr_upscaler or shared.latent_upscale_default_mode]
        self.calculate_target_resolution()
        if not state.processing_has_refined_job_count:
            state.job_count = 2 * (self.n_iter if state.job_count == -1 else state.job_count)
            state.processing_has_refined_job_count = True
        if self.hr_second_pass_steps:
            info["Hires steps"] = self.hr_second_pass_steps
        if self.hr_upscaler is not None:
            info["Hires upscaler"] = self.hr_upscaler

    def sample(self, conditioning, unconditional_conditioning, seeds, subseeds, subseed_strength, prompts):
        self.sampler = sd_samplers.create_sampler(self.sampler_name, self.sd_model)
        if self.firstpass_image is not None and self.enable_hr:
            picture = images.to_tensor(self.firstpass_image.convert("RGB"))
            return self.sample_hr_pass(images_tensor_to_samples(picture[None], self.sd_model))
        x = self.rng.next()
        if self.scripts is not None:
            self.scripts.process_before_every_sampling(
                p=self, x=x, noise=x, c=conditioning, uc=unconditional_conditioning
            )
        samples = self.sampler.sample(
            self,
            x,
            conditioning,
            unconditional_conditioning,
            image_conditioning=self.txt2img_image_conditioning(x),
        )
        return self.sample_hr_pass(samples) if self.enable_hr and not state.interrupted else samples

    def sample_hr_pass(self, samples):
        """The second pass: `samples` enlarged, noised and sampled again."""
        self.is_hr_pass = True
        self.sampler = sd_samplers.create_sampler(self.hr_sampler_name or self.sampler_name, self.sd_model)
        samples = torch.nn.functional.interpolate(
            samples,
            size=(self.hr_upscale_to_y // opt_f, self.hr_upscale_to_x // opt_f),
            mode=self.latent_scale_mode["mode"],
            antialias=self.latent_scale_mode["antialias"],
        )
        image_conditioning = self.txt2img_image_conditioning(samples)
        state.nextjob()
        rows = slice(self.truncate_y // 2, samples.shape[2] - (self.truncate_y + 1) // 2)
        columns = slice(self.truncate_x // 2, samples.shape[3] - (self.truncate_x + 1) // 2)
        samples = samples[:, :, rows, columns]
        self.rng = rng.ImageRNG(
            samples.shape[1:],
            self.seeds,
            subseeds=self.subseeds,
            subseed_strength=self.subseed_strength,
            seed_resize_from_h=self.seed_resize_from_h,
            seed_resize_from_w=self.seed_resize_from_w,
        )
        noise = self.rng.next()
        if not self.disable_extra_networks:
            extra_networks.activate(self, self.hr_extra_network_data)
        self.calculate_hr_conds()
        if self.scripts is not None:
            self.scripts.before_hr(self)
            self.scripts.process_before_every_sampling(p=self, x=samples, noise=noise, c=self.hr_c, uc=self.hr_uc)
        samples = self.sampler.sample_img2img(
            self,
            samples,
            noise,
            self.hr_c,
            self.hr_uc,
            steps=self.hr_second_pass_steps or self.steps,
            image_conditioning=image_conditioning,
        )
        self.sampler = None
        decoded = decode_latent_batch(self.sd_model, samples, check_for_nans=True)
        self.is_hr_pass = False
        return decoded

    def close(self):
        super().close()
        self.hr_c = self.hr_uc = None
        if not opts.persistent_cond_cache:
            StableDiffusionProcessingTxt2Img.cached_hr_c = [None, None]
            StableDiffusionProcessingTxt2Img.cached_hr_uc = [None, None]

    def setup_prompts(self):
        super().setup_prompts()
        if not self.enable_hr:
            return
        self.hr_prompt = self.hr_prompt or self.prompt
        self.hr_negative_prompt = self.hr_negative_prompt or self.negative_prompt
        every = lambda x: list(x) if isinstance(x, list) else self.batch_size * self.n_iter * [x]  # noqa: E731
        db = shared.prompt_styles
        self.all_hr_prompts = [db.apply_styles_to_prompt(x, self.styles) for x in every(self.hr_prompt)]
        self.all_hr_negative_prompts = [
            db.apply_negative_styles_to_prompt(x, self.styles) for x in every(self.hr_negative_prompt)
        ]

    def calculate_hr_conds(self):
        """Encode the hires pass' prompts."""
        if self.hr_c is not None:
            return
        size = {"width": self.hr_upscale_to_x, "height": self.hr_upscale_to_y}
        prompts = prompt_parser.SdConditioning(self.hr_prompts, **size)
        negative_prompts = prompt_parser.SdConditioning(self.hr_negative_prompts, is_negative_prompt=True, **size)
        config = sd_samplers.find_sampler_config(self.hr_sampler_name or self.sampler_name)
        steps = self.hr_second_pass_steps or self.steps
        total_steps = config.total_steps(steps) if config else steps
        self.hr_uc = self.get_conds_with_caching(
            prompt_parser.get_learned_conditioning,
            negative_prompts,
            self.firstpass_steps,
            [self.cached_hr_uc, self.cached_uc],
            self.hr_extra_network_data,
            total_steps,
        )
        self.hr_c = self.get_conds_with_caching(
            prompt_parser.get_multicond_learned_conditioning,
            prompts,
            self.firstpass_steps,
            [self.cached_hr_c, self.cached_c],
            self.hr_extra_network_data,
            total_steps,
        )

    def setup_conds(self):
        if self.is_hr_pass:
            self.hr_c = None
            self.calculate_hr_conds()
            return
        super().setup_conds()
        self.hr_c = self.hr_uc = None
        if self.enable_hr and opts.hires_fix_use_firstpass_conds:
            self.calculate_hr_conds()

    def get_conds(self):
        return (self.hr_c, self.hr_uc) if self.is_hr_pass else super().get_conds()

    def parse_extra_network_prompts(self):
        super().parse_extra_network_prompts()
        if self.enable_hr:
            of_batch = slice(self.iteration * self.batch_size, (self.iteration + 1) * self.batch_size)
            self.hr_negative_prompts = self.all_hr_negative_prompts[of_batch]
            self.hr_prompts, self.hr_extra_network_data = extra_networks.parse_prompts(self.all_hr_prompts[of_batch])
