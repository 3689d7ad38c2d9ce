"""The list of samplers, and finding one by name."""

import logging

from modules import sd_samplers_kdiffusion, sd_samplers_timesteps, sd_schedulers, shared
from modules.sd_samplers_common import SamplerData, sample_to_image  # noqa: F401

all_samplers: list[SamplerData] = [
    *sd_samplers_kdiffusion.samplers_data_k_diffusion,
    *sd_samplers_timesteps.samplers_data_timesteps,
    *sd_samplers_kdiffusion.samplers_data_lcm,
]
all_samplers_map = {x.name: x for x in all_samplers}
samplers = samplers_for_img2img = all_samplers
samplers_map = {name.lower(): x.name for x in all_samplers for name in (x.name, *x.aliases)}


def find_sampler_config(name: str | None) -> SamplerData | None:
    """The sampler of that name; the first one without a name."""
    return all_samplers[0] if name is None else all_samplers_map.get(name)


def create_sampler(name: str | None, model):
    """A sampler object for one run."""
    config = find_sampler_config(name)
    if config is None:
        raise ValueError(f"bad sampler name: {name}")
    sampler = config.constructor(model)
    sampler.config = config
    return sampler


def visible_samplers() -> list[SamplerData]:
    """Samplers that the settings do not hide."""
    return [x for x in samplers if x.name not in shared.opts.hide_samplers]


def visible_sampler_names() -> list[str]:
    """Their names."""
    return [x.name for x in visible_samplers()]


def get_sampler_and_scheduler(sampler_name, scheduler_name, *, convert_automatic=True) -> tuple[str, str]:
    """(sampler, schedule) of names that may be missing, unknown, or old style ("DPM++ 2M Karras")."""
    name = sampler_name or samplers[0].name
    found = sd_schedulers.schedulers_map.get(scheduler_name, sd_schedulers.schedulers[0])
    for scheduler in sd_schedulers.schedulers:
        for ending in (scheduler.label, scheduler.name):
            if name.endswith(f" {ending}"):
                found, name = scheduler, name[: -len(ending) - 1]
                break
    sampler = all_samplers_map.get(name, samplers[0])
    if convert_automatic and sampler.options.get("scheduler") == found.name:
        found = sd_schedulers.schedulers[0]
    return sampler.name, found.label


def get_sampler_from_infotext(d: dict) -> str:
    """The sampler that a parsed infotext names."""
    return get_sampler_and_scheduler(d.get("Sampler"), d.get("Schedule type"))[0]


def get_scheduler_from_infotext(d: dict) -> str:
    """The schedule that a parsed infotext names."""
    return get_sampler_and_scheduler(d.get("Sampler"), d.get("Schedule type"))[1]


def fix_p_invalid_sampler_and_scheduler(p) -> None:
    """Give p names that exist, and warn where they were others."""
    before = p.sampler_name, p.scheduler
    p.sampler_name, p.scheduler = get_sampler_and_scheduler(*before, convert_automatic=False)
    if any(given and given != name for given, name in zip(before, (p.sampler_name, p.scheduler), strict=True)):
        logging.warning("Sampler and schedule %s corrected to %s", before, (p.sampler_name, p.scheduler))
