"""Attention guidance in the WebUI: which words of a prompt are led into which boxes, and the move before each step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor

from lib_rpg.checks import quantity, refuse
from lib_rpg.layout.things import things
from lib_rpg.plan import Plan
from lib_rpg.regional.energies import Saved, Thing
from lib_rpg.regional.guidance import Guidance, Method, guidance_method
from lib_rpg.webui.attached import AttachedRegions, OwnText
from lib_rpg.webui.conditioning import entry_at, split_tags
from lib_rpg.webui.controlnet import unmarked
from lib_rpg.webui.crops import boxes_in
from lib_rpg.webui.denoised import Evaluation
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.phrases import phrase_places
from lib_rpg.webui.pictures import Picture

_NATIVE_SIDE = 512
"""Pixels of a side that the schedules' sigmas are for (reference/rag-and-lmd.md B.6)."""

Steps = Sequence[tuple[int, tuple[Thing, ...]]]
"""The last step of each part of a schedule, and the things in it."""


class GuidedThings:
    """The things of a batch's pictures in each step of the first pass, by the tokens of the picture's own prompt.

    ``warn`` is told of things that the prompt does not name: they are not guided.
    """

    def __init__(self, p: Processing, pictures: Sequence[Picture], warn: Callable[[str], None]) -> None:
        self._phrases: dict[tuple[int, tuple[int, ...]], str] = {}
        self._steps = [self._of(p, picture, warn) if picture.guided else () for picture in pictures]

    def __len__(self) -> int:
        """How many pictures there are, with those that have none."""
        return len(self._steps)

    def __bool__(self) -> bool:
        return any(found for steps in self._steps for _, found in steps)

    @property
    def count(self) -> int:
        """The most things that a picture has."""
        return max((len(found) for steps in self._steps for _, found in steps), default=0)

    def at(self, picture: int, step: int) -> tuple[Thing, ...]:
        """The things of a picture at a sampler step (from 0)."""
        steps = self._steps[picture] if picture < len(self._steps) else ()
        return steps[entry_at((end for end, _ in steps), step)][1] if steps else ()

    def phrase_of(self, picture: int, thing: Thing) -> str:
        """The plan's words for a thing of a picture, in lower case."""
        return self._phrases[picture, thing.tokens]

    def _of(self, p: Processing, picture: Picture, warn: Callable[[str], None]) -> Steps:
        named = things(picture.plan)
        boxes = [boxes_in(thing.boxes, picture.window) for thing in named]
        phrases = [split_tags(thing.phrase)[0] for thing in named]
        steps: list[tuple[int, tuple[Thing, ...]]] = []
        missing = set(range(len(named)))
        for end, text in host.scheduled_texts(p, split_tags(p.prompts[picture.number])[0]):
            places = phrase_places(text, phrases)
            missing -= {number for number, found in enumerate(places) if found}
            for thing, found in zip(named, places, strict=True):
                self._phrases[picture.number, found] = thing.phrase.lower()
            pairs = zip(places, boxes, strict=True)
            steps.append((end, tuple(Thing(found, inside) for found, inside in pairs if found and inside)))
        for number in sorted(missing):
            warn(
                f"regions[{named[number].region}]: the base prompt does not name '{phrases[number]}', "
                "so that it is not guided; write it there"
            )
        return steps


class GuidedSampling:
    """Moves the latents of a batch's pictures before the steps of one sampling run.

    A checkpoint that is put in the place of the first one, a refiner, is not guided. Raises RpgError where there are no
    gradients.
    """

    def __init__(
        self,
        p: Processing,
        pictures: Sequence[Picture],
        things: GuidedThings,
        attached: Callable[[], AttachedRegions],
        warn: Callable[[str], None],
        saved: Callable[[int], Sequence[Saved | None]] | None = None,
    ) -> None:
        """``saved`` gives what LMD's energy compares the pictures with in an evaluation, if there is anything."""
        plan = next(picture.plan for picture in pictures if picture.plan.moves_latents)
        method = method_of(plan)
        self._unet = host.unet_of(host.model())
        self._saved = saved
        self._things = things
        self._pictures = len(pictures)
        self._attached = attached
        first = [things.at(number, 0) for number in range(len(pictures))]
        self._guidance = Guidance(self._unet, first, method, host.space_of(p.sampler.model_wrap_cfg), warn)
        self._name = plan.guidance

    def summary(self) -> str:
        """What is guided, in words: "3 things guided (lmd)"."""
        return f"{quantity(self._things.count, 'thing')} guided ({self._name})"

    def __call__(self, evaluation: Evaluation) -> None:
        """As `lib_rpg.webui.denoised.Move`."""
        if host.is_cancelled() or not host.is_unet_of(host.model(), self._unet):
            return
        attached, denoiser, step = self._attached(), evaluation.denoiser, evaluation.number
        self._guidance.things = [self._things.at(number, step) for number in range(self._pictures)]
        texts = [OwnText(_cond_at(denoiser, number, step), None) for number in range(self._pictures)]
        if len({text.length for text in texts}) > 1:
            refuse("guidance", "the prompts of the batch are of different lengths", "draw them one by one")

        def run(x: Tensor) -> Tensor:
            return attached.run_alone(denoiser, x, evaluation.level, texts, evaluation.image_cond)

        self._guidance.guide(
            evaluation.x, evaluation.level, evaluation.moment, run, self._saved(step) if self._saved else None
        )


def method_of(plan: Plan) -> Method:
    """How a plan's guidance moves latents on the loaded checkpoint. Raises RpgError where there are no gradients."""
    model = host.model()
    if obstacle := host.gradient_obstacle(model):
        refuse("guidance", f"{obstacle}, so that there are no gradients", "use the guidance 'bias', or 'off'")
    return guidance_method(
        plan.guidance,
        plan.guidance_schedule,
        cut_offs=max(host.native_side(model) / _NATIVE_SIDE, 1.0),
        strength=plan.guidance_scale,
    )


def _cond_at(denoiser: Any, picture: int, step: int) -> Any:
    """What the first sub-prompt of a picture's prompt is encoded to at a sampler step."""
    schedule = denoiser.sampler.sampler_extra_args["cond"].batch[picture][0].schedules
    return unmarked(schedule[entry_at((entry.end_at_step for entry in schedule), step)].cond)
