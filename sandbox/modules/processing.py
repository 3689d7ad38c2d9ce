"""Generation: what is asked for (StableDiffusionProcessing…) and the loop over batches.

The order in which scripts are called, the caching of conds, and what becomes of an interrupt or an
error are the WebUI's. Left out, and refused in words: inpainting, refiner, styles, tiling, face
restoration, upscalers other than latent ones.
"""

import random
from dataclasses import dataclass, field
from typing import Any

import torch
from modules import (
    devices,
    extra_networks,
    images,
    prompt_parser,
    rng,
    scripts,
    sd_models,
    sd_samplers,
    sd_samplers_common,
    shared,
)
from modules.processing_results import Processed, create_infotext, program_version  # noqa: F401
from modules.sd_hijack import model_hijack
from modules.shared import opts, state
from PIL import Image

opt_C = 4
opt_f = 8


class UnsupportedError(ValueError):
    """The request asks for something that the WebUI does and the sandbox does not."""


def _refuse(what: str) -> None:
    raise UnsupportedError(f"the sandbox has no {what}: leave it out, or send this to a real WebUI")


@dataclass(repr=False)
class StableDiffusionProcessing:
    """What is asked for, and, once it runs, how far it got."""

    sd_model: object = None
    outpath_samples: str | None = None
    outpath_grids: str | None = None
    prompt: str = ""
    prompt_for_display: str | None = None
    negative_prompt: str = ""
    styles: list[str] | None = None
    seed: int = -1
    subseed: int = -1
    subseed_strength: float = 0
    seed_resize_from_h: int = -1
    seed_resize_from_w: int = -1
    seed_enable_extras: bool = True
    sampler_name: str | None = None
    scheduler: str | None = None
    batch_size: int = 1
    n_iter: int = 1
    steps: int = 50
    cfg_scale: float = 7.0
    width: int = 512
    height: int = 512
    restore_faces: bool | None = None
    tiling: bool | None = None
    do_not_save_samples: bool = False
    do_not_save_grid: bool = False
    extra_generation_params: dict[str, Any] | None = None
    overlay_images: list | None = None
    eta: float | None = None
    do_not_reload_embeddings: bool = False
    denoising_strength: float | None = None
    ddim_discretize: str | None = None
    s_min_uncond: float | None = None
    s_churn: float | None = None
    s_tmax: float | None = None
    s_tmin: float | None = None
    s_noise: float | None = None
    override_settings: dict[str, Any] | None = None
    override_settings_restore_afterwards: bool = True
    sampler_index: int | None = None
    refiner_checkpoint: str | None = None
    refiner_switch_at: float | None = None
    disable_extra_networks: bool = False
    firstpass_image: Any = None

    scripts_value: scripts.ScriptRunner | None = field(default=None, init=False)
    script_args_value: list | None = field(default=None, init=False)
    scripts_setup_complete: bool = field(default=False, init=False)
    comments: dict | None = None
    sampler: Any = field(default=None, init=False)
    is_using_inpainting_conditioning: bool = field(default=False, init=False)
    is_hr_pass: bool = field(default=False, init=False)
    c: Any = field(default=None, init=False)
    uc: Any = field(default=None, init=False)
    rng: Any = field(default=None, init=False)
    step_multiplier: int = field(default=1, init=False)
    all_prompts: list | None = field(default=None, init=False)
    all_negative_prompts: list | None = field(default=None, init=False)
    all_seeds: list | None = field(default=None, init=False)
    all_subseeds: list | None = field(default=None, init=False)
    iteration: int = field(default=0, init=False)
    main_prompt: str | None = field(default=None, init=False)
    main_negative_prompt: str | None = field(default=None, init=False)
    prompts: list | None = field(default=None, init=False)
    negative_prompts: list | None = field(default=None, init=False)
    seeds: list | None = field(default=None, init=False)
    subseeds: list | None = field(default=None, init=False)
    extra_network_data: dict | None = field(default=None, init=False)
    user: str | None = field(default=None, init=False)
    sd_model_name: str | None = field(default=None, init=False)
    sd_model_hash: str | None = field(default=None, init=False)
    is_api: bool = field(default=False, init=False)

    # Conds of the last generation, [arguments, result], shared by all generations.
    cached_c = [None, None]  # noqa: RUF012
    cached_uc = [None, None]  # noqa: RUF012

    def __post_init__(self):
        self.comments = {}
        self.styles = self.styles or []
        self.sampler_noise_scheduler_override = None
        self.extra_generation_params = self.extra_generation_params or {}
        self.override_settings = self.override_settings or {}
        self.script_args = self.script_args or {}
        if not self.seed_enable_extras:
            self.subseed, self.subseed_strength = -1, 0
            self.seed_resize_from_h = self.seed_resize_from_w = 0
        self.cached_c = StableDiffusionProcessing.cached_c
        self.cached_uc = StableDiffusionProcessing.cached_uc

    def fill_fields_from_opts(self):
        """Take from the settings what was not asked for."""
        for name in ("s_min_uncond", "s_churn", "s_tmin", "s_tmax", "s_noise"):
            if getattr(self, name) is None:
                setattr(self, name, getattr(opts, name))
        self.s_tmax = self.s_tmax or float("inf")

    def refuse_unsupported(self):
        """Raise UnsupportedError for what the sandbox cannot do."""
        if self.styles:
            _refuse("prompt styles")
        if self.tiling:
            _refuse("tiling")
        if self.restore_faces:
            _refuse("face restoration")
        if self.refiner_checkpoint not in (None, "", "None", "none"):
            _refuse("refiner")

    @property
    def sd_model(self):  # noqa: F811 - given to the constructor, and always the loaded one
        return shared.sd_model

    @sd_model.setter
    def sd_model(self, value):
        pass

    @property
    def scripts(self):
        return self.scripts_value

    @scripts.setter
    def scripts(self, value):
        self.scripts_value = value
        self._setup_scripts_once()

    @property
    def script_args(self):
        return self.script_args_value

    @script_args.setter
    def script_args(self, value):
        self.script_args_value = value
        self._setup_scripts_once()

    def _setup_scripts_once(self):
        if self.scripts_value and self.script_args_value and not self.scripts_setup_complete:
            self.scripts_setup_complete = True
            self.scripts_value.setup_scrips(self, is_ui=not self.is_api)

    def comment(self, text: str):
        """Say something to the user beside the picture."""
        self.comments[text] = 1

    def txt2img_image_conditioning(self, x, width=None, height=None):
        """The zeros that stand for the picture conditioning this kind of model does not have."""
        return x.new_zeros(x.shape[0], 5, 1, 1)

    def init(self, all_prompts, all_seeds, all_subseeds):
        """Called once, before the first batch."""

    def sample(self, conditioning, unconditional_conditioning, seeds, subseeds, subseed_strength, prompts):
        """Latents of the batch."""
        raise NotImplementedError

    def close(self):
        """Let go of what is large."""
        self.sampler = self.c = self.uc = None
        if not opts.persistent_cond_cache:
            StableDiffusionProcessing.cached_c = [None, None]
            StableDiffusionProcessing.cached_uc = [None, None]

    def setup_prompts(self):
        """Lists with a prompt and a negative prompt for every picture of all batches."""
        if isinstance(self.prompt, list):
            self.all_prompts = self.prompt
        elif isinstance(self.negative_prompt, list):
            self.all_prompts = [self.prompt] * len(self.negative_prompt)
        else:
            self.all_prompts = self.batch_size * self.n_iter * [self.prompt]
        if isinstance(self.negative_prompt, list):
            self.all_negative_prompts = self.negative_prompt
        else:
            self.all_negative_prompts = [self.negative_prompt] * len(self.all_prompts)
        if len(self.all_prompts) != len(self.all_negative_prompts):
            raise RuntimeError(
                f"there are {len(self.all_prompts)} prompts and {len(self.all_negative_prompts)} negative prompts"
            )
        self.all_prompts = list(self.all_prompts)
        self.all_negative_prompts = list(self.all_negative_prompts)
        self.main_prompt = self.all_prompts[0]
        self.main_negative_prompt = self.all_negative_prompts[0]

    def cached_params(self, required_prompts, steps, extra_network_data, hires_steps=None, use_old_scheduling=False):
        """All that conds depend on."""
        return (
            required_prompts,
            steps,
            hires_steps,
            use_old_scheduling,
            opts.CLIP_stop_at_last_layers,
            shared.sd_model.sd_checkpoint_info,
            extra_network_data,
            self.width,
            self.height,
            opts.emphasis,
        )

    def get_conds_with_caching(self, function, required_prompts, steps, caches, extra_network_data, hires_steps=None):
        """function(model, prompts, …), or what it gave for the same arguments in one of the caches."""
        old = opts.use_old_scheduling
        if old:
            schedules = [
                prompt_parser.get_learned_conditioning_prompt_schedules(required_prompts, steps, hires_steps, x)
                for x in (False, True)
            ]
            if schedules[0] != schedules[1]:
                self.extra_generation_params["Old prompt editing timelines"] = True
        params = self.cached_params(required_prompts, steps, extra_network_data, hires_steps, old)
        for cache in caches:
            if cache[0] is not None and params == cache[0]:
                return cache[1]
        caches[0][1] = function(shared.sd_model, required_prompts, steps, hires_steps, old)
        caches[0][0] = params
        return caches[0][1]

    def setup_conds(self):
        """Encode the batch's prompts into self.c and self.uc."""
        prompts = prompt_parser.SdConditioning(self.prompts, width=self.width, height=self.height)
        negative_prompts = prompt_parser.SdConditioning(
            self.negative_prompts, width=self.width, height=self.height, is_negative_prompt=True
        )
        config = sd_samplers.find_sampler_config(self.sampler_name)
        total_steps = config.total_steps(self.steps) if config else self.steps
        self.step_multiplier = total_steps // self.steps
        self.firstpass_steps = total_steps
        self.uc = self.get_conds_with_caching(
            prompt_parser.get_learned_conditioning,
            negative_prompts,
            total_steps,
            [self.cached_uc],
            self.extra_network_data,
        )
        self.c = self.get_conds_with_caching(
            prompt_parser.get_multicond_learned_conditioning,
            prompts,
            total_steps,
            [self.cached_c],
            self.extra_network_data,
        )

    def get_conds(self):
        """(cond, uncond) of the pass that is running."""
        return self.c, self.uc

    def parse_extra_network_prompts(self):
        """Take the network tags out of the batch's prompts."""
        self.prompts, self.extra_network_data = extra_networks.parse_prompts(self.prompts)


def get_fixed_seed(seed) -> int | list[int]:
    """A number for a seed that is missing, empty, no number, or -1."""
    try:
        seed = int(seed) if isinstance(seed, str) else seed
    except ValueError:
        seed = -1
    return random.randrange(4294967294) if seed in (None, -1) else seed


def fix_seed(p):
    """Give p a seed and a subseed."""
    p.seed = get_fixed_seed(p.seed)
    p.subseed = get_fixed_seed(p.subseed)


def process_images(p: StableDiffusionProcessing) -> Processed:
    """Generate what p asks for, with p.override_settings in force meanwhile."""
    if p.scripts is not None:
        p.scripts.before_process(p)
    stored = {k: opts.data[k] for k in p.override_settings if k in opts.data}
    try:
        wanted = p.override_settings.get("sd_model_checkpoint")
        if sd_models.checkpoint_aliases.get(wanted) is None:
            p.override_settings.pop("sd_model_checkpoint", None)
        for key, value in p.override_settings.items():
            opts.set(key, value, is_api=True, run_callbacks=False)
        sd_samplers.fix_p_invalid_sampler_and_scheduler(p)
        return process_images_inner(p)
    finally:
        if p.override_settings_restore_afterwards:
            opts.data.update(stored)


def process_images_inner(p: StableDiffusionProcessing) -> Processed:
    """The loop over batches; an error ends it, and then p.scripts.postprocess is not called."""
    p.refuse_unsupported()
    p.restore_faces, p.tiling = bool(p.restore_faces), bool(p.tiling)
    seed, subseed = get_fixed_seed(p.seed), get_fixed_seed(p.subseed)
    p.sd_model_name = shared.sd_model.sd_checkpoint_info.name_for_extra
    p.sd_model_hash = shared.sd_model.sd_model_hash
    model_hijack.clear_comments()
    p.fill_fields_from_opts()
    p.setup_prompts()
    count = range(len(p.all_prompts))
    varied = p.subseed_strength != 0
    p.all_seeds = seed if isinstance(seed, list) else [int(seed) + (0 if varied else i) for i in count]
    p.all_subseeds = subseed if isinstance(subseed, list) else [int(subseed) + i for i in count]
    if p.scripts is not None:
        p.scripts.process(p)

    infotexts: list[str] = []
    output_images: list[Image.Image] = []
    with torch.no_grad(), p.sd_model.ema_scope():
        p.init(p.all_prompts, p.all_seeds, p.all_subseeds)
        if state.job_count == -1:
            state.job_count = p.n_iter
        for n in range(p.n_iter):
            p.iteration = n
            state.skipped = False
            if state.interrupted or state.stopping_generation:
                break
            if not _start_batch(p, n):
                break
            for image, text in _finish_batch(p, n, _sample_batch(p)):
                output_images.append(image)
                infotexts.append(text)
        if not infotexts:
            infotexts.append(Processed(p, []).infotext(p, 0))
        index_of_first_image = _add_grid(p, output_images, infotexts)

    if not p.disable_extra_networks and p.extra_network_data:
        extra_networks.deactivate(p, p.extra_network_data)
    res = Processed(
        p,
        images_list=output_images,
        seed=p.all_seeds[0],
        info=infotexts[0],
        subseed=p.all_subseeds[0],
        index_of_first_image=index_of_first_image,
        infotexts=infotexts,
    )
    if p.scripts is not None:
        p.scripts.postprocess(p, res)
    return res


def _take_batch(p, n: int) -> None:
    """Set p.prompts and the like to those of batch n."""
    of_batch = slice(n * p.batch_size, (n + 1) * p.batch_size)
    p.prompts, p.negative_prompts = p.all_prompts[of_batch], p.all_negative_prompts[of_batch]
    p.seeds, p.subseeds = p.all_seeds[of_batch], p.all_subseeds[of_batch]


def _start_batch(p, n: int) -> bool:
    """All of batch n up to sampling; false if a script left it no prompt."""
    _take_batch(p, n)
    p.rng = rng.ImageRNG(
        (opt_C, p.height // opt_f, p.width // opt_f),
        p.seeds,
        subseeds=p.subseeds,
        subseed_strength=p.subseed_strength,
        seed_resize_from_h=p.seed_resize_from_h,
        seed_resize_from_w=p.seed_resize_from_w,
    )
    told = {"batch_number": n, "prompts": p.prompts, "seeds": p.seeds, "subseeds": p.subseeds}
    if p.scripts is not None:
        p.scripts.before_process_batch(p, **told)
    if len(p.prompts) == 0:
        return False
    p.parse_extra_network_prompts()
    if not p.disable_extra_networks:
        extra_networks.activate(p, p.extra_network_data)
    if p.scripts is not None:
        p.scripts.process_batch(p, **{**told, "prompts": p.prompts, "seeds": p.seeds, "subseeds": p.subseeds})
    p.setup_conds()
    p.extra_generation_params.update(model_hijack.extra_generation_params)
    for comment in model_hijack.comments:
        p.comment(comment)
    if p.n_iter > 1:
        state.job = f"Batch {n + 1} out of {p.n_iter}"
    return True


def _sample_batch(p) -> torch.Tensor:
    """Pictures of the batch, (batch, 3, H, W) from 0 to 1."""
    samples = p.sample(
        conditioning=p.c,
        unconditional_conditioning=p.uc,
        seeds=p.seeds,
        subseeds=p.subseeds,
        subseed_strength=p.subseed_strength,
        prompts=p.prompts,
    )
    if p.scripts is not None:
        ps = scripts.PostSampleArgs(samples)
        p.scripts.post_sample(p, ps)
        samples = ps.samples
    devices.test_for_nans(samples, "unet")
    decoded = torch.cat(
        [sd_samplers_common.decode_first_stage(p.sd_model, samples[i : i + 1]) for i in range(len(samples))]
    )
    devices.test_for_nans(decoded, "vae")
    return torch.clamp((decoded + 1.0) / 2.0, min=0.0, max=1.0)


def _finish_batch(p, n: int, x_samples):
    """[(picture, infotext), …] of batch n."""
    state.nextjob()
    if p.scripts is not None:
        p.scripts.postprocess_batch(p, x_samples, batch_number=n)
        of_batch = slice(n * p.batch_size, (n + 1) * p.batch_size)
        p.prompts, p.negative_prompts = p.all_prompts[of_batch], p.all_negative_prompts[of_batch]
        batch_params = scripts.PostprocessBatchListArgs(list(x_samples))
        p.scripts.postprocess_batch_list(p, batch_params, batch_number=n)
        x_samples = batch_params.images
    finished = []
    for i, x_sample in enumerate(x_samples):
        p.batch_index = i
        image = images.from_tensor(x_sample)
        if p.scripts is not None:
            pp = scripts.PostprocessImageArgs(image)
            p.scripts.postprocess_image(p, pp)
            overlay = scripts.PostProcessMaskOverlayArgs(i, None, None)
            p.scripts.postprocess_maskoverlay(p, overlay)
            pp = scripts.PostprocessImageArgs(pp.image)
            p.scripts.postprocess_image_after_composite(p, pp)
            image = pp.image
        text = create_infotext(p, p.prompts, p.seeds, p.subseeds, index=i, all_negative_prompts=p.negative_prompts)
        if opts.enable_pnginfo:
            image.info["parameters"] = text
        finished.append((image, text))
    return finished


def _add_grid(p, output_images: list, infotexts: list[str]) -> int:
    """Put a grid before the pictures where one is wanted; index of the first picture."""
    alone = len(output_images) < 2 and opts.grid_only_if_multiple
    if not opts.return_grid or p.do_not_save_grid or alone or not output_images:
        return 0
    grid = images.image_grid(output_images, p.batch_size)
    text = create_infotext(p, p.prompts, p.seeds, p.subseeds, use_main_prompt=True)
    if opts.enable_pnginfo:
        grid.info["parameters"] = text
    output_images.insert(0, grid)
    infotexts.insert(0, text)
    return 1


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
        if self.firstphase_width or self.firstphase_height or self.firstpass_image is not None:
            _refuse("first pass of another size or from a picture")
        if self.enable_hr and self.hr_checkpoint_name not in (None, "", "Use same checkpoint"):
            _refuse("hires checkpoint")
        if self.enable_hr and self.hr_upscaler not in (None, *shared.latent_upscale_modes):
            _refuse(f"upscaler {self.hr_upscaler!r}, only {', '.join(shared.latent_upscale_modes)}")

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
        self.is_hr_pass = False
        return samples

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
        self.all_hr_prompts = every(self.hr_prompt)
        self.all_hr_negative_prompts = every(self.hr_negative_prompt)

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
            _refuse("inpainting")

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
