"""Whom a phrase speaks of: those named before, those of one kind that are told apart, or those in a list."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import Token
from lib_rpg.planner.offline.grammar.phrases import Noun, Place, is_animate, place
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.state import State


def told_apart(state: State, all_told: bool = True) -> list[Thing]:
    """The members of one kind, if the last thing is one of them (and each has been spoken of)."""
    for group in state.reading.things:
        if state.last in group.members and group.count > 1 and (group.count <= group.told or not all_told):
            return group.members
    return []


def is_listed(state: State) -> bool:
    return state.at_start and state.conjunction in (",", ", and")


def differ(state: State, members: Sequence[Thing]) -> bool:
    """Whether a verb or position of its own would be the last member's alone, as the others have theirs."""

    def own(member: Thing) -> tuple[bool, bool]:
        starts = [t.low for segment in member.after for t in segment[:2]]
        acts = any(low.endswith("ing") and low not in lex.CLOTHED | lex.ING_NOUNS for low in starts)
        return acts, bool(member.parts) or any(member in fact.things for fact in state.reading.facts)

    last = own(members[-1])
    return any(theirs and not its for m in members[:-1] for theirs, its in zip(own(m), last, strict=True))


def all_act(things: Sequence[Thing]) -> bool:
    return all(is_animate(thing.noun) for thing in things)


def is_told_again(state: State) -> bool:
    """Whether the chain tells again what its first thing named: "two children, a boy and a girl"."""
    kind, told = state.current_list[:1], state.current_list[1:]
    return len(told) > 1 and kind[0].noun in lex.KINDS and kind[0].count == sum(thing.count for thing in told)


def who(state: State) -> list[Thing]:
    """What a position or a relation at this place speaks of."""
    if state.pending_relation is not None and state.pending_relation.objects:
        # What is said of the thing that several sit on holds for them too.
        upon = state.pending_relation.kind == "above" and state.pending_relation.link.lower() in ("on", "upon", "onto")
        return [*(state.pending_relation.subjects if upon else ()), state.pending_relation.objects[-1]]
    several = told_apart(state) if is_listed(state) else []
    if several and not differ(state, several):
        return list(several)
    if state.collective:
        return state.current_list or state.subjects or ([state.last] if state.last else [])
    if state.current_list and not (state.at_start and state.subjects and state.pending_positions):
        return state.current_list if state.last_conjunction in ("and", ", and") else state.current_list[-1:]
    if state.at_start and state.subjects:
        return state.subjects
    return [state.last] if state.last is not None else []


def recall_several(state: State, word: str) -> None:
    """Make those the chain whom "both" or "each" speaks of, where the list at hand is not meant."""
    recent = (
        state.pending_relation.objects[-1:]
        if state.pending_relation is not None
        else [state.last]
        if state.last is not None
        else []
    )
    if word != "both" and recent and recent[0].count > 1 and recent != state.current_list:
        state.end_relation()  # "between two nightstands, each with a lamp"
        state.speak_of(recent)
        state.return_to(recent[0])
    elif word == "both" and len(state.current_list) < 2 and not told_apart(state) and all(t.count == 1 for t in recent):
        named = state.sentence[-2:]
        if len(named) == 2:
            state.end_relation()  # "a pug right of a poodle, both in hats"
            state.speak_of(named)


def recall_actors(state: State) -> None:
    """ "they": those of one kind, or all who act."""
    if not told_apart(state) and state.last is not None and state.last.count == 1:
        actors = [thing for thing in state.reading.things if is_animate(thing.noun)]
        state.speak_of(actors, together=len(actors) > 1)


def next_member(group: Thing) -> Thing:
    members = group.split()
    group.told += 1
    return members[min(group.told, len(members)) - 1]


def describe(state: State, thing: Thing, adjectives: Sequence[Token]) -> None:
    """Put adjectives in front of a thing's name."""
    fresh = [t for t in adjectives if t.low not in {w.low for w in thing.words} or t.low == "and"]
    if fresh:
        thing.words[:0] = fresh
        thing.head += len(fresh)
        for member in thing.members:
            describe(state, member, adjectives)


def say_of(things: Sequence[Thing], segment: tuple[Token, ...]) -> None:
    for thing in things:
        for one in (thing, *thing.members) if segment else ():
            one.after.append(segment)


def known_thing(state: State, phrase: Noun) -> Thing | None:
    """The thing that "the cat" or "the left girl" speaks of, if it was named before."""
    if phrase.determiner not in ("the", "this", "that", "these", "those", "both", "each"):
        return None
    said = {t.low for t in phrase.words[: phrase.head]}
    for thing in reversed(state.reading.things):
        if thing.noun != phrase.noun:
            continue
        own = {t.low for one in [thing, *thing.members] for t in one.words}
        own |= {t.low for one in [thing, *thing.members] for segment in one.after for t in segment}
        where = phrase.direction or _place_behind(state, phrase)
        if where and thing.count == 1 and _stands_elsewhere(state, thing, where):
            continue
        many = lex.is_plural(phrase.words[phrase.head].low)
        if said - own:
            continue
        if thing.count > 1 and not thing.vague and not many:
            matching = [m for m in thing.members if said and said <= {t.low for t in m.words}]
            return matching[0] if matching else next_member(thing)
        return thing
    return None


def _place_behind(state: State, phrase: Noun) -> tuple[int | None, int | None] | None:
    spot = place(state.words, phrase.end)
    return (spot.x, spot.y) if isinstance(spot, Place) and not spot.ground else None


def _stands_elsewhere(state: State, thing: Thing, where: tuple[int | None, int | None]) -> bool:
    """Whether the thing was given another place on the canvas."""
    told = [f for f in state.reading.facts if f.kind in ("at", "centre") and f.things == (thing,)]
    if where == (0, 0):
        return any(fact.kind == "at" for fact in told)
    return any(fact.kind == "centre" or where[fact.axis] not in (None, fact.place) for fact in told)


def is_known_name(state: State, phrase: Noun) -> bool:
    names = {thing.noun for thing in state.reading.things}
    return phrase.determiner == "the" and phrase.noun in names
