"""Positions and relations, with a look at the thing that they are of."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.relation_words import RELATION_WORDS
from lib_rpg.planner.offline.grammar.areas import area
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.positions import Place, is_of_something, read_position, settled
from lib_rpg.planner.offline.grammar.relations import Relation, past_adverbs, relation_phrase

_SCENERY = lex.SCENE_WORDS - lex.THINGLIKE_PLACES
_UPRIGHT = lex.word_set("above over below under beneath")


def place(words: Words, i: int) -> Place | Relation | None:
    """A position ("in the top left corner of the picture"), or the relation that it turns into ("to the left of")."""
    position = read_position(words, i)
    if position is None:
        return area(words, i)
    if is_of_something(words, position):
        what = noun(words, position.end + 1)
        return position.of_something(what is not None and what.noun in _SCENERY, what is not None)
    return settled(words, position)


def relation(words: Words, i: int) -> Relation | None:
    """ "above", "next to", "above and to the left of" …, an adverb before it included."""
    return _slanting(words, past_adverbs(words, i)) or relation_phrase(words, i)


def _slanting(words: Words, i: int) -> Relation | None:
    """ "above and to the left of"."""
    if words.low(i) not in _UPRIGHT or words.low(i + 1) != "and":
        return None
    level = place(words, i + 2)
    if not isinstance(level, Relation) or level.kind not in ("left", "right") or level.referent:
        return None
    return Relation(level.end, f"{RELATION_WORDS[words.low(i)].kind} {level.kind}")
