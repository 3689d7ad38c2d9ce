"""Prepositions and the phrases that relate one thing to another: one table of all that the planner knows of each.

A new relation word is one entry of `RELATION_WORDS`; the sets below it follow from the table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RelationWord:
    """What a preposition, or a phrase that works as one, means.

    kind: where the thing before it is, seen from the thing behind it: "above", "below", "beside", "between", "within"
      (they share a place), "around", "ringed" (its reverse), or "in" and "on", whose meaning depends on what follows;
      "" for a preposition that is no relation between places.
    scene: the words behind it may be the scene: "under a starry sky".
    free: it can belong to the verb before it: "looking at a cat".
    links: the words behind it do not name the thing before it: "two barns above a house" are two barns.
    touches: the two touch, or one holds the other, so that neither is seen whole by itself.
    """

    kind: str = ""
    scene: bool = False
    free: bool = False
    links: bool = True
    touches: bool = False


RELATION_WORDS: dict[str, RelationWord] = {
    # above
    "above": RelationWord("above", scene=True),
    "overhead": RelationWord("above"),
    "over": RelationWord("above", scene=True),
    "atop": RelationWord("above", touches=True),
    "up above": RelationWord("above"),
    "higher than": RelationWord("above"),
    "on top of": RelationWord("above", touches=True),
    "on the top of": RelationWord("above", touches=True),
    "at the top of": RelationWord("above"),
    "at the head of": RelationWord("above"),
    # below
    "at the foot of": RelationWord("below"),
    "below": RelationWord("below"),
    "under": RelationWord("below", scene=True),
    "underneath": RelationWord("below"),
    "beneath": RelationWord("below", scene=True),
    "down below": RelationWord("below"),
    "lower than": RelationWord("below"),
    "on the bottom of": RelationWord("below"),
    # beside
    "beside": RelationWord("beside", scene=True),
    "besides": RelationWord("beside"),
    "by": RelationWord("beside", scene=True),
    "near": RelationWord("beside", scene=True),
    "near to": RelationWord("beside"),
    "next to": RelationWord("beside"),
    "close to": RelationWord("beside"),
    "adjacent to": RelationWord("beside"),
    "alongside": RelationWord("beside"),
    "alongside with": RelationWord("beside"),
    "side by side with": RelationWord("beside"),
    "on side of": RelationWord("beside"),
    "on the side of": RelationWord("beside"),
    "by the side of": RelationWord("beside"),
    "opposite": RelationWord("beside"),
    "past": RelationWord("beside"),
    "ahead of": RelationWord("beside"),
    "in the lead of": RelationWord("beside"),
    "opposite to": RelationWord("beside"),
    "opposite from": RelationWord("beside"),
    "across from": RelationWord("beside"),
    "in the company of": RelationWord("beside"),
    "together with": RelationWord("beside"),
    "followed by": RelationWord("beside"),
    "accompanied by": RelationWord("beside"),
    "joined by": RelationWord("beside"),
    "bigger than": RelationWord("beside"),
    "larger than": RelationWord("beside"),
    "smaller than": RelationWord("beside"),
    "taller than": RelationWord("beside"),
    "shorter than": RelationWord("beside"),
    # between
    "between": RelationWord("between"),
    "in between": RelationWord("between"),
    # within: they share a place
    "within": RelationWord("within", scene=True, touches=True),
    "inside": RelationWord("within", scene=True, touches=True),
    "inside of": RelationWord("within", touches=True),
    "behind": RelationWord("within"),
    "in front of": RelationWord("within"),
    # around, and its reverse
    "around": RelationWord("around", scene=True),
    "surrounding": RelationWord("around"),
    "on either side": RelationWord("around"),
    "on either side of": RelationWord("around"),
    "on both sides": RelationWord("around"),
    "on both sides of": RelationWord("around"),
    "on each side": RelationWord("around"),
    "on each side of": RelationWord("around"),
    "surrounded by": RelationWord("ringed"),
    "encircled by": RelationWord("ringed"),
    "flanked by": RelationWord("ringed"),
    # what follows decides
    "in": RelationWord("in", scene=True, touches=True),
    "on": RelationWord("on", scene=True, touches=True),
    "onto": RelationWord("on", touches=True),
    "upon": RelationWord("on", touches=True),
    # no relation of their own
    "with": RelationWord(touches=True),
    "wearing": RelationWord(),
    "of": RelationWord(free=True),
    "at": RelationWord(scene=True, free=True),
    "across": RelationWord(scene=True),
    "next": RelationWord(),
    "about": RelationWord(free=True, links=False),
    "after": RelationWord(scene=True, links=False),
    "against": RelationWord(scene=True, links=False),
    "along": RelationWord(scene=True, links=False),
    "amid": RelationWord(scene=True, links=False),
    "amidst": RelationWord(scene=True, links=False),
    "among": RelationWord(scene=True, links=False),
    "as": RelationWord(free=True, links=False),
    "before": RelationWord(scene=True, links=False),
    "beyond": RelationWord(links=False),
    "down": RelationWord(links=False),
    "during": RelationWord(scene=True, links=False),
    "for": RelationWord(free=True, links=False),
    "from": RelationWord(scene=True, free=True, links=False),
    "into": RelationWord(scene=True, free=True, links=False, touches=True),
    "like": RelationWord(free=True, links=False),
    "off": RelationWord(links=False),
    "outside": RelationWord(scene=True, links=False),
    "per": RelationWord(free=True, links=False),
    "than": RelationWord(links=False),
    "through": RelationWord(scene=True, free=True, links=False),
    "throughout": RelationWord(scene=True, links=False),
    "to": RelationWord(free=True, links=False),
    "toward": RelationWord(free=True, links=False),
    "towards": RelationWord(free=True, links=False),
    "up": RelationWord(links=False),
    "via": RelationWord(free=True, links=False),
    "without": RelationWord(links=False),
    # the first words of phrases above: they end a name, but alone they describe ("two close friends")
    "adjacent": RelationWord(links=False),
    "ahead": RelationWord(links=False),
    "close": RelationWord(links=False),
    "encircled": RelationWord(links=False),
    "flanked": RelationWord(links=False),
    "surrounded": RelationWord(links=False),
}

PREPOSITIONS = frozenset(phrase for phrase in RELATION_WORDS if " " not in phrase) - {"overhead"}
"""Single words; none of them is part of a thing's name, as "overhead" is in "an overhead lamp"."""
SCENE_PREPOSITIONS = frozenset(phrase for phrase, word in RELATION_WORDS.items() if word.scene)
FREE_PREPOSITIONS = frozenset(phrase for phrase, word in RELATION_WORDS.items() if word.free)


def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, word in RELATION_WORDS.items():
        if word.kind:
            words = tuple(phrase.split())
            found.setdefault(words[0], []).append((words, word.kind))
    return {first: sorted(phrases, key=lambda item: -len(item[0])) for first, phrases in found.items()}


RELATIONS = _by_first_word()
"""The phrases that relate, with their kinds, by their first word; longer ones come first."""

_LINKS = frozenset(tuple(phrase.split()) for phrase, word in RELATION_WORDS.items() if word.links)
_LONGEST_LINK = max(len(phrase) for phrase in _LINKS)


def links_at(words: Sequence[str], i: int) -> bool:
    """Whether a phrase that links starts at index i of these words in lower case."""
    return any(tuple(words[i : i + length]) in _LINKS for length in range(1, _LONGEST_LINK + 1))


def links_pattern() -> str:
    """The phrases that link as alternatives of a regular expression over text in lower case."""
    return "|".join(r"\s+".join(map(re.escape, phrase)) for phrase in sorted(_LINKS))


def relation_in(words: Sequence[str]) -> RelationWord | None:
    """The last phrase of these words that relates two places: "on top of", the "on" of "on the back of"."""
    ends = [(start, end) for end in range(len(words), 0, -1) for start in range(end)]
    found = (RELATION_WORDS.get(" ".join(words[start:end])) for start, end in ends)
    return next((word for word in found if word is not None and (word.kind or word.touches)), None)
