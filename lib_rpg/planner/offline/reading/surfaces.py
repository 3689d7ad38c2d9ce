"""A surface with things from side to side is in the cell of each: "a table with a vase on the left, a bowl on …"."""

from __future__ import annotations

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.offline.grammar.kinds import class_of, is_animate
from lib_rpg.planner.offline.grammar.orderings import X
from lib_rpg.planner.offline.reading.model import Fact, Reading, Shared, Thing, name_of

_TOPS = lex.word_set(
    "table desk shelf counter countertop workbench windowsill sill mantel mantelpiece bookshelf sideboard altar tray "
    "ledge tabletop worktop"
)
_SEATS = lex.word_set("bench bed sofa couch dresser nightstand")  # which a lamp or a plant stands beside
_TOO_LARGE = frozenset({"furniture", "vehicle", "building"})


def share_surface(reading: Reading) -> None:
    """Make scene of the surface that the prompt begins with, where the things "with" it go from side to side.

    Not where there is one at a single side ("a desk with a lamp on the left"), nor someone or something large, which is
    beside it ("a bench with a dog on the left and a cat on the right").
    """
    if len(reading.things) < 3:
        return
    surface, *others = reading.things
    if surface.noun not in _TOPS | _SEATS or surface.count != 1:
        return
    if surface.host or surface.members or surface.cellmates or surface.panel or surface.behind or surface.trailing:
        return
    if any(surface in fact.things for fact in reading.facts) or not all(_is_upon(surface, t) for t in others):
        return
    places = {fact.place for fact in reading.facts if fact.kind == "at" and fact.axis == X}
    if {-1, 1} <= places and all(_is_placed(reading, thing) for thing in others):
        reading.leave_out([surface])
        reading.shared.insert(0, Shared(name_of(surface)))


def _is_upon(surface: Thing, thing: Thing) -> bool:
    if surface.noun in _SEATS and (thing.noun in lex.LARGE or class_of(thing.noun) == "plant"):
        return False
    return not is_animate(thing.noun) and class_of(thing.noun) not in _TOO_LARGE


def _is_placed(reading: Reading, thing: Thing) -> bool:
    return any(thing in fact.things and _is_level(fact) for fact in reading.facts)


def _is_level(fact: Fact) -> bool:
    return fact.kind == "centre" or (fact.kind == "at" and fact.axis == X)
