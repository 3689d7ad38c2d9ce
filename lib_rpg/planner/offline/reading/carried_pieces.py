"""Kinds of pieces that name what someone wears or carries: "red bandana", "brass telescope"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.prompt_tokens import COMMA
from lib_rpg.planner.offline.grammar.kinds import (
    PERSON,
    class_of,
    is_adjective,
)
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.reading.someone import is_about_people, someone_comes
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.tags.tag_kinds import PERSONAL

_HANDY = frozenset({"artifact", "container", "instrument", "weapon", "food"})
_BALL_GAMES = ("baseball", "softball", "cricket", "batter", "pitcher")
CARRIED = ("garment", "accessory", "held")


def kind_of_carried(state: State, i: int, end: int) -> str:
    """The kind of "red bandana" or "wooden cane", where only the name itself is in a list; or ""."""
    if not is_about_people(state):
        return ""
    words = state.words
    if words.low(end - 1) == "bat" and any(map(words.says, _BALL_GAMES)):
        return "held"  # "1boy, baseball uniform, bat"
    for start in range(max(i + 1, end - 2), end):
        kind = state.kinds.of_whole(" ".join(words.low(k) for k in range(start, end)))
        if kind in CARRIED and all(is_look(words.low(k)) or words.low(k) == "glowing" for k in range(i, start)):
            return kind
    return ""


def is_look(low: str) -> bool:
    """Whether a word says of which look or make something is: "red", "brass"."""
    return is_adjective(low) or class_of(low) in ("substance", "fabric")


def is_carried_by_last(state: State, i: int, end: int) -> bool:
    """Whether a thing is in the list of what one of several has: "Finch, red coat, brass telescope".

    Where someone else comes later, what is in no list is so too: "viking woman with red hair, wolf pelt, monk with …".
    """
    head, people = state.words.low(end - 1), state.people
    if is_plural(head) or head in lex.LARGE | lex.SCENE_WORDS or not _goes_on_list_of_last(state, i):
        return False
    of = class_of(head)
    if of not in _HANDY | {"", "fabric"}:
        return False
    if of in ("artifact", "", "fabric") and not (someone_comes(state, end) or _is_in_measure(state, i, end)):
        return of == "artifact" and _goes_on_about_someone(state, end)  # but "…, red coat, chandelier"
    several = sum(thing.count for thing in people.groups or state.reading.things)
    return several > 1 and not people.are_several


def _goes_on_list_of_last(state: State, i: int) -> bool:
    """Whether what is said of one person ends at the comma before i."""
    last = state.last
    if last is None or last.count != 1 or class_of(last.noun) != PERSON:
        return False
    said = last.trailing[-1] if last.trailing else ()
    return bool(said) and said[-1] is state.words.tokens[i - 2]


def _is_in_measure(state: State, i: int, end: int) -> bool:
    """Whether the list of the last one goes no further than that of the one before, and it is said what it looks like.

    "woman with red hair, axe, wolf pelt, monk with tonsure, brown habit, wooden cross, old harbor".
    """
    words = state.words
    starts = [k for k in range(i) if words.is_end(k - 1) and words.kind(k) != COMMA]
    named = [n for n, k in enumerate(starts) if (one := noun(words, k)) and class_of(one.noun) == PERSON]
    looks = end > i + 1 and all(is_look(words.low(k)) for k in range(i, end - 1))
    return looks and len(named) > 1 and len(starts) - named[-1] < named[-1] - named[-2]


def _goes_on_about_someone(state: State, i: int) -> bool:
    """Whether the piece behind the comma at i is about someone."""
    words = state.words
    text = " ".join(words.low(k) for k in range(i + 1, words.piece_end(i + 1)))
    return words.kind(i) == COMMA and (state.kinds.of_whole(text) or state.kinds.of_part(text)) in PERSONAL
