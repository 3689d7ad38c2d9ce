"""GLIGEN in the WebUI: the user's weights file, and the things of a batch's pictures in the first steps of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from lib_rpg.checks import refuse
from lib_rpg.errors import RpgError
from lib_rpg.files import show_path
from lib_rpg.layout.things import things
from lib_rpg.plan_checks import Box
from lib_rpg.regional.binding import Moment
from lib_rpg.regional.gligen import MAX_BOXES, NO_BOXES, Gligen, Grounding, acts_in
from lib_rpg.regional.gligen_files import SUFFIXES, read_gligen
from lib_rpg.webui import controlnet, settings
from lib_rpg.webui.conditioning import split_tags
from lib_rpg.webui.crops import boxes_in
from lib_rpg.webui.denoised import calls_a_step, moment_of
from lib_rpg.webui.host import Processing, Step, host
from lib_rpg.webui.pictures import Picture

KEY = "RPG GLIGEN"
"""The infotext's key of the weights' name."""
_OFF = "set gligen to 0"


class GligenWeights:
    """GLIGEN's weights from the file that Settings name, read once in a generation and let go with it."""

    def __init__(self) -> None:
        self._read: tuple[Path, Mapping[str, Tensor]] | None = None

    def read(self, unet: nn.Module) -> tuple[str, Mapping[str, Tensor]]:
        """The file's name without its ending, and the weights as `read_gligen` gives them.

        Raises RpgError where there is no file, or it is not GLIGEN's for this UNet.
        """
        path = weights_file(settings.gligen_weights())
        if self._read is None or self._read[0] != path:
            self._read = path, read_gligen(path, unet)
        return path.stem, self._read[1]

    def close(self) -> None:
        """Let them go; they can be read again."""
        self._read = None


def weights_file(path: Path) -> Path:
    """The file with weights: the path itself, or the only one in the folder. Raises RpgError where there is none."""
    place = f"GLIGEN in {show_path(path)}"
    advice = "put GLIGEN's weights for boxes with texts there, or name the file in Settings, RPG regions"
    try:
        if path.is_file():
            return path
        found = sorted(each for each in path.iterdir() if each.suffix.lower() in SUFFIXES and each.is_file())
    except (OSError, ValueError):
        refuse(place, "there is no such file or folder", advice)
    if not found:
        refuse(place, "there is no weights file", advice)
    if len(found) > 1:
        refuse(place, f"there are {len(found)} weights files", "name one of them in Settings, RPG regions")
    return found[0]


class PhrasesInBoxes:
    """What GLIGEN is told of a picture: for each box of a thing its phrase, and the box in what is sampled.

    Raises RpgError for more boxes than GLIGEN takes.
    """

    def __init__(self, p: Processing, picture: Picture) -> None:
        self.share = picture.plan.gligen if picture.acting else 0.0
        """The share of the steps in which they act; 0 where there are none."""
        found: list[tuple[str, Box]] = []
        for thing in things(picture.plan) if self.share else ():
            words = host.scheduled_texts(p, split_tags(thing.phrase)[0])[0][1].strip()  # in the first steps
            found += [(words, box) for box in boxes_in(thing.boxes, picture.window) if words]
        sides = torch.tensor([box for _, box in found], dtype=torch.float64).view(-1, 4)
        corners = torch.cat([sides[:, :2], sides[:, :2] + sides[:, 2:]], 1).float().clamp(0, 1)
        # At the edge of a part of the canvas, what is left of a box may be thinner than float32 tells.
        wide = (corners[:, 0] < corners[:, 2]) & (corners[:, 1] < corners[:, 3])
        self.boxes = corners[wide]
        """Float32 (N, 4): left, top, right, bottom in fractions."""
        self.phrases = [words for (words, _), kept in zip(found, wide.tolist(), strict=True) if kept]
        if len(self.phrases) > MAX_BOXES:
            count = f"the plan has {len(self.phrases)} things in boxes, and GLIGEN takes {MAX_BOXES}"
            refuse("gligen", count, f"name fewer of them, or {_OFF}")
        if not self.phrases:
            self.share = 0.0

    def grounding(self) -> Grounding:
        """With the phrases as the loaded checkpoint's text encoder reads them. Raises RpgError as that does."""
        return Grounding(self.boxes, host.phrase_embeddings(host.model(), self.phrases))


class GroundedSampling:
    """GLIGEN in one sampling run: the boxes of each picture's own rows, from the first step to the end of its share.

    It is on one UNet at a time, from `attach` to `detach`; behind the last step in which it acts, it is on none. A
    checkpoint that takes the place of the first, a refiner, goes on with it, or without where it is none of SD 1.x.
    """

    def __init__(
        self, p: Processing, pictures: Sequence[Picture], weights: GligenWeights, warn: Callable[[str], None]
    ) -> None:
        """``warn`` is told where GLIGEN ends early. Raises RpgError for more boxes than GLIGEN takes."""
        self._p: Processing | None = p
        self._pictures = [PhrasesInBoxes(p, picture) for picture in pictures]
        self._weights = weights
        self._warn = warn
        self._is_first = True
        self._is_over = not self
        self._gligen: Gligen | None = None
        self._rows: list[Grounding] = []
        self._name = ""

    def __bool__(self) -> bool:
        return any(picture.share for picture in self._pictures)

    def summary(self) -> str:
        """What is grounded, in words: "3 boxes by GLIGEN (gligen_sd14)"; empty where GLIGEN is on no UNet."""
        if self._gligen is None:
            return ""
        count = max(len(picture.phrases) for picture in self._pictures)
        return f"{count} {'box' if count == 1 else 'boxes'} by GLIGEN ({self._name})"

    def attach(self, unet: nn.Module) -> None:
        """Put GLIGEN on the loaded checkpoint's UNet, where a step is left in which it acts.

        Raises RpgError, with nothing left on the UNet, for the first checkpoint where its weights cannot be had or are
        not for it. For another one, that is a warning.
        """
        p = self._p
        if p is None or self._is_over:
            return
        try:
            self._attach(p, unet)
        except RpgError as error:
            if self._is_first:
                raise
            self._is_over = True
            self._warn(f"GLIGEN ends where the checkpoint changes: {error}")
        self._is_first = False

    def begin_step(self, denoiser: Any, sub_prompts: Sequence[int], step: Step, size: tuple[int, int]) -> None:
        """Say what the rows of the step's UNet calls are.

        sub_prompts: of each picture of the batch, whose rows come first; then come those of the negative prompts. size:
        height and width of the latents.
        """
        moment = moment_of(denoiser, calls_a_step(denoiser.sampler))
        on = [acts_in(picture.share, moment) for picture in self._pictures]
        if not any(on):
            self._is_over = True
            self.detach()
        if self._gligen is None:
            return
        positive = [number for number, count in enumerate(sub_prompts) for _ in range(count)]
        given: list[Grounding | None] = [self._rows[number] if on[number] else None for number in positive]
        left = (number % len(on) for number in range(step.rows - len(positive)))
        self._gligen.set_rows(
            [*given, *(NO_BOXES if on[number] else None for number in left)], moment, size, step.order
        )

    def begin_pass(self, rows: int, size: tuple[int, int]) -> None:
        """A pass of so many rows begins in which GLIGEN does not act: an object's own, or one that reads attention."""
        if self._gligen is not None:
            self._gligen.set_rows([None] * rows, Moment(0, 1), size)

    def detach(self) -> None:
        """Take GLIGEN off the UNet; may be called any number of times."""
        if self._gligen is not None:
            self._gligen.close()
        self._gligen, self._rows = None, []

    def close(self) -> None:
        """Take GLIGEN off for good, and let go of the generation; may be called any number of times."""
        self.detach()
        self._p, self._is_over = None, True

    def _attach(self, p: Processing, unet: nn.Module) -> None:
        rows = [picture.grounding() if picture.share else NO_BOXES for picture in self._pictures]
        name, weights = self._weights.read(unet)
        # Which steps are within its share is each picture's own.
        gligen = Gligen(unet, weights, share=1.0, is_other_picture=controlnet.reference_pass(p))
        self._gligen, self._rows, self._name = gligen, rows, name
        p.extra_generation_params[KEY] = name
