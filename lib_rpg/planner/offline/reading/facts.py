"""How things stand: relations that are complete become facts, and sentences and clauses end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

from lib_rpg.planner.offline.grammar.phrases import Place, X, Y
from lib_rpg.planner.offline.reading.model import Fact, Thing
from lib_rpg.planner.offline.reading.state import State


def wants_more(state: State) -> bool:
    """Whether an open "between" still misses its second side."""
    if state.open is None or state.open.kind != "between":
        return False
    return len(state.open.objects) == 1 and state.open.objects[0].count == 1


def end_relation(state: State) -> None:
    relation_open, state.open = state.open, None
    if relation_open is not None and relation_open.objects:
        relate(state, relation_open.kind, relation_open.subjects, relation_open.objects, relation_open.link)
        state.last = relation_open.objects[-1]


def relate(state: State, kind: str, subjects: Sequence[Thing], objects: Sequence[Thing], link: str) -> None:
    facts = state.reading.facts
    subjects = [s for s in subjects if s not in objects]
    if not subjects or not objects:
        return
    if kind.split()[0] in ("left", "right", "above", "below"):
        for side, s, o in product(kind.split(), subjects, objects):
            pair = (s, o) if side in ("left", "above") else (o, s)
            facts.append(Fact("before", pair, X if side in ("left", "right") else Y))
    elif kind == "beside":
        facts.append(Fact("beside", (subjects[-1], objects[0])))
    elif kind == "between":
        sides = [m for o in objects for m in (o.split() if o.count == 2 and len(objects) == 1 else [o])]
        if len(sides) >= 2:
            facts += [Fact("between", (s, sides[0], sides[-1])) for s in subjects]
        else:
            facts.append(Fact("beside", (subjects[-1], sides[0])))
    elif kind in ("around", "ringed"):
        ring, middle = (subjects, objects) if kind == "around" else (objects, subjects)
        if link.lower().startswith("on ") and len(ring) == 1 and ring[0].count == 1:
            ring[0].count = 2
        around = [m for r in ring for m in (r.split() if r.count > 1 else [r])]
        facts.append(Fact("around", (middle[-1], *around)))
    else:
        _put_together(subjects, objects, link)


def _put_together(subjects: Sequence[Thing], objects: Sequence[Thing], link: str) -> None:
    host = subjects[0].root()
    for words, others in (("and", subjects[1:]), (link, objects)):
        for k, other in enumerate(others):
            guest = other.root()
            if guest is not host:
                host.parts.append((words if k == 0 else "and", guest))
                guest.host = host


def put(state: State, thing: Thing, spot: Place) -> None:
    facts = state.reading.facts
    if spot.ground:
        thing.behind = thing.behind or spot.ground == "background"
        return
    if (spot.x, spot.y) == (0, 0):
        facts.append(Fact("centre", (thing,)))
        return
    for axis, at in ((X, spot.x), (Y, spot.y)):
        if at is not None:
            facts.append(Fact("at", (thing,), axis, at))
            if spot.share is not None:
                facts.append(Fact("share", (thing,), axis, share=spot.share))


def end_sentence(state: State) -> None:
    for order in state.orders:
        listed = [t for t in state.sentence if t.host is None]
        if order.backwards:
            listed.reverse()
        if len(listed) == 1 and listed[0].count > 1 and not listed[0].members:
            listed[0].array = order.axis
        each = [m for thing in listed for m in thing.each()]
        state.reading.facts += [Fact("before", (a, b), order.axis) for a, b in pairwise(each)]
    state.orders, state.sentence, state.topic = [], [], None


def new_clause(state: State) -> None:
    state.chain, state.prefix, state.join, state.fresh = [], [], "", True
    state.subjects = []
    state.collective = False
