"""Records facts about the positions of things: complete relations, positions on the canvas, rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from math import ceil, sqrt

from lib_rpg.planner.offline.grammar.orderings import Ordering, X, Y
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.reading.model import MAX_THINGS, Fact, Reading, Thing

_HEIGHTS = {"sky": -1, "foreground": 1}
_SIDES = ("left", "right", "above", "below")


def relate(reading: Reading, kind: str, subjects: Sequence[Thing], objects: Sequence[Thing], link: str) -> None:
    """Record the subjects' relation to the objects. `kind` is a `Relation`'s, `link` how the prompt words it."""
    subjects = [s for s in subjects if s not in objects]
    if not subjects or not objects:
        return
    if kind.split()[0] in _SIDES:
        _put_on_side(reading, kind.split(), subjects, objects, link)
    elif kind == "beside":
        reading.facts.append(Fact("beside", (subjects[-1], objects[0]), link=link))
    elif kind == "between":
        _put_between(reading, subjects, objects)
    elif kind == "around":  # "candles around a cake"
        _put_around(reading, subjects, objects, link)
    elif kind == "ringed":  # "a cake surrounded by candles"
        _put_around(reading, objects, subjects, link)
    else:
        _put_together(subjects, objects, link)


def _put_on_side(
    reading: Reading, sides: Sequence[str], subjects: Sequence[Thing], objects: Sequence[Thing], link: str
) -> None:
    """ "left of", "above and to the left of": each subject against each object, on one axis or both."""
    for side, s, o in product(sides, subjects, objects):
        pair = (s, o) if side in ("left", "above") else (o, s)
        reading.facts.append(Fact("before", pair, X if side in ("left", "right") else Y, link=link))


def _put_between(reading: Reading, subjects: Sequence[Thing], objects: Sequence[Thing]) -> None:
    """Between two things, or between the two of a kind: "a cat between two dogs"."""
    if len(objects) == 1 and objects[0].uncounted:
        _make_even(objects[0])  # "a girl between bookshelves"
    sides = [m for o in objects for m in (o.split() if o.count == 2 and len(objects) == 1 else [o])]
    if len(sides) >= 2:
        reading.facts += [Fact("between", (s, sides[0], sides[-1])) for s in subjects]
    else:
        reading.facts.append(Fact("beside", (subjects[-1], sides[0])))


def _put_around(reading: Reading, ring: Sequence[Thing], middle: Sequence[Thing], link: str) -> None:
    if is_at_sides(link) and len(ring) == 1:
        for side, members in zip(("left", "right"), _sides_of(ring[0]), strict=True):
            _put_on_side(reading, [side], members, middle[-1:], "")
        return
    around = [m for r in ring for m in (r.split() if r.count > 1 else [r])]
    reading.facts.append(Fact("around", (middle[-1], *around)))


def is_at_sides(link: str) -> bool:
    """Whether that is how "on both sides" is worded, and not "around"."""
    return link.lower().startswith("on ")


def settle_sides(reading: Reading) -> None:
    """Put what is on both sides of a place at the sides of the picture, if that shows anything else."""
    for fact in [one for one in reading.facts if one.kind == "sides"]:
        reading.facts.remove(fact)
        if len(reading.things) > 1:
            for members, side in zip(_sides_of(fact.things[0]), (-1, 1), strict=True):
                reading.facts += [Fact("at", (one,), X, side) for one in members]


def _sides_of(thing: Thing) -> tuple[list[Thing], list[Thing]]:
    """Those at the left and at the right."""
    _make_even(thing)
    members = thing.split()
    half = len(members) // 2
    return members[:half], members[half:]


def _make_even(thing: Thing) -> None:
    """As many on each side ("a lamp", "three lamps on each side of a bed"), or some ("guards on both sides")."""
    if thing.uncounted and not thing.members:
        some, thing.vague, thing.count = thing.vague, "", 2
        for member in thing.split():
            member.words, member.vague, member.one_of = list(thing.words), some, False
    elif thing.count % 2 and not thing.members:
        thing.count = min(2 * thing.count, MAX_THINGS)


def _put_together(subjects: Sequence[Thing], objects: Sequence[Thing], link: str) -> None:
    """In one cell: "a cat and a dog in a basket"."""
    host = subjects[0].root()
    for words, others in (("and", subjects[1:]), (link, objects)):
        for k, other in enumerate(others):
            guest = other.root()
            if guest is not host:
                host.cellmates.append((words if k == 0 else "and", guest))
                guest.host = host


def free_guests(reading: Reading) -> None:
    """Give what several stand in a place of its own where each has one: "two cats in a box, one orange, one grey"."""
    for thing in [one for one in reading.things if one.members and one.cellmates]:
        for _, guest in thing.cellmates:
            guest.host = None
            reading.facts.append(Fact("before", (thing, guest), Y))
        thing.cellmates = []


def place_at(reading: Reading, thing: Thing, spot: Place) -> None:
    """Record a thing's position on the canvas, with the share of it that the prompt states."""
    for one in (thing, *thing.members) if spot.said else ():
        one.trailing.append(spot.said)
    if spot.ground:
        thing.behind = thing.behind or spot.ground == "background"
        thing.height = _HEIGHTS.get(spot.ground, thing.height)
        return
    if (spot.x, spot.y) == (0, 0):
        reading.facts.append(Fact("centre", (thing,)))
        return
    for axis, at in ((X, spot.x), (Y, spot.y)):
        if at is not None:
            reading.facts.append(Fact("at", (thing,), axis, at))
            if spot.share is not None:
                reading.facts.append(Fact("share", (thing,), axis, share=spot.share))


def line_up(reading: Reading, things: Sequence[Thing], axis: int) -> None:
    """Record that the things follow one another on the axis."""
    reading.facts += [Fact("before", pair, axis) for pair in pairwise(things)]


def line_up_in(reading: Reading, things: Sequence[Thing], order: Ordering | None, axis: int = X) -> None:
    """Record that the things follow one another as the order says, or else on `axis`."""
    if order is None:
        line_up(reading, things, axis)
    else:
        line_up(reading, things[::-1] if order.backwards else things, order.axis)


def line_up_in_grid(reading: Reading, things: Sequence[Thing]) -> None:
    """Record that the things stand in rows and columns, where their number fills them."""
    columns = ceil(sqrt(len(things)))
    if len(things) < 4 or len(things) % columns:
        return
    for start in range(0, len(things), columns):
        line_up(reading, things[start : start + columns], X)
    for column in range(columns):
        line_up(reading, things[column::columns], Y)
