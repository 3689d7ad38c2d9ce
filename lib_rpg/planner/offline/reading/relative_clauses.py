"""Reads a clause about the thing before it that has no relative pronoun: "the tree it clings to"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import WORD
from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import plain_form
from lib_rpg.planner.offline.reading.referents import add_words
from lib_rpg.planner.offline.reading.state import State

_SUBJECTS = lex.word_set("it he she they we you")
_PARTS_CLAUSES = lex.CONJUNCTIONS | lex.RELATIVES


def take_contact_clause(state: State, i: int) -> int:
    """ "a koala is bigger than the tree it clings to", "the bench they sit on": the end, or 0."""
    words = state.words
    if words.low(i) not in _SUBJECTS or words.kind(i - 1) != WORD or not words.is_open(i - 1) or state.last is None:
        return 0
    end = _predicate_end(words, i + 1)
    if end:
        add_words([state.last], tuple(words.tokens[i:end]))
        state.continue_clause()
    return end


def _predicate_end(words: Words, i: int) -> int:
    """The end of a verb with no object but a preposition or none, or 0."""
    if words.low(i) in lex.BE | lex.HAVE.keys() or not (words.low(i) in lex.VERBS or plain_form(words.low(i))):
        return 0
    end = i + 1 + (words.low(i + 1) in PREPOSITIONS)
    return end if words.is_end(end) or words.low(end) in _PARTS_CLAUSES or words.low(end) in lex.BE else 0
