"""AUTOMATIC1111's WebUI, version 1.10, as a `Host`."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from modules import devices, images, paths, prompt_parser, sd_samplers, sd_samplers_common, sd_unet, shared
from modules.infotext_utils import parse_generation_parameters
from modules.styles import extract_style_text_from_prompt
from PIL import Image
from torch import Tensor, nn

from lib_rpg.errors import RpgError
from lib_rpg.regional.spaces import SigmaSpace, Space, TimestepSpace
from lib_rpg.webui.host.interface import Step, WeightPatching
from lib_rpg.webui.host.processing import AlwaysOnScript, Processing
from lib_rpg.webui.host.tokens import TokenCounts, phrase_embeddings, tokens_of

LOW_MEMORY_SHARE = 0.02
"""Part of the UNet's bytes that regions' keys and values may take where memory is short."""

FACTOR = "cond_scale_miltiplier"
"""The attribute of a denoiser that CFG++ sets."""


class Automatic1111:
    """The WebUI's own answers; what they mean is said by `lib_rpg.webui.host.interface.Host`."""

    def __init__(self) -> None:
        self._tokens = TokenCounts()

    def model(self) -> Any:
        """As `Host.model`."""
        return shared.sd_model

    def unet_of(self, sd_model: Any) -> nn.Module:
        """As `Host.unet_of`: ``sd_model.model.diffusion_model``. Raises RpgError where it has no cross-attention."""
        if sd_unet.current_unet is not None:
            raise RpgError(
                f"RPG regions cannot work with the replaced UNet {sd_unet.current_unet.option.label!r}: "
                "set 'SD Unet' to None in Settings"
            )
        return with_cross_attention(getattr(getattr(sd_model, "model", None), "diffusion_model", None), sd_model)

    def is_unet_of(self, sd_model: Any, unet: nn.Module | None) -> bool:
        """As `Host.is_unet_of`."""
        return sd_model.model.diffusion_model is unet

    def denoiser_of(self, sd_model: Any) -> nn.Module:
        """As `Host.denoiser_of`: ``sd_model.model``, ldm's DiffusionWrapper."""
        return sd_model.model

    def native_side(self, sd_model: Any) -> int:
        """As `Host.native_side`: by the kind of the checkpoint; that of SD1 is in its configuration."""
        if getattr(sd_model, "is_sdxl", False):
            return 1024
        if getattr(sd_model, "parameterization", "eps") == "v":  # SD2 for 768 pixels
            return 768
        return int(getattr(sd_model, "image_size", 64)) * 8

    def latent_step(self, unet: Any) -> int:
        """As `Host.latent_step`: it halves between its levels."""
        return 2 ** (len(unet.channel_mult) - 1)

    def guidance_scale(self, denoiser: Any, given: float) -> float:
        """As `Host.guidance_scale`: the sampler's."""
        return given

    def guidance_factor(self, denoiser: Any) -> float:
        """As `Host.guidance_factor`: what the sampler has set, by the WebUI's spelling."""
        return float(getattr(denoiser, FACTOR, 1.0))

    def image_guidance(self, sd_model: Any, denoiser: Any) -> float | None:
        """As `Host.image_guidance`: the denoiser then has three rows in place of two."""
        scale = getattr(denoiser, "image_cfg_scale", None)
        is_edit = getattr(sd_model, "cond_stage_key", "") == "edit"
        return float(scale) if is_edit and scale not in (None, 1.0) else None

    def space_of(self, denoiser: Any) -> Space:
        """As `Host.space_of`: the denoiser for samplers over timesteps alone has ``alphas``."""
        alphas = getattr(denoiser, "alphas", None)
        return SigmaSpace() if alphas is None else TimestepSpace(alphas)

    def step_of(self, params: Any) -> Step:
        """As `Host.step_of`: the callback gets the whole batch, whose rows the UNet's calls take in order."""
        level = self.space_of(params.denoiser).sigma(params.sigma)
        return Step(params.x.shape[0], float(level.flatten()[0]))

    def predict(self, denoiser: Any, x: Tensor, level: Tensor, conds: Sequence[Any], image_cond: Tensor) -> Tensor:
        """As `Host.predict`."""
        return denoiser.inner_model(x, level, cond=_model_cond(self.model(), conds, image_cond))

    def ready(self, pictures: int, size: tuple[int, int]) -> None:
        """As `Host.ready`: it stays where it is, or comes by itself when it is called."""

    def kv_limit(self, sd_model: Any, unet: nn.Module) -> int | None:
        """As `Host.kv_limit`: memory is short with --medvram and --lowvram."""
        return short_of_memory(unet) if getattr(sd_model, "lowvram", False) else None

    def gradient_obstacle(self, sd_model: Any) -> str:
        """As `Host.gradient_obstacle`: --lowvram takes weights away before a gradient needs them, and those in FP8 are
        put in another type for each call."""
        if getattr(sd_model, "lowvram", False) and getattr(shared.cmd_opts, "lowvram", False):
            return "the WebUI runs with --lowvram"
        return "the weights are in FP8" if getattr(devices, "fp8", False) else ""

    def needs_composed_path(self) -> str:
        """As `Host.needs_composed_path`: a hypernetwork changes keys and values."""
        return "a hypernetwork is on" if shared.loaded_hypernetworks else ""

    def weight_patching(self) -> WeightPatching | None:
        """As `Host.weight_patching`: the Lora extension keeps what a network adds to each layer."""
        return None

    def is_hires_pass(self, p: Processing) -> bool:
        """As `Host.is_hires_pass`."""
        return bool(getattr(p, "is_hr_pass", False))

    def size(self, p: Processing) -> tuple[int, int]:
        """As `Host.size`."""
        if self.is_hires_pass(p):
            return p.hr_upscale_to_x, p.hr_upscale_to_y
        return p.width, p.height

    def encode(
        self, p: Processing, texts: Sequence[str], tags: tuple[str, ...], cache: list[Any], negative: bool
    ) -> Sequence[Sequence[Any]]:
        """As `Host.encode`."""
        hires = self.is_hires_pass(p)
        prompts = self._prompts(p, texts, negative)
        networks = p.hr_extra_network_data if hires else p.extra_network_data
        return p.get_conds_with_caching(
            prompt_parser.get_learned_conditioning,
            prompts,
            p.firstpass_steps,
            [cache],
            {**networks, "rpg": tags} if tags else networks,
            _hires_steps(p) if hires else None,
        )

    def _prompts(self, p: Processing, texts: Sequence[str], negative: bool) -> Any:
        """Texts with what else an encoding goes by."""
        width, height = self.size(p)
        return prompt_parser.SdConditioning(texts, is_negative_prompt=negative, width=width, height=height)

    def encoding_params(self, sd_model: Any) -> Mapping[str, Any]:
        """As `Host.encoding_params`."""
        return hijack().extra_generation_params

    def encoding_comments(self, sd_model: Any) -> list[str]:
        """As `Host.encoding_comments`."""
        return hijack().comments

    def token_count(self, text: str) -> int | None:
        """As `Host.token_count`."""
        return self._tokens.count(text, hijack().clip, hijack().get_prompt_lengths)

    def token_ids(self, text: str) -> list[tuple[int, int]]:
        """As `Host.token_ids`."""
        return tokens_of(text, hijack().clip)

    def scheduled_texts(self, p: Processing, prompt: str) -> list[tuple[int, str]]:
        """As `Host.scheduled_texts`."""
        _, flat, _ = prompt_parser.get_multicond_prompt_list([prompt])
        hires = _hires_steps(p) if self.is_hires_pass(p) else None
        old = (True,) if self.option("use_old_scheduling", False) else ()  # Neo has no such setting, and no argument
        steps = p.firstpass_steps, hires, *old
        (schedule,) = prompt_parser.get_learned_conditioning_prompt_schedules(flat[:1], *steps)
        return [(end, text) for end, text in schedule]

    def styled(self, prompt: str, styles: Sequence[str]) -> str:
        """As `Host.styled`."""
        return shared.prompt_styles.apply_styles_to_prompt(prompt, styles)

    def unstyled(self, prompt: str, params: Mapping[str, Any]) -> str:
        """As `Host.unstyled`: "Styles array" names those that the tab is given, with "Discard" it is given none."""
        known = shared.prompt_styles.styles
        found = params.get("Styles array", known if self.option("infotext_styles", "") == "Discard" else ())
        for name in reversed(list(found)):
            if name in known and known[name].prompt:
                _, prompt = extract_style_text_from_prompt(known[name].prompt, prompt)
        return prompt

    def phrase_embeddings(self, sd_model: Any, texts: Sequence[str]) -> Tensor:
        """As `Host.phrase_embeddings`."""
        return phrase_embeddings(sd_model, texts)

    def models_folder(self) -> Path:
        """As `Host.models_folder`: ``models``, or what --models-dir names."""
        return Path(paths.models_path)

    def infotext_of(self, picture: Any) -> Mapping[str, Any]:
        """As `Host.infotext_of`."""
        text = images.read_info_from_image(picture)[0] if getattr(picture, "info", None) else None
        return parse_generation_parameters(text) if text else {}

    def encode_picture(self, picture: Any, size: tuple[int, int]) -> Tensor:
        """As `Host.encode_picture`: by the checkpoint's autoencoder, which draws from a distribution."""
        scaled = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        pixels = torch.from_numpy(np.array(scaled, np.float32)).permute(2, 0, 1)[None] / 255
        with torch.random.fork_rng():
            torch.manual_seed(0)
            return sd_samplers_common.images_tensor_to_samples(pixels, model=shared.sd_model)

    def tiles(self, picture: tuple[int, int], tile: tuple[int, int], overlap: int) -> list[tuple[int, int, int, int]]:
        """As `Host.tiles`."""
        grid = images.split_grid(Image.new("1", picture), tile[0], tile[1], overlap)
        return [(x, y, width, height) for y, height, row in grid.tiles for x, width, _ in row]

    def upscaled_size(self, picture: tuple[int, int], upscaler: int | str, factor: float) -> tuple[int, int]:
        """As `Host.upscaled_size`: an upscaler rounds sides down to multiples of 8."""
        name = upscaler if isinstance(upscaler, str) else shared.sd_upscalers[upscaler].name
        if name.lower() == "none":
            return picture
        width, height = (int(side * factor // 8 * 8) for side in picture)
        return width, height

    def is_cancelled(self) -> bool:
        """As `Host.is_cancelled`."""
        return bool(shared.state.interrupted or shared.state.skipped)

    def interrupt(self) -> None:
        """As `Host.interrupt`."""
        shared.state.interrupted = True

    def show_latents(self, denoiser: Any, latents: Tensor) -> None:
        """As `Host.show_latents`."""
        denoiser.sampler.last_latent = shared.state.current_latent = latents

    def show_progress(self, sentence: str | None) -> None:
        """As `Host.show_progress`."""
        shared.state.textinfo = sentence

    def begin_extra_runs(self, number: int) -> None:
        """As `Host.begin_extra_runs`: jobs of the progress bar."""
        shared.state.job_count += number

    def end_extra_run(self) -> None:
        """As `Host.end_extra_run`."""
        shared.state.nextjob()

    @contextmanager
    def noise_kept(self, p: Processing) -> Iterator[None]:
        """As `Host.noise_kept`: the pictures' generators, torch's or the WebUI's own, and torch's global ones."""
        generators = list(p.rng.generators)
        states = [each.get_state() if isinstance(each, torch.Generator) else each.offset for each in generators]
        with torch.random.fork_rng():
            try:
                yield
            finally:
                for each, state in zip(generators, states, strict=True):
                    if isinstance(each, torch.Generator):
                        each.set_state(state)
                    else:
                        each.offset = state

    def option(self, name: str, default: Any) -> Any:
        """As `Host.option`."""
        return getattr(shared.opts, name, default)

    def always_on(self, p: Processing) -> Sequence[AlwaysOnScript]:
        """As `Host.always_on`."""
        return getattr(getattr(p, "scripts", None), "alwayson_scripts", ())


def hijack() -> Any:
    """What reads texts there; imported when it is asked, as Neo, of the Forge family, has none."""
    return importlib.import_module("modules.sd_hijack").model_hijack


def with_cross_attention(unet: Any, sd_model: Any) -> nn.Module:
    """The UNet of a checkpoint. Raises RpgError, with the checkpoint's name, where it has no cross-attention."""
    name = getattr(getattr(sd_model, "sd_checkpoint_info", None), "name_for_extra", "this checkpoint")
    if unet is None or not any(module_name.endswith("attn2") for module_name, _ in unet.named_modules()):
        raise RpgError(f"RPG regions need a checkpoint with cross-attention (SD1, SD2 or SDXL), and {name!r} has none")
    return unet


def short_of_memory(unet: nn.Module) -> int:
    """Bytes that regions' keys and values may take where memory is short."""
    return int(LOW_MEMORY_SHARE * sum(parameter.nbytes for parameter in unet.parameters()))


def _model_cond(sd_model: Any, conds: Sequence[Any], image_cond: Tensor) -> Mapping[str, Any]:
    """The WebUI's ``c_crossattn``, SDXL's ``crossattn`` and ``vector``, or unCLIP's."""
    if isinstance(conds[0], dict):
        texts = {key: torch.stack([cond[key] for cond in conds]) for key in conds[0]}
        return {**texts, "c_concat": [image_cond]}
    text = [torch.stack(list(conds))]
    if sd_model.model.conditioning_key == "crossattn-adm":
        return {"c_crossattn": text, "c_adm": image_cond}
    return {"c_crossattn": text, "c_concat": [image_cond]}


def _hires_steps(p: Processing) -> int:
    """Denoiser calls of the hires pass, as the WebUI counts them for prompt schedules."""
    steps = p.hr_second_pass_steps or p.steps
    config = sd_samplers.find_sampler_config(p.hr_sampler_name or p.sampler_name)
    return config.total_steps(steps) if config else steps
