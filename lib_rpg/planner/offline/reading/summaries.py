"""Finds, when all is read, the thing that only sums up those named behind it: "two children, a boy … and a girl …".

They take its place: "two dogs run. The black dog carries a stick, the white dog barks" are two dogs, which run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import COMMA, COMMA_TOKEN, Token, render
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PERSON, class_of
from lib_rpg.planner.offline.grammar.nouns import noun
from lib_rpg.planner.offline.reading.facts import line_up, relate
from lib_rpg.planner.offline.reading.general_names import BREEDS, is_exact
from lib_rpg.planner.offline.reading.model import MAX_THINGS, Fact, Reading, Shared, Thing
from lib_rpg.planner.offline.reading.state import State
from lib_rpg.planner.offline.reading.things_made import make_thing

# What the kinds can sum up; "" is the class of names and of unknown words.
_SUMMED_UP = (
    (lex.word_set("person people child kid adult"), (PERSON, "")),
    (lex.word_set("animal pet bird"), (ANIMAL, "")),
    (lex.word_set("fruit vegetable drink"), ("food", "plant", "container", "")),
    (lex.word_set("flower"), ("plant", "")),
    (lex.word_set("vehicle"), ("vehicle", "")),
)
_OF_ANY_TRADE = lex.word_set(
    "musician friend worker performer artist athlete warrior hero fighter student adventurer sibling stranger lover "
    "rival traveler traveller assistant shopper customer passenger guest tourist villager commuter neighbor neighbour "
    "classmate clerk employee pedestrian resident player people person soldier opponent partner colleague character "
    "kid child villain enemy survivor"
)
_MAKES = lex.MAKES | lex.word_set("baking drawing")


def settle_summaries(state: State) -> None:
    """Leave out what only sums up other things, and give them what is said of it."""
    reading = state.reading
    for thing in list(reading.things):
        _settle_again(state, thing)
    if state.words.breaks():
        _settle_singles(state)
    _settle_ridden(reading)
    for k, thing in enumerate(reading.things):
        by_themselves = [one for one in reading.things[k + 1 :] if one.host is None]  # no baby that someone holds
        those = _those_of(thing, by_themselves)
        if _sums_up(thing, those) and not _has_own_facts(reading, thing):
            if not thing.tag:
                _give_words(reading, thing, those)  # "a family having breakfast: a mother, a father and two boys"
            reading.leave_out([thing])
            break
        before = reading.things[:k]
        if _adds_up(thing, before) and not _has_own_facts(reading, thing):
            _give_place(reading, thing, before)
            break


def _settle_ridden(reading: Reading) -> None:
    """ "1girl, horse, girl riding brown horse": what a list names and is told of again is there once."""
    for thing in list(reading.things):
        bare = len(thing.words) == 1 and not (thing.determiners or thing.tag or thing.trailing) and thing.count == 1
        if not bare or thing.joined != ",":
            continue
        again = [t for t in reading.things if t is not thing and t.host and t.noun == thing.noun and t.count == 1]
        if len(again) == 1 and not _has_own_facts(reading, thing):
            reading.leave_out([thing])


def _those_of(thing: Thing, named: Sequence[Thing]) -> Sequence[Thing]:
    """Those who follow, or the first people of them who make up the number: "two kids, a boy and a girl. A dog"."""
    if class_of(thing.noun) == PERSON and named and named[0].joined == "":
        named = named[1:]  # "two kids building a sandcastle, a boy and a girl"
    people = next((k for k, one in enumerate(named) if class_of(one.noun) != PERSON), len(named))
    several = class_of(thing.noun) == PERSON and sum(t.count for t in named[:people]) == thing.count
    return named[:people] if several and named[0].joined == "," else named


def _gather_part(state: State, first: Thing) -> None:
    """Put what the part of someone lists besides in the same place: "BREAK tall pirate, black hat, parrot"."""
    reading = state.reading
    for thing in reading.things[reading.things.index(first) + 1 :]:
        if _begins_part(state, thing):
            return
        placed = thing.host is not None or any(thing in fact.things for fact in reading.facts)
        if not thing.determiners and thing.count == 1 and not placed:
            relate(reading, "within", [first], [thing], "and")


# By kind: "two children, a boy … and a girl …", "four musicians: …"


def _sums_up(thing: Thing, named: Sequence[Thing]) -> bool:
    kind = (thing.noun in lex.KINDS and _are_of_kind(thing.noun, named)) or thing.listed
    kind = kind or _are_those_people(thing, named)
    if kind and thing.count > 1 and sum(t.count for t in named) == thing.count:
        return True
    people = sum(t.count for t in named if class_of(t.noun) == PERSON)
    if thing.noun == "couple" and thing.count == 1 and people == lex.QUANTITIES["couple"]:
        return True  # "a couple, a smiling girl on the left, …, a young man on the right"
    if thing.noun in lex.COMPANIES and not thing.determiners and people == _stated_number(thing) > 1:
        return True  # "band of four, drummer, guitarist, bassist, singer"
    return thing.listed and thing.noun in lex.COMPANIES and len(named) > 1  # "a family: a mother, a father …"


def _stated_number(thing: Thing) -> int:
    """ "band of four": how many its name says they are; 0 where it does not."""
    lows = [token.low for token in thing.words]
    return lex.NUMBERS.get(lows[-1], 0) if "of" in lows[:-1] else 0


def _are_those_people(thing: Thing, named: Sequence[Thing]) -> bool:
    """ "two sisters, a laughing toddler …, a teenage girl …": whether all who follow, each described, are of them."""
    if class_of(thing.noun) != PERSON or thing.trailing or not named or named[0].joined != ",":
        return False
    not_they = lex.MEN if thing.noun in lex.WOMEN else lex.WOMEN if thing.noun in lex.MEN else frozenset()
    told = all(len(one.words) > 1 or one.trailing or one.noun in lex.HAIRED for one in named)
    given = all(one.determiners and one.determiners[0].low in ("a", "an") and one.count == 1 for one in named)
    return told and given and all(class_of(one.noun) == PERSON and one.noun not in not_they for one in named)


def _adds_up(thing: Thing, before: Sequence[Thing]) -> bool:
    """ "chef, waiter, three people in a diner" counts those who were named before it."""
    people = all(class_of(one.noun) == PERSON and not (one.determiners or one.tag or one.vague) for one in before)
    return (
        not thing.vague
        and thing.noun in ("person", "people")
        and people
        and 1 < sum(one.count for one in before) == thing.count
    )


def _are_of_kind(kind: str, named: Sequence[Thing]) -> bool:
    """Whether they can be what the kind sums up: "three people and three canoes" are six."""
    if len(named) < 2 or named[0].joined == "and":
        return False
    fitting = next((classes for kinds, classes in _SUMMED_UP if kind in kinds), None)
    return fitting is None or all(class_of(thing.noun) in fitting for thing in named)


def _has_own_facts(reading: Reading, thing: Thing) -> bool:
    return bool(thing.members or thing.cellmates) or any(thing in fact.things for fact in reading.facts)


# Named again: "two dogs run. The black dog …", "two knights in a hall BREAK old knight BREAK young knight"


def _size(thing: Thing) -> int:
    """How many it stands for, where they could be named one by one; else 0."""
    if thing.members_named or thing.tag or thing.vague or thing.host is not None:
        return 0
    if thing.count == 1 and thing.noun in lex.COMPANIES | lex.QUANTITIES.keys():
        tokens = [*thing.words, *(token for part in thing.trailing[:1] for token in part)]
        said = (lex.NUMBERS[token.low] for token in tokens if token.low in lex.NUMBERS)  # "a family of three"
        return next(said, lex.QUANTITIES.get(thing.noun, 0))
    return thing.count


def _settle_again(state: State, group: Thing) -> None:
    """Those of a group that are named one by one take its place; of fewer, each is one of the group."""
    reading, size = state.reading, _size(group)
    if size < 2 or group not in reading.things:
        return
    later = reading.things[reading.things.index(group) + 1 :]
    around = _around(reading, group)
    others = [thing for thing in later if thing not in around]
    named = (
        _counted_in_parts(state, group, later)
        or _all_people(state.words, group, later, around)
        or _kinds_listed(group, others[:size])
        or _listed_again(group, others)
        or [thing for thing in later if _is_named_again(state, thing, group)]
    )
    if some := [] if group.members else _told_by_numbers(group, later):
        _give_place(reading, group, some)
        return
    if size in (len(named), sum(thing.count for thing in named)):
        _give_place(reading, group, named)
        for thing in named:
            if _begins_part(state, thing):
                _gather_part(state, thing)
    elif 0 < len(named) < size and not group.members and all(thing.noun == group.noun for thing in named):
        _give_words(reading, group, named)
        group.count -= len(named)  # "three dogs run. The black dog barks."


def _counted_in_parts(state: State, group: Thing, later: Sequence[Thing]) -> list[Thing]:
    """ "two dancers, stage BREAK 1girl, white tutu BREAK 1boy, black leotard": those whom the parts count."""
    counted = [thing for thing in later if thing.tag and class_of(thing.tag) == PERSON and thing.count == 1]
    if not state.words.breaks() or class_of(group.noun) != PERSON or len(counted) != _size(group) or group.tag:
        return []
    others = lex.MEN if group.noun in lex.WOMEN else lex.WOMEN if group.noun in lex.MEN else frozenset[str]()
    return counted if not any(thing.tag in others for thing in counted) else []


def _around(reading: Reading, group: Thing) -> list[Thing]:
    """What those of the group are at: "three adventurers around a table"."""
    ours = (group, *group.members)
    return [
        t for fact in reading.facts if any(one in ours for one in fact.things) for t in fact.things if t not in ours
    ]


def _all_people(words: Words, group: Thing, later: Sequence[Thing], around: Sequence[Thing]) -> list[Thing]:
    """ "three children … The oldest girl …, the younger boy … A toddler …": the people who make up the number."""
    people = [thing for thing in later if class_of(thing.noun) == PERSON and not thing.tag]
    size = _size(group)
    first = people[:size]
    later = [thing for thing in later if thing in people or not (thing in around or thing.joined == "")]
    generic = group.noun in _OF_ANY_TRADE or all(thing.noun in lex.SOMEONE for thing in first)
    company = group.noun in lex.QUANTITIES  # "jazz trio in a club, pianist in white, …"
    of_people = (class_of(group.noun) == PERSON and generic) or company
    listed = _are_bare_list(words, first) or (company and _are_given_list(first))
    if of_people and first == list(later[:size]) and listed:
        return first if len(first) == size else []
    told = len(people) == group.count and all(thing.count == 1 and thing.determiners for thing in people)
    if group.noun in ("person", "people") and told and any(map(words.is_line_end, range(len(words)))):
        return people  # "Two people on a tandem. Front: a man …. Back: a woman …", a line for each
    behind = later[:1] == people[:1] and [one.joined for one in people[:1]] == [","]
    if told and generic and behind and all(one.determiners[-1].low in ("a", "an") for one in people):
        return people  # "two travellers at a station, an old man on the left, a young woman on the right"
    compared = any(thing.determiners and thing.words[0].low in lex.COMPARED | lex.ORDINALS for thing in people)
    mixed = any(thing.joined == "and" and not thing.determiners for thing in people[:1])
    return people if group.noun in _SUMMED_UP[0][0] and compared and not mixed and len(people) == group.count else []


def _listed_again(group: Thing, named: Sequence[Thing]) -> list[Thing]:
    """ "two banners, a black banner with a sun, a white banner": the ones right behind that make up the number."""
    each: list[Thing] = []
    for thing in named:
        given = thing.count > 1 or (bool(thing.determiners) and thing.determiners[-1].low in ("a", "an"))
        if sum(one.count for one in each) == group.count:
            break  # "three cyclists, a tall cyclist ahead of two short cyclists"
        if thing.noun == group.noun and len(thing.words) > 1 and given and not thing.vague:
            each.append(thing)
    behind = [thing.joined for thing in each[:1]] == [","] and len(group.words) == 1
    return each if behind and sum(one.count for one in each) == group.count else []


def _kinds_listed(group: Thing, named: Sequence[Thing]) -> list[Thing]:
    """ "three birds on a branch, a red cardinal, a blue jay and a canary": the kinds that make up the number."""
    each = [thing for thing in named if thing.count == 1 and is_exact(group.noun, thing.noun)]
    behind = [thing.joined for thing in each[:1]] == [","]
    return each if behind and not group.members and len(each) == group.count == len(named) else []


def _are_bare_list(words: Words, people: Sequence[Thing]) -> bool:
    """ "two musicians, violinist with a top hat and guitarist with a scarf"; or a line for each."""
    starts = [(thing.determiners or tuple(thing.words))[0].index for thing in people]
    places = {token.index: k for k, token in enumerate(words.tokens)}
    if people and all(
        words.is_line_end(places.get(start, 0) - 1) and thing.count == 1
        for start, thing in zip(starts, people, strict=True)
    ):
        return True
    bare = all(thing.count == 1 and not thing.determiners for thing in people)
    return bare and [thing.joined for thing in people[:1]] == [","]


def _are_given_list(people: Sequence[Thing]) -> bool:
    """ "a circus duo takes a bow, a strongman on the left and a ballerina on the right"."""
    given = all(thing.count == 1 and [t.low for t in thing.determiners] in (["a"], ["an"]) for thing in people)
    return given and [thing.joined for thing in people[:1]] == [","]


def _told_by_numbers(group: Thing, later: Sequence[Thing]) -> list[Thing]:
    """ "six eggs in a carton, two blue ones and four brown ones": those that make up the number, colour by colour."""
    named = [thing for thing in later if thing.noun == group.noun and not thing.tag and not thing.vague]
    coloured = all(lex.COLORS.intersection(token.low for token in thing.words) for thing in named)
    behind = [thing.joined for thing in named[:1]] == [","]
    return named if behind and coloured and len(named) > 1 and sum(t.count for t in named) == group.count else []


def _is_named_again(state: State, thing: Thing, group: Thing) -> bool:
    if thing.count != 1 or thing.tag or thing.host is not None:
        return False
    if thing.one_of and _differs(group, thing):
        return False  # "top row: two red cups, bottom row: one green cup"
    if thing.one_of and thing.joined == "and" and group.trailing and thing.trailing:
        return False  # "two dogs are running and one dog is sleeping"
    definite = thing.one_of or (bool(thing.determiners) and thing.determiners[-1].low in ("the", "another"))
    in_part = _begins_part(state, thing)
    if not (definite or in_part):
        return False
    if thing.noun == group.noun:
        return True
    return _can_be_one_of(thing, group, in_part)


def _can_be_one_of(thing: Thing, group: Thing, in_part: bool) -> bool:
    """Whether "the man" is one of "three friends", "the boy" one of "two children"."""
    kind = class_of(thing.noun)
    if kind == ANIMAL:
        return group.noun in ("animal", "pet", "creature") or thing.noun in BREEDS.get(group.noun, ())
    if kind != PERSON or not (class_of(group.noun) == PERSON or group.noun in lex.COMPANIES | lex.KINDS):
        return False
    men, women = thing.noun in lex.MEN, thing.noun in lex.WOMEN
    if (men and group.noun in lex.WOMEN) or (women and group.noun in lex.MEN):
        return False
    return in_part or group.noun in lex.COMPANIES or thing.noun in lex.SOMEONE or group.noun == "sibling"


def _begins_part(state: State, thing: Thing) -> bool:
    """Whether the thing is the first word of what is behind a BREAK."""
    first = (thing.determiners or tuple(thing.words))[0].index
    k = next((k for k, token in enumerate(state.words.tokens) if token.index == first >= 0), 0)
    return state.words.is_break(k - 1)


def _give_place(reading: Reading, group: Thing, named: Sequence[Thing]) -> None:
    """The named ones are where the group is, and do what it does."""
    if group.noun in lex.QUANTITIES and len(group.words) > 1:
        reading.shared.append(Shared(render(group.words)))  # "jazz trio"
    _give_words(reading, group, named)
    of_member = dict(zip(map(id, group.members), named, strict=False))  # "three witches around a cauldron"
    facts = [replace(f, things=tuple(of_member.get(id(t), t) for t in f.things)) for f in reading.facts]
    reading.facts[:] = [fact for known in facts for fact in _facts_of_each(known, group, named)]
    for link, guest in group.cellmates:
        guest.host = None
        kind = "above" if link.split()[-1] == "on" else "within"
        relate(reading, kind, named, [guest], link)
    if group.array is not None:
        line_up(reading, named, group.array)
    reading.leave_out([group])


def _facts_of_each(fact: Fact, group: Thing, named: Sequence[Thing]) -> list[Fact]:
    if group not in fact.things:
        return [fact]
    if fact.kind in ("between", "around"):
        things = [one for thing in fact.things for one in (named if thing is group else [thing])]
        return [replace(fact, things=tuple(things))]
    return [replace(fact, things=tuple(one if t is group else t for t in fact.things)) for one in named]


def _give_words(reading: Reading, group: Thing, named: Sequence[Thing]) -> None:
    """Say of each what is said of all; what all of them make is there once."""
    said = [kept for segment in group.trailing if (kept := _without_work(reading, segment))]
    for thing in named:
        acts = {segment[0].low for segment in thing.trailing}
        fresh = (segment for segment in said if segment[0].low not in acts)
        thing.trailing += [segment if segment[0].kind == COMMA else (COMMA_TOKEN, *segment) for segment in fresh]


def _without_work(reading: Reading, segment: tuple[Token, ...]) -> tuple[Token, ...]:
    """Nothing of "building a sandcastle": the sandcastle becomes a thing of its own, unless it is one."""
    if segment[0].low not in _MAKES:
        return segment
    words, work = Words(segment), noun(Words(segment), 1)
    if work is None or work.count != 1:
        return segment
    known = any(thing.noun == work.noun for thing in reading.things)
    if not known and len(reading.things) < MAX_THINGS:
        reading.things.append(make_thing(words, work))
    return ()


# Each by itself: "a cat and a dog BREAK black cat BREAK white dog"


def _settle_singles(state: State) -> None:
    """The things of the first part that the other parts begin with, where these are two or more."""
    things = state.reading.things
    parts = [thing for thing in things if thing.count == 1 and _begins_part(state, thing)]
    pairs = [(_first(things, part), part) for part in parts]
    known = [(thing, part) for thing, part in pairs if thing is not None and not _differs(thing, part)]
    if len(known) < 2 or len({id(thing) for thing, _ in known}) < len(known):
        return
    for thing, part in known:
        _give_place(state.reading, thing, [part])
        _gather_part(state, part)


def _first(things: Sequence[Thing], part: Thing) -> Thing | None:
    before = things[: things.index(part)]
    return next((thing for thing in before if thing.noun == part.noun and thing.count == 1 and not thing.tag), None)


def _differs(thing: Thing, part: Thing) -> bool:
    """Whether both say which colour it has, and not the same one."""
    ours, theirs = ({token.low for token in one.words} & lex.COLORS for one in (thing, part))
    return bool(ours and theirs) and ours != theirs
