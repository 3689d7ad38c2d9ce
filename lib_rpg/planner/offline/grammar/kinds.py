"""Classifies a single word: adjective, name of a person or animal, -ing verb."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import singular


def is_adjective(low: str) -> bool:
    """Whether the word is known to describe a thing and not to name one: "red", "blue-eyed"."""
    return low in lex.ADJECTIVES or (any(part in lex.COLORS for part in low.split("-")) and "-" in low)


def is_animate(low: str) -> bool:
    """Whether the word is known to name someone who acts, a person or an animal, one or many."""
    one = singular(low)
    return one in lex.PEOPLE | lex.ANIMALS | lex.COMPANIES or one.endswith(("man", "girl", "boy"))


def is_ing_verb(low: str) -> bool:
    """Whether an -ing word is what someone does ("chasing") and is no noun ("painting")."""
    return low.endswith("ing") and low not in lex.ING_NOUNS
