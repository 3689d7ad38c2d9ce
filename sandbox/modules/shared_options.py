"""The WebUI's options that the sandbox knows, with the WebUI's names and defaults."""

from modules.options import OptionInfo, options_section

options_templates: dict[str, OptionInfo] = {}

_SECTIONS = {
    ("sd", "Stable Diffusion"): {
        "sd_model_checkpoint": (None, "Stable Diffusion checkpoint", "Model hash"),
        "enable_quantization": (False, "Round sigmas to the model's own in k-diffusion samplers", None),
        "emphasis": ("Original", "Emphasis mode", "Emphasis"),
        "enable_prompt_comments": (True, "Enable comments", None),
        "infotext_styles": ("Apply if any", "Infer styles from prompts of pasted infotext", None),
        "comma_padding_backtrack": (20, "How far back, in tokens, to look for a comma to break a chunk at", None),
        "CLIP_stop_at_last_layers": (1, "Clip skip", "Clip skip"),
        "randn_source": ("GPU", "Random number generator source", "RNG"),
        "upcast_attn": (False, "Upcast cross attention layer to float32", None),
        "sd_unet": ("Automatic", "SD Unet", None),
    },
    ("img2img", "img2img"): {
        "initial_noise_multiplier": (1.0, "Noise multiplier for img2img", "Noise multiplier"),
        "img2img_extra_noise": (0.0, "Extra noise multiplier for img2img and hires fix", "Extra noise"),
        "img2img_fix_steps": (False, "With img2img, do exactly as many steps as asked", None),
        "overlay_inpaint": (True, "When inpainting, lay the original over what is not masked", None),
        "img2img_background_color": ("#ffffff", "Color behind transparent parts of the input image", None),
    },
    ("optimizations", "Optimizations"): {
        "s_min_uncond": (0.0, "Negative Guidance minimum sigma", "NGMS"),
        "s_min_uncond_all": (False, "Negative Guidance minimum sigma all steps", "NGMS all steps"),
        "pad_cond_uncond": (False, "Pad prompt/negative prompt", "Pad conds"),
        "pad_cond_uncond_v0": (False, "Pad prompt/negative prompt (v0)", "Pad conds v0"),
        "persistent_cond_cache": (True, "Persistent cond cache", None),
        "batch_cond_uncond": (True, "Batch cond/uncond", None),
    },
    ("compatibility", "Compatibility"): {
        "use_old_karras_scheduler_sigmas": (False, "Use old karras scheduler sigmas (0.1 to 10)", None),
        "use_old_scheduling": (False, "Use old prompt editing timelines", "Old prompt editing timelines"),
        "hires_fix_use_firstpass_conds": (False, "Conds of the hires pass from the first pass' networks", None),
    },
    ("sampler-params", "Sampler parameters"): {
        "hide_samplers": ([], "Hide samplers in user interface", None),
        "eta_ddim": (0.0, "Eta for DDIM", "Eta DDIM"),
        "eta_ancestral": (1.0, "Eta for k-diffusion samplers", "Eta"),
        "s_churn": (0.0, "sigma churn", "Sigma churn"),
        "s_tmin": (0.0, "sigma tmin", "Sigma tmin"),
        "s_tmax": (0.0, "sigma tmax", "Sigma tmax"),
        "s_noise": (1.0, "sigma noise", "Sigma noise"),
        "sigma_min": (0.0, "sigma min", "Schedule min sigma"),
        "sigma_max": (0.0, "sigma max", "Schedule max sigma"),
        "rho": (0.0, "rho", "Schedule rho"),
        "eta_noise_seed_delta": (0, "Eta noise seed delta", "ENSD"),
        "always_discard_next_to_last_sigma": (
            False,
            "Always discard next-to-last sigma",
            "Discard penultimate sigma",
        ),
        "sgm_noise_multiplier": (False, "SGM noise multiplier", "SGM noise multiplier"),
        "skip_early_cond": (0.0, "Ignore negative prompt during early sampling", "Skip Early CFG"),
    },
    ("saving-images", "Saving images/grids"): {
        "return_grid": (True, "Show grid in gallery", None),
        "grid_only_if_multiple": (True, "No grid of one picture", None),
        "enable_pnginfo": (True, "Write infotext to metadata of the generated image", None),
        "add_model_hash_to_info": (True, "Add model hash to infotext", None),
        "add_model_name_to_info": (True, "Add model name to infotext", None),
        "add_version_to_infotext": (True, "Add program version to infotext", None),
    },
    ("ui", "Live previews"): {
        "live_previews_enable": (True, "Show live previews of the created image", None),
        "show_progress_every_n_steps": (10, "Live preview display period", None),
        "live_preview_content": ("Prompt", "Live preview subject", None),
    },
}

for _section, _entries in _SECTIONS.items():
    _infos = {key: OptionInfo(value, label, infotext=info) for key, (value, label, info) in _entries.items()}
    options_templates.update(options_section(_section, _infos))
