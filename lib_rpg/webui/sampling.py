"""Regions for one sampling run: encode, attach, name the batch rows at each step, close."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from typing import Any

from modules import script_callbacks, shared
from torch import Tensor

from lib_rpg.errors import RpgError
from lib_rpg.layout.mask import Masks, read_masks
from lib_rpg.layout.weights import coefficients, region_weights
from lib_rpg.plan import Plan, Region
from lib_rpg.regional.adapted_layers import AdaptedLayers
from lib_rpg.regional.attention import RegionAttention, RowRegions
from lib_rpg.webui import conditioning, control, host, neighbours
from lib_rpg.webui.conditioning import Key, key_of
from lib_rpg.webui.loras import RegionLoras, Tags

MAX_GRIDS = 32
"""Grids of tokens that a run keeps its regions' weights for; a UNet has four."""


class CondCaches:
    """The last encoded region prompts, positive and negative, kept between generations as the WebUI keeps its own."""

    def __init__(self) -> None:
        self.positive: dict[Tags, list] = {}
        self.negative: dict[Tags, list] = {}

    def clear(self) -> None:
        self.positive.clear()
        self.negative.clear()


class RegionalSampling:
    """Context manager that owns everything which regions put into the host while one sampler runs.

    ``plans`` has one plan for each picture of the batch, ``negatives`` its whole negative prompt. ``preflight`` is
    given a line that says what was applied, ``tell`` each sentence that the user should read. The engine
    sits on the UNet from enter to exit, through errors and interrupts; a model switched in mid-run (refiner) is
    followed.
    """

    def __init__(
        self,
        p: Any,
        plans: Sequence[Plan],
        negatives: Sequence[str],
        caches: CondCaches,
        preflight: Callable[[str], None],
        tell: Callable[[str], None],
    ) -> None:
        self.p = p
        self.caches = caches
        self.preflight = preflight
        self.tell = tell
        self.applied_calls = 0
        self.waited = False
        """Whether there was a step in which no region was to act yet, or any more."""
        hires_pass = bool(getattr(p, "is_hr_pass", False))
        masks = read_masks(plans)
        self._pictures = [Picture(*pair, hires_pass, masks) for pair in zip(plans, negatives, strict=True)]
        self._rows: dict[tuple, RowRegions] = {}
        self._positive = self._negative = conditioning.Encoded({})
        self._loras: Any = None
        self._engine: RegionAttention | None = None
        self._adapted: AdaptedLayers | None = None
        self._unet: Any = None
        self._guard: Any = None
        self._error: Exception | None = None

    def __enter__(self) -> RegionalSampling:
        try:
            self._attach()
            script_callbacks.on_cfg_denoiser(self._on_cfg_denoiser)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take everything out of the host again and let go of all that the run held; may be called any number of times.

        Only `applied_calls` and `waited` stay: the job that knows this run may live on.
        """
        script_callbacks.remove_callbacks_for_function(self._on_cfg_denoiser)
        self._detach()
        self._pictures = []
        self._rows = {}
        self._positive = self._negative = conditioning.Encoded({})
        self.p = self._loras = self._error = None
        self.tell = _say_nothing

    def _attach(self) -> None:
        self._unet = host.unet_of(shared.sd_model)
        pictures = self._pictures
        tags = [tags for picture in pictures for tags, _ in picture.positive]
        self._loras = RegionLoras(self.p, tags, [picture.plan.lora for picture in pictures for _ in picture.positive])
        for comment in self._loras.comments:
            self.tell(comment)
        positive = [key for picture in pictures for key in picture.positive]
        negative = [key for picture in pictures for key in picture.negative]
        self._positive = conditioning.encode(self.p, positive, self._loras, self.caches.positive)
        self._negative = conditioning.encode(self.p, negative, self._loras, self.caches.negative, negative=True)
        self._rows = {}
        self._engine = RegionAttention(
            self._unet,
            force_composed=bool(host.needs_composed_path()),
            upcast=bool(shared.opts.upcast_attn),
            is_other_picture=control.reference_pass(self.p),
            kv_limit=host.kv_limit(shared.sd_model, self._unet),
        )
        patching = [tags for picture in pictures if picture.plan.lora == "unet" for tags, _ in picture.positive]
        adapters = [adapter for tags in dict.fromkeys(patching) if (adapter := self._loras.adapter(tags))]
        if adapters:
            neighbours.check_adapted(self.p)
            self._adapted = AdaptedLayers(self._engine, self._unet, adapters)
        self._guard = self._unet.register_forward_pre_hook(self._check_call, with_kwargs=True)
        self.preflight(_summary(pictures, self._engine, self._adapted))

    def _detach(self) -> None:
        if self._guard is not None:
            self._guard.remove()
        if self._adapted is not None:
            self._adapted.close()
        if self._engine is not None:
            self.applied_calls += self._engine.applied_calls
            self._engine.close()
        self._engine = self._adapted = self._guard = self._unet = None

    def _check_call(self, _unet: Any, args: tuple, kwargs: dict) -> None:
        self._raise_error()
        latents = args[0] if args else kwargs["x"]
        neighbours.check_call(self.p, latents.shape[0])

    def _raise_error(self, *_: Any) -> None:
        """Bring an error of the callback to the user: the WebUI swallows what a callback raises."""
        if self._error is not None:
            raise self._error

    def _on_cfg_denoiser(self, params: Any) -> None:
        try:
            if shared.sd_model.model.diffusion_model is not self._unet:
                self._detach()
                self._attach()
            self._engine.set_rows(self._rows_of(params), tuple(params.x.shape[-2:]))  # type: ignore[union-attr]
        except Exception as error:
            self._error = error
            if self._guard is None:  # the new model could not be attached to: only its own forward can still tell
                self._guard = shared.sd_model.model.register_forward_pre_hook(self._raise_error)

    def _rows_of(self, params: Any) -> list[RowRegions | None]:
        """Rows of the UNet calls of this step: each picture's sub-prompts (AND), then the unconds."""
        parts = params.denoiser.sampler.sampler_extra_args["cond"].batch
        if len(parts) != len(self._pictures) or sum(map(len, parts)) != params.text_cond.shape[0]:
            raise RpgError(
                f"RPG planned {len(self._pictures)} pictures but the sampler draws {len(parts)}: "
                "another extension changed the batch, turn it or RPG off"
            )
        step = params.denoiser.step
        progress = step / (params.denoiser.total_steps or 1)
        rows: list[RowRegions | None] = []
        for picture, sub_prompts in zip(self._pictures, parts, strict=True):
            rows += [self._row(picture, picture.positive, self._positive, step, progress)] * len(sub_prompts)
        unconds = params.x.shape[0] - len(rows)
        pictures = [self._pictures[i % len(parts)] for i in range(unconds)]
        return rows + [self._row(picture, picture.negative, self._negative, step, progress) for picture in pictures]

    def _row(
        self, picture: Picture, keys: Sequence[Key], encoded: conditioning.Encoded, step: int, progress: float
    ) -> RowRegions | None:
        """The row of a picture's regions that act at this time, each with the text of its key.

        One object for the same picture and contexts, so that the engine can keep what it prepared.
        """
        active = picture.active(progress)
        self.waited = self.waited or not active
        if not keys or not active:
            return None
        contexts = tuple(encoded.at(keys[i], step) for i in active)
        key = (id(picture), active, *map(id, contexts))
        if key not in self._rows:
            adapters = tuple(self._loras.adapter(keys[i][0]) for i in active)
            patches = [
                (adapter, picture.area(tuple(i for i in active if keys[i][0] == tags)))
                for tags in dict.fromkeys(keys[i][0] for i in active)
                if picture.plan.lora == "unet" and (adapter := self._loras.adapter(tags))
            ]
            self._rows[key] = RowRegions(contexts, picture.coefficients(active), adapters, tuple(patches))
        return self._rows[key]


class Picture:
    """One picture of a batch: its plan, and the texts of its regions, ``positive`` and ``negative``.

    ``negative`` is empty where the picture's own negative prompt does for all regions. ``coefficients`` and ``area``
    give for some of the regions, by number, a map: `weights.coefficients` of each, and how much of each token they have
    together.
    """

    def __init__(self, plan: Plan, negative: str, hires_pass: bool, masks: Masks) -> None:
        self.plan = plan
        self._acts = plan.acts_in(hires_pass)
        self.positive = [key_of(region.prompt, plan.lora) for region in plan.regions]
        own = any(region.negative_prompt for region in plan.regions)
        self.negative: list[Key] = []
        if own or any(tags for tags, _ in self.positive):
            # The negative prompt is read under the region's LoRAs as well, as it is where they are the picture's own.
            self.negative = [
                (tags, ", ".join(filter(None, (negative, conditioning.split_tags(region.negative_prompt)[0]))))
                for (tags, _), region in zip(self.positive, plan.regions, strict=True)
            ]
        # None of these knows the picture, so that they are gone with it at once, not when garbage is collected.
        self.coefficients = _kept_parts(partial(coefficients, plan, masks=masks), lambda parts: parts)
        self.area = _kept_parts(partial(region_weights, plan, masks=masks), lambda parts: parts.sum(0))

    def active(self, progress: float) -> tuple[int, ...]:
        """The regions that act when this share of the steps is over."""
        return tuple(i for i, region in enumerate(self.plan.regions) if self._acts and _acts(region, progress))


Maps = Callable[[int, int], Tensor]
"""From a grid (h, w) of tokens to numbers of each of its tokens."""


def _kept_parts(whole: Maps, reduced: Callable[[Tensor], Tensor]) -> Callable[[tuple[int, ...]], Maps]:
    """For some of the regions, their part of what ``whole`` gives for all (R, h, w): one map for the same regions.

    Results are kept for the last grids, and what all regions have is computed once for a grid.
    """
    of_all = lru_cache(maxsize=MAX_GRIDS)(whole)

    @cache
    def part(regions: tuple[int, ...]) -> Maps:
        return lru_cache(maxsize=MAX_GRIDS)(lambda h, w: reduced(of_all(h, w)[list(regions)]))

    return part


def _acts(region: Region, progress: float) -> bool:
    return region.start <= progress and (progress < region.end or region.end == 1)


def _say_nothing(_sentence: str) -> None:
    """What a closed run tells."""


def run_around(p: Any, run: Callable[[], Any], as_seen: Callable[[RpgError], Exception]) -> None:
    """Have the sampler's next launch happen inside the context manager that ``run`` makes, then be as before.

    The WebUI swallows what a script callback raises and has no ``finally`` for scripts; inside the launch,
    errors reach the user, in the form that ``as_seen`` gives them, and closing is certain.
    """
    sampler = p.sampler
    previous = sampler.__dict__.get("launch_sampling")
    launch = sampler.launch_sampling

    def launch_with_regions(steps: int, func: Callable[[], Any]) -> Any:
        if previous is None:
            sampler.__dict__.pop("launch_sampling", None)
        else:
            sampler.launch_sampling = previous
        drawn = False
        try:
            with run():
                latents = launch(steps, func)
            drawn = not (shared.state.interrupted or shared.state.skipped)
            return latents
        except RpgError as error:
            raise as_seen(error) from error
        finally:
            if not drawn:
                control.forget_marks(p)

    sampler.launch_sampling = launch_with_regions


def _summary(pictures: Sequence[Picture], engine: RegionAttention, adapted: AdaptedLayers | None) -> str:
    """What was attached, in words: "3 regions, fast on 16 layers, LoRAs in 192 layers"."""
    counts = sorted({len(picture.plan.regions) for picture in pictures})
    regions = f"{counts[0]} region{'' if counts[0] == 1 else 's'}"
    if len(counts) > 1:
        regions = f"{counts[0]} to {counts[-1]} regions a picture"
    own = any(tags for picture in pictures for tags, _ in picture.positive)
    loras = f"their LoRAs in {adapted.layers} layers" if adapted else "their LoRAs in text and its layers"
    return ", ".join([regions, engine.path_summary(), *([loras] if own else [])])
