"""The people of a tag prompt, and the tags about them, until all are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lib_rpg.planner.offline.grammar.kinds import ANIMAL, class_of
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.tags.owners import add_tag, each_of, give_out
from lib_rpg.planner.offline.tags.tag import NAME, ROLE, TOGETHER, Tag, are_clothes

_OF_PETS = frozenset({"collar", "bandana", "vest"})
_ONCE = frozenset({"hair colour"})  # a second one is somebody else's
_SEXES = frozenset({"male", "female"})


@dataclass
class People:
    """The people that count tags name ("2girls, 1boy"), and the tags about them.

    counted: whether there are such tags. groups: those of each count tag; without count tags all who are named.
    scope: the people that a tag at this place is about.
    """

    counted: bool
    groups: list[Thing] = field(default_factory=list)
    scope: list[Thing] = field(default_factory=list)
    announced: bool = False  # "couple" is said, and nobody yet named
    _joined: list[Thing] = field(default_factory=list)  # those of the last count tags in a row
    _end: int = -2  # of the last count tag
    _early: list[Tag] = field(default_factory=list)  # before anyone was named
    _ahead: list[Tag] = field(default_factory=list)  # of who is named next
    _of_several: list[tuple[list[Thing], Tag]] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)  # the words of tags that are names
    _given: list[tuple[Thing, frozenset[str]]] = field(default_factory=list)  # to one alone, with what it takes up

    def add(self, group: Thing, start: int, end: int) -> None:
        """A count tag [start, end). Right behind another, tags that follow are about both."""
        self.scope = [*self._joined, group] if start in (self._end, self._end + 1) else [group]
        self.groups.append(group)
        names = [tag for tag in self._early if tag.kind == NAME]
        if len(names) == self.total > 1:  # "hatsune miku, kagamine rin, 2girls, miku on the left"
            self._early = [tag for tag in self._early if tag not in names]
            self._of_several += ((list(self.groups), tag) for tag in names)
        self._joined, self._end = self.scope, end

    @property
    def are_several(self) -> bool:
        """Whether a tag at this place is about more than one person."""
        return sum(group.count for group in self.scope) > 1

    @property
    def total(self) -> int:
        """How many people all groups are."""
        return sum(group.count for group in self.groups)

    @property
    def are_dressed(self) -> bool:
        """Whether clothes or parts of someone who has no known name were read: "crystal ball gazer, shawl"."""
        return are_clothes(self._early)

    @property
    def are_unnamed(self) -> bool:
        """Whether some of the people have no name but that of their count tag."""
        return any(one.noun == one.tag and len(one.words) == 1 for one in self.groups)

    def each(self) -> list[Thing]:
        """All people one by one."""
        return each_of(self.groups)

    def speak_of(self, people: Sequence[Thing]) -> None:
        """Tags from here on are about these."""
        self.scope = list(people)
        for tag in self._ahead if self.scope else ():
            add_tag(self.scope[0], tag)
        self._ahead = []

    def speak_of_all(self) -> None:
        """Tags from here on are about all people."""
        self.scope = list(self.groups)

    def name(self, thing: Thing) -> None:
        """Someone whom no count tag counts. Tags behind "duo, wolf, fox" or "mother and daughter" are about both."""
        joined = (self.announced or thing.joined == "and") and self.scope == self.groups
        joined = joined and not any(one.trailing for one in self.groups)
        self.groups.append(thing)
        self.speak_of(self.groups if joined else [thing])

    def announce(self) -> None:
        """A word such as "couple" counts people who are named later."""
        self.announced = True

    def take(self, tag: Tag, own_block: bool = False) -> None:
        """A tag about those in scope; one about people together is about all.

        own_block: whether the prompt's structure says whose the tag is: a line or a label of the one in scope.
        """
        self._names |= set(tag.lows) if tag.kind == NAME else set()
        of_all = tag.kind == TOGETHER or (self.counted and not own_block and tag.is_of_several)
        scope = self.groups if of_all and self.groups else self.scope
        if not self.counted and _says_sex((tag,)) and self._is_of_known_sex():
            self._ahead.append(tag)  # "male, fox, orange fur, female, rabbit": the rabbit's
        elif not scope:
            self._early.append(tag)
        elif len(scope) == 1 and scope[0].count == 1:
            self._give(scope[0], tag, own_block)
        else:
            self._of_several.append((list(scope), tag))

    def _give(self, person: Thing, tag: Tag, own_block: bool) -> None:
        """A tag about the one in scope, or about the only other one whom it fits, or the next one of those."""
        able = (
            [person]
            if own_block or _can_have(person, tag)
            else [group for group in self.groups if _can_have(group, tag)]
        )
        slots = tag.slots()
        wants = slots - self._has(person)  # "1girl, skirt, 1boy, swimsuit": the girl has a garment of her own
        told = [*(one for one, _ in self._given), *(one for one in self.groups if one.trailing)]
        # "girl with red hair, black suit, boy …": he is told of later
        later = bool(able) and person in told and able[0] not in told
        if len(able) == 1 and able[0].count == 1 and not later and not (wants and slots & self._has(able[0])):
            person = able[0]  # "1girl, red hair, 1boy, hat, skirt": the skirt is the girl's
        if self.counted and not own_block and slots & self._has(person) & _ONCE:
            # "3girls, girl in the middle, blonde hair, black hair": the second is the next one's
            person = next((one for one in self.each() if not slots & self._has(one) & _ONCE), person)
            self.scope = [person]
        self._given.append((person, slots))
        add_tag(person, tag)

    def _has(self, person: Thing) -> frozenset[str]:
        return frozenset(slot for one, slots in self._given if one is person for slot in slots)

    def _is_of_known_sex(self) -> bool:
        """Whether the last one who was named is said to be male or female."""
        said = [token.low for one in self.scope for segment in one.trailing for token in segment]
        return not _SEXES.isdisjoint(said) or (len(self.groups) == 1 and _says_sex(self._early))

    def has_role(self, noun: str) -> bool:
        """Whether a role is said of one of several, and was not yet given to them."""
        return any(tag.kind == ROLE and tag.head == noun for _, tag in self._of_several)

    def name_by_role(self, noun: str) -> None:
        """Name people by their roles where one of these is spoken of again: "maid and nun, the nun in …"."""
        scope = next((theirs for theirs, tag in self._of_several if tag.kind == ROLE and tag.head == noun), None)
        roles = [tag for theirs, tag in self._of_several if theirs == scope and tag.kind == ROLE]
        people = each_of(scope or ())
        if not people or len(roles) != len(people):
            return
        self.settle()
        for role, person in ((role, one) for role in roles for one in people if role.segment() in one.trailing):
            person.words, person.head = list(role.tokens), len(role.tokens) - 1
            person.trailing.remove(role.segment())
        for group in scope or ():
            group.members_named = len(group.members)

    def is_named(self, low: str) -> bool:
        """Whether the word is a part of a name that is a tag of its own."""
        return low in self._names

    def called(self, low: str) -> Thing | None:
        """Whom the word is a part of the name of: "miku" of "1girl, 1boy, hatsune miku, kagamine len"."""
        if low not in self._names:
            return None
        self.settle()
        named = [one for one in self.each() if any(low in (t.low for t in part) for part in one.trailing)]
        return named[0] if len(named) == 1 else None

    def settle(self) -> None:
        """Give the tags about several so far to these."""
        different: list[list[Thing]] = []
        for scope, _ in self._of_several:
            different += [scope] if scope not in different else []
        for scope in different:
            self._early += give_out(scope, [tag for theirs, tag in self._of_several if theirs == scope])
        self._of_several = []

    def finish(self) -> list[Tag]:
        """Give every tag to its people; the tags that are nobody's come back."""
        self._early += self._ahead
        if self._early and self.groups:
            of_all = (ROLE, TOGETHER)  # "kirito and asuna hugging, 1boy, 1girl"
            scopes = [self.groups if tag.kind in of_all else self.groups[:1] for tag in self._early]
            self._of_several[:0] = zip(scopes, self._early, strict=True)
            self._early = []
        self.settle()
        return self._early


def _can_have(one: Thing, tag: Tag) -> bool:
    """Whether a tag can be of someone: no skirt of a boy, no sweater of a cat beside a girl."""
    worn_by_people = tag.is_of_people and tag.head not in _OF_PETS
    return tag.fits(one.tag) and not (worn_by_people and class_of(one.tag) == ANIMAL)


def _says_sex(tags: Sequence[Tag]) -> bool:
    """ "male"."""
    return any(len(tag.tokens) == 1 and tag.tokens[0].low in _SEXES for tag in tags)
