"""Relations between two things, as far as the words themselves say them."""

from __future__ import annotations

from dataclasses import dataclass

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.relation_words import RELATIONS
from lib_rpg.planner.offline.grammar.cursor import Words


@dataclass(frozen=True)
class Relation:
    """How what comes before the phrase relates to what comes after it.

    `kind` is one of `relation_words`, or "left", "right", "above left" and so on.
    """

    end: int
    kind: str
    referent: bool = False  # the other side is a possessive ("on her left"): already said


def past_adverbs(words: Words, i: int) -> int:
    """Past an adverb before a relation: "directly above"."""
    while words.low(i) in lex.ADVERBS and words.low(i + 1) in RELATIONS:
        i += 1
    return i


def relation_phrase(words: Words, i: int) -> Relation | None:
    """ "above", "next to", "in front of" …, an adverb before it included."""
    i = past_adverbs(words, i)
    if words.low(i) == "overhead" and words.is_open(i + 1):
        return None  # "an overhead view"
    for phrase, kind in RELATIONS.get(words.low(i), ()):
        if words.starts(i, *phrase):
            return Relation(i + len(phrase), kind)
    return None
