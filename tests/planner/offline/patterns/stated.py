"""The parts that a pattern's prompt and its truth are made of, in the form that `truth` reads."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from tests.planner.offline.patterns import words

Truth = dict[str, Any]
Drawn = tuple[str, list[Truth], list[list[str]]]
"""A prompt, the truths of its things, and their order."""
Draw = Callable[[random.Random, int], Drawn]
EACH = 100
"""How many prompts of a pattern there are."""


def thing(name: str, count: int | None = 1, has: Sequence[str] = (), no: Sequence[str] = ()) -> Truth:
    """So many of a thing; `has` and `no`: what its regions must and must not say."""
    many = name.removesuffix("s") if name in words.PLURALS else plural(name)
    nouns = dict.fromkeys([name, many, odd_plural(name), odd_plural(name).removesuffix("s")])
    # "a lamps" is no name for one of several lamps.
    odd = [f"a {word}" for word in (plural(name), odd_plural(name)) if count and count > 1 and word != name]
    return {"id": name, "nouns": list(nouns), "count": count, "has": list(has), "not": [*no, *dict.fromkeys(odd)]}


def aside(noun: str, has: Sequence[str] = ()) -> Truth:
    """A thing of the scene, which has a place of its own or is in others' words."""
    return {**thing(noun, None, has), "nouns": [noun, noun.removesuffix("s")], "optional": True}


def bound(things: Sequence[tuple[str, str]]) -> list[Truth]:
    """Each of two things has its own attribute and not the other's, unless that is its name ("a red orange")."""
    names = [name for _, name in things]
    return [
        thing(name, None if name in words.PLURALS else 1, [like], [no for no in (other,) if no not in names])
        for (like, name), (other, _) in zip(things, reversed(things), strict=True)
    ]


def own(things: Sequence[tuple[str, str]], *no: str) -> list[Truth]:
    """Each thing stands directly behind its attribute, wherever it is said; `no` are words that may not follow it."""
    return [
        thing(name, None if name in words.PLURALS else 1, [said(like, name)], [f"{name} {word}" for word in no])
        for like, name in things
    ]


def said(like: str, name: str) -> str:
    """The words that a thing's regions must hold: "wooden spoon"; of "fluffy clouds" there may be a cloud each."""
    return like if name in words.PLURALS else f"{like} {name}"


def plural(name: str) -> str:
    """Many of a thing: "fish", "wine glasses"."""
    last = name.rpartition(" ")[2]
    many = words.MANY.get(last) or (last if last in words.PLURALS else odd_plural(last))
    return name.removesuffix(last) + many


def odd_plural(name: str) -> str:
    """Many of a thing as GenEval has it: "benchs", "sheeps"."""
    return name + ("es" if name.endswith("s") else "s")


def with_article(phrase: str) -> str:
    """ "a bench", "an oval sink", "rubber gloves"."""
    if phrase.rpartition(" ")[2] in words.BARE:
        return phrase
    return f"{'an' if phrase[0] in 'aeiou' else 'a'} {phrase}"


def pair(things: Sequence[tuple[str, str]]) -> str:
    """Two things with what they are like: "a green bench and an oval picture", "rubber gloves and a wooden table"."""
    return " and ".join(with_article(f"{like} {name}") for like, name in things)


def placed(rng: random.Random, names: Sequence[str], places: dict[str, tuple[str, bool]]) -> Drawn:
    """Two of the names, and where the first is: the place's words, the truth's kind and whether it is turned round."""
    one, two = rng.sample(names, 2)
    where, (kind, turned) = rng.choice(list(places.items()))
    order = [kind, two, one] if turned else [kind, one, two]
    return f"{{}} {where} {{}}", [thing(one), thing(two)], [order]
