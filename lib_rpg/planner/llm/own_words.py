"""Checks that a plan keeps to the words that the user typed, as a model is asked to if recaptioning is off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lib_rpg.checks import show
from lib_rpg.plan import Plan
from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.dialect import counted_noun
from lib_rpg.planner.language.inflection import singular

_WORD = re.compile(r"[^\W_]+")
# What a phrase needs when it is taken out of its sentence.
_JOINING = lex.word_set("a an the one and or with of in on at by to from for is are its his her their background scene")


def added_words(plan: Plan, prompt: str) -> str:
    """A sentence about the first region or object whose prompt has words that the user did not type; empty for none.

    A word may differ from the user's in number, as "1girl" from "2girls", and articles and the like are free.
    """
    own = {_kind_of(word) for word in _WORD.findall(prompt.casefold())}
    for place, text in _prompts(plan):
        words = dict.fromkeys(_WORD.findall(text.casefold()))
        added = [word for word in words if word not in _JOINING and _kind_of(word) not in own]
        if added:
            return f"{place}: {show(' '.join(added))} is not in the caption; keep the caption's own words"
    return ""


def _prompts(plan: Plan) -> Iterator[tuple[str, str]]:
    """The places and the words of all regions and objects."""
    for index, region in enumerate(plan.regions):
        yield f"regions[{index}].prompt", region.prompt
        for number, entity in enumerate(region.entities):
            yield f"regions[{index}].entities[{number}].prompt", entity.prompt


def _kind_of(word: str) -> str:
    return counted_noun(word) or singular(word)
