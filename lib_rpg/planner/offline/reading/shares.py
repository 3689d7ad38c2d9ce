"""Reads so many of several of a kind: "two of them black", "half of them red", "three sitting on a wire"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import COMMA, WORD, Token
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.numbers import number
from lib_rpg.planner.offline.grammar.places import place
from lib_rpg.planner.offline.reading.known_things import describe, next_member
from lib_rpg.planner.offline.reading.lookahead import left_out_noun, names_part
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


def take_colours(state: State, i: int) -> int:
    """ "three doors painted red, white and blue", "two girls in red and blue dresses": a colour for each, or 0."""
    words, group = state.words, state.last
    links = words.low(i) in lex.PAINTED | {"in"}
    if not (links or words.low(i) in ("with", "wearing")) or group is None or group.vague or group.members_named:
        return 0
    colours, end = _colours(words, i + 1)
    if len(colours) < 2 or len(colours) != group.count:
        return 0
    worn = noun(words, end) if words.is_open(end) and words.low(i) not in lex.PAINTED else None
    if (worn is None and (words.is_open(end) or not links)) or (worn is not None and not _is_one_each(worn, colours)):
        return 0
    for colour in colours:
        member = next_member(group)
        if worn is None:
            describe(member, [colour])
        else:
            add_words([member], (words.tokens[i], *_one_of(worn, colour)))
    state.speak_of([group])
    state.continue_clause()
    return end if worn is None else worn.end


def _colours(words: Words, i: int) -> tuple[list[Token], int]:
    """The colours of a list at i, and their end."""
    colours, end = list[Token](), i
    while words.low(end) in lex.COLORS:
        colours.append(words.tokens[end])
        following = end + 1 + (words.kind(end + 1) == COMMA)
        following += words.low(following) == "and"
        if following == end + 1 or words.low(following) not in lex.COLORS:
            return colours, end + 1
        end = following
    return colours, end


def _is_one_each(worn: Noun, colours: Sequence[Token]) -> bool:
    """Whether each has one: "red and blue dresses", but "black and white dresses" and "red and gold armor"."""
    low, plain = worn.words[0].low, {colour.low for colour in colours} == {"black", "white"}
    return len(worn.words) == 1 and names_part(worn) and not plain and (is_plural(low) or low in lex.PAIRED | {"hair"})


def _one_of(worn: Noun, colour: Token) -> tuple[Token, ...]:
    """ "a red dress" of "red and blue dresses"; "red jeans", "red hair"."""
    name = worn.words[0]
    if name.low in lex.PAIRED or not is_plural(name.low):
        return colour, name
    article = Token("an" if colour.low[0] in "aeiou" else "a", "an" if colour.low[0] in "aeiou" else "a")
    return article, colour, name.with_text(singular(name.text))


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
