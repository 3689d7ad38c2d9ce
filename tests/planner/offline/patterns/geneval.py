"""GenEval's six patterns, with the names of COCO."""

from __future__ import annotations

import random

from tests.planner.offline.patterns.stated import (
    EACH,
    Draw,
    Drawn,
    bound,
    odd_plural,
    pair,
    placed,
    thing,
    with_article,
)
from tests.planner.offline.patterns.words import COCO, COLOURS, NUMBERS

_PLACES = {
    "left of": ("left_of", False),
    "right of": ("left_of", True),
    "above": ("above", False),
    "below": ("above", True),
}


def _single(rng: random.Random, index: int) -> Drawn:
    name = COCO[index % len(COCO)]
    return f"a photo of {with_article(name)}", [thing(name)], []


def _two(rng: random.Random, index: int) -> Drawn:
    one, two = rng.sample(COCO, 2)
    return f"a photo of {with_article(one)} and {with_article(two)}", [thing(one), thing(two)], []


def _counting(rng: random.Random, index: int) -> Drawn:
    name, count = rng.choice(COCO), rng.randint(2, 4)
    return f"a photo of {NUMBERS[count]} {odd_plural(name)}", [thing(name, count)], []


def _colours(rng: random.Random, index: int) -> Drawn:
    colour, name = rng.choice(COLOURS), rng.choice(COCO[1:])
    return f"a photo of {with_article(f'{colour} {name}')}", [thing(name, has=[colour])], []


def _position(rng: random.Random, index: int) -> Drawn:
    words, things, order = placed(rng, COCO, _PLACES)
    return "a photo of " + words.format(*(with_article(one["id"]) for one in things)), things, order


def _attribution(rng: random.Random, index: int) -> Drawn:
    things = list(zip(rng.sample(COLOURS, 2), rng.sample(COCO[1:], 2), strict=True))
    return f"a photo of {pair(things)}", bound(things), []


GENEVAL: dict[str, tuple[Draw, int]] = {
    "GenEval single object": (_single, len(COCO)),
    "GenEval two objects": (_two, EACH),
    "GenEval counting": (_counting, EACH),
    "GenEval colors": (_colours, EACH),
    "GenEval position": (_position, EACH),
    "GenEval color attribution": (_attribution, EACH),
}
