"""The people of a tag prompt, and whose each tag is: "2girls, red hair, blue hair" are two, with one colour each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import COMMA, Token
from lib_rpg.planner.offline.reading.model import Thing

_LENGTHS = lex.word_set("long short medium medium-length shoulder-length waist-length cropped")
_GARMENTS = {
    "full": "dress gown kimono yukata uniform suit armor armour robe swimsuit bikini sari hanfu cheongsam jumpsuit",
    "top": "shirt blouse sweater hoodie top t-shirt tunic vest",
    "bottom": "skirt pants jeans shorts trousers leggings",
    "outer": "coat jacket cloak cape cardigan raincoat kurta",
    "feet": "boots shoes sneakers heels sandals",
}
_SLOT_OF_GARMENT = {singular(word): slot for slot, words in _GARMENTS.items() for word in words.split()}
_MALE = lex.word_set("beard mustache moustache goatee stubble")
_FEMALE = lex.word_set("dress skirt gown breasts cleavage lipstick")
_MEN, _WOMEN = lex.word_set("boy man male"), lex.word_set("girl woman female")
_OF_ALL = "together"
_OFTEN_OF_ALL = frozenset({"expression", "pose"})


class Tag(NamedTuple):
    """A tag about someone: its kind, and its words."""

    kind: str
    tokens: tuple[Token, ...]

    def segment(self) -> tuple[Token, ...]:
        """The words as they are put behind a name."""
        return (Token(",", ",", COMMA), *self.tokens)

    @property
    def head(self) -> str:
        """The word that says what it is, in the singular."""
        return singular(self.tokens[-1].low)

    def slots(self) -> frozenset[str]:
        """What a person has once and this tag takes up; empty where it can be of all."""
        lows = {token.low for token in self.tokens}
        if self.kind == _OF_ALL or (
            self.kind == "garment" and is_plural(self.tokens[-1].low) and not lows & lex.PAIRED
        ):
            return frozenset()  # "matching coats"
        if self.kind == "hair":
            return _slots_of_hair(lows, self.head)
        if self.kind == "garment":
            return frozenset({_SLOT_OF_GARMENT.get(self.head, self.head)})
        return frozenset({self.kind if self.kind in ("eyes", "expression", "pose") else self.head})


def _slots_of_hair(lows: set[str], head: str) -> frozenset[str]:
    """ "long silver hair" says its length and its colour, "side braid" neither."""
    said = {"hair colour": lows & lex.COLORS, "hair length": lows & _LENGTHS}
    return frozenset(slot for slot, words in said.items() if words) or frozenset({head})


@dataclass
class People:
    """The people that count tags name ("2girls, 1boy"), and the tags about them.

    counted: whether there are such tags. groups: those of each count tag; without count tags all who are named.
    scope: the people that a tag at this place is about.
    """

    counted: bool
    groups: list[Thing] = field(default_factory=list)
    scope: list[Thing] = field(default_factory=list)
    _joined: list[Thing] = field(default_factory=list)  # those of the last count tags in a row
    _end: int = -2  # of the last count tag
    _early: list[Tag] = field(default_factory=list)  # before anyone was named
    _of_several: list[tuple[list[Thing], Tag]] = field(default_factory=list)

    def add(self, group: Thing, start: int, end: int) -> None:
        """A count tag [start, end). Right behind another, tags that follow are about both."""
        self.scope = [*self._joined, group] if start == self._end + 1 else [group]
        self.groups.append(group)
        self._joined, self._end = self.scope, end

    def speak_of(self, people: Sequence[Thing]) -> None:
        """Tags from here on are about these."""
        self.scope = list(people)

    def speak_of_all(self) -> None:
        """Tags from here on are about all people."""
        self.scope = list(self.groups)

    def take(self, tag: Tag) -> None:
        """A tag about those in scope."""
        if not self.scope:
            self._early.append(tag)
        elif len(self.scope) == 1 and self.scope[0].count == 1:
            add_tag(self.scope[0], tag)
        else:
            self._of_several.append((self.scope, tag))

    def finish(self) -> list[Tag]:
        """Give every tag to its people; the tags that are nobody's come back."""
        if self._early and self.groups:
            self._of_several[:0] = [(self.groups[:1], tag) for tag in self._early]
            self._early = []
        scopes: list[list[Thing]] = []
        for scope, _ in self._of_several:
            scopes += [scope] if scope not in scopes else []
        for scope in scopes:
            _distribute(scope, [tag for theirs, tag in self._of_several if theirs == scope])
        return self._early


def add_tag(person: Thing, tag: Tag) -> None:
    """Put a tag behind someone's name."""
    for one in (person, *person.members):
        one.trailing.append(tag.segment())


def _distribute(scope: Sequence[Thing], tags: Sequence[Tag]) -> None:
    """Give tags to several people.

    Where a slot is taken twice, the next one is the next person's: "red hair, glasses, blue hair", or slot by slot:
    "long hair, short hair, blue dress, red dress". All others are of all.
    """
    counts = Counter(slot for tag in tags for slot in tag.slots())
    dividing = frozenset(slot for slot, count in counts.items() if count > 1)
    people = [one for group in scope for one in (group.split() if dividing and group.count > 1 else [group])]
    by_person = any(_is_interrupted(tags, slot) for slot in dividing)
    at, filled, seen = -1, set[str](), Counter[str]()
    for tag in tags:
        slots = tag.slots() & dividing
        if slots and by_person:
            if at < 0 or slots & filled:
                at, filled = min(at + 1, len(people) - 1), set()
            filled |= slots
            owners = [people[at]]
        elif slots:
            owners = [people[min(max(seen[slot] for slot in slots), len(people) - 1)]]
        else:
            own = by_person and at >= 0 and tag.slots() and tag.kind not in _OFTEN_OF_ALL
            owners = [people[at]] if own else _of_gender(people, tag)
        seen.update(slots)
        for person in owners:
            add_tag(person, tag)


def _is_interrupted(tags: Sequence[Tag], slot: str) -> bool:
    """Whether other tags are between the first two of this slot: "red hair, glasses, blue hair"."""
    first, second, *_ = [k for k, tag in enumerate(tags) if slot in tag.slots()]
    return second > first + 1


def _of_gender(people: list[Thing], tag: Tag) -> list[Thing]:
    """The men for a beard, the women for a dress, where there are both; else all."""
    wanted = _MEN if tag.head in _MALE else _WOMEN if tag.head in _FEMALE else frozenset()
    return [person for person in people if person.tag in wanted] or people
