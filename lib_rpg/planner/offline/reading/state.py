"""What reading a prompt from left to right keeps in mind: what was said, and what a sentence leaves open.

Open are the things listed so far ("a cat and a dog …"), a position or relation that waits for the thing behind it
("on the left …"), and a relation that waits for its other side ("… left of").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.prompt_tokens import WORD, Token
from lib_rpg.planner.offline.grammar.phrases import Ordering, Place, Words
from lib_rpg.planner.offline.reading.model import Reading, Thing


@dataclass
class Open:
    """A relation that waits for its other side."""

    kind: str
    subjects: list[Thing]
    link: str
    objects: list[Thing] = field(default_factory=list)


@dataclass
class State:
    """Where the reader stands in one prompt."""

    words: Words
    reading: Reading = field(default_factory=Reading)
    chain: list[Thing] = field(default_factory=list)  # the things of the list that is being told
    subjects: list[Thing] = field(default_factory=list)  # what the last position or relation spoke of
    last: Thing | None = None
    previous: Thing | None = None
    join: str = ""  # what stands between the last phrase and the next: "", ",", "and" or ", and"
    last_join: str = ""
    fresh: bool = True  # at the start of a clause or of a part of a list
    collective: bool = False  # what comes is said of all of the chain
    open: Open | None = None
    prefix: list[Place | tuple[str, list[Thing], str]] = field(default_factory=list)
    prefix_style: bool = False  # positions stand in front of their things
    in_scene: bool = False
    topic: Thing | None = None  # what "it" stands for
    shared_start: int = -2
    shared_end: int = -2
    sentence: list[Thing] = field(default_factory=list)
    orders: list[Ordering] = field(default_factory=list)
    tag_style: bool = False  # tags such as "1girl"

    @classmethod
    def start(cls, tokens: Sequence[Token]) -> State:
        """At the first word."""
        actors = lex.PEOPLE | lex.ANIMALS
        tags = any(t.kind == WORD and t.low[:1].isdigit() and lex.singular(t.low[1:]) in actors for t in tokens)
        return cls(Words(tokens), tag_style=tags)
