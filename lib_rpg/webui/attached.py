"""Attaches regions to one UNet: the row cursor, attention, LoRAs; and sets the rows of each step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor

from lib_rpg.checks import quantity
from lib_rpg.errors import RpgError
from lib_rpg.regional.adapted_layers import AdaptedLayers
from lib_rpg.regional.attention import RegionAttention
from lib_rpg.regional.attention_bias import AttentionBias, RowThings
from lib_rpg.regional.energies import Thing
from lib_rpg.regional.flux import FluxAttention, is_flux
from lib_rpg.regional.own_forwards import own_forwards
from lib_rpg.regional.rows import Patch, RegionText, RowRegions, UNetRows
from lib_rpg.webui import conditioning, controlnet, other_extensions
from lib_rpg.webui.conditioning import CondCaches, Encoded, Key
from lib_rpg.webui.denoised import calls_a_step, moment_of
from lib_rpg.webui.grounded import GroundedSampling
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.loras import RegionLoras
from lib_rpg.webui.patched_loras import PatchedLoras
from lib_rpg.webui.pictures import Picture

BIAS = 4.0
"""Logits that the bias of attention guidance comes near to at a high sigma, where the plan's scale is 1."""
_BIASED_STEPS = {"standard": 0.5, "fast": 0.25}
"""The share of the steps in which there is a bias, by the plan's schedule."""


class Own(Protocol):
    """What has passes of its own: an object or a region of a picture, by its words."""

    @property
    def picture(self) -> Picture:
        """The picture that it is of."""
        ...

    @property
    def positive(self) -> Key:
        """What it is drawn with."""
        ...

    @property
    def negative(self) -> Key:
        """What it is drawn against."""
        ...


class OwnText(NamedTuple):
    """What a row of a pass by itself is drawn with: the encoded text, and its LoRAs, None for none."""

    cond: Any
    row: RowRegions | None

    @property
    def length(self) -> int:
        """Tokens of the text."""
        return conditioning.crossattn(self.cond).shape[0]


@dataclass(frozen=True)
class _Everywhere:
    """1 for each token; a `lib_rpg.regional.rows.TokenMap`. ``maps``: how many maps there are, or () for a bare one."""

    maps: tuple[int, ...]

    def at(self, height: int, width: int) -> Tensor:
        return torch.ones(*self.maps, height, width)


class Progress(NamedTuple):
    """A step of the sampler: its number from 0, and which share of the steps is over before it."""

    step: int
    share: float

    @classmethod
    def of(cls, denoiser: Any) -> Progress:
        """Where the WebUI's denoiser is."""
        return cls(denoiser.step, denoiser.step / (denoiser.total_steps or 1))


class AttachedRegions:
    """The regions of a batch's pictures on the UNet of the loaded checkpoint, from construction to `close()`.

    ``own`` are the objects and regions that have passes of their own. ``warn`` is called with each warning for the
    user. Raises RpgError, with nothing left on the UNet, where regions cannot work.
    """

    def __init__(
        self,
        p: Processing,
        pictures: Sequence[Picture],
        own: Sequence[Own],
        caches: CondCaches,
        warn: Callable[[str], None],
        things: Callable[[int, int], Sequence[Thing]] = lambda picture, step: (),
        grounding: GroundedSampling | None = None,
    ) -> None:
        """``things`` gives those of a picture at a sampler step whose attention is biased. ``grounding`` is GLIGEN,
        which is put on the UNet as well."""
        self._things = things
        self.unet = host.unet_of(host.model())
        self.runs_alone = False
        """Whether the UNet is called for a pass beside the pictures' own."""
        self._pictures = pictures
        self._loras = _load_loras(p, pictures, warn)
        positive = [key for picture in pictures for key in picture.positive]
        negative = [key for picture in pictures for key in picture.negative]
        self._positive = conditioning.encode(p, positive, self._loras, caches.positive)
        self._negative = conditioning.encode(p, negative, self._loras, caches.negative, negative=True)
        self._own = own
        self._own_texts = (
            conditioning.encode(p, [each.positive for each in own], self._loras, caches.own),
            conditioning.encode(p, [each.negative for each in own], self._loras, caches.own_negatives, negative=True),
        )
        with ExitStack() as stack:
            self._rows = UNetRows(self.unet)
            stack.callback(self._rows.close)
            self._attention = self._attend(p)
            stack.callback(self._attention.close)
            self._bias = self._biased(upcast=bool(host.option("upcast_attn", False)), p=p)
            if self._bias is not None:
                stack.callback(self._bias.close)
            self._grounding = grounding
            if grounding is not None:
                stack.callback(grounding.detach)
                grounding.attach(self.unet)
            self._adapted = self._adapt_layers(p)
            if self._adapted is not None:
                stack.callback(self._adapted.close)
            self._hooks = stack.pop_all()

    @property
    def applied_calls(self) -> int:
        """Layer calls that were blended or biased so far."""
        return self._attention.applied_calls + (self._bias.applied_calls if self._bias else 0)

    def close(self) -> None:
        """Take every hook off the UNet; may be called any number of times."""
        self._hooks.close()

    def summary(self) -> str:
        """What was attached, in words: "3 regions, fast on 16 layers, LoRAs in 192 layers"."""
        counts = sorted({sum(region.acts for region in picture.plan.regions) for picture in self._pictures})
        regions = quantity(counts[0], "region")
        if len(counts) > 1:
            regions = f"{counts[0]} to {counts[-1]} regions a picture"
        own = any(tags for picture in self._pictures for tags, _ in picture.positive)
        loras = (
            f"their LoRAs in {self._adapted.layers} layers" if self._adapted else "their LoRAs in text and its layers"
        )
        attention = [self._attention.path_summary()] if not all(each.composes for each in self._pictures) else []
        bias = [self._bias.summary()] if self._bias else []
        return ", ".join([regions, *attention, *bias, *([loras] if own else [])])

    def begin_step(self, params: Any) -> None:
        """Say what the rows of the step's UNet calls are; ``params`` are those of the WebUI's cfg_denoiser callback."""
        denoiser, step = params.denoiser, host.step_of(params)
        if self._bias is not None:
            self._bias.set_step(moment_of(denoiser, calls_a_step(denoiser.sampler)), step.sigma)
        size = params.x.shape[-2], params.x.shape[-1]
        self._rows.set_rows(self._rows_of(params, step.rows), size, step.order)
        if self._grounding is not None:
            parts = denoiser.sampler.sampler_extra_args["cond"].batch
            self._grounding.begin_step(denoiser, [len(each) for each in parts], step, size)

    @property
    def skipped_uncond(self) -> bool:
        """Whether the step that is over went without the negative prompt."""
        return self._rows.left > 0

    def own_text(self, number: int, step: int, negative: bool) -> OwnText:
        """What has passes of its own, by its number, is drawn with at a sampler step."""
        each = self._own[number]
        encoded = self._own_texts[negative]
        key = each.negative if negative else each.positive
        entry = encoded.entry_at(key, step)
        adapter = self._loras.adapter(key[0])
        if adapter is None:
            return OwnText(encoded.cond(key, entry), None)
        own = "own", negative, key, entry
        text = RegionText(own, encoded.context(key, entry), adapter)
        is_patched = each.picture.plan.lora == "unet"
        patches = (Patch(("own", key[0]), adapter, _Everywhere(())),) if is_patched else ()
        return OwnText(encoded.cond(key, entry), RowRegions(own, (text,), _Everywhere((1,)), patches))

    def run_alone(
        self, denoiser: Any, x: Tensor, level: Tensor, texts: Sequence[OwnText], image_cond: Tensor
    ) -> Tensor:
        """The model's output for rows that are no picture's: latents (N, C, h, w), their levels and texts.

        What other extensions have put on the UNet for the picture does not act. To be called between two steps.
        """
        size = x.shape[-2], x.shape[-1]
        self._rows.set_rows([text.row for text in texts], size)
        if self._grounding is not None:
            self._grounding.begin_pass(len(texts), size)
        self.runs_alone = True
        try:
            with own_forwards(self.unet):
                return host.predict(denoiser, x, level, [text.cond for text in texts], image_cond)
        finally:
            self.runs_alone = False

    def _attend(self, p: Processing) -> RegionAttention | FluxAttention:
        if is_flux(self.unet):
            return FluxAttention(self.unet, self._rows)
        return RegionAttention(
            self.unet,
            self._rows,
            force_composed=bool(host.needs_composed_path()),
            upcast=bool(host.option("upcast_attn", False)),
            is_other_picture=controlnet.reference_pass(p),
            kv_limit=host.kv_limit(host.model(), self.unet),
        )

    def _rows_of(self, params: Any, count: int) -> list[RowRegions | None]:
        """The ``count`` rows of `Step`. Raises RpgError where the batch is another one."""
        parts = params.denoiser.sampler.sampler_extra_args["cond"].batch
        if len(parts) != len(self._pictures) or sum(map(len, parts)) != params.text_cond.shape[0]:
            raise RpgError(
                f"RPG planned {len(self._pictures)} pictures but the sampler draws {len(parts)}: "
                "another extension changed the batch, turn off that extension or RPG"
            )
        progress = Progress.of(params.denoiser)
        rows: list[RowRegions | None] = []
        for picture, sub_prompts in zip(self._pictures, parts, strict=True):
            row = self._row(picture, picture.positive, self._positive, progress)
            rows += [self._with_things(row, picture, progress.step), *[row] * (len(sub_prompts) - 1)]
        unconds = count - len(rows)
        pictures = [self._pictures[i % len(parts)] for i in range(unconds)]
        return rows + [self._row(picture, picture.negative, self._negative, progress) for picture in pictures]

    def _with_things(self, row: RowRegions | None, picture: Picture, step: int) -> RowRegions | None:
        """The row of a picture's first sub-prompt, whose words are biased where the plan wants it."""
        found = tuple(self._things(picture.number, step)) if self._bias is not None and picture.biased else ()
        if not found:
            return row
        row = row or RowRegions(("no regions", picture.number), (), _Everywhere((0,)))
        return RowThings((row.key, found), row.texts, row.weights, row.patches, found)

    def _biased(self, *, upcast: bool, p: Processing) -> AttentionBias | None:
        """The bias on the words of things, or None where no picture wants it."""
        plan = next((picture.plan for picture in self._pictures if picture.biased), None)
        if plan is None:
            return None
        return AttentionBias(
            self.unet,
            self._rows,
            scale=BIAS * plan.guidance_scale,
            steps=_BIASED_STEPS[plan.guidance_schedule],
            upcast=upcast,
            is_other_picture=controlnet.reference_pass(p),
        )

    def _row(self, picture: Picture, keys: Sequence[Key], encoded: Encoded, progress: Progress) -> RowRegions | None:
        """The row of a picture's regions that act at this moment, each with the text of its key; None for none."""
        active = picture.active(progress.share)
        if not keys or not active or picture.composes:
            return None
        texts = tuple(self._text(keys[i], encoded, progress.step) for i in active)
        patches = self._patches(picture, keys, active) if picture.plan.lora == "unet" else ()
        key = picture.number, active, tuple(text.key for text in texts)
        return RowRegions(key, texts, picture.weights.of(active), patches)

    def _text(self, key: Key, encoded: Encoded, step: int) -> RegionText:
        entry = encoded.entry_at(key, step)
        return RegionText((encoded.negative, key, entry), encoded.context(key, entry), self._loras.adapter(key[0]))

    def _patches(self, picture: Picture, keys: Sequence[Key], active: tuple[int, ...]) -> tuple[Patch, ...]:
        """The LoRAs of a picture's active regions, each set of them on the place of all regions that have it."""
        patches = []
        for tags in dict.fromkeys(keys[i][0] for i in active):
            adapter = self._loras.adapter(tags)
            if adapter is not None:
                regions = tuple(i for i in active if keys[i][0] == tags)
                patches.append(Patch((picture.number, regions), adapter, picture.weights.area(regions)))
        return tuple(patches)

    def _adapt_layers(self, p: Processing) -> AdaptedLayers | None:
        """Hooks for LoRAs that act in every layer, or None where no region has one."""
        patching = [tags for picture in self._pictures if picture.plan.lora == "unet" for tags, _ in picture.positive]
        adapters = [adapter for tags in dict.fromkeys(patching) if (adapter := self._loras.adapter(tags))]
        if not adapters:
            return None
        other_extensions.check_adapted(p)
        return AdaptedLayers(self.unet, self._rows, adapters)


def _load_loras(p: Processing, pictures: Sequence[Picture], warn: Callable[[str], None]) -> RegionLoras | PatchedLoras:
    tags = [tags for picture in pictures for tags, _ in picture.positive]
    modes = [picture.plan.lora for picture in pictures for _ in picture.positive]
    patching = host.weight_patching()
    loras = RegionLoras(p, tags, modes) if patching is None else PatchedLoras(p, tags, modes, patching)
    for comment in loras.comments:
        warn(comment)
    return loras
