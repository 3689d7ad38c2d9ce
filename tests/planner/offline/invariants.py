"""What holds for every plan of a prompt: no word of it is lost, and a modifier is nobody's name."""

from __future__ import annotations

import re

from lib_rpg.keywords import AND, BREAK, KEYWORDS
from lib_rpg.plan import Plan
from lib_rpg.planner.language.inflection import gerund, singular
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.language.word_set import word_set
from lib_rpg.planner.language.words import NUMBERS
from lib_rpg.planner.offline.grammar.numbers import count_tag

# Words that only join others, ask for the picture, or say that something is not to be there.
_JOINING = word_set(
    "a an the this that these those of to in on at by as for from with and or but nor than then so is are was were be "
    "being been am has have had having it its it's there there's they them their he she his her we i i'd i'm i've you "
    "me my our your which who whose each any either both also please "
    "no not non never none without minus sans except excluding exclude omit omitting lacking avoid avoiding devoid "
    "do does don't doesn't isn't aren't must should instead rather include including"
)
_WORD = re.compile(r"<[^<>\n]+>|[^\W_]+(?:[-'’._/+&][^\W_]+)*")
# Phrases that only exclude what is behind them, that name nobody, or that limit a number, which the plan states itself.
_EXCLUDING = re.compile(
    r"\b((?:no|not) more than|(?:no|not) less than|no fewer than|at (?:most|least)|"
    r"(free|empty|bare|void|clear|no sign|no trace) of|not a single|apart from|zero|no one|nobody|nothing else)\b",
    re.IGNORECASE,
)
_PARTS = re.compile(rf"\b{BREAK}\b|\b{AND}\b|\n")
_SIDES = word_set("left right top bottom middle center centre upper lower side corner half")
_COMMENT = re.compile(r"#[^\n]*")
_WEIGHT = re.compile(r"(?<!\d):\s*-?\d+(?:\.\d+)?(?=[\s),\]:]|$)")


def lost(prompt: str, plan: Plan) -> list[str]:
    """The content words of a prompt that neither the base prompt nor a region nor the negative prompt has."""
    kept = [plan.base_prompt, plan.negative_prompt]
    kept += [text for region in plan.regions for text in (region.prompt, region.negative_prompt)]
    found = set(map(singular, _words("\n".join(kept))))
    found |= {singular(tag[1]) for word in found if (tag := count_tag(word))}  # "boy" is in "1boy"
    # What BREAK or a line's label places is said by the layout: "2boys BREAK on the left, red hair BREAK …".
    placed = _SIDES if len(plan.regions) > 1 and _PARTS.search(prompt) else frozenset()
    # "five cherries" are there where so many are planned, also each in a box of its own.
    planned = sum(entity.count for region in plan.regions for entity in region.entities)
    counted = {word for word, number in NUMBERS.items() if number <= planned}
    kept_words = found | placed | counted
    # "the clock shows 10:25" is "the clock showing 10:25" in a region.
    return [word for word in content_words(prompt) if not kept_words & {singular(word), gerund(singular(word))}]


def content_words(prompt: str) -> list[str]:
    """The words that say what is in the picture, in lower case: no comment, weight, keyword or joining word."""
    text = _EXCLUDING.sub(" ", _WEIGHT.sub(" ", _COMMENT.sub(" ", prompt)))
    for keyword in (*KEYWORDS, AND):
        text = re.sub(rf"\b{keyword}\b", " ", text)
    return [word for word in dict.fromkeys(_words(text)) if word not in _JOINING | PREPOSITIONS]


def _words(text: str) -> list[str]:
    return [word.replace("’", "'").lower() for word in _WORD.findall(text)]
