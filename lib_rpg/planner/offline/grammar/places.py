"""Positions and relations, with a look at the thing that they are of."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.relation_words import RELATION_WORDS
from lib_rpg.planner.offline.grammar.areas import area
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.grammar.positions import Place, canvas_end, is_of_something, read_position, settled
from lib_rpg.planner.offline.grammar.relations import Relation, past_adverbs, relation_phrase

_SCENERY = lex.SCENE_WORDS - lex.THINGLIKE_PLACES | {"room"}
_SEATS = lex.word_set("seat seats row rows yard porch pocket door window garden")
_TWO_SIDES = lex.word_set("side half end")
_UPRIGHT = lex.word_set("above over below under beneath")


def place(words: Words, i: int) -> Place | Relation | None:
    """A position ("in the top left corner of the picture"), or the relation that it turns into ("to the left of")."""
    return words.once(_place, i)


def _place(words: Words, i: int) -> Place | Relation | None:
    position = read_position(words, i)
    if _is_on_seat(words, i):
        return None
    if position is None or words.starts(i, "middle", "ground"):
        return _one_of_two_sides(words, i) or area(words, i)
    if is_of_something(words, position):
        what = noun(words, position.end + 1)
        return position.of_something(what is not None and what.noun in _SCENERY, what is not None)
    return settled(words, position)


def _is_on_seat(words: Words, i: int) -> bool:
    """ "in the back seat", "on the front porch": the name of a part of something, and no place on the canvas."""
    return words.low(i + 1) == "the" and words.low(i + 2) in ("back", "front") and words.low(i + 3) in _SEATS


def _one_of_two_sides(words: Words, i: int) -> Place | Relation | None:
    """ "oak on one side, marble on the other", "on one side of the road a barn, on the other side a mill"."""
    if words.low(i) not in ("on", "at", "in"):
        return _half_that_is(words, i)
    first = words.low(i + 1) == "one" and words.low(i + 2) in _TWO_SIDES
    named = words.low(i + 3) in _TWO_SIDES
    second = words.starts(i + 1, "the", "other") and (named or not words.is_open(i + 3))
    begun = second and any(words.says("one", side) for side in _TWO_SIDES)
    if not begun and not (first and words.says("the", "other")):
        return None
    end, x = (i + 3, -1) if first else (i + 3 + named, 1)
    around = noun(words, end + 1) if words.low(end) == "of" and canvas_end(words, end + 1) is None else None
    if around is not None and around.noun == "room":
        return Place(end, x, None, canvas_of=True)
    if around is not None:
        return Relation(end + 1, "left" if first else "right")
    return Place(canvas_end(words, end + 1) or end if words.low(end) == "of" else end, x, None)


def _half_that_is(words: Words, i: int) -> Place | None:
    """ "one half of the picture is a pond, the other half is a forest"."""
    first, second = words.low(i) in ("one", "half"), words.starts(i, "the", "other")
    if not (first or second) or not words.starts_clause(i):
        return None
    part = i + second + (words.low(i) != "half")
    end = part + 1
    if words.low(end) == "of":
        end = canvas_end(words, end + 1) or end
    if words.low(part) not in _TWO_SIDES or words.low(end) not in lex.BE | lex.SHOW:
        return None
    side = words.low(part)
    begun = words.says("the", "other", side) if first else words.says("one", side) or words.says(side, "of")
    return Place(end, -1 if first else 1, None) if begun else None


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
