"""The attention of objects in their own passes: where the words that name them look, for masks and for guidance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Tensor

from lib_rpg.regional.attention_maps import AttentionMaps, boxdiff_layers, lmd_layers
from lib_rpg.regional.binding import Moment
from lib_rpg.webui.alone import Watch
from lib_rpg.webui.conditioning import entry_at, split_tags
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.objects import Bound
from lib_rpg.webui.phrases import phrase_places

_UNSETTLED = 0.2
"""What is seen in so much of the steps, from the first, counts only as long as nothing later is known: LMD averages
from step 10 of 50 on (reference/rag-and-lmd.md B.2)."""


class OwnAttention:
    """The attention that objects' words have in the objects' own passes of one sampling run.

    Maps are of one resolution, 16 x 16 for SD 1.x at 512 pixels, averaged over heads, words and evaluations so far.
    """

    def __init__(self, p: Processing, objects: Sequence[Bound], *, keeps_words: bool = False) -> None:
        """keeps_words: whether the maps that LMD's guidance compares with are kept, as `kept` gives them."""
        self._places = [_places(p, each) for each in objects]
        self._keeps_words = keeps_words
        self._is_settled = False
        self._sums: dict[int, Tensor] = {}
        self._counts: dict[int, int] = {}
        self._kept: dict[tuple[int, int], list[Tensor]] = {}

    def words(self, number: int, step: int) -> tuple[int, ...]:
        """The places of an object's words among the tokens of its own text, at a sampler step; () for none."""
        steps = self._places[number]
        return steps[entry_at((end for end, _ in steps), step)][1]

    def map(self, number: int) -> Tensor | None:
        """An object's average, (h, w) on the CPU; None where there is none."""
        return self._sums[number] / self._counts[number] if number in self._sums else None

    def kept(self, number: int, evaluation: int) -> list[Tensor] | None:
        """The maps (heads, h, w) of an object's last word in one evaluation, for each of `lmd_layers`."""
        return self._kept.get((number, evaluation))

    def watch(self, moment: Moment, evaluation: int) -> Watch:
        """Reads the calls of an evaluation."""
        if not self._is_settled and moment.step >= _UNSETTLED * moment.steps:
            self._is_settled = True
            self._sums, self._counts = {}, {}

        return partial(self._read, evaluation)

    def _read(self, evaluation: int, rows: Sequence[int | None], call: Callable[[], Tensor]) -> Tensor:
        words = {row: self.words(number, evaluation) for row, number in enumerate(rows) if number is not None}
        if not any(words.values()):
            return call()
        unet = host.unet_of(host.model())
        averaged = boxdiff_layers(unet, few=True)
        guiding = lmd_layers(unet) if self._keeps_words else []
        made: list[Tensor] = []
        names = list(dict.fromkeys([*averaged, *guiding]))
        with AttentionMaps(unet, names) as reader:
            maps = dict(zip(names, reader.read(lambda: made.append(call())), strict=True))
        for row, tokens in words.items():
            number = rows[row]
            if not tokens or number is None:
                continue
            own = torch.stack([maps[name][row][..., list(tokens)].mean((0, 3)) for name in averaged]).mean(0).cpu()
            self._sums[number] = own + self._sums.get(number, torch.zeros_like(own))
            self._counts[number] = self._counts.get(number, 0) + 1
            if guiding:
                self._kept[number, evaluation] = [maps[name][row][..., tokens[-1]].cpu() for name in guiding]
        return made[0]


def _places(p: Processing, each: Bound) -> list[tuple[int, tuple[int, ...]]]:
    """The last step of each part of an object's text, and where its words are in it."""
    phrase = split_tags(each.object.phrase)[0]
    return [(end, phrase_places(text, [phrase])[0]) for end, text in host.scheduled_texts(p, each.positive[1])]
