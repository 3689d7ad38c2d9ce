"""Finds the referents of a phrase: things named before, the members of one kind, or the things in a list."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.prompt_tokens import Token
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of, is_animate, is_ing_verb
from lib_rpg.planner.offline.grammar.proper_names import is_proper
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.pending import PendingRelation
from lib_rpg.planner.offline.reading.state import State

# Several things


def named_members(state: State, all_named: bool = True) -> list[Thing]:
    """The members of one kind, if the last thing is one of them (and each has been named)."""
    for group in state.reading.things:
        if state.last in group.members and group.count > 1 and (group.count <= group.members_named or not all_named):
            return group.members
    return []


def is_listed(state: State) -> bool:
    """Whether an item of a list begins here, behind a comma."""
    return state.at_start and state.conjunction in (",", ", and")


def have_own_facts(state: State, members: Sequence[Thing]) -> bool:
    """Whether a verb or position of its own would be the last member's alone, as the others have theirs."""

    def own(member: Thing) -> tuple[bool, bool]:
        starts = [t.low for segment in member.trailing for t in segment[:2]]
        acts = any(low.endswith("ing") and low not in lex.CLOTHED | lex.ING_NOUNS for low in starts)
        return acts, bool(member.cellmates) or any(member in fact.things for fact in state.reading.facts)

    last = own(members[-1])
    return any(theirs and not its for m in members[:-1] for theirs, its in zip(own(m), last, strict=True))


def acts_by_itself(state: State, last: Thing | None) -> bool:
    """Whether those named last are several, and the others do something else."""
    several = last is not None and (last.count > 1 or is_plural(last.words[last.head].low))
    told = any(one.trailing for one in state.current_list[:-1])
    if several and last is not None and last.joined == "," == state.last_conjunction and told:
        return True  # "a farmer leads a horse away, two firefighters drag a hose"
    if several and last is not None and last.joined == "," and any(one.joined == "and" for one in state.current_list):
        return True  # "a kitchen with cabinets and an island, two lamps hang above the island"
    return several and len(state.current_list) > 1 and have_own_facts(state, state.current_list)


def acts_alone(state: State, last: Thing) -> bool:
    """Whether the one before the last did something before the "and", so that a new clause is about the last."""
    listed = state.current_list
    if len(listed) < 2 or listed[-1] is not last or last.count != 1 or last.trailing:
        return False
    return any(is_ing_verb(segment[0].low) for segment in listed[0].trailing)


def all_animate(things: Sequence[Thing]) -> bool:
    """Whether all can act."""
    return all(is_animate(thing.noun) or is_animate(thing.tag) or _is_name(thing) for thing in things)


def _is_name(thing: Thing) -> bool:
    """ "Emma"."""
    return len(thing.words) == 1 and not thing.determiners and is_proper(thing.words[0])


def sums_up_list(state: State) -> bool:
    """Whether the list's first thing sums up the others: "two people, one man and one woman, hold hands"."""
    kind, named = state.current_list[:1], state.current_list[1:]
    if len(named) < 2 or kind[0].count != sum(thing.count for thing in named):
        return False
    # "two girls, a brunette and a blonde"
    return kind[0].noun in lex.KINDS or all(class_of(one.noun) == PERSON for one in (*kind, *named))


# What is spoken of


def referents(state: State) -> list[Thing]:
    """What a position or a relation at this place is about."""
    pending, listed = state.pending_relation, state.current_list
    if pending is not None and pending.objects:
        return _related(pending)
    several = named_members(state) if is_listed(state) else []
    if several and not have_own_facts(state, several):
        return list(several)  # "two cats, one black, one white, on a sofa"
    if state.collective:
        return listed or state.subjects or _last(state)
    if state.orders and is_listed(state) and listed:
        return listed  # "from left to right: a teapot, a milk jug, on a lace tablecloth"
    again = state.subjects if state.at_start else []
    if listed and not (again and state.pending_positions):
        return listed if state.last_conjunction in ("and", ", and") else listed[-1:]
    return again or _last(state)


def _related(relation: PendingRelation) -> list[Thing]:
    """The last object; and what is said of the thing that several sit on holds for them too."""
    upon = relation.kind == "above" and relation.link.lower() in ("on", "upon", "onto")
    return [*(relation.subjects if upon else ()), relation.objects[-1]]


def predicate_subjects(state: State) -> list[Thing]:
    """What a verb or a predicate at this place is about."""
    return referents(state) if state.collective else _last(state)


def _last(state: State) -> list[Thing]:
    return [state.last] if state.last is not None else []


def recall_several(state: State, word: str) -> None:
    """Speak of those whom "both" or "each" refers to, where it is not the list at hand."""
    pending = state.pending_relation
    recent = pending.objects[-1:] if pending is not None else _last(state)
    pair = word == "both" and recent and recent[0].count == 2 and len(state.current_list) < 2
    if recent and (pair or word != "both") and recent[0].count > 1 and recent != state.current_list:
        state.end_relation()  # "between two nightstands, each with a lamp"
        state.speak_of(recent)
        state.return_to(recent[0])
    elif word == "both" and len(state.current_list) < 2 and not named_members(state):
        named = state.sentence[-2:]
        if len(named) == 2 and all(t.count == 1 for t in recent):
            state.end_relation()  # "a pug right of a poodle, both in hats"
            state.speak_of(named)


def recall_actors(state: State) -> None:
    """ "they": those of one kind, or all who act."""
    if not named_members(state) and state.last is not None and state.last.count == 1:
        actors = [thing for thing in state.reading.things if is_animate(thing.noun)]
        state.speak_of(actors, together=len(actors) > 1)


# Things named before


# Changing things


def add_words(things: Sequence[Thing], segment: tuple[Token, ...]) -> None:
    """Put words behind the things' names, and their members'."""
    for thing in things:
        for one in (thing, *thing.members) if segment else ():
            one.trailing.append(segment)


def covers_member(state: State, i: int) -> bool:
    """Whether what something is in is of one of several alone.

    "Two trees, one covered in snow", "one in 1900", "the other side is in deep shadow".
    """
    low, last = state.words.low(i - 1), state.last
    covered = low in lex.PARTICIPLES | lex.BE | {"one", "other"} or low.endswith("ed")
    if last is None or not covered:
        return False
    return last.one_of or last.words[0].low == "other" or last.vague in ("some", "other")
