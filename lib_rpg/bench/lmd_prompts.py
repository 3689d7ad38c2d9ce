"""LMD's benchmark of planning: its 400 prompts in four tasks, and the rule that says whether a plan meets its prompt.

Negation, numeracy, attribution and spatial have 100 prompts each. A plan names a thing by its regions' entities: a
plan without entities names nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lib_rpg.plan import Box, Plan
from lib_rpg.planner.language.relation_words import links_pattern

TASKS = ("negation", "numeracy", "attribution", "spatial")
PREFIX = "A realistic photo of a scene"
OBJECTS = ("backpack", "book", "bottle", "bowl", "car", "cat", "chair", "cup", "dog", "laptop")
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white", "gray")
NUMBERS = ("one", "two", "three", "four", "five")
SIDES = (("left", "right"), ("right", "left"), ("top", "bottom"), ("bottom", "top"))
# Words that part one thing's name from another's: a colour before one of them is not the colour of what is behind it.
_PARTING = rf"(?:and|or|a|an|the|{links_pattern()})"


@dataclass(frozen=True)
class Question:
    """One prompt of the benchmark.

    objects: what it names, one or two. number: how many of the first, 0 for none. colours, sides: of each object,
    empty in the other tasks. repeat: how often the same prompt came before in the list, from 0.
    """

    task: str
    prompt: str
    objects: tuple[str, ...]
    number: int = 0
    colours: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    repeat: int = 0


def questions() -> list[Question]:
    """The 400 prompts, in the order of the original list."""
    found: list[Question] = []
    seen: dict[str, int] = {}
    for task, prompt, objects, number, colours, sides in _raw():
        repeat = seen.get(prompt, 0)
        seen[prompt] = repeat + 1
        found.append(Question(task, prompt, objects, number, colours, sides, repeat))
    return found


_Raw = tuple[str, str, tuple[str, ...], int, tuple[str, ...], tuple[str, ...]]


def _raw() -> Iterator[_Raw]:
    # The original draws from numpy's legacy generator, seeded again for each index.
    from numpy.random import RandomState

    def two(drawn: RandomState, names: tuple[str, ...]) -> tuple[str, str]:
        first, second = drawn.choice(len(names), size=2, replace=False)
        return names[first], names[second]

    for thing in OBJECTS:
        for _ in range(10):
            yield "negation", f"{PREFIX} without {thing}s", (thing,), 0, (), ()
    for number, word in enumerate(NUMBERS, 1):
        for thing in OBJECTS:
            for _ in range(2):
                yield "numeracy", f"{PREFIX} with {word} {thing}{'s' * (number > 1)}", (thing,), number, (), ()
    for seed in range(100):
        drawn = RandomState(seed)
        colours = two(drawn, COLOURS)
        objects = two(drawn, OBJECTS)
        names = [_with_article(f"{colour} {thing}") for colour, thing in zip(colours, objects, strict=True)]
        yield "attribution", f"{PREFIX} with {names[0]} and {names[1]}", objects, 1, colours, ()
    for seed in range(25):
        drawn = RandomState(seed)
        for sides in SIDES:
            objects = two(drawn, OBJECTS)
            parts = [f"{_with_article(thing)} on the {side}" for thing, side in zip(objects, sides, strict=True)]
            yield "spatial", f"{PREFIX} with {parts[0]} and {parts[1]}", objects, 1, (), sides


def _with_article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def met(question: Question, plan: Plan) -> bool:
    """Whether the plan is what the question's prompt asks for.

    negation: no entity names the object, and the negative prompt does. numeracy: so many of it; in free boxes each box
    is one thing, whatever number its name says, as LMD counts them (one box of "two chairs" is one chair), while in a
    grid an entity counts as often as it says, because the things of a cell share it. attribution: at least one of each
    object in its colour. spatial: the first object's boxes, each entity's own or else its region's, have their centres
    on the stated side of the second's.
    """
    if question.task == "negation":
        (thing,) = question.objects
        return _count(plan, thing) == 0 and _names(plan.negative_prompt, thing)
    if question.task == "numeracy":
        return _count(plan, question.objects[0]) == question.number
    if question.task == "attribution":
        pairs = zip(question.objects, question.colours, strict=True)
        return all(_count(plan, thing, colour) >= 1 for thing, colour in pairs)
    axis = 0 if question.sides[0] in ("left", "right") else 1
    one, two = (_centres(plan, thing, axis) for thing in question.objects)
    if question.sides[0] in ("right", "bottom"):
        one, two = two, one
    return bool(one) and bool(two) and max(one) < min(two)


def _count(plan: Plan, thing: str, colour: str = "") -> int:
    entities = (entity for region in plan.regions for entity in region.entities)
    found = [entity.count for entity in entities if _names(entity.phrase, thing, colour)]
    return len(found) if plan.layout == "boxes" else sum(found)


def _centres(plan: Plan, thing: str, axis: int) -> list[float]:
    found = []
    for region in plan.regions:
        for entity in region.entities:
            if _names(entity.phrase, thing):
                box: Box = entity.box or region.box
                found.append(box[axis] + box[axis + 2] / 2)
    return found


def _names(text: str, thing: str, colour: str = "") -> bool:
    """Whether the text says the thing, one or many; with a colour, in that colour ("red", "red leather backpack")."""
    shade = f"{colour}|{colour.replace('gray', 'grey')}"
    before = rf"\b(?:{shade})\s+(?:(?!{_PARTING}\b)[\w-]+\s+){{0,2}}?" if colour else r"\b"
    return re.search(rf"{before}{thing}s?\b", text.lower()) is not None
