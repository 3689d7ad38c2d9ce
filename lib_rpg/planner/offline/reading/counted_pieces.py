"""Tells pieces that are sentences about the people that tags count: "drummer shirtless", "miku holding a leek"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.contact import mutual_phrase
from lib_rpg.planner.language.prompt_tokens import WORD
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import (
    PERSON,
    class_of,
    is_adjective,
    is_animate,
    is_ing_verb,
)
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.proper_names import TITLES
from lib_rpg.planner.offline.reading.state import State


def is_full_chest(words: Words, i: int) -> bool:
    """ "a chest full of gold", which is nobody's."""
    return words.low(i) in ("a", "an") and words.low(i + 1) in ("chest", "trunk") and words.low(i + 2) == "full"


def is_bracketed(words: Words, i: int, end: int) -> bool:
    """ "man (old, beard) and boy (young, cap)": whether brackets open behind the word that names someone."""
    named = end > i + 1 and is_animate(words.low(i))
    return named and len(words.tokens[i + 1].groups) > len(words.tokens[i].groups)


def tells_of_counted(state: State, i: int, end: int) -> bool:
    """Whether the piece is a sentence about one of the counted people, who is named in it."""
    return _tells_of_role(state, i, end) or _names_dressed(state, i, end) or _names_again(state, i, end)


def _tells_of_role(state: State, i: int, end: int) -> bool:
    """ "drummer shirtless" of "3boys, guitarist with a mohawk, drummer shirtless, …"."""
    words = state.words
    told = end == i + 2 and class_of(words.low(i)) == PERSON and is_adjective(words.low(i + 1))
    return told and state.people.counted and state.people.total > 1 and not class_of(words.low(i + 1))


def is_titled(state: State, i: int, end: int) -> bool:
    """ "princess peach" of "2girls, princess peach, princess daisy": a title and one word that is no person's."""
    words = state.words
    called = end == i + 2 and words.low(i) in TITLES and class_of(words.low(i + 1)) in ("food", "plant", "")
    doing = is_ing_verb(words.low(i + 1)) or is_adjective(words.low(i + 1))  # "knight kneeling"
    doing = doing or mutual_phrase([words.low(i), words.low(i + 1)]) > 0  # "princess carry"
    return called and state.people.counted and words.kind(i + 1) == WORD and not doing


def _names_again(state: State, i: int, end: int) -> bool:
    """ "miku holding a leek" of "1girl, 1boy, hatsune miku, kagamine len": whether a part of a name is told of."""
    words = state.words
    told = is_ing_verb(words.low(i + 1)) or words.low(i + 1) in ("with", "in") or words.low(i + 1) in lex.HAVE
    return told and end > i + 2 and state.people.is_named(words.low(i))


def _names_dressed(state: State, i: int, end: int) -> bool:
    """ "link in blue tunic" beside "princess zelda in white dress": a name that is a word as well, and its clothes."""
    words, people = state.words, state.people
    worn = noun(words, i + 2) if words.low(i + 1) in ("in", "wearing") and words.kind(i) == WORD else None
    if worn is None or worn.end != end or not people.counted or not people.are_unnamed:
        return False
    if class_of(words.low(i)) not in ("", "object", "plant") or is_ing_verb(words.low(i)) or is_adjective(words.low(i)):
        return False
    clothes = state.kinds.of_whole(worn.words[-1].low) or state.kinds.of_part(" ".join(t.low for t in worn.words))
    return clothes == "garment" and not words.low(i).endswith("ed") and not state.kinds.of_whole(words.low(i))
