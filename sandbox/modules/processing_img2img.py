"""Pictures from text and a picture."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from modules import images, masking, rng, sd_samplers, sd_samplers_common
from modules.processing_base import StableDiffusionProcessing, opt_f
from modules.sd_hijack import model_hijack
from modules.shared import opts
from PIL import Image, ImageOps

FILL, ORIGINAL, LATENT_NOISE, LATENT_NOTHING = range(4)
"""What `inpainting_fill` puts in place of what is masked, before it is drawn."""


@dataclass(repr=False)
class StableDiffusionProcessingImg2Img(StableDiffusionProcessing):
    """A picture from text and a picture; where `mask` is given, only what is white in it is drawn anew."""

    init_images: list | None = None
    resize_mode: int = 0
    denoising_strength: float = 0.75
    image_cfg_scale: float | None = None
    mask: Any = None
    mask_blur_x: int = 4
    mask_blur_y: int = 4
    mask_blur: int | None = None
    mask_round: bool = True
    inpainting_fill: int = FILL
    inpaint_full_res: bool = True
    inpaint_full_res_padding: int = 0
    inpainting_mask_invert: int = 0
    initial_noise_multiplier: float | None = None
    latent_mask: Any = None
    force_task_id: str | None = None

    image_mask: Any = field(default=None, init=False)
    """The mask as it was given; `mask` becomes its share of the latents."""
    nmask: torch.Tensor | None = field(default=None, init=False)
    mask_for_overlay: Image.Image | None = field(default=None, init=False)
    image_conditioning: Any = field(default=None, init=False)
    init_latent: Any = field(default=None, init=False)

    def __post_init__(self):
        super().__post_init__()
        self.image_mask, self.mask = self.mask, None
        if self.initial_noise_multiplier is None:
            self.initial_noise_multiplier = opts.initial_noise_multiplier

    @property
    def mask_blur(self) -> int | None:  # noqa: F811 - stands for mask_blur_x and mask_blur_y
        """Pixels that the mask is blurred by; None where they are not the same in both directions."""
        return self.mask_blur_x if self.mask_blur_x == self.mask_blur_y else None

    @mask_blur.setter
    def mask_blur(self, value):
        if isinstance(value, int):  # the constructor sets the property itself where nothing is given
            self.mask_blur_x = self.mask_blur_y = value

    def init(self, all_prompts, all_seeds, all_subseeds):
        self.extra_generation_params["Denoising strength"] = self.denoising_strength
        self.image_cfg_scale = None
        self.sampler = sd_samplers.create_sampler(self.sampler_name, self.sd_model)
        image_mask, crop_region = self._prepare_mask()
        latent_mask = image_mask if self.latent_mask is None else self.latent_mask
        pictures = [self._prepare_picture(x, image_mask, latent_mask, crop_region) for x in self.init_images]
        tensors = [images.to_tensor(x) for x in pictures]
        if len(tensors) == 1:
            tensors = tensors * self.batch_size
            if self.overlay_images is not None:
                self.overlay_images = self.overlay_images * self.batch_size
        elif len(tensors) > self.batch_size:
            raise RuntimeError(f"there are {len(tensors)} init images for a batch of {self.batch_size}")
        else:
            self.batch_size = len(tensors)
        self.init_latent = sd_samplers_common.images_tensor_to_samples(torch.stack(tensors), self.sd_model)
        if self.resize_mode == 3:
            size = (self.height // opt_f, self.width // opt_f)
            self.init_latent = torch.nn.functional.interpolate(self.init_latent, size=size, mode="bilinear")
        if image_mask is not None:
            self._mask_latents(latent_mask, all_seeds)
        self.image_conditioning = self.txt2img_image_conditioning(self.init_latent)

    def _prepare_mask(self) -> tuple:
        """(mask of what is drawn, part of the picture that is cropped for it); None for what there is not."""
        if self.image_mask is None:
            return None, None
        info = self.extra_generation_params
        mask = masking.create_binary_mask(self.image_mask, round=self.mask_round)
        if self.inpainting_mask_invert:
            mask = ImageOps.invert(mask)
            info["Mask mode"] = "Inpaint not masked"
        if self.mask_blur_x > 0 or self.mask_blur_y > 0:
            mask = masking.blurred(mask, self.mask_blur_x, self.mask_blur_y)
            info["Mask blur"] = self.mask_blur
        self.overlay_images = []
        if self.inpaint_full_res:
            return self._crop_to_mask(mask)
        mask = images.resize_image(self.resize_mode, mask, self.width, self.height)
        # What is half white or more is not overlaid at all: there the picture is the drawn one.
        self.mask_for_overlay = mask.point(lambda level: min(2 * level, 255))
        return mask, None

    def _crop_to_mask(self, mask: Image.Image) -> tuple:
        """`_prepare_mask` where only what is masked is drawn; an empty mask leaves plain img2img."""
        region = masking.get_crop_region_v2(mask, self.inpaint_full_res_padding)
        if region is None:
            self.mask_for_overlay, self.inpaint_full_res = None, False
            model_hijack.comments.append("The mask is empty: the whole picture was drawn, as by img2img without one.")
            return None, None
        self.mask_for_overlay = mask
        region = masking.expand_crop_region(region, self.width, self.height, mask.width, mask.height)
        left, top, right, bottom = region
        self.paste_to = (left, top, right - left, bottom - top)
        self.extra_generation_params["Inpaint area"] = "Only masked"
        self.extra_generation_params["Masked area padding"] = self.inpaint_full_res_padding
        return images.resize_image(2, mask.crop(region), self.width, self.height), region

    def _prepare_picture(self, picture, image_mask, latent_mask, crop_region) -> Image.Image:
        """An initial picture as it is encoded; what a mask keeps of it is put into self.overlay_images."""
        picture = images.flatten(picture, opts.img2img_background_color)
        if crop_region is None and self.resize_mode != 3:
            picture = images.resize_image(self.resize_mode, picture, self.width, self.height)
        if image_mask is None:
            return picture
        if self.mask_for_overlay.size != picture.size:
            self.mask_for_overlay = images.resize_image(self.resize_mode, self.mask_for_overlay, *picture.size)
        self.overlay_images.append(masking.without(picture, self.mask_for_overlay).convert("RGBA"))
        if crop_region is not None:
            picture = images.resize_image(2, picture.crop(crop_region), self.width, self.height)
        if self.inpainting_fill == ORIGINAL:
            return picture
        if self.inpainting_fill == FILL:
            self.extra_generation_params["Masked content"] = "fill"
        return masking.fill(picture, latent_mask)

    def _mask_latents(self, latent_mask: Image.Image, all_seeds: list) -> None:
        """Set self.mask and self.nmask, (4, h, w), and put noise or nothing under them where that is asked for."""
        _, channels, height, width = self.init_latent.shape
        levels = np.array(latent_mask.convert("RGB").resize((width, height)), dtype=np.float32)[..., 0] / 255
        if self.mask_round:
            levels = np.around(levels)
        self.nmask = torch.from_numpy(levels).repeat(channels, 1, 1)
        self.mask = 1.0 - self.nmask
        if self.inpainting_fill == LATENT_NOISE:
            noise = rng.ImageRNG(self.init_latent.shape[1:], all_seeds[: len(self.init_latent)]).next()
            self.init_latent = self.init_latent * self.mask + noise * self.nmask
            self.extra_generation_params["Masked content"] = "latent noise"
        elif self.inpainting_fill == LATENT_NOTHING:
            self.init_latent = self.init_latent * self.mask
            self.extra_generation_params["Masked content"] = "latent nothing"

    def sample(self, conditioning, unconditional_conditioning, seeds, subseeds, subseed_strength, prompts):
        x = self.rng.next()
        if self.initial_noise_multiplier != 1.0:
            self.extra_generation_params["Noise multiplier"] = self.initial_noise_multiplier
            x = x * self.initial_noise_multiplier
        if self.scripts is not None:
            self.scripts.process_before_every_sampling(
                p=self, x=self.init_latent, noise=x, c=conditioning, uc=unconditional_conditioning
            )
        samples = self.sampler.sample_img2img(
            self,
            self.init_latent,
            x,
            conditioning,
            unconditional_conditioning,
            image_conditioning=self.image_conditioning,
        )
        if self.mask is None:
            return samples
        return sd_samplers_common.blend_masked(self, samples, self.init_latent, self.mask, self.nmask)
