"""Whose the tags of several people are: of "2girls, red hair, blue hair" each has one, of "2girls, smile" both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.tags.tag import NAME, ROLE, Tag

_OFTEN_OF_ALL = frozenset({"expression", "pose"})


def add_tag(person: Thing, tag: Tag) -> None:
    """Put a tag behind someone's name, unless it is a role or name that is said of them already."""
    if tag.kind in (ROLE, NAME) and tag.head in {person.noun, *(t.low for said in person.trailing for t in said)}:
        return
    for one in (person, *person.members):
        one.trailing.append(tag.segment())


def give_out(groups: Sequence[Thing], tags: Sequence[Tag]) -> list[Tag]:
    """Give tags to several people; names that are not as many as the people come back.

    Where a slot is taken twice, the next one is the next person's: "red hair, glasses, blue hair", or slot by slot:
    "long hair, short hair, blue dress, red dress". All others are of all whom they fit.
    """
    count = sum(group.count for group in groups)
    names = [tag for tag in tags if tag.kind == NAME]
    if len(names) != count:
        tags = [tag for tag in tags if tag.kind != NAME]
    else:
        names = []
    roles = [tag for tag in tags if ROLE in tag.slots()]
    if count > 1 and len(roles) == count and not _is_interrupted(tags, ROLE):
        people = _each(groups)
        _by_slot(people, roles, frozenset({ROLE}))
        tags = [tag for tag in tags if tag not in roles and not _is_of_role(people, tag)]
    counts = Counter(slot for tag in tags for slot in tag.slots())
    dividing = frozenset(slot for slot, count in counts.items() if count > 1)
    if not dividing:
        for tag in tags:
            _give_all(groups, tag)
    else:
        people = _each(groups)
        by_person = any(_is_interrupted(tags, slot) for slot in dividing)
        (_by_person if by_person else _by_slot)(people, tags, dividing)
    return names


def _each(groups: Sequence[Thing]) -> list[Thing]:
    return [one for group in groups for one in (group.split() if group.count > 1 else [group])]


def _is_of_role(people: Sequence[Thing], tag: Tag) -> bool:
    """Whether the tag names the role of one of them, who gets it: the "maid headdress" of "maid, princess"."""
    for person in people if tag.is_of_people else ():
        said = {token.low for segment in [person.words, *person.trailing] for token in segment}
        if said.intersection(tag.lows[:-1]) - lex.ADJECTIVES - {""}:
            add_tag(person, tag)
            return True
    return False


def _is_interrupted(tags: Sequence[Tag], slot: str) -> bool:
    """Whether other tags are between the first two of this slot: "red hair, glasses, blue hair"."""
    first, second, *_ = [k for k, tag in enumerate(tags) if slot in tag.slots()]
    return second > first + 1


def _give_all(people: Sequence[Thing], tag: Tag) -> None:
    for person in fitting(people, [tag]):
        add_tag(person, tag)


def fitting(people: Sequence[Thing], tags: Sequence[Tag]) -> Sequence[Thing]:
    """Those whom all the tags fit: men for a beard, people for clothes; all where there are none."""
    found = [one for one in people if all(tag.fits(one.tag) for tag in tags)] or list(people)
    if any(tag.is_of_people for tag in tags):
        return [one for one in found if not one.tag or class_of(one.tag) == PERSON] or found
    return found


def _by_slot(people: Sequence[Thing], tags: Sequence[Tag], dividing: frozenset[str]) -> None:
    """The next one of a slot is the next person's."""
    filled: dict[int, set[str]] = {id(person): set() for person in people}
    for tag in tags:
        slots = tag.slots() & dividing
        if not slots:
            _give_all(people, tag)
            continue
        able = fitting(people, [tag])
        person = next((one for one in able if not slots & filled[id(one)]), able[-1])
        filled[id(person)] |= slots
        add_tag(person, tag)


def _by_person(people: Sequence[Thing], tags: Sequence[Tag], dividing: frozenset[str]) -> None:
    """All tags up to the next one of a slot that is taken are one person's; those before the first are of all."""
    blocks: list[list[Tag]] = []
    filled: set[str] = set()
    for tag in tags:
        slots = tag.slots() & dividing
        if slots and (not blocks or slots & filled):
            blocks.append([])
            filled = set()
        filled |= slots
        if blocks and (slots or (tag.slots() and tag.kind not in _OFTEN_OF_ALL)):
            blocks[-1].append(tag)
        else:
            _give_all(people, tag)
    left = list(people)
    for block in blocks:
        able = fitting(left or people[-1:], block)
        for tag in block:
            add_tag(able[0], tag)
        left = [one for one in left if one is not able[0]]
