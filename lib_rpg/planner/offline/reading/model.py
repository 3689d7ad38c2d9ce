"""The result of reading a prompt: its things, the facts about their positions, and their names as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import article, plural, singular
from lib_rpg.planner.language.prompt_tokens import COMMA, WORD, Token, render
from lib_rpg.planner.offline.grammar.compounds import noun_of
from lib_rpg.planner.offline.grammar.kinds import class_of
from lib_rpg.planner.offline.grammar.orderings import X

MAX_THINGS = 48


@dataclass(eq=False)
class Thing:
    """Something that the prompt shows: `count` of what `words` name, with what is said behind the name (`trailing`)."""

    words: list[Token]
    head: int
    count: int
    determiners: tuple[Token, ...] = ()
    vague: str = ""
    array: int | None = None
    trailing: list[tuple[Token, ...]] = field(default_factory=list)
    members: list[Thing] = field(default_factory=list)  # where the prompt distinguishes things of one kind
    members_named: int = 0  # how many of the members have been mentioned
    one_of: bool = False  # a member of several, so that it takes an article
    said_again: bool = False  # tags name it once more: "dragon, western dragon"
    listed: bool = False  # a colon follows it, and a list of what it names
    behind: bool = False  # in the background
    height: int = 0  # where it is unless something else places it: -1 in the sky, 1 in the foreground
    band: bool = False  # scenery that goes across the picture, and needs less room than what stands in it
    panel: bool = False  # the words of a panel, which is one cell
    shows: list[Thing] = field(default_factory=list)  # what a place that is a panel has in it
    cellmates: list[tuple[str, Thing]] = field(default_factory=list)  # what shares its cell, with the linking words
    host: Thing | None = None
    together: bool = False  # those that it is, or that share its cell, touch each other
    tag: str = ""  # "girl" where a count tag such as "1girl" names it
    joined: str = ""  # the conjunction in front of it where it is named first

    @property
    def noun(self) -> str:
        return noun_of(self.words, self.head)

    @property
    def all_words(self) -> list[Token]:
        """The words of its name, and behind them all that is said of it."""
        return [*self.words, *(token for part in self.trailing for token in part)]

    @property
    def uncounted(self) -> bool:
        """A plural without any number: "mountains"."""
        return bool(self.vague) and self.vague == self.words[self.head].low

    @property
    def known_count(self) -> int:
        """How many the prompt says that there are; what is `uncounted` is one group."""
        return 1 if self.uncounted else self.count

    @property
    def is_whole(self) -> bool:
        """Whether all of it is in one cell."""
        return bool(self.cellmates or self.vague or self.panel or self.shows or self.together)

    def root(self) -> Thing:
        """The thing whose cell this one shares, or itself."""
        thing = self
        while thing.host is not None:
            thing = thing.host
        return thing

    def each(self) -> list[Thing]:
        """The thing, or its members where the prompt distinguishes them."""
        return self.members or [self]

    def split(self) -> list[Thing]:
        """Split the things of this kind into `count` members with the same words."""
        if not self.members:
            self.members = [
                Thing(
                    singular_words(self.words, self.head),
                    self.head,
                    1,
                    trailing=list(self.trailing),
                    one_of=True,
                    tag=self.tag,
                )
                for _ in range(min(self.count, MAX_THINGS))
            ]
        return self.members


@dataclass(frozen=True)
class Fact:
    """`kind` is "before" (on `axis`: `things[0]` before `things[1]`), "at" (`place` on `axis`), "centre",
    "beside", "between" (`things[0]` between the others), "around" (`things[0]` amid the others),
    "sides" (at both of the picture), or "share" (of the canvas, on `axis`). `link` is how the prompt words a
    relation, where it does."""

    kind: str
    things: tuple[Thing, ...]
    axis: int = X
    place: int = 0
    share: Fraction | None = None
    link: str = field(default="", compare=False)


@dataclass(frozen=True)
class Shared:
    """Words of scene or style. Where room is short, those of the lowest rank are kept."""

    text: str
    rank: int = 0


@dataclass
class Reading:
    """What was understood. `shared` is the scene and style, in order, that every region takes on.

    has_halves: whether parts of the picture have a season or an hour of their own.
    """

    things: list[Thing] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    shared: list[Shared] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    has_halves: bool = False

    def leave_out(self, things: Sequence[Thing]) -> None:
        """These are no things of their own after all."""
        self.things = [t for t in self.things if t not in things]
        self.forget_facts(things)

    def forget_facts(self, things: Sequence[Thing]) -> None:
        """Nothing is known of where these are."""
        self.facts = [f for f in self.facts if not any(t in things for t in f.things)]


def singular_words(words: Sequence[Token], head: int) -> list[Token]:
    """The name of one of the things."""
    return [t.with_text(singular(t.text)) if i == head and t.kind == WORD else t for i, t in enumerate(words)]


def name_of(thing: Thing, count: int | None = None) -> str:
    """The thing with its article or number, and all that is said of it, as used in a region's prompt."""
    if thing.uncounted or (thing.vague and count is None):
        return _with_trailing(vague_name(thing), thing)
    number_of = thing.count if count is None else count
    if thing.tag:
        return _with_trailing(_tag_of(thing, number_of), thing)
    own = thing.determiners
    exact = own and own[-1].low in (lex.ARTICLES | lex.POSSESSIVES | lex.DEMONSTRATIVES) - {"those", "these"}
    if number_of > 1:
        words = list(thing.words)
        if words[thing.head].kind == WORD:
            words[thing.head] = words[thing.head].with_text(plural(words[thing.head].text))
        text = f"{lex.NUMBER_WORDS.get(number_of, number_of)} {render(words)}"
    elif exact and thing.count == 1:
        text = render([*_given(own, thing.words), *thing.words])
    else:
        words = singular_words(thing.words, thing.head) if thing.count > 1 else list(thing.words)
        body = render(words)
        text = body if thing.count == 1 and not thing.one_of and not own else f"{article(body)} {body}"
    return _with_trailing(text, thing)


def _given(determiners: Sequence[Token], words: Sequence[Token]) -> list[Token]:
    """The determiners; an article fits the word that comes behind it now: "an old wizard" of "the wizard is old"."""
    last, first = determiners[-1], words[0]
    if last.low not in ("a", "an") or first.index == last.index + 1:
        return list(determiners)
    fitting = article(render(words))
    return list(determiners) if fitting == last.low else [*determiners[:-1], last.with_text(fitting)]


def _tag_of(thing: Thing, count: int) -> str:
    """ "1girl", "2girls"; and with a name "1girl, witch"."""
    noun = thing.tag if count == 1 else plural(thing.tag)
    head = thing.words[thing.head]
    tag = head.with_text(f"{count}{noun}")
    named = len(thing.words) > 1 or singular(head.low) != thing.tag
    if not named:
        return render([tag])
    one = count == 1 and class_of(head.low)  # but "tomas" is a name
    return f"{count}{noun}, {render(singular_words(thing.words, thing.head) if one else thing.words)}"


def vague_name(thing: Thing) -> str:
    """Things without a number: "several birds", "her cats", "mountains"."""
    if thing.vague.endswith("+"):
        return f"{thing.vague}{render(thing.words)}"  # "6+girls"
    number = "" if thing.uncounted else thing.vague
    return " ".join(part for part in (render(thing.determiners), number, render(thing.words)) if part)


def phrase_of(thing: Thing) -> str:
    """The thing without article and number: the phrase of its entity, in the singular unless it is `uncounted`."""
    words = singular_words(thing.words, thing.head) if thing.known_count > 1 else list(thing.words)
    return _with_trailing(render(words), thing)


def _with_trailing(name: str, thing: Thing) -> str:
    """The name and what is said behind it, with no space before a comma."""
    for segment in thing.trailing:
        comma = bool(segment) and segment[0].kind == COMMA
        name += render(segment) if comma else f" {render(segment)}"
    return name.strip()
