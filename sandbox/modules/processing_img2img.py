"""Pictures from text and a picture."""

from dataclasses import dataclass, field
from typing import Any

import torch
from modules import images, sd_samplers, sd_samplers_common
from modules.processing_base import StableDiffusionProcessing, opt_f, refuse
from modules.shared import opts


@dataclass(repr=False)
class StableDiffusionProcessingImg2Img(StableDiffusionProcessing):
    """A picture from text and a picture; no inpainting."""

    init_images: list | None = None
    resize_mode: int = 0
    denoising_strength: float = 0.75
    image_cfg_scale: float | None = None
    mask: Any = None
    mask_blur_x: int = 4
    mask_blur_y: int = 4
    mask_blur: int | None = None
    mask_round: bool = True
    inpainting_fill: int = 0
    inpaint_full_res: bool = True
    inpaint_full_res_padding: int = 0
    inpainting_mask_invert: int = 0
    initial_noise_multiplier: float | None = None
    latent_mask: Any = None
    force_task_id: str | None = None

    image_conditioning: Any = field(default=None, init=False)
    init_latent: Any = field(default=None, init=False)

    def __post_init__(self):
        super().__post_init__()
        if self.initial_noise_multiplier is None:
            self.initial_noise_multiplier = opts.initial_noise_multiplier

    def refuse_unsupported(self):
        super().refuse_unsupported()
        if self.mask is not None or self.latent_mask is not None:
            refuse("inpainting")

    def init(self, all_prompts, all_seeds, all_subseeds):
        self.extra_generation_params["Denoising strength"] = self.denoising_strength
        self.image_cfg_scale = None
        self.sampler = sd_samplers.create_sampler(self.sampler_name, self.sd_model)
        pictures = [images.flatten(x, opts.img2img_background_color) for x in self.init_images]
        if self.resize_mode != 3:
            pictures = [images.resize_image(self.resize_mode, x, self.width, self.height) for x in pictures]
        tensors = [images.to_tensor(x) for x in pictures]
        if len(tensors) == 1:
            tensors = tensors * self.batch_size
        elif len(tensors) > self.batch_size:
            raise RuntimeError(f"there are {len(tensors)} init images for a batch of {self.batch_size}")
        else:
            self.batch_size = len(tensors)
        self.init_latent = sd_samplers_common.images_tensor_to_samples(torch.stack(tensors), self.sd_model)
        if self.resize_mode == 3:
            size = (self.height // opt_f, self.width // opt_f)
            self.init_latent = torch.nn.functional.interpolate(self.init_latent, size=size, mode="bilinear")
        self.image_conditioning = self.txt2img_image_conditioning(self.init_latent)

    def sample(self, conditioning, unconditional_conditioning, seeds, subseeds, subseed_strength, prompts):
        x = self.rng.next()
        if self.initial_noise_multiplier != 1.0:
            self.extra_generation_params["Noise multiplier"] = self.initial_noise_multiplier
            x = x * self.initial_noise_multiplier
        if self.scripts is not None:
            self.scripts.process_before_every_sampling(
                p=self, x=self.init_latent, noise=x, c=conditioning, uc=unconditional_conditioning
            )
        return self.sampler.sample_img2img(
            self,
            self.init_latent,
            x,
            conditioning,
            unconditional_conditioning,
            image_conditioning=self.image_conditioning,
        )
