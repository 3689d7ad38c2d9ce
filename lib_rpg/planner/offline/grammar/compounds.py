"""Names of two words that are not what their last word is: a "german shepherd" is a dog, a "hot dog" is food."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language.inflection import singular
from lib_rpg.planner.language.prompt_tokens import Token
from lib_rpg.planner.language.words import word_set

_COMPOUNDS = {
    "shepherd": (word_set("german australian belgian anatolian caucasian shetland alsatian"), "sheepdog"),
    "dane": (word_set("great"), "hound"),
    "dog": (word_set("hot corn chili chilli"), "sausage"),
    "urchin": (word_set("sea"), "starfish"),
    "bear": (word_set("gummy"), "candy"),
    "fox": (word_set("flying"), "bat"),
    "ray": (word_set("manta eagle electric sting"), "stingray"),
    "man": (word_set("gingerbread"), "gingerbread"),
    "lot": (word_set("parking car"), "driveway"),
    "horse": (word_set("clothes"), "rack"),
}  # by the last word: the words before it, and a noun of their class


def noun_of(words: Sequence[Token], head: int) -> str:
    """The noun of a name, in lower case and the singular: the word at `head`, or what stands for both words."""
    last = singular(words[head].low)
    if last == "bar" and head + 2 < len(words) and words[head + 1].low == "of":
        return singular(words[head + 2].low)  # "a bar of soap" is no place
    before, other = _COMPOUNDS.get(last, (frozenset(), ""))
    return other if head and words[head - 1].low in before else last
