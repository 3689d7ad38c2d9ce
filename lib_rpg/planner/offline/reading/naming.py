"""Names the next one of several of a kind: what all rules for "one", "the other" and "two of them" end in."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import is_adjective
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.reading.facts import place_at
from lib_rpg.planner.offline.reading.known_things import describe, next_member
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.state import State


def name_member(
    state: State,
    group: Thing,
    end: int,
    adjectives: Sequence[Token] = (),
    spot: Place | None = None,
    said: Sequence[Token] = (),
) -> int:
    """The next member of the group is named here, with its adjectives, its position and what is said of it: the end."""
    if not (state.pending_relation is not None and state.pending_relation.wants_first):
        state.end_relation()  # but in "one left of the other" the other is what the relation waits for
    member = next_member(group)
    state.begin_member()
    describe(member, adjectives)
    add_words([member], tuple(said))
    state.mention(member, end)
    if group in state.people.groups:
        state.people.speak_of([member])  # "two men, left: red shirt, jeans, right: blue shirt, cap"
    if spot is not None:
        place_at(state.reading, member, spot)
    return end


def past_of_them(words: Words, i: int) -> int:
    """Past "of them", "of the two"."""
    if words.low(i) != "of":
        return i
    if words.low(i + 1) in ("them", "which", "whom"):
        return i + 2
    return i + 3 if words.low(i + 1) == "the" and words.low(i + 2) in lex.NUMBERS else i


def all_adjectives(words: Sequence[Token]) -> bool:
    return all(is_adjective(t.low) for t in words)
