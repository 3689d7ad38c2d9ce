"""Reads what is said of something that someone has: "a woman with an umbrella. The umbrella is red"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import article, singular
from lib_rpg.planner.language.prompt_tokens import COMMA_TOKEN, Token, lowered
from lib_rpg.planner.offline.grammar.kinds import is_adjective, is_animate
from lib_rpg.planner.offline.grammar.nouns import Noun
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.state import State


def take_own_again(state: State, phrase: Noun) -> int:
    """What one thing has, named again behind "the": the end of what is said of it, or 0."""
    words = state.words
    if phrase.determiner != "the" or phrase.direction or state.is_waiting or is_animate(phrase.noun):
        return 0
    if not words.starts_clause(phrase.start):
        return 0
    owners = [thing for thing in state.reading.things if _place(thing, phrase) is not None]
    if len(owners) != 1 or owners[0].count > 1 or len(phrase.words) > 1:
        return 0
    owner = owners[0]
    state.end_relation()
    state.return_to(owner)
    end = phrase.end + 1
    while is_adjective(words.low(end)) or (words.low(end) == "and" and is_adjective(words.low(end + 1))):
        end += 1
    if words.low(phrase.end) in lex.BE and end > phrase.end + 1 and words.is_end(end):
        _describe(owner, phrase, words.tokens[phrase.end + 1 : end])
    else:
        end = phrase.end
        add_words([owner], (COMMA_TOKEN, *lowered(words.tokens[phrase.start : phrase.end])))
    state.begin_clause()
    state.continue_clause()
    return end


def _place(thing: Thing, phrase: Noun) -> tuple[int, int] | None:
    """Where among the words behind the thing's name what it has is named."""
    for k, segment in enumerate(thing.trailing):
        for j, token in enumerate(segment):
            if singular(token.low) == phrase.noun and j > 0:
                return k, j
    return None


def _describe(owner: Thing, phrase: Noun, looks: list[Token]) -> None:
    """Put the looks in front of the name: "with a red umbrella"."""
    found = _place(owner, phrase)
    if found is None:
        return
    k, j = found
    segment = [*owner.trailing[k][:j], *looks, *owner.trailing[k][j:]]
    if segment[j - 1].low in ("a", "an"):
        segment[j - 1] = segment[j - 1].with_text(article(looks[0].low))
    owner.trailing[k] = tuple(segment)
