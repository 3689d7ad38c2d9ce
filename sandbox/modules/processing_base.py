"""What is asked of any generation, and its state while it runs."""

from dataclasses import dataclass, field
from typing import Any

from modules import extra_networks, prompt_parser, scripts, sd_samplers, shared
from modules.shared import opts

opt_C = 4
opt_f = 8


class UnsupportedError(ValueError):
    """The request asks for something that the WebUI does and the sandbox does not."""


def refuse(what: str) -> None:
    """Raise UnsupportedError for something that a WebUI has."""
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
    paste_to: tuple | None = field(default=None, init=False)
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
        if self.tiling:
            refuse("tiling")
        if self.restore_faces:
            refuse("face restoration")
        if self.refiner_checkpoint not in (None, "", "None", "none"):
            refuse("refiner")

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
        db = shared.prompt_styles
        self.all_prompts = [db.apply_styles_to_prompt(x, self.styles) for x in self.all_prompts]
        self.all_negative_prompts = [
            db.apply_negative_styles_to_prompt(x, self.styles) for x in self.all_negative_prompts
        ]
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
