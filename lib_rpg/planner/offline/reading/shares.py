"""Reads so many of several of a kind: "two of them black", "half of them red", "three sitting on a wire"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import WORD
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.numbers import number
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.reading.known_things import describe, next_member
from lib_rpg.planner.offline.reading.lookahead import left_out_noun
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.naming import all_adjectives, name_member, past_of_them
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.state import State


def take_several(state: State, i: int, group: Thing) -> int:
    """ "two are green", "two of them black": the end, or 0."""
    words = state.words
    found = _half(words, i, group) or number(words, i)
    count = found[1] if found else None
    if found is None or count is None or (count < 2 and words.low(found[0] - 1) != "half"):
        return 0
    start = found[0]
    start = past_of_them(words, start)
    if end := _said_of_several(state, start, group, count):
        return end
    rest = noun(words, start + (words.low(start) in lex.BE))
    is_made = rest is not None and words.low(start) in lex.BE and len(rest.words) == 1  # "three are chocolate"
    if rest is None or not rest.bare or not (all_adjectives(rest.words) or is_made):
        return 0
    if left_out_noun(words, Noun(i, rest.end, (), rest.words, rest.head, count)) is not None:
        return 0  # "two red and three blue cars" are new things
    for _ in range(min(count, group.count - group.members_named) - 1):
        describe(next_member(group), rest.words)
    return name_member(state, group, rest.end, rest.words)


def _half(words: Words, i: int, group: Thing) -> tuple[int, int, str] | None:
    """ "half of them", "the other half": so many of the group."""
    i += 2 * words.starts(i, "the", "other")
    return (i + 1, group.count // 2, "") if words.low(i) == "half" and group.count % 2 == 0 else None


def _said_of_several(state: State, i: int, group: Thing, count: int) -> int:
    """ "two drinking beer", "two in red shirts", "three sitting on a wire": what so many of the group do, or 0."""
    words, low = state.words, state.words.low(i)
    says = is_ing_verb(low) or low in lex.PARTICIPLES | lex.CLOTHED | {"with", "in"}
    if not says or place(words, i) or words.kind(i - 1) != WORD:
        return 0
    end = i
    while not words.is_end(end) and not (words.low(end) == "and" and _begins_count(words, end + 1)):
        end += 1
    named = [next_member(group) for _ in range(min(count, group.count - group.members_named))]
    state.begin_member()
    add_words(named, tuple(words.tokens[i:end]))
    state.mention(named[-1], end)
    return end


def _begins_count(words: Words, i: int) -> bool:
    return words.low(i) == "the" or number(words, i) is not None
