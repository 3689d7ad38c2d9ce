"""Tells what touches what, for plans that draw things by themselves: those that touch are one picture of both.

A grid may keep two who hug in two cells, so that their looks do not mix. Drawn by themselves they would be two who hug
nobody: `join_touching` gives them one cell.
"""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.contact import is_mutual, leads_to_touched, touches
from lib_rpg.planner.language.prompt_tokens import COMMA, Token, render
from lib_rpg.planner.offline.grammar.kinds import is_animate
from lib_rpg.planner.offline.grammar.orderings import Y
from lib_rpg.planner.offline.reading.model import Reading, Thing


def join_touching(reading: Reading) -> None:
    """Put those that touch by the prompt in one cell, whatever else the reading's facts say of their places."""
    for thing in reading.things:
        _join_several(thing)
    _join_each_other(reading)
    for thing in list(reading.things):
        _join_with_next(reading, thing)
    _join_related(reading)


def touching(thing: Thing) -> list[tuple[str, Thing]]:
    """Those of the thing's cellmates that it touches, with the linking words."""
    links = [link for link, _ in thing.cellmates]
    return [pair for k, pair in enumerate(thing.cellmates) if thing.together or touches(_link_of(links, k))]


def apart(thing: Thing) -> list[tuple[str, Thing]]:
    """What is in the thing's cell without touching it, or one that it touches."""
    held = touching(thing)
    own = [pair for pair in thing.cellmates if pair not in held]
    return [*own, *(pair for _, part in held for pair in apart(part))]


def cluster(thing: Thing) -> list[Thing]:
    """The thing with all that it touches, depth first."""
    return [thing, *(one for _, part in touching(thing) for one in cluster(part))]


def _link_of(links: Sequence[str], k: int) -> str:
    """The words that "and" goes on with: "a cat and a dog in a basket" are both in it."""
    behind = [link for link in links[k::-1] if link != "and"] + [link for link in links[k:] if link != "and"]
    return behind[0] if behind else "and"


def _join_with_next(reading: Reading, thing: Thing) -> None:
    """ "a woman in blue hugging | a man in red": the verb is the last that is said of her, and he is named next."""
    link = _leading(thing)
    behind = _next_to(reading, thing)
    if link and is_animate(thing.noun) and not thing.members and behind is not None and behind.host is None:
        thing.trailing.pop()
        _put_in_cell(thing, behind, link)


def _leading(thing: Thing) -> str:
    """The words that lead from the thing to another that it touches; empty where it touches none, or is not free."""
    verb = thing.trailing[-1] if thing.trailing and thing.host is None and not thing.together else ()
    return leads_to_touched(verb[-1].low) if len(verb) == 1 else ""


def _next_to(reading: Reading, thing: Thing) -> Thing | None:
    """What is named behind the thing, where no conjunction is between them."""
    index = reading.things.index(thing) + 1
    behind = reading.things[index] if index < len(reading.things) else None
    return None if behind is None or behind.joined else behind


def _join_related(reading: Reading) -> None:
    """ "a mouse on top of a cat", "a girl in a red dress riding a white horse": by their looks in cells of their own.

    Where several rest on one thing, each keeps its cell, so that their number is kept.
    """
    above = [fact for fact in reading.facts if fact.kind == "before" and fact.axis == Y]
    held = [fact for fact in above if touches(fact.link)]
    for fact in held:
        first, other = fact.things[0].root(), fact.things[1]
        resting = {one.things[0].root() for one in held if one.things[1] is other}
        several = len(resting) > 1 or first.members or (first.count > 1 and not first.together)
        free = other.host is None and not other.members and first is not other
        if free and not several and any(is_animate(thing.noun) for thing in fact.things):
            if first.trailing and render(first.trailing[-1]) == fact.link:
                first.trailing.pop()  # where a verb parted them
            _put_in_cell(first, other, fact.link)


def _join_several(thing: Thing) -> None:
    """ "two girls hugging each other", "2girls, hug, red hair, blue hair": all in one cell."""
    if thing.host is not None or thing.count < 2 or thing.vague:
        return
    if not thing.members:
        thing.together = _says_mutual(thing) is not None
        return
    free = all(one.host is None for one in thing.members)
    if free and all(_says_mutual(one) is not None for one in thing.members):
        _unite(thing.members, "")


def _join_each_other(reading: Reading) -> None:
    """ "a boy and a girl kissing", "a boy holding hands with a girl", "1boy, 1girl, holding hands"."""
    singles = [one for thing in reading.things for one in thing.each()]
    for one in singles:
        said = _says_mutual(one)
        if said is None or not _is_free(one):
            continue
        same = [other for other in singles if _is_free(other) and said in map(_lows, other.trailing)]
        if len(same) > 1:
            _unite(same, "")
        elif one in reading.things and (other := _met(reading, one)) is not None:
            _unite([one, other], "with")
        elif one.tag and len(people := [other for other in singles if other.tag]) == 2 and all(map(_is_free, people)):
            _unite(people, "")
        elif one in reading.things and not (_leading(one) and _next_to(reading, one)):
            _unite([*_named_before(reading, one), one], "")


def _is_free(one: Thing) -> bool:
    """Whether it is someone, in no other's cell, who is not several."""
    several = one.count > 1 or one.members or one.noun in lex.COMPANIES
    return is_animate(one.noun) and one.host is None and not one.together and not several


def _met(reading: Reading, one: Thing) -> Thing | None:
    """Whom "with" puts beside the thing: "a boy holding hands | with a girl"."""
    beside = [fact for fact in reading.facts if fact.kind == "beside" and fact.link == "with" and fact.things[0] is one]
    return next((fact.things[1] for fact in beside if _is_free(fact.things[1])), None)


def _named_before(reading: Reading, one: Thing) -> list[Thing]:
    """Those that "and" joins to the thing: "a man and a woman | dancing together"."""
    index = end = reading.things.index(one)
    while index > 0 and reading.things[index].joined:
        index -= 1
    found = reading.things[index:end]
    return found if one.joined.endswith("and") and all(map(_is_free, found)) else []


def _says_mutual(one: Thing) -> tuple[str, ...] | None:
    """What is said behind a name that several do to each other, in lower case."""
    return next((said for said in map(_lows, one.trailing) if is_mutual(said)), None)


def _lows(part: Sequence[Token]) -> tuple[str, ...]:
    return tuple(low for token in part if token.kind != COMMA for low in token.low.split())


def _unite(things: Sequence[Thing], link: str) -> None:
    """All in the cell of the first; what they do is said once, behind the last, or before the other with a link."""
    if len(things) < 2:
        return
    first, others = things[0], things[1:]
    said, tags = _says_mutual(first if link else things[-1]), all(one.tag for one in things)
    if not link:
        teller = first if tags else things[-1]
        parts = [part for part in teller.trailing if _lows(part) == said]
        for one in things:
            one.trailing = [part for part in one.trailing if _lows(part) != said]
        teller.trailing = [*parts, *teller.trailing] if tags else [*teller.trailing, *parts]
    for number, other in enumerate(others):
        _put_in_cell(first, other, link or ("and" if number == len(others) - 1 else ","))
    first.together = True


def _put_in_cell(host: Thing, guest: Thing, link: str) -> None:
    guest, host = guest.root(), host.root()
    if guest is not host:
        host.cellmates.append((link, guest))
        guest.host = host
