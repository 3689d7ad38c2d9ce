"""The whole grammar under one name."""

from __future__ import annotations

from lib_rpg.planner.language.relation_words import PREPOSITIONS
from lib_rpg.planner.language.words import CONJUNCTIONS, RELATIVES
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import is_adjective, is_animate
from lib_rpg.planner.offline.grammar.nouns import Noun, is_aside, noun
from lib_rpg.planner.offline.grammar.numbers import number
from lib_rpg.planner.offline.grammar.orderings import Ordering, X, Y, ordering
from lib_rpg.planner.offline.grammar.places import place, relation
from lib_rpg.planner.offline.grammar.positions import CORNERS, Place, corners, direction
from lib_rpg.planner.offline.grammar.relations import Relation
from lib_rpg.planner.offline.grammar.verbs import is_verb_form

__all__ = [
    "CONJUNCTIONS",
    "CORNERS",
    "PREPOSITIONS",
    "RELATIVES",
    "Noun",
    "Ordering",
    "Place",
    "Relation",
    "Words",
    "X",
    "Y",
    "corners",
    "direction",
    "is_adjective",
    "is_animate",
    "is_aside",
    "is_verb_form",
    "noun",
    "number",
    "ordering",
    "place",
    "relation",
]
