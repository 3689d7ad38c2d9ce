"""Regions for one sampling run: attach, name the batch rows at each step, close."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from modules import script_callbacks

from lib_rpg.errors import RpgError
from lib_rpg.layout.mask import read_masks
from lib_rpg.layout.objects import frozen_objects
from lib_rpg.layout.weights import Window
from lib_rpg.plan import Plan
from lib_rpg.webui import other_checkpoints, other_extensions
from lib_rpg.webui.attached import AttachedRegions, Own, Progress
from lib_rpg.webui.bound import BoundSampling
from lib_rpg.webui.composed import ComposedSampling, composed_regions
from lib_rpg.webui.conditioning import CondCaches
from lib_rpg.webui.denoised import Cover, DenoisedHook, Move, Stage
from lib_rpg.webui.frozen import FrozenSampling
from lib_rpg.webui.grounded import GligenWeights, GroundedSampling
from lib_rpg.webui.guided import GuidedSampling, GuidedThings
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.objects import Bound, objects_of, warn_of_scales
from lib_rpg.webui.pictures import Picture
from lib_rpg.webui.repaint import Repainting
from lib_rpg.webui.traces import Tracing


class RegionalSampling:
    """Context manager that owns everything which regions put into the host while one sampler runs.

    ``plans`` has one plan for each picture of the batch, ``negatives`` its whole negative prompt, ``windows`` the part
    of the canvas that is sampled, ``size`` height and width of the latents. ``preflight`` is called with a line that
    says what was applied, ``warn`` with each warning for the user. Regions are on the UNet from enter to exit, through
    errors and interrupts; a model switched in mid-run (refiner) is followed.
    """

    def __init__(
        self,
        p: Processing,
        plans: Sequence[Plan],
        negatives: Sequence[str],
        windows: Sequence[Window],
        size: tuple[int, int],
        caches: CondCaches,
        preflight: Callable[[str], None],
        warn: Callable[[str], None],
        repainting: Repainting | None = None,
        tracing: Tracing | None = None,
        weights: GligenWeights | None = None,
    ) -> None:
        self.p: Any = p  # a Processing until the run is closed
        self.caches = caches
        self.preflight = preflight
        self.warn = warn
        self.applied_calls = 0
        self.waited = not any(region.acts for plan in plans for region in plan.regions)
        """Whether there was a step in which no region was to act yet, or any more."""
        hires_pass = host.is_hires_pass(p)
        masks = read_masks(plans)
        self._pictures = [
            Picture(number, _heard(plan), negative, hires_pass, masks, window)
            for number, (plan, negative, window) in enumerate(zip(plans, negatives, windows, strict=True))
        ]
        other_checkpoints.check(picture.plan for picture in self._pictures if picture.acting)
        self._pass = int(hires_pass)
        self._repainting = repainting
        self._tracing = tracing
        # The hires pass refines what the first pass has bound.
        self._objects: list[Bound] = []
        if not hires_pass and repainting is not None:
            self._objects = repainting.objects(p, self._pictures)
        elif not hires_pass:
            self._objects = objects_of(p, [each for each in self._pictures if each.acting], warn)
        self._composed = composed_regions(self._pictures)
        self._firsts: list[Bound] = []
        if not hires_pass and repainting is None:
            self._firsts = objects_of(p, [each for each in self._pictures if each.acting], warn, frozen_objects)
        warn_of_scales(self._pictures, [*self._objects, *self._firsts], warn)
        # A repainting keeps the rest of the picture, and so its latents.
        guided = [] if hires_pass or repainting is not None else self._pictures
        self._things = GuidedThings(p, guided, warn)
        self._grounding: GroundedSampling | None = None
        if not hires_pass:
            self._grounding = GroundedSampling(p, self._pictures, weights or GligenWeights(), warn) or None
        self._size = size
        self._guidance: GuidedSampling | None = None
        self._composition: ComposedSampling | None = None
        self._frozen: FrozenSampling | None = None
        self._binding: BoundSampling | None = None
        self._denoised: DenoisedHook | None = None
        self._attached: AttachedRegions | None = None
        self._guard: Any = None
        self._error: Exception | None = None

    def __enter__(self) -> RegionalSampling:
        try:
            if self._composed:
                first = len(self._objects)
                self._composition = ComposedSampling(self.p, self._composed, self._size, self._current, first)
            if self._firsts:
                first = len(self._objects) + len(self._composed)
                self._frozen = FrozenSampling(self.p, self._firsts, self._size, self._current, first, self.warn)
            if self._objects:
                self._binding = BoundSampling(self.p, self._objects, self._size, self._current)
            if any(picture.plan.moves_latents for picture in self._pictures) and self._things:
                saved = partial(self._frozen.saved, self._things) if self._frozen else None
                self._guidance = GuidedSampling(self.p, self._pictures, self._things, self._current, self.warn, saved)
            self._attach()
            stages = self._stages()
            if stages or self._guidance:
                moves: list[Move] = [self._frozen.put_latents] if self._frozen else []
                moves += [self._guidance] if self._guidance else []
                covers: list[Cover] = [self._binding.covered] if self._binding else []
                covers += [self._repainting.cover(self._size)] if self._repainting else []
                self._denoised = DenoisedHook(self.p.sampler, stages, moves, covers)
            script_callbacks.on_cfg_denoiser(self._on_cfg_denoiser)
        except BaseException:
            self.close()
            raise
        return self

    def sample(self, func: Callable[[], Any]) -> Any:
        """Have the sampler run, which is ``func``; before that on what is drawn before the pictures."""
        if self._frozen is not None and self._denoised is not None:
            self._frozen.draw(self._denoised, func)
        return func()

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take everything out of the host again and release all that the run held; may be called any number of times.

        Only `applied_calls` and `waited` stay: the job that knows this run may live on.
        """
        script_callbacks.remove_callbacks_for_function(self._on_cfg_denoiser)
        if self._denoised is not None:
            self.applied_calls += self._denoised.skipped
            self._denoised.close()
        self._denoised = None
        self._end_composition()
        if self._frozen is not None:
            self._frozen.close()
        self._frozen = None
        self._guidance = self._binding = self._repainting = self._tracing = None
        self._detach()
        if self._grounding is not None:
            self._grounding.close()
        self._grounding = None
        self._pictures = []
        self.p = self._error = None
        self.warn = _ignore

    def _end_composition(self) -> None:
        if self._composition is not None:
            self.applied_calls += self._composition.calls
        self._composition = None

    def _attach(self) -> AttachedRegions:
        own: list[Own] = [*self._objects, *self._composed, *self._firsts]
        attached = self._attached = AttachedRegions(
            self.p, self._pictures, own, self.caches, self.warn, self._things.at, self._grounding
        )
        host.ready(len(self._pictures), self._size)
        self._guard = attached.unet.register_forward_pre_hook(self._check_call, with_kwargs=True)
        parts = (attached, self._composition, self._frozen, self._binding, self._guidance, self._grounding)
        self.preflight(", ".join(filter(None, (part.summary() for part in parts if part))))
        return attached

    def _stages(self) -> list[Stage]:
        """What runs behind the denoiser: composition, binding, what a repainting holds, and at last the recorder."""
        stages: list[Stage] = [stage for stage in (self._composition, self._frozen, self._binding) if stage]
        if self._repainting is not None:
            stages.append(self._repainting.stage(self._pass, self.p.sampler, self._size))
        return [*stages, self._tracing] if self._tracing is not None else stages

    def _current(self) -> AttachedRegions:
        """The regions on the checkpoint that is in use."""
        if self._attached is None:
            raise RpgError("RPG: the regions are not on the model any more: generate again")
        return self._attached

    def _detach(self) -> None:
        if self._guard is not None:
            self._guard.remove()
        if self._attached is not None:
            self.applied_calls += self._attached.applied_calls
            self._attached.close()
        self._attached = self._guard = None

    def _check_call(self, _unet: Any, args: tuple, kwargs: dict) -> None:
        self._raise_error()
        if self._attached is not None and self._attached.runs_alone:
            return
        latents = args[0] if args else kwargs["x"]
        other_extensions.check_call(self.p, latents.shape[0])

    def _raise_error(self, *_: Any) -> None:
        """Bring an error of the callback to the user: the WebUI swallows what a callback raises."""
        if self._error is not None:
            raise self._error

    def _on_cfg_denoiser(self, params: Any) -> None:
        try:
            attached = self._attached
            if attached is None or not host.is_unet_of(host.model(), attached.unet):
                self._detach()
                attached = self._attach()
            attached.begin_step(params)
            share = Progress.of(params.denoiser).share
            self.waited = self.waited or not all(picture.active(share) for picture in self._pictures)
        except Exception as error:
            self._error = error
            if self._guard is None:  # the new model could not be attached to: only its own forward can still raise
                self._guard = host.denoiser_of(host.model()).register_forward_pre_hook(self._raise_error)


def _heard(plan: Plan) -> Plan:
    """The plan without the words of regions that do not act, so that neither these nor their LoRAs are read."""
    if all(region.acts for region in plan.regions):
        return plan
    heard = (region if region.acts else replace(region, prompt="", negative_prompt="") for region in plan.regions)
    return replace(plan, regions=tuple(heard))


def _ignore(_warning: str) -> None:
    """A closed run gives no warnings."""
