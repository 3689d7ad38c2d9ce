"""The denoiser's output of a sampling run: one object that replaces it at each evaluation, and puts all back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, NamedTuple

import torch
from torch import Tensor

from lib_rpg.regional.binding import Moment
from lib_rpg.regional.own_forwards import without_forward
from lib_rpg.webui.host import host


class Evaluation(NamedTuple):
    """One evaluation of the WebUI's denoiser.

    number: from 0. x: the sampler's latents (B, C, H, W). level: their sigmas or timesteps, (B,). cond_scale: the
    guidance scale. image_cond: what goes to the model beside the text, (B, …).
    """

    denoiser: Any
    number: int
    moment: Moment
    x: Tensor
    level: Tensor
    cond_scale: float
    image_cond: Tensor

    @property
    def kinds(self) -> int:
        """K, how many outputs the sampler wants: 2 with that without guidance, as DDIM CFG++ does."""
        return 2 if getattr(self.denoiser, "need_last_noise_uncond", False) else 1


ADAPTIVE = ("DPM adaptive",)
"""Samplers whose steps depend on the whole picture, so that a change of a part changes the rest."""

Stage = Callable[[Evaluation, Tensor], Tensor]
"""Takes an evaluation and its output, (K, B, C, H, W), and gives the output that the sampler is to have.

The first output is the guided one. Where the sampler also wants the one without guidance, that is a second.
"""


Move = Callable[[Evaluation], None]
"""Called before an evaluation; it may move the sampler's latents ``x`` in place."""


Draw = Callable[[Evaluation], Tensor]
"""Gives the outputs (K, B, C, H, W) of an evaluation in the place of the pictures' own; see `Evaluation.kinds`."""


Cover = Callable[[Evaluation], Tensor | None]
"""Says before an evaluation in which cells a stage takes nothing of the pictures' own outputs: bool (B, H, W), or
(H, W) for all pictures of the batch. None for no cell."""


def calls_a_step(sampler: Any) -> int:
    """Evaluations of the denoiser in a step of the WebUI's sampler."""
    options = getattr(getattr(sampler, "config", None), "options", None) or {}
    return 2 if options.get("second_order") else 1


def moment_of(denoiser: Any, calls: int) -> Moment:
    """The step that the WebUI's denoiser is in; ``calls`` are its evaluations in one."""
    return Moment(denoiser.step // calls, max((denoiser.total_steps or 1) // calls, 1))


class DenoisedHook:
    """Runs moves before and stages behind the forward of one sampler's denoiser, from construction to `close()`.

    Of a step of two evaluations, only the first has moves before it: the sampler goes on with its latents.

    Where the stages together take nothing of the picture's own outputs, the UNet is not run for them.

    A sampler is made anew for each pass, so that the hook can outlive none.
    """

    def __init__(
        self, sampler: Any, stages: Sequence[Stage], moves: Sequence[Move] = (), covers: Sequence[Cover] = ()
    ) -> None:
        """``covers``: of the stages that can do without the picture's own outputs."""
        self._denoiser = sampler.model_wrap_cfg
        self._covers = tuple(covers)
        self.skipped = 0
        """Evaluations in which the UNet was not run for the pictures."""
        self._calls_a_step = calls_a_step(sampler)
        self._stages = tuple(stages)
        self._moves = tuple(moves)
        self._draw: Draw | None = None
        self._replaced = self._denoiser.__dict__.get("forward")
        self._forward = self._denoiser.forward
        self._denoiser.forward = self._run

    def close(self) -> None:
        """Put the denoiser's own forward back; may be called any number of times."""
        self._stages = self._moves = self._covers = ()
        self._draw = None
        denoiser, self._denoiser = self._denoiser, None
        # Where another extension has wrapped ours, it stays in between and does nothing.
        if denoiser is None or denoiser.__dict__.get("forward") != self._run:
            return
        if self._replaced is None:
            del denoiser.__dict__["forward"]
        else:
            denoiser.forward = self._replaced

    @contextmanager
    def drawing(self, draw: Draw, moves: Sequence[Move]) -> Iterator[None]:
        """Inside the block the sampler may run on something else: its outputs are those of ``draw``, with ``moves``
        before its steps, and the stages wait. Behind it the sampler can begin at its first step."""
        before = self._moves
        self._draw, self._moves = draw, tuple(moves)
        try:
            yield
        finally:
            self._draw, self._moves = None, before
            if self._denoiser is not None:
                self._denoiser.step = 0

    def _run(self, x: Tensor, sigma: Tensor, *args: Any, **kwargs: Any) -> Any:
        denoiser = self._denoiser
        if denoiser is None:
            return self._forward(x, sigma, *args, **kwargs)
        number = denoiser.step
        moment = moment_of(denoiser, self._calls_a_step)
        scale = host.guidance_scale(denoiser, kwargs["cond_scale"])
        evaluation = Evaluation(denoiser, number, moment, x, sigma, scale, kwargs["image_cond"])
        for move in self._moves if number % self._calls_a_step == 0 else ():
            move(evaluation)
        if self._draw is not None and not host.is_cancelled():
            outputs = self._draw(evaluation)
            host.show_latents(denoiser, host.space_of(denoiser).denoised(outputs[0], x, sigma))
            denoiser.step += 1
            if evaluation.kinds > 1:
                denoiser.last_noise_uncond = outputs[1]
            return outputs[0]
        skips = self._is_covered(evaluation)
        with without_forward(host.unet_of(host.model()), x.shape[1]) if skips else nullcontext():
            output = self._forward(x, sigma, *args, **kwargs)
        has_uncond = evaluation.kinds > 1
        outputs = torch.stack([output, denoiser.last_noise_uncond]) if has_uncond else output[None]
        for stage in self._stages:
            outputs = stage(evaluation, outputs)
        if skips:
            self.skipped += 1
            host.show_latents(denoiser, host.space_of(denoiser).denoised(outputs[0], x, sigma))
        if has_uncond:
            denoiser.last_noise_uncond = outputs[1]
        return outputs[0]

    def _is_covered(self, evaluation: Evaluation) -> bool:
        """Whether nothing of the pictures' own outputs is taken, in any cell of any picture."""
        if host.is_cancelled():
            return False
        cells = torch.zeros(len(evaluation.x), *evaluation.x.shape[-2:], dtype=torch.bool)
        for cover in self._covers:
            covered = cover(evaluation)
            if covered is not None:
                cells |= covered
        return bool(cells.all())
