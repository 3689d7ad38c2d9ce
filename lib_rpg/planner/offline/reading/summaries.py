"""Leaves out a thing that only sums up those behind it: "two children, a boy with a kite and a girl with a hat"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PERSON, class_of
from lib_rpg.planner.offline.reading.model import Reading, Thing

# What the kinds can sum up; "" is the class of names and of unknown words.
_SUMMED_UP = (
    (lex.word_set("person people child kid adult"), (PERSON, "")),
    (lex.word_set("animal pet bird"), (ANIMAL, "")),
)


def leave_out_summary(reading: Reading) -> None:
    """The first thing that only sums up those behind it: "two children, a boy … and a girl …" are two, not four."""
    for k, thing in enumerate(reading.things):
        named = _those_of(thing, reading.things[k + 1 :])
        if _sums_up(thing, named) and not _has_own_facts(reading, thing):
            reading.leave_out([thing])
            break


def _those_of(thing: Thing, named: Sequence[Thing]) -> Sequence[Thing]:
    """Those who follow, or the first people of them who make up the number: "two kids, a boy and a girl. A dog"."""
    people = next((k for k, one in enumerate(named) if class_of(one.noun) != PERSON), len(named))
    several = class_of(thing.noun) == PERSON and sum(t.count for t in named[:people]) == thing.count
    return named[:people] if several and named[0].joined == "," else named


def _sums_up(thing: Thing, named: Sequence[Thing]) -> bool:
    kind = (thing.noun in lex.KINDS and _are_of_kind(thing.noun, named)) or thing.listed
    if kind and thing.count > 1 and sum(t.count for t in named) == thing.count:
        return True
    people = sum(t.count for t in named if class_of(t.noun) == PERSON)
    if thing.noun == "couple" and thing.count == 1 and people == lex.QUANTITIES["couple"]:
        return True  # "a couple, a smiling girl on the left, …, a young man on the right"
    return thing.listed and thing.noun in lex.COMPANIES and len(named) > 1  # "a family: a mother, a father …"


def _are_of_kind(kind: str, named: Sequence[Thing]) -> bool:
    """Whether they can be what the kind sums up: "three people and three canoes" are six."""
    if len(named) < 2 or named[0].joined == "and":
        return False
    fitting = next((classes for kinds, classes in _SUMMED_UP if kind in kinds), None)
    return fitting is None or all(class_of(thing.noun) in fitting for thing in named)


def _has_own_facts(reading: Reading, thing: Thing) -> bool:
    return bool(thing.members or thing.cellmates) or any(thing in fact.things for fact in reading.facts)
