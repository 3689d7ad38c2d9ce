"""Whose the tags of several people are: of "2girls, red hair, blue hair" each has one, of "2girls, smile" both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.offline.grammar.kinds import PERSON, class_of
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.tags.tag import NAME, ROLE, Tag

Filled = dict[int, set[str]]
"""The slots that each person has, by the id of the person."""

_OFTEN_OF_ALL = frozenset({"expression", "pose"})


def add_tag(person: Thing, tag: Tag) -> None:
    """Put a tag behind someone's name, unless it is a role or name that is said of them already."""
    if tag.kind in (ROLE, NAME):
        known = {person.noun, *(t.low for said in [person.words, *person.trailing] for t in said)}
        if tag.head in known and (tag.head != person.tag or known.issuperset(tag.lows)):
            return  # but "cat girl" of "1girl"
    for one in (person, *person.members):
        one.trailing.append(tag.segment())


def give_out(groups: Sequence[Thing], tags: Sequence[Tag]) -> list[Tag]:
    """Give tags to several people; names that are not as many as the people come back.

    Where a slot is taken twice, the next one is the next person's: "red hair, glasses, blue hair", or slot by slot:
    "long hair, short hair, blue dress, red dress". All others are of all whom they fit.
    """
    count = sum(group.count for group in groups)
    names = _too_many(tags, count)
    tags = [tag for tag in tags if tag not in names]
    for tag in _general(tags):
        _give_all(groups, tag)
        tags.remove(tag)
    filled: Filled = {}
    for kinds in ((ROLE,), (NAME,), (ROLE, NAME)):
        called = [tag for tag in tags if tag.kind in kinds]
        if count > 1 and len(called) == count and not _is_interrupted(called, tags):
            people = each_of(groups)
            filled = filled or _nothing_of(people)
            _by_slot(people, called, frozenset({ROLE}), _nothing_of(people))
            tags = [tag for tag in tags if tag not in called and not _is_of_role(people, tag, filled)]
    _divide(groups, tags, filled)
    return names


def _general(tags: Sequence[Tag]) -> list[Tag]:
    """ "kimono" of "2girls, kimono, red kimono, white kimono", which each of them has."""
    return [one for one in tags if len(one.lows) == 1 and sum(one.head == tag.head for tag in tags) > 2]


def _too_many(tags: Sequence[Tag], count: int) -> list[Tag]:
    """The names that are nobody's: all where they are not as many as the people, or those that no tags follow."""
    names = [tag for tag in tags if tag.kind == NAME]
    roles = [tag for tag in tags if tag.kind == ROLE]
    if count in (len(names), len(names) + len(roles)):
        return []
    first = tags[:count]
    full = all(tag.kind == NAME and (len(tag.tokens) > 1 or not is_plural(tag.tokens[0].low)) for tag in first)
    if len(names) > count == len(first) and full:
        return [tag for tag in names if tag not in first]  # "2girls, hatsune miku, megurine luka, glowsticks"
    described = [one for one, two in pairwise(tags) if one.kind == NAME != two.kind]
    return [tag for tag in names if tag not in described] if len(described) == count else names


def _divide(groups: Sequence[Thing], tags: Sequence[Tag], filled: Filled) -> None:
    """Give tags to several people, who have what is `filled` already."""
    counts = Counter(slot for slots in [*filled.values(), *(tag.slots() for tag in tags)] for slot in slots)
    dividing = frozenset(slot for slot, count in counts.items() if count > 1)
    if not dividing:
        for tag in tags:
            _give_all(groups, tag)
        return
    people = each_of(groups)
    filled = filled or _nothing_of(people)
    if _goes_by_person(tags, dividing):
        looks = [slot for slot in dividing & _OFTEN_OF_ALL if not _is_slot_interrupted(tags, slot)]
        _by_person(people, tags, dividing.difference(looks), filled)  # "smile, blush, red hair, glasses, blue hair"
    else:
        _by_slot(people, tags, dividing, filled)


def each_of(groups: Sequence[Thing]) -> list[Thing]:
    """The people of all groups one by one."""
    return [one for group in groups for one in (group.split() if group.count > 1 else [group])]


def _nothing_of(people: Sequence[Thing]) -> Filled:
    return {id(person): set() for person in people}


def _is_of_role(people: Sequence[Thing], tag: Tag, filled: Filled) -> bool:
    """Whether the tag names the role of one of them, who gets it: the "maid headdress" of "maid, princess"."""
    for person in people if tag.is_of_people else ():
        said = {token.low for segment in [person.words, *person.trailing] for token in segment}
        if said.intersection(tag.lows[:-1]) - lex.ADJECTIVES - {"", person.tag}:
            filled[id(person)] |= tag.slots()
            add_tag(person, tag)
            return True
    return False


def _goes_by_person(tags: Sequence[Tag], dividing: frozenset[str]) -> bool:
    """Whether all of one person comes before the next one's: "red hair, glasses, blue hair", by the first slot."""
    first = [tag.slots() & dividing for tag in tags if tag.kind not in _OFTEN_OF_ALL and tag.slots() & dividing]
    slots = first[0] if first else dividing
    return all(_is_slot_interrupted(tags, slot) for slot in slots)


def _is_slot_interrupted(tags: Sequence[Tag], slot: str) -> bool:
    return _is_interrupted([tag for tag in tags if slot in tag.slots()], tags)


def _is_interrupted(some: Sequence[Tag], tags: Sequence[Tag]) -> bool:
    """Whether other tags are between the first two of these."""
    places = [k for k, tag in enumerate(tags) if tag in some]
    return len(places) > 1 and places[1] > places[0] + 1


def _give_all(people: Sequence[Thing], tag: Tag) -> None:
    for person in fitting(people, [tag]):
        add_tag(person, tag)


def fitting(people: Sequence[Thing], tags: Sequence[Tag]) -> Sequence[Thing]:
    """Those whom all the tags fit: men for a beard, people for clothes; all where there are none."""
    found = [one for one in people if all(tag.fits(one.tag) for tag in tags)] or list(people)
    if any(tag.is_of_people for tag in tags):
        anyone = ("", "other") if all(tag.kind == NAME for tag in tags) else ("",)
        return [one for one in found if one.tag in anyone or class_of(one.tag) == PERSON] or found
    return found


def _by_slot(people: Sequence[Thing], tags: Sequence[Tag], dividing: frozenset[str], filled: Filled) -> None:
    """The next one of a slot is the next person's; what only some can have is given before the others."""
    owners: dict[int, Sequence[Thing]] = {}
    order = sorted(range(len(tags)), key=lambda k: len(fitting(people, [tags[k]])))
    for place, k in enumerate(order):
        slots = tags[k].slots() & dividing
        able = fitting(people, [tags[k]])
        if slots:
            rivals = [tags[j] for j in order if j != k and slots & tags[j].slots()]
            free = [one for one in able if not slots & filled[id(one)]] or able[-1:]
            left = [tags[j] for j in order[place + 1 :] if slots & tags[j].slots()]
            alone = not any(one in fitting(people, [tag]) for tag in left for one in free)
            by_sex = any(len(fitting(people, [tag])) < len(people) for tag in (*rivals, tags[k]))
            able = free if alone and by_sex else free[:1]
        for person in able if slots else ():
            filled[id(person)] |= slots
        owners[k] = able
    for k, tag in enumerate(tags):
        for person in owners[k]:
            add_tag(person, tag)


def _by_person(people: Sequence[Thing], tags: Sequence[Tag], dividing: frozenset[str], filled: Filled) -> None:
    """All tags up to the next one of a slot that is taken are one person's; those before the first are of all."""
    blocks: list[list[Tag]] = []
    taken: set[str] = set()
    for tag in tags:
        slots = tag.slots() & dividing
        if slots and (not blocks or slots & taken):
            blocks.append([])
            taken = set()
        taken |= slots
        if blocks and (slots or (tag.slots() and tag.kind not in _OFTEN_OF_ALL)):
            blocks[-1].append(tag)
        else:
            _give_all(people, tag)
    left = list(people)
    for block in sorted(blocks, key=lambda block: len(fitting(people, block))):
        able = fitting(left or people[-1:], block)
        slots = frozenset(slot for tag in block for slot in tag.slots())
        person = next((one for one in able if not slots & filled[id(one)]), able[0])
        for tag in block:
            add_tag(person, tag)
        left = [one for one in left if one is not person]
