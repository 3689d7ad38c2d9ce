"""Attention guidance: before a step, the latents are moved so that words attend to the boxes of what they name.

LMD's guidance, backward guidance and BoxDiff (reference/rag-and-lmd.md B.2, B.3 and B.6). They are written for DDIM and
variance-preserving latents z, which an update moves by a coefficient times the gradient. The latents of a sampler are
x = f * z (`Space.vp_factor`), so that with the gradient by x the same update is

    x <- x - f^2 * scale * c * grad_x E,   c = sqrt(1 - a) = s / sqrt(1 + s^2) for LMD and backward guidance,
                                           c = sqrt(1 - progress / 2) for BoxDiff
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor, nn

from lib_rpg.checks import check_choice, refuse
from lib_rpg.regional.attention_maps import AttentionMaps, boxdiff_layers, lmd_layers
from lib_rpg.regional.binding import Moment
from lib_rpg.regional.energies import Maps, Saved, Thing, boxdiff_energy, lmd_energy, ratio_energy, reference_energy
from lib_rpg.regional.spaces import Space

Schedule = tuple[tuple[float, int], ...]
"""Pairs of a sigma and the most updates of a step above it, the highest sigma first; none below the last."""

_LOSS_SCALE = 256.0
"""Keeps small gradients in half precision from becoming 0."""
_LARGEST_STEP = 0.3
"""The largest root mean square of an update, in sigmas."""


class ChooseLayers(Protocol):
    """The names of a UNet's layers that an energy reads, as `lmd_layers`."""

    def __call__(self, unet: nn.Module, *, few: bool) -> list[str]:
        """few: as few as make sense, for little memory."""
        ...


@dataclass(frozen=True)
class Method:
    """One kind of guidance.

    scale: of the gradient. threshold: of the energy, at or below which latents are left alone.
    coefficient: c above, from sigmas (B,) and the share 0 to 1 of the steps that are behind.
    """

    energy: Callable[[Maps, Sequence[Thing]], Tensor]
    layers: ChooseLayers
    schedule: Schedule
    scale: float
    threshold: float
    coefficient: Callable[[Tensor, float], Tensor]

    def updates(self, sigma: float) -> int:
        """The most updates of a step at that sigma."""
        return next((count for above, count in self.schedule if sigma > above), 0)


def _noise_share(sigma: Tensor, _progress: float) -> Tensor:
    return sigma / (1 + sigma * sigma).sqrt()


def _falling(sigma: Tensor, progress: float) -> Tensor:
    return torch.full_like(sigma, 1 - progress / 2).sqrt()


# The sigmas part 50 DDIM steps of SD 1.x as the papers' code parts them by number: at 5, 10, 20 and 30, at 10, at 25.
_METHODS = {
    "lmd": Method(lmd_energy, lmd_layers, ((8.3, 4), (5.1, 3), (2.29, 2), (1.16, 1)), 5.0, 5.0, _noise_share),
    "backward": Method(ratio_energy, lmd_layers, ((5.1, 5),), 30.0, 0.2, _noise_share),
    "boxdiff": Method(boxdiff_energy, boxdiff_layers, ((1.62, 1),), 20.0, 0.0, _falling),
}
_FAST: dict[str, Schedule] = {"lmd": ((2.29, 1),), "backward": ((5.1, 1),), "boxdiff": ((2.29, 1),)}
METHODS = tuple(_METHODS)
PRESETS = ("standard", "fast")


def guidance_method(name: str, preset: str = "standard", *, cut_offs: float = 1.0, strength: float = 1.0) -> Method:
    """One of `METHODS` with the schedule of one of `PRESETS`.

    standard: the papers' number of updates. fast: at most one a step, in fewer steps.
    cut_offs: what the schedule's sigmas are multiplied by; they are those of SD 1.x at 512 x 512, and about 2 suits
    SDXL at 1024 x 1024 (B.6, a rule of thumb). strength: what the method's own scale is multiplied by.
    Raises RpgError for an unknown name or preset.
    """
    method = _METHODS[check_choice(name, "attention guidance", METHODS)]
    chosen = check_choice(preset, "preset of the attention guidance", PRESETS)
    schedule = method.schedule if chosen == "standard" else _FAST[name]
    scaled = tuple((cut_offs * sigma, count) for sigma, count in schedule)
    return replace(method, schedule=scaled, scale=strength * method.scale)


class Memory(NamedTuple):
    """How the gradient is computed. sentence: what is said when it comes to that."""

    name: str
    checkpointed: bool
    few: bool
    sentence: str


MEMORY = (
    Memory("plain", False, False, ""),
    Memory(
        "checkpointed",
        True,
        False,
        "Attention guidance: there is too little memory to keep the UNet's activations, so they are computed twice, "
        "which takes longer",
    ),
    Memory(
        "fewer layers",
        True,
        True,
        "Attention guidance: there is still too little memory, so it reads fewer of the UNet's layers",
    ),
)
"""The ways to compute it, each for less memory than the one before."""
_OFF = (
    "Attention guidance: there is too little memory for it, so it is off for the rest of this picture; make the "
    "picture smaller, or turn the guidance off"
)
_NOT_FINITE = "Attention guidance: an update was not finite and was left out, as are others like it"


class Guidance:
    """The guidance of a batch through one sampling run. It holds nothing on the UNet between two calls of `guide`.

    Where memory runs out it goes on with less: activations computed again, then also fewer layers, then not at all
    until the end of the run. Each is said once, and none is an error.
    """

    def __init__(
        self,
        unet: nn.Module,
        things: Sequence[Sequence[Thing]],
        method: Method,
        space: Space,
        warn: Callable[[str], Any],
        *,
        stop_early: bool = True,
        is_other_picture: Callable[[], bool] = lambda: False,
    ) -> None:
        """things: for each picture of the batch, none for a picture that is not guided. space: of its sampler.

        warn: gets a sentence for the user. stop_early, is_other_picture: see `AttentionMaps`; without stopping early
        the result is the same, and takes longer.
        Raises RpgError for a UNet without layers to read.
        """
        self.energies: list[float | None] = [None] * len(things)
        """Of each picture, as it was last evaluated."""
        self.things = things
        """As given; others may be put here between two steps, as of a prompt with a schedule, for as many pictures."""
        self._unet = unet
        self._method = method
        self._space = space
        self._warn = warn
        self._options: dict[str, Any] = {"stop_early": stop_early, "is_other_picture": is_other_picture}
        self._layers = method.layers(unet, few=False)
        self._few = method.layers(unet, few=True)
        self._rung = 0
        self._is_finite = True

    @property
    def is_off(self) -> bool:
        """Whether memory has run out for good."""
        return self._rung == len(MEMORY)

    def guide(
        self,
        x: Tensor,
        level: Tensor,
        moment: Moment,
        run: Callable[[Tensor], Any],
        saved: Sequence[Saved | None] | None = None,
    ) -> int:
        """Move the sampler's own latents in place, before a step; gives the number of updates.

        Of a step of two evaluations only the first has the latents that the sampler goes on with. A picture whose
        energy is at or below the method's threshold is left alone, and looked at again in the next step.

        x: (B, C, H, W), as the sampler has them. level: (B,), its sigmas or timesteps.
        run: calls the UNet once on latents like x, with one row of the prompt for each picture and in their order; it
        may be called any number of times.
        saved: for each picture what `reference_energy` compares with, by `layers`; None where there is nothing.
        Raises RpgError where the UNet is called with other rows, or gives no maps or gradient.
        """
        sigmas = self._space.sigma(level).tolist()
        most = [self._method.updates(sigma) if things else 0 for sigma, things in zip(sigmas, self.things, strict=True)]
        for number in range(max(most, default=0)):
            due = [picture for picture, count in enumerate(most) if number < count]
            gradient = self._gradient(x, run, due, saved)
            if gradient is None:
                return number
            self._move(x, level, moment, gradient)
        return max(most, default=0)

    @property
    def layers(self) -> list[str]:
        """The names of the layers that are read, in the order of saved maps; with little memory some of them."""
        return self._layers

    def _gradient(
        self, x: Tensor, run: Callable[[Tensor], Any], due: Sequence[int], saved: Sequence[Saved | None] | None
    ) -> Tensor | None:
        """The gradient of the due pictures' energies; None where all are at rest, or memory has run out for good."""
        while not self.is_off:
            memory = MEMORY[self._rung]
            names = self._few if memory.few else self._layers

            def energy(maps: list[Tensor], names: list[str] = names) -> Tensor | None:
                return self._energy(maps, names, due, saved)

            try:
                with AttentionMaps(self._unet, names, checkpointed=memory.checkpointed, **self._options) as reader:
                    gradient = reader.gradient(run, x, energy)
                wide = torch.promote_types(x.dtype, torch.float32)
                return None if gradient is None else gradient.to(wide) / _LOSS_SCALE
            except RuntimeError as error:
                if not _is_out_of_memory(error):
                    raise
            # Here, where the error holds no tensors any more.
            self._step_down()
        return None

    def _energy(
        self, maps: list[Tensor], names: list[str], due: Sequence[int], saved: Sequence[Saved | None] | None
    ) -> Tensor | None:
        """The scaled sum of the energies above the threshold; None where there is none."""
        if len(maps[0]) != len(self.things):
            rows = f"the UNet was called with {len(maps[0])} rows for {len(self.things)} pictures"
            refuse("attention guidance", rows, "turn it off, or what adds prompts to a picture")
        energies = []
        for picture in due:
            own, things = [layer[picture] for layer in maps], self.things[picture]
            value = self._method.energy(own, things)
            if saved is not None and (then := saved[picture]) is not None:
                value = value + reference_energy(own, things, self._of_layers(then, names))
            energies.append(value)
        above = []
        for picture, energy, value in zip(due, energies, torch.stack(energies).tolist(), strict=True):
            self.energies[picture] = value
            if not value <= self._method.threshold:  # NaN is for `_move` to tell
                above.append(energy)
        return _LOSS_SCALE * torch.stack(above).sum() if above else None

    def _of_layers(self, saved: Saved, names: Sequence[str]) -> Saved:
        numbers = [self._layers.index(name) for name in names]
        return [[[of_layers[n] for n in numbers] for of_layers in of_boxes] for of_boxes in saved]

    @torch.no_grad()
    def _move(self, x: Tensor, level: Tensor, moment: Moment, gradient: Tensor) -> None:
        sigma = self._space.sigma(level).to(gradient)
        factor = self._space.vp_factor(level).to(gradient)
        coefficient = self._method.coefficient(sigma, moment.step / max(moment.steps - 1, 1))
        step = (factor * factor * self._method.scale * coefficient)[:, None, None, None] * gradient
        largest = _LARGEST_STEP * sigma * factor / (1 + sigma * sigma).sqrt()
        size = step.square().mean((1, 2, 3)).sqrt()
        step = step * (largest / size.clamp_min(torch.finfo(size.dtype).tiny)).clamp_max(1)[:, None, None, None]
        is_finite = step.isfinite().flatten(1).all(1)
        x.copy_(torch.where(is_finite[:, None, None, None], x - step, x))
        if self._is_finite and not is_finite.all():
            self._is_finite = False
            self._warn(_NOT_FINITE)

    def _step_down(self) -> None:
        self._rung += 1
        self._warn(_OFF if self.is_off else MEMORY[self._rung].sentence)
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _is_out_of_memory(error: RuntimeError) -> bool:
    """Whether it is one in the words of torch's devices, of its CPU, or of the WebUI's attention."""
    if isinstance(error, torch.cuda.OutOfMemoryError):
        return True
    text = str(error).lower()
    return any(words in text for words in ("out of memory", "not enough memory", "can't allocate memory"))
