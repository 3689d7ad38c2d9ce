"""Which words of each picture's prompt attention guidance leads into which boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lib_rpg.layout.things import things
from lib_rpg.layout.weights import Window
from lib_rpg.plan_checks import Box
from lib_rpg.regional.attention_bias import Thing
from lib_rpg.webui.conditioning import split_tags
from lib_rpg.webui.crops import overlaps
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.phrases import phrase_places
from lib_rpg.webui.pictures import Picture

Steps = Sequence[tuple[int, tuple[Thing, ...]]]
"""The last step of each part of a schedule, and the things in it."""


class GuidedThings:
    """The things of a batch's pictures in each step of the first pass, by the tokens of the picture's own prompt.

    ``warn`` is told of things that the prompt does not name: they are not guided.
    """

    def __init__(self, p: Processing, pictures: Sequence[Picture], warn: Callable[[str], None]) -> None:
        self._steps = [self._of(p, picture, warn) if picture.guided else () for picture in pictures]

    def __bool__(self) -> bool:
        return any(found for steps in self._steps for _, found in steps)

    @property
    def count(self) -> int:
        """The most things that a picture has."""
        return max((len(found) for steps in self._steps for _, found in steps), default=0)

    def at(self, picture: int, step: int) -> tuple[Thing, ...]:
        """The things of a picture at a sampler step (from 0)."""
        steps = self._steps[picture]
        return next((found for end, found in steps if step <= end), steps[-1][1] if steps else ())

    def _of(self, p: Processing, picture: Picture, warn: Callable[[str], None]) -> Steps:
        named = things(picture.plan)
        boxes = [_within(thing.boxes, picture.window) for thing in named]
        phrases = [split_tags(thing.phrase)[0] for thing in named]
        steps: list[tuple[int, tuple[Thing, ...]]] = []
        missing = set(range(len(named)))
        for end, text in host.scheduled_texts(p, split_tags(p.prompts[picture.number])[0]):
            places = phrase_places(text, phrases)
            missing -= {number for number, found in enumerate(places) if found}
            pairs = zip(places, boxes, strict=True)
            steps.append((end, tuple(Thing(found, inside) for found, inside in pairs if found and inside)))
        for number in sorted(missing):
            warn(
                f"regions[{named[number].region}]: the base prompt does not name '{phrases[number]}', "
                "so that it is not guided; write it there"
            )
        return steps


def _within(boxes: Sequence[Box], window: Window) -> tuple[Box, ...]:
    """Boxes of the canvas as they are in a part of it; what is beyond its edges is cut off."""
    return tuple(_cut(box, window) for box in boxes if overlaps(box, window))


def _cut(box: Box, window: Window) -> Box:
    sides = []
    for axis in (0, 1):
        low = max((box[axis] - window[axis]) / window[axis + 2], 0.0)
        high = min((box[axis] + box[axis + 2] - window[axis]) / window[axis + 2], 1.0)
        sides.append((low, high - low))
    (x, width), (y, height) = sides
    return x, y, width, height
