"""LMD's composition in the WebUI: each object is drawn in a sampling run of its own, and then put into the picture's.

An object's run is the sampler's own function with the same steps, sigmas and noise, on latents of the picture's size:
only what the denoiser gives is the object's (reference/rag-and-lmd.md B.2 and B.6). It ends where objects are not
frozen any more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from lib_rpg.checks import quantity, refuse
from lib_rpg.plan_checks import Box
from lib_rpg.regional.binding import in_share
from lib_rpg.regional.composition import FrozenComposition, FrozenObject, Shift, mask_from_attention, shift_to_box
from lib_rpg.regional.energies import Saved, Thing
from lib_rpg.regional.guidance import Guidance, Method
from lib_rpg.regional.latent_rects import Rect, cells_in, rect_of
from lib_rpg.regional.replay import Recorder
from lib_rpg.webui.alone import Passes, Whole
from lib_rpg.webui.attached import AttachedRegions
from lib_rpg.webui.denoised import ADAPTIVE, DenoisedHook, Evaluation
from lib_rpg.webui.guided import GuidedThings, method_of
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.objects import Bound
from lib_rpg.webui.own_attention import OwnAttention

_OWN_NOISE = 0.01
"""The share of the variance of the noise in a box that is an object's own (LMD's)."""
_CANVAS = (0.0, 0.0, 1.0, 1.0)
_CLOSE = 1e-4


class FrozenSampling:
    """The objects of a batch that are drawn before it, and their composition into it; from construction to `close()`.

    Raises RpgError where the pictures' sampling cannot be composed so.
    """

    def __init__(
        self,
        p: Processing,
        objects: Sequence[Bound],
        size: tuple[int, int],
        attached: Callable[[], AttachedRegions],
        first: int,
        warn: Callable[[str], None],
    ) -> None:
        """``size``: height and width of the latents. ``first``: the number of the first object's text."""
        if p.sampler_name in ADAPTIVE:
            problem = f"{p.sampler_name} takes other steps for an object's own run than for the picture"
            refuse("compose", problem, "choose another sampler, or compose 'lock-step'")
        if getattr(p, "init_images", None):
            problem = "objects that are drawn before the picture begin with noise alone, and img2img does not"
            refuse("compose", problem, "use txt2img, or compose 'lock-step'")
        plan = objects[0].picture.plan
        self._p: Any = p
        self._objects = objects
        self._size = size
        self._attached = attached
        self._first = first
        self._warn = warn
        self._share = max(each.object.steps for each in objects)
        self._space = host.space_of(p.sampler.model_wrap_cfg)
        self._method = method_of(plan) if plan.moves_latents else None
        self._attention = OwnAttention(p, objects, keeps_words=plan.guidance == "lmd" and plan.moves_latents)
        self.masks: dict[int, Tensor] = {}
        """Where each object is, by its number: bool (H, W), known when it is drawn."""
        self._evaluations = 0
        self._steps = 0
        self._outputs: FrozenComposition | None = None
        self._latents: FrozenComposition | None = None

    def summary(self) -> str:
        """What is drawn before the picture, in words: "3 objects drawn first"."""
        return f"{quantity(len(self._objects), 'object')} drawn first"

    def close(self) -> None:
        """Drop what was drawn; may be called any number of times."""
        self._outputs = self._latents = None
        self._objects = []
        self._p = None

    def draw(self, hook: DenoisedHook, func: Callable[[], Any]) -> None:
        """Draw the objects; ``func`` has the sampler run from the picture's noise. Of each picture one at a time."""
        rounds = self._rounds()
        host.begin_extra_runs(len(rounds))
        frozen: list[FrozenObject] = []
        latents: list[FrozenObject] = []
        try:
            for number, numbers in enumerate(rounds):
                host.show_progress(f"RPG: drawing object {number + 1} of {len(rounds)} by itself")
                run = _Run(self, numbers)
                run.sample(hook, func)
                for index in numbers:
                    made, itself = self._frozen(index, run)
                    self.masks[index] = made.mask
                    frozen.append(made)
                    latents.append(itself)
                host.end_extra_run()
        finally:
            host.show_progress(None)
        self._evaluations = frozen[0].outputs.shape[0]
        self._steps = latents[0].outputs.shape[0]
        # All that was drawn is frozen, so that the sigma is no limit.
        self._outputs = FrozenComposition(frozen, self._space, 0.0)
        self._latents = FrozenComposition(latents, self._space, 0.0)

    def put_latents(self, evaluation: Evaluation) -> None:
        """As `lib_rpg.webui.denoised.Move`: the objects' own latents, where they are, at the beginning of a step."""
        step = evaluation.moment.step
        if self._latents is None or step >= self._steps or host.is_cancelled():
            return
        if step == 0:
            self._latents.begin(evaluation.x)
        evaluation.x.copy_(self._latents.put(step, evaluation.level, evaluation.x[None])[0])

    def __call__(self, evaluation: Evaluation, outputs: Tensor) -> Tensor:
        """As `lib_rpg.webui.denoised.Stage`."""
        if self._outputs is None or evaluation.number >= self._evaluations or host.is_cancelled():
            return outputs
        return self._outputs.put(evaluation.number, evaluation.level, outputs)

    def saved(self, things: GuidedThings, evaluation: int) -> list[Saved | None]:
        """For each picture the maps that `reference_energy` compares with in an evaluation, None for none."""
        found: list[Saved | None] = []
        for picture in range(len(things)):
            saved = [self._maps_of(picture, thing, things, evaluation) for thing in things.at(picture, evaluation)]
            found.append(saved if any(saved) else None)
        return found

    def _maps_of(self, picture: int, thing: Thing, things: GuidedThings, evaluation: int) -> list[list[Tensor]]:
        phrase = things.phrase_of(picture, thing)
        maps = [
            self._attention.kept(index, evaluation)
            for box in thing.boxes
            for index, each in enumerate(self._objects)
            if each.picture.number == picture and each.object.phrase.lower() == phrase and _is_close(each.box, box)
        ]
        known = [each for each in maps if each is not None]
        return known if len(known) == len(thing.boxes) else []

    def _rounds(self) -> list[list[int]]:
        """The objects' numbers: the first ones of each picture, the second ones, …"""
        rounds: list[list[int]] = []
        seen: dict[int, int] = {}
        for index, each in enumerate(self._objects):
            before = seen.get(each.picture.number, 0)
            if before == len(rounds):
                rounds.append([])
            rounds[before].append(index)
            seen[each.picture.number] = before + 1
        return rounds

    def _frozen(self, index: int, run: _Run) -> tuple[FrozenObject, FrozenObject]:
        """An object by its outputs, and by its latents at the beginning of each step."""
        each = self._objects[index]
        row = each.picture.number
        mask, shift = self._place(index, each.box)
        latents = run.latents.of(row)
        made = FrozenObject(row, mask, latents[0, 0], run.outputs.of(row))
        if shift is not None:
            made, latents = made.shifted(shift), shift.of(latents)
            made = replace(made, mask=made.mask & self._box(each.box))
        return made, replace(made, outputs=latents)

    def _place(self, index: int, box: Box) -> tuple[Tensor, Shift | None]:
        """An object's mask, and how it is moved to its box where nothing has led it there."""
        attention = self._attention.map(index)
        if attention is None:
            return self._box(box), None
        if self._method is None:
            mask = mask_from_attention(attention, _CANVAS, self._size)
            shift = shift_to_box(mask, box)
            if not mask.all() and (shift.of(mask) & self._box(box)).any():
                return mask, shift
        return mask_from_attention(attention, box, self._size), None

    def _box(self, box: Box) -> Tensor:
        return cells_in([box], *self._size)


class _Run:
    """The sampling run of at most one object of each picture; the other rows of the batch are not denoised."""

    def __init__(self, owner: FrozenSampling, numbers: Sequence[int]) -> None:
        self.outputs = Recorder()
        self.latents = Recorder()
        self._owner = owner
        self._numbers = numbers
        self._objects = [owner._objects[index] for index in numbers]
        self._rows = [each.picture.number for each in self._objects]
        self._placed = [Whole(each.picture.number, Rect(0, 0, *owner._size)) for each in owner._objects]
        self._guidance: dict[int, Guidance] = {}
        self._begun: tuple[Tensor, Tensor] | None = None

    def sample(self, hook: DenoisedHook, func: Callable[[], Any]) -> None:
        """Run the sampler until objects are free, and leave its noise and latents as they were."""
        with host.noise_kept(self._owner._p), hook.drawing(self._draw, [self._begin_step]):
            try:
                func()
            except _Done:
                pass
            finally:
                if self._begun is not None:
                    self._begun[0].copy_(self._begun[1])
                self._begun = None
                self._guidance = {}

    def _begin_step(self, evaluation: Evaluation) -> None:
        if host.is_cancelled():
            return
        x = evaluation.x
        if evaluation.moment.step == 0:
            self._begun = x, x.clone()
            for row, each in zip(self._rows, self._objects, strict=True):
                _put_noise(x[row], rect_of(each.box, *self._owner._size), each.seed)
        self.latents.add(x[None])
        if not in_share(self._owner._share, evaluation.moment):
            raise _Done
        if self._owner._method is not None:
            for place in range(len(self._objects)):
                self._guide(place, evaluation, self._owner._method)

    def _guide(self, place: int, evaluation: Evaluation, method: Method) -> None:
        """Lead an object into its box, by its words in its own text."""
        owner, row = self._owner, slice(self._rows[place], self._rows[place] + 1)
        index, step = self._numbers[place], evaluation.number
        words = owner._attention.words(index, step)
        if not words:
            return
        attached = owner._attached()
        things = [[Thing(words, (self._objects[place].box,))]]
        if place not in self._guidance:
            self._guidance[place] = Guidance(attached.unet, things, method, owner._space, owner._warn)
        guidance = self._guidance[place]
        guidance.things = things
        texts = [attached.own_text(owner._first + index, step, negative=False)]
        level, images = evaluation.level[row], evaluation.image_cond[row]

        def run(x: Tensor) -> Tensor:
            return attached.run_alone(evaluation.denoiser, x, level, texts, images)

        guidance.guide(evaluation.x[row], level, evaluation.moment, run)

    def _draw(self, evaluation: Evaluation) -> Tensor:
        """As `lib_rpg.webui.denoised.Draw`."""
        owner, kinds = self._owner, evaluation.kinds
        watch = owner._attention.watch(evaluation.moment, evaluation.number)
        scales = [each.cfg_scale for each in owner._objects]
        passes = Passes(owner._attached(), self._placed, evaluation, kinds, owner._first, scales, watch)
        drawn = passes.run(self._numbers, evaluation.x[self._rows], evaluation.level[self._rows])
        outputs = torch.zeros_like(evaluation.x).repeat(kinds, 1, 1, 1, 1)
        outputs[:, self._rows] = drawn.to(outputs)
        self.outputs.add(outputs)
        return outputs


class _Done(BaseException):
    """Ends an object's run where nothing more is needed of it."""


def _put_noise(x: Tensor, rect: Rect, seed: int) -> None:
    """Put some noise of an object's own into its box, in place: sqrt(1 - r) * x + sqrt(r) * n (LMD, B.2 step 1).

    x: (C, H, W), noise alone, whose size is that of the sampler's.
    """
    fresh = torch.randn(x.shape, generator=torch.Generator().manual_seed(seed)).to(x)
    place = rect.of(x)
    size = x.square().mean().sqrt()
    place.copy_(math.sqrt(1 - _OWN_NOISE) * place + math.sqrt(_OWN_NOISE) * size * rect.of(fresh))


def _is_close(one: Box, other: Box) -> bool:
    return all(abs(a - b) < _CLOSE for a, b in zip(one, other, strict=True))
