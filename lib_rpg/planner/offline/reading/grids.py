"""Puts the things of a prompt in the rows that it gives: "four apples in a 2x2 grid"."""

from __future__ import annotations

from lib_rpg.planner.offline.reading.series import lay_out
from lib_rpg.planner.offline.reading.state import State


def take_grid(state: State, start: int, end: int, columns: int, rows: int) -> int:
    """ "four apples in a 2x2 grid": the things named before are in these rows, where they are as many. The end."""
    things = state.reading.things
    named = sum(thing.count for thing in things)
    if named and named == columns * rows and not any(thing.vague or thing.host for thing in things):
        each = [one for thing in things for one in (thing.split() if thing.count > 1 else [thing])]
        state.reading.forget_facts(things)
        lay_out(state.reading, [each[k : k + columns] for k in range(0, named, columns)])
    else:
        state.share(start, end, alone=True)
    state.begin_clause()
    return end
