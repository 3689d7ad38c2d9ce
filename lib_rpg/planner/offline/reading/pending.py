"""What waits for the things that come: a relation for its other side, a part of the picture for what it holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from lib_rpg.planner.language.prompt_tokens import Token
from lib_rpg.planner.offline.grammar.positions import Place
from lib_rpg.planner.offline.reading.model import Thing


@dataclass
class PendingRelation:
    """A relation of which one side is still to come: its objects ("a cat left of …"), or, where it is in front,
    its subjects ("above the table …"). `link` is how the prompt words it."""

    kind: str
    subjects: list[Thing]
    link: str
    objects: list[Thing] = field(default_factory=list)

    @property
    def wants_first(self) -> bool:
        """Whether nothing of its other side has come."""
        return not self.objects

    @property
    def wants_more(self) -> bool:
        """Whether a "between" still misses its second side."""
        return self.kind == "between" and len(self.objects) == 1 and self.objects[0].count == 1


@dataclass
class Half:
    """A part of the picture with a season or an hour of its own: where it is, and what the prompt says of it.

    All that it holds shares the cell of the first.
    """

    where: Place | PendingRelation
    said: tuple[Token, ...]
    first: Thing | None = None
