"""Regions for one sampling run: encode, attach, name the batch rows at each step, close."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from modules import script_callbacks, shared
from torch import Tensor

from lib_rpg.errors import RpgError
from lib_rpg.layout.raster import coefficients
from lib_rpg.plan import Plan
from lib_rpg.regional.attention import RegionAttention, RowRegions
from lib_rpg.webui import conditioning, control, host


class CondCaches:
    """The last encoded region prompts, positive and negative, kept between generations as the WebUI keeps its own."""

    def __init__(self) -> None:
        self.positive: list = [None, None]
        self.negative: list = [None, None]

    def clear(self) -> None:
        self.positive[:] = [None, None]
        self.negative[:] = [None, None]


class RegionalSampling:
    """Context manager that owns everything which regions put into the host while one sampler runs.

    ``plans`` has one plan for each picture of the batch, ``negatives`` its whole negative prompt. The engine
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
    ) -> None:
        self.p = p
        self.plans = list(plans)
        self.caches = caches
        self.preflight = preflight
        self.applied_calls = 0
        self._negatives = [_region_negatives(*pair) for pair in zip(plans, negatives, strict=True)]
        self._coefficients = {id(plan): _coefficients_of(plan) for plan in plans}
        self._engine: RegionAttention | None = None
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
        """Take everything out of the host again; may be called any number of times."""
        script_callbacks.remove_callbacks_for_function(self._on_cfg_denoiser)
        self._detach()

    def _attach(self) -> None:
        self._unet = host.unet_of(shared.sd_model)
        self._positive = conditioning.encode(
            self.p, (region.prompt for plan in self.plans for region in plan.regions), self.caches.positive
        )
        negatives = [text for texts in self._negatives for text in texts]
        self._negative = (
            conditioning.encode(self.p, negatives, self.caches.negative, negative=True) if negatives else None
        )
        self._rows: dict[tuple, RowRegions] = {}
        self._engine = RegionAttention(
            self._unet,
            force_composed=bool(host.needs_composed_path()),
            upcast=bool(shared.opts.upcast_attn),
            is_other_picture=control.reference_pass(self.p),
        )
        self._guard = self._unet.register_forward_pre_hook(self._raise_error)
        self.preflight(f"{_counted(self.plans)}, {self._engine.path_summary()}")

    def _detach(self) -> None:
        if self._guard is not None:
            self._guard.remove()
        if self._engine is not None:
            self.applied_calls += self._engine.applied_calls
            self._engine.close()
        self._engine = self._guard = self._unet = None

    def _raise_error(self, *_: Any) -> None:
        """Bring an error of the callback to the user: the WebUI swallows what a callback raises."""
        if self._error is not None:
            raise self._error

    def _on_cfg_denoiser(self, params: Any) -> None:
        try:
            if shared.sd_model.model.diffusion_model is not self._unet:
                self._detach()
                self._attach()
            self._engine.set_rows(self._rows_of(params))  # type: ignore[union-attr]
        except Exception as error:
            self._error = error
            if self._guard is None:  # the new model could not be attached to: only its own forward can still tell
                self._guard = shared.sd_model.model.register_forward_pre_hook(self._raise_error)

    def _rows_of(self, params: Any) -> list[RowRegions | None]:
        """Rows of the UNet calls of this step: each picture's sub-prompts (AND), then the unconds."""
        parts = params.denoiser.sampler.sampler_extra_args["cond"].batch
        if len(parts) != len(self.plans) or sum(map(len, parts)) != params.text_cond.shape[0]:
            raise RpgError(
                f"RPG planned {len(self.plans)} pictures but the sampler draws {len(parts)}: "
                "another extension changed the batch, turn it or RPG off"
            )
        step = params.denoiser.step
        rows: list[RowRegions | None] = []
        for image, sub_prompts in enumerate(parts):
            rows += [self._row(image, step)] * len(sub_prompts)
        unconds = params.x.shape[0] - len(rows)
        return rows + [self._negative_row(image % len(parts), step) for image in range(unconds)]

    def _row(self, image: int, step: int) -> RowRegions:
        texts = [region.prompt for region in self.plans[image].regions]
        return self._row_regions(image, tuple(self._positive.at(text, step) for text in texts))

    def _negative_row(self, image: int, step: int) -> RowRegions | None:
        if not self._negatives[image] or self._negative is None:
            return None
        return self._row_regions(image, tuple(self._negative.at(text, step) for text in self._negatives[image]))

    def _row_regions(self, image: int, contexts: tuple[Tensor, ...]) -> RowRegions:
        """One object for the same plan and contexts, so that the engine can keep what it prepared."""
        plan = self.plans[image]
        key = (id(plan), *map(id, contexts))
        if key not in self._rows:
            self._rows[key] = RowRegions(contexts, self._coefficients[id(plan)])
        return self._rows[key]


def run_around(sampler: Any, run: Callable[[], Any], as_seen: Callable[[RpgError], Exception]) -> None:
    """Have the sampler's next launch happen inside the context manager that ``run`` makes, then be as before.

    The WebUI swallows what a script callback raises and has no ``finally`` for scripts; inside the launch,
    errors reach the user, in the form that ``as_seen`` gives them, and closing is certain.
    """
    previous = sampler.__dict__.get("launch_sampling")
    launch = sampler.launch_sampling

    def launch_with_regions(steps: int, func: Callable[[], Any]) -> Any:
        if previous is None:
            sampler.__dict__.pop("launch_sampling", None)
        else:
            sampler.launch_sampling = previous
        try:
            with run():
                return launch(steps, func)
        except RpgError as error:
            raise as_seen(error) from error

    sampler.launch_sampling = launch_with_regions


def _coefficients_of(plan: Plan) -> Callable[[int, int], Tensor]:
    return lru_cache(maxsize=32)(lambda h, w: coefficients(plan, h, w))


def _region_negatives(plan: Plan, negative: str) -> list[str]:
    """Each region's whole negative prompt where any region has one of its own, else nothing."""
    if not any(region.negative_prompt for region in plan.regions):
        return []
    return [", ".join(filter(None, (negative, region.negative_prompt))) for region in plan.regions]


def _counted(plans: Sequence[Plan]) -> str:
    """The regions of a batch in words: "3 regions" or "2 to 4 regions a picture"."""
    counts = sorted({len(plan.regions) for plan in plans})
    if len(counts) > 1:
        return f"{counts[0]} to {counts[-1]} regions a picture"
    return f"{counts[0]} region{'' if counts[0] == 1 else 's'}"
