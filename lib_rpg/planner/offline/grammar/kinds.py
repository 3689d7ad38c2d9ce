"""Classifies a single word: adjective, class of what a noun names, -ing verb."""

from __future__ import annotations

from functools import lru_cache

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import singular
from lib_rpg.planner.language.lexicon import is_common_adjective, is_often_held, noun_class

PERSON, ANIMAL, PART = "person", "animal", "part"
_PART_CLASSES = frozenset({"garment", "hair", "body"})
_PERSONS = ("man", "girl", "boy", "watcher", "keeper", "hunter", "dancer", "player", "singer", "fighter", "smith")
_MAKERS = ("maker", "monger", "wright", "mender", "worker", "seller")  # "toymaker"
_MANY = 50_000  # words that are remembered


@lru_cache(_MANY)
def is_adjective(low: str) -> bool:
    """Whether the word describes a thing more than it names one: "red", "blue-eyed", "clumsy"."""
    if low in lex.ADJECTIVES:
        return True
    if "-" in low:
        parts = low.split("-")
        if any(part in lex.COLORS for part in parts) or parts[-1].endswith(("ed", "tten", "oken", "orn")):
            return True
        # "half-asleep", "brand-new", "half-built", "two-tone"
        return parts[-1] in lex.BEHIND | _ENDS_LOOKS or is_adjective(parts[-1])
    return is_common_adjective(low)


_ENDS_LOOKS = lex.word_set(
    "built eaten set high tone made sized size like lit clad bound grown fed cut born wide long deep free proof style "
    "stung spun torn woven told sold drawn blown thrown"
)


@lru_cache(_MANY)
def class_of(low: str) -> str:
    """What a noun, one or many, names: PERSON, ANIMAL, PART (of someone, or what they wear), another class, or ""."""
    one = singular(low)
    no_man = one.endswith("man") and noun_class(one) in (ANIMAL, "furniture")  # "doberman", "ottoman"
    if one in lex.PEOPLE or (one.endswith(_PERSONS) and not no_man):
        return PERSON
    if one in lex.ANIMALS:
        return ANIMAL
    if one in lex.PARTS or low in lex.PARTS:
        return PART
    known = noun_class(low) or noun_class(one)  # "scrubs" are clothes, and no "scrub"
    if not known and one.endswith(_MAKERS):
        return PERSON
    if not known and "-" in low.strip("-"):
        return class_of(low.rpartition("-")[2])  # "frying-pan"
    return PART if known in _PART_CLASSES else known


def is_animate(low: str) -> bool:
    """Whether the word names someone who acts, a person or an animal, one or many."""
    return class_of(low) in (PERSON, ANIMAL) or singular(low) in lex.COMPANIES


def is_held(low: str) -> bool:
    """Whether the noun in the singular names what a person behind whom it is named holds: a wand, a sword, a lute."""
    return is_often_held(low) or class_of(low) in ("weapon", "instrument")


def is_ing_verb(low: str) -> bool:
    """Whether an -ing word is what someone does ("chasing") and is no noun ("painting")."""
    return low.endswith("ing") and low not in lex.ING_NOUNS
