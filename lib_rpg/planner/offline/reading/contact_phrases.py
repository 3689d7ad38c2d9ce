"""Reads what several do to each other where no verb says it: "two samurai back to back"."""

from __future__ import annotations

from lib_rpg.planner.language.contact import mutual_phrase
from lib_rpg.planner.language.prompt_tokens import WORD
from lib_rpg.planner.offline.grammar.kinds import is_animate
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.state import State

_LONGEST = 6
_LEADING = ("with", "their")  # "a boy and a girl with their arms around each other"


def take_contact_phrase(state: State, i: int) -> int:
    """The words are of the one who was named last; their end, or 0."""
    words, last, start = state.words, state.last, i
    if last is None or state.at_start or not is_animate(last.noun):
        return 0
    for word in _LEADING:
        start += words.low(start) == word
    behind = [words.low(k) for k in range(start, start + _LONGEST) if words.kind(k) == WORD]
    length = mutual_phrase(behind)
    if not length:
        return 0
    add_words([last], tuple(words.tokens[i : start + length]))
    state.continue_clause()
    return start + length
