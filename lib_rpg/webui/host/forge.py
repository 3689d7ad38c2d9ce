"""The Forge family (Forge, reForge, Classic) as a `Host`: AUTOMATIC1111's WebUI with a backend of its own.

What differs (reference/forge.md): the UNet is in a patcher and called by ``apply_model``; a call names its rows, conds
before or behind unconds, and may leave some out; models share the memory, so that reading texts can take the UNet
away; and all of it runs in inference mode, in which there are no gradients.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from modules import sd_models
from torch import Tensor, nn

from lib_rpg.errors import RpgError
from lib_rpg.regional.flux import PATCH, is_flux
from lib_rpg.regional.spaces import FlowSpace, SigmaSpace, Space, TimestepSpace
from lib_rpg.webui.host.automatic1111 import FACTOR, Automatic1111, hijack, short_of_memory, with_cross_attention
from lib_rpg.webui.host.interface import Step, WeightPatching
from lib_rpg.webui.host.processing import Processing
from lib_rpg.webui.host.tokens import tokens_of

_PREPARING = ("backend.sampling.sampling_function", "modules_forge.forge_sampler")
"""Where ``sampling_prepare`` is, which loads a UNet's patcher for sampling: in Forge, and in the others."""
_MANAGING = ("backend.memory_management", "ldm_patched.modules.model_management")
"""What loads models, in Forge and Neo, and in the others."""
_LOW_MEMORY = ("LOW_VRAM", "NO_VRAM")
"""States of that, by an argument of the command line, or by *Never OOM* in the tab."""
_UNCOND = 1
_CHANNELS, _FLUX_CHANNELS = 4, 16
"""Of latents."""


def preparing() -> Callable[[Any, Tensor], None] | None:
    """The function that loads a UNet's patcher for latents (B, C, H, W); None on a host that has none."""
    for name in _PREPARING:
        try:
            if importlib.util.find_spec(name):
                return getattr(importlib.import_module(name), "sampling_prepare", None)
        except ImportError:
            continue
    return None


class NamedRows:
    """The rows of a UNet call by its ``cond_or_uncond``: a `lib_rpg.regional.rows.Order`.

    A call without it is an extension's own, such as that of a reference picture.

    A call has chunks of a row for each picture of the batch. Each is of the negative prompt, or of one of the
    sub-prompts (AND), which a call does not name: where there are several, it is the one whose text it has. An
    extension's further call may name as a prompt what is the negative one (self-attention guidance): it is known by
    its text, too.
    """

    def __init__(self, sub_prompts: Sequence[int], texts: Any, negatives: Any) -> None:
        """sub_prompts: how many each picture has. texts, negatives: the step's encoded prompts and negative prompts,
        as the host hands them over; there may be no negative ones."""
        self._pictures = len(sub_prompts)
        starts = [sum(sub_prompts[:number]) for number in range(self._pictures)]
        self._sets = [[start + k for start in starts] for k in range(min(sub_prompts))]
        self._texts = _crossattn(texts)
        self._negatives = None if negatives is None else _crossattn(negatives)
        self._total = sum(sub_prompts)

    def __call__(self, kwargs: Mapping[str, Any], count: int) -> list[int] | None:
        marks = (kwargs.get("transformer_options") or {}).get("cond_or_uncond")
        if marks is None:
            return None
        if count != len(marks) * self._pictures:
            raise RpgError(
                f"The UNet was called with {count} rows for {len(marks)} prompts of {self._pictures} pictures: "
                "turn off the extension that calls the UNet on its own, or the regions"
            )
        rows: list[int] = []
        for number, mark in enumerate(marks):
            if mark == _UNCOND:
                rows += self._unconds
            else:
                rows += self._rows_of(kwargs.get("context"), number, _UNCOND not in marks)
        return rows

    @property
    def _unconds(self) -> list[int]:
        return [self._total + picture for picture in range(self._pictures)]

    def _rows_of(self, context: Tensor | None, number: int, may_be_negative: bool) -> list[int]:
        """The rows of the prompts, or of the negative ones, whose texts a chunk of a call has. Texts are compared only
        where there is a choice: that waits for the device."""
        if context is None or (len(self._sets) == 1 and not may_be_negative):
            return self._sets[0]
        given = context[number * self._pictures : (number + 1) * self._pictures]
        found = next((rows for rows in self._sets if _is_text(given, self._texts[rows])), None)
        if found is None and self._negatives is not None and _is_text(given, self._negatives):
            return self._unconds
        return found or self._sets[0]


class Forge(Automatic1111):
    """The Forge family's own answers; what they mean is said by `lib_rpg.webui.host.interface.Host`."""

    def __init__(self, prepare: Callable[[Any, Tensor], None]) -> None:
        super().__init__()
        self._prepare = prepare

    def unet_of(self, sd_model: Any) -> nn.Module:
        """As `Host.unet_of`: the UNet in the checkpoint's patcher, or the transformer of a Flux checkpoint."""
        network: Any = getattr(getattr(_patcher(sd_model), "model", None), "diffusion_model", None)
        if is_flux(network):
            return network
        if hasattr(network, "double_blocks"):
            raise RpgError(
                f"RPG regions cannot act on this {type(network).__name__}: its blocks lack what they act on in Flux: "
                "choose a Flux, SDXL, SD2 or SD1 checkpoint, or switch RPG off"
            )
        return with_cross_attention(network, sd_model)

    def is_unet_of(self, sd_model: Any, unet: nn.Module | None) -> bool:
        """As `Host.is_unet_of`."""
        return unet is not None and sd_model.forge_objects.unet.model.diffusion_model is unet

    def denoiser_of(self, sd_model: Any) -> nn.Module:
        """As `Host.denoiser_of`: the network itself, since what calls it is no module's forward."""
        return sd_model.forge_objects.unet.model.diffusion_model

    def step_of(self, params: Any) -> Step:
        """As `Host.step_of`: the callback gets a row for each picture, and sigmas with any sampler."""
        parts = params.denoiser.sampler.sampler_extra_args["cond"].batch
        order = NamedRows([len(each) for each in parts], params.text_cond, params.text_uncond)
        return Step(sum(map(len, parts)) + len(parts), float(params.sigma.flatten()[0]), order)

    def predict(self, denoiser: Any, x: Tensor, level: Tensor, conds: Sequence[Any], image_cond: Tensor) -> Tensor:
        """As `Host.predict`: by the patcher's model, which takes sigmas and gives denoised estimates."""
        space = self.space_of(denoiser)
        latents, sigma = x, level
        if isinstance(space, TimestepSpace):
            sigma = space.sigma(level)
            latents = x * (1 + sigma * sigma).sqrt().to(x)[:, None, None, None]
        model = _patcher(self.model()).model
        texts = _texts_of(conds)
        denoised = model.apply_model(latents, sigma, **texts, c_concat=_concat(image_cond, x), transformer_options={})
        return space.output(denoised.to(x), x, level)

    def guidance_scale(self, denoiser: Any, given: float) -> float:
        """As `Host.guidance_scale`: the hires pass has one of its own, which the denoiser itself takes."""
        p = denoiser.p
        return float(getattr(p, "hr_cfg", given)) if self.is_hires_pass(p) else given

    def guidance_factor(self, denoiser: Any) -> float:
        """As `Host.guidance_factor`: Forge's samplers set it, and its denoiser does not read it."""
        return super().guidance_factor(denoiser) if FACTOR in type(denoiser).forward.__code__.co_names else 1.0

    def space_of(self, denoiser: Any) -> Space:
        """As `Host.space_of`: the denoiser of samplers over timesteps turns latents into k-diffusion's and back; the
        levels of a flow are its own."""
        if getattr(denoiser, "classic_ddim_eps_estimation", False):
            return TimestepSpace(denoiser.inner_model.inner_model.alphas_cumprod)
        return FlowSpace() if _is_flow(denoiser.inner_model.inner_model) else SigmaSpace()

    def ready(self, pictures: int, size: tuple[int, int]) -> None:
        """As `Host.ready`."""
        patcher = _patcher(self.model())
        channels = _FLUX_CHANNELS if is_flux(patcher.model.diffusion_model) else _CHANNELS
        self._prepare(patcher, torch.empty(pictures, channels, *size, device="meta"))

    def kv_limit(self, sd_model: Any, unet: nn.Module) -> int | None:
        """As `Host.kv_limit`: where the host keeps weights away from the device on purpose."""
        managing = next((sys.modules[name] for name in _MANAGING if name in sys.modules), None)
        state = getattr(managing, "vram_state", None)
        return short_of_memory(unet) if getattr(state, "name", "") in _LOW_MEMORY else None

    def gradient_obstacle(self, sd_model: Any) -> str:
        """As `Host.gradient_obstacle`."""
        return "this WebUI samples in inference mode"

    def needs_composed_path(self) -> str:
        """As `Host.needs_composed_path`: hypernetworks are none of this backend's."""
        return ""

    def weight_patching(self) -> WeightPatching | None:
        """As `Host.weight_patching`: it is itself what knows its patchers."""
        return self

    def weight_patches(self, patcher: Any) -> dict[str, list[Any]]:
        """As `WeightPatching.weight_patches`: by file and strength in Forge, all together in the others."""
        by_file = getattr(patcher, "lora_patches", None)
        parts = [patcher.patches] if by_file is None else list(by_file.values())
        found: dict[str, list[Any]] = {}
        for part in parts:
            for name, patches in part.items():
                found.setdefault(name, []).extend(patches)
        return found

    def merged_weight(self, patches: Sequence[Any], layer: nn.Module, name: str) -> Tensor:
        """As `WeightPatching.merged_weight`."""
        weight: Tensor = layer.weight.detach().float()  # type: ignore[operator,union-attr]
        merge = getattr(_patcher(self.model()), "calculate_weight", None)
        if merge is None:
            merge = importlib.import_module("backend.patcher.lora").merge_lora_to_weight
        return merge(patches, weight.clone(), name) - weight  # some merge in place

    def native_side(self, sd_model: Any) -> int:
        """As `Host.native_side`."""
        model = _patcher(sd_model).model
        if getattr(sd_model, "is_sdxl", False) or is_flux(model.diffusion_model):
            return 1024
        predictor = getattr(model, "predictor", None)
        kind = getattr(predictor, "prediction_type", None) or getattr(getattr(model, "model_type", None), "name", "")
        return 768 if getattr(sd_model, "is_sd2", False) and str(kind).lower().startswith("v") else 512

    def latent_step(self, unet: Any) -> int:
        """As `Host.latent_step`: Flux joins cells to tokens."""
        return PATCH if is_flux(unet) else super().latent_step(unet)

    def _prompts(self, p: Processing, texts: Sequence[str], negative: bool) -> Any:
        prompts = super()._prompts(p, texts, negative)
        hires = self.is_hires_pass(p)
        # Of Flux, which has it in place of CFG.
        scale = getattr(p, "hr_distilled_cfg", None) if hires else getattr(p, "distilled_cfg_scale", None)
        prompts.distilled_cfg_scale = scale
        return prompts

    def encoding_params(self, sd_model: Any) -> Mapping[str, Any]:
        """As `Host.encoding_params`: the checkpoint's own in Forge."""
        own = getattr(sd_model, "extra_generation_params", None)
        return super().encoding_params(sd_model) if own is None else own

    def encoding_comments(self, sd_model: Any) -> list[str]:
        """As `Host.encoding_comments`: the checkpoint's own in Forge; Neo makes none."""
        if hasattr(sd_model, "comments"):
            return sd_model.comments
        return [] if _engine(sd_model) is not None else super().encoding_comments(sd_model)

    def token_count(self, text: str) -> int | None:
        """As `Host.token_count`: Forge's checkpoint counts by itself, the others' hijack is told the text encoder."""
        model = sd_models.model_data.sd_model
        if (engine := _engine(model)) is not None:
            return self._tokens.count(text, engine, model.get_prompt_lengths_on_ui)
        encoder = getattr(model, "cond_stage_model", None)
        return self._tokens.count(text, encoder, lambda part: hijack().get_prompt_lengths(part, encoder))

    def token_ids(self, text: str) -> list[tuple[int, int]]:
        """As `Host.token_ids`."""
        model = self.model()
        return tokens_of(text, _engine(model) or model.cond_stage_model)

    def phrase_embeddings(self, sd_model: Any, texts: Sequence[str]) -> Tensor:
        """As `Host.phrase_embeddings`: Forge's own reader of texts has the first chunk of each, and its embeddings."""
        engine = _engine(sd_model)
        if engine is None or not getattr(sd_model, "is_sd1", False):
            return super().phrase_embeddings(sd_model, texts)
        importlib.import_module("backend.memory_management").load_model_gpu(sd_model.forge_objects.clip.patcher)
        chunks = [engine.tokenize_line(text)[0][0] for text in texts]
        engine.embeddings.fixes = [chunk.fixes for chunk in chunks]
        pooled, engine.return_pooled = engine.return_pooled, True
        try:
            encoded = engine.encode_with_transformers(torch.asarray([chunk.tokens for chunk in chunks]))
        finally:
            engine.return_pooled, engine.embeddings.fixes = pooled, None
        return encoded.pooled.float().cpu()


def _crossattn(texts: Any) -> Tensor:
    """(N, tokens, width) of encoded texts."""
    return texts["crossattn"] if isinstance(texts, Mapping) else texts


def _is_text(context: Tensor, texts: Tensor) -> bool:
    """Whether a call's context is of these texts; it repeats a shorter text to the length of a longer one."""
    if len(context) != len(texts):
        return False
    return torch.equal(context[:, : texts.shape[1]], texts.to(context)[:, : context.shape[1]])


def _patcher(sd_model: Any) -> Any:
    return getattr(getattr(sd_model, "forge_objects", None), "unet", None)


def _is_flow(sd_model: Any) -> bool:
    """Whether latents go in a straight line from the picture to noise; asked of Forge's predictor, or the others'
    kind of model."""
    model = getattr(_patcher(sd_model), "model", None)
    predicted = getattr(getattr(model, "predictor", None), "prediction_type", "")
    return predicted == "const" or getattr(getattr(model, "model_type", None), "name", "") in ("FLOW", "FLUX")


def _engine(sd_model: Any) -> Any:
    """Forge's own reader of texts; the others have AUTOMATIC1111's."""
    return getattr(sd_model, "text_processing_engine", None) or getattr(sd_model, "text_processing_engine_l", None)


def _texts_of(conds: Sequence[Any]) -> dict[str, Tensor]:
    """What ``apply_model`` is given for encoded texts."""
    if isinstance(conds[0], Mapping):
        names = {"crossattn": "c_crossattn", "vector": "y"}
        parts: list[str] = list(conds[0])
        return {names.get(part, part): torch.stack([cond[part] for cond in conds]) for part in parts}
    return {"c_crossattn": torch.stack(list(conds))}


def _concat(image_cond: Tensor, x: Tensor) -> Tensor | None:
    """What is joined to the latents, of an inpainting checkpoint alone; the host has a placeholder for others."""
    return image_cond.to(x) if image_cond.shape[-2:] == x.shape[-2:] else None
