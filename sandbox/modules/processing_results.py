"""What a generation gives back, and the infotext that goes with each picture."""

import json

from modules import errors, shared
from modules.infotext_utils import quote
from modules.shared import opts, state


def program_version() -> str:
    """The WebUI release that the sandbox behaves like."""
    return shared.PROGRAM_VERSION


def create_infotext(
    p,
    all_prompts,
    all_seeds,
    all_subseeds,
    comments=None,
    iteration=0,
    position_in_batch=0,
    use_main_prompt=False,
    index=None,
    all_negative_prompts=None,
) -> str:
    """Prompt, negative prompt and settings of one picture, in the WebUI's form.

    A value in p.extra_generation_params may be a list with one entry per picture, or a function that
    takes this function's local variables as keyword arguments; None leaves the key out.
    """
    if use_main_prompt:
        index = 0
    elif index is None:
        index = position_in_batch + iteration * p.batch_size
    if all_negative_prompts is None:
        all_negative_prompts = p.all_negative_prompts
    prompt_text = p.main_prompt if use_main_prompt else all_prompts[index]
    negative_prompt = p.main_negative_prompt if use_main_prompt else all_negative_prompts[index]
    clip_skip = getattr(p, "clip_skip", opts.CLIP_stop_at_last_layers)
    varied = p.subseed_strength != 0
    resized = p.seed_resize_from_w > 0 and p.seed_resize_from_h > 0

    generation_params = {
        "Steps": p.steps,
        "Sampler": p.sampler_name,
        "Schedule type": p.scheduler,
        "CFG scale": p.cfg_scale,
        "Seed": p.all_seeds[0] if use_main_prompt else all_seeds[index],
        "Size": f"{p.width}x{p.height}",
        "Model hash": p.sd_model_hash if opts.add_model_hash_to_info else None,
        "Model": p.sd_model_name if opts.add_model_name_to_info else None,
        "Variation seed": (p.all_subseeds[0] if use_main_prompt else all_subseeds[index]) if varied else None,
        "Variation seed strength": p.subseed_strength if varied else None,
        "Seed resize from": f"{p.seed_resize_from_w}x{p.seed_resize_from_h}" if resized else None,
        "Denoising strength": p.extra_generation_params.get("Denoising strength"),
        "Clip skip": clip_skip if clip_skip > 1 else None,
        "ENSD": opts.eta_noise_seed_delta if _uses_eta_noise_seed_delta(p) else None,
        "RNG": opts.randn_source if opts.randn_source != "GPU" else None,
        **p.extra_generation_params,
        "Version": program_version() if opts.add_version_to_infotext else None,
    }
    for key, value in generation_params.items():
        try:
            if isinstance(value, list):
                generation_params[key] = value[index]
            elif callable(value):
                generation_params[key] = value(**locals())
        except Exception:
            errors.report(f'Error creating infotext for key "{key}"', exc_info=True)
            generation_params[key] = None
    settings = ", ".join(k if k == v else f"{k}: {quote(v)}" for k, v in generation_params.items() if v is not None)
    negative = f"\nNegative prompt: {negative_prompt}" if negative_prompt else ""
    return f"{prompt_text}{negative}\n{settings}".strip()


def _uses_eta_noise_seed_delta(p) -> bool:
    from modules import sd_samplers

    eta = p.eta if p.eta is not None else getattr(p.sampler, "eta", None)
    config = sd_samplers.find_sampler_config(p.sampler_name)
    return bool(opts.eta_noise_seed_delta and eta != 0 and config and config.options.get("uses_ensd"))


_COPIED_FROM_P = """
subseed_strength width height sampler_name cfg_scale steps batch_size restore_faces sd_model_name
sd_model_hash seed_resize_from_w seed_resize_from_h extra_generation_params styles eta s_churn s_tmin s_tmax
s_noise s_min_uncond sampler_noise_scheduler_override is_using_inpainting_conditioning
""".split()  # noqa: SIM905

_IN_JS = """
seed all_seeds subseed all_subseeds subseed_strength width height sampler_name cfg_scale steps batch_size
restore_faces face_restoration_model sd_model_name sd_model_hash sd_vae_name sd_vae_hash seed_resize_from_w
seed_resize_from_h denoising_strength extra_generation_params index_of_first_image infotexts styles
job_timestamp clip_skip is_using_inpainting_conditioning version
""".split()  # noqa: SIM905


class Processed:
    """Pictures of a generation and what is known of them."""

    face_restoration_model = sd_vae_name = sd_vae_hash = None

    def __init__(
        self,
        p,
        images_list,
        seed=-1,
        info="",
        subseed=None,
        all_prompts=None,
        all_negative_prompts=None,
        all_seeds=None,
        all_subseeds=None,
        index_of_first_image=0,
        infotexts=None,
        comments="",
    ):
        first = lambda x: x[0] if isinstance(x, list) else x  # noqa: E731
        self.images = images_list
        self.info = info
        self.comments = "".join(f"{comment}\n" for comment in p.comments)
        for name in _COPIED_FROM_P:
            setattr(self, name, getattr(p, name))
        self.prompt = first(p.prompt)
        self.negative_prompt = first(p.negative_prompt)
        self.seed = int(first(seed)) if seed is not None else -1
        self.subseed = int(first(subseed)) if subseed is not None else -1
        self.denoising_strength = getattr(p, "denoising_strength", None)
        self.index_of_first_image = index_of_first_image
        self.job_timestamp = state.job_timestamp
        self.clip_skip = opts.CLIP_stop_at_last_layers
        self.all_prompts = all_prompts or p.all_prompts or [self.prompt]
        self.all_negative_prompts = all_negative_prompts or p.all_negative_prompts or [self.negative_prompt]
        self.all_seeds = all_seeds or p.all_seeds or [self.seed]
        self.all_subseeds = all_subseeds or p.all_subseeds or [self.subseed]
        self.infotexts = infotexts or [info] * len(images_list)
        self.version = program_version()

    def js(self) -> str:
        """All but the pictures, as JSON."""
        document = {
            "prompt": self.all_prompts[0],
            "all_prompts": self.all_prompts,
            "negative_prompt": self.all_negative_prompts[0],
            "all_negative_prompts": self.all_negative_prompts,
            **{name: getattr(self, name) for name in _IN_JS},
        }
        return json.dumps(document, default=lambda o: None)

    def infotext(self, p, index: int) -> str:
        """Infotext of picture `index` of the generation."""
        return create_infotext(
            p,
            self.all_prompts,
            self.all_seeds,
            self.all_subseeds,
            comments=[],
            position_in_batch=index % self.batch_size,
            iteration=index // self.batch_size,
        )
