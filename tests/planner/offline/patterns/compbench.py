"""T2I-CompBench's patterns: colour, shape, texture, places on the plane, numbers, and deeds without a place."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from tests.planner.offline.patterns import words
from tests.planner.offline.patterns.stated import (
    EACH,
    Draw,
    Drawn,
    Truth,
    aside,
    bound,
    own,
    pair,
    placed,
    plural,
    said,
    thing,
    with_article,
)

_PLACES = {
    "on the left of": ("left_of", False),
    "on the right of": ("left_of", True),
    "on the top of": ("on", False),
    "on the bottom of": ("on", True),
    "next to": ("beside", False),
    "near": ("beside", False),
    "on side of": ("beside", False),
}
_OBJECTS = (*words.BEINGS, *words.THINGS)


def _colours(rng: random.Random, index: int) -> Drawn:
    things = list(zip(rng.sample(words.MORE_COLOURS, 2), rng.sample(words.COLOURED, 2), strict=True))
    return pair(things), bound(things), []


def _captions(rng: random.Random, index: int) -> Drawn:
    """One of `words.CAPTIONS` with its colours."""
    told, things, scene = rng.choice(words.CAPTIONS)
    colours = rng.sample(words.COLOURS, 3)

    def of(spec: str, make: Callable[..., Truth]) -> Truth:
        name, _, worn = spec.partition("=")  # "boy=jacket:0": the boy's jacket has the first colour
        noun, _, colour = (worn or name).partition(":")
        likes = [said(colours[int(colour)], noun)] if colour else []
        return make(name.partition(":")[0], has=likes)

    stated = [of(spec, thing) for spec in things.split()] + [of(spec, aside) for spec in scene.split()]
    return told.format(*colours), stated, []


def _attributed(table: dict[str, str]) -> Callable[[random.Random], list[tuple[str, str]]]:
    """Draws two attributes of a table, each with a thing that has it; the things differ."""

    def draw(rng: random.Random) -> list[tuple[str, str]]:
        while True:
            likes = rng.sample(list(table), 2)
            one, two = (rng.choice(table[like].split()).replace("_", " ") for like in likes)
            if one not in two and two not in one:
                return list(zip(likes, (one, two), strict=True))

    return draw


_shaped, _made = _attributed(words.SHAPED), _attributed(words.MADE_OF)


def _shapes(rng: random.Random, index: int) -> Drawn:
    things = _shaped(rng)
    return pair(things), bound(things), []


def _textures(rng: random.Random, index: int) -> Drawn:
    things = _made(rng)
    return pair(things), bound(things), []


def _shapes_in_sentences(rng: random.Random, index: int) -> Drawn:
    """ "The oval mirror and the square box stood side by side on the shelf."."""
    things = _shaped(rng)
    where, nouns = rng.choice(list(words.WHEREABOUTS.items()))
    (one, first), (two, second) = things
    prompt = f"The {one} {first} and the {two} {second} {where}."
    return prompt, [*own(things), *map(aside, nouns.split())], []


def _textures_in_sentences(rng: random.Random, index: int) -> Drawn:
    """ "The glass jar and wooden spoon hold the metallic coins on the plastic counter."."""
    deed, nouns = rng.choice(list(words.DO.items()))
    while True:
        things = _made(rng)
        if not any(noun in name for noun in nouns.split() for _, name in things):
            break
    likes = rng.sample(list(words.MADE_OF), 2)
    (one, first), (two, second) = things
    prompt = f"The {one} {first} and {two} {second} {deed.format(*likes)}."
    asides = [aside(noun, [said(like, noun)]) for like, noun in zip(likes, nouns.split(), strict=True)]
    return prompt, [*own(things, deed.split()[0]), *asides], []


def _spatial(rng: random.Random, index: int) -> Drawn:
    told, things, order = placed(rng, _OBJECTS, _PLACES)
    return told.format(*(f"a {one['id']}" for one in things)), things, order


def _some(rng: random.Random, kinds: int, most: int, but: str = "") -> tuple[list[str], list[Truth]]:
    """So many kinds of things, up to so many of each: their words, such as "two chairs", and their truths."""
    names = rng.sample([name for name in _OBJECTS if name not in but.split()], kinds)
    counts = [rng.randint(1, most) for _ in names]
    told = [f"{words.NUMBERS[n]} {name if n == 1 else plural(name)}" for n, name in zip(counts, names, strict=True)]
    return told, [thing(name, n) for n, name in zip(counts, names, strict=True)]


def _numbers(least: int, largest: int, most: int) -> Draw:
    """A list of so many kinds: "two chairs, one dog and four apples"."""

    def draw(rng: random.Random, index: int) -> Drawn:
        told, things = _some(rng, rng.randint(least, largest), most)
        return " and ".join(part for part in (", ".join(told[:-1]), told[-1]) if part), things, []

    return draw


def _numbers_that_did(rng: random.Random, index: int) -> Drawn:
    """ "five sheep rested in the shade", and every second: "three ducks circled two boats"."""
    told, things = _some(rng, 1 + index % 2, 4)
    if len(told) == 2:
        return f"{told[0]} {rng.choice(words.DID_TO)} {told[1]}", things, []
    deed, nouns = rng.choice(list(words.DID.items()))
    return f"{told[0]} {deed}", [*things, *map(aside, nouns.split())], []


def _numbers_at_a_place(rng: random.Random, index: int) -> Drawn:
    """ "a chair, two dogs, and four apples were on the kitchen table"."""
    where, nouns = rng.choice(list(words.LISTED_AT.items()))
    told, things = _some(rng, rng.randint(3, 5), 4, but=nouns)
    told = [with_article(phrase[4:]) if phrase.startswith("one ") else phrase for phrase in told]
    return f"{', '.join(told[:-1])}, and {told[-1]} {where}", [*things, *map(aside, nouns.split())], []


def _doing(subjects: dict[str, str], deeds: Sequence[tuple[str, str, str]], count: int | None = 1) -> Draw:
    """Someone does something, as nothing is said of places: "A chef is cooking in a kitchen."."""

    def draw(rng: random.Random, index: int) -> Drawn:
        subject, nouns = rng.choice(list(subjects.items()))
        deed, forms, scene = rng.choice(deeds)
        who: dict[str, Any] = {**thing(nouns, count, forms.split()), "nouns": nouns.split()}
        return f"{subject} {deed}.", [who, *map(aside, scene.split())], []

    return draw


COMPBENCH: dict[str, tuple[Draw, int]] = {
    "CompBench color": (_colours, EACH),
    "CompBench color, captions": (_captions, EACH // 2),
    "CompBench shape": (_shapes, EACH),
    "CompBench shape, sentences": (_shapes_in_sentences, EACH // 2),
    "CompBench texture": (_textures, EACH),
    "CompBench texture, sentences": (_textures_in_sentences, EACH // 2),
    "CompBench spatial": (_spatial, 2 * EACH),
    "CompBench numeracy, one kind": (_numbers(1, 1, 8), EACH),
    "CompBench numeracy, two kinds": (_numbers(2, 2, 4), EACH),
    "CompBench numeracy, more kinds": (_numbers(3, 5, 4), EACH),
    "CompBench numeracy, with a verb": (_numbers_that_did, EACH // 2),
    "CompBench numeracy, at a place": (_numbers_at_a_place, EACH // 2),
    "CompBench non-spatial, a person": (_doing(words.PEOPLE, words.PERSON_DOES), EACH),
    "CompBench non-spatial, past": (_doing(words.PEOPLE, words.PERSON_DID), EACH // 2),
    "CompBench non-spatial, an animal": (_doing(words.ANIMALS, words.ANIMAL_DOES), EACH // 2),
    "CompBench non-spatial, a group": (_doing(words.COMPANIES, words.COMPANY_DOES, None), EACH // 2),
}
